"""How urgent a send is, and whether it is in triage, is the same wherever it is asked.

`models.rules.due` states both rules. Filters and facets ask the database, and the first rows are read
by a statement written out beforehand: each is compared with the rules here, on both sides of every
moment at which an answer changes.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import get_args

import pytest
from sqlmodel import Session

from models.database import open_database
from models.desk import Desk
from models.reading.first_rows import first_rows
from models.records import SendRecord, Urgency
from models.rules.due import WARNING, in_triage, urgency
from models.store import tables
from tests.support.sample_cases import NOW, sample_send

TICK = timedelta(microseconds=1)
TURNS = (NOW, NOW + WARNING)
"""The moments at which an answer can change."""
MOMENTS = [
    NOW - timedelta(days=9),
    *(turn + step for turn in TURNS for step in (-TICK, timedelta(), TICK)),
    NOW + timedelta(days=9),
]
SENDS = [
    sample_send(
        id=number,
        ref=f"S-{number}",
        external_id=str(number),
        at_once=at_once,
        due_at=due_at,
        triage_at=triage_at,
    )
    for number, (at_once, due_at, triage_at) in enumerate(
        product((False, True), (None, *MOMENTS), (None, *MOMENTS)), 1
    )
    if due_at or not (at_once or triage_at)
]
"""Every combination that `due` can give: what is not due is never in triage."""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file that holds `SENDS`."""
    path = tmp_path_factory.mktemp("urgency") / "sends.db"
    database = open_database(path)
    with database.write() as connection, Session(connection) as session:
        session.add_all(
            tables.Send.model_validate(send._asdict() | {"head": b""}) for send in SENDS
        )
        session.flush()
    database.close()
    return path


@pytest.fixture
def desk(path: Path) -> Iterator[Desk]:
    database = open_database(path)
    yield Desk(database, "ana", lambda: NOW)
    database.close()


def found(desk: Desk, query: str) -> set[int]:
    listing = desk.listing(desk.parse(query))
    return {send.id for send in desk.window(listing, 0, len(SENDS))}


def pressing(send: SendRecord) -> Urgency:
    return urgency(send, NOW)


@pytest.mark.parametrize("word", get_args(Urgency))
def test_filters_ask_for_an_urgency_as_the_rule_gives_it(desk: Desk, word: Urgency) -> None:
    right = {send.id for send in SENDS if pressing(send) == word}
    assert right
    assert found(desk, f"urgency:{word}") == right


@pytest.mark.parametrize("word", ["now", "over", "soon"])
def test_flags_ask_for_an_urgency_as_the_rule_gives_it(desk: Desk, word: Urgency) -> None:
    assert found(desk, f"is:{word}") == {send.id for send in SENDS if pressing(send) == word}


def test_facets_count_urgencies_as_the_rule_gives_them(desk: Desk) -> None:
    counts = Counter(map(pressing, SENDS))
    facet = desk.facets(desk.parse("")).urgency
    assert {each.value: each.count for each in facet} == {
        word: counts[word] for word in ("over", "now", "soon")
    }


def test_triage_is_the_same_in_filters_and_in_the_first_rows(desk: Desk, path: Path) -> None:
    right = {send.id for send in SENDS if in_triage(send, NOW)}
    assert found(desk, "is:triage") == right
    first = first_rows(str(path), NOW)
    assert first is not None
    assert {send.id for send in first.rows} == right
    assert first.total == len(right)

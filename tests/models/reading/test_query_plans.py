"""No list looks at every send: what SQLite says it will do for each shape of filter and order."""

import re
from collections.abc import Iterator
from itertools import product

import pytest

from models.database import Database, open_database
from models.demo import make
from models.desk import Desk
from models.query import FILTER_KEYS
from models.reading.access_path import ScanLimits
from models.reading.listing import Listing
from models.rules.send_columns import SORTS
from models.rules.views import VIEWS, View
from tests.support.query_plans import plans_of
from tests.support.sample_cases import NOW

FILTERS = {
    "status": "status:shipped", "stage": "stage:problem", "owner": "owner:jo", "age": "age>3d",
    "since": "since>2025-11-01", "due": "due<2d", "created": "created>2025-11-01", "urgency": "urgency:now,over",
    "is": "is:triage", "recipient": "recipient:tanaka", "email": "email:tanaka", "company": "company:lotus",
    "campaign": "campaign:coffee", "id": "id:S-104001", "batch": "batch:none-such", "tracking": "tracking:1Z999AA1", "in": "in:triage",
    "platform": "platform:goody", "type": "type:egift", "updated": "updated>2025-11-01", "sender": "sender:ivo",
    "team": "team:nordics", "carrier": "carrier:ups", "cost": "cost>100", "currency": "currency:usd",
    "changed": "changed>2025-11-01", "by": "by:jo", "note": "note:rush",
}  # fmt: skip
"""One filter for each key of the language but `sort`."""
TEXTS = {
    "text": "tanaka", "texts": "tanaka lotus", "short text": "qu", "short name": "さく", "either": "tanaka OR owner:jo",
    "entry": "by:jo changed>2025-11-01", "reported": "by:sendoso", "text and entry": "lotus by:demo",
    "text and column": "lotus status:delivered",
}  # fmt: skip
"""Text without a key, and what is asked of two indexes at once."""
SHAPES = FILTERS | TEXTS
SCANNED = {
    "platform": "there are two, each of which half the sends are of",
    "type": "there are three",
    "updated": "agents ask since when a send is in its status; this asks when it was heard of",
    "sender": "not among the texts that the index of texts holds",
    "team": "not among the texts that the index of texts holds",
    "carrier": "nearly all parcels are of one of three",
    "cost": "rarely asked for by itself",
    "currency": "nearly all sends are in one",
    "short name": "two signs of a script without capitals may stand anywhere, and the index has threes",
}
"""What has no index of its own, and why: such lists are scanned in the order they are sorted by.

Each send is looked at once to count them, or to find those that a scan meets too few of.
"""
MANY_TEXTS = (
    "of very many hits each would be looked up, which costs more than to look at every send once"
)
_TEXT_KEYS = ("recipient", "email", "company", "campaign", "tracking")
READ_WHOLE = SCANNED | dict.fromkeys(
    (*_TEXT_KEYS, "text", "texts", "text and entry", "text and column"), MANY_TEXTS
)
"""What is read whole if its list is too long to keep its ids, and why."""
COVERED = frozenset({"platform", "type"})
"""What is counted along an index that has it of every send, which is small."""
OF_SENDS = re.compile(r"\b(FROM|JOIN) (send|event|send_text)\b")
LONG = ScanLimits(fetch_max=0, candidates_max=0, count_fetch_max=0, scan_max=7)
"""Takes every list for one of very many sends."""
LIMITS = {
    "as it is": ScanLimits(),
    "scanned among candidates": ScanLimits(fetch_max=0),
    "scanned": ScanLimits(fetch_max=0, candidates_max=0),
}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    opened = open_database(tmp_path_factory.mktemp("plans") / "sends.db")
    make(opened, sends=2000, now=NOW)
    yield opened
    opened.close()


@pytest.fixture
def plans(database: Database) -> Iterator[list[str]]:
    """Every step of every plan of what is asked while the test runs."""
    with plans_of(database, OF_SENDS) as steps:
        yield steps


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database, "ana", lambda: NOW)


def looked_at_all(steps: list[str]) -> list[str]:
    """Return the steps that read every send, or the whole history, in no order that an index has."""
    return [
        step
        for step in steps
        if step.startswith(("SCAN send", "SCAN event")) and "INDEX" not in step
    ]


def listing(desk: Desk, text: str, limits: ScanLimits) -> Listing:
    plain = desk.listing(desk.parse(text))
    return Listing(plain.conditions, plain.order, limits)


def test_every_key_and_order_of_the_language_is_here() -> None:
    assert FILTERS.keys() | {"sort"} == FILTER_KEYS.keys()
    assert SCANNED.keys() <= SHAPES.keys()
    assert READ_WHOLE.keys() <= SHAPES.keys()


@pytest.mark.parametrize("key", SHAPES)
def test_no_window_reads_every_send(desk: Desk, plans: list[str], key: str) -> None:
    for sort, limits in product(("due", "since", "-created", "recipient"), LIMITS):
        found = listing(desk, f"{SHAPES[key]} sort:{sort}", LIMITS[limits])
        plans.clear()
        first = desk.window(found, 0, 50)
        desk.window(found, 50, 50)
        assert plans, (sort, limits)
        assert looked_at_all(plans) == [], (sort, limits)
        assert first or key in ("id", "batch", "tracking", "note", "by", "entry"), (sort, limits)


@pytest.mark.parametrize("key", sorted(SHAPES.keys() - SCANNED.keys()))
def test_a_scan_is_abandoned_for_what_an_index_finds(
    desk: Desk, plans: list[str], key: str
) -> None:
    found = listing(
        desk, SHAPES[key], ScanLimits(fetch_max=0, scan_max=7, scan_max_with_candidates=7)
    )
    desk.window(found, 0, 50)
    assert looked_at_all(plans) == []


@pytest.mark.parametrize("key", sorted(SHAPES))
def test_what_an_index_knows_is_counted_by_it(desk: Desk, plans: list[str], key: str) -> None:
    desk.count(listing(desk, SHAPES[key], ScanLimits(fetch_max=0)))
    assert bool(looked_at_all(plans)) == (key in SCANNED and key not in COVERED)


@pytest.mark.parametrize("key", sorted(SHAPES.keys() - READ_WHOLE.keys()))
def test_nor_does_a_very_long_list_read_all(desk: Desk, plans: list[str], key: str) -> None:
    found = listing(desk, SHAPES[key], LONG)
    desk.window(found, 0, 50)
    desk.count(found)
    assert looked_at_all(plans) == []


@pytest.mark.parametrize("sort", sorted(SORTS))
def test_every_order_is_that_of_an_index(desk: Desk, plans: list[str], sort: str) -> None:
    flag = SORTS[sort].only_of
    of_few = f"is:{flag} " if flag else ""
    desk.views()
    plans.clear()
    for direction in ("", "-"):
        desk.window(desk.listing(desk.parse(f"{of_few}sort:{direction}{sort}")), 0, 50)
    if of_few:
        # Few sends are sorted once; then their ids are kept.
        index = {"escalated": "send_escalated", "snoozed": "send_put_off"}[flag]
        assert {step for step in plans if "send_" in step and index not in step} == set()
        assert [step for step in plans if index in step]
        return
    assert not [step for step in plans if "TEMP B-TREE FOR ORDER BY" in step]
    assert looked_at_all(plans) == [] or sort == "id"


def test_an_order_without_an_index_is_found_once(desk: Desk, plans: list[str]) -> None:
    found = desk.listing(desk.parse("sort:owner,-created"))
    desk.window(found, 1000, 50)
    assert [step for step in plans if "TEMP B-TREE" in step]
    plans.clear()
    desk.window(found, 500, 50)
    assert not [step for step in plans if "TEMP B-TREE" in step or "SCAN send" in step]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_no_view_reads_every_send(desk: Desk, plans: list[str], view: View) -> None:
    found = desk.listing(desk.parse(view.query))
    desk.window(found, 0, 200)
    assert looked_at_all(plans) == []


@pytest.mark.parametrize("key", ["recipient", "email", "company", "campaign"])
def test_a_whole_field_is_found_in_its_index(desk: Desk, plans: list[str], key: str) -> None:
    found = listing(desk, f'{key}:="Lotus"', LONG)
    desk.window(found, 0, 50)
    desk.count(found)
    assert looked_at_all(plans) == []


@pytest.mark.parametrize("query", ["is:over", "platform:goody"])
def test_what_lies_around_a_send_is_counted_in_indexes(
    desk: Desk, plans: list[str], query: str
) -> None:
    (send, *_) = desk.window(desk.listing(desk.parse(query)), 0, 1)
    plans.clear()
    around = {each.key for each in desk.case(send.id).around}
    assert "campaign" in around
    assert looked_at_all(plans) == []
    used = " ".join(plans)
    assert ("send_campaign_open" in used) is (query == "is:over")
    assert ("send_batch" in used) is (query == "platform:goody")


def test_time_passes_without_reading_every_send(desk: Desk, plans: list[str]) -> None:
    assert desk.passing_time(NOW, NOW).next_at
    assert plans
    assert not [step for step in plans if step.startswith("SCAN") or "TEMP B-TREE" in step]

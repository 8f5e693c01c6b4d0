"""The journal: hashes that bind a history together, and one way to add to it."""

from dataclasses import fields, replace
from typing import Any

import pytest
from sqlmodel import col

from models import journal, tables
from models.desk import Desk
from models.errors import StaleSend
from models.records import Event, Kind
from models.standing import Policy
from tests.desk_cases import arrive, parcel
from tests.sample_cases import NOW, ago

NOTE = Event(
    seq=1, at=ago(days=1), recorded_at=NOW, kind=Kind.NOTE, from_status="a", to_status="b",
    raw="c", actor="ana", source="desk", reason="r", detail="{}", request_id="q",
)  # fmt: skip
IDENTITY = ("sendoso", "1")
OTHER: dict[str, Any] = {
    "seq": 2, "at": None, "recorded_at": ago(days=2), "kind": Kind.FACT, "request_id": None,
}  # fmt: skip


@pytest.mark.parametrize("name", [each.name for each in fields(Event) if each.name != "effect"])
def test_the_hash_covers_every_value_that_is_stored(name: str) -> None:
    changed = replace(NOTE, **{name: OTHER.get(name, "x")})
    assert journal.digest(b"", IDENTITY, changed) != journal.digest(b"", IDENTITY, NOTE)


def test_the_hash_covers_the_send_and_what_was_before() -> None:
    known = journal.digest(b"", IDENTITY, NOTE)
    assert len(known) == 16
    assert journal.digest(b"", ("goody", "1"), NOTE) != known
    assert journal.digest(b"", ("sendoso", "2"), NOTE) != known
    assert journal.digest(b"\x00", IDENTITY, NOTE) != known


def test_values_cannot_be_pushed_from_one_field_into_the_next() -> None:
    first = replace(NOTE, actor="ana", source='","desk')
    second = replace(NOTE, actor='ana","', source="desk")
    assert journal.digest(b"", IDENTITY, first) != journal.digest(b"", IDENTITY, second)


def test_a_chain_ends_with_the_hash_of_its_last_event() -> None:
    rows, head = journal.chain(7, IDENTITY, b"", [NOTE, replace(NOTE, seq=2)])
    assert [row["hash"] for row in rows] == [
        journal.digest(b"", IDENTITY, NOTE),
        journal.digest(rows[0]["hash"], IDENTITY, replace(NOTE, seq=2)),
    ]
    assert head == rows[-1]["hash"]
    assert journal.chain(7, IDENTITY, head, []) == ([], head)


def test_what_was_read_before_another_wrote_is_not_written(desk: Desk) -> None:
    send = arrive(desk, parcel(1))
    with desk.database.write() as session:
        (entry,) = journal.open_entries(session.connection(), col(tables.Send.id) == send.id)
    taken = desk.take(send).send
    with pytest.raises(StaleSend, match="S-1 has changed since you saw it"):
        _append(desk, entry)
    assert desk.case(send.id).send == taken


def test_events_are_numbered_in_the_order_given(desk: Desk) -> None:
    send = arrive(desk, parcel(1))
    with desk.database.write() as session:
        (entry,) = journal.open_entries(session.connection(), col(tables.Send.id) == send.id)
        journal.append(session, entry, [NOTE, replace(NOTE, request_id=None)], Policy())
    history = desk.case(send.id).history
    assert [(event.seq, event.kind) for event in history] == [
        (3, Kind.NOTE),
        (2, Kind.NOTE),
        (1, Kind.FACT),
    ]
    assert history[1] == replace(NOTE, seq=2)


def _append(desk: Desk, entry: journal.Entry) -> None:
    with desk.database.write() as session:
        journal.append(session, entry, [NOTE], Policy())

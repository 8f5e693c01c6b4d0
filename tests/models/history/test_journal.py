"""The journal: one way to add to a history."""

import pytest
from sqlmodel import col

from models.desk import Desk
from models.errors import StaleSend
from models.history import journal
from models.records import Event, EventKind
from models.rules.due import Policy
from models.store import tables
from tests.support.desk_cases import arrive, parcel
from tests.support.sample_cases import NOW, ago

NOTE = Event(
    seq=1, at=ago(days=1), recorded_at=NOW, kind=EventKind.NOTE, from_status="a", to_status="b",
    raw="c", actor="ana", source="desk", reason="r", detail="{}", request_id="q",
)  # fmt: skip


def test_what_was_read_before_another_wrote_is_not_written(desk: Desk) -> None:
    send = arrive(desk, parcel(1))
    with desk.database.write() as connection:
        (history,) = journal.lock_histories(connection, col(tables.Send.id) == send.id)
    taken = desk.take(send).send
    with pytest.raises(StaleSend, match="S-1 has changed since you saw it"):
        _append(desk, history)
    assert desk.case(send.id).send == taken


def test_events_are_numbered_in_the_order_given(desk: Desk) -> None:
    send = arrive(desk, parcel(1))
    with desk.database.write() as connection:
        (history,) = journal.lock_histories(connection, col(tables.Send.id) == send.id)
        appended = journal.append(history, [NOTE, NOTE._replace(request_id=None)], Policy(), {})
        journal.write(desk.database, connection, [appended])
    history = desk.case(send.id).history
    assert [(event.seq, event.kind) for event in history] == [
        (3, EventKind.NOTE),
        (2, EventKind.NOTE),
        (1, EventKind.FACT),
    ]
    assert history[1] == NOTE._replace(seq=2)


def _append(desk: Desk, history: journal.SendHistory) -> None:
    with desk.database.write() as connection:
        journal.write(desk.database, connection, [journal.append(history, [NOTE], Policy(), {})])

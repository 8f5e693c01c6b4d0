"""Stored rows become the frozen records that leave `models`, field by field."""

from datetime import UTC, date

import sqlalchemy as sa

from models.desk import Desk
from models.records import Event, SendRecord, Shipment
from models.store import mapping, tables
from models.team import thresholds
from models.values.calendar import parse_limit
from tests.support.desk_cases import arrive, parcel


def test_columns_stand_in_the_order_of_the_fields_they_fill() -> None:
    assert tuple(column.name for column in mapping.record_columns()) == SendRecord._fields
    # What a fact did to an override is not stored: it is found anew from the history.
    names = tuple(column.name for column in mapping.event_columns())
    assert names == Event._fields[: len(names)]


def test_a_send_is_found_as_it_was_written(desk: Desk) -> None:
    send = desk.note(arrive(desk, parcel(1)), "called").send
    with desk.database.read() as connection:
        assert mapping.find(connection, send.id) == send
        assert mapping.find(connection, send.id + 1) is None
    with desk.database.write() as connection:
        assert mapping.find(connection, send.id, for_writing=True) == send
    assert send.since is not None
    assert send.since.tzinfo is UTC


def test_events_come_back_as_the_case_shows_them(desk: Desk) -> None:
    send = desk.note(arrive(desk, parcel(1)), "called").send
    table = mapping.table_of(tables.Event)
    asked = sa.select(*mapping.event_columns()).where(table.c.send_id == send.id)
    with desk.database.read() as connection:
        rows = connection.execute(asked.order_by(table.c.seq.desc())).all()
    assert tuple(map(mapping.event, rows)) == desk.case(send.id).history


def test_shipments_belong_to_their_sends_in_the_order_stored(desk: Desk) -> None:
    boxes = tuple(Shipment(external_id=name, status="shipped") for name in ("b", "a"))
    one = arrive(desk, parcel(1, shipments=boxes))
    two = arrive(desk, parcel(2))
    three = arrive(desk, parcel(3, shipments=boxes[:1]))
    with desk.database.read() as connection:
        assert [box.external_id for box in mapping.shipments(connection, one.id)] == ["b", "a"]
        assert mapping.shipments(connection, two.id) == ()
        found = list(mapping.shipments_of(connection, [one.id, two.id, three.id]))
    assert [(owner, box.external_id) for owner, box in found] == [
        (one.id, "b"),
        (one.id, "a"),
        (three.id, "b"),
    ]


def test_the_policy_is_what_the_team_has_set(desk: Desk) -> None:
    day = date(2026, 12, 25)
    thresholds.set_limit(
        desk.database, "sendoso", "fulfilling", parse_limit("3bd"), "ana", desk.now()
    )
    thresholds.set_limit(desk.database, "sendoso", "shipped", None, "ana", desk.now())
    desk.add_holiday(day, "Christmas")
    with desk.database.read() as connection:
        policy = mapping.policy_of(connection)
    assert policy.thresholds.own == {
        ("sendoso", "fulfilling"): parse_limit("3bd"),
        ("sendoso", "shipped"): None,
    }
    assert policy.calendar.holidays == frozenset({day})

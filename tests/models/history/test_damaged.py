"""A history that was damaged: told as damage, never as "has changed since", and it stops nobody else."""

import json
from collections.abc import Callable
from contextlib import suppress

import pytest

from models.database import Database
from models.desk import Desk
from models.errors import Damaged, StaleSend
from models.files.fields import as_json
from models.history.audit import verify
from models.reading import activity
from models.records import SendRecord, Shipment
from models.rules.operations import SetStatus
from models.team import thresholds
from models.values.calendar import Limit
from models.writing.writer import Request
from tests.support.desk_cases import arrive, fact, parcel, take
from tests.support.sample_cases import ago
from tests.support.unguarded import unguarded

Damage = Callable[[Database], None]

LAST = (
    "DELETE FROM event WHERE send_id = 1 AND seq = (SELECT max(seq) FROM event WHERE send_id = 1)"
)
DAMAGE = {
    "the last entry is gone": LAST,
    "a middle entry is gone": "DELETE FROM event WHERE send_id = 1 AND seq = 2",
    "the first entry is gone": "DELETE FROM event WHERE send_id = 1 AND seq = 1",
    "all entries are gone": "DELETE FROM event WHERE send_id = 1",
    "an unknown kind": "UPDATE event SET kind = 'teleport' WHERE send_id = 1 AND seq = 2",
    "details that are not JSON": "UPDATE event SET detail = '{x}' WHERE send_id = 1 AND kind = 'owner'",
    "details that miss what they need": (
        "UPDATE event SET detail = '{}' WHERE send_id = 1 AND kind = 'owner'"
    ),
    "it counts too many": "UPDATE send SET revision = revision + 3 WHERE id = 1",
    "an unknown platform": "UPDATE send SET provider = 'nobody' WHERE id = 1",
}
on_a_file = pytest.mark.parametrize("address", ["sqlite"], indirect=True)
"""A server stores nothing but times in a column of times."""


def lived_in(desk: Desk) -> SendRecord:
    """Return a send with four entries, beside another one."""
    seen = arrive(desk, parcel(1, fact("Order Received", ago(days=2))))
    arrive(desk, parcel(2, fact("Order Received", ago(days=2))))
    seen = desk.take(seen).send
    return desk.note(desk.note(seen, "called").send, "called again").send


def damage(desk: Desk, statement: str) -> SendRecord:
    """Damage the send 1 behind the back of the guards and return it as it is now."""
    with unguarded(desk.database) as run:
        assert run(statement)
    return desk.find("S-1")


@pytest.mark.parametrize("statement", DAMAGE.values(), ids=DAMAGE)
def test_it_is_told_as_damage_and_stops_nobody(desk: Desk, statement: str) -> None:
    lived_in(desk)
    seen = damage(desk, statement)
    for call in (
        lambda: desk.case(seen.id),
        lambda: desk.assign(seen, "jo"),
        lambda: desk.note(seen, "x"),
        lambda: desk.snooze(seen),
    ):
        with pytest.raises(Damaged, match=r"S-1 is damaged: .*db verify") as refused:
            call()
        assert not isinstance(refused.value, StaleSend)
    _the_rest_goes_on(desk)


@on_a_file
def test_a_time_that_is_none_is_damage_too(desk: Desk) -> None:
    lived_in(desk)
    seen = damage(desk, "UPDATE event SET recorded_at = 'soon' WHERE send_id = 1 AND seq = 2")
    with pytest.raises(Damaged, match="entry 2 cannot be read"):
        desk.case(seen.id)
    _the_rest_goes_on(desk)


def _the_rest_goes_on(desk: Desk) -> None:
    assert len(desk.window(desk.listing(desk.parse("")), 0, 10)) == 2
    assert desk.facets(desk.parse("")).stage
    other = desk.find("S-2")
    assert desk.note(other, "called").send.revision == other.revision + 1
    assert activity.page(desk, activity.LogFilter())
    bulk = [(desk.find(f"S-{number}"), Request()) for number in (1, 2)]
    assert isinstance(list(desk.do_all(bulk, SetStatus("shipped", "x")))[1].became, SendRecord)
    report = take(desk, parcel(1, fact("Delivered", ago(days=1))), parcel(3))
    assert report.new >= 1
    limit = Limit(1)
    assert thresholds.set_limit(
        desk.database, "sendoso", "order_received", limit, "ana", desk.now()
    ) in {0, 1, 2}
    assert any(
        "S-1" in problem or "send 1" in problem for problem in verify(desk.database).problems
    )


@on_a_file
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE send SET since = 'soon' WHERE id = 1",
        "UPDATE send SET due_at = 'x', triage_at = '' WHERE id = 1",
        "UPDATE send SET created_at = x'ff00' WHERE id = 1",
    ],
)
def test_a_send_with_a_time_that_is_none_stops_nobody(desk: Desk, statement: str) -> None:
    _stops_nobody(desk, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE send SET status = 'nothing', stage = 'nowhere', type = 'x' WHERE id = 1",
        "UPDATE send SET snooze = 'x', override_status = 'x' WHERE id = 1",
    ],
)
def test_a_send_with_an_unknown_value_stops_nobody(desk: Desk, statement: str) -> None:
    _stops_nobody(desk, statement)


@on_a_file
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE send SET recipient_name = x'41ff', campaign = x'5a' WHERE id = 1",
        "UPDATE send SET cost_minor = 'much' WHERE id = 1",
        "UPDATE send SET cost_minor = 1.5, currency = x'00' WHERE id = 1",
        "UPDATE send SET status = x'00', owner = x'41' WHERE id = 1",
        "UPDATE send SET provider = x'41' WHERE id = 1",
        "UPDATE send SET revision = 'many' WHERE id = 1",
        "UPDATE send SET head = 'x', contested = 'perhaps', at_once = x'01' WHERE id = 1",
        "UPDATE event SET reason = x'41' WHERE send_id = 1 AND seq = 3",
        "UPDATE event SET actor = x'41', to_status = x'42' WHERE send_id = 1 AND seq = 1",
        "UPDATE event SET hash = 'x', request_id = x'00' WHERE send_id = 1 AND seq = 2",
        "UPDATE event SET seq = 2.5 WHERE send_id = 1 AND seq = 2",
    ],
)
def test_a_value_of_another_type_stops_nobody(desk: Desk, statement: str) -> None:
    _stops_nobody(desk, statement)


@on_a_file
def test_a_parcel_with_bytes_for_text_stops_nobody(desk: Desk) -> None:
    parcels = tuple(Shipment(external_id=number, status="shipped") for number in "12")
    take(desk, parcel(1, shipments=parcels))
    with unguarded(desk.database) as run:
        assert run("UPDATE shipment SET carrier = x'41ff', tracking_url = x'41' WHERE send_id = 1")
    case = desk.case(desk.find("S-1").id)
    assert [each.carrier for each in case.shipments] == ["A\ufffd"] * 2
    take(desk, parcel(1, fact("Delivered", ago(days=1)), shipments=parcels))


def _stops_nobody(desk: Desk, statement: str) -> None:
    lived_in(desk)
    damage(desk, statement)
    sends = desk.window(desk.listing(desk.parse("")), 0, 10)
    assert len(sends) == 2
    for send in sends:
        assert json.dumps(as_json(send, desk.now()))
        with suppress(Damaged):
            desk.case(send.id)
    assert desk.view_counts()
    assert activity.page(desk, activity.LogFilter())
    assert desk.note(desk.find("S-2"), "called")
    assert any("S-1" in problem for problem in verify(desk.database).problems)
    take(desk, parcel(1, fact("Delivered", ago(days=1))), parcel(3))


def test_a_send_that_has_changed_is_not_damaged(desk: Desk) -> None:
    seen = arrive(desk, parcel(1))
    desk.assign(seen, "raj")
    with pytest.raises(StaleSend, match="has changed since you saw it"):
        desk.take(seen)

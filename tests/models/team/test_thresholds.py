"""The team's own thresholds and holidays: which sends they change, and which are refused."""

from datetime import date, timedelta

import pytest

from models.desk import Desk
from models.errors import DeskError
from models.history.audit import verify
from models.providers.catalogue import STATUSES
from models.records import SendRecord
from models.team import recompute
from models.team.thresholds import in_force, reset_limit, set_limit
from models.values.calendar import AT_ONCE, Limit
from tests.support.desk_cases import arrive, fact, order, parcel
from tests.support.sample_cases import NOW, ago

DAY = timedelta(days=1)


def waiting(desk: Desk, count: int = 1) -> list[SendRecord]:
    """Take in parcels that the warehouse has had for two days, and one that was shipped."""
    sends = [
        arrive(desk, parcel(number, fact("Order Received", ago(days=2)))) for number in range(count)
    ]
    arrive(desk, parcel("shipped", fact("Shipped", ago(days=2))))
    return sends


def set_to(desk: Desk, limit: Limit | None) -> int:
    return set_limit(desk.database, "sendoso", "order_received", limit, "ana", NOW)


def found(desk: Desk, query: str) -> int:
    return desk.count(desk.listing(desk.parse(query))).value


def test_a_limit_changes_the_sends_of_its_status_only(desk: Desk) -> None:
    (send,) = waiting(desk)
    assert send.due_at == NOW + 5 * DAY
    assert set_to(desk, Limit(1)) == 1
    changed = desk.case(send.id).send
    assert (changed.due_at, changed.triage_at) == (NOW - DAY, NOW - DAY)
    assert changed.revision == send.revision
    assert found(desk, "is:triage") == 1
    assert verify(desk.database).problems == ()


def test_the_same_limit_again_changes_nothing(desk: Desk) -> None:
    waiting(desk)
    assert set_to(desk, Limit(1)) == 1
    assert set_to(desk, Limit(1)) == 0


def test_a_limit_can_be_switched_off_and_reset(desk: Desk) -> None:
    (send,) = waiting(desk)
    assert set_to(desk, None) == 1
    assert desk.case(send.id).send.due_at is None
    assert reset_limit(desk.database, "sendoso", "order_received", "ana", NOW) == 1
    assert desk.case(send.id).send == send


def test_what_is_due_at_once_is_in_triage_at_once(desk: Desk) -> None:
    waiting(desk)
    set_to(desk, AT_ONCE)
    assert found(desk, "is:now is:triage") == 1


def test_sends_are_changed_in_many_transactions(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recompute, "_CHUNK", 2)
    waiting(desk, 5)
    assert set_to(desk, Limit(1)) == 5
    assert found(desk, "is:triage") == 5
    assert verify(desk.database).problems == ()


def test_a_holiday_moves_limits_in_business_days(desk: Desk) -> None:
    (send,) = waiting(desk)
    set_to(desk, Limit(4, "bd"))
    # Wednesday and four business days: a weekend lies between.
    assert desk.case(send.id).send.due_at == ago(days=2) + 6 * DAY
    assert desk.add_holiday(date(2025, 11, 24), "Day of rest") == 1
    assert desk.case(send.id).send.due_at == ago(days=2) + 7 * DAY
    assert desk.add_holiday(date(2025, 11, 24), "Another name") == 0
    assert verify(desk.database).problems == ()


def test_every_status_that_is_not_final_has_a_line(desk: Desk) -> None:
    set_to(desk, Limit(1))
    set_limit(desk.database, "goody", "shipped", None, "ana", NOW)
    arrive(desk, order("0b6f3c1e-1"))
    lines = {each.status.key: each for each in in_force(desk.database)}
    known = (status for statuses in STATUSES.values() for status in statuses.values())
    assert set(lines) == {status.key for status in known if not status.final}
    own = {key: each.threshold and each.threshold.limit for key, each in lines.items() if each.own}
    assert own == {"sendoso:order_received": Limit(1), "goody:shipped": None}


@pytest.mark.parametrize(
    ("provider", "slug", "sentence"),
    [
        ("sendoso", "delivered", "Delivered is final"),
        ("sendoso", "unmapped", "has no limit that could be set"),
        ("sendoso", "no_such_status", "has no limit that could be set"),
        ("nobody", "order_received", "has no limit that could be set"),
    ],
)
def test_other_statuses_take_no_limit(desk: Desk, provider: str, slug: str, sentence: str) -> None:
    with pytest.raises(DeskError, match=sentence):
        set_limit(desk.database, provider, slug, Limit(1), "ana", NOW)

"""What a limit would change is what it does change; and how many sends are past the limits now."""

import pytest

from models.desk import Desk
from models.providers import catalogue
from models.team import effects
from models.team.changes import newest
from models.team.effects import Effect, counts_over, effect
from models.team.thresholds import in_force, refusal, reset_limit, set_limit, set_warning
from models.values.calendar import AT_ONCE, Limit
from tests.support.desk_cases import HandClock, arrive, fact, parcel, take
from tests.support.sample_cases import NOW, ago

STATUS = catalogue.status("sendoso", "order_received")
AGES = (0, 1, 2, 3, 4, 5, 7, 8, 9, 12)


def received(desk: Desk) -> None:
    """Take in parcels that the warehouse has had for days, some of which wait for other reasons."""
    take(desk, *(parcel(days, fact("Order Received", ago(days=days))) for days in AGES))
    take(desk, parcel("shipped", fact("Shipped", ago(days=30))))
    desk.snooze(desk.find("sendoso:9"))
    desk.escalate(desk.find("sendoso:12"), follow_up_at=desk.now().replace(year=2026))
    desk.override(desk.find("sendoso:8"), "delivered", "seen", force=True)
    arrive(desk, parcel(8, fact("Order Received", ago(hours=1))))


def past(desk: Desk) -> set[str]:
    """Return the sends of the status that are past its limit."""
    query = desk.parse("status:order_received urgency:over,now")
    return {send.external_id for send in desk.rows(desk.listing(query))}


@pytest.mark.parametrize(
    "limit",
    [Limit(5), Limit(3, "bd"), Limit(4, "bd"), Limit(100, "h"), Limit(7), Limit(30), AT_ONCE, None],
    ids=str,
)
def test_the_effect_is_what_then_happens(desk: Desk, limit: Limit | None) -> None:
    received(desk)
    before = past(desk)
    told = effect(desk.database, STATUS, limit, NOW)
    set_limit(desk.database, "sendoso", "order_received", limit, "ana", NOW)
    after = past(desk)
    assert told[1:] == (len(before), len(after - before), len(before - after))
    assert counts_over(desk.database, NOW).get(STATUS.key, 0) == len(after)


def test_the_effect_in_words() -> None:
    assert Effect(9, 3, 1_400, 2).words == "1,400 more past their limit, 2 fewer"
    assert Effect(9, 3, 0, 2).words == "2 fewer past their limit"
    assert Effect(9, 3, 0, 0).words == "as many past their limit as now"


def test_counts_say_what_is_past_each_limit(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    received(desk)
    take(desk, parcel("u", fact("Undeliverable", ago(hours=1))))
    assert counts_over(desk.database, NOW) == {
        STATUS.key: len(past(desk)),
        "sendoso:undeliverable": 1,
    }
    monkeypatch.setattr(effects, "OVER_MOST", 1)
    assert counts_over(desk.database, NOW)[STATUS.key] == 2


def test_every_change_is_written_down(desk: Desk, clock: HandClock) -> None:
    def now() -> tuple[str, object]:
        return "ana", clock.advance(minutes=1)

    place = (desk.database, "sendoso", "order_received")
    set_limit(*place, Limit(3), *now())
    set_limit(*place, None, *now())
    set_warning(desk.database, STATUS, Limit(4, "h"), *now())
    set_warning(desk.database, None, Limit(1), *now())
    reset_limit(*place, *now())
    # Nothing is changed any more.
    reset_limit(*place, *now())
    set_warning(desk.database, None, Limit(1), *now())
    assert [each[1:] for each in newest(desk.database)] == [
        ("limit sendoso:order_received", "ana", "off", "7d"),
        ("warning", "ana", "usual", "1d"),
        ("warning sendoso:order_received", "ana", "usual", "4h"),
        ("limit sendoso:order_received", "ana", "3d", "off"),
        ("limit sendoso:order_received", "ana", "7d", "3d"),
    ]


def test_a_warning_of_its_own_makes_sends_due_soon(desk: Desk) -> None:
    # Three days before its limit, and another status three days before its own.
    take(desk, parcel(1, fact("Order Received", ago(days=4))))
    set_limit(desk.database, "sendoso", "shipped", Limit(7), "ana", NOW)
    take(desk, parcel(2, fact("Shipped", ago(days=4))))

    def soon() -> set[str]:
        desk.forget_settings()
        rows = desk.rows(desk.listing(desk.parse("is:soon")))
        found = {send.external_id for send in rows}
        counted = {each.value: each.count for each in desk.facets(desk.parse("")).urgency}
        assert counted.get("soon", 0) == len(found)
        return found

    assert soon() == set()
    set_warning(desk.database, STATUS, Limit(3), "ana", NOW)
    assert soon() == {"1"}
    assert desk.case(desk.find("sendoso:1").id).advice.urgency == "soon"
    set_warning(desk.database, None, Limit(4), "ana", NOW)
    assert soon() == {"1", "2"}
    set_warning(desk.database, STATUS, Limit(1, "h"), "ana", NOW)
    assert soon() == {"2"}
    rows = {each.status.key: each for each in in_force(desk.database)}
    assert rows[STATUS.key].own_warning
    assert not rows["sendoso:shipped"].own_warning
    set_warning(desk.database, STATUS, None, "ana", NOW)
    assert soon() == {"1", "2"}


def test_whoever_may_write_a_limit_may_change_it(desk: Desk) -> None:
    assert refusal(desk.database) == ""

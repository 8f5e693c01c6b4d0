"""Order batches on the desk: what they add up to, when they need someone, which lists have them."""

from datetime import timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from models.desk import Desk
from models.files.reading import open_export
from models.history.audit import verify
from models.intake.intake import Intake
from models.providers import catalogue
from models.providers.goody import payloads as goody
from models.providers.incoming import Incoming
from models.records import SendRecord
from models.rules.views import View
from models.team.effects import counts_over, effect
from models.team.thresholds import set_limit
from models.values.calendar import Limit
from tests.support.desk_cases import HandClock, arrive, fact, order, take
from tests.support.sample_cases import NOW

BATCH = "a7b6c5d4-e3f2-4110-9a8b-7c6d5e4f3007"
IN_A_DAY = NOW + timedelta(days=1)


def batch(status: str = "pending", external_id: str = BATCH, **further: Any) -> Incoming:
    """Return a batch as Goody's list has it."""
    payload = {
        "id": external_id, "send_status": status, "from_name": "Max", "orders_count": 0,
        "orders_preview": [], "recipients_count": 25, "recipients_preview": [],
        "batch_name": "Welcome kits",
    }  # fmt: skip
    return goody.read({**payload, **further})


def scheduled(**further: Any) -> Incoming:
    return batch(scheduled_send_on=IN_A_DAY.isoformat(), is_scheduled_send=True, **further)


def refs(desk: Desk, query: str) -> list[str]:
    return [send.ref for send in desk.rows(desk.listing(desk.parse(query)))]


def sound(desk: Desk) -> bool:
    return verify(desk.database).problems == ()


def test_an_unscheduled_batch_that_stays_pending_comes_into_triage(
    desk: Desk, clock: HandClock
) -> None:
    send = arrive(desk, batch(orders_count=3))
    assert (send.type, send.status, send.ref) == ("batch", "batch_pending", "G-a7b6c5d4")
    assert (send.orders_count, send.recipients_count) == (3, 25)
    assert refs(desk, "is:triage") == []
    clock.advance(hours=1, seconds=1)
    assert refs(desk, "is:triage") == ["G-a7b6c5d4"]
    advice = desk.case(send.id).advice
    assert (advice.urgency, advice.title) == ("over", "Escalate to Goody Support")
    assert sound(desk)


def test_the_limit_of_a_scheduled_batch_runs_from_its_time(desk: Desk, clock: HandClock) -> None:
    send = arrive(desk, scheduled())
    assert (send.status, send.scheduled_at) == ("batch_scheduled", IN_A_DAY)
    assert send.due_at == IN_A_DAY + timedelta(hours=1)
    clock.advance(days=1)
    assert refs(desk, "is:triage") == []
    clock.advance(hours=1, seconds=1)
    assert refs(desk, "is:triage") == ["G-a7b6c5d4"]
    assert "it was to be sent Sat" in desk.case(send.id).advice.body
    assert sound(desk)


def test_a_batch_whose_time_had_passed_when_it_came_is_late(desk: Desk) -> None:
    send = arrive(desk, batch(scheduled_send_on=(NOW - timedelta(hours=3)).isoformat()))
    assert send.due_at == NOW - timedelta(hours=2)
    assert refs(desk, "is:triage") == ["G-a7b6c5d4"]
    status = catalogue.status("goody", "batch_scheduled")
    assert effect(desk.database, status, Limit(4, "h"), desk.now()).fewer == 1


def test_a_batch_of_another_time_is_due_then(desk: Desk, clock: HandClock) -> None:
    arrive(desk, scheduled())
    clock.advance(hours=1)
    later = IN_A_DAY + timedelta(days=2)
    send = arrive(desk, batch(scheduled_send_on=later.isoformat()))
    assert (send.status, send.due_at) == ("batch_scheduled", later + timedelta(hours=1))
    assert take(desk, batch(scheduled_send_on=later.isoformat())).unchanged == 1
    assert sound(desk)


@pytest.mark.parametrize("told", list(permutations(range(3))))
def test_in_whatever_order_it_is_told_a_batch_ends_alike(
    desk: Desk, clock: HandClock, told: tuple[int, ...]
) -> None:
    said = (scheduled(), scheduled(orders_count=7), scheduled(status="complete", orders_count=25))
    for place in told:
        clock.advance(minutes=1)
        take(desk, said[place])
    send = desk.find("goody:" + BATCH)
    assert (send.status, send.orders_count, send.due_at) == ("batch_complete", 25, None)
    take(desk, *said)
    assert desk.find("goody:" + BATCH).revision == send.revision
    assert sound(desk)


def test_a_failed_batch_needs_someone_at_once(desk: Desk) -> None:
    send = arrive(desk, batch("failed"))
    assert (send.status, send.at_once) == ("batch_failed", True)
    assert refs(desk, "is:triage") == ["G-a7b6c5d4"]


def test_what_a_batch_is_called_means_nothing_of_an_order(desk: Desk) -> None:
    send = arrive(desk, order("o-1", fact("complete")))
    assert send.status == "unmapped"
    assert arrive(desk, batch("whatever")).status == "unmapped"


class TestLimits:
    def test_the_team_sets_them_like_any_other(self, desk: Desk, clock: HandClock) -> None:
        arrive(desk, scheduled())
        clock.advance(days=1, hours=2)
        assert counts_over(desk.database, desk.now()) == {"goody:batch_scheduled": 1}
        status = catalogue.status("goody", "batch_scheduled")
        assert effect(desk.database, status, Limit(3, "h"), desk.now()).fewer == 1
        assert set_limit(desk.database, "goody", "batch_scheduled", Limit(3, "h"), "lee", NOW) == 1
        assert refs(desk, "is:triage") == []
        assert desk.find("goody:" + BATCH).due_at == IN_A_DAY + timedelta(hours=3)
        assert sound(desk)

    def test_none_would_be_over_before_its_time(self, desk: Desk, clock: HandClock) -> None:
        arrive(desk, scheduled())
        clock.advance(hours=5)
        status = catalogue.status("goody", "batch_scheduled")
        assert effect(desk.database, status, Limit(2, "h"), desk.now()).more == 0


class TestLists:
    @pytest.fixture(autouse=True)
    def late_batch_with_orders(self, desk: Desk, clock: HandClock) -> SendRecord:
        """A pending batch with two of its orders, and an order of no batch."""
        take(desk, batch())
        for name, status in (("o-1", "paid"), ("o-2", "shipped")):
            take(desk, order(name, fact(status, NOW), batch=BATCH, campaign="Welcome kits"))
        take(desk, order("o-3", fact("paid", NOW)))
        clock.advance(hours=2)
        return desk.find("goody:" + BATCH)

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("", 3),
            ("platform:goody", 3),
            ("campaign:welcome", 2),
            ("welcome", 2),
            ("age>1h", 3),
            (f"batch:{BATCH}", 2),
            ("batch:G-a7b6c5d4", 2),
            ("batch:g-a7b6c5d4", 2),
            ("batch:a7b6c5d4", 2),
            ("batch:@none", 1),
            ("is:batch", 1),
            ("type:batch", 1),
            ("is:batch welcome", 1),
            ("status:batch_pending", 1),
            ("status:pending", 1),
            ("is:triage", 1),
            ("is:triage -is:batch", 0),
            ("urgency:over", 1),
            ("due:past", 1),
            ("in:batches", 1),
            ("id:G-a7b6c5d4", 1),
            ("id:G-a7b6c5d4 OR platform:goody", 4),
        ],
    )
    def test_a_batch_is_where_it_is_asked_for(self, desk: Desk, query: str, found: int) -> None:
        listing = desk.listing(desk.parse(query))
        rows = desk.window(listing, 0, 10)
        assert len(rows) == found
        assert desk.count(listing).value == found
        assert desk.members(listing, range(1, 9)) == {send.id for send in rows}
        for place, send in enumerate(rows):
            assert desk.position(desk.listing(desk.parse(query)), send.id) == place

    def test_they_are_no_sends_in_the_total(self, desk: Desk) -> None:
        assert desk.total() == 3
        counts = {name: count.value for name, count in desk.view_counts().items()}
        assert (counts["All"], counts["Batches"], counts["Triage"]) == (3, 1, 1)

    def test_a_value_of_a_facet_leads_to_as_many_as_it_says(self, desk: Desk) -> None:
        found = desk.facets(desk.parse(""))
        for key in ("status", "stage", "type", "platform", "urgency"):
            for value in getattr(found, key):
                listed = desk.count(desk.listing(desk.parse(f"{key}:{value.value}")))
                assert (key, value.value, listed.value) == (key, value.value, value.count)

    def test_the_way_leads_from_a_batch_to_its_orders_and_back(self, desk: Desk) -> None:
        case = desk.case(desk.find("goody:" + BATCH).id)
        around = {each.key: each for each in case.around}
        orders = list(desk.rows(desk.listing(desk.parse(around["orders"].filter))))
        assert {each.external_id for each in orders} == {"o-1", "o-2"}
        assert around["orders"].others == 2
        back = {each.key: each for each in desk.case(orders[0].id).around}
        assert back["batch"].others == 1
        assert back["of"].others == 1
        assert refs(desk, back["of"].filter) == ["G-a7b6c5d4"]

    def test_every_relation_says_how_many_others_its_list_has(self, desk: Desk) -> None:
        for send in desk.rows(desk.listing(desk.parse("is:batch OR platform:goody"))):
            for each in desk.case(send.id).around:
                listed = [row.id for row in desk.rows(desk.listing(desk.parse(each.filter)))]
                assert each.others == len([row for row in listed if row != send.id])


def test_the_view_of_the_batches_is_there_once_there_are_any(desk: Desk) -> None:
    assert "Batches" not in [view.name for view in desk.views()]
    take(desk, batch())
    desk.forget_settings()
    assert [(view.digit, view.name) for view in desk.views()][-2:] == [
        ("7", "Batches"),
        ("0", "All"),
    ]


def test_a_team_that_has_given_the_digit_away_keeps_it(desk: Desk) -> None:
    take(desk, batch())
    desk.forget_settings()
    desk.save_view(View("7", "Late ones", "is:over"))
    assert {view.name: view.digit for view in desk.views() if view.digit in ("", "7")} == {
        "Batches": "",
        "Late ones": "7",
    }


def test_a_file_of_batches_is_imported(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "batches.json"
    path.write_text(
        '{"data": [{"id": "b-1", "send_status": "complete", "orders_count": 2,'
        ' "recipients_count": 2, "recipients_preview": [], "orders_preview": []}],'
        ' "list_meta": {"total_count": 1}}'
    )
    report = Intake(desk.database, desk.now).apply(open_export(path), source="import:batches.json")  # type: ignore[arg-type]
    assert (report.new, report.warned) == (1, 0)
    assert desk.find("goody:b-1").status == "batch_complete"

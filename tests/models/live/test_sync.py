"""A platform is read into the desk: what is new, all there is, and what an earlier sync left."""

import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.database import Database, open_database
from models.desk import Desk
from models.errors import DeskError
from models.history.audit import verify
from models.live import state
from models.live.api import Patience, PlatformError, Refused, Unreachable
from models.live.cursor import read_cursor
from models.live.pace import Stopped
from models.live.settings import PlatformSettings
from models.live.sync import Sync, SyncReport, SyncRuns
from models.providers import goody
from models.providers.incoming import Fact
from models.records import Case
from models.store.live_tables import SyncFact
from tests.support.desk_cases import HandClock
from tests.support.limit import LIMIT
from tests.support.platform_server import Answered, Asked, Platform, platform
from tests.support.small_goody import KEY, SmallGoody, order

HASTE = Patience(attempts=2, first=0.001, longest=0.002, jitter=0.001)
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


both = pytest.mark.parametrize("address", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def address(request: pytest.FixtureRequest) -> str:
    """Where an empty desk is: in a file, and for what depends on it also on a server."""
    kind = getattr(request, "param", "sqlite")
    wanted = "file_address" if kind == "sqlite" else "server_address"
    found: str = request.getfixturevalue(wanted)
    return found


@pytest.fixture
def there() -> SmallGoody:
    """What is at the platform."""
    return SmallGoody()


@pytest.fixture
def of(there: SmallGoody) -> Iterator[Platform]:
    """The platform itself."""
    with platform(there.answer) as running:
        yield running


@pytest.fixture
def sync(database: Database, clock: HandClock, of: Platform) -> Sync:
    """What reads it."""
    return syncing(database, clock, of)


def syncing(database: Database, clock: HandClock, of: Platform, **more: Any) -> Sync:
    clock.now = NOW
    environ = {"SENDDESK_GOODY_URL": f"{of.address}/v1/", "SENDDESK_GOODY_KEY": KEY}
    settings = PlatformSettings(goody.PROVIDER, environ=environ)
    return Sync(
        database=database, settings=settings, agent="ana", clock=clock, patience=HASTE, **more
    )


def counted(report: SyncReport) -> tuple[int, int, int]:
    """Return how many sends were new and changed, and how many entries were skipped."""
    return report.counts.new, report.counts.changed, report.counts.odd


def case_of(database: Database, number: int) -> Case:
    desk = Desk(database, "ana")
    return desk.case(desk.find(f"goody:{order(number)['id']}").id)


def statuses(database: Database, number: int) -> list[tuple[str, bool]]:
    """Return the statuses in the history of an order, each with whether its time is known."""
    facts = [each for each in case_of(database, number).history if each.kind == "fact"]
    events = sorted(facts, key=lambda each: (each.at is None, each.at, each.seq))
    return [(each.to_status, each.at is not None) for each in events]


def asked_for(of: Platform, path: str) -> list[dict[str, str]]:
    return [dict(each.query) for each in of.asked if each.path == path]


@both
def test_a_first_sync_reads_every_order_with_its_whole_history(
    sync: Sync, there: SmallGoody, database: Database
) -> None:
    there.add(3, "shipped")
    there.add(1)

    report = sync.run()

    assert counted(report) == (4, 0, 0)
    assert report.full
    assert statuses(database, 1) == [
        ("created", True), ("opened", True), ("paid", True), ("shipped", True)
    ]  # fmt: skip
    send = case_of(database, 1).send
    assert (send.status, send.order_uncertain) == ("shipped", False)
    assert send.created_at == there.created[order(1)["id"]]
    assert send.recipient_name == "Lena Okafor 1"
    assert verify(database).problems == ()
    with database.read() as connection:
        assert connection.execute(sa.select(col(SyncFact.word))).all() == []


@both
def test_what_follows_at_once_has_the_time_of_what_it_follows(
    sync: Sync, there: SmallGoody, database: Database
) -> None:
    """Of no order Goody's activities tell when it was notified: it is as soon as it is made."""
    there.add(3)
    for each in there.orders:
        each["status"] = "notified"

    report = sync.run()

    assert list(report.told()) == [report.line()]
    send = case_of(database, 2).send
    assert (send.status, send.order_uncertain) == ("notified", False)
    assert send.since == there.created[order(2)["id"]]
    there.add(1)
    there.orders[0]["status"] = "notified"
    assert list((news := sync.run()).told()) == [news.line()]
    assert case_of(database, 4).send.since == there.created[order(4)["id"]]
    assert verify(database).problems == ()


def test_the_same_doubt_about_many_is_one_sentence(sync: Sync, there: SmallGoody) -> None:
    there.add(257, "paid")
    there.add(1, "ordered")
    there.activities.clear()

    report = sync.run()

    assert report.counts.warned == 258
    _, first, second = report.told()
    assert first.endswith("ordered: counted from now on")
    assert "goody:" in second
    assert second.endswith(" and 256 more: nothing says since when it is paid: counted from now on")


def test_a_platform_whose_clock_is_ahead_is_told_as_that(
    sync: Sync, there: SmallGoody, clock: HandClock
) -> None:
    there.add(1)
    clock.now = there.now - timedelta(hours=2)

    *_, told = sync.run().told()

    assert told.endswith(
        "lies ahead: counted from now on;"
        " Goody's clock is ahead, or this computer's is behind: check the time of this computer"
    )


def test_facts_of_one_second_stand_in_the_order_of_the_lifecycle(
    sync: Sync, there: SmallGoody, database: Database
) -> None:
    there.add(1)
    sync.run()
    there.add(1, "paid")
    assert len({each["created_at"] for each in there.activities[:3]}) == 1

    sync.run()

    told = [each.to_status for each in case_of(database, 2).history]
    assert told == ["paid", "opened", "created"]


def test_orders_made_after_the_platforms_clock_was_set_back_are_found(
    sync: Sync, there: SmallGoody, of: Platform, database: Database
) -> None:
    of.clock = lambda: there.now
    there.now = NOW - timedelta(hours=1)
    there.add(2)
    sync.run()
    there.now -= timedelta(days=9)
    there.add(1)

    report = sync.run()

    assert (report.full, counted(report)) == (True, (1, 0, 0))
    of.asked.clear()
    there.move(3, "opened")
    report = sync.run()
    assert (report.full, counted(report)) == (False, (0, 1, 0))


@both
def test_the_next_one_reads_the_news(
    sync: Sync, there: SmallGoody, of: Platform, database: Database
) -> None:
    there.add(15, "paid")
    sync.run()
    of.asked.clear()
    there.move(1, "shipped")
    there.add(1)

    report = sync.run()

    assert counted(report) == (1, 1, 0)
    assert not report.full
    assert statuses(database, 1)[-1] == ("shipped", True)
    (activities,) = asked_for(of, "/v1/order_activities")
    newest = datetime.fromisoformat(activities["after"])
    assert newest == there.now - timedelta(minutes=2) - timedelta(minutes=10)


@both
def test_what_is_known_changes_nothing(sync: Sync, there: SmallGoody, database: Database) -> None:
    there.add(5, "shipped")
    sync.run()
    before = [case_of(database, number).send.revision for number in range(1, 6)]

    for full in (False, True):
        assert counted(sync.run(full=full)) == (0, 0, 0)

    assert [case_of(database, number).send.revision for number in range(1, 6)] == before


def test_everything_is_read_again_once_a_day(
    sync: Sync, there: SmallGoody, of: Platform, clock: HandClock, database: Database
) -> None:
    there.add(1)
    sync.run()
    there.orders[0]["status"] = "accepted"  # Goody tells no activity about that.
    clock.now += timedelta(hours=23)
    there.created[order(1)["id"]] -= timedelta(days=30)
    there.activities.clear()
    assert counted(sync.run()) == (0, 0, 0)
    clock.now += timedelta(hours=2)
    of.asked.clear()

    report = sync.run()

    assert (report.full, counted(report)) == (True, (0, 1, 0))
    assert case_of(database, 1).send.status == "accepted"
    assert "after" in asked_for(of, "/v1/order_activities")[0]
    assert "created_at[after]" not in asked_for(of, "/v1/orders")[0]


def test_a_time_can_be_asked_for(sync: Sync, there: SmallGoody, of: Platform) -> None:
    there.add(1)
    sync.run()
    of.asked.clear()

    sync.run(since=datetime(2026, 4, 20, tzinfo=UTC))

    assert asked_for(of, "/v1/order_activities")[0]["after"] == "2026-04-19T23:50:00Z"
    assert asked_for(of, "/v1/orders")[0]["created_at[after]"] == "2026-04-19T00:00:00Z"


def test_a_gap_is_not_taken_for_read(
    sync: Sync, there: SmallGoody, of: Platform, database: Database
) -> None:
    """News of the last hour do not say what was before them, back to the last sync."""
    there.add(1)
    sync.run()
    there.now += timedelta(days=3)
    there.move(1, "opened")
    there.now += timedelta(days=3)
    there.move(1, "paid")

    sync.run(since=there.now - timedelta(hours=1))
    sync.run()

    assert [word for word, _ in statuses(database, 1)] == ["created", "opened", "paid"]


@both
@pytest.mark.parametrize("feed", ["/v1/order_activities", "/v1/orders", "/v1/order_batches"])
def test_it_goes_on_where_it_broke_off(
    sync: Sync, there: SmallGoody, of: Platform, database: Database, feed: str, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setattr("models.live.sync._AT_ONCE", 10)
    there.per_page = 10
    there.add(45, "opened")
    broken = True

    def break_off(asked: Asked) -> Answered | None:
        is_far = asked.page == 3 or feed == "/v1/order_batches"
        return Answered(status=500) if broken and asked.path == feed and is_far else None

    there.before = break_off
    with pytest.raises(Unreachable):
        sync.run()
    with database.read() as connection:
        stored = state.read_state(connection, "goody")
    assert stored.problem == "Goody fails (answer 500)."
    assert stored.synced_at is None
    left = read_cursor(stored.cursor)
    assert left is not None
    of.asked.clear()
    broken = False

    report = sync.run()

    assert report.resumed
    assert counted(report)[0] == 45
    again = asked_for(of, "/v1/order_activities")
    assert (len(again) > 0) == (feed == "/v1/order_activities")
    assert all(int(each["page"]) >= 2 for each in again)
    assert {tuple(statuses(database, number)) for number in (1, 22, 45)} == {
        (("created", True), ("opened", True))
    }
    with database.read() as connection:
        assert state.read_state(connection, "goody").problem == ""


def test_a_sync_of_news_that_broke_off_does_for_none_of_everything(
    sync: Sync, there: SmallGoody
) -> None:
    there.add(1)
    sync.run()
    there.before = lambda asked: Answered(status=500) if "batches" in asked.path else None
    with pytest.raises(Unreachable):
        sync.run()
    there.before = lambda asked: None

    report = sync.run(full=True)

    assert (report.full, report.resumed) == (True, False)


def test_what_is_elsewhere_is_read_from_its_beginning(
    sync: Sync, there: SmallGoody, database: Database, clock: HandClock
) -> None:
    there.add(1)
    sync.run()
    with platform(there.answer) as other:
        assert syncing(database, clock, other).run().full


def test_odd_entries_are_told_and_skipped(
    sync: Sync, there: SmallGoody, database: Database
) -> None:
    there.add(4)
    del there.orders[0]["sender"]
    there.orders[1]["amounts"]["amount_product"] = "canary-of-a-cost"
    activities = [*there.activities[:2], {**there.activities[2], "created_at": "yesterday"}]
    orders = [*there.orders[:2], "no order", *there.orders[2:]]
    lists = {"/v1/orders": orders, "/v1/order_activities": activities}
    there.before = lambda asked: Answered(
        {
            "data": lists.get(asked.path, []),
            "list_meta": {"total_count": len(lists.get(asked.path, []))},
        }
    )

    report = sync.run()

    told = "\n".join(report.problems)
    assert report.counts.odd >= 4
    assert f"orders, page 1, entry 1 (id {order(4)['id']}): sender: Field required" in told
    assert "amounts.amount_product: Input should be a valid integer" in told
    assert "orders, page 1, entry 3: it is not an object" in told
    assert "activities, page 1, entry 3" in told
    assert "canary-of-a-cost" not in told
    assert report.counts.new == 2
    assert verify(database).problems == ()


def test_a_refused_key_is_told_and_nothing_is_lost(
    sync: Sync, there: SmallGoody, database: Database
) -> None:
    there.before = lambda asked: Answered({"error": f"bad key {KEY}"}, 401)

    with pytest.raises(Refused) as refused:
        sync.run()

    assert KEY not in str(refused.value)
    (fresh,) = Desk(database, "ana").freshness()
    assert fresh.problem == str(refused.value)
    assert fresh.synced_at is None
    assert fresh.is_late(NOW)


def test_an_answer_that_is_no_list_ends_it(sync: Sync, there: SmallGoody) -> None:
    there.before = lambda asked: Answered({"orders": []})

    with pytest.raises(
        PlatformError, match="but not as it has published: it has no list under “data”"
    ):
        sync.run()


@both
def test_facts_that_are_known_are_kept_once(database: Database) -> None:
    word, other = Fact("created", NOW), Fact("opened", NOW)
    for facts in ([("1", word), ("2", word), ("1", word)], [("1", word), ("1", other)], []):
        with database.write() as connection:
            state.keep_facts(database, connection, "goody", facts)
    with database.read() as connection:
        kept = state.kept_facts(connection, "goody", ["1", "2"])
    assert {name: sorted(each) for name, each in kept.items()} == {"1": [word, other], "2": [word]}


def test_a_platform_that_repeats_a_page_does_not_go_on_for_ever(
    sync: Sync, there: SmallGoody
) -> None:
    there.add(2)
    lists = {"/v1/orders": there.orders, "/v1/order_activities": there.activities}
    there.before = lambda asked: Answered(
        {"data": lists.get(asked.path, []), "list_meta": {"total_count": 10**9}}
    )

    report = sync.run()

    assert counted(report) == (2, 0, 2)
    assert report.problems == tuple(
        f"{name}, page 2 is the one before once more: the list is taken to end there"
        for name in ("activities", "orders")
    )


def test_a_list_that_grows_by_a_whole_page_goes_on(
    sync: Sync, there: SmallGoody, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.live.ahead._WIDTH", 1)
    there.per_page = 10
    there.add(40)

    def grow(asked: Asked) -> None:
        if asked.path == "/v1/orders" and asked.page == 2 and len(there.orders) == 40:
            there.add(10)

    there.before = grow

    report = sync.run()

    assert counted(report) == (40, 0, 0)
    assert case_of(database, 1).send.external_id == order(1)["id"]
    assert counted(sync.run()) == (10, 0, 0)


def test_pages_may_be_smaller_than_asked_for(
    sync: Sync, there: SmallGoody, database: Database
) -> None:
    there.per_page = 7
    there.add(50)

    assert counted(sync.run()) == (50, 0, 0)


def test_entries_that_slide_to_a_page_that_is_read_are_not_missed(
    sync: Sync, there: SmallGoody, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.live.ahead._WIDTH", 1)
    there.per_page = 10
    there.add(40)

    def remove(asked: Asked) -> None:
        if asked.path == "/v1/orders" and asked.page == 3 and len(there.orders) == 40:
            del there.orders[:3]

    there.before = remove
    sync.run()
    left = [each["id"] for each in there.orders]

    desk = Desk(sync.database, "ana")
    assert [desk.find(f"goody:{each}").external_id for each in left] == left


@both
def test_a_lock_that_is_given_back_can_be_taken_at_once(database: Database) -> None:
    for _ in range(20):
        held = database.hold("sync-goody")
        assert held is not None
        held.give_back()


@both
def test_one_at_a_time(
    sync: Sync, there: SmallGoody, database: Database, clock: HandClock, of: Platform
) -> None:
    there.add(1)
    entered, leave = threading.Event(), threading.Event()

    def hold_up(asked: Asked) -> None:
        entered.set()
        assert leave.wait(LIMIT)

    there.before = hold_up
    runs = threading.Thread(target=sync.run)
    runs.start()
    assert entered.wait(LIMIT)
    try:
        with pytest.raises(SyncRuns) as refused:
            syncing(database, clock, of).run()
    finally:
        leave.set()
        runs.join()

    assert "Goody is being synced into" in str(refused.value)
    assert "by ana on " in str(refused.value)
    assert "since 2026-06-01 12:00 UTC" in str(refused.value)
    assert syncing(database, clock, of).run().counts.read


def test_whoever_stops_it_loses_nothing(
    sync: Sync, there: SmallGoody, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.live.sync._AT_ONCE", 10)
    there.per_page = 10
    there.add(45)

    def stop(asked: Asked) -> None:
        if asked.path == "/v1/orders" and asked.page == 4:
            sync.stop.set()

    there.before = stop
    with pytest.raises(Stopped):
        sync.run()
    there.before = lambda asked: None
    sync.stop.clear()

    report = sync.run()

    assert report.resumed
    assert report.counts.new == 45


def test_the_clock_of_the_platform_may_be_behind_or_ahead(
    sync: Sync, there: SmallGoody, database: Database, clock: HandClock
) -> None:
    for jump in (timedelta(days=-300), timedelta(days=30)):
        there.now += jump
        there.add(1)
        sync.run()
        there.move(len(there.orders), "opened")
        sync.run()
        assert ("opened", True) in statuses(database, len(there.orders))


@both
def test_freshness(sync: Sync, there: SmallGoody, database: Database) -> None:
    sync = replace(sync, every=300)
    sync.run()

    (fresh,) = Desk(database, "ana").freshness()

    assert (fresh.provider, fresh.synced_at) == ("goody", NOW)
    assert fresh.every == timedelta(minutes=5)
    assert fresh.age(NOW + timedelta(minutes=3)) == timedelta(minutes=3)
    assert not fresh.is_late(NOW + timedelta(minutes=12))
    assert fresh.is_late(NOW + timedelta(minutes=12, seconds=1))
    assert not fresh._replace(every=None).is_late(NOW + timedelta(minutes=60))
    assert fresh._replace(every=None).is_late(NOW + timedelta(minutes=61))


def test_a_desk_that_is_only_read_is_refused(sync: Sync, address: str) -> None:
    with closing(open_database(address, read_only=True)) as reading:
        sync.database = reading

        with pytest.raises(DeskError, match="opened with --read-only"):
            sync.run()


def test_it_goes_on_when_a_server_has_dropped_its_connections(
    server_address: str, there: SmallGoody, of: Platform, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """Its lock is gone with them, and taken again."""
    monkeypatch.setattr("models.live.sync._AT_ONCE", 10)
    monkeypatch.setattr("models.live.sync._RETRY_AFTER", 0.01)
    there.per_page = 10
    there.add(45)
    cut: list[int] = []

    def cut_off(asked: Asked) -> None:
        if asked.path == "/v1/orders" and asked.page == 3 and not cut:
            with psycopg.connect(server_address, autocommit=True) as other:
                cut.extend(
                    row[0]
                    for row in other.execute(
                        "SELECT pid, pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )
                )

    there.before = cut_off
    database = open_database(server_address)

    report = syncing(database, clock, of).run()

    assert cut
    assert report.counts.new == 45
    assert verify(database).problems == ()
    assert syncing(database, clock, of).run().counts.new == 0
    database.close()

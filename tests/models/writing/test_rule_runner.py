"""The rules that time triggers, run on real databases: once, in small transactions, and undone again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.database import Database
from models.desk import Desk
from models.errors import DeskError
from models.history.audit import verify
from models.reading.activity import LogFilter, page
from models.records import EventKind, SendRecord
from models.values.calendar import Limit
from models.writing import rule_runner
from models.writing.rule_runner import Ruled
from tests.support.desk_cases import HandClock, arrive, egift, fact, order, parcel, take, undo
from tests.support.sample_cases import NOW, ago

DAY = timedelta(days=1)
ENDS = NOW + 3 * DAY


def run(desk: Desk) -> list[Ruled]:
    done = list(desk.run_rules("cli"))
    assert verify(desk.database).problems == ()
    return done


def sent(desk: Desk, number: int = 1) -> SendRecord:
    """Return an eGift that is Sent and ends in three days."""
    return arrive(desk, egift(number, fact("Sent", ago(days=9)), expires_at=ENDS))


def now(desk: Desk, send: SendRecord) -> SendRecord:
    return desk.case(send.id).send


def test_what_was_sent_is_refunded_when_it_ends(desk: Desk, clock: HandClock) -> None:
    send = sent(desk)
    assert (send.rule, send.rule_at, run(desk)) == ("", ENDS - 2 * DAY, [])

    clock.now = ENDS - 2 * DAY
    (reminded,) = run(desk)
    assert (reminded.event.actor, reminded.event.to_status) == ("rule:egift_reminder", "")
    send = now(desk, send)
    assert (send.status, send.due_at, send.rule_at) == ("sent", ENDS, ENDS)
    case = desk.case(send.id)
    assert (case.advice.urgency, case.advice.title) == ("soon", "It ends in 2 days")

    clock.now = ENDS
    assert [each.send.ref for each in run(desk)] == [send.ref]
    send = now(desk, send)
    assert (send.status, send.provider_status, send.stage) == ("refunded", "sent", "closed")
    assert (send.since, send.rule_at) == (ENDS, None)
    assert send.due_at == send.credit_due_at
    assert run(desk) == []
    case = desk.case(send.id)
    assert case.history[0].kind is EventKind.TIME_RULE
    assert case.history[0].reason == "Nobody had opened it when its offer ended."
    assert "should be credited" in case.money[0]
    assert [each.ref for each in rows(desk, "is:ruled")] == [send.ref]
    assert [each.ref for each in rows(desk, "by:rule")] == [send.ref]
    log = page(desk, LogFilter(agent="rule"))
    assert [(each.verb, each.actor, each.after) for each in log] == [
        ("rule", "rule:egift_unopened", "refunded"),
        ("rule", "rule:egift_reminder", ""),
    ]
    assert page(desk, LogFilter(send_id=send.id)) == log
    assert page(desk, LogFilter(agent="rule:egift_reminder")) == log[1:]
    assert page(desk, LogFilter()) == ()


def rows(desk: Desk, words: str) -> list[SendRecord]:
    return list(desk.rows(desk.listing(desk.parse(words))))


def test_a_later_fact_undoes_it_whatever_its_time(desk: Desk, clock: HandClock) -> None:
    send = sent(desk)
    clock.now = ENDS + DAY
    run(desk)
    take(desk, egift(1, fact("Sent", ago(days=9)), fact("Used", ago(days=1)), expires_at=ENDS))
    assert (now(desk, send).status, now(desk, send).rule) == ("redeemed", "")
    assert run(desk) == []


def test_a_fact_that_was_late_brings_the_rules_to_another_end(desk: Desk, clock: HandClock) -> None:
    send = sent(desk)
    clock.now = ENDS + DAY
    run(desk)
    told = egift(1, fact("Sent", ago(days=9)), fact("Opened", ago(days=8)), expires_at=ENDS)
    take(desk, told)
    assert (now(desk, send).status, now(desk, send).since) == ("expired", ENDS)
    assert take(desk, told).unchanged == 1
    assert run(desk) == []


def test_another_end_takes_it_back(desk: Desk, clock: HandClock) -> None:
    told = order("a" * 8, fact("opened", ago(days=9)), expires_at=ENDS)
    send = arrive(desk, told)
    clock.now = ENDS
    run(desk)
    assert (now(desk, send).status, now(desk, send).at_once) == ("expired", True)
    later = told._replace(fields={**told.fields, "expires_at": ENDS + 9 * DAY})
    take(desk, later)
    assert (now(desk, send).status, now(desk, send).rule_at) == ("opened", ENDS + 7 * DAY)
    clock.now = ENDS + 9 * DAY
    run(desk)
    assert now(desk, send).status == "expired"


def test_while_an_override_stands_time_changes_nothing(desk: Desk, clock: HandClock) -> None:
    send = sent(desk)
    desk.override(send, "opened", "they told me")
    clock.now = ENDS + DAY
    assert run(desk) == []
    assert now(desk, send).status == "opened"
    desk.release(now(desk, send))
    run(desk)
    assert now(desk, send).status == "refunded"
    undo(desk)
    assert (now(desk, send).status, now(desk, send).rule, run(desk)) == ("opened", "", [])


def test_an_override_of_what_a_rule_gave_can_be_taken_back(desk: Desk, clock: HandClock) -> None:
    send = sent(desk)
    clock.now = ENDS
    run(desk)
    desk.override(now(desk, send), "redeemed", "the shop confirms it", force=True)
    assert (now(desk, send).status, now(desk, send).rule) == ("redeemed", "")
    assert run(desk) == []
    undo(desk)
    assert (now(desk, send).status, now(desk, send).rule) == ("refunded", "egift_unopened")
    assert run(desk) == []


def test_what_waits_until_a_change_comes_back_when_a_rule_makes_one(
    desk: Desk, clock: HandClock
) -> None:
    send = arrive(desk, order("a" * 8, fact("opened", ago(days=9)), expires_at=ENDS))
    desk.snooze(send)
    clock.now = ENDS
    run(desk)
    assert (now(desk, send).status, now(desk, send).snooze) == ("expired", "")


def test_that_change_has_ended_the_wait_though_it_is_taken_back(
    desk: Desk, clock: HandClock
) -> None:
    told = order("a" * 8, fact("opened", ago(days=9)), expires_at=ENDS)
    desk.snooze(arrive(desk, told))
    clock.now = ENDS
    run(desk)
    later = arrive(desk, told._replace(fields={**told.fields, "expires_at": ENDS + 9 * DAY}))
    assert (later.status, later.snooze) == ("opened", "")


def test_a_dry_run_says_the_same_and_writes_nothing(desk: Desk, clock: HandClock) -> None:
    send = sent(desk)
    clock.now = ENDS
    told = list(desk.run_rules("cli", dry_run=True))
    assert now(desk, send) == send
    done = run(desk)
    assert [(a.send, a.event._replace(seq=0)) for a in told] == [
        (b.send, b.event._replace(seq=0)) for b in done
    ]


def test_many_runners_at_once_write_each_once(desk: Desk, clock: HandClock) -> None:
    count = 3 * rule_runner.AT_ONCE
    take(desk, *(egift(each, fact("Sent", ago(days=9)), expires_at=ENDS) for each in range(count)))
    clock.now = ENDS
    start = Barrier(3)

    def go(_: int) -> int:
        start.wait()
        return len(list(Desk(desk.database, "x", clock).run_rules("cli")))

    with ThreadPoolExecutor(3) as threads:
        assert sum(threads.map(go, range(3))) == count
    assert run(desk) == []
    with desk.database.read() as connection:
        events = sa.text("SELECT count(*), max(seq) FROM event WHERE kind = 'time_rule'")
        assert tuple(connection.execute(events).one()) == (count, 2)


def test_a_long_run_is_many_small_transactions_and_stops_between_them(
    desk: Desk, clock: HandClock
) -> None:
    count = 2 * rule_runner.AT_ONCE + 5
    take(desk, *(egift(each, fact("Sent", ago(days=9)), expires_at=ENDS) for each in range(count)))
    clock.now = ENDS
    asked = []

    def after_one() -> bool:
        asked.append(True)
        return len(asked) > 1

    assert len(list(desk.run_rules("cli", stop=after_one))) == rule_runner.AT_ONCE
    assert len(run(desk)) == count - rule_runner.AT_ONCE


def test_a_run_that_finds_nothing_is_one_look_into_an_index(
    desk: Desk, clock: HandClock, database: Database
) -> None:
    sent(desk)
    statements: list[str] = []
    sa.event.listen(
        database.engine, "before_cursor_execute",
        lambda connection, cursor, statement, *_: statements.append(statement),
    )  # fmt: skip
    assert list(desk.run_rules("cli")) == []
    assert [each for each in statements if "FROM send" in each] == statements[-1:]
    with database.read() as connection:
        if database.is_server:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        plan = database.plan(connection, rule_runner.DUE.params(now=clock()))
    assert all("send_rule_at" in step for step in plan if "send" in step)


class TestSettings:
    def test_a_rule_that_is_switched_off_does_nothing(self, desk: Desk, clock: HandClock) -> None:
        send = sent(desk)
        assert desk.switch_rule("egift_unopened", False) == 0
        assert desk.switch_rule("egift_reminder", False) == 1
        clock.now = ENDS
        assert run(desk) == []
        assert now(desk, send).rule_at is None
        assert desk.switch_rule("egift_unopened", True) == 1
        run(desk)
        assert now(desk, send).status == "refunded"
        words = [(each.subject, each.after) for each in desk.setting_changes()]
        assert ("rule egift_unopened", "off") in words or ("rule egift_unopened", "on") in words
        with pytest.raises(DeskError, match="no rule"):
            desk.switch_rule("gone", False)

    def test_a_span_serves_where_the_platform_gave_no_end(
        self, desk: Desk, clock: HandClock
    ) -> None:
        send = arrive(desk, egift(1, fact("Sent", ago(days=9)), created_at=ago(days=9)))
        assert desk.case(send.id).usual_end == ago(days=9) + 90 * DAY
        assert desk.set_usual_span("egift", Limit(5)) == 1
        run(desk)
        assert (now(desk, send).status, now(desk, send).since) == ("refunded", ago(days=4))
        assert "an estimated end" in desk.case(send.id).advice.why
        assert desk.set_usual_span("egift", None) == 1
        run(desk)
        assert now(desk, send).status == "sent"

    def test_holidays_move_what_is_counted_in_business_days(self, desk: Desk) -> None:
        send = arrive(desk, parcel(1, fact("Confirming Address", ago(days=2))))
        before = now(desk, send).rule_at
        assert before is not None
        desk.add_holiday(ago(days=0).date() + 3 * DAY)
        # From a Friday to the Monday after it.
        assert now(desk, send).rule_at == before + 3 * DAY
        assert verify(desk.database).problems == ()


WORDS = ("Initiated", "Sent", "Opened", "Clicked", "Bounced", "Used")
facts = st.lists(
    st.tuples(st.sampled_from(WORDS), st.integers(-12, 3)), min_size=1, max_size=5, unique=True
)
_numbers = iter(range(1, 10**6))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts=facts, data=st.data())
def test_facts_in_any_order_end_alike_with_rules_run_between(
    desk: Desk, clock: HandClock, facts: list[tuple[str, int]], data: st.DataObject
) -> None:
    clock.now = ENDS + DAY
    ends = []
    for _ in range(2):
        number = next(_numbers)
        for word, day in data.draw(st.permutations(facts)):
            take(desk, egift(number, fact(word, NOW + day * DAY), expires_at=ENDS))
            if data.draw(st.booleans()):
                list(desk.run_rules("cli"))
        list(desk.run_rules("cli"))
        ends.append(
            desk.find(f"sendoso:{number}")._replace(
                id=0, ref="", external_id="", recipient_name="", revision=0
            )
        )
    assert ends[0] == ends[1]

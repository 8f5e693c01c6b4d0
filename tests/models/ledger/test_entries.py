"""Whatever is told in whatever order, the entries written one by one are those of the whole history."""

import itertools
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from models.ledger.entries import Money, all_entries, new_entries
from models.records import Credit, CreditState, Event, EventKind, SendRecord
from models.rules.state import fold
from tests.support.sample_cases import NOW, bare_send

COST = 4500
ENDED = NOW - timedelta(days=10)
WORDS = {"sent": "Sent", "opened": "Opened", "bounced": "Bounced", "refunded": "Refunded"}
RULE_DETAIL = (
    '{"credit": {"currency": "USD", "funding_source": "Marketing", "minor": 4500},'
    ' "ends": null, "estimate": false}'
)
SEND: SendRecord = bare_send(
    type="egift", cost_minor=COST, currency="USD", funding_source="Marketing", created_at=None
)


def told(kind: EventKind, days: int, **said: str) -> Event:
    """Return an event of so many days after the end of the offer; its number comes later."""
    at = ENDED + timedelta(days=days)
    return Event(0, at, at, kind, **said)


def fact(slug: str, days: int, word: str = "") -> Event:
    return told(EventKind.FACT, days, to_status=slug, raw=word or WORDS[slug])


def rule(from_status: str, days: int) -> Event:
    return told(
        EventKind.TIME_RULE, days, from_status=from_status, to_status="refunded",
        actor="rule:egift_unopened", detail=RULE_DETAIL,
    )  # fmt: skip


def over(days: int) -> Event:
    return told(EventKind.TIME_RULE, days, actor="rule:egift_unopened", detail='{"over": true}')


def refund(days: int, minor: int | None) -> Event:
    amount = "null" if minor is None else minor
    return told(EventKind.REFUND, days, detail=f'{{"currency": "USD", "minor": {amount}}}')


def cost(days: int, before: int, after: int) -> Event:
    return told(EventKind.DETAILS, days, detail=f'{{"cost_minor": ["{before}", "{after}"]}}')


def numbered(events: list[Event]) -> list[Event]:
    """Return *events* as the desk records them: one a minute, in this order."""
    recorded = NOW - timedelta(minutes=len(events))
    return [
        event._replace(seq=seq, recorded_at=recorded + timedelta(minutes=seq))
        for seq, event in enumerate(events, 1)
    ]


def entries(*events: Event, send: SendRecord = SEND) -> list[tuple[str, int | None]]:
    found = all_entries(send, numbered(list(events)))
    return [(each.state.value, each.amount_minor) for each in found]


def test_what_a_rule_expects_the_platform_confirms() -> None:
    assert entries(fact("sent", -90), rule("sent", 0), fact("refunded", 2)) == [
        ("expected", COST), ("confirmed", COST),
    ]  # fmt: skip


def test_a_word_that_says_it_later_than_its_status_gives_the_moment() -> None:
    bounced, credited = fact("bounced", 1), fact("bounced", 2, "Bounced and Credited")
    for order in (
        (bounced, rule("bounced", 1), credited),
        (credited, bounced),
        (bounced, credited),
    ):
        assert all_entries(SEND, numbered(list(order)))[-1].at == credited.at


def test_each_entry_names_event_rule_and_moment() -> None:
    expected, confirmed = all_entries(
        SEND, numbered([fact("sent", -90), rule("sent", 0), fact("refunded", 2)])
    )
    assert expected == Credit(
        2, CreditState.EXPECTED, "egift_unopened", COST, "USD", "Marketing", ENDED
    )
    assert (confirmed.seq, confirmed.rule) == (3, "egift_unopened")
    assert confirmed.at == ENDED + timedelta(days=2)


def test_a_later_fact_withdraws_it_and_the_rule_expects_it_again() -> None:
    history = (fact("sent", -90), rule("sent", 0), fact("bounced", 1), rule("bounced", 1))
    assert entries(*history) == [
        ("expected", COST), ("withdrawn", COST), ("expected", COST),
    ]  # fmt: skip


def test_another_end_withdraws_it() -> None:
    assert entries(fact("sent", -90), rule("sent", 0), over(1)) == [
        ("expected", COST), ("withdrawn", COST),
    ]  # fmt: skip


def test_a_platform_gives_back_without_a_rule() -> None:
    assert entries(fact("sent", -90), fact("refunded", 0)) == [("confirmed", COST)]
    assert entries(fact("sent", -90), refund(0, None)) == [("confirmed", COST)]


def test_of_several_refunds_the_largest_is_what_was_given_back() -> None:
    assert entries(fact("sent", -90), refund(0, 1000), refund(1, 1500), refund(2, 1200)) == [
        ("confirmed", 1000), ("confirmed", 1500),
    ]  # fmt: skip


def test_a_word_that_says_credited_confirms() -> None:
    said = fact("bounced", 1, "Bounced and Credited")
    assert entries(fact("sent", -90), said, rule("bounced", 1)) == [("confirmed", COST)]


def test_the_cost_of_that_time_counts() -> None:
    now = SEND._replace(cost_minor=0)
    history = (fact("sent", -90), cost(-80, 9000, COST), fact("refunded", 1), cost(1, COST, 0))
    assert entries(*history, send=now) == [("confirmed", COST)]
    unknown = told(EventKind.DETAILS, -80, detail='{"cost_minor": ["", "4500"]}')
    assert entries(fact("refunded", -90), unknown) == [("confirmed", None)]


def test_nothing_is_owed_where_nothing_ended() -> None:
    assert entries(fact("sent", -90), fact("opened", -80)) == []


days = st.integers(-9, 9)
some_event = st.one_of(
    st.builds(fact, st.sampled_from(sorted(WORDS)), days),
    st.builds(rule, st.sampled_from(["sent", "bounced"]), days),
    st.builds(over, days),
    st.builds(refund, days, st.none() | st.integers(1, 9000)),
    st.builds(cost, days, st.just(COST), st.just(COST)),
)


@settings(max_examples=120, deadline=None)
@given(st.lists(some_event, min_size=1, max_size=8), st.data())
def test_written_one_by_one_or_at_once_they_are_the_same(
    told: list[Event], data: st.DataObject
) -> None:
    history = numbered(told)
    whole = all_entries(SEND, history)

    written: list[Credit] = []
    start = 0
    while start < len(history):
        end = data.draw(st.integers(start + 1, len(history)))
        newest = written[-1] if written else None
        known, new = history[:start], history[start:end]
        written += new_entries("sendoso", known, new, newest, Money.of(SEND), None)
        start = end

    assert written == whole
    for before, after in itertools.pairwise(whole):
        assert (before.state, before.amount_minor) != (after.state, after.amount_minor)
        assert before.seq <= after.seq
    assert_newest(whole, history)


def assert_newest(whole: list[Credit], history: list[Event]) -> None:
    """The newest entry says what the platform and the rules say now, and nothing else does."""
    state = fold("sendoso", history, None)
    is_refunded = state.refunded_at is not None or state.provider_status == "refunded"
    is_owed = state.owed is not None
    newest = whole[-1].state if whole else CreditState.WITHDRAWN
    wanted = CreditState.EXPECTED if is_owed else CreditState.WITHDRAWN
    assert newest is (CreditState.CONFIRMED if is_refunded else wanted)


def test_a_history_without_credits_is_not_folded() -> None:
    """Most sends have none: at a million of them, looking closely at each would be felt."""
    broken = Event(1, NOW, NOW, EventKind.FACT, to_status="sent", detail="{")
    assert all_entries(SEND, [broken]) == []

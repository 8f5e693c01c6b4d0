"""What each rule that time triggers makes of a send, from which moment on, and when that is over."""

from datetime import datetime, timedelta
from itertools import permutations

import pytest

from models.providers import catalogue
from models.providers.catalogue import STATUSES
from models.providers.time_rule import TimeRule
from models.records import Event, EventKind
from models.rules.due import Policy, RulesInForce
from models.rules.state import SendState, Subject, fold
from models.rules.time_rules import CREDIT_SPAN, look_at, next_event, rules, usual_end, usual_spans
from models.values.calendar import Limit
from tests.support.sample_cases import NOW

DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)
EGIFT = Subject("sendoso", "egift", expires_at=NOW)
each_rule = pytest.mark.parametrize("rule", rules().values(), ids=rules())


def fact(slug: str, at: datetime, seq: int = 1) -> Event:
    return Event(seq=seq, at=at, recorded_at=at, kind=EventKind.FACT, to_status=slug, raw=slug)


def after(
    subject: Subject, history: list[Event], now: datetime, policy: Policy | None = None
) -> tuple[SendState, list[Event]]:
    """Return the state and history once the rules have looked at a send at *now*."""
    policy = policy or Policy()
    state = fold(subject.provider, history, subject.created_at)
    moment = look_at(subject, state, policy, now)
    event = next_event(subject, state, policy, recorded_at=now, now=now, source="test")
    # An import asks for the event only where that moment is over.
    assert (event is not None) == (moment is not None and moment <= now)
    if event is not None:
        history = [*history, event._replace(seq=len(history) + 1)]
        state = fold(subject.provider, history, subject.created_at)
    # Whoever looks once more finds nothing.
    assert next_event(subject, state, policy, recorded_at=now, now=now, source="test") is None
    moment = look_at(subject, state, policy, now)
    assert moment is None or moment > now
    return state, history


class TestRows:
    @each_rule
    def test_each_is_about_statuses_that_there_are(self, rule: TimeRule) -> None:
        provider = catalogue.provider(rule.provider)
        assert rule in provider.time_rules
        assert rule.types
        assert set(rule.types) <= set(provider.types)
        known = STATUSES[rule.provider]
        assert rule.statuses
        assert all(set(rule.types) <= set(known[slug].types) for slug in rule.statuses)
        assert all(not rule.to or rule.to in known[slug].next for slug in rule.statuses)

    @each_rule
    def test_each_says_what_it_is(self, rule: TimeRule) -> None:
        assert rule.matches
        assert rule.does
        assert rule.source
        assert rule.reason.endswith(".")
        assert rule.actor == f"rule:{rule.name}"
        assert not rule.credits or known_refund(rule)

    def test_no_two_have_one_name(self) -> None:
        every = [rule.name for key in STATUSES for rule in catalogue.provider(key).time_rules]
        assert every == list(rules())
        spans = {rule.span.key for rule in rules().values() if rule.span}
        assert spans | {CREDIT_SPAN.key} == set(usual_spans())


def known_refund(rule: TimeRule) -> bool:
    return catalogue.status(rule.provider, rule.to).refunds


@pytest.mark.parametrize(
    ("subject", "slug", "becomes"),
    [
        (EGIFT, "sent", "refunded"),
        (EGIFT, "opened", "expired"),
        (EGIFT, "clicked", "expired"),
        (EGIFT, "redeemed", "redeemed"),
        (EGIFT._replace(type="physical"), "confirming_address", "confirmation_canceled"),
        (Subject("goody", "order", expires_at=NOW), "created", "expired"),
        (Subject("goody", "order", expires_at=NOW), "notified", "expired"),
        (Subject("goody", "order", expires_at=NOW), "opened", "expired"),
        (Subject("goody", "order", expires_at=NOW), "accepted", "accepted"),
        (Subject("goody", "order"), "opened", "opened"),
    ],
)
def test_a_send_becomes_what_its_rule_says_at_the_moment_it_ends(
    subject: Subject, slug: str, becomes: str
) -> None:
    history = [fact(slug, NOW - 30 * DAY)]
    before, _ = after(subject, history, NOW - MOMENT)
    assert (before.status, before.provider_status) == (slug, slug)

    state, _ = after(subject, history, NOW)
    assert (state.status, state.provider_status) == (becomes, slug)
    assert state.since == (NOW - 30 * DAY if becomes == slug else NOW)


def test_a_bounce_is_bounced_and_then_refunded_at_once() -> None:
    state, history = after(EGIFT, [fact("bounced", NOW - 3 * DAY)], NOW - 3 * DAY)
    assert [event.to_status for event in history] == ["bounced", "refunded"]
    assert (state.status, state.since) == ("refunded", NOW - 3 * DAY)


def test_a_reminder_comes_two_days_before_and_gives_no_status() -> None:
    history = [fact("sent", NOW - 30 * DAY)]
    assert after(EGIFT, history, NOW - 2 * DAY - MOMENT)[0].rule is None
    state, history = after(EGIFT, history, NOW - 2 * DAY)
    assert state.rule is not None
    assert (state.rule.name, state.rule.ends_at, state.status) == ("egift_reminder", NOW, "sent")
    assert after(EGIFT, history, NOW)[0].status == "refunded"


class TestUsualSpans:
    def test_an_end_that_the_platform_did_not_give_is_estimated(self) -> None:
        subject = EGIFT._replace(expires_at=None, created_at=NOW)
        history = [fact("sent", NOW + DAY)]
        assert after(subject, history, NOW + 90 * DAY - MOMENT)[0].status == "sent"
        state, history = after(subject, history, NOW + 90 * DAY)
        assert state.status == "refunded"
        assert state.rule is not None
        assert state.rule.is_estimate
        assert "estimated from 90 days" in history[-1].reason

    def test_an_address_has_business_days_from_when_it_was_asked_for(self) -> None:
        subject = Subject("sendoso", "physical", created_at=NOW - 9 * DAY)
        began = datetime.fromisoformat("2025-11-14T10:00+00:00")  # a Friday
        history = [fact("confirming_address", began)]
        state = fold("sendoso", history)
        assert look_at(subject, state, Policy(), NOW) == began + 11 * DAY

    def test_that_of_the_campaign_comes_before_that_of_the_desk(self) -> None:
        spans = {("egift", ""): Limit(30), ("egift", "VIP"): Limit(10)}
        policy = Policy(rules=RulesInForce(spans=spans))
        history = [fact("sent", NOW)]
        ends = [
            usual_end(subject, fold("sendoso", history), policy, NOW)
            for subject in (
                EGIFT._replace(expires_at=None, campaign="VIP"),
                EGIFT._replace(expires_at=None, campaign="Others"),
                EGIFT._replace(expires_at=None),
            )
        ]
        assert ends == [NOW + 10 * DAY, NOW + 30 * DAY, NOW + 30 * DAY]
        assert usual_end(EGIFT, fold("sendoso", history), policy, NOW) is None


class TestWhatEndsIt:
    def expired(self) -> list[Event]:
        return after(EGIFT, [fact("opened", NOW - 9 * DAY)], NOW)[1]

    def test_any_other_word_of_the_platform(self) -> None:
        told = fact("redeemed", NOW - DAY, seq=3)
        state = fold("sendoso", [*self.expired(), told])
        assert (state.status, state.rule) == ("redeemed", None)

    def test_another_end(self) -> None:
        later = EGIFT._replace(expires_at=NOW + 9 * DAY)
        state, history = after(later, self.expired(), NOW + DAY)
        assert (state.status, history[-1].to_status) == ("opened", "opened")
        assert after(later, history, NOW + 9 * DAY)[0].status == "expired"

    def test_an_override_and_the_rules_look_again_after_it(self) -> None:
        def agents(kind: EventKind, seq: int, **further: str) -> Event:
            return Event(seq=seq, at=NOW, recorded_at=NOW, kind=kind, **further)

        overridden = [*self.expired(), agents(EventKind.OVERRIDE, 3, to_status="clicked")]
        state, history = after(EGIFT, overridden, NOW + DAY)
        assert (state.status, state.rule, history) == ("clicked", None, overridden)
        released = [*history, agents(EventKind.RELEASE, 4)]
        assert fold("sendoso", released).status == "opened"
        assert after(EGIFT, released, NOW + DAY)[0].status == "expired"
        undone = [*history, agents(EventKind.UNDO, 4, detail='{"undoes": 3, "kind": "override"}')]
        assert fold("sendoso", undone).status == "expired"

    def test_a_rule_that_is_off_begins_nothing_and_what_it_did_stays(self) -> None:
        off = Policy(rules=RulesInForce(off=frozenset({"egift_unused", "egift_reminder"})))
        assert after(EGIFT, [fact("opened", NOW - 9 * DAY)], NOW, off)[0].status == "opened"
        assert after(EGIFT, self.expired(), NOW + DAY, off)[0].status == "expired"

    def test_a_rule_that_is_off_is_not_applied_to_another_end(self) -> None:
        off = Policy(rules=RulesInForce(off=frozenset({"egift_unused", "egift_reminder"})))
        later = EGIFT._replace(expires_at=NOW + 9 * DAY)
        for now in (NOW + DAY, NOW + 20 * DAY):
            state, history = after(later, self.expired(), now, off)
            assert (state.status, state.rule, history[-1].to_status) == ("opened", None, "opened")
            assert after(later, history, NOW + 30 * DAY, off)[1] == history

    def test_another_usual_span_moves_nothing_that_a_rule_did_before_it_was_off(self) -> None:
        subject = EGIFT._replace(expires_at=None, created_at=NOW - 90 * DAY)
        told = [fact("sent", NOW - 90 * DAY)]
        before, history = after(subject, told, NOW)
        assert (before.status, before.rule and before.rule.is_estimate) == ("refunded", True)
        longer = RulesInForce(
            off=frozenset({"egift_unopened", "egift_reminder"}),
            spans={("egift", ""): Limit(100, "d")},
        )
        assert after(subject, history, NOW, Policy(rules=longer)) == (before, history)
        on = Policy(rules=longer._replace(off=frozenset()))
        assert after(subject, history, NOW, on)[0].status == "sent"

    def test_an_end_that_the_platform_gives_is_over_what_an_estimate_did(self) -> None:
        subject = EGIFT._replace(expires_at=None, created_at=NOW - 90 * DAY)
        history = after(subject, [fact("sent", NOW - 90 * DAY)], NOW)[1]
        off = Policy(rules=RulesInForce(off=frozenset({"egift_unopened", "egift_reminder"})))
        told = subject._replace(expires_at=NOW - DAY)
        assert after(told, history, NOW + DAY, off)[0].status == "sent"
        again = after(told, history, NOW + DAY)[0]
        assert (again.status, again.rule and again.rule.at) == ("refunded", NOW - DAY)


def test_facts_in_any_order_end_alike_with_rules_between_them() -> None:
    facts = [
        fact("initiated", NOW - 9 * DAY),
        fact("sent", NOW - 8 * DAY),
        fact("opened", NOW - 3 * DAY),
        fact("clicked", NOW + DAY),
    ]
    ends = set()
    for order in permutations(facts):
        for looks_from in range(len(facts)):
            history: list[Event] = []
            for place, each in enumerate(order):
                told = each._replace(seq=len(history) + 1, recorded_at=NOW + 2 * DAY)
                history.append(told)
                if place >= looks_from:
                    state, history = after(EGIFT, history, NOW + 2 * DAY)
            ends.add(
                (state.status, state.since, state.provider_status, state.rule and state.rule.name)
            )
    assert ends == {("expired", NOW + DAY, "clicked", "egift_unused")}

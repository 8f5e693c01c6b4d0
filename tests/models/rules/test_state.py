"""What a history adds up to: how facts, rules, overrides and agents' changes meet."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count, permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.providers import catalogue
from models.records import Event, EventKind, Snooze
from models.rules.state import SendState, fold
from tests.support.sample_cases import NOW, ago

CREATED = ago(days=30)


class History:
    """Writes the history of one parcel; facts are dated by themselves, changes by when they are told."""

    def __init__(self, provider: str = "sendoso") -> None:
        self.provider = provider
        self.events: list[Event] = []
        self._numbers: Iterator[int] = count(1)

    def fact(self, word: str, at: datetime | None, heard: datetime = NOW) -> "History":
        status = catalogue.resolve(self.provider, word)
        slug = status.slug if status else "unmapped"
        return self._add(EventKind.FACT, at, heard, to_status=slug, raw=word)

    def rule(self, before: str, after: str, at: datetime) -> "History":
        return self._add(EventKind.RULE, at, at, from_status=before, to_status=after, raw=after)

    def change(
        self, kind: EventKind, at: datetime, to_status: str = "", /, **further: Any
    ) -> "History":
        detail = json.dumps(further)
        return self._add(kind, at, at, to_status=to_status, actor="ana", reason="r", detail=detail)

    def override(self, status: str, at: datetime) -> "History":
        return self.change(EventKind.OVERRIDE, at, status)

    def undo(self, seq: int, at: datetime) -> "History":
        return self.change(EventKind.UNDO, at, undoes=seq)

    def _add(
        self, kind: EventKind, at: datetime | None, heard: datetime, **values: Any
    ) -> "History":
        seq = next(self._numbers)
        self.events.append(Event(seq=seq, at=at, recorded_at=heard, kind=kind, **values))
        return self

    def state(self) -> SendState:
        return fold(self.provider, self.events, CREATED)


def received() -> History:
    """A parcel that the warehouse received ten days ago."""
    return History().fact("Order Received", ago(days=10))


def test_the_newest_fact_is_the_status() -> None:
    state = received().fact("Confirming Address", ago(days=12)).state()
    assert (state.status, state.since) == ("order_received", ago(days=10))


def test_a_status_that_is_repeated_began_when_it_was_first_reported() -> None:
    assert received().fact("Processing", ago(days=3)).state().since == ago(days=10)


def test_a_status_that_came_back_began_when_it_came_back() -> None:
    history = received().fact("Fulfillment Issue", ago(days=8)).fact("Processing", ago(days=3))
    assert history.state().since == ago(days=3)


def test_of_facts_at_one_moment_the_later_step_counts() -> None:
    at = ago(days=1)
    both = (
        received().fact("Delivered", at).fact("Shipped", at),
        received().fact("Shipped", at).fact("Delivered", at),
    )
    assert [history.state().status for history in both] == ["delivered", "delivered"]


days_ago = st.integers(0, 9)
facts = st.tuples(st.sampled_from(["Order Received", "Shipped", "Delivered"]), days_ago, days_ago)
changes = st.tuples(st.sampled_from(["override", "release", "owner", "done", "wake"]), days_ago)


@given(told=st.lists(facts, max_size=4), done=st.lists(changes, max_size=4))
def test_a_rule_for_another_status_changes_nothing(
    told: list[tuple[str, int, int]], done: list[tuple[str, int]]
) -> None:
    """Most histories need not be put in order; with such a rule every history is."""
    history = History()
    for word, stated, heard in told:
        history.fact(word, ago(days=stated), ago(days=heard))
    for kind, days in done:
        history.change(EventKind(kind), ago(days=days), "shipped", owner="jo", seen="x")
    before = history.state()
    assert history.rule("refunded", "credited", NOW).state() == before


class TestOverride:
    def test_it_is_the_status_from_when_it_was_made(self) -> None:
        state = received().override("shipped", ago(days=4)).state()
        assert (state.status, state.since) == ("shipped", ago(days=4))
        assert state.provider_status == "order_received"

    @pytest.mark.parametrize(
        "word", ["Confirming Address", "Delivered", "Out of Stock", "Levitating"]
    )
    def test_it_stands_when_the_platform_tells_something_older(self, word: str) -> None:
        state = received().override("shipped", ago(days=4)).fact(word, ago(days=5)).state()
        assert (state.status, state.contested_at) == ("shipped", None)
        assert (
            state.provider_status == (catalogue.resolve("sendoso", word) or catalogue.UNMAPPED).slug
        )

    @pytest.mark.parametrize("word", ["Order Received", "Processing", "order_received"])
    def test_it_stands_when_the_platform_repeats_itself(self, word: str) -> None:
        history = received().override("shipped", ago(days=4)).fact(word, ago(days=1))
        assert history.state().status == "shipped"
        assert history.state().contested_at is None
        assert history.state().effects == {}

    def test_a_fact_of_the_very_moment_is_not_newer(self) -> None:
        history = received().override("shipped", ago(days=4)).fact("Canceled", ago(days=4))
        assert history.state().status == "shipped"

    def test_it_is_confirmed_by_the_same_status(self) -> None:
        state = received().override("shipped", ago(days=4)).fact("Shipped", ago(days=1)).state()
        assert (state.override, state.status, state.since) == (None, "shipped", ago(days=1))
        assert state.effects == {3: "confirmed"}

    def test_it_ends_when_the_platform_moves_on(self) -> None:
        state = received().override("shipped", ago(days=4)).fact("Delivered", ago(days=1)).state()
        assert (state.override, state.status) == (None, "delivered")
        assert state.effects == {3: "moved on"}

    @pytest.mark.parametrize("word", ["Out of Stock", "Fulfilling", "Levitating"])
    def test_it_is_contested_by_anything_else(self, word: str) -> None:
        state = received().override("shipped", ago(days=4)).fact(word, ago(days=1)).state()
        assert (state.status, state.contested_at) == ("shipped", ago(days=1))
        assert state.effects == {3: "contested"}

    def test_it_is_contested_since_the_first_contradiction(self) -> None:
        history = received().override("shipped", ago(days=4)).fact("Out of Stock", ago(days=2))
        assert history.fact("Fulfilling", ago(days=1)).state().contested_at == ago(days=2)

    def test_a_contested_one_still_ends_when_the_platform_comes_round(self) -> None:
        history = received().override("shipped", ago(days=4)).fact("Out of Stock", ago(days=2))
        state = history.fact("Delivered", ago(days=1)).state()
        assert (state.status, state.override, state.contested_at) == ("delivered", None, None)

    def test_setting_it_again_keeps_it(self) -> None:
        history = received().override("shipped", ago(days=4)).fact("Out of Stock", ago(days=2))
        state = history.override("shipped", ago(days=1)).state()
        assert (state.status, state.since, state.contested_at) == ("shipped", ago(days=1), None)

    def test_a_release_shows_the_platform_again(self) -> None:
        history = received().override("shipped", ago(days=4)).fact("Out of Stock", ago(days=2))
        state = history.change(EventKind.RELEASE, ago(days=1)).state()
        assert (state.status, state.since, state.contested_at) == (
            "out_of_stock",
            ago(days=2),
            None,
        )


class TestUndo:
    def test_it_restores_the_platforms_status(self) -> None:
        state = received().override("shipped", ago(days=4)).undo(2, ago(days=3)).state()
        assert (state.status, state.since, state.override) == ("order_received", ago(days=10), None)

    def test_it_restores_the_override_before(self) -> None:
        history = received().override("shipped", ago(days=4)).override("delivered", ago(days=3))
        state = history.undo(3, ago(days=2)).state()
        assert (state.status, state.since) == ("shipped", ago(days=4))

    def test_one_after_another_goes_all_the_way_back(self) -> None:
        history = received().override("shipped", ago(days=4)).override("delivered", ago(days=3))
        assert history.undo(3, ago(days=2)).undo(2, ago(days=1)).state().status == "order_received"

    def test_the_override_before_is_contested_by_what_it_had_not_met(self) -> None:
        history = received().override("shipped", ago(days=6)).override("delivered", ago(days=5))
        history.fact("Out of Stock", ago(days=4)).undo(3, ago(days=3))
        state = history.state()
        assert (state.status, state.contested_at) == ("shipped", ago(days=4))

    def test_the_override_before_is_contested_as_it_was(self) -> None:
        history = received().override("shipped", ago(days=6)).fact("Out of Stock", ago(days=5))
        history.override("delivered", ago(days=4)).undo(4, ago(days=3))
        assert history.state().contested_at == ago(days=5)

    def test_the_override_before_ends_where_the_platform_had_gone_beyond_it(self) -> None:
        history = received().override("shipped", ago(days=6)).override("undeliverable", ago(days=5))
        history.fact("Delivered", ago(days=4)).undo(3, ago(days=3))
        assert history.state().status == "delivered"

    @pytest.mark.parametrize(
        ("kind", "further"),
        [
            (EventKind.SNOOZE, {"until": None, "seen": "order_received"}),
            (EventKind.DONE, {"seen": "order_received"}),
            (EventKind.OWNER, {"owner": "jo"}),
            (EventKind.ESCALATE, {"reference": "T-1", "follow_up_at": NOW.isoformat()}),
            (EventKind.RELEASE, {}),
            (EventKind.RESOLVE, {}),
            (EventKind.WAKE, {}),
            (EventKind.NOTE, {}),
        ],
    )
    def test_what_was_taken_back_was_never_done(
        self, kind: EventKind, further: dict[str, Any]
    ) -> None:
        history = received().change(
            EventKind.ESCALATE, ago(days=8), reference="", follow_up_at=None
        )
        history.override("shipped", ago(days=7))
        history.change(EventKind.DONE, ago(days=6), seen="order_received")
        before = history.state()
        history.change(kind, ago(days=5), **further)
        assert (history.state() == before) is (kind is EventKind.NOTE)
        history.change(EventKind.UNDO, ago(days=4), kind=kind.value, undoes=5)
        assert history.state() == before

    @pytest.mark.parametrize("kind", [EventKind.OVERRIDE, EventKind.RELEASE, EventKind.ESCALATE])
    def test_it_ends_a_snooze_that_took_for_granted_what_was_taken_back(
        self, kind: EventKind
    ) -> None:
        history = received().change(kind, ago(days=5), "shipped", reference="", follow_up_at=None)
        history.change(EventKind.DONE, ago(days=4), seen="order_received")
        history.change(EventKind.UNDO, ago(days=3), kind=kind.value, undoes=2)
        assert history.state().snooze == Snooze.NONE

    def test_one_of_an_older_program_ends_every_snooze(self) -> None:
        history = received().change(EventKind.DONE, ago(days=5), seen="order_received")
        history.override("shipped", ago(days=4)).undo(3, ago(days=3))
        assert history.state().snooze == Snooze.NONE


class TestFactsWithoutTime:
    def test_a_later_step_counts_and_is_marked(self) -> None:
        state = received().fact("Shipped", None).state()
        assert (state.status, state.order_uncertain, state.provider_at) == ("shipped", True, None)

    def test_its_beginning_is_the_earliest_possible(self) -> None:
        assert received().fact("Shipped", None).state().since == ago(days=10)

    def test_an_earlier_step_is_history(self) -> None:
        state = received().fact("Confirming Address", None).state()
        assert (state.status, state.order_uncertain) == ("order_received", False)

    def test_another_step_of_the_same_rank_is_history(self) -> None:
        state = History().fact("Delivered", ago(days=2)).fact("Redeemed", None).state()
        assert (state.status, state.order_uncertain) == ("delivered", False)

    def test_alone_it_began_at_the_creation(self) -> None:
        state = History().fact("Shipped", None).state()
        assert (state.status, state.since) == ("shipped", CREATED)

    def test_a_time_told_later_takes_the_mark_away(self) -> None:
        state = received().fact("Shipped", None).fact("Shipped", ago(days=2)).state()
        assert (state.since, state.order_uncertain) == (ago(days=2), False)

    def test_of_several_the_latest_step_counts(self) -> None:
        words = ("Confirming Address", "Order Received", "Shipped", "Fulfilling")
        for order in permutations(words):
            history = History()
            for word in order:
                history.fact(word, None)
            assert history.state().status == "shipped"

    def test_hearing_it_again_does_not_make_it_newer(self) -> None:
        history = received().fact("Shipped", None, heard=ago(days=5))
        history.override("undeliverable", ago(days=4)).fact("Shipped", None, heard=ago(days=3))
        assert history.state().status == "undeliverable"

    def test_it_meets_an_override_that_was_there_when_it_was_heard(self) -> None:
        history = received().override("fulfilling", ago(days=4))
        assert history.fact("Shipped", None, heard=ago(days=3)).state().effects == {3: "moved on"}

    def test_it_is_older_than_an_override_made_after_it_was_heard(self) -> None:
        history = received().fact("Shipped", None, heard=ago(days=5))
        assert history.override("undeliverable", ago(days=4)).state().status == "undeliverable"


class TestRules:
    def test_it_makes_what_time_makes(self) -> None:
        history = History().fact("Sent", ago(days=9)).rule("sent", "refunded", ago(days=1))
        assert (history.state().status, history.state().since) == ("refunded", ago(days=1))

    def test_a_later_fact_supersedes_it(self) -> None:
        history = History().fact("Opened", ago(days=9)).rule("opened", "expired", ago(days=2))
        assert history.fact("Redeemed", ago(days=1)).state().status == "redeemed"

    def test_an_earlier_fact_that_was_late_makes_it_void(self) -> None:
        history = History().fact("Opened", ago(days=9)).rule("opened", "expired", ago(days=2))
        assert history.fact("Redeemed", ago(days=3)).state().status == "redeemed"


class TestRest:
    @pytest.mark.parametrize(
        ("kind", "further", "rest"),
        [
            (EventKind.SNOOZE, {"until": None}, Snooze.UNTIL_CHANGE),
            (EventKind.SNOOZE, {"until": NOW.isoformat()}, Snooze.UNTIL_TIME),
            (EventKind.DONE, {}, Snooze.DONE),
        ],
    )
    def test_only_a_change_by_the_platform_wakes_it(
        self, kind: EventKind, further: dict[str, Any], rest: Snooze
    ) -> None:
        history = received().change(kind, ago(days=5), seen="order_received", **further)
        assert history.state().snooze == rest
        history.fact("Processing", ago(days=4)).fact("Confirming Address", ago(days=12))
        history.change(EventKind.NOTE, ago(days=3)).change(EventKind.OWNER, ago(days=3), owner="jo")
        assert history.state().snooze == rest
        assert history.fact("Fulfilling", ago(days=2)).state().snooze == Snooze.NONE

    def test_one_unknown_word_after_another_is_a_change(self) -> None:
        history = History().fact("Levitating", ago(days=9))
        history.change(EventKind.DONE, ago(days=5), seen="Levitating")
        assert history.state().snooze == Snooze.DONE
        assert history.fact("Teleporting", ago(days=2)).state().snooze == Snooze.NONE

    @pytest.mark.parametrize("kind", [EventKind.OVERRIDE, EventKind.RELEASE, EventKind.ESCALATE])
    def test_an_agents_own_change_ends_it(self, kind: EventKind) -> None:
        history = received().change(EventKind.DONE, ago(days=5), seen="order_received")
        history.change(kind, ago(days=4), "shipped", reference="", follow_up_at=None)
        assert history.state().snooze == Snooze.NONE


def test_an_escalation_runs_until_it_is_resolved() -> None:
    history = received().change(
        EventKind.ESCALATE, ago(days=5), reference="T-1", follow_up_at=ago(days=3).isoformat()
    )
    state = history.state()
    assert (state.escalated_at, state.escalation_ref, state.follow_up_at) == (
        ago(days=5),
        "T-1",
        ago(days=3),
    )
    state = history.change(EventKind.RESOLVE, ago(days=2)).state()
    assert (state.escalated_at, state.escalation_ref, state.follow_up_at) == (None, "", None)


def test_a_clock_that_was_set_back_does_not_reorder_the_agents() -> None:
    history = received().override("shipped", ago(days=2)).override("delivered", ago(days=4))
    assert history.state().status == "delivered"
    assert history.state().since == ago(days=4)


class TestClocksThatDisagree:
    """Facts are told with the platform's clock and changes with the desk's, which may be wrong."""

    def test_a_change_comes_after_a_fact_that_lies_a_second_ahead(self) -> None:
        history = received().fact("Shipped", ago(days=1, seconds=-1), heard=ago(days=1))
        state = history.override("delivered", ago(days=1)).state()
        assert (state.status, state.since) == ("delivered", ago(days=1))
        assert (state.contested_at, state.effects) == (None, {})

    @pytest.mark.parametrize("days", [0.001, 1, 400, 20_000])
    def test_a_change_comes_after_a_fact_however_far_ahead(self, days: float) -> None:
        history = received().fact("Delivered", NOW + timedelta(days=days), heard=ago(days=1))
        assert history.override("undeliverable", ago(days=1)).state().status == "undeliverable"

    def test_a_fact_that_was_told_ahead_of_its_time_still_contests_what_was_set_before(
        self,
    ) -> None:
        history = received().override("shipped", ago(days=1))
        state = history.fact("Out of Stock", NOW, heard=ago(hours=23)).state()
        assert (state.status, state.contested_at) == ("shipped", ago(hours=23))

    def test_a_clock_a_year_ahead_does_not_hide_the_platform(self) -> None:
        history = History().fact("Order Received", ago(days=10), heard=ago(days=9))
        history.override("shipped", NOW + timedelta(days=365))
        assert history.state().status == "shipped"
        history.fact("Delivered", ago(hours=3), heard=ago(hours=2))
        state = history.state()
        assert (state.status, state.effects) == ("delivered", {3: "moved on"})

    def test_what_is_older_than_such_a_change_still_is(self) -> None:
        history = History().fact("Order Received", ago(days=10), heard=ago(days=3))
        history.override("shipped", NOW + timedelta(days=365))
        state = history.fact("Out of Stock", ago(days=4), heard=ago(hours=2)).state()
        assert (state.status, state.since, state.contested_at) == ("shipped", ago(hours=2), None)

    def test_a_plan_that_was_told_is_never_the_present(self) -> None:
        history = received().fact("Shipped", NOW + timedelta(days=17), heard=ago(days=9))
        assert history.state().status == "order_received"
        state = history.fact("Undeliverable", ago(days=2), heard=ago(days=1)).state()
        assert (state.status, state.since) == ("undeliverable", ago(days=2))

    def test_the_only_word_counts_from_when_it_was_told(self) -> None:
        state = History().fact("Shipped", NOW + timedelta(days=17), heard=ago(days=9)).state()
        assert (state.status, state.since, state.provider_at) == (
            "shipped",
            ago(days=9),
            ago(days=9),
        )

    def test_a_word_in_the_local_time_of_elsewhere_counts_from_when_it_was_told(self) -> None:
        history = received().fact("Shipped", ago(hours=-9), heard=NOW)
        assert (history.state().status, history.state().since) == ("shipped", NOW)

    def test_facts_keep_their_order_when_a_clock_was_set_back(self) -> None:
        history = received().fact("Undeliverable", ago(days=3)).fact("Shipped", ago(days=2))
        history.override("delivered", ago(days=9000))
        assert history.state().provider_status == "shipped"
        assert history.state().status == "delivered"

    def test_what_was_contested_stays_so_when_a_clock_was_set_back(self) -> None:
        history = received().override("shipped", ago(days=4)).fact("Out of Stock", ago(days=2))
        history.change(EventKind.SNOOZE, ago(days=9000), until=None, seen="out_of_stock")
        assert history.state().status == "shipped"
        assert history.state().contested_at is not None

    @pytest.mark.parametrize(
        ("override", "word"),
        [("shipped", "Canceled"), ("shipped", "Refunded"), ("fulfilling", "Undeliverable"),
         ("order_received", "Undeliverable")],
    )  # fmt: skip
    def test_only_usual_stations_lead_on(self, override: str, word: str) -> None:
        state = History().override(override, ago(days=4)).fact(word, ago(days=1)).state()
        usual = word == "Undeliverable"
        assert (state.status, state.contested_at is None) == (
            "undeliverable" if usual else override,
            usual,
        )


_kinds = st.sampled_from(["fact", "override", "snooze", "release", "owner"])
_moments = st.integers(-400, 400).map(lambda days: NOW + timedelta(days=days))


@given(
    steps=st.lists(
        st.tuples(_kinds, _moments, _moments | st.none(), st.sampled_from(range(9))), max_size=9
    )
)
def test_clocks_that_jump_take_nothing_away(
    steps: list[tuple[str, datetime, datetime | None, int]],
) -> None:
    """Whatever the clocks say: each change has its effect, and only the platform or an agent ends it."""
    history = received()
    before = history.state()
    for kind, clock, at, pick in steps:
        match kind:
            case "fact":
                history.fact(_WORDS[pick], at, heard=clock)
            case "override":
                history.override(_TARGETS[pick % len(_TARGETS)], clock)
            case "snooze":
                history.change(EventKind.SNOOZE, clock, until=None, seen=before.word)
            case "release":
                history.change(EventKind.RELEASE, clock)
            case _:
                history.change(EventKind.OWNER, clock, owner=str(pick))
        state = history.state()
        match kind:
            case "override":
                assert state.status == _TARGETS[pick % len(_TARGETS)]
                assert state.contested_at is None
            case "snooze":
                assert state.snooze is Snooze.UNTIL_CHANGE
            case "release":
                assert state.status == state.provider_status
            case "owner":
                assert state.owner == str(pick)
        if kind not in ("fact", "override", "release"):
            assert (state.contested_at is None) == (before.contested_at is None)
            assert (state.status, state.provider_status) == (before.status, before.provider_status)
        before = state


def test_a_send_of_which_nothing_was_told_has_no_status() -> None:
    state = fold("sendoso", ())
    assert (state.status, state.since, state.override) == ("", None, None)


_WORDS = ("Initiated", "Confirming Address", "Order Received", "Processing", "Fulfillment Issue",
          "Shipped", "Delivered", "Canceled", "Levitating", "Teleporting")  # fmt: skip
_TARGETS = ("shipped", "delivered", "canceled")
_facts = st.lists(
    st.tuples(st.sampled_from(_WORDS), st.none() | st.integers(1, 8).map(lambda n: ago(days=n))),
    min_size=1,
    max_size=7,
)
_targets = st.lists(
    st.tuples(st.sampled_from(["shipped", "delivered", "canceled"]), st.integers(1, 8)), max_size=3
)


@given(facts=_facts, targets=_targets, data=st.data())
def test_facts_in_any_order_and_number_end_alike(
    facts: list[tuple[str, datetime | None]], targets: list[tuple[str, int]], data: st.DataObject
) -> None:
    def told(order: list[tuple[str, datetime | None]]) -> SendState:
        history = History()
        for slug, day in sorted(targets, key=lambda item: -item[1]):
            history.override(slug, ago(days=day, hours=-1))
        for word, at in order:
            history.fact(word, at, heard=ago(hours=12))
        state = history.state()
        state.effects.clear()
        return state

    again = data.draw(st.lists(st.sampled_from(facts), max_size=4))
    shuffled = data.draw(st.permutations([*facts, *again]))
    assert told(facts) == told(shuffled)

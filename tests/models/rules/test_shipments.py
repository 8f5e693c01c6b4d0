"""Which shipments are in question, and how reports of one are put in order."""

from datetime import timedelta
from itertools import combinations, permutations

import pytest

from models.errors import DeskError
from models.providers import PROVIDERS, catalogue
from models.providers.goody.shipments import SHIPMENT_STATES
from models.providers.provider import Provider
from models.providers.status import UNMAPPED_SLUG, Stage
from models.records import Case, Shipment
from models.rules.shipments import (
    asked_about,
    by_concern,
    change_words,
    choices,
    in_question,
    is_late,
    merged,
    name_of,
    pick,
    state_word,
)
from tests.support.sample_cases import NOW, ago, sample_case

STATES = [state.slug for state in SHIPMENT_STATES]


def shipment(name: str, status: str, number: str = "", **more: object) -> Shipment:
    return Shipment(external_id=name, status=status, tracking_number=number)._replace(**more)


def order(*shipments: Shipment) -> Case:
    case = sample_case(provider="goody", type="order", status="shipped")
    return case._replace(shipments=shipments)


def names(shipments: object) -> list[str]:
    assert isinstance(shipments, list | tuple)
    return [each.external_id for each in shipments]


class TestStates:
    def test_goody_has_eight_each_with_meaning_and_guidance(self) -> None:
        assert len(STATES) == len(set(STATES)) == 8
        for state in SHIPMENT_STATES:
            assert state.meaning.endswith(".")
            assert state.advice.endswith(".")
            assert state.source
        assert [state.rank for state in SHIPMENT_STATES] == sorted(
            {state.rank for state in SHIPMENT_STATES}
        )

    @pytest.mark.parametrize("provider", PROVIDERS, ids=lambda each: each.key)
    def test_each_step_leads_to_a_state_that_there_is(self, provider: Provider) -> None:
        known = {state.slug for state in provider.shipment_states}
        for state in provider.shipment_states:
            assert set(state.next) <= known
            assert state.final or state.next
            assert state.provider == provider.key

    def test_an_unknown_word_is_kept_and_shown_in_quotes(self) -> None:
        odd = shipment("a", "Abducted [/]")
        assert catalogue.shipment_state("goody", odd.status).slug == UNMAPPED_SLUG
        assert state_word("goody", odd) == "“Abducted [/]”"
        assert state_word("goody", shipment("a", "")) == "no state"

    def test_a_platform_without_states_for_shipments_uses_those_of_its_sends(self) -> None:
        assert catalogue.shipment_state("sendoso", "undeliverable").stage is Stage.PROBLEM
        assert state_word("sendoso", shipment("a", "order_received")) == "Order Received"


class TestInQuestion:
    def test_failed_ones_come_first_then_what_is_awaited_then_what_arrived(self) -> None:
        a, b, c, d, e = (
            shipment("a", "failed_with_reship"),
            shipment("b", "delivered"),
            shipment("c", "pending"),
            shipment("d", "shipped", "1Z"),
            shipment("e", "failed_unset_tracking"),
        )
        assert names(by_concern("goody", (a, b, c, d, e))) == ["e", "d", "c", "b", "a"]
        assert names(in_question("goody", (a, b, c, d, e))) == ["e"]
        assert names(in_question("goody", (a, b, c, d))) == ["d", "c"]
        assert names(in_question("goody", (a, b))) == ["b"]
        assert names(in_question("goody", (a,))) == ["a"]
        assert in_question("goody", ()) == ()

    def test_there_is_a_choice_only_where_several_are_in_question(self) -> None:
        moving, lost = shipment("a", "shipped"), shipment("b", "failed")
        assert choices(order(moving, lost)) == []
        assert names(choices(order(moving, shipment("c", "shipped")))) == ["a", "c"]
        assert names(choices(order(moving, lost, lost._replace(external_id="c")))) == [
            "b",
            "c",
            "a",
        ]

    def test_nothing_is_asked_before_anything_has_left_or_once_one_is_picked(self) -> None:
        two = order(shipment("a", "pending"), shipment("b", "tracking"))
        assert choices(two) == []
        moving = order(shipment("a", "shipped"), shipment("b", "shipped"))
        assert choices(moving._replace(asked_about=moving.shipments[:1])) == []

    @pytest.mark.parametrize(("word", "found"), [("1Z", "b"), ("a", "a"), ("1", "b"), (" 2 ", "a")])
    def test_one_is_picked_by_number_id_or_place(self, word: str, found: str) -> None:
        case = order(shipment("a", "shipped"), shipment("b", "failed", "1Z"))
        assert names(asked_about(pick(case, word))) == [found]

    def test_one_that_is_not_there_is_refused_with_those_that_are(self) -> None:
        with pytest.raises(DeskError, match="has no shipment “9”: there are 1 1Z, 2 a"):
            pick(order(shipment("a", "shipped"), shipment("b", "failed", "1Z")), "9")
        with pytest.raises(DeskError, match="it has none"):
            pick(order(), "1")

    def test_only_what_is_still_awaited_is_late(self) -> None:
        past = {"expected_at": ago(days=1)}
        assert is_late("goody", shipment("a", "shipped", **past), NOW)
        assert not is_late("goody", shipment("a", "delivered", **past), NOW)
        assert not is_late("goody", shipment("a", "shipped", expected_at=NOW), NOW)

    def test_its_name_is_its_number_else_its_brand_else_its_id(self) -> None:
        assert name_of(shipment("e5d4c3b2-a190", "shipped", "1Z", carrier="UPS")) == "UPS 1Z"
        assert name_of(shipment("e5d4c3b2-a190", "shipped", brand="Leaf House")) == "Leaf House"
        assert name_of(shipment("e5d4c3b2-a190", "shipped", carrier="UPS")) == "UPS e5d4c3b2"


class TestMerged:
    def test_reports_without_times_end_alike_in_any_order(self) -> None:
        for told in combinations(STATES, 3):
            ends = set()
            for first, *rest in permutations(told):
                known = shipment("a", first)
                for status in (*rest, first, *rest):
                    known = merged("goody", known, shipment("a", status), "same")
                ends.add(known.status)
            assert ends == {max(told, key=STATES.index)}

    def test_the_later_time_beats_the_rank(self) -> None:
        failed = shipment("a", "failed_with_reship", shipped_at=ago(days=5))
        arrived = shipment("a", "delivered", shipped_at=ago(days=5), delivered_at=ago(days=1))
        for one, other in permutations((failed, arrived)):
            assert merged("goody", one, other, "same").status == "delivered"

    def test_a_payload_that_is_newer_as_a_whole_counts(self) -> None:
        arrived, lost = shipment("a", "delivered"), shipment("a", "failed")
        assert merged("goody", arrived, lost, "newer") == lost
        assert merged("goody", arrived, lost, "older") == arrived

    def test_what_one_report_leaves_out_the_other_fills_in(self) -> None:
        known = shipment("a", "shipped", "1Z", carrier="UPS", expected_at=NOW + timedelta(days=2))
        told = shipment("a", "delivered", brand="Leaf House")
        assert merged("goody", known, told, "same") == known._replace(
            status="delivered", brand="Leaf House"
        )


def test_a_change_is_told_in_a_few_words() -> None:
    before = shipment("a", "tracking", "1Z", carrier="UPS")
    after = before._replace(status="shipped", expected_at=NOW + timedelta(days=2))
    assert change_words("goody", None, before) == "UPS 1Z: new, Label made"
    assert (
        change_words("goody", before, after) == "UPS 1Z: Label made → Shipped, expected 2025-11-23"
    )
    assert change_words("goody", after, after) == ""
    renumbered = after._replace(tracking_number="77")
    assert change_words("goody", after, renumbered) == "UPS 77: number before: 1Z"
    assert (
        change_words("goody", after, after._replace(brand="X"))
        == "UPS 1Z: Shipped, details changed"
    )

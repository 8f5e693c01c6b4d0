"""Counts, facets and empty lists in the words and shapes that the widgets show."""

import pytest

from models.desk import Desk
from models.query import parse
from models.reading.counts import Count
from models.reading.facet_counts import Facets, FacetValue
from models.rules.views import VIEWS, View
from tests.support.desk_cases import arrive, egift, fact, parcel
from tests.support.sample_cases import NOW, ago
from tui.desk.labels import (
    facet_label,
    facet_labels,
    facet_mark,
    nothing_here,
    picker_groups,
    rail_groups,
    sort_shown,
    tone_of,
    too_many_to_mark,
    view_tabs,
)
from tui.keys import Keys


def test_what_is_over_or_due_now_is_an_error_and_what_has_time_is_quiet() -> None:
    tones = {each: tone_of(each) for each in ("over", "now", "soon", "ok", "none")}
    assert tones == {
        "over": "error",
        "now": "error",
        "soon": "warning",
        "ok": "muted",
        "none": "muted",
    }


def test_views_have_their_counts_and_only_triage_is_urgent() -> None:
    tabs = view_tabs(VIEWS, {"Triage": Count(45)})
    assert [tab.name for tab in tabs] == [view.name for view in VIEWS]
    assert [tab.count for tab in tabs] == [Count(45), *[None] * (len(VIEWS) - 1)]
    assert [tab.name for tab in tabs if tab.urgent] == ["Triage"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ("due", False)),
        ("sort:-created", ("created", True)),
        ("sort:owner,-due", ("owner", False)),
    ],
)
def test_the_list_shows_its_first_sort_key(text: str, shown: tuple[str, bool]) -> None:
    assert sort_shown(parse(text, me="ana", now=NOW)) == shown


@pytest.mark.parametrize(
    ("key", "value", "label"),
    [
        ("status", "sendoso:order_received", "Order Received"),
        ("platform", "goody", "Goody"),
        ("type", "egift", "eGift"),
        ("urgency", "over", "past limit"),
        ("owner", "", "nobody"),
        ("owner", "jo", "jo"),
        ("type", "balloon", "balloon"),
    ],
)
def test_values_read_as_agents_call_them(key: str, value: str, label: str) -> None:
    assert facet_label(key, value) == label


def test_statuses_and_urgencies_have_signs_and_other_values_have_none() -> None:
    assert facet_mark("urgency", "over", ascii=False) == ("▲", "error")
    sign, _ = facet_mark("status", "sendoso:order_received", ascii=True)
    assert sign.isascii()
    assert sign
    assert facet_mark("owner", "jo", ascii=False) == ("", "text")


def test_the_rail_shows_the_commonest_statuses_and_counts_the_rest() -> None:
    slugs = "order_received shipped delivered failed fulfilling canceled sent opened clicked used"
    statuses = tuple(FacetValue(f"sendoso:{slug}", 9) for slug in slugs.split())
    query = parse("status:sendoso:shipped", me="ana", now=NOW)

    (group,) = rail_groups(Facets(status=statuses), query, me="ana", ascii=False)

    assert group.heading == "STATUS"
    assert (len(group.facets), group.more) == (8, 2)
    assert [facet.label for facet in group.facets if facet.chosen] == ["Shipped"]


def test_too_many_sends_to_mark_are_counted_and_led_to_the_command() -> None:
    assert too_many_to_mark(12_000).startswith("12,000 sends are too many to mark")
    assert "senddesk set --query" in too_many_to_mark(12_000)


class TestNothingHere:
    def test_an_empty_desk_is_filled_by_a_command(self, desk: Desk) -> None:
        said = nothing_here(desk, VIEWS[0], desk.parse(VIEWS[0].query), Keys())
        assert said.startswith("No sends yet.")
        assert "senddesk import FILE" in said

    def test_a_filter_names_itself_and_the_keys_out_of_it(self, desk: Desk) -> None:
        arrive(desk, parcel(1))
        query = desk.parse("is:triage owner:nobody_here")
        said = nothing_here(desk, VIEWS[0], query, Keys({"desk.filter": "ctrl+f"}))
        assert said.startswith(f"No send matches  {query}")
        assert "back to Triage" in said
        assert "Ctrl+F  change the filter" in said

    def test_an_empty_triage_names_who_comes_next(self, desk: Desk) -> None:
        arrive(desk, parcel(1, fact("Order Received", ago(days=2))))
        said = nothing_here(desk, VIEWS[0], desk.parse(VIEWS[0].query), Keys())
        assert said.startswith("Nothing needs an agent. Next, in 5d: S-1 ")

    def test_an_empty_triage_without_limits_names_nobody(self, desk: Desk) -> None:
        arrive(desk, egift(1, fact("Used", ago(days=2))))
        said = nothing_here(desk, VIEWS[0], desk.parse(VIEWS[0].query), Keys())
        assert said.startswith("Nothing needs an agent.\n")

    def test_another_view_leads_back_to_triage(self, desk: Desk) -> None:
        arrive(desk, parcel(1))
        view = View("8", "Late", "is:escalated")
        said = nothing_here(desk, view, desk.parse(view.query), Keys())
        assert said == "Nothing in Late.\n\n1  Triage     0  every send"


def test_statuses_of_two_platforms_with_one_name_are_told_apart() -> None:
    labels = facet_labels("status", ["sendoso:delivered", "goody:delivered", "goody:created"])

    assert labels == {
        "sendoso:delivered": "Delivered · Sendoso",
        "goody:delivered": "Delivered · Goody",
        "goody:created": "Created",
    }


def test_a_name_that_only_one_platform_has_in_the_list_stays_short() -> None:
    assert facet_labels("status", ["sendoso:delivered"]) == {"sendoso:delivered": "Delivered"}


def test_the_picker_never_shows_two_values_of_one_name() -> None:
    shared = ("delivered", "shipped", "canceled", "expired")
    statuses = [f"{platform}:{slug}" for slug in shared for platform in ("sendoso", "goody")]
    facets = Facets(status=tuple(FacetValue(value, 1) for value in statuses))

    (labels,) = [
        [choice.label for choice in group.choices]
        for group in picker_groups(facets, ascii=False)
        if group.key == "status"
    ]

    assert len(set(labels)) == len(statuses)

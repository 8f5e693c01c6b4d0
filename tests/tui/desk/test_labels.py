"""Counts and facets in the words that the widgets show."""

from models.reading.counts import Facets, FacetValue
from tui.desk.labels import facet_labels, picker_groups


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

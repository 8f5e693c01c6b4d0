"""Changing a filter without typing: values, sort keys, terms taken out."""

import pytest

from models.errors import BadQuery
from models.query import values_of, with_sort, with_values, without, without_sort
from tests.support.filters import read


def test_the_status_picker_sees_and_sets_statuses_of_each_platform() -> None:
    query = read("a status:shipped -status:paid sort:due")
    assert set(values_of(query, "status")) == {"sendoso:shipped", "goody:shipped"}
    changed = with_values(query, "status", ["goody:shipped"])
    assert str(changed) == changed.text == "a status:goody:shipped -status:paid sort:due"
    both = with_values(changed, "status", ["goody:shipped", "sendoso:shipped", "goody:paid"])
    assert str(both) == "a status:shipped,paid -status:paid sort:due"


def test_no_values_ask_nothing() -> None:
    assert str(with_values(read("status:shipped"), "status", [])) == ""
    assert str(with_values(read("a OR b"), "type", ["egift"])) == "(a OR b) type:egift"


def test_owners_may_be_nobody_or_me() -> None:
    query = with_values(read(""), "owner", ["", "Jo Ann", "none"])
    assert str(query) == 'owner:@none,"Jo Ann","none"'
    assert values_of(query, "owner") == ("", "Jo Ann", "none")
    assert values_of(read("@me"), "owner", me="ana") == ("ana",)


def test_two_terms_of_one_key_allow_what_both_do() -> None:
    query = read("urgency:over,now urgency:now,soon")
    assert values_of(query, "urgency") == ("now",)
    assert str(with_values(query, "urgency", ["ok"])) == "urgency:ok"


def test_an_unknown_value_is_refused() -> None:
    with pytest.raises(BadQuery, match="not a stage"):
        with_values(read(""), "stage", ["nowhere"])


def test_a_key_can_be_taken_out() -> None:
    assert str(without(read("type:egift a -type:order"), "type")) == "a -type:order"
    query = read("a")
    assert without(query, "type") is query


def test_sorting_again_turns_the_order_round() -> None:
    query = with_sort(read("a sort:-since"), "due")
    assert str(query) == "a sort:due"
    assert str(with_sort(query, "due")) == "a sort:-due"
    assert str(with_sort(with_sort(query, "due"), "due")) == "a sort:due"
    assert str(without_sort(query)) == "a"

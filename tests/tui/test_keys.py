"""The table of keys: complete, without two actions on one key, and shown as agents read it."""

import pkgutil
from collections import Counter
from importlib import import_module

import pytest
from textual.binding import Binding
from textual.dom import DOMNode

import tui
from tui.keys import (
    DESK_KEYS,
    KEYS,
    SCOPES_TOGETHER,
    USUAL_KEYS,
    Keys,
    in_force,
    key_label,
    key_name,
)


def own_bindings() -> list[str]:
    """Return the ids of the bindings that the classes of `tui` declare themselves."""
    for module in pkgutil.walk_packages(tui.__path__, "tui."):
        if module.name != "tui.__main__":
            import_module(module.name)
    found, classes = [], [DOMNode]
    for each in classes:
        classes += [kind for kind in each.__subclasses__() if kind not in classes]
        if each.__module__.startswith("tui."):
            found += [b.id for b in vars(each).get("BINDINGS", []) if isinstance(b, Binding)]
    return [name for name in found if name is not None]


def test_every_binding_is_a_row_of_the_table_and_every_row_is_bound_once() -> None:
    assert Counter(own_bindings()) == Counter(row.id for row in KEYS)


def test_every_scope_is_judged_with_those_that_work_beside_it() -> None:
    assert {row.scope for row in KEYS} == frozenset().union(*SCOPES_TOGETHER)


@pytest.mark.parametrize("scopes", SCOPES_TOGETHER, ids=lambda scopes: "-".join(sorted(scopes)))
def test_no_key_runs_two_actions_at_one_place(scopes: frozenset[str]) -> None:
    keys = [key for row in KEYS if row.scope in scopes for key in USUAL_KEYS.of(row.id)]
    assert [key for key, count in Counter(keys).items() if count > 1] == []


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("j", "j"), ("G", "G"), ("down", "↓"), ("pageup", "PgUp"), ("escape", "Esc"), ("f12", "F12"),
        ("ctrl+d", "Ctrl+D"), ("shift+tab", "Shift+Tab"), ("full_stop", "."), ("semicolon", ";"),
        ("?", "?"), ("left_curly_bracket", "{"), ("ctrl+pageup", "Ctrl+PgUp"), ("é", "é"),
    ],
)  # fmt: skip
def test_a_key_reads_as_agents_know_it(key: str, label: str) -> None:
    assert key_label(key) == label


@pytest.mark.parametrize(
    ("key", "name"),
    [("?", "question_mark"), ("-", "minus"), (";", "semicolon"), ("t", "t"), ("ctrl+t", "ctrl+t")],
)
def test_a_sign_may_be_written_as_itself(key: str, name: str) -> None:
    assert key_name(key) == name


def test_sentences_and_hints_name_the_agents_own_keys() -> None:
    keys = Keys({"desk.undo": "ctrl+z,X", "dialog.back": "f4"})

    assert keys.fill("{desk.undo} takes it back, {no.such} and {} stay.") == (
        "Ctrl+Z takes it back, {no.such} and {} stay."
    )
    assert keys.hints((("{dialog.back}", "cancel"), ("{pick.up} {pick.down}", "move"))) == (
        ("f4", "cancel"),
        ("↑↓", "move"),
    )
    assert keys.all_shown("desk.undo") == "Ctrl+Z  X"
    assert keys.shown("desk.redo") == "U"


def test_the_palette_offers_what_acts_on_the_desk() -> None:
    assert {row.scope for row in DESK_KEYS} == {"desk", "list"}


@pytest.mark.parametrize(
    ("own", "suspends"),
    [
        ({}, "Ctrl+Z"),
        ({"desk.undo": "u, ctrl+z"}, ""),
        ({"desk.undo": "ctrl+z", "app.suspend": "ctrl+x"}, "Ctrl+X"),
        ({"desk.undo": "ctrl+y"}, "Ctrl+Z"),
    ],
)
def test_a_key_of_the_app_gives_way_to_what_the_agent_uses_it_for(
    own: dict[str, str], suspends: str
) -> None:
    keys = Keys(in_force(own))
    assert keys.shown("app.suspend") == suspends
    assert all(keys.of(row_id) for row_id in own)

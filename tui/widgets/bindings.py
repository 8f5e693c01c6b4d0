"""The table of keys as Textual's bindings, and the keys of a running app."""

from typing import Any

from textual.app import App
from textual.binding import Binding, BindingType
from textual.events import Key

from tui.keys import KEYS, NO_KEY, Keys, Scope, character_of


def bindings(*scopes: Scope) -> list[BindingType]:
    """Return the bindings of every row of *scopes*, for the `BINDINGS` of a screen or widget."""
    return [
        Binding(
            row.keys or NO_KEY,
            row.action,
            row.description,
            show=False,
            priority=row.first,
            id=row.id,
        )
        for row in KEYS
        if row.scope in scopes
    ]


def keys_of(app: App[Any]) -> Keys:
    """Return the keys as they are now in *app*: those of the table, and the agent's own."""
    return Keys(app._keymap, read_only=getattr(app, "read_only", False))


def press(app: App[Any], key: str) -> None:
    """Do what *key*, which is in Textual's names, does now; an empty one does nothing."""
    if key:
        app.post_message(Key(key, character_of(key)))

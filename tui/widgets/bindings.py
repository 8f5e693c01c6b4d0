"""The table of keys as Textual's bindings, and the keys of a running app."""

from typing import Any

from textual.app import App
from textual.binding import Binding, BindingType

from tui.keys import KEYS, NO_KEY, Keys, Scope


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
    return Keys(app._keymap)

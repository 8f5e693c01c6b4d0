"""Stored rows whose values have other types than their columns.

SQLite takes a value of any type in any column, so whoever may write the file can make such a row. It
must not end the program that reads it.
"""

from collections.abc import Sequence
from typing import Any, Final, get_args

from models.records import SendRecord

_TYPES: Final = {
    name: frozenset(get_args(kind) or (kind,)) for name, kind in SendRecord.__annotations__.items()
}
"""The types that each field of a send may have."""
_INSTEAD: Final = {int: 0, bool: False}
_seen: set[tuple[type, ...]] = set()
"""The types of rows that are as they should be: a few hundred, as few columns may be empty."""


def typed_send(values: Sequence[Any]) -> SendRecord:
    """Return the send of *values*, in the order of its fields.

    In place of a text, bytes are read as UTF-8 and anything else as Python writes it; in place of
    another value stands None, 0 or False. `models.history.audit` names the send.
    """
    types = tuple(map(type, values))
    if types in _seen:
        return SendRecord._make(values)
    wrong = misfits(values)
    if not wrong:
        _seen.add(types)
        return SendRecord._make(values)
    named = dict(zip(SendRecord._fields, values, strict=True))
    return SendRecord(**(named | {name: _put_right(name, named[name]) for name in wrong}))


def misfits(values: Sequence[Any]) -> list[str]:
    """Return the names of the fields of a send whose *values* have another type."""
    return [
        name
        for (name, types), value in zip(_TYPES.items(), values, strict=True)
        if type(value) not in types
    ]


def plain_text(value: object) -> object:
    """Return *value*, bytes as text: signs that are not UTF-8 become �."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _put_right(name: str, value: object) -> Any:
    types = _TYPES[name]
    if str in types:
        return str(plain_text(value))
    return None if type(None) in types else next(_INSTEAD[kind] for kind in types)

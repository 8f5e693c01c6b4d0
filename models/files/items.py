"""What reading a file gives: sends, and records that are none with the reason."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from models.files.columns import Clash, Header
from models.providers import PROVIDERS
from models.providers.catalogue import resolve
from models.providers.provider import BadPayload, Incoming, Provider
from models.values.text import display_text

_LONGEST_CELL = 10_000
_UUID_LENGTH = 36


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record of a file that could not be read as a send."""

    line: int
    """Where it starts, counted from 1: a line, or an item of a JSON array."""
    reason: str
    row: Mapping[str, str] = field(default_factory=dict)
    """Its cells by the names the file gives them, each bounded."""
    unit: Literal["line", "item"] = "line"

    @property
    def place(self) -> str:
        """Where it is, in words: `line 12`, `item 3`."""
        return f"{self.unit} {self.line}"


Read = Incoming | Rejected


class NoSend(ValueError):
    """A record is no send; the message says why."""


@lru_cache(maxsize=64)
def provider_named(name: str) -> Provider:
    """Return the platform with this key or name, in any case.

    Raises:
        NoSend: If the desk knows none of that name.
    """
    wanted = name.strip().casefold()
    for provider in PROVIDERS:
        if wanted in (provider.key, provider.name.casefold()):
            return provider
    keys = " or ".join(provider.key for provider in PROVIDERS)
    raise NoSend(f"“{display_text(name, 40)}” is no platform of this desk: {keys}")


def read_cells(header: Header, cells: list[str], forced: Provider | None) -> Incoming:
    """Read the cells of one row.

    Raises:
        NoSend: If they are no send.
    """
    try:
        row = header.row(cells)
        return (forced or _provider_of(header, row)).payloads.read_row(row)
    except (Clash, BadPayload) as problem:
        raise NoSend(str(problem)) from None


def read_object(value: object, forced: Provider | None) -> Incoming:
    """Read one JSON value: a send as its platform writes it, or a row of a table.

    Raises:
        NoSend: If it is no send.
    """
    if not isinstance(value, dict):
        raise NoSend("not a JSON object")
    try:
        for provider in (forced,) if forced else PROVIDERS:
            if provider.payloads.recognises(value):
                return provider.payloads.read(value)
        header = _header(tuple(value))
        if header.is_of_sends:
            return read_cells(header, [_cell(each) for each in value.values()], forced)
        if forced:
            return forced.payloads.read(value)
    except BadPayload as problem:
        raise NoSend(str(problem)) from None
    raise NoSend("neither a send of Sendoso nor an order of Goody")


def kept_cells(names: list[str], cells: list[str]) -> dict[str, str]:
    """Return the cells of a rejected row, with those beyond the header's last column."""
    extra = [f"extra cell {place}" for place in range(1, len(cells) - len(names) + 1)]
    return {name: cell[:_LONGEST_CELL] for name, cell in zip([*names, *extra], cells, strict=False)}


def kept_json(value: object) -> dict[str, str]:
    """Return a rejected JSON value as one cell."""
    try:
        return {"json": json.dumps(value, ensure_ascii=False)[:_LONGEST_CELL]}
    except RecursionError:
        return {"json": "…"}


def _provider_of(header: Header, row: Mapping[str, str]) -> Provider:
    """Return the platform of a row: as it says, as its columns say, or as its words suggest."""
    if name := row.get("provider", ""):
        return provider_named(name)
    known = header.provider
    if known is None:
        status = row.get("status", "")
        fitting = [each.key for each in PROVIDERS if resolve(each.key, status)]
        identifier = row.get("id", "")
        looks_like_goody = len(identifier) == _UUID_LENGTH and identifier.count("-") == 4
        known = "goody" if looks_like_goody or fitting == ["goody"] else "sendoso"
    return provider_named(known)


@lru_cache(maxsize=16)
def _header(names: tuple[str, ...]) -> Header:
    """Return the header of JSON objects with these *names*: those of one file mostly have the same."""
    return Header(names)


def _cell(value: Any) -> str:
    """Return a JSON value as a table would hold it."""
    match value:
        case str():
            return value
        case None | bool() | dict() | list():
            return ""
        case _:
            return str(value)

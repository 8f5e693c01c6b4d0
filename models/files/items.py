"""Reading one record of a file: it is a send, or it is rejected with a reason."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from models.files.columns import Clash, Header
from models.providers import PROVIDERS
from models.providers.catalogue import either, resolve
from models.providers.incoming import BadPayload, Incoming
from models.providers.provider import Provider
from models.values.text import display_text

_LONGEST_CELL = 10_000


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record of a file that is not a send."""

    line: int
    """The number of its first line, or of its item in a JSON array; the first is 1."""
    reason: str
    """Why it is not a send, in words for an agent."""
    row: Mapping[str, str] = field(default_factory=dict)
    """Its cells by the names of the columns in the file, each cut to 10,000 characters."""
    unit: Literal["line", "item"] = "line"
    """What *line* counts."""

    @property
    def place(self) -> str:
        """Where it is, in words: `line 12`, `item 3`."""
        return f"{self.unit} {self.line}"


Read = Incoming | Rejected
"""What reading one record gives."""


class NoSend(ValueError):
    """A record is not a send; the message says why."""


class UnknownProvider(NoSend):
    """A row may be a send, but does not say of which provider."""

    def __init__(self) -> None:
        options = either(f"--provider {each.key}" for each in PROVIDERS)
        super().__init__(f"nothing says which platform this is from; name it with {options}")


@lru_cache(maxsize=64)
def provider_named(name: str) -> Provider:
    """Return the provider with this key or name, in upper or lower case.

    Raises:
        NoSend: If there is none.
    """
    wanted = name.strip().casefold()
    for provider in PROVIDERS:
        if wanted in (provider.key, provider.name.casefold()):
            return provider
    keys = either(provider.key for provider in PROVIDERS)
    raise NoSend(f"“{display_text(name, 40)}” is no platform of this desk: {keys}")


def read_cells(header: Header, cells: list[str], forced: Provider | None) -> Incoming:
    """Read one row of a table.

    Args:
        header: The header of the table.
        cells: The cells of the row, not more than the header has.
        forced: The provider, if the agent has named it.

    Raises:
        UnknownProvider: If it may be a send of several providers.
        NoSend: If it is not a send for another reason.
    """
    try:
        row = header.row(cells)
        return (forced or _provider_of(header, row)).payloads.read_row(row)
    except (Clash, BadPayload) as problem:
        raise NoSend(str(problem)) from None


def read_object(value: object, forced: Provider | None) -> Incoming:
    """Read one JSON value: a send as the API of its provider returns it, or a row of a table.

    Args:
        value: The value, as `json.loads` returns it.
        forced: The provider, if the agent has named it.

    Raises:
        UnknownProvider: If it may be a send of several providers.
        NoSend: If it is not a send for another reason.
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
    raise NoSend(f"neither {' nor '.join(each.record for each in PROVIDERS)}")


def holds_send(items: Iterable[object], forced: Provider | None) -> bool:
    """Whether one of *items* is a send, or looks like one in which something is missing.

    Raises:
        UnknownProvider: If none is, and one may be a send of several providers.
    """
    unknown = None
    for item in items:
        try:
            read_object(item, forced)
        except UnknownProvider as problem:
            unknown = problem
        except NoSend:
            if isinstance(item, dict) and any(each.payloads.recognises(item) for each in PROVIDERS):
                return True
        else:
            return True
    if unknown:
        raise unknown
    return False


def kept_cells(names: list[str], cells: list[str]) -> dict[str, str]:
    """Return the cells of a rejected row by name; those beyond the header are `extra cell 1` and so on."""
    extra = [f"extra cell {place}" for place in range(1, len(cells) - len(names) + 1)]
    return {name: cell[:_LONGEST_CELL] for name, cell in zip([*names, *extra], cells, strict=False)}


def kept_json(value: object) -> dict[str, str]:
    """Return a rejected JSON value as one cell named `json`."""
    try:
        return {"json": json.dumps(value, ensure_ascii=False)[:_LONGEST_CELL]}
    except RecursionError:
        return {"json": "…"}


def _provider_of(header: Header, row: Mapping[str, str]) -> Provider:
    """Return the provider of a row: it is named, or known by its columns, its id or its status.

    Raises:
        NoSend: If the row names a provider that the desk does not know, or has no status.
        UnknownProvider: If several providers are possible.
    """
    if name := row.get("provider", ""):
        return provider_named(name)
    fitting = header.providers
    if len(fitting) == 1:
        return fitting[0]
    external_id, word = row.get("id", ""), row.get("status", "")
    if not word:
        raise NoSend("the row has no status")
    # From certain to likely: an id that only one provider has, a word of its own, a usual id.
    shaped = [each for each in fitting if _has_shape(each.own_ids, external_id)]
    if len(shaped) == 1:
        return shaped[0]
    spoken = [each for each in shaped or fitting if resolve(each.key, word)]
    if len(spoken) == 1:
        return spoken[0]
    usual = [
        each for each in spoken or shaped or fitting if _has_shape(each.usual_ids, external_id)
    ]
    if len(usual) == 1:
        return usual[0]
    raise UnknownProvider


def _has_shape(pattern: str, external_id: str) -> bool:
    """Whether an id matches *pattern*; an empty id or pattern never does."""
    return bool(pattern and external_id and re.fullmatch(pattern, external_id))


@lru_cache(maxsize=16)
def _header(names: tuple[str, ...]) -> Header:
    """Return the header of JSON objects with these *names*; cached, as most of a file have the same."""
    return Header(names)


def _cell(value: Any) -> str:
    """Return a JSON value as the text of a cell; an empty one for lists, objects, flags and null."""
    match value:
        case str():
            return value
        case None | bool() | dict() | list():
            return ""
        case _:
            return str(value)

"""Reading one record of a file: it is a send, or it is rejected with a reason."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal

from models.files.columns import Clash, Header, header_word
from models.files.envelopes import parsed_cell
from models.providers import PROVIDERS
from models.providers.catalogue import either, resolve
from models.providers.incoming import BadPayload, Incoming
from models.providers.payload_fields import bare_word
from models.providers.provider import Provider
from models.values.cells import filled
from models.values.text import display_text

_LONGEST_CELL = 10_000
_MOST_EXTRA = 20
"""How many cells beyond the header of a rejected row are kept apart."""
_OBJECT_IN = re.compile(r"^[{\[]", re.MULTILINE)
_HAS_DIGIT = re.compile(r"\d")
_TOTALS = frozenset(
    {
        *(
            "total",
            "totals",
            "grand_total",
            "sub_total",
            "subtotal",
            "sum",
            "sums",
            "summe",
            "gesamt",
        ),
        *("gesamtsumme", "total_general", "suma", "somme", "totale", "totaal", "summa", "average"),
        *("count", "records", "rows", "total_rows", "total_records", "total_sends", "end", "eof"),
        *("end_of_file", "end_of_report", "result", "overall", "итого", "合計", "合计", "总计"),
    }
)
"""What stands in the first cell of a row that adds the others up, as `bare_word` writes it."""


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


def read_cells(
    header: Header,
    cells: list[str],
    forced: Provider | None,
    objects: Mapping[int, Any] = MappingProxyType({}),
) -> Incoming:
    """Read one row of a table.

    Args:
        header: The header of the table.
        cells: The cells of the row, not more than the header has.
        forced: The provider, if the agent has named it.
        objects: Objects and lists that stand in cells, by their places; those cells are empty.

    Raises:
        UnknownProvider: If it may be a send of several providers.
        NoSend: If it is not a send for another reason.
    """
    try:
        if not objects and _OBJECT_IN.search("\n".join(cells)):
            cells, objects = _taken_out(header, cells)
        if objects and (send := _as_payload(header, cells, objects, forced)):
            return send
        row = header.row(cells)
        if objects:
            row |= header.from_objects(objects)
        provider = forced or _provider_of(header, row)
        if not _HAS_DIGIT.search(identity := row.get("id") or "") or " " in identity:
            _refuse_footer(row, provider)
        return provider.payloads.read_row(row)
    except (Clash, BadPayload) as problem:
        raise NoSend(str(problem)) from None


def _taken_out(header: Header, cells: list[str]) -> tuple[list[str], dict[int, Any]]:
    """Return the cells without those that hold objects or lists, and these by their places.

    Raises:
        NoSend: If a cell that would be read begins like an object and is none.
    """
    rest, objects = list(cells), {}
    for place, cell in enumerate(cells):
        if cell[:1] not in ("{", "[") or place >= len(header.names):
            continue
        try:
            value = parsed_cell(cell)
        except ValueError as problem:
            if header.reads(place):
                raise NoSend(f"{display_text(header.names[place], 80)}: {problem}") from None
            continue
        if value is not None:
            rest[place] = ""
            objects[place] = value
    return rest, objects


def _as_payload(
    header: Header, cells: list[str], objects: Mapping[int, Any], forced: Provider | None
) -> Incoming | None:
    """Read a row whose cells are the members of an object of a platform's API; None if they are not.

    Raises:
        BadPayload: If something that a send needs is missing.
    """
    payload = {
        header_word(name): objects.get(place, filled(cell))
        for place, (name, cell) in enumerate(zip(header.names, cells, strict=False))
    }
    for provider in (forced,) if forced else PROVIDERS:
        if provider.payloads.recognises(payload):
            header.is_payload = True
            return provider.payloads.read(payload)
    return None


def _refuse_footer(row: Mapping[str, str], provider: Provider) -> None:
    """Refuse a row of totals, or another line below a table that looks like a row.

    Raises:
        NoSend: If the name in the place of the id or the recipient is that of a total, or neither
            id nor status look like one.
    """
    identity, word = row.get("id", ""), row.get("status", "")
    name = identity or row.get("recipient_name") or row.get("recipient_email") or ""
    if identity:
        looks_odd = not _HAS_DIGIT.search(identity) or " " in identity
    else:
        looks_odd = not any(map(str.isalpha, word))
    is_total = bare_word(name.strip(" :=*")) in _TOTALS
    if is_total or (word and looks_odd and not resolve(provider.key, word)):
        told = f"“{display_text(name, 40)}” with “{display_text(word, 40)}”"
        raise NoSend(f"{told} is a line of totals or a footer, not a send")


def read_object(
    value: object,
    forced: Provider | None,
    note: Callable[[Header], None] = lambda header: None,
) -> Incoming:
    """Read one JSON value: a send as the API of its provider returns it, or a row of a table.

    Args:
        value: The value, as `parse` returns it.
        forced: The provider, if the agent has named it.
        note: Is told the header of a row.

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
            note(header)
            objects = {
                place: each
                for place, each in enumerate(value.values())
                if each and isinstance(each, dict | list)
            }
            return read_cells(header, [_cell(each) for each in value.values()], forced, objects)
        if forced:
            return forced.payloads.read(value)
    except BadPayload as problem:
        raise NoSend(str(problem)) from None
    raise NoSend(f"neither {' nor '.join(each.record for each in PROVIDERS)}")


def is_send(value: Mapping[str, Any]) -> bool:
    """Whether an object is a send of a platform's API."""
    return any(each.payloads.recognises(value) for each in PROVIDERS)


def is_row(value: Mapping[str, Any]) -> bool:
    """Whether an object has the members of a row of sends."""
    return _header(tuple(value)).is_of_sends


def looks_like_send(item: object, forced: Provider | None) -> bool:
    """Whether *item* is a send, or looks like one in which something is missing.

    Raises:
        UnknownProvider: If it may be a send of several providers.
    """
    try:
        read_object(item, forced)
    except UnknownProvider:
        raise
    except NoSend:
        return isinstance(item, dict) and is_send(item)
    return True


class NoIdGuard:
    """Refuses sends without an id that cannot be told apart from one before them in the file."""

    def __init__(self, unit: str) -> None:
        """Start with a file of which nothing was read.

        Args:
            unit: What the places in the file are counted in: `line`.
        """
        self._unit = unit
        self._seen: dict[tuple[str, str], tuple[int, int]] = {}

    def checked(self, send: Incoming, place: int) -> Incoming:
        """Return *send*, unless another one was told apart from others in the same way.

        Args:
            send: A send of the file.
            place: Where it is in the file.

        Raises:
            NoSend: If there was another that differs from it.
        """
        if not send.guessed_id:
            return send
        said = hash((repr(send.fields), send.facts))
        first, before = self._seen.setdefault((send.provider, send.external_id), (place, said))
        if before != said:
            raise NoSend(
                f"it has no id, and {self._unit} {first} is for the same recipient, day and amount:"
                " give both their ids"
            )
        return send


def kept_cells(names: list[str], cells: list[str]) -> dict[str, str]:
    """Return the cells of a rejected row by name; those beyond the header are `extra cell 1` and so on."""
    most = len(names) + _MOST_EXTRA
    if len(cells) > most:
        cells = [*cells[: most - 1], " | ".join(cells[most - 1 :])[:_LONGEST_CELL]]
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

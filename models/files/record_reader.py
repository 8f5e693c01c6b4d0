"""Reading one record of a file: the cells of a row, or a JSON value."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from models.files.column_names import header_word
from models.files.columns import DELETIONS, Clash, Header
from models.files.envelopes import parsed_cell
from models.files.items import NoSend
from models.files.row_provider import UnknownProvider, provider_of
from models.providers import PROVIDERS
from models.providers.catalogue import resolve
from models.providers.incoming import BadPayload, Incoming
from models.providers.payload_fields import bare_word
from models.providers.provider import Provider
from models.values.cells import filled
from models.values.dates import TimeReader
from models.values.text import display_text

_OBJECT_IN = re.compile(r"^[{\[]", re.MULTILINE)
_HAS_DIGIT = re.compile(r"\d")
_TOTALS = frozenset({
    "total", "totals", "grand_total", "sub_total", "subtotal", "sum", "sums", "summe", "gesamt",
    "gesamtsumme", "total_general", "suma", "somme", "totale", "totaal", "summa", "average", "count",
    "records", "rows", "total_rows", "total_records", "total_sends", "end", "eof", "end_of_file",
    "end_of_report", "result", "overall", "итого", "合計", "合计", "总计",
    "gesamtergebnis", "total_général", "total_geral", "eindtotaal", "totalsumma", "総計",
})  # fmt: skip
"""What stands in the first cell of a row that adds the others up, as `bare_word` writes it."""


_NOT_DELETED = frozenset({"", "false", "f", "0", "no", "n"})
"""What the mark of a deleted record says of others."""


class RecordReader:
    """Reads the records of one file.

    Attributes:
        times: Reads their times, and counts those that name no zone.
    """

    def __init__(self, provider: Provider | None, times: TimeReader) -> None:
        """Start with a file of which nothing was read.

        Args:
            provider: The provider that all records are from; None if the records say it.
            times: Reads their times.
        """
        self.times = times
        self._provider = provider
        self._candidates = (provider,) if provider else PROVIDERS

    @property
    def knows_provider(self) -> bool:
        """Whether the provider is known without looking at a record."""
        return self._provider is not None

    def read_cells(
        self,
        header: Header,
        cells: list[str],
        objects: Mapping[int, Any] = MappingProxyType({}),
    ) -> Incoming:
        """Read one row of a table.

        Args:
            header: The header of the table.
            cells: The cells of the row, not more than the header has.
            objects: Objects and lists that stand in cells, by their places; those cells are empty.

        Raises:
            UnknownProvider: If it may be a send of several providers.
            NoSend: If it is not a send for another reason.
        """
        try:
            if not objects and _may_hold_objects(cells):
                cells, objects = _taken_out(header, cells)
            if objects and (send := self._as_payload(header, cells, objects)):
                return send
            for place in header.deletions:
                _refuse_deleted(header.names[place], cells[place] if place < len(cells) else "")
            row = header.row(cells)
            if objects:
                row |= header.from_objects(objects)
            provider = self._provider or provider_of(header, row)
            if _looks_odd(row.get("id") or "") or bare_word(row.get("status") or "") in _TOTALS:
                _refuse_footer(row, provider)
            return provider.payloads.read_row(row, self.times)
        except (Clash, BadPayload) as problem:
            raise NoSend(str(problem)) from None

    def _as_payload(
        self, header: Header, cells: list[str], objects: Mapping[int, Any]
    ) -> Incoming | None:
        """Read a row whose cells are the members of an object of a platform's API; None if they are not.

        Raises:
            BadPayload: If something that a send needs is missing.
        """
        payload = {
            header_word(name): objects.get(place, filled(cell))
            for place, (name, cell) in enumerate(zip(header.names, cells, strict=False))
        }
        for provider in self._candidates:
            if provider.payloads.recognises(payload):
                header.is_payload = True
                return provider.payloads.read(payload, self.times)
        return None

    def read_object(
        self, value: object, note: Callable[[Header], None] = lambda header: None
    ) -> Incoming:
        """Read one JSON value: a send as the API of its provider returns it, or a row of a table.

        Args:
            value: The value, as `parse` returns it.
            note: Is told the header of a row.

        Raises:
            UnknownProvider: If it may be a send of several providers.
            NoSend: If it is not a send for another reason.
        """
        if not isinstance(value, dict):
            raise NoSend("not a JSON object")
        for name in DELETIONS & value.keys():
            _refuse_deleted(name, value[name])
        try:
            for provider in self._candidates:
                if provider.payloads.recognises(value):
                    return provider.payloads.read(value, self.times)
            header = _header(tuple(value))
            if header.is_of_sends:
                note(header)
                objects = {
                    place: each
                    for place, each in enumerate(value.values())
                    if each and isinstance(each, dict | list)
                }
                return self.read_cells(header, [_cell(each) for each in value.values()], objects)
            if self._provider:
                return self._provider.payloads.read(value, self.times)
        except BadPayload as problem:
            raise NoSend(str(problem)) from None
        raise NoSend(f"neither {' nor '.join(each.record for each in PROVIDERS)}")

    def looks_like_send(self, item: object) -> bool:
        """Whether *item* is a send, or looks like one in which something is missing.

        Raises:
            UnknownProvider: If it may be a send of several providers.
        """
        try:
            self.read_object(item)
        except UnknownProvider:
            raise
        except NoSend:
            return isinstance(item, dict) and is_send(item)
        return True


def is_send(value: Mapping[str, Any]) -> bool:
    """Whether an object is a send of a platform's API."""
    return any(each.payloads.recognises(value) for each in PROVIDERS)


def is_row(value: Mapping[str, Any]) -> bool:
    """Whether an object has the members of a row of sends."""
    return _header(tuple(value)).is_of_sends


def _may_hold_objects(cells: list[str]) -> bool:
    """Whether one of the cells may begin like a JSON object or list."""
    joined = "\n".join(cells)
    # The pattern is tried at every sign of the row; looking for brackets first is ten times as fast.
    return ("{" in joined or "[" in joined) and bool(_OBJECT_IN.search(joined))


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


def _refuse_deleted(name: str, value: object) -> None:
    """Refuse a record if the member *name* says that it was deleted where it comes from.

    Raises:
        NoSend: If so.
    """
    if filled(str(value or "")).casefold() not in _NOT_DELETED:
        raise NoSend(f"“{name}” says that it was deleted")


def _looks_odd(identity: str) -> bool:
    """Whether an id has no digit, or a blank: no platform gives such ids."""
    return not _HAS_DIGIT.search(identity) or " " in identity


def _refuse_footer(row: Mapping[str, str], provider: Provider) -> None:
    """Refuse a row of totals, or another line below a table that looks like a row.

    Raises:
        NoSend: If the name in the place of the id or the recipient is that of a total, or neither
            id nor status look like one.
    """
    identity, word = row.get("id", ""), row.get("status", "")
    name = identity or row.get("recipient_name") or row.get("recipient_email") or ""
    looks_odd = _looks_odd(identity) if identity else not any(map(str.isalpha, word))
    is_total = bare_word(name.strip(" :=*")) in _TOTALS
    is_sum = bare_word(word) in _TOTALS and not resolve(provider.key, word)
    if is_total or is_sum or (word and looks_odd and not resolve(provider.key, word)):
        told = f"“{display_text(name, 40)}” with “{display_text(word, 40)}”"
        raise NoSend(f"{told} is a line of totals or a footer, not a send")


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

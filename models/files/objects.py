"""Reading JSON and JSON Lines, strictly: one meaning per file, no matter which reader."""

import json
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any, Never

from models.errors import BadFile
from models.files.items import (
    NoSend,
    Read,
    Rejected,
    UnknownProvider,
    holds_send,
    kept_cells,
    kept_json,
    read_object,
)
from models.files.sources import EXPECTED, Progress, Source, shown
from models.providers import PROVIDERS
from models.providers.provider import Provider
from models.values.text import display_text

_LISTS = tuple(dict.fromkeys(name for each in PROVIDERS for name in each.json_lists))
_LINES_TRIED = 100
_REPORT_EVERY = 256


class _Ambiguous(ValueError):
    """JSON that readers understand in different ways."""


def parse(text: str) -> Any:
    """Read one JSON value; fractions come as text, so that amounts stay exact.

    Raises:
        ValueError: If it is no JSON, names a member twice, holds NaN or Infinity, a number too
            long, or is nested too deeply; the message is a sentence without its full stop.
    """
    try:
        return json.loads(
            text, object_pairs_hook=_members, parse_constant=_no_number, parse_float=str
        )
    except json.JSONDecodeError as problem:
        place = f"line {problem.lineno}, column {problem.colno}"
        raise ValueError(f"is no JSON: {problem.msg.lower()} at {place}") from None
    except RecursionError:
        raise ValueError("is nested too deeply") from None
    except _Ambiguous:
        raise
    except ValueError:
        raise ValueError("holds a number with too many digits") from None


class Document:
    """A JSON file that holds sends: one, an array of them, or the answer of an interface."""

    def __init__(self, source: Source, provider: Provider | None) -> None:
        """Read all of *source*.

        Raises:
            BadFile: If it is no JSON, or holds no send at all.
        """
        self._provider = provider
        with source.open() as text:
            content = text.read()
        try:
            self._items = _records(parse(content))
            is_export = self._items == [] or holds_send(self._items or [], provider)
        except UnknownProvider as problem:
            raise BadFile(f"{shown(source.path)}: {problem}") from None
        except ValueError as problem:
            raise BadFile(f"{shown(source.path)} {problem}") from None
        if not is_export:
            raise BadFile(f"{shown(source.path)} holds no sends; {EXPECTED}")

    def read(self, progress: Progress) -> Iterator[Read]:
        """Read the records in their order."""
        items = self._items or []
        for number, item in enumerate(items, start=1):
            if number % _REPORT_EVERY == 0:
                progress.done = progress.total * number // len(items)
            try:
                yield read_object(item, self._provider)
            except NoSend as problem:
                yield Rejected(number, str(problem), kept_json(item), "item")
        progress.done = progress.total


class Lines:
    """A JSON Lines file: one record, or one answer of an interface, on each line."""

    def __init__(self, source: Source, provider: Provider | None) -> None:
        """Look whether there are sends among the first lines of *source*.

        Raises:
            BadFile: If there are none.
        """
        self._source = source
        self._provider = provider
        try:
            is_export = self._any_send()
        except UnknownProvider as problem:
            raise BadFile(f"{shown(source.path)}: {problem}") from None
        if not is_export:
            raise BadFile(f"{shown(source.path)} holds no sends; {EXPECTED}")

    def read(self, progress: Progress) -> Iterator[Read]:
        """Read the records in their order, blank lines left out."""
        with self._source.open(progress) as text:
            for number, line in enumerate(text, start=1):
                if line.strip():
                    yield from self._read_line(number, line)

    def _read_line(self, number: int, line: str) -> Iterator[Read]:
        try:
            items = _records(parse(line))
        except ValueError as problem:
            yield Rejected(number, f"the line {problem}", kept_cells(["json"], [line.strip()]))
            return
        for item in items or []:
            try:
                yield read_object(item, self._provider)
            except NoSend as problem:
                yield Rejected(number, str(problem), kept_json(item))

    def _any_send(self) -> bool:
        """Whether one of the first lines holds a send; files of other things are refused whole.

        Raises:
            UnknownProvider: If none does, and some may hold sends of several providers.
        """
        unknown = None
        with self._source.open() as text:
            for line in islice(text, _LINES_TRIED):
                try:
                    items = _records(parse(line))
                    if items == [] or holds_send(items or [], self._provider):
                        return True
                except UnknownProvider as problem:
                    unknown = problem
                except ValueError:
                    continue
        if unknown:
            raise unknown
        return False


def looks_like_lines(source: Source) -> bool:
    """Whether the first line of *source* is a JSON object on its own and more lines follow."""
    with source.open() as text:
        first = next((line for line in text if line.strip()), "")
        try:
            value = parse(first)
        except ValueError:
            return False
        return isinstance(value, dict) and any(line.strip() for line in text)


def _records(value: Any) -> list[Any] | None:
    """Return the records of a JSON value; None if it is neither an object nor an array."""
    if isinstance(value, dict):
        return next((value[name] for name in _LISTS if isinstance(value.get(name), list)), [value])
    if isinstance(value, list):
        pages = [_records(item) if isinstance(item, dict) else [item] for item in value]
        return [record for page in pages for record in page or []]
    return None


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object's members.

    Raises:
        _Ambiguous: If two have one name.
    """
    members = dict(pairs)
    if len(members) < len(pairs):
        (twice, _), *_ = Counter(name for name, _ in pairs).most_common(1)
        raise _Ambiguous(f"names “{display_text(twice, 40)}” twice in one object")
    return members


def _no_number(word: str) -> Never:
    raise _Ambiguous(f"holds {word}, which is no JSON number")

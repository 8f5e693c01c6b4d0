"""Reading JSON and JSON Lines; what parsers understand in different ways is refused."""

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
    """JSON that parsers understand in different ways."""


def parse(text: str) -> Any:
    """Parse one JSON value; fractions are returned as text, so that amounts stay exact.

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
    """A JSON file of sends: one object, an array, or the answer of an API."""

    def __init__(self, source: Source, provider: Provider | None) -> None:
        """Read all of *source*.

        Args:
            source: The file.
            provider: The provider that it is from; None if the records show it.

        Raises:
            BadFile: If it is not JSON, holds no send, or does not say of which provider they are.
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

    @property
    def unread(self) -> tuple[str, ...]:
        """Nothing: objects are read by the names that their platform promises."""
        return ()

    def read(self, progress: Progress) -> Iterator[Read]:
        """Yield the records in the order of the file; *progress* is told how many have been read."""
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
    """A JSON Lines file: one record, or one answer of an API, on each line."""

    def __init__(self, source: Source, provider: Provider | None) -> None:
        """Look for a send in the first lines of *source*.

        Args:
            source: The file.
            provider: The provider that it is from; None if the records show it.

        Raises:
            BadFile: If there is none, or nothing says of which provider they are.
        """
        self._source = source
        self._provider = provider
        try:
            is_export = self._any_send()
        except UnknownProvider as problem:
            raise BadFile(f"{shown(source.path)}: {problem}") from None
        if not is_export:
            raise BadFile(f"{shown(source.path)} holds no sends; {EXPECTED}")

    @property
    def unread(self) -> tuple[str, ...]:
        """Nothing: objects are read by the names that their platform promises."""
        return ()

    def read(self, progress: Progress) -> Iterator[Read]:
        """Yield the records in the order of the file; blank lines are left out.

        Raises:
            BadFile: If the file can no longer be read.
        """
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
        """Whether one of the first lines holds a send, or an answer without any.

        Raises:
            UnknownProvider: If none does, and one may hold a send of several providers.
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
    """Whether the first line of *source* is a whole JSON object and more lines follow."""
    with source.open() as text:
        first = next((line for line in text if line.strip()), "")
        try:
            value = parse(first)
        except ValueError:
            return False
        return isinstance(value, dict) and any(line.strip() for line in text)


def _records(value: Any) -> list[Any] | None:
    """Return the records in a JSON value; None if it is neither an object nor an array."""
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

"""Parsing JSON piece by piece, so that a file of any size needs the memory of one record."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Never, TextIO

from models.files.envelopes import LISTS
from models.values.text import display_text

_CHUNK = 2**18
"""How many characters are read at a time, at least."""
_WHOLE = 2**18
"""Up to how many characters a value is parsed at once; a larger one is taken apart."""
_LARGEST = 32 * 2**20
"""How many characters a record may have."""
_BLANK = re.compile(r"[ \t\n\r\ufeff\x1e]*")
_NEAR_THE_END = 16
"""How far before the end of what was read an error may stand that more text can cure."""
_DEEPEST = 16
"""How many arrays and objects too large to parse at once may stand in one another."""


class _Ambiguous(ValueError):
    """JSON that parsers understand in different ways."""


class _TooLarge(Exception):
    """A value does not end within the characters that are parsed at once."""


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object's members.

    Raises:
        _Ambiguous: If two have one name.
    """
    members = dict(pairs)
    if len(members) < len(pairs):
        (twice, _), *_ = Counter(name for name, _ in pairs).most_common(1)
        raise _named_twice(twice)
    return members


def _named_twice(name: str) -> _Ambiguous:
    return _Ambiguous(f"names “{display_text(name, 40)}” twice in one object")


def _no_number(word: str) -> Never:
    raise _Ambiguous(f"holds {word}, which is not a JSON number")


_DECODER = json.JSONDecoder(object_pairs_hook=_members, parse_constant=_no_number, parse_float=str)


def parse(text: str) -> Any:
    """Parse one JSON value; fractions are returned as text, so that amounts stay exact.

    Raises:
        ValueError: If it is not JSON, names a member twice, holds NaN or Infinity, a number too
            long, or is nested too deeply; the message is a sentence without its full stop.
    """
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as problem:
        raise _no_json(problem.msg, problem.lineno, problem.colno) from None
    except RecursionError:
        raise ValueError("is nested too deeply") from None
    except _Ambiguous:
        raise
    except ValueError:
        raise ValueError("holds a number with too many digits") from None


def _no_json(reason: str, line: int, column: int) -> ValueError:
    what = reason.lower().removesuffix(" at")
    place = f"line {line}, column {column}" if line > 1 else f"column {column}"
    return ValueError(f"is not JSON: {what} at {place}")


class JsonStream:
    """The values in a JSON text, of which only a piece is in memory.

    Small values are parsed whole. Of a large array each item is a value, and so are the items of a
    large list inside an object, whose other members are then left out.
    """

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._buffer = ""
        self._at = 0
        self._ended = False
        self._line = 1
        self._column = 1

    def values(self) -> Iterator[Any]:
        """Yield the values in the order of the text, as `parse` returns them.

        Raises:
            ValueError: As `parse` does, and if a record has more than 32 million characters.
        """
        self._next()
        while not self._is_over():
            yield from self._value(0)
            if self._next() not in ("{", "[", ""):
                raise self._wrong("extra data")

    def _value(self, depth: int) -> Iterator[Any]:
        """Yield the value at this place, or what it holds if it is large."""
        try:
            value = self._whole(_WHOLE)
        except _TooLarge:
            opening = self._buffer[self._at]
            if opening == "[" and depth < _DEEPEST:
                yield from self._array(depth + 1)
            elif opening == "{" and depth < _DEEPEST:
                yield from self._object(depth + 1)
            else:
                yield self._bounded_whole()
        else:
            yield value

    def _array(self, depth: int) -> Iterator[Any]:
        """Yield the items of the array that begins here."""
        self._at += 1
        if self._next() == "]":
            self._at += 1
            return
        while True:
            yield from self._value(depth)
            if self._after_item("]"):
                return

    def _object(self, depth: int) -> Iterator[Any]:
        """Yield the items of the lists in the object that begins here; if it has none, the object."""
        self._at += 1
        small: dict[str, Any] = {}
        names: set[str] = set()
        size = 0
        has_list = False
        if self._next() == "}":
            self._at += 1
            yield small
            return
        while True:
            if self._next() != '"':
                raise self._wrong("expecting property name enclosed in double quotes")
            name = self._bounded_whole()
            if name in names:
                raise _named_twice(name)
            names.add(name)
            if self._next() != ":":
                raise self._wrong("expecting ':' delimiter")
            self._at += 1
            self._next()
            before = self._at
            try:
                value = self._whole(_WHOLE)
            except _TooLarge:
                has_list = True
                yield from self._value(depth)
            else:
                if name in LISTS and isinstance(value, list):
                    has_list = True
                    yield from value
                else:
                    small[name] = value
                    size += max(self._at - before, 0) + len(name)
                    if size > _LARGEST:
                        raise self._too_large()
            if self._after_item("}"):
                break
        if not has_list:
            yield small

    def _after_item(self, closing: str) -> bool:
        """Step over what follows an item; return whether it was the last."""
        sign = self._next()
        if sign not in (",", closing):
            raise self._wrong("expecting ',' delimiter")
        self._at += 1
        if sign == ",":
            self._next()
        return sign == closing

    def _bounded_whole(self) -> Any:
        try:
            return self._whole(_LARGEST)
        except _TooLarge:
            raise self._too_large() from None

    def _whole(self, most: int) -> Any:
        """Parse the value at this place, reading on until it ends.

        Raises:
            _TooLarge: If it has more than *most* characters; the place stays.
        """
        while True:
            try:
                value, end = _DECODER.raw_decode(self._buffer, self._at)
            except json.JSONDecodeError as problem:
                cured_by_more = problem.msg.startswith("Unterminated string") or (
                    problem.pos >= len(self._buffer) - _NEAR_THE_END
                )
                if self._ended or not cured_by_more:
                    raise self._wrong(problem.msg, problem.pos) from None
            except RecursionError:
                raise ValueError("is nested too deeply") from None
            except _Ambiguous:
                raise
            except ValueError:
                raise ValueError("holds a number with too many digits") from None
            else:
                # A number that ends with the buffer may go on behind it.
                if end < len(self._buffer) or self._ended:
                    self._at = end
                    return value
            if len(self._buffer) - self._at > most:
                raise _TooLarge
            self._read_on()

    def _next(self) -> str:
        """Step over blanks; return the next character, or an empty string at the end."""
        while True:
            found = _BLANK.match(self._buffer, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if self._ended:
                return ""
            self._read_on()

    def _is_over(self) -> bool:
        return self._ended and self._at >= len(self._buffer)

    def _read_on(self) -> None:
        """Drop what has been read, and read as much again as is waiting, at least a chunk."""
        self._line, self._column = self._position(self._at)
        waiting = self._buffer[self._at :]
        more = self._text.read(max(_CHUNK, len(waiting)))
        self._ended = not more
        self._buffer, self._at = waiting + more, 0

    def _position(self, at: int) -> tuple[int, int]:
        """Return the line and the column of a place in the buffer."""
        breaks = self._buffer.count("\n", 0, at)
        if not breaks:
            return self._line, self._column + at
        return self._line + breaks, at - self._buffer.rfind("\n", 0, at)

    def _wrong(self, reason: str, at: int | None = None) -> ValueError:
        return _no_json(reason, *self._position(self._at if at is None else at))

    def _too_large(self) -> ValueError:
        line, _ = self._position(self._at)
        return ValueError(f"holds a record of more than 32 million characters, near line {line}")

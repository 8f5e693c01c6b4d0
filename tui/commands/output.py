"""Data to stdout, sentences to stderr; text from outside is made safe on the way."""

import codecs
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from typing import Any

import click

from models.values.text import display_text
from tui.terminal.environment import JSON_ESCAPES, in_json_escapes

_LONGEST_LINE = 2000


class Answer:
    """What has become of the answer on stdout.

    Attributes:
        is_all: Whether a command does nothing but answer, so that it ends when nobody can hear it. One
            that writes goes on, and tells at its end.
        lost: Why the answer could not be printed, or None.
    """

    is_all = True
    lost: OSError | None = None


answer = Answer()


def begin(*, is_all: bool) -> None:
    """Begin the answer of a command; `Answer` says what *is_all* means."""
    answer.is_all, answer.lost = is_all, None


def finish() -> OSError | None:
    """Print what is left; return why the answer of a command that writes was lost, or None.

    Raises:
        OSError: If a command that only answers cannot print.
    """
    with _printing():
        sys.stdout.flush()
    return answer.lost


@contextmanager
def _printing() -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        if answer.is_all:
            raise
        answer.lost = problem


def say(sentence: str) -> None:
    """Write *sentence* to stderr, where a person reads it and no script does."""
    click.echo(display_text(sentence, _LONGEST_LINE), err=True)


def line(text: str) -> None:
    """Write one line of data to stdout, made safe."""
    with _printing():
        sys.stdout.write(f"{display_text(text, _LONGEST_LINE)}\n")


def shown(text: str, most: int = 80) -> str:
    """Return *text* from outside, made safe for one line and cut to *most* characters."""
    return display_text(text, most)


def sends(count: int) -> str:
    """Return a number of sends in words: `1 send`, `1,200 sends`."""
    return f"{count:,} send" if count == 1 else f"{count:,} sends"


def write(pieces: Iterable[str]) -> None:
    r"""Write *pieces* to stdout as they are; they must be safe already.

    What the encoding of stdout cannot hold is written as JSON writes it: `\u00e9`.
    """
    if isinstance(sys.stdout, TextIOWrapper):
        codecs.register_error(JSON_ESCAPES, in_json_escapes)
        sys.stdout.reconfigure(errors=JSON_ESCAPES)
    with _printing():
        sys.stdout.writelines(pieces)


def write_objects(
    form: str, names: Sequence[str], found: Iterable[Mapping[str, Any]], longest: int
) -> None:
    """Write *found* to stdout as `csv`, `json` or `jsonl`.

    Args:
        form: The format.
        names: The columns of CSV, in their order; each object has them as keys.
        found: What is written, one by one.
        longest: On a terminal the cells of CSV are made safe and cut to so many characters; a file gets
            them as they are.
    """
    from models.files.writing import csv_line, json_array, json_lines

    if form == "csv":
        most = longest if on_terminal() else None
        write([csv_line(names)])
        write(csv_line([_cell(each[name], most) for name in names]) for each in found)
    else:
        write(json_lines(found) if form == "jsonl" else json_array(found))


def _cell(value: object, most: int | None) -> str:
    """Return *value* as a cell of CSV, made safe for a terminal and cut to *most* characters if any."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = "" if value is None else str(value)
    return text if most is None else shown(text, most)


def on_terminal() -> bool:
    """Whether stdout is a terminal, so that a person is likely to read it."""
    return sys.stdout.isatty()

"""Data to stdout, sentences to stderr; text from outside is made safe on the way."""

import sys
from collections.abc import Iterable

import click

from models.values.text import display_text

_LONGEST_LINE = 2000


def say(sentence: str) -> None:
    """Write *sentence* to stderr, where a person reads it and no script does."""
    click.echo(display_text(sentence, _LONGEST_LINE), err=True)


def line(text: str) -> None:
    """Write one line of data to stdout, made safe."""
    sys.stdout.write(f"{display_text(text, _LONGEST_LINE)}\n")


def shown(text: str, most: int = 80) -> str:
    """Return *text* from outside, made safe for one line and cut to *most* characters."""
    return display_text(text, most)


def sends(count: int) -> str:
    """Return a number of sends in words: `1 send`, `1,200 sends`."""
    return f"{count:,} send" if count == 1 else f"{count:,} sends"


def write(pieces: Iterable[str]) -> None:
    """Write *pieces* to stdout as they are; they must be safe already."""
    sys.stdout.writelines(pieces)


def on_terminal() -> bool:
    """Whether stdout is a terminal, so that a person is likely to read it."""
    return sys.stdout.isatty()

"""Writing to stdout and stderr: data as it is asked for, sentences as they may be shown."""

import sys
from collections.abc import Iterable

import click

from models.values.text import display_text

_LONGEST_LINE = 2000


def say(sentence: str) -> None:
    """Tell the person, not the script that reads the data."""
    click.echo(display_text(sentence, _LONGEST_LINE), err=True)


def line(text: str) -> None:
    """Print one line of data."""
    sys.stdout.write(f"{display_text(text, _LONGEST_LINE)}\n")


def shown(text: str, most: int = 80) -> str:
    """Return *text* from outside as part of a line, cut to *most* characters."""
    return display_text(text, most)


def sends(count: int) -> str:
    """Return a number of sends in words: `1 send`, `1,200 sends`."""
    return f"{count:,} send" if count == 1 else f"{count:,} sends"


def write(pieces: Iterable[str]) -> None:
    """Print pieces that are safe already."""
    sys.stdout.writelines(pieces)


def on_terminal() -> bool:
    """Whether a person is likely to see what goes to stdout."""
    return sys.stdout.isatty()

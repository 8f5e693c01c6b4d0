"""How a filter, its errors and its completions read; no widget."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from textual.content import Content

from models.errors import BadQuery
from models.values.text import display_text
from tui.widgets.styled_text import QUIET, safe_text, stacked

LONGEST = 1000
"""Characters of a filter."""
_TERM = re.compile(r"(?P<no>[-!]?)(?P<key>[a-z_]+)(?P<sign>:|[<>]=?)(?P<value>\"[^\"]*\"|\S*)")
_INDENT = 2
_WIDEST = 40


class HistoryCursor:
    """A place among the filters that were used before: back to older ones and forth again.

    Args:
        recent: The older filters, the newest first.
        text: The filter to begin with.
    """

    def __init__(self, recent: Sequence[str] = (), text: str = "") -> None:
        self._texts = (text, *recent)
        self._place = 0

    @property
    def text(self) -> str:
        """The filter at this place."""
        return self._texts[self._place]

    def move(self, by: int) -> str | None:
        """Go back (1) or forth (-1) and return the filter there; None at either end."""
        if not 0 <= self._place + by < len(self._texts):
            return None
        self._place += by
        return self.text


class Completion(NamedTuple):
    """One way to finish the word at the cursor."""

    text: str
    """What takes the place of the word."""
    help: str = ""
    """What it means, or how many sends it would leave."""
    start: int | None = None
    """Where the replaced part begins; None for the beginning of the word."""


def coloured(text: str) -> Content:
    """Return filter *text* with its keys quiet, exclusions and sorting marked."""
    content = Content.styled(display_text(text, LONGEST), "$text")
    for found in _TERM.finditer(content.plain):
        if found["key"] == "sort":
            content = content.stylize("bold $text-accent", *found.span())
            continue
        content = content.stylize(QUIET, found.start("key"), found.end("sign"))
        if found["no"]:
            content = content.stylize("$text-warning", *found.span("no"))
    return content


def explained(error: BadQuery, width: int) -> Content:
    """Return a caret under the place of *error*, the sentence beside it, and the hint below."""
    said = safe_text(str(error), "$text-error", limit=300)
    hint = safe_text(error.hint, QUIET, limit=300)
    at = error.position + _INDENT
    if at + 2 + said.cell_length > width:
        first = Content(" " * _INDENT) + said
    else:
        first = Content.assemble(" " * at, ("^", "bold $text-error"), " ", said)
    return stacked([first, Content(" " * _INDENT) + hint]) if hint else first


def offered(completions: Sequence[Completion]) -> list[Content]:
    """Return one line for each completion, their explanations under each other.

    Each ends in blanks, where the box has its scroll mark.
    """
    widest = min(max((len(each.text) for each in completions), default=0), _WIDEST)
    return [
        Content.assemble(
            safe_text(each.text.ljust(widest), "$text", limit=80),
            "  ",
            safe_text(each.help, QUIET, limit=80),
            "  ",
        )
        for each in completions
    ]


def completed(value: str, cursor: int, completion: Completion) -> tuple[str, int]:
    """Return *value* with *completion* in the place of the word at *cursor*, and the new cursor."""
    start = start_of(value, cursor, completion)
    return value[:start] + completion.text + value[cursor:], start + len(completion.text)


def start_of(value: str, cursor: int, completion: Completion) -> int:
    """Return where in *value* the part begins that *completion* would replace."""
    return value.rfind(" ", 0, cursor) + 1 if completion.start is None else completion.start

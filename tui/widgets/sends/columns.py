"""How the list draws the columns of `models.rules.send_columns`: cells, widths, which go first. Pure."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import Final, NamedTuple

from rich.cells import cell_len, set_cell_size

from models.providers import catalogue
from models.providers.status import UNMAPPED_SLUG
from models.records import SendRecord
from models.rules.due import USUAL_WARNINGS, Warnings
from models.rules.refunds import is_beside_status
from models.rules.send_columns import COLUMNS
from models.values.local_time import LocalTime
from models.values.text import display_text
from tui.style.formats import age, due_words, mark
from tui.style.glyphs import Tone, plain

Piece = tuple[str, Tone]
_JOINED: Final = re.compile(
    "\u200d[\u2190-\u2bff\U0001f000-\U0001faff]?|[\ufe0f\U0001f3fb-\U0001f3ff]"
)
"""Characters that join several into one emoji, with those that they add."""
_BY_RULE: Final = "~"
"""Behind a status that a rule gave because time had passed."""
_REFUNDED: Final = "$"
"""The sign of a send whose money was given back though its status does not say so."""
_LONGEST: Final = 120
_READ: Final = 10 * _LONGEST
"""Characters of a text that are read: a field of a megabyte costs no more than a long name."""
_FLAG_LETTERS: Final = {0x1F1E6 + place: ord("A") + place for place in range(26)}


class RenderContext(NamedTuple):
    """What a cell depends on besides the send: the moment, the time zone and the signs."""

    now: datetime
    zone: tzinfo = UTC
    ascii: bool = False
    warnings: Warnings = USUAL_WARNINGS
    """How long before their limits sends count as due soon."""


ListCell = Callable[[SendRecord, RenderContext, int], tuple[Piece, ...]]


class ListColumn(NamedTuple):
    """How one column is drawn in the list; widths are in cells of the terminal."""

    key: str
    """Its key in `COLUMNS`, which has its title."""
    cell: ListCell
    """Gives what the column says about a send, within a width."""
    min_width: int
    max_width: int
    """What it takes before the room that nobody needs is shared out."""
    priority: int
    """The place in which columns get room: 0 is never dropped."""
    preferred_width: int = 0
    """What it gets before columns with a higher `priority` get more than their `min_width`."""
    is_frozen: bool = False
    """Whether it stays when the other columns are scrolled."""
    is_right_aligned: bool = False
    grows: bool = False
    """Whether it may become wider than `max_width`."""


def fit(text: str, width: int, more: str = "…") -> str:
    """Return *text* cut to at most *width* cells, with *more* in place of what is lost."""
    if cell_len(text) <= width:
        return text
    if width <= 0:
        return ""
    return set_cell_size(text, width - cell_len(more)).rstrip() + more


def steady(text: str) -> str:
    """Return *text* from outside as one safe line that every terminal gives the same width.

    Terminals disagree on the width of joined emoji, so that all the row after one would be out of
    place. The first part of one stands for it here, and letters for a flag; the case shows it whole.
    """
    return _steady(text[:_READ])


@lru_cache(maxsize=4096)
def _steady(text: str) -> str:
    return _JOINED.sub("", display_text(text, _LONGEST)).translate(_FLAG_LETTERS)


def _text(key: str, tone: Tone = "muted") -> ListCell:
    """Return the cell of a column that says no more than its text."""
    read = COLUMNS[key].text
    assert read is not None

    def cell(send: SendRecord, context: RenderContext, width: int) -> tuple[Piece, ...]:
        text = steady(read(send)) or plain("–", context.ascii)
        return ((fit(text, width, plain("…", context.ascii)), tone),)

    return cell


def _due(send: SendRecord, context: RenderContext, width: int) -> tuple[Piece, ...]:
    due = due_words(
        send,
        context.now,
        context.ascii,
        zone=context.zone,
        warning=context.warnings.of(send.provider, send.status),
    )
    words = due.words.rjust(8) if due.words[:1].isdigit() else due.words
    if len(words) + 2 > width:
        words = due.brief or words
    return ((fit(f"{due.sign} {words}", width, plain("…", context.ascii)), due.tone),)


def _status(send: SendRecord, context: RenderContext, width: int) -> tuple[Piece, ...]:
    status = catalogue.status(send.provider, send.status)
    sign = mark(status, context.ascii)
    label = status.label
    if send.status == UNMAPPED_SLUG and send.provider_raw:
        label = send.provider_raw
    flags = plain("✎", context.ascii) if send.override_status else ""
    if send.is_by_rule:
        flags = _BY_RULE
    if send.contested:
        flags += "!"
    if is_beside_status(send):
        flags += _REFUNDED
    room = width - 2 - (len(flags) + 1 if flags else 0)
    words = fit(steady(label), room, plain("…", context.ascii))
    cell: tuple[Piece, ...] = ((f"{sign.glyph} ", sign.tone), (words, "text"))
    if not flags:
        return cell
    loud: Tone = "error" if send.contested else "warning" if send.override_status else "success"
    if flags == _BY_RULE:
        loud = "muted"
    return (*cell, (f" {flags}", loud))


def _created(send: SendRecord, context: RenderContext, width: int) -> tuple[Piece, ...]:
    if send.created_at is None:
        return ((plain("–", context.ascii), "muted"),)
    local = LocalTime(context.now, context.zone)
    return ((local.date_words(send.created_at), "muted"),)


def _age(send: SendRecord, context: RenderContext, width: int) -> tuple[Piece, ...]:
    return ((fit(age(context.now - send.since), width, plain("…", context.ascii)), "muted"),)


LIST_COLUMNS: Final[Mapping[str, ListColumn]] = {
    column.key: column
    for column in (
        ListColumn("due", _due, min_width=10, max_width=14, priority=0, is_frozen=True),
        ListColumn("status", _status, min_width=16, preferred_width=20, max_width=26, priority=0, is_frozen=True),
        ListColumn(
            "recipient", _text("recipient", "text"),
            min_width=12, preferred_width=15, max_width=28, priority=0, is_frozen=True, grows=True,
        ),
        ListColumn("company", _text("company"), min_width=14, max_width=24, priority=4, grows=True),
        ListColumn("campaign", _text("campaign"), min_width=16, max_width=28, priority=5, grows=True),
        ListColumn("age", _age, min_width=5, max_width=9, priority=2, is_right_aligned=True),
        ListColumn("owner", _text("owner"), min_width=6, max_width=12, priority=3),
        ListColumn("id", _text("id"), min_width=10, max_width=12, priority=1),
        ListColumn("type", _text("type"), min_width=8, max_width=10, priority=6),
        ListColumn("platform", _text("platform"), min_width=8, max_width=10, priority=7),
        ListColumn("created", _created, min_width=11, max_width=11, priority=8),
    )
}  # fmt: skip
"""Every column of the list by its key, in the usual order."""
_OTHERS: Final = (column for column in COLUMNS.values() if not column.in_list)
SORT_MENU: Final = tuple(
    (column.sort.key, column.title)
    for column in (*(COLUMNS[key] for key in LIST_COLUMNS), *_OTHERS)
    if column.sort and column.sort.in_menu
)
"""What the sort menu offers, as pairs of sort key and title: the list's columns, then others."""

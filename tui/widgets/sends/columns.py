"""The columns of the list as data: what each says, how wide it may be, which go first. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import Final

from rich.cells import cell_len, set_cell_size

from models.providers import PROVIDERS, catalogue
from models.providers.status import UNMAPPED_SLUG
from models.records import SendRecord
from models.values.text import display_text
from tui.style.formats import age, due_words, mark
from tui.style.glyphs import Tone, plain

Piece = tuple[str, Tone]
_JOINED: Final = re.compile(
    "\u200d[\u2190-\u2bff\U0001f000-\U0001faff]?|[\ufe0f\U0001f3fb-\U0001f3ff]"
)
"""What makes one emoji of several characters, with what it adds."""
_LONGEST: Final = 120
_READ: Final = 10 * _LONGEST
"""Characters of a text that are looked at: a field of a megabyte costs no more than a long name."""
_FLAG_LETTERS: Final = {0x1F1E6 + place: ord("A") + place for place in range(26)}
_PLATFORMS: Final = {provider.key: provider for provider in PROVIDERS}


@dataclass(frozen=True, slots=True)
class Scene:
    """What the cells depend on besides the send."""

    now: datetime
    zone: tzinfo = UTC
    ascii: bool = False


Cell = Callable[[SendRecord, Scene, int], tuple[Piece, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column; widths are in cells."""

    key: str
    title: str
    brief: str = ""
    """The title where the whole one has no room."""
    cell: Cell
    """Gives what the column says about a send, within a width."""
    least: int
    usual: int = 0
    """What it has before columns with a later `keep` get any room; `least` if that is more."""
    most: int
    """What it takes before it shares the room that nobody needs."""
    keep: int
    """The place in which columns get room: 0 is never dropped."""
    frozen: bool = False
    """It stays when the others are scrolled."""
    right: bool = False
    flexible: bool = False
    """It may grow beyond `most`."""

    def heading(self, width: int) -> str:
        """Return the title that fits into *width*."""
        return self.title if len(self.title) <= width else self.brief or self.title


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


def _text(read: Callable[[SendRecord], str], tone: Tone = "muted", none: str = "–") -> Cell:
    def cell(send: SendRecord, scene: Scene, width: int) -> tuple[Piece, ...]:
        text = steady(read(send)) or plain(none, scene.ascii)
        return ((fit(text, width, plain("…", scene.ascii)), tone),)

    return cell


def _due(send: SendRecord, scene: Scene, width: int) -> tuple[Piece, ...]:
    due = due_words(send, scene.now, scene.ascii, zone=scene.zone)
    words = due.words.rjust(8) if due.words[:1].isdigit() else due.words
    if len(words) + 2 > width:
        words = due.brief or words
    return ((fit(f"{due.sign} {words}", width, plain("…", scene.ascii)), due.tone),)


def _status(send: SendRecord, scene: Scene, width: int) -> tuple[Piece, ...]:
    status = catalogue.status(send.provider, send.status)
    sign = mark(status, scene.ascii)
    label = status.label
    if send.status == UNMAPPED_SLUG and send.provider_raw:
        label = send.provider_raw
    flags = plain("✎", scene.ascii) if send.override_status else ""
    if send.contested:
        flags += "!"
    room = width - 2 - (len(flags) + 1 if flags else 0)
    words = fit(steady(label), room, plain("…", scene.ascii))
    cell: tuple[Piece, ...] = ((f"{sign.glyph} ", sign.tone), (words, "text"))
    if not flags:
        return cell
    return (*cell, (f" {flags}", "error" if send.contested else "warning"))


def _in_status(send: SendRecord, scene: Scene, width: int) -> tuple[Piece, ...]:
    return ((fit(age(scene.now - send.since), width, plain("…", scene.ascii)), "muted"),)


def _provider_name(send: SendRecord) -> str:
    return _PLATFORMS[send.provider].name if send.provider in _PLATFORMS else send.provider


def _type_name(send: SendRecord) -> str:
    types = _PLATFORMS[send.provider].types if send.provider in _PLATFORMS else {}
    return types.get(send.type, send.type)


COLUMNS: Final[Mapping[str, Column]] = {
    column.key: column
    for column in (
        Column(key="due", title="Due", cell=_due, least=10, most=14, keep=0, frozen=True),
        Column(key="status", title="Status", cell=_status, least=16, usual=20, most=26, keep=0, frozen=True),
        Column(
            key="recipient",
            title="Recipient",
            cell=_text(lambda send: send.recipient_name or send.recipient_email, "text"),
            least=12,
            usual=15,
            most=28,
            keep=0,
            frozen=True,
            flexible=True,
        ),
        Column(
            key="company",
            title="Company",
            cell=_text(lambda send: send.company),
            least=14,
            most=24,
            keep=4,
            flexible=True,
        ),
        Column(
            key="campaign",
            title="Campaign",
            cell=_text(lambda send: send.campaign),
            least=16,
            most=28,
            keep=5,
            flexible=True,
        ),
        Column(
            key="in_status",
            title="In status",
            brief="Age",
            cell=_in_status,
            least=5,
            most=9,
            keep=2,
            right=True,
        ),
        Column(key="owner", title="Owner", cell=_text(lambda send: send.owner), least=6, most=12, keep=3),
        Column(key="id", title="Id", cell=_text(lambda send: send.ref), least=10, most=12, keep=1),
        Column(key="type", title="Type", cell=_text(_type_name), least=8, most=10, keep=6),
        Column(key="provider", title="Provider", cell=_text(_provider_name), least=8, most=10, keep=7),
    )
}  # fmt: skip
"""Every column by its key, in the usual order."""

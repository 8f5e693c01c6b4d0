"""The credits: what they come to for each funding source, each with its send, and a filter over them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar, Final, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.events import Resize
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from models.errors import DeskError
from models.reading.credits import CreditFilter, CreditLine, CreditTotal, Stand, by_source
from models.values.calendar import age
from models.values.local_time import LocalTime
from tui.dialogs.dialog import Dialog
from tui.keys import Hints
from tui.style.formats import money
from tui.style.glyphs import Tone
from tui.widgets.bindings import bindings, keys_of
from tui.widgets.letter_menu import KeyList
from tui.widgets.styled_text import QUIET, STRONG, colour, safe_text, stacked

_MOST_SOURCES = 5
"""How many funding sources stand above the list at a time."""
_AHEAD = 50
"""How far from the end of what is read the cursor may be before more is read."""
_SOURCE, _SUM = 20, 17
_REF, _NAME, _AMOUNT, _STAND = 10, 15, 14, 14
_NARROW = 60
"""Cells of a terminal below which only what says how much is missing has room."""
_BROAD = 112
"""Cells of a terminal from which on a line has room for the day."""
_NARROW_SOURCE, _NARROW_SUM, _NARROW_SUMS = 14, 13, 2
_UNNAMED = "(not named)"
_SHOWN: Final[tuple[tuple[str, tuple[Stand, ...]], ...]] = (
    ("what is open", ("overdue", "expected")),
    ("what is confirmed", ("confirmed",)),
    ("all", ("overdue", "expected", "confirmed")),
)
"""What `m` turns through: in words, and how the credits stand."""
_TONES: Final[dict[Stand, Tone]] = {
    "overdue": "error", "expected": "warning", "confirmed": "success",
}  # fmt: skip
Page = tuple[tuple[CreditTotal, ...], tuple[CreditLine, ...]]
Read = Callable[[CreditFilter, CreditLine | None], Awaitable[Page]]
"""Returns all sums and the credits of a filter behind the one given, or the first; it may raise a `DeskError`."""
Run = Callable[[Callable[[], Awaitable[None]]], object]
"""Runs a job beside the screen, in place of the one before if that is not done."""


class _Room(NamedTuple):
    """What a line has room for."""

    names: bool
    """Names, and every sum."""
    day: bool


class CreditsDialog(Dialog[str]):
    """Shows the credits, those that are open first; answers the short id of the send to go to."""

    AUTO_FOCUS = "KeyList"
    BINDINGS: ClassVar = bindings("credits")
    TELLS_WHEN: ClassVar = True
    HINTS: ClassVar[Hints] = (
        ("enter", "go to the send"),
        ("{credits.source}", "next funding source"),
        ("{credits.turn}", "open, confirmed or all"),
        ("{dialog.back}", "close"),
    )

    def __init__(self, read: Read, run: Run, *, local: LocalTime) -> None:
        super().__init__()
        self._read = read
        self._run = run
        self._local = local
        self._turn = 0
        self._filter = CreditFilter(stands=_SHOWN[0][1])
        self._sums: tuple[CreditTotal, ...] = ()
        self._lines: list[CreditLine] = []
        self._is_all = True
        self._room_before = _Room(names=True, day=True)

    def compose(self) -> ComposeResult:
        """Lay out the sums over the list."""
        with Vertical(classes="dialog wide broad"):
            yield self.heading("Credits")
            yield Static(classes="part one-line", id="credit-sums")
            yield Static(classes="part", id="credit-said")
            yield KeyList(compact=True, classes="part")
            yield self.foot()

    def on_mount(self) -> None:
        """Begin with the open credits of every funding source."""
        self.query_one("#credit-said").display = False
        self._show(self._filter)

    def on_resize(self, event: Resize) -> None:
        """Lay the lines out for another width."""
        if self._room != self._room_before and self._lines:
            options = self.query_one(KeyList)
            here = options.highlighted
            self._write()
            options.highlighted = here

    def action_source(self, by: int) -> None:
        """Show the next funding source alone, or the one before; between last and first stand all."""
        choices: list[str | None] = [None, *self._sources]
        here = self._filter.funding_source
        place = choices.index(here) if here in choices else 0
        self._show(replace(self._filter, funding_source=choices[(place + by) % len(choices)]))

    def action_turn(self) -> None:
        """Show what is open, what is confirmed, or all."""
        self._turn = (self._turn + 1) % len(_SHOWN)
        self._show(replace(self._filter, stands=_SHOWN[self._turn][1]))

    @on(OptionList.OptionHighlighted)
    def _moved(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        if not self._is_all and event.option_index >= len(self._lines) - _AHEAD:
            # Until it is read, nothing more is asked for.
            self._is_all = True
            self._run(self._read_more)

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._lines[event.option_index].ref)

    @property
    def _sources(self) -> list[str]:
        """Every funding source, in the order of its sums."""
        return list(dict.fromkeys(each.funding_source for each in self._sums))

    def _show(self, wanted: CreditFilter) -> None:
        self._is_all = True
        self._run(partial(self._read_first, wanted))

    async def _read_first(self, wanted: CreditFilter) -> None:
        found = await self._asked(wanted, None)
        if found is None:
            self._is_all = not self._lines
            return
        self._sums, lines = found
        self._filter, self._lines, self._is_all = wanted, list(lines), not lines
        self.query_one("#credit-said").display = False
        self._write()
        options = self.query_one(KeyList)
        options.highlighted = 0 if lines else None
        options.focus()
        self._head()

    def _write(self) -> None:
        """Write the sums and the lines that are read, for the width that there is."""
        self._room_before = self._room
        self.query_one("#credit-sums", Static).update(self._summed())
        none = Option(Content.styled(self._nothing(), QUIET), disabled=True)
        self.query_one(KeyList).set_options(self._options(self._lines) or [none])

    @property
    def _room(self) -> "_Room":
        width = self.app.size.width
        return _Room(names=width >= _NARROW, day=width >= _BROAD)

    async def _read_more(self) -> None:
        wanted = self._filter
        found = await self._asked(wanted, self._lines[-1])
        if found and found[1] and wanted == self._filter:
            self._lines += found[1]
            self.query_one(KeyList).add_options(self._options(found[1]))
            self._is_all = False

    async def _asked(self, wanted: CreditFilter, after: CreditLine | None) -> Page | None:
        """Return what is there; None if it cannot be read, which is said, or if the dialog was closed."""
        try:
            found = await self._read(wanted, after)
            return found if self.is_attached else None
        except DeskError as error:
            if self.is_attached:
                said = self.query_one("#credit-said", Static)
                said.update(safe_text(str(error), "$text-warning"))
                said.display = True
            return None

    def _head(self) -> None:
        source = self._filter.funding_source
        whose = "every funding source" if source is None else source or _UNNAMED
        self.change_heading("Credits", f"{whose}, {_SHOWN[self._turn][0]}")

    def _nothing(self) -> str:
        if not self._sums:
            return "There are no credits yet: a rule makes them when an offer ends unopened or bounces."
        if self._turn == 0:
            return keys_of(self.app).fill(
                "Nothing is open. {credits.turn} shows what is confirmed."
            )
        return keys_of(self.app).fill("No such credit. {credits.turn} shows others.")

    def _summed(self) -> Content:
        """Return a line for each funding source and currency; the one that is shown alone stands out."""
        if not self._sums:
            return Content()
        rows = list(by_source(self._sums).items())
        wanted = self._filter.funding_source
        chosen = next((at for at, (key, _) in enumerate(rows) if key[0] == wanted), 0)
        first = max(0, min(chosen - 1, len(rows) - _MOST_SOURCES))
        source_width, width, stands = _SOURCE, _SUM, tuple(_TONES)
        if not self._room.names:
            source_width, width = _NARROW_SOURCE, _NARROW_SUM
            stands = self._filter.stands[:_NARROW_SUMS]
        titles = "".join(each.capitalize().rjust(width) for each in stands)
        head = "Funding source".ljust(source_width) + titles
        lines = [Content.styled(f" {head}", QUIET)]
        for (source, _), sums in rows[first : first + _MOST_SOURCES]:
            is_shown = wanted is None or source == wanted
            name = safe_text(source or _UNNAMED, STRONG if is_shown else QUIET)
            cells = [_column(name, source_width)]
            cells += [_at_right(_sum(sums.get(stand), stand), width) for stand in stands]
            lines.append(Content.assemble(" ", *cells))
        if len(rows) > _MOST_SOURCES:
            lines.append(Content.styled(f" {len(rows):,} in all", QUIET))
        return stacked(lines)

    def _options(self, lines: Sequence[CreditLine]) -> list[Option]:
        return [Option(self._line(each)) for each in lines]

    def _line(self, line: CreditLine) -> Content:
        entry, stand = line.entry, line.stand
        amount = safe_text(money(entry.amount_minor, entry.currency) or "amount unknown")
        words: str = stand
        if line.due_at is not None:
            late = self._local.now - line.due_at
            words = f"overdue {age(late)}" if stand == "overdue" else f"{age(-late)} left"
        told = Content.styled(words, colour(_TONES[stand]))
        ref = _column(safe_text(line.ref, "$text-primary"), _REF)
        if not self._room.names:
            return Content.assemble(" ", ref, _at_right(amount, _AMOUNT), "  ", told)
        return Content.assemble(
            " ",
            ref,
            _column(safe_text(line.recipient_name), _NAME),
            _at_right(amount, _AMOUNT),
            "   ",
            _column(told, _STAND),
            _column(safe_text(entry.funding_source or _UNNAMED, "$text"), _SOURCE),
            safe_text(self._local.words(entry.at) if self._room.day else "", QUIET),
        )


def _sum(total: CreditTotal | None, stand: Stand) -> Content:
    if total is None:
        return Content()
    is_known = total.unknown < total.number
    said = money(total.minor, total.currency) if is_known else "amount unknown"
    return safe_text(said, colour(_TONES[stand]))


def _at_right(value: Content, width: int) -> Content:
    kept = value.truncate(width - 1, ellipsis=True)
    return Content(" " * (width - kept.cell_length)) + kept


def _column(value: Content, width: int) -> Content:
    return value.truncate(width - 1, ellipsis=True, pad=True) + " "

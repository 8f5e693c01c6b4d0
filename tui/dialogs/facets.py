"""The facet picker: ticks narrow the list behind it at once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from models.reading.counts import Count
from tui.dialogs.dialog import Dialog
from tui.keys import Hints
from tui.style.glyphs import Tone, plain
from tui.widgets.bindings import bindings
from tui.widgets.desk_header import short_number
from tui.widgets.letter_menu import KeyList
from tui.widgets.styled_text import QUIET, STRONG, colour, justified, safe_text

_WIDTH = 67
Chosen = Mapping[str, frozenset[str]]
"""The ticked values by key of the filter language; keys without a tick are absent."""


@dataclass(frozen=True, slots=True)
class FacetChoice:
    """One value that can be ticked."""

    value: str
    label: str
    count: int
    sign: str = ""
    tone: Tone = "text"


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """The values of one key, the commonest first."""

    key: str
    heading: str
    choices: tuple[FacetChoice, ...]


class FacetPicker(Dialog[Chosen]):
    """Ticks values with `Space`; `Enter` keeps the ticks, `Esc` answers None to put them back."""

    AUTO_FOCUS = "KeyList"
    HINTS: ClassVar[Hints] = (
        ("{facets.tick}", "tick"),
        ("{facets.next}", "next group"),
        ("{facets.clear}", "clear"),
        ("enter", "keep"),
        ("{dialog.back}", "put back"),
    )
    BINDINGS: ClassVar = bindings("facets")

    def __init__(
        self,
        groups: Sequence[FacetGroup],
        chosen: Chosen,
        *,
        changed: Callable[[Chosen], None],
        ascii: bool = False,
    ) -> None:
        """Offer *groups*; *changed* hears of every tick at once, so that the list can follow."""
        super().__init__()
        self._groups = tuple(groups)
        self._chosen = {key: set(values) for key, values in chosen.items()}
        self._changed = changed
        self._ascii = ascii

    def compose(self) -> ComposeResult:
        """Lay out the groups in one list."""
        with Vertical(classes="dialog"):
            yield self.heading("Show only")
            yield KeyList(*self._options(), classes="part tall", compact=True)
            yield self.foot()

    def update_groups(self, groups: Sequence[FacetGroup]) -> None:
        """Show new counts; the cursor stays on its value."""
        self._groups = tuple(groups)
        self._write()

    def action_tick(self) -> None:
        """Tick the value under the cursor, or take its tick off."""
        option = self.query_one(KeyList).highlighted_option
        if option is None or option.id is None:
            return
        key, _, value = option.id.partition("=")
        self._chosen.setdefault(key, set()).symmetric_difference_update({value})
        self._write()
        self._changed(self._answer())

    def action_clear(self) -> None:
        """Take every tick off."""
        self._chosen.clear()
        self._write()
        self._changed(self._answer())

    def action_group(self, by: int) -> None:
        """Go to the first value of the next group."""
        options = self.query_one(KeyList)
        starts = [place + 1 for place, each in enumerate(options.options) if each.id is None]
        here = options.highlighted or 0
        if by > 0:
            options.highlighted = next((place for place in starts if place > here), starts[0])
        else:
            before = [place for place in starts if place < here]
            options.highlighted = before[-1] if before else starts[-1]

    @on(OptionList.OptionSelected)
    def _finish(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._answer())

    def _answer(self) -> Chosen:
        return {key: frozenset(values) for key, values in self._chosen.items() if values}

    def _write(self) -> None:
        options = self.query_one(KeyList)
        at = options.highlighted_option
        options.set_options(self._options())
        options.point_at(at.id if at else None)
        if options.highlighted is None:
            options.action_first()

    def _options(self) -> Iterator[Option]:
        for group in self._groups:
            if group.choices:
                yield Option(Content.styled(group.heading, STRONG), disabled=True)
                for choice in group.choices:
                    yield Option(self._line(group.key, choice), id=f"{group.key}={choice.value}")

    def _line(self, key: str, choice: FacetChoice) -> Content:
        ticked = choice.value in self._chosen.get(key, ())
        box = plain("✓", self._ascii) if ticked else " "
        sign = plain(choice.sign, self._ascii) if choice.sign else " "
        left = Content.assemble(
            (f" [{box}] ", "bold $text-success" if ticked else QUIET),
            (f"{sign} ", colour(choice.tone)),
            safe_text(choice.label, STRONG if ticked else "$text", limit=80),
        )
        return justified(left, Content.styled(short_number(Count(choice.count)), QUIET), _WIDTH)

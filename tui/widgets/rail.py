"""The rail at the left: the views, and what the present filter holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from models.reading.counts import Count
from tui.style.glyphs import Tone, plain
from tui.widgets.bindings import bindings, keys_of
from tui.widgets.desk_header import short_number
from tui.widgets.styled_text import QUIET, STRONG, colour, justified, safe_text, stacked
from tui.widgets.view_tabs import ViewTab


@dataclass(frozen=True, slots=True)
class RailFacet:
    """One value that the list can be narrowed to."""

    key: str
    """The key of the filter language: `status`, `urgency`, `type`."""
    value: str
    label: str
    count: int
    sign: str = ""
    tone: Tone = "text"
    chosen: bool = False


class RailGroup(NamedTuple):
    """A heading and its values, the commonest first."""

    heading: str
    facets: tuple[RailFacet, ...]
    more: int = 0
    """How many further values the picker has."""


RailRow = ViewTab | RailFacet | str | None
"""A line of the rail: a view, a value, a heading or `more…`, or nothing."""


class Rail(Widget, can_focus=True):
    """Shows views and facets with live counts; `Enter` or a click chooses."""

    BINDINGS: ClassVar = bindings("rail")

    views: reactive[tuple[ViewTab, ...]] = reactive(())
    groups: reactive[tuple[RailGroup, ...]] = reactive(())
    now_open: reactive[str] = reactive("")
    """The name of the view that is open."""
    cursor: reactive[int] = reactive(0)
    """The line that `Enter` chooses, counted over the lines that can be chosen."""

    @dataclass
    class ViewChosen(Message):
        """A view was chosen."""

        view: ViewTab

    @dataclass
    class FacetChosen(Message):
        """A value was chosen to narrow the list to, or to be taken off again."""

        key: str
        value: str

    def __init__(self, *, ascii: bool = False) -> None:
        super().__init__()
        self._ascii = ascii

    def render(self) -> Content:
        """Return the lines that fit, cut to the width."""
        width, height = self.size
        rows = list(self._rows(height))
        chosen = self._choices(rows)
        under = chosen[self.cursor] if self.has_focus and self.cursor < len(chosen) else None
        return stacked(self._line(row, width, row is under) for row in rows[:height])

    def action_move(self, by: int) -> None:
        """Move the rail's own cursor."""
        last = len(self._choices(list(self._rows(self.size.height)))) - 1
        self.cursor = min(max(self.cursor + by, 0), max(last, 0))

    def action_choose(self) -> None:
        """Choose what is under the cursor."""
        choices = self._choices(list(self._rows(self.size.height)))
        if self.cursor < len(choices):
            self._choose(choices[self.cursor])

    def on_click(self, event: events.Click) -> None:
        """Choose what was clicked."""
        rows = list(self._rows(self.size.height))
        place = event.get_content_offset_capture(self).y
        if place < len(rows):
            self._choose(rows[place])

    def on_focus(self) -> None:
        """Show the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Hide the cursor."""
        self.refresh()

    def _choose(self, row: RailRow) -> None:
        match row:
            case ViewTab():
                self.post_message(self.ViewChosen(row))
            case RailFacet():
                self.post_message(self.FacetChosen(row.key, row.value))
            case _:
                pass

    @staticmethod
    def _choices(rows: list[RailRow]) -> list[ViewTab | RailFacet]:
        return [row for row in rows if isinstance(row, ViewTab | RailFacet)]

    def _rows(self, height: int) -> Iterator[RailRow]:
        """Yield the lines; in a short rail the groups have fewer values, and a line says how many more."""
        yield "VIEWS"
        yield from self.views
        taken = len(self.views) + 1
        wanted = sum(len(group.facets) + 2 + bool(group.more) for group in self.groups)
        spare = max(height - taken - wanted, -999)
        for group in self.groups:
            cut = min(max(-spare, 0), max(len(group.facets) - 3, 0))
            shown = group.facets[: len(group.facets) - cut] if cut > 1 else group.facets
            more = group.more + len(group.facets) - len(shown)
            spare += len(group.facets) - len(shown) - (1 if more and not group.more else 0)
            yield None
            yield group.heading
            yield from shown
            if more:
                yield f"  {more} more… ({keys_of(self.app).shown('desk.pick_values')})"

    def _line(self, row: RailRow, width: int, under: bool) -> Content:
        match row:
            case ViewTab():
                return self._view(row, width, under)
            case RailFacet():
                return self._facet(row, width, under)
            case str():
                heading = row.isupper()
                return safe_text(row, f"bold {QUIET}" if heading else QUIET).truncate(width)
            case _:
                return Content()

    def _view(self, view: ViewTab, width: int, under: bool) -> Content:
        here = view.name == self.now_open
        style = STRONG if here else "$text"
        key = keys_of(self.app).of_view(view.digit)
        left = Content.assemble((f"{key} ", style), safe_text(view.name, style, limit=60))
        line = justified(left, Content.styled(short_number(view.count), style), width)
        return self._shaded(line, here or under, under)

    def _facet(self, facet: RailFacet, width: int, under: bool) -> Content:
        sign = plain(facet.sign, self._ascii) if facet.sign else " "
        if facet.chosen:
            sign = plain("✓", self._ascii)
        style = f"bold {colour(facet.tone)}" if facet.chosen else colour(facet.tone)
        left = Content.assemble((f"{sign} ", style), safe_text(facet.label, style, limit=60))
        count = Content.styled(short_number(Count(facet.count)), style)
        return self._shaded(justified(left, count, width), under or facet.chosen, under)

    def _shaded(self, line: Content, shaded: bool, under: bool) -> Content:
        """Shade the line; while the rail has the focus its cursor is the strongest shade."""
        if not shaded:
            return line
        faint = self.has_focus and not under
        return line.stylize(f"on ${'block-cursor-blurred' if faint else 'block-cursor'}-background")


class NextStep(Widget):
    """The advice for the send under the cursor on one line, where the case has no room."""

    title: reactive[str] = reactive("")
    body: reactive[str] = reactive("")
    tone: reactive[Tone] = reactive("text")
    """The colour of its urgency."""

    class Clicked(Message):
        """The agent wants to see the case."""

    def on_click(self, event: events.Click) -> None:
        """Ask for the case."""
        event.stop()
        if self.title:
            self.post_message(self.Clicked())

    def render(self) -> Content:
        """Return the advice, cut to the width."""
        if not self.title:
            return Content()
        line = Content.assemble(
            ("▸ ", colour(self.tone)),
            safe_text(self.title, f"bold {colour(self.tone)}"),
            "  ",
            safe_text(self.body, QUIET, limit=300),
        )
        return line.truncate(self.size.width, ellipsis=True)

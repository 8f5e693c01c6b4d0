"""The views on one line. It is part of the first frame, so it must import little."""

from dataclasses import dataclass

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from models.reading.counts import Count
from tui.widgets.bindings import keys_of
from tui.widgets.desk_header import short_number
from tui.widgets.styled_text import QUIET, STRONG, safe_text


@dataclass(frozen=True, slots=True)
class ViewTab:
    """A view as the rail and the tabs show it."""

    digit: str
    name: str
    count: Count | None = None
    """None until it has been counted."""
    urgent: bool = False
    """Whether a count above zero deserves the colour of an alarm."""


class ViewTabs(Widget):
    """The views on one line, for screens without room for the rail."""

    views: reactive[tuple[ViewTab, ...]] = reactive(())
    now_open: reactive[str] = reactive("")

    def render(self) -> Content:
        """Return as many views as fit; the open one is always among them."""
        bar = Content.styled(" │ ", QUIET)
        pieces = [self._piece(view) for view in self.views]
        here = next((i for i, view in enumerate(self.views) if view.name == self.now_open), 0)
        first, line = 0, bar.join(pieces)
        while line.cell_length > self.size.width and first < here:
            first += 1
            line = bar.join(pieces[first:])
        return line.truncate(self.size.width, ellipsis=True)

    def _piece(self, view: ViewTab) -> Content:
        here = view.name == self.now_open
        loud = view.urgent and view.count is not None and view.count.value > 0
        count = "$text-error" if loud else "$text" if here else QUIET
        name = STRONG if here else QUIET
        return Content.assemble(
            (f"{keys_of(self.app).of_view(view.digit)} ", name),
            safe_text(view.name, name, limit=30),
            (f" {short_number(view.count)}", count),
        )

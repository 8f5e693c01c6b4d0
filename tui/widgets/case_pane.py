"""The case: everything about the send under the cursor, and what to do about it."""

from datetime import UTC, datetime, tzinfo
from typing import ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from models.records import Case
from tui.widgets import case_fields, case_text
from tui.widgets.case_guide import guide
from tui.widgets.case_history import latest, whole
from tui.widgets.case_text import Sheet
from tui.widgets.ink import QUIET

TABS: Final = ("Summary", "History", "Guidance")
_MARGIN = 1
"""Cells between the text and the scrollbar."""
_CARD_FRAME = 3
"""Cells that the bar and the padding of the advice take."""
_LATEST = 12
"""Events that the summary shows."""


class CasePane(VerticalScroll, can_focus=True):
    """Shows one `Case`; scrolls with `j` and `k` while it has the focus."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "scroll_down", "Down", show=False, id="case.down"),
        Binding("k", "scroll_up", "Up", show=False, id="case.up"),
        Binding("g", "scroll_home", "Top", show=False, id="case.top"),
        Binding("G", "scroll_end", "End", show=False, id="case.end"),
    ]

    case: reactive[Case | None] = reactive(None)
    """The case shown, or None while the list has no send under its cursor."""
    now: reactive[datetime] = reactive(datetime.fromtimestamp(0, UTC), init=False)
    """The present moment, from the screen's clock."""
    tab: reactive[str] = reactive("Summary")
    """One of `TABS`."""

    def __init__(self, *, zone: tzinfo = UTC, ascii: bool = False) -> None:
        super().__init__()
        self._zone = zone
        self._ascii = ascii

    def compose(self) -> ComposeResult:
        """Lay the case out as tabs, title, advice and body."""
        yield Static(id="case-tabs")
        yield Static(id="case-title")
        yield Static(id="case-card")
        with Horizontal(id="case-columns"):
            yield Static(id="case-body")
            yield Static(id="case-side")

    def next_tab(self) -> None:
        """Show the tab to the right, after the last one the first."""
        self._turn(1)

    def previous_tab(self) -> None:
        """Show the tab to the left, before the first one the last."""
        self._turn(-1)

    def watch_case(self, before: Case | None, after: Case | None) -> None:
        """Write the new case; another send starts at the top."""
        if before is None or after is None or before.send.id != after.send.id:
            self.scroll_home(animate=False)
        self._write()

    def watch_now(self) -> None:
        """Write the ages anew."""
        self._write()

    def watch_tab(self) -> None:
        """Write the tab that was chosen, from its top."""
        self.scroll_home(animate=False)
        self._write()

    def on_resize(self, event: events.Resize) -> None:
        """Wrap the text for the new width."""
        self._write()

    def _turn(self, by: int) -> None:
        self.tab = TABS[(TABS.index(self.tab) + by) % len(TABS)]

    def _write(self) -> None:
        width = self.scrollable_content_region.width - _MARGIN
        if not self.is_mounted or width <= 0:
            return
        sheet = Sheet(max(width, 20), self.now, self._zone, self._ascii)
        self.query_one("#case-tabs", Static).update(self._tabs())
        title, card = self.query_one("#case-title", Static), self.query_one("#case-card", Static)
        if self.case is None:
            title.update(Content.styled("No send here", QUIET))
            card.display = False
            self._lay(Content(), Content())
            return
        title.update(case_text.head(self.case, sheet))
        self._advise(card, sheet)
        self._lay(*self._body(self.case, sheet))

    def _lay(self, body: Content, side: Content) -> None:
        """Put *side* beside *body*, or leave *body* the whole width if there is none."""
        column = self.query_one("#case-side", Static)
        column.display = bool(side)
        column.update(side)
        self.query_one("#case-body", Static).update(body)

    def _tabs(self) -> Content:
        names = [
            Content.styled(name, "bold $text-primary" if name == self.tab else QUIET)
            for name in TABS
        ]
        return Content.styled(" · ", QUIET).join(names)

    def _advise(self, card: Static, sheet: Sheet) -> None:
        """Show the advice, in the colour of its urgency; the Guidance tab says it by itself."""
        if self.case is None or self.tab == "Guidance" or not self.case.advice.title:
            card.display = False
            return
        urgency = self.case.advice.urgency
        card.display = True
        card.set_class(urgency in ("over", "now"), "-alarm")
        card.set_class(urgency == "soon", "-soon")
        card.update(case_text.card(self.case, sheet.width - _CARD_FRAME))

    def _body(self, case: Case, sheet: Sheet) -> tuple[Content, Content]:
        """Return the tab's text, and what stands beside it where there is room."""
        match self.tab:
            case "History":
                return whole(case, sheet), Content()
            case "Guidance":
                return guide(case, sheet), Content()
            case _ if sheet.is_broad:
                column = sheet.column()
                return _summary(case, column), latest(case, column, _LATEST)
            case _:
                history = latest(case, sheet, _LATEST)
                return _summary(case, sheet) + "\n\n" + history, Content()


def _summary(case: Case, sheet: Sheet) -> Content:
    """Return what is known about the send, in blocks."""
    parts = [
        case_fields.two_voices(case, sheet),
        case_fields.fields(case, sheet),
        case_fields.money_lines(case, sheet),
        case_fields.shipments(case, sheet),
    ]
    return Content("\n\n").join([part for part in parts if part])

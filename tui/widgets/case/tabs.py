"""A case as the lines of its pane: tabs, title, advice, body. Pure; no widget."""

from itertools import zip_longest
from typing import Final, Literal

from textual.content import Content

from models.records import Case, Urgency
from tui.widgets.case import fields, summary
from tui.widgets.case.guidance import guide
from tui.widgets.case.history import latest, whole
from tui.widgets.case.summary import Sheet
from tui.widgets.styled_text import QUIET

Tab = Literal["Summary", "History", "Guidance"]
TABS: Final[tuple[Tab, ...]] = ("Summary", "History", "Guidance")
_LATEST = 12
"""Events that the summary shows."""
_CARD_FRAME = 3
"""Cells that the bar and the padding of the advice take."""
_CARD_TONES: Final[dict[Urgency, str]] = {"over": "error", "now": "error", "soon": "warning"}


def lines(case: Case | None, tab: Tab, sheet: Sheet, *, focused: bool) -> list[Content]:
    """Return what the pane shows, each line at most as wide as *sheet*."""
    shown = [_tabs(tab, sheet, focused=focused), Content()]
    if case is None:
        return [*shown, Content.styled("No send here", QUIET)]
    shown += [*summary.head(case, sheet).split("\n", allow_blank=True), Content()]
    if tab != "Guidance" and case.advice.title:
        shown += [*_card(case, sheet), Content()]
    return shown + _body(case, tab, sheet)


def _tabs(tab: Tab, sheet: Sheet, *, focused: bool) -> Content:
    names = [Content.styled(name, "bold $text-primary" if name == tab else QUIET) for name in TABS]
    line = Content.styled(" · ", QUIET).join(names)
    if not focused:
        return line
    return line.truncate(sheet.width, pad=True).stylize("on $surface-lighten-1")


def _card(case: Case, sheet: Sheet) -> list[Content]:
    """Return the advice on the colour of its urgency, with a bar at its left."""
    tone = _CARD_TONES.get(case.advice.urgency, "primary")
    width = sheet.width - _CARD_FRAME
    return [
        Content.assemble((f"{sheet.glyph('▌')} ", f"${tone}"), line.truncate(width, pad=True), " ")
        .stylize(f"on ${tone}-muted")
        for line in summary.card(case, width, sheet.keys).split("\n", allow_blank=True)
    ]  # fmt: skip


def _body(case: Case, tab: Tab, sheet: Sheet) -> list[Content]:
    """Return the text of *tab*; where there is room, the history stands beside the fields."""
    if tab == "History":
        return whole(case, sheet).split("\n", allow_blank=True)
    if tab == "Guidance":
        return guide(case, sheet).split("\n", allow_blank=True)
    if not sheet.is_broad:
        history = latest(case, sheet, _LATEST)
        return (_summary(case, sheet) + "\n\n" + history).split("\n", allow_blank=True)
    column = sheet.column()
    left = _summary(case, column).split("\n", allow_blank=True)
    right = latest(case, column, _LATEST).split("\n", allow_blank=True)
    blank = Content()
    return [
        first.truncate(sheet.width - column.width, pad=True) + second
        for first, second in zip_longest(left, right, fillvalue=blank)
    ]


def _summary(case: Case, sheet: Sheet) -> Content:
    """Return what is known about the send, in blocks."""
    parts = [
        fields.two_voices(case, sheet),
        fields.fields(case, sheet),
        fields.money_lines(case, sheet),
        fields.shipments(case, sheet),
    ]
    return Content("\n\n").join([part for part in parts if part])

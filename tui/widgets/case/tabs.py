"""A case as the lines of its pane: tabs, title, advice, body. Pure; no widget."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import Final, Literal, NamedTuple

from rich.cells import cell_len
from textual.content import Content

from models.providers import catalogue
from models.records import Case, SendRecord, Urgency
from tui.style.formats import mark
from tui.widgets.case import fields, summary
from tui.widgets.case.guidance import guide
from tui.widgets.case.history import latest, whole
from tui.widgets.case.summary import Page
from tui.widgets.styled_text import QUIET, STRONG, colour, joined, safe_text

Tab = Literal["Summary", "History", "Guidance", "Packet"]
TABS: Final[tuple[Tab, ...]] = ("Summary", "History", "Guidance")
"""What the case shows by turns outside a round of triage."""
_BETWEEN = " · "
_LATEST = 12
"""Events that the summary shows."""
CARD_FRAME = 3
"""Cells that the bar and the padding of the advice take."""
_CARD_TONES: Final[dict[Urgency, str]] = {"over": "error", "now": "error", "soon": "warning"}


class Unread(NamedTuple):
    """What stands in the place of a case that could not be read, or not yet."""

    send: SendRecord
    """As its row in the list has it."""
    why: str


def lines(
    case: Case | None, tab: Tab, page: Page, *, focused: bool, unread: Unread | None = None
) -> list[Content]:
    """Return what the pane shows, each line at most as wide as *page*.

    Args:
        case: The case of the send under the cursor, or None.
        tab: The tab that is open.
        page: The width, and how things are shown.
        focused: Whether keys go to the pane.
        unread: What is shown without a case; None if there is no send.
    """
    shown = [_tabs(tab, page, focused=focused), Content()]
    if case is None and unread is not None:
        return [*shown, *_without_case(unread, page)]
    if case is None:
        return [*shown, Content.styled("No send here", QUIET)]
    shown += [*summary.head(case, page).split("\n", allow_blank=True), Content()]
    if tab != "Guidance" and case.advice.title:
        advice = summary.card(case, page.width - CARD_FRAME, page.keys)
        shown += [*card_lines(case, advice, page), Content()]
    return shown + _body(case, tab, page)


def _without_case(unread: Unread, page: Page) -> list[Content]:
    """Return which send it is, as its row knows it, and why no more is shown."""
    send = unread.send
    who = joined(
        [
            safe_text(summary.who(send), STRONG),
            safe_text(send.company, QUIET),
        ]
    )
    which = Content.assemble(safe_text(send.ref, STRONG), "  ", safe_text(send.campaign, "$text"))
    status = catalogue.status(send.provider, send.status)
    sign = mark(status, page.ascii)
    state = Content.assemble(
        (sign.glyph, colour(sign.tone)), " ", status.label, ("  as the list has it", QUIET)
    )
    head = [line.truncate(page.width, ellipsis=True) for line in (which, who, Content(), state)]
    return [*head, Content(), *safe_text(unread.why, QUIET, limit=400).wrap(page.width)]


def _tabs(tab: Tab, page: Page, *, focused: bool) -> Content:
    line = tab_names(TABS, tab)
    if not focused:
        return line
    return line.truncate(page.width, pad=True).stylize("on $surface-lighten-1")


def tab_names(names: Sequence[Tab], shown: Tab) -> Content:
    """Return *names* on a line; the tab that is *shown* stands out."""
    styled = [
        Content.styled(name, "bold $text-primary" if name == shown else QUIET) for name in names
    ]
    return Content.styled(_BETWEEN, QUIET).join(styled)


def tab_at(names: Sequence[Tab], line: Content, place: int) -> Tab | None:
    """Return which of *names* stands at the cell *place* of *line*; None where it has no such names."""
    before, found, _ = line.plain.partition(_BETWEEN.join(names))
    start = cell_len(before)
    for name in names if found else ():
        if start <= place < start + len(name):
            return name
        start += len(name) + len(_BETWEEN)
    return None


def card_lines(case: Case, advice: Content, page: Page) -> list[Content]:
    """Return *advice* on the colour of its urgency, with a bar at its left."""
    waits = case.advice.waits
    tone = "primary" if waits else _CARD_TONES.get(case.advice.urgency, "primary")
    width = page.width - CARD_FRAME
    return [
        Content.assemble((f"{page.glyph('▌')} ", f"${tone}"), line.truncate(width, pad=True), " ")
        .stylize(f"on ${tone}-muted")
        for line in advice.wrap(width)
    ]  # fmt: skip


def _body(case: Case, tab: Tab, page: Page) -> list[Content]:
    """Return the text of *tab*; where there is room, the history stands beside the fields."""
    if tab == "History":
        return whole(case, page).split("\n", allow_blank=True)
    if tab == "Guidance":
        return guide(case, page).split("\n", allow_blank=True)
    if not page.has_two_columns:
        history = latest(case, page, _LATEST)
        return (facts(case, page) + "\n\n" + history).split("\n", allow_blank=True)
    column = page.column()
    left = facts(case, column).split("\n", allow_blank=True)
    right = latest(case, column, _LATEST).split("\n", allow_blank=True)
    blank = Content()
    return [
        first.truncate(page.width - column.width, pad=True) + second
        for first, second in zip_longest(left, right, fillvalue=blank)
    ]


def facts(case: Case, page: Page) -> Content:
    """Return what is known about the send, in blocks."""
    parts = [
        fields.orders(case, page),
        fields.platform_and_override(case, page),
        fields.fields(case, page),
        fields.money_lines(case, page),
        fields.shipments(case, page),
    ]
    return Content("\n\n").join([part for part in parts if part])

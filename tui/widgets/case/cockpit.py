"""A case in a round of triage: guidance, packet and history beside each other, as many as fit. Pure."""

from itertools import zip_longest
from typing import Final

from textual.content import Content

from models.providers import catalogue
from models.records import Case
from models.rules.packet import packet_lines
from tui.widgets.case import summary
from tui.widgets.case.guidance import meaning, next_steps
from tui.widgets.case.history import whole
from tui.widgets.case.summary import GAP, Page
from tui.widgets.case.tabs import Tab, card_lines, facts, tab_names
from tui.widgets.styled_text import QUIET, STRONG, safe_text, stacked, wrapped_field

COLUMNS: Final[tuple[Tab, ...]] = ("Guidance", "Packet", "History", "Summary")
"""What the columns show, from the left. Those that have no room are tabs of the last column."""
_THREE_COLUMNS = 150
"""Cells in which three columns can be read."""
_LINES = 12
"""The most lines of one value."""


def tabs_in_round(page: Page) -> tuple[Tab, ...]:
    """Return what the last column of *page* shows by turns."""
    return COLUMNS[_count(page) - 1 :]


def cockpit(case: Case | None, tab: Tab, page: Page) -> list[Content]:
    """Return the lines of the case, each at most as wide as *page*; *tab* is in the last column."""
    if case is None:
        return [Content.styled("No send here", QUIET)]
    turned = tabs_in_round(page)
    shown = tab if tab in turned else turned[0]
    standing = COLUMNS[: _count(page) - 1]
    column = page.column(_count(page))
    headings = [*(tab_names((name,), name) for name in standing), tab_names(turned, shown)]
    bodies = [_column(case, name, column) for name in (*standing, shown)]
    return [
        *summary.head(case, page, brief=True).split("\n", allow_blank=True),
        Content(),
        _beside(headings, column.width).truncate(page.width, pad=True).stylize("on $surface"),
        *(_beside(row, column.width) for row in zip_longest(*bodies, fillvalue=Content())),
    ]


def _count(page: Page) -> int:
    """Return how many columns have room."""
    if page.width >= _THREE_COLUMNS:
        return 3
    return 2 if page.has_two_columns else 1


def _beside(pieces: "list[Content] | tuple[Content, ...]", width: int) -> Content:
    """Return *pieces* on one line, each in a column of *width* cells."""
    *before, last = pieces
    return Content().join([*(each.truncate(width + GAP, pad=True) for each in before), last])


def _column(case: Case, tab: Tab, page: Page) -> list[Content]:
    match tab:
        case "Guidance":
            return _guidance(case, page)
        case "Packet":
            return _packet(case, page)
        case "History":
            # The heading of the column stands for that of the history.
            return _split(whole(case, page))[1:]
        case _:
            return _split(facts(case, page))


def _guidance(case: Case, page: Page) -> list[Content]:
    """Return the advice on its colour, then what the status means and what usually follows."""
    standing = catalogue.status(case.send.provider, case.send.status).advice
    brief = " ".join(case.advice.body.replace(standing, " ").split())
    advice = stacked(
        [
            safe_text(case.advice.title, STRONG),
            *([safe_text(brief, "$text", limit=600)] if brief else []),
        ]
    )
    parts = [stacked(card_lines(case, advice, page)), meaning(case, page, do=standing)]
    if following := next_steps(case, page):
        parts.append(following)
    return _split(Content("\n\n").join(parts))


def _packet(case: Case, page: Page) -> list[Content]:
    """Return the packet with its names in a column of their own."""
    lines: list[Content] = []
    for line in packet_lines(case, page.local):
        is_heading = not line.name and lines and not lines[-1]
        value = Content.styled(line.text, STRONG if is_heading else "$text")
        label = Content.styled(line.name, QUIET)
        lines += wrapped_field(label, value, page.width, lines=_LINES) if line.text else [Content()]
    return lines


def _split(text: Content) -> list[Content]:
    return text.split("\n", allow_blank=True)

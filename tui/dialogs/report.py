"""The report on the screen: each section shows as soon as it is counted."""

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import ClassVar, Final, Literal

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.events import Resize

from models.errors import BadQuery, DeskError
from models.report.document import Heading, Section
from tui.dialogs.dialog import Dialog
from tui.keys import Hints
from tui.style.report_text import Line, Part, heading_lines, section_lines
from tui.widgets.bindings import bindings
from tui.widgets.lines import Lines
from tui.widgets.styled_text import QUIET, STRONG, safe_text

SPANS: Final = ("today", "7d", "30d", "90d", "365d")
"""The spans that keys lead through."""
Answer = Literal["shift", "write", "copy"]
"""What the agent wants beside it: their own day, a file of it, a copy of it."""
Read = Callable[[str], AsyncIterator[Heading | Section]]
"""Yields the report since a time: what it is about, then its sections as they are counted."""
Run = Callable[[Callable[[], Awaitable[None]]], object]
"""Runs a job beside the screen, in place of the one before if that is not done."""
_STYLES: Final[dict[Part, str]] = {
    "title": STRONG,
    "about": QUIET,
    "figure": "$text",
    "heading": "$text-primary",
    "chart": "$text-primary",
    "columns": QUIET,
    "row": "$text",
}
_EDGE: Final = 1
"""Cells that the scroll bar takes."""


class ReportPage(Lines):
    """The lines of a report; they scroll in the room that there is, over the keys."""

    def show(self, count: int) -> None:
        """Show *count* lines, which may be others than before."""
        super().show(count)
        self.styles.height = "1fr"


class ReportDialog(Dialog[Answer]):
    """Shows a report as its sections come.

    Attributes:
        since: Since when it is, one of `SPANS`.
        heading_read: What the report is about; None before it is known.
        sections: The sections that are there.
        is_whole: Whether no further one comes.
    """

    AUTO_FOCUS = "ReportPage"
    BINDINGS: ClassVar = bindings("report")
    TELLS_WHEN: ClassVar = True
    HINTS: ClassVar[Hints] = (
        ("{report.shorter} {report.longer}", "days"),
        ("{report.next} {report.previous}", "sections"),
        ("{report.shift}", "my shift"),
        ("{report.write}", "write a file"),
        ("{report.copy}", "copy"),
        ("{dialog.back}", "close"),
    )

    def __init__(self, read: Read, run: Run, *, since: str = "30d", ascii: bool = False) -> None:
        """Show the report that *read* counts."""
        super().__init__()
        self.since = since
        self.heading_read: Heading | None = None
        self.sections: list[Section] = []
        self._read = read
        self._run = run
        self._ascii = ascii
        self._problem = ""
        self.is_whole = False
        self._lines: list[Line] = []
        self._tops: list[int] = []
        """The line on which each section begins."""

    def compose(self) -> ComposeResult:
        """Lay out the report over the keys."""
        with Vertical(classes="dialog page"):
            yield self.heading("Report")
            yield ReportPage(0, self._line, classes="part")
            yield self.foot()

    def on_mount(self) -> None:
        """Begin to count."""
        self._begin()

    def on_resize(self, event: Resize) -> None:
        """Lay the sections out for another width."""
        self.call_after_refresh(self._show)

    def action_span(self, step: int) -> None:
        """Count for the next longer span, or with -1 the next shorter."""
        place = SPANS.index(self.since) + step
        if 0 <= place < len(SPANS):
            self.since = SPANS[place]
            self._begin()

    def action_section(self, step: int) -> None:
        """Show the next section from its beginning, or with -1 the one before."""
        page = self.query_one(ReportPage)
        top = round(page.scroll_offset.y)
        tops = [each for each in self._tops if (each > top if step > 0 else each < top)]
        if tops:
            page.scroll_to(y=tops[0] if step > 0 else tops[-1], animate=False)

    def action_answer(self, answer: Answer) -> None:
        """Close with what the agent wants; what needs all sections waits until they are there."""
        if answer == "shift" or self.is_whole:
            self.dismiss(answer)

    def _begin(self) -> None:
        self.heading_read, self.sections = None, []
        self._problem, self.is_whole = "", False
        self.query_one(ReportPage).scroll_home(animate=False)
        self._run(partial(self._count, self.since))

    async def _count(self, since: str) -> None:
        self._show()
        try:
            async for part in self._read(since):
                if not self.is_attached or since != self.since:
                    return
                if isinstance(part, Heading):
                    self.heading_read = part
                else:
                    self.sections.append(part)
                self._show()
            self.is_whole = True
        except DeskError as error:
            self._problem = (
                f"{error} {error.hint}".rstrip() if isinstance(error, BadQuery) else str(error)
            )
        if self.is_attached:
            self._show()

    def _show(self) -> None:
        """Write all that is there, as wide as the page is now."""
        if not self.is_attached:
            return
        page = self.query_one(ReportPage)
        width = max(page.size.width - _EDGE, 1)
        lines: list[Line] = []
        self._tops = []
        if self.heading_read is not None:
            # The title of the dialog says the title already.
            about = heading_lines(self.heading_read, width, ascii=self._ascii)
            lines += [line for line in about if line.part != "title"]
        for section in self.sections:
            lines.append(Line("about", ""))
            self._tops.append(len(lines))
            lines += section_lines(section, width, ascii=self._ascii)
        if self._problem:
            lines += [Line("about", ""), Line("figure", self._problem)]
        elif not self.is_whole:
            lines += [Line("about", ""), Line("about", "Counting…")]
        self._lines = lines
        page.show(len(lines))
        days = {"today": "today"}.get(self.since, f"the last {self.since.removesuffix('d')} days")
        self.change_heading("Report", days)

    def _line(self, place: int) -> Content:
        line = self._lines[place]
        return safe_text(line.text, _STYLES[line.part], limit=1000)

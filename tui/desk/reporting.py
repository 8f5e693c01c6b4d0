"""The report: shown as it is counted, copied, written to a file; and the agent's own day."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tui.desk.jobs import Jobs
from tui.desk.session import Session
from tui.desk.status import Status
from tui.terminal import clipboard

if TYPE_CHECKING:
    from models.report.document import Heading, Section
    from tui.dialogs.report import ReportDialog

_FORMATS = ("html", "md", "csv", "json")


class Reporting:
    """Shows the report of the desk and that of the agent's own day."""

    def __init__(self, session: Session, jobs: Jobs, status: Status) -> None:
        self._session = session
        self._jobs = jobs
        self._status = status

    def show(self) -> None:
        """Show the report."""
        self._jobs.start("ask", self._show)

    async def _show(self) -> None:
        from tui.dialogs.report import ReportDialog

        if not self._session.is_open:
            return
        run = partial(self._jobs.restart, "report")
        dialog = ReportDialog(self._read, run, ascii=self._session.ascii)
        answer = await self._jobs.ask(dialog)
        self._jobs.stop("report")
        match answer:
            case "shift":
                await self._show_shift()
            case "copy":
                text = await asyncio.to_thread(_written, dialog, "md")
                self._status.say(clipboard.copy(self._jobs.app, text))
            case "write":
                await self._write(dialog)

    async def _read(self, since: str) -> "AsyncIterator[Heading | Section]":
        """Yield the parts of a report, each counted on a thread of its own.

        Raises:
            DeskError: If the database cannot be read.
        """
        # Its import takes as long as the first section; here nobody waits for it with a key.
        await asyncio.to_thread(__import__, "plotext")
        from models.report.sections import heading, sections
        from models.report.span import parse_span

        desk = self._session.desk
        span = await asyncio.to_thread(
            lambda: parse_span(since, desk.local_time(), desk.calendar())
        )
        yield heading(desk, span)
        found = sections(desk, span)
        while (section := await asyncio.to_thread(next, found, None)) is not None:
            yield section

    async def _show_shift(self) -> None:
        from models.report.shift import shift_text
        from tui.dialogs.handover import HandOverDialog

        text = await asyncio.to_thread(
            partial(shift_text, self._session.desk, ascii=self._session.ascii)
        )
        copy = partial(clipboard.copy, self._jobs.app)
        await self._jobs.ask(HandOverDialog(text, copy, title="My shift"))

    async def _write(self, dialog: "ReportDialog") -> None:
        from tui.dialogs.export import ExportDialog

        what = f"the report, {dialog.since}"
        answer = await self._jobs.ask(ExportDialog(what, Path.cwd() / "report.html", _FORMATS))
        if answer is None:
            return

        def write() -> None:
            from models.files.storing import new_file

            # The dialog has asked before it let a file be replaced.
            with new_file(answer.path, overwrite=answer.path.exists()) as file:
                file.write(_written(dialog, answer.format))

        await asyncio.to_thread(write)
        self._status.say(f"The report is in {answer.path}")


def _written(dialog: "ReportDialog", form: str) -> str:
    """Return the report that *dialog* has shown in one of the formats."""
    from models.report.formats import WRITERS

    assert dialog.heading_read is not None
    return "".join(WRITERS[form](dialog.heading_read, dialog.sections))

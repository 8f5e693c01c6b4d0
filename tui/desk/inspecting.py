"""What lies behind the screen: the log of what agents did, the credits, what the database is asked."""

import asyncio
from collections.abc import Callable
from functools import partial
from itertools import islice

from tui.desk.jobs import Jobs
from tui.desk.sends import Sends
from tui.desk.session import Session


class Inspecting:
    """Shows the log, the credits and the query behind the list.

    Attributes:
        on_find: Is called before the list shows a send of the log or of a credit, to bring it to the screen.
    """

    def __init__(self, session: Session, jobs: Jobs, sends: Sends) -> None:
        self.on_find: Callable[[], object] = lambda: None
        self._session = session
        self._jobs = jobs
        self._sends = sends

    def show_log(self) -> None:
        """Show what was done last; the entry that is chosen leads to its send."""
        self._jobs.start("ask", self._show_log)

    def show_credits(self) -> None:
        """Show the credits; the one that is chosen leads to its send."""
        self._jobs.start("ask", self._show_credits)

    def explain(self) -> None:
        """Show what the database is asked for this list, how it does it, and how long it takes."""
        self._jobs.start("ask", self._explain)

    async def _show_log(self) -> None:
        from models.reading.activity import Activity, page
        from models.reading.log_filter import parse_log_filter
        from tui.dialogs.log import LogDialog

        if not self._session.is_open:
            return
        desk = self._session.desk

        def read(text: str, after: Activity | None) -> tuple[Activity, ...]:
            return page(desk, parse_log_filter(desk, text), after=after)

        ref = await self._jobs.ask(
            LogDialog(
                lambda text, after: asyncio.to_thread(read, text, after),
                partial(self._jobs.restart, "log"),
                local=self._session.local_time,
            )
        )
        if ref is not None:
            self._find(ref)

    async def _show_credits(self) -> None:
        from models.reading.credits import PAGE, CreditFilter, CreditLine, credit_lines, totals
        from tui.dialogs.credits import CreditsDialog, Page

        if not self._session.is_open:
            return
        desk = self._session.desk

        def read(wanted: CreditFilter, after: CreditLine | None) -> Page:
            found = tuple(islice(credit_lines(desk, wanted, after=after), PAGE))
            return (totals(desk, CreditFilter()) if after is None else ()), found

        ref = await self._jobs.ask(
            CreditsDialog(
                lambda wanted, after: asyncio.to_thread(read, wanted, after),
                partial(self._jobs.restart, "credits"),
                local=self._session.local_time,
            )
        )
        if ref is not None:
            self._find(ref)

    def _find(self, ref: str) -> None:
        """Show the send called *ref* alone in the list."""
        from models.query.printer import value
        from models.query.tree import Word

        self.on_find()
        self._sends.show(self._session.desk.parse(f"id:{value(Word(ref))}"), keep=False)

    async def _explain(self) -> None:
        from models.reading.explain import explain
        from tui.dialogs.text import TextDialog

        query = self._sends.query
        if query is not None:
            explained = await asyncio.to_thread(explain, self._session.desk, query)
            title = str(query) or "every send"
            await self._jobs.ask(TextDialog(f"Explain  {title}", str(explained)))

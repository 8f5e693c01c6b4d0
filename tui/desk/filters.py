"""How the agent narrows and orders the list: filter line, values of the rail, picker, sort, columns."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from models.errors import BadQuery, DeskError
from models.rules.send_columns import COLUMNS
from tui.desk import labels
from tui.desk.completions import Completer
from tui.desk.counts import Counts
from tui.desk.jobs import Jobs
from tui.desk.orders import keep_order
from tui.desk.sends import Sends
from tui.desk.session import Session
from tui.desk.status import Status
from tui.filter_history import FilterHistory
from tui.widgets.sends.columns import LIST_COLUMNS, SORT_MENU

if TYPE_CHECKING:
    from models.query import Query
    from tui.dialogs.facets import FacetPicker


class Filters:
    """Keeps the filter line, the picker and the list saying the same.

    Attributes:
        on_edit: Is called before the filter line opens, to bring the list to the screen.
    """

    def __init__(
        self, session: Session, jobs: Jobs, status: Status, sends: Sends, counts: Counts
    ) -> None:
        self.on_edit: Callable[[], object] = lambda: None
        self._session = session
        self._jobs = jobs
        self._status = status
        self._sends = sends
        self._counts = counts
        self._history = FilterHistory(session.options.filters, session.options.agent)
        self._completer = Completer(session, jobs, counts, sends.line, self._history)
        self._before: Query | None = None
        """The filter that holds again when the line is left."""
        self._picker: FacetPicker | None = None
        self._columns: tuple[str, ...] = tuple(LIST_COLUMNS)
        self._recall_columns()

    def edit(self, text: str | None = None) -> None:
        """Open the filter line, with *text* or else with the filter in force."""
        if self._sends.query is not None:
            self._before = self._sends.query
            self.on_edit()
            self._completer.begin()
            self._sends.line.recent = self._history.recent
            self._sends.line.edit(text)

    def typed(self, text: str, cursor: int) -> None:
        """Let the list follow the *text* of the line, and offer what may stand at its *cursor*."""
        line = self._sends.line
        if not line.editing:
            return
        self._completer.offer(text, cursor)
        if self._completer.is_unfinished(text, cursor):
            line.error = None
        elif (query := self._understood(text, cursor)) is not None:
            self._sends.show(query, keep=False, typed=True)

    def submitted(self, text: str) -> None:
        """Close the line with *text* as its filter, unless that cannot be read."""
        query = self._understood(text)
        if query is not None:
            self._sends.line.close()
            self._history.add(str(query))
            self._jobs.start("history", asyncio.to_thread, self._history.keep)
            self._sends.show(query, keep=False)
            self._sends.list.focus()

    def cancelled(self) -> None:
        """Bring the filter back that was in force before the line was opened."""
        self._sends.list.focus()
        is_other = self._before != self._sends.query or self._jobs.runs("list")
        if self._before is not None and is_other:
            self._sends.show(self._before, keep=False)

    def toggle_value(self, key: str, value: str) -> None:
        """Narrow the list to *value* of *key* too, or no longer."""
        from models.query import values_of, with_values

        query = self._sends.query
        if query is not None:
            chosen = values_of(query, key, self._session.options.agent)
            values = [each for each in chosen if each != value]
            if value not in chosen:
                values.append(value)
            self._sends.show(with_values(query, key, values), keep=False)

    def only(self) -> None:
        """Keep only sends with the status under the cursor."""
        from models.query import with_values

        query, send = self._sends.query, self._sends.list.cursor_send
        if query is not None and send is not None:
            value = f"{send.provider}:{send.status}"
            self._sends.show(with_values(query, "status", [value]))

    def exclude(self) -> None:
        """Leave sends with the status under the cursor out."""
        query, send = self._sends.query, self._sends.list.cursor_send
        if query is not None and send is not None:
            narrowed = self._understood(f"{query} -status:{send.provider}:{send.status}")
            if narrowed is not None:
                self._sends.show(narrowed)

    def pick(self) -> None:
        """Let the agent tick values; the list follows each tick."""
        self._jobs.start("ask", self._pick)

    def update_picker(self) -> None:
        """Show new counts in the picker too, while it is open."""
        if self._picker is not None:
            groups = labels.picker_groups(self._counts.facets, ascii=self._session.ascii)
            self._picker.update_groups(groups)

    def sort(self) -> None:
        """Ask for a column to sort by."""
        self._jobs.start("ask", self._sort)

    def sort_by(self, column: str) -> None:
        """Sort the list by *column*; a list that is sorted by it is turned round."""
        from models.query import with_sort

        query, sort = self._sends.query, COLUMNS[column].sort
        if query is not None and sort is not None:
            self._show_sorted(with_sort(query, sort.key))

    def choose_columns(self) -> None:
        """Ask which columns are shown, and in which order."""
        self._jobs.start("ask", self._choose_columns)

    def _understood(self, text: str, cursor: int | None = None) -> "Query | None":
        """Read *text*; what cannot be read is shown under the line, and the list stays.

        While the agent types at *cursor*, nothing is said about the word there.
        """
        from models.query import is_at_cursor

        line = self._sends.line
        try:
            query = self._session.desk.parse(text)
        except BadQuery as error:
            is_typed = cursor is not None and is_at_cursor(error, text, cursor)
            line.error = None if is_typed else error
            return None
        except DeskError as error:
            self._status.fail(error)
            return None
        line.error = None
        return query

    async def _pick(self) -> None:
        from models.query import values_of, with_values
        from tui.dialogs.facets import Chosen, FacetPicker

        before = self._sends.query
        if before is None:
            return
        ascii = self._session.ascii
        groups = labels.picker_groups(self._counts.facets, ascii=ascii)
        keys = [group.key for group in groups]
        chosen = {
            key: frozenset(values_of(before, key, self._session.options.agent)) for key in keys
        }

        def changed(ticked: Chosen) -> None:
            query = before
            for key in keys:
                query = with_values(query, key, sorted(ticked.get(key, ())))
            self._sends.show(query, keep=False)

        self._picker = FacetPicker(groups, chosen, changed=changed, ascii=ascii)
        try:
            answer = await self._jobs.ask(self._picker)
        finally:
            self._picker = None
        if answer is None:
            self._sends.show(before)

    async def _sort(self) -> None:
        from models.query import with_sort
        from tui.dialogs.columns import Sorting, SortMenu

        query = self._sends.query
        if query is None:
            return
        now = Sorting(*labels.sort_shown(query))
        answer = await self._jobs.ask(SortMenu(SORT_MENU, now, ascii=self._session.ascii))
        if answer is not None:
            query = with_sort(query, answer.key)
            if query.sort[0].descending != answer.descending:
                query = with_sort(query, answer.key)
            self._show_sorted(query)

    async def _choose_columns(self) -> None:
        from tui.dialogs.columns import ColumnChoice, ColumnsMenu

        shown = self._columns
        rest = [key for key in LIST_COLUMNS if key not in shown]
        choices = [
            ColumnChoice(key, COLUMNS[key].title, key in shown, LIST_COLUMNS[key].is_frozen)
            for key in (*shown, *rest)
        ]
        answer = await self._jobs.ask(ColumnsMenu(choices, ascii=self._session.ascii))
        if answer:
            self._columns = answer
            self._session.options.memory.columns = answer
            self._sends.list.set_columns(answer)

    def _recall_columns(self) -> None:
        """Show the columns that the agent left the desk with."""
        kept = self._session.options.memory.columns
        fixed = [key for key, column in LIST_COLUMNS.items() if column.is_frozen]
        if kept:
            wanted = dict.fromkeys((*fixed, *kept))
            self._columns = tuple(key for key in wanted if key in LIST_COLUMNS)
            self._sends.list.set_columns(self._columns)

    def _show_sorted(self, query: "Query") -> None:
        """Show the list in the order of *query*, which its view has from now on."""
        keep_order(self._session, self._sends.view, query.sort[0])
        self._sends.show(query)

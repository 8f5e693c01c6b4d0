"""How the agent narrows and orders the list: filter line, picker, sort, columns, breaches."""

import asyncio
from typing import TYPE_CHECKING

from textual import on

from models.errors import BadQuery, DeskError
from models.rules.send_columns import COLUMNS
from tui.desk import labels
from tui.desk.completions import completions
from tui.desk.jobs import desk_work
from tui.desk.views import Viewing
from tui.filter_history import FilterHistory
from tui.settings import Settings
from tui.terminal.safe_app import SafeApp
from tui.widgets.filter.filter_line import FilterLine
from tui.widgets.rail import Rail
from tui.widgets.sends.columns import LIST_COLUMNS, SORT_MENU

if TYPE_CHECKING:
    from models.query import Query

_MARKED_MOST = 5000
_WINDOW = 500


class Narrowing(Viewing):
    """Keeps the filter line, the picker and the list saying the same."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.columns: tuple[str, ...] = tuple(LIST_COLUMNS)
        self._before: Query | None = None
        self.history = FilterHistory(settings.filters, settings.agent)

    @property
    def line(self) -> FilterLine:
        """The filter line."""
        return self.sends.line

    def action_filter(self) -> None:
        """Open the filter line."""
        self.edit_filter()

    def edit_filter(self, text: str | None = None) -> None:
        """Open the filter line, with *text* or else with the filter in force."""
        if self.query_now is not None:
            self._before = self.query_now
            self.show_list()
            self.line.recent = self.history.recent
            self.line.edit(text)

    @on(FilterLine.Changed)
    def _typing(self, event: FilterLine.Changed) -> None:
        if not self.line.editing:
            return
        self.line.completions = completions(
            event.text, event.cursor, self.facets, self.history.recent
        )
        if (query := self._understood(event.text)) is not None:
            self.show(query, keep=False)
        elif self.line.completions:
            self.line.error = None

    @on(FilterLine.Submitted)
    def _typed(self, event: FilterLine.Submitted) -> None:
        query = self._understood(event.text)
        if query is not None:
            self.line.close()
            self.history.add(str(query))
            self.jobs.start("history", asyncio.to_thread, self.history.keep)
            self.show(query, keep=False)
            self.list.focus()

    @on(FilterLine.Cancelled)
    def _cancelled(self, event: FilterLine.Cancelled) -> None:
        self.list.focus()
        is_other = self._before != self.query_now or self.runs("list")
        if self._before is not None and is_other:
            self.show(self._before, keep=False)

    def _understood(self, text: str) -> "Query | None":
        """Read *text*; what cannot be read is shown under the line, and the list stays."""
        try:
            query = self.desk.parse(text)
        except BadQuery as error:
            self.line.error = error
            return None
        except DeskError as error:
            self.fail(error)
            return None
        self.line.error = None
        return query

    @on(Rail.FacetChosen)
    def _facet_chosen(self, event: Rail.FacetChosen) -> None:
        from models.query import values_of, with_values

        if self.query_now is not None:
            chosen = values_of(self.query_now, event.key, self.agent)
            values = [value for value in chosen if value != event.value]
            if event.value not in chosen:
                values.append(event.value)
            self.show(with_values(self.query_now, event.key, values), keep=False)

    @desk_work("ask")
    async def action_pick(self) -> None:
        """Let the agent tick values; the list follows each tick."""
        from models.query import values_of, with_values
        from tui.dialogs.facets import Chosen, FacetPicker

        before = self.query_now
        if before is None:
            return
        groups = labels.picker_groups(self.facets, ascii=self.ascii)
        keys = [group.key for group in groups]
        chosen = {key: frozenset(values_of(before, key, self.agent)) for key in keys}

        def changed(ticked: Chosen) -> None:
            query = before
            for key in keys:
                query = with_values(query, key, sorted(ticked.get(key, ())))
            self.show(query, keep=False)

        answer = await self.app.push_screen_wait(
            FacetPicker(groups, chosen, changed=changed, ascii=self.ascii)
        )
        if answer is None:
            self.show(before)

    def counted(self) -> None:
        """Show the new counts in the picker too."""
        from tui.dialogs.facets import FacetPicker

        if isinstance(self.app.screen, FacetPicker):
            self.app.screen.update_groups(labels.picker_groups(self.facets, ascii=self.ascii))

    def action_only(self) -> None:
        """Keep only sends with the status under the cursor."""
        from models.query import with_values

        if self.query_now is not None and (send := self.list.cursor_send):
            value = f"{send.provider}:{send.status}"
            self.show(with_values(self.query_now, "status", [value]))

    def action_exclude(self) -> None:
        """Leave sends with the status under the cursor out."""
        if self.query_now is not None and (send := self.list.cursor_send):
            query = self._understood(f"{self.query_now} -status:{send.provider}:{send.status}")
            if query is not None:
                self.show(query)

    @desk_work("ask")
    async def action_sort(self) -> None:
        """Ask for a column to sort by."""
        from models.query import with_sort
        from tui.dialogs.columns import Sorting, SortMenu

        if self.query_now is None:
            return
        now = Sorting(*labels.sort_shown(self.query_now))
        answer = await self.app.push_screen_wait(SortMenu(SORT_MENU, now, ascii=self.ascii))
        if answer is not None:
            query = with_sort(self.query_now, answer.key)
            if query.sort[0].descending != answer.descending:
                query = with_sort(query, answer.key)
            self.show(query)

    @desk_work("ask")
    async def action_columns(self) -> None:
        """Ask which columns are shown, and in which order."""
        from tui.dialogs.columns import ColumnChoice, ColumnsMenu

        shown = self.columns
        rest = [key for key in LIST_COLUMNS if key not in shown]
        choices = [
            ColumnChoice(key, COLUMNS[key].title, key in shown, LIST_COLUMNS[key].is_frozen)
            for key in (*shown, *rest)
        ]
        answer = await self.app.push_screen_wait(ColumnsMenu(choices, ascii=self.ascii))
        if answer:
            self.columns = answer
            self.list.set_columns(answer)

    @desk_work("breach", exclusive=True)
    async def action_breach(self, direction: int) -> None:
        """Put the cursor on the next send past its limit, or the previous one."""
        send = self.list.cursor_send
        if self.listing is None or send is None:
            return
        place = await self.read(self.lister.next_overdue, self.listing, send.id, direction < 0)
        if place is None:
            where = "above" if direction < 0 else "below"
            self.say(f"No send past its limit {where}.")
        else:
            self.list.jump(place)

    @desk_work("ask")
    async def action_mark_all(self) -> None:
        """Mark every send of the filter, after saying how many they are."""
        from tui.dialogs.confirm import ConfirmDialog

        if self.listing is None or not self.list.total:
            return
        total = await self.total()
        if total > _MARKED_MOST:
            self.say(labels.too_many_to_mark(total), severity="warning")
            return
        question = ConfirmDialog(f"Mark {total:,} sends?", str(self.query_now), yes="mark them")
        if await self.app.push_screen_wait(question):
            for start in range(0, total, _WINDOW):
                rows = await self.read(self.desk.window, self.listing, start, _WINDOW)
                self.list.mark_sends(rows)

    def action_refresh(self) -> None:
        """Paint the screen anew and read again now."""
        assert isinstance(self.app, SafeApp)
        self.app.repaint()
        if self.is_open:
            self.reload()
            self.follow(self.list.cursor_send)

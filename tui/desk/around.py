"""The other sends around the one under the cursor: how many they are, their list, and the way back."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from textual.worker import WorkerCancelled

from models.records import Case, Relation, RelationKey
from models.rules.views import View
from tui.desk.jobs import Jobs
from tui.desk.sends import Sends
from tui.desk.session import Session
from tui.desk.status import Status
from tui.style.formats import number_of_others

if TYPE_CHECKING:
    from models.query import Query

_LETTERS: dict[RelationKey, tuple[str, str]] = {
    "recipient": ("r", "recipient"),
    "company": ("c", "company"),
    "campaign": ("m", "campaign"),
    "batch": ("b", "same batch"),
    "of": ("o", "its batch"),
    "orders": ("o", "its orders"),
    "problem": ("p", "same problem"),
}
"""The letter and the name of each relation in the menu."""


class _Place(NamedTuple):
    """Where the agent was before a list of others was opened."""

    query: "Query"
    view: View
    send_id: int
    opened: "Query"
    """The filter that was opened from there."""


class Around:
    """Lists the sends that have something in common with the one under the cursor.

    Attributes:
        on_find: Is called before another list is shown, to bring the list to the screen.
    """

    def __init__(self, session: Session, jobs: Jobs, status: Status, sends: Sends) -> None:
        self.on_find: Callable[[], object] = lambda: None
        self._session = session
        self._jobs = jobs
        self._status = status
        self._sends = sends
        self._trail: list[_Place] = []
        """The places that the agent came from, the first one first."""

    @property
    def is_followed(self) -> bool:
        """Whether the list on the screen is one of others, narrowed or not, with a way back."""
        from models.query.tree import top_terms

        query = self._sends.query
        if not self._trail or query is None or self._trail[-1].view != self._sends.view:
            return False
        wanted, there = top_terms(self._trail[-1].opened.tree), top_terms(query.tree)
        return all(term in there for term in wanted)

    def show(self) -> None:
        """Ask which of the sends around the one under the cursor to list."""
        self._jobs.start("ask", self._show)

    def go_back(self) -> None:
        """Show the list that was left last for one of others, with the cursor where it was."""
        self._jobs.start("back", self._go_back, self._trail.pop())

    async def _show(self) -> None:
        from tui.dialogs.menu import MenuDialog

        send, query = self._sends.list.cursor_send, self._sends.query
        if send is None or query is None or not self._session.is_open:
            return
        case = await asyncio.to_thread(self._session.desk.case, send.id)
        if not case.around:
            said = "No other send has its recipient, company, campaign or order batch."
            self._status.say(f"{send.ref}: {said}")
            return
        lines = [_line(each, case) for each in case.around]
        key = await self._jobs.ask(MenuDialog(f"Others around {send.ref}", lines))
        chosen = next((each for each in case.around if each.key == key), None)
        if chosen is None:
            return
        opened = self._session.desk.parse(chosen.filter)
        if not self.is_followed:
            self._trail.clear()
        self._trail.append(_Place(query, self._sends.view, send.id, opened))
        self.on_find()
        self._sends.show(opened)

    async def _go_back(self, place: _Place) -> None:
        reading = self._sends.show(place.query, keep=False)
        with suppress(WorkerCancelled):
            await reading.wait()
        shown = self._sends.shown
        if shown is not None and self._sends.query == place.query:
            row = await asyncio.to_thread(shown.position, place.send_id)
            if row is not None:
                self._sends.list.jump(row)


def _line(relation: Relation, case: Case) -> tuple[str, str, str, str]:
    from models.providers import catalogue

    letter, name = _LETTERS[relation.key]
    value = relation.value
    if relation.key == "problem":
        label = catalogue.status(case.send.provider, case.send.status).label
        value = f"{label}, past the limit"
    return letter, relation.key, name, f"{number_of_others(relation):>6}  {value}"

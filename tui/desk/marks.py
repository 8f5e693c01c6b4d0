"""Which sends a verb or an export is about: the marked ones, named where the list does not show them."""

import asyncio
from collections.abc import Callable, Sequence
from typing import NamedTuple

from models.records import SendRecord
from models.rules.batches import who
from tui.desk.jobs import Jobs
from tui.desk.sends import Sends
from tui.desk.session import Session

_ALL, _HERE, _CURSOR = "all", "here", "cursor"


class ChosenSends(NamedTuple):
    """Sends that the agent has chosen."""

    sends: tuple[SendRecord, ...] = ()
    """Several as they are now; a single one as the agent saw it."""
    changed: frozenset[int] = frozenset()
    """The ids of those that somebody has changed since the agent marked them."""


class Marks:
    """Asks which of the marked sends are meant, if the list does not show all of them.

    Attributes:
        on_looked: Is called with how many of the marked sends are not in the list.
    """

    def __init__(self, session: Session, jobs: Jobs, sends: Sends) -> None:
        self.on_looked: Callable[[int], object] = lambda count: None
        self._session = session
        self._jobs = jobs
        self._sends = sends

    async def chosen(self) -> ChosenSends:
        """Return the marked sends, else the one under the cursor; without an answer none."""
        list_ = self._sends.list
        marked, here = list_.marked(), list_.cursor_send
        if not marked:
            return ChosenSends((here,) if here else ())
        outside = await self.outside()
        if outside:
            inside = tuple(send for send in marked if send.id not in outside)
            match await self._ask(marked, inside, here):
                case "all":
                    pass
                case "here":
                    marked = inside
                case "cursor" if here:
                    return ChosenSends((here,))
                case _:
                    return ChosenSends()
        return ChosenSends(marked) if len(marked) == 1 else await self.as_now(marked)

    def look(self) -> None:
        """Find out how many of the marked sends are not in the list."""
        if self._sends.list.marked():
            self._jobs.restart("marks", self._look)
        else:
            self.on_looked(0)

    async def _look(self) -> None:
        self.on_looked(len(await self.outside()))

    async def outside(self) -> frozenset[int]:
        """Return the ids of the marked sends that the present list does not have."""
        shown, ids = self._sends.shown, [send.id for send in self._sends.list.marked()]
        if shown is None or not ids:
            return frozenset()
        members = await asyncio.to_thread(shown.desk.members, shown.listing, ids)
        return frozenset(ids) - members

    async def as_now(self, seen: Sequence[SendRecord]) -> ChosenSends:
        """Return *seen* as they are now; those that are gone are missing.

        Raises:
            DeskError: If they cannot be read.
        """
        now = await asyncio.to_thread(self._session.desk.as_now, seen)
        before = {send.id: send for send in seen}
        changed = (
            send.id for send in now if before[send.id]._replace(revision=send.revision) != send
        )
        return ChosenSends(tuple(now), frozenset(changed))

    async def _ask(
        self, marked: Sequence[SendRecord], inside: Sequence[SendRecord], here: SendRecord | None
    ) -> str | None:
        from tui.dialogs.menu import MenuDialog

        outside = len(marked) - len(inside)
        title = f"{len(marked):,} marked, {outside:,} not in this list"
        lines = [("a", _ALL, "all", f"{len(marked):,}, also those that this list does not have")]
        if inside:
            lines.insert(0, ("l", _HERE, "those in this list", f"{len(inside):,}"))
        elif here is not None:
            said = f"{here.ref}  {who(here)}"
            lines.insert(0, ("l", _CURSOR, "the one here", said))
        return await self._jobs.ask(MenuDialog(title, lines))

"""How what the agent does is written: for each send, once, and never over somebody else's change."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from textual.worker import WorkerCancelled

from models.errors import DeskError, OffLifecycle, StaleSend
from models.providers import catalogue
from models.records import Case, SendRecord
from tui.desk.command_line import Twin
from tui.desk.ladder import Held
from tui.settings import StartOptions

if TYPE_CHECKING:
    from models.values.calendar import Calendar
    from models.writing.writer import Request

_REFUSALS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Deed:
    """One verb with everything the agent said about it."""

    run: "Callable[[SendRecord, Request], Case]"
    """Writes it for one send as the agent saw it."""
    wanted: str
    """In words, for a conflict: `status Delivered`."""
    said: Callable[[SendRecord], str]
    """What to tell the agent once it is written."""
    twin: Twin
    """The command that does the same."""
    forced: "Callable[[SendRecord, Request], Case] | None" = None
    """Writes it although it is outside the usual lifecycle, if the agent confirms that."""
    force: bool = False
    """Whether the agent has confirmed that."""
    leaves: bool = False
    """Whether the agent is through with the send and the cursor goes on."""
    fits: Callable[[SendRecord], bool] = lambda send: True
    """Whether it can be done to a send at all; asked before it is repeated."""
    before: Callable[[SendRecord], str] = lambda send: ""
    """What of a send it changes, as that is now; empty where it only adds."""

    @property
    def command(self) -> Twin:
        """The twin of the deed as it was confirmed."""
        return replace(self.twin, words=(*self.twin.words, "--force")) if self.force else self.twin


class Doing(Held):
    """Carries out deeds on the marked sends, or on the one under the cursor."""

    def __init__(self, settings: StartOptions) -> None:
        super().__init__(settings)
        self._left: dict[int, SendRecord] = {}
        self._one_deed_at_a_time = asyncio.Lock()
        self.last_deed: Deed | None = None
        """What the agent did last, for another send."""
        self.last_command = ""
        """The command line that would have done the same."""

    def targets(self) -> tuple[SendRecord, ...]:
        """Return the sends that a deed is for; empty, with a sentence, when nothing can be done."""
        if not self.may_write():
            return ()
        send = self.list.cursor_send
        chosen = self.list.marked() or ((send,) if send else ())
        if not chosen:
            self.say("There is no send under the cursor.", severity="warning")
        return chosen

    def may_write(self) -> bool:
        """Whether anything can be written; says why not."""
        if not self.is_open:
            return False
        if reason := self.desk.read_only:
            self.say(reason, severity="warning")
        return not reason

    async def do(self, sends: Sequence[SendRecord], deed: Deed) -> bool:
        """Write *deed* for each of *sends*, one after the other, and say what became of them.

        Returns:
            Whether it was written for any of them.
        """
        async with self._one_deed_at_a_time:
            done, refused = await self._write_all(sends, deed)
        if done:
            self.list.correct(done)
            # The row is painted before anything is said or read: that is what the agent looks at.
            await self.wait_for_refresh()
            text = deed.said(done[0]) if len(done) == 1 else f"{len(done):,} sends: {deed.wanted}."
            self.say(text)
            self.list.action_clear_marks()
            self.did(deed, done)
        for sentence in refused[:_REFUSALS_SHOWN]:
            self.say(sentence, severity="error")
        if len(refused) > _REFUSALS_SHOWN:
            self.say(f"{len(refused) - _REFUSALS_SHOWN:,} more were refused.", severity="error")
        if sends:
            here = self.list.cursor_send
            through = here is not None and here.id in {send.id for send in done}
            reading = self.reload(move_on=self.moves_on(deed) and through)
            self.follow(here)
            if reading is not None:
                # The next key is for the list as this deed leaves it.
                with suppress(WorkerCancelled):
                    await reading.wait()
        return bool(done)

    def did(self, deed: Deed, done: Sequence[SendRecord]) -> None:
        """Take notice of what was written, and how the sends now stand."""
        last = self.last_deed or deed
        self.last_command = last.command.line(send.ref for send in done)

    def moves_on(self, deed: Deed) -> bool:
        """Whether the cursor leaves a send after this deed."""
        return deed.leaves

    async def _write_all(
        self, sends: Sequence[SendRecord], deed: Deed
    ) -> tuple[list[SendRecord], list[str]]:
        """Return the sends that were written, as they now stand, and why the others were not."""
        done: list[SendRecord] = []
        refused: list[str] = []
        for seen in sends:
            try:
                case = await self._write(self._as_left(seen), deed, alone=len(sends) == 1)
            except DeskError as error:
                refused.append(str(error))
            else:
                if case is not None:
                    self._left[case.send.id] = case.send
                    done.append(case.send)
        return done, refused

    async def _write(self, seen: SendRecord, deed: Deed, *, alone: bool) -> Case | None:
        """Write *deed* once; a lost race asks the agent, and None means that theirs stays."""
        from models.writing.writer import Request
        from tui.dialogs.confirm import ConfirmDialog
        from tui.dialogs.conflict import ConflictDialog

        try:
            run = deed.forced if deed.force and deed.forced else deed.run
            case = await asyncio.to_thread(run, seen, Request())
            self.last_deed = deed
            return case
        except StaleSend as stale:
            if not alone:
                raise
            dialog = ConflictDialog(seen, stale.theirs, deed.wanted, ascii=self.ascii)
            if await self.app.push_screen_wait(dialog) != "mine" or stale.theirs is None:
                return None
            return await self._write(stale.theirs, deed, alone=alone)
        except OffLifecycle:
            if not alone or deed.forced is None:
                raise
            now = catalogue.status(seen.provider, seen.status).label
            unusual = f"{seen.ref} is {now}, which does not usually lead there."
            question = ConfirmDialog(f"Set the {deed.wanted} all the same?", unusual, yes="set it")
            if not await self.app.push_screen_wait(question):
                return None
            return await self._write(seen, replace(deed, force=True), alone=alone)

    def _as_left(self, seen: SendRecord) -> SendRecord:
        """Return *seen* as this agent's own last deed left it, which the list may not show yet."""
        left = self._left.get(seen.id)
        return left if left is not None and left.revision > seen.revision else seen

    async def calendar(self) -> "Calendar":
        """Return the working days in force, in the agent's time zone."""
        return replace(await asyncio.to_thread(self.desk.calendar), zone=self.zone)

"""Back and forth: undo, redo, and the last deed once more."""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from tui.desk.command_line import Twin
from tui.desk.handing import Handing
from tui.desk.jobs import desk_work
from tui.widgets.bindings import keys_of

if TYPE_CHECKING:
    from models.records import Case


class Repeating(Handing):
    """Takes overrides back, sets them again, and does what was done last to other sends."""

    def action_verb(self, name: str) -> None:
        """Do the verb called *name* to the marked sends, or to the one under the cursor."""
        getattr(self, f"action_{'status' if name == 'set' else name}")()

    @desk_work("deed")
    async def action_undo(self) -> None:
        """Undo the agent's last override, wherever it was."""
        if self.may_write():
            case = await asyncio.to_thread(self.desk.undo)
            again = keys_of(self.app).fill("{desk.redo} sets it again.")
            self._turned(case, "undo", f"Undone: {_as_it_is(case)} again. {again}")

    @desk_work("deed")
    async def action_redo(self) -> None:
        """Set the agent's last undone override again, wherever it was."""
        if self.may_write():
            case = await asyncio.to_thread(self.desk.redo)
            back = keys_of(self.app).fill("{desk.undo} takes it back.")
            self._turned(case, "redo", f"Set again: {_as_it_is(case)}. {back}")

    def _turned(self, case: "Case", verb: str, told: str) -> None:
        send = case.send
        self.list.correct([send])
        self.last_command = Twin(verb).line([send.ref])
        self.say(told)
        self.reload()
        self.follow(self.list.cursor_send)

    @desk_work("deed")
    async def action_repeat(self) -> None:
        """Show what the last deed would change here, and do it if the agent wants that."""
        from tui.dialogs.repeat import Plan, RepeatDialog

        sends = self.targets()
        if not sends:
            return
        if self.last_deed is None:
            self.say("There is nothing to repeat yet.", severity="warning")
            return
        # What is outside the usual lifecycle here is confirmed here.
        deed = replace(self.last_deed, force=False)
        fitting = [send for send in sends if deed.fits(send)]
        if not fitting:
            self.say(f"“{deed.wanted}” does not apply here.", severity="warning")
            return
        plan = Plan(
            deed.wanted,
            tuple((send, deed.before(send)) for send in fitting),
            len(sends) - len(fitting),
            deed.command.line(send.ref for send in fitting),
        )
        if await self.app.push_screen_wait(RepeatDialog(plan, ascii=self.ascii)):
            await self.do(fitting, deed)


def _as_it_is(case: "Case") -> str:
    """Return which status the send of *case* has now, as a part of a sentence."""
    from models.providers import catalogue

    send = case.send
    return f"{send.ref} is {catalogue.status(send.provider, send.status).label}"

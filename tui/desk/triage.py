"""Triage, one send at a time: the case fills the screen, every deed leads to the next send."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual import on

from models.rules.views import VIEWS
from tui.desk.inspecting import Recalling
from tui.desk.jobs import desk_work
from tui.desk.triage_report import Round
from tui.desk.verb_runner import Deed
from tui.settings import Settings
from tui.terminal import clipboard
from tui.widgets.desk_header import DeskHeader
from tui.widgets.key_hints import KeyHints
from tui.widgets.sends.send_list import SendList

if TYPE_CHECKING:
    from models.records import Case, SendRecord

_HINTS = (
    ("{desk.triage}", "next"),
    ("{desk.status}", "status"),
    ("{desk.escalate}", "escalate"),
    ("{desk.take}", "take"),
    ("{desk.note}", "note"),
    ("{desk.snooze}", "snooze"),
    ("{desk.done}", "done"),
    ("{desk.previous_tab} {desk.next_tab}", "tabs"),
    ("{desk.repeat}", "repeat"),
    ("{desk.undo}", "undo"),
    ("{desk.help}", "help"),
    ("{desk.back}", "end the round"),
)
_CASE_OPEN = "-case-open"


class Triaging(Recalling):
    """Leads the agent through the sends that need one."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.round: Round | None = None
        """The round that runs."""

    @desk_work("ask")
    async def action_triage(self) -> None:
        """Begin a round, in Triage or in what the agent has narrowed it to; in one, go to the next."""
        if not self.is_open or self.query_now is None:
            return
        if self.round is not None:
            await self._go_on()
            return
        if self.view is not VIEWS[0]:
            self.enter(VIEWS[0])
            await self.show(self.desk.parse(VIEWS[0].query), keep=False).wait()
        if not self.list.total:
            self.say("Nothing here needs an agent.")
            return
        self.list.action_clear_marks()
        self.round = Round()
        self._show_only(_CASE_OPEN)
        self._show_progress()

    async def _go_on(self) -> None:
        if self._is_at_end():
            await self._end_round()
        else:
            self.list.action_move(1)

    async def do(self, sends: "Sequence[SendRecord]", deed: Deed) -> bool:
        """Write *deed*; behind the last send the round is over."""
        ends = self.round is not None and self._is_at_end()
        written = await super().do(sends, deed)
        if ends and written:
            await self._end_round()
        return written

    def did(self, deed: Deed, done: "Sequence[SendRecord]") -> None:
        """Count what was done in the round."""
        super().did(deed, done)
        if self.round is not None:
            self.round.add(deed.twin.verb, done)

    def moves_on(self, deed: Deed) -> bool:
        """Whether the cursor leaves a send after this deed: in a round after each."""
        return self.round is not None or super().moves_on(deed)

    def _turned(self, case: "Case", verb: str, told: str) -> None:
        super()._turned(case, verb, told)
        if self.round is not None:
            if verb == "undo":
                self.round.take_back(case.send)
            else:
                self.round.add("set", [case.send])

    def action_back(self) -> None:
        """End the round, or go back by one layer."""
        if self.round is not None:
            self.end_round()
        else:
            super().action_back()

    @desk_work("ask")
    async def end_round(self) -> None:
        """Show what was done, to be handed over, and come back to the list."""
        await self._end_round()

    async def _end_round(self) -> None:
        from tui.dialogs.handover import HandOverDialog

        round_, self.round = self.round, None
        self._show_only("")
        self.enter(self.view)
        if round_ is None or not round_.handled:
            return
        triage = self.desk.listing(self.desk.parse(VIEWS[0].query))
        left = await asyncio.to_thread(self.desk.count, triage)
        text = round_.hand_over(self.agent, self.clock().astimezone(self.zone), left.value)
        await self.app.push_screen_wait(HandOverDialog(text, partial(clipboard.copy, self.app)))

    def _show_only(self, name: str) -> None:
        """Show the case alone, the list alone, or both; whoever turns away from a round ends it."""
        super()._show_only(name)
        if self.round is not None and name != _CASE_OPEN:
            self.say(f"{self.round.summary()}.")
            self.round = None
            self.enter(self.view)
        self.show_keys()

    def show_keys(self) -> None:
        """Say at the bottom which keys work now."""
        if self.round is not None:
            self.query_one(KeyHints).hints = _HINTS
        else:
            super().show_keys()

    @on(SendList.Moved)
    def _progress(self, event: SendList.Moved) -> None:
        self._show_progress()

    def counted(self) -> None:
        """Let the progress follow what others do."""
        super().counted()
        self._show_progress()

    def _is_at_end(self) -> bool:
        return self.list.cursor_index >= self.list.total - 1

    def _show_progress(self) -> None:
        """Say in the header how far the round has come: `Triage 3 of 45`."""
        from models.rules.due import in_triage

        if self.round is None:
            return
        now = self.clock()
        gone = sum(not in_triage(send, now) for send in self.round.handled.values())
        place = gone + min(self.list.cursor_index + 1, self.list.total)
        header = self.query_one(DeskHeader)
        header.view = f"{self.view.name} {place:,} of {gone + self.list.total:,}"

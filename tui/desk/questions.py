"""What the desk asks before a verb is written; each dialog is loaded when it is first shown."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Any, ClassVar

from models.providers import catalogue
from models.providers.status import Status as SendStatus
from models.records import SendRecord
from models.rules.batches import who
from tui.desk.jobs import Jobs
from tui.desk.session import Session
from tui.desk.status import Status
from tui.desk.which_shipment import pick_shipment
from tui.preview import Changes, Chosen
from tui.terminal import clipboard
from tui.verbs import (
    ASSIGN,
    CANCEL,
    ESCALATE,
    EXTEND,
    KEEP,
    NOTE,
    RELEASE,
    SET,
    SNOOZE,
    TAKE,
    WAKE,
    A,
    Change,
    Escalation,
    Override,
    Verb,
)

Question = Callable[["Questions", Chosen], Awaitable[Changes]]
Given = SendStatus | datetime | None
"""What was decided before: the status to set, or until when to snooze."""


class Questions:
    """Asks the agent for what a verb needs to know."""

    def __init__(self, session: Session, jobs: Jobs, status: Status) -> None:
        self._session = session
        self._jobs = jobs
        self._status = status

    async def ask(self, verb: Verb[Any], sends: Chosen, given: Given = None) -> Changes:
        """Return what *verb* shall write to which of *sends*, at least one; *given* is not asked.

        Returns:
            Most often one change for all of them; nothing where the agent cancels.
        """
        if isinstance(given, datetime):
            return [(Change(SNOOZE, given), sends)]
        if isinstance(given, SendStatus):
            return await self._set(sends, given)
        if question := self.BY_VERB.get(verb.name):
            return await question(self, sends)
        return _one(verb, verb.unasked, sends)

    async def _set(self, sends: Chosen, target: SendStatus | None = None) -> Changes:
        from tui.dialogs.status import StatusDialog
        from tui.dialogs.status_text import common_statuses

        several = len({send.provider for send in sends}) > 1
        if several and not common_statuses(sends):
            said = "The platforms of the marked sends have no status in common: mark those of one."
            self._status.say(said, severity="warning")
            return ()
        dialog = StatusDialog(sends, target=target, ascii=self._session.ascii)
        answer = await self._jobs.ask(dialog)
        if answer is None:
            return ()
        label = answer.status
        if not several:
            label = catalogue.status(sends[0].provider, answer.status).label
        return _one(SET, Override(answer.status, answer.reason, answer.force, label), sends)

    async def _release(self, sends: Chosen) -> Changes:
        """Ask whether the platform's status shows again; each override that is kept is set anew."""
        from tui.dialogs.release import ReleaseDialog

        overridden = [send for send in sends if send.override_status]
        if not overridden:
            self._status.say("There is no override here.", severity="warning")
            return ()
        verdict = await self._jobs.ask(ReleaseDialog(overridden, ascii=self._session.ascii))
        if verdict is None:
            return ()
        if not verdict.keep:
            return _one(RELEASE, verdict.reason, sends)
        by_status: dict[tuple[str, str], list[SendRecord]] = {}
        for send in sends:
            by_status.setdefault((send.provider, send.status), []).append(send)
        changes = []
        for (provider, slug), same in by_status.items():
            label = catalogue.status(provider, slug).label
            kept = Override(slug, verdict.reason, force=True, label=label)
            changes.append((Change(KEEP, kept), same))
        return changes

    async def _escalate(self, sends: Chosen) -> Changes:
        """Show the packet, then ask for the ticket and the follow-up; once for each platform."""
        from models.rules.packet import packet, packet_of_several
        from tui.dialogs.escalate import EscalateDialog

        session = self._session
        local, calendar = session.local_time, await asyncio.to_thread(session.desk.calendar)
        by_platform: dict[str, list[SendRecord]] = {}
        for send in sends:
            by_platform.setdefault(send.provider, []).append(send)
        changes = []
        for provider, same in by_platform.items():
            seen: Chosen = same
            if len(sends) == 1:
                case = await asyncio.to_thread(session.desk.case, sends[0].id)
                about = await pick_shipment(self._jobs, case)
                if about is None:
                    return ()
                seen = [case.send]
                text, contact = packet(about, local), case.advice.contact
            else:
                text, contact = packet_of_several(same, local), ""
            answer = await self._jobs.ask(
                EscalateDialog(
                    _what(seen),
                    contact or catalogue.provider(provider).support,
                    text,
                    local=local,
                    calendar=calendar,
                    copy=partial(clipboard.copy, self._jobs.app),
                )
            )
            if answer is None:
                return ()
            ticket = Escalation(answer.reference, answer.follow_up_at, provider=provider)
            changes.append((Change(ESCALATE, ticket), seen))
        return changes

    async def _take(self, sends: Chosen) -> Changes:
        return _one(TAKE, self._session.options.agent, sends)

    async def _assign(self, sends: Chosen) -> Changes:
        from tui.dialogs.assign import AssignDialog

        owners = await asyncio.to_thread(self._session.desk.owners)
        current = sends[0].owner if len(sends) == 1 else ""
        dialog = AssignDialog(_what(sends), owners, me=self._session.options.agent, current=current)
        answer = await self._jobs.ask(dialog)
        return () if answer is None else _one(ASSIGN, answer.owner, sends)

    async def _note(self, sends: Chosen) -> Changes:
        from tui.dialogs.note import NoteDialog

        answer = await self._jobs.ask(NoteDialog(_what(sends)))
        return () if answer is None else _one(NOTE, answer.text, sends)

    async def _snooze(self, sends: Chosen) -> Changes:
        """Ask until when; what is snoozed or done already can be woken instead."""
        from models.rules.due import is_put_off
        from tui.dialogs.snooze import SnoozeDialog

        session = self._session
        local = session.local_time
        snoozed = [send for send in sends if is_put_off(send, local.now)]
        wake = ""
        if snoozed:
            those = (
                ""
                if len(snoozed) == len(sends)
                else f" the {len(snoozed):,} that are snoozed or done"
            )
            wake = f"wake{those} now"
        calendar = await asyncio.to_thread(session.desk.calendar)
        dialog = SnoozeDialog(_what(sends), local, calendar, wake=wake)
        answer = await self._jobs.ask(dialog)
        if answer is None:
            return ()
        if answer.wake:
            return _one(WAKE, WAKE.unasked, sends)
        return _one(SNOOZE, answer.until, sends)

    async def _cancel(self, sends: Chosen) -> Changes:
        """Ask whether one send is canceled; of several the preview asks."""
        from tui.dialogs.confirm import ConfirmDialog

        if len(sends) == 1:
            (send,) = sends
            if not self._may_ask(send, CANCEL, CANCEL.unasked):
                return ()
            name = catalogue.provider(send.provider).name
            detail = (
                f"{name} is asked to cancel it now. The recipient can then no longer accept it. "
                "No undo takes that back."
            )
            question = f"Cancel {_what(sends)} at {name}?"
            if not await self._jobs.ask(
                ConfirmDialog(question, detail, yes=f"cancel it at {name}")
            ):
                return ()
        return _one(CANCEL, CANCEL.unasked, sends)

    async def _extend(self, sends: Chosen) -> Changes:
        """Ask for the new end."""
        from tui.dialogs.extend import ExtendDialog

        session = self._session
        local = session.local_time
        (first, *more) = sends
        if not more and not self._may_ask(first, EXTEND, local.now + timedelta(days=1)):
            return ()
        calendar = await asyncio.to_thread(session.desk.calendar)
        ends_at = None if more else first.expires_at
        until = await self._jobs.ask(ExtendDialog(_what(sends), local, calendar, ends_at))
        return () if until is None else _one(EXTEND, until, sends)

    def _may_ask(self, send: SendRecord, verb: Verb[A], answer: A) -> bool:
        """Whether the platform of *send* does what *verb* asks for; says why not, and whom to ask."""
        (verdict,) = self._session.desk.judge([send], verb.operation(answer))
        if verdict.refusal is not None:
            self._status.say(str(verdict.refusal), severity="warning")
        return verdict.refusal is None

    BY_VERB: ClassVar[Mapping[str, Question]] = MappingProxyType(
        {
            SET.name: _set,
            RELEASE.name: _release,
            ESCALATE.name: _escalate,
            TAKE.name: _take,
            ASSIGN.name: _assign,
            NOTE.name: _note,
            SNOOZE.name: _snooze,
            CANCEL.name: _cancel,
            EXTEND.name: _extend,
        }
    )
    """How each verb asks; one that is missing asks nothing."""


def _one(verb: Verb[A], answer: A, sends: Chosen) -> Changes:
    return [(Change(verb, answer), sends)]


def _what(sends: Chosen) -> str:
    """Return what a dialog calls *sends*."""
    if len(sends) > 1:
        return f"{len(sends):,} sends"
    return f"{sends[0].ref}  {who(sends[0])}"

"""The limits of the statuses: shown, tried out, changed."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from textual.worker import WorkerCancelled, WorkerFailed

from tui.desk.jobs import Jobs
from tui.desk.sends import Sends
from tui.desk.session import Session
from tui.desk.status import Status

if TYPE_CHECKING:
    from textual.worker import Worker

    from models.team.thresholds import EffectiveThreshold
    from models.values.calendar import Limit
    from tui.dialogs.limits import LimitChoice, Limits

_PATIENCE = 1.0
"""Seconds for which a change is waited for before the desk goes on without its answer."""
_TYPING = 0.15
"""Seconds without a key after which the effect of what was typed is counted."""
_LIMIT_HELP = "7d, 36h, 2w, 3bd (business days), now (at once), off (no limit) or default"
_WARNING_HELP = "48h or 3d before the limit, or default"
_DEFAULT = "default"
_Write = Callable[["EffectiveThreshold", str], str]
"""Writes what was typed for a status, and returns the sentence that tells of it."""


class TeamLimits:
    """Shows the limits in force and changes them, where this agent may."""

    def __init__(self, session: Session, jobs: Jobs, status: Status, sends: Sends) -> None:
        self._session = session
        self._jobs = jobs
        self._status = status
        self._sends = sends

    def show(self) -> None:
        """Show the limits of all statuses, and change those that the agent chooses."""
        self._jobs.start("ask", self._show)

    async def _show(self) -> None:
        from tui.dialogs.limits import LimitsDialog

        if not self._session.is_open:
            return
        key = ""
        while True:
            limits = await asyncio.to_thread(self._read)
            dialog = LimitsDialog(limits, key, ascii=self._session.ascii)
            choice = await self._jobs.ask(dialog)
            if choice is None:
                return
            key = choice.key or key
            changing = await self._change(choice, limits)
            if changing is not None and not await _is_over(changing):
                self._status.say("The limit is being set; it is told when that is done.")
                return

    def _read(self) -> "Limits":
        from models.team.effects import counts_over
        from models.team.thresholds import in_force, refusal
        from tui.dialogs.limits import Limits

        database = self._session.desk.database
        return Limits(
            rows=tuple(in_force(database)),
            over=counts_over(database, self._session.desk.now()),
            refusal=refusal(database),
        )

    async def _change(self, choice: "LimitChoice", limits: "Limits") -> "Worker[None] | None":
        """Ask what *choice* needs and do it; return the worker that writes, if there is one."""
        if choice.action == "log":
            await self._show_log()
            return None
        row = next(row for row in limits.rows if row.status.key == choice.key)
        match choice.action:
            case "limit":
                text = await self._ask_limit(row)
            case "warning":
                text = await self._ask_warning(row)
                return None if text is None else self._write(self._set_warning, row, text)
            case _:
                text = await self._ask_reset(row)
        return None if text is None else self._write(self._set_limit, row, text)

    async def _ask_limit(self, row: "EffectiveThreshold") -> str | None:
        now = str(row.threshold.limit) if row.threshold else "off"
        words = row.threshold.limit.words if row.threshold else "no limit"

        async def tell(text: str) -> str:
            limit = _parsed(row, text)
            found = await asyncio.to_thread(self._effect, row, limit)
            return f"{limit.words if limit else 'no limit'}: {found}"

        title = f"The limit of {row.status.label}"
        return await self._ask(title, words, now, _LIMIT_HELP, tell)

    async def _ask_warning(self, row: "EffectiveThreshold") -> str | None:
        from tui.style.formats import span

        if row.threshold is None or row.threshold.limit.at_once:
            self._status.say(f"{row.status.label} has no time before its limit to warn in.")
            return None

        async def tell(text: str) -> str:
            before = _warning(text)
            return f"due soon {before.words} before the limit" if before else "the usual time"

        now = span(row.warning)
        title = f"When to warn of the limit of {row.status.label}"
        return await self._ask(title, now, now, _WARNING_HELP, tell)

    async def _ask(
        self, title: str, words: str, now: str, how: str, tell: Callable[[str], Awaitable[str]]
    ) -> str | None:
        """Ask for a text, of which *tell* says what it would change, or raises a ValueError why not."""
        from tui.dialogs.limits import LimitField

        async def answer(field: LimitField, text: str, is_wanted: bool) -> None:
            if not is_wanted:
                await asyncio.sleep(_TYPING)
            try:
                field.say(await tell(text))
            except ValueError as problem:
                field.say(str(problem), is_right=False)
            else:
                if is_wanted:
                    field.finish(text)

        def told(field: LimitField, text: str, is_wanted: bool) -> None:
            self._jobs.restart("effect", answer, field, text, is_wanted)

        return await self._jobs.ask(LimitField(title, f"now {words}", now, how, told))

    async def _ask_reset(self, row: "EffectiveThreshold") -> str | None:
        from tui.dialogs.confirm import ConfirmDialog

        if not row.own:
            self._status.say(f"{row.status.label} has its default limit already.")
            return None
        usual = row.status.threshold.limit if row.status.threshold else None
        words = usual.words if usual else "no limit"
        found = await asyncio.to_thread(self._effect, row, usual)
        question = f"Give {row.status.label} its default limit again?"
        dialog = ConfirmDialog(question, f"{words}: {found}", yes="use the default")
        return _DEFAULT if await self._jobs.ask(dialog) else None

    async def _show_log(self) -> None:
        from models.team.changes import newest
        from tui.dialogs.text import TextDialog

        found = await asyncio.to_thread(newest, self._session.desk.database)
        local = self._session.local_time
        lines = [
            f"{local.words(at)}  {actor}  {subject}: {before} → {after}"
            for at, subject, actor, before, after in found
        ]
        text = "\n".join(lines) or "Nobody has changed anything yet."
        await self._jobs.ask(TextDialog("Who changed which limit", text))

    def _effect(self, row: "EffectiveThreshold", limit: "Limit | None") -> str:
        from models.team.effects import effect

        desk = self._session.desk
        return effect(desk.database, row.status, limit, desk.now()).words

    def _write(self, job: _Write, row: "EffectiveThreshold", text: str) -> "Worker[None]":
        return self._jobs.start("limits", self._written, job, row, text)

    async def _written(self, job: _Write, row: "EffectiveThreshold", text: str) -> None:
        said = await asyncio.to_thread(job, row, text)
        self._session.desk.forget_settings()
        self._sends.reload()
        self._status.say(said)

    def _set_limit(self, row: "EffectiveThreshold", text: str) -> str:
        from models.team.thresholds import reset_limit, set_limit

        desk, status, limit = self._session.desk, row.status, _parsed(row, text)
        place = (desk.database, status.provider, status.slug)
        told = self._effect(row, limit)
        if text.strip().lower() == _DEFAULT:
            moved = reset_limit(*place, desk.agent, desk.now())
        else:
            moved = set_limit(*place, limit, desk.agent, desk.now())
        words = limit.words if limit else "no limit"
        sends = f"{moved:,} send{'' if moved == 1 else 's'} moved"
        return f"{status.label}: {words} · {sends}, {told}"

    def _set_warning(self, row: "EffectiveThreshold", text: str) -> str:
        from models.team.thresholds import set_warning

        desk, before = self._session.desk, _warning(text)
        set_warning(desk.database, row.status, before, desk.agent, desk.now())
        when = f"{before.words} before the limit" if before else "as usual"
        return f"{row.status.label}: warned {when}"


async def _is_over(worker: "Worker[None]") -> bool:
    """Return whether *worker* ends soon."""
    done, _ = await asyncio.wait({asyncio.ensure_future(_end_of(worker))}, timeout=_PATIENCE)
    return bool(done)


async def _end_of(worker: "Worker[None]") -> None:
    with suppress(WorkerCancelled, WorkerFailed):
        await worker.wait()


def _parsed(row: "EffectiveThreshold", text: str) -> "Limit | None":
    """Return the limit that *text* is.

    Raises:
        ValueError: If it is none.
    """
    from models.values.calendar import parse_limit

    if text.strip().lower() == _DEFAULT:
        return row.status.threshold.limit if row.status.threshold else None
    return parse_limit(text)


def _warning(text: str) -> "Limit | None":
    """Return the time before a limit that *text* is, or None for the usual one.

    Raises:
        ValueError: If it is none.
    """
    from models.values.calendar import parse_limit

    if text.strip().lower() == _DEFAULT:
        return None
    found = parse_limit(text)
    if found is None or found.is_of_business or found.at_once:
        raise ValueError("Write hours or days: 48h or 3d.")
    return found

"""The limits of the statuses: shown, tried out, changed."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from textual.worker import WorkerCancelled, WorkerFailed

from models.errors import DeskError
from tui.desk.jobs import Jobs
from tui.desk.sends import Sends
from tui.desk.session import Session
from tui.desk.status import Status

if TYPE_CHECKING:
    from textual.worker import Worker

    from models.desk import Desk
    from models.team.thresholds import EffectiveThreshold
    from models.values.business_time import BusinessTime
    from models.values.calendar import Limit
    from tui.dialogs.limits import LimitChoice, Limits

_PATIENCE = 1.0
"""Seconds for which a change is waited for before the desk goes on without its answer."""
_TYPING = 0.15
"""Seconds without a key after which the effect of what was typed is counted."""
_LIMIT_HELP = "7d, 36h, 2w, 3bd (business days), now (at once), off (no limit) or default"
_WARNING_HELP = "48h or 3d before the limit, or default"
_HOURS_HELP = "9:00-17:30 mon-fri Europe/Berlin, or default for around the clock"
_REGION_HELP = "a country or a part of one: DE, DE-BY, US-CA; it takes the place of another one"
_DAY_HELP = "a day and what it is called: 2026-12-24 Christmas Eve"
_NO_HOURS = "Mon to Fri around the clock, UTC"
_DEFAULT = "default"
Write = Callable[[str], str]
"""Writes what was typed, and returns the sentence that tells of it."""


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

    def show_rules(self) -> None:
        """Show what time does to sends, and change what the agent chooses."""
        self._jobs.start("ask", self._show_rules)

    async def _show_rules(self) -> None:
        from tui.desk.team_rules import TeamRules

        await TeamRules(self._session, self._jobs, self).show()

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
            if choice.action == "rules":
                await self._show_rules()
                continue
            if not await self.is_over(await self._change(choice, limits)):
                return

    def _read(self) -> "Limits":
        from models.team.effects import counts_over
        from models.team.thresholds import in_force, refusal
        from tui.dialogs.limits import Limits

        database = self._session.desk.database
        hours = self._session.desk.business_time()
        return Limits(
            rows=tuple(in_force(database)),
            over=counts_over(database, self._session.desk.now()),
            hours=hours.words if hours else _NO_HOURS,
            holidays=_holiday_words(self._session.desk),
            refusal=refusal(database),
        )

    async def _change(self, choice: "LimitChoice", limits: "Limits") -> "Worker[None] | None":
        """Ask what *choice* needs and do it; return the worker that writes, if there is one."""
        if choice.action == "log":
            await self.show_log()
            return None
        if choice.action == "holidays":
            return await self._holidays(limits.refusal)
        if choice.action == "hours":
            text = await self._ask_hours()
            return None if text is None else self.write(self._set_hours, text)
        row = next(row for row in limits.rows if row.status.key == choice.key)
        match choice.action:
            case "limit":
                text = await self._ask_limit(row)
            case "warning":
                text = await self._ask_warning(row)
                return None if text is None else self.write(partial(self._set_warning, row), text)
            case _:
                text = await self._ask_reset(row)
        return None if text is None else self.write(partial(self._set_limit, row), text)

    async def _ask_limit(self, row: "EffectiveThreshold") -> str | None:
        now = str(row.threshold.limit) if row.threshold else "off"
        words = row.threshold.limit.words if row.threshold else "no limit"

        async def tell(text: str) -> str:
            limit = _parsed(row, text)
            found = await asyncio.to_thread(self._effect, row, limit)
            return f"{limit.words if limit else 'no limit'}: {found}"

        title = f"The limit of {row.status.label}"
        return await self.ask_for(title, words, now, _LIMIT_HELP, tell)

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
        return await self.ask_for(title, now, now, _WARNING_HELP, tell)

    async def ask_for(
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

    async def _ask_hours(self) -> str | None:
        hours = self._session.desk.business_time()
        usual = f"09:00-17:00 mon-fri {self._session.options.zone}"
        now = f"{hours.opens}-{hours.closes} {hours.days} {hours.zone}" if hours else usual

        async def tell(text: str) -> str:
            found = _hours(text)
            return found.words if found else _NO_HOURS

        words = hours.words if hours else _NO_HOURS
        return await self.ask_for("The business hours", words, now, _HOURS_HELP, tell)

    async def _holidays(self, refusal: str) -> "Worker[None] | None":
        """Show the holidays to come, and change what the agent chooses."""
        from tui.dialogs.limits import HolidaysDialog

        desk = self._session.desk
        today = self._session.local_time.at(desk.now()).date()
        found = await asyncio.to_thread(desk.holidays)
        days = [
            (each.day.isoformat(), f"{each.day:%a %d %b %Y}  {each.name}  {each.region}")
            for each in found
            if each.day >= today
        ]
        regions = ", ".join(sorted({each.region for each in found if each.region}))
        answer = await self._jobs.ask(HolidaysDialog(days, regions, refusal))
        if answer is None:
            return None
        action, day = answer
        if action == "remove":
            return self.write(self._remove_holiday, day)
        if action == "region":
            text = await self.ask_for(
                "The holidays of a country", regions or "none", regions, _REGION_HELP, _region
            )
            return None if text is None else self.write(self._choose_region, text)
        text = await self.ask_for("Add a holiday", "", "", _DAY_HELP, _told_day)
        return None if text is None else self.write(self._add_holiday, text)

    def _set_hours(self, text: str) -> str:
        hours = _hours(text)
        moved = self._session.desk.set_business_time(hours)
        return f"{hours.words if hours else _NO_HOURS} · {_sends(moved)} moved"

    def _choose_region(self, text: str) -> str:
        moved = self._session.desk.choose_region(text)
        return f"Holidays of {text.strip().upper()} · {_sends(moved)} moved"

    def _add_holiday(self, text: str) -> str:
        day, name = _day(text)
        moved = self._session.desk.add_holiday(day, name)
        return f"{day:%a %d %b %Y} is a holiday · {_sends(moved)} moved"

    def _remove_holiday(self, text: str) -> str:
        day = date.fromisoformat(text)
        moved = self._session.desk.remove_holidays(day)
        return f"{day:%a %d %b %Y} is not a holiday any more · {_sends(moved)} moved"

    async def show_log(self) -> None:
        """Show who changed which setting."""
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

    async def is_over(self, changing: "Worker[None] | None") -> bool:
        """Return whether what writes a change has ended soon; if not, that is said."""
        if changing is None:
            return True
        end = asyncio.ensure_future(_end_of(changing))
        done, _ = await asyncio.wait({end}, timeout=_PATIENCE)
        if not done:
            self._status.say("Setting it; a message says when it is done.")
        return bool(done)

    def write(self, job: Write, text: str) -> "Worker[None]":
        """Let *job* write *text*, and tell of it once that is done."""
        return self._jobs.start("limits", self._written, job, text)

    async def _written(self, job: Write, text: str) -> None:
        said = await asyncio.to_thread(job, text)
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
        return f"{status.label}: {words} · {_sends(moved)} moved, {told}"

    def _set_warning(self, row: "EffectiveThreshold", text: str) -> str:
        from models.team.thresholds import set_warning

        desk, before = self._session.desk, _warning(text)
        set_warning(desk.database, row.status, before, desk.agent, desk.now())
        when = f"{before.words} before the limit" if before else "as usual"
        return f"{row.status.label}: warned {when}"


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


def _hours(text: str) -> "BusinessTime | None":
    """Return the business hours that *text* is, or None for around the clock.

    Raises:
        ValueError: If it is none.
    """
    from models.values.business_time import BusinessTime

    if text.strip().lower() == _DEFAULT:
        return None
    parts = text.split()
    if len(parts) != 3:
        raise ValueError("Write hours, days and zone: 9:00-17:30 mon-fri Europe/Berlin.")
    return BusinessTime.read(*parts)


async def _region(text: str) -> str:
    """Return which holidays *text* stands for.

    Raises:
        ValueError: If it is no region.
    """
    from models.team.regions import region_named

    try:
        region = await asyncio.to_thread(region_named, text)
    except DeskError as problem:
        raise ValueError(str(problem)) from None
    return f"the public holidays of {region.code}"


async def _told_day(text: str) -> str:
    day, name = _day(text)
    return f"{day:%a %d %b %Y}  {name or 'a day off'}"


def _day(text: str) -> tuple[date, str]:
    """Return the day that *text* begins with, and the name behind it.

    Raises:
        ValueError: If it begins with no day.
    """
    day, _, name = text.strip().partition(" ")
    try:
        return date.fromisoformat(day), name.strip()
    except ValueError:
        raise ValueError("Write a day as in 2026-12-24, and what it is called.") from None


def _holiday_words(desk: "Desk") -> str:
    found = desk.holidays()
    ahead = [each for each in found if each.day >= desk.local_time().at(desk.now()).date()]
    if not ahead:
        return "none to come" if found else "none"
    regions = ", ".join(sorted({each.region for each in ahead if each.region})) or "own days"
    return f"{regions}; next {ahead[0].day:%a %d %b} {ahead[0].name}".rstrip()


def _sends(number: int) -> str:
    return f"{number:,} send{'' if number == 1 else 's'}"

"""What time does to sends: the rules shown, switched on and off, and how long offers last."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Protocol

from tui.desk.jobs import Jobs
from tui.desk.session import Session

if TYPE_CHECKING:
    from textual.worker import Worker

    from models.team.time_rules import RuleState, SpanInForce
    from models.values.calendar import Limit
    from tui.dialogs.rules import Rules

Tell = Callable[[str], Awaitable[str]]
"""Returns what a text that is typed would change, or raises a ValueError why it cannot be."""
Write = Callable[[str], str]
"""Writes what was typed, and returns the sentence that tells of it."""
_SPAN_HELP = (
    "90d, 7bd (business days) or default; with a campaign behind it for that alone: 60d Spring"
)
_DEFAULT = "default"


class Settings(Protocol):
    """Asks for what settings of the team are to be, and writes them."""

    async def ask_for(self, title: str, words: str, now: str, how: str, tell: Tell) -> str | None:
        """Ask for a text; see `LimitField`."""

    def write(self, job: Write, text: str) -> "Worker[None]":
        """Let *job* write *text*, and tell of it once that is done."""

    async def is_over(self, changing: "Worker[None] | None") -> bool:
        """Return whether what writes a change has ended soon; if not, that is said."""

    async def show_log(self) -> None:
        """Show who changed which setting."""


class TeamRules:
    """Shows the rules in force and changes them, where this agent may."""

    def __init__(self, session: Session, jobs: Jobs, settings: Settings) -> None:
        self._session = session
        self._jobs = jobs
        self._settings = settings

    async def show(self) -> None:
        """Show the rules and the usual spans, and change those that the agent chooses."""
        from tui.dialogs.rules import RulesDialog

        if not self._session.is_open:
            return
        key = ""
        while True:
            rules = await asyncio.to_thread(self._read)
            local = self._session.desk.local_time()
            dialog = RulesDialog(rules, key, local=local, ascii=self._session.ascii)
            choice = await self._jobs.ask(dialog)
            if choice is None:
                return
            key = choice.key or key
            if choice.action == "log":
                await self._settings.show_log()
            elif not await self._settings.is_over(await self._change(choice.key, rules)):
                return

    def _read(self) -> "Rules":
        from models.team.time_rules import in_force, refusal, spans, work_of_rules
        from tui.dialogs.rules import Rules

        desk = self._session.desk
        return Rules(
            rules=in_force(desk.database),
            done=work_of_rules(desk.database, desk.now()),
            spans=spans(desk.database),
            refusal=refusal(desk.database),
        )

    async def _change(self, key: str, rules: "Rules") -> "Worker[None] | None":
        """Ask what is needed to change the line *key* and do it; return what writes, if anything does."""
        from tui.dialogs.rules import key_of

        for rule in rules.rules:
            if key_of(rule) == key:
                return await self._switch(rule)
        span = next(each for each in rules.spans if key_of(each) == key)
        return await self._set_span(span)

    async def _switch(self, found: "RuleState") -> "Worker[None] | None":
        from tui.dialogs.confirm import ConfirmDialog

        rule = found.rule
        word = "off" if found.is_on else "on"
        told = f"It matches {rule.matches}: {rule.does}. "
        told += (
            "What it has done stays." if found.is_on else "It looks at the sends that it matches."
        )
        question = f"Switch {rule.name} {word}, for everyone?"
        if not await self._jobs.ask(ConfirmDialog(question, told, yes=f"switch it {word}")):
            return None
        return self._settings.write(partial(self._switched, rule.name), word)

    async def _set_span(self, found: "SpanInForce") -> "Worker[None] | None":
        behind = f" {found.campaign}" if found.campaign else ""
        title = f"How long lasts {found.span.what.partition(',')[0]}"

        async def tell(text: str) -> str:
            limit, campaign = _span(text)
            whose = f"sends of {campaign}" if campaign else "all without a span of their own"
            return f"{limit.words if limit else 'as usual'}, {whose}"

        now = f"{found.limit}{behind}"
        words = f"{found.limit.words}{f' for{behind}' if behind else ''}"
        text = await self._settings.ask_for(title, words, now, _SPAN_HELP, tell)
        if text is None:
            return None
        return self._settings.write(partial(self._span_set, found.span.key), text)

    def _switched(self, name: str, word: str) -> str:
        moved = self._session.desk.switch_rule(name, word == "on")
        return f"{name} is {word} · {_concerned(moved)}"

    def _span_set(self, key: str, text: str) -> str:
        limit, campaign = _span(text)
        moved = self._session.desk.set_usual_span(key, limit, campaign)
        whose = f" of {campaign}" if campaign else ""
        return f"{key}{whose}: {limit.words if limit else 'as usual'} · {_concerned(moved)}"


def _span(text: str) -> "tuple[Limit | None, str]":
    """Return the span that *text* begins with, None for the usual one, and the campaign behind it.

    Raises:
        ValueError: If it begins with none.
    """
    from models.values.calendar import parse_limit

    first, _, campaign = text.strip().partition(" ")
    if first.lower() == _DEFAULT:
        return None, campaign.strip()
    limit = parse_limit(first)
    if limit is None or limit.at_once:
        raise ValueError("Write 90d, 7bd or default.")
    return limit, campaign.strip()


def _concerned(number: int) -> str:
    return f"{number:,} send{'' if number == 1 else 's'} concerned"

"""What is asked before a verb is written, a line for each answer; what was typed with it is not asked."""

from collections.abc import Callable, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from models.errors import DeskError
from models.providers import catalogue
from models.providers.status import UNMAPPED_SLUG, Status
from models.records import SendRecord
from models.rules.judging import is_usual, target
from tui.plain.console import Console, Left, in_words
from tui.plain.sentences import count, sentence, status
from tui.verbs import (
    ASSIGN,
    CANCEL,
    ESCALATE,
    EXTEND,
    KEEP,
    RELEASE,
    SET,
    A,
    Change,
    Escalation,
    Option,
    Override,
    owner_named,
)

if TYPE_CHECKING:
    from models.desk import Desk
    from tui.preview import Changes, Chosen
    from tui.verbs import Verb

_LEAVES = "an empty line leaves it"
_USUAL_FOLLOW_UP = "2bd"
_MOST_USUAL = 9


class Questions:
    """Asks the agent for what a verb needs to know."""

    def __init__(self, desk: "Desk", console: Console) -> None:
        self.read_packet: Callable[[Chosen], object] = lambda sends: None
        """Says the text that goes to the platform's support."""
        self._desk = desk
        self._console = console

    def ask(self, verb: "Verb[Any]", sends: "Chosen", typed: str) -> "Changes":
        """Return what *verb* shall write to which of *sends*, at least one.

        Args:
            verb: The verb.
            sends: The sends, as the agent was told of them.
            typed: What was typed behind them.

        Raises:
            Left: If the agent leaves a question.
            Ended: If nothing more can be read.
            DeskError: If what was typed means nothing.
        """
        by_hand = _BY_VERB.get(verb.name)
        if by_hand is not None:
            return by_hand(self, sends, typed)
        return [(Change(verb, self._of_command(verb, typed)), sends)]

    @staticmethod
    def refuse_text(verb: "Verb[Any]", typed: str) -> None:
        """Refuse what was *typed* behind the sends of a verb that takes nothing more.

        Raises:
            DeskError: If anything was typed.
        """
        row = verb.command
        takes_more = row is None or row.last or (row.options and not row.by_agent)
        if typed and not takes_more:
            raise DeskError(
                f"“{typed[:40]}” is too much: {verb.name} takes only sends,"
                f" such as {verb.name} 2-4 or {verb.name} 2,3,4."
            )

    def set_to(self, sends: "Chosen", slug: str) -> "Changes":
        """Ask why *sends*, all of one platform, become the status *slug*."""
        return self._set(sends, slug)

    def _of_command(self, verb: "Verb[Any]", typed: str) -> Any:
        """Return the answer of a verb by the options of its command, the first of which may be typed."""
        row = verb.command
        assert row is not None
        if row.by_agent:
            return row.answer(self._desk.agent)
        asked = [(row.last.name, row.last.option)] if row.last else []
        asked += [(_bare(option), option) for option in row.options]
        values: list[object] = []
        for place, (name, option) in enumerate(asked):
            must = option.required or (row.last is not None and place == 0)
            question = f"{name} ({_LEAVES}): " if must else ""
            values.append(self._value(option, typed if place == 0 else "", question))
        return row.answer(*values)

    def _cancel(self, sends: "Chosen", typed: str) -> "Changes":
        """Ask whether one send is canceled; of several the preview asks."""
        return self._asked_once(CANCEL, typed, sends, "It is canceled at once.")

    def _extend(self, sends: "Chosen", typed: str) -> "Changes":
        """Ask for the new end of *sends*, and once more where it is one send."""
        until = self._of_command(EXTEND, typed)
        return self._asked_once(EXTEND, until, sends, "Its end date changes at once.")

    def _asked_once(self, verb: "Verb[A]", answer: A, sends: "Chosen", what: str) -> "Changes":
        """Return the change, once the agent has agreed to ask the platform of a send for it.

        Raises:
            Left: If the agent does not.
            DeskError: If the rules refuse it.
        """
        change = Change(verb, answer)
        if len(sends) == 1:
            (verdict,) = self._desk.judge(sends, change.operation)
            if verdict.refusal is not None:
                raise verdict.refusal
            name = catalogue.provider(sends[0].provider).name
            self._console.say(f"{sends[0].ref}: {name} is asked. {what} No undo takes that back.")
            if not self._console.agrees(f"Ask {name}?"):
                raise Left
        return [(change, sends)]

    def _value(self, option: Option, typed: str, question: str) -> object:
        """Return what was typed for an option, or is asked for now with a *question*; else its default."""
        text = typed
        while text or question:
            if not text:
                text = self._console.answer(question)
            try:
                return option.read(text, self._desk)
            except ValueError as problem:
                self._complain(str(problem))
                text = ""
        return option.default

    def _complain(self, problem: str) -> None:
        """Say why an answer cannot be used; a file is not asked again."""
        if not self._console.is_by_hand:
            raise DeskError(sentence(problem))
        self._console.say(sentence(problem))

    def _set(self, sends: "Chosen", typed: str) -> "Changes":
        word, reason = self._status_typed(sends, typed) if typed else ("", "")
        if not word:
            word = self._status_asked(sends)
        found = catalogue.resolve(sends[0].provider, word, sends[0].type)
        label = found.label if found else word
        if len(sends) == 1 and found is not None:
            unusual = "" if is_usual(sends[0], found) else ", which is not a usual step"
            self._console.say(f"{sends[0].ref}: from {status(sends[0])} to {label}{unusual}.")
        if not reason:
            reason = self._console.answer(f"Reason ({_LEAVES}): ")
        is_same = found is not None and len({send.provider for send in sends}) == 1
        slug = found.slug if found is not None and is_same else word
        return [(Change(SET, Override(slug, reason, label=label)), sends)]

    def _status_typed(self, sends: "Chosen", typed: str) -> tuple[str, str]:
        """Return the status that *typed* begins with, and the reason behind it.

        Raises:
            DeskError: If it begins with none.
        """
        words = typed.split()
        for end in range(len(words), 0, -1):
            name = " ".join(words[:end])
            if any(_known(send, name) for send in sends):
                return name, " ".join(words[end:])
        # It says what is near.
        target(sends[0], words[0])
        raise AssertionError(words)

    def _status_asked(self, sends: "Chosen") -> str:
        usual = _usual(sends)
        if usual:
            offers = (f"{place} {each.label}" for place, each in enumerate(usual, 1))
            self._console.say(f"Usual next: {', '.join(offers)}.")
        asked = "Status: a number, a name, or list" if usual else "Status: a name, or list"
        while True:
            answer = self._console.answer(f"{asked} ({_LEAVES}): ")
            if answer.casefold() == "list":
                self._console.tell([_every_status(sends)])
                continue
            if answer.isdecimal() and 0 < int(answer) <= len(usual):
                return usual[int(answer) - 1].label
            try:
                return self._status_typed(sends, answer)[0]
            except DeskError as problem:
                self._complain(str(problem))

    def _release(self, sends: "Chosen", typed: str) -> "Changes":
        """Ask whether the platform's status shows again, or the override is kept against it."""
        reason, keeps = typed, False
        contested = [send for send in sends if send.contested]
        if contested:
            word, _, behind = typed.partition(" ")
            if word.casefold() in ("keep", "release"):
                keeps, reason = word.casefold() == "keep", behind
            else:
                self._tell_both(contested)
                question = f"keep the override, or release it ({_LEAVES}): "
                keeps = self._console.choose(sentence(question).rstrip(".") + " ", _KEEP) == "keep"
        if keeps:
            return self._keep(sends, reason or self._console.answer(f"Reason ({_LEAVES}): "))
        if not reason and any(send.override_status for send in sends):
            reason = self._console.read("Reason (an empty line for none): ")
        return [(Change(RELEASE, reason), sends)]

    def _keep(self, sends: "Chosen", reason: str) -> "Changes":
        by_status: dict[tuple[str, str], list[SendRecord]] = {}
        for send in sends:
            by_status.setdefault((send.provider, send.status), []).append(send)
        changes = []
        for (provider, slug), same in by_status.items():
            label = catalogue.status(provider, slug).label
            kept = Override(slug, reason, force=True, label=label)
            changes.append((Change(KEEP, kept), same))
        return changes

    def _tell_both(self, sends: "Chosen") -> None:
        for send in sends[:_MOST_USUAL]:
            theirs = catalogue.status(send.provider, send.provider_status).label
            by = send.override_by or "an agent"
            because = f", because: {send.override_reason}" if send.override_reason else ""
            self._console.say(
                f"{send.ref}: {by} set {status(send)}{because}. The platform says {theirs}."
            )

    def _escalate(self, sends: "Chosen", typed: str) -> "Changes":
        """Ask for the ticket and for the follow-up, once for each platform."""
        by_platform: dict[str, list[SendRecord]] = {}
        for send in sends:
            by_platform.setdefault(send.provider, []).append(send)
        changes = []
        for provider, same in by_platform.items():
            ticket, _, time = typed.partition(" ")
            if not ticket:
                ticket = self._ticket(provider, same)
            again = self._follow_up(time) if time or not typed else None
            answer = Escalation(ticket, again, provider=provider)
            changes.append((Change(ESCALATE, answer), same))
        return changes

    def _ticket(self, provider: str, sends: "Chosen") -> str:
        support = catalogue.provider(provider).support
        self._console.say(
            f"{count(len(sends), 'send')} for {support}. Type packet to read the text to send; Ctrl+C leaves."
        )
        while True:
            answer = self._console.read("Ticket, or packet (an empty line for no ticket): ")
            if answer.casefold() != "packet":
                return answer
            self.read_packet(sends)

    def _follow_up(self, typed: str) -> datetime | None:
        """Return when to look again, as typed or asked; None for the usual time."""
        from models.values.future_time import parse_future_time

        local, calendar = self._desk.local_time(), self._desk.calendar()
        usual = local.words(parse_future_time(_USUAL_FOLLOW_UP, local, calendar))
        asked = f"Look again when? (an empty line for {usual}): "
        text = typed or self._console.read(asked)
        while text:
            try:
                return parse_future_time(text, local, calendar)
            except ValueError as problem:
                self._complain(str(problem))
            text = self._console.read(asked)
        return None

    def _assign(self, sends: "Chosen", typed: str) -> "Changes":
        name = typed
        if not name:
            if owners := self._desk.owners():
                self._console.say(f"Owners now: {in_words(owners[:_MOST_USUAL])}.")
            name = self._console.answer(f"To whom? A name, me or nobody ({_LEAVES}): ")
        return [(Change(ASSIGN, owner_named(name, self._desk.agent)), sends)]


_KEEP = ("keep", "release")
_BY_VERB: "MappingProxyType[str, Callable[[Questions, Chosen, str], Changes]]" = MappingProxyType(
    {
        SET.name: Questions._set,
        RELEASE.name: Questions._release,
        ESCALATE.name: Questions._escalate,
        ASSIGN.name: Questions._assign,
        CANCEL.name: Questions._cancel,
        EXTEND.name: Questions._extend,
    }
)
"""The verbs that ask in their own way; all others ask for the options of their command."""


def _known(send: SendRecord, name: str) -> bool:
    found = catalogue.resolve(send.provider, name, send.type)
    return found is not None and found.slug != UNMAPPED_SLUG


def _usual(sends: Sequence[SendRecord]) -> list[Status]:
    """Return what usually follows for the first of *sends*, as far as all of them have it."""
    one = sends[0]
    following = catalogue.may_follow(one.provider, one.status, one.type)
    return [each for each in following if all(_known(send, each.label) for send in sends)][
        :_MOST_USUAL
    ]


def _every_status(sends: Sequence[SendRecord]) -> str:
    """Return the statuses that the types of *sends* have, of each platform."""
    lines = []
    for provider in dict.fromkeys(send.provider for send in sends):
        types = {send.type for send in sends if send.provider == provider}
        known = catalogue.STATUSES[provider].values()
        labels = [each.label for each in known if types & set(each.types)]
        lines.append(f"{catalogue.provider(provider).name}: {', '.join(labels)}.")
    return "\n".join(lines)


def _bare(option: Option) -> str:
    """Return what an option is, as a question begins: `Time: 4h, 2bd, …`."""
    return f"{option.metavar.capitalize()}: {option.help}".rstrip(".").replace("`", "")

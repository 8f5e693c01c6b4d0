"""What agents do to sends: one row for each verb, which the desk and the command line both read.

The key and its help (`keys.py`), the triage report, `.`, conflicts, confirmations and the commands
are made from these rows. A new verb is an operation with its rules and its draft, a kind of event with
its words and its step, and a row here. What the desk asks before it writes is in `desk/questions.py`; a verb that
needs no answer has nothing there.

Nothing here loads the screen or the command line's library: both start with these rows.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from models.event_kind import EventKind

if TYPE_CHECKING:
    from models.desk import Desk
    from models.records import Event, SendRecord
    from models.rules.operations import Operation
    from models.values.local_time import LocalTime

A = TypeVar("A")
"""What an agent answers before a verb is written: a reason, a moment, an owner."""
Words = Callable[[datetime], str]
"""Says when a moment is, in the agent's time zone."""


def _text(text: str, desk: "Desk") -> object:
    return text


class Option(NamedTuple):
    """An option of a verb's command."""

    flag: str
    """`--until`"""
    metavar: str
    help: str
    default: str | None = ""
    required: bool = False
    read: "Callable[[str, Desk], object]" = _text
    """Makes a value of what was typed; raises ValueError with a sentence about it."""


class LastWord(NamedTuple):
    """A text that may stand behind the sends, or in an option."""

    metavar: str
    """`TEXT`"""
    name: str
    """What is missing where it stands nowhere: `The note`."""
    option: Option


class Command(NamedTuple):
    """What the command line takes for a verb, and what it prints."""

    help: str
    answer: Callable[..., Any]
    """Makes the answer of the values of `last` and `options`, in this order."""
    printed: "Callable[[SendRecord, SendRecord, LocalTime], str]"
    """What became of a send, from how it stood before and how it stands now."""
    options: tuple[Option, ...] = ()
    last: LastWord | None = None
    expects: bool = True
    """Whether `--expect REVISION` makes sense: not for what never conflicts."""
    by_agent: bool = False
    """Whether the answer is the agent's own name."""
    doubt: "Callable[[Any, Desk], str]" = lambda answer, desk: ""
    """What may be wrong with the answer, as a sentence; empty if nothing may be."""


class CliCommand(NamedTuple):
    """A command of `senddesk` with everything but the sends."""

    name: str
    options: tuple[str, ...] = ()
    """What stands behind the sends."""

    def line(self, refs: Iterable[str]) -> str:
        """Return the whole command for the sends called *refs*, quoted for a shell."""
        import shlex

        return shlex.join(["senddesk", self.name, *refs, *self.options])


def _no_options(answer: object) -> tuple[str, ...]:
    return ()


def _nothing(send: "SendRecord", words: Words) -> str:
    return ""


class Verb(NamedTuple, Generic[A]):
    """One thing that agents do to sends."""

    name: str
    """The command: `snooze`."""
    kind: EventKind
    """What it adds to a send's history."""
    binding: str
    """The name by which agents give it another key: `desk.snooze`."""
    key: str
    title: str
    """What its key does, in help and palette: `Snooze until…`."""
    usage: str
    """The command as help shows it: `snooze SEND --until TIME`."""
    operation: "Callable[[A], Operation]"
    """What the desk is asked to do to each send."""
    wanted: Callable[[A], str]
    """The change as a conflict, a preview or a message about many sends names it: `owner jo`."""
    said: "Callable[[SendRecord, A, LocalTime], str]"
    """What the agent is told once it is written for one send; how to take it back is added."""
    handled: str
    """What the triage report counts: `snoozed`."""
    options: Callable[[A], tuple[str, ...]] = _no_options
    """What stands behind the sends in the command line that does the same."""
    before: "Callable[[SendRecord, Words], str]" = _nothing
    """What of a send it changes, as that is now; empty where it only adds."""
    after: "Callable[[SendRecord, A, Words], str] | None" = None
    """What becomes of that; None where `wanted` says it for every send."""
    force: Callable[[A, bool], A] | None = None
    """The answer with or without the leave to take a step outside the usual lifecycle."""
    advances: bool = False
    """Whether the agent is through with the send, and the cursor goes on."""
    on_platform: bool = False
    """Whether the platform is asked to do it: that takes a while, and no undo takes it back."""
    command: Command | None = None
    """None for `set`, whose command is written by hand: it writes hundreds of sends at once."""

    @property
    def unasked(self) -> A:
        """The answer where the desk asks nothing: that of a command without options."""
        assert self.command is not None
        answer: A = self.command.answer(*(option.default for option in self.command.options))
        return answer


class Change(NamedTuple, Generic[A]):
    """A verb with what the agent answered; what `.` repeats."""

    verb: Verb[A]
    answer: A

    @property
    def wanted(self) -> str:
        """The change in words."""
        return self.verb.wanted(self.answer)

    @property
    def command(self) -> CliCommand:
        """The command line that does the same."""
        return CliCommand(self.verb.name, self.verb.options(self.answer))

    @property
    def operation(self) -> "Operation":
        """What the desk is asked to do to each send."""
        return self.verb.operation(self.answer)

    def step(self, send: "SendRecord", words: Words) -> tuple[str, str]:
        """Return what of *send* it changes, which may be empty, and what becomes of that.

        Args:
            send: The send as it is now.
            words: Says when a moment is.
        """
        after = self.verb.after
        became = after(send, self.answer, words) if after else self.wanted
        return self.verb.before(send, words), became

    def forced(self, force: bool) -> "Change[A]":
        """Return the change with or without the leave to take an unusual step."""
        if self.verb.force is None:
            return self
        return self._replace(answer=self.verb.force(self.answer, force))


class Override(NamedTuple):
    """The answer of `set`."""

    word: str
    """The new status: its slug, or a name that several platforms know."""
    reason: str
    force: bool = False
    label: str = ""
    """The new status in words; empty where the command line has only its word."""


class Escalation(NamedTuple):
    """The answer of `escalate`."""

    reference: str
    """The ticket at the platform's support; empty if there is none yet."""
    follow_up_at: datetime | None
    """When to look again; None for the usual two business days."""
    reason: str = ""
    provider: str = ""
    """The platform that has the ticket; empty where nobody repeats it."""


def status_label(send: "SendRecord") -> str:
    """Return the status of *send* in words."""
    from models.providers import catalogue

    return catalogue.status(send.provider, send.status).label


def status_step(before: "SendRecord", after: "SendRecord") -> str:
    """Return which status became which; after a retry, which one it is."""
    earlier, later = status_label(before), status_label(after)
    return later if earlier == later else f"{earlier} → {later}"


def taken_back(action: "Event", send: "SendRecord") -> str:
    """Return in a few words that *action* was taken back; of a status, the one of *send* now."""
    about_status = action.kind in (EventKind.OVERRIDE, EventKind.RELEASE)
    now = f", now {status_label(send)}" if about_status else ""
    return f"took back “{_did(action, send)}”{now}"


def done_again(action: "Event", send: "SendRecord") -> str:
    """Return in a few words that *action* was done again on *send*."""
    return f"did again “{_did(action, send)}”"


def _did(action: "Event", send: "SendRecord") -> str:
    from models.rules.event_words import did

    return did(send.provider, action)


def verb_of(action: "Event") -> "Verb[Any]":
    """Return the verb that wrote *action*."""
    from models.rules.state import details

    if action.kind is EventKind.OWNER:
        return TAKE if details(action)["owner"] == action.actor else ASSIGN
    return next(verb for verb in VERBS.values() if verb.kind is action.kind)


def _support(send: "SendRecord") -> str:
    from models.providers import catalogue

    return catalogue.provider(send.provider).support


def _platform(send: "SendRecord") -> str:
    from models.providers import catalogue

    return catalogue.provider(send.provider).name


def _word(send: "SendRecord") -> str:
    from models.rules.wording import status_word

    return status_word(send.provider, send.provider_status, send.provider_raw)


def _end(send: "SendRecord", words: Words) -> str:
    return words(send.expires_at) if send.expires_at else "never"


def _owner(send: "SendRecord", words: Words) -> str:
    return f"owner {send.owner or 'nobody'}"


def _owner_named(word: str, desk: "Desk") -> str:
    """Return the owner that *word* means: `me` is the agent, `nobody` leaves the send without one."""
    return owner_named(word, desk.agent)


def owner_named(word: str, agent: str) -> str:
    """Return the name of the owner that *word* means to *agent*; empty for nobody."""
    return {"me": agent, "nobody": ""}.get(word.strip().casefold(), word)


def _unknown_owner(owner: str, desk: "Desk") -> str:
    from models.rules.names import why_no_name

    if owner.strip() in ("", desk.agent, *desk.owners()) or why_no_name(owner):
        return ""
    return f"Nobody called “{owner}” has had a send here so far: check the name."


def _belongs(before: "SendRecord", after: "SendRecord", local: "LocalTime") -> str:
    return f"belongs to {after.owner or 'nobody'}"


def _moment(text: str, desk: "Desk") -> datetime:
    """Read a moment to come by the clock of the agent and the business days of the database.

    Raises:
        ValueError: If it is none, or has passed.
    """
    from models.values.future_time import parse_future_time

    return parse_future_time(text, desk.local_time(), desk.calendar())


def _until(text: str, desk: "Desk") -> datetime | None:
    """Read a moment to come, or `change`, which is None.

    Raises:
        ValueError: If it is neither, or has passed.
    """
    if text.strip().lower() == "change":
        return None
    try:
        return _moment(text, desk)
    except ValueError as problem:
        raise ValueError(f"{problem}; or write change for the platform's next change") from None


def _typed(moment: datetime) -> str:
    """Return *moment* as the command line reads it."""
    return f"{moment:%Y-%m-%dT%H:%MZ}"


def _snoozed_until(moment: datetime | None, words: Words) -> str:
    return f"snoozed until {words(moment) if moment else 'the platform changes it'}"


def _look_again(send: "SendRecord", local: "LocalTime") -> str:
    again = send.follow_up_at
    return f"look again {local.zoned_words(again) if again else 'when the platform answers'}"


def _escalation(send: "SendRecord", words: Words) -> str:
    return f"escalated{_as(send.escalation_ref)}" if send.escalated_at else ""


def _as(ticket: str) -> str:
    return f" as {ticket}" if ticket else ""


def _snooze_now(send: "SendRecord", words: Words) -> str:
    from models.records import Snooze

    if send.snooze == Snooze.DONE:
        return "done"
    return _snoozed_until(send.snoozed_until, words) if send.snooze else ""


def _label_of(send: "SendRecord", to: Override) -> str:
    """Return what the status *to* is called on the platform of *send*; its word if it has none."""
    from models.providers import catalogue

    found = catalogue.resolve(send.provider, to.word, send.type)
    return found.label if found else to.label or to.word


def _status_of_platform(send: "SendRecord") -> str:
    from models.providers import catalogue

    return catalogue.status(send.provider, send.provider_status).label


# The operations are loaded when they are first needed: the first frame waits for this file.


def _set_status(to: Override) -> "Operation":
    from models.rules.operations import SetStatus

    return SetStatus(to.word, to.reason, to.force)


def _keep_override(to: Override) -> "Operation":
    from models.rules.operations import KeepOverride

    return KeepOverride(to.reason)


def _release(reason: str) -> "Operation":
    from models.rules.operations import Release

    return Release(reason)


def _escalate(ticket: Escalation) -> "Operation":
    from models.rules.operations import Escalate

    return Escalate(ticket.reference, ticket.follow_up_at, ticket.reason, ticket.provider)


def _resolve(reason: str) -> "Operation":
    from models.rules.operations import Resolve

    return Resolve(reason)


def _take(agent: str) -> "Operation":
    from models.rules.operations import Take

    return Take()


def _assign(owner: str) -> "Operation":
    from models.rules.operations import Assign

    return Assign(owner)


def _add_note(text: str) -> "Operation":
    from models.rules.operations import AddNote

    return AddNote(text)


def _put_off(until: datetime | None) -> "Operation":
    from models.rules.operations import PutOff

    return PutOff(until)


def _finish(answer: None) -> "Operation":
    from models.rules.operations import Finish

    return Finish()


def _wake(answer: None) -> "Operation":
    from models.rules.operations import Wake

    return Wake()


def _cancel_on_platform(reason: str) -> "Operation":
    from models.rules.operations import CancelOnPlatform

    return CancelOnPlatform(reason)


def _extend_on_platform(until: datetime) -> "Operation":
    from models.rules.operations import ExtendOnPlatform

    return ExtendOnPlatform(until)


SET: Verb[Override] = Verb(
    name="set",
    kind=EventKind.OVERRIDE,
    binding="desk.status",
    key="s",
    title="Set the status",
    usage="set SEND STATUS --reason TEXT",
    operation=_set_status,
    wanted=lambda to: f"status {to.label or to.word}",
    said=lambda send, to, local: f"{send.ref} is {status_label(send)}",
    handled="set to another status",
    options=lambda to: (to.word, "--reason", to.reason, *(["--force"] if to.force else [])),
    before=lambda send, words: status_label(send),
    after=lambda send, to, words: _label_of(send, to),
    force=lambda to, force: to._replace(force=force),
)
KEEP = SET._replace(
    operation=_keep_override,
    wanted=lambda to: "the override, kept",
    said=lambda send, to, local: f"{send.ref} keeps its override",
    after=lambda send, to, words: f"{status_label(send)}, kept",
    force=None,
)
"""`set` as the release dialog does it: the override in force, against what the platform says."""

RELEASE: Verb[str] = Verb(
    name="release",
    kind=EventKind.RELEASE,
    binding="desk.release",
    key="D",
    title="Release or keep an override",
    usage="release SEND",
    operation=_release,
    wanted=lambda reason: "the platform's status",
    said=lambda send, reason, local: f"{send.ref} follows its platform again",
    handled="released",
    options=lambda reason: ("--reason", reason),
    before=lambda send, words: status_label(send),
    after=lambda send, reason, words: _status_of_platform(send),
    command=Command(
        help="End an override.\n\nThe status that the platform gives each SEND shows again.",
        answer=str,
        printed=lambda before, after, local: status_step(before, after),
        options=(Option("--reason", "TEXT", "Why; the history keeps it."),),
    ),
)

ESCALATE: Verb[Escalation] = Verb(
    name="escalate",
    kind=EventKind.ESCALATE,
    binding="desk.escalate",
    key="e",
    title="Escalate to the platform’s support",
    usage="escalate SEND --reference TICKET",
    operation=_escalate,
    wanted=lambda ticket: f"escalated{_as(ticket.reference)}",
    said=lambda send, ticket, local: f"{send.ref} is with {_support(send)}",
    handled="escalated",
    options=lambda ticket: (
        "--reference",
        ticket.reference,
        *(("--follow-up", _typed(ticket.follow_up_at)) if ticket.follow_up_at else ()),
    ),
    before=_escalation,
    advances=True,
    command=Command(
        help="Mark as escalated.\n\nUntil the follow-up each SEND is out of triage.",
        answer=Escalation,
        printed=lambda before, after, local: f"escalated, {_look_again(after, local)}",
        options=(
            Option("--reference", "TICKET", "The ticket at the platform's support."),
            Option(
                "--follow-up",
                "TIME",
                "When to look again: 2bd (as usual), 3d, 2026-11-25…",
                default=None,
                read=_moment,
            ),
            Option("--reason", "TEXT", "What was asked of them."),
        ),
    ),
)

RESOLVE: Verb[str] = Verb(
    name="resolve",
    kind=EventKind.RESOLVE,
    binding="desk.resolve",
    key="E",
    title="Resolve the escalation",
    usage="resolve SEND",
    operation=_resolve,
    wanted=lambda reason: "resolved",
    said=lambda send, reason, local: f"{send.ref} is resolved",
    handled="resolved",
    before=_escalation,
    command=Command(
        help="End the escalation of each SEND.",
        answer=str,
        printed=lambda before, after, local: "resolved",
        options=(Option("--reason", "TEXT", "How it ended."),),
    ),
)

TAKE: Verb[str] = Verb(
    name="take",
    kind=EventKind.OWNER,
    binding="desk.take",
    key="a",
    title="Take it",
    usage="take SEND",
    operation=_take,
    wanted=lambda agent: f"owner {agent}",
    said=lambda send, agent, local: f"{send.ref} is yours",
    handled="taken",
    before=_owner,
    command=Command(
        help="Make yourself the owner of each SEND.", answer=str, printed=_belongs, by_agent=True
    ),
)

ASSIGN: Verb[str] = Verb(
    name="assign",
    kind=EventKind.OWNER,
    binding="desk.assign",
    key="A",
    title="Give it to someone",
    usage="assign SEND OWNER",
    operation=_assign,
    wanted=lambda owner: f"owner {owner or 'nobody'}",
    said=lambda send, owner, local: f"{send.ref} belongs to {owner or 'nobody'}",
    handled="given away",
    options=lambda owner: ("--to", owner),
    before=_owner,
    command=Command(
        help="Give each SEND to OWNER: a name, me or nobody.",
        answer=str,
        printed=_belongs,
        last=LastWord(
            "OWNER",
            "The owner",
            Option(
                "--to",
                "OWNER",
                "The owner, instead of the last word: a name, me or nobody.",
                default=None,
                read=_owner_named,
            ),
        ),
        doubt=_unknown_owner,
    ),
)

NOTE: Verb[str] = Verb(
    name="note",
    kind=EventKind.NOTE,
    binding="desk.note",
    key="c",
    title="Add a note",
    usage="note SEND TEXT",
    operation=_add_note,
    wanted=lambda text: "a note",
    said=lambda send, text, local: f"Noted on {send.ref}",
    handled="noted",
    options=lambda text: ("--text", text),
    command=Command(
        help="Add the note TEXT to the history of each SEND.",
        answer=str,
        printed=lambda before, after, local: "noted",
        last=LastWord(
            "TEXT",
            "The note",
            Option("--text", "TEXT", "The note, instead of the last word.", default=None),
        ),
        expects=False,
    ),
)

SNOOZE: Verb[datetime | None] = Verb(
    name="snooze",
    kind=EventKind.SNOOZE,
    binding="desk.snooze",
    key="z",
    title="Snooze until…",
    usage="snooze SEND --until TIME",
    operation=_put_off,
    wanted=lambda until: "snoozed",
    said=lambda send, until, local: (
        f"{send.ref} is {_snoozed_until(send.snoozed_until, local.words)}"
    ),
    handled="snoozed",
    options=lambda until: ("--until", _typed(until) if until else "change"),
    before=_snooze_now,
    after=lambda send, until, words: _snoozed_until(until, words),
    advances=True,
    command=Command(
        help="Keep each SEND out of triage for a time.",
        answer=lambda until: until,
        printed=lambda before, after, local: _snoozed_until(after.snoozed_until, local.zoned_words),
        options=(
            Option(
                "--until",
                "TIME",
                "4h, 2bd, tomorrow, mon, 2026-11-25, or `change`: the platform's next change.",
                default=None,
                required=True,
                read=_until,
            ),
        ),
    ),
)

DONE: Verb[None] = Verb(
    name="done",
    kind=EventKind.DONE,
    binding="desk.done",
    key="d",
    title="Done: out of triage until something changes",
    usage="done SEND",
    operation=_finish,
    wanted=lambda _: "done",
    said=lambda send, _, local: f"{send.ref} is done for now",
    handled="done for now",
    before=_snooze_now,
    advances=True,
    command=Command(
        help="Call it done for now.\n\n"
        "Each SEND stays out of triage until its platform changes it or its next limit is over.",
        answer=lambda: None,
        printed=lambda before, after, local: "done for now",
    ),
)

WAKE: Verb[None] = Verb(
    name="wake",
    kind=EventKind.WAKE,
    binding="desk.wake",
    key="",
    title="Wake now: end the snooze",
    usage="wake SEND",
    operation=_wake,
    wanted=lambda _: "woken",
    said=lambda send, _, local: f"{send.ref} is awake",
    handled="woken",
    before=_snooze_now,
    command=Command(
        help="End the snooze of each SEND, or what `done` began.",
        answer=lambda: None,
        printed=lambda before, after, local: "awake",
    ),
)

CANCEL: Verb[str] = Verb(
    name="cancel",
    kind=EventKind.CANCEL,
    binding="desk.cancel",
    key="X",
    title="Cancel it on its platform",
    usage="cancel SEND",
    operation=_cancel_on_platform,
    wanted=lambda reason: "canceled on the platform",
    said=lambda send, reason, local: f"{send.ref}: {_platform(send)} has canceled it",
    handled="canceled on the platform",
    options=lambda reason: ("--reason", reason) if reason else (),
    before=lambda send, words: status_label(send),
    after=lambda send, reason, words: "canceled on the platform",
    on_platform=True,
    command=Command(
        help="Cancel each SEND on its platform.\n\n"
        "The platform is asked, and its answer stands in the history. No undo takes that back.",
        answer=str,
        printed=lambda before, after, local: f"canceled, {_platform(after)} says {_word(after)}",
        options=(Option("--reason", "TEXT", "Why; the history keeps it.", default=""),),
    ),
)

EXTEND: Verb[datetime] = Verb(
    name="extend",
    kind=EventKind.EXTEND,
    binding="desk.extend",
    key="N",
    title="Give it another end date on its platform",
    usage="extend SEND --until TIME",
    operation=_extend_on_platform,
    wanted=lambda until: "another end date on the platform",
    said=lambda send, until, local: f"{send.ref} ends {_end(send, local.words)}",
    handled="given another end date",
    options=lambda until: ("--until", _typed(until)),
    before=lambda send, words: f"ends {_end(send, words)}",
    after=lambda send, until, words: f"ends {words(until)}",
    on_platform=True,
    command=Command(
        help="Let each SEND end at another time on its platform.\n\n"
        "The platform is asked, and its answer stands in the history. No undo takes that back.",
        answer=lambda until: until,
        printed=lambda before, after, local: f"ends {_end(after, local.zoned_words)}",
        options=(
            Option(
                "--until",
                "TIME",
                "30d, 2bd, 2026-12-31, 2026-12-31 18:00.",
                default=None,
                required=True,
                read=_moment,
            ),
        ),
    ),
)

VERBS: Mapping[str, Verb[Any]] = MappingProxyType(
    {
        verb.name: verb
        for verb in (
            *(SET, RELEASE, ESCALATE, RESOLVE, TAKE, ASSIGN, NOTE, SNOOZE, DONE, WAKE),
            *(CANCEL, EXTEND),
        )
    }
)
"""By name, in the order in which help lists their keys."""

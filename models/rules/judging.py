"""Whether an agent's operation fits a send: usual, unusual, or refused, and why.

This is the one statement of these rules. A preview of thousands of sends asks it, a dialog about one
send does, a dry run does, and so does the transaction that writes.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from models.errors import (
    BadName,
    DeskError,
    MissingReason,
    NothingToDo,
    OffLifecycle,
    UnknownStatus,
)
from models.providers import catalogue
from models.providers.abilities import AbilityName
from models.providers.status import UNMAPPED_SLUG, Status
from models.records import SendRecord
from models.rules.due import is_put_off
from models.rules.names import why_no_name
from models.rules.operations import (
    AddNote,
    Assign,
    CancelOnPlatform,
    Escalate,
    ExtendOnPlatform,
    Finish,
    KeepOverride,
    Operation,
    PutOff,
    Release,
    Resolve,
    SetStatus,
    Take,
    Wake,
)
from models.values.text import display_text

_NAME_SHOWN = 60


class Verdict(NamedTuple):
    """What is to be known before an operation is done to one send."""

    reasons: tuple[str, ...] = ()
    """Why it is unusual or refused, in words that hold for many sends: `belongs to jo`."""
    refusal: DeskError | None = None
    """What writing it raises; None if it can be written as it is."""

    @property
    def why(self) -> str:
        """The reasons as one text; empty if there are none."""
        return "; ".join(self.reasons)

    @property
    def is_refused(self) -> bool:
        """Whether it cannot be written, not even if the agent confirms it."""
        return self.refusal is not None and not self.needs_force

    @property
    def is_unusual(self) -> bool:
        """Whether the agent may want to leave this send out."""
        return bool(self.reasons) and not self.is_refused

    @property
    def needs_force(self) -> bool:
        """Whether it is written only if the agent confirms it."""
        return isinstance(self.refusal, OffLifecycle)


class _Judge(NamedTuple):
    """Who wants to do something, and when."""

    agent: str
    now: datetime
    """In UTC."""


FITS = Verdict()
"""Nothing speaks against it."""


def judge(send: SendRecord, operation: Operation, *, agent: str, now: datetime) -> Verdict:
    """Return whether *operation* fits *send*.

    Args:
        send: The send as it is now.
        operation: What is to be done.
        agent: Who wants to do it.
        now: When, in UTC.
    """
    found = _JUDGES[type(operation)](send, operation, _Judge(agent, now))
    if found.is_refused or type(operation) is AddNote or send.owner in ("", agent):
        return found
    return found._replace(reasons=(*found.reasons, f"belongs to {send.owner}"))


def target(send: SendRecord, word: str) -> Status:
    """Return the status that *word* means for this send.

    Args:
        send: The send; the same word can mean another status for another type of send.
        word: A slug, label or alias.

    Raises:
        UnknownStatus: If its provider has no such status.
    """
    found = catalogue.resolve(send.provider, word, send.type)
    if found is not None and found.slug != UNMAPPED_SLUG:
        return found
    if send.provider not in catalogue.STATUSES:
        raise UnknownStatus(
            f"{send.ref} is of a platform that this version of Send Desk does not know."
        )
    near = catalogue.suggest(send.provider, word, send.type)
    hint = f" Did you mean {near.label}?" if near else ""
    name = catalogue.provider(send.provider).name
    raise UnknownStatus(f"{name} has no status “{word}”.{hint} `senddesk statuses` lists them.")


def is_usual(send: SendRecord, target: Status) -> bool:
    """Whether *target* usually follows the status of *send*.

    Any status may follow an unmapped one, and each status follows itself.
    """
    if send.status == UNMAPPED_SLUG or target.slug == send.status:
        return True
    return target in catalogue.may_follow(send.provider, send.status, send.type)


def _refuse(kind: type[DeskError], why: str, sentence: str) -> Verdict:
    return Verdict((why,), kind(sentence))


# Each judges one operation for one send; all have the same arguments, so that _JUDGES can hold them.


def _set_status(send: SendRecord, to: SetStatus, judge: _Judge) -> Verdict:
    try:
        status = target(send, to.word)
    except UnknownStatus as unknown:
        known = catalogue.STATUSES.get(send.provider)
        name = catalogue.provider(send.provider).name if known else "its platform"
        return Verdict((f"{name} has no status “{to.word}”",), unknown)
    if not to.reason.strip():
        return _refuse(
            MissingReason, "the reason is missing", f"Say why {send.ref} becomes {status.label}."
        )
    if send.status == status.slug and not send.contested:
        return _refuse(
            NothingToDo, f"{status.label} already", f"{send.ref} is {status.label} already."
        )
    if is_usual(send, status):
        return FITS
    now = catalogue.status(send.provider, send.status).label
    why = f"{now} is not usually followed by {status.label}"
    if to.force:
        return Verdict((why,))
    return _refuse(OffLifecycle, why, f"{why}: confirm it if you mean it (--force).")


def _keep_override(send: SendRecord, to: KeepOverride, judge: _Judge) -> Verdict:
    if not to.reason.strip():
        said = f"Say why {send.ref} keeps its override."
        return _refuse(MissingReason, "the reason is missing", said)
    if not send.contested:
        said = f"{send.ref} has no override that its platform contradicts."
        return _refuse(NothingToDo, "no override that the platform contradicts", said)
    return FITS


def _release(send: SendRecord, to: Release, judge: _Judge) -> Verdict:
    if not send.override_status:
        said = f"{send.ref} has no override to release."
        return _refuse(NothingToDo, "no override to release", said)
    return FITS


def _take(send: SendRecord, to: Take, judge: _Judge) -> Verdict:
    return _assign(send, Assign(judge.agent), judge)


def _assign(send: SendRecord, to: Assign, judge: _Judge) -> Verdict:
    if why := why_no_name(to.owner):
        owner = display_text(to.owner, _NAME_SHOWN)
        said = f"{send.ref} cannot be given to “{owner}”, which {why}: write a name, me or nobody."
        return _refuse(BadName, f"the owner {why}", said)
    if send.owner == to.owner:
        why = f"belongs to {to.owner or 'nobody'} already"
        return _refuse(NothingToDo, why, f"{send.ref} {why}.")
    return FITS


def _escalate(send: SendRecord, to: Escalate, judge: _Judge) -> Verdict:
    if to.follow_up_at is not None and to.follow_up_at <= judge.now:
        return _passed()
    if to.provider not in ("", send.provider):
        support = catalogue.provider(to.provider).support
        why = f"the ticket is with {support}"
        return _refuse(DeskError, why, f"{send.ref} is of another platform: {why}.")
    if send.escalated_at is None:
        return FITS
    ticket = f" as {send.escalation_ref}" if send.escalation_ref else ""
    return Verdict((f"escalated already{ticket}",))


def _resolve(send: SendRecord, to: Resolve, judge: _Judge) -> Verdict:
    if send.escalated_at is None:
        return _refuse(NothingToDo, "not escalated", f"{send.ref} is not escalated.")
    return FITS


def _add_note(send: SendRecord, to: AddNote, judge: _Judge) -> Verdict:
    if not to.text.strip():
        return _refuse(MissingReason, "the note is empty", f"The note on {send.ref} is empty.")
    return FITS


def _put_off(send: SendRecord, to: PutOff, judge: _Judge) -> Verdict:
    return _passed() if to.until is not None and to.until <= judge.now else FITS


def _finish(send: SendRecord, to: Finish, judge: _Judge) -> Verdict:
    return FITS


def _wake(send: SendRecord, to: Wake, judge: _Judge) -> Verdict:
    if is_put_off(send, judge.now):
        return FITS
    said = f"{send.ref} is neither snoozed nor done."
    return _refuse(NothingToDo, "neither snoozed nor done", said)


def _cancel(send: SendRecord, to: CancelOnPlatform, judge: _Judge) -> Verdict:
    return _on_platform(send, "cancel", "canceled from here")


def _extend(send: SendRecord, to: ExtendOnPlatform, judge: _Judge) -> Verdict:
    if to.until <= judge.now:
        return _passed()
    return _on_platform(send, "extend", "given another end from here")


def _on_platform(send: SendRecord, name: AbilityName, what: str) -> Verdict:
    """Judge what the platform would be asked: it decides by its own status, whatever an agent has set."""
    said = catalogue.status(send.provider, send.provider_status)
    advice = catalogue.provider(send.provider).ability(name).advice(said.slug)
    if not advice:
        return FITS
    why = f"{said.label} cannot be {what}"
    return _refuse(DeskError, f"{why}: {advice.rstrip('.')}", f"{send.ref}: {why}. {advice}")


def _passed() -> Verdict:
    return _refuse(
        DeskError, "that moment has passed", "That moment has passed: name a time to come."
    )


_JUDGES: Mapping[type[Any], Callable[[SendRecord, Any, _Judge], Verdict]] = MappingProxyType(
    {
        SetStatus: _set_status,
        KeepOverride: _keep_override,
        Release: _release,
        Take: _take,
        Assign: _assign,
        Escalate: _escalate,
        Resolve: _resolve,
        AddNote: _add_note,
        PutOff: _put_off,
        Finish: _finish,
        Wake: _wake,
        CancelOnPlatform: _cancel,
        ExtendOnPlatform: _extend,
    }
)

"""How an agent's operation becomes the draft of an event, once the rules let it pass."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from models.history.journal import SendHistory
from models.records import EventKind
from models.rules import operations
from models.rules.judging import judge, target
from models.rules.operations import Operation
from models.values.text import storable
from models.writing.writer import NAME_KEPT, Draft, DraftBuilder


def builder_of(operation: Operation, *, agent: str, now: datetime) -> DraftBuilder:
    """Return the builder of the event that does *operation* to a send.

    It refuses what the rules refuse for the send as its history has it.

    Args:
        operation: What is to be done; a moment that it leaves open is filled in.
        agent: Who does it.
        now: When, in UTC.
    """
    draft = _DRAFTS[type(operation)]

    def build(history: SendHistory) -> Draft:
        verdict = judge(history.send, operation, agent=agent, now=now)
        if verdict.refusal is not None:
            raise verdict.refusal
        return draft(history, operation, agent)

    return build


# Each drafts one operation; all have the same arguments, so that _DRAFTS can hold them.


def _set_status(history: SendHistory, to: operations.SetStatus, agent: str) -> Draft:
    send = history.send
    slug = target(send, to.word).slug
    return Draft(EventKind.OVERRIDE, send.status, slug, to.reason.strip())


def _keep(history: SendHistory, to: operations.KeepOverride, agent: str) -> Draft:
    status = history.send.status
    return Draft(EventKind.OVERRIDE, status, status, to.reason.strip())


def _release(history: SendHistory, to: operations.Release, agent: str) -> Draft:
    state = history.state()
    return Draft(EventKind.RELEASE, state.status, state.provider_status, to.reason)


def _take(history: SendHistory, to: operations.Take, agent: str) -> Draft:
    return _assign(history, operations.Assign(agent), agent)


def _assign(history: SendHistory, to: operations.Assign, agent: str) -> Draft:
    return Draft(EventKind.OWNER, further={"owner": to.owner, "was": history.send.owner})


def _escalate(history: SendHistory, to: operations.Escalate, agent: str) -> Draft:
    assert to.follow_up_at is not None
    further = {
        "reference": storable(to.reference.strip(), NAME_KEPT),
        "follow_up_at": to.follow_up_at.isoformat(),
    }
    return Draft(EventKind.ESCALATE, reason=to.reason, further=further)


def _resolve(history: SendHistory, to: operations.Resolve, agent: str) -> Draft:
    further = {"reference": history.send.escalation_ref}
    return Draft(EventKind.RESOLVE, reason=to.reason, further=further)


def _add_note(history: SendHistory, to: operations.AddNote, agent: str) -> Draft:
    return Draft(EventKind.NOTE, reason=to.text.strip())


def _put_off(history: SendHistory, to: operations.PutOff, agent: str) -> Draft:
    moment = to.until.isoformat() if to.until else None
    return Draft(EventKind.SNOOZE, further={"until": moment, "seen": history.state().word})


def _finish(history: SendHistory, to: operations.Finish, agent: str) -> Draft:
    return Draft(EventKind.DONE, further={"seen": history.state().word})


def _wake(history: SendHistory, to: operations.Wake, agent: str) -> Draft:
    return Draft(EventKind.WAKE)


def _cancel(history: SendHistory, to: operations.CancelOnPlatform, agent: str) -> Draft:
    return Draft(EventKind.CANCEL, reason=to.reason.strip())


def _extend(history: SendHistory, to: operations.ExtendOnPlatform, agent: str) -> Draft:
    until = to.until.isoformat()
    return Draft(
        EventKind.EXTEND, reason=f"until {to.until:%Y-%m-%d %H:%M} UTC", further={"until": until}
    )


_DRAFTS: Mapping[type[Any], Callable[[SendHistory, Any, str], Draft]] = MappingProxyType(
    {
        operations.SetStatus: _set_status,
        operations.KeepOverride: _keep,
        operations.Release: _release,
        operations.Take: _take,
        operations.Assign: _assign,
        operations.Escalate: _escalate,
        operations.Resolve: _resolve,
        operations.AddNote: _add_note,
        operations.PutOff: _put_off,
        operations.Finish: _finish,
        operations.Wake: _wake,
        operations.CancelOnPlatform: _cancel,
        operations.ExtendOnPlatform: _extend,
    }
)

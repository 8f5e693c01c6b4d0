"""Undo and redo: how an action of an agent is taken back or done again, and when that is refused."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from models.database import Database
from models.errors import NothingToDo
from models.history.journal import SendHistory, damaged
from models.providers import catalogue
from models.records import Event, EventKind, SendRecord
from models.rules.event_words import did, who_did
from models.rules.state import (
    ASKED,
    FACETS,
    MOMENTS,
    STATUS,
    UNREADABLE_ENTRY,
    Facet,
    SendState,
    details,
    fold,
)
from models.rules.undoing import changes_since, done_again, taken_back
from models.store import mapping
from models.writing.bulk import BULK_SIZE, BulkItem
from models.writing.steps import Action, Step
from models.writing.writer import Draft, DraftBuilder, Request


def undo_draft(action: Event) -> DraftBuilder:
    """Return the builder of the event that takes *action* back.

    It refuses with `NothingToDo` if that is done already, or if the send has moved on: if it would stand
    as it does without the action too. A note can always be taken back.
    """

    def build(history: SendHistory) -> Draft:
        send, state = history.send, history.state()
        if action.kind in ASKED:
            name = catalogue.provider(send.provider).name
            raise NothingToDo(f"{send.ref}: what {name} was asked for cannot be taken back.")
        if action.seq in taken_back(history.events):
            raise NothingToDo(f"{send.ref}: that is taken back already.")
        rest = [event for event in history.events if event.seq != action.seq]
        without = fold(send.provider, rest, send.created_at)
        facet = FACETS[action.kind]
        if facet.fields and facet.of(state) == facet.of(without):
            raise _moved_on(history, action.seq, facet, "taken back")
        steps = (state.status, without.status) if facet is STATUS else ("", "")
        further = {"kind": action.kind.value, "undoes": action.seq}
        if action.kind is EventKind.OWNER:
            further["owner"] = details(action)["owner"]
        return Draft(EventKind.UNDO, *steps, further=further)

    return build


def redo_draft(action: Event, undo: Event, now: datetime) -> DraftBuilder:
    """Return the builder of an event that does *action* again, which *undo* took back.

    It refuses with `NothingToDo` if that is done already, if the send has moved on since the undo, or if
    the moment that the action names has passed.

    Args:
        action: What was done.
        undo: What took it back.
        now: The present, in UTC.
    """

    def build(history: SendHistory) -> Draft:
        send, state, facet = history.send, history.state(), FACETS[action.kind]
        if undo.seq in done_again(history.events):
            raise NothingToDo(f"{send.ref}: that is done again already.")
        if facet.fields and changes_since(history.events, undo.seq, facet):
            raise _moved_on(history, undo.seq, facet, "done again")
        try:
            further = details(action)
        except UNREADABLE_ENTRY as error:
            raise damaged(send, f"entry {action.seq} cannot be read") from error
        _require_future(send, action, further, now)
        draft = Draft(
            action.kind,
            state.status if facet is STATUS else "",
            _status_after(action, state),
            action.reason,
            {**further, "redoes": undo.seq},
        )
        if facet.fields and facet.of(state) == facet.of(_with(history, draft, now)):
            raise _moved_on(history, undo.seq, facet, "done again")
        return draft

    return build


def _status_after(action: Event, state: SendState) -> str:
    """Return the status in force once *action* is done again; empty if it is not about the status."""
    return state.provider_status if action.kind is EventKind.RELEASE else action.to_status


def _with(history: SendHistory, draft: Draft, now: datetime) -> SendState:
    """Return the state that *history* would add up to with *draft*."""
    event = draft.event("", now, Request())._replace(seq=history.send.revision + 1)
    return fold(history.send.provider, (*history.events, event), history.send.created_at)


def _require_future(
    send: SendRecord, action: Event, further: Mapping[str, Any], now: datetime
) -> None:
    """Return if the moment that *action* names is to come, or if it names none; refuse if not."""
    moment = further.get(MOMENTS.get(action.kind, ""))
    if moment is not None and datetime.fromisoformat(moment) <= now:
        said = did(send.provider, action)
        raise NothingToDo(f"{send.ref}: “{said}” is not done again: its time has passed.")


def _moved_on(history: SendHistory, seq: int, facet: Facet, what: str) -> NothingToDo:
    send = history.send
    changes = changes_since(history.events, seq, facet)
    since = f" ({who_did(send.provider, changes[-1])})" if changes else ""
    return NothingToDo(f"{send.ref} has moved on since{since}: nothing was {what}.")


def turned_items(
    database: Database,
    step: Step,
    request: Callable[[SendRecord], Request],
    now: datetime,
    seen: SendRecord | None = None,
) -> Iterator[BulkItem]:
    """Yield what takes each action of *step* back, or does it again if it was taken back.

    Args:
        database: Where the sends are; they are read as they are needed.
        step: The actions.
        request: Returns the request that keeps a retry for one send from being applied twice.
        now: The present, in UTC.
        seen: The one send of the step as the agent saw it; None for all as they are now.
    """
    for start in range(0, len(step), BULK_SIZE):
        some = step[start : start + BULK_SIZE]
        with database.read() as connection:
            sends = mapping.find_all(connection, [action.send_id for action in some])
        for action in some:
            send = seen or sends[action.send_id]
            yield BulkItem(send, _draft(action, now), request(send))


def _draft(action: Action, now: datetime) -> DraftBuilder:
    if action.undo is None:
        return undo_draft(action.event)
    return redo_draft(action.event, action.undo, now)

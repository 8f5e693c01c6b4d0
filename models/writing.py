"""How an agent's change becomes one event in one transaction."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlmodel import Session, col

from models import catalogue, journal, tables
from models.errors import DeskError, StaleSend, UnknownSend
from models.fold import State
from models.journal import Entry
from models.reading import Reader
from models.records import Case, Event, Kind, SendRecord
from models.text import storable

NAME_KEPT = 200
TEXT_KEPT = 100_000


@dataclass(frozen=True, slots=True)
class Request:
    """Where a change comes from, and the name that keeps a retry from being applied twice."""

    id: str = field(default_factory=lambda: uuid4().hex)
    source: str = "desk"


@dataclass(frozen=True, slots=True)
class Draft:
    """What an event will say, before it is signed and numbered."""

    kind: Kind
    from_status: str = ""
    to_status: str = ""
    reason: str = ""
    further: dict[str, Any] = field(default_factory=dict)

    def signed(self, actor: str, at: datetime, request: Request) -> Event:
        """Return the event; the journal gives it its number."""
        return Event(
            seq=0,
            at=at,
            recorded_at=at,
            kind=self.kind,
            from_status=self.from_status,
            to_status=self.to_status,
            actor=storable(actor, NAME_KEPT),
            source=storable(request.source, NAME_KEPT),
            reason=storable(self.reason, TEXT_KEPT),
            detail=json.dumps(self.further, sort_keys=True),
            request_id=storable(request.id, NAME_KEPT),
        )


Build = Callable[[Entry, State], Draft]
"""Says what happens to a send as it stands now, or refuses with a `DeskError`."""


class Writer(Reader):
    """A reader that can append to the history of the sends it read."""

    def write(
        self, seen: SendRecord, build: Build, request: Request | None, *, any_revision: bool = False
    ) -> Case:
        """Append one event to *seen*, unless its request was applied before.

        Raises:
            StaleSend: If the send has changed since it was seen.
            UnknownSend: If it is gone.
        """
        request = request or Request()
        with self.database.write() as session:
            connection = session.connection()
            if not _applied(connection, request, seen):
                entry = _entry(session, seen, any_revision=any_revision)
                draft = build(entry, entry.state())
                event = draft.signed(self.agent, self.now(), request)
                journal.append(session, entry, [event], journal.policy_of(connection))
            return self.read_case(connection, seen.id)


def _applied(connection: sa.Connection, request: Request, seen: SendRecord) -> bool:
    wanted = sa.select(col(tables.Event.send_id)).where(
        col(tables.Event.request_id) == storable(request.id, NAME_KEPT)
    )
    send_id = connection.execute(wanted).scalar_one_or_none()
    if send_id is not None and send_id != seen.id:
        raise DeskError(
            f"The request id “{request.id}” was used for another send: choose a new one."
        )
    return send_id is not None


def _entry(session: Session, seen: SendRecord, *, any_revision: bool) -> Entry:
    entries = journal.open_entries(session.connection(), col(tables.Send.id) == seen.id)
    if not entries:
        raise UnknownSend(f"{seen.ref} is no longer there.")
    entry = entries[0]
    if entry.send.revision != seen.revision and not any_revision:
        newest = journal.newest_events(session.connection(), seen.id, 1)[0]
        raise StaleSend(
            f"{seen.ref} has changed since you saw it: {deed(seen.provider, newest)}. Nothing was written.",
            entry.send,
        )
    return entry


def deed(provider: str, event: Event) -> str:
    """Return in a few words what an event did and who did it: `jo set Delivered`."""
    label = catalogue.status(provider, event.to_status).label if event.to_status else ""
    return _DEEDS[event.kind].format(who=event.actor or "someone", label=label)


_DEEDS = {
    Kind.FACT: "{who} reports {label}",
    Kind.RULE: "{who} made it {label}",
    Kind.DETAILS: "{who} changed its details",
    Kind.OVERRIDE: "{who} set {label}",
    Kind.RELEASE: "{who} released the override",
    Kind.UNDO: "{who} undid an override",
    Kind.NOTE: "{who} added a note",
    Kind.OWNER: "{who} changed the owner",
    Kind.ESCALATE: "{who} escalated it",
    Kind.RESOLVE: "{who} resolved the escalation",
    Kind.SNOOZE: "{who} snoozed it",
    Kind.DONE: "{who} marked it done",
}

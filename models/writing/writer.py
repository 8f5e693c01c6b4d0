"""How an agent's change becomes one event in one transaction."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlmodel import col

from models.errors import DeskError, StaleSend, UnknownSend
from models.history import journal
from models.history.journal import SendHistory
from models.reading import cases
from models.reading.reader import Reader
from models.records import Case, Event, EventKind, SendRecord
from models.rules.event_words import who_did
from models.rules.views import View
from models.store import mapping, tables
from models.team import saved_views
from models.values.text import storable

NAME_KEPT = 200
TEXT_KEPT = 100_000


@dataclass(frozen=True, slots=True)
class Request:
    """Where a change comes from, and the name that keeps a retry from being applied twice."""

    id: str = field(default_factory=lambda: uuid4().hex)
    source: str = "desk"

    def was_applied(self, seen: SendRecord, send_id: int | None) -> bool:
        """Whether this request has changed *seen* before, given the send it has changed.

        Raises:
            DeskError: If it has changed another one.
        """
        if send_id is not None and send_id != seen.id:
            raise DeskError(
                f"The request id “{self.id}” was used for another send: choose a new one."
            )
        return send_id is not None


@dataclass(frozen=True, slots=True)
class Draft:
    """What an event will say, before it is signed and numbered."""

    kind: EventKind
    from_status: str = ""
    to_status: str = ""
    reason: str = ""
    further: dict[str, Any] = field(default_factory=dict)

    def event(self, actor: str, at: datetime, request: Request) -> Event:
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


DraftBuilder = Callable[[SendHistory], Draft]
"""Says what happens to a send as it stands now, or refuses with a `DeskError`."""


class Writer(Reader):
    """A reader that can append to the history of the sends it read."""

    def write(
        self,
        seen: SendRecord,
        build: DraftBuilder,
        request: Request | None,
        *,
        any_revision: bool = False,
    ) -> Case:
        """Append one event to *seen*, unless its request was applied before.

        Raises:
            StaleSend: If the send has changed since it was seen.
            UnknownSend: If it is gone.
        """
        request = request or Request()
        try:
            with self.database.write() as connection:
                return self._append(connection, seen, build, request, any_revision)
        except DeskError as refusal:
            with self.database.read() as connection:
                # A retry meets what its first attempt did, and so does one whose answer was lost.
                if request.was_applied(
                    seen, applied_requests(connection, [request]).get(request.id)
                ):
                    return self.read_case(connection, seen.id)
                if isinstance(refusal, StaleSend):
                    refuse_stale(connection, reload(connection, seen), seen)
            raise

    def _append(
        self,
        connection: sa.Connection,
        seen: SendRecord,
        build: DraftBuilder,
        request: Request,
        any_revision: bool,
    ) -> Case:
        send = reload(connection, seen, for_writing=True) if any_revision else seen
        history = journal.read_history(connection, send, cases.HISTORY_SHOWN)
        event = build(history).event(self.agent, self.now(), request)
        policy = mapping.policy_of(connection)
        appended = journal.append(history, [event], policy, {})
        journal.write(self.database, connection, [appended])
        return cases.case_of(connection, appended.after(), appended.state, policy, self.now())

    def save_view(self, view: View) -> None:
        """Keep a view for the whole team.

        Raises:
            BadQuery: If its filter cannot be read, or would refer to itself.
            DeskError: If its name or its digit cannot be had.
        """
        self.parse(view.query, ahead=view)
        with self.database.write() as connection:
            saved_views.save(connection, view, agent=self.agent, now=self.now())
        self.forget_settings()

    def remove_view(self, name: str) -> None:
        """Forget one of the team's views.

        Raises:
            DeskError: If there is none of this name.
        """
        with self.database.write() as connection:
            saved_views.remove(connection, name)
        self.forget_settings()


_NAMES: sa.BindParameter[list[str]] = sa.bindparam("names", expanding=True)
_APPLIED = sa.select(col(tables.Event.request_id), col(tables.Event.send_id)).where(
    col(tables.Event.request_id).in_(_NAMES)
)


def applied_requests(connection: sa.Connection, requests: Iterable[Request]) -> dict[str, int]:
    """Return by their ids which send each of *requests* has changed; most have changed none yet."""
    names = {storable(request.id, NAME_KEPT): request.id for request in requests}
    found = connection.execute(_APPLIED, {"names": list(names)})
    return {names[str(name)]: send_id for name, send_id in found}


def reload(connection: sa.Connection, seen: SendRecord, *, for_writing: bool = False) -> SendRecord:
    """Return *seen* as it stands now.

    Raises:
        UnknownSend: If it is gone.
    """
    found = mapping.find(connection, seen.id, for_writing=for_writing)
    if found is None:
        raise UnknownSend(f"{seen.ref} is no longer there.")
    return found


def refuse_stale(connection: sa.Connection, stands: SendRecord, seen: SendRecord) -> None:
    """Refuse to write to a send that no longer *stands* as it was *seen*.

    Raises:
        StaleSend: If it has changed; carries how it stands now.
    """
    if stands.revision == seen.revision:
        return
    newest = journal.newest_event(connection, seen.id)
    raise StaleSend(
        f"{seen.ref} has changed since you saw it: {who_did(seen.provider, newest)}. Nothing was written.",
        stands,
    )

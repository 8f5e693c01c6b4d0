"""How an agent's change becomes one event in one transaction."""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from hashlib import blake2b
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from models.errors import DeskError, DeskUnavailable, StaleSend, UnknownSend
from models.history import journal
from models.history.journal import SendHistory
from models.reading import cases
from models.reading.reader import Reader
from models.records import Case, Event, EventKind, SendRecord
from models.rules.event_words import from_to, who_did
from models.rules.undoing import decided
from models.rules.views import View
from models.store import mapping, tables
from models.store.tables import col
from models.team import saved_views
from models.values.calendar import span_words
from models.values.text import storable

NAME_KEPT = 200
"""The most characters stored of a name: an agent, a source, a request id, a ticket."""
TEXT_KEPT = 100_000
"""The most characters stored of a reason or a note."""
_as_json = json.JSONEncoder(sort_keys=True).encode
_HASHED = 16
"""The digits of a hash in a request id."""
_OF_BULK = re.compile(f"bulk[0-9a-f]{{{_HASHED}}}send[0-9a-f]{{{_HASHED}}}")
"""A request id of a bulk. Small letters and digits only, all of one length: every server sorts these
alike, whatever its language, so that those of one bulk are one range of the index."""


@dataclass(frozen=True, slots=True)
class Request:
    """One change that is asked for; sent again after a lost answer, it is not applied twice."""

    id: str = field(default_factory=lambda: uuid4().hex)
    """Unique in the database; a retry carries the same one."""
    source: str = "desk"
    """Where the change comes from: `desk` or `cli`."""
    is_exact: bool = False
    """Whether it is refused also if nothing but notes was added since the send was seen."""

    def was_applied(self, seen: SendRecord, send_id: int | None) -> bool:
        """Whether this request was applied to *seen* before.

        Args:
            seen: The send that it is to change.
            send_id: The send that an event with its id belongs to; None if there is no such event.

        Raises:
            DeskError: If it was applied to another send.
        """
        if send_id is not None and send_id != seen.id:
            raise DeskError(
                f"The request id “{self.id}” was used for another send: choose a new one."
            )
        return send_id is not None


@dataclass(frozen=True)
class Bulk:
    """One change of several sends: its requests are found together, so that one undo takes all back."""

    name: str = field(default_factory=lambda: uuid4().hex)
    """Unique in the database; a retry carries the same one."""
    source: str = "desk"

    def request(self, send: SendRecord) -> Request:
        """Return the request that changes *send*."""
        return Request(f"{self._prefix}{_short_hash(send.ref)}", self.source)

    def request_ids(self) -> tuple[str, str]:
        """Return the first and the last request id that it can have, in the order of any database."""
        return _request_ids(self._prefix)

    @cached_property
    def _prefix(self) -> str:
        """What its request ids begin with."""
        return f"bulk{_short_hash(self.name)}send"


def same_bulk(request_id: str) -> tuple[str, str]:
    """Return the first and the last request id of the bulk that *request_id* is of; else itself twice."""
    if _OF_BULK.fullmatch(request_id) is None:
        return request_id, request_id
    return _request_ids(request_id[:-_HASHED])


def _request_ids(prefix: str) -> tuple[str, str]:
    """Return the first and the last request id that begins with *prefix*."""
    return prefix + "0" * _HASHED, prefix + "f" * _HASHED


def _short_hash(text: str) -> str:
    return blake2b(text.encode(errors="replace"), digest_size=_HASHED // 2).hexdigest()


@dataclass(frozen=True, slots=True)
class Draft:
    """What an event will say; who says it, when, and its number are added later."""

    kind: EventKind
    from_status: str = ""
    """The slug in force before."""
    to_status: str = ""
    """The slug in force afterwards."""
    reason: str = ""
    further: dict[str, Any] = field(default_factory=dict)
    """The event's `detail`, before it becomes JSON text."""

    def event(self, actor: str, at: datetime, request: Request) -> Event:
        """Return the event without its number, which the journal gives it.

        Args:
            actor: The agent.
            at: When it happens, in UTC.
            request: The request that asks for it.
        """
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
            detail=_as_json(self.further),
            request_id=storable(request.id, NAME_KEPT),
        )


DraftBuilder = Callable[[SendHistory], Draft]
"""Returns the draft of an event for a send with this history, or refuses with a `DeskError`."""


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
        """Append one event to a send in one transaction and return its case.

        If *request* was applied to this send before, nothing is written and the case as it stands
        now is returned.

        Args:
            seen: The send as the agent saw it.
            build: Drafts the event; whatever it refuses is raised.
            request: Keeps a retry from being applied twice; None makes a new one.
            any_revision: Write also if the send has changed since it was seen.

        Raises:
            StaleSend: If the send has changed since it was seen; it carries the send as it is now.
            UnknownSend: If it is gone.
            ReadOnly: If the desk was opened for reading.
            DeskUnavailable: If the database cannot be read or written.
        """
        request = request or Request()
        try:
            with self.database.write() as connection:
                return self._append(connection, seen, build, request, any_revision)
        except DeskError as refusal:
            # The refusal may come from the first attempt of this request, whose answer was lost: then the
            # revision is a newer one, or the request id is taken.
            if case := self._applied_before(seen, request, refusal):
                return case
            with self.database.read() as connection:
                if not isinstance(refusal, StaleSend):
                    raise
                theirs = reload(connection, seen)
                refuse_stale(connection, theirs, seen, self.now(), is_exact=request.is_exact)
                if theirs.revision == seen.revision:
                    raise
        # Nothing but notes has come: what the agent decided by is as it was.
        with self.database.write() as connection:
            theirs = reload(connection, seen, for_writing=True)
            refuse_stale(connection, theirs, seen, self.now())
            return self._append(connection, theirs, build, request)

    def _applied_before(
        self, seen: SendRecord, request: Request, refusal: DeskError
    ) -> Case | None:
        """Return the case of a send to which *request* was applied before; None if it was not.

        Raises:
            DeskError: If it was applied to another send; the *refusal*, if that cannot be found out.
        """
        try:
            with self.database.read() as connection:
                known = applied_requests(connection, [request])
                if not request.was_applied(seen, known.get(request.id)):
                    return None
                case = self.read_case(connection, seen.id)
            self.database.confirm_saved()
        except DeskUnavailable as problem:
            raise (refusal if isinstance(refusal, DeskUnavailable) else problem) from None
        return case

    def _append(
        self,
        connection: sa.Connection,
        seen: SendRecord,
        build: DraftBuilder,
        request: Request,
        any_revision: bool = False,
    ) -> Case:
        send = reload(connection, seen, for_writing=True) if any_revision else seen
        history = journal.read_history(connection, send, cases.HISTORY_SHOWN)
        event = build(history).event(self.agent, self.now(), request)
        policy = mapping.policy_of(connection)
        appended = journal.append(history, [event], policy, {})
        journal.write(self.database, connection, [appended])
        return cases.case_of(
            connection, appended.after(), appended.state, policy, self.local_time()
        )

    def save_view(self, view: View) -> None:
        """Keep a view for the whole team.

        Raises:
            BadQuery: If its filter cannot be read, or would refer to itself.
            DeskError: If its name is not allowed or its digit is not free.
            ReadOnly: If the desk was opened for reading.
            DeskUnavailable: If the database cannot be written.
        """
        self.parse(view.query, ahead=view)
        with self.database.write() as connection:
            saved_views.save(connection, view, agent=self.agent, now=self.now())
        self.forget_settings()

    def remove_view(self, name: str) -> None:
        """Remove one of the team's views, whatever the case of *name*.

        Raises:
            DeskError: If the team has no view of this name.
            ReadOnly: If the desk was opened for reading.
            DeskUnavailable: If the database cannot be written.
        """
        with self.database.write() as connection:
            saved_views.remove(connection, name)
        self.forget_settings()


_NAMES: sa.BindParameter[list[str]] = sa.bindparam("names", expanding=True)
_APPLIED = sa.select(col(tables.Event.request_id), col(tables.Event.send_id)).where(
    col(tables.Event.request_id).in_(_NAMES)
)


def applied_requests(connection: sa.Connection, requests: Iterable[Request]) -> dict[str, int]:
    """Return, by request id, the id of the send that each of *requests* was applied to.

    Requests that were not applied yet are missing.
    """
    names = {storable(request.id, NAME_KEPT): request.id for request in requests}
    found = connection.execute(_APPLIED, {"names": list(names)})
    return {names[str(name)]: send_id for name, send_id in found}


def reload(connection: sa.Connection, seen: SendRecord, *, for_writing: bool = False) -> SendRecord:
    """Return *seen* as it is now.

    Args:
        connection: Within a transaction.
        seen: The send as it was read before.
        for_writing: Lock its row until the transaction ends (PostgreSQL).

    Raises:
        UnknownSend: If it is gone.
    """
    found = mapping.find(connection, seen.id, for_writing=for_writing)
    if found is None:
        raise UnknownSend(f"{seen.ref} is no longer there.")
    return found


def refuse_stale(
    connection: sa.Connection,
    theirs: SendRecord,
    seen: SendRecord,
    now: datetime,
    *,
    is_exact: bool = False,
) -> None:
    """Refuse if a send has changed since the agent saw it; a note is no change.

    Args:
        connection: Within a transaction.
        theirs: The send as it is now.
        seen: The send as the agent saw it.
        now: The present, in UTC.
        is_exact: Whether a note is a change all the same.

    Raises:
        StaleSend: If it has changed; it carries *theirs* and what has happened since.
        Damaged: If that cannot be read.
    """
    if theirs.revision == seen.revision:
        return
    changes = journal.events_since(connection, theirs, seen.revision)
    deciding = [event for event in changes if decided(event) is not EventKind.NOTE]
    if changes and not deciding and not is_exact:
        return
    told = _told(seen.provider, [*deciding, *changes], now, len(deciding))
    raise StaleSend(
        f"{seen.ref} has changed since you saw it{told}. Nothing was written.", theirs, changes
    )


def _told(provider: str, changes: Sequence[Event], now: datetime, count: int) -> str:
    """Return who has done what and when, of the first of *changes*; with the number of the others."""
    if not changes:
        return ""
    newest = changes[0]
    step = from_to(provider, newest)
    step = f" ({step})" if step else ""
    others = f", and {count - 1} more" if count > 1 else ""
    ago = span_words(now - newest.recorded_at)
    return f": {who_did(provider, newest)}{step} {ago} ago{others}"

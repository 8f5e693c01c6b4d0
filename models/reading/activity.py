"""The log: what agents did, over all sends, newest first; or what rules did that time triggers.

It is read in pages, each of which begins at an index where the one before ended: at six million events
the last page takes as long as the first.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa

from models.providers import catalogue
from models.query.text_search import Condition
from models.reading.reader import Reader
from models.records import Event, EventKind
from models.rules.event_words import did
from models.rules.log_verbs import LOG_VERBS, verb_of
from models.rules.state import RULE_ACTOR, UNREADABLE_ENTRY, details
from models.rules.undoing import taken_back
from models.store import mapping, tables
from models.store.tables import col
from models.values.local_time import LocalTime

PAGE = 200
"""How many entries the log reads at a time."""
_event, _send = tables.Event, tables.Send
_OF_SEND = tuple(
    mapping.columns_of(tables.Send)[name]
    for name in ("ref", "provider", "external_id", "recipient_name")
)
_UNDOS = sa.select(*mapping.event_columns(), col(_event.send_id)).where(
    col(_event.send_id).in_(mapping.OF_SENDS),
    col(_event.kind) == sa.literal(EventKind.UNDO.value, literal_execute=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFilter:
    """Which entries of the log are wanted; what is None does not matter."""

    agent: str | None = None
    """Who did it; `rule` for what rules did that time triggers, `rule:` and a name for one of them."""
    verb: str | None = None
    """What was done: one of `models.rules.log_verbs.LOG_VERBS`."""
    since: datetime | None = None
    """The first moment, in UTC."""
    until: datetime | None = None
    """The first moment that no longer counts, in UTC."""
    send_id: int | None = None
    """The send that it was done to."""

    @property
    def is_of_rules(self) -> bool:
        """Whether what rules did is wanted, and not what agents did."""
        return self.agent is not None and f"{self.agent}:".startswith(RULE_ACTOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One entry of the log: what an agent did to a send."""

    id: int
    """The number of the event in this database; it rises with each event written."""
    seq: int
    """Its number in the history of its send."""
    ref: str
    """The send's short name."""
    provider: str
    """The key of the send's provider."""
    external_id: str
    recipient_name: str
    at: datetime
    """When it was recorded, in UTC."""
    actor: str
    verb: str
    """A key of `models.rules.log_verbs.LOG_VERBS`; of what was done again, the verb that did it first."""
    said: str
    """What the agent did: `set Delivered`, `added a note`."""
    before: str
    """What it was before: a status, an owner; empty if nothing or nobody, or if nothing changed hands."""
    after: str
    """What it became."""
    was: str
    """*before* in words: `Order Received`, `jo`; empty where nothing changed hands."""
    until: datetime | None
    """Until when it was put off, its end that was asked for, or when an escalation is looked at again;
    in UTC."""
    ticket: str
    """The ticket of an escalation at the provider's support."""
    reason: str
    """The note or reason that the agent wrote."""
    source: str
    """Where it was done: `desk`, `cli`."""
    request_id: str
    undoes: int | None
    """The `seq` of the entry that this one took back."""
    redoes: int | None
    """The `seq` of the undo that this one reversed."""
    is_undone: bool = False
    """Whether it has been taken back."""

    def further(self, local: LocalTime) -> tuple[str, ...]:
        """Return in words what `said` leaves out: `from Shipped`, `until Wed 02 Dec 09:00`, the ticket."""
        until = ""
        if self.until is not None:
            what = "follow-up" if self.verb == "escalate" else "until"
            until = f"{what} {local.words(self.until)}"
        was = f"from {self.was}" if self.was else ""
        return tuple(filter(None, (was, f"ticket {self.ticket}" if self.ticket else "", until)))


def page(
    reader: Reader, wanted: LogFilter, *, after: Activity | None = None, count: int = PAGE
) -> tuple[Activity, ...]:
    """Return up to *count* entries, newest first; what platforms say is not among them.

    What rules did is there if it is asked for, or if one send is.

    Args:
        reader: The desk.
        wanted: Which entries.
        after: The last entry of the page before; None for the first page.
        count: How many at most.

    Raises:
        DeskUnavailable: If the database cannot be read.
    """
    return tuple(islice(entries(reader, wanted, after=after, size=count), count))


def entries(
    reader: Reader, wanted: LogFilter, *, after: Activity | None = None, size: int = PAGE
) -> Iterator[Activity]:
    """Yield every entry that is wanted, newest first; *size* of them are read at a time.

    An entry that cannot be read is left out: `senddesk db verify` names it.

    Args:
        reader: The desk.
        wanted: Which entries.
        after: Begin behind this one; None for the newest.
        size: How many are read together.

    Raises:
        DeskUnavailable: If the database cannot be read.
    """
    order = _order(wanted)
    place = None if after is None else _values(after.at, after.id, after.seq, wanted)
    while True:
        statement = _statement(wanted, order, place, size)
        with reader.database.read() as connection:
            rows = connection.execute(statement).all()
            readable = list(mapping.readable_events(rows))
            undone = _undone(connection, {row.send_id for row, _ in readable})
        yield from _fitting(readable, undone, wanted.verb)
        if len(rows) < size or not readable:
            return
        row, event = readable[-1]
        place = _values(event.recorded_at, row.id, event.seq, wanted)


def _order(wanted: LogFilter) -> tuple[sa.Column[Any], ...]:
    """Return what the entries are ordered by, backwards.

    The history of one send has an index of its own. Ordered by time, the planner of a server may read
    the index of all entries to find the few of that send.
    """
    columns = mapping.columns_of(_event)
    if wanted.send_id is not None:
        return (columns["seq"],)
    return (columns["recorded_at"], columns["id"])


def _values(at: datetime, number: int, seq: int, wanted: LogFilter) -> tuple[Any, ...]:
    return (seq,) if wanted.send_id is not None else (at, number)


def _statement(
    wanted: LogFilter,
    order: Sequence[sa.Column[Any]],
    place: tuple[Any, ...] | None,
    count: int,
) -> sa.Select[Any]:
    """Return the statement that reads *count* entries behind *place*.

    First their ids alone, which the indexes on what agents did hold; then the rows of these few.
    """
    ids = sa.select(col(_event.id)).where(_kinds(wanted), *_conditions(wanted))
    if place is not None:
        types = [column.type for column in order]
        ids = ids.where(sa.tuple_(*order) < sa.tuple_(*place, types=types))
    backwards = [column.desc() for column in order]
    found = ids.order_by(*backwards).limit(count).subquery()
    return (
        sa.select(*mapping.event_columns(), col(_event.send_id), col(_event.id), *_OF_SEND)
        .join_from(found, _event, col(_event.id) == found.c.id)
        .join(_send, col(_send.id) == col(_event.send_id))
        .order_by(*backwards)
    )


def _kinds(wanted: LogFilter) -> Condition:
    """Return the condition on whose entries are wanted; each is written as that of an index."""
    if wanted.is_of_rules:
        return _BY_RULES
    # What agents write has a request id, and nothing else has one: those indexes hold only such entries.
    by_agents = col(_event.request_id).is_not(None)
    return by_agents if wanted.send_id is None or wanted.agent else by_agents | _BY_RULES


_BY_RULES = col(_event.kind) == sa.literal(EventKind.TIME_RULE.value, literal_execute=True)


def _conditions(wanted: LogFilter) -> Iterator[Condition]:
    if wanted.send_id is not None:
        yield col(_event.send_id) == wanted.send_id
    if wanted.agent is not None and wanted.agent != RULE_ACTOR.rstrip(":"):
        yield col(_event.actor) == wanted.agent
    if wanted.verb is not None:
        kind = LOG_VERBS[wanted.verb]
        yield _AGAIN if kind is None else col(_event.kind) == kind.value
    if wanted.since is not None:
        yield col(_event.recorded_at) >= wanted.since
    if wanted.until is not None:
        yield col(_event.recorded_at) < wanted.until


_AGAIN = col(_event.detail).contains('"redoes"', autoescape=True)


def _undone(connection: sa.Connection, send_ids: set[int]) -> frozenset[tuple[int, int]]:
    """Return the send and number of each entry of *send_ids* that has been taken back."""
    rows = connection.execute(_UNDOS, {"send_ids": sorted(send_ids)})
    return frozenset(
        (row.send_id, seq)
        for row, event in mapping.readable_events(rows)
        for seq in taken_back([event])
    )


def _fitting(
    readable: Iterable[tuple[sa.Row[Any], Event]],
    undone: frozenset[tuple[int, int]],
    verb: str | None,
) -> Iterator[Activity]:
    """Yield the entries that have *verb*: some kinds of event are written by two."""
    for row, event in readable:
        with suppress(*UNREADABLE_ENTRY):
            activity = _activity(row, event, (row.send_id, event.seq) in undone)
            if verb in (None, activity.verb) or (verb == "redo" and activity.redoes):
                yield activity


def _activity(row: sa.Row[Any], event: Event, is_undone: bool) -> Activity:
    further = details(event)
    is_owner = event.kind is EventKind.OWNER
    moment = further.get("until") or further.get("follow_up_at")
    before = further.get("was") or "" if is_owner else event.from_status
    after = further["owner"] if is_owner else event.to_status
    return Activity(
        id=row.id,
        seq=event.seq,
        ref=row.ref,
        provider=row.provider,
        external_id=row.external_id,
        recipient_name=row.recipient_name,
        at=event.recorded_at,
        actor=event.actor,
        verb=verb_of(event),
        said=did(row.provider, event),
        before=before,
        after=after,
        was=_was(row.provider, event, before) if before != after else "",
        until=datetime.fromisoformat(moment) if moment else None,
        ticket=further.get("reference", ""),
        reason=event.reason,
        source=event.source,
        request_id=event.request_id or "",
        undoes=further.get("undoes"),
        redoes=further.get("redoes"),
        is_undone=is_undone,
    )


def _was(provider: str, event: Event, before: str) -> str:
    if event.kind is EventKind.OWNER or not before:
        return before
    return catalogue.status(provider, before).label

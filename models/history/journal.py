"""The stored history of sends: read and locked for writing, appended to under compare-and-set.

Everything here runs within a transaction of the caller: `Database.read` and `Database.write`, which open
it, turn database errors into `DeskError`s.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from models.database import Database
from models.errors import Damaged, StaleSend
from models.ledger import stored
from models.ledger.entries import Money, may_have_credit, new_entries
from models.providers.catalogue import STATUSES
from models.records import Credit, Event, SendRecord
from models.rules.derived_columns import POLICY_COLUMNS, derive_columns
from models.rules.due import Policy
from models.rules.state import PASSIVE, UNREADABLE_ENTRY, SendState, Stay, Subject, fold
from models.rules.stays import may_end
from models.store import mapping, tables
from models.store.hash_chain import chain
from models.store.mapping import OF_SENDS
from models.store.stay_log import StayChanges
from models.store.tables import col

Row = dict[str, Any]
_CANNOT_BE_READ = "an entry cannot be read"
_NO_CREDIT = ("credit_due_at", None)
"""What no change of a policy gives another value: without a credit there is nothing to be overdue."""

# Part of every write: as module constants they are built once, and SQLAlchemy compiles them once.
_REVISIONS = (
    sa.select(col(tables.Send.id), col(tables.Send.revision), col(tables.Send.head))
    .where(col(tables.Send.id).in_(OF_SENDS))
    .order_by(col(tables.Send.id))
    .with_for_update()
)
_NEWEST = (
    sa.select(*mapping.event_columns(), col(tables.Event.hash))
    .where(col(tables.Event.send_id) == sa.bindparam("send_id"))
    .order_by(col(tables.Event.seq).desc())
    .limit(sa.bindparam("count", type_=sa.Integer()))
)
_DECIDING = (
    sa.select(*mapping.event_columns(), col(tables.Event.send_id))
    .where(
        col(tables.Event.send_id).in_(OF_SENDS),
        col(tables.Event.kind).not_in([kind.value for kind in PASSIVE]),
    )
    .order_by(col(tables.Event.send_id), col(tables.Event.seq))
)


@dataclass(slots=True)
class SendHistory:
    """A send with its history, read for writing."""

    send: SendRecord
    head: bytes
    """The hash of its newest event; empty if it has none."""
    events: tuple[Event, ...] = ()
    """The events that the fold needs, oldest first; notes and changed details may be missing."""
    newest: tuple[Event, ...] = ()
    """The newest events of every kind, newest first; empty if they were not asked for."""
    credits: tuple[Credit, ...] = ()
    """Its entries in the ledger, the oldest first."""
    damage: str = ""
    """What of its events cannot be read, or an empty string; nothing may be appended then."""

    @property
    def key(self) -> tuple[str, str]:
        """Provider and external id."""
        return self.send.provider, self.send.external_id

    def state(self) -> SendState:
        """Return the state that the history adds up to.

        Raises:
            Damaged: If an entry of it cannot be read.
        """
        if self.damage:
            raise damaged(self.send, self.damage)
        try:
            return fold(self.send.provider, self.events, self.send.created_at)
        except UNREADABLE_ENTRY as error:
            raise damaged(self.send, _CANNOT_BE_READ) from error


@dataclass(slots=True)
class Appended:
    """New events of one send and what they change; nothing of it is written yet."""

    before: SendHistory
    events: tuple[Event, ...]
    """The new events, numbered."""
    state: SendState
    """What all events, the new ones included, add up to."""
    columns: Row
    """New values of the send's columns, by name; those that stay are missing."""
    rows: list[Row]
    """The rows that store the new events."""
    policy: Policy
    """The limits by which it was reckoned."""
    stays_before: Sequence[Stay] | None = None
    """The stays that had ended before; None if the new events leave them as they are."""
    credits: tuple[Credit, ...] = ()
    """The entries in the ledger that the new events make."""

    def after(self) -> SendHistory:
        """Return the send and its history with the new events."""
        before = self.before
        changed = {name: value for name, value in self.columns.items() if name != "head"}
        return SendHistory(
            before.send._replace(**changed),
            self.columns["head"],
            (*before.events, *self.events),
            (*reversed(self.events), *before.newest),
            (*before.credits, *self.credits),
        )


def damaged(send: SendRecord, what: str) -> Damaged:
    """Return the refusal to read or write a send whose history is damaged.

    Args:
        send: The send.
        what: What is wrong with its history.
    """
    return Damaged(
        f"The history of {send.ref} is damaged: {what}. Nothing was written; `senddesk db verify` names "
        "what is wrong, and a backup has what was there."
    )


def _stale(send: SendRecord) -> StaleSend:
    return StaleSend(f"{send.ref} has changed since you saw it: nothing was written.")


def events_since(connection: sa.Connection, send: SendRecord, seq: int) -> tuple[Event, ...]:
    """Return the events of *send* after the one numbered *seq*, the newest first.

    Raises:
        Damaged: If one of them is missing or cannot be read.
    """
    wanted = max(send.revision - seq, 0)
    rows = connection.execute(_NEWEST, {"send_id": send.id, "count": wanted}).fetchall()
    what = "its newest entry is missing or cannot be read"
    try:
        events = tuple(map(mapping.event, rows))
    except ValueError as error:
        raise damaged(send, what) from error
    if len(events) < wanted:
        raise damaged(send, what)
    return events


def deciding_events(
    connection: sa.Connection, send_ids: Sequence[int]
) -> dict[int, tuple[Event, ...] | None]:
    """Return, by send, the events that the fold needs, in the order recorded.

    Args:
        connection: Within a transaction.
        send_ids: The sends; one without such events gets an empty tuple, one of whose events some
            cannot be read None.
    """
    found: dict[int, list[Event]] = {send_id: [] for send_id in send_ids}
    unreadable: set[int] = set()
    for row in connection.execute(_DECIDING, {"send_ids": list(send_ids)}).all():
        try:
            found[row[-1]].append(mapping.event(row))
        except ValueError:
            unreadable.add(row[-1])
    return {
        send_id: None if send_id in unreadable else tuple(events)
        for send_id, events in found.items()
    }


def read_history(connection: sa.Connection, send: SendRecord, count: int) -> SendHistory:
    """Return *send* with its newest events and all events that the fold needs.

    That is one query if the history has at most *count* events, else two.

    Args:
        connection: Within a transaction.
        send: The send as it was read before.
        count: How many of its newest events to read.

    Raises:
        StaleSend: If it has changed since it was read.
        Damaged: If entries are missing or cannot be read.
    """
    if send.provider not in STATUSES:
        raise damaged(send, "its platform is not known to this version of Send Desk")
    rows = connection.execute(_NEWEST, {"send_id": send.id, "count": count}).fetchall()
    if (rows[0].seq if rows else 0) != send.revision:
        theirs = mapping.find(connection, send.id)
        if theirs is not None and theirs.revision == send.revision:
            raise damaged(
                send,
                f"it counts {send.revision} entries, and the last one has the number "
                f"{rows[0].seq if rows else 0}",
            )
        raise _stale(send)
    if not rows:
        return SendHistory(send, b"")
    if [row.seq for row in rows] != list(range(send.revision, send.revision - len(rows), -1)) or (
        len(rows) < min(count, send.revision)
    ):
        raise damaged(send, "entries in it are missing")
    try:
        newest = tuple(map(mapping.event, rows))
    except ValueError as error:
        raise damaged(send, str(error)) from error
    if send.revision > len(newest):
        deciding = deciding_events(connection, [send.id])[send.id]
        if deciding is None:
            raise damaged(send, _CANNOT_BE_READ)
    else:
        deciding = newest[::-1]
    found = SendHistory(send, rows[0].hash, deciding, newest)
    return _with_credits(connection, [found])[0]


def lock_histories(connection: sa.Connection, clause: sa.ColumnElement[bool]) -> list[SendHistory]:
    """Return, by ascending id, the sends that meet *clause*, each with the events that the fold needs.

    Their rows are locked until the transaction ends (PostgreSQL; SQLite has one writer at a time).
    """
    return _histories(connection, _of(clause).with_for_update())


def read_histories(connection: sa.Connection, clause: sa.ColumnElement[bool]) -> list[SendHistory]:
    """Return what `lock_histories` returns, and lock nothing: what is made of it cannot be written."""
    return _histories(connection, _of(clause))


def _of(clause: sa.ColumnElement[bool]) -> sa.Select[Any]:
    wanted = sa.select(*mapping.record_columns(), col(tables.Send.head)).where(clause)
    return wanted.order_by(col(tables.Send.id))


def _histories(connection: sa.Connection, wanted: sa.Select[Any]) -> list[SendHistory]:
    rows = connection.execute(wanted).all()
    histories = deciding_events(connection, [row.id for row in rows]) if rows else {}
    locked = [
        _locked(mapping.record(row), row.revision, row.head, histories[row.id]) for row in rows
    ]
    return _with_credits(connection, locked)


def lock_unchanged(connection: sa.Connection, seen: Iterable[SendRecord]) -> dict[int, SendHistory]:
    """Lock and return, by id, the sends whose revision is still the one in *seen*.

    Rows are locked in the order of their ids, so that two transactions cannot wait for each other.
    Sends that have changed or are gone are missing from the result.
    """
    sends = {send.id: send for send in seen}
    rows = connection.execute(_REVISIONS, {"send_ids": list(sends)}).all()
    heads = {row.id: row.head for row in rows if row.revision == sends[row.id].revision}
    histories = deciding_events(connection, list(heads))
    locked = [
        _locked(sends[each], sends[each].revision, head, histories[each])
        for each, head in heads.items()
    ]
    return {history.send.id: history for history in _with_credits(connection, locked)}


def _with_credits(connection: sa.Connection, histories: list[SendHistory]) -> list[SendHistory]:
    """Return *histories* with their entries in the ledger; few sends have any, and only theirs are read."""
    few = {
        each.send.id: each for each in histories if may_have_credit(each.send.provider, each.events)
    }
    if few:
        for send_id, credit in stored.of_sends(connection, few):
            few[send_id].credits += (credit,)
    return histories


def _locked(
    send: SendRecord, revision: object, head: object, events: tuple[Event, ...] | None
) -> SendHistory:
    """Return the history of a send whose row has the stored *revision* and *head*, of whatever type."""
    if events is None or not isinstance(head, bytes):
        return SendHistory(send, b"", damage=_CANNOT_BE_READ)
    if revision != send.revision:
        return SendHistory(send, head, damage="the number of its entries cannot be read")
    return SendHistory(send, head, events)


def append(history: SendHistory, new: Sequence[Event], policy: Policy, fields: Row) -> Appended:
    """Append *new* events to a history in memory; `write` stores the result.

    Args:
        history: The send with the events that the fold needs.
        new: The events, in order; they are numbered here.
        policy: The thresholds and business days in force.
        fields: Other columns of the send that change with them, by name.

    Raises:
        Damaged: If an entry of the history cannot be read.
    """
    send = history.send
    numbered = tuple(item._replace(seq=send.revision + place) for place, item in enumerate(new, 1))
    created_at = fields.get("created_at", send.created_at)
    if history.damage:
        raise damaged(send, history.damage)
    stays_before: Sequence[Stay] | None = None
    newest = history.credits[-1] if history.credits else None
    try:
        state = fold(send.provider, (*history.events, *numbered), created_at)
        if may_end(numbered):
            stays_before = fold(send.provider, history.events, send.created_at).stays
        made = tuple(
            new_entries(send.provider, history.events, numbered, newest, Money.of(send), created_at)
        )
    except UNREADABLE_ENTRY as error:
        raise damaged(send, _CANNOT_BE_READ) from error
    rows, head = chain(send.id, history.key, history.head, numbered)
    derived = derive_columns(Subject.of(send, **fields), state, policy, send.since)
    # A column that keeps its value is left out of the UPDATE, and so are the indexes over it: with
    # seven indexes SQLite stores 90,000 rows a second instead of 342,000.
    changed = {
        name: value
        for name, value in derived.items()
        if value != getattr(send, name) or (name in POLICY_COLUMNS and (name, value) != _NO_CREDIT)
    }
    changed |= {**fields, "revision": numbered[-1].seq, "head": head}
    return Appended(history, numbered, state, changed, rows, policy, stays_before, made)


def write(
    database: Database,
    connection: sa.Connection,
    appended: Sequence[Appended],
    stays: StayChanges | None = None,
) -> None:
    """Update each send by compare-and-set on its revision, then insert its events and their credits.

    Args:
        database: Where the sends are.
        connection: The transaction that read them.
        appended: What to write; each send may occur once.
        stays: Where the caller gathers which stays have ended, to write it; None to have it written here.

    Raises:
        StaleSend: If one of them has changed since it was read. Some of the rows are written then:
            the caller must roll back.
    """
    # One statement for each set of columns: it is compiled once and sent for all its sends.
    by_columns: dict[frozenset[str], list[Appended]] = {}
    for each in appended:
        by_columns.setdefault(frozenset(each.columns), []).append(each)
    for names, several in by_columns.items():
        rows = [
            {
                **each.columns,
                "this_send": each.before.send.id,
                "this_revision": each.before.send.revision,
            }
            for each in several
        ]
        if database.update(connection, _update(names), rows) != len(rows):
            raise _stale(several[0].before.send)
    rows = [row for each in appended for row in each.rows]
    database.insert(connection, mapping.table_of(tables.Event), rows)
    rows = [stored.row(each.before.send.id, made) for each in appended for made in each.credits]
    database.insert(connection, mapping.table_of(tables.Credit), rows)
    ended = StayChanges() if stays is None else stays
    for each in appended:
        if each.stays_before is not None:
            send = each.before.send
            ended.change(send.id, send.provider, each.stays_before, each.state.stays, each.policy)
    if stays is None:
        ended.write(connection)


@cache
def _update(names: frozenset[str]) -> sa.Update:
    """Return the UPDATE of the columns *names*, for a send whose revision is still the one read."""
    send = mapping.table_of(tables.Send).c
    this = (send.id == sa.bindparam("this_send"), send.revision == sa.bindparam("this_revision"))
    return (
        sa.update(mapping.table_of(tables.Send))
        .where(*this)
        .values({n: sa.bindparam(n) for n in names})
    )


def newest_event(connection: sa.Connection) -> int:
    """Return the number of the newest event of all sends; 0 if there is none."""
    newest = connection.execute(sa.select(sa.func.max(col(tables.Event.id)))).scalar()
    return int(newest or 0)


def record_range(
    connection: sa.Connection, actors: Iterable[str], before: int, source: str, now: datetime
) -> None:
    """Record in `intake` which events this transaction has written for each of *actors*, no agents.

    They are those since the event *before*: no other intake may run meanwhile, and what agents write at
    that time has another actor.

    Args:
        connection: Of the transaction, which holds `Database.one_intake_at_a_time`.
        actors: Who the events say wrote them.
        before: What `newest_event` returned before them.
        source: Where they come from.
        now: When they are recorded, in UTC.
    """
    last = newest_event(connection)
    rows = [
        {
            "first_event": before + 1,
            "actor": actor,
            "last_event": last,
            "source": source,
            "recorded_at": now,
        }
        for actor in sorted(actors)
    ]
    if before < last and rows:
        connection.execute(sa.insert(tables.Intake), rows)

"""The rules that time triggers, let loose on the sends whose moment has come."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from models.database import Database
from models.database.gc_pause import gc_paused
from models.errors import Damaged
from models.history import journal
from models.history.journal import SendHistory
from models.providers.catalogue import STATUSES
from models.records import Event, SendRecord
from models.rules.due import Policy
from models.rules.state import Subject
from models.rules.time_rules import look_at, next_event
from models.store import mapping, tables
from models.store.tables import col
from models.values.clock import Clock
from models.writing.bulk import never

AT_ONCE = 100
"""Sends of one transaction; between two transactions agents can write."""
_send = mapping.table_of(tables.Send).c
DUE = (
    sa.select(_send.id, _send.rule_at)
    .where(_send.rule_at <= sa.bindparam("now", type_=_send.rule_at.type))
    .order_by(_send.rule_at, _send.id)
    .limit(AT_ONCE)
)
"""The sends whose moment has come, the earliest first; the index `send_rule_at` holds all of it."""
_BEHIND = sa.tuple_(_send.rule_at, _send.id) > sa.tuple_(
    sa.bindparam("last_at", type_=_send.rule_at.type), sa.bindparam("last_id", type_=_send.id.type)
)
_NEXT = DUE.where(_BEHIND)


class Ruled(NamedTuple):
    """What a rule made of one send."""

    send: SendRecord
    """As it was before."""
    event: Event
    """What was written, or with a dry run would be."""


def run_rules(
    database: Database,
    *,
    clock: Clock,
    source: str,
    stop: Callable[[], bool] = never,
    dry_run: bool = False,
) -> Iterator[Ruled]:
    """Let the rules look at each send whose moment has come, and yield what they made of it.

    They may run in several programs at once: each send is locked, read and written in one transaction,
    and whoever comes second finds nothing to do. Where nothing is due, one look into an index says so.
    What was yielded is committed, `AT_ONCE` sends at a time. A send whose history is damaged is passed
    over: `senddesk db verify` names it.

    Args:
        database: Where the sends are.
        clock: Gives the present, in UTC.
        source: Who lets them run, for the history: `desk`, `sync`, `cli`.
        stop: Is asked before each transaction; once it says so, no further send is looked at.
        dry_run: Yield what would be made of each, and write nothing.

    Raises:
        ReadOnly: If the database was opened for reading, and something is due.
        DeskUnavailable: If it cannot be read or written; what was yielded before is kept.
    """
    last: tuple[datetime, int] | None = None
    while not stop():
        now = clock()
        with database.read() as connection:
            due = _due(connection, now, last)
            if not due:
                return
            last = due[-1][1], due[-1][0]
            ids = [send_id for send_id, _ in due]
            if dry_run:
                found = _looked_at(connection, ids, now, source)
        if not dry_run:
            found = _write(database, ids, now, source)
        yield from found


def _due(
    connection: sa.Connection, now: datetime, last: tuple[datetime, int] | None
) -> list[tuple[int, datetime]]:
    """Return the next sends whose moment has come, behind *last*, with that moment."""
    if last is None:
        rows = connection.execute(DUE, {"now": now})
    else:
        rows = connection.execute(_NEXT, {"now": now, "last_at": last[0], "last_id": last[1]})
    return [(row.id, row.rule_at) for row in rows]


def _looked_at(
    connection: sa.Connection, ids: Sequence[int], now: datetime, source: str
) -> list[Ruled]:
    policy = mapping.policy_of(connection)
    histories = journal.read_histories(connection, _send.id.in_(ids))
    events = ((each.send, _event(each, policy, now, source)) for each in histories)
    return [Ruled(send, event) for send, event in events if event is not None]


def _write(database: Database, ids: Sequence[int], now: datetime, source: str) -> list[Ruled]:
    """Write what the rules make of the sends *ids* in one transaction, and return it."""
    done: list[Ruled] = []
    with gc_paused(), database.write() as connection:
        database.one_intake_at_a_time(connection)
        policy = mapping.policy_of(connection)
        newest = journal.newest_event(connection)
        # Another runner may have been here since they were found.
        still_due = sa.and_(_send.id.in_(ids), _send.rule_at <= now)
        appended = []
        for history in journal.lock_histories(connection, still_due):
            event = _event(history, policy, now, source)
            if event is None:
                _set_next_look(connection, history, policy)
                continue
            appended.append(journal.append(history, [event], policy, {}))
            done.append(Ruled(history.send, appended[-1].events[0]))
        if appended:
            journal.write(database, connection, appended)
            actors = {each.event.actor for each in done}
            journal.record_range(connection, actors, newest, source, now)
    return done


def _event(history: SendHistory, policy: Policy, now: datetime, source: str) -> Event | None:
    """Return what the rules write about a send, or None."""
    send = history.send
    if send.provider not in STATUSES:
        return None
    with suppress(Damaged):
        return next_event(
            Subject.of(send),
            history.state(),
            policy,
            recorded_at=send.since,
            now=now,
            source=source,
        )
    return None


def _set_next_look(connection: sa.Connection, history: SendHistory, policy: Policy) -> None:
    """Put off the next look at a send of which the rules make nothing: its moment was an older one."""
    send = history.send
    with suppress(Damaged):
        moment = look_at(Subject.of(send), history.state(), policy, send.since)
        connection.execute(
            sa.update(tables.Send).where(col(tables.Send.id) == send.id).values(rule_at=moment)
        )

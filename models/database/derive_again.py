"""The states of sends derived anew from their histories, where an older program's rules gave others."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DataError

from models.database.bulk_update import run_for_each
from models.database.sound_histories import History, sound_histories
from models.providers.catalogue import STATUSES
from models.records import Event, EventKind, SendRecord
from models.rules.derived_columns import derive_columns
from models.rules.due import Policy
from models.rules.state import PASSIVE, UNREADABLE_ENTRY, SendState, Subject, fold
from models.rules.time_rules import look_at, rules
from models.store import mapping, tables

_BATCH = 1000
"""How many sends are looked at in one step."""
_SEND = mapping.table_of(tables.Send)
_event = mapping.columns_of(tables.Event)
_MAY_DIFFER = (
    sa.select(_event["send_id"])
    .where(
        _event["kind"].not_in([kind.value for kind in PASSIVE | {EventKind.FACT}])
        | (_event["at"] > _event["recorded_at"])
    )
    .distinct()
)
"""The sends that can differ.

Facts alone add up as they always did, with a time that had passed or with none.
"""
_WAITING = (
    sa.select(_SEND.c.id)
    .where(
        _SEND.c.provider_status.in_(sa.bindparam("slugs", expanding=True)),
        # Others have been derived from their histories.
        _SEND.c.rule_at.is_(None),
        _SEND.c.rule == "",
        _SEND.c.override_status.is_(None),
    )
    .order_by(_SEND.c.id)
)
"""The sends that time alone can change."""
_SUBJECTS = sa.select(
    _SEND.c.id,
    _SEND.c.provider_status,
    _SEND.c.provider_at,
    _SEND.c.since,
    *(_SEND.c[name] for name in Subject._fields),
).where(_SEND.c.id.in_(mapping.OF_SENDS))
_SET_LOOK = (
    sa.update(_SEND)
    .where(_SEND.c.id == sa.bindparam("this_send"))
    .values(rule_at=sa.bindparam("rule_at"))
)


def derive_again(connection: sa.Connection) -> int:
    """Give every send the state that its history adds up to; return how many had another.

    Histories stay as they are. A send whose history is damaged, or of a platform that is not known,
    stays too: `senddesk db verify` names it.

    Args:
        connection: Of a transaction that writes, on a database with this program's schema.

    Raises:
        DBAPIError: If the database refuses.
    """
    policy = mapping.policy_of(connection)
    send_ids = sorted(connection.execute(_MAY_DIFFER).scalars())
    changed = 0
    for histories in sound_histories(connection, send_ids):
        changed += _derive(connection, histories, policy)
    _set_first_looks(connection, policy)
    return changed


def _set_first_looks(connection: sa.Connection, policy: Policy) -> None:
    """Set when the rules look at each send that time alone can change and that has no such moment yet.

    A schema before that of the rules had none. The row says enough, so no history is read.
    """
    slugs = sorted({slug for rule in rules().values() for slug in rule.statuses})
    waiting = connection.execute(_WAITING, {"slugs": slugs}).scalars().all()
    for start in range(0, len(waiting), _BATCH):
        _look_first(connection, waiting[start : start + _BATCH], policy)


def _look_first(connection: sa.Connection, send_ids: Sequence[int], policy: Policy) -> None:
    try:
        rows = connection.execute(_SUBJECTS, {"send_ids": send_ids}).all()
    except DataError:
        # One of them has a time that the driver cannot read, and it says not which.
        middle = len(send_ids) // 2
        for half in (send_ids[:middle], send_ids[middle:]) if middle else ():
            _look_first(connection, half, policy)
        return
    looks = []
    for row in rows:
        if row.provider in STATUSES and tables.UNREADABLE not in row:
            state = SendState(
                provider_status=row.provider_status,
                provider_at=row.provider_at,
                provider_since=row.since,
            )
            subject = Subject(*(getattr(row, name) for name in Subject._fields))
            moment = look_at(subject, state, policy, row.since)
            if moment is not None:
                looks.append({"this_send": row.id, "rule_at": moment})
    if looks:
        run_for_each(connection, _SET_LOOK, looks)


def _derive(connection: sa.Connection, histories: Iterable[History], policy: Policy) -> int:
    """Give the sends of *histories* the states that these add up to; return how many had another."""
    told: list[dict[str, Any]] = []
    others: list[dict[str, Any]] = []
    for send, events in histories:
        columns = _columns(send, events, policy)
        changed = {name for name, value in columns.items() if value != getattr(send, name)}
        if changed:
            # When the rules look at it next is nothing that an agent has seen.
            which = told if changed - {"rule_at"} else others
            which.append({**columns, "this_send": send.id, "this_revision": send.revision})
    _write(connection, others)
    return _write(connection, told)


def _columns(send: SendRecord, events: Sequence[Event], policy: Policy) -> dict[str, Any]:
    """Return the derived columns of a send by its history; nothing if that cannot be read."""
    try:
        state = fold(send.provider, events, send.created_at)
        return derive_columns(Subject.of(send), state, policy, send.since)
    except UNREADABLE_ENTRY:
        return {}


def _write(connection: sa.Connection, rows: Sequence[dict[str, Any]]) -> int:
    """Store new columns of sends whose revision is still the one that was read; return their number."""
    if not rows:
        return 0
    names = rows[0].keys() - {"this_send", "this_revision"}
    statement = (
        sa.update(_SEND)
        .where(_SEND.c.id == sa.bindparam("this_send"))
        .where(_SEND.c.revision == sa.bindparam("this_revision"))
        .values({name: sa.bindparam(name) for name in sorted(names)})
    )
    return run_for_each(connection, statement, rows)

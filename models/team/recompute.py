"""The columns of sends that follow from limits, calendar and rules, derived anew after a change of these."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from models.database import Database
from models.errors import Damaged
from models.history import journal
from models.providers.catalogue import STATUSES
from models.rules.derived_columns import POLICY_COLUMNS, derive_columns
from models.rules.due import Policy
from models.rules.state import Subject
from models.store import mapping, tables
from models.store.tables import col

if TYPE_CHECKING:
    from models.providers.time_rule import TimeRule

_HAS_OPEN_CREDIT: sa.ColumnElement[bool] = col(tables.Send.credit_due_at).is_not(None)
_CHUNK = 2_000
"""How many sends are recomputed in one transaction; between two of them agents can write."""


def recompute_status(database: Database, provider: str, slug: str) -> int:
    """Derive anew the sends in one status; return how many changed.

    It takes many transactions. If it stops on the way, calling it again completes it.

    Raises:
        ReadOnly: If the database was opened for reading.
        DeskUnavailable: If it cannot be read or written.
    """
    return _recompute(database, _in_status(provider, slug))


def recompute_open_credits(database: Database) -> int:
    """Derive anew the sends whose credit is expected and did not come; return how many changed.

    It takes many transactions. If it stops on the way, calling it again completes it.

    Raises:
        ReadOnly: If the database was opened for reading.
        DeskUnavailable: If it cannot be read or written.
    """
    return _recompute(database, _HAS_OPEN_CREDIT)


def recompute_of_business(database: Database) -> int:
    """Derive anew the sends whose limit, usual span or credit is in business time; return how many changed.

    A change of business hours or holidays moves no others. It takes many transactions. If it stops on
    the way, calling it again completes it.

    Raises:
        ReadOnly: If the database was opened for reading.
        DeskUnavailable: If it cannot be read or written.
    """
    from models.rules.time_rules import rules

    with database.read() as connection:
        policy = mapping.policy_of(connection)
    thresholds = policy.thresholds
    concerned = [
        _of_rule(rule) for rule in rules().values() if rests_on_business_time(rule, policy)
    ]
    if policy.credit_limit.is_of_business:
        concerned.append(_HAS_OPEN_CREDIT)
    for provider, statuses in STATUSES.items():
        for slug, status in statuses.items():
            threshold = None if status.final else thresholds.of(provider, slug)
            if threshold is not None and threshold.limit.is_of_business:
                concerned.append(_in_status(provider, slug))
    return _recompute(database, sa.or_(*concerned)) if concerned else 0


def recompute_rules(database: Database, changed: "Iterable[TimeRule]") -> int:
    """Derive anew the sends that one of *changed* can match or has matched; return how many changed.

    It takes many transactions. If it stops on the way, calling it again completes it.

    Raises:
        ReadOnly: If the database was opened for reading.
        DeskUnavailable: If it cannot be read or written.
    """
    return _recompute(database, sa.or_(*map(_of_rule, changed)))


def _of_rule(rule: "TimeRule") -> sa.ColumnElement[bool]:
    # While an override stands no rule looks at a send, so the status in force is the provider's, or what
    # a rule has made of it.
    matched = col(tables.Send.status).in_(rule.statuses)
    return sa.and_(
        col(tables.Send.provider) == rule.provider,
        sa.or_(matched, sa.and_(col(tables.Send.rule) != "", col(tables.Send.rule) == rule.name)),
    )


def rests_on_business_time(rule: "TimeRule", policy: Policy) -> bool:
    """Whether the calendar decides when what *rule* waits for is over, in some campaign."""
    if rule.span is None:
        return False
    own = (limit for (key, _), limit in policy.rules.spans.items() if key == rule.span.key)
    return rule.span.limit.is_of_business or any(limit.is_of_business for limit in own)


def _in_status(provider: str, slug: str) -> sa.ColumnElement[bool]:
    return sa.and_(col(tables.Send.provider) == provider, col(tables.Send.status) == slug)


def _recompute(database: Database, clause: sa.ColumnElement[bool]) -> int:
    """Recompute `POLICY_COLUMNS` for the sends that meet *clause*; return how many changed."""
    changed = last_id = 0
    while True:
        with database.write() as connection:
            database.one_intake_at_a_time(connection)
            here = sa.and_(clause, col(tables.Send.id) > last_id)
            wanted = sa.select(col(tables.Send.id)).where(here).order_by(col(tables.Send.id))
            ids = [int(row.id) for row in connection.execute(wanted.limit(_CHUNK))]
            if not ids:
                return changed
            changed += _recompute_some(
                connection, sa.and_(clause, col(tables.Send.id).between(ids[0], ids[-1]))
            )
            last_id = ids[-1]


def _recompute_some(connection: sa.Connection, clause: sa.ColumnElement[bool]) -> int:
    """Do for one transaction what `_recompute` does."""
    policy = mapping.policy_of(connection)
    table = mapping.table_of(tables.Send)
    changes = []
    for history in journal.lock_histories(connection, clause):
        send = history.send
        try:
            state = history.state()
        except Damaged:
            # It stays as it is; `senddesk db verify` names it.
            continue
        derived = derive_columns(Subject.of(send), state, policy, send.since)
        if any(derived[name] != getattr(send, name) for name in POLICY_COLUMNS):
            changes.append(
                {"this_send": send.id, **{name: derived[name] for name in POLICY_COLUMNS}}
            )
    if changes:
        this_send: sa.BindParameter[int] = sa.bindparam("this_send")
        values: dict[str, Any] = {name: sa.bindparam(name) for name in POLICY_COLUMNS}
        connection.execute(sa.update(table).where(table.c.id == this_send).values(values), changes)
    return len(changes)

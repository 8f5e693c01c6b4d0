"""Messages of webhooks: stored as they come, and applied once what they are about is there."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

import sqlalchemy as sa

from models.database import Database
from models.errors import DeskError, DeskUnavailable
from models.files.json_stream import parse
from models.intake.batch import Batch
from models.intake.present import settle
from models.providers import catalogue
from models.providers.incoming import Incoming
from models.providers.webhooks import Told, Webhooks
from models.rules.state import UNREADABLE_ENTRY
from models.store import mapping, tables
from models.store.live_tables import Delivery
from models.values.local_time import LocalTime
from models.values.text import display_text, storable

SOURCE = "webhook"
"""Where the history says that these facts come from."""
MOST = 100
"""How many messages one transaction applies."""
KEPT = timedelta(days=30)
"""How long the body of an applied message is kept, unless somebody says otherwise: the platforms send a
message again for two days at most, and what it said stands in the history of its send."""
_LOOK_AT = 2_000
"""At how many messages one step of `prune` looks."""
_PROBLEM_LIMIT = 500
_PRUNED = "It was applied before, and its body is no longer kept."
_WORD_SHOWN = 40
"""How many characters of a platform's word a sentence repeats."""


class State(StrEnum):
    """What has become of a message."""

    NEW = "new"
    """Stored, and not looked at yet."""
    APPLIED = "applied"
    WAITING = "waiting"
    """Its send is not known yet."""
    UNKNOWN = "unknown"
    """Its event is none that this version knows."""
    FAILED = "failed"
    """It cannot be read, or the desk refuses it."""


class Message(NamedTuple):
    """A message that has arrived."""

    provider: str
    message: str
    """The platform's id of it."""
    received_at: datetime
    """In UTC."""
    event: str
    subject: str
    body: bytes


class Outcome(NamedTuple):
    """What has become of a stored message."""

    id: int
    """Its number in the table."""
    message: str
    """The platform's id of it."""
    state: State
    problem: str = ""
    """Why it is not applied, in a sentence, or an empty string."""


def told(webhooks: Webhooks, body: bytes, event: str = "") -> Told:
    """Return what a message is about; of one that cannot be read nothing is known.

    Args:
        webhooks: Of the platform that has sent it.
        body: As it came.
        event: The event that the address names, or an empty string.
    """
    try:
        payload = _payload(body)
    except ValueError:
        payload = {}
    return webhooks.told(payload, event)


_FAULTS = (DeskError, ArithmeticError, LookupError, *UNREADABLE_ENTRY)
"""What a message may raise that nobody thought of: it is kept as failed, and the others are applied."""
_table = mapping.table_of(Delivery)
_STORE = sa.text(
    "INSERT INTO delivery (provider, message, received_at, event, subject, body, state, problem)"
    " VALUES (:provider, :message, :received_at, :event, :subject, :body, 'new', '')"
    " ON CONFLICT (provider, message) DO NOTHING"
).bindparams(*(sa.bindparam(name, type_=_table.c[name].type) for name in Message._fields))
_SETTLE = (
    sa.update(_table)
    .where(_table.c.id == sa.bindparam("this_delivery"))
    .values({name: sa.bindparam(name) for name in ("state", "problem", "applied_at")})
)
_SENDS = mapping.table_of(tables.Send).c
_WAKE = (
    sa.update(_table)
    .where(
        _table.c.state == State.WAITING.value,
        sa.exists().where(
            _SENDS.provider == _table.c.provider, _SENDS.external_id == _table.c.subject
        ),
    )
    .values(state=State.NEW.value)
)


def store(database: Database, messages: Sequence[Message]) -> None:
    """Store *messages* in one transaction; one that is stored already stays as it is.

    Raises:
        ReadOnly: If the database was opened for reading.
        DeskUnavailable: If it cannot be written; none of them is stored then.
    """
    with database.write() as connection:
        connection.execute(_STORE, [each._asdict() for each in messages])


def wake(connection: sa.Connection) -> int:
    """Let the messages be applied whose send has appeared meanwhile; return how many there are."""
    return connection.execute(_WAKE).rowcount


def apply_new(database: Database, now: datetime) -> int:
    """Apply the oldest new messages, at most `MOST`, in one transaction; return how many they were.

    One that the desk refuses keeps none of the others from being applied.

    Raises:
        ReadOnly: If the database was opened for reading.
        DeskUnavailable: If it cannot be written; all of them are as they were.
    """
    oldest = _table.c.state == State.NEW.value
    # A look takes no lock: who has nothing to write waits for nobody who writes.
    with database.read() as connection:
        if connection.execute(_first(oldest, _table.c.id).limit(1)).first() is None:
            return 0
    return len(_apply(database, now, oldest))


def replay(database: Database, now: datetime, ids: Sequence[int]) -> Iterator[Outcome]:
    """Apply stored messages once more, whatever became of them; what is known already changes nothing.

    Args:
        database: Where they are.
        now: The present, in UTC.
        ids: Their numbers in the table.

    Yields:
        What has become of each.

    Raises:
        ReadOnly: If the database was opened for reading.
        DeskUnavailable: If it cannot be written; those that were yielded are applied.
    """
    for start in range(0, len(ids), MOST):
        these = _table.c.id.in_(ids[start : start + MOST])
        pruned = sa.and_(_table.c.state == State.APPLIED.value, sa.func.length(_table.c.body) == 0)
        with database.read() as connection:
            without = connection.execute(
                _first(these & pruned, _table.c.id, _table.c.message)
            ).all()
        yield from (Outcome(row.id, row.message, State.APPLIED, _PRUNED) for row in without)
        yield from _apply(database, now, these & ~pruned)


class Pruned(NamedTuple):
    """One step of `prune`."""

    last: int
    """The number of the last message that was looked at."""
    bodies: int
    """How many bodies were removed."""


def prune(database: Database, before: datetime, after: int = 0) -> Iterator[Pruned]:
    """Remove the bodies of the messages that were applied before a time, a few in each transaction.

    That a message has come, what it was about and what became of it stays: it is not applied once more
    if it comes again.

    Args:
        database: Where they are.
        before: In UTC.
        after: The number of the last message that earlier steps have looked at.

    Yields:
        What each step did.

    Raises:
        ReadOnly: If the database was opened for reading.
        DeskUnavailable: If it cannot be read or written; the steps before are done.
    """
    database.refuse_if_read_only()
    columns = (_table.c.id, _table.c.received_at, _is_prunable(before).label("is_old"))
    while True:
        wanted = sa.select(*columns).where(_table.c.id > after).order_by(_table.c.id)
        with database.read() as connection:
            rows = connection.execute(wanted.limit(_LOOK_AT)).all()
        # Those that came later were applied later still.
        rows = [row for row in rows if row.received_at < before]
        if not rows:
            return
        first, after, count = after, rows[-1].id, 0
        if any(row.is_old for row in rows):
            here = _table.c.id.between(first + 1, after)
            removed = sa.update(_table).where(here, _is_prunable(before)).values(body=b"")
            with database.write() as connection:
                count = connection.execute(removed).rowcount
        yield Pruned(after, count)


def _is_prunable(before: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        _table.c.state == State.APPLIED.value,
        _table.c.applied_at < before,
        sa.func.length(_table.c.body) > 0,
    )


def _apply(database: Database, now: datetime, wanted: sa.ColumnElement[bool]) -> list[Outcome]:
    """Apply the first `MOST` messages that are *wanted*, together or else one by one."""
    try:
        return _apply_together(database, now, wanted)
    except _FAULTS as error:
        if isinstance(error, DeskUnavailable) and error.passes:
            raise
    with database.read() as connection:
        rows = connection.execute(_first(wanted, _table.c.id, _table.c.message)).all()
    return [_apply_alone(database, now, row) for row in rows]


def _first(wanted: sa.ColumnElement[bool], *columns: sa.Column[Any]) -> sa.Select[Any]:
    return sa.select(*columns).where(wanted).order_by(_table.c.id).limit(MOST)


def _apply_alone(database: Database, now: datetime, row: Any) -> Outcome:
    """Apply one message; if that is refused, keep it with the reason."""
    try:
        (outcome,) = _apply_together(database, now, _table.c.id == row.id)
    except _FAULTS as error:
        if isinstance(error, DeskUnavailable) and error.passes:
            raise
        said = str(error) if isinstance(error, DeskError) else "it cannot be applied"
        outcome = Outcome(row.id, row.message, State.FAILED, said)
        with database.write() as connection:
            _settle(database, connection, [outcome], now)
    return outcome


def _apply_together(
    database: Database, now: datetime, wanted: sa.ColumnElement[bool]
) -> list[Outcome]:
    columns = (
        _table.c[name]
        for name in ("id", "message", "provider", "event", "subject", "body", "received_at")
    )
    with database.write() as connection:
        # Before they are read: another process may be about to apply the same ones.
        database.one_intake_at_a_time(connection)
        rows = connection.execute(_first(wanted, *columns)).all()
        if not rows:
            return []
        types = _types(connection, rows)
        read = [_read(row, types.get((row.provider, row.subject), "")) for row in rows]
        incoming = [each for each in read if isinstance(each, Incoming)]
        batch = Batch(database, connection, SOURCE, now)
        if incoming:
            local = LocalTime(now, UTC)
            batch.apply([settle(each, local, SOURCE) for each in incoming])
        outcomes = [
            _outcome(row, each, batch) if isinstance(each, Incoming) else each
            for row, each in zip(rows, read, strict=True)
        ]
        _settle(database, connection, outcomes, now)
        wake(connection)
    return outcomes


def _outcome(row: Any, send: Incoming, batch: Batch) -> Outcome:
    if (send.provider, send.external_id) in batch.damaged:
        return Outcome(row.id, row.message, State.FAILED, "The history of its send is damaged.")
    return Outcome(row.id, row.message, State.APPLIED)


def _types(connection: sa.Connection, rows: Sequence[Any]) -> dict[tuple[str, str], str]:
    """Return the types of the known sends that messages are about, by platform and external id."""
    found: dict[tuple[str, str], str] = {}
    for provider in {row.provider for row in rows}:
        ids = {row.subject for row in rows if row.provider == provider and row.subject}
        wanted = sa.select(_SENDS.external_id, _SENDS.type).where(
            _SENDS.provider == provider, _SENDS.external_id.in_(ids)
        )
        for external_id, kind in connection.execute(wanted):
            found[provider, external_id] = kind
    return found


def _read(row: Any, kind: str) -> Incoming | Outcome:
    """Return what a stored message says, or why that cannot be applied."""
    try:
        webhooks = _webhooks(row.provider)
        payload = _payload(row.body)
        if row.event not in webhooks.EVENTS:
            name = display_text(row.event, _WORD_SHOWN)
            return Outcome(row.id, row.message, State.UNKNOWN, f"The event “{name}” is not known.")
        if webhooks.NEEDS_SEND and not kind and row.subject:
            return Outcome(row.id, row.message, State.WAITING, "Its send is not known yet.")
        found = webhooks.read(payload, Told(row.event, row.subject), kind)
        # What it tells as news has just happened; a present status may have stood for long.
        return found if found.current else found.told_at(row.received_at)
    except ValueError as problem:
        return Outcome(row.id, row.message, State.FAILED, f"It cannot be read: {problem}.")


def _webhooks(provider: str) -> Webhooks:
    try:
        found = catalogue.provider(provider).webhook
    except KeyError:
        found = None
    if found is None:
        raise ValueError("its platform is not known to this version of Send Desk")
    return found


def _payload(body: bytes) -> Mapping[str, Any]:
    """Return the JSON object that a message is.

    Raises:
        ValueError: If it is none.
    """
    try:
        payload = parse(body.decode())
    except UnicodeDecodeError:
        raise ValueError("the body is not UTF-8 text") from None
    except ValueError as problem:
        raise ValueError(f"the body {problem}") from None
    if not isinstance(payload, dict):
        raise ValueError("the body is not a JSON object")
    return payload


def _settle(
    database: Database, connection: sa.Connection, outcomes: Sequence[Outcome], now: datetime
) -> None:
    """Write what has become of messages."""
    rows = [
        {
            "this_delivery": each.id,
            "state": each.state.value,
            "problem": storable(each.problem, _PROBLEM_LIMIT),
            "applied_at": now if each.state is State.APPLIED else None,
        }
        for each in outcomes
    ]
    database.update(connection, _SETTLE, rows)

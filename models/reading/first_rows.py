"""The first rows of Triage, read with the standard library alone.

Importing SQLAlchemy and SQLModel takes about twice as long as importing Textual (322 ms against 167).
So that agents have something to read meanwhile, the list they open with is read by one statement that
is written out here; a test compares its answer with that of the query builder. Anything unusual (a
server, an older schema, a file that cannot be read) is left to the desk, which then says what is wrong.
"""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from models.errors import DeskError
from models.providers.status import BATCH_TYPE
from models.records import SendRecord
from models.store.location import default_path, file_of, is_server
from models.store.row_types import typed_send
from models.store.schema_version import HEAD
from models.values.first_page import holding, log_belongs, log_of

ROWS = 200
"""How many rows of a list are read first."""
MANY = 50_000
"""From how many sends in triage on they are looked for in the order in which they are due."""
SCANNED = 20_000
"""How many sends are looked at in that order before all in triage are sorted."""
_COLUMNS = SendRecord._fields
# `models.rules.due.in_triage` as SQL; a test holds both equal.
_IN_TRIAGE = "WHERE triage_at <= :now AND (triage_at < :now OR at_once)"
_TRIAGE = f"FROM send {_IN_TRIAGE}"
_VERSION = "SELECT version_num FROM alembic_version"
_COUNT = f"SELECT count(*) {_TRIAGE}"
# `+` hides the order from the planner: it would follow the index of due times, and with 93 of 200,000
# sends in triage through all of it (85 to 140 ms for 1 ms). The index of triage has all that is asked
# for here, so no other send is looked up: 40,000 in triage take 8 ms.
BY_TRIAGE = f"SELECT id, due_at {_TRIAGE} ORDER BY +due_at, +id LIMIT {ROWS}"
"""Selects ids and due times of the first rows."""
_SELECTED = ", ".join(f"send.{column}" for column in _COLUMNS)
_NO_TIME = ("9999-12-31 00:00:00.000000", "0001-01-01 00:00:00.000000")
"""What is stored in place of a time that is not known, or that never comes."""
_NEXT = f"""SELECT {_SELECTED} FROM send WHERE triage_at > :now AND triage_at < '{_NO_TIME[0]}'
ORDER BY triage_at LIMIT 1"""
_ANY = f"SELECT 1 FROM send WHERE type <> '{BATCH_TYPE}' LIMIT 1"


class FirstRows(NamedTuple):
    """The first rows of Triage, and how many there are, as they stood at one moment."""

    rows: tuple[SendRecord, ...]
    total: int
    """How many sends are in triage."""
    next_due: SendRecord | None = None
    """If none is, the send that enters triage next; None if time alone brings none there."""
    has_sends: bool = True
    """Whether there are any sends at all; batches are none."""

    def window(self, start: int, count: int) -> tuple[SendRecord, ...]:
        """Return up to *count* rows from place *start*; only the first 200 were read."""
        return self.rows[start : start + count]


def first_rows(target: str | None, now: datetime) -> FirstRows | None:
    """Return the first rows of Triage, or None if they cannot be read without the database layer.

    Args:
        target: A path or an address of a database; None for the agent's own file.
        now: The present, in UTC.
    """
    if target is not None and is_server(target):
        return None
    try:
        path = file_of(target) if target is not None else default_path()
        with holding(path) as held:
            if not log_belongs(held, log_of(path)):
                return None
            return _read(path, now)
    except (OSError, sqlite3.Error, ValueError, TypeError, DeskError):
        return None


def _read(path: Path, now: datetime) -> FirstRows | None:
    connection = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)
    try:
        connection.execute("BEGIN")
        if connection.execute(_VERSION).fetchall() != [(HEAD,)]:
            return None
        moment = {"now": now.replace(tzinfo=None).isoformat(" ", "microseconds")}
        (total,) = connection.execute(_COUNT, moment).fetchone()
        rows = connection.execute(page(_by_due()), moment).fetchall() if total > MANY else []
        if len(rows) < ROWS:
            rows = connection.execute(page(BY_TRIAGE), moment).fetchall()
        following = None if rows else connection.execute(_NEXT, moment).fetchone()
        has_sends = bool(rows or connection.execute(_ANY).fetchone())
    finally:
        connection.close()
    return FirstRows(tuple(map(_record, rows)), total, following and _record(following), has_sends)


def page(ids: str) -> str:
    """Return the statement for the sends whose ids and due times are selected by *ids*, in order."""
    return (
        f"SELECT {_SELECTED} FROM ({ids}) AS first CROSS JOIN send ON send.id = first.id"
        " ORDER BY first.due_at, first.id"
    )


def _by_due() -> str:
    """Return what looks for sends in triage in the order in which they are due.

    Of very many in triage the first ones are soon found so; the look ends anyway.
    """
    some = f"SELECT id, due_at, triage_at, at_once FROM send ORDER BY due_at, id LIMIT {SCANNED}"
    return f"SELECT id, due_at FROM ({some}) {_IN_TRIAGE} LIMIT {ROWS}"


def _record(row: tuple[Any, ...]) -> SendRecord:
    values = list(row)
    for place, read in _CONVERTED:
        values[place] = read(values[place])
    return typed_send(values)


def _time(value: str | None) -> datetime | None:
    if value is None or value in _NO_TIME:
        return None
    return datetime.fromisoformat(value).replace(tzinfo=UTC)


_OF_TYPE: dict[object, Callable[[Any], object]] = {
    datetime: _time,
    datetime | None: _time,
    bool: bool,
}
_CONVERTED = tuple(
    (place, _OF_TYPE[kind])
    for place, kind in enumerate(SendRecord.__annotations__.values())
    if kind in _OF_TYPE
)
"""The places of the columns that SQLite stores as another type, and what reads them."""

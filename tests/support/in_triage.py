"""A desk with as many sends in Triage as are wanted."""

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from models.records import Snooze

_TRIAGE = "FROM send WHERE triage_at <= :now AND (triage_at < :now OR at_once)"
_PUT_OFF = f"""UPDATE send SET snooze = '{Snooze.UNTIL_CHANGE}', triage_at = '9999-12-31 00:00:00.000000'
WHERE id IN (SELECT id {_TRIAGE} ORDER BY +due_at, +id LIMIT :number)"""
_BRING_IN = """UPDATE send SET due_at = since, triage_at = since
WHERE id IN (SELECT id FROM send WHERE triage_at > :now AND type <> 'batch' ORDER BY due_at, id LIMIT :number)"""


def leave_in_triage(path: Path, size: int, now: datetime) -> None:
    """Leave *size* sends in Triage at *now* (UTC), or all if the desk at *path* has no more.

    The first that are due are put off, so that they come before all others in the order of due times.
    Only what lists read is changed: nothing of it is in the history.
    """
    moment = {"now": now.replace(tzinfo=None).isoformat(" ", "microseconds")}
    with closing(sqlite3.connect(path)) as connection:
        (there,) = connection.execute(f"SELECT count(*) {_TRIAGE}", moment).fetchone()
        change = _PUT_OFF if there > size else _BRING_IN
        connection.execute(change, {**moment, "number": abs(there - size)})
        connection.commit()

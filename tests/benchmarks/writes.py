"""How long writing takes, beside bare SQL that leaves the same rows on the same tables."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import count, islice
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from models.database import open_database
from models.desk import Desk
from models.files import write_rows
from models.files.reading import open_export
from models.intake.intake import Intake
from models.providers.incoming import Incoming
from tests.benchmarks.figures import NOW, Bench, Figure, timed
from tests.benchmarks.startup import environment
from tui.cli import senddesk

_IMPORTED = 5_000
_SET_AT_ONCE = 5_000
_BATCH = 200
"""Sends that bare SQL sets in one transaction, so that agents can write between two."""
_LIKE_OURS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON")
_OF_AN_OVERRIDE = (
    "override_status", "override_reason", "override_by", "override_at", "status", "stage", "since",
    "due_at", "triage_at", "revision", "head",
)  # fmt: skip
_TABLES = ("send", "event", "shipment", "breach", "stay_count", "credit")
_NOW, _NEVER = "2026-11-20 09:41:00.000000", "9999-12-31 00:00:00.000000"
Row = tuple[Any, ...]


def writes(bench: Bench) -> Iterator[Figure]:
    """Measure overrides one by one and many at once, and an import."""
    yield _one_override(bench)
    yield _import(bench)
    yield _many_overrides(bench)


def _one_override(bench: Bench) -> Figure:
    path = _copy(bench, bench.desk(), "one.db")
    with closing(open_database(path)) as database, closing(open_bare(path)) as raw:
        desk = Desk(database, "ana", lambda: NOW)
        sends = iter(desk.rows(desk.listing(desk.parse("is:unowned sort:due")), 100))
        numbers = count()

        def override() -> None:
            seen = next(sends)
            to = "canceled" if seen.status != "canceled" else "delivered"
            desk.override(seen, to, "measured", force=True)

        ours, floor = bench.medians(
            timed(override), timed(lambda: set_bare(raw, [10 + next(numbers)]))
        )
    path.unlink()
    return Figure(
        name="one override", ours=ours, against="bare UPDATE, INSERT, COMMIT", floor=floor, target=3
    )


def _many_overrides(bench: Bench) -> Figure:
    """Set many sends by a filter, once on each side: the command takes seconds."""
    made = bench.desk(_SET_AT_ONCE)
    ours, bare = _copy(bench, made, "ours.db"), _copy(bench, made, "bare.db")
    words = ["set", "canceled", "--query", "sort:due", "--reason", "measured", "--force"]
    command = timed(lambda: CliRunner(env=environment(ours)).invoke(senddesk, words))()
    with closing(open_bare(bare)) as raw:
        ids = range(1, _SET_AT_ONCE + 1)
        parts = [ids[start : start + _BATCH] for start in range(0, _SET_AT_ONCE, _BATCH)]
        floor = timed(lambda: [set_bare(raw, part) for part in parts])()
    for path in (ours, bare):
        path.unlink()
    name = f"set --query on {_SET_AT_ONCE:,} sends"
    return Figure(name=name, ours=command, against="bare SQL", floor=floor, target=4)


def _import(bench: Bench) -> Figure:
    """Import a file again and again into empty desks; say how many sends a second both sides store."""
    file = bench.folder / "export.csv"
    file.unlink(missing_ok=True)
    with closing(open_database(bench.desk(_IMPORTED))) as database:
        desk = Desk(database, "ana", lambda: NOW)
        everything = desk.rows(desk.listing(desk.parse("")), 1000)
        write_rows(file, islice(everything, _IMPORTED), "csv", now=NOW)
    places = count()

    def fresh() -> Path:
        path = bench.folder / f"import-{next(places)}.db"
        open_database(path).close()
        return path

    def read_and_take(path: Path) -> None:
        with closing(open_database(path)) as database:
            sends = (each for each in open_export(file) if isinstance(each, Incoming))
            Intake(database, lambda: NOW).apply(sends, source="import:export.csv")

    model = fresh()
    read_and_take(model)
    rows = _finished(model)

    def rate(job: Callable[[Path], None]) -> Callable[[], float]:
        def run() -> float:
            path = fresh()
            seconds = timed(lambda: job(path))() / 1000
            path.unlink()
            return _IMPORTED / seconds

        return run

    ours, floor = bench.medians(rate(read_and_take), rate(lambda path: _store(path, rows)))
    return Figure(
        name="import of a CSV file", ours=ours, against="executemany of the same rows", floor=floor,
        unit="sends/s", target=0.33, more_is_better=True,
    )  # fmt: skip


def _finished(path: Path) -> dict[str, list[Row]]:
    with closing(sqlite3.connect(path)) as raw:
        return {table: raw.execute(f"SELECT * FROM {table}").fetchall() for table in _TABLES}


def _store(path: Path, rows: dict[str, list[Row]]) -> None:
    with closing(open_bare(path)) as raw:
        raw.execute("BEGIN IMMEDIATE")
        for table, several in rows.items():
            if several:
                marks = ", ".join("?" * len(several[0]))
                raw.executemany(f"INSERT INTO {table} VALUES ({marks})", several)
        raw.execute("INSERT INTO send_text(send_text) VALUES ('rebuild')")
        raw.execute("COMMIT")


def set_bare(raw: sqlite3.Connection, ids: Sequence[int]) -> None:
    """Put an override on sends, an event behind each of their histories, and the stays that this ended."""
    values = ("canceled", "measured", "raw", _NOW, "canceled", "closed", _NOW, _NEVER, _NEVER)
    given = [(*values, 99, b"0" * 16, each) for each in ids]
    columns = ", ".join(f"{name} = ?" for name in _OF_AN_OVERRIDE)
    raw.execute("BEGIN IMMEDIATE")
    raw.executemany(f"UPDATE send SET {columns} WHERE id = ?", given)
    raw.executemany(
        "INSERT INTO event (send_id, seq, at, recorded_at, kind, from_status, to_status, raw, actor, source,"
        " reason, detail, hash) VALUES (?, 99, ?, ?, 'override', '', 'canceled', '', 'raw', 'desk', 'measured',"
        " '{}', ?)",
        [(each, _NOW, _NOW, b"0" * 16) for each in ids],
    )
    raw.executemany(
        "INSERT INTO breach (send_id, provider, status, began, due_at, ended_at)"
        " VALUES (?, 'sendoso', 'order_received', ?, ?, ?)",
        [(each, _NOW, _NOW, _NOW) for each in ids],
    )
    raw.execute(
        "INSERT INTO stay_count (day, provider, status, lengths, reopened)"
        " VALUES ('2026-11-20', 'sendoso', 'order_received', ?, 0)",
        [f'{{"400": {len(ids)}}}'],
    )
    raw.execute("COMMIT")


def open_bare(path: Path) -> sqlite3.Connection:
    """Open the file at *path* for bare SQL, as durable as the desk's own connections."""
    raw = sqlite3.connect(path, isolation_level=None)
    for setting in _LIKE_OURS:
        raw.execute(f"PRAGMA {setting}")
    return raw


def _copy(bench: Bench, path: Path, name: str) -> Path:
    copy = bench.folder / name
    # A log that an earlier run has left belongs to another state of the file.
    for old in bench.folder.glob(f"{name}-*"):
        old.unlink()
    shutil.copyfile(path, copy)
    return copy

"""How long the report takes, beside reading the sends or the history once."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

from models.database import open_database
from models.desk import Desk
from models.report.sections import sections
from models.report.shift import shift_text
from models.report.span import parse_span
from tests.benchmarks.figures import NOW, Bench, Figure, timed
from tests.benchmarks.queries import COVERED

HISTORY = "SELECT kind, to_status, count(*), max(at) FROM event GROUP BY 1, 2"
"""What a report would have to read at least that keeps nothing with the writes."""
_YEAR = "365d"


def report(bench: Bench) -> Iterator[Figure]:
    """Measure the first section, the whole report of a month and of a year, and an agent's day."""
    path = bench.desk()
    with closing(open_database(path)) as database, closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA cache_size=-16000")
        desk = Desk(database, "ana", lambda: NOW)

        def counted(since: str, most: int | None = None) -> None:
            span = parse_span(since, desk.local_time(), desk.calendar())
            for place, _ in enumerate(sections(desk, span), 1):
                if place == most:
                    return

        covered = timed(lambda: raw.execute(COVERED).fetchall())
        history = timed(lambda: raw.execute(HISTORY).fetchall())
        rows = (
            ("report: first section", lambda: counted("30d", 1), "covered", 3.0, 100),
            ("report: 30 days", lambda: counted("30d"), "history", 0.5, 200),
            ("report: a year", lambda: counted(_YEAR), "history", 1.0, 500),
            ("report --shift", lambda: shift_text(desk), "covered", 2.0, 100),
        )
        floors = {
            "covered": ("a scan of a covering index", covered),
            "history": ("reading the history once", history),
        }
        for name, job, floor, target, enough in rows:
            against, other = floors[floor]
            ours, theirs = bench.medians(timed(job), other)
            # A small desk has little to scan: there the report is held to so many milliseconds.
            target = max(target, enough / theirs)
            yield Figure(name=name, ours=ours, against=against, floor=theirs, target=target)

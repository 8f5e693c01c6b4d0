"""How long questions to a large desk on a server take, beside the same or the barest SQL on that server.

Run `python -m tests.benchmarks server --database postgresql://…`. An empty desk is filled with as many
sends as `--sends` says, which takes minutes for a million; one with sends is measured as it is.
"""

from collections.abc import Iterator
from contextlib import closing
from statistics import median

import psycopg

from models import demo
from models.database import open_database, upgrade_database
from models.desk import Desk
from tests.benchmarks import queries, startup
from tests.benchmarks.figures import NOW, SMALL, Bench, Figure, timed

_FRAME, _ROWS = queries.FRAME, queries.ROWS
_FILTERS = (
    *queries.FILTERS,
    "status:delivered OR owner:jo", "-status:delivered", "is:final tanaka sort:since", "changed:today",
    "by:jo", "note:customer",
)  # fmt: skip


def server(bench: Bench) -> Iterator[Figure]:
    """Measure filters, searches, counts, overdue sends and the first row."""
    assert bench.database is not None
    _prepare(bench.database, bench.sends)
    with (
        closing(open_database(bench.database)) as database,
        psycopg.connect(bench.database, autocommit=True) as raw,
    ):
        # Like the desk, have each statement planned for what it asks for.
        raw.prepare_threshold = None
        desk = Desk(database, "ana", lambda: NOW)
        yield from _filters(bench, desk, raw)
        yield _searches(bench, desk, raw)
        scan = timed(lambda: raw.execute(queries.COVERED).fetchall())
        yield from queries.counts(bench, desk, scan)
        yield from _overdue(bench, desk, raw)
        yield _first_row(bench, desk)


def _prepare(address: str, sends: int) -> None:
    upgrade_database(address)
    with closing(open_database(address)) as database:
        if Desk(database, "ana", lambda: NOW).total() == 0:
            demo.make(database, sends=sends, now=NOW)
            with database.engine.connect() as connection:
                connection.exec_driver_sql("ANALYZE")


def _filters(bench: Bench, desk: Desk, raw: "psycopg.Connection[object]") -> Iterator[Figure]:
    sides = {}
    for text in _FILTERS:
        heard = queries.statements_of(
            desk.database, lambda text=text: queries.first_window(desk, text)
        )
        sides[text] = bench.medians(
            timed(lambda text=text: queries.first_window(desk, text)),
            timed(lambda heard=heard: [raw.execute(*each).fetchall() for each in heard]),
        )
    ratios = {text: (ours + _FRAME) / (floor + _FRAME) for text, (ours, floor) in sides.items()}
    in_turn = sorted(ratios, key=ratios.__getitem__)
    slowest = max(sides, key=lambda text: sides[text][0])
    for kind, text, target in (
        ("typical", in_turn[len(in_turn) // 2], 2),
        ("worst", in_turn[-1], 4),
        ("slowest", slowest, 4),
    ):
        ours, floor = sides[text]
        yield Figure(
            name=f"{kind} of {len(sides)} filters: {text or 'no filter'}", ours=ours + _FRAME,
            against="the same SQL and a frame", floor=floor + _FRAME, target=target,
        )  # fmt: skip


def _searches(bench: Bench, desk: Desk, raw: "psycopg.Connection[object]") -> Figure:
    sides = []
    for text in queries.SEARCHES:
        words = text.split()
        anywhere = " OR ".join(f"{column} ILIKE %s" for column in queries.SEARCHED)
        scan = f"SELECT id FROM send WHERE {' AND '.join(f'({anywhere})' for _ in words)}"
        given = [f"%{word}%" for word in words for _ in queries.SEARCHED]
        sides.append(
            bench.medians(
                timed(lambda text=text: queries.first_window(desk, text)),
                timed(lambda scan=scan, given=given: raw.execute(scan, given).fetchall()),
            )
        )
    ours, floor = (median(side) for side in zip(*sides, strict=True))
    return Figure(
        name="search anywhere in a text", ours=ours, against="a scan with ILIKE", floor=floor, target=0.05
    )  # fmt: skip


def _overdue(bench: Bench, desk: Desk, raw: "psycopg.Connection[object]") -> Iterator[Figure]:
    where = "FROM send WHERE due_at < %s"
    text = "urgency:over,now sort:due"
    for name, job, statement in (
        (
            "list of what is past its limit",
            lambda: queries.first_window(desk, text),
            f"SELECT * {where} ORDER BY due_at, id LIMIT {_ROWS}",
        ),
        (
            "count of it",
            lambda: desk.count(desk.listing(desk.parse(text))),
            f"SELECT count(*) {where}",
        ),
    ):
        ours, floor = bench.medians(
            timed(job), timed(lambda one=statement: raw.execute(one, [NOW]).fetchall())
        )
        yield Figure(
            name=name, ours=ours + _FRAME, against="a range of an index and a frame",
            floor=floor + _FRAME, target=2,
        )  # fmt: skip


def _first_row(bench: Bench, desk: Desk) -> Figure:
    """Compare with the desk on a small file, which reads its first rows before all else."""
    (first,) = desk.window(desk.listing(desk.parse("is:triage sort:due")), 0, 1)
    small = bench.desk(SMALL)
    ours, floor = bench.medians(
        lambda: startup.opening(bench.database, (first.ref.encode(),)),
        lambda: startup.opening(small, (startup.first_row(small),)),
    )
    return Figure(
        name=f"first row of {desk.total():,} sends", ours=ours,
        against=f"a file with {SMALL:,} sends", floor=floor,
    )  # fmt: skip

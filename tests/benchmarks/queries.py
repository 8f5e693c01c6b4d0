"""How long questions to a large desk take, beside the same or the barest SQL, sent by hand."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from models.database import Database, open_database
from models.desk import Desk
from models.reading.listing import Listing
from tests.benchmarks.figures import NOW, Bench, Figure, timed

FRAME = 1000 / 60
"""Milliseconds of one frame, which an agent waits for on both sides."""
ROWS = 200
FILTERS = (
    "is:triage", "is:mine", "is:unowned", "is:escalated", "is:overridden", "is:snoozed", "",
    "status:fulfillment_issue", "status:delivered", "status:shipped age>7d", "status:out_of_stock sort:since",
    "status:fulfillment_issue,undeliverable age>3d sort:since", "status:delivered owner:jo",
    "stage:problem", "stage:moving provider:goody", "urgency:over", "urgency:soon", "owner:jo,raj sort:since",
    "provider:goody", "type:egift", "age>300d", "age<1d", "created>2026-11-01", "is:final sort:-created",
    "company:lotus sort:recipient", "sort:owner", "sort:status", "sort:-since",
)  # fmt: skip
SEARCHES = (
    "S-104233", "10423", "quill volta", "tanaka lotus", "1Z999AA100", "zoë", "raman@", "tanaka", "lotus",
    "sakura", "ana", "coffee", "welcome", "1Z999AA1", "example", "nobody-at-all",
)  # fmt: skip
"""From no hit to a million, in every column."""
_BESIDES = ("tanaka sort:-created", "lotus sort:recipient", "coffee status:fulfillment_issue")
"""The same in other orders and beside another term."""
_SHORT = ("jo", "qu", "s", "1z")
SEARCHED = (
    "recipient_name",
    "recipient_email",
    "company",
    "campaign",
    "ref",
    "external_id",
    "tracking_number",
)
_HISTORY = {
    "by:jo": "actor = 'jo' OR source = 'jo' OR actor LIKE 'jo:%' OR source LIKE 'jo:%'",
    "note:warehouse": "lower(reason) LIKE '%warehouse%'",
    "changed:yesterday": "recorded_at >= '2026-11-19' AND recorded_at < '2026-11-20'",
    "changed:-2h": "recorded_at >= '2026-11-20 07:41'",
    "by:sendoso": "actor = 'sendoso' OR source = 'sendoso'",
}
COVERED = "SELECT status, provider, type, owner, count(*) FROM send GROUP BY 1, 2, 3, 4"
Statement = tuple[str, Any]


def queries(bench: Bench) -> Iterator[Figure]:
    """Measure filters, searches, counts and overdue sends at the models' level."""
    path = bench.desk()
    with closing(open_database(path)) as database, closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA cache_size=-16000")
        desk = Desk(database, "ana", lambda: NOW)
        yield from _filters(bench, desk, raw)
        yield from _searches(bench, desk, raw)
        yield from counts(bench, desk, timed(lambda: _run(raw, [(COVERED, ())])))
        yield from _overdue(bench, desk, raw)


def _filters(bench: Bench, desk: Desk, raw: sqlite3.Connection) -> Iterator[Figure]:
    sides = {}
    for text in FILTERS:
        statements = statements_of(desk.database, lambda text=text: first_window(desk, text))
        sides[text] = bench.medians(
            timed(lambda text=text: first_window(desk, text)),
            timed(lambda statements=statements: _run(raw, statements)),
        )
    ratios = {text: (ours + FRAME) / (floor + FRAME) for text, (ours, floor) in sides.items()}
    typical = sorted(ratios, key=ratios.__getitem__)[len(ratios) // 2]
    worst = max(ratios, key=ratios.__getitem__)
    for kind, text, target in (("typical", typical, 2), ("worst", worst, 4)):
        ours, floor = sides[text]
        yield Figure(
            name=f"{kind} of {len(sides)} filters: {text or 'no filter'}", ours=ours + FRAME,
            against="the same SQL and a frame", floor=floor + FRAME, target=target,
        )  # fmt: skip


def _searches(bench: Bench, desk: Desk, raw: sqlite3.Connection) -> Iterator[Figure]:
    for name, texts, before in (
        ("anywhere in a text", (*SEARCHES, *_BESIDES), "%"),
        ("of one or two letters", _SHORT, ""),
    ):
        sides = {}
        for text in texts:
            scan = _scan([word for word in text.split() if ":" not in word], before)
            sides[text] = bench.medians(
                timed(lambda text=text: first_window(desk, text)),
                timed(lambda scan=scan: _run(raw, [scan])),
            )
        yield from _typical_and_worst(f"searches {name}", sides, "a scan with LIKE")
    yield from _history(bench, desk, raw)
    for text in ("tanaka", "coffee"):
        listing = desk.listing(desk.parse(text))
        desk.window(listing, 0, ROWS)
        total = desk.count(listing).value
        ours, floor = bench.medians(
            timed(lambda found=listing, total=total: _ends(desk, found, total)),
            timed(lambda text=text: _run(raw, [_scan([text], "%")])),
        )
        yield Figure(
            name=f"middle and end of the list of “{text}”", ours=ours,
            against="a scan with LIKE", floor=floor, target=0.05,
        )  # fmt: skip


def _history(bench: Bench, desk: Desk, raw: sqlite3.Connection) -> Iterator[Figure]:
    sides = {}
    for text, condition in _HISTORY.items():
        scan = (f"SELECT DISTINCT send_id FROM event NOT INDEXED WHERE {condition}", ())
        sides[text] = bench.medians(
            timed(lambda text=text: first_window(desk, text)),
            timed(lambda scan=scan: _run(raw, [scan])),
        )
    yield from _typical_and_worst("questions to the history", sides, "a scan of it")


def _typical_and_worst(
    what: str, sides: Mapping[str, tuple[float, float]], against: str
) -> Iterator[Figure]:
    ratios = {text: ours / floor for text, (ours, floor) in sides.items()}
    ranked = sorted(ratios, key=ratios.__getitem__)
    for kind, text in (("typical", ranked[len(ranked) // 2]), ("worst", ranked[-1])):
        ours, floor = sides[text]
        yield Figure(
            name=f"{kind} of {len(sides)} {what}: {text}", ours=ours,
            against=against, floor=floor, target=0.05,
        )  # fmt: skip


def _scan(words: Sequence[str], before: str) -> Statement:
    """Return what finds the sends that have all *words*, each behind *before*, without an index."""
    clause = " AND ".join(
        "(" + " OR ".join(f"{column} LIKE ?" for column in SEARCHED) + ")" for _ in words
    )
    given = [f"{before}{word}%" for word in words for _ in SEARCHED]
    return f"SELECT id FROM send WHERE {clause}", given


def _ends(desk: Desk, listing: Listing, total: int) -> None:
    for start in (total // 2, max(total - ROWS, 0)):
        desk.window(listing, start, ROWS)


def counts(bench: Bench, desk: Desk, scan: Callable[[], float]) -> Iterator[Figure]:
    """Measure the counts beside a list against *scan*, which reads an index of all that they count."""
    everything, filtered = desk.parse(""), desk.parse("is:triage")
    for name, job, target in (
        ("counts of the views", desk.view_counts, 0.1),
        ("facets without a filter", lambda: desk.facets(everything), 0.1),
        ("facets of a filter", lambda: desk.facets(filtered), 1),
    ):
        ours, floor = bench.medians(timed(job), scan)
        yield Figure(
            name=name, ours=ours, against="a scan of a covering index", floor=floor, target=target
        )


def _overdue(bench: Bench, desk: Desk, raw: sqlite3.Connection) -> Iterator[Figure]:
    past = {"now": NOW.replace(tzinfo=None).isoformat(" ", "microseconds")}
    where = "FROM send WHERE due_at < :now"
    page = (f"SELECT * {where} ORDER BY due_at, id LIMIT {ROWS}", past)
    count = (f"SELECT count(*) {where}", past)
    text = "urgency:over,now sort:due"
    for name, job, statement in (
        ("list of what is past its limit", lambda: first_window(desk, text), page),
        ("count of it", lambda: desk.count(desk.listing(desk.parse(text))), count),
    ):
        ours, floor = bench.medians(timed(job), timed(lambda one=statement: _run(raw, [one])))
        yield Figure(
            name=name, ours=ours + FRAME, against="a range of an index and a frame",
            floor=floor + FRAME, target=2,
        )  # fmt: skip


def first_window(desk: Desk, text: str) -> object:
    return desk.window(desk.listing(desk.parse(text)), 0, ROWS)


def statements_of(database: Database, job: Callable[[], object]) -> list[Statement]:
    """Return what *job* asks the database."""
    heard: list[Statement] = []

    def listen(
        connection: sa.Connection, cursor: object, statement: str, given: Any, *_: object
    ) -> None:
        heard.append((statement, given))

    with _listening(database, listen):
        job()
    return heard


@contextmanager
def _listening(database: Database, listen: Callable[..., None]) -> Iterator[None]:
    event.listen(database.engine, "before_cursor_execute", listen)
    try:
        yield
    finally:
        event.remove(database.engine, "before_cursor_execute", listen)


def _run(raw: sqlite3.Connection, statements: list[Statement]) -> None:
    for statement, given in statements:
        if not statement.startswith("BEGIN"):
            raw.execute(statement, given).fetchall()

"""A demo with a past: two months of imports, rules and work, the same with every making."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from models.database import Database, open_database
from models.demo import make
from models.desk import Desk
from models.history.audit import verify
from models.reading.credits import CreditFilter, totals
from models.report.sections import sections
from models.report.span import parse_span
from models.store.tables import Event, col

NOW = datetime(2026, 11, 27, 15, 40, tzinfo=UTC)
TOLD = sa.select(
    *map(col, (Event.send_id, Event.recorded_at, Event.at, Event.kind, Event.actor, Event.detail))
).order_by(col(Event.id))
"""All of the history but the numbers that writes are known by."""


def made(path: Path, sends: int) -> Database:
    database = open_database(path, is_draft=True)
    make(database, sends=sends, now=NOW, with_batches=True, with_past=True)
    return database


def triage(desk: Desk) -> set[int]:
    return {send.id for send in desk.window(desk.listing(desk.parse("is:triage")), 0, 200)}


def test_its_lists_credits_and_report_have_a_past(tmp_path: Path) -> None:
    with closing(made(tmp_path / "demo.db", 400)) as database:
        demo = Desk(database, "ana", lambda: NOW)

        with database.read() as connection:
            rows = connection.execute(TOLD).all()
        recorded = [row.recorded_at for row in rows]
        assert recorded == sorted(recorded)
        assert recorded[0] < NOW - timedelta(days=55) < NOW == recorded[-1]
        assert all(row.at <= row.recorded_at for row in rows if row.at)
        assert not verify(database).problems

        past = demo.as_it_was(NOW - timedelta(days=7))
        here, there = triage(demo), triage(past)
        past.database.close()
        assert here - there
        assert there - here

        stands = {each.stand for each in totals(demo, CreditFilter())}
        assert stands == {"expected", "overdue", "confirmed"}

        span = parse_span("30d", demo.local_time(), demo.calendar())
        found = {section.key: section.figures[0] for section in sections(demo, span)}
        assert all(found[key].before for key in ("stuck", "breaches", "lengths", "handled"))


def test_the_same_number_makes_the_same_demo(tmp_path: Path) -> None:
    histories = []
    for name in ("one.db", "two.db"):
        with closing(made(tmp_path / name, 30)) as database, database.read() as connection:
            histories.append(connection.execute(TOLD).all())
    assert histories[0] == histories[1]

"""What the desk shows before its database layer is loaded is what it shows afterwards."""

import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from models.database import open_database
from models.demo import make
from models.desk import Desk
from models.reading import first_rows as reading
from models.reading.first_rows import BY_TRIAGE, ROWS, FirstRows, first_rows, page
from models.rules.views import VIEWS
from tests.support.in_triage import leave_in_triage
from tests.support.query_plans import plans_of
from tests.support.sample_cases import NOW
from tests.support.terminal import ROOT


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("first_rows") / "100% # ü.db"
    database = open_database(path)
    make(database, sends=3000, now=NOW)
    database.close()
    return path


@pytest.fixture
def desk(made_up: Path) -> Iterator[Desk]:
    database = open_database(made_up)
    yield Desk(database, "ana", lambda: NOW)
    database.close()


@pytest.mark.parametrize("days", [-400, -30, 0, 2, 4000])
def test_the_first_rows_are_those_of_triage(made_up: Path, desk: Desk, days: int) -> None:
    now = NOW + timedelta(days=days)
    desk.now = lambda: now
    triage = desk.listing(desk.parse(VIEWS[0].query))
    seen = first_rows(str(made_up), now)
    assert seen is not None
    assert seen.rows == desk.window(triage, 0, ROWS)
    assert seen.total == desk.count(triage).value


@pytest.fixture(scope="module")
def put_off(made_up: Path) -> Path:
    """A desk of which nearly all that is past its limit was put off, and 7 sends are in triage."""
    path = made_up.with_name("put off.db")
    shutil.copyfile(made_up, path)
    leave_in_triage(path, 7, NOW)
    return path


@pytest.mark.parametrize(("many", "scanned"), [(50_000, 20_000), (0, 20_000), (0, 3)])
@pytest.mark.parametrize("size", [0, 7, 700])
def test_they_are_the_same_whichever_way_they_are_found(
    made_up: Path, monkeypatch: pytest.MonkeyPatch, size: int, many: int, scanned: int
) -> None:
    monkeypatch.setattr(reading, "MANY", many)
    monkeypatch.setattr(reading, "SCANNED", scanned)
    path = made_up.with_name(f"{size} {many} {scanned}.db")
    shutil.copyfile(made_up, path)
    leave_in_triage(path, size, NOW)
    seen = first_rows(str(path), NOW)
    database = open_database(path)
    desk = Desk(database, "ana", lambda: NOW)
    triage = desk.listing(desk.parse(VIEWS[0].query))
    assert seen is not None
    assert seen.rows == desk.window(triage, 0, ROWS)
    assert seen.total == desk.count(triage).value == size
    assert seen.next_due == (desk.next_due() if not size else None)
    assert seen.has_sends
    database.close()


def test_few_in_triage_are_not_looked_for_among_all_that_are_due(put_off: Path) -> None:
    now = {"now": NOW.replace(tzinfo=None).isoformat(" ", "microseconds")}
    with closing(sqlite3.connect(put_off)) as connection:
        asked = f"EXPLAIN QUERY PLAN {page(BY_TRIAGE)}"
        plan = [row[3] for row in connection.execute(asked, now)]
    assert "SEARCH send USING COVERING INDEX send_triage (triage_at<?)" in plan
    assert not any("send_due" in step for step in plan)


def test_the_desk_looks_for_them_in_the_same_way(put_off: Path) -> None:
    database = open_database(put_off)
    desk = Desk(database, "ana", lambda: NOW)
    with plans_of(database, re.compile(r"\bFROM send\b")) as plan:
        assert len(desk.window(desk.listing(desk.parse("is:triage")), 0, ROWS)) == 7
    database.close()
    assert any("send_triage" in step for step in plan)
    assert not any("send_due" in step for step in plan)


def test_an_empty_desk_says_so(tmp_path: Path) -> None:
    database = open_database(tmp_path / "empty.db")
    assert first_rows(str(tmp_path / "empty.db"), NOW) == FirstRows((), 0, None, has_sends=False)
    database.close()


def test_a_limit_that_ends_this_very_moment_is_read_alike(made_up: Path, desk: Desk) -> None:
    moments = {row.triage_at for row in desk.window(desk.listing(desk.parse("is:triage")), 0, 40)}
    for moment in moments:
        assert moment is not None
        desk.now = lambda now=moment: now  # type: ignore[misc]
        triage = desk.listing(desk.parse(VIEWS[0].query))
        seen = first_rows(f"sqlite:///{made_up}", moment)
        assert seen is not None
        assert (seen.rows, seen.total) == (
            desk.window(triage, 0, ROWS),
            desk.count(triage).value,
        )


def test_it_gives_the_part_of_its_rows_that_is_asked_for(made_up: Path) -> None:
    seen = first_rows(str(made_up), NOW)
    assert seen is not None
    assert seen.window(3, 2) == seen.rows[3:5]
    assert seen.window(ROWS, ROWS) == ()


def test_what_only_the_desk_can_tell_is_left_to_it(tmp_path: Path, made_up: Path) -> None:
    assert first_rows("postgresql://desk@localhost/sends", NOW) is None
    assert first_rows(str(tmp_path / "none.db"), NOW) is None
    assert first_rows(str(tmp_path), NOW) is None
    text = tmp_path / "text.db"
    text.write_text("no database, but a rather long text that says so" * 100)
    assert first_rows(str(text), NOW) is None
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num)")
        connection.execute("INSERT INTO alembic_version VALUES ('9999')")
    connection.close()
    assert first_rows(str(other), NOW) is None


def test_it_makes_no_file(tmp_path: Path) -> None:
    first_rows(str(tmp_path / "none.db"), NOW)
    assert list(tmp_path.iterdir()) == []


def test_it_needs_no_database_layer() -> None:
    code = "import sys, models.reading.first_rows; print({'sqlalchemy', 'pydantic', 'lark'} & {*sys.modules})"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert ran.stdout.strip() == "set()"

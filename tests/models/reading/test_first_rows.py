"""What the desk shows before its database layer is loaded is what it shows afterwards."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from models.database import open_database
from models.demo import make
from models.desk import Desk
from models.reading.first_rows import ROWS, first_rows
from models.rules.views import VIEWS
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

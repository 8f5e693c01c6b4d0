"""Migrations: what they make is what the program expects, and nothing of the program is in them."""

import ast
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from models.database import Database, migrations
from models.database.postgresql.backend import HISTORY_GUARD, LEDGER_GUARD
from models.database.sqlite import backend as sqlite
from models.query.keys import SEARCHED_COLUMNS

VERSIONS = sorted((Path(migrations.__file__).parent / "versions").glob("[0-9]*.py"))


def imported_by(path: Path) -> set[str]:
    """Return the packages that a module imports from."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
    return found


@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: path.stem)
def test_a_migration_reads_nothing_of_the_program(path: Path) -> None:
    assert imported_by(path) <= {"sqlalchemy", "alembic"}
    # What `schema.migrate` hands over is for `env.py`.
    assert ".attributes" not in path.read_text("utf-8")


def test_a_new_database_is_as_its_check_expects(database: Database) -> None:
    assert database.check() == []


def test_a_new_file_has_the_guards_that_its_check_knows_and_no_other_trigger(
    file_address: str,
) -> None:
    with closing(sqlite3.connect(file_address)) as connection:
        made = connection.execute(
            "SELECT sql, tbl_name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall()
    guarded = ("event", "credit")
    guards = {sql for sql, table in made if table in guarded}
    others = {table for _, table in made if table not in guarded}
    assert guards == {*sqlite.HISTORY_GUARDS, *sqlite.LEDGER_GUARDS}
    # A trigger on sends would run for every row of an import.
    assert others == {
        "threshold",
        "holiday",
        "saved_view",
        "warning",
        "setting_change",
        "business_hours",
        "rule_switch",
        "usual_span",
    }


def test_a_new_file_indexes_the_texts_that_the_program_puts_there(file_address: str) -> None:
    with closing(sqlite3.connect(file_address)) as connection:
        columns = connection.execute("PRAGMA table_info(send_text)").fetchall()
    assert tuple(name for _, name, *_ in columns) == SEARCHED_COLUMNS


def test_a_new_server_has_the_guards_that_its_check_knows(server_address: str) -> None:
    with closing(psycopg.connect(server_address)) as connection:
        made = connection.execute(
            "SELECT tgname, tgenabled, prosrc FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid"
            " WHERE tgname ~ '^(event|credit)_is_never_'"
        ).fetchall()
    assert {(name, source) for name, _, source in made} == {
        ("event_is_never_changed", HISTORY_GUARD),
        ("event_is_never_emptied", HISTORY_GUARD),
        ("credit_is_never_changed", LEDGER_GUARD),
        ("credit_is_never_emptied", LEDGER_GUARD),
    }

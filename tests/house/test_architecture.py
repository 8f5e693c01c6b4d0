"""What the structure promises: light modules stay light, migrations make what the tables say."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

import models
from models.database import Database
from models.store.schema_version import HEAD
from tests.support.terminal import ROOT

RULES = (
    "models.values.calendar", "models.values.text", "models.values.dates", "models.values.money", "models.providers.status",
    "models.providers", "models.providers.catalogue", "models.rules.advice", "models.records", "models.rules.state",
    "models.errors", "models.rules.views",
)  # fmt: skip
STORAGE = ("sqlalchemy", "sqlmodel", "pydantic", "alembic", "psycopg", "sqlite3")
SCREEN = ("textual", "rich", "click", "tui")


def loaded_by(module: str) -> set[str]:
    """Return what a new Python has loaded once it has imported *module*."""
    script = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("module", RULES)
def test_a_rule_module_loads_no_storage_and_no_screen(module: str) -> None:
    assert loaded_by(module).isdisjoint({*STORAGE, *SCREEN, "rapidfuzz", "lark"})


@pytest.mark.parametrize("module", ["models.desk", "models.intake.intake", "models.history.audit"])
def test_the_desk_loads_no_screen(module: str) -> None:
    assert loaded_by(module).isdisjoint({*SCREEN, "alembic"})


def test_the_version_is_told_without_screen_and_storage() -> None:
    script = (
        "import sys; from tui.__main__ import main\n"
        "sys.argv = ['senddesk', '--version']\n"
        "try: main()\n"
        "except SystemExit as end: print(end.code or 0)\n"
        "print(*sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert set(done.stdout.split()).isdisjoint({"textual", "sqlalchemy", "sqlmodel", "alembic"})


# SQLAlchemy cannot read indexes on expressions back; tests on query plans hold those.
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection:sqlalchemy.exc.SAWarning")
def test_migrations_make_exactly_what_the_tables_say(database: Database) -> None:
    options = {
        "compare_type": True,
        "include_name": lambda name, kind, _: kind != "table" or "send_text" not in str(name),
        "include_object": lambda item, name, kind, reflected, _: kind != "index" or not reflected,
    }
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, SQLModel.metadata) == []


def test_the_newest_migration_is_the_head() -> None:
    config = Config()
    folder = Path(models.__file__).parent / "database" / "migrations"
    config.set_main_option("script_location", str(folder))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_screens_work_where_refusals_and_closing_are_met() -> None:
    """A worker of Textual's own would end the desk with what it meets; `Jobs` tells the agent."""
    users = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tui").rglob("*.py")
        if "run_worker(" in path.read_text("utf-8")
    }
    assert users == {"tui/desk/jobs.py"}

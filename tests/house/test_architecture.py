"""What the structure promises: light modules stay light, migrations make what the tables say."""

import ast
import inspect
import subprocess
import sys
from dataclasses import is_dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Protocol

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel
from textual.widget import Widget

import models
import tui.desk
from models.database import Database
from models.store import live_tables  # noqa: F401 - the tables that only syncs load
from models.store.schema_version import HEAD
from tests.support.terminal import ROOT
from tui.desk.screen import DeskScreen

RULES = (
    "models.values.calendar", "models.values.text", "models.values.dates", "models.values.money", "models.providers.status",
    "models.providers", "models.providers.catalogue", "models.rules.advice", "models.records", "models.rules.state",
    "models.errors", "models.rules.views",
)  # fmt: skip
STORAGE = ("sqlalchemy", "sqlmodel", "pydantic", "alembic", "psycopg", "sqlite3")
SERVERS = (
    "httpx", "stamina", "standardwebhooks", "keyring", "starlette", "uvicorn", "jinja2", "models.live",
    "models.sandbox",
)  # fmt: skip
"""What asks the platforms, takes their messages or plays them: only its own commands load it."""
SCREEN = ("textual", "rich", "click", "tui")


def loaded_by(modules: str) -> set[str]:
    """Return what a new Python has loaded once it has imported *modules*."""
    script = f"import sys, {modules}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_the_rule_modules_load_no_storage_and_no_screen() -> None:
    assert loaded_by(", ".join(RULES)).isdisjoint({*STORAGE, *SCREEN, "rapidfuzz", "lark"})


def test_the_desk_loads_no_screen() -> None:
    loaded = loaded_by("models.desk, models.intake.intake, models.history.audit")
    assert loaded.isdisjoint({*SCREEN, "alembic"})


def test_the_first_frame_waits_for_no_records() -> None:
    loaded = loaded_by("tui.cli, tui.desk.splash")
    assert "tui.verbs" in loaded
    assert loaded.isdisjoint({*STORAGE, "models.records", "models.providers"})


def test_the_desk_line_by_line_loads_no_screen() -> None:
    loaded = loaded_by("tui.commands.opening, tui.plain.running, models.desk, models.database")
    assert "tui.plain.desk" in loaded
    assert loaded.isdisjoint({"textual", "rich", "alembic"})


def test_neither_desk_nor_list_loads_a_client_or_a_server() -> None:
    screen, plain = "tui.cli, tui.app, tui.desk.screen", "tui.plain.running"
    loaded = loaded_by(f"{screen}, {plain}, tui.commands.listing, models.desk, models.database")
    assert loaded.isdisjoint(SERVERS)


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
# It reads a check that is NOT VALID back with an option that it does not know itself.
@pytest.mark.filterwarnings(
    "ignore:Can't validate argument 'dialect_options':sqlalchemy.exc.SAWarning"
)
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


def parts_of_the_screen() -> list[type]:
    """Return every class of `tui.desk` but screens, widgets and plain values."""
    modules = [import_module(f"tui.desk.{each.name}") for each in iter_modules(tui.desk.__path__)]
    return [
        found
        for module in modules
        for found in vars(module).values()
        if isinstance(found, type)
        and found.__module__ == module.__name__
        and not issubclass(found, Widget)
        # Asked whether it is a subclass, `Protocol` says yes to whatever looks like one of its own.
        and Protocol not in found.__mro__
        and not is_dataclass(found)
    ]


def public_names(part: type) -> set[str]:
    """Return what others may use of *part*: its methods, its properties, its attributes."""
    (tree,) = ast.parse(inspect.getsource(part)).body
    attributes = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
    }
    return {name for name in {*vars(part), *attributes} if not name.startswith("_")}


@pytest.mark.parametrize("part", parts_of_the_screen(), ids=lambda part: part.__name__)
def test_a_part_of_the_screen_needs_little_and_offers_little(part: type) -> None:
    assert len(inspect.signature(part).parameters) <= 5
    assert len(public_names(part)) <= 15


def test_the_screen_inherits_from_textual_alone() -> None:
    ours = [each for each in DeskScreen.__mro__ if each.__module__.partition(".")[0] == "tui"]
    assert ours == [DeskScreen]


def test_no_part_of_the_screen_knows_the_screen() -> None:
    users = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tui").rglob("*.py")
        if "tui.desk.screen" in path.read_text("utf-8")
    }
    assert users == {"tui/app.py"}


def starts_workers(tree: ast.AST) -> bool:
    """Whether a file imports Textual's `work`, however it is written, or starts a worker."""
    return any(
        (isinstance(node, ast.alias) and node.name == "work")
        or (isinstance(node, ast.Attribute) and node.attr in ("work", "run_worker"))
        for node in ast.walk(tree)
    )


def test_screens_work_where_refusals_and_closing_are_met() -> None:
    """A worker of Textual's own would end the desk with what it meets; `Jobs` tells the agent."""
    users = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tui").rglob("*.py")
        if starts_workers(ast.parse(path.read_text("utf-8")))
    }
    assert users == {"tui/desk/jobs.py"}

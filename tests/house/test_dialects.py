"""Only `models.database` knows the kinds of databases; everything else asks its `Backend`."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.support.terminal import ROOT

DIALECT = re.compile(r"sqlite|postgres|psycopg|fts5|pragma|\bpg_|dialect\.name", re.IGNORECASE)
EXCEPTIONS = {
    "models/store/location.py": "tells the address of a server from the path of a file",
    "models/reading/first_rows.py": "reads a file while SQLAlchemy is still being imported",
    "models/files/sources.py": "knows a database handed over for an export by its first bytes",
    "models/sandbox/state.py": "keeps the made-up platform in a file of its own, which no desk opens",
    "tui/commands/setup.py": "says in --help which addresses --database takes",
}


def names(source: str) -> Iterator[str]:
    """Yield every name and text of a module's code that means a kind of database, without docstrings."""
    tree = ast.parse(source)
    docstrings = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if id(node) not in docstrings:
            yield from filter(DIALECT.search, _words(node))


def _words(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Constant(str(text)):
            yield text
        case ast.Name(word) | ast.keyword(str(word)) | ast.arg(word):
            yield word
        case ast.ImportFrom(str(word)) | ast.alias(word):
            yield word
        case ast.Attribute():
            yield ast.unparse(node)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import sqlite3", True),
        ("from psycopg import connect", True),
        ("if connection.dialect.name != kind: pass", True),
        ("sa.Index('name', postgresql_where=clause)", True),
        ("text = f'PRAGMA {name}'", True),
        ("'''As SQLite does.'''", False),
        ("def find():\n    '''As SQLite does.'''", False),
        ("x = 1\n'''What PostgreSQL takes.'''", False),
        ("csv.get_dialect(name)", False),
    ],
)
def test_a_name_is_seen_in_code_and_not_in_docstrings(source: str, found: bool) -> None:
    assert bool(list(names(source))) == found


def test_only_the_database_wing_names_a_kind_of_database() -> None:
    users = {
        path.relative_to(ROOT).as_posix()
        for package in ("models", "tui")
        for path in (ROOT / package).rglob("*.py")
        if ROOT / "models" / "database" not in path.parents and any(names(path.read_text("utf-8")))
    }
    assert users == set(EXCEPTIONS)

"""What the tests promise each other: no file reaches into what another one keeps for itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parents[1]
FILES = {path.relative_to(TESTS).as_posix(): path for path in TESTS.rglob("*.py")}
OPEN = {"_replace", "_asdict", "_fields", "_make", "_exit"}
"""Names that are public all the same: those of named tuples, and `os._exit`."""
KNOWN = {
    # Textual tells in no other way what is on the screen and what a key is called, and its own
    # pilot skips to the next frame in no other way.
    "support/stage.py": {"_compositor"},
    "support/pilot.py": {
        "_character_to_key",
        "_get_unicode_name_from_key",
        "_check_resize",
        "_on_timer_update",
        # Whether a widget waits for a message, and whether the event loop has something to run.
        "_message_queue",
        "_waiters",
        "_ready",
        # What the styles of an app are parsed by, and the colours that go into them.
        "_parse_rules",
        "_variables",
    },
    # Whether anything is painted, Textual tells in no other way.
    "tui/desk/test_behind_dialogs.py": {"_display"},
    "tui/commands/test_storage_commands.py": {"_SESSION", "_CONNECTING"},
}


def private(node: ast.AST) -> str | None:
    """Return the private name that *node* takes from an object or a module, if it does."""
    if isinstance(node, ast.Attribute) and not is_self(node.value):
        name = node.attr
    elif isinstance(node, ast.alias):
        name = node.name.rpartition(".")[2]
    else:
        return None
    return name if name.startswith("_") and not name.startswith("__") else None


def is_self(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id in ("self", "cls")


def own_names(tree: ast.AST) -> Iterator[str]:
    """Yield what a file defines itself, as a function, a class or an attribute of `self`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr


def test_no_file_reaches_for_private_names_of_another() -> None:
    """The driver keeps the screen private: how the screen is built is the driver's concern alone."""
    reached = {}
    for name, path in FILES.items():
        tree = ast.parse(path.read_text("utf-8"))
        taken = {found for node in ast.walk(tree) if (found := private(node))}
        reached[name] = taken - OPEN - set(own_names(tree)) - KNOWN.get(name, set())
    assert {name: taken for name, taken in reached.items() if taken} == {}


def imported(tree: ast.AST) -> Iterator[str]:
    """Yield the modules that a file imports, and those it may mean by a name from a package."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_no_file_imports_a_test_module() -> None:
    """What several tests need stands in tests/support, where a change of one test cannot break it."""
    found = {
        name: {
            module
            for module in imported(ast.parse(path.read_text("utf-8")))
            if module.rpartition(".")[2].startswith("test_") or module == "tests.conftest"
        }
        for name, path in FILES.items()
    }
    assert {name: modules for name, modules in found.items() if modules} == {}

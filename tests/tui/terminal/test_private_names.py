"""What Send Desk uses of Textual and Rich beyond their public names is listed, and is there."""

import ast
import pkgutil
import re
from functools import cache
from importlib import import_module
from inspect import getsource, isclass, isfunction
from pathlib import Path
from typing import Any

import pytest

import tui
from tui.terminal.private_names import PRIVATE_NAMES, PrivateName

FOREIGN = ("textual", "rich")
PUBLIC = {"_asdict", "_replace"}
"""Names with an underscore that Python documents: those of named tuples."""
MODULES = [
    import_module(each.name)
    for each in pkgutil.walk_packages(tui.__path__, "tui.")
    if each.name != "tui.__main__"
]


@cache
def trees() -> list[ast.Module]:
    """Return every module of the program as Python reads it."""
    return [ast.parse(Path(str(module.__file__)).read_text("utf-8")) for module in MODULES]


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def own_names() -> set[str]:
    """Return every private name that the program itself defines or assigns to `self`."""
    found = set()
    for node in (node for tree in trees() for node in ast.walk(tree)):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found.add(name)
            case ast.ClassDef(name=name) | ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
            case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Store()):
                found.add(name)
            case _:
                pass
    return found


def read_names() -> set[str]:
    """Return every private name that the program reads or imports and does not define."""
    found = set()
    for node in (node for tree in trees() for node in ast.walk(tree)):
        match node:
            case ast.Attribute(attr=name) if is_private(name):
                found.add(name)
            case ast.ImportFrom(module=str(module), names=names) if module.startswith(FOREIGN):
                is_hidden = any(is_private(part) for part in module.split("."))
                found |= {each.name for each in names if is_hidden or is_private(each.name)}
            case _:
                pass
    return found - own_names() - PUBLIC


def overridden_names() -> set[str]:
    """Return every private method of Textual that a class of the program defines anew."""
    classes = {kind for module in MODULES for kind in vars(module).values() if isclass(kind)}
    return {
        name
        for kind in classes
        if kind.__module__.startswith("tui.")
        for name, value in vars(kind).items()
        if is_private(name) and isfunction(value)
        if any(is_foreign(base) and hasattr(base, name) for base in kind.__mro__)
    }


def is_foreign(kind: type) -> bool:
    return kind.__module__.startswith(FOREIGN)


def has(owner: Any, name: str) -> bool:
    """Whether *owner*, a class or module, has this name, or gives it to its objects."""
    return hasattr(owner, name) or f"self.{name}" in getsource(owner)


def owner_of(private: PrivateName) -> Any:
    module, _, name = private.owner.partition(":")
    owner = import_module(module)
    return getattr(owner, name) if name else owner


@pytest.mark.parametrize("private", PRIVATE_NAMES, ids=str)
def test_the_private_name_is_there(private: PrivateName) -> None:
    assert has(owner_of(private), private.name)


def test_every_private_name_that_is_used_is_listed() -> None:
    assert read_names() | overridden_names() <= {private.name for private in PRIVATE_NAMES}


def test_every_listed_name_is_used() -> None:
    text = "".join(Path(str(module.__file__)).read_text("utf-8") for module in MODULES)
    assert [each for each in PRIVATE_NAMES if len(re.findall(rf"\b{each.name}\b", text)) < 2] == []

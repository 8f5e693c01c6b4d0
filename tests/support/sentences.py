"""The sentences that people can meet: texts of more than one word in the source, with where they stand."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
_NOT_SHOWN = ("models/database/migrations", "models/database/sqlite/fts_expression.py")
"""Where texts are for the database alone."""
_CODE = re.compile(
    r"^\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|ALTER|PRAGMA|BEGIN|COMMIT|SET|COPY|LOCK|WITH|VACUUM|ANALYZE"
    r"|SHOW|LISTEN|NOTIFY)\b|\bWHERE \w+ =|\bFROM \w+ |::|\{[^}]*;|^\s*[#.&]?[\w-]+ *\{|^\(\?|\\[bwds]"
    r"|^\w+=\w+|^\w+\[[\w\[]|^\{[^{}]*\}([ .,:;→·-]*\{[^{}]*\})+$"
)
"""What speaks to a database, a stylesheet or a regular expression."""
_WORDS = re.compile(r"[^\W\d_]{2,}[^\w\s]* +[^\w\s]*[^\W\d_]{2,}|^[A-Z][^\W\d_]+[.!?…]$")
"""Two words beside each other, or one that is a sentence."""
_COMMANDS = {"command", "group"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def sentences() -> dict[str, list[str]]:
    """Return the sentences of each source file that has any, in the order of the file."""
    found = {}
    for package in ("models", "tui"):
        for path in sorted((ROOT / package).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if name.startswith(_NOT_SHOWN):
                continue
            texts = list(dict.fromkeys(_shown(ast.parse(path.read_text("utf-8")))))
            if texts:
                found[name] = texts
    return found


def page() -> str:
    """Return one page with all sentences, under the names of their files."""
    parts = []
    for name, texts in sentences().items():
        lines = ("\n  ".join(text.strip().splitlines()) for text in texts)
        parts.append("\n".join([name, *(f"- {line}" for line in lines), ""]))
    return "\n".join(parts)


def _shown(tree: ast.Module) -> Iterator[str]:
    """Yield the texts of a module that are sentences; values in them stand as `{name}`."""
    unseen = set(_never_shown(tree))
    for node in _in_order(tree):
        if node in unseen:
            continue
        text = _text(node)
        if text is not None and _WORDS.search(text) and not _CODE.search(text):
            yield text


def _in_order(node: ast.AST) -> Iterator[ast.AST]:
    """Yield *node* and what is in it, in the order of the source, but not the parts of a text."""
    yield node
    if not isinstance(node, ast.JoinedStr):
        for child in ast.iter_child_nodes(node):
            yield from _in_order(child)


def _never_shown(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield the texts that only developers read: docstrings but those of commands, and stylesheets."""
    for node in ast.walk(tree):
        if isinstance(node, Function) and any(_is_command(each) for each in node.decorator_list):
            continue
        if isinstance(node, ast.Module | ast.ClassDef | Function):
            for each in node.body:
                if isinstance(each, ast.Expr):
                    yield each.value
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any("CSS" in ast.unparse(target) for target in targets):
                yield node.value


def _is_command(decorator: ast.expr) -> bool:
    """Whether *decorator* makes a function a command, whose docstring is its help."""
    function = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(function, ast.Attribute) and function.attr in _COMMANDS


def _text(node: ast.AST) -> str | None:
    """Return the text that *node* is, or None if it is none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if not isinstance(node, ast.JoinedStr):
        return None
    parts = []
    for each in node.values:
        if isinstance(each, ast.FormattedValue):
            parts.append(f"{{{ast.unparse(each.value)}}}")
        elif isinstance(each, ast.Constant):
            parts.append(str(each.value))
    return "".join(parts)

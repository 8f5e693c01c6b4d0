"""No data goes where Textual or Rich would read it as markup: a walk through the source.

Whoever gets a complaint wraps the value: `Text(value)`, `Content(value)`, `Content.assemble((value, style))`,
`Content.from_markup("… $name", name=value)`; or says `markup=False` where the widget has that.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Function = ast.FunctionDef | ast.AsyncFunctionDef

# Widgets whose first argument, and whose keyword of the given name, is read as markup.
CONSTRUCTORS = {
    "Static": "content", "Label": "content", "Button": "label", "Checkbox": "label",
    "RadioButton": "label", "Collapsible": "title", "Tab": "label", "TabPane": "title",
    "Option": "prompt", "Selection": "prompt", "Placeholder": "label", "Tree": "label",
    "Markdown": "markdown", "MarkdownViewer": "markdown", "Panel": "renderable",
}  # fmt: skip
STRICT_METHODS = {
    "notify", "from_markup", "from_text", "with_tooltip", "set_label", "add_option",
    "replace_option_prompt", "replace_option_prompt_at_index", "render_markup", "to_content",
}  # fmt: skip
# Names that other things have as well (a set, a hash, a file): only what is surely a str is a complaint.
LOOSE_METHODS = {
    "update", "add_row", "add_rows", "add_column", "add_columns", "add_options", "update_cell",
    "update_cell_at", "add_leaf", "add_task", "print", "add_tab", "add_pane", "ask", "rule",
}  # fmt: skip
KEYWORDS = {"tooltip", "border_title", "border_subtitle", "prompt", "description", "caption"}
ATTRIBUTES = {"border_title", "border_subtitle", "tooltip", "BORDER_TITLE", "BORDER_SUBTITLE"}
ONLY_FIRST = {"notify", "from_markup", "from_text", "set_label", "with_tooltip", "update", "ask"}
STR_TYPES = {
    "str", "LiteralString", "ContentType", "ContentText", "VisualType", "RenderableType", "TextType",
}  # fmt: skip
STR_CALLS = {
    "str", "repr", "ascii", "format", "join", "replace", "strip", "lstrip", "rstrip", "lower", "upper",
    "title", "capitalize", "casefold", "ljust", "rjust", "center", "strftime", "isoformat", "escape",
    "removeprefix", "removesuffix", "read_text", "decode", "input", "getenv", "format_map", "dedent",
}  # fmt: skip

PASS_ON = {
    "zip",
    "enumerate",
    "sorted",
    "reversed",
    "list",
    "tuple",
    "iter",
    "next",
    "filter",
    "islice",
}
NUMBERS = {"len", "int", "float", "bool", "sum", "round", "abs"}


class Risk(IntEnum):
    """How likely an expression is a str with data in it."""

    NONE = 0
    UNKNOWN = 1
    DATA = 2


@dataclass
class Known:
    """What the annotations of the whole tree say.

    Attributes:
        functions: What a module's function returns, by module and name.
        members: What a class's method returns or its field holds, by class and name.
        by_name: The worst of all members of that name, for owners of an unknown class.
        constructors: Classes whose first argument is read as markup, with that argument's name.
    """

    functions: dict[tuple[str, str], Risk] = field(default_factory=dict)
    members: dict[tuple[str, str], Risk] = field(default_factory=dict)
    by_name: dict[str, Risk] = field(default_factory=lambda: {"plain": Risk.DATA})
    constructors: dict[str, str] = field(default_factory=lambda: dict(CONSTRUCTORS))

    def learn(self, module: str, tree: ast.Module) -> None:
        for node in tree.body:
            if isinstance(node, Function):
                self.functions[module, node.name] = _annotated(node.returns)
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                self._learn_class(node)

    def _learn_class(self, node: ast.ClassDef) -> None:
        own_init = any(isinstance(n, Function) and n.name == "__init__" for n in node.body)
        for base in node.bases:
            if not own_init and (name := _last_name(base)) in self.constructors:
                self.constructors[node.name] = self.constructors[name]
        for part in node.body:
            match part:
                case ast.AnnAssign(target=ast.Name(id=name), annotation=kind):
                    self._learn_member(node.name, name, _annotated(kind))
                case (
                    ast.FunctionDef(name=name, returns=kind)
                    | ast.AsyncFunctionDef(name=name, returns=kind)
                ):
                    self._learn_member(node.name, name, _annotated(kind))

    def _learn_member(self, owner: str, name: str, risk: Risk) -> None:
        self.members[owner, name] = risk
        self.by_name[name] = max(risk, self.by_name.get(name, Risk.NONE))


@dataclass
class Judge:
    """Says how risky an expression is, inside one function (or a module, outside of any)."""

    known: Known
    module: str
    imports: dict[str, tuple[str, str]]
    scopes: tuple[ast.AST, ...]
    asked: frozenset[str] = frozenset()

    def risk(self, node: ast.expr | None) -> Risk:
        match node:
            case None | ast.Constant() | ast.Lambda() | ast.Compare():
                return Risk.NONE
            case ast.JoinedStr(values=parts):
                fixed = all(isinstance(getattr(p, "value", p), ast.Constant | str) for p in parts)
                return Risk.NONE if fixed else Risk.DATA
            case ast.BinOp(left=left, right=right) | ast.IfExp(body=left, orelse=right):
                return max(self.risk(left), self.risk(right))
            case (
                ast.BoolOp(values=parts)
                | ast.List(elts=parts)
                | ast.Set(elts=parts)
                | ast.Tuple(elts=parts)  # (prompt, value) of a choice, or several cells
            ):
                return max(map(self.risk, parts), default=Risk.NONE)
            case (
                ast.NamedExpr(value=inner)
                | ast.Starred(value=inner)
                | ast.Await(value=inner)
                | ast.Subscript(value=inner)
                | ast.ListComp(elt=inner)
                | ast.SetComp(elt=inner)
                | ast.GeneratorExp(elt=inner)
            ):
                return self.risk(inner)
            case ast.Call(func=ast.Attribute(value=owner, attr=name), args=args):
                return self._method(owner, name, args)
            case ast.Call(func=function, args=args):
                return self._function(_last_name(function), args)
            case ast.Attribute(value=owner, attr=name):
                return self._member(owner, name)
            case ast.Name(id=name):
                return self._name(name)
        return Risk.UNKNOWN

    def _function(self, name: str, args: list[ast.expr]) -> Risk:
        if (
            known := self.known.functions.get(self.imports.get(name, (self.module, name)))
        ) is not None:
            return known
        if name in PASS_ON:
            return max(map(self.risk, args), default=Risk.NONE)
        if name in STR_CALLS:
            return Risk.DATA
        # An object of a class is no str, whatever is in it.
        return Risk.NONE if name[:1].isupper() or name in NUMBERS else Risk.UNKNOWN

    def _method(self, owner: ast.expr, name: str, args: list[ast.expr]) -> Risk:
        if isinstance(owner, ast.Name) and owner.id in self.imports:
            module = ".".join(filter(None, self.imports[owner.id]))
            if (module, name) in self.known.functions:
                return self.known.functions[module, name]
        if name in STR_CALLS:
            return Risk.DATA
        if _last_name(owner) in {"Text", "Content"}:
            return Risk.NONE
        risk = self._member(owner, name)
        return Risk.NONE if risk is Risk.UNKNOWN and self.risk(owner) is Risk.NONE else risk

    def _member(self, owner: ast.expr, name: str) -> Risk:
        found = [
            self.known.members[kind, name]
            for kind in self._classes(owner)
            if (kind, name) in self.known.members
        ]
        return max(found, default=self.known.by_name.get(name, Risk.UNKNOWN))

    def _classes(self, node: ast.expr) -> set[str]:
        """The classes that the annotations of a name, or of what it is taken from, speak of."""
        if isinstance(node, ast.Call) and _last_name(node.func) in PASS_ON:
            return set().union(*map(self._classes, node.args))
        if not isinstance(node, ast.Name) or node.id in self.asked:
            return set()
        inner = replace(self, asked=self.asked | {node.id})
        for scope in reversed(self.scopes):
            found = list(_bindings(scope, node.id))
            if found:
                return set().union(
                    *(_names(v) if annotated else inner._classes(v) for v, annotated in found if v)
                )
        return set()

    def _name(self, name: str) -> Risk:
        if name in self.asked:
            return Risk.NONE
        inner = replace(self, asked=self.asked | {name})
        for scope in reversed(self.scopes):
            found = [
                _annotated(value) if annotated else inner.risk(value)
                for value, annotated in _bindings(scope, name)
            ]
            if found:
                return max(found)
        return Risk.UNKNOWN


def _bindings(scope: ast.AST, name: str) -> Iterator[tuple[ast.expr | None, bool]]:
    """What is bound to `name` in a scope: (annotation, True) or (value, False)."""
    if isinstance(scope, Function):
        given = scope.args
        for argument in [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg]:
            if argument and argument.arg == name:
                yield argument.annotation, True
    for node in _inside(scope):
        match node:
            case ast.AnnAssign(target=ast.Name(id=target), annotation=kind) if target == name:
                yield kind, True
            case ast.Assign(targets=targets, value=value) if any(_binds(t, name) for t in targets):
                yield value, False
            case ast.AugAssign(target=ast.Name(id=target), value=value) if target == name:
                yield value, False
            case ast.NamedExpr(target=ast.Name(id=target), value=value) if target == name:
                yield value, False
            case ast.For(target=target, iter=value) if _binds(target, name):
                yield value, False
            case ast.comprehension(target=target, iter=value) if _binds(target, name):
                yield value, False


def _inside(scope: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a scope without those of the functions and classes in it."""
    for child in ast.iter_child_nodes(scope):
        if not isinstance(child, Function | ast.ClassDef | ast.Lambda):
            yield child
            yield from _inside(child)


def _binds(target: ast.expr, name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(target))


def _annotated(annotation: ast.expr | None) -> Risk:
    if annotation is None:
        return Risk.UNKNOWN
    names = _names(annotation)
    if names & STR_TYPES:
        return Risk.DATA
    return Risk.UNKNOWN if names & {"Any", "object"} else Risk.NONE


def _names(annotation: ast.expr) -> set[str]:
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        annotation = ast.parse(annotation.value, mode="eval").body
    return {_last_name(n) for n in ast.walk(annotation) if isinstance(n, ast.Name | ast.Attribute)}


def _last_name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(value=inner) | ast.Call(func=inner):
            return _last_name(inner)
    return ""


def complaints(source: str, known: Known, module: str = "sample") -> list[str]:
    """Return a line for every place in `source` where data may be read as markup."""
    tree = ast.parse(source)
    imports = {
        name.asname or name.name: (node.module, name.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for name in node.names
    }
    judge = Judge(known, module, imports, (tree,))
    return [
        f"{module}:{node.lineno}: {sink} is given {ast.unparse(node)}"
        for sink, node in _sinks(tree, judge)
    ]


def _sinks(node: ast.AST, judge: Judge) -> Iterator[tuple[str, ast.expr]]:
    match node:
        case ast.Call():
            yield from _call_sinks(node, judge)
        case ast.Assign(targets=targets, value=value):
            names = {_last_name(target) for target in targets} & ATTRIBUTES
            if names and judge.risk(value) > Risk.NONE:
                yield min(names), value
    for child in ast.iter_child_nodes(node):
        inside = isinstance(child, Function)
        yield from _sinks(child, replace(judge, scopes=(*judge.scopes, child)) if inside else judge)


def _call_sinks(call: ast.Call, judge: Judge) -> Iterator[tuple[str, ast.expr]]:
    name = _last_name(call.func)
    keywords = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    markup = keywords.get("markup")
    if isinstance(markup, ast.Constant) and markup.value is False:
        return
    if isinstance(markup, ast.Constant) and markup.value is True:
        yield f"{name}(markup=True)", markup
    for key in KEYWORDS & keywords.keys() - {judge.known.constructors.get(name)}:
        floor = Risk.NONE if key not in {"description", "caption"} else Risk.UNKNOWN
        if judge.risk(keywords[key]) > floor:
            yield f"{name}({key}=)", keywords[key]
    if name in judge.known.constructors:
        given = [*call.args[:1], keywords.get(judge.known.constructors[name])]
        floor = Risk.NONE
    elif name in STRICT_METHODS or name in LOOSE_METHODS:
        given = list(call.args[:1] if name in ONLY_FIRST else call.args)
        if name == "update":  # of a dict or a set, when it is given several
            given = [v for v in given if not isinstance(v, ast.Tuple | ast.GeneratorExp | ast.Dict)]
        floor = Risk.NONE if name in STRICT_METHODS else Risk.UNKNOWN
    else:
        return
    for value in given:
        if value is not None and judge.risk(value) > floor:
            yield name, value


def learned(sources: Mapping[str, str]) -> Known:
    known = Known()
    for _ in range(2):  # once more for classes that were read before their bases
        for module, source in sources.items():
            known.learn(module, ast.parse(source))
    return known


def test_no_data_is_read_as_markup() -> None:
    sources = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): path.read_text(encoding="utf-8")
        for folder in ("tui", "models")
        for path in sorted((ROOT / folder).rglob("*.py"))
    }
    known = learned(sources)
    assert [line for module in sources for line in complaints(sources[module], known, module)] == []


BAD = {
    "f-string": 'def f(send):\n    Static(f"to {send.name}")',
    "argument": "def f(name: str):\n    Label(name)",
    "optional argument": "def f(name: str | None = None):\n    Label(name)",
    "unknown name": "def f(name):\n    Static(name)",
    "field": "class Send:\n    name: str\ndef f(send):\n    Static(send.name)",
    "property": "class A:\n    @property\n    def words(self) -> str: ...\ndef f(a):\n    Label(a.words)",
    "shown, but not wrapped": "def display_text(s: str) -> str: ...\ndef f(s):\n    Static(display_text(s))",
    "escaped": "from rich.markup import escape\ndef f(s: Text):\n    Static(escape(s))",
    "added": 'def f(name: str):\n    Static("to " + name)',
    "percent": 'def f(name: str):\n    Static("to %s" % name)',
    "format": 'def f(name):\n    Static("to {}".format(name))',
    "joined": 'def f(names: list[str]):\n    Static(", ".join(names))',
    "assigned": 'def f(a):\n    line = f"{a}"\n    Static(line)',
    "assigned twice": 'def f(a):\n    line = Text(a)\n    line = f"{a}"\n    Static(line)',
    "of a loop": "def f(names: list[str]):\n    for name in names:\n        Label(name)",
    "of a comprehension": "def f(names: list[str]):\n    return [Label(n) for n in names]",
    "closure": "def f(name: str):\n    def g():\n        Label(name)",
    "either": 'def f(name: str):\n    Label(name or "nobody")',
    "if": 'def f(name: str):\n    Label(name if name else "nobody")',
    "keyword": "def f(name: str):\n    Static(content=name)",
    "update": 'def f(self, n):\n    self.query_one("#a", Static).update(f"{n}")',
    "notify": 'def f(self, n):\n    self.notify(f"{n} taken")',
    "notify, asked for": 'def f(self):\n    self.notify("x", markup=True)',
    "title": 'def f(self, n):\n    self.border_title = f"{n}"',
    "subtitle": "def f(self, n: str):\n    self.border_subtitle = n",
    "tooltip": "def f(self, n: str):\n    self.tooltip = n",
    "tooltip keyword": "def f(n: str):\n    Button(Text(n), tooltip=n)",
    "cells": "def f(table, n: str):\n    table.add_row(Text(n), n)",
    "cells, starred": "def f(table, cells: list[str]):\n    table.add_row(*cells)",
    "cells, comprehension": "def f(table, cells: list[str]):\n    table.add_row(*(c for c in cells))",
    "column": "def f(table, n: str):\n    table.add_column(n)",
    "option": "def f(n: str):\n    Option(n, id=n)",
    "option, added": "def f(options, n):\n    options.add_option(n)",
    "choices": "def f(n: str):\n    Select([], prompt=n)",
    "button": "def f(n: str):\n    Button(n)",
    "tab": "def f(n: str):\n    TabPane(n)",
    "leaf": "def f(node, n: str):\n    node.add_leaf(n)",
    "template": 'def f(n):\n    Content.from_markup(f"[b]{n}[/b]")',
    "rich template": "def f(n: str):\n    Text.from_markup(n)",
    "from text": "def f(n: str):\n    Content.from_text(n)",
    "console": 'def f(console, n):\n    console.print(f"{n} rows")',
    "progress": 'def f(progress, n):\n    progress.add_task(f"reading {n}")',
    "markdown": "def f(note: str):\n    Markdown(note)",
    "own widget": "class Line(Static):\n    pass\ndef f(n: str):\n    Line(n)",
    "imported": "from sample import line\ndef line(n) -> str: ...\ndef f(n):\n    Static(line(n))",
    "plain of a text": "def f(n: Text):\n    Static(n.plain)",
    "field of that class": (
        "class A:\n    line: Content\nclass B:\n    line: str\n"
        "def f(many: list[B]):\n    for b in many:\n        Static(b.line)"
    ),
    "rich log": "def f():\n    RichLog(markup=True)",
}

GOOD = {
    "literal": 'Static("[b]Keys[/b]")',
    "two literals": 'Static("one " "two" + " three")',
    "text": "def f(n: str):\n    Static(Text(n))",
    "content": "def f(n: str):\n    Static(Content(n))",
    "assembled": 'def f(n: str):\n    Static(Content.assemble((n, "bold"), f" {n}"))',
    "styled": 'def f(n: str):\n    Static(Content(n).stylize("bold"))',
    "variable": 'def f(n: str):\n    Static(Content.from_markup("to $name", name=n))',
    "no markup": "def f(n: str):\n    Static(n, markup=False)",
    "notify": 'def f(self, n):\n    self.notify(f"{n} taken", markup=False)',
    "annotated": "def f(n: Text | Content):\n    Static(n)",
    "annotated name": "def f(a):\n    line: Content = a()\n    Static(line)",
    "function": "def line(n: str) -> Content: ...\ndef f(n: str):\n    Static(line(n))",
    "method": "class A:\n    def line(self) -> Text: ...\n    def f(self):\n        Static(self.line())",
    "assigned": "def f(n: str):\n    line = Text(n)\n    Static(line)",
    "either": 'def f(n: str):\n    Static(Text(n) if n else "nobody")',
    "constant": 'WORDS = "[b]x[/b]"\ndef f():\n    Static(WORDS)',
    "loop of literals": 'def f():\n    for word in ("a", "b"):\n        Label(word)',
    "cells": "def f(table, cells: list[Text]):\n    table.add_row(*cells)",
    "cells, comprehension": "def f(table, sends):\n    table.add_row(*(Text(s.name) for s in sends))",
    "no widget": "def f(seen: set[str], n: int):\n    seen.update(n)\n    seen.add(n)",
    "hash": "def f(digest, data: bytes):\n    digest.update(data)",
    "title": "def f(self, n: str):\n    self.border_title = Content(n)",
    "own widget": "class Line(Static):\n    def __init__(self, n: str):\n        super().__init__(Text(n))\ndef f(n: str):\n    Line(n)",
    "other first": 'def f(n: str):\n    Label(Text(n), id=n, classes=f"{n}")',
    "nothing": "Static()",
    "field of that class": (
        "class A:\n    line: Content\nclass B:\n    line: str\n"
        "def f(many: list[A]):\n    for a in many:\n        Static(a.line)"
    ),
    "zipped": (
        "def f(names: list[str]):\n    lines = (Text(n) for n in names)\n"
        "    return [Option(line) for line, _ in zip(lines, [1])]"
    ),
    "method of text": "def f(n: str):\n    line = Content(n)\n    Static(line.truncate(9))",
    "dictionary": "def f(marks: dict[str, str], names: list[str]):\n    marks.update((n, n) for n in names)",
}


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad_code_is_seen(source: str) -> None:
    assert len(complaints(source, learned({"sample": source}))) == 1


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good_code_is_left_in_peace(source: str) -> None:
    assert complaints(source, learned({"sample": source})) == []

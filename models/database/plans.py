"""A statement that asks how the database would run another one."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler


class Explained(sa.Executable, sa.ClauseElement):
    """The statement *asked* behind the word that explains it, with its parameters bound."""

    inherit_cache = False

    def __init__(self, word: str, asked: sa.Select[Any]) -> None:
        self.word = word
        self.asked = asked


@compiles(Explained)
def _explained(element: Explained, compiler: SQLCompiler, **options: Any) -> str:
    return f"{element.word} {compiler.process(element.asked, **options)}"


def indented(rows: Iterable[Any]) -> list[str]:
    """Return SQLite's steps, each below and further in than the step that it belongs to."""
    depths = {0: -1}
    steps = []
    for step, parent, _, words in rows:
        depths[step] = depths[parent] + 1
        steps.append(f"{'  ' * depths[step]}{words}")
    return steps

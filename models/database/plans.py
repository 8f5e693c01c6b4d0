"""EXPLAIN: a statement that asks how the database would run another one."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler


class Explained(sa.Executable, sa.ClauseElement):
    """The words *explain*, and behind them a statement with its parameters bound."""

    inherit_cache = False

    def __init__(self, explain: str, statement: sa.Select[Any]) -> None:
        self.explain = explain
        self.statement = statement


@compiles(Explained)
def _explained(element: Explained, compiler: SQLCompiler, **options: Any) -> str:
    return f"{element.explain} {compiler.process(element.statement, **options)}"


def indented(rows: Iterable[Any]) -> list[str]:
    """Return the steps of SQLite's query plan, each indented by two more than the step it belongs to.

    Args:
        rows: As EXPLAIN QUERY PLAN gives them: id, id of the parent (0 for none), unused, text.
    """
    depths = {0: -1}
    steps = []
    for step, parent, _, words in rows:
        depths[step] = depths[parent] + 1
        steps.append(f"{'  ' * depths[step]}{words}")
    return steps

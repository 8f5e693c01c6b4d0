"""How an agent left the desk: columns, orders, panes, colours and view, for the next start."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from models.values import private_file
from models.values.own_folders import own_folder

Place = Literal["", "below", "beside"]
Side = Literal["", "width", "height"]

NOT_READ: Final = (
    "Your saved layout (columns, sorting, panes, colours) could not be read: the defaults are used."
)
_MOST_BYTES = 200_000
_MOST_AGENTS = 20
_MOST_SORTS = 50
_LONGEST = 100
"""Characters of a name: of a view, a column or a theme."""


def memory_path() -> Path | None:
    """Return where it is kept, in the user's folder for state; None without a home."""
    folder = own_folder("state")
    return folder and folder / "desk.json"


@dataclass(slots=True)
class Memory:
    """What one agent has arranged; what is empty is as it is for everybody.

    A value that makes no sense counts as none. A file that cannot be read leaves everything empty, and
    one that cannot be written is left as it is: all is then remembered until the desk closes.
    """

    path: Path | None = None
    """The file; None remembers without one."""
    agent: str = ""
    problem: str = ""
    """Why what was kept is not used, as a sentence for the agent; empty if it is."""
    columns: tuple[str, ...] = ()
    """The keys of the list's columns, in their order."""
    sorts: dict[str, str] = field(default_factory=dict)
    """By the name of a view, the order that the agent gave it: `status`, `-created`."""
    hides_case: bool = False
    """Whether the case is not shown beside the list."""
    place: Place = ""
    """Where the case is, if the agent has moved it."""
    side: Side = ""
    """Which side of the case the agent has given a size."""
    cells: int = 0
    """That size."""
    terminal: tuple[int, int] = (0, 0)
    """Columns and rows of the terminal that the size was chosen for."""
    theme: str = ""
    view: str = ""
    """The name of the view that was open last."""
    _before: dict[str, Any] = field(default_factory=dict)
    """What the file says about the agent."""

    @classmethod
    def read(cls, path: Path | None, agent: str) -> "Memory":
        """Return what the file at *path* has kept for *agent*."""
        memory = cls(path, agent)
        try:
            stored = _stored(path)
        except (OSError, ValueError, RecursionError):
            memory.problem = NOT_READ
            return memory
        own = stored.get(agent)
        if isinstance(own, dict):
            memory._take(own)
        memory._before = memory.said()
        return memory

    def keep(self) -> None:
        """Write it to the file, beside what is kept for other agents, if it has changed."""
        said = self.said()
        if self.path is None or said == self._before:
            return
        try:
            others = _stored(self.path)
        except (OSError, ValueError, RecursionError):
            others = {}
        others.pop(self.agent, None)
        kept = [(self.agent, said), *others.items()][:_MOST_AGENTS]
        with suppress(OSError):
            private_file.replace(self.path, json.dumps(dict(kept)).encode())
            self._before = said

    def _take(self, own: Mapping[str, Any]) -> None:
        """Take over of *own* whatever makes sense."""
        self.columns = tuple(each for each in _list(own.get("columns")) if _is_name(each))
        sorts = own.get("sorts")
        if isinstance(sorts, dict):
            pairs = [(view, sort) for view, sort in sorts.items() if _is_name(view, sort)]
            self.sorts = dict(pairs[:_MOST_SORTS])
        self.hides_case = own.get("hides_case") is True
        if own.get("place") in ("below", "beside"):
            self.place = own["place"]
        size = _list(own.get("size"))
        if len(size) == 4 and size[0] in ("width", "height") and _is_cells(*size[1:]):
            self.side, self.cells, self.terminal = size[0], size[1], (size[2], size[3])
        self.theme = own["theme"] if _is_name(own.get("theme")) else ""
        self.view = own["view"] if _is_name(own.get("view")) else ""

    def said(self) -> dict[str, Any]:
        """Return what is kept, without what is as it is for everybody."""
        said = {
            "columns": list(self.columns),
            "sorts": dict(self.sorts),
            "hides_case": self.hides_case,
            "place": self.place,
            "size": [self.side, self.cells, *self.terminal] if self.side else [],
            "theme": self.theme,
            "view": self.view,
        }
        return {name: value for name, value in said.items() if value}


def _stored(path: Path | None) -> dict[str, Any]:
    """Return what the file holds, by agent.

    Raises:
        OSError: It cannot be read.
        ValueError: It is not what `Memory.keep` writes.
    """
    if path is None:
        return {}
    try:
        found = json.loads(private_file.read(path, _MOST_BYTES))
    except FileNotFoundError:
        return {}
    if not isinstance(found, dict):
        raise ValueError("no table")
    return found


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_name(*values: object) -> bool:
    return all(
        isinstance(value, str) and 0 < len(value) <= _LONGEST and value.isprintable()
        for value in values
    )


def _is_cells(*values: object) -> bool:
    return all(type(value) is int and 0 < value < 10_000 for value in values)

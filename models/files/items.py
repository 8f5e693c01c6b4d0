"""What reading one record of a file gives: a send, or why it is none and what is kept of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from models.providers.incoming import Incoming

_LONGEST_CELL = 10_000
"""How many characters of a cell of a rejected row are kept."""
_MOST_EXTRA = 20
"""How many cells beyond the header of a rejected row are kept apart."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record of a file that is not a send."""

    line: int
    """The number of its first line, or of its item in a JSON array; the first is 1."""
    reason: str
    """Why it is not a send, in words for an agent."""
    row: Mapping[str, str] = field(default_factory=dict)
    """Its cells by the names of the columns in the file, each cut to 10,000 characters."""
    unit: Literal["line", "item"] = "line"
    """What *line* counts."""

    @property
    def place(self) -> str:
        """Where it is, in words: `line 12`, `item 3`."""
        return f"{self.unit} {self.line}"


Read = Incoming | Rejected
"""What reading one record gives."""


class NoSend(ValueError):
    """A record is not a send; the message says why."""


class NoIdGuard:
    """Refuses sends without an id that cannot be told apart from one before them in the file."""

    def __init__(self, unit: str) -> None:
        """Start with a file of which nothing was read.

        Args:
            unit: What the places in the file are counted in: `line`.
        """
        self._unit = unit
        self._seen: dict[tuple[str, str], tuple[int, int]] = {}

    def checked(self, send: Incoming, place: int) -> Incoming:
        """Return *send*, unless another one was told apart from others in the same way.

        Args:
            send: A send of the file.
            place: Where it is in the file.

        Raises:
            NoSend: If there was another that differs from it.
        """
        if not send.guessed_id:
            return send
        said = hash((repr(send.fields), send.facts))
        first, before = self._seen.setdefault((send.provider, send.external_id), (place, said))
        if before != said:
            raise NoSend(
                f"it has no id, and {self._unit} {first} is for the same recipient, day and amount:"
                " give both their ids"
            )
        return send


def kept_cells(names: list[str], cells: list[str]) -> dict[str, str]:
    """Return the cells of a rejected row by name; those beyond the header are `extra cell 1` and so on."""
    most = len(names) + _MOST_EXTRA
    if len(cells) > most:
        cells = [*cells[: most - 1], " | ".join(cells[most - 1 :])[:_LONGEST_CELL]]
    extra = [f"extra cell {place}" for place in range(1, len(cells) - len(names) + 1)]
    return {name: cell[:_LONGEST_CELL] for name, cell in zip([*names, *extra], cells, strict=False)}


def kept_json(value: object) -> dict[str, str]:
    """Return a rejected JSON value as one cell named `json`."""
    try:
        return {"json": json.dumps(value, ensure_ascii=False)[:_LONGEST_CELL]}
    except RecursionError:
        return {"json": "…"}

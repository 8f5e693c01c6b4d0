"""A number of sends. It is part of the first frame, so it must load fast."""

from typing import NamedTuple


class Count(NamedTuple):
    """A number of sends; when *exact* is false there are at least this many."""

    value: int
    exact: bool = True

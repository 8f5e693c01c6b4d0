"""Exit codes: a contract with scripts."""

from enum import IntEnum


class Exit(IntEnum):
    """How a command ended."""

    DONE = 0
    REFUSED = 1
    """Refused or failed; one sentence says why."""
    USAGE = 2
    """The command line itself could not be understood."""
    IN_PART = 3
    """Some rows were rejected or some sends refused, each listed with its reason."""
    STALE = 4
    """The send has changed since it was seen."""
    UNTOLD = 5
    """Done, but the answer could not be printed."""
    INTERRUPTED = 130
    PIPE_CLOSED = 141
    """Whoever read the output has left."""

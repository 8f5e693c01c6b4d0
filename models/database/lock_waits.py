"""Writes that wait for somebody else's lock, and for whom."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from models.errors import DeskUnavailable

LONG = 1.0
"""Seconds after which whoever waits for a write is told for whom it waits."""
WhoBlocks = Callable[[Sequence[int | None]], str]
"""Returns who holds the lock that writes wait for: see `Backend.who_blocks`."""


class Write:
    """One write under way.

    Attributes:
        session: The session whose transaction it is, as the backend numbers it; None before it begins.
        is_committing: Whether all is said but the end: what fails then may be written all the same.
    """

    def __init__(self) -> None:
        self.session: int | None = None
        self.is_committing = False
        self.since = time.monotonic()
        self.blocked_by = ""

    @property
    def is_long(self) -> bool:
        """Whether it takes longer than a second by now."""
        return time.monotonic() - self.since > LONG


class LockWaits:
    """The writes of one database that are under way; each in a thread of its own.

    Args:
        who_blocks: Asks the database.
    """

    def __init__(self, who_blocks: WhoBlocks) -> None:
        self._who_blocks = who_blocks
        self._writes: list[Write] = []

    @property
    def any_long(self) -> bool:
        """Whether a write takes longer than a second by now, for whatever reason; asks nobody."""
        return any(write.is_long for write in tuple(self._writes))

    @contextmanager
    def writing(self) -> Iterator[Write]:
        """Count a write as under way within the block.

        Raises:
            DeskUnavailable: What the block raised, with who was in the way where that is known.
        """
        write = Write()
        self._writes.append(write)
        try:
            yield write
        except DeskUnavailable as error:
            if not write.blocked_by:
                raise
            told = f"{error} {_capitalised(write.blocked_by)} was writing."
            raise DeskUnavailable(told, passes=error.passes) from error
        finally:
            self._writes.remove(write)

    def waits_for(self) -> str:
        """Return a sentence that names whom a write has been waiting for longer than a second, or nothing.

        Raises:
            DBAPIError: If the database does not answer.
        """
        writes = [write for write in tuple(self._writes) if write.is_long]
        if not writes:
            return ""
        who = self._who_blocks([write.session for write in writes])
        for write in writes:
            write.blocked_by = who
        return f"Waiting for {who} to finish writing." if who else ""


def _capitalised(text: str) -> str:
    """Return *text* as it begins a sentence; the name of an agent stays as it is."""
    return f"A{text[1:]}" if text.startswith(("another ", "a ")) else text

"""The command line that does what a key did."""

import shlex
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Twin:
    """A verb of the command line with everything but the sends."""

    verb: str
    words: tuple[str, ...] = ()
    """What stands behind the sends."""

    def line(self, refs: Iterable[str]) -> str:
        """Return the whole command for the sends called *refs*, quoted for a shell."""
        return shlex.join(["senddesk", self.verb, *refs, *self.words])

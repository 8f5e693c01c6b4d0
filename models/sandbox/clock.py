"""The clock of a sandbox: it runs as the real one does, faster, or not at all, and can be set."""

import math
import time
from collections.abc import Callable
from datetime import UTC, datetime

from models.sandbox.state import State

_SETTING = "clock"
EARLIEST, LATEST = 0, 32_503_680_000
"""The times that it can be set to, in seconds since 1970: up to the year 3000."""
_DAY = len("2026-01-01")
_LAST = 253_402_300_799
"""The last second of the year 9999."""


class SandboxClock:
    """Tells the sandbox's time. It is kept in the state, so that a restart goes on from there.

    Attributes:
        speed: How many seconds pass here in each real one; 0 stands still.
    """

    def __init__(
        self, state: State, *, speed: float | None = None, real: Callable[[], float] = time.time
    ) -> None:
        """Go on from where *state* left off, else from the present.

        Args:
            state: Where the clock is kept.
            speed: Another speed than the one it had.
            real: Returns the real time in seconds since 1970.
        """
        self._state = state
        self._real = real
        kept = state.setting(_SETTING)
        self._real_then, self._then, self.speed = (
            (float(part) for part in kept.split()) if kept else (real(), real(), 1.0)
        )
        if speed is not None and speed != self.speed:
            self.set(self.now, speed)

    @property
    def now(self) -> float:
        """The present moment here, in seconds since 1970."""
        passed = (self._real() - self._real_then) * self.speed
        return min(self._then + max(passed, 0.0), float(LATEST))

    @property
    def second(self) -> int:
        """The present second here: the platforms tell no time more exactly."""
        return math.floor(self.now)

    def set(self, now: float, speed: float) -> None:
        """Let the time be *now* from this moment on, and pass at *speed*."""
        self._real_then, self._then, self.speed = self._real(), now, speed
        self._state.keep(_SETTING, f"{self._real_then!r} {self._then!r} {self.speed!r}")

    def real_seconds_until(self, moment: float) -> float:
        """Return how long it really takes until *moment* here: infinity if the clock stands still."""
        left = moment - self.now
        if left <= 0:
            return 0.0
        return left / self.speed if self.speed > 0 else math.inf


def stamp(seconds: float | None) -> str | None:
    """Return a time as the platforms write it, ISO 8601 in UTC to the second; None for None."""
    if seconds is None:
        return None
    return datetime.fromtimestamp(math.floor(seconds), UTC).isoformat().replace("+00:00", "Z")


def seconds_of(text: str) -> int:
    """Return a time of a request, ISO 8601, in seconds since 1970; a date alone is its midnight in UTC.

    Raises:
        ValueError: If it is no such time, or lies outside of what can be told again.
    """
    is_day = len(text) == _DAY
    if not is_day and (len(text) < len("2026-01-01T00:00") or text[_DAY] not in "Tt"):
        raise ValueError("no time")
    # A plus sign that an address was not to hold as it is arrives as a space.
    moment = datetime.fromisoformat(text.upper().replace(" ", "+"))
    seconds = math.floor(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp())
    if seconds > _LAST:
        raise ValueError("no time that can be told in UTC")
    return seconds

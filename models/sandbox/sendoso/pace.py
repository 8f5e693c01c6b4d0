"""Sendoso's limit: who sends more than ten requests in a second is shut out for a moment."""

import time
from collections import deque
from collections.abc import Callable

RATE_LIMIT = "rate_limit"
"""The setting that says whether the limit holds."""
MOST = 10
"""Requests in one real second."""
_SHUT_OUT = 1.0
"""Real seconds. Sendoso says that it is for a while, not for how long."""


class Pace:
    """Counts requests.

    Attributes:
        limited: Whether the limit holds.
    """

    def __init__(self, *, limited: bool, real: Callable[[], float] = time.monotonic) -> None:
        """Begin to count; *real* returns a time in seconds."""
        self.limited = limited
        self._real = real
        self._times: deque[float] = deque(maxlen=MOST)
        self._until = 0.0

    def allows(self) -> bool:
        """Count a request and return whether it may pass."""
        now = self._real()
        if not self.limited:
            return True
        if now < self._until:
            return False
        if len(self._times) == MOST and now - self._times[0] < 1.0:
            self._until = now + _SHUT_OUT
            return False
        self._times.append(now)
        return True

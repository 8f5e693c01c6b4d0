"""What will happen at which time of the sandbox's clock, and the task that lets it happen."""

import asyncio
import math
from collections.abc import Callable
from contextlib import suppress

from models.sandbox.clock import SandboxClock
from models.sandbox.state import Row, State

Step = Callable[[int, int, int], None]
"""Does one step. It is told the subject, a detail, and the second at which it happens."""
_AT_ONCE = 200
"""So many steps are done before anybody else gets a turn."""


class Timetable:
    """The steps that are still to come, each done once, in the order of their times."""

    def __init__(self, state: State, clock: SandboxClock) -> None:
        """Go on with the steps that *state* has."""
        self._state = state
        self._clock = clock
        self._steps: dict[str, Step] = {}
        self._poke = asyncio.Event()

    def teach(self, name: str, step: Step) -> None:
        """Let the step called *name* be done by *step*."""
        self._steps[name] = step

    def plan(self, at: int, name: str, subject: int, detail: int = 0) -> None:
        """Let a step happen at the second *at*."""
        self._state.write(
            "INSERT INTO due (at, step, subject, detail) VALUES (?, ?, ?, ?)",
            at, name, subject, detail,
        )  # fmt: skip
        self._poke.set()

    def forget(self, subject: int, *names: str) -> None:
        """Let none of these steps happen to *subject* any more."""
        for name in names:
            self._state.write("DELETE FROM due WHERE subject = ? AND step = ?", subject, name)

    def catch_up(self, most: int) -> bool:
        """Do what is due, up to *most* steps, each as at its own time; return whether some is left."""
        if self._next() is None:
            return False
        # In one transaction: many steps are due after a long jump of the clock.
        with self._state.transaction():
            for _ in range(most):
                row = self._next()
                if row is None:
                    return False
                self._state.write("DELETE FROM due WHERE seq = ?", row["seq"])
                self._steps[row["step"]](row["subject"], row["detail"], row["at"])
        return True

    def _next(self) -> Row | None:
        return self._state.row(
            "SELECT * FROM due WHERE at <= ? ORDER BY at, seq LIMIT 1", self._clock.second
        )

    async def catch_up_wholly(self) -> None:
        """Do everything that is due, and let others have their turns in between."""
        while self.catch_up(_AT_ONCE):
            await asyncio.sleep(0)

    def clock_moved(self) -> None:
        """Look again at what is due, for the clock has been set."""
        self._poke.set()

    async def run(self) -> None:
        """Do every step when its time has come, until the task is cancelled."""
        while True:
            self._poke.clear()
            await self.catch_up_wholly()
            next_at = self._state.value("SELECT min(at) FROM due")
            wait = math.inf if next_at is None else self._clock.real_seconds_until(next_at)
            with suppress(TimeoutError):
                async with asyncio.timeout(None if math.isinf(wait) else wait):
                    await self._poke.wait()

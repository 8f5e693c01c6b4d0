"""How fresh each platform is, in the header; and reading them again now, beside whatever the agent does."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from models.errors import DeskError
from models.values.calendar import age
from tui.desk.jobs import Jobs
from tui.desk.session import Session
from tui.desk.status import Status
from tui.syncs import syncs_of

if TYPE_CHECKING:
    from models.live.sync import Progress, Sync
    from models.reading.freshness import Freshness

_NEVER = datetime.min.replace(tzinfo=UTC)
_LOOK_EVERY = 15.0
"""Seconds between two looks at how fresh the platforms are."""


class Platforms:
    """Tells how fresh the platforms are, and syncs them when the agent wants it.

    Args:
        session: The open desk.
        jobs: Runs the sync beside the screen.
        status: The header, and what is said of each sync.
    """

    def __init__(self, session: Session, jobs: Jobs, status: Status) -> None:
        self._session = session
        self._jobs = jobs
        self._status = status
        self._stop = threading.Event()

    def start(self) -> None:
        """Look how fresh the platforms are, from now on again and again."""
        self.look()
        self._jobs.every(_LOOK_EVERY, self.look)

    def close(self) -> None:
        """Let a sync that runs end soon; the next one goes on where it ended."""
        self._stop.set()

    def look(self) -> None:
        """Look how fresh the platforms are, unless a look still waits for its answer."""
        if not self._jobs.runs("freshness"):
            self._jobs.start("freshness", self._look)

    def sync(self) -> None:
        """Read every platform that is set up; the screen can be used meanwhile."""
        if self._jobs.runs("sync"):
            self._status.say("The platforms are being read already.")
            return
        self._jobs.start("sync", self._sync)

    async def _look(self) -> None:
        # Whatever keeps the database from answering is told where the list is read.
        with suppress(DeskError):
            known = await asyncio.to_thread(self._session.desk.freshness)
            now = self._session.desk.now()
            header = self._status.header
            header.late = any(_is_wrong(each, now) for each in known)
            header.platforms, header.platforms_brief = _all(known, now), _one(known, now)

    async def _sync(self) -> None:
        self._session.desk.database.refuse_if_read_only()
        loop = asyncio.get_running_loop()

        def tell(platform: str, progress: "Progress") -> None:
            # The desk may have closed meanwhile, and its loop with it.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._show, platform, progress)

        syncs, lacks = await asyncio.to_thread(self._syncs, tell)
        if not syncs:
            self._status.say(lacks[0] if lacks else "No platform can be read.", "warning")
            return
        try:
            for sync in syncs:
                report = await asyncio.to_thread(sync.run)
                self._status.say(report.line(), "warning" if report.counts.odd else "information")
        finally:
            self._status.header.syncing = ""
            self.look()

    def _show(self, platform: str, progress: "Progress") -> None:
        of = f" of {progress.total:,}" if progress.total is not None else ""
        self._status.header.syncing = f"{platform}: {progress.feed} {progress.seen:,}{of}"

    def _syncs(self, tell: "Callable[[str, Progress], None]") -> "tuple[list[Sync], list[str]]":
        """Return what `syncs_of` returns; *tell* is told how far each is. It takes a while to load."""
        session = self._session
        settings_of = session.options.settings_of
        if settings_of is None:
            return [], []
        return syncs_of(
            session.desk, settings_of, clock=session.clock, stop=self._stop, progress=tell
        )


def _is_wrong(platform: "Freshness", now: datetime) -> bool:
    """Whether the last sync of a platform has failed, or the next one is late."""
    return bool(platform.problem) or platform.is_late(now)


def _all(known: "Sequence[Freshness]", now: datetime) -> str:
    """Return how fresh the platforms are, or only what is wrong: `synced Goody 3m, Sendoso 9m ago`.

    It is empty if none was ever synced.
    """
    wrong = [each for each in known if _is_wrong(each, now)]
    failed = _ages("failed", [each for each in wrong if each.problem], now)
    late = _ages("late", [each for each in wrong if not each.problem], now)
    if wrong:
        return f"sync {', '.join(filter(None, (failed, late)))}"
    told = [f"{name_of(each.provider)} {_age(each, now)}" for each in known if each.synced_at]
    return f"synced {', '.join(told)} ago" if told else ""


def _one(known: "Sequence[Freshness]", now: datetime) -> str:
    """Return the same of the platform that needs it most: `Sendoso 9m ago`, `sync late: Goody 2h`."""
    oldest = sorted(known, key=lambda each: (not each.problem, each.synced_at or _NEVER))
    if wrong := [each for each in oldest if _is_wrong(each, now)]:
        return _all(wrong[:1], now)
    told = [f"{name_of(each.provider)} {_age(each, now)} ago" for each in oldest if each.synced_at]
    return told[0] if told else ""


def _ages(what: str, platforms: "Sequence[Freshness]", now: datetime) -> str:
    """Return what is wrong with the syncs of *platforms*, and how old each is: `late: Goody 2h`."""
    told = [f"{name_of(each.provider)} {_age(each, now)}" for each in platforms]
    return f"{what}: {', '.join(told)}" if told else ""


def _age(platform: "Freshness", now: datetime) -> str:
    old = platform.age(now)
    return "never" if old is None else age(old)


def name_of(platform: str) -> str:
    """Return the name of a platform; its key if this program does not know it."""
    from models.providers.catalogue import provider

    try:
        return provider(platform).name
    except KeyError:
        return platform

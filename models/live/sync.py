"""Reading a platform: its lists, page by page, become sends. What broke off goes on where it ended."""

import getpass
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from typing import Any, NamedTuple

import sqlalchemy as sa
from pydantic import ValidationError

from models.database import Database
from models.database.backend import Held
from models.errors import DeskError, DeskUnavailable
from models.intake.batch import IntakeCounts
from models.intake.intake import Doubt, Intake, count_doubts
from models.live import state
from models.live.ahead import Page, Pages
from models.live.api import Api, Patience
from models.live.cursor import Counts, Cursor, read_cursor
from models.live.pace import Stopped
from models.live.settings import PlatformSettings
from models.providers import catalogue
from models.providers.client import Feed
from models.providers.incoming import Fact, Incoming
from models.providers.payload_fields import distinct
from models.rules.state import CLOCKS_DIFFER
from models.store.live_tables import SyncState
from models.values.clock import Clock, utc_now
from models.values.dates import TimeReader
from models.values.text import display_text

_AT_ONCE = 2_000
"""How many entries are stored in one transaction."""
_STORE_EVERY = 2.0
"""After how many seconds what was read is stored, be it ever so little: agents wait for it."""
_TOLD = 20
"""How many of the entries that were skipped are told with their reasons."""
_STALE = timedelta(days=1)
"""After how long it is of no use to go on where a sync broke off."""
_DATABASE_PATIENCE = 120.0
"""How many seconds a database that is away is waited for."""
_RETRY_AFTER = 1.0
_LONGEST = 300


class SyncRuns(DeskError):
    """Another program syncs the same platform into the same database."""


class Progress(NamedTuple):
    """How far a sync is."""

    feed: str
    """The list that it reads: `orders`."""
    seen: int
    """How many entries of it were read."""
    total: int | None
    """How many it has; None if the platform does not say."""


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What one sync of one platform did."""

    platform: str
    full: bool
    """Whether everything was read, and not only the news."""
    resumed: bool
    """Whether it went on where an earlier one had broken off; the counts are then of both."""
    counts: Counts
    seconds: float
    problems: tuple[str, ...]
    """The first of the entries that were skipped, each with its reason."""
    doubts: tuple[Doubt, ...]
    """What was read and is not sure."""

    def told(self) -> Iterator[str]:
        """Yield the report in one line, then what was skipped and what is not sure."""
        yield self.line()
        yield from (f"{self.platform}, {each}" for each in self.problems)
        if more := self.counts.odd - len(self.problems):
            yield f"… and {more:,} more"
        yield from (f"{self.platform}, {each.line()}" for each in self.doubts)
        if more := self.counts.warned - sum(each.count for each in self.doubts):
            yield f"… and {more:,} more"

    def line(self) -> str:
        """Return the report in one line, for people and scripts."""
        counts = self.counts
        told = [f"{counts.read} read", f"{counts.new} new", f"{counts.changed} changed"]
        told += [f"{counts.unchanged} unchanged", f"{counts.odd} skipped"]
        if counts.warned:
            told.append(f"{counts.warned} {'warning' if counts.warned == 1 else 'warnings'}")
        kind = "everything" if self.full else "news"
        went_on = ", went on where the last one broke off" if self.resumed else ""
        return f"{self.platform}: {', '.join(told)} ({kind} in {self.seconds:.1f} s{went_on})"


@dataclass(slots=True, kw_only=True)
class Sync:
    """Reads one platform into one database.

    Attributes:
        database: Where the sends are stored.
        settings: How the platform is reached.
        agent: Who runs it, for others who want to.
        clock: Gives the present, in UTC.
        zone: The time zone in which warnings tell times.
        every: How many seconds after a sync the next one is to begin, for the desks that say how fresh
            their data is; None if nobody has said.
        patience: How long a platform that fails is asked again.
        stop: Is set when the program is to end.
        tell: Is told, in a sentence, what a person should know meanwhile.
        progress: Is told how far it is.
        problems: The first of the entries that were skipped, each with its reason.
        doubts: What was read and is not sure, by its words.
    """

    database: Database
    settings: PlatformSettings
    agent: str
    clock: Clock = utc_now
    zone: tzinfo = UTC
    every: int | None = None
    patience: Patience | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    tell: Callable[[str], None] = lambda sentence: None
    progress: Callable[[Progress], None] = lambda progress: None
    _held: Held | None = None
    _covered_until: datetime | None = None
    """Up to which time the platform's news were known before."""
    problems: list[str] = field(default_factory=list)
    doubts: dict[str, Doubt] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What the platform is called in the database."""
        return self.settings.provider.key

    def run(self, *, since: datetime | None = None, full: bool = False) -> SyncReport:
        """Read what is new, or everything if that is due; go on where the last sync broke off.

        Args:
            since: Read what came at this time or later, whatever was read before.
            full: Read everything.

        Raises:
            SyncRuns: If another program does the same.
            PlatformError: If the platform does not answer; what was read before is stored.
            DeskUnavailable: If the database does not; what was read before is stored.
            Stopped: If the program is to end; what was read before is stored.
        """
        self.database.refuse_if_read_only()
        begun = time.monotonic()
        self.problems.clear()
        self.doubts.clear()
        with (
            Api(self.settings, stop=self.stop, patience=self.patience, tell=self.tell) as api,
            self._alone(),
        ):
            known = self._begin(api.address)
            try:
                cursor, resumed = self._cursor(known, since, full=full)
                self._read(api, cursor)
            except Stopped:
                raise
            except DeskError as problem:
                self._note_problem(str(problem))
                raise
        seconds = time.monotonic() - begun
        name = self.settings.provider.name
        return SyncReport(
            name, cursor.full, resumed, cursor.counts, seconds, tuple(self.problems),
            tuple(self.doubts.values())[:_TOLD],
        )  # fmt: skip

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep others from doing the same meanwhile.

        Raises:
            SyncRuns: If another program does it already.
        """
        self.hold()
        try:
            yield
        finally:
            if self._held is not None:
                self._held.give_back()
                self._held = None

    def hold(self) -> None:
        """Take the lock, or make sure that it is still held: it may be lost with a server."""
        if self._held is not None and self._held.is_held():
            return
        self._held = self.database.hold(f"sync-{self.key}")
        if self._held is None:
            with self.database.read() as connection:
                other = state.read_state(connection, self.key)
            since = f" since {other.held_since:%Y-%m-%d %H:%M} UTC" if other.held_since else ""
            raise SyncRuns(
                f"{self.settings.provider.name} is being synced into {self.database.name} already, by"
                f" {other.holder or 'another program'}{since}."
            )

    def _begin(self, address: str) -> SyncState:
        """Write down who runs; return what is known, which is nothing if the platform is elsewhere now."""
        with self.database.write() as connection:
            known = state.read_state(connection, self.key)
            if known.address != address:
                state.forget_facts(connection, self.key)
                known = SyncState(provider=self.key, address=address)
            known.holder, known.held_since = _who(self.agent), self._now()
            known.every = self.every
            values = known.model_dump(exclude={"provider"})
            state.write_state(connection, self.key, values)
        return known

    def _cursor(
        self, known: SyncState, since: datetime | None, *, full: bool
    ) -> tuple[Cursor, bool]:
        """Return where to begin, and whether that is where the last sync broke off."""
        now = self._now()
        self._covered_until = known.covered_until
        client = self.settings.provider.api
        assert client is not None
        names = [feed.name for feed in client.feeds]
        if since is None and not full:
            since = known.covered_until
            full = known.full_at is None or now - known.full_at >= client.full_every
        full = full or since is None
        left = read_cursor(known.cursor)
        is_fresh = left is not None and left.feed in names and now - left.begun < _STALE
        if left is not None and is_fresh and left.covers(since, full=full):
            return left, True
        return Cursor(full=full, since=since, begun=now, asked=now, feed=names[0]), False

    def _read(self, api: Api, cursor: Cursor) -> None:
        """Read every list from *cursor* on, and write at the end how far the platform is known."""
        feeds = api.client.feeds
        names = [feed.name for feed in feeds]
        start = names.index(cursor.feed)
        for place, feed in enumerate(feeds[start:], start):
            self._read_feed(api, feed, cursor)
            if place + 1 < len(feeds):
                cursor.feed, cursor.page, cursor.seen, cursor.total = names[place + 1], "", 0, None
        self.when_there(lambda: self._finish(cursor))

    def _read_feed(self, api: Api, feed: Feed, cursor: Cursor) -> None:
        reader = _Entries(self, feed, cursor)
        params = {}
        # Of what is told as news the news are enough; a list of all that there is, is read whole.
        if feed.after and cursor.since is not None and (feed.time or not cursor.full):
            params[feed.after] = _iso(cursor.since - feed.overlap)
        stored = time.monotonic()
        for page in Pages(api, feed, params, self.stop, reader.skip).read(cursor.page):
            if not cursor.page and page.at is not None and feed is api.client.feeds[0]:
                cursor.asked = min(cursor.asked, page.at)
                if self._is_set_back(cursor, page.at):
                    # What came since has times before those that are read for news.
                    cursor.full, cursor.since = True, None
                    self._read_feed(api, feed, cursor)
                    return
            reader.add(page)
            self.progress(Progress(feed.name, cursor.seen, cursor.total))
            if len(reader) >= _AT_ONCE or time.monotonic() - stored >= _STORE_EVERY:
                reader.store()
                stored = time.monotonic()
        reader.store()

    def _is_set_back(self, cursor: Cursor, at: datetime) -> bool:
        """Whether the platform's clock, which shows *at*, was later when it was read before."""
        covered = self._covered_until
        return covered is not None and cursor.since == covered and at < covered - CLOCKS_DIFFER

    def _finish(self, cursor: Cursor) -> None:
        self.hold()
        with self.database.write() as connection:
            known = state.read_state(connection, self.key)
            values: dict[str, Any] = {"cursor": "", "synced_at": cursor.begun, "problem": ""}
            # A clock that is wrong, here or there, must not make news be missed: what the platform has
            # told is newer than that is not taken for read, and the time of day here is not enough.
            if cursor.newest is not None:
                until = min(cursor.asked, cursor.newest)
                values["covered_until"] = state.covered(known.covered_until, cursor.since, until)
            if cursor.full:
                values["full_at"] = cursor.begun
                state.forget_facts(connection, self.key)
            state.write_state(connection, self.key, values)

    def _note_problem(self, sentence: str) -> None:
        try:
            with self.database.write() as connection:
                state.write_state(connection, self.key, {"problem": sentence[:500]})
        except DeskUnavailable:
            return

    def when_there(self, action: Callable[[], None]) -> None:
        """Do *action*; again while the database is away, which passes.

        Raises:
            DeskUnavailable: If it stays away.
            Stopped: If the program is to end.
        """
        end = time.monotonic() + _DATABASE_PATIENCE
        is_told = False
        while True:
            try:
                action()
                return
            except DeskUnavailable as problem:
                if not problem.passes or time.monotonic() > end:
                    raise
                if not is_told:
                    self.tell(f"{problem} The sync goes on when it is back.")
                    is_told = True
            if self.stop.wait(_RETRY_AFTER):
                raise Stopped

    def _now(self) -> datetime:
        return self.database.clock() if self.clock is utc_now else self.clock()


class _Entries:
    """The entries of one list that are read and not stored yet."""

    def __init__(self, sync: Sync, feed: Feed, cursor: Cursor) -> None:
        self._sync = sync
        self._feed = feed
        self._cursor = cursor
        self._payloads = sync.settings.provider.payloads
        self._times = TimeReader()
        self._incoming: list[Incoming] = []
        self._facts: list[tuple[str, Fact]] = []
        first = cursor.full and cursor.since is None
        self._only_facts = feed.fact if first else None
        self._needs_facts = first and feed.fact is None
        self._is_new = False
        """Whether the cursor has moved since it was stored."""

    def __len__(self) -> int:
        return len(self._incoming) + len(self._facts)

    def add(self, page: Page) -> None:
        """Read the entries of *page*, and move the cursor behind it."""
        cursor = self._cursor
        for place, item in enumerate(page.answer.items, 1):
            cursor.counts.read += 1
            if reason := self._read(item):
                self._skip(item, place, reason)
        cursor.seen += len(page.answer.items)
        cursor.total = page.answer.total
        cursor.page = page.following or cursor.page
        self._is_new = True

    def store(self) -> None:
        """Store what was read, and in the same transaction where the sync goes on."""
        if not self._is_new:
            return
        self._sync.when_there(self._store)
        self._incoming.clear()
        self._facts.clear()
        self._is_new = False

    def skip(self, reason: str) -> None:
        """Count what is not as published, and keep the reason if it is one of the first."""
        self._cursor.counts.odd += 1
        if len(self._sync.problems) < _TOLD:
            told = display_text(f"{self._feed.name}, {reason}", _LONGEST)
            self._sync.problems.append(told)

    def _read(self, item: Any) -> str:
        """Read one entry; return why it is none, or an empty string."""
        if not isinstance(item, Mapping):
            return "it is not an object"
        if self._only_facts is not None:
            # What it says besides is read, and checked, in the list that describes its send.
            found = self._only_facts(item)
            if found is None:
                return "it names no send with a status and a time"
            self._facts.append(found)
            self._cursor.see(found[1].at)
            return ""
        try:
            self._feed.entry.model_validate(item)
            self._incoming.append(self._payloads.read(item, self._times))
            if self._feed.time:
                self._cursor.see(self._times.read(str(item.get(self._feed.time) or "")))
        except ValidationError as problem:
            return _reason(problem)
        except ValueError as problem:  # a BadPayload, or a time that is none
            return str(problem)
        return ""

    def _skip(self, item: Any, place: int, reason: str) -> None:
        name = item.get("id") if isinstance(item, Mapping) else None
        known = f" (id {name})" if isinstance(name, str | int) else ""
        self.skip(f"page {self._cursor.page or '1'}, entry {place}{known}: {reason}")

    def _store(self) -> None:
        sync, after = self._sync, self._cursor.model_copy(deep=True)
        sync.hold()

        def also(connection: sa.Connection, counts: IntakeCounts) -> None:
            after.counts.new += counts.new
            after.counts.changed += counts.changed
            after.counts.unchanged += counts.unchanged
            state.keep_facts(sync.database, connection, sync.key, self._facts)
            stored = {"cursor": after.model_dump_json(), "problem": ""}
            state.write_state(connection, sync.key, stored)

        if self._incoming:
            intake = Intake(sync.database, sync.clock, zone=sync.zone)
            report = intake.apply(self._with_facts(), source=f"sync:{sync.key}", also=also)
            after.counts.warned += report.warned
            count_doubts(sync.doubts, report.doubts.values())
        else:
            with sync.database.write() as connection:
                also(connection, IntakeCounts(0, 0, 0))
        self._cursor.counts = after.counts

    def _with_facts(self) -> list[Incoming]:
        """Return what was read, each with the facts that an earlier list has told about it."""
        if not self._needs_facts:
            return self._incoming
        with self._sync.database.read() as connection:
            known = state.kept_facts(
                connection, self._sync.key, (each.external_id for each in self._incoming)
            )
        return [self._completed(each, known.get(each.external_id)) for each in self._incoming]

    def _completed(self, send: Incoming, told: list[Fact] | None) -> Incoming:
        """Return *send* with what was *told* about it, the first of which says when it was made."""
        if not told:
            return send
        # Facts of the same second stand in the order of the lifecycle.
        told = sorted(told, key=partial(_rank, send))
        fields = send.fields
        first = self._sync.settings.provider.paths.get(send.type, ("",))[0]
        made = [fact.at for fact in told if fact.word == first]
        if made and "created_at" not in fields:
            fields = {**fields, "created_at": made[0]}
        return send._replace(facts=distinct([*told, *send.facts]), fields=fields)


def _rank(send: Incoming, fact: Fact) -> int:
    """Return how far in the lifecycle of *send* a fact is; a word that is not known comes last."""
    found = catalogue.resolve(send.provider, fact.word, send.type)
    return (found or catalogue.UNMAPPED).rank


def _reason(problem: ValidationError) -> str:
    """Return what is wrong with an entry, without what it holds."""
    first = problem.errors(include_url=False, include_context=False, include_input=False)[0]
    where = ".".join(map(str, first["loc"]))
    more = problem.error_count() - 1
    return f"{where}: {first['msg']}{f', and {more} more' if more else ''}"


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _who(agent: str) -> str:
    """Return who runs this program, as others are told."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):
        user = ""
    name = agent or user or "somebody"
    host = socket.gethostname() or "a computer"
    return display_text(f"{name} on {host} (process {os.getpid()})", _LONGEST)

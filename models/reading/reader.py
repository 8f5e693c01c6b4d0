"""What an agent reads: lists in windows, counts, facets, cases."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, NamedTuple, Self

import sqlalchemy as sa

from models.database import Database
from models.database.cancel import Reads
from models.query import Query, parse
from models.query.sql.batches import IS_BATCH, within
from models.query.sql.clauses import where
from models.query.sql.context import QueryContext
from models.query.text_search import Condition
from models.reading import around, cases, facets, passing_time
from models.reading.access_path import FilterConditions, ScanLimits
from models.reading.batches import Orders, orders_of
from models.reading.counts import Count
from models.reading.facet_counts import Facets
from models.reading.listing import Listing
from models.reading.sort_order import SortOrder
from models.records import Case, SendRecord, Shipment
from models.rules.due import Policy, Warnings
from models.rules.views import View
from models.store import mapping, references, tables
from models.store.tables import col
from models.team import saved_views
from models.values.calendar import Calendar
from models.values.clock import Clock, utc_now
from models.values.local_time import LocalTime

if TYPE_CHECKING:
    from models.reading.freshness import Freshness

_ROWS_AT_ONCE = 500
"""How many sends are read at a time where all of a list are wanted."""


class _TeamSettings(NamedTuple):
    """What the team has set up, as last read."""

    views: tuple[View, ...]
    """The built-in views, then the team's own."""
    policy: Policy
    left_out: tuple[str, ...]
    """A sentence for each stored row that cannot be read."""


class Reader:
    """Reads one database; every answer is one moment of it.

    Args:
        database: An open database.
        agent: Whom `@me` means.
        clock: Gives the present, in UTC.
        zone: The time zone of the agent: dates of a filter begin and end there, and texts tell its times.
    """

    def __init__(
        self, database: Database, agent: str, clock: Clock = utc_now, zone: tzinfo = UTC
    ) -> None:
        self.zone = zone
        self.database = database
        self.agent = agent
        # A team writes down the server's time, unless somebody has fixed the present.
        self.now: Clock = database.clock if clock is utc_now else clock
        self._team: _TeamSettings | None = None
        """None until they are needed, and after a change of this agent's own."""
        self._is_team_outdated = False
        """Whether others have written since the settings were read."""
        self._reads = Reads()
        self._unfiltered = facets.UnfilteredGroups()

    def cancellable(self) -> Self:
        """Return another reader of the same database, whose reads `cancel` ends and no others.

        It begins with the team's settings as this one last read them. The counts of all sends are
        shared between both, so that whichever counts first counts for both; they are replaced as a
        whole, so either may run on a thread of its own.
        """
        other = type(self)(self.database, self.agent, self.now, self.zone)
        other._team = self._team
        other._unfiltered = self._unfiltered
        return other

    def cancel(self) -> None:
        """End every read of this reader, now and from now on; returns at once, on any thread.

        Whoever waits for one of them gets `Cancelled`. Writes go on.
        """
        self._reads.cancel()

    def local_time(self) -> LocalTime:
        """Return the present of the agent, which tells moments in the agent's time zone."""
        return LocalTime(self.now(), self.zone)

    @property
    def name(self) -> str:
        """What agents call this database."""
        return self.database.name

    @property
    def read_only(self) -> str:
        """Why nothing can be written, or an empty string."""
        return self.database.read_only

    @property
    def warning(self) -> str:
        """What agents should know about this database, or an empty string."""
        return self.database.warning

    def parse(self, text: str, *, ahead: View | None = None) -> Query:
        """Read a filter as this agent means it.

        Args:
            text: The filter.
            ahead: A view that is about to be saved; `in:` finds it already.

        Raises:
            BadQuery: If it cannot be read.
            DeskUnavailable: If the database cannot be read.
            Cancelled: If `cancel` was called, before or meanwhile.
        """
        known = (*self.views(), ahead) if ahead else self.views()
        views = {view.name.casefold(): view.query for view in known}
        return parse(text, me=self.agent, now=self.now(), views=views, calendar=self._dates())

    def views(self) -> tuple[View, ...]:
        """Return the built-in views and the team's own, in the order in which they are shown.

        Raises:
            DeskUnavailable: If the database cannot be read.
            Cancelled: If `cancel` was called, before or meanwhile.
        """
        return self._team_settings().views

    def calendar(self) -> Calendar:
        """Return the business days and hours by which this agent's own moments are reckoned.

        Where the desk has set none, they are nine to five in the agent's time zone.

        Raises:
            DeskUnavailable: If the database cannot be read.
            Cancelled: If `cancel` was called, before or meanwhile.
        """
        return self._team_settings().policy.calendar.or_usual(self.zone)

    def warnings(self) -> Warnings:
        """Return how long before their limits sends count as due soon.

        Raises:
            DeskUnavailable: If the database cannot be read.
            Cancelled: If `cancel` was called, before or meanwhile.
        """
        return self._team_settings().policy.warnings

    def freshness(self) -> "tuple[Freshness, ...]":
        """Return how fresh each platform is that was ever synced.

        Raises:
            DeskUnavailable: If the database cannot be read.
            Cancelled: If `cancel` was called, before or meanwhile.
        """
        # Its table belongs to the sync; no other read needs it.
        from models.reading.freshness import freshness

        with self.database.read(self._reads) as connection:
            return freshness(connection)

    def left_out(self) -> tuple[str, ...]:
        """Return a sentence for each view, limit and day off of the team that cannot be read.

        Raises:
            DeskUnavailable: If the database cannot be read.
            Cancelled: If `cancel` was called, before or meanwhile.
        """
        return self._team_settings().left_out

    def forget_settings(self) -> None:
        """Have views, limits and days off read again when they are next needed."""
        self._team = None

    def changed(self) -> bool:
        """Return whether another process has written since this was last asked.

        Raises:
            DeskUnavailable: If the database cannot be read.
            Cancelled: If `cancel` was called, before or meanwhile.
        """
        changed = self.database.changed()
        self._is_team_outdated = self._is_team_outdated or changed
        if self._is_team_outdated:
            # Read here, on the thread that polls, so that no key waits for it later.
            self._team = self._read_team_settings()
            self._is_team_outdated = False
        return changed

    def listing(self, query: Query) -> Listing:
        """Return the list of *query*, in which `now` stays this moment; its sends are not read yet.

        Raises:
            DeskUnavailable: If the database cannot be read.
            Cancelled: If `cancel` was called, before or meanwhile.
        """
        return Listing(FilterConditions.of(query, self._context()), SortOrder.of(query.sort))

    def window(self, listing: Listing, start: int, count: int) -> tuple[SendRecord, ...]:
        """Return up to *count* sends from place *start*, counted from 0, in the list's order.

        Raises:
            DeskUnavailable: If the database cannot be read.
            Cancelled: If `cancel` was called, before or meanwhile.
        """
        with self.database.read(self._reads) as connection:
            return listing.window(connection, start, count)

    def rows(self, listing: Listing, size: int = _ROWS_AT_ONCE) -> Iterator[SendRecord]:
        """Yield every send of the list in its order, reading *size* at a time.

        Raises:
            DeskUnavailable: If the database cannot be read.
            Cancelled: If `cancel` was called, before or meanwhile.
        """
        start = 0
        while window := self.window(listing, start, size):
            yield from window
            start += len(window)

    def shipments(self, sends: Sequence[SendRecord]) -> dict[int, tuple[Shipment, ...]]:
        """Return the shipments of *sends* by the id of each; a send without any is missing.

        Raises:
            DeskUnavailable: If the database cannot be read.
            Cancelled: If `cancel` was called, before or meanwhile.
        """
        found: dict[int, tuple[Shipment, ...]] = {}
        with self.database.read(self._reads) as connection:
            for send_id, each in mapping.shipments_of(connection, [send.id for send in sends]):
                found[send_id] = (*found.get(send_id, ()), each)
        return found

    def count(self, listing: Listing) -> Count:
        """Return how many sends the list has, exactly.

        Raises:
            DeskUnavailable: If the database cannot be read.
            Cancelled: If `cancel` was called, before or meanwhile.
        """
        with self.database.read(self._reads) as connection:
            return Count(listing.count(connection))

    def position(self, listing: Listing, send_id: int) -> int | None:
        """Return the place of a send in the list, counted from 0, or None if it is not in it.

        Raises:
            DeskUnavailable: If the database cannot be read.
            Cancelled: If `cancel` was called, before or meanwhile.
        """
        with self.database.read(self._reads) as connection:
            return listing.position(connection, send_id)

    def members(self, listing: Listing, send_ids: Sequence[int]) -> set[int]:
        """Return which of the sends with *send_ids* are in the list.

        Raises:
            DeskUnavailable: If the database cannot be read.
            Cancelled: If `cancel` was called, before or meanwhile.
        """
        with self.database.read(self._reads) as connection:
            return listing.members(connection, send_ids)

    def as_now(self, sends: Sequence[SendRecord]) -> list[SendRecord]:
        """Return *sends* as they are now, in their order; those that are gone are missing.

        Raises:
            DeskUnavailable: If the database cannot be read.
            Cancelled: If `cancel` was called, before or meanwhile.
        """
        found: dict[int, SendRecord] = {}
        with self.database.read(self._reads) as connection:
            for start in range(0, len(sends), _ROWS_AT_ONCE):
                ids = [send.id for send in sends[start : start + _ROWS_AT_ONCE]]
                found.update(mapping.find_all(connection, ids))
        return [found[send.id] for send in sends if send.id in found]

    def next_overdue(self, listing: Listing, send_id: int, backwards: bool) -> int | None:
        """Return the place of the next send of the list that is past its limit, or None.

        Args:
            listing: The list.
            send_id: Where to start; this send itself does not count.
            backwards: Look towards the beginning of the list.

        Raises:
            DeskUnavailable: If the database cannot be read.
            Cancelled: If `cancel` was called, before or meanwhile.
        """
        overdue = self._where(self.parse("urgency:over,now"))
        with self.database.read(self._reads) as connection:
            return listing.nearest(connection, send_id, overdue, backwards=backwards)

    def total(self) -> int:
        """Return how many sends there are.

        Raises:
            DeskUnavailable: If the database cannot be read.
            Cancelled: If `cancel` was called, before or meanwhile.
        """
        with self.database.read(self._reads) as connection:
            return self._unfiltered.total(connection)

    def view_counts(self) -> dict[str, Count]:
        """Return how many sends each view has, by its name; exact up to ten thousand.

        Raises:
            DeskUnavailable: If the database cannot be read.
            Cancelled: If `cancel` was called, before or meanwhile.
        """
        clauses = {view.name: self._where(self.parse(view.query)) for view in self.views()}
        with self.database.read(self._reads) as connection:
            return {
                name: facets.capped_count(connection, clause) for name, clause in clauses.items()
            }

    def facets(self, query: Query) -> Facets:
        """Return how many sends of *query* have each value of each facet.

        A facet that the filter restricts is counted without that restriction: it shows how many
        sends each of its other values would give.

        Raises:
            DeskUnavailable: If the database cannot be read.
            Cancelled: If `cancel` was called, before or meanwhile.
        """
        limits, warnings = ScanLimits(), self.warnings()
        with self.database.read(self._reads) as connection:

            def condition_of(query: Query) -> Condition:
                conditions = FilterConditions.of(query, self._context())
                return conditions.choose_path(connection, limits, limits.count_fetch_max).fetch

            return facets.facets(
                connection, query, condition_of, self.now(), self._unfiltered, warnings
            )

    def case(self, send_id: int) -> Case:
        """Return everything about one send, and how many others lie around it.

        Raises:
            UnknownSend: If there is none.
            DeskUnavailable: If the database cannot be read.
            Cancelled: If `cancel` was called, before or meanwhile.
        """
        context = self._context()
        with self.database.read(self._reads) as connection:
            case = self.read_case(connection, send_id)
            return case._replace(around=around.read(connection, case.send, context))

    def read_case(self, connection: sa.Connection, send_id: int) -> Case:
        """Return everything about one send within an open transaction.

        Raises:
            UnknownSend: If there is none.
        """
        return cases.read(connection, send_id, self.local_time())

    def find(self, reference: str) -> SendRecord:
        """Return the send that *reference* means: `S-…`, `G-…`, `provider:id`, a tracking number.

        Raises:
            UnknownSend: If it means none, or more than one.
            DeskUnavailable: If the database cannot be read.
            Cancelled: If `cancel` was called, before or meanwhile.
        """
        with self.database.read(self._reads) as connection:
            return references.find(connection, reference)

    def orders_of(self, batches: Sequence[SendRecord]) -> dict[int, Orders]:
        """Return for each of *batches*, by its id in this database, its orders by status.

        Raises:
            DeskUnavailable: If the database cannot be read.
            Cancelled: If `cancel` was called, before or meanwhile.
        """
        with self.database.read(self._reads) as connection:
            return orders_of(connection, batches)

    def next_due(self) -> SendRecord | None:
        """Return the send that enters triage next, or None if time alone brings none there.

        Raises:
            DeskUnavailable: If the database cannot be read.
            Cancelled: If `cancel` was called, before or meanwhile.
        """
        ahead = col(tables.Send.triage_at)
        statement = sa.select(*mapping.record_columns()).where(
            ahead > self.now(), ahead < tables.NEVER
        )
        with self.database.read(self._reads) as connection:
            row = connection.execute(statement.order_by(ahead).limit(1)).first()
        return mapping.record(row) if row else None

    def passing_time(self, since: datetime, now: datetime) -> passing_time.PassingTime:
        """Return what time alone has brought into triage from *since* to *now*, and what is next.

        Args:
            since: The *now* of the question before, in UTC.
            now: The present, in UTC.

        Raises:
            DeskUnavailable: If the database cannot be read.
            Cancelled: If `cancel` was called, before or meanwhile.
        """
        warnings = self.warnings()
        with self.database.read(self._reads) as connection:
            return passing_time.read(connection, since, now, warnings)

    def owners(self) -> tuple[str, ...]:
        """Return everyone who owns a send, in alphabetical order.

        Raises:
            DeskUnavailable: If the database cannot be read.
            Cancelled: If `cancel` was called, before or meanwhile.
        """
        owner = col(tables.Send.owner)
        statement = sa.select(owner).where(owner != "").distinct().order_by(owner)
        with self.database.read(self._reads) as connection:
            return tuple(connection.execute(statement).scalars())

    def _team_settings(self) -> _TeamSettings:
        # A write on another thread may set `_team` to None at any moment.
        team = self._team
        if team is None:
            team = self._team = self._read_team_settings()
        return team

    def _read_team_settings(self) -> _TeamSettings:
        with self.database.read(self._reads) as connection:
            stored = saved_views.stored(connection)
            policy = mapping.policy_of(connection)
            any_batch = sa.select(col(tables.Send.id)).where(IS_BATCH).limit(1)
            has_batches = connection.execute(any_batch).first() is not None
        built_in = saved_views.built_in(stored, has_batches=has_batches)
        queries = {str(view.name).casefold(): view.query for view in (*stored, *built_in)}
        calendar = policy.calendar._replace(reader_zone=self.zone)

        def check(view: View) -> Query:
            return parse(
                view.query, me=self.agent, now=self.now(), views=queries, calendar=calendar
            )

        own, left_out = saved_views.readable(stored, check)
        return _TeamSettings((*built_in, *own), policy, (*policy.left_out, *left_out))

    def _dates(self) -> Calendar:
        """Return the business days and hours, with dates that begin at midnight where the agent is."""
        return self._team_settings().policy.calendar._replace(reader_zone=self.zone)

    def _where(self, query: Query) -> Condition:
        return within(query.tree, where(query.tree, self._context()))

    def _context(self) -> QueryContext:
        return QueryContext(
            now=self.now(),
            me=self.agent,
            search=self.database.text_search,
            calendar=self._dates(),
            warnings=self.warnings(),
        )

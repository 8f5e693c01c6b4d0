"""What an agent reads: lists in windows, counts, facets, cases."""

from collections.abc import Iterator
from copy import copy
from dataclasses import replace
from datetime import UTC, tzinfo
from typing import NamedTuple, Self

import sqlalchemy as sa
from sqlmodel import col

from models.database import Database
from models.database.cancel import Reads
from models.query import Query, parse
from models.query.sql.clauses import where
from models.query.sql.context import QueryContext
from models.query.text_search import Condition
from models.reading import cases, facets
from models.reading.access_path import FilterConditions, ScanLimits
from models.reading.counts import Count, Facets
from models.reading.listing import Listing
from models.reading.sort_order import SortOrder
from models.records import Case, SendRecord
from models.rules.due import Policy
from models.rules.views import VIEWS, View
from models.store import mapping, references, tables
from models.team import saved_views
from models.values.calendar import Calendar, Clock, utc_now


class _Settings(NamedTuple):
    """What the team has set up, as last read."""

    views: tuple[View, ...]
    policy: Policy


class Reader:
    """Reads one database; every answer is one moment of it.

    Args:
        database: An open database.
        agent: Whom `@me` means.
        clock: Gives the present, in UTC.
        zone: Where `today` and other dates of a filter begin and end.
    """

    def __init__(
        self, database: Database, agent: str, clock: Clock = utc_now, zone: tzinfo = UTC
    ) -> None:
        self.zone = zone
        self.database = database
        self.agent = agent
        self.now = clock
        self._known: _Settings | None = None
        self._outdated = False
        self._reads = Reads()
        self._unfiltered = facets.UnfilteredGroups()

    def asking(self) -> Self:
        """Return the same once more, with reads that `cancel` calls off without touching others'."""
        other = copy(self)
        other._reads = Reads()
        return other

    def cancel(self) -> None:
        """Call off every read of this reader, now and from now on; any thread may, none waits.

        Who waits for one of them gets `Cancelled`. Nothing that is being written is touched.
        """
        self._reads.cancel()

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
            ahead: A view that is about to be saved, for `in:`.

        Raises:
            BadQuery: If it cannot be read.
        """
        known = (*self.views(), ahead) if ahead else self.views()
        views = {view.name.casefold(): view.query for view in known}
        return parse(text, me=self.agent, now=self.now(), views=views, calendar=self._dates())

    def views(self) -> tuple[View, ...]:
        """Return the built-in views and the team's own, in the order in which they are shown."""
        return self._settings().views

    def calendar(self) -> Calendar:
        """Return the working days in force."""
        return self._settings().policy.calendar

    def _dates(self) -> Calendar:
        """Return the working days with dates as this agent means them."""
        return replace(self.calendar(), zone=self.zone)

    def forget_settings(self) -> None:
        """Read views, limits and days off again when they are next needed."""
        self._known = None

    def _settings(self) -> "_Settings":
        if self._known is None:
            self._known = self._read_settings()
        return self._known

    def _read_settings(self) -> "_Settings":
        with self.database.read(self._reads) as connection:
            views = (*VIEWS, *saved_views.stored(connection))
            return _Settings(views, mapping.policy_of(connection))

    def listing(self, query: Query) -> Listing:
        """Return the sends of *query* as they stand from this moment on."""
        return Listing(FilterConditions.of(query, self._context()), SortOrder.of(query.sort))

    def window(self, listing: Listing, start: int, count: int) -> tuple[SendRecord, ...]:
        """Return up to *count* sends from place *start*, in the list's order."""
        with self.database.read(self._reads) as connection:
            return listing.window(connection, start, count)

    def count(self, listing: Listing) -> Count:
        """Return how many sends the list has, exactly."""
        with self.database.read(self._reads) as connection:
            return Count(listing.count(connection))

    def rows(self, listing: Listing, size: int) -> Iterator[SendRecord]:
        """Yield every send of the list in its order, reading *size* at a time."""
        start = 0
        while window := self.window(listing, start, size):
            yield from window
            start += len(window)

    def breach(self, listing: Listing, send_id: int, backwards: bool) -> int | None:
        """Return the place of the nearest send past its limit behind *send_id*, or ahead of it."""
        past = self._where(self.parse("urgency:over,now"))
        with self.database.read(self._reads) as connection:
            return listing.nearest(connection, send_id, past, backwards=backwards)

    def next_due(self) -> SendRecord | None:
        """Return the send that enters triage next, or None if none will by itself."""
        ahead = col(tables.Send.triage_at)
        wanted = sa.select(*mapping.record_columns()).where(
            ahead > self.now(), ahead < tables.NEVER
        )
        with self.database.read(self._reads) as connection:
            row = connection.execute(wanted.order_by(ahead).limit(1)).first()
        return mapping.record(row) if row else None

    def changed(self) -> bool:
        """Whether another process has written since this was last asked."""
        changed = self.database.changed()
        self._outdated = self._outdated or changed
        if self._outdated:
            # Read here, where waiting is expected; whoever needs them next has them at hand.
            self._known = self._read_settings()
            self._outdated = False
        return changed

    def position(self, listing: Listing, send_id: int) -> int | None:
        """Return the place of a send in the list, or None if it is not in it."""
        with self.database.read(self._reads) as connection:
            return listing.position(connection, send_id)

    def total(self) -> int:
        """Return how many sends there are."""
        with self.database.read(self._reads) as connection:
            return self._unfiltered.total(connection)

    def view_counts(self) -> dict[str, Count]:
        """Return how many sends each view has, by its name; exact up to ten thousand."""
        clauses = {view.name: self._where(self.parse(view.query)) for view in self.views()}
        with self.database.read(self._reads) as connection:
            return {
                name: facets.capped_count(connection, clause) for name, clause in clauses.items()
            }

    def facets(self, query: Query) -> Facets:
        """Return how many sends of *query* have each value.

        A facet that the filter already restricts shows what its other values would give.
        """
        limits = ScanLimits()
        with self.database.read(self._reads) as connection:

            def condition_of(query: Query) -> Condition:
                conditions = FilterConditions.of(query, self._context())
                return conditions.choose_path(connection, limits, limits.count_fetch_max).fetch

            return facets.facets(connection, query, condition_of, self.now(), self._unfiltered)

    def case(self, send_id: int) -> Case:
        """Return everything about one send.

        Raises:
            UnknownSend: If there is none.
        """
        with self.database.read(self._reads) as connection:
            return self.read_case(connection, send_id)

    def find(self, reference: str) -> SendRecord:
        """Return the send that *reference* means: `S-…`, `G-…`, `provider:id`, a tracking number.

        Raises:
            UnknownSend: If it means none, or more than one.
        """
        with self.database.read(self._reads) as connection:
            return references.find(connection, reference)

    def owners(self) -> tuple[str, ...]:
        """Return everyone who owns a send, in alphabetical order."""
        owner = col(tables.Send.owner)
        with self.database.read(self._reads) as connection:
            wanted = sa.select(owner).where(owner != "").distinct().order_by(owner)
            return tuple(connection.execute(wanted).scalars())

    def _where(self, query: Query) -> Condition:
        return where(query.tree, self._context())

    def _context(self) -> QueryContext:
        return QueryContext(
            now=self.now(),
            me=self.agent,
            search=self.database.text_search,
            calendar=self._dates(),
        )

    def read_case(self, connection: sa.Connection, send_id: int) -> Case:
        """Return everything about one send within an open transaction."""
        return cases.read(connection, send_id, self.now())

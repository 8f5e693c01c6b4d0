"""What an agent reads: lists in windows, counts, facets, cases."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, tzinfo
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import col

from models import catalogue, counting, journal, saved_views, tables
from models.clock import Calendar, Clock, utc_now
from models.counts import Count, Facets
from models.database import Database
from models.errors import UnknownSend
from models.fold import PASSIVE, fold
from models.guidance import advise
from models.listing import Listing
from models.ordering import Ordering
from models.query import Query, parse
from models.query.clauses import where
from models.records import Case, Event, SendRecord
from models.references import candidates
from models.standing import Policy
from models.views import VIEWS, View

HISTORY_SHOWN = 500


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

    @property
    def name(self) -> str:
        """What agents call this database."""
        return self.database.name

    @property
    def read_only(self) -> str:
        """Why nothing can be written, or an empty string."""
        return self.database.read_only

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
            with self.database.read() as connection:
                views = (*VIEWS, *saved_views.stored(connection))
                self._known = _Settings(views, journal.policy_of(connection))
        return self._known

    def listing(self, query: Query) -> Listing:
        """Return the sends of *query* as they stand from this moment on."""
        return Listing(self._where(query), Ordering.of(query.sort))

    def window(self, listing: Listing, start: int, count: int) -> tuple[SendRecord, ...]:
        """Return up to *count* sends from place *start*, in the list's order."""
        with self.database.read() as connection:
            return listing.window(connection, start, count)

    def count(self, listing: Listing) -> Count:
        """Return how many sends the list has, exactly."""
        with self.database.read() as connection:
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
        with self.database.read() as connection:
            return listing.nearest(connection, send_id, past, backwards=backwards)

    def next_due(self) -> SendRecord | None:
        """Return the send that enters triage next, or None if none will by itself."""
        ahead = col(tables.Send.triage_at)
        wanted = sa.select(*journal.record_columns()).where(
            ahead > self.now(), ahead < tables.NEVER
        )
        with self.database.read() as connection:
            row = connection.execute(wanted.order_by(ahead).limit(1)).first()
        return journal.record(row) if row else None

    def changed(self) -> bool:
        """Whether another process has written since this was last asked."""
        changed = self.database.changed()
        if changed:
            self.forget_settings()
        return changed

    def position(self, listing: Listing, send_id: int) -> int | None:
        """Return the place of a send in the list, or None if it is not in it."""
        with self.database.read() as connection:
            return listing.position(connection, send_id)

    def total(self) -> int:
        """Return how many sends there are."""
        with self.database.read() as connection:
            return counting.exact(connection, sa.true())

    def view_counts(self) -> dict[str, Count]:
        """Return how many sends each view has, by its name; exact up to ten thousand."""
        clauses = {view.name: self._where(self.parse(view.query)) for view in self.views()}
        with self.database.read() as connection:
            return {name: counting.capped(connection, clause) for name, clause in clauses.items()}

    def facets(self, query: Query) -> Facets:
        """Return how many sends of *query* have each value.

        A facet that the filter already restricts shows what its other values would give.
        """
        with self.database.read() as connection:
            return counting.facets(connection, query, self._where, self.now())

    def case(self, send_id: int) -> Case:
        """Return everything about one send.

        Raises:
            UnknownSend: If there is none.
        """
        with self.database.read() as connection:
            return self.read_case(connection, send_id)

    def find(self, reference: str) -> SendRecord:
        """Return the send that *reference* means: `S-…`, `G-…`, `provider:id`, a tracking number.

        Raises:
            UnknownSend: If it means none, or more than one.
        """
        with self.database.read() as connection:
            for clause in candidates(reference):
                wanted = sa.select(*journal.record_columns()).where(clause).limit(6)
                rows = connection.execute(wanted).all()
                if len(rows) == 1:
                    return journal.record(rows[0])
                if rows:
                    names = ", ".join(f"{row.provider}:{row.external_id}" for row in rows[:5])
                    raise UnknownSend(
                        f"“{reference}” means several sends: {names}. Name one of them."
                    )
        raise UnknownSend(f"No send answers to “{reference}”.")

    def owners(self) -> tuple[str, ...]:
        """Return everyone who owns a send, in alphabetical order."""
        owner = col(tables.Send.owner)
        with self.database.read() as connection:
            wanted = sa.select(owner).where(owner != "").distinct().order_by(owner)
            return tuple(connection.execute(wanted).scalars())

    def _where(self, query: Query) -> sa.ColumnElement[bool]:
        return where(
            query.tree,
            now=self.now(),
            me=self.agent,
            search=self.database.text_search,
            calendar=self._dates(),
        )

    def read_case(self, connection: sa.Connection, send_id: int) -> Case:
        """Return everything about one send within an open transaction."""
        columns = journal.record_columns()
        row = connection.execute(
            sa.select(*columns).where(col(tables.Send.id) == send_id)
        ).one_or_none()
        if row is None:
            raise UnknownSend("The send is no longer there.")
        send = journal.record(row)
        policy = journal.policy_of(connection)
        history, total = self._history(connection, send)
        now = self.now()
        return Case(
            send=send,
            history=history,
            history_total=total,
            shipments=tuple(parcel for _, parcel in journal.parcels_of(connection, [send_id])),
            advice=advise(send, now, policy.limits, policy.calendar),
            money=catalogue.provider(send.provider).money(send, now),
        )

    def _history(
        self, connection: sa.Connection, send: SendRecord
    ) -> tuple[tuple[Event, ...], int]:
        events = journal.newest_events(connection, send.id, HISTORY_SHOWN)
        deciding = (
            journal.deciding_events(connection, [send.id])[send.id]
            if send.revision > len(events)
            else tuple(event for event in reversed(events) if event.kind not in PASSIVE)
        )
        effects = fold(send.provider, deciding, send.created_at).effects
        shown = tuple(replace(event, effect=effects.get(event.seq, "")) for event in events)
        return shown, send.revision

"""The desk as it was at one moment, from the history: what was other then is worked out and laid over today."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from models.database import Database, overlay
from models.database.cancel import Reads
from models.database.past import PastDatabase, Rows
from models.errors import BadQuery, DeskError
from models.query.keys import SEARCHED_COLUMNS
from models.reading.reader import Reader
from models.records import Event, SendRecord, Shipment
from models.rules.derived_columns import derive_columns
from models.rules.due import Policy
from models.rules.former_values import put_back
from models.rules.state import UNREADABLE_ENTRY, SendState, Stay, Subject, fold
from models.rules.stays import Breaches, StayCounts, difference
from models.store import mapping, tables
from models.store.mapping import OF_SENDS
from models.store.stay_log import rows_of
from models.store.tables import col
from models.team import past_settings
from models.values.past_time import parse_past_time
from models.values.text import display_text

_SHOWN = 40
_ENTRIES_AT_ONCE = 50_000
"""How many entries of the history one step looks at."""
_SENDS_AT_ONCE = 500
"""How many sends one step puts back."""
_LATE_COMMITS = 20_000
"""How many entries back a server is looked at again: what got a lower number may be committed later."""
_TODAY = -1
"""Is kept as the number of changed settings before they were first counted."""


def past_moment(reader: Reader, text: str) -> datetime:
    """Read a moment at which to look at the desk; of a day without a time of day its end, or now.

    Raises:
        BadQuery: If it cannot be read, or is to come.
        DeskUnavailable: If the database cannot be read.
    """
    try:
        span = parse_past_time(text, reader.local_time(), reader.calendar())
    except ValueError as error:
        raise BadQuery(
            f"“{display_text(text, _SHOWN)}” is no moment to look at: {error}."
        ) from error
    return span.last(reader.now())


def open_past(
    today: Reader,
    moment: datetime,
    *,
    progress: Callable[[int, int], object] = lambda done, total: None,
    reads: Reads | None = None,
) -> PastDatabase:
    """Return the database of *today* as it was at *moment*; whoever asks for it closes it.

    The work is in proportion to what was written since. What others write later changes nothing in it.

    Args:
        today: Reads the present.
        moment: In UTC.
        progress: Is told again and again how much is done, and of how much.
        reads: What the work belongs to, so that another thread can cancel it.

    Raises:
        DeskError: If nothing is known of that moment.
        DeskUnavailable: If the database cannot be read, or has no place for what is worked out.
        Cancelled: If it was cancelled.
    """
    words = today.local_time().words
    with today.database.read(reads) as connection:
        first = connection.execute(_FIRST).scalar()
    if first is None:
        raise DeskError("The desk has no history yet: there is no past to look at.")
    if moment < first:
        raise DeskError(
            f"The history of the desk begins on {words(first)}: nothing is known of {words(moment)}."
        )
    why = f"This is the desk as it was {words(moment)}: nothing can be changed there."
    database = PastDatabase(today.database, moment, why, _Past(moment))
    try:
        total = 0
        for left in database.fill(reads or Reads()):
            total = max(total, left)
            progress(total - left, total)
    except BaseException:
        database.close()
        raise
    return database


def in_part(past: Reader) -> str:
    """Return a sentence if older entries do not say all that was other then, or an empty string."""
    with past.database.read() as connection:
        count = connection.execute(sa.select(sa.func.count()).select_from(overlay.IN_PART)).scalar()
    if not count:
        return ""
    sends = "1 send" if count == 1 else f"{count:,} sends"
    return (
        f"Of {sends} an older version of the desk has kept former values in part: the dates and numbers "
        "of their shipments, and texts of more than 200 characters, may be those of today."
    )


_FIRST = sa.select(col(tables.Event.recorded_at)).order_by(col(tables.Event.id)).limit(1)


class _Past:
    """Works out what was other at a moment, part by part; what it has done lies in temporary tables.

    So a read that fails takes back what it had worked out together with the note that it was.
    """

    def __init__(self, moment: datetime) -> None:
        self._moment = moment
        self._policy = Policy()
        """What was in force."""
        self._first = 0
        """The first entry of the history that can be later than the moment."""
        self._statements = _Statements("")

    def settings(self, connection: sa.Connection) -> Mapping[type[SQLModel], Rows]:
        """Return every row of the settings as they were."""
        return past_settings.settings_at(connection, self._moment)

    def begin(self, connection: sa.Connection, schema: str) -> None:
        """Find the first later entry."""
        self._statements = each = _Statements(schema)
        self._policy = mapping.policy_of(connection)
        newest = connection.execute(each.newest).scalar() or 0
        self._first = self._first_later(connection, newest)
        intake = connection.execute(each.newest_of_intakes).scalar() or 0
        start = {"event": self._first - 1, "intake": intake, "settings": _TODAY}
        connection.execute(sa.insert(overlay.SEEN).values(start))

    def step(self, database: PastDatabase, connection: sa.Connection) -> int:
        """Look at some entries of the history, or put some sends back; return how much is left."""
        each = self._statements
        seen = connection.execute(sa.select(overlay.SEEN)).one()
        newest = connection.execute(each.newest).scalar() or 0
        start, end = seen.event + 1, min(newest, seen.event + _ENTRIES_AT_ONCE)
        if database.is_server:
            start = max(self._first, self._uncertain(connection, seen))
        if start <= end:
            between = {"start": start, "end": end, "moment": self._moment}
            connection.execute(each.hide_new, between)
            connection.execute(each.hide_changed, between)
            intake = connection.execute(each.newest_of_intakes).scalar() or 0
            connection.execute(sa.update(overlay.SEEN).values(event=end, intake=intake))
        if end < newest:
            left_over: int = newest - end
            return left_over
        changes = past_settings.count_since(connection, each.setting_change, self._moment)
        if changes != seen.settings:
            self._hide_moved(connection)
            connection.execute(sa.update(overlay.SEEN).values(settings=changes))
        to_do = overlay.HIDDEN.c.done == 0
        wanted = sa.select(overlay.HIDDEN.c.id).where(to_do).order_by(overlay.HIDDEN.c.id)
        ids = list(connection.execute(wanted.limit(_SENDS_AT_ONCE)).scalars())
        if not ids:
            return self._count_stays(connection) if database.counts_stays else 0
        _Restored(database, connection, each, self._moment, self._policy).put(ids)
        done = sa.update(overlay.HIDDEN).where(overlay.HIDDEN.c.id.in_(ids)).values(done=1)
        connection.execute(done)
        left = sa.select(sa.func.count()).select_from(overlay.HIDDEN).where(to_do)
        return int(connection.execute(left).scalar_one())

    def _count_stays(self, connection: sa.Connection) -> int:
        """Take off, and add, what was other of the stays of some sends; return how many were looked at.

        What agents do to them later is taken off then.
        """
        each = self._statements
        found = connection.execute(each.uncounted, {"count": _SENDS_AT_ONCE}).all()
        if found:
            _Stays(connection, each, self._moment, self._policy).put([row.id for row in found])
            revisions = [{"the_id": row.id, "revision": row.revision} for row in found]
            connection.execute(_COUNTED, revisions)
        return len(found)

    def _first_later(self, connection: sa.Connection, newest: int) -> int:
        """Return the number of the first entry that can be later than the moment.

        What agents wrote has an index, and so have the ranges that intakes wrote. Entries of neither kind
        would be found by halving, as numbers grow with the time.
        """
        each, moment = self._statements, {"moment": self._moment}
        found = [connection.execute(one, moment).scalar() for one in (each.deeds, each.intakes)]
        early, late = 0, newest + 1
        while late - early > 1:
            middle = (early + late) // 2
            there = connection.execute(each.from_number, {"start": middle}).mappings().first()
            if there is None or there["recorded_at"] > self._moment:
                late = middle
            else:
                early = middle
        return min([late, *(int(number) for number in found if number is not None)])

    def _uncertain(self, connection: sa.Connection, seen: sa.Row[Any]) -> int:
        """Return from which number on entries may have been committed since a server was looked at."""
        intake = connection.execute(self._statements.new_intake, {"seen": seen.intake}).scalar()
        start = int(seen.event) + 1 - _LATE_COMMITS
        return start if intake is None else min(start, int(intake))

    def _hide_moved(self, connection: sa.Connection) -> None:
        """Have the sends put back whose limits end at other times since settings were changed."""
        log = past_settings.changes_of(connection, self._statements.setting_change)
        later = [change for change in log if change.at > self._moment]
        each = self._statements
        for provider, slug in sorted(past_settings.moved_statuses(later, self._policy)):
            connection.execute(each.hide_status, {"provider": provider, "status": slug})
        for provider, slug in sorted(past_settings.statuses_of_rules(later, self._policy)):
            connection.execute(each.hide_provider_status, {"provider": provider, "status": slug})


class _Statements:
    """What is asked of the desk's own tables, which lie in *schema*."""

    def __init__(self, schema: str) -> None:
        moment = sa.bindparam("moment", type_=tables.Moment())

        def of(model: type[SQLModel]) -> sa.TableClause:
            return overlay.present(mapping.table_of(model), schema)

        send, event, intake = of(tables.Send), of(tables.Event), of(tables.Intake)
        self.setting_change = of(tables.SettingChange)
        self.newest = sa.select(sa.func.max(event.c.id))
        self.newest_of_intakes = sa.select(sa.func.max(intake.c.last_event))
        self.new_intake = sa.select(sa.func.min(intake.c.first_event)).where(
            intake.c.last_event > sa.bindparam("seen")
        )
        self.deeds = sa.select(sa.func.min(event.c.id)).where(
            event.c.request_id.is_not(None), event.c.recorded_at > moment
        )
        self.intakes = sa.select(sa.func.min(intake.c.first_event)).where(
            intake.c.recorded_at > moment
        )
        self.from_number = (
            sa.select(event.c.id, event.c.recorded_at)
            .where(event.c.id >= sa.bindparam("start"))
            .order_by(event.c.id)
            .limit(1)
        )
        later = (
            f"FROM {schema}.event AS later"
            " WHERE id BETWEEN :start AND :end AND recorded_at > :moment"
        )
        once = "ON CONFLICT DO NOTHING"
        self.hide_new = sa.text(
            f"INSERT INTO past_hidden (id, done) SELECT send_id, 1 {later} AND seq = 1"
            f" AND NOT EXISTS (SELECT 1 FROM {schema}.event AS known"
            f" WHERE known.send_id = later.send_id AND known.recorded_at <= :moment) {once}"
        ).bindparams(moment)
        self.hide_changed = sa.text(
            f"INSERT INTO past_hidden (id, done) SELECT DISTINCT send_id, 0 {later} {once}"
        ).bindparams(moment)
        by_status, by_provider_status = (
            f"INSERT INTO past_hidden (id, done) SELECT id, 0 FROM {schema}.send"
            f" WHERE provider = :provider AND {column} = :status {once}"
            for column in ("status", "provider_status")
        )
        self.hide_status = sa.text(by_status)
        self.hide_provider_status = sa.text(by_provider_status)
        self.sends = sa.select(*(send.c[name] for name in SendRecord._fields)).where(
            send.c.id.in_(OF_SENDS)
        )
        self.events = (
            sa.select(
                *(event.c[column.name] for column in mapping.event_columns()),
                event.c.id,
                event.c.send_id,
            )
            .where(event.c.send_id.in_(OF_SENDS))
            .order_by(event.c.send_id, event.c.seq)
        )
        self.uncounted = (
            sa.select(send.c.id, send.c.revision)
            .join_from(overlay.HIDDEN, send, send.c.id == overlay.HIDDEN.c.id)
            .where(send.c.revision != overlay.HIDDEN.c.counted)
            .order_by(send.c.id)
            .limit(sa.bindparam("count", type_=sa.Integer()))
        )
        breach = of(tables.LimitBreach)
        self.breaches = sa.select(breach).where(breach.c.send_id.in_(OF_SENDS))
        shipment = of(tables.Shipment)
        self.shipments = (
            sa.select(shipment).where(shipment.c.send_id.in_(OF_SENDS)).order_by(shipment.c.id)
        )


def _past_table(model: type[SQLModel]) -> sa.Table:
    """Return the table that has the past of *model*'s rows."""
    table = mapping.table_of(model)
    columns = (sa.Column(column.name, column.type) for column in table.columns)
    return sa.Table(f"past_{table.name}", sa.MetaData(), *columns)


_SEND, _SHIPMENT = _past_table(tables.Send), _past_table(tables.Shipment)
_BREACH = _past_table(tables.LimitBreach)
_CREATED = sa.select(_SEND.c.id, _SEND.c.created_at).where(_SEND.c.id.in_(OF_SENDS))
_COUNTED = (
    sa.update(overlay.HIDDEN)
    .where(overlay.HIDDEN.c.id == sa.bindparam("the_id"))
    .values(counted=sa.bindparam("revision"))
)


class _Restored:
    """Some sends as they were, on their way into the temporary tables."""

    def __init__(
        self,
        database: Database,
        connection: sa.Connection,
        statements: _Statements,
        moment: datetime,
        policy: Policy,
    ) -> None:
        self._database = database
        self._connection = connection
        self._statements = statements
        self._moment = moment
        self._policy = policy
        self._sends: list[Mapping[str, Any]] = []
        self._shipments: list[Mapping[str, Any]] = []
        self._ids: dict[sa.TableClause, list[int]] = {
            overlay.EVENTS: [],
            overlay.TEXTS: [],
            overlay.IN_PART: [],
        }

    def put(self, send_ids: Sequence[int]) -> None:
        """Put the sends with *send_ids* back; those that were not known yet are left out."""
        wanted = {"send_ids": list(send_ids)}
        shipments: dict[int, list[sa.Row[Any]]] = {}
        for row in self._connection.execute(self._statements.shipments, wanted):
            shipments.setdefault(row.send_id, []).append(row)
        events: dict[int, list[sa.Row[Any]]] = {}
        for row in self._connection.execute(self._statements.events, wanted):
            events.setdefault(row.send_id, []).append(row)
        for row in self._connection.execute(self._statements.sends, wanted).all():
            send = mapping.record(row)
            self._restore(send, events.get(send.id, ()), shipments.get(send.id, ()))
        for table, rows in ((_SEND, self._sends), (_SHIPMENT, self._shipments)):
            self._database.insert(self._connection, table, rows)
        for into, ids in self._ids.items():
            if ids:
                self._connection.execute(sa.insert(into), [{"id": each} for each in ids])

    def _restore(
        self, send: SendRecord, rows: Sequence[sa.Row[Any]], parcels: Sequence[sa.Row[Any]]
    ) -> None:
        known = [row.seq for row in rows if row.recorded_at <= self._moment]
        revision = max(known, default=0)
        if not revision and rows:
            return
        self._ids[overlay.EVENTS] += [
            row.id for row in rows if row.seq <= revision and row.recorded_at > self._moment
        ]
        by_name = {row.external_id: row for row in parcels}
        try:
            events = list(map(mapping.event, rows))
            later = [event for event in reversed(events) if event.seq > revision]
            former = put_back(send, [_shipment(row) for row in parcels], later)
            fields = {**former.fields, "revision": revision}
            fields |= self._derived(send, fields, [each for each in events if each.seq <= revision])
        except UNREADABLE_ENTRY:
            # What cannot be read stays as it is; `senddesk db verify` names it.
            self._ids[overlay.IN_PART].append(send.id)
            self._sends.append({**send._asdict(), "head": b""})
            self._shipments += [row._asdict() for row in parcels]
            return
        if not former.is_whole:
            self._ids[overlay.IN_PART].append(send.id)
        if not former.fields.keys().isdisjoint(SEARCHED_COLUMNS):
            self._ids[overlay.TEXTS].append(send.id)
        self._sends.append({**send._asdict(), **fields, "head": b""})
        self._shipments += [
            {**by_name[each.external_id]._asdict(), **_values(each)} for each in former.shipments
        ]

    def _derived(
        self, send: SendRecord, fields: Mapping[str, Any], events: Sequence[Event]
    ) -> dict[str, Any]:
        """Return the columns of *send* that followed from *events*, all there were."""
        created_at = fields.get("created_at", send.created_at)
        state = fold(send.provider, events, created_at)
        since = _since(send, events, created_at, state)
        return derive_columns(Subject.of(send, **fields), state, self._policy, since)


def _since(
    send: SendRecord, events: Sequence[Event], created_at: datetime | None, state: SendState
) -> datetime:
    """Return when a send had entered its status; where nobody knows, what was known before stays."""
    known = state.since
    for end in range(len(events) - 1, 0, -1):
        if known is not None:
            break
        known = fold(send.provider, events[:end], created_at).since
    return known or (events[0].recorded_at if events else send.since)


def _shipment(row: sa.Row[Any]) -> Shipment:
    return Shipment(*(getattr(row, name) for name in Shipment._fields))


def _values(shipment: Shipment) -> dict[str, Any]:
    return shipment._asdict()


class _Stays:
    """The stays in statuses of some sends as they were, on their way into the temporary tables."""

    def __init__(
        self,
        connection: sa.Connection,
        statements: _Statements,
        moment: datetime,
        policy: Policy,
    ) -> None:
        self._connection = connection
        self._statements = statements
        self._moment = moment
        self._limits = Breaches(policy)

    def put(self, send_ids: Sequence[int]) -> None:
        """Write what differs between the stays of today and those of then, in place of what was written."""
        wanted = {"send_ids": list(send_ids)}
        run = self._connection.execute
        for table in (overlay.STAYS, _BREACH):
            run(sa.delete(table).where(table.c.send_id.in_(send_ids)))
        events: dict[int, list[Any]] = {}
        for row in run(self._statements.events, wanted):
            events.setdefault(row.send_id, []).append(row)
        breaches: dict[int, list[Any]] = {}
        for row in run(self._statements.breaches, wanted):
            breaches.setdefault(row.send_id, []).append(row)
        created = {row.id: row.created_at for row in run(_CREATED, wanted)}
        counts: list[dict[str, Any]] = []
        kept: list[dict[str, Any]] = []
        for send in map(mapping.record, run(self._statements.sends, wanted).all()):
            # A send whose history cannot be read has no stays, today as then.
            with suppress(*UNREADABLE_ENTRY):
                today, then = self._stays(send, events.get(send.id, ()), created.get(send.id))
                differ = StayCounts()
                for stays, count in zip(difference(today, then), (-1, 1), strict=True):
                    for stay in stays:
                        differ.add(send.provider, stay, count)
                counts += [{"send_id": send.id, **row} for row in rows_of(differ)]
                kept += self._breaches(send, today, then, breaches.get(send.id, ()))
        for into, rows in ((overlay.STAYS, counts), (_BREACH, kept)):
            if rows:
                run(sa.insert(into), rows)

    def _stays(
        self, send: SendRecord, rows: Sequence[sa.Row[Any]], created_at: datetime | None
    ) -> tuple[Sequence[Stay], Sequence[Stay]]:
        """Return the stays of a send that have ended by now, and those that had by then."""
        events = list(map(mapping.event, rows))
        revision = max((row.seq for row in rows if row.recorded_at <= self._moment), default=0)
        known = [event for event in events if event.seq <= revision]
        then = fold(send.provider, known, created_at).stays if known else []
        return fold(send.provider, events, send.created_at).stays, then

    def _breaches(
        self,
        send: SendRecord,
        today: Sequence[Stay],
        then: Sequence[Stay],
        rows: Sequence[sa.Row[Any]],
    ) -> Iterator[dict[str, Any]]:
        """Yield the rows of the stays that had outlasted their limits, by the limits of their time."""
        known = {(row.status, row.began, row.ended_at): row for row in rows}
        for place, stay in enumerate(then):
            row = known.get((stay.status, stay.began, stay.ended))
            if row is not None:
                yield row._asdict()
            elif stay not in today and (breach := self._limits.of(send.provider, stay)):
                own_id = -(send.id * _SENDS_AT_ONCE + place)
                yield {
                    "id": own_id, "send_id": send.id, "provider": send.provider, **breach._asdict()
                }  # fmt: skip

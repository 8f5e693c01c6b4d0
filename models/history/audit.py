"""Proof that every send is what its history adds up to, and that the history was not altered."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby, zip_longest
from operator import itemgetter
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultDialect
from sqlmodel import UTCDateTime

from models.database import Database
from models.ledger import stored
from models.ledger.entries import all_entries, may_have_credit
from models.providers import catalogue
from models.records import Credit, Event, SendRecord
from models.rules.derived_columns import derive_columns
from models.rules.due import Policy
from models.rules.state import CLOCKS_DIFFER, UNREADABLE_ENTRY, Stay, Subject, fold
from models.rules.stays import Breaches, Cell, StayCounts
from models.store import mapping, stay_log, tables
from models.store.hash_chain import digest
from models.values.money import money_words
from models.values.text import display_text

Row = Mapping[str, Any]

_MOST_LISTED = 1000
"""How many problems are listed one by one; of the rest only the number is given."""
_CHUNK = 1000
"""Rows fetched at a time, and sends between two calls of `progress`."""
_SHOWN = 80
"""The most characters of a value in a sentence."""
_SENDS = {
    item.name: item for item in (*mapping.record_columns(), mapping.table_of(tables.Send).c.head)
}
_PLAIN: Mapping[str, type] = {
    name: int if kind in (int, int | None) else str
    for name, kind in SendRecord.__annotations__.items()
    if kind in (int, int | None, str, str | None)
}
"""The fields of a send that the driver gives as they are: its texts and whole numbers."""
_EVENT_FIELDS = tuple(item.name for item in mapping.event_columns())
_EVENTS = {item.name: item for item in mapping.event_columns()} | {
    name: mapping.columns_of(tables.Event)[name] for name in ("id", "send_id", "hash")
}
_ENTRY_FIELDS = tuple(item.name for item in stored.entry_columns())
_ENTRIES = {item.name: item for item in stored.entry_columns()} | {
    name: mapping.columns_of(tables.Credit)[name] for name in ("id", "send_id")
}
_BREACHES = dict(mapping.columns_of(tables.LimitBreach))
_DIALECT = DefaultDialect()
"""For converting a value; none of the types used asks which dialect it is."""


@dataclass(frozen=True, slots=True)
class AuditResult:
    """What an audit checked and found."""

    sends: int
    """How many sends there are."""
    events: int
    """How many events their histories have."""
    problems: tuple[str, ...]
    """A sentence for each problem; behind a thousand of them one that gives the number of the rest."""
    credits: int = 0
    """How many entries the ledger has."""


def verify(database: Database, progress: Callable[[int], None] = lambda done: None) -> AuditResult:
    """Check the guards, every hash of the history, and every send, its credits and its stays against its own.

    The memory it takes depends on the longest history, not on the number of sends. Fields that no
    event records, such as names and amounts, are not checked.

    Args:
        database: An open database; agents may go on working.
        progress: Called after every thousand sends and at the end, with the number of sends checked.

    Raises:
        DeskUnavailable: If the database cannot be read.
    """
    broken = database.check()
    with database.read() as connection:
        changed = stay_log.limits_changed_at(connection)
        audit = _Audit(mapping.policy_of(connection), changed and changed + CLOCKS_DIFFER)
        audit.report(broken)
        for each in _histories(connection):
            audit.check(each)
            if audit.sends % _CHUNK == 0:
                progress(audit.sends)
        audit.compare_stays(stay_log.counts_of(connection, date.min, date.max))
    progress(audit.sends)
    return audit.result()


@dataclass(slots=True)
class _Audit:
    """An audit under way: what it has checked and found so far."""

    policy: Policy
    settled_at: datetime | None
    """Since when the limits are those of now, by every clock; None if they always were."""
    sends: int = 0
    events: int = 0
    credits: int = 0
    listed: list[str] = field(default_factory=list)
    found: int = 0
    """How many problems there are, listed or not."""
    miscounted: int = 0
    """How many of them `db recount` mends."""
    stays: StayCounts = field(default_factory=StayCounts)
    """The stays of the sends that were checked."""
    breaches: Breaches = field(init=False)
    """Tells which of them were breaches."""

    def __post_init__(self) -> None:
        self.breaches = Breaches(self.policy)

    def report(self, problems: Iterable[str]) -> None:
        """Count *problems* and list them while there are not too many."""
        for problem in problems:
            self.found += 1
            if len(self.listed) < _MOST_LISTED:
                self.listed.append(problem)

    def check(self, each: "_OfOne") -> None:
        """Check one send with all that belongs to it, or what belongs to a send that is gone."""
        send = each.send
        self.events += len(each.events)
        self.credits += len(each.entries)
        if send is None:
            orphans = (
                ("events", each.events),
                ("entries of the ledger", each.entries),
                ("limits passed", each.breaches),
            )
            self.report(
                f"{len(rows)} {what} belong to send {rows[0]['send_id']}, which is gone"
                for what, rows in orphans
                if rows
            )
            return
        self.sends += 1
        name = display_text(str(send["ref"]), _SHOWN)
        stays: list[Stay] = []
        try:
            problems = list(_problems_of(send, each.events, each.entries, self.policy, stays))
            if not problems:
                problems = list(self._miscounted(send["provider"], stays, each.breaches))
                self.miscounted += len(problems)
            self.report(f"{name}: {problem}" for problem in problems)
        except UNREADABLE_ENTRY:
            self.report([f"{name}: a value of the send or its history cannot be read"])
        for stay in stays:
            self.stays.add(send["provider"], stay)

    def _miscounted(
        self, provider: str, stays: Sequence[Stay], rows: Sequence[Row]
    ) -> Iterator[str]:
        """Yield a sentence for the first limit passed that is kept wrongly of a send.

        Which limits were in force long ago is not asked: of a stay that ended before they were changed
        a limit may have been passed or not.
        """
        kept: dict[tuple[str, datetime, datetime], list[datetime]] = {}
        for row in rows:
            began, due, ended = (
                _read(_BREACHES[name], row[name]) for name in ("began", "due_at", "ended_at")
            )
            kept.setdefault((row["status"], began, ended), []).append(due)
        for stay in stays:
            place = (stay.status, stay.began, stay.ended)
            found = kept.get(place, [])
            due = found.pop() if found else None
            if (
                self.settled_at is None
                or stay.ended > self.settled_at
                or stay.contested_at is not None
            ):
                breach = self.breaches.of(provider, stay)
                right = breach.due_at if breach else None
            else:
                right = due if due and stay.began <= due < stay.ended else None
            if due != right:
                yield _passed_wrongly(provider, stay.status, due, right)
                return
        for (slug, *_), left in kept.items():
            if left:
                yield _passed_wrongly(provider, slug, left[0], None)
                return

    def compare_stays(self, stored: StayCounts) -> None:
        """Compare *stored*, the numbers that reports are made of, with the histories.

        Nothing is said of them where a send is damaged: what its stays were cannot be known.
        """
        if self.found > self.miscounted:
            return
        wrong = {day for day, *_ in _unequal(self.stays, stored)}
        self.report(
            f"how long sends stayed in their statuses is counted wrongly for {date.fromordinal(day)}:"
            " `senddesk db recount` counts them anew"
            for day in sorted(wrong)
        )

    def result(self) -> AuditResult:
        """Return what was found."""
        more = self.found - len(self.listed)
        rest = (f"and {more} more problems",) if more else ()
        return AuditResult(self.sends, self.events, (*self.listed, *rest), self.credits)


class _OfSends:
    """The rows of a table by the send that they belong to, read in the order of the sends."""

    def __init__(self, rows: Iterator[Row]) -> None:
        groups = groupby(rows, itemgetter("send_id"))
        self._groups = ((send_id, list(found)) for send_id, found in groups)
        self._ahead = next(self._groups, None)

    def before(self, send_id: int | None) -> Iterator[list[Row]]:
        """Yield the rows of each send that comes before *send_id*; with None of all that are left."""
        while self._ahead is not None and (send_id is None or self._ahead[0] < send_id):
            yield self._ahead[1]
            self._ahead = next(self._groups, None)

    def of(self, send_id: int) -> list[Row]:
        """Return the rows of the send *send_id*, once those before it are read."""
        if self._ahead is None or self._ahead[0] != send_id:
            return []
        found = self._ahead[1]
        self._ahead = next(self._groups, None)
        return found


class _OfOne(NamedTuple):
    """A send and all that belongs to it; where the send is gone, what is left of that."""

    send: Row | None
    events: list[Row] = []
    """In the order of their numbers."""
    entries: list[Row] = []
    """Those in the ledger, in the order made."""
    breaches: list[Row] = []
    """The limits that it has passed in stays that have ended."""


def _histories(connection: sa.Connection) -> Iterator[_OfOne]:
    """Yield every send with what belongs to it, and what belongs to sends that are gone."""
    events = _OfSends(_stream(connection, _EVENTS, "send_id", "seq"))
    entries = _OfSends(_stream(connection, _ENTRIES, "send_id", "id"))
    breaches = _OfSends(_stream(connection, _BREACHES, "send_id", "id"))

    def before(send_id: int | None) -> Iterator[_OfOne]:
        yield from (_OfOne(None, events=rows) for rows in events.before(send_id))
        yield from (_OfOne(None, entries=rows) for rows in entries.before(send_id))
        yield from (_OfOne(None, breaches=rows) for rows in breaches.before(send_id))

    for send in _stream(connection, _SENDS, "id"):
        send_id = send["id"]
        yield from before(send_id)
        yield _OfOne(send, events.of(send_id), entries.of(send_id), breaches.of(send_id))
    yield from before(None)


def _stream(
    connection: sa.Connection, items: Mapping[str, sa.Column[Any]], *order: str
) -> Iterator[Row]:
    """Yield rows with the raw values of the driver.

    SQLAlchemy would convert them, and fail on a value that somebody altered; `_read` does it later,
    where the failure becomes a sentence.
    """
    raw = [sa.type_coerce(item, sa.String).label(name) for name, item in items.items()]
    wanted = sa.select(*raw).order_by(*(items[name] for name in order))
    rows = connection.execute(wanted, execution_options={"yield_per": _CHUNK})
    return (dict(row) for row in rows.mappings())


def _unequal(first: StayCounts, second: StayCounts) -> Iterator[Cell]:
    """Yield the cells in which two countings differ."""
    for cell in first.lengths.keys() | second.lengths.keys():
        # Unlike dicts, counters with and without a zero are equal.
        lengths, others = (Counter(each.lengths.get(cell)) for each in (first, second))
        if lengths != others or first.reopened[cell] != second.reopened[cell]:
            yield cell


def _problems_of(
    send: Row, events: Sequence[Row], entries: Sequence[Row], policy: Policy, stays: list[Stay]
) -> Iterator[str]:
    """Yield a sentence for each problem of one send; of a broken chain only the first break.

    Its stays are added to *stays*.

    Raises:
        ValueError: If a value cannot be read; also the others of `UNREADABLE_ENTRY`.
    """
    for name, kind in _PLAIN.items():
        value = send[name]
        if value is not None and type(value) is not kind:
            yield f"{name} is {_show(value)}, which is no {'text' if kind is str else 'whole number'}"
    history = [
        mapping.event([_read(_EVENTS[name], row[name]) for name in _EVENT_FIELDS]) for row in events
    ]
    broken = next(_breaks((send["provider"], send["external_id"]), history, events), None)
    if broken:
        yield broken
        return
    head = events[-1]["hash"] if events else b""
    if send["revision"] != len(events) or bytes(send["head"]) != head:
        yield f"it counts {send['revision']} entries, its history has {len(events)}, or the last one differs"
        return
    created_at = _read(_SENDS["created_at"], send["created_at"])
    state = fold(send["provider"], history, created_at)
    stays += state.stays
    known = _read(_SENDS["since"], send["since"])
    subject = Subject(*(_read(_SENDS[name], send[name]) for name in Subject._fields))
    for name, wanted in derive_columns(subject, state, policy, known).items():
        found = _read(_SENDS[name], send[name])
        if found != wanted:
            yield f"{name} is {_show(found)}, by its history it is {_show(wanted)}"
    yield from _wrong_credits(send, history, entries)


def _passed_wrongly(provider: str, slug: str, kept: datetime | None, right: datetime | None) -> str:
    """Return the sentence about a limit passed that is kept as of another moment than it was, or not."""
    status = display_text(catalogue.status(provider, slug).label, _SHOWN)
    when, truly = (each.isoformat() if each else "not at all" for each in (kept, right))
    return (
        f"by what is kept for the report it passed the limit of {status} {when}, by its history {truly}:"
        " `senddesk db recount` counts it anew"
    )


def _wrong_credits(send: Row, history: Sequence[Event], entries: Sequence[Row]) -> Iterator[str]:
    """Yield a sentence for the first entry of the ledger that the history does not add up to.

    Raises:
        ValueError: If an entry cannot be read; also the others of `UNREADABLE_ENTRY`.
    """
    # Few sends have any, and to read every column of the others takes time.
    if not entries and not may_have_credit(send["provider"], history):
        return
    record = SendRecord._make(_read(_SENDS[name], send[name]) for name in SendRecord._fields)
    wanted = all_entries(record, history)
    found = [
        stored.entry([_read(_ENTRIES[name], row[name]) for name in _ENTRY_FIELDS])
        for row in entries
    ]
    for number, (there, right) in enumerate(zip_longest(found, wanted), 1):
        if there != right:
            yield f"entry {number} of its credits is {_credit(there)}, by its history {_credit(right)}"
            return


def _credit(entry: Credit | None) -> str:
    if entry is None:
        return "missing"
    known = entry.amount_minor is not None
    amount = money_words(entry.amount_minor or 0, entry.currency) if known else "unknown"
    words = (
        f"{amount} {entry.state.value}",
        f"in {entry.funding_source}" if entry.funding_source else "",
        f"by rule {entry.rule}" if entry.rule else "",
        f"of entry {entry.seq} of the history",
        f"since {entry.at.isoformat()}",
    )
    return f"“{display_text(' '.join(filter(None, words)), 2 * _SHOWN)}”"


def _breaks(
    identity: tuple[str, str], history: Sequence[Event], events: Sequence[Row]
) -> Iterator[str]:
    """Yield a sentence for each event at which the chain of hashes is broken."""
    head, newest = b"", 0
    for number, (event, row) in enumerate(zip(history, events, strict=True), 1):
        head = digest(head, identity, event)
        if event.seq != number:
            yield f"entry {number} of its history is missing"
        elif row["hash"] != head:
            yield f"entry {number} of its history was altered, moved or put in"
        elif row["id"] <= newest:
            yield f"entry {number} of its history was moved"
        newest = row["id"]


def _read(item: sa.Column[Any], raw: Any) -> Any:
    """Convert a raw value of column *item*; times become aware UTC.

    Raises:
        ValueError: If it is no value of that column.
    """
    if isinstance(item.type, UTCDateTime):
        moment = datetime.fromisoformat(raw) if isinstance(raw, str) else raw
        return item.type.process_result_value(moment, _DIALECT)
    return bool(raw) if isinstance(item.type, sa.Boolean) else raw


def _show(value: object) -> str:
    return f"“{display_text(str(value), _SHOWN)}”"

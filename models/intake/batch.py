"""One transaction's worth of what platforms say, written set by set."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import SQLModel, col

from models.database import Database
from models.history import journal
from models.intake.merge import is_older, merge, merge_parcels, new_events, new_fields
from models.providers.provider import Incoming
from models.records import Event, EventKind, SendRecord, Shipment
from models.rules.derived_columns import derive_columns
from models.rules.due import Policy
from models.rules.state import fold
from models.store import mapping, references, tables
from models.store.hash_chain import chain

_LOOKUP = 400
_VALUE_SHOWN = 200
_FOUND_BY_TEXT = frozenset(
    {"recipient_name", "recipient_email", "company", "campaign", "tracking_number"}
)
_BLANK = {
    name: item.default.arg if isinstance(item.default, sa.ColumnDefault) else None
    for name, item in mapping.columns_of(tables.Send).items()
}

Row = dict[str, Any]
Key = tuple[str, str]
"""Provider and external id."""


class Tally(NamedTuple):
    """How many descriptions of a batch brought a new send, a change, or nothing that was not known.

    Of several that describe one send all but one count as nothing new.
    """

    new: int
    changed: int
    unchanged: int


@dataclass(slots=True)
class Batch:
    """Writes a number of sends on one connection, whose owner commits."""

    database: Database
    connection: sa.Connection
    source: str
    now: datetime
    policy: Policy = field(init=False, default_factory=Policy)

    def take(self, sends: Sequence[Incoming]) -> Tally:
        """Write what is new in *sends*."""
        self.database.one_intake_at_a_time(self.connection)
        # Read behind the lock, so that a limit set meanwhile counts.
        self.policy = mapping.policy_of(self.connection)
        told: dict[Key, Incoming] = {}
        for send in sends:
            key = (send.provider, send.external_id)
            told[key] = merge(told[key], send) if key in told else send
        known = {entry.key: entry for entry in self._known(list(told))}
        newest = self._newest_event()
        self._arrive([send for key, send in told.items() if key not in known])
        changed = self._change([(entry, told[key]) for key, entry in known.items()])
        self._mark({provider for provider, _ in told}, newest + 1, self._newest_event())
        new = len(told) - len(known)
        return Tally(new, changed, len(sends) - new - changed)

    def _known(self, keys: Sequence[Key]) -> Iterator[journal.SendHistory]:
        """Yield what the desk holds of *keys*, locked where the database locks rows."""
        for provider in sorted({provider for provider, _ in keys}):
            ids = [external_id for owner, external_id in keys if owner == provider]
            for start in range(0, len(ids), _LOOKUP):
                some = ids[start : start + _LOOKUP]
                clause = (col(tables.Send.provider) == provider) & col(tables.Send.external_id).in_(
                    some
                )
                yield from journal.lock_histories(self.connection, clause)

    def _arrive(self, sends: Sequence[Incoming]) -> None:
        """Write the sends that the desk sees for the first time."""
        if not sends:
            return
        ids = self.database.reserve_ids(self.connection, len(sends))
        refs = references.allocate_refs(self.connection, sends)
        rows: list[Row] = []
        events: list[Row] = []
        parcels: list[Row] = []
        for send_id, ref, send in zip(ids, refs, sends, strict=True):
            row, history = self._first(send_id, ref, send)
            rows.append(row)
            events.extend(history)
            parcels.extend(_stored(parcel, send_id) for parcel in send.shipments)
        self._insert(tables.Send, rows)
        self._insert(tables.Event, events)
        self._insert(tables.Shipment, parcels)
        self.database.index_text(self.connection, ids[0], ids[-1])

    def _insert(self, model: type[SQLModel], rows: Sequence[Row]) -> None:
        self.database.insert(self.connection, mapping.table_of(model), rows)

    def _first(self, send_id: int, ref: str, send: Incoming) -> tuple[Row, list[Row]]:
        """Return the row of a new send and the rows of its history."""
        events = list(new_events(send, (), self.source, self.now))
        state = fold(send.provider, events, send.fields.get("created_at"))
        history, head = chain(send_id, (send.provider, send.external_id), b"", events)
        row = {
            **_BLANK,
            **send.fields,
            **derive_columns(send.provider, state, self.policy, self.now),
            "id": send_id,
            "ref": ref,
            "provider": send.provider,
            "external_id": send.external_id,
            "type": send.type,
            "revision": len(events),
            "head": head,
        }
        return row, history

    def _change(self, pairs: Sequence[tuple[journal.SendHistory, Incoming]]) -> int:
        """Write what the platforms add to known sends; return how many of them changed."""
        stored = self._parcels([entry.send.id for entry, _ in pairs])
        appended: list[journal.Appended] = []
        parcels: list[tuple[int, tuple[Shipment, ...]]] = []
        retold: list[int] = []
        for entry, send in pairs:
            before = stored.get(entry.send.id, ())
            older = is_older(send, entry.events)
            after = merge_parcels(before, send.shipments, older=older)
            fields = new_fields(send, entry.send, older=older)
            new = list(new_events(send, entry.events, self.source, self.now))
            if fields or after != before:
                new.append(self._details(entry.send, fields, before, after))
            if not new:
                continue
            appended.append(journal.append(entry, new, self.policy, fields))
            if after != before:
                parcels.append((entry.send.id, after))
            if _FOUND_BY_TEXT & fields.keys():
                retold.append(entry.send.id)
        if appended:
            self._write(appended, parcels, retold)
        return len(appended)

    def _details(
        self,
        send: SendRecord,
        fields: Row,
        before: tuple[Shipment, ...],
        after: tuple[Shipment, ...],
    ) -> Event:
        """Return the event that says which fields changed, from what to what."""
        changed = {name: [getattr(send, name), value] for name, value in fields.items()}
        if after != before:
            changed["shipments"] = [_summary(before), _summary(after)]
        shown = {name: [_shown(value) for value in pair] for name, pair in changed.items()}
        return Event(
            seq=0,
            at=self.now,
            recorded_at=self.now,
            kind=EventKind.DETAILS,
            actor=send.provider,
            source=self.source,
            detail=json.dumps(shown, sort_keys=True),
        )

    def _write(
        self,
        appended: list[journal.Appended],
        parcels: list[tuple[int, tuple[Shipment, ...]]],
        retold: list[int],
    ) -> None:
        def write() -> None:
            journal.write(self.database, self.connection, appended)

        self.database.reindex_text(self.connection, retold, write)
        for send_id, after in parcels:
            self.connection.execute(
                sa.delete(tables.Shipment).where(col(tables.Shipment.send_id) == send_id)
            )
            self._insert(tables.Shipment, [_stored(parcel, send_id) for parcel in after])

    def _newest_event(self) -> int:
        newest = self.connection.execute(sa.select(sa.func.max(col(tables.Event.id)))).scalar()
        return int(newest or 0)

    def _mark(self, actors: Iterable[str], first: int, last: int) -> None:
        """Keep which entries of the history *actors* may have written, if there are new ones."""
        rows = [
            {
                "first_event": first,
                "actor": actor,
                "last_event": last,
                "source": self.source,
                "recorded_at": self.now,
            }
            for actor in sorted(actors)
        ]
        if first <= last:
            self.connection.execute(sa.insert(tables.Intake), rows)

    def _parcels(self, send_ids: Sequence[int]) -> dict[int, tuple[Shipment, ...]]:
        """Return the parcels that are stored for *send_ids*."""
        found: dict[int, tuple[Shipment, ...]] = {}
        for start in range(0, len(send_ids), _LOOKUP):
            some = send_ids[start : start + _LOOKUP]
            for send_id, parcel in mapping.shipments_of(self.connection, some):
                found[send_id] = (*found.get(send_id, ()), parcel)
        return found


def _stored(parcel: Shipment, send_id: int) -> Row:
    """Return the row of a parcel of the send *send_id*."""
    return {"send_id": send_id} | {name: getattr(parcel, name) for name in Shipment.__slots__}


def _summary(parcels: Iterable[Shipment]) -> str:
    return ", ".join(f"{parcel.external_id}: {parcel.status}" for parcel in parcels)


def _shown(value: object) -> str:
    return "" if value is None else str(value)[:_VALUE_SHOWN]

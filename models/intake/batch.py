"""One transaction of an import: new sends are inserted, known ones updated, a set at a time."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import SQLModel

from models.database import Database
from models.errors import Damaged
from models.history import journal
from models.intake import doubts
from models.intake.merge import is_older, merge_shipments, new_events, new_fields, standing_of
from models.intake.parts import combine
from models.intake.people import are_one, may_be_one, recipient_of, told
from models.ledger.entries import Money, may_have_credit, new_entries
from models.ledger.stored import row as credit_row
from models.providers import catalogue
from models.providers.derived import Known, nothing
from models.providers.incoming import Incoming
from models.query.keys import SEARCHED_COLUMNS
from models.records import Event, EventKind, SendRecord, Shipment
from models.rules.derived_columns import derive_columns
from models.rules.due import Policy
from models.rules.former_values import BEFORE, LEAD, changed_values
from models.rules.shipments import change_words, changed_at, in_question, lead_fields, name_of
from models.rules.state import SendState, Subject, fold
from models.rules.time_rules import next_event
from models.store import mapping, references, tables
from models.store.hash_chain import chain
from models.store.stay_log import StayChanges
from models.store.tables import col

_LOOKUP = 400
"""How many sends one statement looks up."""
_AT_ONCE = 1_000
"""How many new sends are made into rows before these are inserted, and so held in memory."""
_VALUE_SHOWN = 200
"""How many characters of a new value the history keeps; the send itself has it whole."""
_PEOPLE_NAMED = 4
"""How many of the people that share an id a warning names."""
_DEFAULTS = {
    name: item.default.arg if isinstance(item.default, sa.ColumnDefault) else None
    for name, item in mapping.columns_of(tables.Send).items()
}

Row = dict[str, Any]
Key = tuple[str, str]
"""Provider and external id."""


class IntakeCounts(NamedTuple):
    """How many payloads of a batch brought a new send, changed a known one, or changed nothing.

    If several payloads describe one send, one counts as new or changed, the others as unchanged.
    """

    new: int
    changed: int
    unchanged: int
    left_out: int = 0
    """How many were not taken, as their id belongs to somebody else; a warning names each id."""
    ruled: int = 0
    """For how many sends a rule that time triggers wrote something."""


@dataclass(slots=True)
class Batch:
    """Writes a number of sends in one transaction, which its owner commits or rolls back.

    Attributes:
        database: The database that *connection* belongs to.
        connection: A connection in a transaction.
        source: Where the sends come from, for the history.
        now: The time of the import, in UTC.
        policy: The limits and days off in force, read by `apply`.
        warnings: A sentence for each thing that is not sure; `apply` adds to them.
        damaged: The sends that were left as they are, as their histories cannot be read.
    """

    database: Database
    connection: sa.Connection
    source: str
    now: datetime
    policy: Policy = field(init=False, default_factory=Policy)
    warnings: list[str] = field(init=False, default_factory=list)
    damaged: set[Key] = field(init=False, default_factory=set)
    _actors: set[str] = field(init=False, default_factory=set)
    _left_out: set[Key] = field(init=False, default_factory=set)
    _ruled: int = field(init=False, default=0)
    _stays: StayChanges = field(init=False, default_factory=StayChanges)

    def apply(self, sends: Sequence[Incoming]) -> IntakeCounts:
        """Write what is new in *sends*: unknown sends whole, of known ones what has changed.

        Args:
            sends: In any order; several may describe one send and are merged. Rows of one id that are
                about different people are left out, with a warning.

        Raises:
            DeskUnavailable: If the database cannot be written.
        """
        self.database.one_intake_at_a_time(self.connection)
        # Read after the lock is held, so that a limit set while it was waited for counts.
        self.policy = mapping.policy_of(self.connection)
        incoming_by_key: dict[Key, Incoming] = {}
        repeated: dict[Key, list[Incoming]] = {}
        for send in sends:
            key = (send.provider, send.external_id)
            first = incoming_by_key.setdefault(key, send)
            if first is not send:
                repeated.setdefault(key, [first]).append(send)
        for key, several in repeated.items():
            if self._are_of_several_people(several):
                del incoming_by_key[key]
                continue
            incoming_by_key[key], warning = combine(several)
            if warning:
                self.warnings.append(f"{key[0]}:{key[1]} {warning}")
        known = {history.key: history for history in self._known(list(incoming_by_key))}
        newest = journal.newest_event(self.connection)
        self._insert_new([send for key, send in incoming_by_key.items() if key not in known])
        changed = self._change([(each, incoming_by_key[key]) for key, each in known.items()])
        self._stays.write(self.connection, join=True)
        providers = {provider for provider, _ in incoming_by_key}
        journal.record_range(
            self.connection, providers | self._actors, newest, self.source, self.now
        )
        new = len(incoming_by_key) - len(known)
        left_out = sum(len(repeated.get(key, (key,))) for key in self._left_out)
        unchanged = len(sends) - new - changed - left_out
        return IntakeCounts(new, changed, unchanged, left_out, self._ruled)

    def _known(self, keys: Sequence[Key]) -> Iterator[journal.SendHistory]:
        """Yield the stored sends of *keys*, locked where the database locks rows."""
        for provider in sorted({provider for provider, _ in keys}):
            ids = [external_id for owner, external_id in keys if owner == provider]
            for start in range(0, len(ids), _LOOKUP):
                some = ids[start : start + _LOOKUP]
                clause = (col(tables.Send.provider) == provider) & col(tables.Send.external_id).in_(
                    some
                )
                yield from journal.lock_histories(self.connection, clause)

    def _insert_new(self, sends: Sequence[Incoming]) -> None:
        """Insert sends that are not stored yet, with their events and shipments."""
        if not sends:
            return
        ids = self.database.reserve_ids(self.connection, len(sends))
        refs = references.allocate_refs(self.connection, sends)
        for start in range(0, len(sends), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            self._insert_part(ids[part], refs[part], sends[part])
        self.database.index_text(self.connection, ids[0], ids[-1])

    def _insert_part(
        self, ids: Sequence[int], refs: Sequence[str], sends: Sequence[Incoming]
    ) -> None:
        """Insert some of the new sends, but for the index of their texts."""
        rows: list[Row] = []
        events: list[Row] = []
        in_ledger: list[Row] = []
        shipments: list[Row] = []
        for send_id, ref, send in zip(ids, refs, sends, strict=True):
            row, history, entries = self._new_rows(send_id, ref, send)
            rows.append(row)
            events.extend(history)
            in_ledger.extend(entries)
            shipments.extend(_shipment_row(shipment, send_id) for shipment in send.shipments)
        self._insert(tables.Send, rows)
        self._insert(tables.Event, events)
        self._insert(tables.Credit, in_ledger)
        self._insert(tables.Shipment, shipments)

    def _insert(self, model: type[SQLModel], rows: Sequence[Row]) -> None:
        self.database.insert(self.connection, mapping.table_of(model), rows)

    def _new_rows(self, send_id: int, ref: str, send: Incoming) -> tuple[Row, list[Row], list[Row]]:
        """Return the row of a new send, the rows of its events, and those of their credits."""
        events = list(new_events(send, (), self.source, self.now))
        created_at = send.fields.get("created_at")
        state = fold(send.provider, events, created_at)
        self.warnings.extend(doubts.of_order(send, state, self.now))
        known = Known(send.fields.get("scheduled_at"), send.shipments)
        more = [
            *self._rules(send.provider, events, created_at, known, state),
            *self._refunds(send, None),
            *self._remarks(send, None),
        ]
        if more:
            start = len(events) + 1
            events += [each._replace(seq=seq) for seq, each in enumerate(more, start)]
            state = fold(send.provider, events, created_at)
        subject = Subject(
            send.provider,
            send.type,
            send.fields.get("campaign", ""),
            created_at,
            send.fields.get("expires_at"),
            send.fields.get("cost_minor"),
            send.fields.get("currency", ""),
            send.fields.get("funding_source", ""),
        )
        derived = derive_columns(subject, state, self.policy, self.now)
        looked = derived["rule_at"]
        # Of most new sends no rule has anything to say yet.
        if looked is not None and looked <= self.now and (event := self._by_time(subject, state)):
            events.append(event._replace(seq=len(events) + 1))
            state = fold(send.provider, events, created_at)
            derived = derive_columns(subject, state, self.policy, self.now)
        self._stays.change(send_id, send.provider, (), state.stays, self.policy)
        history, head = chain(send_id, (send.provider, send.external_id), b"", events)
        row = {
            **_DEFAULTS,
            **send.fields,
            **self._lead(send.provider, send.shipments),
            **derived,
            "id": send_id,
            "ref": ref,
            "provider": send.provider,
            "external_id": send.external_id,
            "type": send.type,
            "revision": len(events),
            "head": head,
        }
        entries: list[Row] = []
        if may_have_credit(send.provider, events):
            money = Money.of_fields(row)
            made = new_entries(send.provider, (), events, None, money, created_at)
            entries = [credit_row(send_id, entry) for entry in made]
        return row, history, entries

    def _change(self, pairs: Sequence[tuple[journal.SendHistory, Incoming]]) -> int:
        """Write what *pairs* of a stored send and its payload change; return how many changed."""
        stored = self._shipments([history.send.id for history, _ in pairs])
        appended: list[journal.Appended] = []
        shipments: list[tuple[int, tuple[Shipment, ...]]] = []
        changed_texts: list[int] = []
        for history, send in pairs:
            if self._is_damaged(history) or self._is_of_somebody_else(history.send, send):
                continue
            before = stored.get(history.send.id, ())
            older = is_older(send, history.events)
            standing = standing_of(send, history.events)
            after = merge_shipments(send.provider, before, send.shipments, standing)
            fields = new_fields(send, history.send, older=older)
            lead = self._lead(send.provider, after)
            told = {name: value for name, value in fields.items() if name not in lead}
            fields = told | {
                name: lead[name] for name in lead if lead[name] != getattr(history.send, name)
            }
            new = list(new_events(send, history.events, self.source, self.now))
            # What has changed of shipments is told by their own entries.
            if told := fields if after == before else told:
                new.append(self._details(history.send, told))
            changed_lead = {name: getattr(history.send, name) for name in fields if name in lead}
            new.extend(self._shipment_events(send.provider, before, after, changed_lead))
            events = (*history.events, *new)
            created_at = fields.get("created_at", history.send.created_at)
            known = Known(fields.get("scheduled_at", history.send.scheduled_at), after)
            new.extend(self._rules(send.provider, events, created_at, known))
            new.extend(self._refunds(send, history.send))
            new.extend(self._remarks(send, history.send.id))
            if not new:
                looked = history.send.rule_at
                if looked is None or looked > self.now:
                    continue
                event = self._by_time(Subject.of(history.send), history.state())
                if event is None:
                    continue
                new.append(event)
            appended.append(self._append(history, new, fields))
            self.warnings.extend(doubts.of_order(send, appended[-1].state, self.now))
            self.warnings.extend(
                doubts.of_tracking_number(send, history.send, fields, after, self.source)
            )
            if after != before:
                shipments.append((history.send.id, after))
            if not fields.keys().isdisjoint(SEARCHED_COLUMNS):
                changed_texts.append(history.send.id)
        if appended:
            self._write(appended, shipments, changed_texts)
        return len(appended)

    def _append(
        self, history: journal.SendHistory, new: list[Event], fields: Row
    ) -> journal.Appended:
        """Append *new* events and what the rules then make of the send."""
        appended = journal.append(history, new, self.policy, fields)
        event = self._by_time(Subject.of(history.send, **fields), appended.state)
        if event is None:
            return appended
        return journal.append(history, [*new, event], self.policy, fields)

    def _by_time(self, subject: Subject, state: SendState) -> Event | None:
        """Return the event that brings a send to what the rules that time triggers make of it."""
        event = next_event(
            subject, state, self.policy, recorded_at=self.now, now=self.now, source=self.source
        )
        if event is not None:
            self._actors.add(event.actor)
            self._ruled += 1
        return event

    def _rules(
        self,
        provider: str,
        events: Sequence[Event],
        created_at: datetime | None,
        known: Known,
        state: SendState | None = None,
    ) -> Iterator[Event]:
        """Yield the event that gives a send the status that follows from more than is reported.

        If it has such a status and should not, that is one that gives it back its own.

        Args:
            provider: The key of its provider.
            events: Its history.
            created_at: When it was created, in UTC.
            known: When it is to be sent, and its shipments.
            state: What its history adds up to, if that is known already.
        """
        derive = catalogue.provider(provider).derive
        if derive is nothing:
            return
        if state is None:
            state = fold(provider, events, created_at)
        facts = [event for event in events if event.kind is EventKind.FACT]
        has_others = len(facts) < len(events)
        reported = fold(provider, facts, created_at) if has_others else state
        found = derive(reported.provider_status, known, self.now)
        present = state.provider_status
        slug = found.slug if found else reported.provider_status
        word = catalogue.status(provider, slug).label if found else reported.provider_raw
        limit_from = found.limit_from if found else None
        if present == slug and limit_from == state.limit_from:
            return
        begun = max(found.at, state.provider_at or found.at) if found else self.now
        actor = f"rule:{slug if found else present}"
        self._actors.add(actor)
        yield Event(
            seq=0, at=begun, recorded_at=self.now, kind=EventKind.RULE, from_status=present,
            to_status=slug, raw=word, actor=actor, source=self.source,
            detail=json.dumps({"limit_from": limit_from.isoformat()}) if limit_from else "{}",
        )  # fmt: skip

    def _refunds(self, send: Incoming, known: SendRecord | None) -> Iterator[Event]:
        """Yield the event that a payload tells of a refund, unless that is known.

        Args:
            send: The payload.
            known: The send as it is stored, or None if it is new.
        """
        refund = send.refund
        if refund is None:
            return
        if known is not None and known.refunded_at is not None:
            is_earlier = refund.at is not None and refund.at < known.refunded_at
            is_more = refund.minor is not None and refund.minor > (known.refunded_minor or 0)
            if not is_earlier and not is_more:
                return
        yield Event(
            seq=0, at=refund.at or self.now, recorded_at=self.now, kind=EventKind.REFUND,
            actor=send.provider, source=self.source,
            detail=json.dumps({
                "currency": send.fields.get("currency") or (known.currency if known else ""),
                "minor": refund.minor,
            }),
        )  # fmt: skip

    def _remarks(self, send: Incoming, send_id: int | None) -> Iterator[Event]:
        """Yield an event for each remark of a payload that the history of the send does not have.

        Args:
            send: The payload.
            send_id: The send, or None if it is new.
        """
        known: set[str] = set()
        if send.remarks and send_id is not None:
            reasons = sa.select(col(tables.Event.reason)).where(
                col(tables.Event.send_id) == send_id,
                col(tables.Event.kind) == EventKind.DETAILS.value,
            )
            known.update(self.connection.execute(reasons).scalars())
        for remark in send.remarks:
            if remark not in known:
                yield Event(
                    seq=0, at=self.now, recorded_at=self.now, kind=EventKind.DETAILS,
                    actor=send.provider, source=self.source, reason=remark,
                )  # fmt: skip

    def _is_damaged(self, history: journal.SendHistory) -> bool:
        """Whether the history of a send cannot be read; then a warning says that it stays as it is."""
        # Only entries with details can be unreadable in another way: most histories need no second look.
        if not history.damage and all(
            event.request_id is None and event.detail == "{}" for event in history.events
        ):
            return False
        try:
            history.state()
        except Damaged as problem:
            self.warnings.append(f"{problem} The other sends go on.")
            self.damaged.add(history.key)
            return True
        return False

    def _are_of_several_people(self, several: Sequence[Incoming]) -> bool:
        """Whether rows of one id are about different people; then a warning says so.

        Ids in the JSON of a platform are its own; those of rows went through other programs.
        """
        people = [recipient_of(each.fields) for each in several if each.is_row]
        if not people or are_one(people):
            return False
        key = (several[0].provider, several[0].external_id)
        self._left_out.add(key)
        names = " and ".join(told(each) for each in [*dict.fromkeys(people)][:_PEOPLE_NAMED])
        self.warnings.append(
            f"{key[0]}:{key[1]} is in the file {len(several)} times, for different people, {names}:"
            " left out; give each row the id of its own send"
        )
        return True

    def _is_of_somebody_else(self, known: SendRecord, send: Incoming) -> bool:
        """Whether a row is about another person than the send of its id; then a warning says so."""
        if not send.is_row:
            return False
        people = (known.recipient_name, known.recipient_email), recipient_of(send.fields)
        if may_be_one(*people):
            return False
        key = (send.provider, send.external_id)
        self._left_out.add(key)
        self.warnings.append(
            f"{key[0]}:{key[1]} is the send of {told(people[0])}, and in the file of {told(people[1])}:"
            " left out; if both are one person, give the row the address that the desk has"
        )
        return True

    @staticmethod
    def _lead(provider: str, shipments: Sequence[Shipment]) -> Row:
        """Return the fields of a send that its shipment in question says, by name.

        It is empty where the payload itself has to say them: its shipments have no numbers, or they are
        parcels of several rows, as with a platform that has no states of its own for shipments.
        """
        numbered = any(each.tracking_number or each.tracking_url for each in shipments)
        if not numbered or not catalogue.provider(provider).shipment_states:
            return {}
        return dict(lead_fields(in_question(provider, shipments)[0]))

    def _shipment_events(
        self,
        provider: str,
        before: Iterable[Shipment],
        after: Iterable[Shipment],
        changed_lead: Row,
    ) -> Iterator[Event]:
        """Yield an event for each shipment of *after* that is new or changed.

        Args:
            provider: The key of their provider.
            before: What was known of the send's shipments.
            after: What is known now.
            changed_lead: The former values of the fields of the send that change with them.
        """
        known = {shipment.external_id: shipment for shipment in before}
        for shipment in after:
            earlier = known.get(shipment.external_id)
            if said := change_words(provider, earlier, shipment):
                further = {
                    "shipment": shipment.external_id,
                    "name": name_of(shipment),
                    "from": earlier.status if earlier else "",
                    "to": shipment.status,
                    BEFORE: changed_values(earlier, shipment),
                }
                if changed_lead:
                    further[LEAD], changed_lead = changed_lead, {}
                at = changed_at(provider, shipment, self.now)
                yield Event(
                    seq=0, at=at, recorded_at=self.now, kind=EventKind.SHIPMENT,
                    actor=provider, source=self.source, reason=said,
                    detail=json.dumps(further, sort_keys=True),
                )  # fmt: skip

    def _details(self, send: SendRecord, fields: Row) -> Event:
        """Return the event that says which fields changed, from what to what.

        What was before is kept whole: nothing else has it any more.
        """
        shown = {
            name: [_text(getattr(send, name)), _text(value)[:_VALUE_SHOWN]]
            for name, value in fields.items()
        }
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
        shipments: list[tuple[int, tuple[Shipment, ...]]],
        changed_texts: list[int],
    ) -> None:
        def write() -> None:
            journal.write(self.database, self.connection, appended, self._stays)

        self.database.reindex_text(self.connection, changed_texts, write)
        for send_id, after in shipments:
            self.connection.execute(
                sa.delete(tables.Shipment).where(col(tables.Shipment.send_id) == send_id)
            )
            self._insert(tables.Shipment, [_shipment_row(shipment, send_id) for shipment in after])

    def _shipments(self, send_ids: Sequence[int]) -> dict[int, tuple[Shipment, ...]]:
        """Return the stored shipments, by the id of their send."""
        found: dict[int, tuple[Shipment, ...]] = {}
        for start in range(0, len(send_ids), _LOOKUP):
            some = send_ids[start : start + _LOOKUP]
            for send_id, shipment in mapping.shipments_of(self.connection, some):
                found[send_id] = (*found.get(send_id, ()), shipment)
        return found


def _shipment_row(shipment: Shipment, send_id: int) -> Row:
    """Return the row of a shipment of the send *send_id*."""
    return {"send_id": send_id} | shipment._asdict()


def _text(value: object) -> str:
    return "" if value is None else str(value)

"""The real desk beside a plain one: whatever happens to both, they show the same afterwards."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

import pytest
import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from models.database import Database
from models.desk import Desk
from models.errors import DeskError, NothingToDo, OffLifecycle, StaleSend
from models.history.audit import verify
from models.live.api import Patience
from models.live.asking import Declined, PlatformDesk
from models.live.settings import PlatformSettings
from models.providers.incoming import Refund
from models.providers.provider import Provider
from models.reading.credits import CreditFilter, CreditLine, credit_lines
from models.records import Case, EventKind, SendRecord, Shipment
from models.rules import operations
from models.rules.operations import Operation
from models.rules.state import fold
from models.store import tables
from models.store.tables import col
from models.values.business_time import BusinessTime
from models.values.calendar import parse_limit
from models.writing.bulk import BulkResult
from models.writing.writer import Bulk
from tests.support.desk_cases import HandClock, batch, egift, fact, order, parcel, take
from tests.support.plain_calendar import PlainCalendar
from tests.support.plain_desk import PlainDesk, Told
from tests.support.plain_domain import DAY, MAY_FOLLOW, PARCEL_STATES, RULES, UNKNOWN_WORDS, WORDS
from tests.support.platform_server import Answered, Asked, platform
from tests.support.sample_cases import NOW

WEEK = 7 * DAY
SENDS = {
    "ending": "egift",
    "estimated": "egift",
    "parcel": "parcel",
    "order": "order",
    "batch": "batch",
}
"""The sends of each example, and their kinds."""
names = st.sampled_from(tuple(SENDS))
several = st.lists(names, min_size=1, max_size=4, unique=True)
agents = st.sampled_from(("ana", "jo"))
spans = st.sampled_from(
    [
        timedelta(),
        timedelta(seconds=1),
        timedelta(hours=1),
        timedelta(hours=20),
        DAY,
        2 * DAY,
        5 * DAY,
    ]
)
PASSING = st.sampled_from(
    [timedelta(microseconds=1), timedelta(minutes=1), timedelta(hours=5), DAY, 3 * DAY, 8 * DAY]
)
words = {kind: st.sampled_from([*known, *UNKNOWN_WORDS]) for kind, known in WORDS.items()}
VERBS = (
    "keep",
    "release",
    "assign",
    "note",
    "escalate",
    "resolve",
    "snooze",
    "done",
    "wake",
    "set",
)
LIMITED = (
    "sendoso:sent", "sendoso:order_received", "sendoso:shipped", "sendoso:out_of_stock",
    "goody:notified", "goody:paid", "goody:expired", "goody:batch_scheduled",
)  # fmt: skip
"""The statuses whose limits the team changes."""
LIMITS = st.sampled_from(["now", "off", "36h", "3d", "2bd", "16bh"]) | st.none()
SPANS = {
    "egift": st.sampled_from(["88d", "64bd"]),
    "address": st.sampled_from(["3bd", "9d", "20bh"]),
    "credit": st.sampled_from(["2d", "5bd"]),
}
HOURS = {
    "berlin": (
        BusinessTime("09:00", "17:00", "mon,tue,wed,thu,fri", "Europe/Berlin"),
        PlainCalendar(9, 17, zone="Europe/Berlin"),
    ),
    "tokyo": (
        BusinessTime("08:00", "24:00", "mon,tue,wed,thu,sun", "Asia/Tokyo"),
        PlainCalendar(8, 24, (0, 1, 2, 3, 6), "Asia/Tokyo"),
    ),
}
"""When a desk may work, as the desk and the plain one have it."""
HASTE = Patience(attempts=2, first=0.001, longest=0.002, jitter=0.001, answer=5.0)
TICK = timedelta(microseconds=1)
Question = tuple[str, datetime | None]
"""What an agent asks a platform for: `cancel`, or `extend` and until when."""
MAKERS = {"egift": egift, "parcel": parcel, "order": order, "batch": batch}
COLUMNS = {
    "ends": "expires_at", "starts": "scheduled_at", "made": "orders_count", "cost": "cost_minor"
}  # fmt: skip
"""What the plain desk calls the columns that platforms fill."""


@dataclass
class Goody:
    """A platform that is asked to cancel an order or to let it end later; it has the one order."""

    word: str = "notified"
    ends: datetime | None = None
    way: str = ""
    """What becomes of requests: `refused`, or `lost` before or `unheard` after it did what it was asked."""
    is_down: bool = False
    """Whether nobody can look at the order."""
    did: int = 0
    """How often it has done what it was asked."""

    def shows(self, asked: Question) -> bool:
        """Whether the order is as somebody *asked* for it."""
        verb, until = asked
        if verb == "cancel":
            return self.word in ("failed", "canceled")
        return bool(self.ends and until and abs(self.ends - until) < timedelta(seconds=1))

    def answer(self, asked: Asked) -> Answered:
        if asked.method == "GET":
            return Answered(status=503) if self.is_down else self._order(asked)
        if self.way == "refused":
            return Answered({"error": "not now"}, 422)
        if self.way == "lost":
            return Answered(status=502)
        self.did += 1
        if asked.path.endswith("/cancel"):
            self.word = "failed"
        else:
            self.ends = datetime.fromisoformat(json.loads(asked.body)["expiration"])
        return Answered(status=502) if self.way == "unheard" else self._order(asked)

    def _order(self, asked: Asked) -> Answered:
        name = asked.path.split("/")[3]
        ends = self.ends.isoformat() if self.ends else None
        return Answered({"id": name, "status": self.word, "expires_at": ends, "shipments": []})


class Remembered(NamedTuple):
    """What a desk showed at one moment."""

    sends: dict[str, SendRecord]
    in_triage: frozenset[str]
    cases: dict[str, Case]
    credits: dict[str, tuple[str, int | None]]


class Beside(RuleBasedStateMachine):
    """Two agents, two platforms and a plain desk; the database is that of the examples before."""

    database: Database
    """Where the sends of all examples are."""
    address = ""
    """Where the platform is that agents ask; it answers as the example that runs says."""
    asked: Callable[[Asked], Answered]
    begins = NOW - NOW.weekday() * DAY
    """When the next example begins, a Monday: so one example after another sees the same days."""
    examples = 0
    steps = 0
    """How many were tried, of all examples."""

    def __init__(self) -> None:
        super().__init__()
        kind = type(self)
        kind.examples += 1
        self.number = kind.examples
        self.clock = HandClock(kind.begins)
        self.plain = PlainDesk()
        self.desks = {
            name: Desk(self.database, f"{name}-{self.number}", self.clock) for name in ("ana", "jo")
        }
        self.now: dict[str, SendRecord] = {}
        """The sends as they were looked at last."""
        self.before: dict[str, SendRecord] = {}
        """The sends as they were before their newest change."""
        self.cases: dict[str, Case] = {}
        """Their cases as they were looked at last."""
        self.moments: dict[datetime, Remembered] = {}
        """What the desk has shown at each moment in the end."""
        self.goody = Goody()
        kind.asked = self.goody.answer

    @initialize()
    def sends_arrive(self) -> None:
        now, days = self.clock(), timedelta(days=1)
        made: tuple[tuple[str, datetime, datetime | None, str], ...] = (
            ("ending", now - 9 * days, now + 4 * days, "Sent"),
            ("estimated", now - 85 * days, None, "Sent"),
            ("parcel", now - 9 * days, None, "Confirming Address"),
            ("order", now - 9 * days, now + 6 * days, "notified"),
            ("batch", now - 9 * days, None, "pending"),
        )
        for name, created, ends, word in made:
            self.plain.add(name, SENDS[name], created, ends)
            more = {"created_at": created, "currency": "USD", "funding_source": self.label}
            self._tell(name, [(word, now - 2 * days)], more=more, ends=ends, cost=2500)
        self.goody.ends = now + 6 * days

    def teardown(self) -> None:
        kind = type(self)
        self._forget_settings()
        passed = (self.clock() - kind.begins) // WEEK + 1
        kind.begins += passed * WEEK
        assert verify(self.database).problems == ()

    def _forget_settings(self) -> None:
        """Give the next example a desk whose team has set nothing."""
        plain = self.plain
        for name in sorted(plain.off):
            self.lead_switches_a_rule(name)
        for key in sorted(plain.limits):
            self.lead_sets_a_limit(key, None)
        for key, is_of_campaign in sorted(plain.spans):
            self._set_span(key, None, is_of_campaign=is_of_campaign)
        for day in sorted(plain.calendar.holidays):
            self.lead_changes_a_holiday((day - self.clock().date()).days)
        if plain.has_hours:
            self.lead_sets_business_hours(None)

    def _tell(
        self,
        name: str,
        facts: Iterable[Told] = (),
        *,
        parcels: Sequence[dict[str, Any]] = (),
        refund: tuple[datetime | None, int | None] | None = None,
        more: dict[str, Any] | None = None,
        **details: Any,
    ) -> None:
        """Let the platform of a send tell both desks the same; *more* is what the plain one need not know."""
        fields = {COLUMNS[key]: value for key, value in details.items()}
        place = list(SENDS).index(name)
        made = MAKERS[SENDS[name]](f"{10**7 + self.number}{place}")
        told = made._replace(
            fields={"campaign": self.label, **(more or {}), **fields},
            facts=tuple(fact(word, at) for word, at in facts),
            shipments=tuple(
                Shipment(
                    external_id=each["id"],
                    status=each["state"],
                    shipped_at=each["shipped"],
                    delivered_at=each["delivered"],
                )
                for each in parcels
            ),
            refund=Refund(*refund) if refund else None,
        )
        take(self.desks["ana"], told)
        if refund:
            details["refund"] = refund
        self.plain.tell(name, self.clock(), facts, parcels=parcels, **details)

    @property
    def label(self) -> str:
        """The campaign and the funding source of this example."""
        return f"example {self.number}"

    def _sends(self, words: str = "", desk: Desk | None = None) -> dict[str, SendRecord]:
        """Return the sends of this example that meet a filter, by name."""
        desk = desk or self.desks["ana"]
        # Lists are of sends; of batches only where a filter names them.
        query = desk.parse(f'campaign:="{self.label}" (is:batch OR -is:batch) {words}')
        return {self._name(each): each for each in desk.rows(desk.listing(query))}

    @staticmethod
    def _name(of: SendRecord | CreditLine) -> str:
        return list(SENDS)[int(of.external_id[-1])]

    # Time and the platforms

    @rule(span=PASSING)
    def time_passes(self, span: timedelta) -> None:
        self.clock.now += span

    @rule(name=names, data=st.data(), ago=spans | st.none())
    def platform_tells(self, name: str, data: st.DataObject, ago: timedelta | None) -> None:
        word = data.draw(words[SENDS[name]])
        self._tell(name, [(word, self._before(ago))])
        if name == "order":
            self.goody.word = word

    @rule(name=names, data=st.data())
    def platform_tells_much(self, name: str, data: st.DataObject) -> None:
        facts = data.draw(st.lists(st.tuples(words[SENDS[name]], spans | st.none()), max_size=4))
        self._tell(name, [(word, self._before(ago)) for word, ago in facts])

    @rule(name=names, data=st.data())
    def platform_tells_more_of_that_moment(self, name: str, data: st.DataObject) -> None:
        facts = [each for each in self.plain.sends[name]["log"] if each["what"] == "fact"]
        self._tell(name, [(data.draw(words[SENDS[name]]), facts[-1]["at"])])

    @rule(name=names)
    def platform_repeats_itself(self, name: str) -> None:
        log = self.plain.sends[name]["log"]
        # Each once: what the model records again would double with each repetition.
        facts = (each for each in log if each["what"] == "fact")
        told = list(dict.fromkeys((each["word"], each["at"]) for each in facts))
        self.rules_run()
        known = self._sends()[name].revision
        self._tell(name, told[::-1])
        assert self._sends()[name].revision == known

    @rule(
        number=st.sampled_from("12"),
        state=st.sampled_from(PARCEL_STATES),
        shipped=spans | st.none(),
        delivered=spans | st.none(),
    )
    def platform_tells_of_a_parcel(
        self, number: str, state: str, shipped: timedelta | None, delivered: timedelta | None
    ) -> None:
        told = {"shipped": self._before(shipped), "delivered": self._before(delivered)}
        self._tell("order", parcels=[{"id": number, "state": state, **told}])

    @rule(hours=st.sampled_from([-2, 1, 30]), made=st.integers(0, 3))
    def platform_counts_a_batch(self, hours: int, made: int) -> None:
        self._tell("batch", starts=self.clock() + timedelta(hours=hours), made=made)

    @rule(minor=st.sampled_from([None, 1000, 2500]), ago=spans | st.none())
    def platform_gives_money_back(self, minor: int | None, ago: timedelta | None) -> None:
        self._tell("order", refund=(self._before(ago), minor))

    @rule(name=st.sampled_from(["ending", "order"]), days=st.integers(-2, 9))
    def platform_changes_the_end(self, name: str, days: int) -> None:
        ends = self.clock() + days * DAY
        self._tell(name, ends=ends)
        if name == "order":
            self.goody.ends = ends

    @rule(name=names, cost=st.sampled_from([0, 1000, 2500]))
    def platform_changes_the_cost(self, name: str, cost: int) -> None:
        self._tell(name, cost=cost)

    def _before(self, ago: timedelta | None) -> datetime | None:
        return None if ago is None else self.clock() - ago

    @rule()
    def rules_run(self) -> None:
        for _ in self.desks["jo"].run_rules("cli"):
            pass
        self.plain.run_rules(self.clock())
        assert list(self.desks["jo"].run_rules("cli")) == []

    # Agents

    @rule(who=agents, name=names, data=st.data())
    def agent_acts(self, who: str, name: str, data: st.DataObject) -> None:
        verb, said, operation = self._drawn(data, [name])
        seen = self.now[name]
        why = self.plain.why_not(name, verb, self.clock(), **said)
        try:
            self.desks[who].do(seen, operation)
        except DeskError as refusal:
            self._check_refusal(refusal, why)
        else:
            assert not why, (verb, why)
            self.plain.do(self.desks[who].agent, verb, name, self.clock(), **said)

    @rule(who=agents, chosen=several, data=st.data())
    def agent_acts_on_several(self, who: str, chosen: list[str], data: st.DataObject) -> None:
        verb, said, operation = self._drawn(data, chosen)
        sends, bulk, step = self.now, Bulk(), object()
        results = self.desks[who].do_all(
            [(sends[name], bulk.request(sends[name])) for name in chosen], operation
        )
        for name, result in zip(chosen, results, strict=True):
            why = self.plain.why_not(name, verb, self.clock(), **said)
            if isinstance(result.became, DeskError):
                self._check_refusal(result.became, why)
            else:
                assert not why, (verb, why)
                self.plain.do(self.desks[who].agent, verb, name, self.clock(), step, **said)

    def _drawn(
        self, data: st.DataObject, chosen: list[str]
    ) -> tuple[str, dict[str, Any], Operation]:
        """Draw a verb and what the agent answers, as the plain desk and as the real one take it."""
        verb = data.draw(st.sampled_from(VERBS))
        now, operation = self.clock(), None
        said: dict[str, Any] = {}
        match verb:
            case "set":
                known = set.intersection(*(set(MAY_FOLLOW[SENDS[name]]) for name in chosen))
                if known:
                    to = data.draw(st.sampled_from(sorted(known)))
                    said = {"to": to, "force": data.draw(st.booleans())}
                    operation = operations.SetStatus(to, "told by phone", said["force"])
                else:
                    verb, operation = "note", operations.AddNote("called")
            case "keep":
                operation = operations.KeepOverride("sure")
            case "release":
                operation = operations.Release()
            case "assign":
                owner = data.draw(st.sampled_from(["", "ana", "jo"]))
                said = {"owner": owner}
                operation = operations.Assign(owner)
            case "note":
                operation = operations.AddNote("called")
            case "escalate":
                after = data.draw(st.sampled_from([timedelta(hours=5), 2 * DAY]) | st.none())
                said = {"until": after and now + after, "reference": "T-1"}
                operation = operations.Escalate("T-1", said["until"])
            case "resolve":
                operation = operations.Resolve()
            case "snooze":
                after = data.draw(st.sampled_from([timedelta(hours=5), 3 * DAY]) | st.none())
                said = {"until": after and now + after}
                operation = operations.PutOff(said["until"])
            case "done":
                said = {"until": None}
                operation = operations.Finish()
            case _:
                operation = operations.Wake()
        return verb, said, operation

    @staticmethod
    def _check_refusal(refusal: DeskError, why: str) -> None:
        assert why, f"refused without need: {refusal}"
        assert isinstance(refusal, OffLifecycle if why == "unusual" else NothingToDo), why

    @rule(who=agents)
    def agent_undoes(self, who: str) -> None:
        desk, now = self.desks[who], self.clock()
        wanted = self.plain.last_step(desk.agent)
        if not wanted:
            assert self._refuses(desk.last_step)
            return
        step = object()
        found = self._turned(desk, desk.last_step)
        assert [name for name, _ in found] == [name for name, _ in wanted]
        for (name, entry), (_, result) in zip(wanted, found, strict=True):
            if isinstance(result.became, DeskError):
                assert self.plain.is_moot(name, entry), result.became
            else:
                assert not self.plain.is_moot(name, entry)
                self.plain.undo(desk.agent, name, entry, now, step)

    @rule(who=agents)
    def agent_redoes(self, who: str) -> None:
        desk, now = self.desks[who], self.clock()
        wanted = self.plain.last_step(desk.agent, "undid")
        if not wanted:
            assert self._refuses(desk.last_undone_step)
            return
        step, undos = object(), dict(wanted)
        found = self._turned(desk, desk.last_undone_step)
        assert {name for name, _ in found} == set(undos)
        for name, result in found:
            undo = undos[name]
            if isinstance(result.became, DeskError):
                until = undo["undoes"].get("until")
                still = self.plain.stood_still_since(name, undo) and (until is None or until > now)
                assert not still, result.became
            else:
                self.plain.redo(desk.agent, name, undo, now, step)

    def _turned(self, desk: Desk, find: Callable[[], Any]) -> list[tuple[str, BulkResult]]:
        names = {send.id: name for name, send in self.now.items()}
        results = list(desk.undo_or_redo(find()))
        return [(names[each.seen.id], each) for each in results]

    @staticmethod
    def _refuses(find: Callable[[], object]) -> bool:
        try:
            find()
        except NothingToDo:
            return True
        return False

    @rule(
        who=agents,
        name=st.sampled_from(["order"] * 4 + ["batch", "ending"]),
        days=st.integers(1, 9) | st.none(),
        way=st.sampled_from(["", "", "refused", "lost", "unheard"]),
        is_down=st.booleans(),
    )
    def agent_asks_the_platform(
        self, who: str, name: str, days: int | None, way: str, is_down: bool
    ) -> None:
        """An agent has an order canceled, or with *days* has it end later."""
        until = self.clock().replace(microsecond=0) + days * DAY if days else None
        operation = (
            operations.ExtendOnPlatform(until) if until else operations.CancelOnPlatform("by phone")
        )
        self.goody.way, self.goody.is_down = way, is_down
        before = replace(self.goody)
        became = "done"
        try:
            self._asking(who).do(self.now[name], operation)
        except Declined:
            became = "declined"
        except DeskError:
            became = "refused"
        asked = ("extend" if until else "cancel", until)
        assert became == self._what_comes_of_it(who, name, asked, before)

    def _what_comes_of_it(
        self, who: str, name: str, asked: Question, before: Goody
    ) -> Literal["done", "declined", "refused"]:
        """Let the plain desk ask the platform too, and return what becomes of it.

        Args:
            who: The agent.
            name: The send.
            asked: What is asked for.
            before: The platform before.
        """
        plain, now, goody = self.plain, self.clock(), self.goody
        send, verb = plain.sends[name], asked[0]
        earlier: Question | None = send["asked"]
        if plain.why_not(name, verb, now):
            assert goody == before
            return "refused"
        if earlier:
            # Nothing is asked before it is known what became of the earlier request.
            if goody.is_down:
                assert goody == before
                return "declined"
            is_done = before.shows(earlier)
            self._hear(name, before, is_canceled=is_done and earlier[0] == "cancel")
            send["asked"] = None
            if (is_done and earlier == asked) or plain.why_not(name, verb, now):
                assert goody == before
                return "done" if is_done and earlier == asked else "refused"
        plain.do(self.desks[who].agent, verb, name, now, until=asked[1])
        assert goody.did == before.did + (goody.way in ("", "unheard"))
        if goody.way == "refused":
            if not goody.is_down:
                self._hear(name, goody)
            return "declined"
        if goody.way and (goody.is_down or not goody.shows(asked)):
            send["asked"] = asked
            return "declined"
        self._hear(name, goody, is_canceled=verb == "cancel")
        return "done"

    def _hear(self, name: str, goody: Goody, *, is_canceled: bool = False) -> None:
        now = self.clock()
        happened = now if is_canceled else None
        self.plain.tell(name, now, [(goody.word, None)], happened=happened, ends=goody.ends)

    def _asking(self, who: str) -> PlatformDesk:
        environ = {"SENDDESK_GOODY_URL": self.address, "SENDDESK_GOODY_KEY": "key"}

        def settings(provider: Provider) -> PlatformSettings:
            return PlatformSettings(provider, environ=environ)

        return PlatformDesk(self.desks[who], settings, patience=HASTE)

    @precondition(lambda self: self.before)
    @rule(who=agents, data=st.data())
    def agent_acts_on_what_has_changed(self, who: str, data: st.DataObject) -> None:
        seen = self.before[data.draw(st.sampled_from(sorted(self.before)))]
        with pytest.raises(StaleSend):
            self.desks[who].done(seen)

    # The team's settings

    @rule(name=st.sampled_from(RULES))
    def lead_switches_a_rule(self, name: str) -> None:
        self._change(lambda desk: desk.switch_rule(name, name in self.plain.off))
        self.plain.off ^= {name}

    @rule(key=st.sampled_from(LIMITED), word=LIMITS)
    def lead_sets_a_limit(self, key: str, word: str | None) -> None:
        platform_, _, status = key.partition(":")
        if word is None:
            self._change(lambda desk: desk.reset_limit(platform_, status))
            self.plain.limits.pop(key, None)
        else:
            self._change(lambda desk: desk.set_limit(platform_, status, parse_limit(word)))
            self.plain.limits[key] = word

    @rule(name=st.sampled_from(sorted(SPANS)), data=st.data(), is_of_campaign=st.booleans())
    def lead_sets_a_usual_span(self, name: str, data: st.DataObject, is_of_campaign: bool) -> None:
        word = data.draw(SPANS[name] | st.none())
        self._set_span(name, word, is_of_campaign=is_of_campaign and name != "credit")

    def _set_span(self, name: str, word: str | None, *, is_of_campaign: bool) -> None:
        limit, campaign = word and parse_limit(word), self.label if is_of_campaign else ""
        self._change(lambda desk: desk.set_usual_span(name, limit, campaign))
        if word:
            self.plain.spans[name, is_of_campaign] = word
        else:
            self.plain.spans.pop((name, is_of_campaign), None)

    @rule(hours=st.sampled_from(sorted(HOURS)) | st.none())
    def lead_sets_business_hours(self, hours: str | None) -> None:
        told, known = HOURS[hours] if hours else (None, PlainCalendar())
        self._change(lambda desk: desk.set_business_time(told))
        self.plain.calendar = replace(known, holidays=self.plain.calendar.holidays)
        self.plain.has_hours = hours is not None

    @rule(days=st.integers(-3, 9))
    def lead_changes_a_holiday(self, days: int) -> None:
        day = self.clock().date() + days * DAY
        known = self.plain.calendar.holidays
        if day in known:
            self._change(lambda desk: desk.remove_holidays(day))
        else:
            self._change(lambda desk: desk.add_holiday(day, "a day off"))
        self.plain.calendar = replace(self.plain.calendar, holidays=known ^ {day})

    def _change(self, setting: Callable[[Desk], object]) -> None:
        # No two changes of one setting are made at the very same moment.
        self.clock.now += TICK
        setting(self.desks["ana"])
        self.desks["jo"].forget_settings()

    # What is looked at now and then

    @rule()
    def lead_reads_the_ledger(self) -> None:
        assert self._credits(self.desks["ana"]) == self._plain_credits()

    def _credits(self, desk: Desk) -> dict[str, tuple[str, int | None]]:
        wanted = CreditFilter(funding_source=self.label)
        return {
            self._name(line): (line.stand, line.entry.amount_minor)
            for line in credit_lines(desk, wanted)
        }

    def _plain_credits(self) -> dict[str, tuple[str, int | None]]:
        found = {name: self.plain.credit(name, self.clock()) for name in self.plain.sends}
        return {name: credit for name, credit in found.items() if credit}

    @precondition(lambda self: self.moments)
    @rule(data=st.data())
    def lead_looks_back(self, data: st.DataObject) -> None:
        moment = data.draw(st.sampled_from(sorted(self.moments)))
        known = self.moments[moment]
        past = self.desks["jo"].as_it_was(moment)
        try:
            sends = self._sends(desk=past)
            assert sends.keys() == known.sends.keys()
            for name, was in known.sends.items():
                differing = {
                    field: (shown, at_that_time)
                    for field, shown, at_that_time in zip(
                        was._fields, sends[name], was, strict=True
                    )
                    if shown != at_that_time
                }
                assert not differing, (name, differing)
            assert self._sends("is:triage", past).keys() == known.in_triage
            assert self._credits(past) == known.credits
            for name, case in known.cases.items():
                found = past.case(case.send.id)
                assert (found.history, found.shipments, found.credits) == (
                    case.history, case.shipments, case.credits
                ), name  # fmt: skip
        finally:
            past.database.close()

    # What holds after each of these

    @invariant()
    def both_show_the_same(self) -> None:
        type(self).steps += 1
        sends, in_triage = self._sends(), self._sends("is:triage")
        for name in self.plain.sends:
            wanted = self.plain.shown(name, self.clock())
            found = {
                key: name in in_triage if key == "in_triage" else getattr(sends[name], key)
                for key in wanted
            }
            differing = [key for key in wanted if found[key] != wanted[key]]
            assert not differing, [(name, key, found[key], wanted[key]) for key in differing]
            looked_at = self.now.get(name)
            self.now[name] = sends[name]
            if looked_at is None or looked_at.revision != sends[name].revision:
                new = self._check_case(name)
                # A note of a colleague is no conflict.
                if looked_at is not None and {EventKind.NOTE, EventKind.UNDO}.isdisjoint(new):
                    self.before[name] = looked_at
        self.moments[self.clock()] = Remembered(
            sends, frozenset(in_triage), dict(self.cases), self._plain_credits()
        )

    def _check_case(self, name: str) -> set[EventKind]:
        """Both keep the same of a send in the end: its parcels, accounts and times.

        Nothing that was recorded of it is gone.

        Returns:
            The kinds of what is new in its history.
        """
        send, known = self.plain.sends[name], self.cases.get(name)
        case = self.cases[name] = self.desks["ana"].case(self.now[name].id)
        parcels = {
            each.external_id: (each.status, each.shipped_at, each.delivered_at)
            for each in case.shipments
        }
        assert parcels == {
            key: (each["state"], each["shipped"], each["delivered"])
            for key, each in send["parcels"].items()
        }
        found = [(each.state.value, each.rule, each.amount_minor) for each in case.credits]
        wanted = [(each["state"], each["rule"], each["minor"]) for each in send["ledger"]]
        assert found == wanted, (name, found, wanted)
        if not any(each["what"] == "rule" for each in send["log"]):
            self._check_times(case)
        # Only what it meant for an override may look another way by what came later.
        old = [] if known is None else [each._replace(effect="") for each in known.history[::-1]]
        history = [each._replace(effect="") for each in case.history[::-1]]
        assert history[: len(old)] == old
        return {each.kind for each in history[len(old) :]}

    def _check_times(self, case: Case) -> None:
        """Both keep the same times of a send that no rule of time has touched."""
        name = self._name(case.send)
        send = self.plain.sends[name]
        # That these are what reports count, `verify` proves.
        stays = fold(case.send.provider, case.history[::-1], case.send.created_at).stays
        wanted = [(each["status"], each["began"], each["ended"]) for each in send["stays"]]
        assert [each[:3] for each in stays] == wanted, (name, stays, wanted)
        breach = tables.LimitBreach
        columns = (breach.status, breach.began, breach.due_at, breach.ended_at)
        of_send = sa.select(*map(col, columns)).where(col(breach.send_id) == case.send.id)
        with self.database.read() as connection:
            found = sorted(tuple(row) for row in connection.execute(of_send))
        assert found == sorted(send["breaches"]), (name, found, send["breaches"])


@contextmanager
def beside() -> Iterator[type[Beside]]:
    """Give a kind of machine, with a platform that its agents ask; whoever runs it gives it a database."""
    kind = type("Machine", (Beside,), {})
    with platform(lambda asked: kind.asked(asked)) as running:
        kind.address = running.address
        yield kind

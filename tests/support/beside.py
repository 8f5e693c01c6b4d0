"""The real desk beside a plain one: whatever happens to both, they show the same afterwards."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
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
from models.providers.incoming import Incoming, Refund
from models.records import Event, EventKind, SendRecord
from models.rules import operations
from models.rules.operations import Operation
from models.writing.bulk import BulkResult
from models.writing.writer import Bulk
from tests.support.desk_cases import HandClock, egift, fact, order, parcel, take
from tests.support.plain_desk import DAY, MAY_FOLLOW, UNKNOWN_WORDS, WORDS, PlainDesk
from tests.support.sample_cases import NOW

WEEK = 7 * DAY
SENDS = {
    "ending": "egift",
    "estimated": "egift",
    "parcel": "parcel",
    "order": "order",
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


class Beside(RuleBasedStateMachine):
    """Two agents, two platforms and a plain desk; the database is that of the examples before."""

    database: Database
    """Where the sends of all examples are."""
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
        self.histories: dict[str, list[Event]] = {}

    @initialize()
    def sends_arrive(self) -> None:
        now, days = self.clock(), timedelta(days=1)
        made: tuple[tuple[str, datetime, datetime | None, str], ...] = (
            ("ending", now - 9 * days, now + 4 * days, "Sent"),
            ("estimated", now - 85 * days, None, "Sent"),
            ("parcel", now - 9 * days, None, "Confirming Address"),
            ("order", now - 9 * days, now + 6 * days, "notified"),
        )
        for name, created, ends, word in made:
            self.plain.add(name, SENDS[name], created, ends, 2500)
            fields = {
                "created_at": created,
                "expires_at": ends,
                "cost_minor": 2500,
                "currency": "USD",
            }
            self._take(name, facts=((word, now - 2 * days),), **fields)
            self.plain.tell(name, [(word, now - 2 * days)], now)

    def teardown(self) -> None:
        kind = type(self)
        for name in sorted(self.plain.off):
            self.desks["ana"].switch_rule(name, True)
        passed = (self.clock() - kind.begins) // WEEK + 1
        kind.begins += passed * WEEK
        assert verify(self.database).problems == ()

    def _take(
        self,
        name: str,
        facts: tuple[tuple[str, datetime | None], ...] = (),
        refund: Refund | None = None,
        **fields: Any,
    ) -> None:
        told = tuple(fact(word, at) for word, at in facts)
        given = {"campaign": f"example {self.number}", **fields}
        take(self.desks["ana"], self._incoming(name, given)._replace(facts=told, refund=refund))

    def _incoming(self, name: str, fields: dict[str, Any]) -> Incoming:
        place = list(SENDS).index(name)
        make = {"egift": egift, "parcel": parcel, "order": order}[SENDS[name]]
        sent = make(f"{self.number:08}{place}")
        return sent._replace(fields=fields)

    def _sends(self, words: str = "") -> dict[str, SendRecord]:
        """Return the sends of this example that meet a filter, by name."""
        desk = self.desks["ana"]
        query = desk.parse(f'campaign:="example {self.number}" {words}')
        known = list(SENDS)
        return {known[int(each.external_id[-1])]: each for each in desk.rows(desk.listing(query))}

    # Time and the platforms

    @rule(span=PASSING)
    def time_passes(self, span: timedelta) -> None:
        self.clock.now += span

    @rule(name=names, data=st.data(), ago=spans | st.none())
    def platform_tells(self, name: str, data: st.DataObject, ago: timedelta | None) -> None:
        word = data.draw(words[SENDS[name]])
        self._tell(name, ((word, None if ago is None else self.clock() - ago),))

    @rule(name=names, data=st.data())
    def platform_tells_much(self, name: str, data: st.DataObject) -> None:
        facts = data.draw(st.lists(st.tuples(words[SENDS[name]], spans | st.none()), max_size=4))
        now = self.clock()
        self._tell(name, tuple((word, None if ago is None else now - ago) for word, ago in facts))

    @rule(name=names, data=st.data())
    def platform_tells_more_of_that_moment(self, name: str, data: st.DataObject) -> None:
        facts = [each for each in self.plain.sends[name]["log"] if each["what"] == "fact"]
        self._tell(name, ((data.draw(words[SENDS[name]]), facts[-1]["at"]),))

    @rule(name=names)
    def platform_repeats_itself(self, name: str) -> None:
        log = self.plain.sends[name]["log"]
        told = [(each["word"], each["at"]) for each in log if each["what"] == "fact"]
        self.rules_run()
        known = self._sends()[name].revision
        self._tell(name, tuple(reversed(told)))
        assert self._sends()[name].revision == known

    def _tell(self, name: str, facts: tuple[tuple[str, datetime | None], ...]) -> None:
        self._take(name, facts)
        self.plain.tell(name, facts, self.clock())

    @rule(minor=st.sampled_from([None, 1000, 2500]), ago=spans | st.none())
    def platform_gives_money_back(self, minor: int | None, ago: timedelta | None) -> None:
        now = self.clock()
        at = None if ago is None else now - ago
        self._take("order", refund=Refund(at, minor))
        self.plain.give_back("order", minor, at, now)

    @rule(name=st.sampled_from(["ending", "order"]), days=st.integers(-2, 9))
    def platform_changes_the_end(self, name: str, days: int) -> None:
        ends = self.clock() + days * DAY
        self._take(name, expires_at=ends)
        self.plain.change_end(name, ends, self.clock())

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
            assert why in ("", "unusual")
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
                assert why in ("", "unusual")
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
                until = now + data.draw(st.sampled_from([timedelta(hours=5), 2 * DAY]))
                said = {"until": until, "reference": "T-1"}
                operation = operations.Escalate("T-1", until)
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

    @precondition(lambda self: self.before)
    @rule(who=agents, data=st.data())
    def agent_acts_on_what_has_changed(self, who: str, data: st.DataObject) -> None:
        seen = self.before[data.draw(st.sampled_from(sorted(self.before)))]
        with pytest.raises(StaleSend):
            self.desks[who].done(seen)

    @rule(name=st.sampled_from(["egift_unopened", "gift_unaccepted", "egift_reminder"]))
    def lead_switches_a_rule(self, name: str) -> None:
        on = name in self.plain.off
        self.desks["ana"].switch_rule(name, on)
        self.plain.off ^= {name}

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
                new = self._check_history(name)
                # A note of a colleague is no conflict.
                if looked_at is not None and {EventKind.NOTE, EventKind.UNDO}.isdisjoint(new):
                    self.before[name] = looked_at

    def _check_history(self, name: str) -> set[EventKind]:
        """Both keep the same accounts of a send, and nothing that was recorded of it is gone.

        Returns:
            The kinds of what is new in its history.
        """
        case = self.desks["ana"].case(self.now[name].id)
        found = [(each.state.value, each.rule, each.amount_minor) for each in case.credits]
        ledger = self.plain.sends[name]["ledger"]
        wanted = [(each["state"], each["rule"], each["minor"]) for each in ledger]
        assert found == wanted, (name, found, wanted)
        history = [each._replace(effect="") for each in reversed(case.history)]
        known = self.histories.get(name, [])
        assert history[: len(known)] == known
        self.histories[name] = history
        return {each.kind for each in history[len(known) :]}

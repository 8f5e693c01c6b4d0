"""The desk as it was: exactly what was recorded then, whatever has happened since."""

import random
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest

from models.desk import Desk
from models.errors import BadQuery, Cancelled, DeskError, ReadOnly
from models.providers import catalogue
from models.providers.incoming import Incoming
from models.reading import past
from models.reading.credits import CreditFilter, CreditLine, credit_lines
from models.reading.facet_counts import FACETS
from models.reading.past import in_part, past_moment
from models.records import Case, SendRecord, Shipment
from models.report.document import Section
from models.report.sections import sections
from models.report.span import parse_span
from models.team import business_calendar, thresholds, time_rules
from models.values.business_time import BusinessTime
from models.values.calendar import parse_limit
from tests.support.desk_cases import (
    HandClock,
    arrive,
    batch,
    egift,
    fact,
    order,
    parcel,
    redo,
    take,
    undo,
)
from tests.support.sample_cases import NOW, ago

_MOST_SENDS = 7
_STEPS = 22
_CASES = 2
_MOMENTS = 5


@contextmanager
def at(desk: Desk, moment: datetime) -> Iterator[Desk]:
    """The desk as it was at *moment*."""
    then = desk.as_it_was(moment)
    with closing(then.database):
        yield then


class Snapshot(NamedTuple):
    """What an agent saw at one moment."""

    sends: tuple[SendRecord, ...]
    triage: tuple[str, ...]
    found: tuple[tuple[str, ...], ...]
    counts: dict[str, Any]
    facets: Any
    cases: tuple[Case, ...]
    report: tuple[Section, ...]
    credits: tuple[CreditLine, ...]
    warnings: Any
    limits: Any


_QUERIES = (
    "",
    "is:batch",
    "by:ana",
    "note:asked changed:-2d",
    "spring",
    "is:escalated,snoozed",
    "tracking:1Z999 sort:recipient",
)


def everything(desk: Desk) -> list[SendRecord]:
    """Every send and batch."""
    queries = map(desk.parse, ("sort:id", "is:batch sort:id"))
    return [send for query in queries for send in desk.rows(desk.listing(query))]


def look(desk: Desk, ids: list[int]) -> Snapshot:
    """What an agent sees at the desk."""
    desk.forget_settings()
    facets = desk.facets(desk.parse(""))

    def refs(query: str) -> tuple[str, ...]:
        return tuple(send.ref for send in desk.rows(desk.listing(desk.parse(query))))

    return Snapshot(
        tuple(everything(desk)),
        refs("is:triage"),
        tuple(map(refs, _QUERIES)),
        desk.view_counts(),
        {name: set(getattr(facets, name)) for name in FACETS},
        tuple(desk.case(each) for each in ids),
        tuple(sections(desk, parse_span("9d", desk.local_time(), desk.calendar()))),
        tuple(credit_lines(desk, CreditFilter())),
        desk.warnings(),
        [(each.status.key, each.threshold, each.warning) for each in thresholds.in_force(desk.database)],
    )  # fmt: skip


class Life:
    """Days at a desk: what platforms say and agents do, one thing after another."""

    def __init__(self, desk: Desk, clock: HandClock, seed: int) -> None:
        self.desk = desk
        self.clock = clock
        self.random = random.Random(seed)
        self.jo = Desk(desk.database, "jo", clock)
        self.payloads: list[Incoming] = []

    def live(self) -> None:
        """Let time pass and something happen."""
        self.clock.advance(minutes=self.random.choice((1, 20, 300, 2000)))
        doing: list[Callable[[], object]] = [
            *(self._arrive,) * 4,
            *(self._report,) * 8,
            *(self._verb,) * 10,
            *(self._setting,) * 3,
            *(lambda: list(self.desk.run_rules("desk")),) * 2,
        ]
        if not self.payloads:
            self._arrive()
        # What is refused has changed nothing.
        with suppress(DeskError):
            self.random.choice(doing)()

    def _arrive(self) -> None:
        if len(self.payloads) >= _MOST_SENDS:
            return self._report()
        number = 100 + len(self.payloads)
        choose = self.random.choice
        made = choose((parcel, egift, order, batch))
        fields = {"campaign": choose(("Spring", "Autumn", "x" * 300)), "company": "Acme"}
        facts = [self._fact(choose(_WORDS[made.__name__])) for _ in range(2)]
        payload = made(str(number), *facts, **fields)
        if made is order:
            payload = payload._replace(shipments=(self._shipment("p1"),))
        self.payloads.append(payload)
        take(self.desk, payload)
        return None

    def _report(self) -> None:
        place = self.random.randrange(len(self.payloads))
        old, choose = self.payloads[place], self.random.choice
        name = "batch" if old.type == "batch" else "order" if old.provider == "goody" else old.type
        words = _WORDS["parcel" if name == "physical" else name]
        fields = dict(old.fields)
        match self.random.randrange(5):
            case 0:
                fields["campaign"] = choose(("Spring sale", "Winter", "y" * 400, "x" * 300))
            case 1:
                fields["expires_at"] = self.clock() + timedelta(days=self.random.randrange(9))
            case 2:
                fields |= {"cost_minor": self.random.randrange(9999), "currency": "EUR"}
            case 3:
                fields["tracking_number"] = choose(("1Z999", "1Z998"))
        shipments = old.shipments
        if shipments:
            shipments = (self._shipment("p1"), *(self._shipment("p2"),) * self.random.randrange(2))
        facts = (self._fact(choose(words)),) if self.random.random() < 0.7 else ()
        new = old._replace(fields=fields, facts=(*old.facts[-1:], *facts), shipments=shipments)
        self.payloads[place] = new
        take(self.desk, new)

    def _verb(self) -> None:
        choose, desk = self.random.choice, self.random.choice((self.desk, self.jo))
        send = choose(everything(desk))
        later = self.clock() + timedelta(hours=self.random.randrange(1, 90))
        slugs = [
            slug
            for slug, status in catalogue.STATUSES[send.provider].items()
            if send.type in status.types
        ]
        verbs: list[Callable[[], object]] = [
            lambda: desk.override(send, choose(slugs), "asked by phone", force=True),
            lambda: desk.override(send, choose(slugs), "asked by mail", force=True),
            lambda: desk.release(send),
            lambda: desk.note(send, "asked again"),
            lambda: desk.take(send),
            lambda: desk.assign(send, choose(("", "lee"))),
            lambda: desk.escalate(send, "T-1", later),
            lambda: desk.resolve(send),
            lambda: desk.snooze(send, choose((later, None))),
            lambda: desk.done(send),
            lambda: desk.wake(send),
            lambda: undo(desk),
            lambda: redo(desk),
        ]
        choose(verbs)()

    def _setting(self) -> None:
        choose, database, now = self.random.choice, self.desk.database, self.clock()
        provider, slug = choose(
            (("sendoso", "order_received"), ("goody", "paid"), ("sendoso", "shipped"))
        )
        settings: list[Callable[[], object]] = [
            lambda: thresholds.set_limit(
                database, provider, slug, parse_limit(choose(("3d", "2bd", "off", "30h"))), "raj", now
            ),
            lambda: thresholds.reset_limit(database, provider, slug, "raj", now),
            lambda: thresholds.set_warning(database, None, parse_limit("12h"), "raj", now),
            lambda: business_calendar.set_business_time(
                database, BusinessTime.read("9-17", "mon,wed,fri", "Europe/Berlin"), "raj", now
            ),
            lambda: time_rules.switch(
                database, "egift_reminder", self.random.random() < 0.5, "raj", now
            ),
            lambda: time_rules.set_span(database, "credit", "", parse_limit("1bd"), "raj", now),
            lambda: time_rules.set_span(database, "credit", "", parse_limit("20h"), "raj", now),
            lambda: business_calendar.set_business_time(database, None, "raj", now),
            lambda: business_calendar.add_holiday(database, now.date() + timedelta(days=2), "feast", "raj", now),
            lambda: business_calendar.remove_holidays(database, now.date() + timedelta(days=1), "raj", now),
        ]  # fmt: skip
        choose(settings)()
        self.desk.forget_settings()

    def _fact(self, word: str) -> Any:
        at = self.clock() - timedelta(hours=self.random.randrange(0, 60))
        return fact(word, at if self.random.random() < 0.8 else None)

    def _shipment(self, name: str) -> Shipment:
        choose = self.random.choice
        state = choose(("pending", "shipped", "delivered", "failed"))
        number = choose(("", "1Z999", "1Z111"))
        return Shipment(
            external_id=name, status=state, carrier=choose(("", "UPS")), tracking_number=number,
            shipped_at=self.clock() - timedelta(hours=1) if state != "pending" else None,
            expected_at=choose((None, self.clock() + timedelta(days=3))),
        )  # fmt: skip


_WORDS = {
    "parcel": ("Order Received", "Shipped", "Delivered", "Fulfillment Issue", "Gone Fishing"),
    "egift": ("Sent", "Opened", "Clicked", "Redeemed", "Bounced"),
    "order": ("created", "opened", "accepted", "paid", "shipped", "delivered"),
    "batch": ("pending", "complete"),
}


@pytest.mark.parametrize("seed", [3])
def test_each_moment_looks_as_it_did(desk: Desk, clock: HandClock, seed: int) -> None:
    life = Life(desk, clock, seed)
    seen = []
    for _ in range(_STEPS):
        life.live()
        ids = [send.id for send in everything(desk)]
        some = life.random.sample(ids, min(_CASES, len(ids)))
        seen.append((clock(), some, look(desk, some)))
    life.random.shuffle(seen)

    for moment, ids, recorded in seen[:_MOMENTS]:
        with at(desk, moment) as then:
            assert in_part(then) == ""
            found = look(then, ids)
            for name in Snapshot._fields:
                assert getattr(found, name) == getattr(recorded, name), (name, moment)


def test_what_others_write_meanwhile_is_not_seen(desk: Desk, clock: HandClock) -> None:
    first, second = (arrive(desk, parcel(number)) for number in (1, 2))
    moment = clock()
    clock.advance(hours=1)
    desk.take(first)
    with at(desk, moment) as then:
        before = look(then, [first.id, second.id])
        clock.advance(hours=1)
        desk.override(desk.take(second).send, "shipped", "seen")
        desk.override(desk.find("sendoso:1"), "shipped", "seen")
        take(desk, parcel(3))
        thresholds.set_limit(
            desk.database, "sendoso", "order_received", parse_limit("1d"), "raj", clock()
        )

        assert look(then, [first.id, second.id]) == before
        assert then.find("sendoso:2").owner == ""


def test_nothing_can_be_written_there(desk: Desk, clock: HandClock) -> None:
    send = arrive(desk, parcel(1))
    moment = clock()
    clock.advance(hours=2)
    with at(desk, moment) as then, pytest.raises(ReadOnly, match="as it was"):
        then.take(send)


def test_a_clock_that_is_behind_takes_nothing_back(desk: Desk, clock: HandClock) -> None:
    send = arrive(desk, parcel(1))
    clock.advance(hours=2)
    taken = desk.take(send).send
    slow = Desk(desk.database, "jo", lambda: NOW + timedelta(hours=1))
    noted = slow.note(taken, "by a slow clock")

    # What was recorded before the note has happened before it, whatever the clocks say.
    with at(desk, NOW + timedelta(hours=1)) as then:
        case = then.case(send.id)
        assert case.send.owner == "ana"
        assert case.history == noted.history


def test_moments_without_a_history_are_refused(desk: Desk, clock: HandClock) -> None:
    with pytest.raises(DeskError, match="no history yet"):
        desk.as_it_was(clock())
    arrive(desk, parcel(1))
    with pytest.raises(DeskError, match="nothing is known of"):
        desk.as_it_was(ago(hours=1))
    for text in ("tomorrow", "2999-01-01", "soon", ""):
        with pytest.raises(BadQuery, match="no moment to look at"):
            past_moment(desk, text)
    assert past_moment(desk, "now") == clock()
    assert past_moment(desk, "yesterday") == datetime(2025, 11, 20, 23, 59, 59, 999999, UTC)


def test_the_work_can_be_called_off(
    desk: Desk, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past, "_SENDS_AT_ONCE", 1)
    sends = [arrive(desk, parcel(number)) for number in (1, 2)]
    moment = clock()
    clock.advance(hours=2)
    for send in sends:
        desk.take(send)
    reader = desk.cancellable()

    with pytest.raises(Cancelled):
        reader.as_it_was(moment, lambda done, total: reader.cancel())
    assert desk.find("sendoso:1").owner == "ana"


def test_a_span_of_the_desk_in_business_days_ends_by_the_hours_of_that_time(
    desk: Desk, clock: HandClock
) -> None:
    desk.set_usual_span("egift", parse_limit("64bd"))
    send = arrive(desk, egift(1, fact("Sent", ago(days=85)), created_at=ago(days=85)))
    clock.advance(hours=1)
    moment = clock()
    clock.advance(hours=1)
    hours = BusinessTime("09:00", "17:00", "mon,tue,wed", "Europe/Berlin")
    desk.set_business_time(hours)
    assert desk.find(send.ref).rule_at != send.rule_at
    with closing((was := desk.as_it_was(moment)).database):
        assert was.find(send.ref) == send

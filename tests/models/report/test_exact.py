"""The report says what a slow and plain reckoning from what was seen says, on both databases."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.database import open_database
from models.desk import Desk
from models.errors import DeskError
from models.providers import catalogue
from models.records import SendRecord
from models.report.document import Section, Value
from models.report.sections import sections
from models.report.span import Span
from models.rules.due import urgency
from models.rules.stays import ACCURACY
from tests.support.desk_cases import HandClock, fact, parcel, take
from tests.support.sample_cases import NOW
from tests.support.server import Server

WORDS = (
    "Order Received",
    "Fulfillment Issue",
    "Shipped",
    "Delivered",
    "Out of Stock",
    "Levitating",
)
TARGETS = ("fulfilling", "shipped", "undeliverable", "delivered")
SENDS = 3
DAYS = 8
"""The length of the span; what happens takes about three times as long."""
steps = st.tuples(
    st.integers(1, 40),
    st.integers(1, SENDS),
    st.sampled_from(["fact", "fact", "set", "release", "note", "take", "done", "ask"]),
    st.integers(0, 5),
    st.sampled_from(["ana", "jo"]),
)


@dataclass
class Seen:
    """A send as it stood from a moment on."""

    at: datetime
    send: SendRecord


@dataclass
class Plain:
    """What was seen, and the report reckoned from it by hand."""

    span: Span
    states: dict[int, list[Seen]] = field(default_factory=dict)
    deeds: list[tuple[int, datetime, str]] = field(default_factory=list)

    def stays(self) -> list[tuple[str, datetime, datetime | None, datetime | None, int]]:
        """Return status, beginning, end, moment of the breach and send of every stay."""
        found: list[tuple[str, datetime, datetime | None, datetime | None, int]] = []
        for send_id, states in self.states.items():
            place = 0
            while place < len(states):
                slug, end = states[place].send.status, place
                while end + 1 < len(states) and states[end + 1].send.status == slug:
                    end += 1
                over = states[end + 1].at if end + 1 < len(states) else None
                due = _due(states[end].send, states[place].at)
                passed = due is not None and due < (over or self.span.now)
                found.append((slug, states[place].at, over, due if passed else None, send_id))
                place = end + 1
        return found


def _due(send: SendRecord, began: datetime) -> datetime | None:
    status = catalogue.status("sendoso", send.status)
    has_limit = status.threshold is not None and not status.final
    if not (has_limit or send.contested) or send.due_at is None:
        return None
    return max(send.due_at, began)


def _live(desks: dict[str, Desk], clock: HandClock, script: Sequence[tuple[Any, ...]]) -> Plain:
    """Let *script* happen, and look at the send after each step."""
    plain = Plain(Span((NOW - timedelta(days=DAYS)).date(), NOW))
    for hours, number, what, choice, agent in script:
        clock.advance(hours=hours)
        desk = desks[agent]
        known = plain.states.get(number)
        if known is None or what == "fact":
            take(desk, parcel(number, fact(WORDS[choice], clock())))
        elif not _did(desk, known[-1].send, what, choice):
            continue
        else:
            plain.deeds.append((number, clock(), agent))
        plain.states.setdefault(number, []).append(Seen(clock(), desk.find(f"sendoso:{number}")))
    clock.advance(hours=1)
    plain.span = Span((clock() - timedelta(days=DAYS - 1)).date(), clock())
    return plain


def _did(desk: Desk, seen: SendRecord, what: str, choice: int) -> bool:
    deeds: dict[str, Callable[[], object]] = {
        "set": lambda: desk.override(seen, TARGETS[choice % 4], "r", force=True),
        "release": lambda: desk.release(seen),
        "note": lambda: desk.note(seen, "called"),
        "take": lambda: desk.take(seen),
        "done": lambda: desk.done(seen),
        "ask": lambda: desk.escalate(seen, "T-1"),
    }
    try:
        deeds[what]()
    except DeskError:
        return False
    return True


def _nearest(lengths: Sequence[timedelta], share: float) -> timedelta | None:
    ordered = sorted(lengths)
    place = next((n for n in range(1, len(ordered) + 1) if n >= share * len(ordered)), 0)
    return ordered[place - 1] if place else None


def _figures(section: Section) -> dict[str, tuple[Value, Value]]:
    return {each.key: (each.value, each.before) for each in section.figures}


def _check(plain: Plain, found: dict[str, Section]) -> None:
    span, stays = plain.span, plain.stays()
    halves = ((span.since, span.now), (span.since_before, span.since))

    def within(moment: datetime | None, half: int) -> bool:
        return moment is not None and halves[half][0] <= moment < halves[half][1]

    stuck = [each for each in stays if each[3] and each[2] is None]
    before = [
        each for each in stays if each[3] and each[3] < span.since and (each[2] is None or each[2] > span.since)
    ]  # fmt: skip
    figures = _figures(found["stuck"])
    assert figures["past_limit"] == (len(stuck), len(before))
    here = [states[-1].send for states in plain.states.values()]
    over = [send for send in here if urgency(send, span.now) in ("over", "now")]
    assert figures["stuck"] == (len(over), len(before))
    assert figures["reminder_over"][0] == len(over) - len(stuck)
    longest = max((span.now - send.due_at for send in over if send.due_at), default=None)
    assert figures["longest"][0] == longest
    ages = found["stuck"].charts[0].values
    assert sum(ages) == len(over)
    owners = Counter(send.owner or "nobody" for send in over)
    by_owner = next(table for table in found["stuck"].tables if table.key == "by_owner")
    assert {row[0]: row[1] for row in by_owner.rows} == owners

    assert _figures(found["breaches"])["breaches"] == tuple(
        sum(within(each[3], half) for each in stays) for half in (0, 1)
    )
    days = Counter(each[3].date() for each in stays if each[3] and within(each[3], 0))
    chart = found["breaches"].charts[0]
    assert len(chart.labels) == span.days
    assert {k: v for k, v in zip(chart.labels, chart.values, strict=True) if v} == days

    table = found["lengths"].tables[0]
    columns = [column.key for column in table.columns]
    for half, names in (
        (0, ("stays", "median", "p90")),
        (1, ("before", "median_before", "p90_before")),
    ):
        for row in (dict(zip(columns, each, strict=True)) for each in table.rows):
            lengths = [
                end - began
                for slug, began, end, _, _ in stays
                if end and within(end, half) and catalogue.status("sendoso", slug).label == row["status"]
            ]  # fmt: skip
            assert row[names[0]] == len(lengths)
            for name, share in ((names[1], 0.5), (names[2], 0.9)):
                exact = _nearest(lengths, share)
                if exact is None:
                    assert row[name] is None
                else:
                    assert abs(row[name] - exact) <= exact * (ACCURACY + 1e-9)
    assert _figures(found["lengths"])["stays"] == tuple(
        sum(within(each[2], half) for each in stays) for half in (0, 1)
    )

    figures = _figures(found["answers"])
    for half in (0, 1):
        quick, waiting = [], 0
        for _, _, end, due, number in stays:
            if due and within(due, half):
                done = [
                    at
                    for other, at, _ in plain.deeds
                    if other == number and at >= due and (end is None or at <= end)
                ]
                quick += [done[0] - due] if done else []
                waiting += not done and end is None
        assert figures["first_response"][half] == _nearest(quick, 0.5)
        assert figures["first_response_p90"][half] == _nearest(quick, 0.9)
        assert figures["unanswered"][half] == waiting
        solved = [end - due for _, _, end, due, _ in stays if due and end and within(end, half)]
        assert figures["resolved"][half] == len(solved)
        assert figures["resolve"][half] == _nearest(solved, 0.5)
        reopened = 0
        for states in plain.states.values():
            for one, other in pairwise(states):
                was, now = (catalogue.status("sendoso", each.send.status) for each in (one, other))
                reopened += within(other.at, half) and was.final and not now.final
        assert figures["reopened"][half] == reopened
        done_here = [deed for deed in plain.deeds if within(deed[1], half)]
        handled = _figures(found["handled"])
        assert handled["deeds"][half] == len(done_here)
        assert handled["sends"][half] == len({number for number, _, _ in done_here})
        assert handled["agents"][half] == len({agent for _, _, agent in done_here})


def _try(address: str, script: Sequence[tuple[Any, ...]]) -> None:
    clock = HandClock()
    database = open_database(address)
    try:
        desks = {name: Desk(database, name, clock) for name in ("ana", "jo")}
        plain = _live(desks, clock, script)
        _check(plain, {each.key: each for each in sections(desks["ana"], plain.span)})
    finally:
        database.close()


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(script=st.lists(steps, min_size=12, max_size=24))
def test_in_a_file(empty_file: Path, tmp_path: Path, script: list[tuple[Any, ...]]) -> None:
    path = Path(tempfile.mkdtemp(dir=tmp_path)) / "sends.db"
    shutil.copy(empty_file, path)
    _try(str(path), script)


@settings(max_examples=3)
@given(script=st.lists(steps, min_size=16, max_size=20))
def test_on_a_server(server: Server, script: list[tuple[Any, ...]]) -> None:
    name = server.make()
    try:
        _try(server.address(name), script)
    finally:
        server.drop(name)

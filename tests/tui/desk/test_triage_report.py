"""What a round of triage says of itself: one line, and the text for the next agent."""

import json
from datetime import timedelta
from typing import Any

import pytest

from models.records import Event, EventKind, SendRecord
from models.values.local_time import LocalTime
from tests.support.sample_cases import NOW, ago, event, sample_send
from tui.desk.triage_report import StillOpen, TriageReport
from tui.verbs import VERBS, Verb, verb_of

ONE = sample_send(id=1, ref="S-1", recipient_name="Rosa Quill")
TWO = sample_send(id=2, ref="S-2", recipient_name="Ola Berg")
NOTHING = StillOpen((), 0)


def did(kind: EventKind, reason: str = "", **further: Any) -> Event:
    """Return what an agent did."""
    steps = {"from_status": "order_received", "to_status": "shipped"}
    about_status = kind in (EventKind.OVERRIDE, EventKind.RELEASE)
    return event(
        1,
        kind,
        NOW,
        actor="ana",
        reason=reason,
        detail=json.dumps(further),
        **(steps if about_status else {}),
    )


def of_verb(verb: Verb[Any]) -> Event:
    """Return what *verb* writes."""
    owner = "ana" if verb.name == "take" else "jo"
    return did(
        verb.kind,
        owner=owner,
        was="",
        until=None,
        reference="SUP-1",
        follow_up_at=NOW.isoformat(),
    )


def later(send: SendRecord, revision: int) -> SendRecord:
    return send._replace(revision=revision)


def handed_over(report: TriageReport, still_open: StillOpen = NOTHING) -> str:
    return report.hand_over("ana", LocalTime(NOW), still_open)


def test_nothing_done_is_nothing_handled() -> None:
    assert TriageReport().summary() == "0 handled"


def test_a_send_counts_once_for_each_verb_and_once_in_all() -> None:
    report = TriageReport()
    report.add(did(EventKind.DONE), ONE)
    report.add(did(EventKind.DONE), TWO)
    report.add(did(EventKind.DONE), later(ONE, 5))
    report.add(did(EventKind.NOTE, "called"), later(ONE, 6))

    done, note = VERBS["done"].handled, VERBS["note"].handled
    assert report.summary() == f"2 handled: 2 {done}, 1 {note}"
    assert report.handled[ONE.id].revision == 6


@pytest.mark.parametrize("name", VERBS)
def test_what_was_taken_back_is_not_counted_any_more(name: str) -> None:
    report = TriageReport()
    verb = VERBS[name]
    action = of_verb(verb)
    assert verb_of(action) is verb
    for send in (ONE, TWO):
        report.add(action, send)
    report.discard(action._replace(seq=ONE.revision), later(ONE, 9))
    assert report.summary() == f"1 handled: 1 {verb.handled}"
    report.discard(action._replace(seq=TWO.revision), later(TWO, 9))
    assert report.summary() == "0 handled"


def test_what_was_done_before_still_counts() -> None:
    report = TriageReport()
    note, done = did(EventKind.NOTE, "called"), did(EventKind.DONE)
    report.add(note, ONE)
    report.add(note, later(ONE, 5))
    report.add(done, later(ONE, 6))
    report.discard(done._replace(seq=6), later(ONE, 7))
    report.discard(note._replace(seq=5), later(ONE, 8))
    assert report.summary() == f"1 handled: 1 {VERBS['note'].handled}"
    assert report.handled == {ONE.id: later(ONE, 8)}


def test_the_hand_over_tells_of_each_send_what_was_done_in_full() -> None:
    report = TriageReport()
    again = (NOW + timedelta(days=4)).isoformat()
    report.add(did(EventKind.NOTE, "called\nthe sender"), later(ONE, 5))
    report.add(did(EventKind.OVERRIDE, "seen in the warehouse"), later(ONE, 6))
    report.add(did(EventKind.ESCALATE, reference="SUP-9", follow_up_at=again), TWO)
    report.add(did(EventKind.OWNER, owner="jo", was=""), later(TWO, 5))
    report.add(did(EventKind.SNOOZE, until=again), later(TWO, 6))

    assert handed_over(report).splitlines() == [
        "Triage by ana, Fri 21 Nov 09:41 UTC",
        "2 handled: 1 set to another status, 1 escalated, 1 snoozed, 1 given away, 1 noted.",
        "",
        "S-1  Rosa Quill",
        "  note: called the sender",
        "  Order Received → Shipped: seen in the warehouse",
        "",
        "S-2  Ola Berg",
        "  escalated as SUP-9, follow-up Tue 25 Nov 09:41 UTC",
        "  owner nobody → jo",
        "  snoozed until Tue 25 Nov 09:41 UTC",
        "",
        "Nothing is left: no send needs an agent.",
    ]


def test_the_hand_over_lists_what_is_left_and_says_how_many_are_not_listed() -> None:
    report = TriageReport()
    report.add(did(EventKind.DONE), ONE)
    free = TWO._replace(owner="", due_at=ago(days=2), at_once=False)

    text = handed_over(report, StillOpen((ONE, free), 1200))

    assert text.splitlines()[6:] == [
        "Left: 1,200 sends still need an agent, the longest overdue first.",
        "",
        "S-1  Rosa Quill · Order Received · 11d over · owner ana",
        "S-2  Ola Berg · Order Received · 2d over",
        "and 1,198 more",
    ]
    assert "Left: 1 send still needs an agent" in handed_over(report, StillOpen((ONE,), 1))


def test_nothing_from_outside_breaks_a_line_of_the_hand_over() -> None:
    report = TriageReport()
    hostile = ONE._replace(recipient_name="Ann\n\x1b[2JLow")
    report.add(did(EventKind.NOTE, "a\n\x1b]0;x\x07b"), hostile)

    text = handed_over(report, StillOpen((hostile,), 1))

    assert "\x1b" not in text
    assert text.count("S-1  Ann") == 2
    assert len(text.splitlines()) == 9

"""What a round of triage says of itself: one line, and the text for the next agent."""

import pytest

from tests.support.sample_cases import NOW, sample_send
from tui.desk.triage_report import TriageReport
from tui.verbs import VERBS

ONE = sample_send(id=1, ref="S-1", recipient_name="Rosa Quill")
TWO = sample_send(id=2, ref="S-2", recipient_name="Ola Berg")


def test_nothing_done_is_nothing_handled() -> None:
    assert TriageReport().summary() == "0 handled"


def test_a_send_counts_once_for_each_verb_and_once_in_all() -> None:
    report = TriageReport()
    report.add(VERBS["done"], [ONE, TWO])
    report.add(VERBS["done"], [ONE._replace(revision=5)])
    report.add(VERBS["note"], [ONE._replace(revision=6)])

    done, note = VERBS["done"].handled, VERBS["note"].handled
    assert report.summary() == f"2 handled: 2 {done}, 1 {note}"
    assert report.handled[ONE.id].revision == 6


@pytest.mark.parametrize("name", VERBS)
def test_what_was_taken_back_is_not_counted_any_more(name: str) -> None:
    report = TriageReport()
    verb = VERBS[name]
    report.add(verb, [ONE, TWO])
    report.discard(ONE.id, ONE.revision)
    assert report.summary() == f"1 handled: 1 {verb.handled}"
    report.discard(TWO.id, TWO.revision)
    assert report.summary() == "0 handled"


def test_what_was_done_before_still_counts() -> None:
    report = TriageReport()
    report.add(VERBS["note"], [ONE])
    report.add(VERBS["note"], [ONE._replace(revision=5)])
    report.add(VERBS["done"], [ONE._replace(revision=6)])
    report.discard(ONE.id, 6)
    report.discard(ONE.id, 5)
    assert report.summary() == f"1 handled: 1 {VERBS['note'].handled}"
    assert report.handled == {ONE.id: ONE}


def test_notes_and_owners_stand_behind_what_was_decided() -> None:
    report = TriageReport()
    report.add(VERBS["note"], [ONE])
    report.add(VERBS["done"], [TWO])

    text = report.hand_over("ana", NOW, 1)

    assert text.splitlines()[:3] == [
        "Triage by ana, 2025-11-21 09:41",
        f"{report.summary()}.",
        "1 send still needs an agent.",
    ]
    assert text.index("S-2  Ola Berg") < text.index("S-1  Rosa Quill")
    assert "1,200 sends still need an agent." in report.hand_over("ana", NOW, 1200)

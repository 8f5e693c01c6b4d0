"""The verbs of the command line: one send or many, refusals, exit codes, retries."""

import os
import signal
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import models.database
from models.database import Database, open_database
from models.writing import bulk
from tests.support.command_line import Senddesk, shown


def statuses(senddesk: Senddesk) -> dict[str, str]:
    return {send["id"]: send["status"] for send in senddesk("list", "--format", "json").json}


def test_set_puts_a_status_and_keeps_the_reason(anywhere: Senddesk) -> None:
    result = anywhere("set", "S-101", "Shipped", "--reason", "told by phone")
    assert (result.code, result.out) == (0, "S-101: Order Received → Shipped\n")
    assert result.err == "`senddesk undo` takes it back.\n"
    send = shown(anywhere, "S-101")
    assert (send["status"], send["overridden"], send["override_reason"]) == (
        "shipped",
        True,
        "told by phone",
    )


def test_a_status_goes_by_its_aliases(senddesk: Senddesk) -> None:
    assert senddesk("set", "S-101", "Paused", "--reason", "x").code == 0
    assert statuses(senddesk)["S-101"] == "fulfillment_issue"


def test_an_unusual_step_needs_force(senddesk: Senddesk) -> None:
    refused = senddesk("set", "S-102", "sent", "--reason", "x")
    assert refused.code == 1
    assert "--force" in refused.err
    assert statuses(senddesk)["S-102"] == "opened"
    assert senddesk("set", "S-102", "sent", "--reason", "x", "--force").code == 0
    assert statuses(senddesk)["S-102"] == "sent"


def test_set_refuses_and_changes_nothing(senddesk: Senddesk) -> None:
    before = statuses(senddesk)
    for words, code in (
        (("S-101", "shiped", "--reason", "x"), 1),
        (("S-101", "order_received", "--reason", "x"), 1),
        (("S-101", "shipped", "--reason", "  "), 1),
        (("S-999", "shipped", "--reason", "x"), 1),
        (("S-101", "shipped"), 2),
        (("S-101",), 2),
        ((), 2),
        (("shipped", "--reason", "x"), 2),
        (("S-101", "shipped", "--reason", "x", "--query", "is:over"), 2),
        (("S-101", "S-102", "shipped", "--reason", "x", "--expect", "2"), 2),
        (("shipped", "--query", "is:over", "--reason", "x", "--expect", "2"), 2),
        (("S-101", "shipped", "--reason", "x", "--expect", "two"), 2),
        (("S-101", "shipped", "--reason", "x", "--request-id", ""), 2),
        (("S-101", "shipped", "--reason", "x", "--request-id", "i" * 101), 2),
        (("shipped", "--query", "statsu:x", "--reason", "x"), 2),
    ):
        result = senddesk("set", *words)
        assert (words, result.code, result.out) == (words, code, "")
        assert result.err
        assert statuses(senddesk) == before


def test_an_unknown_status_is_answered_with_the_nearest(senddesk: Senddesk) -> None:
    assert "Did you mean Shipped?" in senddesk("set", "S-101", "shiped", "--reason", "x").err


def test_expect_refuses_what_has_changed_since(anywhere: Senddesk) -> None:
    anywhere("note", "S-101", "hello", "--agent", "jo")
    stale = anywhere("set", "S-101", "shipped", "--reason", "x", "--expect", "2")
    assert (stale.code, stale.out) == (4, "")
    assert "jo added a note" in stale.err
    assert anywhere("set", "S-101", "shipped", "--reason", "x", "--expect", "3").code == 0
    for verb in (("take",), ("release",), ("resolve",), ("done",), ("snooze", "--until", "2bd")):
        assert anywhere(verb[0], "S-101", *verb[1:], "--expect", "1").code == 4


def test_a_retry_is_applied_once(anywhere: Senddesk) -> None:
    words = ("set", "S-101", "shipped", "--reason", "x", "--request-id", "r-1", "--expect", "2")
    assert anywhere(*words).code == 0
    again = anywhere(*words)
    assert (again.code, again.out) == (0, "S-101: Shipped\n")
    assert shown(anywhere, "S-101")["revision"] == 3
    assert anywhere("note", "S-102", "hello", "--request-id", "r-1").code == 1


def test_a_retry_of_many_is_applied_once_to_each(senddesk: Senddesk) -> None:
    words = ("note", "S-101", "S-102", "hello", "--request-id", "r-1")
    assert [senddesk(*words).code for _ in range(2)] == [0, 0]
    assert [shown(senddesk, name)["revision"] for name in ("S-101", "S-102")] == [3, 3]


def test_many_are_set_and_each_refusal_is_listed(senddesk: Senddesk) -> None:
    result = senddesk("set", "S-101", "S-102", "S-999", "shipped", "--reason", "x")
    assert result.code == 3
    assert result.out == "S-101: Order Received → Shipped\n"
    assert "S-999: No send answers to “S-999”." in result.err
    assert "S-102: " in result.err
    assert result.err.endswith("1 done, 2 refused\n`senddesk undo` takes it back.\n")


def test_many_refused_is_a_refusal(senddesk: Senddesk) -> None:
    result = senddesk("release", "S-101", "S-102")
    assert (result.code, result.out) == (1, "")
    assert result.err.endswith("0 done, 2 refused\n")


def test_what_no_send_would_escape_ends_it_and_says_how_far_it_came(
    senddesk: Senddesk, tmp_path: Path, file_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "BULK_SIZE", 1)
    there = ("--database", file_address)
    senddesk("import", tmp_path / "sends.json", *there)
    with sqlite3.connect(file_address) as raw:
        raw.execute(
            "CREATE TRIGGER full BEFORE INSERT ON event WHEN NEW.send_id = 2"
            " BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    raw.close()
    result = senddesk("note", "S-101", "S-102", "S-103", "hello", *there)
    assert (result.code, result.out) == (3, "S-101: noted\n")
    assert result.err.startswith("2 not tried: ")
    assert "1 done, 0 refused, 2 not tried" in result.err
    assert senddesk("note", "S-102", "S-103", "hello", *there).code == 1


def test_a_name_given_twice_is_one_send(senddesk: Senddesk) -> None:
    assert senddesk("take", "S-101", "sendoso:101").code == 0
    assert shown(senddesk, "S-101")["revision"] == 3


def test_a_query_stands_in_place_of_the_sends(anywhere: Senddesk) -> None:
    result = anywhere("set", "delivered", "--query", "type:physical", "--reason", "x", "--force")
    assert result.code == 0
    assert statuses(anywhere) == {"S-101": "delivered", "S-102": "opened", "S-103": "delivered"}
    nothing = anywhere("take", "--query", "company:nobody")
    assert (nothing.code, nothing.err) == (0, "No send fits the filter.\n0 done, 0 refused\n")


@pytest.mark.parametrize("blank", ["", " \t"])
@pytest.mark.parametrize(
    "words",
    [
        ("set", "shipped", "--reason", "x"),
        ("note", "seen"),
        ("take",),
        ("done", "--dry-run"),
        ("undo",),
        ("redo",),
    ],
    ids=lambda words: words[0],
)
def test_a_blank_query_writes_to_no_send(
    senddesk: Senddesk, words: tuple[str, ...], blank: str
) -> None:
    refused = senddesk(*words, "--query", blank)
    assert (refused.code, refused.out) == (2, "")
    assert "it is empty. For every send, write --query sort:due." in refused.err
    assert senddesk("log").out == ""


def test_every_send_is_meant_on_purpose(senddesk: Senddesk) -> None:
    assert senddesk("take", "--query", "sort:due").code == 0
    assert len(senddesk("list", "owner:@me", "--format", "json").json) == 3
    assert senddesk("packet", "--query", "").code == 0


def test_a_query_is_previewed_before_it_is_written(anywhere: Senddesk) -> None:
    anywhere("take", "S-101", "--agent", "jo")
    anywhere("take", "S-102")
    result = anywhere("take", "--query", "sort:id")
    assert result.code == 3
    assert result.err.splitlines()[:5] == [
        "3 sends:",
        "  owner jo → owner ana × 1",
        "  owner nobody → owner ana × 1",
        "  unusual: belongs to jo × 1",
        "  refused: belongs to ana already × 1",
    ]
    assert result.err.endswith("2 done, 1 refused\n`senddesk undo` takes it back.\n")


@pytest.mark.parametrize(
    "words",
    [
        ("note", "hello"),
        ("take",),
        ("assign", "jo"),
        ("escalate",),
        ("snooze", "--until", "2bd"),
        ("done",),
        ("set", "shipped", "--force"),
        ("resolve",),
        ("wake",),
        ("release",),
    ],
)
def test_every_verb_can_be_tried_out(senddesk: Senddesk, words: tuple[str, ...]) -> None:
    before = senddesk("list", "--format", "json").json
    tried = senddesk(*words, "--query", "sort:id", "--dry-run")
    assert "This was a dry run: " in tried.err
    assert tried.err.endswith("Nothing was written.\n")
    rows = senddesk(*words, "--query", "sort:id", "--dry-run", "--format", "json").json
    assert [row["id"] for row in rows] == ["S-101", "S-102", "S-103"]
    assert all(row["dry_run"] for row in rows)
    assert senddesk("list", "--format", "json").json == before

    reason = ("--reason", "x") if words[0] == "set" else ()
    done = senddesk(*words, *reason, "--query", "sort:id", "--format", "json")
    assert done.code == tried.code
    assert [row["result"] for row in done.json] == [row["result"] for row in rows]
    assert not any(row["dry_run"] for row in done.json)


def test_the_result_of_each_send_is_data_too(senddesk: Senddesk) -> None:
    senddesk("take", "S-101", "--agent", "jo")
    rows = senddesk("assign", "S-101", "S-999", "ana", "--dry-run", "--format", "json").json
    assert [(row["id"], row["result"], row["unusual"]) for row in rows] == [
        ("S-999", "refused", ""),
        ("S-101", "done", "belongs to jo"),
    ]
    stale = senddesk("take", "S-101", "--expect", "2", "--format", "json")
    assert (stale.code, stale.json[0]["result"], stale.json[0]["stale"]) == (4, "refused", True)
    assert "jo took it" in stale.json[0]["message"]


def test_a_dry_run_counts_steps_and_refusals_and_changes_nothing(senddesk: Senddesk) -> None:
    before = statuses(senddesk)
    result = senddesk("set", "delivered", "--query", "sort:id", "--dry-run")
    assert result.code == 1
    assert result.out == ""
    forced = senddesk("set", "delivered", "--query", "type:physical", "--dry-run", "--force")
    assert forced.code == 0
    assert sorted(forced.out.splitlines()) == [
        "Order Received → Delivered × 1",
        "Undeliverable → Delivered × 1",
    ]
    mixed = senddesk("set", "S-101", "S-102", "shipped", "--dry-run")
    assert mixed.code == 3
    assert mixed.out == "Order Received → Shipped × 1\n"
    assert "S-102: " in mixed.err
    assert senddesk("set", "S-101", "shipped", "--dry-run", "--expect", "7").code == 4
    assert statuses(senddesk) == before


def test_a_dry_run_refuses_what_the_real_one_refuses(senddesk: Senddesk) -> None:
    for status in ("shipped", "order_received", "sent", "nope", "unmapped", "canceled"):
        words = ("set", "S-101", status, "--reason", "x")
        tried = senddesk(*words, "--dry-run")
        done = senddesk(*words)
        refusal = done.err.removesuffix("`senddesk undo` takes it back.\n")
        assert (tried.code, tried.err.splitlines()[:-1]) == (done.code, refusal.splitlines())
        assert tried.err.splitlines()[-1].startswith("This was a dry run: ")
        senddesk("release", "S-101")


def test_release_shows_the_platform_again(senddesk: Senddesk) -> None:
    senddesk("set", "S-101", "shipped", "--reason", "x")
    result = senddesk("release", "S-101", "--reason", "mistaken")
    assert (result.code, result.out) == (0, "S-101: Shipped → Order Received\n")
    assert shown(senddesk, "S-101")["history"][-1]["reason"] == "mistaken"
    assert senddesk("release", "S-101").code == 1


def test_undo_takes_back_my_last_action_only(anywhere: Senddesk) -> None:
    assert anywhere("undo").code == 1
    anywhere("set", "S-101", "shipped", "--reason", "x")
    assert anywhere("undo", "--agent", "jo").code == 1
    result = anywhere("undo")
    assert result.code == 0
    assert result.out == "S-101: took back “set Shipped”, now Order Received\n"
    assert result.err == "`senddesk redo` does it again.\n"
    anywhere("set", "S-101", "shipped", "--reason", "x")
    anywhere("set", "S-102", "redeemed", "--reason", "x", "--force")
    assert anywhere("undo", "S-101").out == result.out
    assert statuses(anywhere)["S-102"] == "redeemed"


def test_redo_sets_what_i_undid_again(anywhere: Senddesk) -> None:
    assert anywhere("redo").code == 1
    anywhere("set", "S-101", "shipped", "--reason", "x")
    anywhere("undo")
    assert anywhere("redo", "--agent", "jo").code == 1
    assert anywhere("redo").out == "S-101: did again “set Shipped”\n"
    anywhere("undo")
    assert anywhere("redo", "S-101").out == "S-101: did again “set Shipped”\n"


ACTIONS = (
    ("set", "S-101", "shipped", "--reason", "x"),
    ("release", "S-101"),
    ("take", "S-101"),
    ("assign", "S-101", "jo"),
    ("note", "S-101", "called"),
    ("escalate", "S-101", "--reference", "SUP-7"),
    ("resolve", "S-101"),
    ("snooze", "S-101", "--until", "4h"),
    ("wake", "S-101"),
    ("done", "S-101"),
)
"""Every verb once, in an order in which each has something to do."""


def state(senddesk: Senddesk, name: str) -> dict[str, object]:
    """Return a send without its history."""
    counted = ("history", "history_total", "revision")
    return {key: value for key, value in shown(senddesk, name).items() if key not in counted}


def test_every_verb_can_be_taken_back_and_done_again(anywhere: Senddesk) -> None:
    states = [state(anywhere, "S-101")]
    for words in ACTIONS:
        done = anywhere(*words)
        assert (done.code, done.err.splitlines()[-1]) == (0, "`senddesk undo` takes it back.")
        states.append(state(anywhere, "S-101"))
    for before in reversed(states[:-1]):
        assert anywhere("undo").code == 0
        assert state(anywhere, "S-101") == before
    assert anywhere("undo").code == 1
    for after in states[1:]:
        assert anywhere("redo").code == 0
        assert state(anywhere, "S-101") == after
    assert anywhere("redo").code == 1


def test_the_last_few_actions_are_taken_back_the_newest_first(senddesk: Senddesk) -> None:
    for text in ("one", "two", "three"):
        senddesk("note", "S-101", text)
    senddesk("take", "S-101", "S-102")
    result = senddesk("undo", "--last", "3")
    assert result.code == 0
    assert [line.partition(" “")[0] for line in result.out.splitlines()] == [
        "S-102: took back", "S-101: took back", "S-101: took back", "S-101: took back"
    ]  # fmt: skip
    assert "4 done, 0 refused" in result.err
    standing = [e for e in shown(senddesk, "S-101")["history"] if not e["taken_back"]]
    assert [e["reason"] for e in standing if e["kind"] == "note"] == ["one"]
    assert senddesk("undo", "--last", "9").code == 0
    assert senddesk("undo", "--last", "9").code == 1


def test_last_stands_alone(senddesk: Senddesk) -> None:
    for words in (("--last", "0"), ("--last", "2", "S-101"), ("--last", "2", "--request-id", "r")):
        assert (words, senddesk("undo", *words).code) == (words, 2)


def test_several_sends_of_one_command_are_one_action(anywhere: Senddesk) -> None:
    anywhere("note", "S-101", "before")
    done = anywhere("take", "S-101", "S-102", "S-103")
    assert done.err == "3 done, 0 refused\n`senddesk undo` takes it back.\n"
    result = anywhere("undo")
    assert (result.code, len(result.out.splitlines())) == (0, 3)
    assert [shown(anywhere, name)["owner"] for name in ("S-101", "S-102", "S-103")] == ["", "", ""]
    assert len(anywhere("redo").out.splitlines()) == 3
    anywhere("note", "S-102", "later")
    assert anywhere("undo", "S-102").out == "S-102: took back “added a note”\n"


def test_what_moved_on_of_a_bulk_is_named_and_the_rest_taken_back(anywhere: Senddesk) -> None:
    anywhere("take", "S-101", "S-102")
    anywhere("take", "S-101", "--agent", "jo")
    result = anywhere("undo")
    assert (result.code, result.out) == (3, "S-102: took back “took it”\n")
    assert "S-101 has moved on since (jo took it): nothing was taken back." in result.err
    assert shown(anywhere, "S-101")["owner"] == "jo"


def test_a_request_is_taken_back_by_its_name(anywhere: Senddesk) -> None:
    named = anywhere("note", "S-101", "S-102", "hello", "--request-id", "call 7")
    assert named.err.endswith("`senddesk undo 'call 7'` takes it back.\n")
    anywhere("take", "S-101", "--request-id", "call-8")
    anywhere("take", "S-102")
    assert len(anywhere("undo", "call 7").out.splitlines()) == 2
    assert anywhere("undo", "call-8").out == "S-101: took back “took it”\n"
    again = anywhere("undo", "call-8")
    assert (again.code, again.err) == (1, "What “call-8” did is taken back already.\n")
    nobody = anywhere("undo", "call-9")
    assert (nobody.code, nobody.out) == (1, "")
    assert "No request of yours is called so either." in nobody.err
    assert anywhere("undo", "call-8", "--agent", "jo").code == 1


@pytest.mark.parametrize("words", [(), ("S-101",), ("take-1",), ("--query", "id:S-101")])
def test_a_retry_of_undo_and_redo_changes_nothing(
    senddesk: Senddesk, words: tuple[str, ...]
) -> None:
    senddesk("note", "S-101", "before")
    senddesk("take", "S-101", "--request-id", "take-1")
    first, second = (senddesk("undo", *words, "--request-id", "u-1") for _ in range(2))
    assert (
        (first.code, first.out) == (second.code, second.out) == (0, "S-101: took back “took it”\n")
    )
    assert shown(senddesk, "S-101")["revision"] == 5
    words = () if words == ("take-1",) else words
    first, second = (senddesk("redo", *words, "--request-id", "r-1") for _ in range(2))
    assert (
        (first.code, first.out) == (second.code, second.out) == (0, "S-101: did again “took it”\n")
    )
    assert shown(senddesk, "S-101")["revision"] == 6


def test_undo_expects_a_revision(senddesk: Senddesk) -> None:
    senddesk("take", "S-101")
    assert senddesk("undo", "S-101", "--expect", "2").code == 4
    assert senddesk("undo", "S-101", "--expect", "3").code == 0


def test_what_is_snoozed_or_done_is_woken(senddesk: Senddesk) -> None:
    assert senddesk("wake", "S-101").code == 1
    for words in (("done",), ("snooze", "--until", "change"), ("snooze", "--until", "4h")):
        senddesk(words[0], "S-101", *words[1:])
        assert "S-101" not in senddesk("list", "is:triage").out
        assert senddesk("wake", "S-101").out == "S-101: awake\n"
        assert "S-101" in senddesk("list", "is:triage").out
    assert shown(senddesk, "S-101")["history"][-1]["kind"] == "wake"


def test_a_note_that_was_taken_back_is_marked_and_stays(senddesk: Senddesk) -> None:
    senddesk("note", "S-101", "wrong send")
    senddesk("undo")
    told = senddesk("show", "S-101").out
    assert "ana added a note (taken back)" in told
    assert "wrong send" in told
    assert "ana took back: added a note" in told


def test_note_take_and_assign(senddesk: Senddesk) -> None:
    assert senddesk("note", "S-101", "call back").out == "S-101: noted\n"
    assert senddesk("note", "S-101", "S-102", "--text", "both").code == 0
    assert senddesk("note", "all of them", "--query", "type:physical").code == 0
    assert [e["reason"] for e in shown(senddesk, "S-101")["history"]][-3:] == [
        "call back",
        "both",
        "all of them",
    ]
    assert senddesk("take", "S-101").out == "S-101: belongs to ana\n"
    assert senddesk("take", "S-101").code == 1
    assert senddesk("assign", "S-101", "S-102", "jo").code == 0
    assert senddesk("assign", "S-101", "--to", "").out == "S-101: belongs to nobody\n"
    assert [shown(senddesk, name)["owner"] for name in ("S-101", "S-102")] == ["", "jo"]


def test_a_missing_word_is_wrong_usage(senddesk: Senddesk) -> None:
    for line in ("note", "note S-101", "assign S-101", "note --text x", "take"):
        assert (line, senddesk(*line.split()).code) == (line, 2)


def test_an_empty_note_is_refused(senddesk: Senddesk) -> None:
    assert senddesk("note", "S-101", " ").code == 1


def test_escalate_leaves_triage_until_the_follow_up(senddesk: Senddesk) -> None:
    words = ("--reference", "SUP-7", "--follow-up", "3d", "--reason", "asked where it is")
    result = senddesk("escalate", "S-103", *words)
    assert (result.code, result.out) == (0, "S-103: escalated, look again Thu 04 Jun 12:00 UTC\n")
    send = shown(senddesk, "S-103")
    assert (send["escalation_ref"], send["follow_up_at"]) == ("SUP-7", "2026-06-04T12:00:00Z")
    triage = ("list", "is:triage", "--format", "json")
    assert [each["id"] for each in senddesk(*triage).json] == ["S-101"]
    later = senddesk(*triage, "--now", "2026-06-04T12:00:01Z").json
    assert {each["id"] for each in later} == {"S-101", "S-103"}
    assert senddesk("resolve", "S-103", "--reason", "found").code == 0
    assert senddesk("resolve", "S-103").code == 1


def test_escalate_looks_again_after_two_business_days(senddesk: Senddesk) -> None:
    assert "Wed 03 Jun 12:00" in senddesk("escalate", "S-103").out


@pytest.mark.parametrize(
    ("until", "end"),
    [
        ("4h", "Mon 01 Jun 16:00"),
        ("2bd", "Wed 03 Jun 12:00"),
        ("2026-11-25", "Wed 25 Nov 09:00"),
        ("tomorrow", "Tue 02 Jun 09:00"),
        ("change", "the platform changes it"),
    ],
)
def test_snooze(senddesk: Senddesk, until: str, end: str) -> None:
    result = senddesk("snooze", "S-101", "--until", until)
    assert result.code == 0
    assert end in result.out
    assert shown(senddesk, "S-101")["snooze"]


def test_snooze_without_a_moment_writes_nothing(senddesk: Senddesk) -> None:
    result = senddesk("snooze", "S-101")
    assert result.code == 2
    assert "Missing option '--until'." in result.err


def test_snooze_needs_a_moment_to_come(senddesk: Senddesk) -> None:
    for until in ("", "soon", "2020-01-01", "99999bd"):
        refused = senddesk("snooze", "S-101", "--until", until)
        assert (until, refused.code) == (until, 2)
        assert "or write change for the platform's next change" in " ".join(refused.err.split())
        assert not shown(senddesk, "S-101")["snooze"]


@pytest.mark.parametrize(
    "words", [("snooze", "--until", "2bd"), ("escalate", "--follow-up", "2bd"), ("done",)]
)
def test_a_verb_opens_the_database_once(
    senddesk: Senddesk, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    opened: list[object] = []

    def counting(*given: Any, **options: Any) -> Database:
        opened.append(given)
        return open_database(*given, **options)

    monkeypatch.setattr(models.database, "open_database", counting)
    assert senddesk(words[0], "S-101", *words[1:]).code == 0
    assert len(opened) == 1


def test_done_rests_until_the_platform_speaks(senddesk: Senddesk) -> None:
    assert senddesk("done", "S-101").out == "S-101: done for now\n"
    assert "S-101" not in senddesk("list", "is:triage").out


def test_an_interrupt_stops_after_what_is_written_and_says_so(
    senddesk: Senddesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "BULK_SIZE", 1)

    def interrupt(connection: sa.Connection) -> None:
        if connection.get_execution_options().get("write"):
            os.kill(os.getpid(), signal.SIGINT)

    sa.event.listen(sa.Engine, "commit", interrupt)
    former = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        result = senddesk("note", "S-101", "S-102", "S-103", "hello")
        data = senddesk("note", "S-101", "S-102", "hello", "--format", "json")
    finally:
        signal.signal(signal.SIGINT, former)
        sa.event.remove(sa.Engine, "commit", interrupt)
    assert (result.code, result.out) == (130, "S-101: noted\n")
    assert result.err.splitlines() == [
        "2 not tried: you stopped it",
        "1 done, 0 refused, 2 not tried",
        "`senddesk undo` takes it back.",
    ]
    assert [row["result"] for row in data.json] == ["done", "not tried"]
    assert [shown(senddesk, name)["revision"] for name in ("S-101", "S-102")] == [4, 2]


def test_unusual_sends_can_be_left_out(senddesk: Senddesk) -> None:
    assert senddesk("take", "S-101", "--agent", "jo").code == 0
    words = ("take", "--query", "S-101 OR S-102", "--skip-unusual")
    tried = senddesk(*words, "--dry-run")
    assert tried.code == 0
    assert tried.out == "owner nobody → owner ana × 1\n"
    assert "1 would be done, 1 left out" in tried.err
    done = senddesk(*words)
    assert (done.code, done.out) == (0, "S-102: belongs to ana\n")
    assert "1 done, 0 refused, 1 left out" in done.err
    assert "left out: belongs to jo × 1" in done.err
    assert shown(senddesk, "S-101")["owner"] == "jo"


def test_of_several_named_sends_the_unusual_ones_are_told(senddesk: Senddesk) -> None:
    assert senddesk("take", "S-101", "--agent", "jo").code == 0
    done = senddesk("take", "S-101", "S-102")
    assert done.err.splitlines()[:4] == [
        "2 sends:",
        "  owner jo → owner ana × 1",
        "  owner nobody → owner ana × 1",
        "  unusual: belongs to jo × 1",
    ]


def test_an_owner_whom_nobody_knows_is_told(senddesk: Senddesk) -> None:
    new = senddesk("assign", "S-101", "rja")
    assert new.code == 0
    assert "Nobody called “rja” has had a send here so far: check the name." in new.err
    assert "check the name" not in senddesk("assign", "S-102", "rja").err


def test_an_undo_is_tried_out_and_told_as_data(senddesk: Senddesk) -> None:
    assert senddesk("take", "S-101", "S-102").code == 0
    tried = senddesk("undo", "--dry-run", "--format", "json")
    assert [(each["id"], each["result"], each["dry_run"]) for each in tried.json] == [
        ("S-102", "done", True),
        ("S-101", "done", True),
    ]
    assert "This was a dry run: 2 would be done." in tried.err
    assert shown(senddesk, "S-101")["owner"] == "ana"
    assert [each["message"] for each in senddesk("undo", "--format", "json").json] == [
        "took back “took it”"
    ] * 2
    assert shown(senddesk, "S-101")["owner"] == ""
    assert senddesk("redo", "--dry-run").out.count("would do again “took it”") == 2
    assert shown(senddesk, "S-101")["owner"] == ""
    assert "ana took back: took it" in senddesk("show", "S-101").out


def test_an_undo_that_is_refused_tells_the_way_to_the_one_before(senddesk: Senddesk) -> None:
    assert senddesk("take", "S-102").code == 0
    assert senddesk("take", "S-101").code == 0
    assert senddesk("assign", "S-101", "jo", "--agent", "tom").code == 0
    refused = senddesk("undo")
    assert refused.code == 1
    assert refused.err.splitlines()[1:] == [
        "`senddesk undo --last 2` also takes back what you did before that."
    ]
    assert senddesk("undo", "--last", "2").code == 3
    assert shown(senddesk, "S-102")["owner"] == ""


def test_one_unusual_send_can_be_left_out_too(senddesk: Senddesk) -> None:
    assert senddesk("take", "S-101", "--agent", "jo").code == 0
    done = senddesk("done", "S-101", "--skip-unusual")
    assert (done.code, done.out) == (0, "")
    assert "left out: belongs to jo × 1" in done.err
    assert shown(senddesk, "S-101")["owner"] == "jo"


def test_me_and_nobody_are_words_for_owners(senddesk: Senddesk) -> None:
    for word, owner in (("me", "ana"), ("Nobody", ""), ("nobody ", "")):
        assert senddesk("take", "S-101", "S-102", "--agent", "jo").code == 0
        assert senddesk("assign", "S-101", word).code == 0
        assert senddesk("assign", "S-102", "--to", word).code == 0
        owners = [shown(senddesk, name)["owner"] for name in ("S-101", "S-102")]
        assert (word, owners) == (word, [owner] * 2)


@pytest.mark.parametrize("name", ["nobody", "None", "me", "ANY", " all ", "@me", "@none"])
def test_a_word_of_filters_is_nobodys_name(
    senddesk: Senddesk, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = senddesk("take", "S-101", "--agent", name)
    assert (refused.code, refused.out) == (1, "")
    assert refused.err == (
        f"“{name}” is a word that stands for an owner in filters:"
        " work under your own name (--agent NAME).\n"
    )
    monkeypatch.setenv("SENDDESK_AGENT", name)
    assert senddesk("take", "S-101").code == 1
    monkeypatch.setenv("SENDDESK_AGENT", "ana")
    assert shown(senddesk, "S-101")["owner"] == ""


def test_a_service_that_runs_as_nobody_signs_as_an_agent(
    senddesk: Senddesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SENDDESK_AGENT")
    for user, owner in (("nobody", "agent"), ("jo", "jo")):
        monkeypatch.setenv("LOGNAME", user)
        assert senddesk("take", "S-101").code == 0
        assert shown(senddesk, "S-101")["owner"] == owner


@pytest.mark.parametrize("name", ["none", "Any", "all", "@none", "jo\nAll is well", "jo\x1b[31m"])
def test_a_send_is_given_to_names_only(senddesk: Senddesk, name: str) -> None:
    for words in (("assign", "S-101", name), ("assign", "S-101", "--to", name)):
        refused = senddesk(*words)
        assert (refused.code, refused.out) == (1, "")
        assert refused.err.startswith("S-101 cannot be given to “")
        assert refused.err.endswith(": write a name, me or nobody.\n")
        assert refused.err.count("\n") == 1
    assert shown(senddesk, "S-101")["owner"] == ""


@pytest.mark.parametrize("name", ["jo\nroot", "jo\x1b[31m", "jo\u2028root", "jo\x00"])
def test_a_name_is_one_line_of_characters(senddesk: Senddesk, name: str) -> None:
    refused = senddesk("note", "S-101", "hello", "--agent", name)
    assert (refused.code, refused.out) == (1, "")
    assert "holds a line break or a control character: work under your own name" in refused.err
    assert refused.err.count("\n") == 1
    assert senddesk("note", "S-101", "hello", "--agent", "Zoë al-Ḥasan\n").code == 0


def test_more_steps_than_there_are(senddesk: Senddesk) -> None:
    assert senddesk("take", "S-101").code == 0
    assert senddesk("note", "S-102", "called").code == 0
    done = senddesk("undo", "--last", "9")
    assert done.code == 0
    assert "You have 2 actions that can be taken back, not 9." in done.err
    assert "`senddesk redo` does them again, one after the other: 2 times for all." in done.err


def test_a_filter_that_finds_nothing_is_told(senddesk: Senddesk) -> None:
    done = senddesk("take", "--query", "company:nowhere")
    assert done.err.startswith("No send fits the filter.\n")

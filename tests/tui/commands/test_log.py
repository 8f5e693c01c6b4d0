"""`senddesk log`: its filters, its marks, and what an audit reads."""

import csv
import io
import json

import pytest

from tests.support.command_line import Senddesk
from tui.commands.log import FIELDS


def deeds(senddesk: Senddesk) -> None:
    """Have two agents do something to two sends."""
    for words in (
        ("set", "S-101", "fulfilling", "--reason", "=1+1 seen in the depot"),
        ("escalate", "S-103", "--reference", "T-7", "--reason", "where is it"),
        ("take", "S-101", "--agent", "jo"),
        ("assign", "S-101", "raj", "--agent", "jo"),
        ("undo", "--agent", "jo"),
    ):
        done = senddesk(*words)
        assert done.code == 0, done.err


def test_json_says_all_of_an_entry_under_keys_that_stay(anywhere: Senddesk) -> None:
    deeds(anywhere)
    found = anywhere("log", "--format", "json").json

    assert [tuple(each) for each in found] == [FIELDS] * 5
    assert [(each["agent"], each["verb"], each["send"], each["undone"]) for each in found] == [
        ("jo", "undo", "S-101", False),
        ("jo", "assign", "S-101", True),
        ("jo", "take", "S-101", False),
        ("ana", "escalate", "S-103", False),
        ("ana", "set", "S-101", False),
    ]
    undo, assign, take, escalate, changed = found
    assert undo["undoes"] == assign["seq"]
    assert (assign["from"], assign["to"], take["from"]) == ("jo", "raj", None)
    assert (escalate["ticket"], escalate["note"]) == ("T-7", "where is it")
    assert escalate["until"] == "2026-06-03T12:00:00Z"
    assert (changed["from"], changed["to"]) == ("order_received", "fulfilling")
    assert changed["at"] == "2026-06-01T12:00:00Z"
    assert (changed["provider"], changed["external_id"]) == ("sendoso", "101")
    assert (changed["source"], changed["recipient_name"]) == ("cli", "Mira Solberg")


def test_each_option_narrows_it(senddesk: Senddesk) -> None:
    deeds(senddesk)
    for words, verbs in (
        (("--by", "@me"), ["escalate", "set"]),
        (("--by", "jo", "--verb", "take"), ["take"]),
        (("--verb", "assign"), ["assign"]),
        (("S-103",), ["escalate"]),
        (("--since", "1h"), ["undo", "assign", "take", "escalate", "set"]),
        (("--until", "yesterday"), []),
        (("--limit", "2"), ["undo", "assign"]),
    ):
        lines = senddesk("log", *words, "--format", "jsonl").out.splitlines()
        assert (words, [json.loads(line)["verb"] for line in lines]) == (words, verbs)


def test_csv_has_the_same_fields_and_no_formula(senddesk: Senddesk) -> None:
    deeds(senddesk)
    rows = list(csv.DictReader(io.StringIO(senddesk("log", "--format", "csv").out, newline="")))
    assert tuple(rows[0]) == FIELDS
    assert (rows[1]["undone"], rows[0]["undone"], rows[0]["from"]) == ("yes", "no", "")
    assert rows[-1]["note"] == "'=1+1 seen in the depot"


def test_the_table_is_for_reading(senddesk: Senddesk) -> None:
    deeds(senddesk)
    told = senddesk("log")
    lines = told.out.splitlines()
    assert lines[0].split() == ["When", "Agent", "Send", "What", "Further", "Note", "Recipient"]
    assert "gave it to raj (taken back)" in lines[2]
    assert "ticket T-7, follow-up Wed 03 Jun 12:00" in lines[4]
    assert "set Fulfilling" in lines[5]
    assert "from Order Received" in lines[5]
    assert told.err == ""


def test_a_table_of_many_says_that_there_are_more(senddesk: Senddesk) -> None:
    for number in range(34):
        assert senddesk("note", "S-101", "S-102", "S-103", f"note {number}").code == 0
    told = senddesk("log")
    assert len(told.out.splitlines()) == 101
    assert told.err == "The newest 100; --limit shows more, --format csv everything.\n"
    assert senddesk("log", "--limit", "100").err == ""


def test_nothing_is_said_in_a_sentence(senddesk: Senddesk) -> None:
    assert senddesk("log").err == "Nothing was done yet that fits.\n"
    assert senddesk("log", "--format", "json").out == "[]\n"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--since", "soon"), 2, "“soon” cannot be used after “since”: write 2h, 7d"),
        (("--verb", "delete"), 2, "delete"),
        (("S-999",), 1, "No send answers to “S-999”."),
    ],
)
def test_what_cannot_be_meant_is_refused(
    senddesk: Senddesk, words: tuple[str, ...], code: int, said: str
) -> None:
    refused = senddesk("log", *words)
    assert (refused.code, refused.out) == (code, "")
    assert said in refused.err

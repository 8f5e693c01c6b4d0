"""`--at TIME`: what is listed, shown and written is as it was then."""

import json
from pathlib import Path

import pytest

from tests.support.command_line import Senddesk, sends_file

LATER = ("--now", "2026-06-01T15:00:00Z")


def test_list_and_show_are_as_they_were(anywhere: Senddesk) -> None:
    then = ("--format", "json", "--now", "2026-06-01T13:00:00Z")
    listed, shown = anywhere("list", *then).json, anywhere("show", "S-101", *then).json
    done = anywhere(
        "set", "S-101", "fulfilling", "--reason", "seen", "--now", "2026-06-01T14:00:00Z"
    )
    assert done.code == 0, done.err
    at = ("--at", "13:00", *LATER)

    past = anywhere("list", "--format", "json", *at)
    assert (past.code, past.json) == (0, listed)
    assert past.err == "This is the desk as it was Mon 01 Jun 13:00, UTC.\n"
    assert anywhere("list", "status:fulfilling", "--format", "json", *at).json == []
    assert anywhere("show", "S-101", "--format", "json", *at).json == shown
    assert "fulfilling" in anywhere("show", "S-101", "--format", "json", *LATER).out
    assert "Order Received" in anywhere("show", "S-101", *at).out
    report = anywhere("report", "--format", "csv", *at)
    assert "Fulfilling" not in report.out
    assert "Order Received" in report.out


def test_a_file_has_what_was_recorded_then(anywhere: Senddesk, tmp_path: Path) -> None:
    then = anywhere("export", "-o", "-", "--now", "2026-06-01T13:00:00Z").out
    done = anywhere("take", "S-101", "S-103", "--now", "2026-06-01T14:00:00Z")
    assert done.code == 0, done.err
    file = tmp_path / "then.csv"

    past = anywhere("export", "-o", file, "--at", "13:00", *LATER)
    assert past.code == 0
    assert past.err == (f"This is the desk as it was Mon 01 Jun 13:00, UTC.\n3 sends in {file}.\n")
    assert file.read_text("utf-8").splitlines() == then.splitlines()
    assert anywhere("export", "-o", "-", "--at", "13:00", *LATER).out == then
    assert anywhere("export", "-o", "-", *LATER).out != then


def test_the_log_ends_at_that_moment(anywhere: Senddesk) -> None:
    assert anywhere("take", "S-101", "--now", "2026-06-01T13:00:00Z").code == 0
    then = anywhere("log", "--format", "json", "--now", "2026-06-01T13:30:00Z").json
    assert anywhere("undo", "--now", "2026-06-01T14:00:00Z").code == 0

    past = anywhere("log", "--format", "json", "--at", "13:30", *LATER)
    assert (past.code, past.json) == (0, then)
    assert [each["undone"] for each in then] == [False]
    assert len(anywhere("log", "--format", "json", *LATER).json) == 2


def test_credits_stand_as_they_stood(anywhere: Senddesk, tmp_path: Path) -> None:
    sent = {"status": "Sent", "occurred_at": "2026-03-01T08:00:00Z"}
    back = {"status": "Refunded", "occurred_at": "2026-06-01T13:50:00Z"}
    for name, hour, updates in (("sent", 12, [sent]), ("back", 14, [sent, back])):
        gift = {
            "id": 301, "type": "eGifts USA", "currency": "USD", "current_total_cost": "25.00",
            "created_at": "2026-03-01T08:00:00Z", "recipient": {"name": "Teodor Lang"},
            "status": updates[-1]["status"], "status_updates": updates,
        }  # fmt: skip
        file = sends_file(tmp_path, [gift], f"{name}.json")
        assert anywhere("import", file, "--now", f"2026-06-01T{hour}:00:00Z").code == 0
    at = ("--at", "13:00", *LATER)

    (past,) = anywhere("credits", "--format", "json", *at).json
    assert (past["send"], past["state"], past["amount"]) == ("S-301", "expected", "25.00")
    (today,) = anywhere("credits", "--format", "json", *LATER).json
    assert today["state"] == "confirmed"
    assert "confirmed" not in anywhere("credits", *at).out


def test_batches_are_as_far_as_they_were(anywhere: Senddesk, tmp_path: Path) -> None:
    for hour, status, made in ((12, "pending", 0), (14, "complete", 2)):
        batch = {
            "id": "b-1", "send_status": status, "from_name": "Max", "orders_count": made,
            "orders_preview": [], "recipients_count": 2, "recipients_preview": [],
            "batch_name": "Kits",
        }  # fmt: skip
        file = tmp_path / f"{status}.json"
        file.write_text(json.dumps({"data": [batch], "list_meta": {"total_count": 1}}), "utf-8")
        assert anywhere("import", file, "--now", f"2026-06-01T{hour}:00:00Z").code == 0

    (past,) = anywhere("batches", "--format", "json", "--at", "13:00", *LATER).json
    assert (past["send_status"], past["orders_count"]) == ("pending", 0)
    (today,) = anywhere("batches", "--format", "json", *LATER).json
    assert (today["send_status"], today["orders_count"]) == ("complete", 2)


@pytest.mark.parametrize(
    ("time", "code", "said"),
    [
        ("tomorrow", 2, "“tomorrow” is no moment to look at: "),
        ("2027-01-01", 2, "“2027-01-01” is no moment to look at: that moment is still to come."),
        (
            "2026-05-31",
            1,
            "The history of the desk begins on Mon 01 Jun 12:00: nothing is known of",
        ),
    ],
)
def test_a_moment_that_cannot_be_shown_is_refused_in_one_sentence(
    senddesk: Senddesk, time: str, code: int, said: str
) -> None:
    for command in (
        ("list",),
        ("show", "S-101"),
        ("report",),
        ("export", "-o", "-"),
        ("log",),
        ("credits",),
        ("batches",),
    ):
        refused = senddesk(*command, "--at", time)
        assert (refused.code, refused.out) == (code, "")
        assert refused.err.startswith(said)
        assert refused.err.count("\n") == 1

"""`senddesk credits`: what scripts read, what people read, and how it is narrowed."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import Senddesk, sends_file
from tui.commands.credits import FIELDS

ENDED = {
    "type": "eGifts USA", "currency": "USD", "current_total_cost": "25.00", "status": "Sent",
    "recipient": {"name": "Teodor Lang", "email": "teodor@fabrikant.example"},
}  # fmt: skip


def gift(number: int, sent: str, **fields: Any) -> dict[str, Any]:
    """Return an eGift that was sent on a day and is open for 90 days, as Sendoso's usual span is."""
    updates = [{"status": "Sent", "occurred_at": f"{sent}T08:00:00Z"}]
    return {
        **ENDED,
        "id": number,
        "created_at": f"{sent}T08:00:00Z",
        "status_updates": updates,
        **fields,
    }


@pytest.fixture
def owing(tmp_path: Path) -> Path:
    """An export with one credit that is overdue, one that is expected and one that was paid."""
    paid = {"status": "Refunded", "current_total_cost": "1200", "currency": "JPY"}
    told = [
        {"status": "Sent", "occurred_at": "2026-01-05T08:00:00Z"},
        {"status": "Refunded", "occurred_at": "2026-04-06T08:00:00Z"},
    ]
    return sends_file(
        tmp_path,
        [
            gift(201, "2026-02-01", funding_source="Marketing"),
            gift(202, "2026-03-01", funding_source="=Sales"),
            gift(203, "2026-01-05", **paid) | {"status_updates": told},
        ],
        "owing.json",
    )


def test_a_word_that_confirms_later_than_its_status_gives_the_moment(
    senddesk: Senddesk, tmp_path: Path
) -> None:
    bounced = {"status": "Bounced", "occurred_at": "2026-05-25T10:00:00Z"}
    credited = {"status": "Bounced and Credited", "occurred_at": "2026-05-26T10:00:00Z"}
    for name, updates in (("first", [bounced]), ("second", [bounced, credited])):
        send = gift(204, "2026-05-01") | {
            "status": updates[-1]["status"],
            "status_updates": updates,
        }
        assert senddesk("import", sends_file(tmp_path, [send], f"{name}.json")).code == 0

    assert senddesk("credits", "--format", "json").json[0]["at"] == "2026-05-26T10:00:00Z"
    shown = senddesk("show", "S-204").out
    assert "Refunded    25.00 USD · Tue 26 May 10:00" in shown
    assert "sendoso reports Bounced “Bounced and Credited”" in shown
    assert "25.00 USD Tue 26 May 10:00 UTC" in senddesk("packet", "S-204").out


def test_what_a_send_costs_later_changes_no_sentence_about_its_credit(
    senddesk: Senddesk, tmp_path: Path
) -> None:
    ended = gift(205, "2026-02-01", funding_source="Events")
    later = ended | {"current_total_cost": "99.99", "funding_source": "Marketing"}
    paid = later | {
        "status": "Refunded",
        "status_updates": [
            *ended["status_updates"],
            {"status": "Refunded", "occurred_at": "2026-05-20T10:00:00Z"},
        ],
    }
    for name, send, said in (
        ("first", ended, "25.00 USD should be credited to Events"),
        ("second", later, "25.00 USD should be credited to Events"),
        ("third", paid, "25.00 USD was credited to Events"),
    ):
        assert senddesk("import", sends_file(tmp_path, [send], f"{name}.json")).code == 0
        assert said in senddesk("show", "S-205").out
    shown = senddesk("show", "S-205").out
    assert "Refunded    25.00 USD" in shown
    assert "25.00 USD confirmed in Events" in shown


def test_a_cost_below_zero_is_no_credit(senddesk: Senddesk, tmp_path: Path) -> None:
    send = gift(206, "2026-02-01") | {"current_total_cost": "-3.00"}
    done = senddesk("import", sends_file(tmp_path, [send], "below.json"))
    assert "cost: left out, it is below zero" in done.err
    assert senddesk("credits", "--format", "json").json[0]["amount"] is None


@pytest.mark.parametrize("name", ["rule:egift_unopened", "RULE", "sendoso", " Goody "])
def test_nobody_signs_as_a_rule_or_a_platform(senddesk: Senddesk, name: str) -> None:
    done = senddesk("note", "S-101", "hello", "--agent", name)
    assert (done.code, done.out) == (1, "")
    assert "is how a platform or a rule signs: work under your own name" in done.err


def test_json_is_an_array_under_keys_that_stay(anywhere: Senddesk, owing: Path) -> None:
    assert anywhere("credits", "--format", "json").json == []
    done = anywhere("import", owing)
    assert done.code == 0
    assert "owing.json: time had passed for 2 sends; `senddesk log --by rule`" in done.err
    assert "time had passed" not in anywhere("import", owing).err
    found = anywhere("credits", "--format", "json").json

    assert [tuple(each) for each in found] == [FIELDS] * 3
    assert found[0] == {
        "send": "S-201", "provider": "sendoso", "external_id": "201",
        "funding_source": "Marketing", "amount": "25.00", "currency": "USD", "state": "overdue",
        "rule": "egift_unopened", "at": "2026-05-02T08:00:00Z",
    }  # fmt: skip
    assert [(each["state"], each["amount"], each["rule"]) for each in found[1:]] == [
        ("expected", "25.00", "egift_unopened"), ("confirmed", "1200", None),
    ]  # fmt: skip
    costs = {each["id"]: each["cost"] for each in anywhere("list", "--format", "json").json}
    assert [each["amount"] for each in found] == [costs[each["send"]] for each in found]


@pytest.mark.parametrize(
    ("words", "sends"),
    [
        (("--funding", "marketing"), ["S-201"]),
        (("--funding", "none"), ["S-203"]),
        (("--funding", "Nobody's"), []),
        (("--state", "expected"), ["S-202"]),
        (("--limit", "2"), ["S-201", "S-202"]),
    ],
)
def test_each_option_narrows_it(
    senddesk: Senddesk, owing: Path, words: tuple[str, ...], sends: list[str]
) -> None:
    senddesk("import", owing)
    found = senddesk("credits", *words, "--format", "json").json
    assert [each["send"] for each in found] == sends


def test_csv_has_the_same_fields_and_no_formula(senddesk: Senddesk, owing: Path) -> None:
    senddesk("import", owing)
    rows = list(csv.DictReader(io.StringIO(senddesk("credits", "--format", "csv").out, newline="")))
    assert tuple(rows[0]) == FIELDS
    assert (rows[1]["funding_source"], rows[2]["rule"]) == ("'=Sales", "")


def test_the_table_has_the_sums_first(senddesk: Senddesk, owing: Path) -> None:
    told = senddesk("credits")
    assert (told.code, told.out, told.err) == (0, "", "There are no credits.\n")
    senddesk("import", owing)
    told = senddesk("credits")
    sums, _, rows = told.out.partition("\n\n")
    assert "Overdue" in sums.splitlines()[0]
    assert "(not named)" in sums
    assert "1,200 JPY (1)" in sums
    assert rows.splitlines()[0].split() == [
        "Send", "State", "Amount", "Since", "Funding", "source", "Recipient", "Rule",
    ]  # fmt: skip
    assert rows.splitlines()[1].startswith("S-201")
    assert "fits" in senddesk("credits", "--funding", "Nobody's").err


def test_show_tells_of_the_credit(senddesk: Senddesk, owing: Path) -> None:
    senddesk("import", owing)
    assert "25.00 USD expected in Marketing since Sat 02 May 08:00" in senddesk("show", "S-201").out
    (entry,) = senddesk("show", "S-201", "--format", "json").json["credits"]
    assert (entry["state"], entry["amount"]) == ("expected", "25.00")
    assert [
        each["id"] for each in senddesk("list", "is:credit-overdue", "--format", "json").json
    ] == ["S-201"]


def test_verify_counts_what_it_has_proved(senddesk: Senddesk, owing: Path) -> None:
    senddesk("import", owing)
    assert "3 credits" in senddesk("db", "verify").out

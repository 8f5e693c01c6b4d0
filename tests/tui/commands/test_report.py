"""`senddesk report`: every format, a file, bad input, and what no format lets through."""

import csv
import io
import re
from pathlib import Path

import pytest

from models.database import open_database
from tests.support.command_line import NOW, Senddesk, sends_file
from tests.support.desk_cases import parcel, take_into
from tests.support.sample_cases import HOSTILE
from tui.commands.setup import moment

SECTIONS = ["stuck", "breaches", "lengths", "answers", "handled", "credits"]


def handled(senddesk: Senddesk) -> None:
    """Have two agents do something."""
    for words in (
        ("note", "S-103", "the carrier has it", "--agent", "jo"),
        ("take", "S-103"),
        ("set", "S-101", "shipped", "--reason", "seen"),
    ):
        done = senddesk(*words)
        assert done.code == 0, done.err


def test_json_has_each_section_with_its_figures_and_tables(anywhere: Senddesk) -> None:
    handled(anywhere)
    found = anywhere("report", "--format", "json").json

    assert [each["key"] for each in found["sections"]] == SECTIONS
    assert (found["since"], found["until"], found["days"]) == ("2026-05-03", "2026-06-01", 30)
    stuck, breaches, lengths, answers, work, _ = found["sections"]
    assert stuck["figures"]["stuck"] == {"value": 1, "before": 0}
    assert stuck["tables"]["by_owner"][0]["owner"] == "ana"
    # The order was received on the 12th and its limit is seven days; nobody asks twice.
    assert breaches["figures"]["breaches"] == {"value": 2, "before": 0}
    by_day = {each["label"]: each["value"] for each in breaches["charts"]["by_day"]}
    assert (by_day["2026-05-19"], by_day["2026-05-29"], len(by_day)) == (1, 1, 30)
    assert breaches["figures"]["a_day"] == {"value": 0.1, "before": 0.0}
    received = next(
        row for row in lengths["tables"]["by_status"] if row["status"] == "Order Received"
    )
    assert received["stays"] == 1
    assert received["limit"] == "7 days"
    assert received["median"] == pytest.approx(20.17 * 86_400, rel=0.05)
    assert answers["figures"]["resolved"]["value"] == 1
    assert answers["figures"]["unanswered"]["value"] == 0
    by_agent = {row["agent"]: row for row in work["tables"]["by_agent"]}
    assert (by_agent["ana"]["sends"], by_agent["ana"]["set"], by_agent["jo"]["note"]) == (2, 1, 1)


def test_the_days_are_told_in_a_sentence(senddesk: Senddesk) -> None:
    for since, told in (
        ("today", "2026-06-01, a day in UTC that is not over; before: 2026-05-31."),
        (
            "2d",
            "2026-05-31 to 2026-06-01, 2 days in UTC of which the last is not over; "
            "before: the 2 days from 2026-05-29.",
        ),
    ):
        assert told in " ".join(senddesk("report", "--since", since).out.split())


def test_every_format_says_the_same(senddesk: Senddesk) -> None:
    handled(senddesk)
    as_json = senddesk("report", "--format", "json").json
    rows = list(csv.DictReader(io.StringIO(senddesk("report", "--format", "csv").out)))
    figures = {
        (row["section"], row["item"], row["column"]): row["value"]
        for row in rows
        if row["table"] == "figures"
    }
    for section in as_json["sections"]:
        for key, told in section["figures"].items():
            for column, value in told.items():
                assert figures[section["key"], key, column] == ("" if value is None else str(value))

    for form, sign in (("text", "{}"), ("md", "## {}"), ("html", "<h2>{}</h2>")):
        page = senddesk("report", "--format", form).out
        places = [page.index(sign.format(each["title"])) for each in as_json["sections"]]
        assert places == sorted(places)
        assert "Undeliverable" in page


def test_html_is_one_file_that_loads_and_runs_nothing(senddesk: Senddesk, tmp_path: Path) -> None:
    take_into(
        open_database(tmp_path / "sends.db"),
        [parcel(9, campaign=f"<script>alert(1)</script>{HOSTILE}", currency="USD")],
        moment(NOW),
    )
    page = tmp_path / "r.html"
    assert senddesk("report", "-o", page).err == f"The report is in {page}.\n"
    text = page.read_text(encoding="utf-8")

    assert page.stat().st_mode & 0o777 == 0o600
    assert text.startswith("<!DOCTYPE html>")
    assert "&lt;script&gt;alert(1)" in text
    assert "<svg" in text
    assert not re.search(r"<script|<link|<img|<iframe|@import|url\(|https?:|\son\w+=", text)
    assert "\x1b" not in text
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text


def test_no_format_lets_hostile_text_through(senddesk: Senddesk, tmp_path: Path) -> None:
    database = open_database(tmp_path / "sends.db")
    take_into(database, [parcel(9, campaign=f"=1+1|{HOSTILE}")], moment(NOW))
    database.close()
    for form in ("text", "md", "csv", "json", "html"):
        out = senddesk("report", "--format", form).out
        assert not re.search(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e]", out)
    assert "\\|" in senddesk("report", "--format", "md").out


def test_ascii_is_ascii_and_needs_no_colour(senddesk: Senddesk) -> None:
    handled(senddesk)
    for words in (("--since", "7d"), ("--since", "365d"), ("--shift",)):
        out = senddesk("report", "--ascii", *words).out
        assert out.isascii()
        assert "\x1b" not in out
    assert "####" in senddesk("report", "--ascii").out


def test_a_shift_is_my_own_day(senddesk: Senddesk) -> None:
    assert "Nothing done yet today." in senddesk("report", "--shift").out
    handled(senddesk)
    out = senddesk("report", "--shift").out
    assert "2 sends handled with 2 actions: set 1, take/assign 1" in out
    # Jo was first at the other send.
    assert "First response to 1 send past the limit" in out
    assert "In triage now: 1 send, 1 mine" in out
    assert re.search(r"By hour 12:00 \S 12:59", out)


def test_it_is_as_it_was(anywhere: Senddesk) -> None:
    before = anywhere("report", "--format", "json", "--now", "2026-06-01T13:00:00Z").json
    done = anywhere(
        "set", "S-103", "shipped", "--reason", "seen", "--force", "--now", "2026-06-01T14:00:00Z"
    )
    assert done.code == 0, done.err
    later = ("report", "--format", "json", "--now", "2026-06-01T15:00:00Z")

    past = anywhere(*later, "--at", "13:00").json

    assert past["sections"][0] == before["sections"][0]
    assert past["sections"][4]["figures"]["deeds"]["value"] == 0
    assert anywhere(*later).json["sections"][0] != before["sections"][0]


def unopened(number: int, sent: str, funding: str) -> dict[str, object]:
    """Return an eGift that nobody opened; its offer lasts 90 days."""
    return {
        "id": number, "type": "eGifts USA", "currency": "USD", "current_total_cost": "25.00",
        "status": "Sent", "created_at": f"{sent}T08:00:00Z", "funding_source": funding,
        "status_updates": [{"status": "Sent", "occurred_at": f"{sent}T08:00:00Z"}],
    }  # fmt: skip


def test_credits_that_are_open_are_told_by_funding_source(
    anywhere: Senddesk, tmp_path: Path
) -> None:
    paid = unopened(203, "2026-01-05", "Sales")
    paid["status"] = "Refunded"
    paid["status_updates"] = [{"status": "Refunded", "occurred_at": "2026-04-06T08:00:00Z"}]
    sends = [
        unopened(201, "2026-02-01", "Marketing"),
        unopened(202, "2026-03-01", "Marketing"),
        paid,
    ]
    assert anywhere("import", sends_file(tmp_path, sends, "owing.json")).code == 0

    sections = anywhere("report", "--format", "json").json["sections"]
    stuck, found = sections[0], sections[-1]

    assert stuck["figures"]["credit_overdue"] == {"value": 1, "before": 0}
    in_list = anywhere("list", "urgency:over,now", "--format", "json").json
    assert stuck["figures"]["stuck"]["value"] == len(in_list)
    # One offer ended on the 2nd of May, before the span, and one on the 30th.
    assert found["figures"]["open"] == {"value": 2, "before": 1}
    assert found["figures"]["overdue"] == {"value": 1, "before": 0}
    assert found["figures"]["confirmed"] == {"value": 0, "before": 1}
    (row,) = found["tables"]["by_funding"]
    assert (row["funding_source"], row["currency"], row["open"]) == ("Marketing", "USD", 2)
    assert (row["amount"], row["amount_overdue"]) == ("50.00", "25.00")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("--since", "soon"),
            "A report cannot begin at “soon”: write 30d, 2w, today or 2026-01-31.",
        ),
        (("--since", "2027-01-01"), "A report cannot begin at “2027-01-01”"),
        (("--since", "9999d"), "A report goes back ten years at most."),
        (("--since", "0001-01-01"), "A report"),
        (("--since", "month"), "A report cannot begin at “month”"),
        (("--shift", "--format", "csv"), "--shift is text"),
        (("--shift", "--since", "3d"), "--shift is your own day: leave --since out"),
        (("-o", "friday.pdf"), "no report is a .pdf file: name it .txt, .md, .json, .csv, .html"),
        (("-o", "friday.docx\x1b[2J"), "or give --format"),
    ],
)
def test_bad_input_gets_one_sentence(senddesk: Senddesk, words: tuple[str, ...], said: str) -> None:
    done = senddesk("report", *words)
    assert done.code == 2
    assert said in done.err
    assert done.out == ""


@pytest.mark.parametrize(
    ("name", "begin"),
    [
        ("r.htm", "<!DOCTYPE html>"),
        ("R.HTML", "<!DOCTYPE html>"),
        ("r.markdown", "# Send Desk report"),
        ("r.txt", "Send Desk report"),
        ("friday", "Send Desk report"),
    ],
)
def test_the_name_of_a_file_decides(
    senddesk: Senddesk, tmp_path: Path, name: str, begin: str
) -> None:
    assert senddesk("report", "-o", tmp_path / name).code == 0
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(begin)


def test_format_decides_over_the_name(senddesk: Senddesk, tmp_path: Path) -> None:
    assert senddesk("report", "-o", tmp_path / "r.tmp", "--format", "csv").code == 0
    assert (tmp_path / "r.tmp").read_text(encoding="utf-8").startswith("section,")


def test_a_file_is_not_replaced_unasked(senddesk: Senddesk, tmp_path: Path) -> None:
    page = tmp_path / "r.md"
    page.write_text("mine", encoding="utf-8")
    assert senddesk("report", "-o", page).code == 1
    assert page.read_text(encoding="utf-8") == "mine"
    assert senddesk("report", "-o", page, "--overwrite").code == 0
    assert page.read_text(encoding="utf-8").startswith("# Send Desk report")


@pytest.mark.parametrize(
    ("since", "first", "days"),
    [("today", "2026-06-01", 1), ("2w", "2026-05-19", 14), ("2026-05-30", "2026-05-30", 3), ("6h", "2026-06-01", 1), ("sat 17:00", "2026-05-30", 3), ("2026-05-30 08", "2026-05-30", 3)],
)  # fmt: skip
def test_a_span_is_whole_days(senddesk: Senddesk, since: str, first: str, days: int) -> None:
    found = senddesk("report", "--since", since, "--format", "json").json
    assert (found["since"], found["days"]) == (first, days)


def test_an_empty_desk_has_a_report(senddesk: Senddesk, empty_file: Path) -> None:
    for form in ("text", "md", "csv", "json", "html"):
        done = senddesk("report", "--database", empty_file, "--format", form)
        assert (done.code, done.err) == (0, "")
    found = senddesk("report", "--database", empty_file, "--format", "json").json
    assert [each["key"] for each in found["sections"]] == SECTIONS

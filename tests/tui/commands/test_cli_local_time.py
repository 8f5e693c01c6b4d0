"""Commands tell times, and read days, in the agent's time zone; JSON and CSV are in UTC."""

from collections.abc import Callable
from pathlib import Path
from time import tzset

import pytest

from tests.support.command_line import Senddesk, shown

In = Callable[[str], Senddesk]


@pytest.fixture
def in_zone(senddesk: Senddesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> In:
    """The desk of an agent whose settings name a time zone."""
    path = tmp_path / "config.toml"
    monkeypatch.setenv("SENDDESK_CONFIG", str(path))

    def desk(zone: str) -> Senddesk:
        path.write_text(f'timezone = "{zone}"\n')
        return senddesk

    return desk


def test_a_case_says_its_zone_once(in_zone: In) -> None:
    text = in_zone("America/New_York")("show", "S-101").out
    assert "since Tue 12 May 04:00" in text
    assert "Times in    America/New_York" in text
    assert text.count("New_York") == 1
    assert "UTC" not in text


def test_texts_that_leave_the_desk_have_the_offset_at_each_time(in_zone: In) -> None:
    text = in_zone("Australia/Sydney")("packet", "S-101").out
    assert "Status:          Order Received since Tue 12 May 18:00 UTC+10 (20 days)" in text
    assert "Sun 10 May 18:00 UTC+10  Confirming Address\n" in text


def test_a_table_is_local_and_data_is_utc(in_zone: In) -> None:
    desk = in_zone("Asia/Kolkata")
    table = desk("list", "S-101", "--columns", "id,since,expires_at")
    assert "Tue 12 May 13:30" in table.out
    assert table.err == "Times are those of Asia/Kolkata.\n"
    assert desk("list", "S-101", "--columns", "id").err == ""
    for form in ("json", "jsonl", "csv"):
        said = desk("list", "S-101", "--columns", "since", "--format", form)
        assert "2026-05-12T08:00:00Z" in said.out
        assert said.err == ""


@pytest.mark.parametrize(
    ("zone", "until", "said", "stored"),
    [
        ("UTC", "tomorrow", "Tue 02 Jun 09:00 UTC", "2026-06-02T09:00:00Z"),
        ("America/Los_Angeles", "tomorrow", "Tue 02 Jun 09:00 UTC-7", "2026-06-02T16:00:00Z"),
        ("Pacific/Auckland", "tomorrow", "Wed 03 Jun 09:00 UTC+12", "2026-06-02T21:00:00Z"),
        ("Europe/Berlin", "2026-12-24", "Thu 24 Dec 09:00 UTC+1", "2026-12-24T08:00:00Z"),
        ("Europe/Berlin", "4h", "Mon 01 Jun 18:00 UTC+2", "2026-06-01T16:00:00Z"),
    ],
)
def test_nine_is_the_agents_nine(
    in_zone: In, zone: str, until: str, said: str, stored: str
) -> None:
    desk = in_zone(zone)
    assert desk("snooze", "S-101", "--until", until).out == f"S-101: snoozed until {said}\n"
    assert shown(desk, "S-101")["snoozed_until"] == stored


def test_days_of_a_filter_are_those_of_the_agent(in_zone: In) -> None:
    # S-102 was opened on Sunday 31 May at 08:00 UTC; it is Monday noon.
    def refs(zone: str, query: str) -> set[str]:
        return {send["id"] for send in in_zone(zone)("list", query, "--format", "json").json}

    assert refs("UTC", "since:2026-05-31") == {"S-102"}
    assert refs("Pacific/Honolulu", "since:2026-05-31") == set()
    assert refs("Pacific/Honolulu", "since:2026-05-30") == {"S-102"}
    assert "S-101" in refs("Pacific/Auckland", "since:2026-05-12..2026-05-12")
    in_zone("Pacific/Kiritimati")("note", "S-103", "called them")
    assert refs("Pacific/Kiritimati", "note:called changed:2026-06-02") == {"S-103"}
    assert refs("UTC", "note:called changed:2026-06-02") == set()
    assert refs("UTC", "note:called changed:today") == {"S-103"}


def test_without_a_setting_the_zone_is_the_systems(
    senddesk: Senddesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    tzset()
    text = senddesk("show", "S-101").out
    monkeypatch.undo()
    tzset()
    assert "since Tue 12 May 17:00" in text
    assert "Times in    Asia/Tokyo" in text


def test_an_import_reads_times_without_a_zone_as_the_agents(in_zone: In, tmp_path: Path) -> None:
    path = tmp_path / "local.csv"
    path.write_text("Send ID,Status,Status Date,Status Time\n901,Paused,2026-01-20,16:30\n")
    result = in_zone("Asia/Tokyo")("import", path)
    assert result.err == "local.csv: times without a zone were read as those of Asia/Tokyo\n"
    assert shown(in_zone("UTC"), "S-901")["since"] == "2026-01-20T07:30:00Z"

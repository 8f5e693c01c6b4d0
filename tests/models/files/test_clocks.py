"""Date and time of day in two columns are one moment. Case 17 and its kind."""

import pytest

from models.files.columns import Header
from models.values.dates import parse_time


@pytest.mark.parametrize(
    ("day_name", "clock_name", "day", "clock", "moment"),
    [
        ("Status Date", "Status Time", "2026-11-26", "16:30", "2026-11-26T16:30"),
        ("Updated Date", "Updated Time", "26 Nov 2026", "4:30 PM", "2026-11-26T16:30"),
        ("Date Updated", "Time Updated", "11/26/2026", "3:15 p.m.", "2026-11-26T15:15"),
        ("Last Updated", "Last Updated Time", "2026-11-26", "9:05:07", "2026-11-26T09:05:07"),
        ("Updated At", "Updated Time", "2026-11-26", "3pm", "2026-11-26T15:00"),
        ("statusDate", "statusTime", "2026-11-26", "16:30", "2026-11-26T16:30"),
        ("Status Date", "Status Time (UTC)", "2026-11-26", "16:30", "2026-11-26T16:30"),
        ("Status Date", "Status Time (+01:00)", "2026-11-26", "16:30", "2026-11-26T15:30"),
        ("Status Date (+01:00)", "Status Time", "2026-11-26", "16:30", "2026-11-26T15:30"),
        ("Status Date", "Status Time", "2026-11-26", "16:30+01:00", "2026-11-26T15:30"),
        # What spreadsheets and data frames make of a date alone and of a time alone.
        ("Status Date", "Status Time", "2026-11-26 00:00:00", "16:30:00", "2026-11-26T16:30"),
        ("Status Date", "Status Time", "2026-11-26", "1899-12-30 16:30:00", "2026-11-26T16:30"),
        ("Status Date", "Status Time", "46352", "0.6875", "2026-11-26T16:30"),
        ("Status Date", "Status Time", "2026-11-26T00:00:00Z", "16:30", "2026-11-26T16:30"),
        ("Status Date", "Status Time", "2026-11-26 00:00:00+01:00", "16:30", "2026-11-26T15:30"),
        ("Status Date", "Status Time", "2026-11-26T00:00:00.000Z", "4:30 PM", "2026-11-26T16:30"),
        ("Status Date", "Status Time", "2026-11-26T00:00:00Z", "16:30+01:00", "2026-11-26T15:30"),
        # A date with a time needs none, and a time without a date is not a moment.
        ("Status Date", "Status Time", "2026-11-26 12:00", "16:30", "2026-11-26T12:00"),
        ("Status Date", "Status Time", "2026-11-26", "", "2026-11-26T00:00"),
        ("Status Date", "Status Time", "2026-11-26", "n/a", "2026-11-26T00:00"),
    ],
)
def test_17_date_and_time_are_one_moment(
    day_name: str, clock_name: str, day: str, clock: str, moment: str
) -> None:
    header = Header(["Send ID", "Status", day_name, clock_name])
    row = header.row(["1", "Paused", day, clock])
    assert parse_time(row["updated_at"]) == parse_time(moment)
    assert header.unread == ()


@pytest.mark.parametrize(
    ("day_name", "clock_name", "column"),
    [
        ("Created Date", "Created Time", "created_at"),
        ("Date", "Time", "created_at"),
        ("Ship Date", "Ship Time", "shipped_at"),
        ("Delivered On", "Delivered Time", "delivered_at"),
        ("Expiry Date", "Expiry Time", "expires_at"),
    ],
)
def test_17_kind_every_date_may_have_its_time(day_name: str, clock_name: str, column: str) -> None:
    row = Header(["Send ID", "Status", day_name, clock_name]).row(["1", "x", "2026-11-26", "16:30"])
    assert row[column] == "2026-11-26 16:30"


def test_17_kind_a_time_that_cannot_be_read_is_not_dropped_in_silence() -> None:
    header = Header(["Send ID", "Status", "Status Date", "Status Time"])
    row = header.row(["1", "Paused", "2026-11-26", "noonish"])
    with pytest.raises(ValueError, match="not a date"):
        parse_time(row["updated_at"])


def test_17_kind_the_time_of_another_date_is_left_alone() -> None:
    header = Header(["Send ID", "Status", "Updated At", "Pickup Time"])
    row = header.row(["1", "Paused", "2026-11-26", "16:30"])
    assert row["updated_at"] == "2026-11-26"
    assert header.unread == ("Pickup Time",)


@pytest.mark.parametrize("text", ["2026-03-29 02:30", "2026-10-25 02:30"])
def test_17_kind_a_time_in_a_change_of_clocks_is_not_taken_for_another(text: str) -> None:
    row = Header(["Send ID", "Status", "Updated At (Europe/Berlin)"]).row(["1", "Paused", text])
    with pytest.raises(ValueError, match=r"Europe/Berlin\)” is not a date"):
        parse_time(row["updated_at"])

"""`senddesk thresholds hours`, `holidays` and `log`."""

from tests.support.command_line import Senddesk, shown


def test_hours_are_shown_and_set(anywhere: Senddesk) -> None:
    assert anywhere("thresholds", "hours").out == "Mon to Fri around the clock, UTC\n"
    anywhere("thresholds", "set", "sendoso:order_received", "2bd")
    result = anywhere("thresholds", "hours", "9-17:30", "--zone", "America/New_York")
    assert (result.code, result.out) == (
        0,
        "09:00 to 17:30, Mon to Fri, America/New_York; 1 send moved\n",
    )
    # It was received on Tuesday at 08:00 UTC, at night in New York: two days from 09:00 there.
    assert shown(anywhere, "S-101")["due_at"] == "2026-05-14T13:00:00Z"
    assert anywhere("thresholds", "hours", "--days", "tue-sat").code == 0
    assert anywhere("thresholds", "hours", "--format", "json").json == {
        "opens": "09:00",
        "closes": "17:30",
        "days": "tue,wed,thu,fri,sat",
        "zone": "America/New_York",
    }
    again = anywhere("thresholds", "hours", "default")
    assert again.out == "Mon to Fri around the clock, UTC; 1 send moved\n"


def test_wrong_hours_are_a_sentence(senddesk: Senddesk) -> None:
    for words, said in {
        ("17-9",): "closes later than it opens",
        ("9-17", "--days", "monkey"): "are not days of the week",
        ("9-17", "--zone", "Mars/Phobos"): "is not a time zone",
        ("default", "--zone", "UTC"): "takes neither",
    }.items():
        result = senddesk("thresholds", "hours", *words)
        assert result.code == 2
        assert said in result.err


def test_holidays_are_chosen_listed_added_and_removed(anywhere: Senddesk) -> None:
    assert "There are no holidays" in anywhere("thresholds", "holidays").err
    chosen = anywhere("thresholds", "holidays", "de-by")
    assert chosen.out == "DE-BY: 144 holidays from 2025 to 2036; 0 sends moved\n"
    added = anywhere("thresholds", "holidays", "add", "2026-12-24", "Christmas Eve")
    assert added.out == "2026-12-24 is not a business day; 0 sends moved\n"
    listed = anywhere("thresholds", "holidays", "list", "--year", "2026")
    assert "Thu 04 Jun 2026  Corpus Christi" in listed.out
    assert "Thu 24 Dec 2026  Christmas Eve" in listed.out
    assert "carries them on" in listed.err
    assert "2027" not in listed.out
    days = anywhere("thresholds", "holidays", "list", "--format", "json").json
    assert {"day": "2026-12-24", "name": "Christmas Eve", "region": ""} in days
    assert anywhere("thresholds", "holidays", "remove", "2026-12-24").code == 0
    assert anywhere("thresholds", "holidays", "remove", "DE-BY").code == 0
    assert anywhere("thresholds", "holidays", "list", "--format", "json").json == []


def test_what_is_no_region_and_no_date_is_refused(senddesk: Senddesk) -> None:
    assert "is not a country" in senddesk("thresholds", "holidays", "XX").err
    wrong = senddesk("thresholds", "holidays", "add", "24.12.2026")
    assert (wrong.code, "write 2026-12-25" in wrong.err) == (2, True)
    missing = senddesk("thresholds", "holidays", "remove", "2026-12-24")
    assert (missing.code, "is none of the holidays" in missing.err) == (1, True)


def test_the_log_tells_who_changed_what(senddesk: Senddesk) -> None:
    senddesk("thresholds", "holidays", "DE")
    senddesk("thresholds", "hours", "9-17", "--zone", "Europe/Berlin")
    log = senddesk("thresholds", "log").out
    assert "Mon 01 Jun 12:00 UTC  ana  holidays" in log
    assert "09:00 to 17:00, Mon to Fri, Europe/Berlin" in log


def test_a_desk_that_is_only_read_keeps_its_hours(senddesk: Senddesk) -> None:
    assert senddesk("thresholds", "hours", "9-17", "--zone", "Europe/Berlin").code == 0
    assert senddesk("--read-only", "thresholds", "hours", "8-16").code == 1

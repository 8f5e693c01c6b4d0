"""The team's own thresholds and holidays, set by the command line."""

import pytest

from tests.support.command_line import Senddesk, shown


def test_a_limit_of_the_team_moves_its_sends(anywhere: Senddesk) -> None:
    assert anywhere("list", "is:over", "--format", "json").json[0]["id"] == "S-101"
    result = anywhere("thresholds", "set", "sendoso:Order Received", "90d")
    assert (result.code, result.out) == (
        0,
        "sendoso:order_received: 90 days; 1 send moved, 1 fewer past their limit\n",
    )
    assert anywhere("list", "is:over", "--format", "json").json == []
    assert shown(anywhere, "S-101")["due_at"] == "2026-08-10T08:00:00Z"
    own = [each for each in anywhere("thresholds", "--format", "json").json if each["own"]]
    assert [(each["status"], each["limit"]) for each in own] == [("sendoso:order_received", "90d")]
    assert anywhere("db", "verify").code == 0
    assert anywhere("thresholds", "set", "sendoso:order_received", "off").code == 0
    assert shown(anywhere, "S-101")["urgency"] == "none"
    assert anywhere("thresholds", "set", "sendoso:order_received", "default").code == 0
    assert shown(anywhere, "S-101")["due_at"] == "2026-05-19T08:00:00Z"
    assert "your team" not in anywhere("thresholds").out


def test_a_holiday_moves_limits_in_business_days(anywhere: Senddesk) -> None:
    anywhere("thresholds", "set", "sendoso:order_received", "20bd")
    before = shown(anywhere, "S-101")["due_at"]
    result = anywhere("thresholds", "holiday", "2026-05-25", "Memorial Day")
    assert (result.code, result.out) == (
        0,
        "2026-05-25 is not a business day; 1 send moved\n",
    )
    assert (before, shown(anywhere, "S-101")["due_at"]) == (
        "2026-06-09T08:00:00Z",
        "2026-06-10T08:00:00Z",
    )


@pytest.mark.parametrize("status", ["sendoso:nope", "sendoso:delivered", "sendoso:unmapped"])
def test_some_statuses_have_no_limit_to_set(senddesk: Senddesk, status: str) -> None:
    result = senddesk("thresholds", "set", status, "3d")
    assert (result.code, result.out) == (1, "")
    assert result.err


@pytest.mark.parametrize("limit", ["-5d", "-36h", "-16bh"])
def test_no_limit_is_below_zero(senddesk: Senddesk, limit: str) -> None:
    for words in (("set", "sendoso:shipped", limit), ("warn", limit)):
        result = senddesk("thresholds", *words)
        assert (result.code, result.out) == (2, "")
        assert f"“{limit}” is not a limit: write 7d, 3bd, 36h, 16bh, now or off" in result.err
    assert "Usage: " in senddesk("thresholds", "set", "-h").out


def test_a_dry_run_says_what_a_limit_would_change(senddesk: Senddesk) -> None:
    tried = senddesk("thresholds", "set", "sendoso:order_received", "90d", "--dry-run")
    assert (tried.code, tried.out) == (
        0,
        "sendoso:order_received: 90 days; 1 fewer past their limit\n",
    )
    assert tried.err == "It was a dry run: nothing is changed.\n"
    assert not any(each["own"] for each in senddesk("thresholds", "--format", "json").json)

    senddesk("thresholds", "set", "sendoso:order_received", "90d")
    back = senddesk("thresholds", "reset", "sendoso:order_received", "--dry-run")
    assert back.out == (
        "sendoso:order_received: 7 days, the catalogue's limit; 1 more past their limit\n"
    )
    assert senddesk("thresholds", "reset", "sendoso:order_received").code == 0
    assert not any(each["own"] for each in senddesk("thresholds", "--format", "json").json)


def test_limits_are_listed_with_the_sends_past_them(senddesk: Senddesk) -> None:
    rows = {each["status"]: each for each in senddesk("thresholds", "--format", "json").json}
    received = rows["sendoso:order_received"]
    assert (received["over"], received["default"], received["warning_hours"]) == (1, "7d", 48)
    assert rows["sendoso:undeliverable"]["over"] == 1
    senddesk("--agent", "raj", "thresholds", "set", "sendoso:order_received", "5d")
    assert "your team (raj)" in senddesk("thresholds").out


def test_when_to_warn(senddesk: Senddesk) -> None:
    def warning(status: str) -> object:
        rows = senddesk("thresholds", "--format", "json").json
        return next(each["warning_hours"] for each in rows if each["status"] == status)

    at = ("--now", "2026-05-16T08:00:00Z")
    assert senddesk(*at, "list", "is:soon", "--format", "json").json == []
    one = senddesk("thresholds", "warn", "sendoso:order_received", "4d")
    assert one.out == "sendoso:order_received: warned 4 days before the limit\n"
    found = senddesk(*at, "list", "is:soon", "--format", "json").json
    assert [(each["id"], each["urgency"]) for each in found] == [("S-101", "soon")]
    assert senddesk("thresholds", "warn", "24h").out == (
        "every other status: warned 24 hours before the limit\n"
    )
    assert (warning("sendoso:order_received"), warning("sendoso:shipped")) == (96, 24)
    assert senddesk("thresholds", "warn", "sendoso:order_received", "default").code == 0
    assert warning("sendoso:order_received") == 24
    for wrong in (("off",), ("soon",), ("a", "b", "c")):
        assert senddesk("thresholds", "warn", *wrong).code == 2
    assert senddesk("thresholds", "warn", "3bd").code == 1
    log = senddesk("thresholds", "log").out
    assert "warning sendoso:order_received" in log


def test_nobody_has_changed_anything_yet(senddesk: Senddesk) -> None:
    log = senddesk("thresholds", "log")
    assert (log.code, log.out, log.err) == (0, "", "Nobody has changed anything yet.\n")


def test_each_change_tells_how_it_is_put_back(senddesk: Senddesk) -> None:
    def way_back(*words: str) -> str:
        result = senddesk("thresholds", *words)
        assert result.code == 0
        return result.err.splitlines()[-1].split("`")[1].removeprefix("senddesk thresholds ")

    changes = (
        ("set", "sendoso:shipped", "9d"), ("set", "sendoso:shipped", "off"),
        ("reset", "sendoso:shipped"), ("holidays", "add", "2026-12-24", "Eve"),
        ("holidays", "remove", "2026-12-24"), ("hours", "9:00-17:30", "--days", "mon-thu"),
    )  # fmt: skip
    assert [way_back(*words) for words in changes] == [
        "set sendoso:shipped default", "set sendoso:shipped 9d", "set sendoso:shipped off",
        "holidays remove 2026-12-24", "holidays add 2026-12-24 Eve", "hours default",
    ]  # fmt: skip
    assert way_back("hours", "default") == "hours 09:00-17:30 --days mon,tue,wed,thu --zone UTC"
    assert way_back(*way_back("hours", "default").split()) == "hours default"


def test_a_limit_that_leaves_no_time_before_it_has_no_warning(senddesk: Senddesk) -> None:
    rows = senddesk("thresholds").out.splitlines()
    assert "2 days" in next(row for row in rows if row.startswith("sendoso:order_received"))
    assert "2 days" not in next(row for row in rows if row.startswith("sendoso:undeliverable"))

"""The team's own thresholds and holidays, set by the command line."""

import pytest

from tests.support.command_line import Senddesk, shown


def test_a_limit_of_the_team_moves_its_sends(anywhere: Senddesk) -> None:
    assert anywhere("list", "is:over", "--format", "json").json[0]["id"] == "S-101"
    result = anywhere("thresholds", "set", "sendoso:Order Received", "90d")
    assert (result.code, result.out) == (0, "sendoso:order_received: 90 days; 1 send moved\n")
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
        "2026-05-25 is no business day; 1 send moved\n",
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

"""`--at TIME`: `list` and `show` as they were then."""

import pytest

from tests.support.command_line import Senddesk

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
    for command in (("list",), ("show", "S-101"), ("report",)):
        refused = senddesk(*command, "--at", time)
        assert (refused.code, refused.out) == (code, "")
        assert refused.err.startswith(said)
        assert refused.err.count("\n") == 1

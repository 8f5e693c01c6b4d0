"""A round of triage: one send after the other, and the hand-over at its end."""

from pathlib import Path

import pytest

from tests.support.app_driver import colleague, desk_open
from tests.support.demo_sends import STUCK
from tui.dialogs.conflict import ConflictDialog
from tui.dialogs.handover import HandOverDialog


async def test_a_round_leads_from_send_to_send(
    demo_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 50000 10.0.0.2 22")
    async with desk_open(demo_copy) as d:
        order = [send.ref for send in d.desk.window(d.listing, 0, 8)]
        await d.press("t")
        assert "Triage 1 of 45" in d.text
        assert "end the round" in d.text
        assert "Due ↑" not in d.text
        assert d.case.send.ref == order[0] == STUCK

        await d.press("d")
        assert ("Triage 2 of 45" in d.text, d.case.send.ref) == (True, order[1])
        await d.press("a")
        assert ("Triage 3 of 45" in d.text, d.case.send.ref) == (True, order[2])
        await d.press("t")
        assert ("Triage 4 of 45" in d.text, d.case.send.ref) == (True, order[3])
        await d.press("z", "t")
        assert ("Triage 5 of 45" in d.text, d.case.send.ref) == (True, order[4])
        await d.press("e", "enter")
        await d.type("SUP-9")
        await d.press("enter")
        assert ("Triage 6 of 45" in d.text, d.case.send.ref) == (True, order[5])
        await d.press("c")
        await d.type("called the sender")
        await d.press("enter")
        assert ("Triage 7 of 45" in d.text, d.case.send.ref) == (True, order[6])
        await d.set_status("enter", reason="a guess")
        await d.press("u")
        assert "Triage" in d.text

        await d.press("escape")
        assert isinstance(d.top, HandOverDialog)
        told = "5 handled: 1 escalated, 1 snoozed, 1 done for now, 1 taken, 1 noted."
        assert told in d.text
        assert "42 sends still need an agent." in d.text
        await d.press("y")
        assert "Sent to the terminal's clipboard" in d.text
        assert f"{order[4]}  {d.desk.find(order[4]).recipient_name}  SUP-9" in d.app.clipboard
        await d.press("escape")
        assert d.at_desk
        assert "Due ↑" in d.text
        assert "of 45" not in d.text.splitlines()[0]


async def test_a_round_ends_behind_the_last_send(demo_copy: Path) -> None:
    async with desk_open(demo_copy, query="is:triage status:failed sort:due") as d:
        await d.press("1")
        await d.press("slash")
        await d.type("status:failed")
        await d.press("enter")
        failed = d.count
        await d.press("t")
        assert f"Triage 1 of {failed}" in d.text
        await d.press(*["d"] * (failed - 1))
        assert f"Triage {failed} of {failed}" in d.text
        await d.press("d")
        assert isinstance(d.top, HandOverDialog)
        assert f"{failed} handled: {failed} done for now." in d.text


async def test_a_round_begins_in_triage_wherever_one_is(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.press("0", "space", "t")
        assert (d.query, d.send_list.marked()) == ("is:triage sort:due", ())
        assert "Triage 1 of 45" in d.text
        await d.press("escape")
        assert d.at_desk
        assert not d.said


async def test_who_turns_to_another_view_ends_the_round(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.press("t", "d", "2")
        assert not d.in_triage
        assert d.said[-1] == "1 handled: 1 done for now."
        assert "Mine" in d.text.splitlines()[0]
        await d.press("d")
        assert d.at_desk


async def test_the_round_counts_what_others_do(demo_copy: Path) -> None:
    other = colleague(demo_copy)
    async with desk_open(demo_copy) as d:
        await d.press("t", "t", "t")
        assert "Triage 3 of 45" in d.text
        other.done(other.find(STUCK))
        await d.until(lambda: "Triage 2 of 44" in d.text)
    other.database.close()


async def test_where_nothing_needs_an_agent_no_round_begins(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.press("slash")
        await d.type("company:nobody-of-this-name")
        await d.press("enter", "t")
        assert d.said == ["Nothing here needs an agent."]
        assert not d.in_triage


async def test_a_round_goes_on_where_a_redo_at_its_end_is_followed_by_nothing(
    demo_copy: Path,
) -> None:
    other = colleague(demo_copy)
    async with desk_open(demo_copy) as d:
        await d.press("s", "slash")
        await d.type("undeliverable")
        await d.press("enter")
        await d.type("it came back")
        await d.press("enter", "y", "u", "slash")
        await d.type("id:104972")
        await d.press("enter", "t", "U")
        assert (d.count, d.in_triage, d.send.status) == (1, True, "undeliverable")

        await d.press("z")
        other.override(d.send, "failed", "the label is gone", force=True)
        await d.press("enter")
        assert isinstance(d.top, ConflictDialog)
        await d.press("t")

        assert d.at_desk
        assert d.in_triage
    other.database.close()

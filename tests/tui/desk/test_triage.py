"""A round of triage: one send after the other, and the hand-over at its end."""

from pathlib import Path

import pytest

from models.records import Snooze
from models.rules.views import VIEWS
from tests.support.app_driver import SIZES, colleague, desk_open
from tests.support.demo_sends import STUCK
from tests.support.slow_reads import CaseReading
from tui.dialogs.conflict import ConflictDialog
from tui.dialogs.escalate import EscalateDialog
from tui.dialogs.handover import HandOverDialog
from tui.dialogs.reply import ReplyDialog
from tui.dialogs.status import StatusDialog


async def test_a_round_leads_from_send_to_send(
    demo_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 50000 10.0.0.2 22")
    async with desk_open(demo_copy) as d:
        order = [send.ref for send in d.desk.window(d.listing, 0, 8)]
        await d.press("t")
        assert "Triage 1 of 45" in d.text
        assert "end the round" in d.text
        assert "2 Mine" not in d.text
        assert "Due ↑" not in d.text
        assert d.case.send.ref == order[0] == STUCK

        await d.press("d")
        assert ("Triage 2 of 45" in d.text, d.case.send.ref) == (True, order[1])
        await d.press("a")
        assert ("Triage 2 of 45" in d.text, d.case.send.ref) == (True, order[1])
        assert d.case.send.owner == "ana"
        await d.press("y")
        assert ("Triage 2 of 45" in d.text, d.case.send.ref) == (True, order[1])
        await d.press("t")
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
        assert ("Triage 6 of 45" in d.text, d.case.send.ref) == (True, order[5])
        await d.press("t")
        await d.set_status("enter", reason="a guess")
        assert ("Triage 8 of 45" in d.text, d.case.send.ref) == (True, order[7])
        await d.press("u")
        assert "Triage" in d.text

        await d.press("escape")
        assert isinstance(d.top, HandOverDialog)
        assert "5 handled: 1 escalated, 1 snoozed, 1 done for now, 1 taken, 1" in d.text
        await d.press("y")
        assert "Sent to the terminal's clipboard" in d.text
        lines = d.app.clipboard.splitlines()
        place = lines.index(f"{order[4]}  {d.desk.find(order[4]).recipient_name}")
        assert lines[place + 1] == "  escalated as SUP-9, follow-up Tue 24 Nov 09:41 UTC"
        assert "Left: 42 sends still need an agent, the longest overdue first." in lines
        left = [line.partition("  ")[0] for line in lines if " · " in line]
        now = d.desk.window(d.desk.listing(d.desk.parse(VIEWS[0].query)), 0, 100)
        assert left == [send.ref for send in now]
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
        await d.press("t", "d", "colon")
        await d.type("Mine")
        await d.press("enter")
        assert not d.in_triage
        assert d.said[-1] == "1 handled: 1 done for now."
        assert "Mine" in d.text.splitlines()[0]
        await d.press("d")
        assert d.at_desk


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_guidance_packet_and_history_are_in_sight_or_one_key_away(
    demo_copy: Path, size: tuple[int, int]
) -> None:
    parts = {
        "Guidance": "Means     The warehouse",
        "Packet": "Order number:    104972",
        "History": "◔ Confirming Address",
        "Summary": "Owner     nobody",
    }
    columns = SIZES.index(size) + 1
    async with desk_open(demo_copy, size) as d:
        await d.press("t")
        for turned in range(columns - 1, len(parts)):
            shown = [*list(parts)[: columns - 1], list(parts)[turned]]
            assert [name for name, words in parts.items() if words in d.text] == shown
            await d.press("right_square_bracket")
        assert parts["Guidance"] in d.text
        await d.press("left_square_bracket")
        assert parts["Summary"] in d.text
        await d.press("escape", "enter")
        assert "Summary · History · Guidance" in d.text


@pytest.mark.parametrize("size", SIZES[:2], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_usual_answers_are_shown_and_each_is_one_key(
    demo_copy: Path, size: tuple[int, int]
) -> None:
    async with desk_open(demo_copy, size) as d:
        order = [send.ref for send in d.desk.window(d.listing, 0, 8)]
        await d.press("t")
        for offered in ("1 escalate to Sendoso Support", "3 set Fulfilling", "6 done for now"):
            assert offered in d.text

        await d.press("1")
        assert isinstance(d.top, EscalateDialog)
        await d.press("escape", "2")
        assert isinstance(d.top, ReplyDialog)
        assert "write to the sender" in d.text
        await d.press("escape", "3")
        assert isinstance(d.top, StatusDialog)
        await d.type("Seen in the warehouse")
        await d.press("enter")
        assert d.desk.find(order[0]).status == "fulfilling"
        assert d.case.send.ref == order[1]

        await d.press("5")
        snoozed = d.desk.find(order[1])
        assert snoozed.snooze == Snooze.UNTIL_TIME
        assert f"{snoozed.snoozed_until:%a %H:%M}" == "Mon 09:00"
        assert d.case.send.ref == order[2]
        await d.press("6")
        assert d.desk.find(order[2]).snooze == Snooze.DONE
        assert d.said[-1].endswith("u undoes")
        await d.press("u")
        assert d.desk.find(order[2]).snooze == Snooze.NONE


async def test_a_digit_without_an_answer_leaves_everything_as_it_is(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        before = d.desk.find(STUCK)
        await d.press("t", "9")
        assert d.said[-1] == "There is no answer 9 here: Esc ends the round."
        await d.press("0")
        assert d.in_triage
        assert d.desk.find(STUCK) == before
        await d.press("escape", "2")
        assert d.query == VIEWS[1].query


async def test_an_answer_has_the_key_that_the_agent_gave_it(demo_copy: Path) -> None:
    async with desk_open(demo_copy, keys={"round.6": "X"}) as d:
        await d.press("t")
        assert "X done for now" in d.text
        await d.press("X")
        assert d.desk.find(STUCK).snooze == Snooze.DONE


async def test_an_answer_is_never_given_to_a_send_that_is_not_shown_yet(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        following = d.desk.window(d.listing, 1, 1)[0]
        await d.press("t")
        reading = CaseReading(d.desk.database.engine)
        d.send_key("t")
        await d.until(reading.begun.is_set)
        d.send_key("6")
        await d.pilot.pause()
        assert d.case.send.ref == STUCK
        reading.may_end.set()
        await d.settle()
        assert d.case.send == following
        assert d.desk.find(STUCK).snooze == Snooze.NONE


async def test_what_does_not_finish_the_last_send_does_not_end_the_round(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.press("slash")
        await d.type(" id:104972")
        await d.press("enter", "t", "a", "c")
        await d.type("called")
        await d.press("enter")
        assert (d.count, d.in_triage) == (1, True)
        await d.press("6")
        assert isinstance(d.top, HandOverDialog)


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


async def test_a_round_that_only_reads_offers_what_can_be_done(demo_copy: Path) -> None:
    async with desk_open(demo_copy, read_only=True) as d:
        await d.press("t")
        assert "i write to the sender" in d.text
        assert "escalate to Sendoso Support" not in d.text
        await d.press("6")
        assert d.said[-1] == "There is no answer 6 here: Esc ends the round."
        await d.press("i")
        assert isinstance(d.top, ReplyDialog)


async def test_an_answer_can_be_clicked(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.press("t")
        lines = d.text.splitlines()
        row = next(y for y, line in enumerate(lines) if "6 done for now" in line)
        column = lines[row].index("6 done for now")
        await d.pilot.click(offset=(column + 4, row))
        await d.settle()
        assert d.desk.find(STUCK).snooze == Snooze.DONE

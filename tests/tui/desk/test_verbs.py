"""What agents do to sends, from the key to the row in the database, with everybody else around."""

from pathlib import Path

import pytest

from models.desk import Desk
from models.records import Case, EventKind
from tests.support.app_driver import colleague, desk_open
from tests.support.demo_sends import STUCK, said_of_it, stored
from tests.support.desk_cases import take_into
from tui.dialogs.conflict import ConflictDialog
from tui.dialogs.escalate import EscalateDialog
from tui.dialogs.preview import PreviewDialog
from tui.dialogs.release import ReleaseDialog


async def test_a_status_outside_the_lifecycle_is_asked_about_twice(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.press("s", "slash")
        await d.type("delivered")
        await d.press("enter")
        await d.type("the recipient has it")
        await d.press("enter")
        assert "does not usually go from Order Received to Delivered" in d.text
        await d.press("n")
        assert stored(demo_copy).override_status is None

        await d.press("enter", "y")

        assert d.at_desk
        assert stored(demo_copy).status == "delivered"
        assert d.said == ["S-104972 is Delivered · u undoes"]
        assert d.count == 44


async def test_a_status_needs_a_reason(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.set_status("s", reason="  ")
        assert "A change of status needs a reason." in d.text
        await d.press("escape", "escape")
        assert d.at_desk
        assert stored(demo_copy).override_status is None


async def test_marked_sends_change_together(demo_copy: Path) -> None:
    async with desk_open(demo_copy, query="status:fulfillment_issue sort:due") as d:
        await d.press("space", "space", "space")
        marked = d.send_list.marked()
        await d.set_status("enter", reason="stock came in")
        assert isinstance(d.top, PreviewDialog)
        assert stored(demo_copy, marked[0].ref).override_status is None
        assert "Status Fulfilling   3 done" in await d.agree()
        assert d.at_desk
        assert not d.send_list.marked()
        for send in marked:
            assert stored(demo_copy, send.ref).override_reason == "stock came in"


@pytest.mark.parametrize(
    ("answers", "status", "by"),
    [
        ("t", "shipped", "jo"),
        ("c", "shipped", "jo"),
        ("mn", "shipped", "jo"),
        ("my", "fulfilling", "ana"),
    ],
)
async def test_a_lost_race_shows_theirs_and_overwrites_nothing(
    demo_copy: Path, answers: str, status: str, by: str
) -> None:
    other = colleague(demo_copy)
    async with desk_open(demo_copy) as d:
        await d.press("s", "f")
        await d.type("it is being packed")
        other.override(d.send, "shipped", "the carrier has it")
        await d.press("enter")
        assert isinstance(d.top, ConflictDialog)
        for said in ("set by jo", "the carrier has it", "status Fulfilling"):
            assert said in d.text
        assert stored(demo_copy).override_by == "jo"

        await d.press(*answers)

        assert d.at_desk
        now = stored(demo_copy)
        assert (now.status, now.override_by) == (status, by)
    other.database.close()


async def test_verbs_in_a_row_do_not_meet_each_other(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.type("ad")
        assert d.at_desk
        kinds = [event.kind for event in d.desk.case(d.desk.find(STUCK).id).history]
        assert kinds[:2] == [EventKind.DONE, EventKind.OWNER]
        assert d.said == [f"{STUCK} is yours · u undoes", f"{STUCK} is done for now · u undoes"]


async def test_a_contested_override_is_kept_or_released(demo_copy: Path) -> None:
    other = colleague(demo_copy)
    seen = other.find(STUCK)
    other.override(seen, "delivered", "the recipient has it", force=True)
    async with desk_open(demo_copy, query="S-104972") as d:
        later = d.clock.advance(hours=1)
        take_into(other.database, [said_of_it("Fulfilling", later)], later)
        await d.press("r")
        assert d.send.contested

        await d.press("D")
        assert isinstance(d.top, ReleaseDialog)
        assert "The platform disagrees" in d.text
        await d.press("s", "enter")
        assert "An override that is kept needs a reason." in d.text
        await d.type("the signature is hers")
        await d.press("enter")
        kept = stored(demo_copy)
        assert (kept.status, kept.contested, kept.override_by) == ("delivered", False, "ana")

        await d.press("D", "R", "enter")
        released = stored(demo_copy)
        assert (released.status, released.override_status) == ("fulfilling", None)
        assert d.said[-1] == f"{STUCK} follows its platform again · u undoes"
        await d.press("D")
        assert d.said[-1] == "There is no override here."
    other.database.close()


async def test_escalating_copies_the_packet_and_moves_on(
    demo_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 50000 10.0.0.2 22")
    async with desk_open(demo_copy) as d:
        await d.press("e", "y")
        assert isinstance(d.top, EscalateDialog)
        assert "Sent to the terminal's clipboard" in d.text
        assert "104972" in d.app.clipboard
        await d.press("enter")
        await d.type("SUP-1")
        await d.press("tab", "backspace", "backspace", "backspace")
        await d.type("5bd")
        await d.press("enter")
        now = stored(demo_copy)
        assert (now.escalation_ref, f"{now.follow_up_at:%F %R}") == ("SUP-1", "2026-11-27 09:41")
        assert (d.count, d.send.ref) == (44, "S-104185")


async def test_the_cursor_moves_on_also_where_the_send_stays(demo_copy: Path) -> None:
    async with desk_open(demo_copy, query="status:order_received sort:due") as d:
        for key in ("d", "z"):
            before = d.send_list.cursor_index
            await d.press(key)
            if key == "z":
                await d.press("p")
            assert d.send_list.cursor_index == before + 1
        await d.press("G", "d")
        assert d.send_list.cursor_index == d.count - 2


async def test_undo_survives_a_restart(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.set_status("s", reason="a mistake")
        assert stored(demo_copy).status == "shipped"
    async with desk_open(demo_copy) as d:
        await d.press("u")
        now = stored(demo_copy)
        assert (now.status, now.override_status) == ("order_received", None)
        assert d.said == [f"{STUCK}: took back “set Shipped”, now Order Received · U redoes"]
        await d.press("g")
        assert (d.count, d.send.ref) == (45, STUCK)


async def test_undo_is_refused_where_the_send_has_moved_on(demo_copy: Path) -> None:
    other = colleague(demo_copy)
    async with desk_open(demo_copy) as d:
        await d.set_status("s", reason="the carrier has it")
        other.override(other.find(STUCK), "delivered", "it is there")
        await d.press("u")
        assert "has moved on since" in d.said[-1]
        assert stored(demo_copy).override_by == "jo"
    other.database.close()


async def test_what_another_process_writes_shows_by_itself(demo_copy: Path) -> None:
    other = colleague(demo_copy)
    async with desk_open(demo_copy) as d:
        await d.press("j")
        other.take(other.find(STUCK))
        other.done(other.find("S-105000"))
        await d.until(lambda: d.count == 44)
        await d.settle()
        assert "jo" in d.lines[0]
        assert (d.send_list.cursor_index, d.send.ref) == (1, "S-104185")
        other.note(d.send, "called the recipient")
        await d.until(lambda: d.case.history[0].reason == "called the recipient")
    other.database.close()


async def test_a_dialog_that_is_left_writes_nothing(demo_copy: Path) -> None:
    async with desk_open(demo_copy, query="is:overridden") as d:
        before = d.desk.case(d.send.id)
        for key in ("s", "D", "e", "A", "c", "z", "W", "x", "f", "S", "C", "Y"):
            await d.press(key)
            assert not d.at_desk, f"{key} asks nothing"
            await d.press("escape")
            assert d.at_desk, f"{key} stays"
        assert d.desk.case(d.send.id) == before
        assert not d.said


async def test_the_case_that_a_write_returns_is_shown_without_being_read_again(
    demo_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[int] = []
    read = Desk.case

    def counting(desk: Desk, send_id: int) -> Case:
        reads.append(send_id)
        return read(desk, send_id)

    monkeypatch.setattr(Desk, "case", counting)
    async with desk_open(demo_copy) as d:
        await d.press("R")  # Nothing is read because somebody has written.
        reads.clear()
        await d.press("a")
        assert (d.case.send, d.case.send.owner) == (d.send, "ana")
        assert d.case.history[0].kind is EventKind.OWNER
        assert reads == []
        await d.press("j")
        assert reads == [d.send.id]
        assert d.case.send == d.send

"""A verb on several sends: which are meant, the preview, the progress, the result sheet, trying again."""

import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from models.database import open_database
from models.records import SendRecord
from models.writing import bulk
from tests.support.app_driver import NOW, Driver, colleague, desk_open, make_demo
from tests.support.demo_sends import stored
from tests.support.desk_cases import fact, order, parcel, take_into
from tui.desk import long_write
from tui.dialogs.escalate import EscalateDialog
from tui.dialogs.menu import MenuDialog
from tui.dialogs.preview import PreviewDialog
from tui.dialogs.progress import ProgressDialog
from tui.dialogs.results import ResultSheet
from tui.dialogs.status import StatusDialog

ISSUES = "status:fulfillment_issue sort:due"


@pytest.fixture
def mixed(empty_file: Path, demo_copy: Path) -> Path:
    """A desk with two parcels of Sendoso and two orders of Goody."""
    demo_copy.write_bytes(empty_file.read_bytes())
    database = open_database(demo_copy)
    take_into(
        database,
        (
            parcel(1, fact("Fulfilling", NOW)),
            parcel(2, fact("Order Received", NOW)),
            order("0b6f3c1e-0000-4000-8000-000000000001", fact("ordered", NOW)),
            order("1b6f3c1e-0000-4000-8000-000000000001", fact("accepted", NOW)),
        ),
        NOW,
    )
    database.close()
    return demo_copy


async def mark_everything(d: Driver) -> tuple[SendRecord, ...]:
    await d.press("g", "v", "G", "v")
    return d.send_list.marked()


class TestMarksOutsideTheList:
    async def test_they_are_named_before_anything_is_done(self, demo_copy: Path) -> None:
        async with desk_open(demo_copy, query=ISSUES) as d:
            issues = await mark_everything(d)
            d.show("status:order_received sort:due")
            await d.settle()
            await d.press("space", "space")
            total = len(issues) + 2
            assert f"clear {total} marked, {len(issues)} not in this list" in d.text

            await d.press("d")
            assert isinstance(d.top, MenuDialog)
            assert f"{total} marked, {len(issues)} not in this list" in d.text
            await d.press("escape")
            assert d.at_desk
            assert len(d.send_list.marked()) == total

            await d.press("d", "a")
            assert isinstance(d.top, PreviewDialog)
            assert f"{total} sends" in d.text
            await d.press("escape", "d", "l")
            assert "2 sends" in d.text
            assert "2 done" in await d.agree()
            assert d.send_list.marked() == issues

    async def test_if_the_list_has_none_of_them_the_cursor_can_be_meant(
        self, demo_copy: Path
    ) -> None:
        async with desk_open(demo_copy, query=ISSUES) as d:
            await d.press("space", "space")
            d.show("status:order_received sort:due")
            await d.settle()
            here = d.send
            await d.press("d")
            assert "2 marked, 2 not in this list" in d.text
            await d.press("l")
            assert d.at_desk
            assert d.said == [f"{here.ref} is done for now · u undoes"]
            assert len(d.send_list.marked()) == 2

    async def test_an_export_names_them_too(
        self, demo_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        async with desk_open(demo_copy, query=ISSUES) as d:
            await d.press("space", "space")
            d.show("status:order_received sort:due")
            await d.settle()
            await d.press("space", "x")
            assert isinstance(d.top, MenuDialog)
            await d.press("l")
            assert "1 send " in d.text


class TestPreview:
    async def test_nothing_is_written_before_an_explicit_yes(self, demo_copy: Path) -> None:
        async with desk_open(demo_copy, query=ISSUES) as d:
            before = await mark_everything(d)
            for key in ("a", "d"):
                for no in ("enter", "escape", "n"):
                    await d.press(key, no)
                    assert d.at_desk
            assert [stored(demo_copy, send.ref) for send in before] == list(before)
            assert d.send_list.marked() == before

    async def test_the_unusual_can_be_left_out(self, demo_copy: Path) -> None:
        other = colleague(demo_copy)
        async with desk_open(demo_copy, query=ISSUES) as d:
            await d.press("R")
            marked = await mark_everything(d)
            theirs = next(send for send in marked if send.owner == "")
            other.take(theirs)
            await d.press("d")
            assert "1 × belongs to jo" in d.text
            assert "1 × changed since you chose it" in d.text
            told = await d.agree(unusual=False)
            assert "left out" in told
            assert stored(demo_copy, theirs.ref).snooze == ""
        other.database.close()

    async def test_a_colleagues_note_is_no_change(self, demo_copy: Path) -> None:
        other = colleague(demo_copy)
        async with desk_open(demo_copy, query=ISSUES) as d:
            await d.press("R", "space", "space")
            other.note(d.send_list.marked()[0], "called")
            await d.press("d")
            assert "changed since you chose it" not in d.text
            assert "2 done" in await d.agree()
        other.database.close()

    async def test_what_cannot_be_done_says_why(self, demo_copy: Path) -> None:
        async with desk_open(demo_copy, query=ISSUES) as d:
            marked = await mark_everything(d)
            await d.press("E")
            assert "Nothing can be done to these sends." in d.text
            assert f"{len(marked)} × not escalated" in d.text
            await d.press("y", "a")
            assert isinstance(d.top, PreviewDialog)


class TestTwoPlatforms:
    @pytest.mark.parametrize(
        ("keys", "told"),
        [
            (("c", "h", "i", "enter"), "A note   4 done"),
            (("z", "h"), "4 done"),
            (("d",), "Done   4 done"),
            (("a",), "Owner ana   4 done"),
            (("A", "j", "o", "enter"), "Owner jo   4 done"),
        ],
    )
    async def test_a_verb_that_both_know_is_done_to_all(
        self, mixed: Path, keys: tuple[str, ...], told: str
    ) -> None:
        async with desk_open(mixed, query="sort:id") as d:
            await mark_everything(d)
            await d.press(*keys)
            assert told in await d.agree()

    async def test_a_status_that_both_know_is_set(self, mixed: Path) -> None:
        async with desk_open(mixed, query="sort:id") as d:
            marked = await mark_everything(d)
            await d.press("s")
            assert isinstance(d.top, StatusDialog)
            await d.press("s")
            await d.type("the carriers have them")
            await d.press("enter")
            assert "1 × Fulfilling → Shipped" in d.text
            assert "1 × Ordered → Shipped" in d.text
            assert "Status Shipped   4 done" in await d.agree()
            assert {stored(mixed, send.ref).status for send in marked} == {"shipped"}
            assert "set S-1 S-2" in d.last_command
            await d.press("u")
            assert "4 sends: took back" in d.said[-1]

    async def test_a_status_that_one_knows_is_refused_for_the_other(self, mixed: Path) -> None:
        async with desk_open(mixed, query="sort:id") as d:
            await mark_everything(d)
            await d.press("s", "slash")
            await d.type("accepted")
            await d.press("enter")
            await d.type("they took it")
            await d.press("enter")
            assert "2 × Sendoso has no status “Accepted”" in d.text
            await d.press("escape")

    async def test_each_platform_gets_its_own_ticket(self, mixed: Path) -> None:
        async with desk_open(mixed, query="sort:id") as d:
            marked = await mark_everything(d)
            await d.press("e")
            for ticket, support in (("SUP-1", "Sendoso Support"), ("G-7", "Goody Support")):
                assert isinstance(d.top, EscalateDialog)
                assert f"Escalate to {support}" in d.text
                await d.press("enter")
                await d.type(ticket)
                await d.press("enter")
            assert "Escalated   4 done" in await d.agree()
            now = [stored(mixed, send.ref) for send in marked]
            assert {(send.provider, send.escalation_ref) for send in now} == {
                ("sendoso", "SUP-1"),
                ("goody", "G-7"),
            }
            await d.press("u")
            assert all(stored(mixed, send.ref).escalated_at is None for send in marked)

    async def test_escalating_is_left_as_a_whole(self, mixed: Path) -> None:
        async with desk_open(mixed, query="sort:id") as d:
            marked = await mark_everything(d)
            await d.press("e", "enter", "enter", "escape")
            assert d.at_desk
            assert all(stored(mixed, send.ref).escalated_at is None for send in marked)

    async def test_overrides_are_kept_or_released_whatever_they_are(self, mixed: Path) -> None:
        other = colleague(mixed)
        marked = [other.find(ref) for ref in ("S-1", "S-2", "G-0b6f3c1e")]
        other.override(marked[0], "delivered", "she has it", force=True)
        other.override(marked[1], "shipped", "it left")
        async with desk_open(mixed, query="sort:id") as d:
            later = d.clock.advance(hours=1)
            take_into(other.database, [parcel(1, fact("Order Received", later))], later)
            await d.press("r")
            await mark_everything(d)
            await d.press("D", "s")
            await d.type("the signature is hers")
            await d.press("enter")
            assert "1 × Delivered → Delivered, kept" in d.text
            assert "3 × no override that the platform contradicts" in d.text
            assert "1 done · 3 refused" in await d.agree()
            assert not stored(mixed, "S-1").contested

            await mark_everything(d)
            await d.press("D", "R", "enter")
            assert "1 × Delivered → Order Received" in d.text
            assert "1 × Shipped → Order Received" in d.text
            assert "2 × no override to release" in d.text
            assert "2 done · 2 refused" in await d.agree()
            assert stored(mixed, "S-2").override_status is None
        other.database.close()


class TestResults:
    async def test_a_lost_race_is_listed_and_tried_again(self, demo_copy: Path) -> None:
        other = colleague(demo_copy)
        async with desk_open(demo_copy, query=ISSUES) as d:
            await d.press("space", "space", "space", "d")
            first, *_ = d.send_list.marked()
            other.override(other.find(first.ref), "fulfilling", "it came in")
            await d.press("a" if "do it all the same" in d.text else "y")
            assert isinstance(d.top, ResultSheet)
            assert "2 done · 1 refused" in d.text
            assert "has changed since you saw it" in d.text
            assert stored(demo_copy, first.ref).snooze == ""

            await d.press("r")
            assert isinstance(d.top, PreviewDialog)
            assert "changed since you chose it" in d.text
            await d.press("n")
            assert isinstance(d.top, ResultSheet)
            await d.press("r", "a")
            assert "Done   3 done" in d.text
            await d.press("u")
            assert d.at_desk
            assert d.said[-1].startswith("3 sends: took back “marked it done”")
            assert stored(demo_copy, first.ref).snooze == ""
        other.database.close()

    async def test_the_database_goes_away_and_comes_back(
        self, demo_copy: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(bulk, "BULK_SIZE", 1)
        async with desk_open(demo_copy, query=ISSUES) as d:
            await d.press("R", "space", "space", "space", "c", "h", "i", "enter")
            second = d.send_list.marked()[1]
            with d.desk.database.engine.begin() as raw:
                raw.exec_driver_sql(
                    f"CREATE TRIGGER full BEFORE INSERT ON event WHEN NEW.send_id = {second.id}"
                    " BEGIN SELECT RAISE(ABORT, 'no'); END"
                )
            await d.press("y")
            assert isinstance(d.top, ResultSheet)
            assert "1 done · 2 not tried" in d.text

            with d.desk.database.engine.begin() as raw:
                raw.exec_driver_sql("DROP TRIGGER full")
            await d.press("r", "y")
            assert "A note   3 done" in d.text
            await d.press("escape", "u")
            assert d.said[-1].startswith("3 sends: took back “added a note”")

    async def test_a_long_change_shows_how_far_it_is_and_is_stopped(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "sends.db"
        make_demo(path, 600)
        monkeypatch.setattr(long_write, "SHOWN_AFTER", 0.0)
        async with desk_open(path, query="sort:id") as d:
            await d.press("V", "y", "c", "h", "i", "enter")
            committed, goes_on = threading.Event(), threading.Event()

            def hold(connection: sa.Connection) -> None:
                if connection.get_execution_options().get("write"):
                    committed.set()
                    goes_on.wait()

            sa.event.listen(d.desk.database.engine, "commit", hold)
            try:
                d.send_key("y")
                await d.until(lambda: isinstance(d.top, ProgressDialog))
                await d.until(committed.is_set)
                d.send_key("a")
                await d.until(lambda: d.said)
                assert d.said[-1].startswith("Keys pressed while this goes on are not taken")
                d.send_key("ctrl+c")
                await d.until(lambda: "stopping" in d.text)
            finally:
                goes_on.set()
            await d.until(lambda: isinstance(d.top, ResultSheet))
            sa.event.remove(d.desk.database.engine, "commit", hold)
            assert "200 done · 400 not tried" in d.text
            await d.press("r", "y")
            await d.until(lambda: "600 done" in d.text)
            await d.press("escape", "u")
            assert d.said[-1].startswith("600 sends: took back “added a note”")

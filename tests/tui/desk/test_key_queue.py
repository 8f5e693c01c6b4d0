"""Keys that arrive together, as from a fast hand or over a slow line, mean what they mean one by one."""

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from textual.events import Key

from models.records import EventKind
from tests.support.app_driver import desk_open
from tui.dialogs.escalate import EscalateDialog
from tui.terminal.key_queue import KeyQueue


async def test_a_filter_can_be_typed_at_once(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.type("/status:failed \r")
        assert (d.query, d.count) == ("is:triage status:failed sort:due", 5)
        assert d.app.focused is d.send_list
        assert not d.said


async def test_a_status_can_be_set_at_once(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        send = d.send
        await d.type("ssThe carrier has it\rj")
        assert d.at_desk
        now = d.desk.case(send.id).send
        assert (now.status, now.override_reason) == ("shipped", "The carrier has it")
        assert d.send_list.cursor_index == 1


async def test_the_same_verb_twice_is_for_two_sends(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        first = [line.split()[-2] for line in d.lines[:3]]
        await d.type("ddaj")
        kinds = [d.desk.case(d.desk.find(ref).id).history[0].kind for ref in first]
        assert kinds == [EventKind.DONE, EventKind.DONE, EventKind.OWNER]


async def test_a_verb_waits_until_the_cursor_has_left_the_send_before(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        first, count = [line.split()[-2] for line in d.lines[:2]], d.count
        with d.rows_held_back():
            d.send_key("d")
            d.send_key("d")
            await d.until(lambda: d.count == count - 1)
            # The next look, at most a quarter of a second later, sees what was written.
            end = time.monotonic() + 1
            await d.until(lambda: d.struck or time.monotonic() > end)
        await d.settle()
        kinds = [d.desk.case(d.desk.find(ref).id).history[0].kind for ref in first]
        assert kinds == [EventKind.DONE, EventKind.DONE]
        assert d.count == count - 2


async def test_a_change_that_takes_too_long_holds_no_further_key_back(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        send = d.send
        d.app.patience = 0.01
        with closing(sqlite3.connect(demo_copy, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            d.send_key("d")
            d.send_key("j")
            await d.until(lambda: d.send_list.cursor_index == 1)
            assert d.desk.case(send.id).send.revision == send.revision


async def test_a_change_that_ends_while_the_desk_closes_is_no_crash(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        send = d.send
        with closing(sqlite3.connect(demo_copy, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            d.send_key("d")
            await d.until(lambda: any(each.group == "verb" for each in d.app.workers))
            # A screen that closes takes its widgets away before it ends its workers.
            await d.send_list.remove()
        await d.app.workers.wait_for_complete()
        assert d.desk.case(send.id).history[0].kind is EventKind.DONE


async def test_a_key_that_waits_until_the_app_has_ended_goes_nowhere() -> None:
    class Opening(KeyQueue):
        is_opening = True

        def holds_back(self, key: str) -> bool:
            return self.is_opening

    app = Opening()
    before = asyncio.all_tasks()
    async with app.run_test() as pilot:
        app.post_message(Key("j", "j"))
        await pilot.pause()
        assert app.is_behind
    app.is_opening = False
    ended = await asyncio.gather(*(asyncio.all_tasks() - before), return_exceptions=True)
    assert [each for each in ended if each is not None] == []


async def test_leaving_in_the_middle_of_reading_is_no_crash(demo_copy: Path) -> None:
    for keys in ("jjq", "1q", "=q", "dq"):
        async with desk_open(demo_copy) as d:
            await d.type(keys)
            assert not d.app.is_running
            assert d.app.return_code == 0


async def test_keys_after_a_dialog_that_must_read_first_are_for_the_dialog(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.type("e\rSUP-9")
        assert isinstance(d.top, EscalateDialog)
        assert "SUP-9" in d.text
        assert not d.said

"""What the desk says when there is nothing to show, nothing may be written, or nothing answers."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from models.database import open_database
from models.errors import DeskUnavailable
from tests.support.app_driver import NOW, SIZES, desk_open
from tests.support.desk_cases import egift, fact, parcel, take_into
from tui.keys import DESK_KEYS

READING = {"desk.copy", "desk.copy_more", "desk.reply", "desk.track", "desk.triage"}
"""Keys that act without writing."""


def replace_by_folder(path: Path) -> None:
    path.rename(path.with_name("kept.db"))
    path.mkdir()


def overwrite(path: Path) -> None:
    path.rename(path.with_name("kept.db"))
    path.write_bytes(b"This is no database. " * 500)


def cut_off(path: Path) -> None:
    whole = path.read_bytes()
    path.rename(path.with_name("kept.db"))
    path.write_bytes(whole[:20_000])


def merge_log(path: Path) -> None:
    """Put what stands in the log of the file into the file, so that all of it is there."""
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def put_back(path: Path) -> None:
    if path.is_dir():
        path.rmdir()
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    path.with_name("kept.db").rename(path)


async def test_what_was_typed_while_the_database_failed_is_done_once_it_is_back(
    demo_copy: Path,
) -> None:
    async with desk_open(demo_copy) as d:
        send = d.send
        await d.press("c")
        await d.type("The carrier has lost it")
        merge_log(demo_copy)
        replace_by_folder(demo_copy)
        await d.press("enter")
        assert f"Not done to {send.ref}: Add a note." in d.said[-1]
        assert d.said[-1].endswith(". does it once that is over.")
        put_back(demo_copy)
        await d.press("r")
        await d.until(lambda: d.header.fresh)
        await d.press("full_stop", "y")
        assert d.desk.case(send.id).history[0].reason == "The carrier has lost it"


@pytest.mark.parametrize("harm", [replace_by_folder, overwrite, cut_off])
async def test_a_database_that_fails_leaves_the_list_and_comes_back(
    demo_copy: Path, harm: Callable[[Path], None]
) -> None:
    async with desk_open(demo_copy) as d:
        before, notice = d.lines, d.notice
        merge_log(demo_copy)
        harm(demo_copy)

        await d.press("r")

        assert notice.message
        assert "r try again" in d.text
        assert d.lines[: len(before) - 2] == before[: len(before) - 2]
        assert "not up to date" in d.text
        for key in (
            "a",
            "d",
            "1",
            "b",
            "e",
            "j",
            "u",
            "equals_sign",
            "0",
            "c",
            "escape",
            "?",
            "escape",
        ):
            await d.press(key)
            assert notice.message
            assert d.app.is_running
        assert "No send" not in d.text

        put_back(demo_copy)
        await d.press("r")
        await d.until(lambda: not notice.message)
        assert d.header.fresh


async def test_no_case_of_another_send_is_shown_while_none_can_be_read(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        first = d.send
        assert d.case.send == first
        merge_log(demo_copy)
        replace_by_folder(demo_copy)
        await d.press("j")
        await d.until(lambda: "cannot be read now" in d.text)

        assert d.send.id != first.id
        assert d.pane.case is None
        told = "\n".join(strip.text for strip in d.pane.painted)
        assert d.send.ref in told
        assert first.ref not in told
        await d.press("Y")
        assert d.at_desk

        await d.press("k")
        await d.until(lambda: first.ref in "\n".join(strip.text for strip in d.pane.painted))
        put_back(demo_copy)
        await d.until(lambda: d.pane.case is not None)
        assert d.case.send.id == d.send.id == first.id


@pytest.mark.parametrize("size", SIZES[:2], ids=str)
async def test_a_long_sentence_leaves_room_for_the_key_that_helps(
    demo_copy: Path, size: tuple[int, int]
) -> None:
    async with desk_open(demo_copy, size) as d:
        merge_log(demo_copy)
        demo_copy.unlink()
        await d.press("r")
        d.fail(DeskUnavailable(f"/mnt/{'far/' * 60}sends.db is not there any more."))
        line = next(line for line in d.text.splitlines() if "/mnt/far/far" in line)
        assert line.rstrip().endswith("…   r try again")


async def test_a_database_that_answers_again_is_noticed_without_a_key(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        d.fail(DeskUnavailable("The server is away."))
        assert "The server is away." in d.notice.message
        await d.until(lambda: d.header.fresh)
        assert not d.notice.message


@pytest.mark.parametrize("size", SIZES[:2], ids=str)
async def test_a_desk_for_reading_says_so_and_refuses_every_verb(
    demo_copy: Path, size: tuple[int, int]
) -> None:
    async with desk_open(demo_copy, size, read_only=True) as d:
        assert "read-only" in d.text.splitlines()[0]
        before = d.desk.case(d.send.id)
        acting = [row for row in DESK_KEYS if row.group == "Act" and row.id not in READING]
        verbs = [row for row in acting if row.keys]
        for number, row in enumerate(verbs, 1):
            await d.press(row.keys)
            assert d.at_desk
            assert d.said == ["The desk was opened with --read-only: nothing is written."] * number
        await d.press("W")
        assert d.at_desk
        assert d.desk.case(d.send.id) == before


async def test_an_empty_database_says_how_to_fill_it(file_address: str) -> None:
    async with desk_open(Path(file_address)) as d:
        for digit in "01":
            await d.press(digit)
            assert "No sends yet." in d.text
            assert "senddesk import FILE" in d.text
            assert "senddesk demo" in d.text
        for row in DESK_KEYS:
            if row.keys and row.id != "desk.quit":
                await d.press(row.keys.partition(",")[0])
                while not d.at_desk or d.line.editing:
                    await d.press("escape")
        assert d.app.is_running


async def test_an_empty_triage_names_what_comes_next(file_address: str) -> None:
    database = open_database(file_address)
    waiting = parcel(7, fact("Order Received", NOW - timedelta(days=5)), recipient_name="Ana Souza")
    take_into(database, [waiting, egift(8, fact("Sent", NOW - timedelta(days=1)))], NOW)
    database.close()
    async with desk_open(Path(file_address)) as d:
        assert "Nothing needs an agent. Next, in 2d: S-7 Ana Souza" in d.text
        assert "0  every send" in d.text
        assert "nothing waits for an agent" in d.text
        await d.press("2")
        assert "Nothing in Mine." in d.text
        assert "1  Triage" in d.text


async def test_a_filter_without_sends_says_how_to_go_back(demo_copy: Path) -> None:
    async with desk_open(demo_copy, query="company:nowhere") as d:
        assert "No send matches  company:nowhere" in d.text
        assert "F  back to All" in d.text
        await d.press("F")
        assert d.count == 1200


async def test_the_desk_opens_with_a_filter(demo_copy: Path) -> None:
    async with desk_open(demo_copy, query="is:overridden company:volta,acme") as d:
        assert d.query == "is:overridden company:volta,acme"
        assert d.view.name == "All"


async def test_a_filter_that_cannot_be_read_opens_triage_and_says_why(demo_copy: Path) -> None:
    async with desk_open(demo_copy, query="stauts:failed") as d:
        assert d.view.name == "Triage"
        assert d.count == 45
        assert "“stauts” is not a key" in d.said[0]
        assert "Triage" in d.text.splitlines()[0]


async def test_a_database_that_cannot_be_opened_ends_with_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "sends.db"
    path.write_text("no database")
    async with desk_open(path) as d:
        await d.until(lambda: not d.app.is_running)
    assert d.app.return_code == 1
    assert path.read_text() == "no database"

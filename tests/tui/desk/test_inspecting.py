"""The log of changes: whose, in which order, and the way from a change to its send."""

from itertools import islice
from pathlib import Path

import pytest

from models.reading.activity import PAGE
from tests.support.app_driver import colleague, desk_open
from tests.support.demo_sends import STUCK
from tui.dialogs.log import LogDialog


async def test_the_log_lists_changes_and_leads_to_their_sends(demo_copy: Path) -> None:
    other = colleague(demo_copy)
    async with desk_open(demo_copy) as d:
        here = d.send.ref
        await d.press("a")
        d.clock.advance(minutes=1)
        theirs = other.find("S-105000")
        other.now = d.clock
        other.note(theirs, "left a [bold]message[/]")
        await d.press("L")
        assert isinstance(d.top, LogDialog)
        assert f"{here}" in d.text
        assert "took it" in d.text
        assert "left a" not in d.text

        await d.press("tab")
        assert "What everyone did" in d.text
        row = next(line for line in d.text.splitlines() if "left a [bold]message" in line)
        assert "20 Nov 09:42  jo " in row
        assert "S-105000" in row

        await d.press("g", "enter")
        assert d.at_desk
        assert (d.query, d.send.ref) == ("id:S-105000", "S-105000")
        await d.press("escape")
        assert (d.query, d.count) == ("is:triage sort:due", 45)
    other.database.close()


async def test_the_log_is_filtered_by_what_is_typed(demo_copy: Path) -> None:
    other = colleague(demo_copy)
    async with desk_open(demo_copy) as d:
        other.now = d.clock
        other.override(other.find(STUCK), "shipped", "seen in the depot", force=True)
        other.note(other.find("S-105000"), "called twice")
        await d.press("L", "slash", "ctrl+u")
        await d.type("by:jo verb:set")
        await d.press("enter")
        assert "The log" in d.text
        assert "seen in the depot" in d.text
        assert "called twice" not in d.text

        await d.press("slash", "ctrl+u")
        await d.type("verb:guess")
        await d.press("enter")
        assert "“guess” is not a verb. There are: set, release" in d.text
        assert "seen in the depot" in d.text
        await d.press("escape")
        assert "is not a verb" not in d.text
        assert "by:jo verb:set" in d.text

        await d.press("m")
        assert "by:@me verb:set" in d.text
        assert "seen in the depot" not in d.text
        await d.press("m", "slash", "ctrl+u")
        await d.type("send:S-105000 by:jo")
        await d.press("enter", "enter")
        assert (d.at_desk, d.query) == (True, "id:S-105000")
    other.database.close()


async def test_a_long_log_is_read_on_as_the_cursor_comes_near_its_end(demo_copy: Path) -> None:
    other = colleague(demo_copy)
    sends = list(islice(other.rows(other.listing(other.parse("sort:id"))), PAGE + 30))
    for number, send in enumerate(sends):
        other.note(send, f"note {number}")
    async with desk_open(demo_copy) as d:
        await d.press("L", "slash", "ctrl+u")
        await d.type("by:jo since:1m")
        await d.press("enter")
        assert f"the last {PAGE}, newest first" in d.text
        await d.press("end")
        await d.until(lambda: f"the last {PAGE + 30}, newest first" in d.text)
        await d.press("end")
        assert "note 0" in d.text
        await d.press("enter")
        assert d.query == f"id:{sends[0].ref}"
    other.database.close()


async def test_every_width_shows_what_was_done(demo_copy: Path) -> None:
    async with desk_open(demo_copy, size=(45, 20)) as d:
        ref = d.send.ref
        await d.press("a", "L")
        await d.until(lambda: "took it" in d.text)
        assert d.text.splitlines()[1].startswith("│ What I did")
        assert f"09:41  {ref}" in d.text
        await d.pilot.resize_terminal(120, 40)
        await d.until(lambda: f"Fri 20 Nov 09:41  {ref}" in d.text)
        await d.pilot.resize_terminal(45, 20)
        await d.until(lambda: "Fri 20 Nov" not in d.text)


@pytest.mark.parametrize("width", [60, 70, 80])
async def test_the_log_has_room_for_what_was_done_before_whose_send_it_was(
    demo_copy: Path, width: int
) -> None:
    async with desk_open(demo_copy, size=(width, 24)) as d:
        ref = d.send.ref
        await d.press("c")
        await d.type("Called the shop\r")
        await d.press("L")
        await d.until(lambda: f"09:41  {ref}" in d.text)
        assert f"{ref}    added a note – Cal" in d.text
        await d.press("m")
        await d.until(lambda: "What everyone did" in d.text)
        assert "added a n" in d.text


async def test_an_agent_who_did_nothing_yet_is_told_so(demo_copy: Path) -> None:
    async with desk_open(demo_copy, agent="new") as d:
        await d.press("L")
        assert "Nothing yet." in d.text
        await d.press("enter")
        assert isinstance(d.top, LogDialog)
        await d.press("m", "m", "L")
        assert d.at_desk


async def test_a_paused_list_stays_until_it_is_read_or_resumed(demo_copy: Path) -> None:
    other = colleague(demo_copy)
    async with desk_open(demo_copy) as d:
        await d.press("R")
        assert "paused" in d.text
        other.done(other.find("S-105000"))
        await d.look_for_changes()
        assert d.count == 45

        await d.press("r")
        assert (d.count, "paused" in d.text) == (44, True)

        other.done(other.find(STUCK))
        await d.press("j", "R")
        await d.until(lambda: d.count == 43)
        await d.settle()
        assert "paused" not in d.text
        assert "live" in d.text
    other.database.close()


async def test_explain_shows_the_sql_of_the_list(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.press("colon")
        await d.type("explain")
        await d.press("enter")
        assert "Explain  is:triage sort:due" in d.text
        for said in ("45 rows in", "45 counted in", "USING INDEX", "FROM send"):
            assert said in d.text
        await d.press("escape")
        assert d.at_desk

"""Undo and redo at the desk: every verb, a bulk as one step, and what the agent is told."""

from pathlib import Path

import pytest

from models.records import SendRecord
from tests.support.app_driver import Driver, colleague, desk_open
from tests.support.demo_sends import STUCK, stored
from tui.dialogs.log import LogDialog
from tui.dialogs.snooze import SnoozeDialog
from tui.verbs import VERBS

KEYS: dict[str, tuple[str, ...]] = {
    "release": ("D", "R", "enter"),
    "escalate": ("e", "enter", "enter"),
    "resolve": ("E",),
    "take": ("a",),
    "assign": ("A", "r", "a", "j", "enter"),
    "note": ("c", "h", "i", "enter"),
    "snooze": ("z", "b"),
    "done": ("d",),
    "wake": ("z", "w"),
}
"""What an agent presses for each verb; the status is set by `Driver.set_status`."""
BEFORE = {"release": "set", "resolve": "escalate", "wake": "done"}
"""What happens to a send before a verb fits it."""


async def do(d: Driver, name: str) -> None:
    """Do the verb called *name* to the send under the cursor."""
    if name == "set":
        await d.set_status("s", reason="the carrier has it")
    else:
        await d.press(*KEYS[name])
    assert d.at_desk


def as_it_stands(path: Path) -> SendRecord:
    """Return the stuck send without what counts its history."""
    return stored(path)._replace(revision=0)


@pytest.mark.parametrize("name", [each.name for each in VERBS.values() if not each.on_platform])
async def test_every_verb_is_taken_back_and_done_again(demo_copy: Path, name: str) -> None:
    async with desk_open(demo_copy, query=STUCK) as d:
        if name in BEFORE:
            await do(d, BEFORE[name])
        before = as_it_stands(demo_copy)
        await do(d, name)
        assert d.said[-1].endswith(" · u undoes")
        after = as_it_stands(demo_copy)

        await d.press("u")
        assert as_it_stands(demo_copy) == before
        assert d.said[-1].startswith(f"{STUCK}: took back “")
        assert d.said[-1].endswith(" · U redoes")
        assert d.send._replace(revision=0) == before
        assert d.case.history[0].kind == "undo"

        await d.press("U")
        assert as_it_stands(demo_copy) == after
        assert d.said[-1].startswith(f"{STUCK}: did again “")
        assert d.said[-1].endswith(" · u undoes")


async def test_marked_sends_are_one_step_also_after_a_restart(demo_copy: Path) -> None:
    query = "status:fulfillment_issue sort:due"
    async with desk_open(demo_copy, query=query, agent="eva") as d:
        await d.press("a", "g", "space", "space", "space")
        marked = d.send_list.marked()
        await d.set_status("enter", reason="stock came in")
        told = await d.agree()
        assert "Status Fulfilling   3 done" in told
        assert "u undo what was written" in told
    async with desk_open(demo_copy, query=query, agent="eva") as d:
        await d.press("u")
        assert d.said == ["3 sends: took back “set Fulfilling”, now Fulfillment Issue · U redoes"]
        assert {stored(demo_copy, send.ref).override_status for send in marked} == {None}
        await d.press("U")
        assert d.said[-1] == "3 sends: did again “set Fulfilling” · u undoes"
        await d.press("u", "u")
        assert d.said[-1].endswith(": took back “took it” · U redoes")
        await d.press("u")
        assert d.said[-1] == "There is no action of yours to take back."


async def test_of_a_bulk_what_moved_on_is_named(demo_copy: Path) -> None:
    other = colleague(demo_copy)
    async with desk_open(demo_copy, query="status:fulfillment_issue sort:due", agent="eva") as d:
        await d.press("space", "space", "a")
        await d.agree()
        taken = [send for send in await d.rows() if send.owner == "eva"]
        assert len(taken) >= 2
        other.take(other.find(taken[0].ref))
        await d.press("u")
        assert (
            f"{taken[0].ref} has moved on since (jo took it): nothing was taken back." in d.said[-1]
        )
        assert stored(demo_copy, taken[0].ref).owner == "jo"
        assert stored(demo_copy, taken[1].ref).owner != "eva"
    other.database.close()


async def test_what_has_moved_on_does_not_keep_what_was_before_it(demo_copy: Path) -> None:
    other = colleague(demo_copy)
    async with desk_open(demo_copy, query=STUCK, agent="eva") as d:
        await d.press("c", *"hi", "enter", "a")
        other.take(other.find(STUCK))
        await d.press("u")
        assert d.said[-1] == (
            f"{STUCK} has moved on since (jo took it): nothing was taken back. "
            "u undoes what you did before it."
        )
        await d.press("u")
        assert d.said[-1] == f"{STUCK}: took back “added a note” · U redoes"
        assert stored(demo_copy).owner == "jo"
    other.database.close()


async def test_what_the_command_line_did_is_taken_back_too(demo_copy: Path) -> None:
    mine = colleague(demo_copy, "ana")
    async with desk_open(demo_copy, query=STUCK) as d:
        mine.note(mine.find(STUCK), "by a script")
        await d.press("u")
        assert d.said == [f"{STUCK}: took back “added a note” · U redoes"]
    mine.database.close()


async def test_a_send_that_is_snoozed_or_done_offers_waking(demo_copy: Path) -> None:
    async with desk_open(demo_copy, query=STUCK) as d:
        await d.press("z")
        assert "wake" not in d.text
        await d.press("escape", "d", "z")
        assert isinstance(d.top, SnoozeDialog)
        assert "wake now" in d.text
        await d.press("w")
        assert d.said[-1] == f"{STUCK} is awake · u undoes"
        assert stored(demo_copy).snooze == ""


async def test_of_marked_sends_those_that_are_snoozed_are_woken(demo_copy: Path) -> None:
    async with desk_open(demo_copy, query="status:fulfillment_issue sort:due") as d:
        await d.press("g", "d", "g")
        await d.press("space", "space", "z")
        assert "wake the 1 that are snoozed or done now" in d.text
        await d.press("w")
        assert "1 × neither snoozed nor done" in d.text
        assert "1 done · 1 refused" in await d.agree()


async def test_a_note_that_was_taken_back_is_struck_through(demo_copy: Path) -> None:
    async with desk_open(demo_copy, query=STUCK) as d:
        await d.press("c", *"mistaken", "enter", "u")
        assert "took back: added a note" in d.text
        assert d.struck >= {"mistaken"}
        await d.press("L")
        assert isinstance(d.top, LogDialog)
        assert "took back: added a note" in d.text
        assert any("added a note" in text for text in d.struck)
        await d.press("escape")
        assert d.text.count("mistaken") == 1
        await d.press("U")
        assert d.text.count("mistaken") == 2


async def test_a_round_of_triage_counts_no_longer_what_was_taken_back(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.press("t", "c", *"hi", "enter", "d", "u", "escape")
        assert d.said[-1] == "1 handled: 1 noted." or "1 handled: 1 noted." in d.text
        assert "done for now" not in d.text

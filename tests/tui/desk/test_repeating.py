"""Back and forth, and the same once more: what the preview says is what is then written."""

import shlex
from pathlib import Path

import pytest

from tests.support.app_driver import NOW, colleague, desk_open
from tests.support.demo_sends import STUCK, stored
from tui.cli import run
from tui.dialogs.preview import PreviewDialog


async def test_an_undone_override_is_set_again(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.set_status("s", reason="the carrier has it")
        await d.press("u", "U")
        now = stored(demo_copy)
        assert (now.status, now.override_reason) == ("shipped", "the carrier has it")
        assert d.said[-1] == f"{STUCK}: did again “set Shipped” · u undoes"
        await d.press("U")
        assert d.said[-1] == "There is nothing to redo."


async def test_redo_is_refused_where_somebody_else_decided(demo_copy: Path) -> None:
    other = colleague(demo_copy)
    async with desk_open(demo_copy) as d:
        await d.set_status("s", reason="the carrier has it")
        await d.press("u")
        other.override(other.find(STUCK), "fulfilling", "the warehouse found it")
        await d.press("U")
        assert "has moved on since (jo set Fulfilling)" in d.said[-1]
        assert stored(demo_copy).override_by == "jo"
    other.database.close()


async def test_the_last_verb_is_shown_before_it_is_repeated(demo_copy: Path) -> None:
    async with desk_open(demo_copy, query="status:fulfillment_issue sort:due") as d:
        await d.press("full_stop")
        assert d.said == ["There is nothing to repeat yet."]
        await d.set_status("enter", reason="stock came in")
        before = d.send

        await d.press("full_stop")
        assert isinstance(d.top, PreviewDialog)
        for said in ("1 × Fulfillment Issue → Fulfilling", "stock came in", before.ref):
            assert said in d.text
        await d.press("enter")
        assert d.at_desk
        assert stored(demo_copy, before.ref).override_status is None

        await d.press("full_stop", "y")
        now = stored(demo_copy, before.ref)
        assert (now.status, now.override_reason) == ("fulfilling", "stock came in")


async def test_marks_of_another_platform_are_left_out(demo_copy: Path) -> None:
    async with desk_open(demo_copy, query="status:pending_payment,failed sort:provider") as d:
        await d.set_status("enter", reason="paid by now")
        provider = d.send.provider
        await d.press("g", "space", "space", "G", "space")
        marked = d.send_list.marked()
        fitting = [send for send in marked if send.provider == provider]
        assert 0 < len(fitting) < len(marked)

        await d.press("full_stop")
        assert "Left out: it cannot be done" in d.text
        assert f"{len(marked) - len(fitting)} × " in d.text
        assert f"{len(fitting)} done" in await d.agree()

        for send in marked:
            reason = stored(demo_copy, send.ref).override_reason
            assert (reason == "paid by now") == (send in fitting)


async def test_an_unusual_step_is_asked_about_on_every_send(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.press("s", "slash")
        await d.type("delivered")
        await d.press("enter")
        await d.type("the recipient has it")
        await d.press("enter", "y")
        assert stored(demo_copy).status == "delivered"
        here = d.send

        await d.press("full_stop")
        assert "is not usually followed by Delivered" in d.text
        await d.press("y", "n")
        assert d.at_desk
        assert stored(demo_copy, here.ref).override_status is None
        await d.press("full_stop", "a")
        assert stored(demo_copy, here.ref).status == "delivered"


async def test_the_command_of_the_last_verb_does_the_same(
    demo_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 50000 10.0.0.2 22")
    reason = 'it\'s there; "said" $(the carrier)'
    async with desk_open(demo_copy) as d:
        await d.set_status("s", reason=reason)
        await d.press("g", "Y", "c")
        command = d.app.clipboard
        await d.press("u")
        assert d.last_command == f"senddesk undo {STUCK}"
    assert stored(demo_copy).status == "order_received"

    _, *words = shlex.split(command)
    monkeypatch.setenv("SENDDESK_NOW", NOW.isoformat())
    assert run([*words, "--database", str(demo_copy), "--agent", "ana"]) == 0

    now = stored(demo_copy)
    assert (now.status, now.override_reason) == ("shipped", reason)

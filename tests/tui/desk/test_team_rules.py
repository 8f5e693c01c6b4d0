"""The rules on the screen: what each did, switched on and off, and how long offers last."""

from pathlib import Path

import pytest

from tests.support.app_driver import Driver, desk_open
from tests.support.limit import LIMIT
from tui.dialogs.confirm import ConfirmDialog
from tui.dialogs.limits import LimitField, LimitsDialog
from tui.dialogs.rules import RulesDialog
from tui.dialogs.text import TextDialog
from tui.widgets.letter_menu import KeyList


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the list come back after a change however busy the machine is."""
    monkeypatch.setattr("tui.desk.limits._PATIENCE", LIMIT)


def line(d: Driver, name: str) -> str:
    """Return the line of a rule or a span, without its blanks."""
    return next(" ".join(each.split()) for each in d.text.splitlines() if f" {name} " in each)


async def test_a_rule_is_switched_and_a_span_is_set_for_everyone(demo_copy: Path) -> None:
    async with desk_open(demo_copy, size=(120, 40)) as d:
        await d.press("H", "t")
        assert isinstance(d.top, RulesDialog)
        assert "on egift_unopened" in line(d, "egift_unopened")
        assert "its cost goes back to its funding source" in d.text
        await d.press("e")
        assert isinstance(d.top, ConfirmDialog)
        await d.press("n")
        assert "on egift_unopened" in line(d, "egift_unopened")
        await d.press("enter", "y")
        await d.until(
            lambda: isinstance(d.top, RulesDialog) and "off egift" in line(d, "egift_unopened")
        )
        assert d.said[-1].startswith("egift_unopened is off · ")
        assert not next(each.is_on for each in d.desk.rules() if each.rule.name == "egift_unopened")

        d.top.query_one(KeyList).point_at("span egift ")
        await d.press("e")
        assert isinstance(d.top, LimitField)
        await d.press("ctrl+u")
        await d.type("now")
        await d.until(lambda: "Write 90d, 7bd or default." in d.text)
        await d.press("ctrl+u")
        await d.type("60d Spring [kit")
        await d.until(lambda: "60 days, sends of Spring [kit" in d.text)
        await d.press("enter")
        await d.until(lambda: isinstance(d.top, RulesDialog) and "Spring [kit" in d.text)
        assert "60 days your team" in line(d, "egift Spring [kit")

        await d.press("L")
        assert isinstance(d.top, TextDialog)
        assert "ana  rule egift_unopened: on → off" in d.text
        await d.press("escape", "escape")
        assert isinstance(d.top, LimitsDialog)
        await d.press("escape")
        assert d.at_desk


async def test_without_the_right_rules_are_shown_to_read(demo_copy: Path) -> None:
    async with desk_open(demo_copy, read_only=True) as d:
        await d.press("colon")
        await d.type("rules")
        await d.press("enter")
        assert isinstance(d.top, RulesDialog)
        assert "To read only" in d.text
        assert "switch it" not in d.text
        await d.press("e", "enter")
        assert isinstance(d.top, RulesDialog)

"""The filter line: what it shows, what typing tells, completions and errors."""

import pytest

from models.errors import BadQuery
from models.reading.counts import Count
from tests.support.pilot import running
from tests.support.sample_cases import HOSTILE
from tests.support.stage import Stage
from tui.widgets.filter.filter_input import FilterInput
from tui.widgets.filter.filter_line import FilterLine
from tui.widgets.filter.text import Completion, coloured, completed, explained


class FilterStage(Stage):
    """Keeps what the filter line says."""

    def on_filter_line_changed(self, event: FilterLine.Changed) -> None:
        self.heard.append(("changed", event.text))

    def on_filter_line_submitted(self, event: FilterLine.Submitted) -> None:
        self.heard.append(("submitted", event.text))

    def on_filter_line_cancelled(self, event: FilterLine.Cancelled) -> None:
        self.heard.append(("cancelled", event.text))


async def test_the_filter_line_shows_the_filter_and_its_count() -> None:
    line = FilterLine()
    app = FilterStage(line)
    async with running(app, size=(80, 6)) as pilot:
        line.text, line.shown, line.total = "is:triage sort:due", Count(312), Count(1_000_000)
        await pilot.pause()
        first = app.text().splitlines()[0]

    assert first.startswith(" / is:triage sort:due")
    assert first.endswith("312 of 1,000,000")


async def test_typing_is_followed_and_enter_submits() -> None:
    line = FilterLine(delay=0)
    app = FilterStage(line)
    async with running(app) as pilot:
        line.text = "is:triage"
        line.edit()
        await pilot.press("a", "b", "enter")
        await pilot.pause()

    assert app.heard == [
        ("changed", "is:triage a"),
        ("changed", "is:triage ab"),
        ("submitted", "is:triage ab"),
    ]


async def test_fast_typing_is_followed_once() -> None:
    line = FilterLine(delay=60)
    app = FilterStage(line)
    async with running(app) as pilot:
        line.edit("")
        await pilot.press("a", "b", "c", "enter")
        await pilot.pause()

    assert app.heard == [("submitted", "abc")]


async def test_an_error_points_at_its_place_and_gives_a_hint() -> None:
    line = FilterLine()
    app = FilterStage(line)
    async with running(app, size=(80, 6)) as pilot:
        line.edit("is:triage statos:x")
        line.error = BadQuery("There is no key “statos”.", 10, "Did you mean status: ?")
        await pilot.pause()
        first, second, third, *_ = app.text().splitlines()
        assert first.startswith(" ✗ is:triage statos:x")
        assert second.index("^") == first.index("statos")
        assert "There is no key “statos”." in second
        assert "Did you mean status: ?" in third

        line.close()
        await pilot.pause()
        assert "✗" not in app.text()


def test_an_error_far_to_the_right_is_still_readable() -> None:
    error = BadQuery("There is no key “statos”.", 200)

    assert explained(error, 80).plain.strip() == "There is no key “statos”."


COMPLETIONS = (Completion("status:shipped", "1,204"), Completion("status:sent", "98"))


@pytest.mark.parametrize(
    ("pressed", "value"),
    [
        (("tab",), "is:triage status:shipped"),
        (("right",), "is:triage status:shipped"),
        (("down", "down", "enter"), "is:triage status:sent"),
        (("up", "tab"), "is:triage status:sent"),
    ],
)
async def test_a_completion_takes_the_place_of_the_word(
    pressed: tuple[str, ...], value: str
) -> None:
    line = FilterLine(delay=60)
    app = FilterStage(line)
    async with running(app) as pilot:
        line.edit("is:triage st")
        line.completions = COMPLETIONS
        await pilot.press(*pressed)
        await pilot.pause()

        assert line.query_one(FilterInput).value == value
        assert app.heard == []


async def test_escape_closes_the_completions_and_then_the_line() -> None:
    line = FilterLine()
    app = FilterStage(line)
    async with running(app) as pilot:
        line.text = "is:mine"
        line.edit()
        line.completions = COMPLETIONS
        await pilot.press("escape")
        assert line.editing
        await pilot.press("escape")
        await pilot.pause()

        assert not line.editing
        assert app.heard == [("cancelled", "is:mine")]


def test_a_completion_may_say_where_it_begins() -> None:
    assert completed("status:shi x", 10, Completion("shipped", start=7)) == ("status:shipped x", 14)


def test_a_hostile_filter_is_shown_as_text() -> None:
    plain = coloured(f"company:{HOSTILE}").plain

    assert "[red]" in plain
    assert "\x1b" not in plain

"""The rail, the tabs, the filter line, the header, the hints and the themes."""

import pytest
from textual.color import Color
from textual.content import Content
from textual.theme import Theme

from models.errors import BadQuery
from models.reading.counts import Count
from tests.support.pilot import running
from tests.support.sample_cases import HOSTILE
from tests.support.stage import Stage
from tui.style.themes import TEXT, THEMES, ZONES
from tui.widgets.desk_header import DeskHeader, number, short_number
from tui.widgets.filter.filter_input import FilterInput
from tui.widgets.filter.filter_line import FilterLine
from tui.widgets.filter.text import Completion, coloured, completed, explained
from tui.widgets.key_hints import KeyHints
from tui.widgets.notice import Notice
from tui.widgets.pick_list import Pick, containing, nearest
from tui.widgets.rail import NextStep, Rail, RailFacet, RailGroup
from tui.widgets.styled_text import hint_line, justified, safe_text, wrapped_field
from tui.widgets.view_tabs import ViewTab, ViewTabs

VIEWS = (
    ViewTab("1", "Triage", Count(312), urgent=True),
    ViewTab("2", "Mine", Count(14)),
    ViewTab("0", "All", Count(1_000_000)),
)
STATUSES = RailGroup(
    "STATUS",
    tuple(RailFacet("status", f"s{n}", f"Status {n}", 90 - n, "✖", "error") for n in range(9)),
    more=12,
)


@pytest.mark.parametrize(
    ("count", "long", "short"),
    [
        (None, "…", "…"),
        (Count(0), "0", "0"),
        (Count(9_412), "9,412", "9,412"),
        (Count(10_000, exact=False), "10,000+", "10.0k+"),
        (Count(48_213), "48,213", "48.2k"),
        (Count(312_000), "312,000", "312k"),
        (Count(1_000_000), "1,000,000", "1.00M"),
    ],
)
def test_counts_are_honest_and_short(count: Count | None, long: str, short: str) -> None:
    assert number(count) == long
    assert short_number(count) == short


def test_a_line_is_cut_on_the_left_before_its_end_is() -> None:
    line = justified(safe_text("Zoë Müller-Łukasiewicz"), safe_text("84.00 USD"), 20)

    assert line.plain.endswith("… 84.00 USD")
    assert line.cell_length == 20


def test_a_wrapped_value_hangs_under_itself_and_says_when_it_is_cut() -> None:
    lines = wrapped_field(
        Content("Because   "), safe_text("one two three four five six"), 20, lines=2
    )

    assert lines[0].plain.startswith("Because   one")
    assert lines[1].plain.startswith(" " * 10)
    assert lines[1].plain.endswith("…")


def test_key_hints_keep_the_last_one_when_room_is_short() -> None:
    pairs = (("s", "status"), ("e", "escalate"), ("?", "help"))

    assert hint_line(pairs, 80).plain == "s status   e escalate   ? help"
    assert hint_line(pairs, 20).plain == "s status   ? help"
    assert hint_line((), 20).plain == ""


async def test_the_rail_shows_views_and_facets_with_their_counts() -> None:
    rail = Rail()
    app = Stage(rail)
    async with running(app, size=(26, 30)) as pilot:
        rail.views, rail.groups, rail.now_open = VIEWS, (STATUSES,), "Triage"
        await pilot.pause()
        text = app.text()

    for said in ("VIEWS", "1 Triage", "312", "1.00M", "STATUS", "✖ Status 0", "12 more… (f)"):
        assert said in text


async def test_a_short_rail_shows_fewer_values_and_counts_the_rest() -> None:
    rail = Rail()
    app = Stage(rail)
    async with running(app, size=(26, 13)) as pilot:
        rail.views, rail.groups = VIEWS, (STATUSES,)
        await pilot.pause()
        text = app.text()

    assert "✖ Status 2" in text
    assert "✖ Status 8" not in text
    more = next(line for line in text.splitlines() if "more…" in line)
    assert int(more.split()[0]) == 12 + 9 - text.count("✖")


class RailStage(Stage):
    """Keeps what the rail says."""

    def on_rail_view_chosen(self, event: Rail.ViewChosen) -> None:
        self.heard.append(event.view.name)

    def on_rail_facet_chosen(self, event: Rail.FacetChosen) -> None:
        self.heard.append((event.key, event.value))


async def test_the_rail_is_worked_with_keys_and_with_the_mouse() -> None:
    rail = Rail()
    app = RailStage(rail)
    async with running(app, size=(26, 30)) as pilot:
        rail.views, rail.groups = VIEWS, (STATUSES,)
        rail.focus()
        await pilot.pause()
        await pilot.press("j", "enter", "down", "down", "enter", "k", "k", "k", "k", "enter")
        await pilot.click(rail, offset=(4, 4))
        await pilot.pause()

    assert app.heard == ["Mine", ("status", "s0"), "Triage", "All"]


async def test_the_open_view_is_always_among_the_tabs() -> None:
    tabs = ViewTabs()
    app = Stage(tabs)
    async with running(app, size=(24, 5)) as pilot:
        tabs.views = VIEWS
        tabs.now_open = "All"
        tabs.display = True
        await pilot.pause()

        assert "0 All 1.00M" in app.text()


async def test_the_next_step_is_one_line() -> None:
    step = NextStep()
    app = Stage(step)
    async with running(app, size=(60, 5)) as pilot:
        step.display = True
        step.title, step.body = "Escalate to Sendoso Support", "18 days with the warehouse " * 5
        await pilot.pause()
        first, *others = app.text().splitlines()

    assert first.startswith(" ▸ Escalate to Sendoso Support  18 days")
    assert first.endswith("…")
    assert not any(others)


@pytest.mark.parametrize(
    ("width", "said", "unsaid"),
    [
        (140, ("312 need an agent", "1,000,000 sends", "live", "ana · support.db"), ()),
        (80, ("Triage", "312 need an agent", "live", "ana · support.db"), ("1,000,000",)),
        (56, ("Triage", "312 need an agent", "RO"), ("support.db",)),
    ],
)
async def test_the_header_gives_up_the_least_important_first(
    width: int, said: tuple[str, ...], unsaid: tuple[str, ...]
) -> None:
    header = DeskHeader()
    app = Stage(header)
    async with running(app, size=(width, 3)) as pilot:
        header.view, header.waiting, header.total = "Triage", Count(312), Count(1_000_000)
        header.state, header.fresh, header.read_only = "live", True, True
        header.agent, header.desk = "ana", "support.db"
        await pilot.pause()
        text = app.text()

    assert "RO" in text
    assert all(part in text for part in said)
    assert not any(part in text for part in unsaid)


async def test_the_hints_and_the_notice_show_what_they_are_given() -> None:
    hints, notice = KeyHints(), Notice()
    app = Stage(notice, hints)
    async with running(app, size=(80, 4)) as pilot:
        hints.hints = (("s", "status"), ("?", "help"))
        await pilot.pause()
        assert app.text().splitlines()[0] == " s status   ? help"

        notice.message, notice.key = f"Database not reachable {HOSTILE}", "r try now"
        await pilot.pause()
        assert app.text().splitlines()[0].startswith(" Database not reachable")

        notice.message = ""
        await pilot.pause()
        assert app.text().splitlines()[0] == " s status   ? help"


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


PICKS = [
    Pick(word, safe_text(word), word) for word in ("Set the status", "Snooze", "Export the list")
]


def test_typing_narrows_to_what_contains_every_word() -> None:
    assert [pick.key for pick in containing("list the", PICKS)] == ["Export the list"]
    assert len(containing("", PICKS)) == 3


def test_the_palette_forgives_a_slip() -> None:
    assert next(iter(nearest("snoze", PICKS))).key == "Snooze"
    assert len(nearest(" ", PICKS)) == 3


def contrast(one: Color, other: Color) -> float:
    """Return the contrast of two colours by WCAG 2.2: 1 to 21."""

    def luminance(colour: Color) -> float:
        parts = [value / 255 for value in colour.rgb]
        linear = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("zone", [*ZONES, "error-muted", "warning-muted", "primary-muted"])
def test_every_text_can_be_read_on_every_zone(theme: Theme, zone: str) -> None:
    colours = theme.to_color_system().generate() | theme.variables
    ground = Color.parse(colours[zone])

    faint = {
        token: round(contrast(Color.parse(colours[token]), ground), 2)
        for token in TEXT
        if contrast(Color.parse(colours[token]), ground) < 4.5
    }

    assert faint == {}


@pytest.mark.parametrize("theme", THEMES[2:], ids=lambda theme: theme.name)
def test_colour_blind_themes_tell_alarm_from_success_by_more_than_red_and_green(
    theme: Theme,
) -> None:
    alarm, good = Color.parse(theme.error or ""), Color.parse(theme.success or "")

    assert alarm.b + 80 < good.b
    assert alarm.r > good.r + 80

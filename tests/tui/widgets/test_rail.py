"""The rail, the tabs of the views, and the next step."""

from models.reading.counts import Count
from tests.support.pilot import running
from tests.support.stage import Stage
from tui.widgets.rail import NextStep, Rail, RailFacet, RailGroup
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

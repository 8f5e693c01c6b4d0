"""The lines at the top and the bottom: header, notice and key hints."""

import pytest

from models.reading.counts import Count
from tests.support.pilot import running
from tests.support.sample_cases import HOSTILE
from tests.support.stage import Stage
from tui.widgets.desk_header import DeskHeader, number, short_number
from tui.widgets.key_hints import KeyHints
from tui.widgets.notice import Notice


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


@pytest.mark.parametrize(
    ("width", "said", "unsaid"),
    [
        (
            140,
            ("312 need an agent", "1,000,000 sends", "live", "ana · support.db · Europe/Berlin"),
            (),
        ),
        (80, ("Triage", "312 need an agent", "live", "Europe/Berlin"), ("1,000,000", "ana")),
        (56, ("Triage", "312 need an agent", "read-only"), ("support.db", "Berlin")),
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
        header.agent, header.desk, header.zone = "ana", "support.db", "Europe/Berlin"
        await pilot.pause()
        text = app.text()

    assert "read-only" in text
    assert all(part in text for part in said)
    assert not any(part in text for part in unsaid)


@pytest.mark.parametrize(
    ("width", "late", "said", "unsaid"),
    [
        (140, False, "1,000 sends  ·  ● live  ·  synced Goody 3m, Sendoso 9m ago", ()),
        (110, False, "need an agent  ·  ● live  ·  synced Goody 3m, Sendoso 9m ago", ("1,000",)),
        (80, False, "need an agent  ·  ● live  ·  Sendoso 9m ago", ("synced", "1,000", "support")),
        (80, True, "need an agent  ·  ● live  ·  sync late: Sendoso 2h", ("1,000",)),
        (62, False, "need an agent  ·  ● live", ("Sendoso",)),
        (76, True, "need an agent  ·  ● live  ·  sync late: Sendoso 2h", ("UTC",)),
        (
            64,
            True,
            "Triage  312 need an agent  ·  ● live  ·  sync late: Sendoso 2h",
            ("Send Desk",),
        ),
        (45, False, "Triage  312 need an agent  ·  ● live", ("Send Desk",)),
    ],
)
async def test_how_fresh_the_platforms_are_outlives_the_total(
    width: int, late: bool, said: str, unsaid: tuple[str, ...]
) -> None:
    header = DeskHeader()
    app = Stage(header)
    async with running(app, size=(width, 3)) as pilot:
        header.view, header.waiting, header.total = "Triage", Count(312), Count(1_000)
        header.state, header.fresh, header.late = "live", True, late
        header.platforms = f"sync late: Sendoso 2h{', Goody 1h' if width < 80 else ''}"
        header.platforms_brief = "sync late: Sendoso 2h"
        if not late:
            header.platforms = "synced Goody 3m, Sendoso 9m ago"
            header.platforms_brief = "Sendoso 9m ago"
        header.agent, header.desk, header.zone = "ana", "support.db", "UTC"
        await pilot.pause()
        text = app.text()

    assert said in text
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

"""The report on the screen: it opens, walks, changes its days, is copied and written."""

from pathlib import Path

from tests.support.app_driver import NOW, desk_open
from tui.dialogs.export import ExportDialog
from tui.dialogs.handover import HandOverDialog
from tui.dialogs.report import ReportDialog


async def test_its_title_is_said_once_at_every_width(demo_copy: Path) -> None:
    for size in ((45, 20), (120, 40)):
        async with desk_open(demo_copy, size=size) as d:
            await d.press("I")
            await d.until(lambda: "Stuck now" in d.text)
            # The moment at which it was made is a part of the title that the dialog has.
            assert "T09:41" not in d.text


async def test_a_lead_reads_it_and_sends_it(demo_copy: Path, tmp_path: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.press("I")
        report = d.top
        assert isinstance(report, ReportDialog)
        await d.until(lambda: report.is_whole)
        assert report.sections[0].key == "stuck"
        assert "Stuck now" in d.text

        await d.press("greater_than_sign")
        await d.until(lambda: report.is_whole and report.since == "90d")
        assert report.heading_read is not None
        assert report.heading_read.days == 90
        await d.press("right_square_bracket", "right_square_bracket")
        assert "Limits passed" in d.text

        await d.press("x")
        await d.until(lambda: isinstance(d.top, ExportDialog))
        path = tmp_path / "friday.html"
        await d.press("ctrl+u")
        await d.paste(str(path))
        await d.press("enter")
        await d.until(path.exists)
        await d.until(lambda: any(str(path) in each for each in d.said))
        assert "90 days" in path.read_text(encoding="utf-8")


async def test_my_own_day_is_ready_to_hand_over(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.press("a", "I")
        await d.until(lambda: isinstance(d.top, ReportDialog))
        await d.press("s")
        await d.until(lambda: isinstance(d.top, HandOverDialog))
        assert "ana, Fri 20 Nov" in d.text
        assert "In triage now" in d.text
        await d.press("escape")
        assert d.clock() == NOW

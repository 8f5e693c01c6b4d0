"""The credits on the screen: their sums, one funding source after the other, and the way to a send."""

from datetime import timedelta
from pathlib import Path

from models.database import open_database
from models.providers.incoming import Incoming
from tests.support.app_driver import NOW, desk_open
from tests.support.desk_cases import egift, fact, take_into
from tui.dialogs.credits import CreditsDialog


def ended(number: int, source: str, days: int) -> Incoming:
    return egift(
        number, fact("Sent", NOW - timedelta(days=95)), expires_at=NOW - timedelta(days=days),
        cost_minor=4500, currency="USD", funding_source=source,
    )  # fmt: skip


def owing(path: Path) -> None:
    """Let one credit be overdue, one expected and one confirmed."""
    database = open_database(path)
    paid = egift(
        3, fact("Sent", NOW - timedelta(days=95)), fact("Refunded", NOW - timedelta(days=2)),
        cost_minor=900, currency="EUR", funding_source="Sales",
    )  # fmt: skip
    take_into(database, [ended(1, "Marketing", 9), ended(2, "Sales", 1), paid], NOW)
    database.close()


async def test_what_is_open_comes_first_and_leads_to_its_send(file_address: str) -> None:
    owing(Path(file_address))
    async with desk_open(Path(file_address)) as d:
        await d.press("dollar_sign")
        assert isinstance(d.top, CreditsDialog)
        await d.until(lambda: "every funding source, what is open" in d.text)
        assert "overdue 2d" in d.text
        assert "6d left" in d.text
        assert "S-3" not in d.text

        await d.press("f")
        await d.until(lambda: "Marketing, what is open" in d.text)
        assert "S-2" not in d.text
        await d.press("F", "F")
        await d.until(lambda: "Sales, what is open" in d.text)
        await d.press("m")
        await d.until(lambda: "Sales, what is confirmed" in d.text)
        assert "9.00 EUR" in d.text
        await d.press("m", "f")
        await d.until(lambda: "every funding source, all" in d.text)

        await d.press("g", "enter")
        assert (d.at_desk, d.query, d.send.ref) == (True, "id:S-1", "S-1")
        assert "Ask Sendoso Support for the credit" in d.text


async def test_a_desk_without_credits_says_how_they_come(file_address: str) -> None:
    async with desk_open(Path(file_address)) as d:
        await d.press("dollar_sign")
        await d.until(lambda: "There are no credits yet" in d.text)
        await d.press("enter", "dollar_sign")
        assert d.at_desk


async def test_every_width_shows_what_is_owed_and_how_late_it_is(file_address: str) -> None:
    owing(Path(file_address))
    async with desk_open(Path(file_address), size=(45, 20)) as d:
        await d.press("dollar_sign")
        await d.until(lambda: "overdue 2d" in d.text)
        assert "Marketing         45.00 USD" in d.text
        assert "Sales                          45.00 USD" in d.text
        assert "Wed 11 Nov" not in d.text
        await d.press("j")
        await d.pilot.resize_terminal(120, 40)
        await d.until(lambda: "Wed 11 Nov" in d.text)
        assert "Recipient 2" in d.text
        await d.pilot.resize_terminal(45, 20)
        await d.until(lambda: "Wed 11 Nov" not in d.text)
        await d.press("enter")
        assert (d.at_desk, d.send.ref) == (True, "S-2")

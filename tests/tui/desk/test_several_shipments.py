"""Several shipments at the desk: tracking page, copies, packet and texts take the one that is meant."""

from pathlib import Path

import pytest

from models.providers.goody import payloads as goody
from tests.support.app_driver import NOW, Driver, colleague, desk_open
from tests.support.desk_cases import take_into

ORDER = "0b6f3c1e-7a55-4c0e-9d1b-5a3f0e2c9a11"


@pytest.fixture(autouse=True)
def _over_ssh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let copies go to the terminal, whose clipboard tests can read."""
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 50000 10.0.0.2 22")


def have_shipments(path: Path, *states: str) -> None:
    """Give the desk at *path* an order with a shipment in each of *states*, called a, b, c."""
    shipments = [
        {
            **{
                "id": name,
                "status": state,
                "tracking_carrier": "UPS",
                "tracking_number": f"1Z{name}",
            },
            "tracking_url": f"https://www.example.com/track/{name}",
        }
        for name, state in zip("abc", states, strict=False)
    ]
    told = {"id": ORDER, "status": "shipped", "individual_gift_link": "x", "shipments": shipments}
    other = colleague(path)
    take_into(other.database, [goody.read(told)], NOW)
    other.database.close()


async def at_order(d: Driver) -> None:
    await d.press("0", "slash")
    await d.type("id:G-0b6f3c1e")
    await d.press("enter")
    await d.until(lambda: d.send.external_id == ORDER)


async def test_the_tracking_page_of_the_failed_one_opens_without_a_question(
    demo_copy: Path,
) -> None:
    have_shipments(demo_copy, "shipped", "failed", "delivered")
    async with desk_open(demo_copy) as d:
        await at_order(d)
        await d.press("o")
        assert d.app.clipboard == "https://www.example.com/track/b"


async def test_of_several_in_question_the_agent_picks_one(demo_copy: Path) -> None:
    have_shipments(demo_copy, "delivered", "shipped", "shipped")
    async with desk_open(demo_copy) as d:
        await at_order(d)
        await d.press("o")
        assert "Which shipment of G-0b6f3c1e?" in d.text
        await d.press("2")
        assert d.app.clipboard == "https://www.example.com/track/c"
        await d.press("Y", "t", "1")
        assert d.app.clipboard == "1Zb"
        await d.press("Y", "p", "a")
        assert "Tracking number: 1Zb" in d.app.clipboard
        assert "Tracking number: 1Zc" in d.app.clipboard
        await d.press("i", "3", "y")
        assert "Tracking: UPS 1Za" in d.app.clipboard
        assert "1Zb" not in d.app.clipboard


async def test_a_question_that_is_left_does_nothing(demo_copy: Path) -> None:
    have_shipments(demo_copy, "shipped", "shipped")
    async with desk_open(demo_copy) as d:
        await at_order(d)
        for keys in (("o",), ("i",), ("e",), ("Y", "p")):
            await d.press(*keys)
            assert "Which shipment of" in d.text
            await d.press("escape")
            assert d.at_desk
        assert d.app.clipboard == ""
        assert d.send.escalated_at is None


async def test_the_packet_that_is_escalated_is_about_the_one_that_was_picked(
    demo_copy: Path,
) -> None:
    have_shipments(demo_copy, "failed", "failed")
    async with desk_open(demo_copy) as d:
        await at_order(d)
        await d.press("e", "2", "y")
        assert "Tracking number: 1Zb" in d.app.clipboard
        assert "Other shipment:  1Za, UPS, Failed" in d.app.clipboard

"""Order batches and refunds on the screen: the view, the way to the orders and back, the verbs, the sign."""

from contextlib import closing
from pathlib import Path

import pytest

from models.database import open_database
from models.providers.incoming import Refund
from models.reading.counts import Count
from tests.support.app_driver import NOW, desk_open
from tests.support.desk_cases import batch, fact, order, take_into
from tests.support.sample_cases import ago

MADE, LATE = "a7b6c5d4-e3f2", "b7b6c5d4-e3f2"
OF_BATCH = {"batch": MADE, "campaign": "Tea", "currency": "USD", "cost_minor": 4315}
SENDS = (
    batch(MADE, fact("complete", ago(days=3)), campaign="Kits", orders_count=2, recipients_count=2),
    batch(LATE, campaign="Late kits", orders_count=3, recipients_count=40),
    order("o-1", fact("paid", ago(days=2)), **OF_BATCH),
    order("o-2", fact("shipped", ago(days=1)), **OF_BATCH)._replace(refund=Refund(ago(hours=2), 4315)),
    order("o-3", fact("paid", ago(days=2))),
)  # fmt: skip
VIEW = "is:batch sort:due,-id"


@pytest.fixture
def path(empty_file: Path, tmp_path: Path) -> Path:
    """A desk with two batches, two orders of one of them and an order of none."""
    path = tmp_path / "batches.db"
    path.write_bytes(empty_file.read_bytes())
    with closing(open_database(path)) as database:
        take_into(database, SENDS, NOW)
    return path


async def test_the_seventh_view_has_the_batches_and_nothing_of_companies(path: Path) -> None:
    async with desk_open(path) as d:
        assert "7 Batches 2" in d.text
        assert "3 sends" in d.text
        await d.press("0")
        assert "Company" in d.text
        await d.press("7")
        assert d.query == VIEW
        assert [each.external_id for each in await d.rows()] == [LATE, MADE]
        assert "3/40 Late kits" in d.text
        # Batches are not among the sends.
        await d.until(lambda: d.line.total == Count(3))
        assert d.line.counted == "2"
        assert "Company" not in d.text


async def test_without_batches_there_is_no_such_view(empty_file: Path) -> None:
    async with desk_open(empty_file) as d:
        before = d.query
        await d.press("7")
        assert d.query == before
        assert "Batches" not in d.text


async def test_the_way_leads_from_a_batch_to_its_orders_and_to_the_batch_and_back(
    path: Path,
) -> None:
    async with desk_open(path) as d:
        await d.press("7", "G", "O", "o")
        assert d.query == f"batch:{MADE}"
        assert {each.external_id for each in await d.rows()} == {"o-1", "o-2"}
        assert "Company" in d.text
        await d.press("O", "o")
        assert d.send.external_id == MADE
        await d.press("escape", "escape")
        assert (d.query, d.send.external_id) == (VIEW, MADE)


async def test_a_late_batch_is_worked_on_like_a_send(path: Path) -> None:
    async with desk_open(path) as d:
        assert [each.external_id for each in await d.rows()] == [LATE]
        assert "Escalate to Goody Support" in d.text
        await d.press("a", "d")
        assert await d.rows() == []
        await d.press("2")
        assert [each.external_id for each in await d.rows()] == [LATE]


async def test_its_case_says_how_far_its_orders_are(path: Path) -> None:
    async with desk_open(path, size=(200, 60)) as d:
        await d.press("7", "G")
        for piece in ("2 of 2 orders", "Orders by status", "◑ Paid", "◕ Shipped", "orders 2"):
            assert piece in d.text


async def test_a_refund_has_a_sign_a_line_and_an_entry(path: Path) -> None:
    async with desk_open(path, query="is:refunded") as d:
        assert [each.external_id for each in await d.rows()] == ["o-2"]
        assert "Shipped $" in d.text
        assert "Refunded  43.15 USD" in d.text
        assert "$ refunded 43.15 USD" in d.text

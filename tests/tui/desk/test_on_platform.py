"""Cancel and extend at the desk: asked first, done at the platform, told with its answer."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from models.providers.goody import payloads as goody
from models.records import EventKind
from tests.support.app_driver import NOW, Driver, colleague, desk_open
from tests.support.desk_cases import take_into
from tests.support.sandbox import KEY, Running, running_sandbox


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_sandbox(tmp_path_factory.mktemp("sandbox"), now=NOW.isoformat()) as running:
        yield running


@pytest.fixture
def orders(demo_copy: Path, sandbox: Running, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two new orders of the sandbox, which the desk knows and is connected to."""
    monkeypatch.setenv("SENDDESK_GOODY_URL", sandbox.url)
    monkeypatch.setenv("SENDDESK_GOODY_KEY", KEY)
    batch = sandbox.batch(2)
    found = sandbox.get(f"/v1/order_batches/{batch['id']}/orders")["data"]
    ids = [str(each["id"]) for each in found]
    other = colleague(demo_copy)
    take_into(other.database, [goody.read(sandbox.order(each)) for each in ids], NOW)
    other.database.close()
    return ids


async def at(d: Driver, *orders: str) -> None:
    """List the orders, with the cursor on the first."""
    await d.press("0", "slash")
    await d.type(f"id:{','.join(f'G-{each[:8]}' for each in orders)}")
    await d.press("enter")
    await d.until(lambda: d.count == len(orders))


async def test_a_cancel_is_agreed_to_first(
    demo_copy: Path, sandbox: Running, orders: list[str]
) -> None:
    async with desk_open(demo_copy) as d:
        await at(d, orders[0])
        await d.press("X")
        assert "No undo takes that back" in d.text
        await d.press("enter")
        assert d.at_desk
        assert sandbox.order(orders[0])["status"] in ("created", "notified")
        await d.press("X", "y")
        await d.until(lambda: d.said and "Goody has canceled it" in d.said[-1])
        assert "undoes" not in d.said[-1]
        assert sandbox.order(orders[0])["status"] == "failed"
        kinds = [each.kind for each in d.case.history]
        assert kinds[:3] == [EventKind.FACT, EventKind.ANSWER, EventKind.CANCEL]
        await d.press("u")
        assert "cannot be taken back" in d.said[-1]


async def test_another_end_is_chosen_or_typed(
    demo_copy: Path, sandbox: Running, orders: list[str]
) -> None:
    async with desk_open(demo_copy) as d:
        await at(d, orders[0])
        await d.press("N", "t")
        until = NOW + timedelta(days=14)
        await d.until(lambda: d.case.send.expires_at == until)
        assert datetime.fromisoformat(sandbox.order(orders[0])["expires_at"]) == until
        await d.press("N")
        assert "one week from now sooner" in " ".join(d.text.split())
        await d.press("slash")
        await d.type("2027-01-31 18:00")
        assert "ends Sun 31 Jan 2027 18:00" in d.text
        await d.press("enter")
        await d.until(lambda: sandbox.order(orders[0])["expires_at"].startswith("2027-01-31T18"))


async def test_a_refusal_is_shown_as_it_is(
    demo_copy: Path, sandbox: Running, orders: list[str]
) -> None:
    sandbox.accept(sandbox.order(orders[0]))
    async with desk_open(demo_copy) as d:
        await at(d, orders[0])
        await d.press("X", "y")
        await d.until(lambda: d.said and "Goody refuses: “Order can't be canceled" in d.said[-1])
        # What the platform said about it is there too: the next try is not even asked about.
        await d.until(lambda: d.case.send.provider_status not in ("created", "notified"))
        await d.press("X")
        assert d.at_desk
        assert "ask Goody Support" in d.said[-1]


async def test_several_are_previewed_and_each_has_its_answer(
    demo_copy: Path, sandbox: Running, orders: list[str]
) -> None:
    async with desk_open(demo_copy) as d:
        await at(d, *orders)
        await d.press("space", "space", "X")
        assert "canceled on the platform" in d.text
        told = await d.agree()
        assert "2 done" in told
        assert "undo what was written" not in told
        assert {sandbox.order(each)["status"] for each in orders} == {"failed"}


async def test_elsewhere_it_says_whom_to_ask(demo_copy: Path) -> None:
    async with desk_open(demo_copy, query="status:opened platform:sendoso") as d:
        for key, whom in (
            ("X", "Sendoso cancels no eGift"),
            ("N", "Sendoso gives a send no later end"),
        ):
            await d.press(key)
            assert d.at_desk
            assert whom in d.said[-1]
        await d.press("enter", "right_square_bracket", "right_square_bracket")
        assert "Sendoso cancels no eGift" in " ".join(d.text.split())


async def test_what_is_only_read_asks_no_platform(
    demo_copy: Path, sandbox: Running, orders: list[str]
) -> None:
    async with desk_open(demo_copy, read_only=True) as d:
        await at(d, orders[0])
        await d.press("X")
        assert d.at_desk
        assert sandbox.order(orders[0])["status"] in ("created", "notified")

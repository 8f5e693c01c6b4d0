"""A server that is away when the desk starts: it opens on nothing, and by itself when the server is there."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from models.database import open_database
from tests.support.app_driver import NOW, SIZES, desk_open
from tests.support.cutting_proxy import CuttingProxy
from tests.support.desk_cases import fact, parcel, take_into
from tui.keys import DESK_KEYS


@pytest.fixture
def folder(server_address: str) -> Path:
    """Where the server listens."""
    database = open_database(server_address)
    take_into(database, [parcel(1, fact("Order Received", NOW))], NOW)
    database.close()
    return Path(parse_qs(urlsplit(server_address).query)["host"][0])


@pytest.fixture
def door(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the desk looks for the server, and nobody listens yet."""
    return tmp_path_factory.mktemp("d")


@pytest.fixture
def far(server_address: str, door: Path, folder: Path) -> Any:
    """The address of the server behind the door."""
    return urlsplit(server_address)._replace(query=f"host={door}").geturl()


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_desk_opens_when_the_server_is_there(
    far: Any, door: Path, folder: Path, size: tuple[int, int]
) -> None:
    async with desk_open(far, size, query="sort:due", is_there=False) as d:
        assert d.app.is_running
        assert "cannot be reached" in d.notice.message
        assert "not open yet" in d.header.state
        assert "opens by itself" in d.text
        assert "r  try now" in d.text
        # It waits quietly: what is wrong stands in one place and is not repeated.
        assert d.said == []
        with CuttingProxy(folder, door):
            await d.until(lambda: d.is_open)
            await d.until(lambda: d.header.fresh)
            assert not d.notice.message
            assert d.send.ref == "S-1"


async def test_a_view_that_cannot_be_read_is_not_opened(far: Any, door: Path, folder: Path) -> None:
    with CuttingProxy(folder, door) as proxy:
        async with desk_open(far, query="sort:due", is_there=False) as d:
            await d.until(lambda: d.is_open)
            await d.until(lambda: d.header.fresh)
            before = (d.view, d.query, d.send)
            proxy.cut(0)
            await d.press("2")
            await d.until(lambda: d.notice.message)
            await d.settle()
            assert (d.view, d.query, d.send) == before
            d.said.clear()
            await d.press("u")
            assert d.said == ["That needs the database, which does not answer."]


async def test_r_tries_at_once(far: Any, door: Path, folder: Path) -> None:
    async with desk_open(far, query="sort:due", is_there=False) as d:
        for _ in range(4):
            await d.press("r")
            assert not d.is_open
        with CuttingProxy(folder, door):
            await d.press("r")
            await d.until(lambda: d.is_open)
            assert d.send.ref == "S-1"


async def test_no_key_does_harm_while_the_server_is_away(far: Any) -> None:
    async with desk_open(far, is_there=False) as d:
        for row in DESK_KEYS:
            if row.keys and row.id != "desk.quit":
                await d.press(row.keys.partition(",")[0])
                while not d.at_desk or d.line.editing:
                    await d.press("escape")
        for digit in "1234567890":
            await d.press(digit)
        assert d.app.is_running
        assert d.notice.message
        await d.press("q")
        assert not d.app.is_running


async def test_what_waiting_does_not_mend_is_said_at_once(server_address: str) -> None:
    nobody: Any = urlsplit(server_address)._replace(path="/no_such_desk").geturl()
    async with desk_open(nobody, is_there=False) as d:
        assert not d.app.is_running
        assert d.app.return_code == 1

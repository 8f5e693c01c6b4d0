"""What keys do while the first rows are there and the database is still being opened."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event

import pytest

from models.database import open_database
from models.desk import Desk
from models.reading.first_rows import first_rows
from tests.support.app_driver import NOW
from tests.support.desk_cases import HandClock
from tests.support.limit import LIMIT
from tests.support.pilot import SteadyPilot, running
from tests.support.stage import shown
from tui.app import SendDesk
from tui.keys import DESK_KEYS, KeyRow
from tui.settings import StartOptions


@asynccontextmanager
async def opening(
    path: Path, may_open: Event, patience: float
) -> AsyncIterator[tuple[SendDesk, SteadyPilot]]:
    """Open a desk on the file at *path* that has shown its first rows and waits for *may_open*.

    Args:
        path: The file.
        may_open: Lets the database be opened.
        patience: Seconds that a key waits.
    """
    clock = HandClock(NOW)

    def opener() -> Desk:
        may_open.wait()
        return Desk(open_database(path), "ana", clock)

    app = SendDesk(
        StartOptions(
            agent="ana",
            opener=opener,
            first_rows=lambda: first_rows(str(path), NOW),
            clock=clock,
        )
    )
    app.patience = patience
    try:
        async with running(app) as pilot:
            await pilot.until(lambda: "S-104972" in shown(app), lambda: shown(app))
            try:
                yield app, pilot
            finally:
                may_open.set()
    finally:
        may_open.set()


@pytest.mark.parametrize("row", DESK_KEYS, ids=lambda row: row.id)
async def test_a_key_that_comes_too_early_does_no_harm(demo_copy: Path, row: KeyRow) -> None:
    may_open = Event()
    async with opening(demo_copy, may_open, patience=0.02) as (app, pilot):
        for key in filter(None, row.keys.split(",")):
            pilot.send_key(key)
        await pilot.until(lambda: not app.is_behind or not app.is_running, lambda: shown(app))
        may_open.set()
        await pilot.pause()
    assert app.return_code in (None, 0)


async def test_what_is_typed_too_early_waits_for_the_desk(demo_copy: Path) -> None:
    may_open = Event()
    async with opening(demo_copy, may_open, patience=LIMIT) as (app, pilot):
        for key in ("j", "slash", *"gita"):
            pilot.send_key(key)
        await pilot.pause()
        assert "gita" not in shown(app)
        may_open.set()
        await pilot.until(lambda: "/ is:triage sort:due gita" in shown(app), lambda: shown(app))

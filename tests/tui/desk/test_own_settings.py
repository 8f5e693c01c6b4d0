"""The agent's own keys and colours in the running desk."""

from pathlib import Path

from models.database import open_database
from models.desk import Desk
from tests.support.app_driver import NOW, Driver
from tests.support.desk_cases import HandClock
from tui.app import SendDesk
from tui.dialogs.note import NoteDialog
from tui.settings import Settings
from tui.style.themes import LIGHT


async def test_own_keys_take_the_place_of_the_usual_ones(demo_copy: Path) -> None:
    clock = HandClock(NOW)
    settings = Settings(
        agent="ana",
        opener=lambda: Desk(open_database(demo_copy), "ana", clock),
        clock=clock,
        theme=LIGHT,
        keys={"desk.note": "T", "list.down": "J,down"},
    )
    app = SendDesk(settings)
    async with app.run_test(size=(120, 40)) as pilot:
        d = Driver(pilot, clock)
        await d.until(lambda: d.is_open)
        await d.settle()
        assert app.theme == LIGHT

        await d.press("J", "j", "c")
        assert d.send_list.cursor_index == 1
        assert d.at_desk

        await d.press("T")
        assert isinstance(d.top, NoteDialog)

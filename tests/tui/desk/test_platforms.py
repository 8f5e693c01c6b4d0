"""The header says how fresh the platforms are, and `:sync` reads them beside the agent's work."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from models.database import open_database
from models.live.api import Patience
from models.live.settings import PlatformSettings
from models.live.state import write_state
from models.live.sync import Sync
from models.providers import goody
from models.providers.provider import Provider
from tests.support.app_driver import NOW, Driver, desk_open
from tests.support.desk_cases import HandClock
from tests.support.limit import LIMIT
from tests.support.platform_server import Answered, Asked, Platform, platform
from tests.support.small_goody import KEY, SmallGoody
from tui.dialogs.help import HelpScreen


@pytest.fixture
def there() -> SmallGoody:
    return SmallGoody(now=NOW - timedelta(hours=2))


@pytest.fixture
def of(there: SmallGoody) -> Iterator[Platform]:
    with platform(there.answer) as running:
        yield running


def settings_at(address: str, key: str = KEY) -> "SettingsOf":
    return SettingsOf(address, key)


class SettingsOf:
    """How the platforms are reached: Goody on loopback, no other at all."""

    def __init__(self, address: str, key: str) -> None:
        self.environ = {"SENDDESK_GOODY_URL": address, "SENDDESK_GOODY_KEY": key}

    def __call__(self, provider: Provider) -> PlatformSettings:
        return PlatformSettings(provider, environ=self.environ)


async def run_sync(d: Driver) -> None:
    """Choose the sync in the palette; it is not waited for."""
    await d.press("colon")
    await d.type("sync")
    d.send_key("enter")


def synced(path: str, of: Platform, clock: HandClock) -> None:
    """Sync once, as another program would."""
    settings = settings_at(of.address)(goody.PROVIDER)
    database = open_database(path)
    Sync(database=database, settings=settings, agent="cron", clock=clock, every=300).run()
    database.close()


def top_line(d: Driver) -> str:
    return d.text.splitlines()[0]


async def test_the_agent_goes_on_while_the_platforms_are_read(
    file_address: str, there: SmallGoody, of: Platform
) -> None:
    there.add(30, "opened")
    leave = threading.Event()

    def hold_up(asked: Asked) -> None:
        if asked.path == "/v1/order_batches":
            assert leave.wait(LIMIT)

    there.before = hold_up
    async with desk_open(Path(file_address), settings_of=settings_at(of.address)) as d:
        try:
            await run_sync(d)
            await d.until(lambda: "Goody: orders 30 of 30" in top_line(d))
            d.send_key("0")
            await d.until(lambda: d.view.name == "All")
            d.send_key("question_mark")
            await d.until(lambda: isinstance(d.top, HelpScreen))
            d.send_key("escape")
            await d.until(lambda: d.at_desk)
        finally:
            leave.set()
        await d.until(lambda: any(each.startswith("Goody: ") for each in d.said))
        await d.until(lambda: "synced Goody 0m ago" in top_line(d))
        await d.until(lambda: d.count == 30)
        assert "30 new" in d.said[-1]


async def test_what_others_have_synced_is_told_and_when_it_is_late(
    file_address: str, there: SmallGoody, of: Platform
) -> None:
    clock = HandClock(NOW)
    there.add(1)
    synced(file_address, of, clock)
    async with desk_open(Path(file_address), clock=clock) as d:
        await d.until(lambda: "synced Goody 0m ago" in top_line(d))
        with d.desk.database.write() as connection:
            write_state(connection, "sendoso", {"synced_at": NOW - timedelta(minutes=9)})
        d.look_at_platforms()
        await d.until(lambda: "synced Goody 0m, Sendoso 9m ago" in top_line(d))
        assert d.header.platforms_brief == "Sendoso 9m ago"

        clock.now += timedelta(minutes=30)
        d.look_at_platforms()

        await d.until(lambda: "sync late: Goody 30m" in top_line(d))
        assert d.header.late
        assert d.header.platforms_brief == "sync late: Goody 30m"


async def test_a_sync_that_failed_is_told_however_fresh_the_last_one_is(
    file_address: str, there: SmallGoody, of: Platform
) -> None:
    clock = HandClock(NOW)
    there.add(1)
    synced(file_address, of, clock)
    async with desk_open(Path(file_address), clock=clock) as d:
        await d.until(lambda: "synced Goody 0m ago" in top_line(d))
        with d.desk.database.write() as connection:
            write_state(connection, "goody", {"problem": "Goody fails (answer 500)."})
        d.look_at_platforms()
        await d.until(lambda: "sync failed: Goody 0m" in top_line(d))
        assert d.header.late


async def test_a_desk_without_platforms_says_nothing_of_them(file_address: str) -> None:
    async with desk_open(Path(file_address)) as d:
        await d.settle()
        assert "sync" not in top_line(d)


@pytest.mark.parametrize(
    ("key", "answer", "told"),
    [
        ("", Answered(), "SENDDESK_SENDOSO_TOKEN"),
        (
            KEY,
            Answered({"error": f"not {KEY}"}, 401),
            "Goody refuses the key (answer 401: not ***).",
        ),
        (KEY, Answered(status=500), "Goody fails (answer 500)."),
    ],
)
async def test_why_it_did_not_work(
    file_address: str, there: SmallGoody, of: Platform, monkeypatch: pytest.MonkeyPatch,
    key: str, answer: Answered, told: str,
) -> None:  # fmt: skip
    monkeypatch.setattr("models.live.api.PATIENCE", Patience(attempts=1))
    there.before = lambda asked: answer
    async with desk_open(
        Path(file_address), size=(160, 40), settings_of=settings_at(of.address, key)
    ) as d:
        await run_sync(d)
        await d.until(lambda: any(told in each for each in d.said))
        await d.settle()

        assert KEY not in "".join(d.said) + d.text


async def test_a_desk_that_is_only_read_syncs_nothing(file_address: str, of: Platform) -> None:
    settings_of = settings_at(of.address)
    async with desk_open(Path(file_address), read_only=True, settings_of=settings_of) as d:
        await run_sync(d)
        await d.settle()

    assert of.asked == []


async def test_leaving_waits_for_no_platform(
    file_address: str, there: SmallGoody, of: Platform
) -> None:
    there.add(1)
    entered, leave = threading.Event(), threading.Event()

    def hold_up(asked: Asked) -> None:
        entered.set()
        leave.wait(LIMIT)

    there.before = hold_up
    try:
        async with desk_open(Path(file_address), settings_of=settings_at(of.address)) as d:
            await run_sync(d)
            await d.until(entered.is_set)
            d.send_key("q")
            await d.until(lambda: not d.app.is_running)
        assert not leave.is_set()
    finally:
        leave.set()

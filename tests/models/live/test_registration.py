"""Webhooks are registered and removed at the platform, once, and what they bring arrives."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest

from models.database import Database, open_database
from models.errors import DeskError, ReadOnly
from models.live import rereading
from models.live.api import Api, Patience, Refused, Unreachable
from models.live.registration import Registry, checked_url
from models.live.rereading import Rereader
from models.live.settings import PlatformSettings
from models.providers import catalogue, goody
from tests.support.limit import LIMIT
from tests.support.sample_cases import NOW
from tests.support.sandbox import KEY, Running, running_sandbox

URL = "https://desk.example/webhooks/goody"
OTHER = "https://other.example/hooks"


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Running]:
    with running_sandbox(tmp_path) as running:
        yield running


Registers = Callable[..., Registry]


@pytest.fixture
def registry(database: Database, there: Running) -> Iterator[Registers]:
    """What registers webhooks of this desk, at the sandbox unless told otherwise."""
    haste = Patience(attempts=2, first=0.001, longest=0.002, jitter=0.001)
    with ExitStack() as opened:

        def make(url: str = there.url, key: str = KEY, desk: Database = database) -> Registry:
            environ = {"SENDDESK_GOODY_URL": url, "SENDDESK_GOODY_KEY": key}
            settings = PlatformSettings(goody.PROVIDER, environ=environ)
            api = opened.enter_context(Api(settings, patience=haste))
            return Registry(desk, api, goody.PROVIDER)

        yield make


def at_the_platform(there: Running) -> list[str]:
    return [each["url"] for each in there.get("/sandbox/webhooks")["data"]]


def test_a_webhook_is_registered_once_for_all_events_and_removed(
    registry: Registers, there: Running
) -> None:
    found = registry()
    done = found.register(URL, agent="ana", now=NOW)
    again = found.register(URL, agent="jo", now=NOW)
    assert (done.is_new, again.is_new, again.endpoint) == (True, False, done.endpoint)
    (kept,) = there.get("/sandbox/webhooks")["data"]
    webhook = catalogue.provider("goody").webhook
    assert webhook is not None
    assert (kept["url"], kept["events"]) == (URL, list(webhook.EVENTS))
    assert [each.endpoint for each in found.unregister(URL)] == [done.endpoint]
    assert at_the_platform(there) == []
    with pytest.raises(DeskError, match="No such webhook"):
        found.unregister("")


def test_all_of_this_desk_are_removed_or_one_by_its_id(registry: Registers, there: Running) -> None:
    found = registry()
    first, _ = (found.register(url, agent="ana", now=NOW) for url in (URL, OTHER))
    stranger = there.post("/v1/webhooks", {"url": "https://strangers.example/x"})["id"]
    found.unregister(first.endpoint)
    assert at_the_platform(there) == [OTHER, "https://strangers.example/x"]
    found.unregister("")
    found.unregister(stranger)
    assert at_the_platform(there) == []


def test_one_that_is_gone_at_the_platform_is_forgotten(registry: Registers, there: Running) -> None:
    found = registry()
    done = found.register(URL, agent="ana", now=NOW)
    there.client.delete(f"/v1/webhooks/{done.endpoint}")
    with pytest.raises(Refused):
        found.unregister("106b2d34-eea8-4de3-8e41-46f6bb65a8c3")
    assert [each.endpoint for each in found.unregister(URL)] == [done.endpoint]


def test_what_was_registered_elsewhere_is_another_matter(
    registry: Registers, tmp_path: Path
) -> None:
    registry().register(URL, agent="ana", now=NOW)
    (folder := tmp_path / "other").mkdir()
    with running_sandbox(folder) as other:
        assert registry(other.url).register(URL, agent="ana", now=NOW).is_new


def test_a_refusal_is_told_and_nothing_is_kept(registry: Registers, there: Running) -> None:
    with pytest.raises(Refused, match="refuses the key"):
        registry(key="wrong").register(URL, agent="ana", now=NOW)
    with pytest.raises(Unreachable):
        registry("http://127.0.0.1:9").register(URL, agent="ana", now=NOW)
    with pytest.raises(DeskError, match="No such webhook"):
        registry().unregister("")


def test_a_desk_that_is_only_read_registers_nothing(
    registry: Registers, file_address: str, there: Running
) -> None:
    with closing(open_database(file_address, read_only=True)) as database:
        with pytest.raises(ReadOnly):
            registry(desk=database).register(URL, agent="ana", now=NOW)
        assert at_the_platform(there) == []


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        (URL, URL), ("https://desk.example", URL), ("https://desk.example/", URL),
        ("http://127.0.0.1:8770", "http://127.0.0.1:8770/webhooks/goody"),
        ("https://desk.example:8443/in?x=1", "https://desk.example:8443/in?x=1"),
    ],
)  # fmt: skip
def test_an_address_is_completed(text: str, whole: str) -> None:
    assert checked_url(text, "goody") == whole


@pytest.mark.parametrize(
    "text",
    ["", "desk.example", "http://desk.example", "ftp://desk.example", "https://", "https://a@b.example", "https://a b",
     "https://desk.example\n", "https://[", "https://desk.example:0", "https://désk.example", "https://" + "x" * 3000],
)  # fmt: skip
def test_what_is_no_address_for_a_webhook_is_refused(text: str) -> None:
    with pytest.raises(DeskError, match="no address for a webhook"):
        checked_url(text, "goody")


async def test_many_messages_cause_one_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rereading, "_GATHERS", 0.01)
    monkeypatch.setattr(rereading, "_RESTS", 0.01)
    read = asyncio.Semaphore(0)
    loop = asyncio.get_running_loop()
    told: list[str] = []

    def fail(stop: threading.Event) -> None:
        loop.call_soon_threadsafe(read.release)
        raise DeskError("The platform does not answer.")

    rereader = Rereader(fail, told.append)
    running = asyncio.create_task(rereader.run())
    for _ in range(2):
        for _ in range(100):
            rereader.want()
        await asyncio.wait_for(read.acquire(), LIMIT)
    assert read.locked()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    # It is told once, not with each reading.
    assert told == ["The platform does not answer."]

"""The word `sync`: the platforms are read, one or all, and what came is told in sentences."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from models.desk import Desk
from models.live.api import Patience
from models.live.settings import PlatformSettings
from models.providers.provider import Provider
from tests.support.app_driver import NOW
from tests.support.platform_server import Answered, Platform, platform
from tests.support.small_goody import KEY, SmallGoody
from tests.support.talk import talk


@pytest.fixture
def there() -> SmallGoody:
    return SmallGoody(now=NOW - timedelta(hours=2))


@pytest.fixture
def of(there: SmallGoody, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    monkeypatch.setattr("models.live.api.PATIENCE", Patience(attempts=1))
    with platform(there.answer) as running:
        yield running


class SettingsOf:
    """How the platforms are reached: Goody on loopback, no other at all."""

    def __init__(self, address: str) -> None:
        self.environ = {"SENDDESK_GOODY_URL": address, "SENDDESK_GOODY_KEY": KEY}

    def __call__(self, provider: Provider) -> PlatformSettings:
        return PlatformSettings(provider, environ=self.environ)


@pytest.mark.parametrize("word", ["sync", "sync goody", "sync GOODY", "sync all"])
def test_what_came_is_told_and_can_be_worked_on(
    desk: Desk, there: SmallGoody, of: Platform, word: str
) -> None:
    there.add(2, "shipped")

    said = talk(desk, word, "all", settings_of=SettingsOf(of.address))

    assert said.refusals == 0
    told = said.after(word)
    assert told[0] == "Goody is being read. Ctrl+C ends that."
    assert told[1].startswith("Goody: 10 read, 2 new")
    assert "All: 2 sends." in said.text


def test_why_it_did_not_work(desk: Desk, there: SmallGoody, of: Platform) -> None:
    there.before = lambda asked: Answered(status=500)

    said = talk(desk, "sync", "sync sendoso", "sync acme", settings_of=SettingsOf(of.address))

    assert said.refusals == 3
    assert said.after("sync")[1:] == ["Goody fails (answer 500)."]
    assert "SENDDESK_SENDOSO_TOKEN" in said.after("sync sendoso")[0]
    assert said.after("sync acme") == [
        "There is no platform “acme” to read. There are sendoso and goody."
    ]


def test_help_has_it(desk: Desk) -> None:
    assert "sync [PLATFORM]: read the platforms now, or only one: sync goody." in talk(
        desk, "help sync"
    ).after("help sync")

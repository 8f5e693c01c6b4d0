"""A token is renewed once, whoever asks, and its successor is never lost."""

import json
import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from models.live.api import Api, Patience, Refused
from models.live.settings import MissingSetting, PlatformSettings
from models.live.tokens import NoToken
from models.providers import sendoso
from tests.support.platform_server import Answered, Asked, Platform, platform

CANARIES = ("canary-access", "canary-refresh", "canary-secret")
ONCE = Patience(attempts=1)


class Office:
    """A platform whose refresh tokens can be used once: `refresh-1` gives `access-2` and `refresh-2`."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.valid = "access-1"
        self.number = 1
        self.burnt = 0
        self.ends_in: float | None = None

    def answer(self, asked: Asked) -> Answered:
        with self.lock:
            if asked.path == "/oauth/token":
                return self.renew(asked)
            if asked.headers.get("Authorization") == f"Bearer {self.valid}":
                return Answered({"sends": []})
            return Answered({"success": False, "description": "x", "expired": True}, 401)

    def renew(self, asked: Asked) -> Answered:
        if asked.form["refresh_token"] != f"refresh-{self.number}":
            self.burnt += 1
            return Answered({"error": "invalid_grant"}, 400)
        self.number += 1
        self.valid = f"access-{self.number}"
        given = {"access_token": self.valid, "refresh_token": f"refresh-{self.number}"}
        return Answered({**given, "expires_in": self.ends_in} if self.ends_in else given)


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the tokens are kept."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "senddesk" / "tokens.json"


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def of(office: Office) -> Iterator[Platform]:
    with platform(office.answer) as running:
        yield running


def api(of: Platform, **more: str) -> Api:
    environ = {
        "SENDDESK_SENDOSO_URL": of.address, "SENDDESK_SENDOSO_TOKEN": "access-1",
        "SENDDESK_SENDOSO_REFRESH_TOKEN": "refresh-1", "SENDDESK_SENDOSO_CLIENT_ID": "id",
        "SENDDESK_SENDOSO_CLIENT_SECRET": "secret", **more,
    }  # fmt: skip
    filled = {name: value for name, value in environ.items() if value}
    return Api(PlatformSettings(sendoso.PROVIDER, environ=filled), patience=ONCE)


def ask(of: Platform, **more: str) -> None:
    with api(of, **more) as sendoso_api:
        assert sendoso_api.get("/api/v3/send").body == {"sends": []}


def test_a_token_that_is_refused_is_renewed_and_kept(
    state: Path, office: Office, of: Platform
) -> None:
    ask(of)
    assert not state.exists()
    office.valid = "nothing"

    ask(of)
    ask(of)

    assert (office.number, office.burnt) == (2, 0)
    assert stat.S_IMODE(state.stat().st_mode) == 0o600
    assert [each["refresh"] for each in json.loads(state.read_text()).values()] == ["refresh-2"]
    office.valid = "nothing"
    ask(of)
    assert (office.number, office.burnt) == (3, 0)
    assert {each.name for each in state.parent.iterdir()} == {"tokens.json", "tokens.lock"}


def test_a_token_that_is_about_to_end_is_renewed_before(
    state: Path, office: Office, of: Platform
) -> None:
    office.ends_in, office.valid = 30, "nothing"
    ask(of)
    of.asked.clear()

    ask(of)

    assert [asked.path for asked in of.asked] == ["/oauth/token", "/api/v3/send"]
    assert (office.number, office.burnt) == (3, 0)


def test_without_a_token_the_refresh_token_gives_the_first(
    state: Path, office: Office, of: Platform
) -> None:
    ask(of, SENDDESK_SENDOSO_TOKEN="")

    assert office.number == 2


def test_threads_renew_once(state: Path, office: Office, of: Platform) -> None:
    office.valid = "nothing"

    with api(of) as first, api(of) as second, ThreadPoolExecutor(8) as threads:
        replies = threads.map(lambda each: each.get("/api/v3/send"), (first, second) * 4)
        assert {reply.status for reply in replies} == {200}

    assert (office.number, office.burnt) == (2, 0)


def test_a_new_refresh_token_of_the_settings_counts(
    state: Path, office: Office, of: Platform
) -> None:
    office.valid = "nothing"
    ask(of)
    office.number, office.valid = 7, "nothing"

    ask(of, SENDDESK_SENDOSO_REFRESH_TOKEN="refresh-7")

    assert office.burnt == 0


def test_a_refresh_token_that_is_used_up_is_told_without_it(
    state: Path, office: Office, of: Platform
) -> None:
    office.valid, office.number = "nothing", 5
    secrets = dict(
        zip(
            ("SENDDESK_SENDOSO_TOKEN", "SENDDESK_SENDOSO_REFRESH_TOKEN", "SENDDESK_SENDOSO_CLIENT_SECRET"),
            CANARIES,
            strict=True,
        )
    )  # fmt: skip

    with pytest.raises(NoToken) as refused:
        ask(of, **secrets)

    told = (
        "(answer 400: invalid_grant): allow access once more and set SENDDESK_SENDOSO_REFRESH_TOKEN"
    )
    assert told in str(refused.value)
    assert not any(canary in str(refused.value) for canary in CANARIES)
    assert {each.name for each in state.parent.iterdir()} == {"tokens.lock"}


def test_nothing_is_used_up_where_its_successor_could_not_be_kept(
    state: Path, office: Office, of: Platform
) -> None:
    state.parent.parent.joinpath("senddesk").write_text("a file where the folder should be")
    office.valid = "nothing"

    with pytest.raises(NoToken, match="The refresh token was not used"):
        ask(of)

    assert (office.number, office.burnt) == (1, 0)


def test_a_process_that_was_killed_before_it_was_done_loses_nothing(
    state: Path, office: Office, of: Platform
) -> None:
    office.valid = "nothing"
    ask(of)
    state.rename(state.with_suffix(".part"))

    ask(of)

    assert (office.number, office.burnt) == (2, 0)


def test_without_a_refresh_token_a_refusal_is_final(
    state: Path, office: Office, of: Platform
) -> None:
    office.valid = "nothing"

    with pytest.raises(Refused, match="Sendoso refuses the key"):
        ask(of, SENDDESK_SENDOSO_REFRESH_TOKEN="")


def test_a_refresh_token_needs_its_client(of: Platform) -> None:
    with pytest.raises(MissingSetting, match="SENDDESK_SENDOSO_CLIENT_ID"):
        api(of, SENDDESK_SENDOSO_CLIENT_ID="")

"""How a platform is reached: environment, settings file, keyring; and what is never told of it."""

import json
import os
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from models.live.settings import FileSettings, MissingSetting, PlatformSettings
from models.providers import goody, sendoso
from models.values.secret import Secret
from tui.config import BadConfig, load

CANARY = "canary-4711"
USUAL = "https://api.ongoody.com"


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A settings file that only its owner can read."""
    path = tmp_path / "config.toml"
    monkeypatch.setenv("SENDDESK_CONFIG", str(path))
    path.touch(0o600)
    return path


def settings(file: FileSettings | None = None, **environ: str) -> PlatformSettings:
    return PlatformSettings(goody.PROVIDER, file or FileSettings(), environ)


def from_file() -> FileSettings:
    read = load()
    return FileSettings(read.path, read.platforms)


def test_the_environment_comes_before_the_file(config: Path) -> None:
    config.write_text('[goody]\nkey = "of the file"\nwebhook_secret = "whsec_a whsec_b"\n')

    both = settings(from_file(), SENDDESK_GOODY_KEY=CANARY)

    assert both.need("key") == Secret(CANARY)
    assert both.need("webhook_secret").words() == (Secret("whsec_a"), Secret("whsec_b"))
    assert settings(from_file()).need("key") == Secret("of the file")


@pytest.mark.parametrize(
    "name", ["refresh_token", "REFRESH_TOKEN", "SENDDESK_SENDOSO_REFRESH_TOKEN"]
)
def test_the_file_may_name_settings_as_the_environment_does(config: Path, name: str) -> None:
    config.write_text(f'[sendoso]\n{name} = "{CANARY}"\n')

    found = PlatformSettings(sendoso.PROVIDER, from_file(), {})

    assert found.need("refresh_token") == Secret(CANARY)


def test_a_file_that_others_can_read_is_refused(config: Path) -> None:
    config.write_text(f'[goody]\nurl = "https://x.example"\nkey = "{CANARY}"\n')
    config.chmod(0o640)

    with pytest.raises(MissingSetting, match="run `chmod 600 ") as refused:
        settings(from_file()).need("key")

    assert CANARY not in str(refused.value)
    assert settings(from_file()).address(USUAL, "/v1") == "https://x.example"
    assert settings(from_file(), SENDDESK_GOODY_KEY="k").need("key") == Secret("k")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            f'[goody]\nkee = "{CANARY}"',
            "line 2: “kee” is not a setting of [goody]. Did you mean “key”?",
        ),
        (f'[godoy]\nkey = "{CANARY}"', "“godoy” is not a setting. Did you mean “goody”?"),
        (f"[goody]\nkey = {CANARY}", "is not TOML"),
        ("[goody]\nkey = 4711", "“key” of [goody] is text in quotes"),
        (f'goody = "{CANARY}"', "“goody” is not a setting"),
    ],
)
def test_a_wrong_setting_is_named_without_its_value(config: Path, text: str, said: str) -> None:
    config.write_text(text)

    with pytest.raises(BadConfig) as refused:
        load()

    assert said in str(refused.value)
    assert CANARY not in str(refused.value)


def test_what_is_nowhere_is_asked_for() -> None:
    with pytest.raises(MissingSetting) as refused:
        settings().need("key")

    assert str(refused.value) == (
        "Goody cannot be reached without its key: set SENDDESK_GOODY_KEY, or key in [goody] of the"
        " settings file."
    )


@pytest.mark.parametrize("sign", ["\n", "\r\n", "\t", "\x00", "é", "—"])
def test_a_secret_that_no_request_can_carry_is_named(config: Path, sign: str) -> None:
    with pytest.raises(MissingSetting, match=r"^SENDDESK_GOODY_KEY cannot be sent to Goody") as one:
        settings(SENDDESK_GOODY_KEY=f"{CANARY}{sign}x").lacks()
    config.write_text(f"[goody]\nkey = {json.dumps(f'{CANARY}{sign}x')}\n")
    with pytest.raises(MissingSetting, match=r"^key in \[goody\] of .* cannot be sent") as two:
        settings(from_file()).need("key")

    assert CANARY not in str(one.value) + str(two.value)


def test_secrets_of_webhooks_may_stand_in_lines() -> None:
    found = settings(SENDDESK_GOODY_WEBHOOK_SECRET="whsec_a\nwhsec_b\n").find("webhook_secret")
    assert found is not None
    assert len(found.words()) == 2


class Ring(KeyringBackend):
    """A keyring that holds one secret and fails where it is asked for another."""

    priority = -1.0  # Below that of no keyring at all: nobody chooses it by itself.

    def get_password(self, service: str, username: str) -> str | None:
        if username == "goody.webhook_secret":
            raise KeyringLocked
        return CANARY if (service, username) == ("senddesk", "goody.key") else None

    def set_password(self, service: str, username: str, password: str) -> None:
        raise AssertionError("The desk only reads.")


def test_a_keyring_has_what_nothing_else_has() -> None:
    usual = keyring.get_keyring()
    keyring.set_keyring(Ring())
    try:
        assert settings().need("key") == Secret(CANARY)
        assert settings(SENDDESK_GOODY_KEY="k").need("key") == Secret("k")
        assert settings().find("webhook_secret") is None
    finally:
        keyring.set_keyring(usual)


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ("", USUAL),
        ("https://api.sandbox.ongoody.com/", "https://api.sandbox.ongoody.com"),
        ("http://127.0.0.1:8321/v1/", "http://127.0.0.1:8321"),
        ("http://localhost:8321/v1", "http://localhost:8321"),
        ("http://[::1]:80", "http://[::1]:80"),
        ("https://proxy.example/goody/v1", "https://proxy.example/goody"),
    ],
)
def test_an_address_may_end_as_the_paths_begin(told: str, address: str) -> None:
    assert settings(SENDDESK_GOODY_URL=told).address(USUAL, "/v1") == address


@pytest.mark.parametrize(
    "told",
    [
        f"https://user:{CANARY}@api.example", f"https://api.example?key={CANARY}", "http://api.example",
        "ftp://127.0.0.1", "api.example", "https://", "http://127.0.0.1:99999", "https://[",
    ],
)  # fmt: skip
def test_an_address_that_secrets_may_not_be_sent_to(told: str) -> None:
    with pytest.raises(MissingSetting, match="SENDDESK_GOODY_URL is not an address") as refused:
        settings(SENDDESK_GOODY_URL=told).address(USUAL, "/v1")

    assert CANARY not in str(refused.value)


def test_nothing_of_it_is_seen_where_it_is_printed(config: Path) -> None:
    config.write_text(f'[goody]\nkey = "{CANARY}"\n')

    told = settings(from_file(), SENDDESK_GOODY_KEY=CANARY)
    assert CANARY not in repr((load(), told, told.need("key")))
    assert os.fspath(config) in repr(load())

"""`senddesk sync` and `senddesk status`, with a platform that answers on loopback."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from models.live.api import Patience
from models.reading.freshness import Freshness
from tests.support.command_line import NOW, Senddesk, commands, sends_file
from tests.support.limit import LIMIT
from tests.support.platform_server import Answered, Asked, Platform, platform
from tests.support.small_goody import KEY, SmallGoody
from tests.support.terminal import ROOT
from tui.commands.syncing import freshness_line

SENDS = {
    "current_page": 1,
    "per_page": 100,
    "total_count": 1,
    "sends": [
        {
            "id": 7, "send_gid": "Z2lk", "type": "eGifts USA", "subtype": "Coffee", "currency": "USD",
            "current_total_cost": "25.00", "status": "Opened",
            "status_updates": [{"status": "Opened", "occurred_at": "2026-05-31T08:00:00Z"}],
        }
    ],
}  # fmt: skip
TOKEN = "canary-token-of-sendoso"


@pytest.fixture
def there() -> SmallGoody:
    return SmallGoody()


@pytest.fixture
def of(there: SmallGoody, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    monkeypatch.setattr("models.live.api.PATIENCE", Patience(attempts=1))
    with platform(there.answer) as running:
        monkeypatch.setenv("SENDDESK_GOODY_URL", running.address)
        monkeypatch.setenv("SENDDESK_GOODY_KEY", KEY)
        yield running


@pytest.fixture
def senddesk(
    file_address: str,
    of: Platform,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Senddesk:
    return commands(file_address, monkeypatch, capsys)


def test_a_summary_on_stdout_and_nothing_else(senddesk: Senddesk, there: SmallGoody) -> None:
    there.add(2, "shipped")

    result = senddesk("sync", "goody")

    assert result.code == 0
    assert result.out.startswith(
        "Goody: 10 read, 2 new, 0 changed, 0 unchanged, 0 skipped (everything in "
    )
    assert result.out.count("\n") == 1
    assert result.err == ""
    assert len(senddesk("list", "status:shipped", "--format", "json").json) == 2


def test_skipped_entries_are_told_and_the_code_is_3(senddesk: Senddesk, there: SmallGoody) -> None:
    there.add(2)
    del there.orders[0]["status"]

    result = senddesk("sync", "goody")

    assert result.code == 3
    assert "Goody, orders, page 1, entry 1" in result.err
    assert "status: Field required" in result.err


@pytest.mark.parametrize(
    ("instead", "told"),
    [
        (Answered({"error": f"no {KEY}"}, 401), "Goody refuses the key (answer 401: no ***).\n"),
        (Answered(status=502), "Goody fails (answer 502).\n"),
    ],
)
def test_a_failure_is_one_sentence_without_the_key(
    senddesk: Senddesk, there: SmallGoody, instead: Answered, told: str
) -> None:
    there.before = lambda asked: instead

    result = senddesk("sync", "goody")

    assert (result.code, result.out, result.err) == (1, "", told)
    assert KEY not in senddesk("status").err


def test_all_syncs_what_is_set_up_and_names_the_rest(
    senddesk: Senddesk, there: SmallGoody, monkeypatch: pytest.MonkeyPatch
) -> None:
    there.add(1)
    result = senddesk("sync", "all")
    assert (result.code, result.out.count("\n")) == (0, 1)
    assert "SENDDESK_SENDOSO_TOKEN" in result.err

    with platform(lambda asked: Answered(SENDS)) as sendoso:
        monkeypatch.setenv("SENDDESK_SENDOSO_URL", f"{sendoso.address}/api/v3")
        monkeypatch.setenv("SENDDESK_SENDOSO_TOKEN", TOKEN)
        both = senddesk("sync", "all")
        assert sendoso.asked[0].headers["Authorization"] == f"Bearer {TOKEN}"
    assert both.code == 0
    assert both.out.startswith("Sendoso: 1 read, 1 new")
    assert "\nGoody: " in both.out

    there.before = lambda asked: Answered(status=500)
    assert senddesk("sync", "all").code == 1
    with platform(lambda asked: Answered(SENDS)) as sendoso:
        monkeypatch.setenv("SENDDESK_SENDOSO_URL", sendoso.address)
        assert senddesk("sync", "all").code == 3


def test_nothing_is_set_up(senddesk: Senddesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SENDDESK_GOODY_KEY")
    monkeypatch.delenv("SENDDESK_GOODY_URL")

    for platform_name, variable in (("goody", "GOODY_KEY"), ("all", "SENDOSO_TOKEN")):
        result = senddesk("sync", platform_name)
        assert (result.code, result.out) == (1, "")
        assert f"SENDDESK_{variable}" in result.err


@pytest.mark.parametrize(
    ("seconds", "told"), [(10, "10s"), (90, "90s"), (300, "5m"), (5400, "90m"), (86_400, "1d")]
)
def test_a_rhythm_is_told_as_it_was_typed(seconds: int, told: str) -> None:
    each = Freshness("goody", None, timedelta(seconds=seconds), "", None, "", is_unfinished=False)
    assert freshness_line(each, NOW) == f"goody: never synced to its end, every {told}"


@pytest.mark.parametrize(
    "words",
    [
        ("sync",), ("sync", "acme"), ("sync", "goody", "--every", "5"), ("sync", "goody", "--every", "0m"),
        ("sync", "goody", "--since", "never"), ("sync", "goody", "--full", "--since", "2026-05-01"),
    ],
)  # fmt: skip
def test_wrong_usage(senddesk: Senddesk, words: tuple[str, ...]) -> None:
    assert senddesk(*words).code == 2


@pytest.mark.parametrize(
    ("since", "asked"),
    [
        ("7d", "2026-05-25T11:50:00Z"),
        ("yesterday", "2026-05-30T23:50:00Z"),
        ("2026-05-01", "2026-04-30T23:50:00Z"),
        ("2026-05-20T08:00:00Z", "2026-05-20T07:50:00Z"),
        ("never", None),
        ("2027-01-01", None),
    ],
)
def test_since_takes_the_words_of_the_log(
    senddesk: Senddesk, of: Platform, since: str, asked: str | None
) -> None:
    result = senddesk("sync", "goody", "--since", since)
    if asked is None:
        assert (result.code, result.out, of.asked) == (2, "", [])
        assert "Invalid value for --since: " in result.err
    else:
        # Ten minutes before it are read too.
        assert (result.code, of.asked[0].query["after"]) == (0, asked)


def test_a_settings_file_that_others_can_read_is_refused(
    senddesk: Senddesk, of: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SENDDESK_GOODY_KEY")
    config = tmp_path / "config.toml"
    config.write_text(f'[goody]\nkey = "{KEY}"\n')
    monkeypatch.setenv("SENDDESK_CONFIG", str(config))

    config.chmod(0o644)
    for words in ("goody", "all"):
        refused = senddesk("sync", words)
        assert refused.code == 1
        assert "chmod 600" in refused.err
        assert KEY not in refused.err
    assert of.asked == []
    config.chmod(0o600)
    assert senddesk("sync", "goody").code == 0


def test_status_says_how_fresh_each_platform_is(
    senddesk: Senddesk, there: SmallGoody, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = senddesk("status")
    assert (empty.code, empty.out) == (0, "")
    assert empty.err.endswith(
        "No platform was synced yet: `senddesk sync all` reads all that are set up.\n"
    )
    senddesk("sync", "goody")
    assert senddesk("status").out == "goody: synced 0m ago\n"

    monkeypatch.setenv("SENDDESK_NOW", "2026-06-01T15:00:00Z")
    assert senddesk("status").out == "goody: synced 3h ago, LATE\n"
    there.before = lambda asked: Answered(status=500)
    senddesk("sync", "goody")
    assert senddesk("status").out.startswith("goody: synced 3h ago, the last one FAILED")

    told = senddesk("status", "--format", "json").json[0]
    assert told["platform"] == "goody"
    assert told["synced_at"] == NOW
    assert told["late"] is True
    assert told["problem"] == "Goody fails (answer 500)."
    assert told["run_by"].startswith("ana on ")
    assert "did not finish: Goody fails (answer 500)." in senddesk("status").err


def test_it_goes_on_until_it_is_told_to_end(
    of: Platform, there: SmallGoody, file_address: str
) -> None:
    """The program itself: its arguments, its environment as `ps` shows it, and the end of it."""
    there.add(1)
    rounds: list[Asked] = []

    def count(asked: Asked) -> None:
        if asked.path == "/v1/order_batches":
            rounds.append(asked)

    there.before = count
    words = [sys.executable, "-m", "tui", "--database", file_address, "sync", "goody"]
    with subprocess.Popen(
        [*words, "--every", "1s"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:  # fmt: skip
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(2)]
        arguments = Path(f"/proc/{process.pid}/cmdline").read_text()
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=LIMIT)
    assert process.returncode == 0
    assert lines[0].startswith("Goody: 2 read, 1 new")
    assert lines[1].startswith("Goody: ")
    assert "(news in" in lines[1]
    assert len(rounds) >= 2
    assert KEY not in arguments + out + err + "".join(lines)


def test_nothing_of_a_secret_is_left_anywhere(
    senddesk: Senddesk, there: SmallGoody, file_address: str
) -> None:
    there.add(1)
    senddesk("sync", "goody")
    there.before = lambda asked: Answered({"error": dict(asked.headers)["Authorization"]}, 400)
    senddesk("sync", "goody")

    for path in Path(file_address).parent.iterdir():
        assert KEY.encode() not in path.read_bytes()
    assert KEY in os.environ["SENDDESK_GOODY_KEY"]


def test_the_rules_run_after_each_round(
    senddesk: Senddesk, there: SmallGoody, tmp_path: Path
) -> None:
    there.add(1, "shipped")
    assert senddesk("import", sends_file(tmp_path)).code == 0

    result = senddesk("sync", "goody", "--now", "2026-08-30T08:00:00Z")

    assert result.code == 0
    assert result.err == "Time has changed 1 send: 1 Expired.\n"
    (ruled,) = senddesk("list", "is:ruled", "--format", "json").json
    assert (ruled["id"], ruled["rule"]) == ("S-102", "egift_unused")

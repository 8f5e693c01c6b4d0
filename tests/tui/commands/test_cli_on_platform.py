"""`senddesk cancel` and `extend`: asked of the platform, told with its answer, repeated without harm."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.command_line import Senddesk, sends_file, shown
from tests.support.sandbox import KEY, Running, running_sandbox


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_sandbox(tmp_path_factory.mktemp("sandbox"), now="2026-06-01T09:00:00Z") as running:
        yield running


@pytest.fixture(autouse=True)
def _connected(sandbox: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENDDESK_GOODY_URL", f"{sandbox.url}/v1/")
    monkeypatch.setenv("SENDDESK_GOODY_KEY", KEY)


@pytest.fixture
def orders(sandbox: Running, senddesk: Senddesk, tmp_path: Path) -> list[str]:
    """Two new orders, which the desk knows."""
    batch = sandbox.batch(2)
    found = sandbox.get(f"/v1/order_batches/{batch['id']}/orders")["data"]
    assert senddesk("import", sends_file(tmp_path, found, "orders.json")).code == 0
    return [str(each["id"]) for each in found]


def test_cancel_asks_the_platform_once(
    senddesk: Senddesk, sandbox: Running, orders: list[str]
) -> None:
    name = f"goody:{orders[0]}"
    words = ("cancel", name, "--reason", "the customer asked", "--request-id", "call-1")
    first, again = senddesk(*words), senddesk(*words)

    assert (first.code, again.code) == (0, 0)
    assert first.out.endswith("canceled, Goody says Failed\n")
    assert sandbox.order(orders[0])["status"] == "failed"
    history = shown(senddesk, name)["history"]
    told = [(each["kind"], each["actor"], each["reason"]) for each in history]
    assert told.count(("cancel", "ana", "the customer asked")) == 1
    assert told.count(("answer", "ana", "Goody has it as Failed.")) == 1
    assert {each["source"] for each in history if each["kind"] in ("cancel", "answer")} == {"cli"}
    assert "takes it back" not in first.err
    assert senddesk("db", "verify").code == 0


def test_extend_moves_the_end_of_several(
    senddesk: Senddesk, sandbox: Running, orders: list[str]
) -> None:
    names = [f"goody:{each}" for each in orders]
    done = senddesk("extend", *names, "--until", "2026-12-31T12:00Z", "--format", "json")
    assert done.code == 0
    assert [each["result"] for each in done.json] == ["done", "done"]
    for order, name in zip(orders, names, strict=True):
        assert sandbox.order(order)["expires_at"].startswith("2026-12-31T12:00:00")
        assert shown(senddesk, name)["expires_at"] == "2026-12-31T12:00:00Z"


def test_a_refusal_is_told_as_it_is(
    senddesk: Senddesk, sandbox: Running, orders: list[str]
) -> None:
    sandbox.accept(sandbox.order(orders[0]))
    result = senddesk("cancel", *(f"goody:{each}" for each in orders))
    assert result.code == 3
    assert "Goody refuses: “Order can't be canceled: it is " in result.err
    assert f"G-{orders[0][:8]}: Goody refuses" in result.err
    assert result.err.count(f"G-{orders[0][:8]}") == 1
    assert sandbox.order(orders[1])["status"] == "failed"


def test_where_the_platform_cannot_be_asked_it_says_whom_to_ask(senddesk: Senddesk) -> None:
    for words, whom in (
        (("cancel", "S-101"), "Ask Sendoso Support at once to stop it"),
        (("cancel", "S-102"), "Sendoso cancels no eGift that is out"),
        (("extend", "S-102", "--until", "30d"), "Sendoso gives a send no later end"),
    ):
        result = senddesk(*words)
        assert result.code == 1
        assert whom in result.err


@pytest.mark.parametrize("how", ["--dry-run", "--read-only"])
def test_nothing_is_asked_where_nothing_may_be_written(
    senddesk: Senddesk, sandbox: Running, orders: list[str], how: str
) -> None:
    words = ("cancel", f"goody:{orders[0]}")
    result = senddesk("--read-only", *words) if how == "--read-only" else senddesk(*words, how)
    assert result.code == (1 if how == "--read-only" else 0)
    assert sandbox.order(orders[0])["status"] in ("created", "notified")


def test_a_moment_that_is_none_is_wrong_usage(senddesk: Senddesk, orders: list[str]) -> None:
    assert senddesk("extend", f"goody:{orders[0]}", "--until", "yesterday").code == 2
    assert senddesk("extend", f"goody:{orders[0]}").code == 2


def test_without_a_key_it_says_which_setting_is_missing(
    senddesk: Senddesk, orders: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SENDDESK_GOODY_KEY")
    result = senddesk("cancel", f"goody:{orders[0]}")
    assert result.code == 1
    assert "set SENDDESK_GOODY_KEY" in result.err


def test_a_settings_file_has_the_same(
    senddesk: Senddesk,
    sandbox: Running,
    orders: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "config.toml"
    path.touch(0o600)
    path.write_text(f'[goody]\nurl = "{sandbox.url}"\nkey = "{KEY}"\n')
    for name in ("URL", "KEY"):
        monkeypatch.delenv(f"SENDDESK_GOODY_{name}")
    monkeypatch.setenv("SENDDESK_CONFIG", str(path))
    assert senddesk("cancel", f"goody:{orders[0]}").code == 0

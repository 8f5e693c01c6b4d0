"""`senddesk sandbox` as a process: its first line, its end, what it keeps, and why it may not start."""

import re
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from models.sandbox.server import Sandbox
from tests.support.limit import LIMIT
from tests.support.terminal import ROOT, clean_environment
from tui.cli import run

HEADERS = {"authorization": "Bearer sandbox-key"}


@contextmanager
def started(*words: str) -> Iterator["subprocess.Popen[str]"]:
    """Start the command, and end it as Ctrl+C does."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tui", "sandbox", *words], cwd=ROOT, env=clean_environment(),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=LIMIT)
        assert process.returncode == 0
        assert told in ("", "Adding orders and sends …\n")


def address(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_the_first_line_is_the_address_and_what_was_created_is_kept(tmp_path: Path) -> None:
    words = ("--port", "0", "--state", str(tmp_path / "sandbox.db"))
    with started(*words, "--orders", "30", "--speed", "0") as process:
        url = address(process)
        assert re.fullmatch(r"http://127\.0\.0\.1:[0-9]+", url)
        assert httpx.get(f"{url}/v1/orders").status_code == 401
        before = httpx.get(f"{url}/v1/orders", headers=HEADERS).json()
        clock = httpx.get(f"{url}/sandbox/clock").json()

    with started(*words) as process:
        url = address(process)
        after = httpx.get(f"{url}/v1/orders", headers=HEADERS).json()
        assert httpx.get(f"{url}/sandbox/clock").json() == clock

    assert before["list_meta"] == {"total_count": 30}
    assert [each["id"] for each in after["data"]] == [each["id"] for each in before["data"]]
    assert (tmp_path / "sandbox.db").stat().st_mode & 0o777 == 0o600


def test_the_demo_is_full_and_says_how_to_connect_a_desk(tmp_path: Path) -> None:
    with started("--port", "0", "--demo", "--key", "my key?") as process:
        url = address(process)
        assert process.stdout is not None
        lines = [process.stdout.readline().rstrip() for _ in range(11)]
        key = {"authorization": "Bearer my key?"}
        orders = httpx.get(f"{url}/v1/orders", params={"per_page": 100}, headers=key).json()
        sends = httpx.get(f"{url}/api/v3/send", params={"per_page": 100}, headers=key).json()
        batches = httpx.get(f"{url}/v1/order_batches", headers=key).json()

    commands = [line for line in lines if line.startswith("senddesk")]
    assert [command.split()[:2] for command in commands] == [
        ["senddesk", "sync"], ["senddesk", "listen"], ["senddesk"],
    ]  # fmt: skip
    assert f"SENDDESK_GOODY_URL={url} SENDDESK_GOODY_KEY='my key?'" in "\n".join(lines)
    assert {"notified", "opened", "pending_payment", "delivered", "failed"} <= {
        order["status"] for order in orders["data"]
    }
    assert {"Delivered", "Used", "Undeliverable"} <= {send["status"] for send in sends["sends"]}
    assert batches["data"][1]["is_scheduled_send"]


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Run the command, which must refuse, and return the sentence."""
    assert run(["sandbox", *words]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err.strip()


def test_a_port_in_use_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = str(taken.getsockname()[1])
        assert refused(capsys, "--port", port) == (
            f"Port {port} is in use: name another with --port, or 0 for any that is free."
        )


def test_what_is_no_state_file_is_told_and_stays_as_it_is(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    text, other, newer, held = (tmp_path / name for name in ("a.txt", "b.db", "c.db", "d.db"))
    text.write_text("Dear diary, " * 500)
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE mine (id)")
    with closing(sqlite3.connect(newer)) as connection:
        connection.execute("CREATE TABLE setting (id)")
        connection.execute("PRAGMA application_id = 0x53445342")
        connection.execute("PRAGMA user_version = 99")
    before = [path.read_bytes() for path in (text, other, newer)]

    def sentence(path: Path) -> str:
        return refused(capsys, "--port", "0", "--state", str(path))

    assert sentence(text) == f"{text} is not a file of a sandbox: name a new file with --state."
    assert (
        sentence(other) == f"{other} is a database of something else: name a new file with --state."
    )
    assert sentence(newer).startswith(f"{newer} was made by another version of Send Desk")
    assert sentence(tmp_path).startswith(f"{tmp_path} is a folder")
    assert sentence(tmp_path / "no" / "x.db").startswith(f"There is no folder {tmp_path / 'no'}")
    assert [path.read_bytes() for path in (text, other, newer)] == before
    with closing(Sandbox(held, origin="", key="k")):
        assert sentence(held).startswith(f"Another sandbox has {held} open")


def test_a_secret_that_is_none_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert "at least 24 bytes" in refused(
        capsys, "--port", "0", "--webhook-secret", "whsec_c2hvcnQ="
    )


def test_a_key_that_no_header_can_carry_is_wrong_usage() -> None:
    assert run(["sandbox", "--key", "schlüssel"]) == 2

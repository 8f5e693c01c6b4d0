"""`senddesk listen` as a process, and `senddesk deliveries` on what it has stored."""

import csv
import io
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from models.intake.deliveries import State
from tests.support.command_line import Senddesk, commands, sends_file
from tests.support.listening import environment, listening
from tests.support.sandbox import KEY, running_sandbox
from tests.support.sandbox import SECRET as SANDBOX_SECRET
from tests.support.terminal import ROOT
from tests.support.webhooks import ORDER, SECRET, goody, sendoso
from tui.commands import deliveries

SHIPPED = goody("order.shipped", "shipped")


@pytest.fixture
def senddesk(
    file_address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Senddesk:
    return commands(file_address, monkeypatch, capsys)


def test_it_prints_its_address_takes_messages_and_stops_when_told(
    address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with listening(environment(address)) as listener:
        assert httpx.get(f"{listener.address}/healthz").json() == {"status": "ok"}
        for _ in range(2):
            assert listener.post(SHIPPED, "msg_1").status_code == 200
        assert listener.post(SHIPPED, "msg_2", age=400).status_code == 401
        told = listener.stop()
        assert listener.process.returncode == 0
    assert "Stopped: 2 messages were taken." in told
    assert SECRET not in told
    senddesk = commands(address, monkeypatch, capsys)
    found = senddesk("deliveries", "--format", "json").json
    assert [(each["id"], each["state"], each["send"]) for each in found] == [
        ("msg_1", "applied", "G-0b6f3c1e")
    ]
    history = senddesk("show", "G-0b6f3c1e", "--format", "json").json["history"]
    assert [(each["to"], each["source"]) for each in history] == [("shipped", "webhook")]
    assert senddesk("db", "verify").code == 0


@pytest.mark.parametrize(
    "secret", ["", "  ", "whsec_", "whsec_short", "hunter2", "whsec_c2hvcnQ=", f"{SECRET} weak"]
)
def test_a_weak_secret_is_refused_before_anything_is_made(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    secret: str,
) -> None:
    path = tmp_path / "sends.db"
    monkeypatch.setenv("SENDDESK_GOODY_WEBHOOK_SECRET", secret)
    done = commands(str(path), monkeypatch, capsys)("listen", "--port", "0")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(("SENDDESK_GOODY_WEBHOOK_SECRET is", "A secret in SENDDESK_GOODY"))
    assert done.err.count("\n") == 1
    assert not path.exists()


def test_without_any_secret_it_says_where_they_are_set(senddesk: Senddesk) -> None:
    done = senddesk("listen", "--port", "0")
    assert done.code == 1
    assert "SENDDESK_SENDOSO_WEBHOOK_SECRET or SENDDESK_GOODY_WEBHOOK_SECRET" in done.err


def test_a_desk_that_is_only_read_takes_no_messages(
    senddesk: Senddesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENDDESK_GOODY_WEBHOOK_SECRET", SECRET)
    done = senddesk("listen", "--port", "0", "--read-only")
    assert (done.code, "nothing is written" in done.err) == (1, True)


def test_the_secret_of_the_settings_file_is_enough(file_address: str, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'[goody]\nwebhook_secret = "{SECRET}"\n', encoding="utf-8")
    config.chmod(0o600)
    env = environment(file_address, SENDDESK_CONFIG=str(config))
    del env["SENDDESK_GOODY_WEBHOOK_SECRET"], env["SENDDESK_SENDOSO_WEBHOOK_SECRET"]
    with listening(env) as listener:
        assert listener.post(SHIPPED, "msg_1").status_code == 200
        assert listener.post(sendoso(1), "msg_2", "/webhooks/sendoso/shipped").status_code == 404


@pytest.fixture(scope="module")
def received(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file in which two messages wait, and one is kept that is not known; to be copied."""
    kept = Path(shutil.copy(empty_file, tmp_path_factory.mktemp("received") / "sends.db"))
    with listening(environment(kept)) as listener:
        for name, path, body in (
            ("msg_1", "/webhooks/sendoso/delivered", sendoso(101, "2026-05-20T08:00:00Z")),
            ("msg_2", "/webhooks/sendoso/send.shipped", sendoso(101, "2026-05-19T08:00:00Z")),
            ("msg_3", "/webhooks/goody", goody("order.imagined", "shipped")),
        ):
            assert listener.post(body, name, path).status_code == 200
        listener.stop()
    return kept


def test_what_waits_is_listed_and_applied_by_an_import(
    senddesk: Senddesk, received: Path, file_address: str, tmp_path: Path
) -> None:
    shutil.copy(received, file_address)
    table = senddesk("deliveries").out
    assert "Its send is not known yet." in table
    assert "“order.imagined” is not known" in table
    assert senddesk("deliveries", "replay").out == "0 applied, 2 waiting, 1 unknown\n"
    senddesk("import", sends_file(tmp_path))
    assert senddesk("show", "S-101", "--format", "json").json["status"] == "delivered"
    found = senddesk("deliveries", "--state", "applied", "--format", "jsonl").out.splitlines()
    assert [json.loads(each)["event"] for each in found] == ["shipped", "delivered"]
    rows = list(csv.DictReader(io.StringIO(senddesk("deliveries", "--format", "csv").out)))
    assert [row["state"] for row in rows] == ["unknown", "applied", "applied"]


def test_messages_are_replayed_by_their_ids(
    senddesk: Senddesk, received: Path, file_address: str, tmp_path: Path
) -> None:
    shutil.copy(received, file_address)
    senddesk("import", sends_file(tmp_path))
    done = senddesk("deliveries", "replay", "msg_1", "2")
    assert (done.code, done.out) == (0, "2 applied\n")
    done = senddesk("deliveries", "replay", "msg_1", "nobody")
    assert (done.code, done.err) == (3, "No message has the id nobody.\n")
    done = senddesk("deliveries", "replay", "nobody")
    assert (done.code, done.out) == (1, "")


def test_bodies_of_old_messages_are_removed(
    senddesk: Senddesk,
    received: Path,
    file_address: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shutil.copy(received, file_address)
    senddesk("import", sends_file(tmp_path))
    listed = senddesk("deliveries", "--format", "json").json
    assert senddesk("deliveries", "prune").out == "0 bodies removed\n"
    monkeypatch.setenv("SENDDESK_NOW", "2150-01-01T00:00:00Z")
    assert senddesk("deliveries", "prune", "--older-than", "7").out == "2 bodies removed\n"
    assert senddesk("deliveries", "--format", "json").json == listed
    done = senddesk("deliveries", "replay", "msg_1")
    assert (done.out, done.err) == (
        "1 applied\n", "msg_1: It was applied before, and its body is no longer kept.\n"
    )  # fmt: skip


def test_a_message_of_sendoso_brings_its_send_by_a_sync(
    senddesk: Senddesk, file_address: str, tmp_path: Path
) -> None:
    with running_sandbox(tmp_path) as there:
        send = there.post("/sandbox/sends", {"script": [[0, "Sent"]]})
        env = environment(
            file_address, SENDDESK_SENDOSO_URL=there.url, SENDDESK_SENDOSO_TOKEN=KEY,
            SENDDESK_SENDOSO_WEBHOOK_SECRET=f"{SECRET} {SANDBOX_SECRET}",
        )  # fmt: skip
        with listening(env) as listener:
            address = f"{listener.address}/webhooks/sendoso/{{event}}"
            there.post("/sandbox/webhooks", {"platform": "sendoso", "url": address})
            there.post(f"/sandbox/sends/{send['id']}", {"status": "Opened"})
            end = time.monotonic() + 60
            while (found := senddesk("show", f"S-{send['id']}", "--format", "json")).code:
                assert time.monotonic() < end, found.err
            listener.stop()
    history = senddesk("show", f"S-{send['id']}", "--format", "json").json["history"]
    assert [each["to"] for each in history] == ["sent", "opened"]
    (message,) = senddesk("deliveries", "--format", "json").json
    assert (message["event"], message["state"]) == ("opened", "applied")


def test_goodys_webhook_is_registered_before_its_secret_is_known_and_removed(
    senddesk: Senddesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running_sandbox(tmp_path) as there:
        monkeypatch.setenv("SENDDESK_GOODY_URL", f"{there.url}/v1/")
        monkeypatch.setenv("SENDDESK_GOODY_KEY", KEY)
        done = senddesk("listen", "--register", "https://desk.example")
        (kept,) = there.get("/sandbox/webhooks")["data"]
        assert (done.code, done.out) == (
            0,
            f"{kept['id']}: Goody's webhook is registered and calls https://desk.example/webhooks/goody.\n",
        )
        assert "SENDDESK_GOODY_WEBHOOK_SECRET" in done.err
        assert "was registered before" in senddesk("listen", "--register", kept["url"]).out
        assert senddesk("listen", "--unregister", kept["id"]).code == 0
        assert there.get("/sandbox/webhooks")["data"] == []
        assert senddesk("listen", "--unregister").code == 1
        assert senddesk("listen", "--register", "http://desk.example").code == 1
        assert senddesk("listen", "--register", "https://a.example", "--unregister").code == 2


def test_with_its_secret_set_it_registers_and_listens(file_address: str, tmp_path: Path) -> None:
    with running_sandbox(tmp_path) as there:
        env = environment(
            file_address, SENDDESK_GOODY_URL=there.url, SENDDESK_GOODY_KEY=KEY,
            SENDDESK_GOODY_WEBHOOK_SECRET=SANDBOX_SECRET,
        )  # fmt: skip
        with listening(env, "--register", "https://desk.example/webhooks/goody") as listener:
            assert len(there.get("/sandbox/webhooks")["data"]) == 1
            assert "Goody's webhook is registered" in listener.stop()


def test_an_empty_desk_has_no_messages(senddesk: Senddesk) -> None:
    assert senddesk("deliveries").err == "No message of a webhook is here.\n"
    assert senddesk("deliveries", "--format", "json").json == []
    assert (senddesk("deliveries", "replay").out, senddesk("deliveries", "replay").code) == (
        "0 applied\n",
        0,
    )


def test_every_state_can_be_asked_for() -> None:
    assert set(deliveries.STATES) == {state.value for state in State}


def test_no_secret_is_seen_where_processes_are_listed(file_address: str) -> None:
    with listening(environment(file_address)) as listener:
        shown = Path(f"/proc/{listener.process.pid}/cmdline")
        if not shown.exists():
            pytest.skip("this system shows no command lines in /proc")
        assert SECRET.encode() not in shown.read_bytes()


def test_the_desk_starts_without_the_receiver(file_address: str) -> None:
    script = (
        "import sys; from tui.cli import run; run(['list']); run(['deliveries'])\n"
        "print(sorted({'starlette', 'uvicorn', 'httpx', 'standardwebhooks'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT, env=environment(file_address), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "[]"
    assert ORDER not in done.stdout

"""An answer that cannot be printed, and files that are never written over."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from models.database import open_database
from models.desk import Desk
from tests.support.command_line import Senddesk, commands
from tests.support.desk_cases import HandClock, parcel, take
from tests.support.terminal import ROOT


@pytest.fixture
def path(file_address: str) -> Path:
    path = Path(file_address)
    database = open_database(path)
    take(Desk(database, "ana", HandClock()), parcel(1))
    database.close()
    return path


@pytest.fixture
def senddesk(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Senddesk:
    return commands(str(path), monkeypatch, capsys)


def run(path: Path, *words: object, stdout: int) -> "subprocess.CompletedProcess[str]":
    """Run a command with its answer going to *stdout*."""
    command = [sys.executable, "-m", "tui", "--database", path, *map(str, words)]
    return subprocess.run(
        command, cwd=ROOT, stdout=stdout, stderr=subprocess.PIPE, text=True, check=False
    )


@pytest.mark.parametrize(("kind", "unbuffered"), [("full", ""), ("full", "1"), ("closed", "")])
def test_a_write_whose_answer_is_lost_says_that_it_is_done(
    path: Path, kind: str, unbuffered: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    monkeypatch.setenv("SENDDESK_NOW", f"{HandClock()():%Y-%m-%dT%H:%M:%SZ}")
    if kind == "full":
        out = os.open("/dev/full", os.O_WRONLY)
    else:
        reading, out = os.pipe()
        os.close(reading)
    done = run(path, "note", "S-1", "asked the vendor", stdout=out)
    assert done.returncode == 5
    assert "\nIt is done, but the answer could not be printed: " in done.stderr
    os.close(out)
    database = open_database(path)
    desk = Desk(database, "ana", HandClock())
    assert desk.case(desk.find("S-1").id).history_total == 2
    database.close()


def test_what_writes_nothing_never_says_that_it_is_done(path: Path) -> None:
    export = path.with_name("export.csv")
    export.write_text("Send ID,Status,Updated At\n7,Shipped,2026-11-01\n", encoding="utf-8")
    for words in (
        ("list",),
        ("set", "S-1", "fulfilling", "--dry-run"),
        ("import", export, "--check"),
        ("import", export, "--dry-run"),
    ):
        with Path("/dev/full").open("w", encoding="utf-8") as full:
            done = run(path, *words, stdout=full.fileno())
        assert (words, done.returncode) == (words, 1)
        assert done.stderr.endswith("It did not work: No space left on device.\n")


@pytest.mark.parametrize(
    "name", ["sends.db", "sends.db-wal", "sends.db-shm", "sends.db-journal", "link"]
)
def test_nothing_is_written_over_a_database(path: Path, senddesk: Senddesk, name: str) -> None:
    path.with_name("link").hardlink_to(path)
    before = path.read_bytes()
    refused = senddesk("export", "-o", path.with_name(name), "--overwrite")
    assert refused.code == 1
    assert "belongs to the database" in refused.err
    assert senddesk("db", "backup", path.with_name(name)).code == 1
    assert path.read_bytes() == before


@pytest.mark.parametrize("words", [("import", "a.csv"), ("db", "upgrade"), ("list",), ()])
def test_a_mistyped_path_makes_no_folder(
    tmp_path: Path, senddesk: Senddesk, words: tuple[str, ...]
) -> None:
    named = tmp_path / "tpyo" / "x.db"
    refused = senddesk("--database", named, *words)
    assert refused.code == 1
    assert "`senddesk db create`" in refused.err
    assert not (tmp_path / "tpyo").exists()
    assert senddesk("--database", named, "db", "create").code == 0
    assert named.is_file()

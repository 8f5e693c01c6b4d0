"""An answer that cannot be printed, and files that are never written over."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from models.database import open_database
from models.desk import Desk
from tests.support.desk_cases import HandClock, parcel, take
from tests.support.terminal import ROOT


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "sends.db"
    database = open_database(path)
    take(Desk(database, "ana", HandClock()), parcel(1))
    database.close()
    return path


def run(path: Path, *words: object, stdout: int) -> "subprocess.CompletedProcess[str]":
    """Run a command with its answer going to *stdout*."""
    command = [sys.executable, "-m", "tui", "--database", path, *map(str, words)]
    return subprocess.run(
        command, cwd=ROOT, stdout=stdout, stderr=subprocess.PIPE, text=True, check=False
    )


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("kind", ["full", "closed"])
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


@pytest.mark.parametrize(
    "words",
    [
        ("list",),
        ("set", "S-1", "fulfilling", "--dry-run"),
        ("import", "FILE", "--check"),
        ("import", "FILE", "--dry-run"),
    ],
)
def test_what_writes_nothing_never_says_that_it_is_done(path: Path, words: tuple[str, ...]) -> None:
    export = path.with_name("export.csv")
    export.write_text("Send ID,Status,Updated At\n7,Shipped,2026-11-01\n", encoding="utf-8")
    named = [export if word == "FILE" else word for word in words]
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = run(path, *named, stdout=full.fileno())
    assert done.returncode == 1
    assert done.stderr.endswith("It did not work: No space left on device.\n")


@pytest.mark.parametrize(
    "name", ["sends.db", "sends.db-wal", "sends.db-shm", "sends.db-journal", "link"]
)
def test_nothing_is_written_over_a_database(path: Path, name: str) -> None:
    path.with_name("link").hardlink_to(path)
    before = path.read_bytes()
    refused = run(
        path, "export", "-o", path.with_name(name), "--overwrite", stdout=subprocess.DEVNULL
    )
    assert refused.returncode == 1
    assert "belongs to the database" in refused.stderr
    copied = run(path, "db", "backup", path.with_name(name), stdout=subprocess.DEVNULL)
    assert copied.returncode == 1
    assert path.read_bytes() == before


@pytest.mark.parametrize("words", [("import", "a.csv"), ("db", "upgrade"), ("list",), ()])
def test_a_mistyped_path_makes_no_folder(tmp_path: Path, words: tuple[str, ...]) -> None:
    refused = run(tmp_path / "tpyo" / "x.db", *words, stdout=subprocess.DEVNULL)
    assert refused.returncode == 1
    assert "`senddesk db create`" in refused.stderr
    assert not (tmp_path / "tpyo").exists()
    made = run(tmp_path / "tpyo" / "x.db", "db", "create", stdout=subprocess.DEVNULL)
    assert made.returncode == 0
    assert (tmp_path / "tpyo" / "x.db").is_file()

"""Jobs in containers and under service managers: no HOME, a user nobody knows, odd encodings."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.support.command_line import sends_file
from tests.support.several import several
from tests.support.terminal import ROOT

_NOBODY = 12345
"""A user number that /etc/passwd does not know."""
_AS_NOBODY = (
    "setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups",
    # The program itself may stand where only root can read.
    "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search",
)  # fmt: skip
as_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("setpriv") is None,
    reason="only root can be somebody else, by setpriv",
)


def run(
    env: dict[str, str], *words: str, prefix: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*prefix, sys.executable, "-m", "tui", *words],
        cwd=ROOT, env={"PATH": os.environ["PATH"], **env}, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that anybody may enter and write in; those of pytest are the user's own."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o777)
        sends_file(Path(name)).chmod(0o644)
        yield Path(name)


_NO_HOMES: tuple[dict[str, str], ...] = (
    {},
    {"HOME": ""},
    {"HOME": "."},
    {"HOME": "/root"},
    {"HOME": "/dev/null"},
)


@as_root
def test_case_18_no_home_every_command_works(folder: Path) -> None:
    env = {"SENDDESK_AGENT": "ana", "SENDDESK_DATABASE": str(folder / "x.db")}
    made = run(env, "import", str(folder / "sends.json"), prefix=_AS_NOBODY)
    assert (made.returncode, made.stderr.count("Traceback")) == (0, 0), made.stderr
    commands = (
        ["list"], ["list", "--format", "json"], ["note", "S-101", "hello"],
        ["show", "S-101"], ["views"], ["thresholds"], ["export", "-o", str(folder / "out.csv")],
        ["db", "verify"],
    )  # fmt: skip
    found = several(env, *commands, prefix=_AS_NOBODY)
    for words, done in zip(commands, found, strict=True):
        assert (words, done.code, done.err.count("Traceback")) == (words, 0, 0), done.err


@as_root
def test_case_18_no_home_of_any_kind_stops_reading_and_writing(folder: Path) -> None:
    env = {"SENDDESK_AGENT": "ana"}
    commands: list[list[str]] = []
    own: list[dict[str, str]] = []
    for number, home in enumerate(_NO_HOMES):
        desk = home | {"SENDDESK_DATABASE": str(folder / f"{number}.db")}
        imported = ["import", str(folder / "sends.json")]
        for words in (imported, ["note", "S-101", "hello"], ["show", "S-101"]):
            commands.append(words)
            own.append(desk)
    found = several(env, *commands, own=own, prefix=_AS_NOBODY)
    for words, home, done in zip(commands, own, found, strict=True):
        assert (words, home, done.code, done.err.count("Traceback")) == (words, home, 0, 0), (
            done.err
        )


@as_root
def test_case_18_no_home_without_a_database_is_one_sentence(folder: Path) -> None:
    commands = (["list"], ["import", str(folder / "sends.json")], ["demo", "--no-open"])
    found = several({"SENDDESK_AGENT": "ana"}, *commands, prefix=_AS_NOBODY)
    assert [(done.code, done.err) for done in found] == [
        (1, "There is no home directory: name the database with --database or SENDDESK_DATABASE.\n")
    ] * 3


@as_root
def test_case_18_no_home_a_tilde_is_one_sentence() -> None:
    own = ({"SENDDESK_DATABASE": "~/x.db"}, {"SENDDESK_CONFIG": "~/c.toml"})
    found = several({"SENDDESK_AGENT": "ana"}, ["list"], ["list"], own=own, prefix=_AS_NOBODY)
    assert [done.code for done in found] == [2, 1]
    assert all("begins with ~" in done.err for done in found)


def test_a_home_of_a_user_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    done = run({"SENDDESK_DATABASE": "~nosuchuser/x.db", "HOME": str(tmp_path)}, "list")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "begins with ~" in done.stderr


@pytest.fixture
def lettered(tmp_path: Path) -> dict[str, str]:
    """An environment with a file of letters outside ASCII, `a.csv` beside the desk."""
    path = tmp_path / "a.csv"
    path.write_text("Send ID,Status,Recipient Name\n1,Shipped,“Zoë” 株式会社 𝄞\n", encoding="utf-8")
    return {"HOME": str(tmp_path), "SENDDESK_DATABASE": str(tmp_path / "x.db")}


@pytest.mark.parametrize(
    "odd",
    [
        {"LC_ALL": "C"},
        {"PYTHONIOENCODING": "ascii:strict"},
        {"PYTHONIOENCODING": "latin-1"},
        {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "POSIX"},
    ],
    ids=str,
)
def test_no_encoding_stops_a_command(lettered: dict[str, str], odd: dict[str, str]) -> None:
    commands = (
        ["import", f"{lettered['HOME']}/a.csv"], ["list"], ["show", "S-1"], ["statuses"],
        ["list", "--format", "json"],
    )  # fmt: skip
    encoding = odd.get("PYTHONIOENCODING", "utf-8").partition(":")[0]
    found = several(lettered | odd, *commands, encoding=encoding)
    assert [done.code for done in found] == [0] * 5
    assert json.loads(found[-1].out)[0]["recipient_name"] == "“Zoë” 株式会社 𝄞"

"""Jobs in containers and under service managers: no HOME, a user nobody knows, odd encodings."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.support.command_line import sends_file
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


def works(folder: Path, home: dict[str, str], *commands: Sequence[str]) -> None:
    env = home | {"SENDDESK_AGENT": "ana", "SENDDESK_DATABASE": str(folder / "x.db")}
    for words in (["import", str(folder / "sends.json")], *commands):
        done = run(env, *words, prefix=_AS_NOBODY)
        assert (words, done.returncode, done.stderr.count("Traceback")) == (words, 0, 0), (
            done.stderr
        )


@as_root
def test_case_18_no_home_every_command_works(folder: Path) -> None:
    works(
        folder, {}, ["list"], ["list", "--format", "json"], ["note", "S-101", "hello"],
        ["show", "S-101"], ["views"], ["thresholds"], ["export", "-o", str(folder / "out.csv")],
        ["db", "verify"],
    )  # fmt: skip


@as_root
@pytest.mark.parametrize(
    "home", [{"HOME": ""}, {"HOME": "."}, {"HOME": "/root"}, {"HOME": "/dev/null"}], ids=str
)
def test_case_18_no_home_of_any_kind_stops_reading_and_writing(
    folder: Path, home: dict[str, str]
) -> None:
    works(folder, home, ["note", "S-101", "hello"], ["show", "S-101"])


@as_root
def test_case_18_no_home_without_a_database_is_one_sentence(folder: Path) -> None:
    for words in (["list"], ["import", str(folder / "sends.json")], ["demo", "--no-open"]):
        done = run({"SENDDESK_AGENT": "ana"}, *words, prefix=_AS_NOBODY)
        assert done.returncode == 1
        assert done.stderr == (
            "There is no home directory: name the database with --database or SENDDESK_DATABASE.\n"
        )


@as_root
def test_case_18_no_home_a_tilde_is_one_sentence(folder: Path) -> None:
    env = {"SENDDESK_AGENT": "ana"}
    for own, code in (({"SENDDESK_DATABASE": "~/x.db"}, 2), ({"SENDDESK_CONFIG": "~/c.toml"}, 1)):
        done = run(env | own, "list", prefix=_AS_NOBODY)
        assert done.returncode == code
        assert "begins with ~" in done.stderr


def test_a_home_of_a_user_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    done = run({"SENDDESK_DATABASE": "~nosuchuser/x.db", "HOME": str(tmp_path)}, "list")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "begins with ~" in done.stderr


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
def test_no_encoding_stops_a_command(tmp_path: Path, odd: dict[str, str]) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Send ID,Status,Recipient Name\n1,Shipped,“Zoë” 株式会社\n", encoding="utf-8")
    env = odd | {"HOME": str(tmp_path), "SENDDESK_DATABASE": str(tmp_path / "x.db")}
    assert run(env, "import", str(path)).returncode == 0
    for words in (
        ["list"],
        ["show", "S-1"],
        ["statuses"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "tui", *words],
            cwd=ROOT, env={"PATH": os.environ["PATH"], **env}, capture_output=True,
        )  # fmt: skip
        assert (words, done.returncode) == (words, 0)


def test_json_survives_an_encoding_without_its_letters(tmp_path: Path) -> None:
    import json

    path = tmp_path / "a.csv"
    path.write_text("Send ID,Status,Recipient Name\n1,Shipped,“Zoë” 𝄞\n", encoding="utf-8")
    env = {"HOME": str(tmp_path), "SENDDESK_DATABASE": str(tmp_path / "x.db")}
    assert run(env, "import", str(path)).returncode == 0
    done = run(env | {"PYTHONIOENCODING": "ascii"}, "list", "--format", "json")
    assert json.loads(done.stdout)[0]["recipient_name"] == "“Zoë” 𝄞"

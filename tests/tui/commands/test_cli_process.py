"""`senddesk` as a process: streams, signals, what it loads, what a terminal sees."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command_line import NOW, SENDS, Senddesk, sends_file
from tests.support.hostile import HOSTILE
from tests.support.several import several
from tests.support.terminal import ROOT, Terminal, clean_environment, scan

SENDDESK = [sys.executable, "-m", "tui"]


@pytest.fixture
def env(senddesk: Senddesk, file_address: str, tmp_path: Path) -> dict[str, str]:
    """An environment with the desk of `senddesk`."""
    return clean_environment() | {
        "SENDDESK_DATABASE": file_address,
        "SENDDESK_AGENT": "ana",
        "SENDDESK_NOW": NOW,
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }


def run(env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*SENDDESK, *words],
        cwd=ROOT, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip


def test_every_exit_code(env: dict[str, str]) -> None:
    asked = {
        0: ("set", "S-101", "shipped", "--reason", "told by phone"),
        1: ("show", "S-999"),
        2: ("list", "--nope"),
        3: ("take", "S-101", "S-999"),
        4: ("release", "S-101", "--expect", "1"),
    }
    for code, done in zip(asked, several(env, *asked.values()), strict=True):
        assert done.code == code
        assert bool(done.out) is (code in (0, 3))
        assert (done.err == "`senddesk undo` takes it back.\n") is (code == 0)
        assert "Traceback" not in done.err


def test_data_goes_to_stdout_and_sentences_to_stderr(env: dict[str, str]) -> None:
    done = run(env, "list", "--limit", "1", "--format", "table")
    assert "S-101" in done.stdout
    assert done.stderr == "1 of 3 sends; --limit shows more.\n"
    assert "\x1b" not in done.stdout


def test_what_needs_no_database_loads_none(env: dict[str, str]) -> None:
    program = """
import sys
from tui.cli import run
codes = []
for words in (["--version"], ["--help"], ["keys"], ["statuses"], ["statuses", "--format", "json"]):
    print("asked", words)
    codes.append(run(words))
heavy = {"textual", "sqlalchemy", "sqlmodel", "alembic", "psycopg", "lark", "rapidfuzz"}
print(codes, sorted(heavy & set(sys.modules)), file=sys.stderr)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=env, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "[0, 0, 0, 0, 0] []\n")
    assert all(answer.count("\n") > 1 for answer in done.stdout.split("asked ")[1:])


@pytest.mark.parametrize(
    "words", ["list", "list --format json", "show S-101", "set S-101 shipped --reason x --dry-run"]
)
def test_a_short_command_loads_what_it_needs_alone(env: dict[str, str], words: str) -> None:
    program = f"""
import sys
from tui.cli import run
assert run({words.split()}) == 0
others = {{
    "textual", "alembic", "psycopg", "lark", "rapidfuzz", "openpyxl", "tui.keys", "models.files.reading",
    "models.database.postgresql.backend", "models.store.live_tables", "models.providers.payload_fields",
    "models.values.cells",
}}
from models.store.tables import Send
print(sorted(others & set(sys.modules)), Send.__mapper__.configured, file=sys.stderr)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=env, capture_output=True, text=True
    )
    assert done.stderr.splitlines()[-1] == "[] False"


def test_the_collector_of_garbage_runs_once_a_command_has_loaded(env: dict[str, str]) -> None:
    program = """
import gc, sys
from tui.__main__ import main
from tui.commands import listing
told = listing.query_of
listing.query_of = lambda *given: print(gc.isenabled(), file=sys.stderr) or told(*given)
sys.argv = ["senddesk", "list"]
main()
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=env, capture_output=True, text=True
    )
    assert done.stderr == "True\n"


def test_a_reader_that_leaves_is_no_failure(
    env: dict[str, str], senddesk: Senddesk, tmp_path: Path
) -> None:
    many = [{**SENDS[0], "id": number} for number in range(1000, 2500)]
    assert senddesk("import", sends_file(tmp_path, many)).code == 0
    for form in ("table", "json", "csv"):
        with subprocess.Popen(
            [*SENDDESK, "list", "--format", form],
            cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        ) as process:  # fmt: skip
            assert process.stdout is not None
            assert process.stderr is not None
            assert process.stdout.readline()
            process.stdout.close()
            assert process.stderr.read() == b""
        assert (form, process.returncode) == (form, 141)


def test_closed_and_full_outputs_are_no_tracebacks(env: dict[str, str], senddesk: Senddesk) -> None:
    for redirection, code in ((">&-", 0), (">&- 2>&-", 0), (">/dev/full", 1)):
        done = subprocess.run(
            ["sh", "-c", f'"$0" -m tui list --format json {redirection}', sys.executable],
            cwd=ROOT, env=env, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == code
        assert len(done.stderr.splitlines()) == code
        assert "Traceback" not in done.stderr
    assert senddesk("db", "check").code == 0


def test_what_knows_ascii_only_gets_ascii_signs(env: dict[str, str]) -> None:
    done = run({**env, "PYTHONIOENCODING": "ascii"}, "list")
    assert done.returncode == 0
    assert "^ 13d over" in done.stdout


def test_an_interrupt_ends_it_quietly(env: dict[str, str], senddesk: Senddesk) -> None:
    program = """
import os, signal, sys
from tui.__main__ import main

def interrupt(event, _):
    if event == "sqlite3.connect":
        os.kill(os.getpid(), signal.SIGINT)

# Whoever runs the tests in the background may have it ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.addaudithook(interrupt)
main()
"""
    done = subprocess.run(
        [sys.executable, "-c", program, "note", "S-101", "hello"],
        cwd=ROOT, env=env, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
    assert "hello" not in senddesk("show", "S-101").out


def test_the_desk_needs_a_terminal(env: dict[str, str]) -> None:
    done = run(env)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("The desk needs a terminal")


def test_a_terminal_gets_a_screenful_in_colour_and_cut_to_its_width(
    env: dict[str, str], senddesk: Senddesk, tmp_path: Path
) -> None:
    wide = [
        {**SENDS[0], "id": number, "touch": {"name": f"A campaign with a very long name {number}"}}
        for number in range(1000, 1100)
    ]
    assert senddesk("import", sends_file(tmp_path, wide)).code == 0
    with Terminal.python("-m", "tui", "list", size=(80, 70), env=env) as terminal:
        assert terminal.wait() == 0
        terminal.settle()
        text = terminal.text
        assert "50 of 103 sends; --limit shows more." in text
        assert "S-1048  ▲ 13d over  ◑ Order Received" in text
        assert "A campaign" not in text
        assert all(len(line.rstrip()) <= 80 for line in terminal.lines)
        assert b"\x1b[31m" in terminal.raw
    asked = ("list", "--columns", "id,campaign,recipient_name,recipient_email,company")
    with Terminal.python("-m", "tui", *asked, size=(60, 70), env=env) as terminal:
        assert terminal.wait() == 0
        assert "S-1048  A campaign w…" in terminal.text
        assert all(len(line.rstrip()) <= 60 for line in terminal.lines)
    with Terminal.python(
        "-m", "tui", "list", size=(80, 70), env={**env, "NO_COLOR": "1"}
    ) as terminal:
        assert terminal.wait() == 0
        assert b"\x1b[31m" not in terminal.raw


def test_hostile_sends_never_reach_a_terminal_raw(env: dict[str, str], tmp_path: Path) -> None:
    sends = [
        {
            **SENDS[0],
            "id": number,
            "status": text,
            "recipient": {"name": text, "company_name": text},
        }
        for number, text in enumerate(HOSTILE.values(), 1000)
    ]
    path = sends_file(tmp_path, sends, "hostile\x1b[31m.json")
    asked = (
        ("import", str(path)),
        ("list", "--limit", "900"),
        ("list", "--format", "csv"),
        ("list", "--format", "json"),
        ("show", "S-1003"),
        ("show", "\x1b]0;owned\x07"),
        ("\x1b[2J", "--nope\x1b[2J"),
    )
    program = """
import json, sys
from tui.cli import main
for sys.argv[1:] in json.loads(sys.argv[1]):
    main()
    print("that was all", flush=True)
"""
    with Terminal.python("-c", program, json.dumps(asked), size=(120, 40), env=env) as terminal:
        assert terminal.wait() == 0
        answers = terminal.raw.split(b"that was all")
        assert [bool(answer.strip()) for answer in answers] == [True] * len(asked) + [False]
        assert not scan(terminal.raw)


def test_the_environment_names_database_and_agent(env: dict[str, str], tmp_path: Path) -> None:
    jo = {"SENDDESK_DATABASE": str(tmp_path / "other.db"), "SENDDESK_AGENT": "jo"}
    ana = {"SENDDESK_AGENT": env.pop("SENDDESK_AGENT")}
    missing, made, taken, by_raj, seen = several(
        env,
        ["list"],
        ["import", str(sends_file(tmp_path))],
        ["take", "S-101"],
        ["take", "S-101"],
        ["show", "S-101", "--format", "json"],
        own=(jo, jo, jo, {"LOGNAME": "raj"}, ana),
    )
    assert (missing.code, made.code) == (1, 0)
    assert taken.out == "S-101: belongs to jo\n"
    assert by_raj.out == "S-101: belongs to raj\n"
    assert seen.json["owner"] == "raj"

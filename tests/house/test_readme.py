"""What the README promises is there: its keys, its commands, its pictures."""

import re
import shlex
import tomllib
from pathlib import Path

import click
import pytest

from tests.support.terminal import ROOT
from tui.cli import senddesk
from tui.config import load
from tui.keys import DESK_KEYS, KEYS, USUAL_KEYS

README = (ROOT / "README.md").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
NAMED = ("Enter", "Esc", "Space", "PgUp", "PgDn", "Tab")
COMMANDS = senddesk.list_commands(click.Context(senddesk))
BLOCKS = re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
SETTINGS = re.findall(r"^```toml\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
LINES = re.findall(r"^senddesk .*", "\n".join(BLOCKS), re.MULTILINE)


def keys_of_the_table() -> set[str]:
    """Return every key of the README's table, as the table writes it."""
    table = README.partition("| keys | |\n|")[2].partition("\n\n")[0]
    rows = [row.split(" | ", 1) for row in table.splitlines()[1:]]
    named = {word for keys, _ in rows for word in keys.split() if word in NAMED}
    return named | {key for row in rows for cell in row for key in re.findall(r"`([^` ]+)`", cell)}


def test_every_key_of_the_readme_works() -> None:
    known = {key for row in KEYS for key in USUAL_KEYS.all_shown(row.id).split()}
    assert keys_of_the_table() <= known


def test_every_key_of_the_desk_is_in_the_readme() -> None:
    told = keys_of_the_table()
    missing = [
        row.id
        for row in DESK_KEYS
        if row.keys and row.scope == "desk" and USUAL_KEYS.shown(row.id) not in told
    ]
    assert not missing


def test_its_two_commands_exist() -> None:
    first, second = BLOCKS[:2]
    assert first.rstrip().endswith(".venv/bin/senddesk demo")
    assert PROJECT["scripts"] == {"senddesk": "tui.__main__:main"}
    assert "'.[test]'" in second
    assert second.rstrip().endswith(".venv/bin/python -m pytest")
    assert "pytest" in " ".join(PROJECT["optional-dependencies"]["test"])


def test_every_command_it_names_exists() -> None:
    named = re.findall(r"`senddesk ([a-z]+)\b(?!:)", README)
    named += re.findall(r"^(?:.*/)?senddesk ([a-z]+)\b", "\n".join(BLOCKS), re.MULTILINE)
    assert named
    assert set(named) <= set(COMMANDS)


@pytest.mark.parametrize("command", [row.cli for row in KEYS if row.cli])
def test_the_command_beside_a_key_exists(command: str) -> None:
    assert command.split()[0] in COMMANDS


@pytest.mark.parametrize("example", SETTINGS)
def test_its_settings_can_be_used(
    example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(example, "utf-8")
    monkeypatch.setenv("SENDDESK_CONFIG", str(path))

    read = load()

    assert read.agent == "ana"
    assert read.keys


@pytest.mark.parametrize("line", LINES)
def test_its_command_lines_can_be_parsed(line: str) -> None:
    words = shlex.split(line, comments=True)
    words = words[: words.index("|")] if "|" in words else words

    command: click.Command | None = senddesk
    name, rest = words[0], words[1:]
    while isinstance(command, click.Group):
        context = click.Context(command)
        _, rest, _ = command.make_parser(context).parse_args(rest)
        name, command, rest = command.resolve_command(context, rest)
    assert command is not None
    assert command.make_context(name, rest)


def test_every_picture_it_shows_exists() -> None:
    pictures = re.findall(r"screenshots/[\w-]+\.svg", README)
    assert pictures
    assert [name for name in pictures if not (ROOT / name).exists()] == []

"""What the README promises is there: its keys, its commands, its pictures."""

import re
import tomllib

import click
import pytest

from tests.support.terminal import ROOT
from tui.cli import senddesk
from tui.keys import KEYS

README = (ROOT / "README.md").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
NAMED = ("Enter", "Esc", "Space", "PgUp", "PgDn", "Tab")
COMMANDS = senddesk.list_commands(click.Context(senddesk))
BLOCKS = re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def keys_of_the_table() -> set[str]:
    """Return every key of the README's table, as the table writes it."""
    table = README.partition("| keys | |\n|")[2].partition("\n\n")[0]
    rows = [row.split(" | ", 1) for row in table.splitlines()[1:]]
    named = {word for keys, _ in rows for word in keys.split() if word in NAMED}
    return named | {key for row in rows for cell in row for key in re.findall(r"`([^` ]+)`", cell)}


def test_every_key_of_the_readme_works() -> None:
    known = {key for row in KEYS for key in row.shown.split()} | set("0123456789")
    assert keys_of_the_table() <= known


def test_every_key_of_the_desk_is_in_the_readme() -> None:
    told = keys_of_the_table()
    missing = [
        row.id
        for row in KEYS
        if row.keys and row.scope == "desk" and row.shown.split()[0] not in told
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


@pytest.mark.parametrize("twin", [row.twin for row in KEYS if row.twin])
def test_every_twin_of_a_key_is_a_command(twin: str) -> None:
    assert twin.split()[0] in COMMANDS


def test_every_picture_it_shows_exists() -> None:
    pictures = re.findall(r"screenshots/[\w-]+\.svg", README)
    assert pictures
    assert [name for name in pictures if not (ROOT / name).exists()] == []

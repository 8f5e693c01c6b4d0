"""The desks that commands are run on."""

from pathlib import Path

import pytest

from tests.support.command_line import Result, Senddesk, commands, sends_file


@pytest.fixture
def senddesk(
    file_address: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Senddesk:
    """A desk with the three sends of `command_line.SENDS` in a file."""
    run = commands(file_address, monkeypatch, capsys)
    assert run("import", sends_file(tmp_path)).code == 0
    return run


@pytest.fixture
def anywhere(senddesk: Senddesk, address: str, tmp_path: Path) -> Senddesk:
    """The same desk, once in a file and once on a server."""

    def run(*words: str | Path) -> Result:
        return senddesk("--database", address, *words)

    assert run("import", tmp_path / "sends.json").code == 0
    return run

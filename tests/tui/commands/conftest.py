"""The desks that commands are run on."""

import shutil
from pathlib import Path

import pytest

from tests.support.command_line import NOW, Result, Senddesk, commands, sends_file
from tui import cli


@pytest.fixture(scope="session")
def three_sends(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the three sends of `command_line.SENDS`, imported once, to be copied."""
    folder = tmp_path_factory.mktemp("three")
    path = Path(shutil.copy(empty_file, folder / "sends.db"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SENDDESK_NOW", NOW)
        patch.setenv("SENDDESK_AGENT", "ana")
        assert cli.run(["import", str(sends_file(folder)), "--database", str(path)]) == 0
    return path


@pytest.fixture
def senddesk(
    file_address: str,
    three_sends: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Senddesk:
    """A desk with the three sends of `command_line.SENDS` in a file."""
    shutil.copy(three_sends, file_address)
    sends_file(tmp_path)
    return commands(file_address, monkeypatch, capsys)


@pytest.fixture
def anywhere(senddesk: Senddesk, address: str, tmp_path: Path) -> Senddesk:
    """The same desk, once in a file and once on a server."""

    def run(*words: str | Path) -> Result:
        return senddesk("--database", address, *words)

    assert run("import", tmp_path / "sends.json").code == 0
    return run

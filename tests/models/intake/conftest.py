"""The command line on an empty desk, on the day for which the cases were written."""

from pathlib import Path

import pytest

from tests.support.command_line import Senddesk, commands


@pytest.fixture
def senddesk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Senddesk:
    made = commands(str(tmp_path / "sends.db"), monkeypatch, capsys)
    monkeypatch.setenv("SENDDESK_NOW", "2026-11-28T08:00:00Z")
    return made

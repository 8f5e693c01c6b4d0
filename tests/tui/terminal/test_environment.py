"""What the environment says of colours and signs, each way to say it; `test_surroundings.py` looks at the screen."""

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui.terminal.environment import draws_no_signs, settle_colours

_COLOURS = ("NO_COLOR", "CLICOLOR", "FORCE_COLOR")
_UTF8 = {"LANG": "C.UTF-8", "TERM": "xterm-256color"}


@pytest.mark.parametrize(
    ("own", "settled"),
    [
        ({}, {}),
        ({"NO_COLOR": "1"}, {"NO_COLOR": "1"}),
        ({"NO_COLOR": ""}, {}),
        ({"CLICOLOR": "0"}, {"NO_COLOR": "1"}),
        ({"CLICOLOR": "1"}, {}),
        ({"FORCE_COLOR": "0"}, {"NO_COLOR": "1"}),
        ({"FORCE_COLOR": "1"}, {"FORCE_COLOR": "1"}),
        ({"CLICOLOR": "0", "FORCE_COLOR": "1"}, {"FORCE_COLOR": "1"}),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}),
    ],
    ids=str,
)
def test_no_color_says_what_other_names_say(
    monkeypatch: pytest.MonkeyPatch, own: dict[str, str], settled: dict[str, str]
) -> None:
    for name in _COLOURS:
        # Set first, so that what the function writes is taken back.
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    for name, value in own.items():
        monkeypatch.setenv(name, value)
    settle_colours()
    left = {name: os.environ[name] for name in _COLOURS if name in os.environ}
    assert {name: left[name] for name in left if name != "CLICOLOR"} == settled


@pytest.fixture
def terminal() -> Iterator[Path]:
    """The name of a terminal."""
    ours, theirs = os.openpty()
    yield Path(os.ttyname(theirs))
    os.close(ours)
    os.close(theirs)


@pytest.mark.parametrize(
    ("own", "encoding", "plain"),
    [
        ({}, "utf-8", False),
        ({"TERM": "linux"}, "utf-8", True),
        ({"TERM": "vt100"}, "utf-8", True),
        ({"TERM": "nonsense"}, "utf-8", False),
        ({"TERM": "xterm"}, "utf-8", False),
        ({"LC_ALL": "C"}, "utf-8", True),
        ({"LC_ALL": "en_US.ISO-8859-1"}, "utf-8", True),
        ({"LANG": ""}, "utf-8", True),
        ({"LANG": "", "LC_CTYPE": "C.UTF-8"}, "utf-8", True),
        ({}, "latin-1", True),
        ({}, "ascii", True),
    ],
    ids=str,
)
def test_a_plain_terminal_is_known(
    monkeypatch: pytest.MonkeyPatch,
    terminal: Path,
    own: dict[str, str],
    encoding: str,
    plain: bool,
) -> None:
    for name, value in (_UTF8 | own).items():
        monkeypatch.setenv(name, value)
    with io.TextIOWrapper(
        io.FileIO(os.open(terminal, os.O_RDWR | os.O_NOCTTY), "w"), encoding
    ) as stream:
        assert draws_no_signs(stream) is plain

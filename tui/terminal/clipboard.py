"""Copies text to the clipboard, and says what is known about whether it arrived."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from textual.app import App

from models.values import private_file
from models.values.own_folders import own_folder
from models.values.text import display_text

MOST_BYTES = 74_994 // 4 * 3
"""The longest text, in bytes of UTF-8, that terminals are known to take in one piece when encoded."""

_LONGEST = 2_000_000
_PATIENCE = 2.0
"""Seconds that a clipboard program gets."""


def copy(app: App[Any], text: str, folder: Path | None = None) -> str:
    """Copy `text` and return the sentence, on one line, that tells the agent where it went.

    On the agent's own machine the system's clipboard takes it. Over SSH that would be the clipboard of
    the wrong machine, so the terminal is asked to, which never answers. What is too long for a terminal
    goes to a file that only the agent can read.

    Args:
        app: The app whose terminal it is.
        text: What to copy; what is invisible or harmful in it is made visible first.
        folder: Where the file goes, by default the user's own folder for state.
    """
    plain = clean(text)
    data = plain.encode()
    if not _is_remote() and _copy_natively(data):
        return "Copied to the clipboard."
    if len(data) <= MOST_BYTES:
        app.copy_to_clipboard(plain)
        return "Sent to the terminal's clipboard. Not there? Shift+mouse."
    folder = folder or own_folder("state")
    if folder is None:
        return "Not copied: too long, and there is no home directory."
    try:
        return f"Too long to copy: it is in {_briefly(_keep(data, folder))}"
    except OSError as error:
        return f"Not copied: too long, and no file ({error.strerror})."


def clean(text: str) -> str:
    """Return `text` as it may be pasted anywhere: visible, no commands, no line end to run it at once."""
    return display_text(text.rstrip(), _LONGEST, one_line=False, lines=_LONGEST)


def _is_remote() -> bool:
    return any(name in os.environ for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"))


def _copy_natively(data: bytes) -> bool:
    for name, *options in _native_tools():
        program = shutil.which(name)
        if program and _feed([program, *options], data):
            return True
    return False


def _native_tools() -> Iterator[tuple[str, ...]]:
    if sys.platform == "darwin":
        yield ("pbcopy",)
    if "WAYLAND_DISPLAY" in os.environ:
        yield ("wl-copy",)
    if "DISPLAY" in os.environ:
        yield ("xclip", "-selection", "clipboard")


def _feed(command: list[str], data: bytes) -> bool:
    try:
        # The tools stay behind to serve the clipboard; a pipe of ours would keep us waiting for them.
        done = subprocess.run(
            command,
            input=data,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def _keep(data: bytes, folder: Path) -> Path:
    """Write the one file for what was copied last, so that copies of personal data do not pile up."""
    path = folder / "copied.txt"
    private_file.overwrite(path, data)
    return path


def _briefly(path: Path) -> str:
    """Return *path* as a shell takes it, with `~` for the user's own folder."""
    home = os.path.expanduser("~")  # noqa: PTH111 - Path.home fails where there is none
    text = str(path)
    return text.replace(home, "~", 1) if text.startswith(f"{home}{os.sep}") else text

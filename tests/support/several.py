"""Runs several command lines in one process that a test has made odd: its user, its encoding, its environment.

A start of Python costs more than what most commands do. `several` starts this module as a process.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence

from tests.support.command_line import Result
from tests.support.terminal import ROOT

_END = "\0"
"""What ends the output of each command; no command prints it."""


def several(
    env: Mapping[str, str],
    *commands: Sequence[str],
    own: Sequence[Mapping[str, str]] = (),
    prefix: Sequence[str] = (),
    encoding: str = "utf-8",
) -> list[Result]:
    """Run *commands* one after the other in one new process.

    Args:
        env: The whole environment, but for PATH.
        commands: The words of each command.
        own: What is added to the environment for each command; nothing where it is empty.
        prefix: The command that starts the process, as another user for example.
        encoding: What the process writes in.

    Returns:
        What each command left behind. They are fewer than *commands* if one ended the process.
    """
    asked = list(zip(commands, own or [{}] * len(commands), strict=True))
    done = subprocess.run(
        [*prefix, sys.executable, "-m", "tests.support.several", json.dumps(asked)],
        cwd=ROOT, env={"PATH": os.environ["PATH"], **env}, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, encoding=encoding, errors="replace",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    outputs, sentences = done.stdout.split(_END)[:-1], done.stderr.split(_END)[:-1]
    told = zip(outputs, sentences[::2], sentences[1::2], strict=True)
    return [Result(int(code), out, err) for out, err, code in told]


def main() -> None:
    """Run the commands as `python -m tui` runs each of them."""
    from tui.terminal.crash import install_excepthook

    install_excepthook()
    from tui.cli import main as run

    before = dict(os.environ)
    for words, own in json.loads(sys.argv[1]):
        os.environ.clear()
        os.environ.update(before | own)
        sys.argv[1:] = words
        code = run()
        sys.stdout.write(_END)
        sys.stderr.write(f"{_END}{code}{_END}")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

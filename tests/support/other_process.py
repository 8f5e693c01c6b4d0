"""Another process that does something to a desk while a test looks on."""

import subprocess
import sys

from tests.support.terminal import ROOT


def work(task: str, *words: object) -> "subprocess.Popen[str]":
    """Start another process that does *task*; see `tests.support.storage_worker`."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.support.storage_worker", task, *map(str, words)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip

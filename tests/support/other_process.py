"""Another process that does something to a desk while a test looks on."""

import subprocess
import sys

from tests.support.terminal import ROOT


def work(deed: str, *words: object) -> "subprocess.Popen[str]":
    """Start another process that does *deed*; see `tests.support.storage_worker`."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.support.storage_worker", deed, *map(str, words)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip

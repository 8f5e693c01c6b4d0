"""What short commands cost, beside Python itself: the time of the processor, whatever else runs meanwhile."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path

from tests.benchmarks.figures import Bench, Figure
from tests.benchmarks.startup import environment, first_row
from tests.support.terminal import ROOT, clean_environment

_SCREENFUL = "50"
"""How many sends a terminal is shown."""


def commands(bench: Bench) -> Iterator[Figure]:
    """Measure commands that scripts run again and again, each as a process of its own."""
    with bench.copy(bench.desk()) as path:
        send = first_row(path).decode()
        statuses = cycle(("canceled", "delivered"))
        for name, words, target in (
            ("--version", ("--version",), None),
            ("list", ("list", "--limit", _SCREENFUL), 25),
            ("list --format json", ("list", "--limit", _SCREENFUL, "--format", "json"), 25),
            ("show", ("show", send), 25),
            ("set", ("set", send, "--reason", "measured", "--force"), 25),
        ):

            def command(words: Sequence[str] = words, *, sets: bool = name == "set") -> float:
                to = (next(statuses),) if sets else ()
                return _processor_time(["-m", "tui", *words, *to], environment(path))

            ours, floor = bench.medians(command, lambda: _processor_time(["-c", "pass"], {}))
            yield Figure(
                name=f"senddesk {name}", ours=ours, against="python -c pass", floor=floor,
                target=target,
            )  # fmt: skip


def _processor_time(arguments: list[str], env: dict[str, str]) -> float:
    """Run Python and return the milliseconds that the processor worked for it.

    Raises:
        subprocess.CalledProcessError: If it fails.
    """
    command = [sys.executable, *arguments]
    with Path(os.devnull).open("r+b") as nowhere:
        process = subprocess.Popen(
            command, cwd=ROOT, env=clean_environment() | env, stdout=nowhere, stderr=nowhere
        )
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return 1000 * (used.ru_utime + used.ru_stime)

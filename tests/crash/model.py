"""The desk beside a small model of it, for as long as there is time.

python -m tests.crash.model --minutes 10 [--database postgresql://user@host/empty] [--seed 7] [--quick]

Without an address it works in files of its own. It ends at the first step after which both differ, told as
a test that fails; else one line says how many steps were tried.
"""

import argparse
import sys
import tempfile
import time
from itertools import count
from pathlib import Path

from hypothesis import Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from models.database import open_database
from models.desk import Desk
from tests.support.beside import beside

ROUND = 25
"""Examples in one database; a server has only one, which grows."""
STEPS = 50


def try_for(minutes: float, address: str | None, first_seed: int, *, shorten: bool) -> None:
    """Try one round after another until the time is over."""
    end = time.monotonic() + 60 * minutes
    phases = (Phase.generate, Phase.shrink) if shorten else (Phase.generate,)
    with beside() as kind:
        for number in count(first_seed):
            with tempfile.TemporaryDirectory() as folder:
                kind.database = open_database(address or Path(folder) / "sends.db")
                if address and number == first_seed and Desk(kind.database, "ana").total():
                    raise SystemExit("The database has sends: give an empty one.")
                seed(number)(kind)
                run_state_machine_as_test(
                    kind,
                    settings=settings(
                        max_examples=ROUND,
                        stateful_step_count=STEPS,
                        deadline=None,
                        database=None,
                        phases=phases,
                        report_multiple_bugs=False,
                    ),
                )
                kind.database.close()
            if time.monotonic() > end:
                break
    sys.stdout.write(
        f"{kind.steps} steps of {kind.examples} examples: none after which the desk differs from"
        f" the model (seeds {first_seed} to {number})\n"
    )


def main() -> None:
    """Read the command line and try."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--database", help="an empty one on a server")
    parser.add_argument("--seed", type=int, default=1, help="of the first round")
    parser.add_argument(
        "--quick",
        action="store_true",
        help="tell a difference as it was found, and not a shorter way",
    )
    given = parser.parse_args()
    try_for(given.minutes, given.database, given.seed, shorten=not given.quick)


if __name__ == "__main__":
    main()

"""Kills the desk in the midst of its work, many times, and looks for anything lost or torn.

python tests/crash/kill.py --times 200
python tests/crash/kill.py --times 200 --database postgresql://user@host/an_empty_desk

On a server it makes databases of its own beside the one it is given, and removes them at the end.
"""

import argparse
import sys
import tempfile
from pathlib import Path


def main() -> None:
    """Run what the command line asks for and print what was done."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=200, help="how often each kind of work dies")
    parser.add_argument("--seed", type=int, default=1, help="the same seed kills at the same times")
    parser.add_argument("--database", help="a new file in a temporary folder unless given")
    options = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).parents[2]))
    from tests.crash.killing import holds_sends, kill_first_starts, kill_imports, kill_overrides
    from tests.crash.killing_listeners import kill_listeners
    from tests.crash.killing_syncs import kill_syncs
    from tests.crash.killing_upgrades import kill_upgrades
    from tests.crash.old_desks import old_desks

    if options.database and holds_sends(options.database):
        parser.error("the desk is not empty: what was there would be taken for what a kill left")
    with tempfile.TemporaryDirectory() as folder:
        address = options.database or str(Path(folder) / "sends.db")
        told = [kill_overrides(address, options.times, options.seed)]
        told.append(kill_imports(address, options.times, options.seed))
        told.append(kill_listeners(address, options.times, options.seed))
        told.append(kill_syncs(address, options.times, options.seed))
        if options.database is None:
            told.append(kill_first_starts(Path(folder), options.times, options.seed))
        with old_desks(Path(folder), options.database) as desks:
            told.append(kill_upgrades(desks, options.times, options.seed))
    sys.stdout.write("".join(f"{line}\n" for line in told))


if __name__ == "__main__":
    main()

"""A team at one desk: agents who read lists and set statuses while sends are imported.

python -m tests.crash.team postgresql://user@host/desk --agents 10 --rounds 50

Each is a process of its own. Agents have sends of their own, of which the imports bring news meanwhile.
One line tells of each kind of change; what was written stays in the desk.
"""

import argparse
import json
import os
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from statistics import median

from models.database import open_database
from models.desk import Desk
from models.errors import DeskError, StaleSend
from models.history.audit import verify
from models.records import EventKind
from models.values.clock import utc_now
from tests.crash.forks import fork
from tests.support.desk_cases import fact, parcel, take

SENDS = 20
"""How many sends each agent works on."""
NEW = 200
"""How many sends an import brings that nobody knew."""
LISTS = ("is:triage", "status:shipped", "stage:problem sort:-since", "recipient:agent", "owner:jo")
WAIT = 5.0
"""Seconds that nobody may have to wait."""


@dataclass
class Met:
    """What a process met with."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """How long each change took, by its kind."""
    written: int = 0
    """Overrides that were made."""
    conflicts: int = 0
    errors: list[str] = field(default_factory=list)

    @contextmanager
    def timed(self, kind: str) -> Iterator[None]:
        """Note how long a change takes, and what refuses it."""
        began = time.monotonic()
        try:
            yield
        except StaleSend:
            self.conflicts += 1
        except DeskError as error:
            self.errors.append(str(error))
        self.seconds[kind].append(time.monotonic() - began)


def be_agent(rounds: int, desk: Desk, met: Met) -> None:
    """Read a list and the numbers beside it, set the status of one of the own sends, note on it."""
    dice = random.Random(desk.agent)
    for _ in range(rounds):
        query = desk.parse(dice.choice(LISTS))
        with met.timed("list"):
            desk.window(desk.listing(query), 0, 200)
        with met.timed("numbers"):
            desk.view_counts()
            desk.facets(query)
        seen = desk.find(f"sendoso:{desk.agent}-{dice.randrange(SENDS)}")
        target = "shipped" if seen.status != "shipped" else "fulfilling"
        with met.timed("override"):
            desk.override(seen, target, "told by phone", force=True)
            met.written += 1
        with met.timed("note"):
            desk.note(seen, "called")


def import_news(agents: list[str], rounds: int, desk: Desk, met: Met) -> None:
    """Bring new sends and news of the agents' own."""
    dice = random.Random(desk.agent)
    for number in range(rounds):
        news = [parcel(f"{desk.agent}-{number}-{place}") for place in range(NEW)]
        for agent in agents:
            reported = fact("Order Received", utc_now())
            news += [parcel(f"{agent}-{place}", reported) for place in range(SENDS)]
        dice.shuffle(news)
        with met.timed("import"):
            take(desk, *news)


def start(address: str, name: str, work: Callable[[Desk, Met], None]) -> int:
    """Let another process *work* under *name*; return where it will tell what it met with."""
    listening, telling = os.pipe()

    def run() -> None:
        os.close(listening)
        met = Met()
        with closing(open_database(address)) as database:
            work(Desk(database, name), met)
        with os.fdopen(telling, "w") as told:
            json.dump(vars(met), told)

    fork(run)
    os.close(telling)
    return listening


def gather(pipes: list[int]) -> Met:
    """Return what all of them met with; a process that failed tells nothing, which raises."""
    every = Met()
    for pipe in pipes:
        with os.fdopen(pipe) as told:
            met = Met(**json.load(told))
        for kind, seconds in met.seconds.items():
            every.seconds[kind] += seconds
        every.written += met.written
        every.conflicts += met.conflicts
        every.errors += met.errors
    return every


def work_together(address: str, agents: int, rounds: int) -> Met:
    """Let all but one of *agents* work at the desk while the last one imports.

    Raises:
        AssertionError: If an override was lost or doubled, or the history does not add up.
    """
    run = time.strftime("%Y%m%d%H%M%S")
    *others, last = (f"agent-{run}-{number}" for number in range(agents))
    with closing(open_database(address)) as database:
        mine = [parcel(f"{name}-{place}") for name in others for place in range(SENDS)]
        take(Desk(database, last), *mine)
    pipes = [start(address, name, partial(be_agent, rounds)) for name in others]
    pipes.append(start(address, last, partial(import_news, others, max(rounds // 5, 1))))
    met = gather(pipes)
    with closing(open_database(address)) as database:
        desk = Desk(database, last)
        made: Counter[str] = Counter()
        for name in others:
            for place in range(SENDS):
                history = desk.case(desk.find(f"sendoso:{name}-{place}").id).history
                made.update(event.actor for event in history if event.kind is EventKind.OVERRIDE)
        assert set(made) <= set(others)
        assert made.total() == met.written, "an override was lost or doubled"
        assert verify(database).problems == ()
    return met


def main() -> None:
    """Let the team work and print what it met with; status 1 if someone waited long or was refused."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("address")
    parser.add_argument("--agents", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=50)
    given = parser.parse_args()
    met = work_together(given.address, given.agents, given.rounds)
    for kind, seconds in met.seconds.items():
        middle, longest = 1000 * median(seconds), 1000 * max(seconds)
        sys.stdout.write(
            f"{kind}: {len(seconds)}, median {middle:.0f} ms, longest {longest:.0f} ms\n"
        )
    sys.stdout.write(
        f"{met.written} overrides, {met.conflicts} conflicts, {len(met.errors)} errors\n"
    )
    sys.stdout.writelines(f"{error}\n" for error in sorted(set(met.errors)))
    longest = max(max(seconds) for kind, seconds in met.seconds.items() if kind != "import")
    sys.exit(bool(met.errors) or longest > WAIT)


if __name__ == "__main__":
    main()

"""A team whose server fails: the primary dies, its standby takes over, and everyone goes on.

python -m tests.crash.failover --rounds 20 --seed 1

Two servers of Debian's PostgreSQL are made and thrown away (`apt install postgresql`; as root they run as
the user postgres). Agents, a screen, `senddesk sync`, `senddesk listen` and a reader on the standby are
started once and never again; each round kills the primary at a random moment. What was told as saved
before must be there afterwards, once.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import psycopg

from models.database import open_database, upgrade_database
from models.desk import Desk
from models.errors import DeskError, DeskUnavailable, StaleSend
from models.history.audit import verify
from models.writing.writer import Request
from tests.crash.forks import fork
from tests.crash.replicas import USER, Server, pair, programs
from tests.support import small_goody
from tests.support.desk_cases import parcel, take
from tests.support.listening import Listener, environment, listening
from tests.support.platform_server import Answered, Asked, platform
from tests.support.small_goody import SmallGoody
from tests.support.terminal import ROOT, Terminal
from tests.support.webhooks import goody

SENDS = 5
"""How many sends each agent works on."""
ORDERS = 500
"""How many orders the platform has at first."""
AWAY = 18.0
"""Seconds for which the standby is away where it dies first: longer than a statement may take."""
_EVERY = 4
"""In each round of so many the standby dies before the primary does."""
_SECONDS = 180.0
"""After how long it is an error that somebody has not gone on."""

Tell = Callable[..., None]


@dataclass
class Heard:
    """What everybody has told so far."""

    saved: dict[str, float] = field(default_factory=dict)
    """The overrides that were told as saved, by request, and when."""
    last: dict[str, float] = field(default_factory=dict)
    """When each agent, or the reader, was last served."""
    pauses: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """How long each was not served, at the longest, round by round."""
    sentences: Counter[str] = field(default_factory=Counter)
    """What was told meanwhile."""
    lasting: Counter[str] = field(default_factory=Counter)
    """What was told as if it did not pass."""
    views: Counter[str] = field(default_factory=Counter)
    """What the reader saw."""

    def take(self, line: str) -> None:
        told = json.loads(line)
        who, at = told["who"], told["at"]
        if request := told.get("saved"):
            self.saved[request] = at
        if "served" in told:
            if who in self.last:
                self.pauses[who][-1] = max(self.pauses[who][-1], at - self.last[who])
            self.last[who] = at
        if sentence := told.get("refused"):
            (self.sentences if told["passes"] else self.lasting)[sentence] += 1
        if view := told.get("view"):
            self.views[view] += 1

    def begin_round(self, everybody: list[str]) -> None:
        for who in everybody:
            self.pauses[who].append(0.0)


def _teller(pipe: int, who: str) -> Tell:
    def tell(**told: Any) -> None:
        line = json.dumps({"who": who, "at": time.monotonic(), **told})
        # Lines shorter than PIPE_BUF are written whole, whoever else writes.
        os.write(pipe, f"{line}\n".encode()[:4000])

    return tell


def be_agent(address: str, name: str, tell: Tell) -> None:
    """Override the own sends one after the other; whatever fails is asked again until it is done."""
    dice = random.Random(name)
    desk = Desk(open_database(address, agent=name), name)
    seen = [desk.find(f"sendoso:{name}-{place}") for place in range(SENDS)]
    for number in range(10**9):
        place, request = dice.randrange(SENDS), Request(f"{name}-{number}")
        while True:
            try:
                desk.changed()
                target = "shipped" if seen[place].status != "shipped" else "fulfilling"
                case = desk.override(seen[place], target, "by phone", force=True, request=request)
            except StaleSend:
                seen[place] = desk.find(f"sendoso:{name}-{place}")
            except DeskError as error:
                passes = isinstance(error, DeskUnavailable) and error.passes
                tell(refused=str(error), passes=passes)
                time.sleep(0.1)
            else:
                break
        seen[place] = case.send
        tell(saved=request.id, served=True)
        time.sleep(dice.uniform(0.02, 0.2))


def be_reader(address: str, name: str, tell: Tell) -> None:
    """Read lists, on the standby where there is one; say what may be written there."""
    desk = Desk(open_database(address, agent=name), name)
    while True:
        try:
            changed = desk.changed()
            shown = desk.window(desk.listing(desk.parse("is:overridden")), 0, 50)
        except DeskError as error:
            tell(refused=str(error), passes=isinstance(error, DeskUnavailable) and error.passes)
        else:
            kind = "read only" if desk.read_only else "may write"
            news = "something new" if changed else "nothing new"
            tell(served=bool(shown), view=f"{kind}, {news}")
        time.sleep(0.25)


@contextmanager
def team(address: str, reading: str, agents: list[str], heard: Heard) -> Iterator[None]:
    """Let everybody work, each in a process of their own, until the block ends."""
    listening_end, telling_end = os.pipe()
    jobs = [partial(be_agent, address, each, _teller(telling_end, each)) for each in agents]
    jobs.append(partial(be_reader, reading, "reader", _teller(telling_end, "reader")))
    processes = [fork(job) for job in jobs]
    os.close(telling_end)

    def hear() -> None:
        with os.fdopen(listening_end) as lines:
            for line in lines:
                heard.take(line)

    hearing = threading.Thread(target=hear)
    hearing.start()
    try:
        yield
        for process in processes:
            ended = os.waitpid(process, os.WNOHANG)
            assert ended == (0, 0), "somebody had to be started again"
    finally:
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(process, 0)
        hearing.join()


@dataclass
class Deliveries:
    """Messages that a platform sends to the receiver, each again until it is answered with 200."""

    listener: Listener
    taken: list[str] = field(default_factory=list)
    refused: int = 0
    pauses: list[float] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def coming(self) -> Iterator[None]:
        """Let them come until the block ends."""
        threads = [threading.Thread(target=self._send, args=(each,)) for each in range(4)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()

    def _send(self, series: int) -> None:
        served = time.monotonic()
        number = 0
        while not self._stop.is_set():
            message = f"delivery-{series}-{number}"
            body = goody("order.created", "created", f"order-{series}-{number}")
            try:
                answered = self.listener.post(body, message).status_code
            except httpx.HTTPError:
                answered = 0
            if answered == 200:
                self.taken.append(message)
                self.pauses.append(time.monotonic() - served)
                served = time.monotonic()
                number += 1
            else:
                self.refused += 1
            self._stop.wait(0.1)


@dataclass
class Synced:
    """`senddesk sync` that goes on for ever, and what it has said."""

    process: "subprocess.Popen[str]"
    passes: list[float] = field(default_factory=list)
    """When each pass ended."""
    said: Counter[str] = field(default_factory=Counter)

    def hear(self) -> list[threading.Thread]:
        def lines() -> None:
            for line in self.process.stdout or ():
                if " read, " in line:
                    self.passes.append(time.monotonic())

        def errors() -> None:
            for line in self.process.stderr or ():
                # Progress, and what the platform has said, are of no interest here.
                if not line.startswith(("Goody: ", "Goody, ")):
                    self.said[line.strip()] += 1

        threads = [threading.Thread(target=each) for each in (lines, errors)]
        for thread in threads:
            thread.start()
        return threads

    def wait_for_pass(self) -> None:
        """Return once another pass has ended."""
        count, end = len(self.passes), time.monotonic() + _SECONDS
        while len(self.passes) < count + 1:
            assert self.process.poll() is None, f"the sync has ended: {list(self.said)[-20:]}"
            assert time.monotonic() < end, f"the sync does not go on: {self.said}"
            time.sleep(0.1)


@contextmanager
def syncing(address: str, platform_address: str) -> Iterator[Synced]:
    """Let `senddesk sync` run until the block ends."""
    env = environment(
        address,
        SENDDESK_GOODY_URL=platform_address,
        SENDDESK_GOODY_KEY=small_goody.KEY,
        SENDDESK_AGENT="sync",
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "tui", "sync", "goody", "--every", "1s"],
        cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    synced = Synced(process)
    threads = synced.hear()
    try:
        yield synced
    finally:
        process.kill()
        process.wait()
        for thread in threads:
            thread.join()


class Platform:
    """A small Goody where orders are made all the time."""

    def __init__(self) -> None:
        self._there = SmallGoody()
        self._there.add(ORDERS)
        self._lock = threading.Lock()
        self._stop = threading.Event()

    def answer(self, asked: Asked) -> Answered:
        with self._lock:
            return self._there.answer(asked)

    @property
    def ids(self) -> set[str]:
        return {each["id"] for each in self._there.orders}

    @contextmanager
    def growing(self) -> Iterator[None]:
        """Let orders come until the block ends."""

        def grow() -> None:
            while not self._stop.wait(0.5):
                with self._lock:
                    self._there.add(1, "shipped")

        thread = threading.Thread(target=grow)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()


@contextmanager
def screen(address: str) -> Iterator[Callable[[], Terminal]]:
    """Let a desk be open on a terminal; the function given returns it, nobody reads it from then on."""
    env = {"SENDDESK_DATABASE": address, "SENDDESK_AGENT": "watcher"}
    with Terminal.python("-m", "tui", size=(120, 40), env=env) as terminal:
        stop = threading.Event()

        def read() -> None:
            while not stop.is_set():
                terminal.settle(0.2, 0.2)

        thread = threading.Thread(target=read)
        thread.start()

        def given() -> Terminal:
            stop.set()
            thread.join()
            return terminal

        try:
            yield given
        finally:
            stop.set()
            thread.join()


def kept_requests(server: Server) -> Counter[str]:
    """Return the requests whose overrides a server has."""
    with psycopg.connect(server.address("sends")) as connection:
        rows = connection.execute("SELECT request_id FROM event WHERE kind = 'override'")
        return Counter(str(row[0]) for row in rows)


@dataclass
class Failed:
    """One round."""

    saved: int
    """Overrides that had been told as saved."""
    lost: int
    away: float
    """Seconds from the death of the primary until the other one took writes."""


def fail_over(
    primary: Server, standby: Server, dice: random.Random, heard: Heard, number: int
) -> Failed:
    """Kill the primary at a random moment, promote the standby and count what was lost."""
    time.sleep(dice.uniform(0.5, 4))
    if number % _EVERY == _EVERY - 1:
        standby.stop()
        time.sleep(AWAY + dice.uniform(0, 2))
        primary.kill()
        died = time.monotonic()
        standby.start()
    else:
        dice.choice((primary.kill, primary.stop))()
        died = time.monotonic()
        # Whoever watches over the servers takes its time.
        time.sleep(dice.uniform(0, 2))
    saved = [request for request, at in list(heard.saved.items()) if at < died]
    standby.promote()
    away = time.monotonic() - died
    kept = kept_requests(standby)
    return Failed(len(saved), sum(request not in kept for request in saved), away)


def wait_until_served(heard: Heard, everybody: list[str]) -> None:
    """Return once everybody was served after now."""
    now = time.monotonic()
    while late := [who for who in everybody if heard.last.get(who, 0.0) < now]:
        assert time.monotonic() - now < _SECONDS, f"{late} do not go on: {heard.sentences}"
        time.sleep(0.05)


def run(
    binaries: Path, folder: Path, rounds: int, seed: int, agents: int, *, confirmed: bool
) -> None:
    """Let the primary die *rounds* times.

    Args:
        binaries: The folder of the server's programs.
        folder: Where the servers' data go.
        rounds: How often it dies.
        seed: Of the moments at which it dies.
        agents: How many there are.
        confirmed: Whether the standby confirms each commit; else what is lost is only printed.

    Raises:
        AssertionError: If something was lost or doubled, or somebody did not go on.
    """
    dice, heard = random.Random(seed), Heard()
    names = [f"agent-{number}" for number in range(agents)]
    everybody = [*names, "reader"]
    confirming = "*" if confirmed else ""
    with ExitStack() as stack:
        primary, standby = stack.enter_context(pair(binaries, folder))
        primary.confirm_by(confirming)
        with psycopg.connect(primary.address("postgres"), autocommit=True) as admin:
            admin.execute("CREATE DATABASE sends")
        hosts = f"postgresql://{USER}@127.0.0.1:{primary.port},127.0.0.1:{standby.port}/sends"
        address = f"{hosts}?target_session_attrs=read-write"
        upgrade_database(address)
        first = open_database(address)
        take(Desk(first, "ana"), *(parcel(f"{a}-{n}") for a in names for n in range(SENDS)))
        first.close()
        there = Platform()
        heard.begin_round(everybody)
        reading = f"{hosts}?target_session_attrs=prefer-standby"
        stack.enter_context(team(address, reading, names, heard))
        of = stack.enter_context(platform(there.answer))
        sync = stack.enter_context(syncing(address, of.address))
        listener = stack.enter_context(listening(environment(address, SENDDESK_AGENT="listener")))
        terminal = stack.enter_context(screen(address))
        deliveries = Deliveries(listener)
        failed: list[Failed] = []
        resumed = 0
        with deliveries.coming(), there.growing():
            wait_until_served(heard, everybody)
            for number in range(rounds):
                heard.begin_round(everybody)
                failed.append(fail_over(primary, standby, dice, heard, number))
                primary, standby = standby, primary
                wait_until_served(heard, names)
                sync.wait_for_pass()
                resumed += 1
                standby.follow(primary)
                primary.confirm_by("*")
                primary.wait_for_standby()
                primary.confirm_by(confirming)
                wait_until_served(heard, everybody)
                last = failed[-1]
                pauses = [heard.pauses[name][-1] for name in names]
                _say(
                    f"round {number + 1}: {last.saved} told as saved, {last.lost} lost; "
                    f"no primary for {last.away:.1f} s, longest pause {max(pauses):.1f} s"
                )
        # The one that runs may have been behind the last orders already.
        for _ in range(2):
            sync.wait_for_pass()
        shown = terminal()
        shown.read_until("live", timeout=_SECONDS)
        wait_for_applied(primary)
        problems = figures(primary, heard, names, failed, deliveries, sync, resumed, there)
        assert not problems or not confirmed, problems
        listener.stop()


def wait_for_applied(server: Server) -> None:
    """Return once every message is applied."""
    asked = "SELECT count(*) FROM delivery WHERE state <> 'applied'"
    end = time.monotonic() + _SECONDS
    with psycopg.connect(server.address("sends"), autocommit=True) as connection:
        while connection.execute(asked).fetchone() != (0,):
            assert time.monotonic() < end, "messages are not applied"
            time.sleep(0.1)


def figures(
    server: Server,
    heard: Heard,
    names: list[str],
    failed: list[Failed],
    deliveries: Deliveries,
    sync: Synced,
    resumed: int,
    there: Platform,
) -> list[str]:
    """Print what was met with, and return what was promised and not kept."""
    with psycopg.connect(server.address("sends")) as connection:
        messages = Counter(row[0] for row in connection.execute("SELECT message FROM delivery"))
        orders = Counter(
            row[0]
            for row in connection.execute("SELECT external_id FROM send WHERE provider = 'goody'")
        )
    saved, kept = dict(heard.saved), kept_requests(server)
    lost = [request for request in saved if request not in kept]
    doubled = [request for request, times in kept.items() if times > 1]
    missing = [message for message in deliveries.taken if message not in messages]
    unsynced = there.ids - orders.keys()
    usual = [
        max(heard.pauses[name][number + 1] for name in names)
        for number in range(len(failed))
        if number % _EVERY != _EVERY - 1
    ]
    longest = max(max(heard.pauses[name]) for name in names)
    outage = max(each.away for each in failed)
    _say(
        f"{len(failed)} failovers, {len(names)} agents: {len(saved)} overrides told as saved, "
        f"{len(lost)} lost, {len(doubled)} doubled"
    )
    _say(
        f"no primary for {outage:.1f} s at most; an agent waited for {max(usual):.1f} s at most, "
        f"{longest:.1f} s where the standby had died before"
    )
    _say(
        f"{len(deliveries.taken)} deliveries acknowledged, {len(missing)} lost, "
        f"{deliveries.refused} refused and sent again, longest pause {max(deliveries.pauses):.1f} s"
    )
    _say(
        f"the sync went on after {resumed} of {len(failed)}: {len(sync.passes)} passes, "
        f"{len(there.ids)} orders, {len(unsynced)} missing"
    )
    _say(f"the reader: {dict(heard.views)}, longest pause {max(heard.pauses['reader']):.1f} s")
    for kind in (heard.sentences, heard.lasting, sync.said):
        for sentence, times in kind.most_common():
            _say(f"  {times} × {sentence}")
    database = open_database(server.address("sends"))
    problems = verify(database).problems
    database.close()
    kinds = (lost, doubled, missing, list(unsynced), list(problems))
    return [str(found[0]) for found in kinds if found]


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Run what the command line asks for and print what was met with."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--agents", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1, help="the same seed kills at the same times")
    parser.add_argument(
        "--unconfirmed", action="store_true", help="commit without the standby, to see what is lost"
    )
    parser.add_argument("--binaries", type=Path, help="the folder of initdb and pg_ctl")
    given = parser.parse_args()
    binaries = programs(given.binaries)
    with tempfile.TemporaryDirectory() as folder:
        # The servers run as another user.
        Path(folder).chmod(0o755)
        servers = Path(folder) / "servers"
        servers.mkdir()
        run(
            binaries,
            servers,
            given.rounds,
            given.seed,
            given.agents,
            confirmed=not given.unconfirmed,
        )


if __name__ == "__main__":
    main()

"""Syncing: how many orders a second come from the sandbox into the desk, and in how much memory."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import httpx

from models.database import open_database, upgrade_database
from models.desk import Desk
from tests.benchmarks.figures import Bench, Figure
from tests.support.terminal import ROOT, clean_environment

_KEY = "key-of-the-benchmark"
_PROMISED = 1_000
"""Orders a second, each with all that has happened to it."""
_GROWS = 1.3
"""How much more memory ten times as many orders may take."""
_LISTS = ("order_activities", "orders", "order_batches")


def syncs(bench: Bench) -> Iterator[Figure]:
    """Sync all orders of a sandbox into an empty desk, beside reading the same pages for nothing.

    Where a server is given, its desk must be empty too.
    """
    with TemporaryDirectory(dir=bench.folder) as folder:
        with _sandbox(Path(folder), max(bench.sends // 10, 1)) as platform:
            *_, little = _synced(platform, str(Path(folder, "small.db")))
        with _sandbox(Path(folder), bench.sends) as platform:
            bare = bench.sends / _read_pages(platform)
            desks = [
                str(Path(folder, f"desk-{number}.db")) for number in range(min(bench.pairs, 3))
            ]
            yield from _figures(bench, platform, desks, "", bare, little)
            if bench.database is not None:
                upgrade_database(bench.database)
                desks = [bench.database]
                yield from _figures(bench, platform, desks, " (server)", bare, little)


def _figures(
    bench: Bench, platform: str, desks: Sequence[str], where: str, bare: float, little: float
) -> Iterator[Figure]:
    rates, busy, much = [], [], []
    for desk in desks:
        seconds, worked, memory = _synced(platform, desk)
        rates.append(bench.sends / seconds)
        busy.append(bench.sends / worked)
        much.append(memory)
        assert _orders(desk) == bench.sends
    yield Figure(
        name=f"orders synced a second{where}", ours=median(rates), against="promised",
        floor=_PROMISED, unit="1/s", target=1, more_is_better=True,
    )  # fmt: skip
    yield Figure(
        name=f"orders synced a second{where}", ours=median(rates),
        against="their pages asked for, and no more", floor=bare, unit="1/s", more_is_better=True,
    )  # fmt: skip
    yield Figure(
        name=f"orders synced in a second of work of a processor{where}", ours=median(busy),
        against="promised", floor=_PROMISED, unit="1/s", more_is_better=True,
    )  # fmt: skip
    yield Figure(
        name=f"memory of a sync{where}", ours=median(much), against="of a tenth of the orders",
        floor=little, unit="MB", target=_GROWS,
    )  # fmt: skip


@contextmanager
def _sandbox(folder: Path, orders: int) -> Iterator[str]:
    """Run a sandbox with so many orders, whose clock stands still, and give its address."""
    state = folder / f"sandbox-{orders}.db"
    words = [
        "--port",
        "0",
        "--state",
        str(state),
        "--key",
        _KEY,
        "--speed",
        "0",
        "--orders",
        str(orders),
    ]
    with subprocess.Popen(
        [sys.executable, "-m", "tui", "sandbox", *words], cwd=ROOT, env=clean_environment(),
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        try:
            address = process.stdout.readline().strip()
            assert address, "the sandbox did not start"
            yield address
        finally:
            process.terminate()


def _synced(platform: str, desk: str) -> tuple[float, float, float]:
    """Sync into a new desk; return the seconds it took, those that it worked, and its most memory in MB."""
    env = clean_environment() | {
        "SENDDESK_GOODY_URL": platform, "SENDDESK_GOODY_KEY": _KEY, "SENDDESK_DATABASE": desk,
    }  # fmt: skip
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "tui", "sync", "goody"], cwd=ROOT, env=env, stdout=subprocess.DEVNULL
    ) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, "the sync failed"
    worked = used.ru_utime + used.ru_stime
    return time.perf_counter() - began, worked, used.ru_maxrss / 1024


def _orders(address: str) -> int:
    database = open_database(address)
    desk = Desk(database, "ana")
    found = desk.count(desk.listing(desk.parse("type:order"))).value
    database.close()
    return found


def _read_pages(address: str) -> float:
    """Ask for all pages that a sync asks for, one after the other; return the seconds that takes."""
    began = time.perf_counter()
    with httpx.Client(base_url=address, headers={"Authorization": f"Bearer {_KEY}"}) as client:
        for name in _LISTS:
            page, is_more = 1, True
            while is_more:
                answer = client.get(f"/v1/{name}", params={"page": page, "per_page": 100})
                is_more = answer.json()["list_meta"]["total_count"] > page * 100
                page += 1
    return time.perf_counter() - began

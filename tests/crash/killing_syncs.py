"""A sync that is killed at random moments, and goes on until it is done."""

import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial

import sqlalchemy as sa
from sqlmodel import col

from models.database import open_database
from models.history.audit import verify
from models.live import sync as syncing
from models.live.settings import PlatformSettings
from models.live.sync import Sync, SyncReport
from models.providers import goody
from models.store import tables
from models.store.live_tables import SyncFact
from tests.crash.forks import fork
from tests.crash.killing import Say, kill
from tests.support.platform_server import platform
from tests.support.small_goody import KEY, SmallGoody

_ORDERS = 300
_STEPS = ["created", "opened", "paid", "shipped"]


def kill_syncs(address: str, times: int, seed: int) -> str:
    """Kill syncs of one platform after another; each ends as one that nobody has killed."""
    dice = random.Random(seed)
    killed = rounds = resumed = 0
    while killed < times:
        there = SmallGoody(per_page=20, first=rounds * _ORDERS + 1)
        there.add(_ORDERS, "shipped")
        rounds += 1
        usual = 2.0
        with _serving(there) as place:
            while "done" not in (
                told := kill(partial(_work, address, place), dice.uniform(0, usual))
            ):
                killed += 1
                # On a busy machine a sync may take longer than that to begin at all.
                usual *= 1.1
            resumed += "resumed" in told
            began = time.monotonic()
            again = _sync(address, place)
            usual = max(2 * (time.monotonic() - began), 0.2)
        _check(address, there)
        assert (again.counts.new, again.counts.changed) == (0, 0), (
            "what is known has changed something"
        )
    return (
        f"{killed} killed syncing, {rounds} times {_ORDERS} orders: each sync ended whole, {resumed} where"
        " the one before had broken off; no order and no entry is there twice"
    )


def _sync(address: str, place: str) -> SyncReport:
    environ = {"SENDDESK_GOODY_URL": place, "SENDDESK_GOODY_KEY": KEY}
    with closing(open_database(address)) as database:
        settings = PlatformSettings(goody.PROVIDER, environ=environ)
        return Sync(database=database, settings=settings, agent="ana").run()


def _work(address: str, place: str, say: Say) -> None:
    syncing._AT_ONCE = 100
    if _sync(address, place).resumed:
        say("resumed")
    say("done")


@contextmanager
def _serving(there: SmallGoody) -> Iterator[str]:
    """Let another process be the platform: a process that has threads is not forked."""
    hearing, telling = os.pipe()

    def serve() -> None:
        with platform(there.answer) as running:
            os.write(telling, f"{running.address}\n".encode())
            signal.pause()

    child = fork(serve)
    os.close(telling)
    with os.fdopen(hearing, encoding="utf-8") as told:
        place = told.readline().strip()
    try:
        yield place
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _check(address: str, there: SmallGoody) -> None:
    """Hold every order to what the platform has of it."""
    send, event = tables.Send, tables.Event
    wanted = (
        sa.select(col(send.external_id), col(event.to_status))
        .join(event, col(event.send_id) == col(send.id))
        .where(col(send.provider) == "goody")
        .order_by(col(send.id), col(event.seq))
    )
    found: dict[str, list[str]] = {}
    with closing(open_database(address)) as database:
        with database.read() as connection:
            for external_id, status in connection.execute(wanted):
                found.setdefault(external_id, []).append(status)
            kept = connection.execute(sa.select(sa.func.count()).select_from(SyncFact))
            assert kept.scalar_one() == 0, "facts wait for orders that are there"
        assert verify(database).problems == ()
    for each in there.orders:
        assert found.get(each["id"]) == _STEPS, "an order is missing, torn or doubled"

"""A receiver of webhooks that is killed at random moments, and what it had answered."""

import asyncio
import os
import random
import signal
import uuid
from collections import Counter
from contextlib import closing
from functools import partial

import sqlalchemy as sa
from sqlmodel import col

from models.database import Database, open_database
from models.history.audit import verify
from models.intake import deliveries
from models.live.inbox import Inbox
from models.live.listening import listen
from models.live.receiver import Source
from models.live.signatures import verifier
from models.providers import goody
from models.providers.goody import webhooks
from models.store import tables
from models.store.live_tables import Delivery
from models.values.clock import utc_now
from models.values.secret import Secret
from tests.crash.forks import fork
from tests.support.webhook_load import Sent, send
from tests.support.webhooks import SECRET
from tests.support.webhooks import goody as message

_MOST = 100_000
_LONGEST = 0.5
"""Seconds that a receiver lives at most once it answers."""


def kill_listeners(address: str, times: int, seed: int) -> str:
    """Kill a receiver again and again while messages come; each that was answered is there, once."""
    dice = random.Random(seed)
    answered: set[str] = set()
    kept = before = 0
    for number in range(times):
        sent = _killed(address, f"{seed} {number}", dice.uniform(0, _LONGEST))
        answered |= {f"{sent.series}-{each}" for each in sent.stored}
        with closing(open_database(address)) as database:
            _wait_for_the_dead(database)
            found = _messages(database)
            assert set(found.values()) <= {1}, "a message was stored twice"
            assert answered <= found.keys(), "a message that was answered was lost"
            kept += len(found) - before > len(sent.stored)
            before = len(found)
            while deliveries.apply_new(database, utc_now()):
                pass
            assert set(_histories(database)) <= {1}, "a message was applied twice"
            assert _sends(database) == len(found), "a message was not applied"
            if number % 20 == 0 or number == times - 1:
                assert verify(database).problems == ()
    return (
        f"{times} killed listening: {len(answered):,} answered messages, all there and applied once;"
        f" {kept} times more were stored than answered"
    )


def _killed(address: str, series: str, seconds: float) -> Sent:
    """Let a receiver run and get messages, kill it after *seconds*, and return what was answered."""
    hearing, telling = os.pipe()
    child = fork(partial(_listen, address, telling))
    os.close(telling)
    with os.fdopen(hearing, encoding="utf-8") as told:
        place = told.readline().strip()
    assert place, "the receiver did not start"
    sent = Sent()

    def body(number: int) -> bytes:
        order = uuid.UUID(int=random.Random(f"{series} {number}").getrandbits(128), version=4)
        return message("order.created", "created", str(order))

    async def run() -> None:
        asyncio.get_running_loop().call_later(seconds, os.kill, child, signal.SIGKILL)
        await send(place, body, _MOST, sent=sent)

    asyncio.run(run())
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status == -signal.SIGKILL, "the receiver failed by itself"
    assert set(sent.others) <= {
        "ConnectionResetError",
        "IncompleteReadError",
        "ConnectionRefusedError",
    }
    return sent


def _listen(address: str, telling: int) -> None:
    source = Source(goody.PROVIDER, webhooks, verifier("x", [Secret(SECRET)], takes_tokens=False))
    with os.fdopen(telling, "w", encoding="utf-8") as told:

        def ready(place: str) -> None:
            told.write(f"{place}\n")
            told.flush()

        inbox = Inbox(open_database(address))
        listen(inbox, {"goody": source}, ("127.0.0.1", 0), ready=ready, say=lambda sentence: None)


def _wait_for_the_dead(database: Database) -> None:
    """Let a server end what it was told before it finds that whoever told it is gone."""
    with database.write() as connection:
        database.one_intake_at_a_time(connection)
        if database.is_server:
            # Storing takes no such lock: this one waits for every transaction that has written there.
            connection.exec_driver_sql("LOCK TABLE delivery IN EXCLUSIVE MODE")


def _messages(database: Database) -> Counter[str]:
    with database.read() as connection:
        return Counter(connection.execute(sa.select(col(Delivery.message))).scalars())


def _histories(database: Database) -> list[int]:
    """Return how many entries the platform has in the history of each send."""
    mine = col(tables.Event.actor) == "goody"
    wanted = sa.select(sa.func.count()).where(mine).group_by(col(tables.Event.send_id))
    with database.read() as connection:
        return list(connection.execute(wanted).scalars())


def _sends(database: Database) -> int:
    wanted = sa.select(sa.func.count()).where(col(tables.Send.provider) == "goody")
    with database.read() as connection:
        return int(connection.execute(wanted).scalar_one())

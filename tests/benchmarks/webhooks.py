"""Webhooks: how many messages the receiver holds, and how soon one is on an agent's screen."""

import asyncio
import random
import re
import string
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from statistics import median

import sqlalchemy as sa
from sqlmodel import col

from models.database import Database, open_database, upgrade_database
from models.intake.deliveries import State
from models.store.live_tables import Delivery
from tests.benchmarks.figures import Bench, Figure
from tests.support.listening import Listener, environment, listening
from tests.support.terminal import Cells, Terminal
from tests.support.webhook_load import Body, Sent, percentile, send, sending
from tests.support.webhooks import goody

_RATE = 500
_SECONDS = 60
"""How long messages come at that rate."""
_AT_ONCE = 5_000
_SCREEN_RATE = 100
_SCREEN_SECONDS = 60
_EVERY = 10
"""Every tenth message is about an order that is on the screen."""
_SHOWN = 16
"""How many orders those are."""
_SIZE = (120, 40)
_QUIET = 8.0
_STEPS = ("created", "gift_opened", "gift_accepted", "shipped", "delivered")
_STATUSES = ("created", "opened", "accepted", "shipped", "delivered")
_MARK = re.compile(r"\b[A-Z]{10}\b")


def webhooks(bench: Bench) -> Iterator[Figure]:
    """Measure the receiver and the screen on a file, and on a server where one is given."""
    with bench.copy(bench.desk()) as path:
        yield from _on(str(path), "")
    if bench.database is not None:
        upgrade_database(bench.database)
        yield from _on(bench.database, " (server)")


def _on(address: str, where: str) -> Iterator[Figure]:
    with closing(open_database(address)) as database:
        with listening(environment(address)) as listener:
            yield from _rate(listener, database, where)
        with listening(environment(address)) as listener:
            yield from _screen(listener, database, address, where)


def _order(series: int, number: int) -> str:
    """Return the id of an order that no other series has."""
    return str(uuid.UUID(int=random.Random(f"{series} {number}").getrandbits(128), version=4))


def _lives(series: int) -> Body:
    """Return messages in which each order takes all steps of its life, one behind the other."""

    def body(number: int) -> bytes:
        order, step = divmod(number, len(_STEPS))
        return goody(f"order.{_STEPS[step]}", _STATUSES[step], _order(series, order))

    return body


def _rate(listener: Listener, database: Database, where: str) -> Iterator[Figure]:
    """Send at the promised rate, then as fast as is answered; nothing may be lost meanwhile."""
    series, count, sent = random.randrange(2**32), _RATE * _SECONDS, Sent()
    early: list[float] = []

    async def watch() -> None:
        await asyncio.sleep(_SECONDS / 4)
        early.append(_memory(listener))

    async def run() -> None:
        paced = send(listener.address, _lives(series), count, per_second=_RATE, sent=sent)
        await asyncio.gather(paced, watch())

    before = _count(database)
    began = time.perf_counter()
    asyncio.run(run())
    ended = time.perf_counter()
    late = _memory(listener)
    _wait_until_applied(database)
    applied = time.perf_counter()
    assert not sent.others, sent.others[:3]
    assert _count(database) - before == count, "a message was lost or doubled"
    rate = {"unit": "/s", "more_is_better": True}
    yield Figure(
        name=f"webhooks stored{where}", ours=count / (ended - began), against="the rate they came at",
        floor=_RATE, target=0.98, **rate,
    )  # fmt: skip
    waits = [*sent.seconds.values()]
    yield Figure(
        name=f"webhook, sent to answered, 99th percentile{where}", ours=1000 * percentile(waits, 0.99),
        against="the median", floor=1000 * median(waits),
    )  # fmt: skip
    yield Figure(
        name=f"all applied after the last one{where}", ours=1000 * (applied - ended), against="a second",
        floor=1000, target=2,
    )  # fmt: skip
    yield Figure(
        name=f"memory of the receiver at the end{where}", ours=late, against="after a quarter of the time",
        floor=early[0], unit="MB", target=1.1,
    )  # fmt: skip
    most = Sent()
    began = time.perf_counter()
    asyncio.run(send(listener.address, _lives(series), _AT_ONCE, first=count, sent=most))
    yield Figure(
        name=f"webhooks stored, as fast as they are answered{where}",
        ours=_AT_ONCE / (time.perf_counter() - began), against=f"{_RATE} a second", floor=_RATE, **rate,
    )  # fmt: skip
    _wait_until_applied(database)


def _screen(listener: Listener, database: Database, address: str, where: str) -> Iterator[Figure]:
    """Let messages come while a desk shows some of their orders, and find each of those on the screen."""
    series, group = random.randrange(2**32), f"{random.randrange(2**32):08x}"
    count, first = _SCREEN_RATE * _SCREEN_SECONDS, _SHOWN * _EVERY
    marks = {
        number: "".join(random.choices(string.ascii_uppercase, k=10))
        for number in range(0, first + count, _EVERY)
    }
    others = _lives(series ^ 1)

    def body(number: int) -> bytes:
        if number not in marks:
            return others(number)
        order = _order(series, number // _EVERY % _SHOWN)
        return goody("order.created", "created", order, name=marks[number], order_batch_id=group)

    for number in range(0, first, _EVERY):
        assert listener.post(body(number), f"{group}-{number}").status_code == 200
    _wait_until_applied(database)
    env = {"SENDDESK_DATABASE": address, "SENDDESK_AGENT": "ana"}
    with Terminal.python("-m", "tui", f"batch:{group} sort:id", size=_SIZE, env=env) as terminal:
        terminal.read_until(lambda seen: marks[0] in seen.text)
        terminal.settle(1.0)
        with sending(listener.address, body, count, _SCREEN_RATE, first) as sent:
            frames = terminal.frames(_QUIET)
    assert not sent.others, sent.others[:3]
    assert len(sent.stored) == count
    waits = _waits(frames, marks, sent)
    yield Figure(
        name=f"webhook, sent to painted, 99th percentile{where}", ours=1000 * percentile(waits, 0.99),
        against="a second", floor=1000, target=1,
    )  # fmt: skip
    yield Figure(
        name=f"webhook, sent to painted, median{where}", ours=1000 * median(waits), against="a second",
        floor=1000,
    )  # fmt: skip


def _waits(
    frames: Sequence[tuple[float, Cells]], marks: Mapping[int, str], sent: Sent
) -> list[float]:
    """Return how many seconds each mark took to the screen; a later one of its order is as good."""
    numbers = {mark: number for number, mark in marks.items()}
    awaited = sorted(number for number in marks if number in sent.at)
    waits = []
    for moment, cells in frames:
        text = "\n".join("".join(cell.data for cell in row) for row in cells)
        newest = [0] * _SHOWN
        for mark in _MARK.findall(text):
            if (number := numbers.get(mark)) is not None:
                newest[number // _EVERY % _SHOWN] = number
        seen = [each for each in awaited if each <= newest[each // _EVERY % _SHOWN]]
        waits += [moment - sent.at[each] for each in seen]
        awaited = sorted(set(awaited) - set(seen))
    assert not awaited, f"{len(awaited)} messages never came to the screen"
    return waits


def _count(database: Database) -> int:
    with database.read() as connection:
        wanted = sa.select(sa.func.count()).select_from(Delivery)
        return int(connection.execute(wanted).scalar_one())


def _wait_until_applied(database: Database) -> None:
    wanted = sa.select(col(Delivery.id)).where(col(Delivery.state) == State.NEW.value)
    while True:
        with database.read() as connection:
            if connection.execute(wanted.limit(1)).first() is None:
                return
        time.sleep(0.05)


def _memory(listener: Listener) -> float:
    """Return how many MB of memory the receiver holds."""
    status = Path(f"/proc/{listener.process.pid}/status").read_text("utf-8")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1000

"""Work that is killed at a random moment, and what must be true of the database afterwards."""

import os
import random
import select
import signal
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import col

from models.database import Database, open_database
from models.desk import Desk
from models.errors import StaleSend
from models.history.audit import verify
from models.intake.intake import ImportReport, Intake
from models.providers.incoming import Incoming
from models.records import EventKind
from models.store import tables
from models.writing.writer import Request
from tests.crash.forks import fork
from tests.support.desk_cases import HandClock, fact, parcel, take
from tests.support.sample_cases import ago

Say = Callable[[str], None]
"""Tells the parent, who survives, that something was reported as done."""

SENDS = 300
BATCH = 50


def kill(work: Callable[[Say], None], seconds: float) -> list[str]:
    """Let another process *work*, kill it after *seconds* and return what it had reported."""
    listening, telling = os.pipe()
    child = fork(partial(work, partial(_tell, telling)))
    os.close(telling)
    told = b""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0 and select.select([listening], [], [], left)[0]:
        if not (more := os.read(listening, 65536)):
            break
        told += more
    os.kill(child, signal.SIGKILL)
    while more := os.read(listening, 65536):
        told += more
    os.close(listening)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, -signal.SIGKILL), "the work failed by itself"
    return told.decode().split()


def _tell(pipe: int, text: str) -> None:
    os.write(pipe, f"{text}\n".encode())


def holds_sends(address: str) -> bool:
    """Whether there are sends in the desk at *address*."""
    database = open_database(address)
    there = Desk(database, "ana", HandClock()).total()
    database.close()
    return there > 0


def kill_overrides(address: str, times: int, seed: int) -> str:
    """Kill an agent who overrides one send again and again."""
    dice = random.Random(seed)
    database = open_database(address)
    take(Desk(database, "ana", HandClock()), parcel("kill-1"))
    database.close()
    reported: list[str] = []
    for number in range(times):
        reported += kill(partial(_override, address, number), dice.uniform(0, 0.15))
        database = open_database(address)
        kept = _requests(database)
        assert set(kept.values()) <= {1}, "an override was applied twice"
        assert set(reported) <= kept.keys(), "a reported override was lost"
        assert len(kept) <= len(reported) + number + 1, "an override came from nowhere"
        assert verify(database).problems == ()
        database.close()
    return f"{times} killed overriding: {len(reported)} reported overrides, all there, none twice"


def _override(address: str, number: int, say: Say) -> None:
    desk = Desk(open_database(address), "ana", HandClock())
    seen = desk.find("sendoso:kill-1")
    for count in range(10_000):
        request = Request(f"{number}-{count}")
        target = "shipped" if seen.status != "shipped" else "fulfilling"
        try:
            seen = desk.override(seen, target, "r", force=True, request=request).send
        except StaleSend:
            # A server may store only now what the one before was killed over.
            seen = desk.find("sendoso:kill-1")
        else:
            say(request.id)


def _requests(database: Database) -> Counter[str | None]:
    wanted = sa.select(col(tables.Event.request_id)).where(
        col(tables.Event.kind) == EventKind.OVERRIDE.value
    )
    with database.read() as connection:
        return Counter(connection.execute(wanted).scalars())


def kill_imports(address: str, times: int, seed: int) -> str:
    """Kill an import, repeat it, and hold it to what one that was never killed does."""
    dice = random.Random(seed)
    began = time.monotonic()
    kill(partial(_import, address, -1), 60)
    usual = time.monotonic() - began
    broken = 0
    for number in range(times):
        kill(partial(_import, address, number), dice.uniform(0, usual))
        database = open_database(address)
        _wait_for_the_dead(database)
        there = _arrived(database, number)
        assert there % BATCH == 0, "part of a batch was kept"
        broken += 0 < there < SENDS
        report = _take(database, number)
        assert (report.new, report.unchanged) == (SENDS - there, there)
        assert _arrived(database, number) == SENDS
        assert _take(database, number).unchanged == SENDS
        database.close()
    # What was torn would stay torn: nothing repairs a history.
    database = open_database(address)
    assert verify(database).problems == ()
    database.close()
    return f"{times} killed importing ({broken} in the midst): repeated, each ended whole"


def _series(number: int) -> list[Incoming]:
    facts = (fact("Confirming Address", ago(days=9)), fact("Order Received", ago(days=5)))
    return [parcel(f"import-{number}-{place}", *facts) for place in range(SENDS)]


def _take(database: Database, number: int) -> ImportReport:
    return Intake(database, HandClock(), BATCH).apply(_series(number), source="import:kill.csv")


def _import(address: str, number: int, say: Say) -> None:
    say(str(_take(open_database(address), number).new))


def _wait_for_the_dead(database: Database) -> None:
    """Let a server end what it was told before it finds that whoever told it is gone."""
    with database.write() as connection:
        database.one_intake_at_a_time(connection)


def _arrived(database: Database, number: int) -> int:
    """Return how many of the series are there, each with its whole history."""
    mine = col(tables.Send.external_id).startswith(f"import-{number}-")
    counted = sa.func.count().label("sends")
    wanted = sa.select(col(tables.Send.revision), counted).where(mine).group_by("revision")
    with database.read() as connection:
        found: dict[int, int] = {row.revision: row.sends for row in connection.execute(wanted)}
    assert found.keys() <= {2}, "a send was kept without its whole history"
    return found.get(2, 0)


def _open(path: Path, say: Say) -> None:
    open_database(path).close()
    say("open")


def kill_first_starts(folder: Path, times: int, seed: int) -> str:
    """Kill the first start, which makes the file; the next must need no repair."""
    dice = random.Random(seed)
    for number in range(times):
        path = folder / f"new-{number}.db"
        kill(partial(_open, path), dice.uniform(0, 0.06))
        database = open_database(path)
        take(Desk(database, "ana", HandClock()), parcel(1))
        assert verify(database).problems == ()
        database.close()
        path.unlink()
    return f"{times} killed at the first start: the next one needed no repair"

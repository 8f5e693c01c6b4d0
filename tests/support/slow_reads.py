"""Reads that take as long as a test wants: without end, or until they are let go."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event
from typing import Any

import sqlalchemy as sa

from tests.support.app_driver import Driver, desk_open
from tests.support.limit import LIMIT

ENDLESS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
    "postgresql": "SELECT count(*) FROM (SELECT pg_sleep(0.001) FROM generate_series(1, 1000000)) AS n",
}


class Slowness:
    """Makes every statement that is given *word* endless."""

    def __init__(self, engine: sa.Engine, word: str) -> None:
        self.begun = Event()
        self._word = word
        sa.event.listen(engine, "before_cursor_execute", self._slow, retval=True)

    def _slow(
        self, connection: sa.Connection, cursor: Any, statement: str, given: Any, *_: object
    ) -> tuple[str, Any]:
        if self._word not in repr(given):
            return statement, given
        self.begun.set()
        return ENDLESS[connection.dialect.name], ()


class Counting:
    """Holds every count of sends of *word* until it is let go."""

    def __init__(self, engine: sa.Engine, word: str) -> None:
        self.begun = Event()
        self.may_end = Event()
        self._word = word
        sa.event.listen(engine, "before_cursor_execute", self._hold)

    def _hold(
        self, connection: sa.Connection, cursor: Any, statement: str, given: Any, *_: object
    ) -> None:
        if "count(" in statement and self._word in repr(given):
            self.begun.set()
            assert self.may_end.wait(LIMIT)


class CaseReading:
    """Holds every read of a case until it is let go."""

    def __init__(self, engine: sa.Engine) -> None:
        self.begun = Event()
        self.may_end = Event()
        sa.event.listen(engine, "before_cursor_execute", self._hold)

    def _hold(
        self, connection: sa.Connection, cursor: Any, statement: str, given: Any, *_: object
    ) -> None:
        if "FROM shipment" in statement:
            self.begun.set()
            assert self.may_end.wait(LIMIT)


@asynccontextmanager
async def slow_desk(address: str) -> AsyncIterator[tuple[Driver, Slowness]]:
    """Open a desk where whoever looks for `molasses` waits for ever."""
    # A path would make one of the two slashes of a server's address.
    target: Any = address if "://" in address else Path(address)
    async with desk_open(target, query="recipient:Recipient") as d:
        d.said.clear()
        yield d, Slowness(d.desk.database.engine, "molasses")


async def nobody_reads(d: Driver) -> None:
    """Wait until no read is left behind; the watch keeps a connection of its own."""
    pool = d.desk.database.engine.pool
    assert isinstance(pool, sa.QueuePool)
    await d.until(lambda: pool.checkedout() <= 1)

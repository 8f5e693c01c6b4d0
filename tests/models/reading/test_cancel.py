"""A slow read is cancelled from another thread; writes and other readers never notice."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any

import pytest
import sqlalchemy as sa

from models.database import Database, open_database
from models.database.cancel import Reads
from models.desk import Desk
from models.errors import Cancelled
from tests.support.app_driver import Driver
from tests.support.desk_cases import arrive, parcel, take
from tests.support.limit import LIMIT
from tests.support.slow_reads import ENDLESS, Slowness, nobody_reads, slow_desk


@contextmanager
def reading(
    database: Database, reads: Reads, statement: str = ""
) -> Iterator["Future[sa.Row[Any] | None]"]:
    """Run *statement*, or one without end, on another thread; it has begun when this is entered."""
    begun = Event()

    def read() -> "sa.Row[Any] | None":
        with database.read(reads) as connection:
            begun.set()
            return connection.exec_driver_sql(
                statement or ENDLESS[connection.dialect.name]
            ).fetchone()

    with ThreadPoolExecutor(1) as thread:
        future = thread.submit(read)
        assert begun.wait(LIMIT)
        yield future


def test_an_endless_read_ends_when_it_is_cancelled(database: Database) -> None:
    reads = Reads()
    with reading(database, reads) as future:
        began = time.monotonic()
        reads.cancel()
        with pytest.raises(Cancelled, match="cancelled"):
            future.result(LIMIT)
    assert time.monotonic() - began < LIMIT


def test_so_does_one_that_is_cancelled_at_any_moment_of_its_life(database: Database) -> None:
    for number in range(30):
        reads = Reads()
        with reading(database, reads) as future:
            # A few rounds of the scheduler more each time.
            for _ in range(number * 40):
                Event().is_set()
            reads.cancel()
            assert isinstance(future.exception(LIMIT), Cancelled)


def test_whatever_it_is_asked_later_is_refused_and_others_are_answered(desk: Desk) -> None:
    send = arrive(desk, parcel(1))
    reader = desk.cancellable()
    listing = reader.listing(reader.parse(""))
    assert reader.count(listing).value == 1
    reader.cancel()
    reader.cancel()
    for ask in (
        lambda: reader.total(),
        lambda: reader.window(listing, 0, 10),
        lambda: reader.facets(reader.parse("")),
        lambda: reader.case(send.id),
    ):
        with pytest.raises(Cancelled):
            ask()
    assert desk.total() == desk.cancellable().total() == 1


def test_nothing_that_is_written_is_touched(desk: Desk) -> None:
    seen = arrive(desk, parcel(1))
    reads = Reads()
    with reading(desk.database, reads) as future, desk.database.write() as connection:
        connection.exec_driver_sql("UPDATE send SET team = 'written meanwhile'")
        reads.cancel()
        assert isinstance(future.exception(LIMIT), Cancelled)
    with desk.database.read() as connection:
        assert connection.exec_driver_sql("SELECT team FROM send").scalar() == "written meanwhile"
    reader = desk.cancellable()
    reader.cancel()
    assert desk.take(seen).send.owner == reader.agent == "ana"


def test_a_stop_that_comes_late_hits_nobody_else(desk: Desk) -> None:
    take(desk, *(parcel(number) for number in range(50)))
    query = desk.parse("is:triage OR recipient:4")

    def ask(reader: Desk) -> str:
        try:
            return "answered" if reader.facets(query) else ""
        except Cancelled:
            return "cancelled"

    with ThreadPoolExecutor(3) as threads:
        for _ in range(30):
            doomed = desk.cancellable()
            asked = threads.submit(ask, doomed)
            others = [threads.submit(desk.facets, query), threads.submit(desk.total)]
            doomed.cancel()
            assert asked.result(LIMIT) in {"answered", "cancelled"}
            assert others[1].result(LIMIT) == 50
            assert others[0].result(LIMIT) == desk.facets(query)


@pytest.fixture(params=["file", "server"])
def filled(request: pytest.FixtureRequest) -> str:
    """The address of a desk with a few sends."""
    address: str = request.getfixturevalue(f"{request.param}_address")
    database = open_database(address)
    take(Desk(database, "jo"), *(parcel(number) for number in range(30)))
    database.close()
    return address


@pytest.fixture
async def slow(filled: str) -> AsyncIterator[tuple[Driver, Slowness]]:
    async with slow_desk(filled) as both:
        yield both


async def wait_for(d: Driver, slow: Slowness, *, busy: bool = True) -> None:
    """Ask for a list that never comes, and wait until the desk looks like it."""
    d.show("recipient:molasses")
    await d.until(slow.begun.is_set)
    if busy:
        await d.until(lambda: d.send_list.busy)


async def test_the_next_filter_is_shown_at_once_and_the_slow_one_never(
    slow: tuple[Driver, Slowness],
) -> None:
    d, slowness = slow
    await wait_for(d, slowness, busy=False)

    await d.press("0")

    assert (d.view.name, d.query, d.count) == ("All", "sort:-created", 30)
    await nobody_reads(d)
    await d.settle()
    assert (d.query, d.count, d.send_list.busy) == ("sort:-created", 30, False)
    assert d.said == []


async def test_escape_stops_waiting_and_the_list_stays(slow: tuple[Driver, Slowness]) -> None:
    d, slowness = slow
    await wait_for(d, slowness)
    before = d.lines

    await d.press("escape")

    assert d.said == ["Called off: the list is as it was."]
    assert (d.query, d.count, d.send_list.busy) == ("recipient:Recipient", 30, False)
    assert [line.strip() for line in d.lines] == [line.strip() for line in before]
    await nobody_reads(d)
    await d.press("G")
    assert d.send_list.cursor_index == 29


async def test_the_list_can_be_walked_while_another_is_waited_for(
    slow: tuple[Driver, Slowness],
) -> None:
    d, slowness = slow
    await wait_for(d, slowness)
    d.send_key("G")
    await d.until(lambda: d.send_list.cursor_index == 29 and d.send_list.cursor_send)
    assert d.send_list.busy
    await d.press("escape")


async def test_leaving_does_not_wait_for_it(filled: str) -> None:
    ended = Event()
    async with slow_desk(filled) as (d, slowness):
        await wait_for(d, slowness)
        engine = d.desk.database.engine
        sa.event.listen(engine, "handle_error", lambda context: ended.set())
    assert await asyncio.to_thread(ended.wait, LIMIT)

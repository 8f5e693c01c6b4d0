"""The inbox: messages that come meanwhile are stored together, and none is held without end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import col

from models.database import Database, open_database
from models.intake import deliveries
from models.intake.deliveries import Message
from models.live.deliveries import newest_first
from models.live.inbox import Inbox
from models.providers.goody import webhooks
from models.store.live_tables import Delivery
from tests.support.sample_cases import NOW
from tests.support.webhooks import goody

IN_TIME = 30.0


def message(name: str) -> Message:
    body = goody("order.created", "created")
    told = deliveries.told(webhooks, body)
    return Message("goody", name, NOW, told.event, told.subject, body)


@asynccontextmanager
async def running(database: Database) -> AsyncIterator[Inbox]:
    inbox = Inbox(database, lambda: NOW)
    runs = asyncio.create_task(inbox.run())
    yield inbox
    inbox.close()
    await asyncio.wait_for(runs, IN_TIME)


def stored(database: Database) -> set[str]:
    return {each.message for each in newest_first(database)}


async def test_what_is_put_while_another_is_stored_is_stored_with_the_next(
    database: Database,
) -> None:
    async with running(database) as inbox:
        done = await asyncio.gather(*(inbox.put(message(f"m{n}"), IN_TIME) for n in range(700)))
    assert all(done)
    assert stored(database) == {f"m{n}" for n in range(700)}
    assert {each.state for each in newest_first(database)} == {"applied"}


async def test_old_bodies_are_removed_by_the_way(database: Database) -> None:
    long_ago = NOW - timedelta(days=99)
    deliveries.store(database, [message("old")._replace(received_at=long_ago)])
    deliveries.apply_new(database, long_ago)

    def kept() -> bytes:
        with database.read() as connection:
            return connection.execute(sa.select(col(Delivery.body))).scalar_one()

    assert kept()
    async with running(database) as inbox:
        while kept():
            assert not inbox.is_done.is_set()
            await asyncio.sleep(0)
    assert stored(database) == {"old"}


async def test_a_message_that_waits_too_long_is_refused_and_let_go(file_address: str) -> None:
    database, other = open_database(file_address), open_database(file_address)
    async with running(database) as inbox:
        with other.write():
            first = asyncio.create_task(inbox.put(message("first"), IN_TIME))
            for _ in range(9):
                await asyncio.sleep(0)
            # Its turn has come: it waits for the lock of the file, and the second one behind it.
            assert not await inbox.put(message("second"), 0.3)
        assert await first
        assert await inbox.put(message("third"), IN_TIME)
    assert stored(database) == {"first", "third"}
    database.close()
    other.close()


async def test_what_is_put_before_it_closes_is_stored(database: Database) -> None:
    async with running(database) as inbox:
        put = asyncio.create_task(inbox.put(message("last"), IN_TIME))
        await asyncio.sleep(0)
    assert await put
    assert stored(database) == {"last"}


async def test_a_database_that_cannot_be_written_refuses_and_is_no_end(
    file_address: str,
) -> None:
    database = open_database(file_address, read_only=True)
    async with running(database) as inbox:
        assert not await inbox.put(message("one"), IN_TIME)
        assert not await inbox.answers()
        assert inbox.not_stored
    database.close()

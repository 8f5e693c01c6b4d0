"""Signed messages at a steady pace, over a few connections that stay open."""

import asyncio
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.support.webhooks import headers

CONNECTIONS = 64
Body = Callable[[int], bytes]
"""The body of the message with a number."""


@dataclass
class Sent:
    """What became of the messages, by their numbers; moments are those of `time.perf_counter`."""

    series: str = field(default_factory=lambda: secrets.token_hex(4))
    """What their ids begin with, so that those of two runs differ."""
    at: dict[int, float] = field(default_factory=dict)
    """When each was sent."""
    seconds: dict[int, float] = field(default_factory=dict)
    """How long each waited for its answer."""
    stored: list[int] = field(default_factory=list)
    """Those that were answered with 200."""
    others: list[str] = field(default_factory=list)
    """What else was answered, or went wrong."""


async def send(
    address: str,
    body: Body,
    count: int,
    *,
    per_second: float | None = None,
    first: int = 0,
    sent: Sent,
) -> None:
    """Send *count* messages, numbered from *first* on.

    Args:
        address: Of the receiver.
        body: Makes each.
        count: How many.
        per_second: How many a second; None for as many as are answered.
        first: The number of the first.
        sent: Is told of each.
    """
    numbers = iter(range(count))
    began = time.perf_counter()
    await asyncio.gather(
        *(
            _connection(address, body, numbers, per_second, first, began, sent)
            for _ in range(CONNECTIONS)
        )
    )


async def _connection(
    address: str,
    body: Body,
    numbers: Iterator[int],
    per_second: float | None,
    first: int,
    began: float,
    sent: Sent,
) -> None:
    place = urlsplit(address)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    try:
        for place_in_turn in numbers:
            if per_second is not None:
                await asyncio.sleep(began + place_in_turn / per_second - time.perf_counter())
            number = first + place_in_turn
            content = body(number)
            given = headers(content, f"{sent.series}-{number}") | {
                "Content-Length": str(len(content)),
                "Host": "x",
            }
            lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
            sent.at[number] = time.perf_counter()
            writer.write(f"POST /webhooks/goody HTTP/1.1\r\n{lines}\r\n".encode() + content)
            head = await reader.readuntil(b"\r\n\r\n")
            size = next(
                line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")
            )
            await reader.readexactly(int(size.split(b":")[1]))
            sent.seconds[number] = time.perf_counter() - sent.at[number]
            status = head.split()[1].decode()
            if status == "200":
                sent.stored.append(number)
            else:
                sent.others.append(status)
    except (OSError, asyncio.IncompleteReadError) as problem:
        sent.others.append(type(problem).__name__)
    finally:
        writer.close()


@contextmanager
def sending(
    address: str, body: Body, count: int, per_second: float, first: int = 0
) -> Iterator[Sent]:
    """Send messages from another thread, as `send` does; the block ends once all are answered."""
    sent = Sent()
    thread = threading.Thread(
        target=lambda: asyncio.run(
            send(address, body, count, per_second=per_second, first=first, sent=sent)
        )
    )
    thread.start()
    try:
        yield sent
    finally:
        thread.join()


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that *share* of *values* do not exceed."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]

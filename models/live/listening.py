"""The receiver as a whole: its server, its inbox, and how it ends."""

import asyncio
import socket
from collections.abc import Callable, Mapping
from contextlib import closing
from types import MappingProxyType

from models.live.inbox import Inbox
from models.live.receiver import Receiver, Source
from models.live.rereading import Rereader
from models.live.server import address_of, bind, serve


def listen(
    inbox: Inbox,
    sources: Mapping[str, Source],
    place: tuple[str, int],
    *,
    ready: Callable[[str], None],
    say: Callable[[str], None],
    rereaders: Mapping[str, Rereader] = MappingProxyType({}),
) -> None:
    """Receive messages until the process is told to end; what was received is stored then.

    Args:
        inbox: Where they go.
        sources: The platforms whose messages are taken, by their keys.
        place: The host and the port to listen at; 0 is any free port.
        ready: Is told the address once it answers.
        say: Is told what whoever runs it should know, in sentences.
        rereaders: What reads a platform again after a message of it, by its key.

    Raises:
        DeskError: If nothing can listen there.
    """
    with closing(bind(*place)) as listening:
        asyncio.run(_listen(inbox, sources, listening, ready, say, rereaders))


async def _listen(
    inbox: Inbox,
    sources: Mapping[str, Source],
    listening: socket.socket,
    ready: Callable[[str], None],
    say: Callable[[str], None],
    rereaders: Mapping[str, Rereader],
) -> None:
    def heard(platform: str) -> None:
        if platform in rereaders:
            rereaders[platform].want()

    receiver = Receiver(sources, inbox, say, heard)
    writing = asyncio.create_task(inbox.run())
    reading = [asyncio.create_task(each.run()) for each in rereaders.values()]
    address = address_of(listening)
    names = " and ".join(each.provider.name for each in sources.values())

    def is_ready() -> None:
        ready(address)
        say(f"Webhooks of {names} are received at {address} and go into {inbox.database.name}.")

    try:
        await serve(receiver.application(), listening, is_ready, writing)
    finally:
        for each in rereaders.values():
            each.stop.set()
        for task in reading:
            task.cancel()
        inbox.close()
        await writing
    taken = "1 message was" if inbox.stored == 1 else f"{inbox.stored:,} messages were"
    say(f"Stopped: {taken} taken.")

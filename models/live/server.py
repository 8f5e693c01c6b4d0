"""The HTTP server of the receiver: uvicorn, with limits for slow and for many clients."""

import asyncio
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from models.errors import DeskError
from models.values.text import display_text

DEADLINE = 10.0
"""Seconds in which a request must have come whole, from its first byte or the connection on."""
MOST_CONNECTIONS = 400
"""How many clients are served at once; beyond that the one that takes longest to ask is cut off."""
_LARGEST_HEADERS = 16 * 2**10
_GRACE = 10
"""Seconds that clients have to end once the server stops."""


class BoundedProtocol(H11Protocol):
    """One connection of uvicorn that ends if its request does not come in time.

    Uvicorn itself waits without end for the rest of headers and of a body.
    """

    deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request; cut off who takes longest where there are too many."""
        super().connection_made(transport)
        self._await_request()
        if len(self.connections) > MOST_CONNECTIONS:
            self._cut_off_slowest()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what has come; another request on the same connection has a deadline of its own."""
        if self.deadline is None and not self._is_answering:
            self._await_request()
        try:
            super().data_received(data)
        except h11.LocalProtocolError:
            # It goes on sending nonsense after it was refused.
            self.transport.abort()

    def on_response_complete(self) -> None:
        """End the wait, unless more of the request is on its way: a refusal can come before its end."""
        if not self.cycle.more_body:
            self._stop_waiting()
        super().on_response_complete()

    @property
    def _is_answering(self) -> bool:
        """Whether a request has come whole and its answer is not given yet."""
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.more_body and not cycle.response_complete

    def _await_request(self) -> None:
        self.deadline = self.loop.call_later(DEADLINE, self._end)

    def _stop_waiting(self) -> None:
        if self.deadline is not None:
            self.deadline.cancel()
            self.deadline = None

    def _end(self) -> None:
        self.deadline = None
        if not self._is_answering:
            self.transport.abort()

    def _cut_off_slowest(self) -> None:
        waiting = [
            each
            for each in self.connections
            if isinstance(each, BoundedProtocol) and each.deadline and not each._is_answering
        ]
        slowest = min(waiting, key=lambda each: each.deadline.when() if each.deadline else 0.0)
        slowest.transport.abort()


class _Server(uvicorn.Server):
    """A uvicorn server that says when it answers, and leaves signals to `serve`."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, and say so."""
        await super().startup(sockets)
        self._ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Let signals be: uvicorn would raise them once more after a graceful end."""
        yield


def bind(host: str, port: int) -> socket.socket:
    """Return a socket that listens at *host* and *port*; port 0 is any that is free.

    Raises:
        DeskError: If the address is taken or none of this computer.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, _, _, _, address = found[0]
        listening = socket.create_server(address[:2], family=family, backlog=1024)
    except OSError as problem:
        reason = problem.strerror or "the system refuses"
        raise DeskError(
            f"Nothing can listen at {display_text(host, 100)}:{port}: {reason}."
        ) from None
    # An answer in two pieces would wait 40 ms for the client to acknowledge the first.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def address_of(listening: socket.socket) -> str:
    """Return the address at which a socket listens: `http://127.0.0.1:8770`."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def serve(
    application: ASGIApp,
    listening: socket.socket,
    ready: Callable[[], None],
    needs: "asyncio.Task[None]",
) -> None:
    """Serve *application* until SIGTERM or SIGINT; requests that have come by then are answered.

    Args:
        application: What answers.
        listening: Where.
        ready: Is called once it answers.
        needs: Nothing is served once this has ended.
    """
    # What uvicorn writes of requests may hold secrets of addresses.
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).disabled = True
    server = _Server(_config(application), ready)

    def stop() -> None:
        server.should_exit = True

    needs.add_done_callback(lambda done: stop())
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    try:
        await server.serve(sockets=[listening])
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


def _config(application: ASGIApp) -> uvicorn.Config:
    options: dict[str, Any] = {
        "http": BoundedProtocol,
        "ws": "none",
        "lifespan": "off",
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "proxy_headers": False,
        "h11_max_incomplete_event_size": _LARGEST_HEADERS,
        "timeout_graceful_shutdown": _GRACE,
    }
    return uvicorn.Config(application, **options)

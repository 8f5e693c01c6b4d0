"""The server: every address of the sandbox, on loopback."""

import asyncio
import hmac
import json
import logging
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from email.utils import formatdate
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models.errors import DeskError
from models.sandbox.clock import SandboxClock
from models.sandbox.controls import Controls
from models.sandbox.demo import Demo
from models.sandbox.egift_page import EgiftPages
from models.sandbox.filling import fill_orders, fill_sends
from models.sandbox.gift_page import GiftPages
from models.sandbox.goody.batches import Batches
from models.sandbox.goody.orders import Orders
from models.sandbox.goody.routes import GoodyApi
from models.sandbox.refused import Refused
from models.sandbox.requests import JSON
from models.sandbox.sendoso.pace import RATE_LIMIT, Pace
from models.sandbox.sendoso.routes import SendosoApi
from models.sandbox.sendoso.scripts import ALL_EVENTS
from models.sandbox.sendoso.sends import Sends
from models.sandbox.sendoso.tokens import Tokens
from models.sandbox.state import State
from models.sandbox.timetable import Timetable
from models.sandbox.webhooks import Webhooks, new_secret

HOST = "127.0.0.1"
_SECRET = "webhook secret"
_GOODY = "/v1"
_SENDOSO = ("/api/v3", "/oauth")
_LEAVE_AFTER = 2
"""Seconds that open connections get at the end."""


class Sandbox:
    """One sandbox: its file, its clock and its platforms. Whoever makes it closes it.

    Attributes:
        key: The bearer key of both platforms.
        secret: The secret that webhooks are signed with.
        origin: The address of the server, without a slash at the end.
    """

    def __init__(
        self,
        path: Path,
        *,
        origin: str,
        key: str,
        secret: str | None = None,
        speed: float | None = None,
        limited: bool = True,
    ) -> None:
        """Open the sandbox in the file at *path*, or make it.

        Args:
            path: Its file.
            origin: The address of the server.
            key: The bearer key.
            secret: Another secret for webhooks than that of the file.
            speed: Another speed of the clock than that of the file.
            limited: Whether Sendoso refuses more than ten requests in a second, if it was not set otherwise.

        Raises:
            DeskError: If the file cannot be used, or *secret* is none.
        """
        self.origin = origin
        self.key = key
        self._state = State(path)
        try:
            self.secret = secret or self._state.setting(_SECRET) or new_secret()
            self.clock = SandboxClock(self._state, speed=speed)
            self.webhooks = Webhooks(self._state, self.clock, self.secret)
            self._state.keep(_SECRET, self.secret)
        except DeskError:
            self._state.close()
            raise
        self.timetable = Timetable(self._state, self.clock)
        parts = (self._state, self.clock, self.timetable, self.webhooks)
        self.orders = Orders(*parts, origin)
        self.batches = Batches(*parts, self.orders, origin)
        self.sends = Sends(*parts)
        self.tokens = Tokens(self._state, self.clock, key)
        self.pace = Pace(limited=limited and self._state.is_set(RATE_LIMIT, usual=True))
        self.app = self._app()

    def close(self) -> None:
        """Close the file."""
        self._state.close()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever created in it."""
        return not self._state.value(
            "SELECT (SELECT count(*) FROM batch) + (SELECT count(*) FROM send)"
        )

    def play_demo(self) -> None:
        """Let a few made-up weeks happen, up to now."""
        Demo(
            self._state, self.clock, self.timetable, self.batches, self.orders, self.sends
        ).play()  # fmt: skip

    def tell_sendoso_events_to(self, url: str) -> None:
        """Let *url*, in which `{event}` stands for the event, get every event of Sendoso's from now on."""
        self.webhooks.register_each("sendoso", url, ALL_EVENTS)

    def fill(self, orders: int, sends: int) -> None:
        """Add very many made-up orders and sends at once."""
        fill_orders(self._state, orders, self.clock.second)
        fill_sends(self._state, sends, self.clock.second)

    def _app(self) -> Starlette:
        goody = GoodyApi(self._state, self.batches, self.orders, self.webhooks, self.origin)
        pages = GiftPages(self._state, self.orders, self.origin)
        egifts = EgiftPages(self.sends, self.origin)
        sendoso = SendosoApi(self.sends, self.tokens, self.origin)
        controls = Controls(
            self._state, self.clock, self.timetable, self.webhooks, self.batches, self.orders, self.sends,
            self.tokens, self.pace, self.fill, self.origin,
        )  # fmt: skip
        app = Starlette(
            routes=[*goody.routes(), *sendoso.routes(), *pages.routes(), *egifts.routes(), *controls.routes()],
            exception_handlers={
                Refused: _refused, HTTPException: _not_there, Exception: _failed,
            },
            lifespan=self._running,
        )  # fmt: skip
        app.state.clock = self.clock
        app.add_middleware(_Gate, sandbox=self)
        return app

    @asynccontextmanager
    async def _running(self, app: Starlette) -> AsyncIterator[None]:
        tasks = [
            asyncio.create_task(self.timetable.run()),
            asyncio.create_task(self.webhooks.deliver()),
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


class _Gate:
    """Lets nobody to the platforms without the key, and lets first happen what is due."""

    def __init__(self, app: ASGIApp, sandbox: Sandbox) -> None:
        self._app = app
        self._sandbox = sandbox

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        await self._answer(scope, receive, self._dated(send))

    def _dated(self, send: Send) -> Send:
        """Return *send* with the date of the sandbox's clock in each answer: a platform has one clock."""

        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                date = formatdate(self._sandbox.clock.second, usegmt=True)
                MutableHeaders(scope=message)["date"] = date
            await send(message)

        return dated

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if refusal := self._refusal(scope["path"], Headers(scope=scope)):
            await refusal(scope, receive, send)
            return
        await self._sandbox.timetable.catch_up_wholly()
        await self._app(scope, receive, send)

    def _refusal(self, path: str, headers: Headers) -> Response | None:
        kind, _, token = headers.get("authorization", "").partition(" ")
        token = token.strip() if kind.lower() == "bearer" else ""
        if _is_below(path, _GOODY):
            if not hmac.compare_digest(token.encode(), self._sandbox.key.encode()):
                return _error(path, "Unauthorized", 401)
        elif _is_below(path, _SENDOSO[0]):
            if not self._sandbox.tokens.is_good(token):
                return _error(path, "The access token is invalid", 401)
            if not self._sandbox.pace.allows():
                return _error(path, "Too many requests", 429)
        return None


def _is_below(path: str, root: str) -> bool:
    return path == root or path.startswith(f"{root}/")


def _error(
    path: str, sentence: str, status: int, headers: dict[str, str] | None = None
) -> Response:
    """Return a refusal in the form of the platform that *path* belongs to."""
    if any(_is_below(path, root) for root in _SENDOSO):
        body: dict[str, object] = {"success": False, "message": sentence}
    else:
        body = {"error": sentence}
    return Response(json.dumps(body), status, headers, media_type=JSON)


async def _refused(request: Request, refused: Exception) -> Response:
    assert isinstance(refused, Refused)
    return _error(request.url.path, str(refused), refused.status)


async def _not_there(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, HTTPException)
    headers = dict(problem.headers or {})
    return _error(request.url.path, problem.detail, problem.status_code, headers)


async def _failed(request: Request, problem: Exception) -> Response:
    return _error(request.url.path, "Internal server error", 500)


class Server(uvicorn.Server):
    """Serves one sandbox until a signal or `stop` ends it; a signal is not raised again."""

    def __init__(self, sandbox: Sandbox) -> None:
        """Prepare to serve *sandbox*."""
        logging.getLogger("uvicorn").setLevel(logging.ERROR)
        super().__init__(
            uvicorn.Config(
                sandbox.app,
                log_config=None,
                access_log=False,
                lifespan="on",
                server_header=False,
                date_header=False,
                timeout_graceful_shutdown=_LEAVE_AFTER,
            )
        )

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Let SIGINT and SIGTERM end the server as a command ends."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            # Only the main thread has signals, and Windows has no such handlers.
            with suppress(NotImplementedError, RuntimeError, ValueError):
                loop.add_signal_handler(number, self.handle_exit, number, None)
        yield

    def serve_on(self, waiting: socket.socket, ready: Callable[[], None]) -> None:
        """Answer requests on *waiting* until the end; call *ready* once they are answered."""
        asyncio.run(self._serve_on(waiting, ready))

    async def _serve_on(self, waiting: socket.socket, ready: Callable[[], None]) -> None:
        serving = asyncio.create_task(self.serve(sockets=[waiting]))
        while not self.started and not serving.done():
            await asyncio.sleep(0.01)
        if self.started:
            ready()
        await serving

    def stop(self) -> None:
        """Let it end soon; any thread may ask."""
        self.should_exit = True


def listen(port: int) -> socket.socket:
    """Return a socket that waits for connections on loopback; 0 is any free port.

    Raises:
        DeskError: If the port cannot be had.
    """
    # asyncio turns Nagle's algorithm off only where the protocol is named: else each answer takes 40 ms.
    waiting = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    waiting.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        waiting.bind((HOST, port))
        waiting.listen(128)
    except OSError as problem:
        waiting.close()
        raise DeskError(_why_not(port, problem)) from None
    return waiting


def _why_not(port: int, problem: OSError) -> str:
    if isinstance(problem, PermissionError):
        return f"Port {port} may not be used by you: name one from 1024 on with --port."
    return f"Port {port} is in use: name another with --port, or 0 for any that is free."


def address_of(waiting: socket.socket) -> str:
    """Return the address of a server on *waiting*."""
    return f"http://{HOST}:{waiting.getsockname()[1]}"

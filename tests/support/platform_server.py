"""A platform of a test: a real server on loopback that answers as the test says, and keeps what it was asked."""

import json
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def page(self) -> int:
        return int(self.query.get("page", "1"))

    @property
    def form(self) -> dict[str, str]:
        return {name: values[-1] for name, values in parse_qs(self.body.decode()).items()}


@dataclass(frozen=True)
class Answered:
    """What the platform answers."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Platform:
    """The running server."""

    address: str
    answer: Callable[[Asked], Answered]
    asked: list[Asked] = field(default_factory=list)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    """What its answers are dated by."""


@contextmanager
def platform(answer: Callable[[Asked], Answered]) -> Iterator[Platform]:
    """Run a platform whose answers *answer* makes; it may be replaced while it runs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _serve(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
            size = int(self.headers.get("Content-Length") or 0)
            asked = Asked(
                self.command, parts.path, query, dict(self.headers), self.rfile.read(size)
            )
            running.asked.append(asked)
            answered = running.answer(asked)
            body = answered.body
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(answered.status)
            for name, value in answered.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_DELETE = _serve  # noqa: N815

        def date_time_string(self, timestamp: float | None = None) -> str:
            return super().date_time_string(running.clock().timestamp())

        def log_message(self, *_: object) -> None:
            """Nothing: a test fails with its own words."""

    class Quiet(ThreadingHTTPServer):
        # Of more clients at once than the usual five, some would be cut off.
        request_queue_size = 128

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Nothing where a client has gone; whatever else fails is told."""
            if not isinstance(sys.exc_info()[1], ConnectionError):
                super().handle_error(request, client_address)

    server = Quiet(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    running = Platform(f"http://127.0.0.1:{server.server_address[1]}", answer)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield running
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

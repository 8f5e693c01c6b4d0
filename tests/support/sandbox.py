"""A running sandbox for tests: a real server on loopback, whose clock stands still until it is moved."""

import hashlib
import hmac
import json
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

from models.sandbox.server import Sandbox, Server, address_of, listen
from tests.support.limit import LIMIT

KEY = "key-of-the-tests"
SECRET = "whsec_QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo="
BEGINNING = "2026-03-02T09:00:00Z"


@dataclass
class Running:
    """A sandbox that answers at `url`."""

    url: str
    client: httpx.Client
    sandbox: Sandbox

    def get(self, path: str, **query: object) -> Any:
        """Return the JSON of a GET that must succeed."""
        return self._checked(self.client.get(path, params={k: str(v) for k, v in query.items()}))

    def post(self, path: str, body: object = None) -> Any:
        """Return the JSON of a POST that must succeed."""
        # In ASCII, so that even half of a character can be sent.
        text = json.dumps({} if body is None else body)
        headers = {"content-type": "application/json"}
        return self._checked(self.client.post(path, content=text, headers=headers))

    def _checked(self, response: httpx.Response) -> Any:
        assert response.is_success, (response.status_code, response.text)
        return response.json() if response.content else None

    @property
    def now(self) -> datetime:
        """The sandbox's present moment."""
        return datetime.fromisoformat(self.get("/sandbox/clock")["now"])

    def move(self, **passed: float) -> None:
        """Let time pass, in the words of `timedelta`: everything due then has happened."""
        later = self.now + timedelta(**passed)
        self.post("/sandbox/clock", {"now": later.isoformat()})

    def batch(self, people: int = 1, **fields: object) -> Any:
        """Create a batch for so many people and return it."""
        body = {
            "from_name": "Max",
            "send_method": "link_multiple_custom_list",
            "recipients": [
                {"first_name": f"Rosa{n}", "last_name": "Quill", "email": f"rosa{n}@example.com"}
                for n in range(people)
            ],
            "cart": {"items": [{"product_id": self.product("Cookies"), "quantity": 1}]},
        }
        return self.post("/v1/order_batches", body | fields)

    def product(self, name: str) -> str:
        """Return the id of a product."""
        found = self.get("/v1/products")["data"]
        return next(str(product["id"]) for product in found if product["name"] == name)

    def order(self, order_id: str) -> Any:
        """Return an order."""
        return self.get(f"/v1/orders/{order_id}")

    def accept(self, order: Any) -> httpx.Response:
        """Accept a gift as its recipient does, and return the page that answers."""
        return httpx.post(f"{order['individual_gift_link']}/accept", data={"name": "Rosa"})


@contextmanager
def running_sandbox(
    folder: Path, *, now: str | None = BEGINNING, port: int = 0
) -> Iterator[Running]:
    """Run a sandbox in *folder*, in a thread of this process.

    Args:
        folder: Where its file is: the same folder is the same sandbox.
        now: Where its clock begins and stands still; None goes on with the real time.
        port: Its port; 0 is any that is free.
    """
    with closing(listen(port)) as waiting:
        url = address_of(waiting)
        with closing(Sandbox(folder / "sandbox.db", origin=url, key=KEY, secret=SECRET)) as sandbox:
            server, ready = Server(sandbox), threading.Event()
            thread = threading.Thread(target=server.serve_on, args=(waiting, ready.set))
            thread.start()
            try:
                assert ready.wait(LIMIT)
                with httpx.Client(
                    base_url=url, headers={"authorization": f"Bearer {KEY}"}, timeout=LIMIT
                ) as client:
                    running = Running(url, client, sandbox)
                    if now is not None:
                        running.post("/sandbox/clock", {"now": now, "speed": 0})
                    yield running
            finally:
                server.stop()
                thread.join(LIMIT)


@dataclass
class Delivery:
    """One request that a receiver got."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Its body."""
        return json.loads(self.body)

    @property
    def is_signed(self) -> bool:
        """Whether the signature is what Svix documents, made with `SECRET`."""
        signed = f"{self.headers['svix-id']}.{self.headers['svix-timestamp']}.".encode() + self.body
        key = b64decode(SECRET.removeprefix("whsec_"))
        made = b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
        return f"v1,{made}" in self.headers["svix-signature"].split()


@dataclass
class Receiver:
    """A server that takes webhooks. `answers` are the statuses of its next answers, then 204."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    _arrived: threading.Condition = field(default_factory=threading.Condition)

    def take(self, delivery: Delivery) -> int:
        """Keep a delivery and return the status of the answer."""
        with self._arrived:
            self.deliveries.append(delivery)
            self._arrived.notify_all()
            return self.answers.pop(0) if self.answers else 204

    def wait_for(self, count: int) -> list[Delivery]:
        """Return the deliveries once there are *count*."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.deliveries) >= count, LIMIT), self.events
            return list(self.deliveries)

    @property
    def events(self) -> list[str]:
        """The events that have arrived, in order."""
        return [str(delivery.json.get("event_type")) for delivery in self.deliveries]


class ManyClients(ThreadingHTTPServer):
    """A server that many may turn to at once: of more than the usual five, some would be cut off."""

    request_queue_size = 128


@contextmanager
def receiver() -> Iterator[Receiver]:
    """Run a server that takes webhooks."""
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            self.send_response(found.take(Delivery(self.path, headers, body)))
            self.end_headers()

        def log_message(self, *words: object) -> None:
            pass

    server = ManyClients(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        found.url = f"http://127.0.0.1:{server.server_port}"
        yield found
    finally:
        server.shutdown()
        thread.join(LIMIT)
        server.server_close()

"""The receiver over real HTTP: what it stores, what it refuses, and whom it cuts off."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest

from models.database import Database, open_database
from models.desk import Desk
from models.errors import DeskError
from models.intake import deliveries
from models.live import receiver as receiving
from models.live import server as serving
from models.live.deliveries import newest_first
from models.live.inbox import Inbox
from models.live.receiver import Receiver, Source
from models.live.server import address_of, bind, serve
from models.live.signatures import verifier
from models.providers import PROVIDERS, catalogue
from models.values.clock import utc_now
from models.values.secret import Secret
from tests.support.desk_cases import HandClock
from tests.support.webhooks import ORDER, SECRET, goody, headers, sendoso

TOKEN = "a-token_that-nobody.guesses"
BODY = goody("order.shipped", "shipped")
IN_TIME = 10.0
"""Seconds after which a test gives up; nothing here takes one."""


@dataclass
class Running:
    """A receiver that answers."""

    receiver: Receiver
    inbox: Inbox
    http: httpx.AsyncClient
    told: list[str]

    @property
    def place(self) -> tuple[str, int]:
        """Where it listens."""
        return self.http.base_url.host, self.http.base_url.port or 0

    async def post(
        self, body: bytes = BODY, path: str = "/webhooks/goody", **more: str
    ) -> httpx.Response:
        """Send a signed message."""
        return await self.http.post(path, content=body, headers=headers(body, **more))


@asynccontextmanager
async def running(database: Database) -> AsyncIterator[Running]:
    """Run a receiver for both platforms until the block ends, then let it stop gracefully."""
    secrets = {"goody": (SECRET,), "sendoso": (SECRET, TOKEN)}
    sources = {}
    for provider in PROVIDERS:
        webhooks = provider.webhook
        assert webhooks is not None
        found = verifier(
            provider.key, [Secret(each) for each in secrets[provider.key]],
            takes_tokens=webhooks.EVENT_IN_ADDRESS,
        )  # fmt: skip
        sources[provider.key] = Source(provider, webhooks, found)
    told: list[str] = []
    inbox = Inbox(database)
    receiver = Receiver(sources, inbox, told.append)
    listening = bind("127.0.0.1", 0)
    ready = asyncio.Event()
    writing = asyncio.create_task(inbox.run())
    server = asyncio.create_task(serve(receiver.application(), listening, ready.set, writing))
    await asyncio.wait_for(ready.wait(), IN_TIME)
    async with httpx.AsyncClient(base_url=address_of(listening), timeout=IN_TIME) as http:
        try:
            yield Running(receiver, inbox, http, told)
        finally:
            await http.aclose()
            inbox.close()
            await server
            await writing


@pytest.fixture
async def runs(database: Database) -> AsyncIterator[Running]:
    async with running(database) as found:
        yield found


@pytest.fixture
async def runs_on_file(file_address: str) -> AsyncIterator[Running]:
    database = open_database(file_address)
    async with running(database) as found:
        yield found
    database.close()


def stored(runs: Running) -> list[str]:
    return [each.message for each in newest_first(runs.inbox.database)]


def connect(runs: Running, sent: bytes = b"") -> socket.socket:
    found = socket.create_connection(runs.place, timeout=IN_TIME)
    found.sendall(sent)
    return found


async def is_cut_off(client: socket.socket) -> bool:
    """Wait until the other side ends; whatever it still sends is read."""

    def read_to_the_end() -> bool:
        try:
            while client.recv(65_536):
                pass
        except ConnectionResetError:
            return True
        return True

    return await asyncio.wait_for(asyncio.to_thread(read_to_the_end), IN_TIME)


async def test_a_message_is_stored_when_it_is_answered_and_applied_soon(
    runs: Running, desk: Desk
) -> None:
    answer = await runs.post()
    assert (answer.status_code, stored(runs)) == (200, ["msg_1"])
    runs.inbox.close()
    await asyncio.wait_for(runs.inbox.is_done.wait(), IN_TIME)
    assert desk.find(f"goody:{ORDER}").status == "shipped"


async def test_a_hundred_at_once_are_each_stored_once(runs: Running) -> None:
    answers = await asyncio.gather(*(runs.post(message=f"m{number % 80}") for number in range(100)))
    assert {each.status_code for each in answers} == {200}
    assert sorted(stored(runs)) == sorted(f"m{number}" for number in range(80))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/webhooks/goody", 200), ("/webhooks/sendoso/shipped/", 200), ("/webhooks/goody/", 200), ("/webhooks/goody/order.shipped", 404),
        ("/webhooks/sendoso", 404), ("/webhooks/nobody", 404), ("/webhooks/sendoso/shipped", 200),
        (f"/webhooks/sendoso/{TOKEN}/shipped", 200), (f"/webhooks/sendoso/{TOKEN}x/shipped", 401),
        (f"/webhooks/goody/{TOKEN}/shipped", 404), ("/", 404), ("/webhooks/sendoso/%00%ff", 200),
    ],
)  # fmt: skip
async def test_an_address_takes_messages_or_does_not(
    runs_on_file: Running, path: str, status: int
) -> None:
    runs = runs_on_file
    body = BODY if "goody" in path else sendoso(44)
    assert (await runs.post(body, path)).status_code == status
    assert len(stored(runs)) == (status == 200)


async def test_a_stranger_is_refused_and_told_of_once(runs_on_file: Running) -> None:
    runs = runs_on_file
    for _ in range(5):
        answer = await runs.http.post("/webhooks/goody", content=BODY)
        assert (answer.status_code, answer.text) == (401, "it is not signed\n")
    assert (await runs.post(age=400)).status_code == 401
    assert (await runs.http.get("/webhooks/goody")).status_code == 405
    assert (stored(runs), len(runs.told)) == ([], 1)


async def test_a_secret_in_a_header_is_enough_for_sendoso_alone(runs_on_file: Running) -> None:
    runs = runs_on_file
    given = {"Authorization": f"Bearer {TOKEN}"}
    answers = [
        await runs.http.post(path, content=sendoso(44), headers=given)
        for path in ("/webhooks/sendoso/shipped", "/webhooks/goody")
    ]
    assert [each.status_code for each in answers] == [200, 401]


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "in pieces"])
async def test_a_body_of_more_than_a_mebibyte_is_refused(
    runs_on_file: Running, announced: bool
) -> None:
    runs = runs_on_file
    body = b" " * (2**20 + 1)

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 2**16):
            yield body[start : start + 2**16]

    content = body if announced else pieces()
    answer = await runs.http.post("/webhooks/goody", content=content, headers=headers(body))
    assert answer.status_code == 413
    largest = b" " * 2**20
    assert (await runs.post(largest)).status_code == 200


async def test_too_much_at_once_is_sent_again_later(
    runs_on_file: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = runs_on_file
    monkeypatch.setattr(receiving, "LARGEST_TOTAL", 2**17)
    answer = await runs.post(b" " * 2**18)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert (await runs.post()).status_code == 200


@pytest.mark.parametrize(
    "sent",
    [
        b"", b"POST /webhooks/goody HTTP/1.1\r\nHost: x\r\nX-",
        b"POST /webhooks/goody HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /hea",
    ],
    ids=["nothing", "headers without end", "half a body", "half of a second request"],
)  # fmt: skip
async def test_who_does_not_go_on_is_cut_off(
    runs_on_file: Running, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(serving, "DEADLINE", 0.2)
    with connect(runs_on_file, sent) as client:
        assert await is_cut_off(client)


async def test_a_hundred_slow_clients_keep_nobody_waiting(runs_on_file: Running) -> None:
    runs = runs_on_file
    clients = [connect(runs, b"POST /webhooks/goody HTTP/1.1\r\n") for _ in range(100)]
    assert (await runs.post()).status_code == 200
    for client in clients:
        client.close()


async def test_beyond_the_most_clients_the_slowest_gives_way(
    runs_on_file: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "MOST_CONNECTIONS", 3)
    clients = [connect(runs_on_file, b"POST ") for _ in range(3)]
    assert (await runs_on_file.post()).status_code == 200
    assert await is_cut_off(clients[0])
    for client in clients:
        client.close()


@pytest.mark.parametrize(
    "sent",
    [
        b"nonsense\r\n\r\n", b"\x16\x03\x01\x02\x00" * 50, b"POST / HTTP/1.1\r\nX: " + b"y" * 40_000,
        b"POST /webhooks/goody HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /webhooks/goody HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        b"POST /webhooks/goody HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
    ids=["no HTTP", "TLS", "headers of 40,000 letters", "length below 0", "two lengths", "no chunk"],
)  # fmt: skip
async def test_what_is_no_http_is_cut_off_and_the_receiver_goes_on(
    runs_on_file: Running, sent: bytes
) -> None:
    with connect(runs_on_file, sent) as client:
        assert await is_cut_off(client)
    assert (await runs_on_file.post()).status_code == 200


async def test_a_database_that_is_away_is_no_reason_to_lose_a_message(
    file_address: str,
) -> None:
    database = open_database(file_address, read_only=True)
    async with running(database) as runs:
        answer = await runs.post()
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert (await runs.http.get("/healthz")).status_code == 503
        assert "could not be stored" in runs.told[0]
    database.close()


async def test_it_says_whether_it_is_well(runs: Running) -> None:
    answer = await runs.http.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_a_message_that_was_stored_and_not_applied_is_applied_at_the_next_start(
    file_address: str,
) -> None:
    database = open_database(file_address)
    webhooks = catalogue.provider("goody").webhook
    assert webhooks is not None
    told = deliveries.told(webhooks, BODY)
    left = deliveries.Message("goody", "left", utc_now(), told.event, told.subject, BODY)
    deliveries.store(database, [left])
    async with running(database):
        pass
    assert Desk(database, "ana", HandClock()).find(f"goody:{ORDER}").status == "shipped"
    database.close()


async def test_a_signal_ends_it_after_what_was_begun(file_address: str) -> None:
    database = open_database(file_address)
    async with running(database) as runs:
        begun = asyncio.create_task(runs.post())
        await runs.http.get("/healthz")
        signal.raise_signal(signal.SIGTERM)
        assert (await begun).status_code == 200
        assert stored(runs) == ["msg_1"]
    database.close()


def test_a_port_that_is_taken_is_said() -> None:
    with bind("127.0.0.1", 0) as taken, pytest.raises(DeskError, match="Nothing can listen"):
        bind("127.0.0.1", taken.getsockname()[1])


@pytest.mark.parametrize("host", ["nowhere.invalid", "192.0.2.7"])
def test_an_address_of_another_computer_is_refused(host: str) -> None:
    with pytest.raises(DeskError, match="Nothing can listen"):
        bind(host, 0)

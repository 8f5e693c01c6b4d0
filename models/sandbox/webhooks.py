"""Webhooks: who wants which event, the signed messages, and when each is tried again."""

import asyncio
import base64
import binascii
import hashlib
import hmac
import json
import math
import secrets
import string
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import httpx

from models.errors import DeskError
from models.sandbox.clock import SandboxClock, stamp
from models.sandbox.state import Row, State

RETRIES = (5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 10 * 3600)
"""Seconds from each attempt that failed to the next, as Svix documents them; then it is given up."""
TIMEOUT = 15.0
"""Real seconds that an attempt may take."""
_DISABLED_AFTER = 5 * 24 * 3600
"""Seconds after which an endpoint that has only failed gets nothing more."""
_AT_ONCE = 20
EVENT = "{event}"
"""Stands for the name of the event in the address of a webhook."""
_ALPHABET = string.ascii_letters + string.digits
_SHORTEST_KEY = 24
_PREFIX = "whsec_"


def new_secret() -> str:
    """Return a fresh secret in the form that the platforms hand out."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_SHORTEST_KEY)).decode()


def key_of(secret: str) -> bytes:
    """Return the key that a secret stands for.

    Raises:
        DeskError: If it is no secret of a webhook.
    """
    with suppress(binascii.Error, ValueError):
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
        if secret.startswith(_PREFIX) and len(key) >= _SHORTEST_KEY:
            return key
    raise DeskError(
        "The webhook secret is not one: it is “whsec_” and at least 24 bytes in base64 after it."
    )


def signature(key: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """Return the signature of one attempt, as Svix makes it."""
    signed = b".".join((message_id.encode(), str(timestamp).encode(), body))
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


class Webhooks:
    """The endpoints of both platforms and what is on its way to them."""

    def __init__(self, state: State, clock: SandboxClock, secret: str) -> None:
        """Go on with what *state* has; every message is signed with *secret*.

        Raises:
            DeskError: If *secret* is none.
        """
        self._state = state
        self._clock = clock
        self._key = key_of(secret)
        self._poke = asyncio.Event()
        self._on_the_way: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def register(self, platform: str, url: str, events: list[str] | None) -> str:
        """Let *url* get *events* of *platform*, or all of them; return the endpoint's id."""
        endpoint_id = _uuid()
        self._state.write(
            "INSERT INTO endpoint (id, platform, url, events) VALUES (?, ?, ?, ?)",
            endpoint_id, platform, url, json.dumps(events) if events else None,
        )  # fmt: skip
        return endpoint_id

    def register_each(self, platform: str, url: str, events: Iterable[str]) -> None:
        """Let an address of its own get each of *events*: *url* with the event's name in its place."""
        with self._state.transaction():
            for event in events:
                self.register(platform, url.replace(EVENT, event), [event])

    def remove(self, platform: str, endpoint_id: str) -> bool:
        """Take an endpoint away, with what is on its way to it; return whether there was one."""
        seq = self._state.value(
            "SELECT seq FROM endpoint WHERE platform = ? AND id = ?", platform, endpoint_id
        )
        if seq is None:
            return False
        with self._state.transaction():
            self._state.write("UPDATE message SET next_at = NULL WHERE endpoint = ?", seq)
            self._state.write("DELETE FROM endpoint WHERE seq = ?", seq)
        return True

    def endpoints(self) -> list[dict[str, Any]]:
        """Return every endpoint, the oldest first."""
        return [
            {
                "id": row["id"],
                "platform": row["platform"],
                "url": row["url"],
                "events": json.loads(row["events"]) if row["events"] else None,
                "disabled": bool(row["disabled"]),
            }
            for row in self._state.rows("SELECT * FROM endpoint ORDER BY seq")
        ]

    def wanted(self, platform: str, event: str) -> list[int]:
        """Return the numbers of the endpoints that want *event*."""
        return [
            row["seq"]
            for row in self._state.rows(
                "SELECT seq, events FROM endpoint WHERE platform = ? AND NOT disabled", platform
            )
            if row["events"] is None or event in json.loads(row["events"])
        ]

    def send(self, endpoints: list[int], event: str, body: bytes, at: float) -> None:
        """Put a message for each of *endpoints* on its way, as what happened at *at*."""
        for endpoint in endpoints:
            self._state.write(
                "INSERT INTO message (id, endpoint, event, body, next_at) VALUES (?, ?, ?, ?, ?)",
                _message_id(), endpoint, event, body, at,
            )  # fmt: skip
        self._poke.set()

    def messages(self, newest: int) -> list[dict[str, Any]]:
        """Return the *newest* messages, the newest first, with what became of each."""
        return [
            {
                "id": row["id"],
                "event": row["event"],
                "url": row["url"],
                "attempts": row["attempts"],
                "next_attempt_at": stamp(row["next_at"]),
                "answer": row["answer"],
                "body": json.loads(row["body"]),
            }
            for row in self._state.rows(
                "SELECT message.*, url FROM message LEFT JOIN endpoint ON endpoint.seq = endpoint"
                " ORDER BY message.seq DESC LIMIT ?",
                newest,
            )
        ]

    def resend(self, message_id: str) -> bool:
        """Let a message be sent once more at once, under its old id; return whether there is one."""
        seq = self._state.value("SELECT seq FROM message WHERE id = ?", message_id)
        if seq is None:
            return False
        self._state.write("UPDATE message SET next_at = ? WHERE seq = ?", self._clock.now, seq)
        self._poke.set()
        return True

    def clock_moved(self) -> None:
        """Look again at what is due, for the clock has been set."""
        self._poke.set()

    async def deliver(self) -> None:
        """Send every message when it is due, until the task is cancelled."""
        limits = httpx.Limits(max_connections=_AT_ONCE)
        async with httpx.AsyncClient(timeout=TIMEOUT, limits=limits, trust_env=False) as client:
            try:
                while True:
                    self._poke.clear()
                    now = self._clock.now
                    self._start_due(client, now)
                    await self._wait(now)
            finally:
                for task in self._tasks:
                    task.cancel()
                await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start_due(self, client: httpx.AsyncClient, now: float) -> None:
        free = _AT_ONCE - len(self._tasks)
        if free <= 0:
            return
        due = self._state.rows(
            "SELECT message.*, url, failing_since FROM message JOIN endpoint ON endpoint.seq = endpoint"
            " WHERE next_at <= ? ORDER BY next_at, message.seq LIMIT ?",
            now, free + len(self._on_the_way),
        )  # fmt: skip
        for row in [row for row in due if row["seq"] not in self._on_the_way][:free]:
            self._on_the_way.add(row["seq"])
            task = asyncio.create_task(self._attempt(client, row))
            self._tasks.add(task)
            task.add_done_callback(self._attempt_ended)

    def _attempt_ended(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        self._poke.set()

    async def _wait(self, now: float) -> None:
        """Wait until a message is due that was not at *now*, or something has changed."""
        next_at = self._state.value("SELECT min(next_at) FROM message WHERE next_at > ?", now)
        wait = math.inf if next_at is None else self._clock.real_seconds_until(next_at)
        with suppress(TimeoutError):
            async with asyncio.timeout(None if math.isinf(wait) else wait):
                await self._poke.wait()

    async def _attempt(self, client: httpx.AsyncClient, row: Row) -> None:
        # The receiver compares this with its own clock, so it is the real time.
        timestamp = int(time.time())
        headers = {
            "content-type": "application/json",
            "user-agent": "Svix-Webhooks/1.0",
            "svix-id": row["id"],
            "svix-timestamp": str(timestamp),
            "svix-signature": signature(self._key, row["id"], timestamp, row["body"]),
        }
        try:
            response = await client.post(row["url"], content=row["body"], headers=headers)
            arrived, answer = response.is_success, str(response.status_code)
        except (httpx.HTTPError, httpx.InvalidURL) as problem:
            arrived, answer = False, type(problem).__name__
        finally:
            self._on_the_way.discard(row["seq"])
        self._record(row, arrived, answer)

    def _record(self, row: Row, arrived: bool, answer: str) -> None:
        next_at = None
        if not arrived and row["attempts"] < len(RETRIES):
            next_at = row["next_at"] + RETRIES[row["attempts"]]
        with self._state.transaction():
            self._state.write(
                "UPDATE message SET attempts = attempts + 1, answer = ?, next_at = ? WHERE seq = ?",
                answer, next_at, row["seq"],
            )  # fmt: skip
            self._record_at_endpoint(row, arrived)

    def _record_at_endpoint(self, row: Row, arrived: bool) -> None:
        if arrived:
            self._state.write(
                "UPDATE endpoint SET failing_since = NULL WHERE seq = ?", row["endpoint"]
            )
            return
        self._state.write(
            "UPDATE endpoint SET failing_since = coalesce(failing_since, ?) WHERE seq = ?",
            row["next_at"], row["endpoint"],
        )  # fmt: skip
        since = row["failing_since"]
        if since is not None and row["next_at"] - since > _DISABLED_AFTER:
            self._state.write("UPDATE endpoint SET disabled = 1 WHERE seq = ?", row["endpoint"])
            self._state.write(
                "UPDATE message SET next_at = NULL WHERE endpoint = ?", row["endpoint"]
            )


def _message_id() -> str:
    return "msg_" + "".join(secrets.choice(_ALPHABET) for _ in range(27))


def _uuid() -> str:
    raw = secrets.token_hex(16)
    return f"{raw[:8]}-{raw[8:12]}-4{raw[13:16]}-a{raw[17:20]}-{raw[20:]}"

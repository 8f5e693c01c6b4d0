"""The web application that takes the messages of webhooks: who sent them is checked, then they are stored."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from models.intake import deliveries
from models.intake.deliveries import Message
from models.live.inbox import Inbox
from models.live.signatures import Headers, NotAuthentic, Verifier
from models.providers.provider import Provider
from models.providers.webhooks import Webhooks

LARGEST_BODY = 2**20
"""How many bytes a message may have."""
LARGEST_TOTAL = 32 * 2**20
"""How many bytes of all messages together are held that are not stored yet."""
USUAL_BODY = 2**16
"""How many bytes a message may have however much is held."""
PATIENCE = 12.0
"""Seconds after which a message that is not stored is refused; the platforms wait for fifteen."""
_TELL_EVERY = 10.0
"""Seconds between two sentences about messages that were refused."""
_FRESH = 1.0
"""Seconds for which an answer to `/healthz` is given again."""

_LATER = {"retry-after": "5"}
_TOO_LARGE = HTTPException(413, "a message has at most 1 MiB\n")


@dataclass(frozen=True, slots=True)
class Source:
    """A platform whose messages are taken."""

    provider: Provider
    webhooks: Webhooks
    verifier: Verifier


@dataclass(slots=True)
class Receiver:
    """Takes messages over HTTP.

    Attributes:
        sources: The platforms, by their keys.
        inbox: Where their messages go.
        say: Is told what whoever runs the receiver should know, in sentences.
        heard: Is called with the key of a platform after a message of it was stored.
    """

    sources: Mapping[str, Source]
    inbox: Inbox
    say: Callable[[str], None]
    heard: Callable[[str], None] = lambda platform: None
    refused: Counter[str] = field(default_factory=Counter)
    _told_at: float = -_TELL_EVERY
    _held: int = 0
    _health: tuple[float, bool] = (0.0, False)

    def application(self) -> Starlette:
        """Return the application."""
        addresses = (
            "/webhooks/{platform}",
            "/webhooks/{platform}/{event}",
            "/webhooks/{platform}/{token}/{event}",
        )
        return Starlette(
            routes=[
                Route("/healthz", self._is_healthy, methods=["GET"]),
                # No platform follows the redirect that a slash too many would get.
                *(
                    Route(f"{address}{end}", self._take, methods=["POST"])
                    for address in addresses
                    for end in ("", "/")
                ),
            ],
            exception_handlers={Exception: self._has_failed},
        )

    async def _has_failed(self, request: Request, problem: Exception) -> Response:
        # Nothing of the message: it names people.
        self._note(f"a fault of the receiver, {type(problem).__name__}")
        return Response(status_code=500)

    async def _is_healthy(self, request: Request) -> Response:
        asked, healthy = self._health
        if time.monotonic() - asked > _FRESH:
            try:
                healthy = await asyncio.wait_for(self.inbox.answers(), 2)
            except TimeoutError:
                healthy = False
            self._health = time.monotonic(), healthy
        if healthy:
            return JSONResponse({"status": "ok"})
        return JSONResponse({"status": "the database does not answer"}, 503)

    async def _take(self, request: Request) -> Response:
        """Answer 200 once a message is stored, or known already; anything else says why it is not."""
        found = dict(request.path_params)
        source = self.sources.get(found["platform"])
        event, token = found.get("event", ""), found.get("token", "")
        if source is None or bool(event) != source.webhooks.EVENT_IN_ADDRESS:
            raise HTTPException(404, "no webhook has this address\n")
        body = bytearray()
        try:
            await self._read(request, body)
            message = self._message(source, request.headers.items(), bytes(body), event, token)
            is_stored = await self.inbox.put(message, PATIENCE)
        except NotAuthentic as problem:
            self._note(f"{source.provider.name}: {problem}")
            raise HTTPException(401, f"{problem}\n") from None
        except ClientDisconnect:
            return Response(status_code=400)
        finally:
            self._held -= len(body)
        if not is_stored:
            self._note(f"{source.provider.name}: it could not be stored. {self.inbox.not_stored}")
            raise HTTPException(503, "not stored: send it again\n", _LATER)
        self.heard(source.provider.key)
        # With words in it the answer would take a second system call.
        return Response(status_code=200)

    def _message(
        self, source: Source, headers: Headers, body: bytes, event: str, token: str
    ) -> Message:
        """Return what a request brings.

        Raises:
            NotAuthentic: If it is not the platform's.
        """
        message_id = source.verifier.message_id(headers, body, event, token)
        told = deliveries.told(source.webhooks, body, event)
        now = self.inbox.clock()
        return Message(source.provider.key, message_id, now, told.event, told.subject, body)

    async def _read(self, request: Request, body: bytearray) -> None:
        """Read the body of a request into *body*, and count it as held.

        Raises:
            HTTPException: If it is too large, or too much is held.
            ClientDisconnect: If it does not come whole.
        """
        size = request.headers.get("content-length", "0")
        if not size.isdecimal() or int(size) > LARGEST_BODY:
            raise _TOO_LARGE
        async for piece in request.stream():
            if len(body) + len(piece) > LARGEST_BODY:
                raise _TOO_LARGE
            body += piece
            self._held += len(piece)
            if self._held > LARGEST_TOTAL and len(body) > USUAL_BODY:
                raise HTTPException(503, "too much at once: send it again\n", _LATER)

    def _note(self, reason: str) -> None:
        """Count a message that is refused, and say so, but not for each: strangers send many."""
        self.refused[reason.rstrip(".")] += 1
        if time.monotonic() - self._told_at < _TELL_EVERY:
            return
        self._told_at = time.monotonic()
        for each, count in self.refused.items():
            self.say(f"{count:,} refused: {each}." if count > 1 else f"Refused: {each}.")
        self.refused.clear()

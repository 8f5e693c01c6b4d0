"""The addresses under `/sandbox`: the clock, and whatever an operator of the platforms could do."""

import json
import math
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from models.sandbox.clock import EARLIEST, LATEST, SandboxClock, seconds_of, stamp
from models.sandbox.filling import MOST_AT_ONCE
from models.sandbox.goody import bodies
from models.sandbox.goody.batches import LEGACY_EVENTS, Batches
from models.sandbox.goody.inputs import checked_url
from models.sandbox.goody.orders import Orders
from models.sandbox.refused import Refused
from models.sandbox.requests import JSON, json_of, query_number, resource
from models.sandbox.sendoso import sends
from models.sandbox.sendoso.pace import RATE_LIMIT, Pace
from models.sandbox.sendoso.scripts import ALL_EVENTS, EGIFTS, STORIES, checked
from models.sandbox.sendoso.sends import Sends
from models.sandbox.sendoso.tokens import CLIENT_ID, CLIENT_SECRET, Tokens
from models.sandbox.state import State
from models.sandbox.timetable import Timetable
from models.sandbox.webhooks import EVENT, Webhooks

FASTEST = 10_000_000
"""So many seconds may pass in each real one."""
_USUAL_MESSAGES = 100
_RECIPIENT = {
    "name": "Rosa Quill",
    "email": "rosa.quill@example.com",
    "company_name": "Northwind Ltd",
}
_SENDOSO = "sendoso"


class Controls:
    """Answers the requests that no platform knows."""

    def __init__(
        self,
        state: State,
        clock: SandboxClock,
        timetable: Timetable,
        webhooks: Webhooks,
        batches: Batches,
        orders: Orders,
        sends: Sends,
        tokens: Tokens,
        pace: Pace,
        fill: Callable[[int, int], None],
        origin: str,
    ) -> None:
        """Act on these parts of the sandbox.

        Args:
            state: The file.
            clock: The clock.
            timetable: What is still to come.
            webhooks: Those of both platforms.
            batches: Goody's batches.
            orders: Goody's orders.
            sends: Sendoso's sends.
            tokens: Sendoso's tokens.
            pace: Sendoso's limit.
            fill: Adds so many made-up orders and sends.
            origin: The address of the server.
        """
        self._state = state
        self._clock = clock
        self._timetable = timetable
        self._webhooks = webhooks
        self._batches = batches
        self._orders = orders
        self._sends = sends
        self._tokens = tokens
        self._pace = pace
        self._fill = fill
        self._origin = origin

    def routes(self) -> list[Route]:
        """Return the routes, below the address of the server."""
        return [
            resource("/sandbox/clock", GET=self._clock_now, POST=self._set_clock),
            resource("/sandbox/settings", GET=self._settings, POST=self._set_settings),
            resource("/sandbox/fill", POST=self._add),
            resource("/sandbox/webhooks", GET=self._endpoints, POST=self._add_endpoints),
            resource("/sandbox/webhooks/{id}", DELETE=self._remove_endpoint),
            resource("/sandbox/messages", GET=self._messages),
            resource("/sandbox/messages/{id}/resend", POST=self._resend),
            resource("/sandbox/orders/{id}", POST=self._put_order),
            resource("/sandbox/batches/{id}", POST=self._put_batch),
            resource("/sandbox/shipments/{id}", POST=self._put_shipment),
            resource("/sandbox/sends", POST=self._create_send),
            resource("/sandbox/sends/{id:int}", POST=self._put_send),
            resource("/sandbox/token", POST=self._token),
        ]

    async def _clock_now(self, request: Request) -> Response:
        return self._clock_answer()

    async def _set_clock(self, request: Request) -> Response:
        """Set the clock; the answer comes when everything up to the new time has happened."""
        wanted = await _object_of(request)
        if not wanted.keys() & {"now", "speed"}:
            raise Refused("now or speed is missing")
        now = _moment(wanted["now"]) if "now" in wanted else self._clock.now
        speed = _speed(wanted.get("speed", self._clock.speed))
        self._clock.set(now, speed)
        await self._timetable.catch_up_wholly()
        self._timetable.clock_moved()
        self._webhooks.clock_moved()
        return self._clock_answer()

    def _clock_answer(self) -> Response:
        return _answer({"now": stamp(self._clock.second), "speed": self._clock.speed})

    async def _endpoints(self, request: Request) -> Response:
        return _answer({"data": self._webhooks.endpoints()})

    async def _add_endpoints(self, request: Request) -> Response:
        """Let an address get Sendoso's events, as its portal does; `{event}` in it is the event's name."""
        wanted = await _object_of(request)
        url, events = wanted.get("url"), wanted.get("events") or list(ALL_EVENTS)
        if not isinstance(url, str) or not isinstance(events, list):
            raise Refused("url is missing, or events is not a list")
        if unknown := [event for event in events if event not in ALL_EVENTS]:
            raise Refused(f"Unknown event: {unknown[0]}")
        checked_url(url.replace(EVENT, "event"))
        if EVENT in url:
            self._webhooks.register_each(_SENDOSO, url, events)
        else:
            self._webhooks.register(_SENDOSO, url, events)
        return await self._endpoints(request)

    async def _remove_endpoint(self, request: Request) -> Response:
        if not self._webhooks.remove(_SENDOSO, request.path_params["id"]):
            raise Refused("Webhook endpoint not found", 404)
        return Response(status_code=204)

    async def _settings(self, request: Request) -> Response:
        return _answer({RATE_LIMIT: self._pace.limited, LEGACY_EVENTS: self._batches.legacy_events})

    async def _set_settings(self, request: Request) -> Response:
        wanted = await _object_of(request)
        if not wanted or not all(isinstance(value, bool) for value in wanted.values()):
            raise Refused("Send rate_limit or legacy_events, true or false")
        if unknown := wanted.keys() - {RATE_LIMIT, LEGACY_EVENTS}:
            raise Refused(f"Unknown setting: {min(unknown)}")
        self._pace.limited = wanted.get(RATE_LIMIT, self._pace.limited)
        self._batches.legacy_events = wanted.get(LEGACY_EVENTS, self._batches.legacy_events)
        for name, is_on in wanted.items():
            self._state.switch(name, is_on)
        return await self._settings(request)

    async def _add(self, request: Request) -> Response:
        """Add many made-up orders and sends at once."""
        wanted = await _object_of(request)
        counts = [wanted.get("orders", 0), wanted.get("sends", 0)]
        if not all(isinstance(count, int) and 0 <= count <= MOST_AT_ONCE for count in counts):
            raise Refused(f"orders and sends are numbers from 0 to {MOST_AT_ONCE}")
        self._fill(*counts)
        return _answer({"orders": counts[0], "sends": counts[1]})

    async def _messages(self, request: Request) -> Response:
        newest = query_number(request, "newest", _USUAL_MESSAGES)
        return _answer({"data": self._webhooks.messages(max(0, newest))})

    async def _resend(self, request: Request) -> Response:
        if not self._webhooks.resend(request.path_params["id"]):
            raise Refused("Message not found", 404)
        return Response(status_code=204)

    async def _put_order(self, request: Request) -> Response:
        """Let an order fail, or refund it: what the API's clients cannot do."""
        row = self._orders.find(request.path_params["id"])
        match await _object_of(request):
            case {"status": "failed"}:
                row = self._orders.fail(row)
            case {"refunded": True}:
                row = self._orders.refund(row)
            case _:
                raise Refused('Send {"status": "failed"} or {"refunded": true}')
        return _text(bodies.order(row, self._origin, with_times=True))

    async def _put_batch(self, request: Request) -> Response:
        row = self._batches.find(request.path_params["id"])
        wanted = await _object_of(request)
        row = self._batches.put(row, str(wanted.get("send_status")))
        return _answer({"id": row["id"], "send_status": row["status"]})

    async def _put_shipment(self, request: Request) -> Response:
        wanted = await _object_of(request)
        row = self._orders.put_shipment(request.path_params["id"], str(wanted.get("status")))
        return _text(bodies.order(row, self._origin, with_times=True))

    async def _create_send(self, request: Request) -> Response:
        """Create a send of Sendoso with a story by its name, or with a script of its own."""
        wanted = await _object_of(request)
        try:
            script = (
                checked(wanted["script"])
                if "script" in wanted
                else STORIES[wanted.get("story", "addressed")]
            )
        except (ValueError, KeyError, TypeError):
            raise Refused(
                f'Send a story ({", ".join(STORIES)}) or a script such as [[0, "Sent"], [1.5, "Opened"]]'
            ) from None
        touch = wanted.get("touch_id", 530 if script in EGIFTS.values() else 512)
        recipient = wanted.get("recipient", {})
        if not isinstance(recipient, dict) or not isinstance(touch, int):
            raise Refused("recipient is not an object, or touch_id no number")
        told = {name: str(recipient.get(name, usual)) for name, usual in _RECIPIENT.items()}
        row = self._sends.create(touch, told, script, sent_via="Sandbox")
        return _text(sends.body(row))

    async def _put_send(self, request: Request) -> Response:
        row = self._sends.find(min(request.path_params["id"], 2**62))
        status = (await _object_of(request)).get("status")
        if not isinstance(status, str) or not status.strip():
            raise Refused("status is missing")
        return _text(sends.body(self._sends.put(row, status)))

    async def _token(self, request: Request) -> Response:
        """Hand out a pair of tokens, and what renews them."""
        client = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
        return _answer({**self._tokens.pair(), **client})


async def _object_of(request: Request) -> dict[str, Any]:
    body = await json_of(request)
    if not isinstance(body, dict):
        raise Refused("The request has no JSON object")
    return body


def _moment(value: object) -> float:
    try:
        if isinstance(value, str) and EARLIEST <= (seconds := seconds_of(value)) <= LATEST:
            return float(seconds)
    except (ValueError, OverflowError):
        pass
    raise Refused("now is invalid: it is a time in ISO 8601, such as 2026-03-01T09:00:00Z")


def _speed(value: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        speed = float(value)
        if math.isfinite(speed) and 0 <= speed <= FASTEST:
            return speed
    raise Refused("speed is invalid: it is how many seconds pass in each real one, 0 or more")


def _answer(body: Any) -> Response:
    return _text(json.dumps(body))


def _text(body: str) -> Response:
    return Response(body, media_type=JSON)

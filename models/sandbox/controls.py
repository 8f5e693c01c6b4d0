"""The addresses under `/sandbox`: the clock, and whatever an operator of the platforms could do."""

import json
import math
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from models.sandbox.clock import EARLIEST, LATEST, SandboxClock, seconds_of, stamp
from models.sandbox.goody import bodies
from models.sandbox.goody.batches import Batches
from models.sandbox.goody.orders import Orders
from models.sandbox.refused import Refused
from models.sandbox.requests import JSON, json_of, query_number
from models.sandbox.timetable import Timetable
from models.sandbox.webhooks import Webhooks

_FASTEST = 10_000_000.0
_USUAL_MESSAGES = 100


class Controls:
    """Answers the requests that no platform knows."""

    def __init__(
        self,
        clock: SandboxClock,
        timetable: Timetable,
        webhooks: Webhooks,
        batches: Batches,
        orders: Orders,
        origin: str,
    ) -> None:
        """Act on these parts of the sandbox; *origin* is the address of the server."""
        self._clock = clock
        self._timetable = timetable
        self._webhooks = webhooks
        self._batches = batches
        self._orders = orders
        self._origin = origin

    def routes(self) -> list[Route]:
        """Return the routes, below the address of the server."""
        return [
            Route("/sandbox/clock", self._clock_now, methods=["GET"]),
            Route("/sandbox/clock", self._set_clock, methods=["POST"]),
            Route("/sandbox/webhooks", self._endpoints, methods=["GET"]),
            Route("/sandbox/messages", self._messages, methods=["GET"]),
            Route("/sandbox/messages/{id}/resend", self._resend, methods=["POST"]),
            Route("/sandbox/orders/{id}", self._put_order, methods=["POST"]),
            Route("/sandbox/batches/{id}", self._put_batch, methods=["POST"]),
            Route("/sandbox/shipments/{id}", self._put_shipment, methods=["POST"]),
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
        if math.isfinite(speed) and 0 <= speed <= _FASTEST:
            return speed
    raise Refused("speed is invalid: it is how many seconds pass in each real one, 0 or more")


def _answer(body: Any) -> Response:
    return _text(json.dumps(body))


def _text(body: str) -> Response:
    return Response(body, media_type=JSON)

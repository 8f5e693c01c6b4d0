"""The page of a gift, which its recipient opens in a browser, and what can be done on it."""

import json
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from models.sandbox.clock import seconds_of
from models.sandbox.goody.orders import CANCELABLE, Orders
from models.sandbox.refused import Refused
from models.sandbox.requests import form_of, resource
from models.sandbox.state import Row, State
from models.sandbox.templates import page

_LONGEST_NOTE = 2000
_NEWEST = 100
_STEPS = (
    ("created_at", "created"),
    ("opened_at", "opened"),
    ("accepted_at", "accepted"),
    ("paid_at", "paid"),
    ("shipped_at", "shipped"),
    ("delivered_at", "delivered"),
)


class GiftPages:
    """Shows gifts to people, and takes their answers."""

    def __init__(self, state: State, orders: Orders, origin: str) -> None:
        """Show what *orders* has in *state*; *origin* is the address of the server."""
        self._origin = origin
        self._state = state
        self._orders = orders

    def routes(self) -> list[Route]:
        """Return the routes, below the address of the server."""
        return [
            resource("/", GET=self._index),
            resource("/gift/{code}", GET=self._show),
            resource("/gift/{code}/accept", POST=self._accept),
            resource("/gift/{code}/thank-you", POST=self._thank),
            resource("/gift/{code}/expire", POST=self._expire),
            resource("/gift/{code}/pay", GET=self._payment, POST=self._pay),
        ]

    async def _index(self, request: Request) -> Response:
        rows = self._state.rows("SELECT * FROM gift ORDER BY seq DESC LIMIT ?", _NEWEST)
        gifts = [{**_told(row), "link": f"/gift/{row['code']}"} for row in rows]
        return page("index.html", gifts=gifts)

    async def _show(self, request: Request) -> Response:
        row = self._gift(request)
        return self._gift_page(self._orders.open(row))

    async def _accept(self, request: Request) -> Response:
        row = self._gift(request)
        form = await _form(request)
        try:
            swap_to = form.get("swap_to", "")
            return self._gift_page(self._orders.accept(row, _note(form), swap_to))
        except Refused as refused:
            return self._gift_page(row, str(refused), refused.status)

    async def _thank(self, request: Request) -> Response:
        row = self._gift(request)
        note = _note(await _form(request))
        try:
            return self._gift_page(self._orders.thank(row, note) if note else row)
        except Refused as refused:
            return self._gift_page(row, str(refused), refused.status)

    async def _expire(self, request: Request) -> Response:
        row = self._gift(request)
        try:
            return self._gift_page(self._orders.expire(row))
        except Refused as refused:
            return self._gift_page(row, str(refused), refused.status)

    async def _payment(self, request: Request) -> Response:
        return self._gift_page(self._gift(request))

    async def _pay(self, request: Request) -> Response:
        row = self._gift(request)
        try:
            return self._gift_page(self._orders.pay(row))
        except Refused as refused:
            return self._gift_page(row, str(refused), refused.status)

    def _gift(self, request: Request) -> Row:
        return self._orders.by_code(request.path_params["code"])

    def _gift_page(self, row: Row, refusal: str = "", status: int = 200) -> Response:
        can_accept = row["status"] in CANCELABLE and not self._orders.is_over(row)
        return page(
            "gift.html",
            status,
            gift=_told(row),
            from_name=self._from_name(row),
            link=f"{self._origin}/gift/{row['code']}",
            can_accept=can_accept,
            choices=self._orders.choices(row) if can_accept else [],
            is_over=row["status"] in CANCELABLE and not can_accept,
            refusal=refusal,
        )

    def _from_name(self, row: Row) -> str:
        """Return the sender's name as the batch gives it."""
        body = self._state.value("SELECT body FROM batch WHERE seq = ?", row["batch"])
        return str(json.loads(body)["from_name"])


async def _form(request: Request) -> dict[str, str]:
    """Return the fields of a form, of which one without any is one too."""
    kind = request.headers.get("content-type", "").partition(";")[0]
    known = kind in ("application/x-www-form-urlencoded", "multipart/form-data")
    return await form_of(request) if known else {}


def _note(form: dict[str, str]) -> str:
    """Return the thanks that a form holds, if any."""
    return form.get("thank_you_note", "").strip()[:_LONGEST_NOTE]


def _told(row: Row) -> dict[str, Any]:
    """Return a gift as the pages tell it."""
    body, times = json.loads(row["body"]), json.loads(row["times"])
    return {
        **body,
        "status": row["status"],
        "refunded": _in_words(row["refunded_at"]),
        "expires": _in_words(row["expires_at"]),
        "steps": [
            (word, _in_words(seconds_of(times[name]))) for name, word in _STEPS if times.get(name)
        ],
    }


def _in_words(seconds: int | None) -> str:
    if seconds is None:
        return ""
    return datetime.fromtimestamp(seconds, UTC).strftime("%d %B %Y, %H:%M UTC").lstrip("0")

"""The addresses of Goody's API, under `/v1`."""

import json
import re
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from models.sandbox.clock import seconds_of, stamp
from models.sandbox.goody import bodies, catalogue
from models.sandbox.goody.batches import Batches
from models.sandbox.goody.inputs import (
    EVENTS,
    BatchInput,
    ExpirationInput,
    Input,
    PaymentMethodInput,
    PriceInput,
    WebhookInput,
    checked_url,
    read,
)
from models.sandbox.goody.orders import Orders
from models.sandbox.pager import Pager
from models.sandbox.refused import Refused
from models.sandbox.requests import JSON, json_of, query_number, resource
from models.sandbox.state import State
from models.sandbox.webhooks import Webhooks

_MOST = 100
_USUAL = 20
_ACTIVITIES = (
    "SELECT activity.seq, activity.at, activity.id AS activity_id, activity.status AS activity_status,"
    " gift.id, gift.status, gift.code, gift.expires_at, gift.body"
    " FROM activity JOIN gift ON gift.seq = activity.gift"
)
_BOOLEANS = {"true": True, "false": False}
Wanted = TypeVar("Wanted", bound=Input)


class GoodyApi:
    """Answers the requests to Goody's API."""

    def __init__(
        self,
        state: State,
        batches: Batches,
        orders: Orders,
        webhooks: Webhooks,
        origin: str,
    ) -> None:
        """Answer from these parts of the platform."""
        self._state = state
        self._batches = batches
        self._orders = orders
        self._webhooks = webhooks
        self._origin = origin
        self._order_pages = Pager(state, "gift", "created_at")
        self._batch_pages = Pager(state, "batch", "seq")
        self._activity_pages = Pager(state, "activity", "at", select=_ACTIVITIES)

    def routes(self) -> list[Route]:
        """Return the routes, below the address of the server."""
        return [
            resource("/v1/me", GET=self._me),
            resource("/v1/workspaces", GET=self._workspaces),
            resource("/v1/payment_methods", GET=self._payment_methods),
            resource("/v1/commerce_user_payment_methods", POST=self._create_payment_method),
            resource("/v1/brands", GET=self._brands),
            resource("/v1/products", GET=self._products),
            resource("/v1/products/{id}", GET=self._product),
            resource("/v1/cards", GET=self._cards),
            resource("/v1/collections", GET=self._collections),
            resource("/v1/collections/{id}", GET=self._collection),
            resource("/v1/orders", GET=self._list_orders),
            resource("/v1/orders/{id}", GET=self._order),
            resource("/v1/orders/{id}/cancel", POST=self._cancel),
            resource("/v1/orders/{id}/update_expiration", POST=self._update_expiration),
            resource("/v1/order_activities", GET=self._activities),
            resource("/v1/order_batches", GET=self._list_batches, POST=self._create_batch),
            # The first that fits is taken, and a batch could be called so.
            resource("/v1/order_batches/price", POST=self._price),
            resource("/v1/order_batches/{id}", GET=self._batch),
            resource("/v1/order_batches/{id}/orders", GET=self._batch_orders),
            resource("/v1/order_batches/{id}/recipients", GET=self._batch_recipients),
            resource("/v1/webhooks", POST=self._create_webhook),
            resource("/v1/webhooks/{id}", DELETE=self._delete_webhook),
        ]

    # The account

    async def _me(self, request: Request) -> Response:
        return _answer(dict(catalogue.ME))

    async def _workspaces(self, request: Request) -> Response:
        return _all([dict(workspace) for workspace in catalogue.WORKSPACES])

    async def _payment_methods(self, request: Request) -> Response:
        balances = {
            row["method"]: row["cents"] for row in self._state.rows("SELECT * FROM balance")
        }
        return _all(
            [
                {
                    "id": method.id,
                    "name": method.name,
                    "cardholder_name": method.cardholder,
                    "balance": balances.get(method.id),
                }
                for method in catalogue.PAYMENT_METHODS
            ]
        )

    async def _create_payment_method(self, request: Request) -> Response:
        wanted = read(PaymentMethodInput, await json_of(request))
        if not wanted.cardholder_name.strip():
            raise Refused("Cardholder name is required")
        if wanted.payment_method_type != "card":
            raise Refused("Payment method type must be card")
        if "declined" in wanted.interim_card_key.lower():
            raise Refused("Your card was declined.")
        body = {
            "id": self._batches.keep_card(),
            "card_brand": "mastercard",
            "card_last_4": "4444",
            "card_exp_month": 12,
            "card_exp_year": 2034,
            "cardholder_name": wanted.cardholder_name,
            "created_at": stamp(request.app.state.clock.second),
        }
        return _answer(body, 201)

    # The catalogue

    async def _brands(self, request: Request) -> Response:
        return _some(request, catalogue.brand_bodies(_country(request)))

    async def _products(self, request: Request) -> Response:
        _boolean(request, "use_custom_catalog")
        inactive = _boolean(request, "custom_catalog_show_inactive")
        return _some(request, catalogue.product_bodies(_country(request), inactive=bool(inactive)))

    async def _product(self, request: Request) -> Response:
        _boolean(request, "use_custom_catalog")
        found = catalogue.PRODUCT_BY_ID.get(request.path_params["id"])
        if found is None:
            raise Refused("Product not found", 404)
        return _answer(found.body())

    async def _cards(self, request: Request) -> Response:
        return _some(request, list(catalogue.CARDS))

    async def _collections(self, request: Request) -> Response:
        return _some(request, catalogue.collection_bodies(_boolean(request, "published")))

    async def _collection(self, request: Request) -> Response:
        found = catalogue.collection_body(request.path_params["id"])
        if found is None:
            raise Refused("Collection not found", 404)
        return _answer(found)

    # Orders

    async def _list_orders(self, request: Request) -> Response:
        where, values = _between(request, "created_at", "created_at[after]", "created_at[before]")
        rows, total = self._order_pages.page(*_page(request), where, *values)
        return _text(bodies.page((bodies.order(row, self._origin) for row in rows), total))

    async def _order(self, request: Request) -> Response:
        row = self._orders.find(request.path_params["id"])
        return _text(bodies.order(row, self._origin, with_times=True))

    async def _cancel(self, request: Request) -> Response:
        row = self._orders.cancel(self._orders.find(request.path_params["id"]))
        return _text(bodies.order(row, self._origin))

    async def _update_expiration(self, request: Request) -> Response:
        row = self._orders.find(request.path_params["id"])
        wanted = read(ExpirationInput, await json_of(request))
        row = self._orders.update_expiration(row, wanted.expiration)
        return _text(bodies.order(row, self._origin))

    async def _activities(self, request: Request) -> Response:
        where, values = _between(request, "activity.at", "after", "before")
        if statuses := request.query_params.get("statuses"):
            wanted = [word.strip() for word in statuses.split(",")]
            where += f" AND activity.status IN ({', '.join('?' * len(wanted))})"
            values += wanted
        rows, total = self._activity_pages.page(*_page(request), where, *values)
        return _text(bodies.page((bodies.activity(row, self._origin) for row in rows), total))

    # Batches

    async def _list_batches(self, request: Request) -> Response:
        rows, total = self._batch_pages.page(*_page(request))
        return _text(
            bodies.page((bodies.batch(row, self._state, self._origin) for row in rows), total)
        )

    async def _batch(self, request: Request) -> Response:
        row = self._batches.find(request.path_params["id"])
        return _text(bodies.batch(row, self._state, self._origin))

    async def _create_batch(self, request: Request) -> Response:
        row = self._batches.create(read(BatchInput, await json_of(request)))
        return _text(bodies.batch(row, self._state, self._origin), 201)

    async def _price(self, request: Request) -> Response:
        return _answer(self._batches.price(read(PriceInput, await json_of(request))))

    async def _batch_orders(self, request: Request) -> Response:
        batch = self._batches.find(request.path_params["id"])
        page, per_page = _page(request)
        rows = self._state.rows(
            "SELECT * FROM gift WHERE batch = ? ORDER BY seq LIMIT ? OFFSET ?",
            batch["seq"], per_page, _offset(page, per_page),
        )  # fmt: skip
        items = (bodies.order(row, self._origin) for row in rows)
        return _text(bodies.page(items, batch["orders"]))

    async def _batch_recipients(self, request: Request) -> Response:
        batch = self._batches.find(request.path_params["id"])
        page, per_page = _page(request)
        rows = self._state.rows(
            "SELECT body FROM recipient WHERE batch = ? ORDER BY place LIMIT ? OFFSET ?",
            batch["seq"], per_page, _offset(page, per_page),
        )  # fmt: skip
        return _text(bodies.page((row["body"] for row in rows), batch["recipients"]))

    # Webhooks

    async def _create_webhook(self, request: Request) -> Response:
        wanted = read(WebhookInput, await json_of(request))
        if unknown := [event for event in wanted.events or () if event not in EVENTS]:
            raise Refused(f"Unknown event: {unknown[0]}")
        endpoint = self._webhooks.register("goody", checked_url(wanted.url), wanted.events)
        return _answer({"id": endpoint}, 201)

    async def _delete_webhook(self, request: Request) -> Response:
        # The description gives this request a body, of which nothing is used.
        read(WebhookInput, await json_of(request))
        if not self._webhooks.remove("goody", request.path_params["id"]):
            raise Refused("Webhook endpoint not found")
        return Response(status_code=204)


def _answer(body: Any, status: int = 200) -> Response:
    return _text(json.dumps(body), status)


def _text(body: str, status: int = 200) -> Response:
    return Response(body, status, media_type=JSON)


def _all(items: list[dict[str, Any]]) -> Response:
    return _answer({"data": items, "list_meta": {"total_count": len(items)}})


def _some(request: Request, items: list[dict[str, Any]]) -> Response:
    page, per_page = _page(request)
    first = (page - 1) * per_page
    shown = items[first : first + per_page]
    return _answer({"data": shown, "list_meta": {"total_count": len(items)}})


def _page(request: Request) -> tuple[int, int]:
    """Return the page that a request asks for, and how many are on one."""
    page = query_number(request, "page", 1)
    per_page = query_number(request, "per_page", _USUAL)
    if page < 1:
        raise Refused("Page must be greater than 0")
    if not 1 <= per_page <= _MOST:
        raise Refused(f"Per page must be between 1 and {_MOST}")
    return page, per_page


def _offset(page: int, per_page: int) -> int:
    """Return the rows before a page, as many as a query can be told."""
    return min((page - 1) * per_page, 2**62)


def _between(request: Request, column: str, after: str, before: str) -> tuple[str, list[object]]:
    """Return the condition that two times of a request make; both are inclusive."""
    conditions, values = ["1"], list[object]()
    for name, sign in ((after, ">="), (before, "<=")):
        text = request.query_params.get(name)
        if text is not None:
            try:
                values.append(seconds_of(text))
            except (ValueError, OverflowError):
                raise Refused(f"{name} is invalid: it is not a time in ISO 8601") from None
            conditions.append(f"{column} {sign} ?")
    return " AND ".join(conditions), values


def _boolean(request: Request, name: str) -> bool | None:
    text = request.query_params.get(name)
    if text is None:
        return None
    if text.lower() not in _BOOLEANS:
        raise Refused(f"{name} must be true or false")
    return _BOOLEANS[text.lower()]


def _country(request: Request) -> str:
    country = request.query_params.get("country_code") or "US"
    return country if re.fullmatch("[A-Z]{2}", country) else ""

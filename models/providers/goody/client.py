"""Goody's API: the lists that a sync reads, and their entries as Goody's OpenAPI file describes them.

A list of orders has no times, and no status of an order can be asked for; the order activities have the
times. Words are not checked against the published ones: what is new there is kept and shown.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ConfigDict

from models.providers.client import Client, Feed
from models.providers.incoming import Fact
from models.providers.payload_fields import identifier, word
from models.values.dates import TimeReader

_TIMES = TimeReader()
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_word = lru_cache(maxsize=256)(word)
_TOTAL = ("list_meta", "total_count")


class _Published(BaseModel):
    """An object of the published file; what it does not name is passed over."""

    model_config = ConfigDict(strict=True, extra="ignore")


class Brand(_Published):
    """Who makes a product."""

    id: str
    name: str


class Product(_Published):
    """What is given."""

    id: str
    name: str
    brand: Brand


class CartItem(_Published):
    """One product of a gift, with how many of it."""

    id: str
    product: Product
    quantity: int


class Cart(_Published):
    """What a gift is made of."""

    id: str | None = None
    items: list[CartItem] | None = None


class Person(_Published):
    """Who sends a gift."""

    first_name: str
    last_name: str
    email: str


class Amounts(_Published):
    """What an order costs, in cents of US dollars."""

    amount_product: int
    amount_shipping: int
    amount_processing_fee: int | None = None
    amount_credit_applied: int | None = None
    amount_pre_tax_total: int
    amount_tax: int | None = None
    amount_total: int | None = None
    amount_global_relay_cost: int | None = None


class EventTimes(_Published):
    """When an order entered its statuses; only the answer about one order has it."""

    created_at: str
    notified_at: str | None = None
    opened_at: str | None = None
    accepted_at: str | None = None
    pending_payment_at: str | None = None
    paid_at: str | None = None
    shipped_at: str | None = None
    delivered_at: str | None = None


class Shipment(_Published):
    """A parcel of an order."""

    id: str
    status: str
    brand_name: str
    tracking_carrier: str | None = None
    tracking_number: str | None = None
    tracking_url: str | None = None
    shipped_at: str | None = None
    delivered_at: str | None = None
    delivery_eta: str | None = None


class Order(_Published):
    """One gift for one recipient."""

    id: str
    recipient_first_name: str
    recipient_last_name: str | None = None
    recipient_email: str | None = None
    status: str
    individual_gift_link: str
    cart: Cart
    shipments: list[Shipment]
    workspace_name: str | None = None
    expires_at: str | None = None
    order_batch_id: str | None = None
    amounts: Amounts
    event_times: EventTimes | None = None
    sender: Person
    reference_id: str


class OrderActivity(_Published):
    """An order entered a status."""

    id: str
    order_status: str
    created_at: str
    order: Order


class Recipient(_Published):
    """Whom a batch is for."""

    first_name: str
    last_name: str | None = None
    email: str | None = None


class OrderBatch(_Published):
    """Gifts for one or more recipients, made at once or at a scheduled time."""

    id: str
    send_status: str
    from_name: str
    orders_count: int
    orders_preview: list[Order]
    recipients_count: int
    recipients_preview: list[Recipient]
    cart: Cart
    is_scheduled_send: bool | None = None
    scheduled_send_on: str | None = None
    expires_at: str | None = None
    batch_name: str | None = None
    sender: Person
    workspace_name: str | None = None
    reference_id: str


def _fact(activity: Mapping[str, Any]) -> tuple[str, Fact] | None:
    """Return the order of an activity and when it entered its status; None if it says neither.

    A first sync reads six of them for each order: what is written as usual is taken as it is.
    """
    order, status, stamp = (activity.get(name) for name in ("order", "order_status", "created_at"))
    if not (isinstance(order, Mapping) and isinstance(status, str) and isinstance(stamp, str)):
        return None
    told = order.get("id")
    try:
        is_usual = isinstance(told, str) and _UUID.fullmatch(told)
        external_id = told if is_usual else identifier(told).lower()
        at = _TIMES.read(stamp)
    except ValueError:
        return None
    name = _word(status)
    return (external_id, Fact(name, at)) if external_id and name and at else None


CLIENT = Client(
    address="https://api.ongoody.com",
    prefix="/v1",
    feeds=(
        Feed(
            name="activities", path="/v1/order_activities", entry=OrderActivity, items="data", total=_TOTAL,
            after="after", time="created_at", fact=_fact,
        ),
        # Not all that becomes of an order is an activity: new ones are read again for a day.
        Feed(
            name="orders", path="/v1/orders", entry=Order, items="data", total=_TOTAL,
            after="created_at[after]", overlap=timedelta(days=1),
        ),
        Feed(name="batches", path="/v1/order_batches", entry=OrderBatch, items="data", total=_TOTAL),
    ),
)  # fmt: skip

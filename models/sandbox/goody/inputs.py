"""What requests to Goody's API may hold, and the sentence for what they may not."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, StrictBool, StrictInt, StrictStr
from pydantic import ValidationError as PydanticError

from models.sandbox.clock import seconds_of
from models.sandbox.refused import Refused

EVENTS = (
    "order_batch.created",
    "order_batch.completed",
    "order.created",
    "order.gift_opened",
    "order.gift_accepted",
    "order.thank_you_note_added",
    "order.shipped",
    "order.delivered",
    "order.canceled",
    "order.refunded",
)
"""The events that webhooks tell of."""
SendMethod = Literal["email_and_link", "link_multiple_custom_list", "direct_send"]
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def _uuid(value: object) -> str:
    if isinstance(value, str) and _UUID.fullmatch(value):
        return str(UUID(value))
    raise ValueError("is not a UUID")


def _time(value: object) -> int:
    if isinstance(value, str):
        try:
            return seconds_of(value)
        except (ValueError, OverflowError):
            pass
    raise ValueError("is not a time in ISO 8601")


Id = Annotated[str, BeforeValidator(_uuid)]
Time = Annotated[int, BeforeValidator(_time)]
"""A time of a request, in seconds since 1970."""


def _given(value: object) -> object:
    if value is None:
        raise ValueError("is null")
    return value


NOT_NULL = BeforeValidator(_given)
"""Marks what may be left out, but not be null."""


class Input(BaseModel):
    """A part of a request. What it may hold besides is not read."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Address(Input):
    """Where a parcel goes."""

    first_name: StrictStr | None = None
    last_name: StrictStr | None = None
    address_1: StrictStr
    address_2: StrictStr | None = None
    city: StrictStr
    state: StrictStr
    postal_code: StrictStr
    country: StrictStr | None


class RecipientInput(Input):
    """One person of a batch."""

    first_name: StrictStr
    last_name: StrictStr = ""
    email: StrictStr = ""
    phone: StrictStr | None = None
    mailing_address: Annotated[Address | None, NOT_NULL] = None


class CartItemInput(Input):
    """A product and how many of it."""

    product_id: Id | None = None
    product_url: StrictStr | None = None
    quantity: StrictInt
    variable_price: Annotated[StrictInt | None, NOT_NULL] = None
    variants: list[StrictStr] = []


class CartInput(Input):
    """The products of each gift."""

    items: list[CartItemInput] = []


class ReservedOptions(Input):
    """What only approved partners may set."""

    custom_price_tier: StrictInt | None = None


class PriceInput(Input):
    """A request for the price of a batch."""

    recipients: list[RecipientInput]
    cart: CartInput
    send_method: SendMethod


class BatchInput(PriceInput):
    """A request for a batch. The published requests send nulls for the first two of the optional ids."""

    from_name: StrictStr
    message: StrictStr = ""
    payment_method_id: StrictStr | None = None
    workspace_id: Id | None = None
    card_id: Annotated[Id | None, NOT_NULL] = None
    scheduled_send_on: Time | None = None
    expires_at: Time | None = None
    swap: Literal["single", "multiple", "disabled"] = "single"
    international_shipping_tier: Literal["disabled", "standard", "full"] = "disabled"
    international_gift_cards_enabled: StrictBool = False
    notifications_enabled: StrictBool = True
    commerce_end_user_id: StrictStr | None = None
    customer_reference_id: StrictStr | None = None
    reserved_options: ReservedOptions | None = None


class WebhookInput(Input):
    """A request for a webhook."""

    url: StrictStr = ""
    events: list[StrictStr] | None = None


class ExpirationInput(Input):
    """A request for another expiry."""

    expiration: Time


class BillingAddress(Input):
    """The address of a card's holder."""

    address_1: StrictStr
    address_2: StrictStr | None = None
    city: StrictStr
    state: StrictStr
    postal_code: StrictStr
    country: StrictStr


class PaymentMethodInput(Input):
    """A request to keep the card of a user of a commerce app."""

    cardholder_name: StrictStr
    commerce_end_user_id: StrictStr
    payment_method_type: StrictStr
    interim_card_key: StrictStr
    billing_address: BillingAddress


Wanted = TypeVar("Wanted", bound=Input)


def read(kind: type[Wanted], body: object) -> Wanted:
    """Return *body* as *kind*.

    Raises:
        Refused: If it is none; the sentence names the first field that is wrong.
    """
    if not isinstance(body, Mapping):
        raise Refused("The request has no JSON object")
    try:
        return kind.model_validate(body)
    except PydanticError as problem:
        raise Refused(_sentence(problem)) from None


def _sentence(problem: PydanticError) -> str:
    first: Any = problem.errors(include_url=False, include_context=False, include_input=False)[0]
    path = ".".join(str(part) for part in first["loc"] if part != "function-before")
    name = path.replace("_", " ").capitalize() or "The request"
    if first["type"] == "missing":
        return f"{name} can't be blank"
    return f"{name} is invalid: {first['msg'].removeprefix('Value error, ')}"


def checked_url(url: str) -> str:
    """Return *url* if a webhook can be sent to it.

    Raises:
        Refused: If it is no web address.
    """
    try:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            url.encode("ascii")
            return url
    except ValueError:
        pass
    raise Refused("Url is invalid")

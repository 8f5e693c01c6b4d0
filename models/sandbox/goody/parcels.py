"""The shipments of an order: one for each brand in its cart."""

from typing import Any

from models.sandbox.clock import stamp
from models.sandbox.goody.bodies import new_id

STATUSES = (
    "pending",
    "tracking",
    "shipped",
    "delivered",
    "delivered_override",
    "failed",
    "failed_unset_tracking",
    "failed_with_reship",
)
_ARRIVED = ("delivered", "delivered_override")
_LOST = ("failed", "failed_unset_tracking", "failed_with_reship")
_IN_TRANSIT = 3 * 24 * 3600
"""Seconds that a parcel is expected to take."""


def packed(cart: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the shipments of *cart*, before any of them has left."""
    names = dict.fromkeys(item["product"]["brand"]["name"] for item in cart["items"])
    return [_shipment(name) for name in names]


def _shipment(brand: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "status": "pending",
        "brand_name": brand,
        "tracking_carrier": None,
        "tracking_number": None,
        "tracking_url": None,
        "shipped_at": None,
        "delivered_at": None,
        "delivery_eta": None,
    }


def label(shipment: dict[str, Any]) -> None:
    """Give a shipment its tracking number, if it has none."""
    if shipment["tracking_number"] is None:
        number = _ups_number(shipment["id"])
        shipment["tracking_carrier"] = "UPS"
        shipment["tracking_number"] = number
        shipment["tracking_url"] = f"https://www.ups.com/track?tracknum={number}"
    if shipment["status"] == "pending":
        shipment["status"] = "tracking"


def send_off(shipment: dict[str, Any], at: int) -> None:
    """Let a shipment leave at *at*, if it has not."""
    label(shipment)
    if shipment["status"] == "tracking":
        shipment["status"] = "shipped"
        shipment["shipped_at"] = stamp(at)
        shipment["delivery_eta"] = stamp(at + _IN_TRANSIT)


def arrive(shipment: dict[str, Any], at: int) -> None:
    """Let a shipment arrive at *at*, unless it was lost."""
    send_off(shipment, at)
    if shipment["status"] == "shipped":
        shipment["status"] = "delivered"
        shipment["delivered_at"] = stamp(at)


def put(shipments: list[dict[str, Any]], place: int, status: str, at: int) -> None:
    """Give the shipment at *place* another status, as an operator of the platform may."""
    shipment = shipments[place]
    if status in ("tracking", "shipped", *_ARRIVED):
        shipment["status"] = "pending" if status == "tracking" else shipment["status"]
        label(shipment)
    if status in ("shipped", *_ARRIVED) and shipment["shipped_at"] is None:
        shipment["shipped_at"] = stamp(at)
        shipment["delivery_eta"] = stamp(at + _IN_TRANSIT)
    shipment["delivered_at"] = stamp(at) if status in _ARRIVED else None
    shipment["status"] = status
    if status == "failed_unset_tracking":
        shipment.update(tracking_carrier=None, tracking_number=None, tracking_url=None)
    if status == "failed_with_reship":
        shipments.append(_shipment(shipment["brand_name"]))


def has_left(shipments: list[dict[str, Any]]) -> bool:
    """Whether one of them has started to move."""
    return any(shipment["shipped_at"] for shipment in shipments)


def have_arrived(shipments: list[dict[str, Any]]) -> bool:
    """Whether all of them have arrived; one that was lost counts only for its replacement."""
    awaited = [each for each in shipments if each["status"] != "failed_with_reship"]
    return bool(awaited) and all(each["status"] in _ARRIVED for each in awaited)


def is_on_its_way(shipment: dict[str, Any]) -> bool:
    """Whether it is neither there nor lost."""
    return shipment["status"] not in (*_ARRIVED, *_LOST)


def _ups_number(shipment: str) -> str:
    """Return a number that looks like one of UPS for the id of a shipment, with the right check digit."""
    serial = f"999AA1{int(shipment[:8], 16) % 10**9:09d}"
    digits = [int(sign) if sign.isdigit() else (ord(sign) - 63) % 10 for sign in serial]
    check = -(sum(digits[::2]) + 2 * sum(digits[1::2])) % 10
    return f"1Z{serial}{check}"

"""Asking Goody's API to cancel an order, or to let it end later."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from models.providers.abilities import Api
from models.providers.payload_fields import word
from models.values.dates import TimeReader

_CANCELED = frozenset({"failed", "canceled"})
"""What Goody calls an order that was canceled; its API answers `failed`."""


def look_up(api: Api, external_id: str) -> Mapping[str, Any]:
    """Return an order as Goody has it."""
    return _order(api.get(_path(external_id)).body)


def cancel(api: Api, external_id: str) -> Mapping[str, Any]:
    """Have an order canceled, and return it."""
    return _order(api.send("POST", f"{_path(external_id)}/cancel").body)


def extend(api: Api, external_id: str, until: datetime) -> Mapping[str, Any]:
    """Have an order end at *until* (UTC), and return it."""
    expiration = until.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    path = f"{_path(external_id)}/update_expiration"
    return _order(api.send("POST", path, {"expiration": expiration}).body)


def is_canceled(send: Mapping[str, Any]) -> bool:
    """Whether Goody has an order as canceled."""
    return word(send.get("status")) in _CANCELED


def ends_at(send: Mapping[str, Any]) -> datetime | None:
    """Return when an order ends, in UTC; None if it does not, or if that cannot be read."""
    try:
        return TimeReader().read(str(send.get("expires_at") or ""))
    except ValueError:
        return None


def _path(external_id: str) -> str:
    return f"/v1/orders/{quote(external_id, safe='')}"


def _order(body: Any) -> Mapping[str, Any]:
    return body if isinstance(body, Mapping) else {}

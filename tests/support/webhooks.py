"""Messages of webhooks as the platforms send them, signed without any code of the desk or of a library."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any

KEY = bytes(range(32))
SECRET = "whsec_" + base64.b64encode(KEY).decode()
ORDER = "0b6f3c1e-7a55-4c0e-9d1b-5a3f0e2c9a11"


def signature(body: bytes, message: str, timestamp: str, key: bytes = KEY) -> str:
    """Return the value of a signature's header."""
    signed = f"{message}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers(
    body: bytes, message: str = "msg_1", *, age: int = 0, key: bytes = KEY, family: str = "svix"
) -> dict[str, str]:
    """Return the headers of a message that was signed *age* seconds ago."""
    timestamp = str(int(time.time()) - age)
    return {
        f"{family}-id": message,
        f"{family}-timestamp": timestamp,
        f"{family}-signature": signature(body, message, timestamp, key),
    }


def goody(event: str, status: str, order: str = ORDER, *, name: str = "Lena", **more: Any) -> bytes:
    """Return a message of Goody about an order."""
    data = {
        "id": order,
        "status": status,
        "recipient_first_name": name,
        "recipient_last_name": "Okafor",
        "recipient_email": "lena@example.com",
        "individual_gift_link": "https://gifts.example.com/gift/AAAA1111",
        "cart": {"id": "5e0f6a52", "items": []},
        "shipments": [],
        "amounts": {"amount_product": 3200, "amount_shipping": 700, "amount_pre_tax_total": 3900},
        "sender": {"first_name": "Max", "last_name": "Reyes", "email": "max@example.org"},
        "order_batch_id": "a7b6c5d4-e3f2-4110-9a8b-7c6d5e4f3007",
        "expires_at": None,
        "reference_id": "SAMPLEREF000000000000001",
        **more,
    }
    return _body({"event_type": event, "id": f"event of {order} {event}", "data": data})


def sendoso(send: int, at: str = "2026-03-06T08:02:31-08:00") -> bytes:
    """Return a message of Sendoso about a send; its address says what happened."""
    gid = base64.b64encode(f"gid://sendoso/Send/{send}".encode()).decode()
    return _body({"send_gid": gid, "status_changed_at": at})


def _body(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value).encode()

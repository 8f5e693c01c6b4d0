"""Orders and batches as the API tells them: JSON text, ready to be sent."""

import json
import secrets
import string
from collections.abc import Iterable
from typing import Any

from models.sandbox.clock import stamp
from models.sandbox.state import Row, State

_LETTERS = string.ascii_uppercase + string.digits
PREVIEW = 10
"""So many orders and recipients of a batch are shown with it."""


def new_id() -> str:
    """Return a fresh UUID."""
    raw = secrets.token_hex(16)
    return f"{raw[:8]}-{raw[8:12]}-4{raw[13:16]}-a{raw[17:20]}-{raw[20:]}"


def new_code() -> str:
    """Return 24 fresh letters and digits, as gift links and references have."""
    return "".join(secrets.choice(_LETTERS) for _ in range(24))


def order(row: Row, origin: str, *, with_times: bool = False) -> str:
    """Return one order of the table `gift`.

    Args:
        row: The row.
        origin: The address of the server, for the links.
        with_times: Whether `event_times` are told, as they are where one order is asked for.
    """
    link = f"{origin}/gift/{row['code']}"
    head = {
        "id": row["id"],
        "status": row["status"],
        "individual_gift_link": link,
        "expires_at": stamp(row["expires_at"]),
        "payment_link": f"{link}/pay" if row["status"] == "pending_payment" else None,
    }
    times = f', "event_times": {row["times"]}' if with_times else ""
    return f"{json.dumps(head)[:-1]}, {row['body'][1:-1]}{times}}}"


def batch(row: Row, state: State, origin: str) -> str:
    """Return one batch of the table `batch`."""
    orders: list[str] = []
    if row["status"] == "complete":
        orders = [order(gift, origin) for gift in first_orders(state, row["seq"])]
    recipients = state.rows(
        "SELECT body FROM recipient WHERE batch = ? ORDER BY place LIMIT ?", row["seq"], PREVIEW
    )
    head = {
        "id": row["id"],
        "send_status": row["status"],
        "orders_count": row["orders"],
        "recipients_count": row["recipients"],
    }
    return (
        f'{json.dumps(head)[:-1]}, "orders_preview": [{", ".join(orders)}],'
        f' "recipients_preview": [{", ".join(each["body"] for each in recipients)}], {row["body"][1:]}'
    )


def first_orders(state: State, batch_seq: int) -> list[Row]:
    """Return the orders of a batch that are shown with it."""
    return state.rows("SELECT * FROM gift WHERE batch = ? ORDER BY seq LIMIT ?", batch_seq, PREVIEW)


def activity(row: Row, origin: str) -> str:
    """Return one order activity: a row of `activity` joined with its order."""
    head = {
        "id": row["activity_id"],
        "order_status": row["activity_status"],
        "created_at": stamp(row["at"]),
    }
    return f'{json.dumps(head)[:-1]}, "order": {order(row, origin)}}}'


def event(name: str, data: str) -> bytes:
    """Return the body of a webhook."""
    head = {"event_type": name, "id": new_id()}
    return f'{json.dumps(head)[:-1]}, "data": {data}}}'.encode()


def legacy_event(name: str, data: str) -> bytes:
    """Return the body of a webhook about a batch in the words from before orders were called so."""
    batch = json.loads(data)
    batch["gifts_count"] = batch.pop("orders_count")
    batch["gifts_preview"] = [
        {
            "gift_batch_id" if name == "order_batch_id" else name: value
            for name, value in each.items()
        }
        for each in batch.pop("orders_preview")
    ]
    batch["individual_gift_link_shared"] = None
    return event(name.replace("order_batch", "gift_batch"), json.dumps(batch))


def page(items: Iterable[str], total: int) -> str:
    """Return one page of a list."""
    return f'{{"data": [{", ".join(items)}], "list_meta": {{"total_count": {total}}}}}'


def dumped(body: Any) -> str:
    """Return a value as JSON in ASCII, which every file and every connection takes."""
    return json.dumps(body)

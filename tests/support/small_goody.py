"""A small Goody of a test: orders, their activities and batches, listed as the published file says."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.platform_server import Answered, Asked

KEY = "canary-key-of-goody"
START = datetime(2026, 5, 1, 8, tzinfo=UTC)
STEPS = ("created", "opened", "paid", "shipped", "delivered")


def iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def order_id(number: int) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"order {number}"))


def order(number: int, status: str = "created") -> dict[str, Any]:
    """Return an order as a list of orders has it: without times."""
    return {
        "id": order_id(number),
        "status": status,
        "recipient_first_name": "Lena",
        "recipient_last_name": f"Okafor {number}",
        "recipient_email": f"lena{number}@example.com",
        "individual_gift_link": f"https://gifts.example.com/gift/{number}",
        "cart": {"id": "c", "items": []},
        "shipments": [],
        "workspace_name": "Customer care",
        "expires_at": None,
        "amounts": {"amount_product": 3200, "amount_shipping": 700, "amount_pre_tax_total": 3900},
        "sender": {"first_name": "Max", "last_name": "Reyes", "email": "max@example.org"},
        "reference_id": f"REF{number}",
    }


@dataclass
class SmallGoody:
    """Its data, newest first as Goody's own examples are; `answer` is given to `platform`."""

    now: datetime = START
    orders: list[dict[str, Any]] = field(default_factory=list)
    created: dict[str, datetime] = field(default_factory=dict)
    activities: list[dict[str, Any]] = field(default_factory=list)
    batches: list[dict[str, Any]] = field(default_factory=list)
    before: Callable[[Asked], Answered | None] = lambda asked: None
    """Answers in the place of what follows, unless it gives None."""
    per_page: int = 100
    first: int = 1
    """The number of its first order."""

    def add(self, count: int, status: str = "created") -> None:
        """Make orders that have come as far as *status*, a minute apart."""
        for _ in range(count):
            self.now += timedelta(minutes=1)
            made = order(self.first + len(self.orders), status)
            self.orders.insert(0, made)
            self.created[made["id"]] = self.now
            for step in STEPS[: STEPS.index(status) + 1] if status in STEPS else ("created",):
                self._tell(made, step)

    def move(self, number: int, status: str) -> None:
        """Let the order *number* enter a status, a minute later."""
        self.now += timedelta(minutes=1)
        found = next(each for each in self.orders if each["id"] == order_id(number))
        found["status"] = status
        self._tell(found, status)

    def _tell(self, about: dict[str, Any], step: str) -> None:
        self.activities.insert(
            0,
            {
                "id": str(uuid.uuid4()),
                "order_status": step,
                "created_at": iso(self.now),
                "order": about,
            },
        )

    def answer(self, asked: Asked) -> Answered:
        """Answer one request."""
        if (instead := self.before(asked)) is not None:
            return instead
        if asked.headers.get("Authorization") != f"Bearer {KEY}":
            return Answered({"error": "Unauthorized"}, 401)
        after = asked.query.get("after") or asked.query.get("created_at[after]")
        since = datetime.fromisoformat(after) if after else datetime.min.replace(tzinfo=UTC)
        lists = {
            "/v1/orders": [each for each in self.orders if self.created[each["id"]] >= since],
            "/v1/order_activities": [
                each
                for each in self.activities
                if datetime.fromisoformat(each["created_at"]) >= since
            ],
            "/v1/order_batches": self.batches,
        }
        if asked.path not in lists:
            return Answered({"error": "Not found"}, 404)
        size = min(int(asked.query.get("per_page", "20")), self.per_page)
        found, first = lists[asked.path], (asked.page - 1) * size
        return Answered(
            {"data": found[first : first + size], "list_meta": {"total_count": len(found)}}
        )

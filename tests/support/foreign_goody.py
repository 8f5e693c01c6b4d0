"""Another Goody, made of the published description alone: its examples, and whatever its schemas allow.

It knows one rule of the platform: that an order ships and arrives with its parcels. For the rest it takes
what comes: optional fields are there or not, what may be null sometimes is.
"""

import random
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.platform_server import Answered, Asked

_NEWEST = datetime(2026, 5, 20, 12, tzinfo=UTC)
_WORDS = ("Amber", "Birch", "Cedar", "Dune", "Elm", "Fern", "Grove", "Heath")
Json = dict[str, Any]


def iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


class Schemas:
    """Makes values that a description allows, the same ones each time."""

    def __init__(self, description: Json, seed: int) -> None:
        self._schemas: Json = description["components"]["schemas"]
        self._chance = random.Random(seed)

    def resolved(self, schema: Json) -> Json:
        """Return a schema with what it refers to, and what stands beside the reference."""
        if "$ref" not in schema:
            return schema
        named: Json = self._schemas[schema["$ref"].rpartition("/")[2]]
        return {**named, **{key: value for key, value in schema.items() if key != "$ref"}}

    def make(self, schema: Json, name: str = "") -> Any:
        """Return a value that *schema* allows for what is called *name*."""
        schema = self.resolved(schema)
        if schema.get("nullable") and self._chance.random() < 0.3:
            return None
        match schema:
            case {"enum": words}:
                return self._chance.choice(words)
            case {"type": "object"}:
                required = schema.get("required", ())
                return {
                    each: self.make(part, each)
                    for each, part in schema.get("properties", {}).items()
                    if each in required or self._chance.random() < 0.75
                }
            case {"type": "array", "items": items}:
                return [self.make(items) for _ in range(self._chance.randrange(3))]
            case {"type": "integer"}:
                return self._chance.randrange(10_000)
            case {"type": "boolean"}:
                return self._chance.random() < 0.5
            case {"format": "uuid"}:
                return str(uuid.UUID(int=self._chance.getrandbits(128)))
            case {"format": "date-time"}:
                return iso(_NEWEST - timedelta(minutes=self._chance.randrange(100_000)))
        words = self._chance.sample(_WORDS, 2)
        # A text is all that the description says of these; their names say the rest.
        if name.endswith(("url", "link")):
            return f"https://goods.example/{words[0]}".lower()
        if name.endswith("email"):
            return f"{'.'.join(words)}@example.com".lower()
        if name.endswith("number"):
            return f"{words[0]}{self._chance.randrange(10**9):09d}".upper()
        return " ".join(words)


@dataclass(frozen=True)
class Listed:
    """One entry of a list, with the time that the list is filtered by."""

    at: datetime
    body: Json


class ForeignGoody:
    """Answers every GET of a description; give `answer` to `platform`."""

    def __init__(self, description: Json, key: str, *, orders: int, seed: int = 1) -> None:
        self._paths: Json = description["paths"]
        self._key = key
        self._schemas = Schemas(description, seed)
        named = description["components"]["schemas"]
        self._statuses: list[str] = named["OrderStatus"]["enum"]
        self._told: list[str] = named["OrderActivityStatus"]["enum"]
        self._order_schema: Json = named["Order"]
        self._lists: dict[str, list[Listed]] = {}
        self._make_orders(orders)

    @property
    def orders(self) -> list[Json]:
        """Every order, as its list tells of it."""
        return [each.body for each in self._lists["/v1/orders"]]

    @property
    def batches(self) -> list[Json]:
        """Every batch."""
        return [each.body for each in self._listed("/v1/order_batches")]

    def _make_orders(self, count: int) -> None:
        """Make orders and, for each status on its way, an activity; the published examples come first."""
        activities = [Listed(_NEWEST, body) for body in self._examples("/v1/order_activities")]
        told = {each.body["order"]["id"]: each.body["order"] for each in activities}
        known = {body["id"]: body for body in self._examples("/v1/orders")}
        orders = [Listed(_NEWEST, body) for body in (told | known).values()]
        for number in range(count):
            at = _NEWEST - timedelta(hours=number + 1)
            order = self._schemas.make(self._order_schema)
            order.pop("event_times", None)
            self._settle_shipments(order, at)
            orders.append(Listed(at, order))
            for place, status in enumerate(self._way_of(order["status"])):
                if status in self._told:
                    body = {
                        "id": str(uuid.UUID(int=number * 100 + place)),
                        "order_status": status,
                        "created_at": iso(at + timedelta(minutes=place)),
                        "order": order,
                    }
                    activities.append(Listed(at + timedelta(minutes=place), body))
        activities.sort(key=lambda each: each.at, reverse=True)
        self._lists = {"/v1/orders": orders, "/v1/order_activities": activities}

    def _settle_shipments(self, order: Json, at: datetime) -> None:
        """Let the parcels of an order be where its status says."""
        status = order["status"]
        parcels = order["shipments"] if status in ("shipped", "delivered") else []
        way = self._way_of(status)
        for parcel in parcels:
            parcel["status"] = status
            for name in ("shipped", "delivered"):
                moment = iso(at + timedelta(minutes=way.index(name))) if name in way else None
                parcel[f"{name}_at"] = moment
        order["shipments"] = parcels

    def _way_of(self, status: str) -> list[str]:
        """Return the statuses up to *status*, in the order in which the description has them."""
        ended = ("failed", "canceled")
        if status in ended:
            return [self._statuses[0], status]
        return self._statuses[: self._statuses.index(status) + 1]

    def _examples(self, path: str) -> list[Json]:
        """Return the entries of the published examples of a list, each id once."""
        answer = self._paths[path]["get"]["responses"]["200"]["content"]["application/json"]
        found: dict[str, Json] = {}
        for example in answer.get("examples", {}).values():
            for entry in example["value"].get("data", []):
                found.setdefault(entry["id"], entry)
        return list(found.values())

    def answer(self, asked: Asked) -> Answered:
        """Answer as the description says."""
        if asked.headers.get("Authorization") != f"Bearer {self._key}":
            return Answered({"error": "Unauthorized"}, 401)
        for path, operations in self._paths.items():
            found = re.fullmatch(re.sub(r"\{\w+\}", "([^/]+)", path), asked.path)
            if found and asked.method.lower() in operations:
                if asked.method != "GET":
                    break
                if found.groups() and path.endswith("}"):
                    return self._one(path, found[1])
                return self._page(path, asked)
        return Answered({"error": "Not found"}, 404)

    def _one(self, path: str, wanted: str) -> Answered:
        for entry in self._listed(path.rpartition("/")[0]):
            if entry.body["id"] == wanted:
                times = {} if "order_batches" in path else {"event_times": self._times(entry)}
                return Answered(entry.body | times)
        return Answered({"error": "Not found"}, 404)

    def _times(self, entry: Listed) -> Json:
        way = self._way_of(entry.body["status"])
        names = self._order_schema["properties"]["event_times"]["properties"]
        return {
            name: iso(entry.at + timedelta(minutes=way.index(name[:-3])))
            if name[:-3] in way
            else None
            for name in names
        }

    def _listed(self, path: str) -> list[Listed]:
        if path not in self._lists:
            self._lists[path] = [Listed(_NEWEST, body) for body in self._made(path)]
        return self._lists[path]

    def _made(self, path: str) -> Iterator[Json]:
        yield from self._examples(path)
        answer = self._paths[path]["get"]["responses"]["200"]["content"]["application/json"]
        items = answer["schema"]["properties"]["data"]["items"]
        for _ in range(30):
            yield self._schemas.make(items)

    def _page(self, path: str, asked: Asked) -> Answered:
        entries = self._listed(path)
        for name, text in asked.query.items():
            limit = (
                datetime.fromisoformat(text)
                if name.rstrip("]").endswith(("after", "before"))
                else None
            )
            if limit is not None:
                is_after = "after" in name
                entries = [
                    each for each in entries if (each.at >= limit if is_after else each.at <= limit)
                ]
        per_page = int(asked.query.get("per_page", "20"))
        first = (asked.page - 1) * per_page
        shown = [each.body for each in entries[first : first + per_page]]
        return Answered({"data": shown, "list_meta": {"total_count": len(entries)}})

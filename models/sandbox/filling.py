"""Very many made-up orders and sends in a moment, to measure how fast they are read."""

import json
import random
from dataclasses import dataclass
from itertools import count
from typing import Any

from models.sandbox.clock import stamp
from models.sandbox.goody import parcels
from models.sandbox.goody.catalogue import CARDS, PAYMENT_METHODS, PRODUCTS, SENDER, WORKSPACES
from models.sandbox.goody.orders import (
    DELIVERED_AFTER,
    LABELED_AFTER,
    ORDERED_AFTER,
    SHIPPED_AFTER,
    no_times,
)
from models.sandbox.goody.prices import Item, price_in, price_of
from models.sandbox.sendoso.people import TOUCHES, kind_of, sender
from models.sandbox.sendoso.scripts import EGIFTS, PARCELS
from models.sandbox.sendoso.sends import told
from models.sandbox.state import State

MOST_AT_ONCE = 1_000_000
_A_BATCH = 25
"""Orders of one batch."""
_DAY = 24 * 3600
_REACH = 60 * _DAY
"""How far back the first of them was created, in seconds."""
_SEED = 7
_FIRST_NAMES = (
    "Rosa",
    "Teo",
    "Mira",
    "Omar",
    "Aya",
    "Lena",
    "Ivo",
    "Nadia",
    "Sam",
    "Priya",
    "Jonas",
)
_LAST_NAMES = ("Quill", "Brandt", "Solberg", "Diaz", "Mori", "Okafor", "Marsh", "Petrov", "Lang")
_COMPANIES = ("Northwind Ltd", "Fabrikam", "Nordlys", "Hana", "Contoso")


@dataclass(frozen=True, slots=True)
class Person:
    """A made-up recipient."""

    first: str
    last: str
    email: str
    company: str


def person(number: int, chance: random.Random) -> Person:
    """Return a made-up recipient; the mail address holds *number*."""
    first, last = chance.choice(_FIRST_NAMES), chance.choice(_LAST_NAMES)
    email = f"{first}.{last}.{number}@example.com".lower()
    return Person(first, last, email, chance.choice(_COMPANIES))


def fill_orders(state: State, wanted: int, now: int) -> None:
    """Add *wanted* orders in batches, created in the sixty days before *now*, each as far as it came."""
    with state.transaction():
        chance = random.Random(_SEED + state.value("SELECT count(*) FROM gift"))
        first = state.value("SELECT coalesce(max(seq), 0) FROM gift") + 1
        filling = _Orders(state, chance, now)
        for start in range(0, wanted, _A_BATCH):
            at = now - _REACH + _REACH * start // wanted
            filling.batch(first + start, min(_A_BATCH, wanted - start), at)
        filling.write()


class _Orders:
    """Collects rows and writes them table by table."""

    def __init__(self, state: State, chance: random.Random, now: int) -> None:
        self._state = state
        self._chance = chance
        self._now = now
        self._recipients: list[tuple[object, ...]] = []
        self._gifts: list[tuple[object, ...]] = []
        self._activities: list[tuple[object, ...]] = []
        self._due: list[tuple[object, ...]] = []

    def batch(self, first: int, size: int, at: int) -> None:
        """Add a batch whose first order gets the number *first*."""
        product = self._chance.choice(
            [each for each in PRODUCTS if each.active and each.most is None]
        )
        price = price_of([Item(product, 1, product.price, ())])
        cart = {
            "id": self._id(),
            "items": [{"id": self._id(), "quantity": 1, "product": product.short()}],
        }
        expires_at = at + 30 * _DAY if self._chance.random() < 0.5 else None
        shown = {
            "from_name": "Max",
            "message": "Thank you!",
            "cart": cart,
            "is_scheduled_send": False,
            "scheduled_send_on": None,
            "expires_at": stamp(expires_at),
            "send_method": "email_and_link",
            "batch_name": f"{product.name} for {size} people",
            "card_id": CARDS[0]["id"],
            "sender": dict(SENDER),
            "workspace_id": WORKSPACES[0]["id"],
            "workspace_name": WORKSPACES[0]["name"],
            "reference_id": self._code(),
            "customer_reference_id": None,
        }
        terms: dict[str, Any] = {
            "send_method": "email_and_link",
            "words": [],
            "payment_method_id": PAYMENT_METHODS[0].id,
            "expires_at": expires_at,
            "amounts": price.amounts(paid=False),
            "swap": "disabled",
        }
        batch_id = self._id()
        seq = self._state.write(
            "INSERT INTO batch (id, status, recipients, orders, body, terms) VALUES (?, 'complete', ?, ?, ?, ?)",
            batch_id, size, size, json.dumps(shown), json.dumps(terms),
        )  # fmt: skip
        for place in range(size):
            self._order(first + place, seq, place, batch_id, shown, terms, at)

    def _order(
        self,
        number: int,
        batch: int,
        place: int,
        batch_id: str,
        shown: dict[str, Any],
        terms: dict[str, Any],
        at: int,
    ) -> None:
        who = person(number, self._chance)
        told_person = {"first_name": who.first, "last_name": who.last, "email": who.email}
        self._recipients.append((batch, place, json.dumps(told_person)))
        times = no_times() | {"created_at": stamp(at)}
        status, last_at, shipments = self._live(number, times, shown["cart"], at)
        is_paid = times["paid_at"] is not None
        body = {
            "recipient_first_name": who.first,
            "recipient_last_name": who.last,
            "recipient_email": who.email,
            "card_id": None,
            "message": shown["message"],
            "thank_you_note": None,
            "view_count_recipient": int(times["opened_at"] is not None),
            "is_swapped": False,
            "order_batch_id": batch_id,
            "cart": shown["cart"],
            "shipments": shipments,
            "amounts": price_in(terms["amounts"]).amounts(paid=is_paid),
            "sender": shown["sender"],
            "workspace_id": shown["workspace_id"],
            "workspace_name": shown["workspace_name"],
            "original_cart": None,
            "original_amounts": None,
            "reference_id": self._code(),
        }
        self._gifts.append(
            (
                number, self._id(), self._code(), batch, status, at, terms["expires_at"], last_at,
                json.dumps(body), json.dumps(times),
            )
        )  # fmt: skip

    def _live(
        self, number: int, times: dict[str, str | None], cart: dict[str, Any], at: int
    ) -> tuple[str, int, list[dict[str, Any]]]:
        """Let an order live until now: fill *times*, and return its status, since when, and its parcels."""
        opened = at + self._chance.randrange(60, 2 * _DAY)
        accepted = opened + self._chance.randrange(60, _DAY)
        ordered = accepted + 2 + ORDERED_AFTER
        fate = self._chance.random()
        life = [("created", at, ""), ("notified", at + 1, "notify")]
        if fate < 0.95:
            life.append(("opened", opened, ""))
        if fate < 0.85:
            life += [
                ("accepted", accepted, ""),
                ("pending_payment", accepted + 1, "charge"),
                ("paid", accepted + 2, "pay"),
                ("ordered", ordered, "order"),
                ("", ordered + LABELED_AFTER, "label"),
                ("shipped", ordered + SHIPPED_AFTER, "ship"),
                ("delivered", ordered + DELIVERED_AFTER, "deliver"),
            ]
        status, last_at = "created", at
        shipments: list[dict[str, Any]] = []
        for name, when, step in life:
            if when > self._now:
                if step:
                    self._plan(life, number)
                break
            status, last_at = name or status, when
            if f"{name}_at" in times:
                times[f"{name}_at"] = stamp(when)
            if name not in ("", "notified", "accepted"):
                self._activities.append((self._id(), number, name, when))
            match step:
                case "order":
                    shipments = parcels.packed(cart)
                case "label":
                    parcels.label(shipments[0])
                case "ship":
                    parcels.send_off(shipments[0], when)
                case "deliver":
                    parcels.arrive(shipments[0], when)
        return status, last_at, shipments

    def _plan(self, life: list[tuple[str, int, str]], number: int) -> None:
        """Let what is still to come of a life come: the next step, and what the order has planned."""
        left = [(when, step) for _, when, step in life if when > self._now]
        planned = ("label", "ship", "deliver") if left[0][1] in ("label", "ship", "deliver") else ()
        for when, step in left if planned else left[:1]:
            self._due.append((when, step, number, 0))

    def write(self) -> None:
        """Write everything that was collected."""
        many = self._state.write_many
        many("INSERT INTO recipient (batch, place, body) VALUES (?, ?, ?)", self._recipients)
        many(
            "INSERT INTO gift (seq, id, code, batch, status, created_at, expires_at, last_at, body, times)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            self._gifts,
        )
        self._activities.sort(key=lambda row: row[3])  # type: ignore[arg-type, return-value]
        many("INSERT INTO activity (id, gift, status, at) VALUES (?, ?, ?, ?)", self._activities)
        many("INSERT INTO due (at, step, subject, detail) VALUES (?, ?, ?, ?)", self._due)

    def _id(self) -> str:
        raw = f"{self._chance.getrandbits(128):032x}"
        return f"{raw[:8]}-{raw[8:12]}-4{raw[13:16]}-a{raw[17:20]}-{raw[20:]}"

    def _code(self) -> str:
        return f"{self._chance.getrandbits(120):024X}"[:24].rjust(24, "0")


def fill_sends(state: State, wanted: int, now: int) -> None:
    """Add *wanted* sends, created in the sixty days before *now*, each as far as its script came."""
    with state.transaction():
        first = state.value("SELECT coalesce(max(seq), 0) FROM send") + 1
        chance = random.Random(_SEED + first)
        rows: list[tuple[object, ...]] = []
        due: list[tuple[object, ...]] = []
        for number, offset in zip(count(first), range(wanted), strict=False):
            at = now - _REACH + _REACH * offset // wanted
            touch = chance.choice(TOUCHES)
            script = chance.choice(
                list((EGIFTS if touch["delivery_type"] == "email" else PARCELS).values())
            )
            times = [(at + round(days * _DAY), status) for days, status in script]
            past = [(when, status) for when, status in times if when <= now]
            if len(past) < len(times):
                due.append((times[len(past)][0], "next_status", number, len(past)))
            updates = [{"status": status, "occurred_at": told(when)} for when, status in past]
            rows.append(
                (
                    number, past[-1][1], at, json.dumps(_send(number, touch, chance)),
                    json.dumps(updates), json.dumps(script),
                )
            )  # fmt: skip
        state.write_many(
            "INSERT INTO send (seq, status, created_at, body, updates, script) VALUES (?, ?, ?, ?, ?, ?)",
            rows,
        )
        state.write_many("INSERT INTO due (at, step, subject, detail) VALUES (?, ?, ?, ?)", due)


def _send(number: int, touch: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    who = person(number, chance)
    kind, subtype, cost = kind_of(touch["id"])
    return {
        "type": kind,
        "subtype": subtype,
        "currency": "USD",
        "current_total_cost": cost,
        "touch": {"id": touch["id"], "name": touch["name"]},
        "recipient": {
            "name": f"{who.first} {who.last}", "email": who.email, "company_name": who.company,
        },
        "sender": sender(number),
        "sent_via": chance.choice(["Sendoso.com", "Salesforce Trigger"]),
    }  # fmt: skip

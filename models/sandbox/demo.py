"""A few weeks of a made-up account: played through by the sandbox itself, from a past day until now."""

import heapq
import json
import random
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import count

from models.sandbox.clock import SandboxClock, stamp
from models.sandbox.filling import person
from models.sandbox.goody.batches import Batches
from models.sandbox.goody.catalogue import CARDS, PAYMENT_METHODS, PRODUCTS
from models.sandbox.goody.inputs import BatchInput, read
from models.sandbox.goody.orders import Orders
from models.sandbox.refused import Refused
from models.sandbox.sendoso.people import TOUCHES
from models.sandbox.sendoso.scripts import EGIFTS, PARCELS
from models.sandbox.sendoso.sends import Sends
from models.sandbox.state import Row, State
from models.sandbox.timetable import Timetable

_HOUR, _DAY = 3600, 24 * 3600
_BEGAN = 40 * _DAY
"""How long ago the account began, in seconds."""
_BATCHES = 24
_SENDS = 60
_SEED = 11
_MANY_STEPS = 100_000
_THANKS = ("Thank you, what a surprise!", "So kind of you.", "")


class Demo:
    """Plays the made-up weeks."""

    def __init__(
        self,
        state: State,
        clock: SandboxClock,
        timetable: Timetable,
        batches: Batches,
        orders: Orders,
        sends: Sends,
    ) -> None:
        """Play with these parts of a sandbox in which nothing has happened."""
        self._state = state
        self._clock = clock
        self._timetable = timetable
        self._batches = batches
        self._orders = orders
        self._sends = sends
        self._chance = random.Random(_SEED)
        self._numbers = count()
        self._plan: list[tuple[int, int, Callable[[], object]]] = []

    def play(self) -> None:
        """Let everything happen, each thing at its time, and set the clock back to the present."""
        now, speed = self._clock.second, self._clock.speed
        began = now - _BEGAN
        for place in range(_BATCHES):
            self._at(began + place * (_BEGAN // _BATCHES), partial(self._batch, place, now))
        for place in range(_SENDS):
            self._at(began + place * (_BEGAN // _SENDS) + _HOUR, partial(self._send, place))
        while self._plan:
            at, _, act = heapq.heappop(self._plan)
            self._let_pass(at)
            # Somebody may come too late: to a gift that was canceled or has expired.
            with suppress(Refused):
                act()
        self._let_pass(now)
        self._batches.create(self._wanted(4, now, scheduled_send_on=stamp(now + 3 * _DAY)))
        self._batches.create(self._wanted(40, now))
        self._clock.set(float(now), speed)

    def _let_pass(self, moment: int) -> None:
        self._clock.set(float(moment), 0.0)
        self._timetable.catch_up(_MANY_STEPS)

    def _at(self, moment: int, act: Callable[[], object]) -> None:
        heapq.heappush(self._plan, (moment, next(self._numbers), act))

    def _batch(self, place: int, now: int) -> None:
        at = self._clock.second
        people = self._chance.randrange(1, 7)
        extras: dict[str, object] = {}
        if place % 3 == 0:
            extras["expires_at"] = stamp(at + 14 * _DAY)
        if place % 8 == 5:
            extras["payment_method_id"] = next(
                method.id for method in PAYMENT_METHODS if method.declines
            )
        batch = self._batches.create(self._wanted(people, at, **extras))
        for order in self._state.rows(
            "SELECT * FROM gift WHERE batch = ? ORDER BY seq", batch["seq"]
        ):
            self._recipient(order, at, now)

    def _wanted(self, people: int, at: int, **extras: object) -> BatchInput:
        products = [product for product in PRODUCTS if product.active and product.most is None]
        chosen = self._chance.sample(products, self._chance.choice([1, 1, 1, 2]))
        recipients = [person(next(self._numbers), self._chance) for _ in range(people)]
        return read(
            BatchInput,
            {
                "from_name": "Max at Northwind",
                "message": "Thank you for your patience!",
                "card_id": CARDS[0]["id"],
                "send_method": "email_and_link",
                "recipients": [
                    {"first_name": each.first, "last_name": each.last, "email": each.email}
                    for each in recipients
                ],
                "cart": {"items": [{"product_id": each.id, "quantity": 1} for each in chosen]},
                "customer_reference_id": f"demo-{next(self._numbers)}",
                **extras,
            },
        )

    def _recipient(self, order: Row, at: int, now: int) -> None:
        """Plan what one recipient does, or somebody else with the order."""
        fate = self._chance.random()
        opened = at + self._chance.randrange(_HOUR, 3 * _DAY)
        accepted = opened + self._chance.randrange(60, _DAY)
        plan: list[tuple[int, Callable[[], object]]] = []
        if fate < 0.05:
            plan.append((opened, lambda: self._orders.cancel(self._again(order))))
        elif fate < 0.9:
            plan.append((opened, lambda: self._orders.open(self._again(order))))
        if 0.05 <= fate < 0.8:
            thanks = self._chance.choice(_THANKS)
            plan.append((accepted, lambda: self._orders.accept(self._again(order), thanks)))
        if 0.05 <= fate < 0.1:
            plan.append((accepted + 4 * _DAY, lambda: self._lose(order)))
        elif 0.1 <= fate < 0.14:
            plan.append((accepted + 7 * _DAY, lambda: self._orders.refund(self._again(order))))
        for moment, act in plan:
            if moment < now:
                self._at(moment, act)

    def _again(self, order: Row) -> Row:
        return self._orders.find(order["id"])

    def _lose(self, order: Row) -> None:
        shipments = json.loads(self._again(order)["body"])["shipments"]
        if shipments:
            status = self._chance.choice(["failed", "failed_with_reship"])
            self._orders.put_shipment(shipments[0]["id"], status)

    def _send(self, place: int) -> None:
        who = person(next(self._numbers), self._chance)
        touch = TOUCHES[place % len(TOUCHES)]
        scripts = EGIFTS if touch["delivery_type"] == "email" else PARCELS
        self._sends.create(
            touch["id"],
            {"name": f"{who.first} {who.last}", "email": who.email, "company_name": who.company},
            self._chance.choice(list(scripts.values())),
            sent_via="Sendoso.com",
        )

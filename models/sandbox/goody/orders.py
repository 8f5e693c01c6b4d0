"""The life of an order: from its creation to its delivery, its refund or its end."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from models.sandbox.clock import SandboxClock, stamp
from models.sandbox.goody import bodies, parcels
from models.sandbox.goody.catalogue import PAYMENT_METHODS, PRODUCTS, Product
from models.sandbox.goody.prices import Item, price_in, price_of
from models.sandbox.refused import Refused
from models.sandbox.state import Row, State
from models.sandbox.timetable import Timetable
from models.sandbox.webhooks import Webhooks

CANCELABLE = ("created", "notified", "opened")
"""The statuses of an order that nobody has accepted."""
MAGIC_WORDS = ("[shipped]", "[delivered]", "[refunded]")
"""What a sender's name may hold to decide what happens after the gift is accepted."""
_TOLD = (
    "created",
    "opened",
    "pending_payment",
    "paid",
    "ordered",
    "shipped",
    "delivered",
    "failed",
)
"""The statuses of which the order activities tell."""
_HOUR, _DAY = 3600, 24 * 3600
ORDERED_AFTER = _HOUR
"""Seconds from the payment to the order at the brand; what follows counts from there."""
LABELED_AFTER, SHIPPED_AFTER, DELIVERED_AFTER = _DAY, 2 * _DAY, 5 * _DAY
NEXT_PARCEL_AFTER = _DAY
"""Each further parcel leaves and arrives so many seconds after the one before."""
_DECLINING = frozenset(method.id for method in PAYMENT_METHODS if method.declines)


@dataclass(slots=True)
class Order:
    """One order, while something happens to it."""

    row: Row
    status: str
    body: dict[str, Any]
    times: dict[str, str | None]
    last_at: int
    expires_at: int | None
    refunded_at: int | None

    @property
    def seq(self) -> int:
        """Its number in the file."""
        return int(self.row["seq"])

    @property
    def shipments(self) -> list[dict[str, Any]]:
        """Its parcels; none before it is paid for."""
        found: list[dict[str, Any]] = self.body["shipments"]
        return found


class Orders:
    """Every order, and what may happen to it."""

    def __init__(
        self,
        state: State,
        clock: SandboxClock,
        timetable: Timetable,
        webhooks: Webhooks,
        origin: str,
    ) -> None:
        """Keep the orders in *state*.

        Args:
            state: The file.
            clock: Tells when something happens.
            timetable: Lets it happen later.
            webhooks: Tells others of it.
            origin: The address of the server.
        """
        self._state = state
        self._clock = clock
        self._timetable = timetable
        self._webhooks = webhooks
        self._origin = origin
        for step in (
            self._notify, self._charge, self._pay, self._order, self._label, self._ship,
            self._deliver, self._refund, self._free_hold,
        ):  # fmt: skip
            timetable.teach(step.__name__.strip("_"), self._step(step))

    def _step(self, step: Callable[[Order, int, int], None]) -> Callable[[int, int, int], None]:
        """Return what the timetable runs for *step*: on the order, which is written afterwards."""

        def run(subject: int, detail: int, at: int) -> None:
            row = self._state.row("SELECT * FROM gift WHERE seq = ?", subject)
            if row is not None:
                order = self._loaded(row)
                step(order, detail, max(at, order.last_at))
                self._save(order)

        return run

    def find(self, order_id: str) -> Row:
        """Return the row of an order.

        Raises:
            Refused: If there is none.
        """
        row = self._state.row("SELECT * FROM gift WHERE id = ?", order_id)
        if row is None:
            raise Refused("Order not found", 404)
        return row

    def by_code(self, code: str) -> Row:
        """Return the row of the order that a gift link belongs to.

        Raises:
            Refused: If there is none.
        """
        row = self._state.row("SELECT * FROM gift WHERE code = ?", code)
        if row is None:
            raise Refused("There is no such gift", 404)
        return row

    def create(
        self, batch: Row, recipients: Iterable[dict[str, Any]], at: int, *, first: int
    ) -> list[int]:
        """Write an order for each of *recipients* of *batch*; tell nobody yet.

        Args:
            batch: The row of the batch.
            recipients: The people, as the API tells of them.
            at: When it happens.
            first: The place of the first of them in the batch.

        Returns:
            The numbers of the orders.
        """
        terms, shown = json.loads(batch["terms"]), json.loads(batch["body"])
        expires_at = terms["expires_at"]
        seqs = []
        for place, recipient in enumerate(recipients, first):
            body = {
                "recipient_first_name": recipient["first_name"],
                "recipient_last_name": recipient["last_name"],
                "recipient_email": recipient["email"],
                "card_id": shown["card_id"],
                "message": shown["message"],
                "thank_you_note": None,
                "view_count_recipient": 0,
                "is_swapped": False,
                "order_batch_id": batch["id"],
                "cart": shown["cart"],
                "shipments": [],
                "amounts": terms["amounts"],
                "sender": shown["sender"],
                "workspace_id": shown["workspace_id"],
                "workspace_name": shown["workspace_name"],
                "original_cart": None,
                "original_amounts": None,
                "reference_id": bodies.new_code(),
            }
            times = no_times() | {"created_at": stamp(at)}
            seq = self._state.write(
                "INSERT INTO gift (id, code, batch, status, created_at, expires_at, last_at, body, times)"
                " VALUES (?, ?, ?, 'created', ?, ?, ?, ?, ?)",
                bodies.new_id(), bodies.new_code(), batch["seq"], at, expires_at, at,
                bodies.dumped(body), bodies.dumped(times),
            )  # fmt: skip
            seqs.append(seq)
            self._tell_activity(seq, "created", at)
            self._timetable.plan(at + 1, "notify", seq, place)
            if expires_at is not None:
                self._timetable.plan(expires_at, "free_hold", seq)
        return seqs

    def tell_created(self, seqs: Iterable[int], at: int) -> None:
        """Tell the webhooks that these orders exist."""
        for seq in seqs:
            self._emit(seq, "order.created", at)

    def open(self, row: Row) -> Row:
        """Let a recipient see the gift; return its row afterwards."""

        def seen(order: Order, at: int) -> None:
            order.body["view_count_recipient"] += 1
            if order.status in ("created", "notified") and not self._is_over(order):
                self._reach(order, "opened", at)

        return self._change(row, seen, ("opened", "order.gift_opened"))

    def choices(self, row: Row) -> list[Product]:
        """Return what a recipient may have in place of the gift: what costs no more."""
        terms = json.loads(self._state.value("SELECT terms FROM batch WHERE seq = ?", row["batch"]))
        if terms["swap"] == "disabled":
            return []
        body = json.loads(row["body"])
        mine = [item["product"]["id"] for item in body["cart"]["items"]]
        most = body["amounts"]["amount_product"]
        return [
            product
            for product in PRODUCTS
            if product.active
            and product.most is None
            and product.price <= most
            and product.id not in mine
        ]

    def accept(self, row: Row, note: str = "", swap_to: str = "") -> Row:
        """Let a recipient accept the gift; what was accepted before stays so.

        Args:
            row: The order's row.
            note: What the recipient thanks with, if anything.
            swap_to: The id of what the recipient wants in place of the gift, if anything.

        Raises:
            Refused: If it is canceled or has expired, or cannot be swapped so.
        """
        order = self._loaded(row)
        if order.status == "failed":
            raise Refused("This gift was canceled.", 409)
        if order.status not in CANCELABLE:
            return row
        if self._is_over(order):
            raise Refused("This gift has expired.", 410)
        if order.status != "opened":
            row = self.open(row)

        chosen = [product for product in self.choices(row) if product.id == swap_to]
        if swap_to and not chosen:
            raise Refused("This gift cannot be swapped for that.", 409)

        def accepted(order: Order, at: int) -> None:
            if chosen:
                _swap(order, chosen[0])
            self._take_for_granted(order, at)

        row = self._change(row, accepted, ("accepted", "order.gift_accepted"))
        return self.thank(row, note) if note else row

    def accept_directly(self, seq: int) -> None:
        """Let an order that needs no recipient's answer go on at once."""
        row = self._state.row("SELECT * FROM gift WHERE seq = ?", seq)
        assert row is not None
        self._change(row, self._take_for_granted)

    def thank(self, row: Row, note: str) -> Row:
        """Let a recipient thank the sender.

        Raises:
            Refused: If the gift was not accepted.
        """
        if row["status"] in (*CANCELABLE, "failed"):
            raise Refused("Only an accepted gift can be thanked for.", 409)

        def thanked(order: Order, at: int) -> None:
            order.body["thank_you_note"] = note
            order.times["thank_you_added_at"] = stamp(at)

        return self._change(row, thanked, event="order.thank_you_note_added")

    def pay(self, row: Row) -> Row:
        """Let a payment come in that was missing.

        Raises:
            Refused: If none is missing.
        """
        if row["status"] != "pending_payment":
            raise Refused("No payment is missing.", 409)
        return self._change(row, lambda order, at: self._pay(order, 0, at))

    def cancel(self, row: Row) -> Row:
        """Cancel an order, as the API does.

        Raises:
            Refused: If it was accepted, or has ended.
        """
        if row["status"] not in CANCELABLE:
            raise Refused(
                f"Order can't be canceled: it is {row['status']}. Contact Goody Support to cancel it."
            )

        def canceled(order: Order, at: int) -> None:
            self._stop(order)
            if not self._is_over(order):
                self._give_back(order)
            self._reach(order, "failed", at)

        return self._change(row, canceled, event="order.canceled")

    def fail(self, row: Row) -> Row:
        """Let the platform end an order at any time, without an event."""

        def failed(order: Order, at: int) -> None:
            self._stop(order)
            self._reach(order, "failed", at)

        return self._change(row, failed)

    def refund(self, row: Row) -> Row:
        """Give the money of an order back; its status stays."""
        return self._change(row, lambda order, at: self._refund(order, 0, at))

    def update_expiration(self, row: Row, expires_at: int) -> Row:
        """Let the gift expire at another time.

        Raises:
            Refused: If it was accepted, or has ended.
        """
        if row["status"] not in CANCELABLE:
            raise Refused(f"Expiration can't be updated: the order is {row['status']}")

        def extended(order: Order, at: int) -> None:
            if self._is_over(order):
                self._give_back(order, -1)
            order.expires_at = expires_at
            self._timetable.forget(order.seq, "free_hold")
            self._timetable.plan(expires_at, "free_hold", order.seq)

        return self._change(row, extended)

    def expire(self, row: Row) -> Row:
        """Let the gift expire now.

        Raises:
            Refused: If it was accepted, or has ended.
        """
        return self.update_expiration(row, self._clock.second)

    def put_shipment(self, shipment_id: str, status: str) -> Row:
        """Give a shipment another status, as an operator of the platform may.

        Raises:
            Refused: If there is no such shipment or status.
        """
        if status not in parcels.STATUSES:
            raise Refused(f"Status must be one of {', '.join(parcels.STATUSES)}")
        for row in self._state.rows("SELECT * FROM gift WHERE instr(body, ?)", f'"{shipment_id}"'):
            ids = [shipment["id"] for shipment in json.loads(row["body"])["shipments"]]
            if shipment_id in ids:
                place = ids.index(shipment_id)

                def put(order: Order, at: int, place: int = place) -> None:
                    parcels.put(order.shipments, place, status, at)
                    self._follow_shipments(order, at)

                return self._change(row, put)
        raise Refused("Shipment not found", 404)

    def is_over(self, row: Row) -> bool:
        """Whether nobody can accept it any more, because it has expired."""
        return self._is_over(self._loaded(row))

    def _is_over(self, order: Order) -> bool:
        expires_at = order.expires_at
        return expires_at is not None and expires_at <= self._clock.second

    # What happens later

    def _notify(self, order: Order, place: int, at: int) -> None:
        if order.status == "created":
            self._reach(order, "notified", at)

    def _take_for_granted(self, order: Order, at: int) -> None:
        """Let an order be accepted: by its recipient, or because nobody is asked."""
        self._reach(order, "accepted", at)
        self._timetable.forget(order.seq, "notify", "free_hold")
        self._timetable.plan(at + 1, "charge", order.seq)

    def _charge(self, order: Order, detail: int, at: int) -> None:
        self._reach(order, "pending_payment", at)
        if self._terms(order)["payment_method_id"] not in _DECLINING:
            self._timetable.plan(at + 1, "pay", order.seq)

    def _pay(self, order: Order, detail: int, at: int) -> None:
        terms = self._terms(order)
        self._reach(order, "paid", at)
        order.body["amounts"] = price_in(order.body["amounts"]).amounts(paid=True)
        plan = self._timetable.plan
        words = terms["words"]
        if "[delivered]" in words:
            plan(at + 1, "ship", order.seq, -1)
            plan(at + 2, "deliver", order.seq, -1)
        elif "[shipped]" in words:
            plan(at + 1, "ship", order.seq, -1)
        elif "[refunded]" not in words:
            plan(at + ORDERED_AFTER, "order", order.seq)
        if "[refunded]" in words:
            plan(at + 3 if len(words) > 1 else at + 1, "refund", order.seq)

    def _order(self, order: Order, detail: int, at: int) -> None:
        self._pack(order)
        self._reach(order, "ordered", at)
        plan = self._timetable.plan
        plan(at + LABELED_AFTER, "label", order.seq)
        for place in range(len(order.shipments)):
            later = at + place * NEXT_PARCEL_AFTER
            plan(later + SHIPPED_AFTER, "ship", order.seq, place)
            plan(later + DELIVERED_AFTER, "deliver", order.seq, place)

    def _label(self, order: Order, detail: int, at: int) -> None:
        for shipment in order.shipments:
            parcels.label(shipment)

    def _ship(self, order: Order, place: int, at: int) -> None:
        self._pack(order)
        for shipment in self._meant(order, place):
            parcels.send_off(shipment, at)
        self._follow_shipments(order, at)

    def _deliver(self, order: Order, place: int, at: int) -> None:
        for shipment in self._meant(order, place):
            parcels.arrive(shipment, at)
        self._follow_shipments(order, at)

    def _refund(self, order: Order, detail: int, at: int) -> None:
        if order.refunded_at is None:
            order.refunded_at = at
            self._stop(order)
            self._give_back(order)
            self._save(order)
            self._emit(order.seq, "order.refunded", at)

    def _free_hold(self, order: Order, detail: int, at: int) -> None:
        """Give back what an expired gift holds of a balance."""
        if order.status in CANCELABLE:
            self._give_back(order)

    def _meant(self, order: Order, place: int) -> list[dict[str, Any]]:
        """Return the shipment at *place*, or all of them for -1; those that are lost are left out."""
        meant = order.shipments if place < 0 else order.shipments[place : place + 1]
        return [shipment for shipment in meant if parcels.is_on_its_way(shipment)]

    def _pack(self, order: Order) -> None:
        if not order.shipments:
            order.body["shipments"] = parcels.packed(order.body["cart"])

    def _follow_shipments(self, order: Order, at: int) -> None:
        """Let the order be shipped with its first shipment and delivered with its last."""
        if parcels.has_left(order.shipments) and order.times["shipped_at"] is None:
            self._reach(order, "shipped", at)
            self._save(order)
            self._emit(order.seq, "order.shipped", at)
        if parcels.have_arrived(order.shipments) and order.times["delivered_at"] is None:
            self._reach(order, "delivered", at)
            self._save(order)
            self._emit(order.seq, "order.delivered", at)

    def _stop(self, order: Order) -> None:
        self._timetable.forget(
            order.seq, "notify", "charge", "pay", "order", "label", "ship", "deliver", "refund", "free_hold"
        )  # fmt: skip

    # Reading and writing

    def _change(
        self,
        row: Row,
        change: Callable[[Order, int], None],
        only_if_new: tuple[str, str] | None = None,
        event: str | None = None,
    ) -> Row:
        """Do *change* at the present second and tell of it; return the row afterwards.

        Args:
            row: The order's row.
            change: What happens.
            only_if_new: A status, and the event that is told if the order has just come to it.
            event: The event that is told in any case.
        """
        with self._state.transaction():
            order = self._loaded(row)
            at = max(self._clock.second, order.last_at)
            before = order.status
            change(order, at)
            self._save(order)
            if only_if_new is not None and before != only_if_new[0] == order.status:
                self._emit(order.seq, only_if_new[1], at)
            if event is not None:
                self._emit(order.seq, event, at)
        found = self._state.row("SELECT * FROM gift WHERE seq = ?", order.seq)
        assert found is not None
        return found

    def _reach(self, order: Order, status: str, at: int) -> None:
        """Let the order have *status* from *at* on."""
        order.status = status
        order.last_at = at
        if f"{status}_at" in order.times:
            order.times[f"{status}_at"] = stamp(at)
        if status in _TOLD:
            self._tell_activity(order.seq, status, at)

    def _tell_activity(self, seq: int, status: str, at: int) -> None:
        self._state.write(
            "INSERT INTO activity (id, gift, status, at) VALUES (?, ?, ?, ?)",
            bodies.new_id(), seq, status, at,
        )  # fmt: skip

    def _emit(self, seq: int, event: str, at: int) -> None:
        endpoints = self._webhooks.wanted("goody", event)
        if endpoints:
            row = self._state.row("SELECT * FROM gift WHERE seq = ?", seq)
            assert row is not None
            body = bodies.event(event, bodies.order(row, self._origin))
            self._webhooks.send(endpoints, event, body, at)

    def _terms(self, order: Order) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(
            self._state.value("SELECT terms FROM batch WHERE seq = ?", order.row["batch"])
        )
        return found

    def _give_back(self, order: Order, times: int = 1) -> None:
        """Give a balance back what the order holds of it; -1 times to hold it again."""
        terms = self._terms(order)
        self._state.write(
            "UPDATE balance SET cents = cents + ? WHERE method = ?",
            times * terms["amounts"]["amount_pre_tax_total"], terms["payment_method_id"],
        )  # fmt: skip

    def _loaded(self, row: Row) -> Order:
        return Order(
            row=row,
            status=row["status"],
            body=json.loads(row["body"]),
            times=json.loads(row["times"]),
            last_at=row["last_at"],
            expires_at=row["expires_at"],
            refunded_at=row["refunded_at"],
        )

    def _save(self, order: Order) -> None:
        self._state.write(
            "UPDATE gift SET status = ?, body = ?, times = ?, last_at = ?, expires_at = ?, refunded_at = ?"
            " WHERE seq = ?",
            order.status, bodies.dumped(order.body), bodies.dumped(order.times), order.last_at,
            order.expires_at, order.refunded_at, order.seq,
        )  # fmt: skip


def _swap(order: Order, product: Product) -> None:
    """Put *product* in the place of what was sent, which the order goes on to tell of."""
    amounts = order.body["amounts"]
    price = price_of([Item(product, 1, product.price, ())])
    order.body |= {
        "is_swapped": True,
        "original_cart": order.body["cart"],
        "original_amounts": {
            "original_amount_product": amounts["amount_product"],
            "original_amount_shipping": amounts["amount_shipping"],
            "original_amount_credit_applied": None,
            "original_amount_pre_tax_total": amounts["amount_pre_tax_total"],
        },
        "cart": {
            "id": bodies.new_id(),
            "items": [{"id": bodies.new_id(), "quantity": 1, "product": product.short()}],
        },
        "amounts": price.amounts(paid=False),
    }


def no_times() -> dict[str, str | None]:
    """Return the `event_times` of an order to which nothing has happened."""
    return dict.fromkeys(
        (
            "created_at", "notified_at", "opened_at", "accepted_at", "thank_you_added_at",
            "pending_payment_at", "paid_at", "shipped_at", "delivered_at",
        )
    )  # fmt: skip

"""Batches: one gift for several people, at once, in the background or at a later time."""

import json
from typing import Any

from models.sandbox.clock import SandboxClock, stamp
from models.sandbox.goody import bodies
from models.sandbox.goody.catalogue import (
    CARD_IDS,
    PAYMENT_METHODS,
    SENDER,
    WORKSPACES,
    PaymentMethod,
)
from models.sandbox.goody.inputs import BatchInput, PriceInput
from models.sandbox.goody.orders import MAGIC_WORDS, Orders
from models.sandbox.goody.prices import Item, items_of, price_of
from models.sandbox.refused import Refused
from models.sandbox.state import Row, State
from models.sandbox.timetable import Timetable
from models.sandbox.webhooks import Webhooks

_AT_ONCE = 10
"""A batch of more recipients than this gets its orders in the background."""
_CARD = "card of a user"
LEGACY_EVENTS = "legacy_events"
"""The setting for the older words of webhooks about batches."""
_EACH_SECOND = 100
"""So many orders are made in a second in the background."""


class Batches:
    """Every batch, and how its orders come to be.

    Attributes:
        legacy_events: Whether webhooks tell of batches in the older words that the platform's pages still
            show: `gift_batch.created` with `gifts_preview`.
    """

    def __init__(
        self,
        state: State,
        clock: SandboxClock,
        timetable: Timetable,
        webhooks: Webhooks,
        orders: Orders,
        origin: str,
    ) -> None:
        """Keep the batches in *state* and let *orders* make their orders."""
        self._state = state
        self._clock = clock
        self._timetable = timetable
        self._webhooks = webhooks
        self._orders = orders
        self._origin = origin
        self.legacy_events = state.is_set(LEGACY_EVENTS, usual=False)
        timetable.teach("make_orders", self._make_orders)
        timetable.teach("send_batch", self._send)
        with state.transaction():
            for method in PAYMENT_METHODS:
                if method.balance is not None:
                    state.write(
                        "INSERT OR IGNORE INTO balance VALUES (?, ?)", method.id, method.balance
                    )

    def keep_card(self) -> str:
        """Let the card of a commerce app's user pay for batches; return its id."""
        card = bodies.new_id()
        self._state.keep(f"{_CARD} {card}", "")
        return card

    def price(self, wanted: PriceInput) -> dict[str, Any]:
        """Return what a batch would cost.

        Raises:
            Refused: If it could not be made.
        """
        items = self._checked(wanted)
        price = price_of(items)
        total = price.total(len(wanted.recipients), addressed=wanted.send_method == "direct_send")
        return {"cart_price": price.cart(), "total_price": total}

    def create(self, wanted: BatchInput) -> Row:
        """Make a batch, and its orders if they are few and wanted at once; return its row.

        Raises:
            Refused: If it cannot be made.
        """
        items = self._checked(wanted)
        if not wanted.from_name.strip():
            raise Refused("From name can't be blank")
        method = self._method(wanted)
        price = price_of(items)
        with self._state.transaction():
            self._refuse_repetition(wanted)
            self._hold(method, wanted, price.pre_tax * len(wanted.recipients))
            at = self._clock.second
            terms = {
                "send_method": wanted.send_method,
                "words": [word for word in MAGIC_WORDS if word in wanted.from_name.lower()],
                "payment_method_id": method.id,
                "expires_at": wanted.expires_at,
                "amounts": price.amounts(paid=False),
                "swap": wanted.swap,
            }
            seq = self._state.write(
                "INSERT INTO batch (id, status, send_on, customer_reference, recipients, body, terms)"
                " VALUES (?, 'pending', ?, ?, ?, ?, ?)",
                bodies.new_id(), wanted.scheduled_send_on, _reference(wanted),
                len(wanted.recipients), bodies.dumped(_body(wanted, items)), bodies.dumped(terms),
            )  # fmt: skip
            self._state.write_many(
                "INSERT INTO recipient (batch, place, body, address) VALUES (?, ?, ?, ?)",
                [
                    (seq, place, bodies.dumped(_person(each)), _address(each))
                    for place, each in enumerate(wanted.recipients)
                ],
            )
            if wanted.scheduled_send_on is not None and wanted.scheduled_send_on > at:
                self._timetable.plan(wanted.scheduled_send_on, "send_batch", seq)
                self._emit(seq, "order_batch.created", at)
            else:
                self._send(seq, 1, at)
        return self._row(seq)

    def find(self, batch_id: str) -> Row:
        """Return the row of a batch.

        Raises:
            Refused: If there is none.
        """
        row = self._state.row("SELECT * FROM batch WHERE id = ?", batch_id)
        if row is None:
            raise Refused("Order batch not found", 404)
        return row

    def put(self, row: Row, status: str) -> Row:
        """Let a pending batch fail or be canceled, as the platform may.

        Raises:
            Refused: If it is not pending, or that is no such status.
        """
        if status not in ("failed", "canceled"):
            raise Refused("Send status must be failed or canceled")
        if row["status"] != "pending":
            raise Refused(f"Order batch is {row['status']}")
        with self._state.transaction():
            self._timetable.forget(row["seq"], "make_orders", "send_batch")
            self._state.write("UPDATE batch SET status = ? WHERE seq = ?", status, row["seq"])
        return self._row(row["seq"])

    def _checked(self, wanted: PriceInput) -> list[Item]:
        if not wanted.recipients:
            raise Refused("Recipients can't be blank")
        for each in wanted.recipients:
            if not each.first_name.strip():
                raise Refused("Recipients first name can't be blank")
            if wanted.send_method == "email_and_link" and not each.email.strip():
                raise Refused("Recipients email can't be blank for the send method email_and_link")
            if wanted.send_method == "direct_send" and each.mailing_address is None:
                raise Refused(
                    "Recipients mailing address can't be blank for the send method direct_send"
                )
        return items_of(wanted.cart, direct=wanted.send_method == "direct_send")

    def _method(self, wanted: BatchInput) -> PaymentMethod:
        if wanted.payment_method_id is None:
            return PAYMENT_METHODS[0]
        for method in PAYMENT_METHODS:
            if method.id == wanted.payment_method_id:
                return method
        if self._state.setting(f"{_CARD} {bodies.dumped(wanted.payment_method_id)[1:-1]}") is None:
            raise Refused("Payment method not found")
        if not wanted.commerce_end_user_id:
            raise Refused("Commerce end user can't be blank for the card of a user")
        return PaymentMethod(wanted.payment_method_id, "The card of a user")

    def _refuse_repetition(self, wanted: BatchInput) -> None:
        reference = _reference(wanted)
        if reference is not None and self._state.value(
            "SELECT 1 FROM batch WHERE customer_reference = ?", reference
        ):
            raise Refused("Customer reference ID has already been taken")

    def _hold(self, method: PaymentMethod, wanted: BatchInput, cents: int) -> None:
        if method.balance is None:
            return
        if wanted.expires_at is None:
            raise Refused("Expires at can't be blank for orders paid using account balance")
        left = self._state.value("SELECT cents FROM balance WHERE method = ?", method.id)
        if cents > left:
            raise Refused("Account balance is insufficient")
        self._state.write("UPDATE balance SET cents = cents - ? WHERE method = ?", cents, method.id)

    def _send(self, seq: int, is_new: int, at: int) -> None:
        """Begin to make the orders of a batch: all of them at once if they are few."""
        if self._row(seq)["recipients"] <= _AT_ONCE:
            made = self._make(seq, 0, _AT_ONCE, at)
            self._state.write("UPDATE batch SET status = 'complete' WHERE seq = ?", seq)
        else:
            made = []
            self._timetable.plan(at + 1, "make_orders", seq)
        if is_new:
            self._emit(seq, "order_batch.created", at)
        if made:
            self._orders.tell_created(made, at)
            self._emit(seq, "order_batch.completed", at)
            self._go_on_directly(seq, made)

    def _make_orders(self, seq: int, first: int, at: int) -> None:
        """Make some orders in the background, the first of them for the recipient at place *first*."""
        made = self._make(seq, first, _EACH_SECOND, at)
        self._orders.tell_created(made, at)
        if first + len(made) < self._row(seq)["recipients"]:
            self._timetable.plan(at + 1, "make_orders", seq, first + len(made))
        else:
            self._state.write("UPDATE batch SET status = 'complete' WHERE seq = ?", seq)
            self._emit(seq, "order_batch.completed", at)
        self._go_on_directly(seq, made)

    def _make(self, seq: int, first: int, most: int, at: int) -> list[int]:
        recipients = self._state.rows(
            "SELECT body FROM recipient WHERE batch = ? AND place >= ? ORDER BY place LIMIT ?",
            seq, first, most,
        )  # fmt: skip
        people = [json.loads(each["body"]) for each in recipients]
        made = self._orders.create(self._row(seq), people, at, first=first)
        self._state.write("UPDATE batch SET orders = orders + ? WHERE seq = ?", len(made), seq)
        return made

    def _go_on_directly(self, seq: int, made: list[int]) -> None:
        if json.loads(self._row(seq)["terms"])["send_method"] == "direct_send":
            for order in made:
                self._orders.accept_directly(order)

    def _emit(self, seq: int, event: str, at: int) -> None:
        endpoints = self._webhooks.wanted("goody", event)
        if endpoints:
            data = bodies.batch(self._row(seq), self._state, self._origin)
            told = (
                bodies.legacy_event(event, data)
                if self.legacy_events
                else bodies.event(event, data)
            )
            self._webhooks.send(endpoints, event, told, at)

    def _row(self, seq: int) -> Row:
        row = self._state.row("SELECT * FROM batch WHERE seq = ?", seq)
        assert row is not None
        return row


def _reference(wanted: BatchInput) -> str | None:
    """Return the sender's own reference as the file keeps it, in ASCII."""
    reference = wanted.customer_reference_id
    return None if reference is None else bodies.dumped(reference)


def _body(wanted: BatchInput, items: list[Item]) -> dict[str, Any]:
    """Return what never changes of a batch as the API tells it."""
    workspace = WORKSPACES[0]
    if wanted.workspace_id is not None:
        found = [each for each in WORKSPACES if each["id"] == wanted.workspace_id]
        if not found:
            raise Refused("Workspace not found")
        workspace = found[0]
    if wanted.card_id is None and wanted.message:
        raise Refused("Card can't be blank if there is a message")
    if wanted.card_id is not None and wanted.card_id not in CARD_IDS:
        raise Refused("Card not found")
    return {
        "from_name": wanted.from_name,
        "message": wanted.message or None,
        "cart": {
            "id": bodies.new_id(),
            "items": [
                {"id": bodies.new_id(), "quantity": item.quantity, "product": item.product.short()}
                for item in items
            ],
        },
        "is_scheduled_send": wanted.scheduled_send_on is not None,
        "scheduled_send_on": stamp(wanted.scheduled_send_on),
        "expires_at": stamp(wanted.expires_at),
        "send_method": wanted.send_method,
        "batch_name": _name(wanted),
        "card_id": wanted.card_id,
        "sender": dict(SENDER),
        "workspace_id": workspace["id"],
        "workspace_name": workspace["name"],
        "reference_id": bodies.new_code(),
        "customer_reference_id": wanted.customer_reference_id,
    }


def _name(wanted: BatchInput) -> str:
    names = [
        " ".join(filter(None, (each.first_name, each.last_name))) for each in wanted.recipients
    ]
    return " and ".join(names) if len(names) <= 2 else f"{len(names)} recipients"


def _person(recipient: Any) -> dict[str, str | None]:
    return {
        "first_name": recipient.first_name,
        "last_name": recipient.last_name or None,
        "email": recipient.email or None,
    }


def _address(recipient: Any) -> str | None:
    address = recipient.mailing_address
    return None if address is None else bodies.dumped(address.model_dump())

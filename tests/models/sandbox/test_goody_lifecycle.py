"""Goody's lifecycle in the sandbox: what becomes of an order, and when."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.sandbox import Receiver, Running, receiver, running_sandbox


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Running]:
    with running_sandbox(tmp_path) as running:
        yield running


@pytest.fixture
def hook(sandbox: Running) -> Iterator[Receiver]:
    with receiver() as found:
        sandbox.post("/v1/webhooks", {"url": found.url})
        yield found


def first_order(batch: Any) -> Any:
    return batch["orders_preview"][0]


def steps(sandbox: Running) -> list[str]:
    """Return the statuses of the order activities, the oldest first."""
    found = sandbox.get("/v1/order_activities", per_page=100)["data"]
    return [activity["order_status"] for activity in reversed(found)]


def test_an_order_goes_from_created_to_delivered_in_days(sandbox: Running) -> None:
    order = first_order(sandbox.batch())
    assert order["status"] == "created"
    sandbox.move(seconds=2)
    assert sandbox.order(order["id"])["status"] == "notified"
    assert httpx.get(order["individual_gift_link"]).status_code == 200
    assert sandbox.order(order["id"])["status"] == "opened"
    assert sandbox.accept(order).status_code == 200
    assert sandbox.order(order["id"])["status"] == "accepted"
    sandbox.move(days=1, hours=2)
    assert sandbox.order(order["id"])["shipments"][0]["status"] == "tracking"

    sandbox.move(days=10)

    after = sandbox.order(order["id"])
    assert after["status"] == after["shipments"][0]["status"] == "delivered"
    assert steps(sandbox) == [
        "created", "opened", "pending_payment", "paid", "ordered", "shipped", "delivered",
    ]  # fmt: skip
    times = [time for time in after["event_times"].values() if time]
    assert times == sorted(times)


@pytest.mark.parametrize(
    ("name", "status", "events"),
    [
        ("[shipped]", "shipped", ["order.shipped"]),
        ("The [Delivered] team", "delivered", ["order.shipped", "order.delivered"]),
        ("[refunded]", "paid", ["order.refunded"]),
        ("[shipped] [refunded]", "shipped", ["order.shipped", "order.refunded"]),
    ],
)
def test_a_magic_word_acts_once_the_gift_is_accepted(
    sandbox: Running, hook: Receiver, name: str, status: str, events: list[str]
) -> None:
    order = first_order(sandbox.batch(from_name=name))
    sandbox.move(days=30)
    assert sandbox.order(order["id"])["status"] == "notified"

    sandbox.accept(order)
    sandbox.move(seconds=10)

    assert sandbox.order(order["id"])["status"] == status
    hook.wait_for(5 + len(events))
    assert sorted(hook.events) == sorted(
        [
            "order_batch.created", "order.created", "order_batch.completed", "order.gift_opened",
            "order.gift_accepted", *events,
        ]
    )  # fmt: skip
    sandbox.move(days=30)
    assert sandbox.order(order["id"])["status"] == status


def test_an_order_of_two_brands_ships_with_its_first_and_arrives_with_its_last(
    sandbox: Running,
) -> None:
    items = [
        {"product_id": sandbox.product(name), "quantity": 1} for name in ("Cookies", "Tea sampler")
    ]
    order = first_order(sandbox.batch(cart={"items": items}))
    sandbox.accept(order)
    sandbox.move(days=2, hours=2)
    seen = sandbox.order(order["id"])
    assert seen["status"] == "shipped"
    assert [each["status"] for each in seen["shipments"]] == ["shipped", "tracking"]
    sandbox.move(days=3, minutes=1)
    assert [each["status"] for each in sandbox.order(order["id"])["shipments"]] == [
        "delivered",
        "shipped",
    ]
    assert sandbox.order(order["id"])["status"] == "shipped"

    sandbox.move(days=1)

    assert sandbox.order(order["id"])["status"] == "delivered"


def test_an_order_is_canceled_only_before_it_is_accepted(sandbox: Running, hook: Receiver) -> None:
    canceled, accepted = sandbox.batch(people=2)["orders_preview"]
    sandbox.accept(accepted)

    assert sandbox.post(f"/v1/orders/{canceled['id']}/cancel")["status"] == "failed"
    refusals = [
        sandbox.client.post(f"/v1/orders/{order['id']}/cancel") for order in (canceled, accepted)
    ]

    assert [refusal.status_code for refusal in refusals] == [400, 400]
    assert "it is accepted" in refusals[1].json()["error"]
    sandbox.move(days=10)
    assert sandbox.order(canceled["id"])["status"] == "failed"
    assert sandbox.accept(canceled).status_code == 409
    hook.wait_for(8)
    assert hook.events.count("order.canceled") == 1


def test_a_gift_expires_unless_it_is_extended(sandbox: Running) -> None:
    late, extended = sandbox.batch(people=2, expires_at="2026-03-09T09:00:00Z")["orders_preview"]
    body = {"expiration": "2026-04-01T00:00:00+0000"}
    changed = sandbox.post(f"/v1/orders/{extended['id']}/update_expiration", body)
    assert changed["expires_at"] == "2026-04-01T00:00:00Z"

    sandbox.move(days=8)

    page = httpx.get(late["individual_gift_link"])
    assert "has expired" in page.text
    assert "<form" not in page.text
    assert sandbox.accept(late).status_code == 410
    assert sandbox.order(late["id"])["status"] == "notified"
    assert sandbox.accept(extended).status_code == 200
    assert sandbox.order(extended["id"])["status"] == "accepted"


def test_many_recipients_get_their_orders_in_the_background(
    sandbox: Running, hook: Receiver
) -> None:
    batch = sandbox.batch(people=250)
    assert (batch["send_status"], batch["orders_count"], batch["orders_preview"]) == (
        "pending",
        0,
        [],
    )
    assert batch["recipients_count"] == 250
    assert len(batch["recipients_preview"]) == 10
    sandbox.move(seconds=1)
    assert sandbox.get(f"/v1/order_batches/{batch['id']}")["orders_count"] == 100

    sandbox.move(seconds=5)

    done = sandbox.get(f"/v1/order_batches/{batch['id']}")
    assert (done["send_status"], done["orders_count"]) == ("complete", 250)
    last = sandbox.get(f"/v1/order_batches/{batch['id']}/orders", page=3, per_page=100)
    assert [len(last["data"]), last["list_meta"]["total_count"]] == [50, 250]
    assert last["data"][-1]["recipient_first_name"] == "Rosa249"
    people = sandbox.get(f"/v1/order_batches/{batch['id']}/recipients", page=25, per_page=10)
    assert people["data"][-1]["email"] == "rosa249@example.com"
    hook.wait_for(252)
    assert hook.events.count("order.created") == 250
    assert hook.events.count("order_batch.completed") == 1


def test_a_scheduled_batch_waits_for_its_time(sandbox: Running) -> None:
    batch = sandbox.batch(scheduled_send_on="2026-03-05T12:00:00+01:00")
    assert (batch["send_status"], batch["orders_count"]) == ("pending", 0)
    assert batch["scheduled_send_on"] == "2026-03-05T11:00:00Z"
    sandbox.move(days=3)
    assert sandbox.get("/v1/orders")["data"] == []

    sandbox.move(hours=3)

    after = sandbox.get(f"/v1/order_batches/{batch['id']}")
    assert (after["send_status"], after["is_scheduled_send"]) == ("complete", True)
    created = sandbox.order(first_order(after)["id"])["event_times"]["created_at"]
    assert created == "2026-03-05T11:00:00Z"


def test_what_goes_out_directly_asks_nobody(sandbox: Running) -> None:
    address = {
        "address_1": "1 Main St", "city": "New York", "state": "NY", "postal_code": "10022", "country": "US",
    }  # fmt: skip
    person = {"first_name": "Rosa", "mailing_address": address}
    order = first_order(
        sandbox.batch(send_method="direct_send", recipients=[person], from_name="[delivered]")
    )

    sandbox.move(seconds=10)

    assert sandbox.order(order["id"])["status"] == "delivered"


def test_a_declined_card_leaves_the_order_without_payment_until_somebody_pays(
    sandbox: Running,
) -> None:
    methods = sandbox.get("/v1/payment_methods")["data"]
    declined = next(method["id"] for method in methods if "declined" in method["name"])
    order = first_order(sandbox.batch(payment_method_id=declined))
    sandbox.accept(order)
    sandbox.move(days=9)
    waiting = sandbox.order(order["id"])
    assert waiting["status"] == "pending_payment"

    assert httpx.post(waiting["payment_link"]).status_code == 200

    assert sandbox.order(order["id"])["status"] == "paid"
    assert sandbox.order(order["id"])["amounts"]["amount_total"] == 2287


def test_a_balance_is_held_until_the_gift_is_canceled_or_has_expired(sandbox: Running) -> None:
    def balance() -> int:
        methods = sandbox.get("/v1/payment_methods")["data"]
        return next(int(method["balance"]) for method in methods if method["balance"] is not None)

    methods = sandbox.get("/v1/payment_methods")["data"]
    account = next(method["id"] for method in methods if method["balance"] is not None)
    before = balance()
    orders = sandbox.batch(
        people=3, payment_method_id=account, expires_at="2026-03-10T00:00:00Z"
    )["orders_preview"]  # fmt: skip
    assert before - balance() == 3 * 2100
    sandbox.post(f"/v1/orders/{orders[0]['id']}/cancel")
    assert before - balance() == 2 * 2100
    sandbox.accept(orders[1])

    sandbox.move(days=30)

    assert before - balance() == 2100
    sandbox.post(f"/v1/orders/{orders[2]['id']}/update_expiration", {"expiration": "9999-12-31"})
    assert before - balance() == 2 * 2100
    sandbox.post(f"/v1/orders/{orders[2]['id']}/cancel")
    assert before - balance() == 2100


def test_what_has_expired_can_still_be_canceled_and_gives_its_money_back_once(
    sandbox: Running,
) -> None:
    """Goody has no status for it, and lets orders be canceled that are created, notified or opened."""
    account = next(
        method for method in sandbox.get("/v1/payment_methods")["data"] if method["balance"]
    )
    (late,) = sandbox.batch(payment_method_id=account["id"], expires_at="2026-03-10T00:00:00Z")[
        "orders_preview"
    ]
    sandbox.move(days=30)
    assert sandbox.order(late["id"])["status"] == "notified"
    assert sandbox.post(f"/v1/orders/{late['id']}/cancel")["status"] == "failed"
    after = sandbox.get("/v1/payment_methods")["data"]
    assert account in after


def test_a_message_needs_a_card(sandbox: Running) -> None:
    card = sandbox.get("/v1/cards")["data"][0]["id"]
    assert sandbox.batch(message="Thank you!", card_id=card)["message"] == "Thank you!"
    with pytest.raises(AssertionError, match="Card can"):
        sandbox.batch(message="Thank you!")


def test_a_reference_of_the_customer_makes_one_batch(sandbox: Running) -> None:
    first = sandbox.batch(customer_reference_id="order-7731")
    assert first["customer_reference_id"] == "order-7731"

    with pytest.raises(AssertionError, match="already been taken"):
        sandbox.batch(customer_reference_id="order-7731")

    assert sandbox.get("/v1/order_batches")["list_meta"]["total_count"] == 1


def test_an_operator_can_lose_a_parcel_and_send_another(sandbox: Running) -> None:
    order = first_order(sandbox.batch(from_name="[shipped]"))
    sandbox.accept(order)
    sandbox.move(seconds=10)
    (parcel,) = sandbox.order(order["id"])["shipments"]

    after = sandbox.post(f"/sandbox/shipments/{parcel['id']}", {"status": "failed_with_reship"})

    assert [each["status"] for each in after["shipments"]] == ["failed_with_reship", "pending"]
    again = after["shipments"][1]["id"]
    delivered = sandbox.post(f"/sandbox/shipments/{again}", {"status": "delivered"})
    assert delivered["status"] == "delivered"


def test_a_batch_can_end_before_its_time(sandbox: Running) -> None:
    batch = sandbox.batch(scheduled_send_on="2026-03-05T12:00:00Z")

    assert (
        sandbox.post(f"/sandbox/batches/{batch['id']}", {"send_status": "canceled"})["send_status"]
        == "canceled"
    )

    sandbox.move(days=9)
    assert sandbox.get(f"/v1/order_batches/{batch['id']}")["send_status"] == "canceled"
    assert sandbox.get("/v1/orders")["data"] == []
    again = sandbox.client.post(f"/sandbox/batches/{batch['id']}", json={"send_status": "failed"})
    assert again.status_code == 400


def test_the_platform_can_end_or_refund_an_order_at_any_time(sandbox: Running) -> None:
    failed, refunded = sandbox.batch(people=2)["orders_preview"]
    for order in (failed, refunded):
        sandbox.accept(order)
    sandbox.move(days=3)

    assert (
        sandbox.post(f"/sandbox/orders/{failed['id']}", {"status": "failed"})["status"] == "failed"
    )
    assert (
        sandbox.post(f"/sandbox/orders/{refunded['id']}", {"refunded": True})["status"] == "shipped"
    )

    sandbox.move(days=30)
    assert [sandbox.order(order["id"])["status"] for order in (failed, refunded)] == [
        "failed",
        "shipped",
    ]

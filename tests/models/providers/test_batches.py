"""Goody's order batches are read in both spellings, from answers and from webhooks."""

from datetime import UTC, datetime
from typing import Any

import pytest

from models.providers.goody import payloads as goody
from models.providers.incoming import BadPayload, Fact, Incoming

BATCH = {
    "id": "A7B6C5D4-e3f2-4110-9a8b-7c6d5e4f3007", "send_status": "pending", "from_name": "Max R.",
    "message": None, "orders_count": 3, "orders_preview": [], "recipients_count": 25,
    "recipients_preview": [{"first_name": "Lena", "last_name": None, "email": None}],
    "cart": {"id": "c", "items": [{"id": "i", "quantity": 1, "product": {
        "id": "p", "name": "Tea sampler", "brand": {"id": "b", "name": "Leaf House"}}}]},
    "is_scheduled_send": False, "scheduled_send_on": None, "expires_at": None,
    "batch_name": "Welcome kits", "sender": {"first_name": "Max", "last_name": "Reyes",
    "email": "max@example.org"}, "workspace_id": None, "workspace_name": "Customer care",
    "reference_id": "SAMPLEREF000000000000002", "customer_reference_id": None,
}  # fmt: skip
OLDER = {
    "id": "b-2", "status": "completed", "from_name": "Max", "gifts_count": 2, "gifts_preview": [],
    "individual_gift_link_shared": False,
}  # fmt: skip


def read(**further: Any) -> Incoming:
    return goody.read({**BATCH, **further})


def test_a_batch_is_recognised_and_read() -> None:
    assert goody.recognises(BATCH)
    batch = goody.read(BATCH)
    assert (batch.type, batch.external_id) == ("batch", "a7b6c5d4-e3f2-4110-9a8b-7c6d5e4f3007")
    assert batch.facts == (Fact("pending", None),)
    assert batch.warnings == ()
    assert batch.fields == {
        "campaign": "Welcome kits",
        "sender_name": "Max Reyes",
        "sender_email": "max@example.org",
        "team": "Customer care",
        "expires_at": None,
        "orders_count": 3,
        "recipients_count": 25,
    }


def test_without_a_name_it_is_called_by_what_is_sent() -> None:
    assert read(batch_name=None).fields["campaign"] == "Tea sampler"


def test_a_scheduled_time_is_read() -> None:
    batch = read(scheduled_send_on="2026-12-01T09:00:00-08:00")
    assert batch.fields["scheduled_at"] == datetime(2026, 12, 1, 17, tzinfo=UTC)


def test_the_older_spelling_is_read() -> None:
    batch = goody.read({"event_type": "gift_batch.completed", "id": "e", "data": OLDER})
    assert batch.external_id == "b-2"
    assert {fact.word for fact in batch.facts} <= {"complete", "completed"}
    assert batch.fields["orders_count"] == 2
    assert batch.fields["sender_name"] == "Max"


@pytest.mark.parametrize(
    ("event", "said", "words"),
    [
        ("order_batch.created", "pending", ["pending"]),
        ("order_batch.created", "complete", ["complete"]),
        ("order_batch.completed", "pending", ["pending", "complete"]),
        ("gift_batch.completed", "complete", ["complete"]),
        ("order_batch.created", None, ["pending"]),
        ("order_batch.completed", None, ["complete"]),
    ],
)
def test_a_webhook_may_be_newer_than_the_batch_in_it(
    event: str, said: str | None, words: list[str]
) -> None:
    body = {"event_type": event, "event_id": "e-1", "data": {**BATCH, "send_status": said}}
    assert goody.recognises(body)
    assert [fact.word for fact in goody.read(body).facts] == words


def test_an_older_webhook_may_call_its_id_otherwise() -> None:
    data = {"gift_batch_id": "B-3", "status": "complete"}
    assert goody.read({"event_type": "gift_batch.completed", "data": data}).external_id == "b-3"


def test_a_short_webhook_about_a_batch_is_enough() -> None:
    body = {"event_type": "order_batch.created", "data": {"id": "x", "status": "pending"}}
    assert goody.recognises(body)
    assert goody.read(body).type == "batch"


@pytest.mark.parametrize(
    ("number", "kept"), [("7", 7), (0, 0), (-1, None), (2.5, None), (True, None)]
)
def test_a_number_of_orders_that_is_none_is_left_out(number: object, kept: int | None) -> None:
    batch = read(orders_count=number)
    assert batch.fields.get("orders_count") == kept
    assert bool(batch.warnings) is (kept is None)


@pytest.mark.parametrize("missing", ["id", "send_status"])
def test_what_a_batch_needs_is_named(missing: str) -> None:
    with pytest.raises(BadPayload, match="the batch has no"):
        read(**{missing: None})


def test_an_order_says_its_batch_in_either_spelling() -> None:
    for name in ("order_batch_id", "gift_batch_id"):
        order = {"id": "o", "status": "paid", "individual_gift_link": "x", name: "b-1"}
        assert goody.read(order).fields["batch"] == "b-1"

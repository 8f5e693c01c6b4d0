"""`senddesk batches`, and batches and refunds in the other commands."""

import json
from pathlib import Path

import pytest

from tests.support.command_line import Senddesk

BATCH = "a7b6c5d4-e3f2-4110-9a8b-7c6d5e4f3007"
BATCHES = {
    "data": [
        {
            "id": BATCH, "send_status": "complete", "from_name": "Max", "orders_count": 2,
            "orders_preview": [], "recipients_count": 3, "recipients_preview": [],
            "batch_name": "Kits",
        },
        {
            "id": "b-2", "send_status": "pending", "from_name": "Max", "orders_count": 0,
            "orders_preview": [], "recipients_count": 40, "recipients_preview": [],
            "is_scheduled_send": True, "scheduled_send_on": "2025-11-01T09:00:00Z",
        },
    ],
    "list_meta": {"total_count": 2},
}  # fmt: skip
ORDER = {
    "id": "0b6f3c1e-7a55-4c0e-9d1b-5a3f0e2c9a11", "status": "shipped", "individual_gift_link": "x",
    "recipient_first_name": "Lena", "shipments": [], "order_batch_id": BATCH,
    "amounts": {"amount_total": 4315},
}  # fmt: skip
REFUNDED = {"event_type": "order.refunded", "id": "e-1", "data": ORDER}


@pytest.fixture
def run(senddesk: Senddesk, tmp_path: Path) -> Senddesk:
    """The desk with two batches and a refunded order of one of them."""
    for name, value in (("batches", BATCHES), ("refunded", REFUNDED)):
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(value), "utf-8")
        assert senddesk("import", path).code == 0
    return senddesk


def test_batches_are_listed_with_how_far_they_are(run: Senddesk) -> None:
    late, made = run("batches", "--format", "json").json
    assert (made["external_id"], made["name"], made["send_status"]) == (BATCH, "Kits", "complete")
    assert (made["orders_count"], made["recipients_count"], made["orders_here"]) == (2, 3, 1)
    assert made["orders_by_status"] == {"shipped": 1}
    assert (late["send_status"], late["status"]) == ("pending", "batch_scheduled")
    assert (late["is_scheduled"], late["scheduled_at"]) == (True, "2025-11-01T09:00:00Z")
    assert late["urgency"] == "over"
    table = run("batches")
    assert "2 of 3 orders" in table.out
    assert "Shipped 1" in table.out


def test_they_can_be_narrowed(run: Senddesk) -> None:
    (late,) = run("batches", "is:over", "--format", "json").json
    assert late["external_id"] == "b-2"
    assert run("batches", "kits", "--limit", "1").out.count("Batch Complete") == 1
    assert run("batches", "nothing-like-it").err == "No batch matches.\n"


def test_a_list_has_sends_and_the_batches_that_are_asked_for(run: Senddesk) -> None:
    every = run("list", "--format", "json").json
    assert {each["type"] for each in every}.isdisjoint({"batch"})
    assert [each["type"] for each in run("list", "is:batch", "--format", "json").json] == [
        "batch",
        "batch",
    ]
    (order,) = run("list", "batch:G-a7b6c5d4", "--format", "json").json
    assert order["external_id"] == ORDER["id"]


def test_a_batch_is_shown_by_its_id(run: Senddesk) -> None:
    shown = run("show", BATCH, "--format", "json").json
    assert shown["batch_progress"]["orders_by_status"] == {"shipped": 1}
    assert shown["around"]["orders"]["filter"] == f"batch:{BATCH}"
    text = run("show", "G-a7b6c5d4").out
    for piece in ("2 of 3 orders", "Goody Batch", "Shipped", "Its orders  1 order"):
        assert piece in text


def test_limits_of_batches_are_limits_like_any_other(run: Senddesk) -> None:
    assert "goody:batch_scheduled" in run("thresholds").out
    assert run("thresholds", "set", "goody:batch_scheduled", "9999d").code == 0
    assert run("batches", "is:over", "--format", "json").json == []


def test_a_refund_is_told_with_time_and_amount(run: Senddesk) -> None:
    (found,) = run("list", "is:refunded", "--format", "json").json
    assert (found["status"], found["refunded"], found["refunded_amount"]) == (
        "shipped",
        True,
        "43.15",
    )
    assert found["refunded_at"]
    shown = run("show", found["id"])
    assert "Refunded    43.15 USD" in shown.out
    assert "goody refunded 43.15 USD" in shown.out
    assert "$" in run("list", "is:refunded").out

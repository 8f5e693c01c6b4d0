"""Goody's API in the sandbox: who may ask, what is listed, what is refused."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.sandbox import Running, running_sandbox
from tests.support.terminal import ROOT

PUBLISHED = json.loads((ROOT / "tests" / "samples" / "openapi" / "goody.json").read_text("utf-8"))
REQUESTS = PUBLISHED["paths"]["/v1/order_batches"]["post"]["requestBody"]["content"][
    "application/json"
]


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Running]:
    with running_sandbox(tmp_path) as running:
        yield running


def refusal(sandbox: Running, path: str, body: object) -> tuple[int, str]:
    answer = sandbox.client.post(path, json=body)
    return answer.status_code, answer.json()["error"]


def wanted(**fields: object) -> dict[str, Any]:
    """Return a request for a batch."""
    return {
        "from_name": "Max",
        "send_method": "link_multiple_custom_list",
        "recipients": [{"first_name": "Rosa"}],
        "cart": {"items": [{"product_id": "48680ddb-37b2-48b3-8380-226c07bdede2", "quantity": 1}]},
    } | fields


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer no", "Basic key-of-the-tests"])
def test_nobody_is_answered_without_the_key(sandbox: Running, header: str | None) -> None:
    headers = {} if header is None else {"authorization": header}
    for path in ("/v1/me", "/v1/orders", "/v1/nothing"):
        answer = httpx.get(sandbox.url + path, headers=headers)
        assert (answer.status_code, answer.json()) == (401, {"error": "Unauthorized"})
    sendoso = httpx.get(f"{sandbox.url}/api/v3/send", headers=headers)
    assert sendoso.status_code == 401
    assert sendoso.json() == {"success": False, "message": "The access token is invalid"}


@pytest.mark.parametrize("name", REQUESTS["examples"])
def test_the_published_requests_are_answered_as_published(sandbox: Running, name: str) -> None:
    answer = sandbox.client.post("/v1/order_batches", json=REQUESTS["examples"][name]["value"])
    assert answer.status_code == (400 if name.startswith("Bad request") else 201), answer.text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"recipients": []}, "Recipients can't be blank"),
        ({"recipients": [{"first_name": " "}]}, "Recipients first name can't be blank"),
        ({"send_method": "email_and_link"}, "Recipients email can't be blank for the send method email_and_link"),
        ({"send_method": "direct_send"}, "Recipients mailing address can't be blank for the send method direct_send"),
        ({"from_name": ""}, "From name can't be blank"),
        ({"from_name": None}, "From name is invalid: Input should be a valid string"),
        ({"cart": {"items": []}}, "Cart can't be blank"),
        ({"cart": {"items": [{"product_id": "bae8372a-4325-4c5c-b58d-57e8f0a891ad", "quantity": 1}]}},
         "Product is not active: bae8372a-4325-4c5c-b58d-57e8f0a891ad"),
        ({"cart": {"items": [{"product_id": "a169b309-6166-4382-b020-8d571c7f2b95", "quantity": 1}]}},
         "Variable price can't be blank for Gift card"),
        ({"cart": {"items": [{"product_id": "48680ddb-37b2-48b3-8380-226c07bdede2", "quantity": 0}]}},
         "Quantity must be between 1 and 1000"),
        ({"payment_method_id": "none"}, "Payment method not found"),
        ({"payment_method_id": "b66f3c41-3574-428f-8f84-d78c18564619"},
         "Expires at can't be blank for orders paid using account balance"),
        ({"card_id": "00000000-0000-0000-0000-000000000000"}, "Card not found"),
        ({"workspace_id": "00000000-0000-0000-0000-000000000000"}, "Workspace not found"),
        ({"scheduled_send_on": "tomorrow"}, "Scheduled send on is invalid: is not a time in ISO 8601"),
    ],
)  # fmt: skip
def test_what_no_batch_can_be_made_of_is_refused(
    sandbox: Running, fields: dict[str, Any], sentence: str
) -> None:
    assert refusal(sandbox, "/v1/order_batches", wanted(**fields)) == (400, sentence)
    assert sandbox.get("/v1/order_batches")["list_meta"] == {"total_count": 0}


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"nul", b'{"from_name": NaN}', b"[" * 100_000])
def test_what_is_no_request_is_refused(sandbox: Running, body: bytes) -> None:
    assert sandbox.client.post("/v1/order_batches", content=body).status_code == 400


def test_lists_come_by_pages_the_newest_first(sandbox: Running) -> None:
    for day in range(7):
        sandbox.batch(batch_name=str(day))
        sandbox.move(days=1)

    pages = [sandbox.get("/v1/orders", page=page, per_page=3) for page in (1, 2, 3, 4)]

    found = [order["id"] for page in pages for order in page["data"]]
    assert [len(page["data"]) for page in pages] == [3, 3, 1, 0]
    assert {page["list_meta"]["total_count"] for page in pages} == {7}
    created = [sandbox.order(order)["event_times"]["created_at"] for order in found]
    assert created == sorted(created, reverse=True)
    assert len(sandbox.get("/v1/orders")["data"]) == 7
    assert [
        sandbox.client.get("/v1/orders", params=query).status_code
        for query in (
            {"page": 0},
            {"page": "x"},
            {"per_page": 101},
            {"per_page": 0},
            {"page": 10**40},
        )
    ] == [400, 400, 400, 400, 200]


def test_a_later_page_is_right_although_something_came_meanwhile(sandbox: Running) -> None:
    first = [sandbox.batch()["orders_preview"][0]["id"] for _ in range(4)]
    assert len(sandbox.get("/v1/orders", page=1, per_page=2)["data"]) == 2
    newest = sandbox.batch()["orders_preview"][0]["id"]

    second = sandbox.get("/v1/orders", page=2, per_page=2)["data"]
    third = sandbox.get("/v1/orders", page=3, per_page=2)["data"]

    assert [order["id"] for order in second + third] == [first[2], first[1], first[0]]
    assert sandbox.get("/v1/orders", per_page=2)["data"][0]["id"] == newest


def test_orders_and_activities_are_found_by_time_and_status(sandbox: Running) -> None:
    early = sandbox.batch()["orders_preview"][0]
    sandbox.move(days=2)
    late = sandbox.batch(from_name="[shipped]")["orders_preview"][0]
    sandbox.accept(late)
    sandbox.move(minutes=1)

    def orders(**query: str) -> list[str]:
        return [each["id"] for each in sandbox.get("/v1/orders", **query)["data"]]

    assert orders(**{"created_at[after]": "2026-03-04T10:00:00+01:00"}) == [late["id"]]
    assert orders(**{"created_at[before]": "2026-03-02T09:00:00Z"}) == [early["id"]]
    assert orders(**{"created_at[after]": "2026-03-04T09:00:01Z"}) == []
    activities = sandbox.get("/v1/order_activities", after="2026-03-04T09:00:01Z")["data"]
    assert [each["order_status"] for each in activities] == ["shipped", "paid", "pending_payment"]
    some = sandbox.get("/v1/order_activities", statuses="created, shipped")["data"]
    assert [each["order_status"] for each in some] == ["shipped", "created", "created"]
    assert {each["order"]["status"] for each in some if each["order"]["id"] == late["id"]} == {
        "shipped"
    }
    assert sandbox.client.get("/v1/orders", params={"created_at[after]": "x"}).status_code == 400


def test_a_price_is_told_before_anything_is_made(sandbox: Running) -> None:
    body = wanted(recipients=[{"first_name": "A"}, {"first_name": "B"}])

    price = sandbox.post("/v1/order_batches/price", body)

    # What the published answer says of the same product.
    published = PUBLISHED["paths"]["/v1/order_batches/price"]["post"]["responses"]["200"]
    examples = published["content"]["application/json"]["examples"]
    assert price == examples["Order batch price calculated"]["value"]
    assert sandbox.get("/v1/order_batches")["data"] == []


def test_what_is_not_there_is_not_found(sandbox: Running) -> None:
    for path, sentence in {
        "/v1/orders/x": "Order not found",
        "/v1/order_batches/x": "Order batch not found",
        "/v1/order_batches/x/orders": "Order batch not found",
        "/v1/products/x": "Product not found",
        "/v1/collections/x": "Collection not found",
        "/v1/nothing": "Not Found",
    }.items():
        answer = sandbox.client.get(path)
        assert (answer.status_code, answer.json()) == (404, {"error": sentence})
    assert refusal(sandbox, "/v1/orders/x/cancel", {}) == (404, "Order not found")


def test_the_card_of_a_user_can_pay_and_be_declined(sandbox: Running) -> None:
    card = {
        "cardholder_name": "John Doe", "commerce_end_user_id": "user-1", "payment_method_type": "card",
        "interim_card_key": "X9ed",
        "billing_address": {"address_1": "1", "city": "New York", "state": "NY", "postal_code": "1", "country": "US"},
    }  # fmt: skip
    made = sandbox.post("/v1/commerce_user_payment_methods", card)
    paid = wanted(payment_method_id=made["id"])
    assert refusal(sandbox, "/v1/order_batches", paid)[1].startswith(
        "Commerce end user can't be blank"
    )
    sandbox.post("/v1/order_batches", paid | {"commerce_end_user_id": "user-1"})

    declined = refusal(
        sandbox, "/v1/commerce_user_payment_methods", card | {"interim_card_key": "declined"}
    )

    assert declined == (400, "Your card was declined.")

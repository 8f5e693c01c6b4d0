"""The sandbox's webhooks: signed as Svix signs, retried on its timetable, registered and removed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.sandbox.webhooks import RETRIES
from tests.support.sandbox import Receiver, Running, receiver, running_sandbox


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Running]:
    with running_sandbox(tmp_path) as running:
        yield running


@pytest.fixture
def hook() -> Iterator[Receiver]:
    with receiver() as found:
        yield found


def test_every_delivery_is_signed_and_tells_the_order(sandbox: Running, hook: Receiver) -> None:
    sandbox.post("/v1/webhooks", {"url": f"{hook.url}/webhooks/goody", "events": ["order.created"]})
    batch = sandbox.batch(people=3)

    deliveries = hook.wait_for(3)

    assert all(delivery.is_signed for delivery in deliveries)
    assert {delivery.path for delivery in deliveries} == {"/webhooks/goody"}
    assert len({delivery.headers["svix-id"] for delivery in deliveries}) == 3
    told = [delivery.json["data"] for delivery in deliveries]
    assert sorted(order["id"] for order in told) == sorted(
        each["id"] for each in batch["orders_preview"]
    )
    assert set(hook.events) == {"order.created"}


def test_a_refused_delivery_comes_again_on_the_timetable_under_its_id(
    sandbox: Running, hook: Receiver
) -> None:
    sandbox.post("/v1/webhooks", {"url": hook.url, "events": ["order.created"]})
    hook.answers = [500] * (len(RETRIES) + 1)
    sandbox.batch()
    hook.wait_for(1)
    for attempt, delay in enumerate(RETRIES, 1):
        wait_for_attempts(sandbox, attempt)
        sandbox.move(seconds=delay - 1)
        assert len(hook.deliveries) == attempt
        sandbox.move(seconds=1)
        hook.wait_for(attempt + 1)

    wait_for_attempts(sandbox, len(RETRIES) + 1)

    (message,) = sandbox.get("/sandbox/messages")["data"]
    assert (message["answer"], message["next_attempt_at"]) == ("500", None)
    assert len({delivery.headers["svix-id"] for delivery in hook.deliveries}) == 1
    assert len({delivery.body for delivery in hook.deliveries}) == 1
    sandbox.post(f"/sandbox/messages/{message['id']}/resend")
    assert hook.wait_for(len(RETRIES) + 2)[-1].headers["svix-id"] == message["id"]


def wait_for_attempts(sandbox: Running, count: int) -> None:
    """Wait until the only message has been tried *count* times and its answer is known."""
    while sandbox.get("/sandbox/messages")["data"][0]["attempts"] < count:
        pass


def test_after_a_long_jump_of_the_clock_the_missed_attempts_are_made(
    sandbox: Running, hook: Receiver
) -> None:
    sandbox.post("/v1/webhooks", {"url": hook.url, "events": ["order.created"]})
    hook.answers = [503, 503, 503]
    sandbox.batch()
    hook.wait_for(1)
    wait_for_attempts(sandbox, 1)

    sandbox.move(hours=1)

    hook.wait_for(4)
    wait_for_attempts(sandbox, 4)
    assert sandbox.get("/sandbox/messages")["data"][0]["answer"] == "204"


def test_nothing_comes_to_an_endpoint_that_was_removed(sandbox: Running, hook: Receiver) -> None:
    removed = sandbox.post("/v1/webhooks", {"url": f"{hook.url}/removed"})["id"]
    sandbox.post("/v1/webhooks", {"url": f"{hook.url}/kept", "events": ["order.created"]})

    assert sandbox.client.delete(f"/v1/webhooks/{removed}").status_code == 204
    assert sandbox.client.delete(f"/v1/webhooks/{removed}").status_code == 400

    sandbox.batch()
    assert [delivery.path for delivery in hook.wait_for(1)] == ["/kept"]


def test_an_endpoint_that_fails_for_five_days_gets_nothing_more(sandbox: Running) -> None:
    sandbox.post("/v1/webhooks", {"url": "http://127.0.0.1:9/nobody", "events": ["order.created"]})
    for day in range(6):
        sandbox.batch()
        wait_for_attempts(sandbox, 1)
        assert not sandbox.get("/sandbox/webhooks")["data"][0]["disabled"], day
        sandbox.move(days=1)

    # The retries of the last one are what comes after the five days.
    while not sandbox.get("/sandbox/webhooks")["data"][0]["disabled"]:
        pass

    sandbox.batch()
    assert len(sandbox.get("/sandbox/messages")["data"]) == 6


@pytest.mark.parametrize(
    "url", ["", "ftp://example.com", "example.com", "http://", "http://[", "http://é.example"]
)
def test_what_is_no_address_is_refused(sandbox: Running, url: str) -> None:
    answer = sandbox.client.post("/v1/webhooks", json={"url": url})
    assert (answer.status_code, answer.json()) == (400, {"error": "Url is invalid"})

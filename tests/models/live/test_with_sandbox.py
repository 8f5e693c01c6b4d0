"""The sync reads the sandbox, which shares nothing with it: both platforms come to the desk as they are."""

from pathlib import Path
from typing import Any

import pytest

from models.sandbox.sendoso.scripts import event_of
from tests.support.command_line import NOW, Senddesk, commands
from tests.support.sandbox import KEY, Running, running_sandbox


@pytest.fixture
def senddesk(
    file_address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Senddesk:
    return commands(file_address, monkeypatch, capsys)


def everything(sandbox: Running, path: str, items: str) -> list[Any]:
    pages = [sandbox.get(path, page=page, per_page=100)[items] for page in (1, 2, 3)]
    return [each for page in pages for each in page]


def goody_stands(order: Any) -> str:
    is_over = (order["expires_at"] or NOW) < NOW
    return (
        "expired"
        if is_over and order["status"] in ("created", "notified", "opened")
        else order["status"]
    )


def test_both_platforms_come_to_the_desk_as_they_are(
    senddesk: Senddesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with running_sandbox(tmp_path) as sandbox:
        sandbox.post("/sandbox/fill", {"orders": 150, "sends": 150})
        canceled, lost = sandbox.batch(people=2, from_name="[shipped]")["orders_preview"]
        sandbox.post(f"/v1/orders/{canceled['id']}/cancel")
        sandbox.accept(lost)
        sandbox.batch(people=12)
        sandbox.batch(scheduled_send_on="2026-07-01T00:00:00Z")
        sandbox.move(minutes=1)
        parcel = sandbox.order(lost["id"])["shipments"][0]["id"]
        sandbox.post(f"/sandbox/shipments/{parcel}", {"status": "failed_with_reship"})
        for name in ("GOODY", "SENDOSO"):
            monkeypatch.setenv(f"SENDDESK_{name}_URL", sandbox.url)
        monkeypatch.setenv("SENDDESK_GOODY_KEY", KEY)
        monkeypatch.setenv("SENDDESK_SENDOSO_TOKEN", KEY)

        first, again = senddesk("sync", "all"), senddesk("sync", "all", "--full")
        orders = everything(sandbox, "/v1/orders", "data")
        sends = everything(sandbox, "/api/v3/send", "sends")

    assert (first.code, again.code) == (0, 0), first.err + again.err
    assert again.out.count(" 0 new, 0 changed") == 2
    here = senddesk("list", "--format", "json", "--limit", "1000").json
    assert {(each["provider"], each["external_id"]): each["provider_status"] for each in here} == {
        ("goody", order["id"]): order["status"] for order in orders
    } | {("sendoso", str(send["id"])): event_of(send["status"]) for send in sends}
    by_id = {each["external_id"]: each["status"] for each in here if each["provider"] == "goody"}
    assert by_id == {order["id"]: goody_stands(order) for order in orders}
    assert {each["status"] for each in senddesk("batches", "--format", "json").json} == {
        "batch_complete", "batch_scheduled",
    }  # fmt: skip

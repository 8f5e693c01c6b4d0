"""The sync reads a Goody that nobody here has made: the published description, answering by itself."""

import json
from typing import Any

import pytest

from tests.support.command_line import NOW, Senddesk, commands
from tests.support.foreign_goody import ForeignGoody
from tests.support.platform_server import platform
from tests.support.terminal import ROOT

KEY = "key-of-another-goody"
PUBLISHED: dict[str, Any] = json.loads(
    (ROOT / "tests" / "samples" / "openapi" / "goody.json").read_text("utf-8")
)


@pytest.fixture
def senddesk(
    file_address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Senddesk:
    return commands(file_address, monkeypatch, capsys)


def test_all_that_another_goody_has_comes_to_the_desk_as_it_is_there(
    senddesk: Senddesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = ForeignGoody(PUBLISHED, KEY, orders=230)
    with platform(there.answer) as running:
        monkeypatch.setenv("SENDDESK_GOODY_URL", running.address)
        monkeypatch.setenv("SENDDESK_GOODY_KEY", KEY)

        first = senddesk("sync", "goody")
        again = senddesk("sync", "goody", "--full")

    assert (first.code, again.code) == (0, 0), first.err + again.err
    assert f"{len(there.orders) + len(there.batches)} new" in first.out
    assert " 0 new, 0 changed" in again.out
    here = senddesk("list", "--format", "json", "--limit", "1000").json
    assert {send["external_id"]: send["status"] for send in here} == {
        order["id"]: as_the_desk_says(order) for order in there.orders
    }
    batches = senddesk("batches", "--format", "json").json
    # One that is pending until a time to come has a word of its own on the desk.
    told = {each["external_id"]: each["status"].replace("scheduled", "pending") for each in batches}
    assert {name: status.removeprefix("batch_") for name, status in told.items()} == {
        each["id"]: each["send_status"] for each in there.batches
    }


def as_the_desk_says(order: dict[str, Any]) -> str:
    """Return the status of an order; the platform has no word for a gift that nobody accepted in time."""
    is_over = (order.get("expires_at") or NOW) < NOW
    return (
        "expired"
        if is_over and order["status"] in ("created", "notified", "opened")
        else order["status"]
    )

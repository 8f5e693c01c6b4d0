"""Sendoso in the sandbox: the send list, scripts of days, tokens, the limit and the webhooks."""

from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from models.sandbox.sendoso.pace import Pace
from models.sandbox.sendoso.scripts import ALL_EVENTS, STORIES, event_of
from tests.support.sandbox import Running, receiver, running_sandbox


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Running]:
    with running_sandbox(tmp_path) as running:
        running.post("/sandbox/settings", {"rate_limit": False})
        yield running


def send(sandbox: Running, number: int) -> Any:
    return sandbox.get("/api/v3/send")["sends"][number - 1]


def test_a_send_follows_its_script_of_days(sandbox: Running) -> None:
    made = sandbox.post("/sandbox/sends", {"story": "paused", "recipient": {"name": "Teo Brandt"}})
    assert made["status"] == "Processing"
    sandbox.move(days=2)
    assert send(sandbox, 1)["status"] == "Paused"

    sandbox.move(days=30)

    after = send(sandbox, 1)
    assert after["recipient"]["name"] == "Teo Brandt"
    assert after["status"] == "Delivered"
    assert after["status_updates"] == [
        {"status": "Processing", "occurred_at": "2026-03-02T01:00:00-08:00"},
        {"status": "Paused", "occurred_at": "2026-03-04T01:00:00-08:00"},
        {"status": "Packed", "occurred_at": "2026-03-11T02:00:00-07:00"},
        {"status": "Shipped", "occurred_at": "2026-03-12T02:00:00-07:00"},
        {"status": "Delivered", "occurred_at": "2026-03-16T02:00:00-07:00"},
    ]


def test_a_script_of_ones_own_and_a_status_given_by_hand(sandbox: Running) -> None:
    made = sandbox.post("/sandbox/sends", {"script": [[0, "Sent"], [0.5, "Opened"], [9, "Used"]]})
    sandbox.move(hours=12)
    assert send(sandbox, made["id"])["status"] == "Opened"

    sandbox.post(f"/sandbox/sends/{made['id']}", {"status": "Suspicious Email"})
    sandbox.move(days=20)

    assert send(sandbox, made["id"])["status"] == "Suspicious Email"


@pytest.mark.parametrize(
    "script", [[], "Sent", [[0]], [[-1, "Sent"]], [[0, ""]], [[2, "Sent"], [1, "Used"]]]
)
def test_what_is_no_script_is_refused(sandbox: Running, script: object) -> None:
    assert sandbox.client.post("/sandbox/sends", json={"script": script}).status_code == 400


def test_the_list_comes_by_pages(sandbox: Running) -> None:
    for _ in range(5):
        sandbox.post("/sandbox/sends", {})

    pages = [sandbox.get("/api/v3/send", page=page, per_page=2) for page in (1, 2, 3, 4)]

    assert [[each["id"] for each in page["sends"]] for page in pages] == [[1, 2], [3, 4], [5], []]
    assert {(page["per_page"], page["total_count"]) for page in pages} == {(2, 5)}
    assert [page["current_page"] for page in pages] == [1, 2, 3, 4]
    assert sandbox.get("/api/v3/send", per_page=1000)["per_page"] == 100
    assert b64decode(pages[2]["sends"][0]["send_gid"]) == b"gid://sendoso/Send/5"


def test_a_send_is_created_as_the_api_documents_it(sandbox: Running) -> None:
    egift = {
        "touch_id": 530,
        "email": "a@example.com",
        "via": "single_email_address",
        "via_from": "Us",
    }
    made = sandbox.post("/api/v3/send", {"send": egift})
    assert (made["success"], "tracking_url" in made) == (True, True)
    parcel = {
        "touch_id": 512, "name": "A", "email": "a@example.com", "confirm_address": True,
        "via": "single_person_or_company", "via_from": "Us",
    }  # fmt: skip
    sandbox.post("/api/v3/send", {"send": parcel})
    # Sendoso finds no doubles.
    sandbox.post("/api/v3/send", {"send": parcel})

    assert [each["status"] for each in sandbox.get("/api/v3/send")["sends"]] == [
        "Sent", "Confirming Address", "Confirming Address",
    ]  # fmt: skip
    without = sandbox.client.post("/api/v3/send", json={"send": {**egift, "email": ""}})
    assert (without.status_code, without.json()["message"]) == (400, "email can't be blank")
    unknown = sandbox.client.post("/api/v3/send", json={"send": {**egift, "touch_id": 1}})
    assert (unknown.status_code, unknown.json()) == (
        404,
        {"success": False, "message": "Touch not found"},
    )


def test_campaigns_users_and_teams_are_told(sandbox: Running) -> None:
    assert sandbox.get("/api/v3/me")["role"] == "manager"
    assert sandbox.get("/api/v3/touches", delivery_type="email")["total_posts"] == 2
    assert sandbox.get("/api/v3/touches/512")["name"] == "Spring welcome kit"
    assert (
        sandbox.get("/api/v3/groups")["total_groups"]
        == sandbox.get("/api/v3/users")["total_users"]
        == 2
    )
    assert sandbox.get("/api/v3/groups/9/members")[0]["first_name"] == "Ivo"
    assert sandbox.client.get("/api/v3/groups/1/members").json()["message"] == "Group not found!"


def renew(sandbox: Running, tokens: Any) -> httpx.Response:
    form = {name: tokens[name] for name in ("refresh_token", "client_id", "client_secret")}
    return httpx.post(f"{sandbox.url}/oauth/token", data={"grant_type": "refresh_token", **form})


def test_a_refresh_token_is_good_once_and_an_access_token_for_two_hours(sandbox: Running) -> None:
    tokens = sandbox.post("/sandbox/token")

    def answer(token: str) -> httpx.Response:
        return httpx.get(f"{sandbox.url}/api/v3/me", headers={"authorization": f"Bearer {token}"})

    assert answer(tokens["access_token"]).status_code == 200
    sandbox.move(hours=2)
    refusal = answer(tokens["access_token"])
    assert (refusal.status_code, refusal.json()["message"]) == (401, "The access token is invalid")

    fresh = renew(sandbox, tokens)

    assert fresh.status_code == 200
    assert fresh.json()["expires_in"] == 7200
    assert answer(fresh.json()["access_token"]).status_code == 200
    again = renew(sandbox, tokens)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert renew(sandbox, {**tokens, "client_secret": "x"}).status_code == 401


def test_an_application_is_let_in_with_a_code(sandbox: Running) -> None:
    client = sandbox.post("/sandbox/token")
    query = {
        "client_id": client["client_id"], "redirect_uri": "http://localhost:1/back",
        "response_type": "code", "state": "s 1",
    }  # fmt: skip
    answer = httpx.get(f"{sandbox.url}/oauth/authorize", params=query)
    back = httpx.URL(answer.headers["location"])
    assert (answer.status_code, back.host, back.params["state"]) == (302, "localhost", "s 1")
    form = {
        "grant_type": "authorization_code", "code": back.params["code"],
        "client_id": client["client_id"], "client_secret": client["client_secret"],
    }  # fmt: skip

    answers = [httpx.post(f"{sandbox.url}/oauth/token", data=form) for _ in range(2)]

    assert [each.status_code for each in answers] == [200, 400]
    revoked = answers[0].json()["access_token"]
    httpx.post(f"{sandbox.url}/oauth/revoke", data={"token": revoked})
    assert httpx.get(
        f"{sandbox.url}/api/v3/me", headers={"authorization": f"Bearer {revoked}"}
    ).status_code == 401  # fmt: skip


def test_the_eleventh_request_of_a_second_is_refused_and_the_next_second_too() -> None:
    now = [100.0]
    pace = Pace(limited=True, real=lambda: now[0])
    assert [pace.allows() for _ in range(11)] == [True] * 10 + [False]
    now[0] = 100.9
    assert not pace.allows()
    now[0] = 101.0
    assert pace.allows()

    pace.limited = False

    assert all(pace.allows() for _ in range(50))


def test_the_limit_is_of_sendoso_alone(tmp_path: Path) -> None:
    with running_sandbox(tmp_path) as sandbox:
        sandbox.sandbox.pace = Pace(limited=True, real=lambda: 100.0)
        answers = [sandbox.client.get("/api/v3/me") for _ in range(11)]
        goody = {sandbox.client.get("/v1/me").status_code for _ in range(11)}

    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert answers[-1].json() == {"success": False, "message": "Too many requests"}
    assert goody == {200}


def test_each_event_goes_to_its_own_address_with_two_fields(sandbox: Running) -> None:
    with receiver() as hook:
        made = sandbox.post("/sandbox/webhooks", {"url": f"{hook.url}/webhooks/sendoso/{{event}}"})
        assert len(made["data"]) == len(ALL_EVENTS) == 28
        sandbox.post("/sandbox/sends", {"story": "bounced"})
        sandbox.move(days=1)

        deliveries = sorted(hook.wait_for(2), key=lambda each: each.path, reverse=True)

        assert [each.path for each in deliveries] == [
            "/webhooks/sendoso/sent",
            "/webhooks/sendoso/bounced",
        ]
        assert all(each.is_signed for each in deliveries)
        gid = send(sandbox, 1)["send_gid"]
        assert deliveries[0].json == {
            "send_gid": gid,
            "status_changed_at": "2026-03-02T01:00:00-08:00",
        }
        for endpoint in made["data"]:
            assert sandbox.client.delete(f"/sandbox/webhooks/{endpoint['id']}").status_code == 204


def test_every_status_of_every_story_has_its_event() -> None:
    statuses = {status for script in STORIES.values() for _, status in script}
    assert {event_of(status) for status in statuses} <= set(ALL_EVENTS)


def test_many_sends_and_orders_are_filled_in_and_go_on(sandbox: Running) -> None:
    sandbox.post("/sandbox/fill", {"orders": 300, "sends": 300})

    sends = [
        send
        for page in (1, 2, 3)
        for send in sandbox.get("/api/v3/send", page=page, per_page=100)["sends"]
    ]
    orders = [
        order
        for page in (1, 2, 3)
        for order in sandbox.get("/v1/orders", page=page, per_page=100)["data"]
    ]
    assert len({each["id"] for each in sends}) == len({each["id"] for each in orders}) == 300
    assert {"Sent", "Paused", "Delivered", "Used"} <= {each["status"] for each in sends}
    assert {"notified", "opened", "shipped", "delivered"} <= {each["status"] for each in orders}
    moving = [order["id"] for order in orders if order["status"] == "shipped"]
    sandbox.move(days=30)
    assert {sandbox.order(order)["status"] for order in moving} == {"delivered"}

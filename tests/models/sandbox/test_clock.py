"""The sandbox's clock: real, faster, standing still, set; and what a restart makes of it."""

from pathlib import Path

import pytest

from models.sandbox.clock import SandboxClock, seconds_of, stamp
from models.sandbox.state import State
from tests.support.sandbox import receiver, running_sandbox


def test_it_runs_as_fast_as_it_is_told_and_goes_on_after_a_restart(tmp_path: Path) -> None:
    real = [1000.0]
    state = State(tmp_path / "sandbox.db")
    clock = SandboxClock(state, real=lambda: real[0])
    real[0] += 5
    assert clock.now == 1005.0
    clock.set(2000.0, 60.0)
    real[0] += 10
    assert (clock.now, clock.second) == (2600.0, 2600)
    assert clock.real_seconds_until(2660.0) == 1.0
    state.close()

    state = State(tmp_path / "sandbox.db")
    again = SandboxClock(state, real=lambda: real[0] + 1)
    assert again.now == 2660.0
    still = SandboxClock(state, speed=0, real=lambda: real[0] + 1)
    real[0] += 100
    assert still.now == 2660.0
    assert still.real_seconds_until(2661.0) == float("inf")
    state.close()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2026-03-01T09:00:00Z", "2026-03-01T09:00:00Z"),
        ("2026-03-01T09:00:00+0130", "2026-03-01T07:30:00Z"),
        ("2026-03-01T09:00:00 01:00", "2026-03-01T08:00:00Z"),
        ("2026-03-01t09:00:00.999z", "2026-03-01T09:00:00Z"),
        ("2026-03-01T09:00", "2026-03-01T09:00:00Z"),
        ("2026-03-01", "2026-03-01T00:00:00Z"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
    ],
)
def test_times_of_requests_are_read(text: str, told: str) -> None:
    assert stamp(seconds_of(text)) == told


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-03-1",
        "20260301",
        "9999-12-31T23:59:59-08:00",
        "20260301T090000Z",
        "now",
        "2026-13-01T00:00:00Z",
    ],
)
def test_what_is_no_time_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"no time|isoformat|month"):
        seconds_of(text)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"now": "x"},
        {"now": 5},
        {"speed": -1},
        {"speed": True},
        {"now": "9999-01-01T00:00:00Z"},
        [],
    ],
)
def test_a_clock_cannot_be_set_to_nonsense(tmp_path: Path, body: object) -> None:
    with running_sandbox(tmp_path) as sandbox:
        assert sandbox.client.post("/sandbox/clock", json=body).status_code == 400
        assert sandbox.get("/sandbox/clock") == {"now": "2026-03-02T09:00:00Z", "speed": 0.0}


def test_a_clock_set_back_undoes_nothing(tmp_path: Path) -> None:
    with running_sandbox(tmp_path) as sandbox:
        order = sandbox.batch(from_name="[delivered]")["orders_preview"][0]
        sandbox.move(days=1)
        sandbox.post("/sandbox/clock", {"now": "2026-03-01T09:00:00Z"})
        sandbox.accept(order)
        sandbox.move(days=2)

        after = sandbox.order(order["id"])

    times = [time for time in after["event_times"].values() if time]
    assert after["status"] == "delivered"
    assert times == sorted(times)


def test_its_answers_have_the_date_of_its_clock(tmp_path: Path) -> None:
    with running_sandbox(tmp_path, now="2026-03-01T09:00:00Z") as sandbox:
        for path in ("/v1/me", "/v1/nothing"):
            dates = sandbox.client.get(path).headers.get_list("date")
            assert dates == ["Sun, 01 Mar 2026 09:00:00 GMT"]


def test_settings_are_kept_over_a_restart(tmp_path: Path) -> None:
    wanted = {"rate_limit": False, "legacy_events": True}
    with running_sandbox(tmp_path) as sandbox:
        assert sandbox.get("/sandbox/settings") == {"rate_limit": True, "legacy_events": False}
        assert sandbox.post("/sandbox/settings", wanted) == wanted
    with running_sandbox(tmp_path, now=None) as sandbox:
        assert sandbox.get("/sandbox/settings") == wanted


def test_a_restart_goes_on_with_what_was_to_come(tmp_path: Path) -> None:
    with receiver() as hook:
        hook.answers = [500]
        with running_sandbox(tmp_path) as sandbox:
            sandbox.post(
                "/v1/webhooks", {"url": hook.url, "events": ["order.created", "order.delivered"]}
            )
            order = sandbox.batch(from_name="[delivered]")["orders_preview"][0]
            hook.wait_for(1)
            while not sandbox.get("/sandbox/messages")["data"][0]["attempts"]:
                pass
            sandbox.accept(order)

        with running_sandbox(tmp_path, now=None) as sandbox:
            assert sandbox.order(order["id"])["status"] == "accepted"
            sandbox.move(minutes=1)

            assert sandbox.order(order["id"])["status"] == "delivered"
            hook.wait_for(3)
    assert sorted(hook.events) == ["order.created", "order.created", "order.delivered"]

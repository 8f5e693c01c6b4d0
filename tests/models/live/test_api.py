"""Asking a platform: its token, its refusals, its failures; and that no secret is ever told."""

import itertools
import threading
import time

import pytest

from models.live.api import Api, Patience, PlatformError, Refused, Reply, Unreachable
from models.live.pace import Pace, Stopped
from models.live.settings import PlatformSettings
from models.providers import goody
from tests.support.platform_server import Answered, Asked, Platform, platform

CANARY = "canary-4711"
HASTE = Patience(attempts=4, first=0.001, longest=0.002, jitter=0.001)


def api(of: Platform, stop: threading.Event | None = None, **more: object) -> Api:
    environ = {"SENDDESK_GOODY_URL": of.address, "SENDDESK_GOODY_KEY": CANARY}
    settings = PlatformSettings(goody.PROVIDER, environ=environ)
    return Api(settings, stop=stop, patience=HASTE, **more)  # type: ignore[arg-type]


def in_turn(*answers: Answered) -> "itertools.chain[Answered]":
    return itertools.chain(answers, itertools.repeat(answers[-1]))


def test_each_request_has_the_key() -> None:
    with platform(lambda asked: Answered({"data": []})) as of, api(of) as goody_api:
        reply = goody_api.get("/v1/orders", {"created_at[after]": "2026-06-01T00:00:00Z"})

    assert (reply.status, reply.body) == (200, {"data": []})
    assert reply.at is not None
    (asked,) = of.asked
    assert asked.headers["Authorization"] == f"Bearer {CANARY}"
    assert asked.query == {"created_at[after]": "2026-06-01T00:00:00Z"}


def test_half_of_a_character_does_not_hide_the_other_entries() -> None:
    body = b'{"data": [{"name": "Bad\\ud83d"}, {"name": "Good"}]}'
    with platform(lambda asked: Answered(body)) as of, api(of) as goody_api:
        assert goody_api.get("/v1/orders").body == {
            "data": [{"name": "Bad\ud83d"}, {"name": "Good"}]
        }
    assert len(of.asked) == 1


@pytest.mark.parametrize(
    "failure",
    [
        Answered(status=503),
        Answered({"error": "slow down"}, 429),
        Answered(None, 429, {"Retry-After": "0"}),
        Answered(b"<html>a proxy</html>"),
        Answered(b'{"data": [' * 100_000),
    ],
    ids=["503", "429", "429 with a rest", "no JSON", "too deep"],
)
def test_a_failure_passes(failure: Answered) -> None:
    answers = in_turn(failure, failure, Answered({"data": []}))
    told: list[str] = []

    with platform(lambda asked: next(answers)) as of, api(of, tell=told.append) as goody_api:
        assert goody_api.get("/v1/orders").body == {"data": []}

    assert len(of.asked) == 3
    assert len(told) == 1
    assert told[0].endswith("; it is asked again.")


def test_a_platform_that_fails_for_good_is_told_in_one_sentence() -> None:
    with (
        platform(lambda asked: Answered(status=500)) as of,
        api(of) as goody_api,
        pytest.raises(Unreachable) as failed,
    ):
        goody_api.get("/v1/orders")

    assert str(failed.value) == "Goody fails (answer 500)."
    assert len(of.asked) == HASTE.attempts


def test_a_platform_that_is_not_there() -> None:
    with platform(lambda asked: Answered()) as of:
        pass
    with api(of) as goody_api, pytest.raises(Unreachable, match="cannot be reached"):
        goody_api.get("/v1/orders")


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ({"error": "Unauthorized"}, 401, "Goody refuses the key (answer 401: Unauthorized)."),
        ({"message": "No."}, 404, "Goody refuses GET /v1/orders (answer 404: No)."),
        (b"what?", 400, "Goody refuses GET /v1/orders (answer 400)."),
        ({"error": f"the key {CANARY} is wrong"}, 403, "(answer 403: the key *** is wrong)."),
        ({"error": "red \x1b[31m"}, 403, "(answer 403: red"),
    ],
)
def test_a_refusal_is_final_and_tells_no_secret(body: object, status: int, told: str) -> None:
    with (
        platform(lambda asked: Answered(body, status)) as of,
        api(of) as goody_api,
        pytest.raises(Refused) as refused,
    ):
        goody_api.get("/v1/orders")

    assert told in str(refused.value)
    assert CANARY not in str(refused.value)
    assert "\x1b" not in str(refused.value)
    assert len(of.asked) == 1


def test_what_may_be_done_is_not_done_again() -> None:
    with platform(lambda asked: Answered(status=502)) as of, api(of) as goody_api:
        with pytest.raises(Unreachable) as failed:
            goody_api.send("POST", "/v1/orders/1/cancel")

        assert failed.value.may_be_done
        assert len(of.asked) == 1


def test_what_the_platform_had_no_time_for_is_asked_again() -> None:
    answers = in_turn(Answered(status=429), Answered({"id": "1"}, 201))

    with platform(lambda asked: next(answers)) as of, api(of) as goody_api:
        reply = goody_api.send("POST", "/v1/webhooks", {"url": "https://desk.example"})

    assert reply == Reply(201, {"id": "1"}, reply.at)
    assert of.asked[-1].body == b'{"url":"https://desk.example"}'


def test_an_answer_without_a_body() -> None:
    with platform(lambda asked: Answered(b"", 204)) as of, api(of) as goody_api:
        assert goody_api.send("DELETE", "/v1/webhooks/1").body is None


def test_an_answer_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.live.api._MOST_BYTES", 1000)

    with (
        platform(lambda asked: Answered(b" " * 2000)) as of,
        api(of) as goody_api,
        pytest.raises(PlatformError, match="more than 1,000 bytes"),
    ):
        goody_api.get("/v1/orders")


def test_a_redirection_gets_no_key() -> None:
    with platform(lambda asked: Answered()) as other:
        elsewhere = Answered(status=302, headers={"Location": f"{other.address}/v1/orders"})
        with (
            platform(lambda asked: elsewhere) as of,
            api(of) as goody_api,
            pytest.raises(Refused, match="answer 302"),
        ):
            goody_api.get("/v1/orders")

    assert other.asked == []


def test_whoever_stops_waits_for_nobody() -> None:
    stop = threading.Event()

    def answer(asked: Asked) -> Answered:
        stop.set()
        return Answered(None, 429, {"Retry-After": "3600"})

    with platform(answer) as of, api(of, stop) as goody_api, pytest.raises(Stopped):
        goody_api.get("/v1/orders")


def test_the_pace_is_kept_by_all_threads_together() -> None:
    pace = Pace(100, threading.Event())
    threads = [threading.Thread(target=pace.wait) for _ in range(21)]
    begun = time.monotonic()

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert time.monotonic() - begun >= 20 / 100


def test_a_rest_holds_for_all() -> None:
    pace = Pace(None, threading.Event())
    begun = time.monotonic()

    pace.rest(0.05)
    pace.wait()

    assert time.monotonic() - begun >= 0.05

"""Asking Goody to cancel and to extend, against the sandbox: recorded before, never twice, answers looked up."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import psycopg
import pytest

from models.database import open_database
from models.desk import Desk
from models.errors import DeskError, DeskUnavailable, NothingToDo, ReadOnly, StaleSend
from models.history.audit import verify
from models.live.api import Patience
from models.live.asking import Declined, PlatformDesk
from models.live.settings import MissingSetting, PlatformSettings
from models.providers.goody import payloads as goody
from models.providers.provider import Provider
from models.records import Case, Event, EventKind, SendRecord
from models.rules.operations import CancelOnPlatform, ExtendOnPlatform
from models.rules.state import known_at
from models.writing.writer import Request
from tests.support.desk_cases import HandClock, arrive, parcel, take
from tests.support.platform_server import Answered, Asked, Platform, platform
from tests.support.sandbox import KEY, Running, running_sandbox

HASTE = Patience(attempts=2, first=0.001, longest=0.002, jitter=0.001, answer=5.0)
CANCEL = CancelOnPlatform("the customer asked")


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@dataclass
class Way:
    """The way to the sandbox, on which requests and answers get lost."""

    sandbox: Running
    lost: list[str] = field(default_factory=list)
    """What becomes of the next POSTs: `request` or `answer` is lost; then they pass."""
    blind: bool = False
    """Whether what is looked up is not answered."""
    overtaken: str = ""
    """A POST that reaches the sandbox just before the next one."""
    meanwhile: list[Callable[[], object]] = field(default_factory=list)
    """What others do while each of the next requests is under way."""

    def pass_on(self, asked: Asked) -> Answered:
        if asked.method == "GET" and self.blind:
            return Answered(status=503)
        if self.meanwhile:
            self.meanwhile.pop(0)()
        if asked.method == "POST" and self.overtaken:
            self.sandbox.post(self.overtaken)
            self.overtaken = ""
        loss = self.lost.pop(0) if self.lost and asked.method == "POST" else ""
        if loss == "request":
            return Answered(status=502)
        headers = {
            "authorization": asked.headers["Authorization"],
            "content-type": "application/json",
        }
        answer = httpx.request(
            asked.method, self.sandbox.url + asked.path, headers=headers, content=asked.body
        )
        if loss == "answer":
            return Answered(status=502)
        return Answered(answer.json(), answer.status_code)


class Scene:
    """A desk with an order of the sandbox, and the way between both."""

    def __init__(self, desk: Desk, sandbox: Running, clock: HandClock) -> None:
        self.desk = desk
        self.sandbox = sandbox
        self.clock = clock
        self.way = Way(sandbox)
        batch = sandbox.batch()
        (order,) = sandbox.get(f"/v1/order_batches/{batch['id']}/orders")["data"]
        self.id = str(order["id"])
        self.send = arrive(desk, goody.read(sandbox.order(self.id)))

    def ask(
        self, address: str, operation: Any = CANCEL, request: Request | None = None, **more: str
    ) -> Case:
        return self.asker(address, **more).do(self.now, operation, request=request)

    def asker(self, address: str, *, key: str = KEY, agent: str = "") -> PlatformDesk:
        environ = {"SENDDESK_GOODY_URL": address, "SENDDESK_GOODY_KEY": key}

        def settings(provider: Provider) -> PlatformSettings:
            return PlatformSettings(provider, environ=environ)

        desk = Desk(self.desk.database, agent, self.clock) if agent else self.desk
        return PlatformDesk(desk, settings, patience=HASTE)

    def seen_by(self, desk: Desk) -> "Scene":
        """Return the same order at another desk."""
        found = copy(self)
        found.desk = desk
        return found

    @property
    def now(self) -> SendRecord:
        return self.desk.find(f"goody:{self.id}")

    @property
    def history(self) -> list[Event]:
        """What the history says about requests, the oldest first."""
        kinds = (EventKind.CANCEL, EventKind.EXTEND, EventKind.ANSWER)
        return [each for each in self.desk.case(self.send.id).history[::-1] if each.kind in kinds]

    @property
    def became(self) -> list[str]:
        answers = (
            json.loads(each.detail) for each in self.history if each.kind is EventKind.ANSWER
        )
        return [answer["became"] for answer in answers]


@pytest.fixture
def scene(desk: Desk, sandbox: Running, clock: HandClock) -> Iterator[Scene]:
    found = Scene(desk, sandbox, clock)
    yield found
    assert verify(desk.database).problems == ()


@pytest.fixture
def way(scene: Scene) -> Iterator[Platform]:
    with platform(scene.way.pass_on) as running:
        yield running


def posts(way: Platform) -> int:
    return sum(each.method == "POST" for each in way.asked)


def test_an_order_is_canceled_and_the_answer_recorded(scene: Scene, way: Platform) -> None:
    case = scene.ask(way.address)

    assert scene.sandbox.order(scene.id)["status"] == "failed"
    assert (case.send.provider_status, case.send.stage) == ("failed", "closed")
    asked, answered = scene.history
    assert (asked.kind, asked.actor, asked.reason) == (
        EventKind.CANCEL,
        scene.desk.agent,
        "the customer asked",
    )
    assert (answered.kind, answered.reason) == (EventKind.ANSWER, "Goody has it as Failed.")
    assert json.loads(answered.detail) == {
        "answers": asked.seq,
        "became": "done",
        "kind": "cancel",
        "status": None,
    }
    assert posts(way) == 1
    (canceled,) = (each for each in case.history if each.to_status == "failed")
    assert known_at(canceled) == scene.clock.now
    assert (case.send.since, case.send.order_uncertain) == (scene.clock.now, False)


def test_no_transaction_is_open_while_the_platform_is_asked(scene: Scene, way: Platform) -> None:
    jo = Desk(scene.desk.database, "jo", scene.clock)
    scene.way.lost = ["answer"]
    scene.way.meanwhile = [lambda: jo.note(scene.now, "one"), lambda: jo.note(scene.now, "two")]

    case = scene.ask(way.address)

    assert [each.method for each in way.asked] == ["POST", "GET"]
    assert case.send.provider_status == "failed"
    assert [each.reason for each in case.history if each.kind is EventKind.NOTE] == ["two", "one"]


def test_who_may_only_read_asks_no_platform(
    scene: Scene, way: Platform, address: str, clock: HandClock
) -> None:
    database = open_database(address, read_only=True)
    reader = scene.seen_by(Desk(database, "eve", clock))
    with pytest.raises(ReadOnly):
        reader.ask(way.address)
    database.close()
    assert way.asked == []


@pytest.mark.parametrize("address", ["postgresql"], indirect=True)
def test_a_role_without_the_right_to_write_asks_no_platform(
    scene: Scene, way: Platform, address: str
) -> None:
    """Only a server has roles."""
    with psycopg.connect(address, autocommit=True) as admin:
        with suppress(psycopg.errors.DuplicateObject):
            admin.execute("CREATE ROLE reader LOGIN")
        admin.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
    database = open_database(address.replace("postgres:@", "reader@"))
    reader = scene.seen_by(Desk(database, "eve", scene.clock))
    with pytest.raises(DeskUnavailable, match="does not allow this user to do that"):
        reader.ask(way.address)
    database.close()
    assert way.asked == []


def test_an_end_date_is_moved(scene: Scene, way: Platform) -> None:
    until = (scene.clock() + timedelta(days=400)).replace(microsecond=0)

    case = scene.ask(way.address, ExtendOnPlatform(until))

    assert case.send.expires_at == until
    told = datetime.fromisoformat(scene.sandbox.order(scene.id)["expires_at"])
    assert told.astimezone(UTC) == until
    assert scene.history[0].reason == f"until {until:%Y-%m-%d %H:%M} UTC"
    assert scene.became == ["done"]


def test_a_refusal_is_shown_as_it_is_and_the_desk_follows(scene: Scene, way: Platform) -> None:
    scene.sandbox.accept(scene.sandbox.order(scene.id))

    with pytest.raises(
        Declined, match="Goody refuses: “Order can't be canceled: it is "
    ) as refused:
        scene.ask(way.address)

    assert "(answer 400)" in str(refused.value)
    assert scene.became == ["refused"]
    assert scene.history[1].reason in str(refused.value)
    assert scene.now.provider_status not in ("created", "notified", "opened")
    with pytest.raises(DeskError, match=r"cannot be canceled from here\. .*ask Goody Support"):
        scene.ask(way.address)
    assert posts(way) == 1


def test_a_retry_with_the_same_request_asks_nothing_again(scene: Scene, way: Platform) -> None:
    request = Request("call-7731")
    first = scene.ask(way.address, request=request)

    again = scene.ask(way.address, request=request)

    assert again.send == first.send
    assert len(way.asked) == 1
    assert len(scene.history) == 2


def test_a_refusal_is_repeated_for_the_same_request(scene: Scene, way: Platform) -> None:
    request = Request("call-7732")
    scene.sandbox.accept(scene.sandbox.order(scene.id))
    told = set()
    for _ in range(2):
        with pytest.raises(Declined) as refused:
            scene.ask(way.address, request=request)
        told.add(str(refused.value))
    assert len(told) == 1
    assert posts(way) == 1


def test_a_lost_answer_is_looked_up(scene: Scene, way: Platform) -> None:
    scene.way.lost = ["answer"]

    case = scene.ask(way.address)

    assert case.send.provider_status == "failed"
    assert [each.method for each in way.asked] == ["POST", "GET"]
    assert scene.became == ["done"]


def test_what_cannot_be_looked_up_is_told_and_the_next_try_looks_first(
    scene: Scene, way: Platform
) -> None:
    scene.way.lost, scene.way.blind = ["answer"], True
    with pytest.raises(Declined, match="Whether it did it is not known"):
        scene.ask(way.address)
    assert scene.became == ["unknown"]
    scene.way.blind = False

    case = scene.ask(way.address)

    assert case.send.provider_status == "failed"
    assert posts(way) == 1
    assert scene.became == ["unknown", "done"]


def test_what_was_not_done_is_asked_for_again(scene: Scene, way: Platform) -> None:
    scene.way.lost = ["request"]
    with pytest.raises(Declined):
        scene.ask(way.address)

    scene.ask(way.address)

    assert scene.sandbox.order(scene.id)["status"] == "failed"
    assert scene.became == ["unknown", "not done", "done"]


@pytest.mark.parametrize("lost", ["request", "answer"])
def test_the_same_request_goes_on_where_it_broke_off(
    scene: Scene, way: Platform, lost: str
) -> None:
    request = Request("call-7733")
    # As after a crash: the request is recorded, and no answer.
    scene.desk.do(scene.now, CANCEL, request=request)
    if lost == "answer":
        scene.sandbox.post(f"/v1/orders/{scene.id}/cancel")

    case = scene.ask(way.address, request=request)

    assert case.send.provider_status == "failed"
    assert [each.method for each in way.asked] == (["GET"] if lost == "answer" else ["GET", "POST"])
    assert [each.kind for each in scene.history] == [EventKind.CANCEL, EventKind.ANSWER]


def test_what_the_first_attempt_does_meanwhile_is_no_refusal(scene: Scene, way: Platform) -> None:
    request = Request("call-7734")
    scene.desk.do(scene.now, CANCEL, request=request)
    scene.way.overtaken = f"/v1/orders/{scene.id}/cancel"

    case = scene.ask(way.address, request=request)

    assert case.send.provider_status == "failed"
    assert [each.method for each in way.asked] == ["GET", "POST", "GET"]
    assert scene.became == ["done"]


def test_while_an_answer_is_awaited_nobody_else_asks(scene: Scene, way: Platform) -> None:
    scene.desk.do(scene.now, CANCEL)
    scene.clock.advance(seconds=10)
    with pytest.raises(Declined, match=f"{scene.desk.agent} asked for that .* still awaited"):
        scene.ask(way.address, agent="jo")
    assert way.asked == []
    scene.clock.advance(minutes=5)

    scene.ask(way.address, agent="jo")

    assert posts(way) == 1
    assert scene.became == ["not done", "done"]


def test_whoever_saw_it_before_the_request_is_told(scene: Scene, way: Platform) -> None:
    seen = scene.now
    scene.ask(way.address, ExtendOnPlatform(scene.clock() + timedelta(days=400)))
    with pytest.raises(StaleSend, match="has changed since you saw it"):
        scene.asker(way.address, agent="jo").do(seen, CANCEL)
    assert posts(way) == 1


def test_a_platform_that_is_not_there_is_told_and_not_asked(scene: Scene) -> None:
    with platform(lambda asked: Answered()) as gone:
        pass
    with pytest.raises(Declined, match=r"cannot be reached.* Nothing was asked of it"):
        scene.ask(gone.address)
    assert scene.became == ["not done"]


def test_without_a_key_nothing_is_written(scene: Scene, way: Platform) -> None:
    with pytest.raises(MissingSetting, match="SENDDESK_GOODY_KEY"):
        scene.ask(way.address, key="")
    assert scene.history == []


def test_what_a_platform_was_asked_cannot_be_taken_back(scene: Scene, way: Platform) -> None:
    scene.desk.note(scene.now, "they called")
    scene.ask(way.address)
    step = scene.desk.last_step()
    (result,) = scene.desk.undo_or_redo(step)
    assert isinstance(result.became, NothingToDo)
    assert "what Goody was asked for cannot be taken back" in str(result.became)
    (note,) = scene.desk.last_step(passing=(step,))
    assert note.event.kind is EventKind.NOTE


def test_of_several_each_has_its_own_answer(scene: Scene, way: Platform) -> None:
    other = Scene(scene.desk, scene.sandbox, scene.clock)
    other.sandbox.accept(other.sandbox.order(other.id))
    foreign = arrive(scene.desk, parcel(1))
    sends = [(each, Request()) for each in (scene.now, other.now, foreign)]

    done, refused, elsewhere = scene.asker(way.address).do_all(sends, CANCEL)

    assert isinstance(done.became, SendRecord)
    assert done.event is not None
    assert "Goody refuses" in str(refused.became)
    assert "Ask Sendoso Support at once" in str(elsewhere.became)
    assert posts(way) == 2


def test_what_a_platform_says_later_is_no_surprise(scene: Scene, way: Platform) -> None:
    scene.ask(way.address)
    assert take(scene.desk, goody.read(scene.sandbox.order(scene.id))).unchanged == 1
    assert scene.now.provider_status == "failed"

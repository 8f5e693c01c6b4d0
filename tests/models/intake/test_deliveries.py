"""Messages of webhooks: each has its effect once, in any order, and none is lost that cannot be applied yet."""

import json
import random
from datetime import timedelta
from functools import partial

import pytest

from models.database import Database, open_database
from models.desk import Desk
from models.errors import ReadOnly, UnknownSend
from models.history.audit import verify
from models.intake import deliveries
from models.intake.deliveries import Message, State
from models.intake.intake import Intake
from models.live.deliveries import Delivery, newest_first, numbers_of, replay
from models.providers import catalogue
from models.providers.goody.webhooks import EVENTS
from models.records import EventKind
from models.rules.packet import packet
from models.rules.state import known_at
from tests.support.desk_cases import HandClock, arrive, egift, fact, order, parcel, take
from tests.support.sample_cases import NOW
from tests.support.unguarded import unguarded
from tests.support.webhooks import ORDER, goody, sendoso

LIFE = (
    ("order.created", "created"),
    ("order.gift_opened", "opened"),
    ("order.gift_accepted", "accepted"),
    ("order.shipped", "shipped"),
    ("order.delivered", "delivered"),
)


STATUS_AFTER = {
    "order.gift_opened": "opened",
    "order.gift_accepted": "accepted",
    "order.shipped": "shipped",
    "order.delivered": "delivered",
    "order.canceled": "canceled",
}


def message(name: str, body: bytes, provider: str = "goody", event: str = "") -> Message:
    webhooks = catalogue.provider(provider).webhook
    assert webhooks is not None
    told = deliveries.told(webhooks, body, event)
    return Message(provider, name, NOW, told.event, told.subject, body)


def receive(database: Database, *messages: Message) -> None:
    deliveries.store(database, messages)
    while deliveries.apply_new(database, NOW):
        pass


def states(database: Database) -> dict[str, str]:
    return {each.message: each.state for each in newest_first(database)}


def problems(database: Database) -> str:
    return "\n".join(each.problem for each in newest_first(database))


def life(order: str = ORDER) -> list[Message]:
    return [
        message(f"{order[:8]}-{number}", goody(event, status, order))
        for number, (event, status) in enumerate(LIFE)
    ]


def test_a_message_makes_a_send_and_moves_it(desk: Desk) -> None:
    receive(desk.database, *life()[:2])
    assert desk.find(f"goody:{ORDER}").status == "opened"
    receive(desk.database, life()[4])
    found = desk.find(f"goody:{ORDER}")
    assert (found.status, found.recipient_name) == ("delivered", "Lena Okafor")
    assert {event.source for event in desk.case(found.id).history} == {"webhook"}


def test_what_a_message_tells_has_happened_when_it_came(desk: Desk, clock: HandClock) -> None:
    came = NOW - timedelta(hours=3)
    receive(desk.database, *(each._replace(received_at=came) for each in life()[:4]))

    found = desk.find(f"goody:{ORDER}")
    case = desk.case(found.id)

    assert (found.status, found.since, found.order_uncertain) == ("shipped", came, False)
    assert {known_at(each) for each in case.history} == {came}
    assert {each.at for each in case.history} == {None}
    assert "time unknown" not in packet(case, desk.local_time())
    assert verify(desk.database).problems == ()


def test_a_message_that_comes_late_turns_nothing_back(desk: Desk) -> None:
    opened, accepted = life()[1:3]
    receive(desk.database, accepted._replace(received_at=NOW - timedelta(hours=5)))
    receive(desk.database, opened)

    found = desk.find(f"goody:{ORDER}")

    assert (found.status, found.since) == ("accepted", NOW - timedelta(hours=5))


def test_the_time_that_the_platform_states_counts_more(desk: Desk) -> None:
    receive(desk.database, life()[3])
    shipped = NOW - timedelta(minutes=7)
    arrive(desk, order(ORDER, fact("shipped", shipped)))

    assert desk.find(f"goody:{ORDER}").since == shipped


def test_what_has_stood_for_an_unknown_time_is_not_taken_as_news(desk: Desk) -> None:
    receive(desk.database, message("m", goody("order.thank_you_note_added", "shipped")))

    assert desk.find(f"goody:{ORDER}").order_uncertain


def test_a_message_has_its_effect_once_however_often_it_comes(desk: Desk) -> None:
    (shipped,) = life()[3:4]
    receive(desk.database, shipped, shipped)
    before = desk.find(f"goody:{ORDER}")
    receive(desk.database, shipped._replace(body=goody("order.delivered", "delivered")), shipped)
    assert desk.find(f"goody:{ORDER}") == before
    assert states(desk.database) == {shipped.message: "applied"}


def test_another_platform_may_use_the_same_id(desk: Desk) -> None:
    arrive(desk, parcel(44))
    shipped = message("same", sendoso(44), "sendoso", "shipped")
    receive(desk.database, life()[0]._replace(message="same"), shipped)
    assert [each.state for each in newest_first(desk.database)] == ["applied", "applied"]


def test_twenty_shuffled_and_repeated_lives_end_delivered(desk: Desk) -> None:
    orders = [f"{number:08d}-7a55-4c0e-9d1b-5a3f0e2c9a11" for number in range(20)]
    told = [each for name in orders for each in life(name)] * 2
    dice = random.Random(1)
    dice.shuffle(told)
    while told:
        some = [told.pop() for _ in range(min(len(told), dice.randint(1, 9)))]
        receive(desk.database, *some)
    assert {desk.find(f"goody:{name}").status for name in orders} == {"delivered"}
    assert set(states(desk.database).values()) == {"applied"}
    assert verify(desk.database).problems == ()


def test_shuffled_messages_of_sendoso_are_ordered_by_their_times(desk: Desk) -> None:
    arrive(desk, parcel(44, fact("Confirming Address", NOW - timedelta(days=9))))
    steps = ("order_received", "fulfilling", "shipped", "delivered")
    told = [
        message(
            step,
            sendoso(44, f"{NOW - timedelta(days=8 - day):%Y-%m-%dT%H:%M:%SZ}"),
            "sendoso",
            step,
        )
        for day, step in enumerate(steps)
    ]
    for each in reversed(told):
        receive(desk.database, each)
    found = desk.find("sendoso:44")
    assert (found.status, found.since) == ("delivered", NOW - timedelta(days=5))
    history = desk.case(found.id).history
    assert len([each for each in history if each.kind is EventKind.FACT]) == 5


@pytest.mark.parametrize(
    "spelling", ["delivered", "send.delivered", "Send-Delivered", "send_delivered"]
)
def test_an_address_names_the_event_in_any_spelling(desk: Desk, spelling: str) -> None:
    arrive(desk, parcel(44))
    receive(desk.database, message("m", sendoso(44), "sendoso", spelling))
    assert newest(desk.database).event == "delivered"
    assert newest(desk.database).send == "S-44"


@pytest.mark.parametrize("event", ["order.refunded", "order.thank_you_note_added"])
def test_an_event_that_is_no_status_leaves_the_status(desk: Desk, event: str) -> None:
    receive(desk.database, life()[3], message("m", goody(event, "shipped")))
    assert desk.find(f"goody:{ORDER}").status == "shipped"
    assert newest(desk.database).state == "applied"


def batch(spelling: str, happened: str, status: str) -> bytes:
    """Return a message about a batch, in the words of today or in the older ones."""
    older = spelling == "gift"
    counted, shown = (
        ("gifts_count", "gifts_preview") if older else ("orders_count", "orders_preview")
    )
    data = {
        "id": "a7b6c5d4-e3f2-4110-9a8b-7c6d5e4f3007", "send_status": status, "from_name": "Max",
        counted: 2, shown: [], "recipients_count": 2, "recipients_preview": [],
        "cart": {"id": "x", "items": []}, "is_scheduled_send": False,
        "sender": {"first_name": "Max", "last_name": "Reyes", "email": "max@example.org"},
        "reference_id": "SAMPLEREF000000000000002",
    }  # fmt: skip
    name = {"event_id" if older else "id": "e"}
    return json.dumps({"event_type": f"{spelling}_batch.{happened}", **name, "data": data}).encode()


@pytest.mark.parametrize("key", ["id", "event_id"])
@pytest.mark.parametrize("event", [each for each in EVENTS if each.startswith("order.")])
def test_events_of_orders_are_told_in_every_spelling(desk: Desk, event: str, key: str) -> None:
    """Published are `order.gift_opened` and `id`; the older words are `gift.…` and `event_id`."""
    what = event.removeprefix("order.")
    spellings = {event, f"gift.{what}", f"gift.{what.removeprefix('gift_')}"}
    spellings |= {each.replace("canceled", "cancelled") for each in spellings}
    for number, spelling in enumerate(sorted(spellings)):
        body = goody(spelling, "created").replace(b'"id": "event', f'"{key}": "event'.encode())
        receive(desk.database, message(f"m{number}", body))
        assert newest(desk.database).event == event
    assert set(states(desk.database).values()) == {"applied"}
    found = desk.find(f"goody:{ORDER}")
    assert found.status == STATUS_AFTER.get(event, "created")
    assert (found.refunded_at is not None) == (event == "order.refunded")


@pytest.mark.parametrize("spelling", ["order", "gift"])
def test_batches_are_told_in_both_spellings(desk: Desk, spelling: str) -> None:
    receive(desk.database, message("m1", batch(spelling, "created", "pending")))
    assert newest(desk.database).event == "order_batch.created"
    receive(desk.database, message("m2", batch(spelling, "completed", "complete")))
    assert states(desk.database) == {"m1": "applied", "m2": "applied"}
    found = desk.find("goody:a7b6c5d4-e3f2-4110-9a8b-7c6d5e4f3007")
    assert (found.type, found.ref) == ("batch", newest(desk.database).send)


def test_a_refund_is_told_by_its_event(desk: Desk) -> None:
    receive(desk.database, life()[3])
    assert desk.find(f"goody:{ORDER}").refunded_at is None
    receive(desk.database, message("m", goody("order.refunded", "shipped")))
    assert desk.find(f"goody:{ORDER}").refunded_at is not None


@pytest.mark.parametrize("cents", [10**18, 10**19, -(10**30)])
def test_a_refund_of_no_amount_of_money_is_told_without_it(desk: Desk, cents: int) -> None:
    refund = goody("order.refunded", "shipped", amounts={"amount_total": cents})
    receive(desk.database, *life()[:4], message("m", refund))
    assert set(states(desk.database).values()) == {"applied"}
    send = desk.find(f"goody:{ORDER}")
    assert send.refunded_at is not None
    assert send.refunded_minor is None


@pytest.mark.parametrize("number", [10**19, 10**400, -(2**63) - 1])
def test_no_number_in_a_message_ends_the_receiver(desk: Desk, number: int) -> None:
    body = json.loads(goody("order.created", "created"))
    for name in ("view_count_recipient", "reference_id", "order_batch_id", "card_id", "expires_at"):
        body["data"][name] = number
    body["data"]["amounts"] = dict.fromkeys(body["data"]["amounts"], number)
    receive(desk.database, message("m", json.dumps(body).encode()), *life())
    assert {states(desk.database)[each.message] for each in life()} == {"applied"}


def test_a_message_waits_for_its_send_and_is_applied_when_an_import_brings_it(desk: Desk) -> None:
    receive(desk.database, message("m", sendoso(44), "sendoso", "delivered"))
    assert newest(desk.database).state == "waiting"
    with pytest.raises(UnknownSend):
        desk.find("sendoso:44")
    take(desk, parcel(45))
    assert newest(desk.database).state == "waiting"
    take(desk, parcel(44))
    assert (newest(desk.database).state, newest(desk.database).problem) == ("applied", "")
    assert desk.find("sendoso:44").status == "delivered"
    assert verify(desk.database).problems == ()


def test_an_egift_stays_an_egift(desk: Desk) -> None:
    arrive(desk, egift(44))
    receive(desk.database, message("m", sendoso(44), "sendoso", "refunded"))
    found = desk.find("sendoso:44")
    assert (found.type, found.status) == ("egift", "refunded")


def test_a_message_that_waits_can_be_replayed_and_waits_on(desk: Desk) -> None:
    receive(desk.database, message("m", sendoso(44), "sendoso", "delivered"))
    (outcome,) = replay(desk.database, NOW)
    assert outcome.state is State.WAITING


def test_what_an_agent_set_is_confirmed_or_contested_by_a_message(desk: Desk) -> None:
    receive(desk.database, *life()[:3])
    desk.override(desk.find(f"goody:{ORDER}"), "delivered", "told by phone", force=True)
    receive(desk.database, life()[3])
    found = desk.find(f"goody:{ORDER}")
    assert found.override_status == "delivered"
    assert found.contested


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"hello", "not JSON"), (b"", "not JSON"), (b"[1, 2]", "not a JSON object"), (b"\xff", "not UTF-8"),
        (b'{"event_type": "order.shipped", "event_type": "x"}', "twice"), (b"[" * 100_000, "deeply"),
        (b'{"event_type": "order.shipped"}', "no id"), (b'{"event_type": "order.shipped", "data": {"id": "7"}}', ""),
        (b'{"event_type": "order.shipped", "data": 7}', "no id"),
        (b'{"event_type": "order.imagined", "data": {"id": "7"}}', "not known"), (b"{}", "not known"),
        (b'{"event_type": "\\u0000\\ud800", "data": {"id": "\\u0000"}}', "not known"),
    ],
)  # fmt: skip
def test_what_cannot_be_applied_is_kept_with_the_reason(desk: Desk, body: bytes, why: str) -> None:
    receive(desk.database, message("m", body), life()[0])
    assert why in problems(desk.database)
    assert states(desk.database)["m"] in ("failed", "unknown", "applied")
    # It holds up no other.
    assert desk.find(f"goody:{ORDER}").status == "created"


def test_a_message_of_a_platform_that_is_not_known_here_is_kept(desk: Desk) -> None:
    deliveries.store(desk.database, [life()[0]._replace(provider="nobody")])
    deliveries.apply_new(desk.database, NOW)
    assert "its platform is not known" in newest(desk.database).problem


def test_a_message_without_a_send_id_says_so(desk: Desk) -> None:
    receive(desk.database, message("m", b'{"status_changed_at": ""}', "sendoso", "shipped"))
    assert newest(desk.database).problem == "It cannot be read: the message has no send_gid."


def test_one_that_the_database_refuses_keeps_no_other_from_being_applied(file_address: str) -> None:
    database = open_database(file_address)
    desk = Desk(database, "ana", HandClock())
    refuse = "CREATE TRIGGER t BEFORE INSERT ON send WHEN NEW.recipient_email = 'eve@example.com' BEGIN SELECT RAISE(ABORT, 'no'); END"
    with database.write() as connection:
        connection.exec_driver_sql(refuse)
    other = "11111111-7a55-4c0e-9d1b-5a3f0e2c9a11"
    receive(
        database,
        message("bad", goody("order.created", "created", other, recipient_email="eve@example.com")),
        *life(),
    )
    assert states(database) == {"bad": "failed"} | {each.message: "applied" for each in life()}
    assert newest_first(database, [State.FAILED]).__next__().problem
    with database.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER t")
    (outcome,) = replay(database, NOW)
    assert outcome.state is State.APPLIED
    assert desk.find(f"goody:{other}").recipient_email == "eve@example.com"
    database.close()


def test_a_damaged_history_is_left_and_the_message_kept(desk: Desk) -> None:
    receive(desk.database, *life()[:2])
    with unguarded(desk.database) as run:
        run("UPDATE event SET kind = 'nonsense' WHERE seq = 1")
    receive(desk.database, life()[4])
    assert newest(desk.database).problem == "The history of its send is damaged."
    assert newest(desk.database).state == "failed"


def test_a_desk_that_is_only_read_refuses_messages(file_address: str) -> None:
    database = open_database(file_address, read_only=True)
    with pytest.raises(ReadOnly):
        deliveries.store(database, life())
    database.close()


def test_a_dry_run_lets_messages_wait(desk: Desk) -> None:
    receive(desk.database, message("m", sendoso(44), "sendoso", "delivered"))
    Intake(desk.database, lambda: NOW).apply([parcel(44)], source="import:x.csv", dry_run=True)
    assert newest(desk.database).state == "waiting"


def test_bodies_of_messages_applied_long_ago_are_removed_and_nothing_else(desk: Desk) -> None:
    long_ago, lately = NOW - timedelta(days=40), NOW - timedelta(days=2)
    store = partial(deliveries.store, desk.database)
    store([each._replace(received_at=long_ago) for each in life()[:3]])
    store([message("odd", b"hello")._replace(received_at=long_ago)])
    deliveries.apply_new(desk.database, long_ago)
    store([life()[3]._replace(received_at=lately)])
    deliveries.apply_new(desk.database, lately)
    before = desk.find(f"goody:{ORDER}")
    told = list(newest_first(desk.database))

    limit = NOW - deliveries.KEPT
    steps = list(deliveries.prune(desk.database, limit))

    assert sum(step.bodies for step in steps) == 3
    assert list(newest_first(desk.database)) == told
    assert list(deliveries.prune(desk.database, limit, steps[-1].last)) == []
    assert sum(step.bodies for step in deliveries.prune(desk.database, limit)) == 0
    (again, *_) = replay(
        desk.database, NOW, numbers_of(desk.database, [life()[0].message])[life()[0].message]
    )
    assert (again.state, again.problem) == (
        State.APPLIED, "It was applied before, and its body is no longer kept."
    )  # fmt: skip
    receive(desk.database, *life()[:4])
    assert desk.find(f"goody:{ORDER}") == before


def test_messages_are_found_by_their_id_and_by_their_number(desk: Desk) -> None:
    receive(desk.database, *life())
    named = numbers_of(desk.database, [life()[1].message, "3", "nobody", "9" * 30])
    assert [len(found) for found in named.values()] == [1, 1, 0, 0]
    done = list(replay(desk.database, NOW, [3, named[life()[1].message][0]]))
    assert [each.state for each in done] == [State.APPLIED] * 2
    assert desk.find(f"goody:{ORDER}").status == "delivered"


def test_many_messages_are_listed_once_each(desk: Desk) -> None:
    many = [life()[0]._replace(message=f"m{number}") for number in range(1203)]
    receive(desk.database, *many)
    listed = [each.message for each in newest_first(desk.database)]
    assert listed == [each.message for each in reversed(many)]
    assert [each.message for each in newest_first(desk.database, limit=701)] == listed[:701]
    assert len(desk.case(desk.find(f"goody:{ORDER}").id).history) == 1


def newest(database: Database) -> Delivery:
    return next(newest_first(database, limit=1))

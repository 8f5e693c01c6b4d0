"""What platforms tell becomes sends: once, in any order, and never backwards."""

import json
from itertools import permutations
from typing import Any

import pytest
import sqlalchemy as sa

from models.database import Database, open_database
from models.desk import Desk
from models.errors import ReadOnly
from models.history.audit import verify
from models.intake.batch import Batch
from models.intake.intake import Intake
from models.records import Case, Event, EventKind, SendRecord, Shipment
from models.store import mapping, tables
from models.team.thresholds import set_limit
from models.values.calendar import Limit
from models.values.text import storable
from tests.support.desk_cases import HandClock, arrive, egift, fact, order, parcel, take
from tests.support.hostile import HOSTILE, HUGE
from tests.support.sample_cases import ago


def events_of(desk: Desk, send: SendRecord) -> list[Event]:
    """Return the history of a send, oldest first."""
    return list(reversed(desk.case(send.id).history))


def dump(database: Database) -> dict[str, list[Any]]:
    """Return every row of every table, without the number of parcels' rows."""
    with database.read() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(sa.select(table))]
            for table in (
                mapping.table_of(model) for model in (tables.Send, tables.Event, tables.Shipment)
            )
        }


def shipment(external_id: str, status: str = "shipped", **values: Any) -> Shipment:
    return Shipment(external_id=external_id, status=status, **values)


class TestFirstTime:
    def test_a_send_arrives_with_its_fields_and_history(self, desk: Desk) -> None:
        send = arrive(
            desk,
            parcel(
                4711,
                fact("Processing", ago(days=9)),
                fact("Confirming Address", ago(days=12)),
                recipient_name="Priya Raman",
                cost_minor=8400,
                currency="USD",
                tracking_number="1Z999",
            ),
        )
        assert (send.ref, send.status, send.since) == ("S-4711", "order_received", ago(days=9))
        assert (send.recipient_name, send.cost_minor, send.currency) == ("Priya Raman", 8400, "USD")
        assert send.due_at == ago(days=2)
        history = events_of(desk, send)
        assert [
            (event.seq, event.from_status, event.to_status, event.raw) for event in history
        ] == [
            (1, "", "confirming_address", "Confirming Address"),
            (2, "confirming_address", "order_received", "Processing"),
        ]
        assert {(event.actor, event.source) for event in history} == {
            ("sendoso", "import:sends.csv")
        }
        assert desk.find("1Z999") == send

    def test_the_report_counts(self, desk: Desk) -> None:
        report = take(desk, parcel(1), parcel(2), egift(3))
        assert (report.read, report.new, report.changed, report.unchanged) == (3, 3, 0, 0)
        report = take(desk, parcel(1), parcel(2, fact("Shipped", ago(days=1))), parcel(4))
        assert (report.read, report.new, report.changed, report.unchanged) == (3, 1, 1, 1)

    def test_an_unknown_word_is_kept(self, desk: Desk) -> None:
        send = arrive(desk, parcel(1, fact("Levitating", ago(days=1))))
        assert (send.status, send.stage, send.provider_raw) == ("unmapped", "problem", "Levitating")
        assert send.at_once

    def test_a_send_of_which_no_status_is_told_still_arrives(self, desk: Desk) -> None:
        send = arrive(desk, parcel(1)._replace(facts=()))
        assert (send.status, send.revision) == ("unmapped", 0)
        assert desk.note(send, "what is it?").send.revision == 1

    def test_warnings_are_counted_and_the_first_are_kept(self, desk: Desk) -> None:
        report = take(desk, *(parcel(n)._replace(warnings=("a", "b")) for n in range(15)))
        assert (report.warned, len(report.warnings)) == (30, 20)
        assert report.warnings[:2] == ["sendoso:0: a", "sendoso:0: b"]

    def test_progress_is_told_when_a_batch_is_safe(self, database: Database) -> None:
        told: list[int] = []
        Intake(database, batch=2).apply(
            (parcel(n) for n in range(5)), source="test", progress=told.append
        )
        assert told == [2, 4, 5]


class TestAgain:
    def test_the_same_file_twice_changes_nothing(self, desk: Desk, clock: HandClock) -> None:
        sends = [
            parcel(1, fact("Confirming Address", ago(days=9)), fact("Shipped", None)),
            egift(2, fact("Levitating", ago(days=3)), tracking_number=""),
            order("0b6f3c1e-1", shipments=(shipment("a"), shipment("b"))),
        ]
        take(desk, *sends)
        before = dump(desk.database)
        clock.advance(days=1)
        report = take(desk, *sends)
        assert (report.new, report.changed, report.unchanged) == (0, 0, 3)
        assert dump(desk.database) == before

    def test_an_older_file_only_fills_gaps(self, desk: Desk) -> None:
        send = arrive(desk, parcel(1, fact("Shipped", ago(days=1)), company="", campaign="New"))
        old = parcel(
            1, fact("Fulfilling", ago(days=5)), company="Northwind", campaign="Old", team="A"
        )
        after = arrive(desk, old)
        assert (after.status, after.since) == (send.status, send.since)
        assert (after.company, after.campaign, after.team) == ("Northwind", "New", "A")
        assert [
            event.to_status for event in events_of(desk, after) if event.kind is EventKind.FACT
        ] == [
            "shipped",
            "fulfilling",
        ]

    def test_an_older_file_changes_no_details_beside_a_fact_without_time(self, desk: Desk) -> None:
        arrive(
            desk, parcel(1, fact("Shipped", ago(days=3)), fact("Delivered", None), campaign="New")
        )
        after = arrive(desk, parcel(1, fact("Fulfilling", ago(days=5)), campaign="Old"))
        assert (after.status, after.campaign) == ("delivered", "New")

    def test_an_older_file_does_not_turn_parcels_back(self, desk: Desk) -> None:
        new = shipment("a", "delivered", delivered_at=ago(days=1))
        send = arrive(desk, order("0b6f3c1e-1", fact("delivered", ago(days=1)), shipments=(new,)))
        old = order(
            "0b6f3c1e-1",
            fact("shipped", ago(days=4)),
            shipments=(shipment("a", "shipped"), shipment("b", "shipped")),
        )
        take(desk, old)
        assert desk.case(send.id).shipments == (new, shipment("b", "shipped"))

    def test_a_newer_file_changes_details_and_the_history_says_which(self, desk: Desk) -> None:
        arrive(desk, parcel(1, carrier="UPS", tracking_number=""))
        after = arrive(
            desk, parcel(1, fact("Shipped", ago(days=1)), carrier="DHL", tracking_number="JD1")
        )
        details = [event for event in events_of(desk, after) if event.kind is EventKind.DETAILS]
        assert [json.loads(event.detail) for event in details] == [
            {"carrier": ["UPS", "DHL"], "tracking_number": ["", "JD1"]}
        ]
        assert details[0].actor == "sendoso"
        assert (after.carrier, desk.find("JD1").id) == ("DHL", after.id)

    def test_an_empty_field_takes_nothing_away(self, desk: Desk) -> None:
        arrive(desk, parcel(1, company="Northwind", cost_minor=100))
        after = arrive(desk, parcel(1, fact("Shipped", ago(days=1)), company="", cost_minor=None))
        assert (after.company, after.cost_minor) == ("Northwind", 100)

    def test_another_spelling_of_a_known_fact_is_no_news(self, desk: Desk) -> None:
        take(desk, parcel(1, fact("Order Received", ago(days=1))))
        report = take(desk, parcel(1, fact("send.order_received", ago(days=1))))
        assert report.unchanged == 1

    def test_a_known_status_without_its_time_is_no_news(self, desk: Desk) -> None:
        take(desk, parcel(1, fact("Order Received", ago(days=1)), fact("Levitating", ago(days=2))))
        again = parcel(1, fact("Processing"), fact("Levitating"))
        assert take(desk, again).unchanged == 1

    def test_parcels_are_added_and_updated(self, desk: Desk) -> None:
        send = arrive(desk, order("0b6f3c1e-1", shipments=(shipment("a"), shipment("b"))))
        later = order(
            "0b6f3c1e-1",
            fact("delivered", ago(days=1)),
            shipments=(shipment("b", "delivered"), shipment("c")),
        )
        take(desk, later)
        case = desk.case(send.id)
        assert case.shipments == (shipment("a"), shipment("b", "delivered"), shipment("c"))
        new, changed = [event for event in case.history if event.kind is EventKind.SHIPMENT]
        assert changed.at == changed.recorded_at
        assert changed.reason == "b: Shipped → Delivered"
        assert json.loads(changed.detail) == {
            "shipment": "b",
            "name": "b",
            "from": "shipped",
            "to": "delivered",
            "before": {"status": "shipped"},
        }
        assert new.reason == "c: new, Shipped"

    def test_what_changed_is_found_by_its_new_text_only(self, desk: Desk) -> None:
        take(desk, parcel(1, recipient_name="Priya Raman"), parcel(2, recipient_name="Jo Doe"))
        take(desk, parcel(1, fact("Shipped", ago(days=1)), recipient_name="Alma Beck"))
        found = {
            text: desk.count(desk.listing(desk.parse(text))).value
            for text in ("priya", "alma beck", "doe")
        }
        assert found == {"priya": 0, "alma beck": 1, "doe": 1}


class TestDuplicates:
    def test_one_file_may_tell_a_send_twice(self, desk: Desk) -> None:
        report = take(
            desk,
            parcel(1, fact("Shipped", ago(days=1)), carrier="DHL", company=""),
            parcel(2),
            parcel(1, fact("Fulfilling", ago(days=3)), carrier="UPS", company="Northwind"),
        )
        assert (report.read, report.new, report.unchanged) == (3, 2, 1)
        send = desk.find("S-1")
        assert (send.status, send.carrier, send.company) == ("shipped", "DHL", "Northwind")

    def test_parcels_told_twice_in_one_file_keep_their_newer_state(self, desk: Desk) -> None:
        told = (
            order("g-1", fact("delivered", ago(days=1)), shipments=(shipment("a", "delivered"),)),
            order("g-1", fact("shipped", ago(days=3)), shipments=(shipment("a", "shipped"),)),
        )
        for number, sends in enumerate(permutations(told)):
            renamed = [send._replace(external_id=f"g-{number}") for send in sends]
            send = arrive(desk, *renamed)
            assert desk.case(send.id).shipments == (shipment("a", "delivered"),)

    @pytest.mark.parametrize("batch", [1, 2, 3, 100])
    def test_batches_of_any_size_end_alike(
        self, database: Database, clock: HandClock, batch: int
    ) -> None:
        sends = [
            parcel(1, fact("Shipped", ago(days=1))),
            parcel(2),
            parcel(1, fact("Fulfilling", ago(days=3))),
            parcel(1, fact("Shipped", ago(days=1))),
        ]
        report = Intake(database, clock, batch).apply(sends, source="test")
        desk = Desk(database, "ana", clock)
        assert (report.read, report.new, desk.total()) == (4, 2, 2)
        assert report.new + report.changed + report.unchanged == report.read
        assert desk.find("S-1").status == "shipped"

    def test_platforms_may_use_the_same_id(self, desk: Desk) -> None:
        take(desk, parcel("77"), order("77"))
        assert {desk.find(f"{name}:77").provider for name in ("sendoso", "goody")} == {
            "sendoso",
            "goody",
        }


class TestHostileValues:
    def test_they_are_stored_bounded_and_found_again(self, desk: Desk) -> None:
        texts = [*HOSTILE.values(), *HUGE.values()]
        sends = [
            parcel(number, recipient_name=storable(text, 500), company=storable(text, 500))
            for number, text in enumerate(texts)
        ]
        assert take(desk, *sends).new == len(texts)
        assert take(desk, *sends).unchanged == len(texts)
        for number, text in enumerate(texts):
            assert desk.find(f"S-{number}").recipient_name == storable(text, 500)

    @pytest.mark.parametrize("text", ["\x00", "a\x00b", "\ud800", "'; DROP TABLE send; --", "%s"])
    def test_ids_and_words_may_be_hostile(self, desk: Desk, text: str) -> None:
        kept = storable(text, 200)
        send = arrive(desk, parcel(kept, fact(kept, ago(days=1)), tracking_number=kept))
        assert (send.external_id, send.provider_raw) == (kept, kept)
        assert take(desk, parcel(kept, fact(kept, ago(days=1)), tracking_number=kept)).unchanged


class TestDryRun:
    def test_it_reports_and_writes_nothing(self, desk: Desk) -> None:
        take(desk, parcel(1))
        before = dump(desk.database)
        sends = [parcel(1, fact("Shipped", ago(days=1))), parcel(2), parcel(1)]
        report = Intake(desk.database).apply(sends, source="test", dry_run=True)
        assert (report.read, report.new, report.changed, report.unchanged) == (3, 1, 1, 1)
        assert dump(desk.database) == before

    def test_a_read_only_desk_takes_nothing(self, address: str) -> None:
        database = open_database(address, read_only=True)
        with pytest.raises(ReadOnly, match="--read-only"):
            Intake(database).apply([parcel(1)], source="test")
        database.close()


def test_a_limit_that_was_set_while_an_intake_waited_counts(
    server_address: str, clock: HandClock
) -> None:
    database = open_database(server_address)
    with database.write() as connection:
        batch = Batch(database, connection, "test", clock())
        set_limit(database, "sendoso", "order_received", Limit(3), "ana", clock())
        batch.apply([parcel(1, fact("Order Received", ago(days=1)))])
    send = Desk(database, "ana", clock).find("S-1")
    assert send.due_at == ago(days=-2)
    assert verify(database).problems == ()
    database.close()


class TestOverridesMeetIntake:
    """What `tests.models.rules.test_state` shows rule by rule, once through the tables."""

    def test_ten_repeated_files_leave_an_override_alone(self, desk: Desk, clock: HandClock) -> None:
        known = parcel(1, fact("Order Received", ago(days=9)))
        case = desk.override(arrive(desk, known), "shipped", "the carrier has it")
        for _ in range(10):
            clock.advance(hours=1)
            assert take(desk, known).unchanged == 1
        assert desk.case(case.send.id).send == case.send

    @pytest.mark.parametrize(
        ("word", "status", "contested", "effect"),
        [
            ("Shipped", "shipped", False, "confirmed"),
            ("Delivered", "delivered", False, "moved on"),
            ("Out of Stock", "shipped", True, "contested"),
        ],
    )
    def test_a_newer_fact_meets_it(
        self, desk: Desk, clock: HandClock, word: str, status: str, contested: bool, effect: str
    ) -> None:
        desk.override(arrive(desk, parcel(1)), "shipped", "the carrier has it")
        told = clock.advance(hours=2)
        send = arrive(desk, parcel(1, fact(word, told)))
        assert (send.status, send.contested, send.override_status) == (
            status,
            contested,
            "shipped" if contested else None,
        )
        assert send.at_once == contested
        case: Case = desk.case(send.id)
        assert [event.effect for event in case.history] == [effect, "", ""]

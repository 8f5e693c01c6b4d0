"""Overrides set and released, on both databases: what they do, refuse and record."""

import pytest

from models.desk import Desk
from models.errors import MissingReason, NothingToDo, OffLifecycle, UnknownStatus
from models.records import EventKind, SendRecord
from models.rules.due import in_triage
from tests.support.desk_cases import HandClock, arrive, fact, newest_event, parcel
from tests.support.sample_cases import NOW, ago


class TestOverride:
    def test_it_is_shown_and_recorded(self, desk: Desk, late: SendRecord) -> None:
        case = desk.override(late, "Shipped", "  the carrier has it ")
        send = case.send
        assert (send.status, send.stage, send.since) == ("shipped", "moving", NOW)
        assert (send.override_status, send.override_by, send.override_at) == ("shipped", "ana", NOW)
        assert (send.override_reason, send.provider_status) == (
            "the carrier has it",
            "order_received",
        )
        assert (send.due_at, send.triage_at, send.revision) == (None, None, late.revision + 1)
        event = newest_event(case)
        assert (event.kind, event.from_status, event.to_status) == (
            EventKind.OVERRIDE,
            "order_received",
            "shipped",
        )
        assert (event.actor, event.source, event.reason, event.at) == (
            "ana",
            "desk",
            "the carrier has it",
            NOW,
        )

    @pytest.mark.parametrize("reason", ["", "  ", "\n\t"])
    def test_it_needs_a_reason(self, desk: Desk, late: SendRecord, reason: str) -> None:
        with pytest.raises(MissingReason, match="Say why S-1 becomes Shipped"):
            desk.override(late, "shipped", reason)
        assert desk.case(late.id).send == late

    def test_a_step_outside_the_lifecycle_is_asked_twice(
        self, desk: Desk, late: SendRecord
    ) -> None:
        with pytest.raises(OffLifecycle, match="Order Received is not usually followed by Deliv"):
            desk.override(late, "delivered", "they said so")
        assert desk.case(late.id).send == late
        assert desk.override(late, "delivered", "they said so", force=True).send.stage == "done"

    def test_anything_may_follow_an_unknown_word(self, desk: Desk) -> None:
        send = arrive(desk, parcel(1, fact("Levitating", ago(days=1))))
        assert desk.override(send, "delivered", "they said so").send.status == "delivered"

    @pytest.mark.parametrize(
        ("word", "sentence"),
        [
            ("shiped", "Sendoso has no status “shiped”. Did you mean Shipped?"),
            ("zzzz", "Sendoso has no status “zzzz”. `senddesk statuses`"),
            ("accepted", "Sendoso has no status “accepted”."),
            ("unmapped", "Sendoso has no status “unmapped”."),
        ],
    )
    def test_it_names_a_status_of_the_platform(
        self, desk: Desk, late: SendRecord, word: str, sentence: str
    ) -> None:
        with pytest.raises(UnknownStatus, match=sentence.replace("?", r"\?")):
            desk.override(late, word, "r")

    def test_the_present_status_is_no_change(self, desk: Desk, late: SendRecord) -> None:
        with pytest.raises(NothingToDo, match="S-1 is Order Received already"):
            desk.override(late, "Processing", "r")

    def test_a_contested_one_is_kept_by_setting_it_again(
        self, desk: Desk, clock: HandClock, late: SendRecord
    ) -> None:
        desk.override(late, "shipped", "r")
        contested = arrive(desk, parcel(1, fact("Out of Stock", clock.advance(hours=1))))
        assert contested.contested
        assert in_triage(contested, clock())
        clock.advance(hours=1)
        kept = desk.override(contested, "shipped", "still on its way").send
        assert (kept.status, kept.contested, kept.provider_status) == (
            "shipped",
            False,
            "out_of_stock",
        )
        assert not in_triage(kept, clock())


class TestRelease:
    def test_the_platforms_status_shows_again(self, desk: Desk, late: SendRecord) -> None:
        send = desk.release(desk.override(late, "shipped", "r").send, "was wrong").send
        assert (send.status, send.since, send.override_status) == (
            "order_received",
            ago(days=9),
            None,
        )
        assert (send.override_reason, send.override_by, send.override_at) == ("", "", None)
        assert send.due_at == late.due_at

    def test_it_needs_an_override(self, desk: Desk, late: SendRecord) -> None:
        with pytest.raises(NothingToDo, match="S-1 has no override to release"):
            desk.release(late)

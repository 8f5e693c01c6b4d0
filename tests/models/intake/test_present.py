"""What is so now: the platform's word, and no time that lies ahead. Case 01 and its kind."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from models.desk import Desk
from models.files.reading import open_export
from models.history.audit import verify
from models.intake.intake import ImportReport, Intake
from models.providers.goody import payloads as goody
from models.providers.incoming import Incoming
from models.providers.sendoso import payloads as sendoso
from models.records import SendRecord
from tests.support.desk_cases import HandClock, fact, parcel, take

CASES = Path(__file__).parents[2] / "samples" / "cases"
TODAY = datetime(2026, 11, 28, 8, tzinfo=UTC)
HEADER = "Send ID,Status,Recipient Name,Created At,Updated At,Ship Date,Delivered At"


@pytest.fixture
def clock() -> HandClock:
    """The day on which the cases are read."""
    return HandClock(TODAY)


def day(number: int) -> datetime:
    """Return a midnight in November 2026."""
    return datetime(2026, 11, number, tzinfo=UTC)


def take_file(desk: Desk, path: Path) -> ImportReport:
    """Import a file in which every row is a send."""
    sends = [each for each in open_export(path) if isinstance(each, Incoming)]
    return Intake(desk.database, desk.now).apply(sends, source=f"import:{path.name}")


def row(
    desk: Desk, tmp_path: Path, cells: str, header: str = HEADER
) -> tuple[SendRecord, list[str]]:
    """Import one row of the send 1; return the send and the warnings."""
    path = tmp_path / "row.csv"
    path.write_text(f"{header}\n{cells}\n")
    warnings = take_file(desk, path).warnings
    return desk.find("S-1"), warnings


class TestCase01PlannedDates:
    @pytest.fixture
    def report(self, desk: Desk, tmp_path: Path) -> ImportReport:
        path = shutil.copy(CASES / "01-planned-dates.csv", tmp_path)
        return take_file(desk, Path(path))

    def test_the_status_cell_is_the_platforms_word(self, desk: Desk, report: ImportReport) -> None:
        found = {
            send.ref: (send.status, send.since)
            for number in range(702, 707)
            for send in [desk.find(f"S-{number}")]
        }
        assert found == {
            "S-702": ("order_received", day(2)),
            "S-703": ("fulfillment_issue", day(2)),
            "S-704": ("out_of_stock", day(2)),
            "S-705": ("canceled", day(2)),
            "S-706": ("undeliverable", day(10)),
        }
        triage = desk.window(desk.listing(desk.parse("is:triage")), 0, 10)
        assert {send.ref for send in triage} == {"S-702", "S-703", "S-704", "S-706"}

    def test_what_was_not_believed_is_said(self, report: ImportReport) -> None:
        assert (
            report.warnings[0] == "sendoso:702: Shipped Tue 15 Dec lies ahead: not taken as shipped"
        )
        assert len(report.warnings) == 5

    def test_a_later_file_is_believed(self, desk: Desk, report: ImportReport) -> None:
        take_file(desk, CASES / "01-planned-dates-later.csv")
        send = desk.find("S-702")
        assert (send.status, send.since) == ("undeliverable", day(25))
        assert verify(desk.database).problems == ()

    def test_the_same_file_changes_nothing(self, desk: Desk, report: ImportReport) -> None:
        assert take_file(desk, CASES / "01-planned-dates.csv").unchanged == 5


@pytest.mark.parametrize(
    ("cells", "status", "since"),
    [
        # An expected delivery of a parcel that is shipped, then delivered with a date to come.
        ("1,Shipped,Ann,2026-11-01,2026-11-20,2026-11-19,2026-12-01", "shipped", day(19)),
        ("1,Delivered,Ann,2026-11-01,2026-11-25,2026-11-19,2026-12-24", "delivered", day(25)),
        ("1,Shipped,Ann,2026-11-01,,2026-12-15,", "shipped", day(1)),
        # Steps of the past do not outrank the cell, with and without a time of its own.
        ("1,Processing,Ann,2026-11-01,2026-11-02,2026-11-05,", "order_received", day(2)),
        ("1,Processing,Ann,2026-11-01,,2026-11-05,2026-11-09", "order_received", day(1)),
        ("1,Undeliverable,Ann,2026-11-01,,2026-11-05,", "undeliverable", day(5)),
        ("1,Canceled,Ann,2026-11-01,,2026-11-05,2026-11-09", "canceled", day(9)),
        # A date alone is some time of that day.
        ("1,Undeliverable,Ann,2026-11-01,2026-11-05,2026-11-05 09:30,", "undeliverable",
         day(5) + timedelta(hours=9.5)),
        ("1,Levitating,Ann,2026-11-01,2026-11-02,2026-12-15,", "unmapped", day(2)),
        # The year mistyped.
        ("1,Processing,Ann,2026-11-01,2062-11-02,,", "order_received", day(1)),
        ("1,Processing,Ann,2062-11-01,2026-11-02,,", "order_received", day(2)),
    ],
)  # fmt: skip
def test_01_kind_rows(desk: Desk, tmp_path: Path, cells: str, status: str, since: datetime) -> None:
    send, _ = row(desk, tmp_path, cells)
    assert (send.status, send.since) == (status, since)


def test_01_kind_a_local_time_of_elsewhere_counts_from_the_import(
    desk: Desk, tmp_path: Path, clock: HandClock
) -> None:
    cells = "1,Fulfillment Issue,Ann,2026-11-01,2026-11-28 16:30,,"
    row(desk, tmp_path, "1,Shipped,Ann,2026-11-01,2026-11-20,,")
    send, (warning,) = row(desk, tmp_path, cells)
    assert (send.status, send.since) == ("fulfillment_issue", TODAY)
    assert "Sat 28 Nov 16:30 lies ahead: counted from now on" in warning
    assert "--timezone" in warning
    clock.advance(days=1)
    again, _ = row(desk, tmp_path, cells)
    assert again == send
    later, _ = row(desk, tmp_path, "1,Shipped,Ann,2026-11-01,2026-11-29 07:00,,")
    assert later.status == "shipped"


def test_01_kind_json_with_plans(desk: Desk) -> None:
    def at(number: int) -> str:
        return f"{2026 + number // 100}-11-{number % 100:02}T09:00:00Z"

    sends: list[dict[str, Any]] = [
        {"id": 1, "status": "Processing", "type": "Inventoried Sends", "created_at": at(1),
         "updated_at": at(3), "status_updates": [
             {"status": "Processing", "occurred_at": at(2)},
             {"status": "Shipped", "occurred_at": at(130)}]},
        {"id": 2, "status": "Paused", "created_at": at(1), "updated_at": at(103),
         "status_updates": [{"status": "Processing", "occurred_at": at(2)}]},
        {"id": 3, "status": "Paused", "created_at": at(1), "updated_at": at(4),
         "status_updates": [{"status": "Shipped", "occurred_at": at(9)}]},
    ]  # fmt: skip
    take(desk, *map(sendoso.read, sends))
    found = {n: (desk.find(f"S-{n}").status, desk.find(f"S-{n}").since) for n in (1, 2, 3)}
    assert found == {
        1: ("order_received", day(2) + timedelta(hours=9)),
        2: ("fulfillment_issue", day(2) + timedelta(hours=9)),
        3: ("fulfillment_issue", day(4) + timedelta(hours=9)),
    }


def test_01_kind_event_times_and_parcels_to_come(desk: Desk) -> None:
    order = {
        "id": "0b6f3c1e-7a55-4c0e-9d1b-5a3f0e2c9a11", "status": "paid", "individual_gift_link": "x",
        "event_times": {"created_at": "2026-11-01T00:00:00Z", "paid_at": "2026-11-03T00:00:00Z",
                        "shipped_at": "2026-12-15T00:00:00Z",
                        "delivered_at": "2026-12-20T00:00:00Z"},
        "shipments": [{"id": "a", "status": "pending", "shipped_at": "2026-12-15T00:00:00Z"}],
    }  # fmt: skip
    report = take(desk, goody.read(order))
    send = desk.find("G-0b6f3c1e")
    assert (send.status, send.since) == ("paid", day(3))
    assert [text.partition(": ")[2] for text in report.warnings] == [
        "shipped Tue 15 Dec lies ahead: not taken as shipped",
        "delivered Sun 20 Dec lies ahead: not taken as delivered",
    ]
    (shipment,) = desk.case(send.id).shipments
    assert shipment.shipped_at == datetime(2026, 12, 15, tzinfo=UTC)


class TestStatusWithoutTime:
    """It never makes an old problem look fresh without a word."""

    HEADER = "Send ID,Status,Recipient Name"

    def test_a_new_one_is_told(self, desk: Desk, tmp_path: Path) -> None:
        send, warnings = row(desk, tmp_path, "1,Fulfillment Issue,Ann", self.HEADER)
        assert (send.since, send.order_uncertain) == (TODAY, True)
        assert warnings == [
            "sendoso:1: nothing says since when it is Fulfillment Issue: counted from now on"
        ]

    def test_what_is_over_is_not(self, desk: Desk, tmp_path: Path) -> None:
        assert row(desk, tmp_path, "1,Delivered,Ann", self.HEADER)[1] == []

    def test_one_that_came_after_something_old_is_old(self, desk: Desk, tmp_path: Path) -> None:
        row(desk, tmp_path, "1,Processing,Ann,2026-11-01,2026-11-02,,")
        send, warnings = row(desk, tmp_path, "1,Fulfillment Issue,Ann", self.HEADER)
        assert (send.since, warnings) == (day(2), [])

    def test_one_that_cannot_be_the_present_is_told(self, desk: Desk, tmp_path: Path) -> None:
        row(desk, tmp_path, "1,Undeliverable,Ann,2026-11-01,2026-11-02,,")
        send, warnings = row(desk, tmp_path, "1,Shipped,Ann", self.HEADER)
        assert (send.status, send.since) == ("undeliverable", day(2))
        assert warnings == [
            "sendoso:1: Shipped without a time is not a later step than Undeliverable: left in the history"
        ]


def test_a_fact_a_second_ahead_is_a_fact(desk: Desk) -> None:
    take(desk, parcel(1, fact("Shipped", TODAY + timedelta(seconds=1)), created_at=day(1)))
    send = desk.find("S-1")
    assert (send.status, send.since) == ("shipped", TODAY)
    assert desk.override(send, "delivered", "seen at the door").send.status == "delivered"

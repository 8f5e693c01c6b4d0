"""Case 07: several rows of one order keep every parcel and every problem, or the import says so."""

from pathlib import Path

import pytest

from models.desk import Desk
from tests.support.command_line import Senddesk
from tests.support.desk_cases import parcel, take

CASES = Path(__file__).parents[2] / "samples" / "cases"


def test_07_line_items_keep_every_parcel_and_the_problem(senddesk: Senddesk) -> None:
    result = senddesk("import", CASES / "07-line-items.csv", "--provider", "sendoso")
    assert result.code == 0
    assert (
        "9001 is in the file 3 times with different campaign, tracking number, cost" in result.err
    )
    assert "“Fulfillment Issue”" in result.err
    send = senddesk("show", "S-9001", "--format", "json").json
    assert send["status"] == "fulfillment_issue"
    assert send["cost"] is None
    assert send["campaign"] == "Mug, Tea, Card"
    assert {(each["tracking_number"], each["status"]) for each in send["shipments"]} == {
        ("", "fulfillment_issue"),
        ("1Z0000000000000001", "shipped"),
        ("1Z0000000000000002", "delivered"),
    }
    again = senddesk("import", CASES / "07-line-items.csv", "--provider", "sendoso")
    assert "0 new, 0 changed, 4 unchanged" in again.out


@pytest.mark.parametrize(
    ("rows", "status", "cost"),
    [
        # One send at two times, as joined exports have it: the newer row counts.
        ("7,Processing,5,2026-11-01\n7,Shipped,5,2026-11-02\n", "shipped", "5.00"),
        ("7,Shipped,6,2026-11-02\n7,Processing,5,2026-11-01\n", "shipped", "6.00"),
        # Two rows that contradict each other at one time.
        ("7,Shipped,5,2026-11-01\n7,Undeliverable,5,2026-11-01\n", "undeliverable", "5.00"),
        ("7,Failed,5,\n7,Delivered,5,\n", "failed", "5.00"),
        ("7,Delivered,5,\n7,Shipped,9,\n", "shipped", None),
    ],
)
def test_07_rows_in_time_are_one_send_and_others_are_parts(
    senddesk: Senddesk, tmp_path: Path, rows: str, status: str, cost: str | None
) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(f"Send ID,Status,Total Cost (USD),Updated At\n{rows}", encoding="utf-8")
    senddesk("import", path)
    send = senddesk("show", "S-7", "--format", "json").json
    assert (send["status"], send["cost"]) == (status, cost)


def test_09_a_tracking_number_without_its_zeros_replaces_nothing(
    senddesk: Senddesk, tmp_path: Path
) -> None:
    path = tmp_path / "rows.csv"
    for number in ("0940011120255", "940011120255", "9.4001112E+11"):
        path.write_text(f"Send ID,Status,Tracking Number\n7,Shipped,{number}\n", encoding="utf-8")
        senddesk("import", path)
        send = senddesk("show", "S-7", "--format", "json").json
        assert send["tracking_number"] == "0940011120255"


HEADER = "Send ID,Status,Tracking Number,Updated At\n"


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        # What one file would keep as two parcels cannot be told from a new label in two.
        ("Shipped,1Z01,2026-11-01", "Shipped,1Z02,2026-11-02", "number 1Z01 gives way to 1Z02"),
        ("Delivered,1Z01,2026-11-01", "Undeliverable,,2026-11-01", "Undeliverable has the same time"),
        ("Delivered,1Z01,2026-11-01", "Lost at sea,,2026-11-01", "Lost at sea has the same time"),
        ("Shipped,1Z01,2026-11-01", "Delivered,1Z01,2026-11-01", ""),
        ("Shipped,1Z01,2026-11-01", "Undeliverable,1Z01,2026-11-02", ""),
        ("Undeliverable,1Z01,2026-11-02", "Shipped,1Z02,2026-11-01", ""),
    ],
)  # fmt: skip
def test_07_rows_in_two_files_hide_nothing_without_a_word(
    senddesk: Senddesk, tmp_path: Path, first: str, second: str, told: str
) -> None:
    for name, row in {"a": first, "b": second}.items():
        (tmp_path / f"{name}.csv").write_text(f"{HEADER}7,{row}\n", encoding="utf-8")
    result = senddesk("import", tmp_path / "a.csv", tmp_path / "b.csv")
    assert result.code == 0
    assert (told in result.err) if told else result.err == ""


@pytest.mark.parametrize(
    ("source", "advice"),
    [
        ("import:a.csv", "; if both are parcels of it, import their rows in one file"),
        ("sync:sendoso", ""),
    ],
)
def test_advice_about_files_is_given_for_files(desk: Desk, source: str, advice: str) -> None:
    take(desk, parcel(7, tracking_number="1Z01"), source=source)
    report = take(desk, parcel(7, tracking_number="1Z02"), source=source)
    told = "sendoso:7: its tracking number 1Z01 gives way to 1Z02"
    assert report.warnings == [f"{told}{advice}"]

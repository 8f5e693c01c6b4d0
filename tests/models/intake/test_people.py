"""Case 03 once more: one id for two people is no send, neither in one file nor in two."""

from pathlib import Path

import pytest

from models.intake.people import may_be_one
from tests.support.command_line import Senddesk

HEADER = "Send ID,Status,Recipient Name,Recipient Email,Updated At\n"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("7,Processing,Ann Low,ann@example.com,2026-11-02", "7,Shipped,Bo High,bo@example.com,2026-11-03"),
        ("7,Failed,Ann Low,ann@example.com,2026-11-02", "7,Delivered,Bo High,bo@example.com,2026-11-02"),
        ("7,Failed,Ann Low,,2026-11-02", "7,Delivered,Bo High,,2026-11-05"),
        ("7,Failed,,ann@example.com,2026-11-02", "7,Delivered,,bo@example.com,2026-11-05"),
        ("7,Failed,Ann Low,ann@example.com,", "7.0,Delivered,Bo High,,"),
    ],
)  # fmt: skip
def test_03_rows_of_one_id_for_two_people_are_left_out(
    senddesk: Senddesk, tmp_path: Path, first: str, second: str
) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(f"{HEADER}{first}\n{second}\n8,Shipped,Cy Mid,,2026-11-02\n", encoding="utf-8")
    result = senddesk("import", path)
    assert result.code == 3
    assert "3 read, 1 new, 0 changed, 0 unchanged, 0 rejected, 2 left out" in result.out
    assert "sendoso:7 is in the file 2 times, for different people" in result.err
    assert [each["id"] for each in senddesk("list", "--format", "json").json] == ["S-8"]


def test_03_a_later_file_does_not_give_a_send_to_somebody_else(
    senddesk: Senddesk, tmp_path: Path
) -> None:
    rows = {
        "a": "7,Undeliverable,Ann Low,ann@example.com,2026-11-02",
        "b": "7,Delivered,Bo High,bo@example.com,2026-11-03",
    }
    for name, row in rows.items():
        (tmp_path / f"{name}.csv").write_text(f"{HEADER}{row}\n", encoding="utf-8")
    result = senddesk("import", tmp_path / "a.csv", tmp_path / "b.csv")
    assert result.code == 3
    assert "b.csv: 1 read, 0 new, 0 changed, 0 unchanged, 0 rejected, 1 left out" in result.out
    assert (
        "sendoso:7 is the send of “Ann Low”, and in the file of “Bo High”: left out" in result.err
    )
    send = senddesk("show", "S-7", "--format", "json").json
    assert (send["recipient_name"], send["status"]) == ("Ann Low", "undeliverable")


@pytest.mark.parametrize(
    ("first", "second", "sends"),
    [
        ("Ann Low,,Acme", "Ann Low,,Volta", 2),
        ("Ann Low,,Acme", "Ann Low,,ACME", 1),
        ("Ann Low,ann@example.com,Acme", "Ann Low,ann@example.com,Acme Inc.", 1),
        ("Ann Low,ann@example.com,Acme", "Ann Low,ann@example.org,Acme", 2),
    ],
)
def test_03_rows_without_id_or_address_are_told_apart_by_company(
    senddesk: Senddesk, tmp_path: Path, first: str, second: str, sends: int
) -> None:
    header = "Recipient Name,Recipient Email,Company,Status,Sent Date"
    for name, row in {"a": first, "b": second}.items():
        text = f"{header}\n{row},Shipped,2026-11-02\n"
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    senddesk("import", tmp_path / "a.csv", tmp_path / "b.csv", "--provider", "sendoso")
    assert len(senddesk("list", "--format", "json").json) == sends


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("Ann Low", "ann@example.com"), ("Ann Low", "ann.low@example.org")),
        (("Ann Low", ""), ("Low, Ann", "")),
        (("José Núñez", ""), ("JOSE NUNEZ", "")),
        (("Ann Low", "ann@example.com"), ("李安", "ANN@example.com")),
        (("", "ann@exmaple.com"), ("", "ann@example.com")),
        (("Ann Low", ""), ("", "ann@example.com")),
        (("Ann Low", "ann@example.com"), ("", "")),
        (("Dr. A. Low", ""), ("Ann Low", "ann@example.com")),
    ],
)  # fmt: skip
def test_what_may_be_one_person(first: tuple[str, str], second: tuple[str, str]) -> None:
    assert may_be_one(first, second)
    assert may_be_one(second, first)

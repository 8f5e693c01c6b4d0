"""The cases of `tests/samples/cases`, and further inputs of their kinds, as files are read."""

from pathlib import Path

import pytest

from models.files import Rejected, open_export
from models.providers.incoming import Incoming

CASES = Path(__file__).parents[2] / "samples" / "cases"


def read(path: Path, **options: str) -> tuple[list[Incoming], list[Rejected]]:
    """Return the sends and the rejected records of a file."""
    items = list(open_export(path, **options))
    sends = [item for item in items if isinstance(item, Incoming)]
    return sends, [item for item in items if isinstance(item, Rejected)]


def written(folder: Path, text: str, name: str = "sends.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


# --- 03: words for nothing ----------------------------------------------------------------------


def test_03_null_ids_are_five_sends_of_five_people() -> None:
    sends, rejected = read(CASES / "03-null-ids.csv")
    assert rejected == []
    assert len({send.external_id for send in sends}) == 5
    assert all(any("no id" in warning for warning in send.warnings) for send in sends)
    assert not any("tracking_number" in send.fields for send in sends)


@pytest.mark.parametrize("word", ["NULL", "#REF!", "nan", "0", "0.0", "-1", "(blank)", "########"])
def test_03_a_word_for_nothing_is_no_id_in_tables_and_json(tmp_path: Path, word: str) -> None:
    table = f"Send ID,Status,Recipient\n{word},Sent,Ann\n{word},Sent,Bo\n"
    sends, _ = read(written(tmp_path, table))
    assert len({send.external_id for send in sends}) == 2
    lines = "".join(
        f'{{"send_id": "{word}", "status": "Sent", "recipient": "{name}"}}\n'
        for name in ("Ann", "Bo")
    )
    sends, _ = read(written(tmp_path, lines, "sends.jsonl"))
    assert len({send.external_id for send in sends}) == 2


@pytest.mark.parametrize("word", ["N/A", "null", "-", "#VALUE!"])
def test_03_a_word_for_nothing_is_nothing_in_every_column(tmp_path: Path, word: str) -> None:
    names = (
        "Send ID,Status,Company,Carrier,Tracking Number,Total Cost,Created At,Tracking URL,Campaign"
    )
    sends, _ = read(written(tmp_path, f"{names}\n7,Sent{f',{word}' * 7}\n"))
    assert sends[0].fields == {}
    assert sends[0].warnings == ()


# --- 09: ids in coats ---------------------------------------------------------------------------


def test_09_one_id_in_four_coats_is_one_send() -> None:
    names = ("09-float-1.csv", "09-float-2.csv", "09-guards.csv")
    read_all = [read(CASES / name) for name in names]
    assert {send.external_id for sends, _ in read_all for send in sends} == {"104233"}
    guarded, rejected = read_all[-1]
    assert [send.fields["tracking_number"] for send in guarded] == ["0940011120255"] * 2
    assert [each.reason for each in rejected] == [
        "the id “1.04233E5” was rounded by a spreadsheet: export it as text"
    ]


@pytest.mark.parametrize("number", ["1.04233e5", "1.04233E+05", '"1.04233e+05"'])
def test_09_rounded_ids_are_rejected_in_json_too(tmp_path: Path, number: str) -> None:
    line = '{"id": %s, "status": "Sent", "touch": {}}\n'
    sends, rejected = read(written(tmp_path, line % number + line % "104233.0", "sends.jsonl"))
    assert [send.external_id for send in sends] == ["104233"]
    assert "rounded" in rejected[0].reason


@pytest.mark.parametrize("number", ["9.4001112E+21", "9400111202555840000000", "9.4E21"])
def test_09_a_rounded_tracking_number_is_left_out_with_a_warning(
    tmp_path: Path, number: str
) -> None:
    sends, _ = read(written(tmp_path, f"Send ID,Status,Tracking Number\n7,Shipped,{number}\n"))
    assert "tracking_number" not in sends[0].fields
    assert "rounded" in sends[0].warnings[0]


# --- 08: names of columns -----------------------------------------------------------------------


def test_08_units_in_the_names_of_columns_are_understood() -> None:
    (send,), _ = read(CASES / "08-headers.csv")
    assert send.facts[0].at is not None
    assert send.facts[0].at.isoformat() == "2026-11-01T10:00:00+00:00"
    assert (send.fields["cost_minor"], send.fields["currency"]) == (2500, "USD")


def test_08_an_order_number_is_an_id() -> None:
    sends, _ = read(CASES / "08-order-number.csv", provider="sendoso")
    assert [send.external_id for send in sends] == ["706", "707", "708"]


@pytest.mark.parametrize(
    "name",
    [
        *("Order No", "Order No.", "Order #", "Order#", "Order Nr.", "Order №", "OrderNumber"),
        *("orderNumber", "ORDER_NUMBER", "Send #", "sendId", "SENDID", "Send ID (Sendoso)"),
    ],
)
def test_08_names_of_ids(tmp_path: Path, name: str) -> None:
    sends, _ = read(written(tmp_path, f"{name},Status\n#706,Shipped\n"), provider="sendoso")
    assert sends[0].external_id == "706"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("Total Cost (USD)", "25.00", (2500, "USD")),
        ("Total Cost [EUR]", "25,00", (2500, "EUR")),
        ("Total Cost (€)", "25.00", (2500, "EUR")),
        ("Total Cost GBP", "25.00", (2500, "GBP")),
        ("total_cost_usd", "25.00", (2500, "USD")),
        ("Total Cost (JPY)", "2500", (2500, "JPY")),
        ("Amount (cents)", "2500", (2500, None)),
        ("Cost in cents", "2500", (2500, None)),
    ],
)
def test_08_units_of_costs(
    tmp_path: Path, name: str, value: str, expected: tuple[int, str | None]
) -> None:
    (send,), _ = read(written(tmp_path, f'Send ID,Status,{name}\n7,Sent,"{value}"\n'))
    assert (send.fields["cost_minor"], send.fields.get("currency")) == expected


@pytest.mark.parametrize(
    ("name", "value", "hour"),
    [
        ("Updated At (UTC)", "2026-07-01 10:00", 10),
        ("updated_at_utc", "2026-07-01 10:00", 10),
        ("Updated At (+02:00)", "2026-07-01 10:00", 8),
        ("Updated At [UTC-5]", "2026-07-01 10:00", 15),
        ("Updated At (Europe/Berlin)", "2026-07-01 10:00", 8),
        ("Updated At (Europe/Berlin)", "2026-07-01T10:00:00Z", 10),
        ("Updated At (YYYY-MM-DD HH:MM)", "2026-07-01 10:00", 10),
        ("Updated At", "46204.4166666667", 10),
    ],
)
def test_08_units_of_times(tmp_path: Path, name: str, value: str, hour: int) -> None:
    (send,), _ = read(written(tmp_path, f"Send ID,Status,{name}\n7,Sent,{value}\n"))
    assert send.facts[0].at is not None
    assert send.facts[0].at.isoformat() == f"2026-07-01T{hour:02}:00:00+00:00"


@pytest.mark.parametrize(
    "name", ["Updated At (CST)", "Status (previous)", "Tracking Number (old)", "Cost (net)", "Mood"]
)
def test_08_what_is_not_understood_is_named(tmp_path: Path, name: str) -> None:
    export = open_export(written(tmp_path, f"Send ID,Status,{name}\n7,Sent,x\n"))
    assert export.unread == (name,)

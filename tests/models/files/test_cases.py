"""The cases of `tests/samples/cases`, and further inputs of their kinds, as files are read."""

from pathlib import Path

import pytest

from models.errors import BadFile
from models.files.column_names import SAYING_ONE_THING, SYNONYMS
from models.files.items import Rejected
from models.files.reading import open_export
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


# --- 09: wrapped ids ---------------------------------------------------------------------------


def test_09_one_id_in_four_wrappings_is_one_send() -> None:
    names = ("09-float-1.csv", "09-float-2.csv", "09-guards.csv")
    read_all = [read(CASES / name) for name in names]
    assert {send.external_id for sends, _ in read_all for send in sends} == {"104233"}
    guarded, rejected = read_all[-1]
    assert [send.fields["tracking_number"] for send in guarded] == ["0940011120255"] * 2
    assert [each.reason for each in rejected] == [
        "the id “1.0423E5” was rounded by a spreadsheet: export it as text"
    ]


@pytest.mark.parametrize("number", ["1.0423e5", "1.0423E+05", '"1.0423e+05"'])
def test_09_rounded_ids_are_rejected_in_json_too(tmp_path: Path, number: str) -> None:
    line = '{"id": %s, "status": "Sent", "touch": {}}\n'
    sends, rejected = read(written(tmp_path, line % number + line % "104233.0", "sends.jsonl"))
    assert [send.external_id for send in sends] == ["104233"]
    assert "rounded" in rejected[0].reason


@pytest.mark.parametrize("number", ["1.04233e5", '"1.04233E+05"', "1.0423300e+5"])
def test_09_a_number_with_all_its_digits_is_the_id_in_json_too(tmp_path: Path, number: str) -> None:
    line = f'{{"id": {number}, "status": "Sent", "touch": {{}}}}\n'
    sends, rejected = read(written(tmp_path, line, "sends.jsonl"))
    assert ([send.external_id for send in sends], rejected) == (["104233"], [])


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


@pytest.mark.parametrize(
    ("names", "first", "second"),
    [
        ("Recipient Email,Email", "keep@x.io", "lost@x.io"),
        ("Email,Recipient Email", "keep@x.io", "lost@x.io"),
        ("Recipient Name,Recipient Full Name", "Ann Low", "Bo High"),
        ("Recipient First Name,First Name", "Ann", "Bo"),
        ("Sender Email,Sender E-Mail", "keep@x.io", "lost@x.io"),
        ("Tracking Number,Tracking No.", "1Z01", "1Z02"),
    ],
)
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_08_columns_that_say_one_thing_must_agree(
    tmp_path: Path, names: str, first: str, second: str, delimiter: str
) -> None:
    rows = f"Send ID,Status,{names}\n1,Sent,{first},{second}\n2,Sent,{first},{first.upper()}\n"
    rows += f"3,Sent,{first},\n4,Sent,,{second}\n"
    sends, rejected = read(written(tmp_path, rows.replace(",", delimiter)))
    assert [send.external_id for send in sends] == ["2", "3", "4"]
    said = ["".join(map(str, send.fields.values())).casefold() for send in sends]
    assert said == [first.casefold(), first.casefold(), second.casefold()]
    assert [each.line for each in rejected] == [2]
    assert rejected[0].reason.endswith("hold different values: leave one of them out")
    assert all(f"“{name}”" in rejected[0].reason for name in names.split(","))


def test_08_names_that_say_one_thing_are_of_one_column() -> None:
    for names in SAYING_ONE_THING:
        assert any({*names} <= {*column} for column in SYNONYMS.values())


def test_08_objects_that_say_one_thing_twice_must_agree(tmp_path: Path) -> None:
    lines = (
        '{"send_id": 1, "status": "Sent", "order_status": "Delivered"}\n'
        '{"send_id": 2, "status": "Sent", "order_status": "sent"}\n'
    )
    sends, rejected = read(written(tmp_path, lines, "sends.jsonl"))
    assert [send.external_id for send in sends] == ["2"]
    assert [each.reason for each in rejected] == [
        "the columns “status” and “order_status” hold different values: leave one of them out"
    ]


@pytest.mark.parametrize(
    ("names", "values"),
    [
        ("State", "Ohio"),
        ("Provider Status", "Shipped"),
        ("Recipient,Recipient Name", "ann@x.io,Ann"),
        ("Recipient Name,Name", "Ann Low,Mug and tea"),
        ("Total Cost,Price", "25.00,20.00"),
        ("Created At,Order Date", "2026-11-01 10:00,2026-11-01"),
    ],
)
def test_08_columns_that_may_say_two_things_may_differ(
    tmp_path: Path, names: str, values: str
) -> None:
    sends, rejected = read(written(tmp_path, f"Send ID,Status,{names}\n1,Sent,{values}\n"))
    assert (len(sends), rejected) == (1, [])


# --- 03 again: rows without an id ---------------------------------------------------------------


def test_03_two_sends_that_cannot_be_told_apart_are_not_one(tmp_path: Path) -> None:
    rows = (
        "Status,Recipient,Campaign\nShipped,Ann Low,Mug\nShipped,Ann Low,Tea\nShipped,Ann Low,Mug\n"
    )
    sends, rejected = read(written(tmp_path, rows), provider="sendoso")
    assert [send.fields["campaign"] for send in sends] == ["Mug", "Mug"]
    assert [each.line for each in rejected] == [3]
    assert "line 2 is for the same recipient" in rejected[0].reason


def test_03_people_who_share_a_mailbox_are_two(tmp_path: Path) -> None:
    rows = "Status,Name,Email\nShipped,Ann,office@x.io\nShipped,Bo,office@x.io\n"
    sends, rejected = read(written(tmp_path, rows), provider="sendoso")
    assert rejected == []
    assert len({send.external_id for send in sends}) == 2


# --- 10: what stands between the rows -----------------------------------------------------------


def test_10_repeated_headers_and_totals_are_no_sends() -> None:
    sends, rejected = read(CASES / "10-joined.csv")
    assert [send.external_id for send in sends] == ["501", "502", "503"]
    assert [each.line for each in rejected] == [7]
    assert "totals or a footer" in rejected[0].reason


@pytest.mark.parametrize(
    "line",
    [
        "Send ID,Status,Recipient",
        "\ufeffSend ID,Status,Recipient",
        '"send id","STATUS","recipient"',
        "Send ID , Status , Recipient ",
        "sep=,",
        "\ufeffsep=,",
        ",,",
        "",
    ],
)
def test_10_lines_between_rows_are_passed_over(tmp_path: Path, line: str) -> None:
    rows = f"Send ID,Status,Recipient\n1,Sent,Ann\n{line}\n2,Sent,Bo\n"
    sends, rejected = read(written(tmp_path, rows))
    assert ([send.external_id for send in sends], rejected) == (["1", "2"], [])


@pytest.mark.parametrize(
    "line",
    [
        *("Total,3 sends,", "TOTAL,3,", "Grand Total:,,3", "Summe,2,", "Sum,Shipped,", ",,Total"),
        *("Records exported: 2,x,", "End of report,end,", "Generated on 2026-11-28,,", "合計,2,"),
        *(
            ",Total,1",
            ",Grand total:,Ann",
            "Gesamtergebnis,1,",
            "--,--,--",
            "# exported by me,,",
            ",2,Total",
            ",2,2 people",
            "(2 rows affected),,",
        ),
    ],
)
def test_10_totals_and_footers_are_rejected(tmp_path: Path, line: str) -> None:
    rows = f"Send ID,Status,Recipient\n1,Sent,Ann\n2,Sent,Bo\n{line}\n"
    sends, _ = read(written(tmp_path, rows))
    assert [send.external_id for send in sends] == ["1", "2"]


def test_10_a_joined_file_with_other_columns_is_read_by_its_own_header(tmp_path: Path) -> None:
    rows = "Send ID,Status,Recipient\n1,Sent,Ann\n\ufeffStatus,Recipient,Company,Send ID\nSent,Bo,Acme,2\n"
    sends, rejected = read(written(tmp_path, rows))
    assert rejected == []
    assert [send.external_id for send in sends] == ["1", "2"]
    assert sends[1].fields == {"recipient_name": "Bo", "company": "Acme"}


def test_10_lines_before_the_header_are_passed_over(tmp_path: Path) -> None:
    rows = "Send Tracker\nGenerated,2026-11-28\n\nSend ID,Status\n1,Sent\n"
    sends, rejected = read(written(tmp_path, rows))
    assert ([send.external_id for send in sends], rejected) == (["1"], [])


def test_10_an_unknown_word_with_a_real_id_stays_a_send(tmp_path: Path) -> None:
    sends, _ = read(written(tmp_path, "Send ID,Status\n1,Lost\nABCDEF,Shipped\nTX-1,Lost\n"))
    assert len(sends) == 3


def test_10_a_lost_quote_never_swallows_the_next_row(tmp_path: Path) -> None:
    rows = 'Send ID,Status,Recipient\n1,Sent,"\n2,Sent,"\n3,Sent,"Ann\nLow"\n'
    sends, rejected = read(written(tmp_path, rows))
    assert [send.external_id for send in sends] == ["3"]
    assert "a quote may be out of place" in rejected[0].reason


# --- 16: objects in cells, and envelopes --------------------------------------------------------


def test_16_objects_in_cells_are_read() -> None:
    (send,), rejected = read(CASES / "16-nested-cells.csv")
    assert rejected == []
    wanted = {
        "recipient_name": "Ann Low",
        "recipient_email": "ann@example.com",
        "company": "Northwind",
        "campaign": "Spring kit",
        "team": "West",
    }
    assert wanted.items() <= send.fields.items()
    assert [(fact.word, str(fact.at)) for fact in send.facts] == [
        ("Confirming Address", "2026-11-01 08:00:00+00:00"),
        ("Processing", "2026-11-27 10:00:00+00:00"),
    ]


@pytest.mark.parametrize(
    "cell",
    [
        '"{""name"": ""Ann Low"", ""email"": ""ann@x.io""}"',
        "\"{'first_name': 'Ann', 'last_name': 'Low', 'email': 'ann@x.io'}\"",
    ],
)
def test_16_a_person_in_a_cell_has_name_and_address(tmp_path: Path, cell: str) -> None:
    (send,), _ = read(written(tmp_path, f"Send ID,Status,Recipient\n1,Sent,{cell}\n"))
    assert send.fields == {"recipient_name": "Ann Low", "recipient_email": "ann@x.io"}


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ('"{""name"": ""Ann', "Recipient: an object that cannot be read"),
        ('"{""x"": 1}"', "Recipient: an object without a name"),
        ('"[1, 2]"', "Recipient: a list, not a text"),
        ('"{""a""=>""b""}"', "Recipient: an object that cannot be read"),
    ],
)
def test_16_other_objects_in_cells_are_refused_by_name(
    tmp_path: Path, cell: str, words: str
) -> None:
    quoted = cell if cell.endswith('"') else f'{cell}"'
    _, rejected = read(written(tmp_path, f"Send ID,Status,Recipient\n1,Sent,{quoted}\n"))
    assert [each.reason for each in rejected] == [words]


def test_16_brackets_in_a_text_are_no_object(tmp_path: Path) -> None:
    rows = "Send ID,Status,Recipient,Campaign\n1,Sent,[Ann],{Spring} kit\n"
    (send,), _ = read(written(tmp_path, rows))
    assert send.fields == {"recipient_name": "[Ann]", "campaign": "{Spring} kit"}


SEND = (
    '{"id": 801, "status": "Processing", "touch": {"id": 1, "name": "Spring"},'
    ' "recipient": {"name": "Ann Low"}}'
)
TEXT = SEND.replace('"', '\\"')
ENVELOPES = {
    "airbyte": f'{{"_airbyte_raw_id": "x", "_airbyte_data": {SEND}}}',
    "airbyte, as text": f'{{"_airbyte_raw_id": "x", "_airbyte_data": "{TEXT}"}}',
    "airbyte, protocol": f'{{"type": "RECORD", "record": {{"stream": "s", "data": {SEND}, "emitted_at": 1}}}}',
    "singer": f'{{"type": "RECORD", "stream": "sends", "record": {SEND}}}',
    "stitch": f'{{"table_name": "sends", "messages": [{{"action": "upsert", "sequence": 1, "data": {SEND}}}]}}',
    "n8n": f'[{{"json": {SEND}, "pairedItem": {{"item": 0}}}}]',
    "kafka connect": f'{{"schema": {{"type": "struct"}}, "payload": {SEND}}}',
    "debezium": f'{{"schema": {{}}, "payload": {{"before": null, "after": {SEND}, "op": "c"}}}}',
    "kcat": f'{{"topic": "t", "partition": 0, "offset": 1, "key": null, "payload": "{TEXT}"}}',
    "rest proxy": f'[{{"topic": "t", "key": null, "value": {SEND}, "partition": 0, "offset": 1}}]',
    "elasticsearch": f'{{"took": 1, "hits": {{"total": 1, "hits": [{{"_index": "s", "_source": {SEND}}}]}}}}',
    "elasticsearch, bare": f'{{"hits": {{"hits": [{{"_id": "a", "_source": {SEND}}}]}}}}',
    "hal": f'{{"_embedded": {{"sends": [{SEND}]}}, "_links": {{}}}}',
    "airtable": f'{{"records": [{{"id": "rec1", "createdTime": "2026-11-01T00:00:00Z", "fields": {SEND}}}]}}',
    "lambda": f'{{"statusCode": 200, "body": "{TEXT}"}}',
    "logstash": f'{{"@timestamp": "2026-11-01T00:00:00Z", "message": "{TEXT}"}}',
    "splunk": f'{{"preview": false, "result": {{"_raw": "{TEXT}"}}}}',
    "sns in sqs": f'{{"Records": [{{"body": {{"Type": "Notification", "Message": "{TEXT}"}}}}]}}',
    "elasticdump": f'{{"_index": "s", "_id": "1", "_source": {SEND}}}',
    "graphql": f'{{"data": {{"sends": {{"edges": [{{"node": {SEND}, "cursor": "x"}}]}}}}}}',
    "graphql nodes": f'{{"data": {{"sends": {{"nodes": [{SEND}]}}}}}}',
    "json:api": '{"data": [{"type": "sends", "id": "801", "attributes": {"status": "Processing", "touch": {"name": "Spring"}, "recipient": {"name": "Ann Low"}}}]}',
    "cloudevents": f'{{"specversion": "1.0", "type": "send", "id": "e1", "data": {SEND}}}',
    "eventbridge": f'{{"version": "0", "id": "e1", "detail-type": "send", "source": "x", "detail": {SEND}}}',
    "sqs": f'{{"Records": [{{"messageId": "m1", "body": "{TEXT}"}}]}}',
    "sns": f'{{"Type": "Notification", "MessageId": "m", "TopicArn": "a", "Message": "{TEXT}"}}',
    "postgresql": f'[{{"row_to_json": {SEND}}}]',
    "one member": f'{{"my_sends": [{SEND}]}}',
    "pages of pages": f"[[{SEND}], []]",
    "pages": f'[{{"sends": [{SEND}], "current_page": 1}}, {{"sends": [], "current_page": 2}}]',
    "mongodb": '{"_id": {"$oid": "x"}, "id": {"$numberLong": "801"}, "status": "Processing", "touch": {"name": "Spring"}, "recipient": {"name": "Ann Low"}}',
    "dynamodb": '{"Items": [{"id": {"N": "801"}, "status": {"S": "Processing"}, "touch": {"M": {"name": {"S": "Spring"}}}, "recipient": {"M": {"name": {"S": "Ann Low"}}}}], "Count": 1}',
    "dynamodb item": '{"Item": {"id": {"N": "801"}, "status": {"S": "Processing"}, "touch": {"M": {"name": {"S": "Spring"}}}, "recipient": {"M": {"name": {"S": "Ann Low"}}}}}',
}  # fmt: skip


@pytest.mark.parametrize("ending", ["json", "jsonl"])
@pytest.mark.parametrize("name", ENVELOPES)
def test_16_envelopes_are_opened(tmp_path: Path, name: str, ending: str) -> None:
    text = ENVELOPES[name] + "\n"
    sends, rejected = read(written(tmp_path, text * (2 if ending == "jsonl" else 1), f"a.{ending}"))
    assert rejected == []
    assert {send.external_id for send in sends} == {"801"}
    assert sends[0].fields == {"campaign": "Spring", "recipient_name": "Ann Low"}


@pytest.mark.parametrize(
    "name",
    ["16-wrapped-airbyte.jsonl", "16-wrapped-n8n.json", "16-wrapped-singer.jsonl"],
)
def test_16_the_shown_envelopes(name: str) -> None:
    sends, rejected = read(CASES / name)
    assert ([send.external_id for send in sends], rejected) == (["801"], [])


def test_16_pages_in_an_array() -> None:
    sends, rejected = read(CASES / "16-wrapped-slurp.json")
    assert ([send.external_id for send in sends], rejected) == (["801", "802"], [])


def test_16_a_table_of_whole_records(tmp_path: Path) -> None:
    text = SEND.replace('"', '""')
    rows = f'_airbyte_raw_id,_airbyte_data,_airbyte_extracted_at\nr1,"{text}",2026-11-01\n'
    sends, rejected = read(written(tmp_path, rows))
    assert ([send.external_id for send in sends], rejected) == (["801"], [])


def test_16_an_envelope_is_not_taken_for_a_send(tmp_path: Path) -> None:
    line = f'{{"id": "evt_1", "status": "delivered", "payload": {SEND}}}\n'
    sends, _ = read(written(tmp_path, line * 2, "hooks.jsonl"))
    assert {send.external_id for send in sends} == {"801"}


def test_16_an_unknown_envelope_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="its objects have “wrap”, “meta”"):
        open_export(written(tmp_path, f'{{"wrap": {SEND}, "meta": {SEND}}}', "x.json"))


# --- further inputs of the same kinds -----------------------------------------------------------


def test_03_ids_0_and_minus_1_in_json_are_nobodys(tmp_path: Path) -> None:
    lines = "".join(SEND.replace('"id": 801', f'"id": {number}') + "\n" for number in (-1, 0, 801))
    sends, rejected = read(written(tmp_path, lines, "sends.jsonl"))
    assert [send.external_id for send in sends] == ["801"]
    assert {each.reason for each in rejected} == {"the send has neither id nor send_gid"}


@pytest.mark.parametrize("word", ["Unknown", "pending", "TBD", "to follow", "FALSE"])
def test_03_a_tracking_number_has_digits(tmp_path: Path, word: str) -> None:
    (send,), _ = read(written(tmp_path, f"Send ID,Status,Tracking Number\n7,Processing,{word}\n"))
    assert "tracking_number" not in send.fields
    assert f"tracking_number: “{word}” has no digit: left out" in send.warnings


def test_09_a_wrapping_does_not_hide_the_platform_of_an_id(tmp_path: Path) -> None:
    rows = 'Order ID,Status,Recipient\n#1001,Shipped,Ann\n"1,002",Shipped,Bo\n'
    sends, _ = read(written(tmp_path, rows))
    assert [(send.provider, send.external_id) for send in sends] == [
        ("sendoso", "1001"),
        ("sendoso", "1002"),
    ]


def test_16_marks_between_joined_lines_are_passed_over(tmp_path: Path) -> None:
    lines = f'{SEND}\n\ufeff{SEND}\n\x1e{SEND}\r\n{{"id": 2,\nno\n'
    sends, rejected = read(written(tmp_path, lines, "sends.jsonl"))
    assert len(sends) == 3
    assert [each.reason for each in rejected] == [
        "the line is not JSON: expecting property name enclosed in double quotes at column 10",
        "the line is not JSON: expecting value at column 1",
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"PK\x03\x04 and not much more", "a broken zip archive or workbook"),
        (b"\n<HTML><table><tr><td>Send ID</td></tr></table>", "a web page: export the list"),
        (b"\xef\xbb\xbf<!DOCTYPE html><p>Sign in</p>", "a web page: export the list"),
        (b"<?xml version='1.0'?><Workbook/>", "an XML file: save it as CSV"),
        ("Send ID,Status\n7,Sent\n".encode("utf-16-le"), "add --encoding utf-16-le"),
        ("Send ID,Status\n7,Sent\n".encode("utf-16-be"), "add --encoding utf-16-be"),
    ],
)
def test_08_other_files_get_a_sentence(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "sends.csv"
    path.write_bytes(content)
    with pytest.raises(BadFile, match=told):
        open_export(path)


def test_10_totals_of_a_joined_file_with_other_columns_are_rejected(tmp_path: Path) -> None:
    rows = (
        "Send ID,Status,Recipient\n1,Sent,Ann\nTotal,1,\n"
        "Status,Send ID,Recipient\nSent,2,Bo\nTotal,1,\n"
    )
    sends, rejected = read(written(tmp_path, rows))
    assert [send.external_id for send in sends] == ["1", "2"]
    assert all("is a line of totals" in each.reason for each in rejected)


@pytest.mark.parametrize(
    "name", ["_fivetran_deleted", "__deleted", "deleted_at", "_sdc_deleted_at"]
)
def test_16_what_a_pipeline_marks_as_deleted_is_no_send(tmp_path: Path, name: str) -> None:
    rows = f"Send ID,Status,Recipient,{name}\n1,Sent,Ann,true\n2,Sent,Bo,false\n3,Sent,Cy,\n"
    export = open_export(written(tmp_path, rows))
    deleted, *others = export
    assert isinstance(deleted, Rejected)
    assert deleted.reason == f"“{name}” says that it was deleted"
    assert len(others) == 2
    assert export.unread == ()
    marks = ("true", "false", "null", '"2026-11-02"')
    lines = "".join(
        SEND.replace('"id": 801', f'"id": 801, "{name}": {mark}') + "\n" for mark in marks
    )
    sends, rejected = read(written(tmp_path, lines, "sends.jsonl"))
    assert (len(sends), len(rejected)) == (2, 2)
    flat = f'[{{"send_id": 1, "status": "Sent", "recipient": "Ann", "{name}": true}}]'
    with pytest.raises(BadFile):
        open_export(written(tmp_path, flat, "sends.json"))

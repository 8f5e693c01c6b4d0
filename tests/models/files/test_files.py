"""Exports in every format are read; what is none is refused in one sentence."""

import csv
import json
import os
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import pytest

from models.errors import BadFile
from models.files.reading import open_export
from models.files.rejected import rejected_path, write_rejected
from models.files.sources import LARGEST_FILE
from models.providers.incoming import Fact
from tests.support.files import read

SAMPLES = Path(__file__).parents[2] / "samples"
UUID = "5d1c6f0a-41b7-4d0e-8a52-0c6e9a7b3f11"


class Make(Protocol):
    def __call__(self, content: bytes | str, name: str = "sends.csv") -> Path: ...


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Return a function that writes a file and gives its path."""

    def write(content: bytes | str, name: str = "sends.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def ids(path: Path, **options: str) -> list[str]:
    sends, rejected = read(path, **options)
    assert rejected == []
    return [send.external_id for send in sends]


# --- JSON ---------------------------------------------------------------------------------------


def test_samples_are_read_as_what_they_are() -> None:
    expected = {
        "sendoso_sends.json": ("json", ["70411", "70412", "70413"]),
        "goody_order.json": ("json", [UUID]),
        "goody_webhook.json": ("json", [UUID]),
        "egifts.tsv": ("tsv", ["TX-1", "TX-2", "TX-3"]),
    }
    found = {name: (open_export(SAMPLES / name).format, ids(SAMPLES / name)) for name in expected}
    assert found == expected


def test_every_wrapping_of_json_holds_the_same_sends(make: Make) -> None:
    sends = json.loads((SAMPLES / "sendoso_sends.json").read_text("utf-8"))["sends"]
    order = json.loads((SAMPLES / "goody_order.json").read_text("utf-8"))
    three = ["70411", "70412", "70413"]
    assert ids(make(json.dumps(sends), "a.json")) == three
    assert ids(make(json.dumps([{"sends": sends[:2]}, {"sends": sends[2:]}]), "b.json")) == three
    assert ids(make(json.dumps({"data": [order], "list_meta": {"total_count": 1}}), "c.json")) == [
        UUID
    ]
    assert ids(make(json.dumps([order, *sends], indent=2), "d.json")) == [UUID, *three]
    lines = "\n".join(json.dumps(each) for each in [order, *sends])
    assert ids(make(lines, "e.jsonl")) == [UUID, *three]
    assert ids(make(lines.replace("\n", "\r\n\r\n"), "f.txt")) == [UUID, *three]
    assert ids(make(json.dumps({"sends": sends}) + "\n" + json.dumps(order), "g.json")) == [
        *three,
        UUID,
    ]
    assert ids(make(json.dumps(order), "one.jsonl")) == [UUID]


def test_json_may_be_in_utf_16_and_begin_with_a_mark(make: Make) -> None:
    text = (SAMPLES / "goody_order.json").read_text("utf-8")
    for encoding in ("utf-8-sig", "utf-16", "utf-32"):
        assert ids(make(text.encode(encoding), "order.json")) == [UUID]


@pytest.mark.parametrize("text", ["[]", '{"sends": []}', '{"data": [], "list_meta": {}}'])
def test_an_answer_without_sends_is_an_empty_export(make: Make, text: str) -> None:
    assert read(make(text, "none.json")) == ([], [])


def test_amounts_in_json_are_exact_however_they_are_written(make: Make) -> None:
    lines = [
        f'{{"id": {place}, "status": "Sent", "current_total_cost": {cost}, "currency": "USD"}}'
        for place, cost in enumerate(["0.1", '"0.10"', "90071992547409.93", "25", "25.00"], 1)
    ]
    sends, _ = read(make("\n".join(lines), "sends.jsonl"))
    assert [send.fields["cost_minor"] for send in sends] == [10, 10, 9007199254740993, 2500, 2500]


def test_json_items_that_are_no_sends_are_rejected_by_their_number(make: Make) -> None:
    text = '[{"id": 1, "status": "Sent", "touch": null}, 7, {"name": "x"}, {"id": 2, "touch": {}}]'
    sends, rejected = read(make(text, "mixed.json"))
    assert [send.external_id for send in sends] == ["1"]
    assert [each.place for each in rejected] == ["item 2", "item 3", "item 4"]
    assert rejected[1].row == {"json": '{"name": "x"}'}


def test_a_file_of_broken_sends_is_rejected_send_by_send(make: Make) -> None:
    text = (
        '[{"id": 1, "status": "", "touch": {}}, {"id": '
        + "1" * 300
        + ', "status": "Sent", "touch": {}}]'
    )
    sends, rejected = read(make(text, "broken.json"))
    assert sends == []
    assert [each.reason for each in rejected] == [
        "the send has no status",
        "the id has 300 characters, more than 200",
    ]


def test_a_table_of_very_many_columns_is_read_at_once(make: Make) -> None:
    keys = ",".join(f'"k{place}": 1' for place in range(100_000))
    assert ids(make(f'[{{"id": 1, "status": "Sent", {keys}}}]', "wide.json")) == ["1"]


def test_broken_lines_of_json_lines_are_rejected_and_the_rest_is_read(make: Make) -> None:
    good = '{"id": 1, "status": "Sent", "touch": {}}'
    bad = [
        '{"id": 2,',
        '{"id": 3, "id": 4}',
        '{"id": NaN}',
        "[" * 100_000,
        '{"id": ' + "9" * 5000 + "}",
    ]
    sends, rejected = read(make("\n".join([good, *bad, good]), "sends.jsonl"))
    assert len(sends) == 2
    assert [each.line for each in rejected] == [2, 3, 4, 5, 6]
    reasons = ["not JSON", "“id” twice", "NaN", "too deeply", "too many digits"]
    assert all(words in each.reason for words, each in zip(reasons, rejected, strict=True))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "is not JSON"),
        ('[{"id": 1, "status": "Sent", "touch": 1},]', "column"),
        ('{"sends": [{"id": 1, "id": 2}]}', "names “id” twice"),
        ('[{"id": Infinity}]', "Infinity"),
        ("[" * 100_000, "nested too deeply"),
        ("[" * 100_000 + "]" * 100_000, "nested too deeply"),
        (f'[{{"id": {"9" * 5000}}}]', "too many digits"),
        ('{"error": "not found"}', "holds no sends"),
        ('[{"a": 1}, {"a": 2}]', "holds no sends"),
        ('["Sent", 1, null]', "holds no sends"),
        ('{"a": 1}\n{"a": 2}\n', "holds no sends"),
    ],
)
def test_other_json_is_refused_whole(make: Make, text: str, words: str) -> None:
    with pytest.raises(BadFile, match=words) as refusal:
        open_export(make(text, "other.json"))
    assert "other.json" in str(refusal.value)
    assert "\n" not in str(refusal.value)


# --- CSV and TSV --------------------------------------------------------------------------------

HEADER = ["Send ID", "Status", "Recipient Name", "Touch", "Total Cost"]
ROWS = [
    ["1", "Shipped", "Müller, Jörg", "Spring; summer", "10.50"],
    ["2", "Paused", 'Zoë "Zo" Ray', "a\r\nb\tc", "7"],
]


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be-mark", "utf-32"])
def test_every_dialect_reads_alike(
    tmp_path: Path, delimiter: str, ending: str, encoding: str
) -> None:
    path = tmp_path / "sends.txt"
    name, mark = (encoding, "") if encoding != "utf-16-be-mark" else ("utf-16-be", "\ufeff")
    with path.open("w", encoding=name, newline="") as text:
        text.write(mark)
        writer = csv.writer(text, delimiter=delimiter, lineterminator=ending)
        writer.writerows([HEADER, *ROWS])
    sends, rejected = read(path)
    assert rejected == []
    assert [send.external_id for send in sends] == ["1", "2"]
    assert [send.fields["recipient_name"] for send in sends] == [row[2] for row in ROWS]
    assert [send.fields["campaign"] for send in sends] == [row[3] for row in ROWS]
    assert [send.fields["cost_minor"] for send in sends] == [1050, 700]


def test_real_egift_export(make: Make) -> None:
    sends, rejected = read(SAMPLES / "egifts.tsv")
    assert rejected == []
    assert {send.type for send in sends} == {"egift"}
    assert sends[0].facts == (Fact("Used", datetime(2026, 3, 1, 10, tzinfo=UTC)),)
    assert sends[1].facts[0].word == "Expired and Credited"
    assert sends[2].facts == (Fact("Sent", datetime(2026, 2, 27, 20, 21, 51, tzinfo=UTC)),)
    assert sends[0].fields["expires_at"] == datetime(2026, 5, 28, 20, 21, 49, tzinfo=UTC)
    assert sends[0].fields["cost_minor"] == 2500


@pytest.mark.parametrize(
    ("header", "cells", "field", "value"),
    [
        ("SEND_ID,Status,Company Name", "1,Sent,Acme", "company", "Acme"),
        ("send-id,STATUS,Recipient E-Mail", "1,Sent,a@x.io", "recipient_email", "a@x.io"),
        ("id,status,touch.name", "1,Sent,Spring", "campaign", "Spring"),
        ("id,status,First Name,Last Name", "1,Sent,Ann,Lee", "recipient_name", "Ann Lee"),
        (
            "id,status,Tracking Link",
            "1,Sent,https://x.example/1",
            "tracking_url",
            "https://x.example/1",
        ),
        ("id,status,campaign,touch", "1,Sent,,Spring", "campaign", "Spring"),
        ("id,status,company", "1,Sent,'=1+1", "company", "=1+1"),
        ("id,status,company", "1,Sent,'Tis us", "company", "'Tis us"),
    ],
)
def test_headers_have_synonyms(make: Make, header: str, cells: str, field: str, value: str) -> None:
    sends, rejected = read(make(f"{header}\n{cells}\n"))
    assert rejected == []
    assert sends[0].fields == {field: value}


@pytest.mark.parametrize(
    ("text", "provider"),
    [
        (f"id,status\n{UUID},paid\n", "goody"),
        ("id,status\n12,notified\n", "goody"),
        ("id,status,order_batch_id\n12,shipped,b\n", "goody"),
        ("id,status\n12,Shipped\n", "sendoso"),
        (f"transaction_id,status,egift_price\n{UUID},Used,5\n", "sendoso"),
        ("id,status,provider\n12,shipped,Goody\n", "goody"),
        ("id,status,provider\n12,notified,SENDOSO\n", "sendoso"),
        (f"id,status\n{UUID},Processing\n", "goody"),
        ("id,status\nX-7,Order Received\n", "sendoso"),
        ("id,status\nS-12,paid\n", "sendoso"),
        ("id,status\nZ2lkOi8vYXBwL1NlbmQvMTI=,shipped\n", "sendoso"),
        ("recipient_name,status\nAnn,Order Received\n", "sendoso"),
        ("id,status,subtype,workspace_name\n12,shipped,Wine,West\n", "sendoso"),
    ],
)
def test_rows_tell_their_platform(make: Make, text: str, provider: str) -> None:
    sends, _ = read(make(text))
    assert [send.provider for send in sends] == [provider]


def test_the_platform_may_be_given(make: Make) -> None:
    path = make("id,status\n12,Shipped\n")
    assert read(path, provider="goody")[0][0].provider == "goody"
    with pytest.raises(BadFile, match="“postal” is not a platform"):
        open_export(path, provider="postal")
    sends, rejected = read(make("id,status,provider\n1,Sent,postal\n2,Sent,\n"))
    assert len(sends) == 1
    assert "“postal” is not a platform" in rejected[0].reason


WHICH = (
    "nothing says which platform this is from; name it with --platform sendoso or --platform goody"
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("id,status\nX-7,Shipped\nX-8,Delivered\n", "a.csv"),
        ("recipient_name,status\nAnn,Shipped\n,Canceled\n", "a.csv"),
        ("id,status\nX-7,Lost\n\nX-8,\n", "a.csv"),
        ('[{"id": "X-7", "status": "Shipped"}, {"status": "Shipped"}]', "a.json"),
        ('{"id": "X-7", "status": "Shipped"}\n{"id": 4}\n', "a.jsonl"),
    ],
)
def test_sends_of_no_known_platform_are_refused_in_one_sentence(
    make: Make, text: str, name: str
) -> None:
    path = make(text, name)
    with pytest.raises(BadFile) as refusal:
        open_export(path)
    assert str(refusal.value) == f"{path}: {WHICH}"
    assert read(path, provider="goody")[0][0].provider == "goody"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("id,status\n1,Shipped\nX-7,Shipped\n", "a.csv"),
        ('[{"id": 1, "status": "Shipped"}, {"id": "X-7", "status": "Shipped"}]', "a.json"),
    ],
)
def test_a_row_of_no_known_platform_is_rejected_among_others(
    make: Make, text: str, name: str
) -> None:
    sends, rejected = read(make(text, name))
    assert [send.external_id for send in sends] == ["1"]
    assert [each.reason for each in rejected] == [WHICH]


def test_blank_rows_repeated_headers_and_announced_delimiters_are_passed_over(make: Make) -> None:
    text = "sep=;\r\n\r\nid;status\r\n1;Sent\r\n;\r\n\r\nid;status\r\n2;Sent\r\n"
    assert ids(make(text)) == ["1", "2"]


def test_rows_of_another_width_are_reported(make: Make) -> None:
    text = 'id,status,campaign\n1,Sent,a,b\n2,Sent\n3,Sent,c,,\n4,"Sent\n"\n5,Sent,d\n'
    sends, rejected = read(make(text))
    assert [send.external_id for send in sends] == ["2", "3", "5"]
    assert sends[0].warnings == ("the row has 2 cells, the header 3",)
    assert sends[1].warnings == ()
    assert [(each.line, each.reason.split(",")[0]) for each in rejected] == [
        (2, "4 cells"),
        (5, "2 cells over several lines; a quote may be out of place"),
    ]
    assert rejected[0].row == {"id": "1", "status": "Sent", "campaign": "a", "extra cell 1": "b"}


def test_columns_of_one_name_may_not_disagree(make: Make) -> None:
    text = "id,status,note,status,note\n1,Sent,x,Sent,y\n2,Sent,x,Opened,y\n3,,x,Opened,y\n"
    sends, rejected = read(make(text))
    assert [(send.external_id, send.facts[0].word) for send in sends] == [
        ("1", "Sent"),
        ("3", "Opened"),
    ]
    assert "“status” is there twice" in rejected[0].reason
    assert rejected[0].row["status (2)"] == "Opened"


def test_a_forgotten_quote_costs_one_line_and_names_it(make: Make) -> None:
    text = 'id,status,name\n1,Sent,"Ann\n2,Sent,"Bob"\n3,Sent,Cy\n4,Sent,"Di"x\n5,Sent,"Ed\n6,Sent,Flo\n'
    sends, rejected = read(make(text))
    assert [send.external_id for send in sends] == ["2", "3", "6"]
    assert [each.line for each in rejected] == [2, 5, 6]
    assert "quote that opens in line 2" in rejected[0].reason
    assert rejected[0].row == {"text": '1,Sent,"Ann'}


def test_line_numbers_count_lines_of_the_file(make: Make) -> None:
    text = 'id,status,note\n1,Sent,"a\nb\r\nc"\n2,,x\n'
    _, rejected = read(make(text))
    assert [each.place for each in rejected] == ["line 5"]


def test_huge_cells_and_nul_are_read_and_bounded(make: Make) -> None:
    text = f'id,status,campaign,company\n1,Sent,"{"x" * 3_000_000}",a\x00b\n2,Sent,c,d\n'
    sends, rejected = read(make(text))
    assert rejected == []
    assert len(sends[0].fields["campaign"]) == 500
    assert sends[0].fields["company"] == "a\ufffdb"
    assert sends[1].external_id == "2"


@pytest.mark.parametrize(
    "text",
    [
        "a,b,c\n1,2,3\n",
        "id,name\n1,Ann\n",
        "status,created_at\nSent,2026-02-27\n",
        "Dear team,\nplease find the numbers below.\n",
        '"never closed,status\n1,Sent\n',
        "null",
    ],
)
def test_other_text_is_refused_whole(make: Make, text: str) -> None:
    with pytest.raises(BadFile, match="is not a send export") as refusal:
        open_export(make(text, "other.csv"))
    assert "other.csv" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_header_alone_is_an_empty_export(make: Make) -> None:
    assert read(make("id,status,recipient\n")) == ([], [])


# --- What is not a file of text --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty; expected a CSV, TSV, JSON or JSON Lines export"),
        (b"\xef\xbb\xbf \r\n\n", "is empty"),
        (b"<html><body>Sign in</body></html>", "is a web page"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "is a picture"),
        (b"PK\x03\x04\x14\x00\x06\x00\x08\x00\xff\xfe", "is a broken zip archive"),
        (
            "id,status,name\n1,Sent,Ann\n2,Sent,M\xfcller\n".encode("latin-1"),
            r"UTF-8 all through \(line 3, byte 35\)",
        ),
        (
            "id,status\n1,Sent\n".encode("utf-16") + b"\x00",
            r"UTF-16\S* all through \(line 3, byte ",
        ),
    ],
)
def test_what_is_no_text_is_refused(make: Make, content: bytes, words: str) -> None:
    with pytest.raises(BadFile, match=words):
        open_export(make(content, "strange.csv"))


def test_bad_bytes_are_found_however_far_into_the_file(make: Make) -> None:
    rows = b"1,Sent\n" * 400_000
    with pytest.raises(BadFile, match=r"line 400002, byte 2800013"):
        open_export(make(b"id,status\n" + rows + b"2,\xff", "long.csv"))


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    for path, words in [
        (tmp_path, "is a directory"),
        (tmp_path / "missing.csv", "does not exist"),
        (fifo, "is not an ordinary file"),
        (tmp_path / "a\x00b", "is not the name of a file"),
        (tmp_path / ("x" * 5000), "cannot be read: file name too long"),
        (tmp_path / "missing.csv" / "x", "does not exist"),
    ]:
        with pytest.raises(BadFile, match=words):
            open_export(path)


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as data:
        data.truncate(LARGEST_FILE + 1)
    with pytest.raises(BadFile, match="larger than 200 MB"):
        open_export(path)


def test_names_of_files_are_made_safe_to_show(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="␛") as refusal:
        open_export(tmp_path / "a\x1b[2J.csv")
    assert "\x1b" not in str(refusal.value)


def test_the_format_may_be_given(make: Make) -> None:
    path = make('{"id": 1, "status": "Sent", "touch": 0}', "x")
    assert ids(path, format="jsonl") == ["1"]
    with pytest.raises(BadFile, match="is not a send export"):
        open_export(path, format="csv")
    with pytest.raises(BadFile, match="“xml” is not a format"):
        open_export(path, format="xml")


def test_progress_ends_at_the_size_of_the_file(make: Make) -> None:
    for path in (
        make("id,status\n" + "1,Sent\n" * 5_000),
        make('{"id": 1, "status": "Sent", "touch": 0}\n' * 2, "x.jsonl"),
        SAMPLES / "sendoso_sends.json",
    ):
        export = open_export(path)
        seen = {export.progress.done for _ in export}
        assert export.progress.done == export.progress.total == path.stat().st_size
        assert max(seen) <= export.progress.total
        assert sum(1 for _ in export) == sum(1 for _ in export)


# --- Rejected -----------------------------------------------------------------------------------


def test_rejected_rows_are_beside_the_file_and_can_be_corrected(make: Make) -> None:
    path = make('id,status,company\n1,,=cmd\n2,Sent,ok\n3,Sent,a,b\n4,Sent,"x\n')
    _, rejected = read(path)
    target = write_rejected(path, rejected)
    assert target == rejected_path(path) == path.with_name("sends.csv.rejected.csv")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with target.open(encoding="utf-8", newline="") as text:
        rows = list(csv.reader(text))
    assert rows[0] == ["line", "reason", "id", "status", "company", "extra cell 1", "text"]
    assert [row[0] for row in rows[1:]] == ["2", "4", "5"]
    assert rows[1][1:5] == ["the row has no status", "1", "", "'=cmd"]
    assert rows[3][-1] == '4,Sent,"x'
    target.write_text(target.read_text("utf-8").replace("1,,", "1,Sent,"), "utf-8")
    corrected, _ = read(target)
    assert corrected[0].fields["company"] == "=cmd"


def test_an_earlier_rejected_file_stays_and_no_link_is_followed(make: Make) -> None:
    path = make("id,status\n1,\n")
    _, rejected = read(path)
    first = write_rejected(path, rejected)
    assert write_rejected(path, rejected) == first == rejected_path(path)
    first.write_text("mended", "utf-8")
    second = write_rejected(path, rejected)
    assert second.name == "sends.csv.rejected-2.csv"
    assert write_rejected(path, rejected) == second
    assert first.read_text("utf-8") == "mended"
    other = make("precious", "other")
    first.unlink()
    first.symlink_to(other)
    assert write_rejected(path, rejected) == second
    assert other.read_text("utf-8") == "precious"

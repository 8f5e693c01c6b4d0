"""Files as people hand them over: workbooks, other encodings, archives, odd names; and `--check`."""

import gzip
import os
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.support.command_line import Senddesk, commands

CASES = Path(__file__).parents[2] / "samples" / "cases"
ROWS = "Send ID,Status,Recipient\n1,Sent,Zoë\n"


@pytest.fixture
def senddesk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Senddesk:
    return commands(str(tmp_path / "sends.db"), monkeypatch, capsys)


def test_08_columns_that_are_not_read_are_named(senddesk: Senddesk, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Send ID,Mood,Status,Colour [x]\n1,good,Sent,red\n", encoding="utf-8")
    result = senddesk("import", path)
    assert result.code == 0
    assert "a.csv: 2 columns not read: Mood, Colour [x]\n" in result.err


def test_our_own_lists_have_no_columns_that_are_not_read(
    senddesk: Senddesk, tmp_path: Path
) -> None:
    senddesk("import", CASES / "10-joined.csv")
    for name in ("list.csv", "list.jsonl"):
        assert senddesk("export", "", "-o", tmp_path / name).code == 0
        assert "not read" not in senddesk("import", tmp_path / name).err


def test_check_shows_how_each_column_is_understood_and_writes_nothing(
    senddesk: Senddesk, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        'Order #,Status,Updated At (UTC),Mood,Cost (EUR)\n="7",Processing,46204.5,good,1\n8,,,,\n',
        encoding="utf-8",
    )
    result = senddesk("import", path, "--check")
    assert result.code == 3
    assert "Order #: id: 7 | 8" in result.out
    assert "Updated At (UTC): updated_at (UTC): 46204.5 → 2026-07-01T12:00:00+00:00" in result.out
    assert "Mood: not read: good" in result.out
    assert "Order Received" in result.out
    assert "line 3 is rejected: the row has no status" in result.out
    assert sorted(os.listdir(tmp_path)) == ["a.csv"]  # noqa: PTH208


@pytest.mark.parametrize(
    ("cost", "told"),
    [
        ("Cost (EUR)\t12.5", "cost: 12.50 EUR"),
        ("Cost (JPY)\t1250", "cost: 1,250 JPY"),
        ("Amount (cents)\t1250", "cost: 12.50"),
        ("Currency\tEUR", "currency: EUR"),
    ],
)
def test_check_names_tsv_and_tells_the_cost_as_money(
    senddesk: Senddesk, tmp_path: Path, cost: str, told: str
) -> None:
    name, value = cost.split("\t")
    path = tmp_path / "a.csv"
    path.write_text(f"Send ID\tStatus\t{name}\n7\tProcessing\t{value}\n", encoding="utf-8")
    result = senddesk("import", path, "--check")
    assert result.out.startswith("a.csv: tsv\n")
    assert result.out.endswith(f"; {told}\n")


def test_check_shows_json_and_refuses_what_import_refuses(
    senddesk: Senddesk, tmp_path: Path
) -> None:
    result = senddesk("import", CASES / "16-wrapped-singer.jsonl", "--check")
    assert result.code == 0
    assert result.out.startswith("16-wrapped-singer.jsonl: jsonl\n")
    assert "sendoso 801: Processing (Order Received) since 2026-11-01T10:00:00Z" in result.out
    assert senddesk("import", tmp_path / "missing", "--check").code == 1


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "utf-16-le", "mac-roman"])
def test_an_encoding_may_be_named(senddesk: Senddesk, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(ROWS.encode(encoding))
    refused = senddesk("import", path)
    assert refused.code == 1
    assert encoding == "utf-16-le" or "--encoding" in refused.err
    assert senddesk("import", path, "--encoding", encoding).code == 0
    assert senddesk("list", "--format", "json").json[0]["recipient_name"] == "Zoë"


@pytest.mark.parametrize("name", ["base64", "nonsense", "", "utf-8\x00"])
def test_what_is_no_encoding_is_one_sentence(senddesk: Senddesk, tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(ROWS, encoding="utf-8")
    result = senddesk("import", path, "--encoding", name)
    assert (result.code, len(result.err.splitlines())) == (1, 1)
    assert "is not an encoding" in result.err


def test_a_workbook_is_read(senddesk: Senddesk, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Sends of November"])
    sheet.append(["Send ID", "Status", "Recipient", "Tracking Number", "Updated At"])
    sheet.append([104233.0, "Shipped", "Ann", 940011120255, datetime(2026, 5, 3, 10)])  # noqa: DTZ001
    sheet["D3"].number_format = "0000000000000"
    sheet.append([7, "Shipped", "Null", "#N/A", 46145])
    sheet.append([1234567890123456789, "Shipped", "Bo", None, None])
    sheet.append(["Total", "3 sends"])
    path = tmp_path / "sends.xlsx"
    book.save(path)
    assert senddesk("import", path, "--check").out.startswith("sends.xlsx: xlsx\n")
    result = senddesk("import", path, "--timezone", "UTC")
    assert result.out.startswith("sends.xlsx: 4 read, 2 new, 0 changed, 0 unchanged, 2 rejected")
    first = senddesk("show", "S-104233", "--format", "json").json
    assert (first["tracking_number"], first["since"]) == ("0940011120255", "2026-05-03T10:00:00Z")
    second = senddesk("show", "S-7", "--format", "json").json
    assert (second["tracking_number"], second["since"]) == ("", "2026-05-03T00:00:00Z")
    assert second["recipient_name"] == ""


def test_dates_may_be_counted_from_1904(senddesk: Senddesk, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Send ID,Status,Updated At\n1,Shipped,44683.5\n", encoding="utf-8")
    senddesk("import", path, "--days-from", "1904", "--timezone", "UTC")
    assert senddesk("show", "S-1", "--format", "json").json["since"] == "2026-05-03T12:00:00Z"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv.gz", gzip.compress(ROWS.encode(), mtime=0), "compressed with gzip"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old or protected Excel"),
        ("a.pdf", b"%PDF-1.7\n%\xe2\xe3", "is a PDF"),
        ("a.xlsx", b"PK\x03\x04" + b"\x00" * 30, "is a broken zip archive"),
        ("a.parquet", b"PAR1\x15\x04", "Parquet"),
        ("a.db", b"SQLite format 3\x00" + b"\x00" * 100, "SQLite database"),
        ("a.bz2", b"BZh91AY", "bzip2"),
        ("a.png", b"\x89PNG\r\n", "a picture"),
    ],
)
def test_other_files_get_a_sentence(
    senddesk: Senddesk, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    result = senddesk("import", path)
    assert (result.code, result.out, len(result.err.splitlines())) == (1, "", 1)
    assert words in result.err


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ("sends.csv", "is a zip archive"),
        ("content.xml", "an OpenDocument file"),
        ("xl/workbook.xml", "broken or protected workbook"),
    ],
)
def test_zip_archives_get_a_sentence(
    senddesk: Senddesk, tmp_path: Path, inside: str, words: str
) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(inside, ROWS)
    result = senddesk("import", path)
    assert (result.code, len(result.err.splitlines())) == (1, 1)
    assert words in result.err


@pytest.mark.parametrize("name", ["~nosuchuser/a.csv", "", " ", "-", "/dev/zero", "/dev/null"])
def test_odd_names_are_one_sentence(senddesk: Senddesk, name: str) -> None:
    result = senddesk("import", name)
    assert (result.code, result.out, len(result.err.splitlines())) == (1, "", 1)


def test_a_name_that_is_no_utf_8_is_read(senddesk: Senddesk, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"se\xffnds.csv")
    path.write_text(ROWS + "2,,Bo\n", encoding="utf-8")
    result = senddesk("import", path)
    assert result.code == 3
    assert "1 new" in result.out


def test_export_marks_a_file_for_excel(senddesk: Senddesk, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(ROWS, encoding="utf-8")
    senddesk("import", path)
    target = tmp_path / "b.csv"
    assert senddesk("export", "", "-o", target, "--excel").code == 0
    assert target.read_bytes().startswith(b"\xef\xbb\xbfid,")
    assert senddesk("import", target).out.startswith("b.csv: 1 read, 0 new, 0 changed, 1 unchanged")
    assert senddesk("export", "", "-o", "x.json", "--excel").code == 2
    refused = senddesk("export", "", "-o", target.with_suffix(".xlsx"))
    assert (refused.code, target.with_suffix(".xlsx").exists()) == (2, False)
    assert "no export is a .xlsx file: name it .csv, .json, .jsonl, .md" in refused.err
    assert senddesk("export", "", "-o", target.with_suffix(".xlsx"), "--format", "csv").code == 0


@pytest.mark.parametrize("ending", ["gz", "zip", "bz2", "XZ"])
def test_no_export_is_packed(senddesk: Senddesk, tmp_path: Path, ending: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(ROWS, encoding="utf-8")
    senddesk("import", path)
    target = tmp_path / f"sends.csv.{ending}"
    refused = senddesk("export", "-o", target)
    assert (refused.code, target.exists()) == (2, False)
    assert f"no export is a .{ending.lower()} file: name it .csv, .json, .jsonl, .md" in refused.err
    assert senddesk("export", "-o", tmp_path / "a.b").code == 0


def test_export_writes_to_standard_output(senddesk: Senddesk, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(ROWS, encoding="utf-8")
    senddesk("import", path)
    assert senddesk("export", "", "-o", "-").out.splitlines()[0].startswith("id,platform")
    assert senddesk("export", "", "-o", "-", "--format", "json").json[0]["id"] == "S-1"
    assert senddesk("export", "", "-o", "-", "--excel").out.startswith("\ufeffid,")
    assert not Path("-").exists()

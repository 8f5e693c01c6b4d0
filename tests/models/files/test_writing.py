"""Lists of sends are written whole, private, safe to open, and never over what is there."""

import csv
import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.errors import BadFile, DeskError
from models.files import json_text, rows_as, write_rows
from models.files.fields import EXPORT_FIELDS, column_name
from models.providers.incoming import Fact
from models.records import SendRecord
from models.values.cells import filled
from tests.support.files import NOW, SEND, read


def test_csv_has_no_formula_and_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    assert write_rows(path, [SEND], "csv", now=NOW) == 1
    with path.open(encoding="utf-8", newline="") as text:
        row = next(csv.DictReader(text))
    assert tuple(row) == tuple(map(column_name, EXPORT_FIELDS))
    assert {"platform", "platform_status", "age"} <= set(row)
    assert row["company"] == "'" + SEND.company
    assert row["overridden"] == "true"
    sends, _ = read(path)
    assert sends[0].fields["company"] == SEND.company
    assert sends[0].facts == (Fact("Paused", SEND.provider_at),)


@pytest.mark.parametrize("format_name", ["csv", "json", "jsonl", "md"])
def test_every_format_is_written_private_and_whole(tmp_path: Path, format_name: str) -> None:
    path = tmp_path / "out"
    count = write_rows(
        path, [SEND, SEND._replace(ref="S-2")], format_name, ["id", "company"], now=NOW
    )
    assert count == 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["out"]  # noqa: PTH208
    text = path.read_text("utf-8")
    assert "S-70411" in text
    assert "S-2" in text


def test_json_is_safe_to_show_and_means_the_same() -> None:
    for format_name in ("json", "jsonl"):
        text = "".join(rows_as([SEND], format_name, now=NOW))
        assert not set(text) & set("\x1b\u202e\x7f")
        value = json.loads(text)
        assert (value[0] if format_name == "json" else value)["campaign"] == SEND.campaign
        assert "Zoë" in text
    assert json.loads(json_text("\U000e0041\U0001f381")) == "\U000e0041\U0001f381"
    assert "".join(rows_as([], "json", now=NOW)) == "[]\n"


def test_markdown_and_csv_for_a_terminal_are_safe_to_show() -> None:
    table = "".join(rows_as([SEND], "md", ["recipient_name", "campaign", "due_at"], now=NOW))
    assert table.splitlines()[0] == "| recipient name | campaign | due at |"
    assert "Zoë \\| Ray" in table
    shown = "".join(rows_as([SEND], "csv", now=NOW, for_terminal=True))
    for text in (table, shown):
        assert not set(text) & set("\x1b\u202e\x7f")


def test_unknown_columns_and_formats_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DeskError, match="“colour” is not a column"):
        write_rows(tmp_path / "x", [SEND], "csv", ["id", "colour"], now=NOW)
    with pytest.raises(DeskError, match="“xml” is not a format"):
        write_rows(tmp_path / "x", [SEND], "xml", now=NOW)
    assert os.listdir(tmp_path) == []  # noqa: PTH208


def test_nothing_that_exists_is_overwritten_unasked(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("precious", "utf-8")
    with pytest.raises(BadFile, match="exists already"):
        write_rows(path, [SEND], "csv", now=NOW)
    assert path.read_text("utf-8") == "precious"
    write_rows(path, [SEND], "csv", now=NOW, overwrite=True)
    assert "S-70411" in path.read_text("utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_appears_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"

    def late() -> Iterator[SendRecord]:
        path.write_text("theirs", "utf-8")
        yield SEND

    with pytest.raises(BadFile, match="exists already"):
        write_rows(path, late(), "csv", now=NOW)
    assert path.read_text("utf-8") == "theirs"
    assert os.listdir(tmp_path) == ["out.csv"]  # noqa: PTH208


@pytest.mark.parametrize("overwrite", [False, True])
def test_links_devices_and_folders_are_never_written_to(tmp_path: Path, overwrite: bool) -> None:
    target = tmp_path / "precious"
    target.write_text("precious", "utf-8")
    link = tmp_path / "link"
    link.symlink_to(target)
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    for path, words in [
        (link, "not an ordinary file"),
        (fifo, "not an ordinary file"),
        (tmp_path, "is a directory"),
        (tmp_path / "missing" / "x", "folder does not exist"),
        (target / "x", "cannot be written: not a directory"),
        (tmp_path / "a\x00b", "is not the name"),
        (tmp_path / ("x" * 300), "cannot be written: file name too long"),
    ]:
        with pytest.raises(BadFile, match=words):
            write_rows(path, [SEND], "csv", now=NOW, overwrite=overwrite)
    assert target.read_text("utf-8") == "precious"
    assert sorted(os.listdir(tmp_path)) == ["fifo", "link", "precious"]  # noqa: PTH208


def test_what_breaks_while_writing_leaves_nothing(tmp_path: Path) -> None:
    def broken() -> Iterator[SendRecord]:
        yield SEND
        raise DeskError("the database went away")

    with pytest.raises(DeskError, match="went away"):
        write_rows(tmp_path / "out.csv", broken(), "csv", now=NOW)
    assert os.listdir(tmp_path) == []  # noqa: PTH208


FORMULAS = [
    *("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1"),
    *(
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "=HYPERLINK(1)",
        "-",
        "+",
        "=",
        "@",
        "+1 555-0100",
        "'=1",
        "''=1",
    ),
    *("\ufeff=1", "\u200b=1", "=\n", "-1;2", "=cmd|'/c calc'!A1"),
]


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_are_disarmed_in_every_cell_and_come_back(tmp_path: Path, text: str) -> None:
    path = tmp_path / "out.csv"
    write_rows(path, [SEND._replace(company=text)], "csv", now=NOW)
    with path.open(encoding="utf-8", newline="") as file:
        cell = next(csv.DictReader(file))["company"]
    assert cell == "'" + text
    assert read(path)[0][0].fields.get("company", "") == filled(text)

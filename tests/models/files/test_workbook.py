"""Workbooks become CSV: every kind of cell, missing rows, broken files, a disk without room."""

import re
import tempfile
from datetime import date, datetime, time
from io import StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from models.errors import BadFile
from models.files.items import Rejected
from models.files.reading import open_export
from models.files.sources import examine
from models.files.workbook import write_table
from models.providers.incoming import Incoming
from tests.support.full_disk import files_of_at_most

SENDS = ("Send ID", "Status", "Recipient")


def saved(path: Path, *rows: tuple[object, ...]) -> Path:
    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def csv_of(path: Path) -> list[str]:
    text = StringIO()
    write_table(path, text)
    return text.getvalue().splitlines()


def test_every_kind_of_cell_is_written_with_all_that_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = Workbook()
    sheet = book.active
    sheet.append(SENDS)
    sheet.append((7, 1.5, 10**15, True, None, "Zoë, Lena"))
    sheet.append((datetime(2026, 3, 1, 8, 5), date(2026, 3, 2), time(9, 30)))  # noqa: DTZ001
    sheet["A2"].number_format = "00000"
    book.save(path)
    assert csv_of(path) == [
        "Send ID,Status,Recipient,,,",
        '00007,1.5,1.00000000000000E+15,TRUE,,"Zoë, Lena"',
        "2026-03-01 08:05:00,2026-03-02 00:00:00,09:30:00,,,",
    ]


def test_rows_that_are_missing_end_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = Workbook()
    for place, word in ((1, SENDS), (9, (1, "Sent", "Zoë"))):
        for column, value in enumerate(word, 1):
            book.active.cell(place, column, value)
    book.save(path)
    assert [line for line in csv_of(path) if line.strip(",")] == [
        "Send ID,Status,Recipient",
        "1,Sent,Zoë",
    ]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    path = tmp_path_factory.mktemp("sound") / "a.xlsx"
    saved(path, SENDS, *((number, "Sent", "Zoë") for number in range(5)))
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_workbook_with_a_broken_part_is_read_or_refused(
    data: st.DataObject, sound: dict[str, bytes], tmp_path: Path
) -> None:
    name = data.draw(st.sampled_from(sorted(sound)))
    values = [found.span() for found in re.finditer(rb'(?<=")[^"<>]+(?=")', sound[name])]
    start, end = data.draw(st.sampled_from(values))
    value = data.draw(st.sampled_from([b"", b"0", b"-1", b"1e999", b"nan", b"\xff", b'"', b"<"]))
    broken = sound[name][:start] + value + sound[name][end:]
    path = tmp_path / "a.xlsx"
    with ZipFile(path, "w") as archive:
        for part, content in {**sound, name: broken}.items():
            archive.writestr(part, content)
    try:
        csv_of(path)
    except BadFile as problem:
        assert "is a broken or protected workbook: save it as CSV" in str(problem)  # noqa: PT017


def test_half_a_workbook_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx", SENDS)
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(BadFile, match="is a broken or protected workbook"):
        csv_of(path)


def test_no_room_for_its_rows_is_no_fault_of_the_workbook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path / "a.xlsx", SENDS, *((number, "Sent", "Zoë") for number in range(200)))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    refusal = f"a.xlsx cannot be unpacked into {tmp_path}: file too large"
    with files_of_at_most(1000), pytest.raises(BadFile, match=refusal):
        examine(path)
    assert list(tmp_path.iterdir()) == [path]


def test_09_a_formula_without_a_result_is_no_id_and_hides_nobody(tmp_path: Path) -> None:
    path = saved(
        tmp_path / "a.xlsx",
        ("Send ID", "Status", "Recipient", "Tracking Number", "Updated At"),
        ("=500+2", "Processing", "Bo", None, None),
        (503, "Processing", "Cy", '=A3&"x"', "=TODAY()-3"),
        (504, "Processing", '=IF(1<2,"","")', 0.1 + 0.2, None),
    )
    assert csv_of(path)[1:] == [
        "=500+2,Processing,Bo,,",
        '503,Processing,Cy,"=A3&""x""",=TODAY()-3',
        '504,Processing,"=IF(1<2,"""","""")",0.3,',
    ]
    items = list(open_export(path))
    (rejected, *sends) = items
    assert isinstance(rejected, Rejected)
    assert "“=500+2” is a formula without its result" in rejected.reason
    assert [send.external_id for send in sends if isinstance(send, Incoming)] == ["503", "504"]


def test_a_formula_whose_result_is_an_empty_text_is_empty(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx", SENDS, (7, "Sent", "=B2"))
    sheet = "xl/worksheets/sheet1.xml"
    with ZipFile(path) as old, ZipFile(tmp_path / "b.xlsx", "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == sheet:
                assert b'<c r="C2"><f>B2</f><v' in text
                text = text.replace(b'<c r="C2">', b'<c r="C2" t="str">')
            new.writestr(name, text)
    assert csv_of(tmp_path / "b.xlsx")[1:] == ["7,Sent,"]

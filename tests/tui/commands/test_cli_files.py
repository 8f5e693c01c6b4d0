"""Import, database care and the demo on the command line."""

import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from models.database import open_database
from models.history.audit import verify
from tests.support.command_line import SENDS, Senddesk, commands, sends_file
from tests.support.full_disk import files_of_at_most
from tests.support.terminal import ROOT


@pytest.fixture
def senddesk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Senddesk:
    """A desk whose database does not exist yet."""
    return commands(str(tmp_path / "sends.db"), monkeypatch, capsys)


def bad_sends() -> list[dict[str, object]]:
    """Return two sends and one object that is none."""
    return [SENDS[0], {"type": "Inventoried Sends", "status": "Shipped"}, SENDS[1]]


def test_import_counts_and_can_be_repeated(senddesk: Senddesk, tmp_path: Path) -> None:
    path = sends_file(tmp_path, [*SENDS, SENDS[0]])
    first = senddesk("import", path)
    assert first.code == 0
    assert first.out == "sends.json: 4 read, 3 new, 0 changed, 1 unchanged, 0 rejected\n"
    again = senddesk("import", path)
    assert (again.code, again.out) == (
        0,
        "sends.json: 4 read, 0 new, 0 changed, 4 unchanged, 0 rejected\n",
    )


def test_rejected_rows_are_listed_and_kept(senddesk: Senddesk, tmp_path: Path) -> None:
    path = sends_file(tmp_path, bad_sends())
    result = senddesk("import", path)
    assert result.code == 3
    assert result.out == "sends.json: 3 read, 2 new, 0 changed, 0 unchanged, 1 rejected\n"
    kept = tmp_path / "sends.json.rejected.csv"
    assert "item 2" in result.err
    assert str(kept) in result.err
    assert kept.read_text(encoding="utf-8").startswith("line,reason")
    assert len(senddesk("list", "--format", "json").json) == 2


def test_rejected_rows_that_are_kept_nowhere_are_told(senddesk: Senddesk, tmp_path: Path) -> None:
    # The name of the file for the rejected rows would be longer than a name can be.
    path = sends_file(tmp_path, bad_sends(), f"{'x' * 245}.json")
    result = senddesk("import", path)
    assert result.code == 3
    assert "2 new, 0 changed, 0 unchanged, 1 rejected" in result.out
    assert "item 2: " in result.err
    assert "The rejected rows are kept nowhere: " in result.err
    assert "cannot be written: file name too long" in result.err
    assert sorted(tmp_path.glob("*")) == [tmp_path / "sends.db", path]
    assert len(senddesk("list", "--format", "json").json) == 2


def test_rejected_rows_that_were_mended_can_be_imported_and_stay(
    senddesk: Senddesk, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Send ID,Status,Company\n901,,Nordlys\n902,Sent,Hana\n903,,Fabrikant\n")
    assert senddesk("import", path).code == 3
    kept = tmp_path / "a.csv.rejected.csv"
    mended = kept.read_text("utf-8").replace("901,,", "901,Shipped,")
    kept.write_text(mended, "utf-8")
    again = senddesk("import", path)
    assert again.code == 3
    assert "a.csv.rejected-2.csv" in again.err
    assert kept.read_text("utf-8") == mended
    result = senddesk("import", kept)
    assert result.code == 3
    assert "2 read, 1 new, 0 changed, 0 unchanged, 1 rejected" in result.out
    assert kept.read_text("utf-8") == mended
    found = {each["external_id"]: each for each in senddesk("list", "--format", "json").json}
    assert set(found) == {"901", "902"}
    assert (found["901"]["status"], found["901"]["company"]) == ("shipped", "Nordlys")


def test_warnings_are_counted_and_told(senddesk: Senddesk, tmp_path: Path) -> None:
    odd = {**SENDS[2], "tracking_url": "javascript:alert(1)"}
    result = senddesk("import", sends_file(tmp_path, [odd]))
    assert (result.code, result.out) == (
        0,
        "sends.json: 1 read, 1 new, 0 changed, 0 unchanged, 0 rejected, 1 warning\n",
    )
    assert "tracking_url" in result.err


def test_17_local_times_are_read_in_the_zone_that_is_named(
    senddesk: Senddesk, tmp_path: Path
) -> None:
    path = tmp_path / "17.csv"
    path.write_text("Send ID,Status,Status Date,Status Time\n901,Paused,2026-01-20,16:30\n")
    result = senddesk("import", path, "--timezone", "Asia/Tokyo")
    assert result.err == "17.csv: times without a zone were read as those of Asia/Tokyo\n"
    assert senddesk("list", "--format", "json").json[0]["since"] == "2026-01-20T07:30:00Z"
    wrong = senddesk("import", path, "--timezone", "Mars/Phobos")
    assert wrong.code == 2
    assert "“Mars/Phobos” is not a time zone: write Europe/Berlin, UTC or +01:00" in wrong.err


def test_only_the_first_rejected_rows_are_listed(senddesk: Senddesk, tmp_path: Path) -> None:
    path = sends_file(tmp_path, [SENDS[0], *({"id": None, "status": "x"} for _ in range(30))])
    lines = senddesk("import", path).err.splitlines()
    assert len([line for line in lines if "item" in line]) == 20
    assert "… and 10 more" in lines


def test_a_dry_run_writes_nothing(senddesk: Senddesk, tmp_path: Path) -> None:
    result = senddesk("import", sends_file(tmp_path, bad_sends()), "--dry-run")
    assert result.code == 3
    assert "2 new" in result.out
    assert [each.name for each in tmp_path.iterdir()] == ["sends.json"]


def test_strict_imports_all_or_nothing(senddesk: Senddesk, tmp_path: Path) -> None:
    good = sends_file(tmp_path, SENDS[2:], "good.json")
    result = senddesk("import", good, sends_file(tmp_path, bad_sends()), "--strict")
    assert (result.code, result.out) == (1, "")
    assert "item 2" in result.err
    assert result.err.endswith("Nothing was imported.\n")
    assert not (tmp_path / "sends.db").exists()
    assert senddesk("import", good, "--strict").code == 0


def test_what_is_no_export_is_refused_in_one_sentence(senddesk: Senddesk, tmp_path: Path) -> None:
    for name, content in {
        "empty.csv": "",
        "letter.txt": "Dear team,\nplease see below.\n",
        "binary.json": "\x00\x01\x02",
        "broken.json": '{"sends": [',
        "other.json": '{"invoices": 3}',
    }.items():
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        result = senddesk("import", path)
        assert (result.code, result.out) == (1, "")
        assert len(result.err.splitlines()) == 1
    for path in (tmp_path, tmp_path / "missing.csv"):
        assert senddesk("import", path).code == 1


def test_the_other_files_go_on_and_it_is_done_in_part(senddesk: Senddesk, tmp_path: Path) -> None:
    missing = tmp_path / "missing.csv"
    partly = sends_file(tmp_path, bad_sends())
    good = sends_file(tmp_path, SENDS[2:], "good.json")
    result = senddesk("import", missing, partly, good)
    assert result.code == 3
    assert [line.split(":")[0] for line in result.out.splitlines()] == ["sends.json", "good.json"]
    assert len(senddesk("list", "--format", "json").json) == 3
    assert senddesk("import", partly, good).code == 3
    refused = tmp_path / "refused.csv"
    refused.write_text("a,b\n1,2\n", encoding="utf-8")
    for bad in (missing, refused):
        assert senddesk("import", bad, good).code == 3
        assert senddesk("import", good, bad).code == 3
    assert senddesk("import", missing, refused).code == 1
    assert senddesk("import", good, partly, "--strict").code == 1


def test_a_disk_that_is_full_at_the_first_import_keeps_no_empty_desk(
    senddesk: Senddesk, tmp_path: Path
) -> None:
    path = sends_file(tmp_path, [{**SENDS[0], "id": number} for number in range(1, 2001)])
    with files_of_at_most(250_000):
        refused = senddesk("import", path)
    assert (refused.code, refused.out) == (1, "")
    assert len(refused.err.splitlines()) == 1
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    assert senddesk("import", path).code == 0
    assert senddesk("list", "--format", "json").code == 0


@pytest.mark.parametrize("words", [("letter.txt",), ("missing.csv",), ("sends.json", "--dry-run")])
def test_an_import_that_stores_nothing_makes_no_desk(
    senddesk: Senddesk, tmp_path: Path, words: tuple[str, ...]
) -> None:
    sends_file(tmp_path)
    (tmp_path / "letter.txt").write_text("Dear team")
    name, *options = words
    senddesk("import", tmp_path / name, *options)
    assert not list(tmp_path.glob("sends.db*"))


def test_a_desk_that_was_there_outlives_an_import_that_fails(
    senddesk: Senddesk, tmp_path: Path
) -> None:
    assert senddesk("db", "create").code == 0
    assert senddesk("import", tmp_path / "missing.csv").code == 1
    assert senddesk("list").code == 0


def test_provider_and_format_may_be_told(senddesk: Senddesk, tmp_path: Path) -> None:
    path = sends_file(tmp_path)
    assert senddesk("import", path, "--provider", "Sendoso", "--format", "json").code == 0
    result = senddesk("import", path, "--provider", "other")
    assert result.code == 1
    assert "sendoso" in result.err


def test_a_new_database_is_private(senddesk: Senddesk, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    database = folder / "sends.db"
    assert senddesk("db", "create", "--database", database).code == 0
    assert senddesk("import", sends_file(tmp_path), "--database", database).code == 0
    assert stat.S_IMODE(database.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_check_and_backup(senddesk: Senddesk, tmp_path: Path) -> None:
    senddesk("import", sends_file(tmp_path))
    assert (senddesk("db", "check").code, senddesk("db", "check").out) == (
        0,
        "sends.db is sound.\n",
    )
    copy = tmp_path / "copy.db"
    assert senddesk("db", "backup", copy).code == 0
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert len(senddesk("list", "--database", copy, "--format", "json").json) == 3
    again = senddesk("db", "backup", copy)
    assert (again.code, again.out) == (1, "")


def test_verify_finds_an_altered_history(senddesk: Senddesk, tmp_path: Path) -> None:
    senddesk("import", sends_file(tmp_path))
    senddesk("note", "S-101", "the truth")
    good = senddesk("db", "verify")
    assert good.code == 0
    assert "3 sends" in good.out
    with sqlite3.connect(tmp_path / "sends.db") as raw:
        raw.execute("DROP TRIGGER event_is_never_changed")
        raw.execute("UPDATE event SET reason = 'a lie' WHERE reason = 'the truth'")
    raw.close()
    bad = senddesk("db", "verify")
    assert (bad.code, bad.out) == (1, "")
    assert "S-101" in bad.err


def test_upgrade_makes_a_desk(senddesk: Senddesk, tmp_path: Path) -> None:
    result = senddesk("db", "upgrade")
    assert (result.code, result.out) == (0, "sends.db is up to date.\n")
    assert senddesk("db", "upgrade").code == 0
    assert senddesk("list", "--format", "json").json == []


def test_upgrade_refuses_a_newer_desk(senddesk: Senddesk, tmp_path: Path) -> None:
    senddesk("db", "upgrade")
    with sqlite3.connect(tmp_path / "sends.db") as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()
    for words in (("db", "upgrade"), ("list",)):
        result = senddesk(*words)
        assert result.code == 1
        assert "newer Send Desk" in result.err


def test_a_server_gets_its_desk_by_upgrade(
    senddesk: Senddesk, server_address: str, tmp_path: Path
) -> None:
    there = ("--database", server_address)
    database = open_database(server_address)
    with database.write() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    database.close()
    refused = senddesk("list", *there)
    assert refused.code == 1
    assert "senddesk db upgrade" in refused.err
    assert senddesk("db", "upgrade", *there).code == 0
    assert senddesk("import", sends_file(tmp_path), *there).code == 0
    assert senddesk("db", "check", *there).code == 0
    assert senddesk("db", "backup", tmp_path / "copy.db", *there).code == 1


@pytest.mark.parametrize(
    "content", [b"", b"hello, this is a text\n" * 100, b"SQLite format 3\x00" + b"\xff" * 5000]
)
def test_a_broken_file_is_one_sentence(senddesk: Senddesk, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.db"
    path.write_bytes(content)
    for words in (("list",), ("db", "check"), ("db", "verify"), ("take", "S-1")):
        result = senddesk(*words, "--database", path)
        assert (result.code, len(result.err.splitlines())) in {(1, 1), (0, 1), (0, 0)}
        assert result.code == 1 or not content


def test_a_server_that_is_not_there_is_one_sentence(senddesk: Senddesk) -> None:
    result = senddesk("list", "--database", "postgresql://ana:hunter2@127.0.0.1:1/desk")
    assert (result.code, len(result.err.splitlines())) == (1, 1)
    assert "hunter2" not in result.err


def test_the_demo_is_made_once_in_a_file_of_its_own(senddesk: Senddesk, tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    made = senddesk("demo", "--sends", "40", "--no-open", "--database", path)
    assert made.code == 0
    before = path.read_bytes()
    again = senddesk("demo", "--sends", "50", "--no-open", "--database", path)
    assert again.code == 0
    assert "already" in again.err
    assert path.read_bytes() == before
    assert len(senddesk("list", "--database", path, "--format", "json").json) == 40
    assert sorted(each.name for each in tmp_path.iterdir()) == ["demo.db"]


def test_a_demo_that_several_begin_at_once_is_made_by_one_of_them(tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    words = ["demo", "--sends", "200", "--no-open", "--database", str(path)]
    command = [sys.executable, "-m", "tui", *words]
    begun = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) for _ in range(3)]
    said = [each.communicate()[1].decode() for each in begun]
    assert [each.returncode for each in begun] == [0, 0, 0], said
    assert [each.name for each in tmp_path.iterdir()] == ["demo.db"]
    database = open_database(path)
    assert verify(database).problems == ()
    database.close()


def test_the_demo_makes_no_folder_that_an_agent_has_mistyped(
    senddesk: Senddesk, tmp_path: Path
) -> None:
    path = tmp_path / "typo" / "deeper" / "demo.db"
    refused = senddesk("demo", "--sends", "5", "--no-open", "--database", path)
    assert (refused.code, refused.out) == (1, "")
    assert refused.err == (
        f"There is no folder {path.parent}. Make it first, or name a file in another one.\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_demo_that_does_not_fit_leaves_nothing(senddesk: Senddesk, tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    with files_of_at_most(250_000):
        refused = senddesk("demo", "--sends", "500", "--no-open", "--database", path)
    assert (refused.code, refused.out) == (1, "")
    assert len(refused.err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_the_demo_is_never_made_on_a_server(senddesk: Senddesk) -> None:
    result = senddesk("demo", "--no-open", "--database", "postgresql://localhost/desk")
    assert (result.code, len(result.err.splitlines())) == (1, 1)


def test_the_demo_leaves_the_own_desk_alone(
    senddesk: Senddesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    senddesk("import", sends_file(tmp_path))
    assert senddesk("demo", "--sends", "5", "--seed", "3", "--no-open").code == 0
    assert senddesk("demo", "--sends", "6", "--seed", "3", "--no-open").code == 0
    made = sorted(path.name for path in (tmp_path / "data").rglob("*.db"))
    assert made == ["demo-5-3.db", "demo-6-3.db"]
    assert len(senddesk("list", "--format", "json").json) == 3

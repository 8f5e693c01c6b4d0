"""Private files: their modes, and what is done where a name is taken or is a link."""

import stat
from pathlib import Path

import pytest

from models.values import private_file


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_new_files_and_their_folder_are_for_their_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    private_file.make_if_missing(folder / "made")
    private_file.create(folder / "created").close()
    private_file.overwrite(folder / "overwritten", b"1")
    private_file.replace(folder / "replaced", b"1")
    assert mode(folder) == 0o700
    assert {path.name: mode(path) for path in folder.iterdir()} == dict.fromkeys(
        ("made", "created", "overwritten", "replaced"), 0o600
    )


def test_what_is_there_stays_when_it_is_only_made_if_missing(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"kept")
    private_file.make_if_missing(path)
    assert path.read_bytes() == b"kept"


def test_a_name_that_is_taken_is_not_created(tmp_path: Path) -> None:
    taken, link = tmp_path / "taken", tmp_path / "link"
    taken.write_bytes(b"kept")
    link.symlink_to(tmp_path / "nowhere")
    for path in (taken, link):
        with pytest.raises(FileExistsError):
            private_file.create(path)
    assert taken.read_bytes() == b"kept"
    assert not (tmp_path / "nowhere").exists()


def test_a_file_is_overwritten_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"a longer text")
    private_file.overwrite(path, b"short")
    assert path.read_bytes() == b"short"


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    other, link = tmp_path / "other", tmp_path / "link"
    other.write_bytes(b"kept")
    link.symlink_to(other)
    with pytest.raises(OSError, match="link"):
        private_file.overwrite(link, b"lost")
    private_file.replace(link, b"new")
    assert (other.read_bytes(), link.read_bytes()) == (b"kept", b"new")
    assert not link.is_symlink()


def test_what_a_killed_program_left_is_in_nobodys_way(tmp_path: Path) -> None:
    path = tmp_path / "file"
    private_file.replace(path, b"1")
    before = set(tmp_path.iterdir())
    private_file.replace(path, b"2")
    assert set(tmp_path.iterdir()) == before
    assert path.read_bytes() == b"2"

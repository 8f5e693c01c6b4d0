"""The settings file: what it may say, and how it is told what it may not."""

import os
from pathlib import Path

import pytest

from tui.config import THEME_NAMES, BadConfig, Config, load
from tui.keys import KEYS, OLD_IDS, KeyRow
from tui.style.themes import THEMES


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "config.toml"
    monkeypatch.setenv("SENDDESK_CONFIG", str(path))
    return path


def test_without_a_file_nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SENDDESK_CONFIG", raising=False)

    assert load() == Config()


def test_everything_can_be_set(config: Path) -> None:
    config.write_text(
        'database = "postgresql://desk@host/sends"\nagent = "ana"\ntheme = "send-desk-light"\n'
        'timezone = "Europe/Berlin"\nascii = true\n[keys]\n"desk.status" = "T"\n"view.7" = "7,f9"\n'
    )

    read = load()

    assert (read.database, read.agent, read.ascii) == ("postgresql://desk@host/sends", "ana", True)
    assert (read.theme, read.timezone) == ("send-desk-light", "Europe/Berlin")
    assert read.keys == {"desk.status": "T", "view.7": "7,f9"}


def test_the_themes_are_those_of_the_desk() -> None:
    assert {theme.name for theme in THEMES} == set(THEME_NAMES)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("agent = ", "is not TOML"),
        ('agemt = "ana"', "line 1: “agemt” is not a setting. Did you mean “agent”?"),
        ("agent = 7", "“agent” is text in quotes"),
        ('\ntheme = "send-desk-drak"', "line 2: “send-desk-drak” is not a theme. Did you mean"),
        ('\ntimezone = "Europe/Berln"', "line 2: “Europe/Berln” is not a time zone: write"),
        ("timezone = 1", "“timezone” is text in quotes"),
        ('[keys]\n"desk.statsu" = "T"', "line 2: “desk.statsu” is no action. Did you mean"),
        ('[keys]\n"desk.status" = 5', "the keys of “desk.status” are text in quotes"),
        ('[keys]\n"desk.status" = "e"', "“e” would run desk.status and desk.escalate"),
        ('[keys]\n"desk.note" = "x"\n"desk.done" = "c,x"', "“x” would run"),
        ('[keys]\n"desk.note" = "?"', "“?” would run desk.note and desk.help"),
        ('[keys]\n"case.down" = "x"', "“x” would run desk.export and case.down"),
        ('[keys]\n"log.turn" = "k"', "“k” would run menu.up and log.turn"),
        ('[keys]\n"text.close" = "y"', "“y” would run text.close and handover.copy"),
        ('[keys]\n"desk.clear" = "x"', "“x” would run desk.reset_filter and desk.export"),
        ('agent = "\x1b"', "is not TOML"),
    ],
)
def test_a_wrong_setting_is_one_sentence(config: Path, text: str, said: str) -> None:
    config.write_text(text)

    with pytest.raises(BadConfig) as refused:
        load()

    assert said in str(refused.value)
    assert str(config) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_key_may_move_from_one_action_to_another(config: Path) -> None:
    config.write_text('[keys]\n"desk.status" = "e"\n"desk.escalate" = "s"')

    assert load().keys["desk.status"] == "e"


@pytest.mark.parametrize("row", KEYS, ids=lambda row: row.id)
def test_every_key_can_be_another_one(config: Path, row: KeyRow) -> None:
    config.write_text(f'[keys]\n"{row.id}" = "f9"')

    assert load().keys == {row.id: "f9"}


def test_a_key_may_do_one_thing_in_the_list_and_another_in_a_dialog(config: Path) -> None:
    config.write_text('[keys]\n"log.turn" = "x"\n"facets.clear" = "x"')

    assert load().keys == {"log.turn": "x", "facets.clear": "x"}


@pytest.mark.parametrize(("old", "new"), OLD_IDS.items())
def test_the_names_of_earlier_releases_still_hold(config: Path, old: str, new: str) -> None:
    config.write_text(f'[keys]\n"{old}" = "f9"')

    assert load().keys == {new: "f9"}


@pytest.mark.parametrize("bad", [b"\xff\xfe agent", b"x" * 1_000_001], ids=["not text", "huge"])
def test_a_file_that_is_no_settings_is_refused(config: Path, bad: bytes) -> None:
    config.write_bytes(bad)

    with pytest.raises(BadConfig):
        load()


def test_a_file_that_was_named_must_be_there(config: Path) -> None:
    with pytest.raises(BadConfig, match="cannot be read"):
        load()


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("/dev/zero", "not an ordinary file"),
        ("pipe", "not an ordinary file"),
        ("deep", "nests too deeply"),
    ],
)
def test_settings_are_an_ordinary_file_of_bounded_size_and_depth(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, told: str
) -> None:
    path = tmp_path / what.replace("/", "_")
    if what == "pipe":
        os.mkfifo(path)
    elif what == "deep":
        path.write_text(f"agent = {'[' * 100_000}", "utf-8")
    else:
        path.symlink_to(what)
    monkeypatch.setenv("SENDDESK_CONFIG", str(path))
    with pytest.raises(BadConfig, match=told):
        load()


SAMPLES = Path(__file__).parents[1] / "samples" / "cases"


def test_case_20_bom_is_passed_over(config: Path) -> None:
    config.write_bytes((SAMPLES / "20-bom.toml").read_bytes())

    assert load().agent == "ana"


@pytest.mark.parametrize("ends", ["\r\n", "\r", "\n"])
def test_case_20_bom_and_line_ends_of_other_systems(config: Path, ends: str) -> None:
    config.write_bytes(f'\ufeffagent = "ana"{ends}ascii = true{ends}'.encode())

    assert (load().agent, load().ascii) == ("ana", True)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_case_20_bom_of_another_encoding_is_named(config: Path, encoding: str) -> None:
    config.write_bytes('agent = "ana"\n'.encode(encoding))

    with pytest.raises(BadConfig, match=r"UTF-16 text.*: save it as UTF-8"):
        load()


def test_case_20_bom_letters_of_an_old_encoding(config: Path) -> None:
    config.write_bytes('agent = "José"\n'.encode("latin-1"))

    with pytest.raises(BadConfig, match="not UTF-8 text: save it as UTF-8"):
        load()


@pytest.mark.parametrize("kind", ["pipe", "folder", "device"])
def test_what_is_no_ordinary_file_is_not_read(
    config: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if kind == "pipe":
        os.mkfifo(config)
    elif kind == "folder":
        config.mkdir()
    else:
        monkeypatch.setenv("SENDDESK_CONFIG", "/dev/zero")

    with pytest.raises(BadConfig, match=r"not an ordinary file|cannot be read"):
        load()


def test_an_empty_name_of_the_settings_is_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SENDDESK_CONFIG", " ")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))

    assert load() == Config()

"""The command line: reading, filters, global options, wrong usage, what hostile text does to it."""

import csv
import io
import json
import stat
from pathlib import Path

import click
import pytest

from models.files.fields import EXPORT_FIELDS, column_name
from models.providers.catalogue import STATUSES
from tests.support.command_line import NOW, SENDS, Senddesk, commands, sends_file
from tests.support.hostile import ESCAPES, HOSTILE, MARKUP
from tests.support.terminal import scan
from tui.cli import Commands
from tui.cli import senddesk as root
from tui.keys import KEYS as KEY_TABLE

CONTRACT = [
    "id",
    "provider",
    "external_id",
    "type",
    "status",
    "status_label",
    "stage",
    "provider_status",
    "overridden",
    "since",
    "due_at",
    "urgency",
    "recipient_name",
    "recipient_email",
    "company",
    "campaign",
    "sender_name",
    "owner",
    "tracking_number",
    "tracking_url",
    "cost",
    "currency",
    "created_at",
    "expires_at",
    "revision",
]


@pytest.fixture
def empty(
    file_address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Senddesk:
    return commands(file_address, monkeypatch, capsys)


def ids(text: str) -> list[str]:
    return [send["id"] for send in json.loads(text)]


def test_list_has_every_key_of_the_contract(senddesk: Senddesk) -> None:
    result = senddesk("list", "--format", "json")
    assert (result.code, result.err) == (0, "")
    assert [set(CONTRACT) - set(send) for send in result.json] == [set()] * 3
    first = result.json[0]
    assert first["id"] == "S-101"
    assert (first["status"], first["status_label"]) == ("order_received", "Order Received")
    assert (first["since"], first["due_at"]) == ("2026-05-12T08:00:00Z", "2026-05-19T08:00:00Z")
    assert (first["cost"], first["currency"], first["urgency"]) == ("48.75", "USD", "over")
    assert first["overridden"] is False
    assert first["expires_at"] is None


def test_the_most_overdue_come_first_and_the_filter_may_say_otherwise(senddesk: Senddesk) -> None:
    assert ids(senddesk("list", "--format", "json").out) == ["S-101", "S-103", "S-102"]
    assert ids(senddesk("list", "sort:-created", "--format", "json").out) == [
        "S-102",
        "S-103",
        "S-101",
    ]


def test_a_filter_is_several_words_and_may_begin_with_a_minus(senddesk: Senddesk) -> None:
    assert ids(senddesk("list", "type:physical", "stage:problem", "--format=json").out) == ["S-103"]
    assert ids(senddesk("list", "-status:opened", "-stage:problem", "--format=json").out) == [
        "S-101"
    ]


def test_a_view_narrows_the_filter_and_brings_its_order(senddesk: Senddesk) -> None:
    senddesk("take", "S-101", "S-102")
    assert ids(senddesk("list", "--view", "mine", "--format", "json").out) == ["S-101", "S-102"]
    assert ids(senddesk("list", "--view", "Mine", "type:egift", "--format", "json").out) == [
        "S-102"
    ]
    assert ids(senddesk("list", "--view", "all", "--format", "json").out) == [
        "S-102",
        "S-103",
        "S-101",
    ]


def test_limit_and_columns(senddesk: Senddesk) -> None:
    result = senddesk("list", "--columns", "id,company", "--limit", "2", "--format", "jsonl")
    assert [json.loads(line) for line in result.out.splitlines()] == [
        {"id": "S-101", "company": "Nordlys"},
        {"id": "S-103", "company": "Hana"},
    ]
    rows = list(csv.DictReader(io.StringIO(senddesk("list", "--format", "csv").out)))
    assert [row["id"] for row in rows] == ["S-101", "S-103", "S-102"]
    assert tuple(rows[0]) == tuple(map(column_name, EXPORT_FIELDS))
    assert senddesk("list", "--format", "json", "--limit", "0").json == []


def test_a_table_says_what_is_over(senddesk: Senddesk) -> None:
    lines = senddesk("list").out.splitlines()
    assert lines[0].split()[:3] == ["Id", "Due", "Status"]
    assert lines[1].split()[:4] == ["S-101", "▲", "13d", "over"]
    assert "Mira Solberg" in lines[1]
    ascii_lines = senddesk("list", "--ascii").out
    assert ascii_lines.isascii()
    assert "S-101" in ascii_lines


def test_a_table_with_chosen_columns(senddesk: Senddesk) -> None:
    result = senddesk("list", "--columns", "id,overridden,expires_at,revision", "id:101")
    assert result.out.splitlines()[1].split() == ["S-101", "no", "2"]


def test_a_limited_table_says_how_many_there_are(senddesk: Senddesk) -> None:
    result = senddesk("list", "--limit", "1")
    assert len(result.out.splitlines()) == 2
    assert result.err == "1 of 3 sends; --limit shows more.\n"


def test_nothing_found_is_no_failure(senddesk: Senddesk) -> None:
    result = senddesk("list", "company:nobody")
    assert (result.code, result.out, result.err) == (0, "", "No send matches.\n")
    assert senddesk("list", "company:nobody", "--format", "json").json == []


def test_an_empty_desk_says_so(empty: Senddesk) -> None:
    assert empty("list").err == "There are no sends yet.\n"


def test_show_as_json_adds_advice_next_and_history(senddesk: Senddesk) -> None:
    senddesk("set", "S-101", "shipped", "--reason", "told by phone")
    shown = senddesk("show", "S-101", "--format", "json").json
    assert set(CONTRACT) < set(shown)
    assert (shown["status"], shown["provider_status"]) == ("shipped", "order_received")
    assert "delivered" in shown["next"]
    assert shown["advice"]["title"]
    entries = [(each["kind"], each["to"], each["actor"]) for each in shown["history"]]
    assert entries == [
        ("fact", "confirming_address", "sendoso"),
        ("fact", "order_received", "sendoso"),
        ("override", "shipped", "ana"),
    ]
    last = shown["history"][-1]
    assert (last["from"], last["reason"]) == ("order_received", "told by phone")
    assert (last["source"], last["at"]) == ("cli", "2026-06-01T12:00:00Z")
    assert shown["history"][0]["source"] == "import:sends.json"


def test_show_as_text_tells_the_case(senddesk: Senddesk) -> None:
    senddesk("set", "S-101", "shipped", "--reason", "told by\nphone")
    senddesk("escalate", "S-101", "--reference", "SUP-7")
    text = senddesk("show", "S-101").out
    for words in (
        "Mira Solberg · Nordlys",
        "Shipped  for",
        "48.75 USD",
        "Shipped, by ana Mon 01 Jun 12:00",
        "Order Received Tue 12 May 08:00",
        "told by",
        "ana escalated it",
        "SUP-7",
        "import:sends.json",
    ):
        assert words in text
    order = [
        text.index(words) for words in ("Confirming Address", "ana set Shipped", "ana escalated")
    ]
    assert order == sorted(order)


def test_a_send_goes_by_several_names(senddesk: Senddesk) -> None:
    for name in ("S-103", "s-103", "sendoso:103", "1Z999AA10123456784", "103"):
        assert senddesk("show", name, "--format", "json").json["id"] == "S-103"


def test_packet(senddesk: Senddesk) -> None:
    text = senddesk("packet", "S-103").out
    assert "1Z999AA10123456784" in text
    assert "Undeliverable" in text


def test_one_packet_about_several(senddesk: Senddesk) -> None:
    alone = senddesk("packet", "S-103").out
    assert senddesk("packet", "--query", "id:S-103").out == alone
    both = senddesk("packet", "S-103", "S-102")
    assert (both.code, both.out.count("1. Order 1")) == (0, 2)
    partly = senddesk("packet", "S-103", "S-999")
    assert (partly.code, partly.out) == (3, alone)
    assert partly.err == "No send answers to “S-999”.\n"
    none = senddesk("packet", "--query", "id:S-999")
    assert (none.code, none.out, none.err) == (0, "", "No send matches.\n")


@pytest.fixture
def twins(senddesk: Senddesk, tmp_path: Path) -> Senddesk:
    """The same desk with a second send like S-101, S-104."""
    path = tmp_path / "twin.json"
    path.write_text(json.dumps([SENDS[0] | {"id": 104}]), "utf-8")
    assert senddesk("import", path).code == 0
    return senddesk


def test_a_packet_with_the_same_problem(twins: Senddesk) -> None:
    both = twins("packet", "S-101", "--with-same-problem")
    assert (both.code, both.err) == (0, "")
    assert "About: Sendoso, 2 orders, Order Received\n" in both.out
    alone = twins("packet", "S-103", "--with-same-problem")
    assert (alone.code, alone.out) == (0, twins("packet", "S-103").out)
    assert alone.err == "No other send of its campaign has the problem of S-103.\n"
    assert twins("packet", "S-101", "S-104", "--with-same-problem").code == 2


def test_what_lies_around_a_send(twins: Senddesk) -> None:
    around = twins("show", "S-101", "--format", "json").json["around"]
    assert around.keys() == {"recipient", "company", "campaign", "problem"}
    text = twins("show", "S-101").out
    for each in around.values():
        assert (each["others"], each["exact"]) == (1, True)
        listed = twins("list", each["filter"], "--format", "json").json
        assert {row["id"] for row in listed} == {"S-101", "S-104"}
        assert f"1 other  {each['filter']}" in text
    assert twins("show", "S-103", "--format", "json").json["around"] == {}


def test_an_unknown_send_is_refused_in_one_sentence(senddesk: Senddesk) -> None:
    for command in ("show", "packet", "take", "release"):
        result = senddesk(command, "S-999")
        assert (result.code, result.out) == (1, "")
        assert result.err == "No send answers to “S-999”.\n"


def test_statuses_as_json_are_the_whole_catalogue(empty: Senddesk) -> None:
    rows = empty("statuses", "--format", "json").json
    known = {(key, slug) for key, statuses in STATUSES.items() for slug in statuses}
    assert {(row["provider"], row["slug"]) for row in rows} == known
    assert len(rows) == len(known)
    by_slug = {(row["provider"], row["slug"]): row for row in rows}
    received = by_slug["sendoso", "order_received"]
    assert (received["threshold"]["limit"], received["threshold"]["unit"]) == (7, "d")
    assert "Processing" in received["aliases"]
    assert by_slug["sendoso", "undeliverable"]["threshold"]["limit"] == 0
    for row in rows:
        assert row["meaning"]
        assert row["advice"]
        assert row["final"] or row["next"]


def test_the_states_of_shipments_are_a_table_of_their_own(empty: Senddesk) -> None:
    rows = empty("statuses", "--shipments", "--format", "json").json
    assert {row["slug"] for row in rows} == {
        *("pending", "tracking", "shipped", "delivered", "delivered_override"),
        *("failed", "failed_unset_tracking", "failed_with_reship"),
    }
    assert all(row["meaning"] and row["advice"] and row["types"] == ["shipment"] for row in rows)
    assert "goody:failed_with_reship" in empty("statuses", "--shipments").out


def test_statuses_as_a_table_name_every_status(empty: Senddesk) -> None:
    text = empty("statuses").out
    for statuses in STATUSES.values():
        for status in statuses.values():
            assert status.key in text
            assert status.label in text


def test_keys_name_every_key(empty: Senddesk) -> None:
    lines = empty("keys").out.splitlines()
    assert [line.split()[-1] for line in lines[1:]] == [key.id for key in KEY_TABLE]


def test_views_of_the_desk_and_of_the_team(senddesk: Senddesk) -> None:
    saved = senddesk(
        "views", "save", 'Kits "abroad"', "type:physical sort:-created", "--digit", "7"
    )
    assert (saved.code, saved.out) == (0, 'Kits "abroad" is a view now.\n')
    views = {view["name"]: view["query"] for view in senddesk("views", "--format", "json").json}
    assert views["Triage"] == "is:triage sort:due"
    assert views['Kits "abroad"'] == "type:physical sort:-created"
    assert 'Kits "abroad"' in senddesk("views").out
    listed = senddesk("list", "--view", 'kits "ABROAD"', "--format", "json")
    assert ids(listed.out) == ["S-103", "S-101"]
    assert ids(senddesk("list", "--view", "7", "id:101", "--format", "json").out) == ["S-101"]
    assert senddesk("views", "remove", 'kits "abroad"').code == 0
    assert senddesk("views", "remove", 'kits "abroad"').code == 1
    assert senddesk("list", "--view", "7").code == 2


def test_a_view_that_loses_its_digit_is_told(senddesk: Senddesk) -> None:
    assert senddesk("views", "save", "A1", "is:over", "--digit", "8").err == ""
    assert senddesk("views", "save", "a1", "is:triage", "--digit", "8").err == ""
    assert senddesk("views", "save", "A3", "is:over").err == ""
    taken = senddesk("views", "save", "A2", "is:over", "--digit", "8")
    assert (taken.code, taken.out) == (0, "A2 is a view now.\n")
    assert taken.err == "a1 has no digit any more: 8 opens A2.\n"
    views = senddesk("views", "--format", "json").json
    assert {view["name"]: view["digit"] for view in views if view["name"][0] in "aA"} == {
        "A2": "8", "a1": "", "A3": "", "All": "0",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("Triage", "is:over"), 1),
        (("", "is:over"), 1),
        (("mine too", "statsu:x"), 2),
        (("mine too", "is:over", "--digit", "1"), 1),
        (("mine too",), 2),
    ],
)
def test_some_views_cannot_be_saved(senddesk: Senddesk, words: tuple[str, ...], code: int) -> None:
    result = senddesk("views", "save", *words)
    assert (result.code, result.out) == (code, "")
    assert result.err


def test_global_options_stand_before_or_after_the_command(
    senddesk: Senddesk, tmp_path: Path
) -> None:
    other = tmp_path / "other.db"
    assert (
        senddesk("import", sends_file(tmp_path, SENDS[:1], "one.json"), "--database", other).code
        == 0
    )
    for words in (
        ("--database", other, "list", "--format", "json"),
        ("list", "--database", other, "--format", "json"),
        ("list", "--format", "json", f"--database={other}"),
    ):
        assert ids(senddesk(*words).out) == ["S-101"]
    senddesk("--agent", "jo", "take", "S-101")
    senddesk("take", "S-102", "--agent", "raj")
    assert senddesk("show", "S-101", "--format", "json").json["owner"] == "jo"
    assert senddesk("show", "S-102", "--format", "json").json["owner"] == "raj"


def test_settings_stand_behind_options_and_environment(
    senddesk: Senddesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "config.toml"
    database = tmp_path / "of-settings.db"
    settings.write_text(f'database = "{database}"\nagent = "raj"\nascii = true\n', encoding="utf-8")
    monkeypatch.setenv("SENDDESK_CONFIG", str(settings))
    assert senddesk("list", "--format", "json").json
    assert senddesk("list").out.isascii()
    monkeypatch.delenv("SENDDESK_DATABASE")
    monkeypatch.delenv("SENDDESK_AGENT")
    assert senddesk("import", sends_file(tmp_path, SENDS[:1], "one.json")).code == 0
    assert database.exists()
    assert senddesk("take", "S-101").out == "S-101: belongs to raj\n"
    assert senddesk("take", "S-101", "--agent", "jo").out == "S-101: belongs to jo\n"
    settings.write_text("databse = 3\n", encoding="utf-8")
    result = senddesk("list")
    assert (result.code, result.out) == (1, "")
    assert "config.toml, line 1" in result.err
    assert senddesk("statuses").code == 0


def test_the_clock_can_be_fixed(senddesk: Senddesk) -> None:
    def urgency(*words: str) -> str:
        found: str = senddesk("list", "id:101", "--format", "json", *words).json[0]["urgency"]
        return found

    assert urgency("--now", "2026-05-19T08:00:00Z") == "soon"
    assert urgency("--now", "2026-05-19T08:00:01Z") == "over"
    assert urgency() == "over"
    assert NOW > "2026-05-19"


def test_read_only_refuses_writing(senddesk: Senddesk) -> None:
    result = senddesk("take", "S-101", "--read-only")
    assert result.code == 1
    assert "--read-only" in result.err
    assert senddesk("--read-only", "list", "--format", "json").code == 0


def test_a_database_that_is_not_there_is_not_made_by_reading(
    senddesk: Senddesk, tmp_path: Path
) -> None:
    missing = tmp_path / "typo.db"
    for words in (("list",), ("show", "S-1"), ("take", "S-1"), ("db", "check"), ("thresholds",)):
        result = senddesk(*words, "--database", missing)
        assert (result.code, result.out) == (1, "")
        assert "There is no database" in result.err
    assert not missing.exists()


def test_wrong_usage_is_exit_code_2(senddesk: Senddesk) -> None:
    for words in (
        ("list", "--limit", "many"),
        ("list", "--limit", "-1"),
        ("list", "--format", "xml"),
        ("list", "--columns", "id,nope"),
        ("list", "--nope"),
        ("list", "statsu:shipped"),
        ("list", "(is:triage"),
        ("list", "--view", "nope"),
        ("list", "--view", 'a"b'),
        ("list", "--now", "whenever"),
        ("--now", "", "list"),
        ("list", "--database", " "),
        ("list", "--agent", ""),
        ("show",),
        ("show", "S-101", "S-102"),
        ("show", "S-101", "--format", "csv"),
        ("db",),
        ("db", "nope"),
        ("import",),
        ("import", "f", "--format", "xml"),
        ("export",),
        ("thresholds", "set", "shipped", "3d"),
        ("thresholds", "set", "sendoso:shipped", "3 moons"),
        ("thresholds", "holiday", "someday"),
        ("demo", "--sends", "0"),
    ):
        result = senddesk(*words)
        assert (words, result.code, result.out) == (words, 2, "")
        assert result.err
        assert "Traceback" not in result.err


def test_a_wrong_filter_says_what_was_meant(senddesk: Senddesk) -> None:
    assert "status:" in senddesk("list", "statsu:shipped").err


def test_a_wrong_clock_of_the_environment_is_wrong_usage(
    senddesk: Senddesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENDDESK_NOW", "noon")
    assert senddesk("list").code == 2


@pytest.mark.parametrize(
    "words",
    [
        ("show", None),
        ("list", "--format", None),
        ("list", "--limit", None),
        ("list", "--columns", None),
        ("list", "--view", None),
        ("db", None),
        ("set", "S-101", None, "--reason", "x"),
        ("thresholds", "set", None, None),
    ],
)
def test_hostile_words_are_never_repeated_raw(
    senddesk: Senddesk, words: tuple[str | None, ...]
) -> None:
    for text in (*ESCAPES.values(), *MARKUP.values()):
        result = senddesk(*(text if word is None else word for word in words))
        assert result.code in (1, 2)
        assert result.err
        assert not scan((result.out + result.err).encode("utf-8", "surrogatepass"))


def test_hostile_sends_come_out_safe_in_every_format(empty: Senddesk, tmp_path: Path) -> None:
    sends = [
        {
            "id": number,
            "type": "Inventoried Sends",
            "status": text,
            "created_at": "2026-05-20T08:00:00Z",
            "recipient": {"name": text, "email": text, "company_name": text},
            "touch": {"name": text},
            "tracking_number": text,
        }
        for number, text in enumerate(HOSTILE.values(), 1)
    ]
    empty("import", sends_file(tmp_path, sends))
    printed = [
        empty("list").out,
        empty("list", "--columns", "id,recipient_name,company,provider_word").out,
        empty("list", "--format", "json").out,
        empty("list", "--format", "jsonl").out,
    ]
    known = ids(empty("list", "--format", "json").out)
    assert len(known) > len(HOSTILE) * 0.9
    empty("note", *known[:40], "--text", sends[0]["recipient"]["name"])
    printed.append(empty("packet", *known[:40]).out)
    for name in known[:40]:
        printed.append(empty("show", name).out)
        printed.append(empty("show", name, "--format", "json").out)
    for text in printed:
        assert text
        assert not scan(text.encode("utf-8", "surrogatepass"))


def test_export_writes_what_list_shows(senddesk: Senddesk, tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    result = senddesk("export", "type:physical", "-o", target)
    assert (result.code, result.out) == (0, "")
    assert result.err == f"2 sends in {target}.\n"
    assert (
        target.read_text(encoding="utf-8")
        == senddesk("list", "type:physical", "--format", "json").out
    )
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_export_never_replaces_a_file_unasked(senddesk: Senddesk, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    target.write_text("mine", encoding="utf-8")
    result = senddesk("export", "-o", target)
    assert result.code == 1
    assert target.read_text(encoding="utf-8") == "mine"
    assert senddesk("export", "-o", target, "--overwrite", "--columns", "id").code == 0
    assert target.read_text(encoding="utf-8").split() == ["id", "S-101", "S-103", "S-102"]
    assert senddesk("export", "-o", tmp_path / "no" / "such.csv").code == 1


def test_help_names_every_command_and_every_command_helps(empty: Senddesk) -> None:
    text = empty("--help").out
    assert isinstance(root, Commands)
    with root.make_context("senddesk", [], resilient_parsing=True) as context:
        names = root.list_commands(context)
    for name in names:
        assert f"\n  {name} " in text
        result = empty(name, "--help")
        assert result.code == 0
        assert "--database" in result.out


def test_help_says_what_each_command_does_in_one_line_of_80_columns(
    empty: Senddesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert isinstance(root, Commands)
    with root.make_context("senddesk", [], resilient_parsing=True) as context:
        found = {name: root.get_command(context, name) for name in root.list_commands(context)}
    groups = [name for name, command in found.items() if isinstance(command, click.Group)]
    for words in ([], *([name] for name in groups), ["thresholds", "holidays"]):
        listed = empty(*words, "--help").out.partition("\nCommands:\n")[2]
        assert listed
        assert "..." not in listed


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("undo", "undo [OPTIONS] [REQUEST | SEND…]"),
        ("redo", "redo [OPTIONS] [SEND…]"),
        ("demo", "--sends N How many sends it has."),
        ("sync", "PLATFORM is sendoso, goody or all."),
        ("listen", "--port N The port to listen at; 0 for any free one."),
        ("listen", "--host ADDRESS The address to listen at; "),
        ("report", "[default: 30d]"),
    ],
)
def test_help_says_what_may_be_given(empty: Senddesk, command: str, told: str) -> None:
    assert told in " ".join(empty(command, "--help").out.split())


def test_any_other_word_opens_the_desk_which_needs_a_terminal(empty: Senddesk) -> None:
    for words in ((), ("is:triage",), ("is:triage", "company:acme", "--read-only"), ("-is:final",)):
        result = empty(*words)
        assert result.code == 1
        assert result.err.startswith("The desk needs a terminal")

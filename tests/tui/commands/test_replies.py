"""`senddesk reply` and `senddesk replies`: texts to sender and recipient, and files of one's own for them."""

from pathlib import Path

import pytest

from models.rules.reply import reply_names
from tests.support.command_line import Senddesk


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the agent's own texts."""
    settings = tmp_path / "settings" / "config.toml"
    settings.parent.mkdir()
    settings.write_text("", "utf-8")
    monkeypatch.setenv("SENDDESK_CONFIG", str(settings))
    return settings.parent / "replies"


def test_a_text_is_printed_for_either_of_the_two(senddesk: Senddesk, folder: Path) -> None:
    sender = senddesk("reply", "S-103", "--to", "sender")
    recipient = senddesk("reply", "S-103", "--to", "recipient")
    assert (sender.code, sender.err, recipient.code, recipient.err) == (0, "", 0, "")
    assert sender.out.startswith("Hello,\n")
    assert sender.out.endswith("\n\nKind regards\n")
    assert "1Z999AA10123456784" in recipient.out
    assert sender.out != recipient.out


def test_who_it_is_for_has_to_be_said(senddesk: Senddesk) -> None:
    assert senddesk("reply", "S-103").code == 2
    assert senddesk("reply", "S-103", "--to", "support").code == 2
    assert senddesk("reply", "S-999", "--to", "sender").err == "No send answers to “S-999”.\n"


def test_where_there_is_nothing_to_write_the_reason_is_said(
    senddesk: Senddesk, folder: Path
) -> None:
    assert senddesk("set", "S-103", "canceled", "--reason", "by phone", "--force").code == 0
    result = senddesk("reply", "S-103", "--to", "recipient")
    assert (result.code, result.out) == (1, "")
    assert result.err == "Nothing will arrive: whether to tell the recipient is up to the sender.\n"


def test_an_own_text_is_used_and_a_broken_one_is_named(senddesk: Senddesk, folder: Path) -> None:
    assert senddesk("replies", "write", "sendoso/undeliverable-to-sender").code == 0
    path = folder / "sendoso" / "undeliverable-to-sender.txt"
    usual = senddesk("reply", "S-103", "--to", "sender").out

    path.write_text("Parcel of $recipient: $$0\n", "utf-8")
    own = senddesk("reply", "S-103", "--to", "sender")
    assert own.out.startswith("Parcel of ")
    assert own.out.endswith(": $0\n")
    assert f"{path}" in senddesk("replies").out

    path.write_text("Parcel of $recipent", "utf-8")
    broken = senddesk("reply", "S-103", "--to", "sender")
    assert (broken.code, broken.out) == (0, usual)
    sentence = (
        f"{path}, line 1: $recipent is not a placeholder; did you mean $recipient? "
        "The desk's own text is used.\n"
    )
    assert broken.err == sentence
    listed = senddesk("replies")
    assert (listed.code, listed.err) == (0, sentence)


def test_the_texts_are_listed_and_written_for_editing(senddesk: Senddesk, folder: Path) -> None:
    names = [str(name) for name in reply_names()]
    listed = senddesk("replies").out.splitlines()
    assert [line.split()[0] for line in listed[1:]] == names

    one = senddesk("replies", "write", "goody/shipped-to-recipient.txt")
    assert one.out == f"1 text was written to {folder}.\n"
    rest = senddesk("replies", "write")
    assert rest.out == (
        f"{len(names) - 1} texts were written to {folder}. 1 text was there already and stayed as before.\n"
    )
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*.txt")} == {
        f"{name}.txt" for name in names
    }


def test_a_text_that_does_not_exist_is_refused_with_the_nearest_one(senddesk: Senddesk) -> None:
    result = senddesk("replies", "write", "sendoso/bounced-to-sendr")
    assert result.code == 2
    assert "did you mean sendoso/bounced-to-sender?" in result.err


def test_help_names_what_a_text_may_name(senddesk: Senddesk) -> None:
    shown = " ".join(senddesk("replies", "--help").out.split())
    assert "$hello: the greeting" in shown
    assert "$cost: the cost (only to the sender)" in shown

"""The agent's own texts: written once for editing, read with care, named where they are broken."""

import os
from pathlib import Path

import pytest

from models.errors import DeskError
from models.files.own_replies import OwnReplies
from models.rules.reply import BadTemplate, ReplyName, reply_names

BOUNCED = ReplyName("sendoso", "bounced", "sender")


@pytest.fixture
def own(tmp_path: Path) -> OwnReplies:
    return OwnReplies(tmp_path / "replies")


def edited(own: OwnReplies, data: bytes) -> Path:
    """Put *data* in the place of one text and return its file."""
    path = own.path(BOUNCED)
    assert path is not None
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_without_a_file_there_is_no_own_text(own: OwnReplies) -> None:
    assert own.text(BOUNCED) is None
    assert OwnReplies(None).text(BOUNCED) is None


def test_what_is_written_for_editing_is_the_text_of_the_desk(
    own: OwnReplies, tmp_path: Path
) -> None:
    written = own.write(reply_names())
    assert tmp_path / "replies" / "sendoso" / "bounced-to-sender.txt" in written
    assert len(written) == len(list(reply_names()))
    for name in reply_names():
        assert own.text(name) == name.text


def test_an_edited_text_is_used_and_never_written_over(own: OwnReplies) -> None:
    path = edited(own, "\ufeffLiebe $sender,\r\nleider…\r\n".encode())
    assert own.text(BOUNCED) == "Liebe $sender,\nleider…\n"
    assert path not in own.write(reply_names())
    assert own.write([BOUNCED]) == []
    assert "Liebe" in (own.text(BOUNCED) or "")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "line 1: there is no text."),
        (b"Hello\n$campain", "line 2: $campain is not a placeholder; did you mean $campaign?"),
        (b"only $5", "line 1: “$5” is not a placeholder; a dollar sign is written $$."),
        (b"\xff\xfeH\x00", "is UTF-16 text, as its first bytes say: save it as UTF-8."),
        (b"caf\xe9", "is not UTF-8 text: save it as UTF-8."),
        (b"x" * 20_001, "is too large: it may have 20,000 bytes."),
    ],
)
def test_a_broken_text_is_one_sentence_with_its_file(
    own: OwnReplies, data: bytes, said: str
) -> None:
    path = edited(own, data)
    with pytest.raises(BadTemplate) as refused:
        own.text(BOUNCED)
    sentence = str(refused.value)
    assert sentence.startswith(str(path))
    assert said in sentence
    assert sentence.endswith(" The desk's own text is used.")


def test_what_is_no_ordinary_file_is_not_read(own: OwnReplies) -> None:
    path = edited(own, b"")
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(BadTemplate, match="is not an ordinary file"):
        own.text(BOUNCED)


def test_a_folder_that_cannot_be_made_is_a_refusal(tmp_path: Path) -> None:
    (tmp_path / "replies").write_text("in the way", "utf-8")
    with pytest.raises(DeskError, match="was not written"):
        OwnReplies(tmp_path / "replies").write([BOUNCED])
    with pytest.raises(DeskError, match="SENDDESK_CONFIG"):
        OwnReplies(None).write([BOUNCED])

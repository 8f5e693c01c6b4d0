"""What a desk does with boxes of Kindbox; run by `tests/house/test_third_platform.py`."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from models.database import open_database
from models.demo import make
from models.desk import Desk
from models.intake import deliveries
from tests.support.app_driver import NOW as PRESENT
from tests.support.app_driver import desk_open
from tests.support.command_line import SENDS, Senddesk, commands, sends_file
from tests.support.platform_server import Answered, Asked
from tests.support.platform_server import platform as serving
from tests.support.webhooks import SECRET, headers
from tui.commands.listening import listening_sources
from tui.commands.setup import Setup

BOXES: list[dict[str, Any]] = [
    {
        "box": "BX0007",
        "addressee": {"name": "Ann Low", "mail": "ann@example.com"},
        "carrier_number": "1Z999AA10123456784",
        "journey": [
            {"state": "Ordered", "on": "2026-05-20T08:00:00Z"},
            {"state": "travelling", "on": "2026-05-22T08:00:00Z"},
            {"state": "Came Back", "on": "2026-05-30T08:00:00Z"},
        ],
    },
    {
        "box": "BX0008",
        "addressee": {"name": "Bo High"},
        "journey": [{"state": "Ordered", "on": "2026-05-31T08:00:00Z"}],
    },
]
ARRIVED = [{"state": "Arrived", "on": "2026-06-01T08:00:00Z"}]
KEY = "canary-key-of-kindbox"
TABLE = """\
Box,Box State,Packed On,Addressee,Updated
BX0008,Packed,2026-05-31T20:00:00Z,Bo High,2026-05-31T20:00:00Z
BX0009,Arrived,2026-05-02T20:00:00Z,Cy Mid,2026-05-09T10:00:00Z
"""
WHICH = (
    "nothing says which platform this is from; name it with --platform sendoso, "
    "--platform goody or --platform kindbox"
)


@pytest.fixture
def senddesk(
    file_address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Senddesk:
    """A desk with the boxes of a JSON file and of a table, and the sends of Sendoso."""
    run = commands(file_address, monkeypatch, capsys)
    folder = Path(file_address).parent
    table = folder / "boxes.csv"
    table.write_text(TABLE, encoding="utf-8")
    boxes = sends_file(folder, {"boxes": BOXES}, "boxes.json")
    assert run("import", boxes, table, sends_file(folder, SENDS[:1])).out == (
        "boxes.json: 2 read, 2 new, 0 changed, 0 unchanged, 0 rejected\n"
        "boxes.csv: 2 read, 1 new, 1 changed, 0 unchanged, 0 rejected\n"
        "sends.json: 1 read, 1 new, 0 changed, 0 unchanged, 0 rejected\n"
    )
    return run


def test_json_and_tables_are_read_as_the_platforms_own(senddesk: Senddesk) -> None:
    found = senddesk("list", "provider:kindbox sort:id", "--format", "json").json
    assert [(each["id"], each["status"], each["since"]) for each in found] == [
        ("K-0007", "came_back", "2026-05-30T08:00:00Z"),
        ("K-0008", "packed", "2026-05-31T20:00:00Z"),
        ("K-0009", "arrived", "2026-05-09T10:00:00Z"),
    ]
    assert {each["type"] for each in found} == {"box"}
    assert [each["recipient_name"] for each in found] == ["Ann Low", "Bo High", "Cy Mid"]


def test_rows_without_marker_columns_are_known_by_id_and_word(
    senddesk: Senddesk, tmp_path: Path
) -> None:
    path = tmp_path / "plain.csv"
    path.write_text(
        "id,status,recipient\nBX0010,Arrived,Di\nBX0011,Lost,Ed\nX,Came back,Flo\nX,?,Gus\n",
        encoding="utf-8",
    )
    result = senddesk("import", path)
    assert (
        result.out == "plain.csv: 4 read, 3 new, 0 changed, 0 unchanged, 1 rejected, 2 warnings\n"
    )
    assert f"plain.csv, line 5: {WHICH}" in result.err
    assert senddesk("show", "K-0011", "--format", "json").json["status"] == "unmapped"


def test_the_case_says_what_the_package_says(senddesk: Senddesk) -> None:
    shown = senddesk("show", "K-0007").out
    for words in ("Came Back", "Kindbox Care", "Get another address from the sender"):
        assert words in shown
    assert "kindbox:came_back" in senddesk("statuses").out


async def test_the_screen_shows_its_sign_its_word_and_its_way(
    senddesk: Senddesk, file_address: str
) -> None:
    async with desk_open(Path(file_address), (160, 45), query="provider:kindbox sort:id") as d:
        assert d.count == 3
        assert d.send.ref == "K-0007"
        row = next(line for line in d.lines if "K-0007" in line)
        assert "✖ Came Back" in row
        assert "! back" in row
        assert "Kindbox Care" in d.text
        assert "On the Way" in d.text
        await d.press("/")
        await d.type(" status:kindbox:arrived")
        await d.press("enter")
        assert d.count == 1


def test_the_packet_asks_what_the_status_asks(senddesk: Senddesk) -> None:
    packet = senddesk("packet", "K-0007").out
    assert packet.startswith(
        "To: Kindbox Care (care@kindbox.example)\nAbout: Kindbox order BX0007, Came Back\n"
    )
    assert packet.endswith("keep it until we have another address.\n")


def test_an_export_reads_back_as_it_was(senddesk: Senddesk, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    assert senddesk("export", "provider:kindbox", "-o", path).code == 0
    assert senddesk("import", path).out == (
        "list.csv: 3 read, 0 new, 0 changed, 3 unchanged, 0 rejected\n"
    )


def test_sentences_name_it(senddesk: Senddesk, tmp_path: Path) -> None:
    assert "Sendoso, Goody or Kindbox" in senddesk("import", "--help").out
    other = senddesk("import", sends_file(tmp_path, {"invoices": 3}, "other.json"))
    assert other.err.endswith("export of Sendoso, Goody or Kindbox\n")


def test_agents_work_on_it(senddesk: Senddesk) -> None:
    assert senddesk("set", "K-0007", "on the way", "--reason", "a new address").code == 0
    assert senddesk("thresholds", "set", "kindbox:packed", "4h").code == 0
    over = senddesk("list", "provider:kindbox is:over", "--format", "json").json
    assert [each["id"] for each in over] == ["K-0008"]


def test_the_demo_has_some(file_address: str) -> None:
    database = open_database(file_address)
    make(database, sends=200, now=PRESENT)
    desk = Desk(database, "ana", lambda: PRESENT)
    for platform in ("sendoso", "goody", "kindbox"):
        assert desk.window(desk.listing(desk.parse(f"provider:{platform}")), 0, 1)
    database.close()


def test_its_webhooks_are_listened_to(
    senddesk: Senddesk, file_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENDDESK_KINDBOX_WEBHOOK_SECRET", SECRET)
    found = listening_sources(Setup())["kindbox"]
    body = json.dumps(BOXES[1] | {"happened": "box.moved", "journey": ARRIVED}).encode()
    name = found.verifier.message_id(list(headers(body, "msg_1").items()), body)
    told = deliveries.told(found.webhooks, body)
    with closing(open_database(file_address)) as database:
        message = deliveries.Message("kindbox", name, PRESENT, told.event, told.subject, body)
        deliveries.store(database, [message])
        assert deliveries.apply_new(database, PRESENT) == 1
    assert senddesk("show", "K-0008", "--format", "json").json["status"] == "arrived"


class Boxes:
    """Kindbox itself: it gives two boxes a page, and says what the next page is asked by."""

    def __init__(self) -> None:
        self.boxes = [
            {**BOXES[place % 2], "box": f"BX{100 + place:04}", "updated": f"2026-05-30T08:00:{place:02}Z"}
            for place in range(5)
        ]  # fmt: skip

    def answer(self, asked: Asked) -> Answered:
        if asked.headers.get("Authorization") != f"Bearer {KEY}":
            return Answered({"message": "who are you?"}, 401)
        since = asked.query.get("updated_since", "")
        found = [each for each in self.boxes if each["updated"] >= since]
        start = int(asked.query.get("cursor", "0"))
        following = start + 2 if start + 2 < len(found) else None
        return Answered({"boxes": found[start : start + 2], "next": following})


def test_its_api_is_synced(senddesk: Senddesk, monkeypatch: pytest.MonkeyPatch) -> None:
    there = Boxes()
    with serving(there.answer) as kindbox:
        monkeypatch.setenv("SENDDESK_KINDBOX_URL", kindbox.address)
        monkeypatch.setenv("SENDDESK_KINDBOX_KEY", KEY)

        first = senddesk("sync", "kindbox")
        there.boxes.append(
            {"box": "BX0200", "journey": [{"state": "Packed"}], "updated": "2026-05-31"}
        )
        there.boxes.append({**BOXES[1], "box": "BX0201", "updated": "2026-05-31T09:00:00Z"})
        second = senddesk("sync", "kindbox")
        third = senddesk("sync", "all")

    assert first.out.startswith(
        "Kindbox: 5 read, 5 new, 0 changed, 0 unchanged, 0 skipped (everything"
    )
    assert second.code == 3
    assert "entry 2: journey.0.on: Field required" in second.err
    assert "1 new" in second.out
    assert "(news in" in second.out
    assert kindbox.asked[-1].query["updated_since"] == "2026-05-31T08:50:00Z"
    assert "SENDDESK_GOODY_KEY" in third.err
    assert senddesk("show", "K-0201", "--format", "json").json["status"] == "ordered"
    assert "kindbox: synced 0m ago" in senddesk("status").out
    assert KEY not in first.err + second.err + third.err

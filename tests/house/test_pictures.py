"""Every state of the screen as a picture: drawn here, kept in screenshots/, shown in the README.

`DRAW=1 pytest tests/house/test_pictures.py` draws them anew.
"""

import os
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from difflib import unified_diff
from pathlib import Path
from typing import Any

import pytest
import textual
from textual.widgets import Input

from models.database import open_database
from models.live.state import write_state
from models.providers.incoming import Incoming, Refund
from models.records import Shipment
from tests.support.app_driver import NOW, Driver, colleague, desk_open
from tests.support.demo_sends import said_of_it
from tests.support.desk_cases import batch, egift, fact, order, parcel, take_into
from tui.dialogs.progress import ProgressDialog
from tui.dialogs.report import ReportDialog
from tui.style.themes import DARK, LIGHT, THEMES

FOLDER = Path(__file__).parents[2] / "screenshots"
DRAWN_BY = "8.2.8"
"""The release of Textual that drew the pictures; another one may move a pixel."""
_LARGEST = 160_000
_NAME = re.compile(r"terminal-\d+")
_TYPED = "type "
"""Begins a step that types the rest of it."""
_PASTED = "paste "
"""At once: of what is typed into the filter line on a busy machine, the list follows the first letters."""


async def nothing(d: Driver, path: Path) -> None:
    """Let the scene be."""


async def a_colleague_is_faster(d: Driver, path: Path) -> None:
    """Answer the open dialog after somebody else has changed the send."""
    other = colleague(path)
    other.override(d.send, "fulfilling", "the warehouse found it")
    other.database.close()
    await d.until(lambda: d.case.send.override_by == "jo")
    await d.press("enter")


async def a_colleague_is_done_with_it(d: Driver, path: Path) -> None:
    """Let somebody else be done with the send under the cursor, which so leaves the list."""
    other = colleague(path)
    other.done(other.find(d.send.ref))
    other.database.close()
    await d.until(lambda: d.left_filter is not None)


async def the_platform_contradicts(d: Driver, path: Path) -> None:
    """Let the platform say something that does not fit an override."""
    later = d.clock.advance(hours=1)
    take_into(d.desk.database, [said_of_it("Fulfilling", later)], later)
    await d.press("r", "enter")
    # The hour has brought sends into triage; the desk sees that at its next look, whenever that is.
    await d.look_for_changes()


async def the_effect_is_told(d: Driver, path: Path) -> None:
    """Wait until the desk has counted what a limit would change."""
    await d.until(lambda: "past their limit" in d.text)


async def the_counts_follow(d: Driver, path: Path) -> None:
    """Wait until the views behind the sheet are counted as they are after the change."""
    await d.until(lambda: re.search("Mine +10 .*Unassigned +32 ", d.text))


async def the_file_goes_away(d: Driver, path: Path) -> None:
    """Empty the file of the open desk: each later look finds it so."""
    d.desk.database.engine.dispose()
    os.truncate(path, 0)
    await d.press("r")


async def a_long_change(d: Driver, path: Path) -> None:
    """Let a change of many sends be under way."""
    d.app.push_screen(ProgressDialog("Status Shipped", 5000, lambda: 1200, lambda: None))
    await d.until(lambda: isinstance(d.top, ProgressDialog))


async def a_sync_is_late(d: Driver, path: Path) -> None:
    """Let one platform have been synced lately, and the other one not."""
    with d.desk.database.write() as connection:
        for platform, ago in (("goody", timedelta(minutes=3)), ("sendoso", timedelta(hours=2))):
            write_state(connection, platform, {"synced_at": NOW - ago, "every": 300})
    await d.look_for_changes()
    d.look_at_platforms()
    await d.until(lambda: d.header.late)


async def the_report_is_whole(d: Driver, path: Path) -> None:
    """Wait until every section of the report is counted."""
    await d.until(lambda: isinstance(d.top, ReportDialog) and d.top.is_whole)


async def the_next_section(d: Driver, path: Path) -> None:
    """Show the second section of the report."""
    await the_report_is_whole(d, path)
    await d.press("right_square_bracket", "right_square_bracket")


async def a_look_back(d: Driver, path: Path) -> None:
    """Work for an afternoon, then look at the desk as it was at noon."""
    d.clock.advance(hours=6)
    await d.press("a", "d", "j", "d", "r", "colon")
    await d.type("at 12:00")
    await d.press("enter")
    await d.until(lambda: d.header.as_of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One picture: how the desk is opened, what is pressed, and what must be on it."""

    keys: tuple[str, ...] = ()
    shows: tuple[str, ...]
    size: tuple[int, int] = (120, 40)
    theme: str = DARK
    query: str = ""
    sends: tuple[Incoming, ...] | None = None
    """What the database holds; None for the demo."""
    then: Callable[[Driver, Path], Awaitable[None]] = field(default=nothing)
    """What happens after the keys."""
    read_only: bool = False
    ascii: bool = False
    address: str = ""
    """Of a server that is not there; empty for a file."""


FINE = (
    parcel(104233, fact("Order Received", NOW - timedelta(days=5)), recipient_name="Ana Souza"),
    parcel(104234, fact("Delivered", NOW - timedelta(days=3)), recipient_name="Ben Carter"),
)
MOVING = Shipment(
    external_id="e5d4c3b2-a190",
    status="shipped",
    carrier="UPS",
    tracking_number="1Z999AA10123456784",
    tracking_url="https://www.ups.com/track?tracknum=1Z999AA10123456784",
    brand="Leaf House",
    shipped_at=NOW - timedelta(days=3),
    expected_at=NOW - timedelta(hours=20),
)
LOST = MOVING._replace(external_id="0b7a5c21-77d4", status="failed", tracking_number="1Z999AA10987654321",
    brand="Paper and Press",
)  # fmt: skip
ARRIVED = MOVING._replace(external_id="2c1f8e90-3b6a", status="delivered", tracking_number="1Z999AA10555555555",
    delivered_at=NOW - timedelta(days=1),
)  # fmt: skip
GIFT = {"recipient_name": "Lena Okafor", "sender_name": "Max Reyes", "campaign": "Tea sampler"}


def gift(status: str, *shipments: Shipment) -> tuple[Incoming]:
    """Return an order of Goody since two days."""
    said = fact(status, NOW - timedelta(days=2))
    return (order("0b6f3c1e-7a55-4c0e-9d1b-5a3f0e2c9a11", said, shipments=shipments, **GIFT),)


ADVICE = "Escalate to Sendoso Support"
OFFER = {
    **GIFT,
    "campaign": "Spring kit",
    "cost_minor": 2500,
    "currency": "USD",
    "funding_source": "Events",
}
RULED = (
    egift(
        104233,
        fact("Sent", NOW - timedelta(days=95)),
        fact("Opened", NOW - timedelta(days=91)),
        **OFFER | {"created_at": NOW - timedelta(days=95)},
    ),
    egift(
        104234,
        fact("Sent", NOW - timedelta(days=60)),
        **OFFER | {"expires_at": NOW - timedelta(hours=5), "recipient_name": "Ana Souza"},
    ),
    order(
        "0b6f3c1e-7a55-4c0e-9d1b-5a3f0e2c9a11",
        fact("opened", NOW - timedelta(days=20)),
        expires_at=NOW - timedelta(days=1),
        **GIFT,
    ),
)
BATCH = "d4c3b2a1-0f9e-4d8c-b7a6-958473625104"
BATCHES = (
    batch(
        "a7b6c5d4-e3f2-4110-9a8b-7c6d5e4f3007",
        fact("pending", NOW - timedelta(hours=7)),
        campaign="Welcome kits",
        sender_name="Max Reyes",
        orders_count=118,
        recipients_count=250,
    ),
    batch(
        "b1c6c5d4-e3f2-4110-9a8b-7c6d5e4f3008",
        campaign="Thanksgiving",
        scheduled_at=NOW - timedelta(hours=3),
        orders_count=0,
        recipients_count=40,
    ),
    batch(
        "c2d6c5d4-e3f2-4110-9a8b-7c6d5e4f3009",
        campaign="Holiday 2026",
        scheduled_at=NOW + timedelta(days=6),
        orders_count=0,
        recipients_count=1200,
    ),
    batch(
        BATCH,
        fact("complete", NOW - timedelta(days=9)),
        campaign="Demo day",
        sender_name="Max Reyes",
        sender_email="max@example.org",
        team="Customer care",
        orders_count=6,
        recipients_count=6,
    ),
    *(
        order(
            f"{number}e5d4c3b-a190-4e8f-9d7c-6b5a49382705",
            fact(word, NOW - timedelta(days=8 - number)),
            batch=BATCH,
            campaign="Tea sampler",
            recipient_name=name,
            cost_minor=4315,
            currency="USD",
        )._replace(refund=Refund(NOW - timedelta(hours=5), 4315) if word == "shipped" else None)
        for number, (word, name) in enumerate(
            (
                ("delivered", "Lena Okafor"),
                ("delivered", "Teo Brandt"),
                ("shipped", "Rosa Quill"),
                ("delivered", "Ines Duarte"),
                ("notified", "Sam Walsh"),
                ("opened", "Mina Kim"),
            )
        )
    ),
)
CREDITS = tuple(
    egift(
        number,
        fact("Sent", NOW - timedelta(days=91)),
        *([fact("Refunded", NOW - timedelta(hours=days))] if paid else []),
        recipient_name=name,
        campaign="Coffee on us",
        expires_at=NOW - timedelta(days=days),
        cost_minor=cost,
        currency=currency,
        funding_source=source,
    )
    for number, name, days, cost, currency, source, paid in (
        (104233, "Ana Souza", 9, 13500, "USD", "Marketing 2026", False),
        (104234, "Ben Carter", 8, 4500, "USD", "Marketing 2026", False),
        (104235, "Rosa Quill", 1, 2500, "USD", "Marketing 2026", False),
        (104236, "Lena Okafor", 3, 4000, "EUR", "Berlin team", False),
        (104237, "Teo Brandt", 5, 2500, "USD", "Sales north", True),
        (104238, "Ines Duarte", 6, 7550, "USD", "Marketing 2026", True),
    )
)
SCENES = {
    "desk-80x24": Scene(size=(80, 24), keys=("j", "j"), shows=("45 of 1,200", "▸ Escalate")),
    "desk-120x40": Scene(keys=("j", "j"), shows=(ADVICE, "History", "0 All 1,200")),
    "desk-140x38": Scene(size=(140, 38), keys=("j", "j"), shows=(ADVICE, "VIEWS", "URGENCY")),
    "desk-200x60": Scene(size=(200, 60), keys=("j", "j"), shows=(ADVICE, "VIEWS", "Company")),
    "desk-light": Scene(size=(140, 38), theme=LIGHT, keys=("j", "j"), shows=(ADVICE, "VIEWS")),
    "desk-ansi": Scene(size=(80, 24), theme="send-desk-ansi-dark", shows=("1 Triage", "›")),
    "as-it-was": Scene(
        size=(140, 38),
        then=a_look_back,
        shows=("as it was Fri 20 Nov 12:00 · read-only · Esc or :now comes back", "VIEWS"),
    ),
    "as-it-was-80x24": Scene(
        size=(80, 24),
        then=a_look_back,
        shows=("as it was Fri 20 Nov 12:00 · read-only · Esc or :now comes back", "▸ Escalate"),
    ),
    "theme": Scene(keys=("colon", "type theme", "enter", "j"), shows=("Theme", "blue and orange")),
    "small": Scene(size=(40, 10), keys=("s", "s"), shows=("Set the status", "Reason", "esc")),
    "desk-blue-orange": Scene(theme=THEMES[2].name, shows=(ADVICE,)),
    "desk-ascii": Scene(size=(80, 24), ascii=True, shows=("! ", "45 of 1,200")),
    "narrow": Scene(size=(50, 20), keys=("j",), shows=("S-104185", "Noor Petrov")),
    "marks": Scene(
        size=(80, 24), keys=("space", "j", "space", "v", "j", "j"), shows=("clear 2 marked",)
    ),
    "all-columns-80x24": Scene(size=(80, 24), keys=("j", "w"), shows=("Coffee on us", "Sendoso")),
    "escalated": Scene(keys=("4", "j"), shows=("Due ↑", "follow-up", "E resolve")),
    "left": Scene(
        keys=("j", "j"), then=a_colleague_is_done_with_it, shows=("✓ done", "Done for now")
    ),
    "server-away": Scene(
        size=(80, 24),
        address="postgresql:///sends?host=/nowhere/db.example",
        shows=("cannot be reached", "opens by itself"),
    ),
    "case-80x24": Scene(size=(80, 24), keys=("enter",), shows=("Summary · History", ADVICE)),
    "history": Scene(
        keys=("5", "j", "enter", "right_square_bracket"), shows=("newest first", "Shipped")
    ),
    "guidance": Scene(
        keys=("enter", "right_square_bracket", "right_square_bracket"), shows=("Order Received",)
    ),
    "report": Scene(
        keys=("I",), then=the_report_is_whole, shows=("Stuck now", "By stage and status")
    ),
    "report-ascii": Scene(
        size=(80, 24),
        ascii=True,
        keys=("I",),
        then=the_next_section,
        shows=("Limits passed", "####"),
    ),
    "around": Scene(
        size=(80, 24), keys=("O",), shows=("Others around S-104972", "company", "same problem")
    ),
    "filter": Scene(keys=("0", "slash", "paste status:ful"), shows=("Fulfilling",)),
    "filter-error": Scene(
        size=(80, 24),
        keys=("slash", "paste stauts:failed", "enter"),
        shows=("✗", "^", "status", "45 of"),
    ),
    "no-match": Scene(
        size=(80, 24), query="company:acme is:over type:egift", shows=("No send matches", "F  back")
    ),
    "picker": Scene(keys=("f", "j", "space", "j", "space"), shows=("Show only", "[✓]", "of 1,200")),
    "status": Scene(keys=("s", "f", "type Seen in "), shows=("Set the status", "→", "Reason")),
    "off-lifecycle": Scene(
        size=(80, 24),
        keys=("s", "slash", "type delivered", "enter", "type The recipient has it", "enter"),
        shows=("does not usually go", "Set it all the same?"),
    ),
    "conflict": Scene(
        keys=("s", "enter", "type The recipient called"),
        then=a_colleague_is_faster,
        shows=("This send has changed since you looked", "the warehouse found it", "keep theirs"),
    ),
    "contested": Scene(
        query="S-104972",
        keys=("s", "/", "type delivered", "enter", "type The recipient has it", "enter", "y"),
        then=the_platform_contradicts,
        shows=("Delivered", "Fulfilling"),
    ),
    "escalate": Scene(keys=("e",), shows=("Escalate to", "Ticket", "Look again")),
    "triage": Scene(size=(80, 24), keys=("t", "d", "t"), shows=("Triage 3 of 45", "end the round")),
    "triage-120x40": Scene(keys=("t",), shows=("Packet · History", "1 escalate", "6 done for now")),
    "triage-200x60": Scene(
        size=(200, 60), keys=("t",), shows=("Our request", "Confirming Address", "1 escalate")
    ),
    "hand-over": Scene(
        size=(80, 24),
        keys=("t", "d", "a", "t", "z", "t", "escape"),
        shows=("3 handled: 1 snoozed, 1 done for now, 1 taken.", "copy it"),
    ),
    "reply": Scene(
        size=(80, 24),
        keys=("i",),
        shows=("write to the sender", "Hello ", "Kind regards", "y copy"),
    ),
    "repeat": Scene(
        keys=("s", "f", "type Seen in the warehouse", "enter", "v", "j", "j", "v", "full_stop"),
        shows=("Once more", "3 sends", "→ Fulfilling", "senddesk set"),
    ),
    "marks-elsewhere": Scene(
        keys=("V", "y", "2", "s"), shows=("45 marked, 40 not in this list", "those in this list")
    ),
    "preview": Scene(
        keys=("V", "y", "s", "s", "type Seen on the way", "enter"),
        shows=("Status Shipped", "45 sends", "Unusual", "the unusual too"),
    ),
    "progress": Scene(size=(80, 24), then=a_long_change, shows=("1,200 of 5,000", "stop after")),
    "results": Scene(
        size=(80, 24),
        keys=("space", "space", "space", "a", "y"),
        then=the_counts_follow,
        shows=("2 done · 1 left out", "belongs to jo", "undo what was written"),
    ),
    "batches": Scene(
        sends=BATCHES, keys=("7", "j"), shows=("7 Batches 4", "118/250 Welcome kits", "to be sent")
    ),
    "batches-80x24": Scene(sends=BATCHES, size=(80, 24), keys=("7",), shows=("7 Batches 4",)),
    "batch": Scene(
        sends=BATCHES, size=(140, 38), keys=("7", "G"), shows=("6 of 6 orders", "Orders by status")
    ),
    "batch-orders": Scene(
        sends=BATCHES, size=(80, 24), keys=("7", "G", "O", "o"), shows=("batch:d4c3", "Shipped $")
    ),
    "refunded": Scene(
        sends=BATCHES, query="is:refunded", shows=("Shipped $", "43.15 USD", "refunded")
    ),
    "limits": Scene(
        keys=("H", *"j" * 11),
        shows=("Limits of the statuses", "Order Received", "change the limit"),
    ),
    "limit-effect": Scene(
        size=(80, 24),
        keys=("H", *"j" * 11, "e", "type 5d"),
        then=the_effect_is_told,
        shows=("The limit of Order Received", "more past their limit"),
    ),
    "rules": Scene(
        sends=RULED,
        keys=("H", "t"),
        shows=(
            "what time does to sends",
            "egift_unused",
            "How long it lasts",
            "its cost goes back",
        ),
    ),
    "log": Scene(keys=("L", "m"), shows=("What everyone did", "escalated it")),
    "log-filter": Scene(
        keys=("L", "slash", "ctrl+u", "type verb:set since:30d", "enter"),
        shows=("The log", "verb:set since:30d", "from "),
    ),
    "ruled": Scene(
        sends=RULED,
        query="is:ruled sort:id",
        shows=("Expired ~", "Refunded ~", "egift_unused, estimated", "Sendoso still says Opened"),
    ),
    "credits": Scene(
        sends=CREDITS,
        keys=("dollar_sign", "m", "m", "j"),
        shows=("every funding source, all", "overdue 2d", "Marketing", "6d left"),
    ),
    "credit-overdue": Scene(
        sends=CREDITS, shows=("Ask Sendoso Support for the credit", "135.00 USD expected")
    ),
    "help": Scene(keys=("question_mark",), shows=("Keys and filters", "what do you want")),
    "palette": Scene(size=(80, 24), keys=("colon", "type esc"), shows=("Commands", "Escalate")),
    "inbox-zero": Scene(
        size=(80, 24), sends=FINE, shows=("Nothing needs an agent", "S-104233", "every send")
    ),
    "sync-late": Scene(then=a_sync_is_late, shows=("sync late: Sendoso 2h",)),
    "empty": Scene(size=(80, 24), sends=(), shows=("No sends yet", "senddesk import", "demo")),
    "shipments": Scene(
        sends=gift("shipped", MOVING, LOST, ARRIVED),
        keys=("enter",),
        shows=("Shipment Failed", "Paper and Press", "late", "delivered Thu 19 Nov"),
    ),
    "which-shipment": Scene(
        size=(80, 24),
        sends=gift("shipped", MOVING, MOVING._replace(external_id="b", tracking_number="1Z77")),
        keys=("0", "i"),
        shows=("Which shipment of G-0b6f3c1e?", "all 2 of them"),
    ),
    "cancel": Scene(
        size=(80, 24), sends=gift("opened"), keys=("0", "X"), shows=("at Goody?", "leave it")
    ),
    "extend": Scene(
        size=(80, 24),
        sends=gift("opened"),
        keys=("0", "N"),
        shows=("Another end date", "thirty days from now"),
    ),
    "read-only": Scene(size=(80, 24), read_only=True, shows=("read-only",)),
    "unreachable": Scene(
        size=(80, 24), then=the_file_goes_away, shows=("r try again", "not up to date", "S-104972")
    ),
}


async def draw(scene: Scene, path: Path) -> tuple[str, str]:
    """Play *scene* and return its picture, and what is on it as text."""
    target: Any = scene.address or path
    async with desk_open(
        target,
        scene.size,
        is_there=not scene.address,
        query=scene.query,
        read_only=scene.read_only,
        ascii=scene.ascii,
        theme=scene.theme,
    ) as d:
        for key in scene.keys:
            if key.startswith(_TYPED):
                await d.type(key.removeprefix(_TYPED))
            elif key.startswith(_PASTED):
                await d.paste(key.removeprefix(_PASTED))
            else:
                await d.press(key)
        await scene.then(d, path)
        for cursor in d.top.query(Input):
            cursor.cursor_blink = False
        await d.settle()
        return d.app.export_screenshot(title="Send Desk"), d.text


@pytest.mark.parametrize("name", SCENES)
async def test_the_picture_is_what_the_desk_draws(
    name: str, demo_copy: Path, empty_file: Path
) -> None:
    scene = SCENES[name]
    if scene.sends is not None:
        demo_copy.write_bytes(empty_file.read_bytes())
        database = open_database(demo_copy)
        take_into(database, scene.sends, NOW)
        database.close()

    picture, text = await draw(scene, demo_copy)

    for piece in scene.shows:
        assert piece in text
    assert len(picture) < _LARGEST
    kept = FOLDER / f"{name}.svg"
    if "DRAW" in os.environ:
        kept.write_text(picture, "utf-8")
    if textual.__version__ == DRAWN_BY:
        differing = differences(kept.read_text("utf-8"), picture)
        told = "\n".join([f"screenshots/{name}.svg: DRAW=1 draws it anew", *differing[:40]])
        assert not differing, told


def differences(kept: str, drawn: str) -> list[str]:
    """Return the lines of two pictures that differ; the name that Textual gives to each is no difference."""
    one, other = (_NAME.sub("terminal", picture).splitlines() for picture in (kept, drawn))
    return list(unified_diff(one, other, "kept", "drawn", n=0, lineterm=""))


def test_every_picture_is_drawn_here() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {f"{name}.svg" for name in SCENES}

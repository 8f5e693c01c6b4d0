"""A desk full of hostile sends, from files of both formats and from agents' own words."""

import csv
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from models.database import open_database
from models.desk import Desk
from models.files.items import Rejected
from models.files.reading import open_export
from models.intake.intake import Intake
from models.records import EventKind
from models.values.text import storable
from models.writing.writer import NAME_KEPT, Draft, DraftBuilder
from tests.support.app_driver import NOW
from tests.support.hostile import HOSTILE, HUGE

_AT_A_TIME = 6
"""Values that share a send; each of them comes first in one of its fields."""
_LONGEST = 3000


def values() -> list[list[str]]:
    """Return what hostile sends hold, a few values for each send."""
    every = [*HOSTILE.values(), *(value[:_LONGEST] for value in HUGE.values())]
    return [every[at : at + _AT_A_TIME] for at in range(0, len(every), _AT_A_TIME)]


def turned(words: list[str], by: int) -> str:
    """Return the values as one text that begins with another one each time."""
    by %= len(words)
    return " ".join((*words[by:], *words[:by]))


def sends() -> list[dict[str, Any]]:
    """Return the answer of a platform that lets everything through."""
    moment = (NOW - timedelta(days=9)).isoformat()
    return [
        {
            "id": 70_000 + number,
            "type": "Inventoried Sends",
            "subtype": turned(words, 5),
            "status": "Paused" if number % 2 else turned(words, 0),
            "created_at": moment,
            "currency": "USD",
            "current_total_cost": turned(words, 1),
            "tracking_number": turned(words, 2),
            "tracking_url": words[0],
            "carrier": turned(words, 3),
            "touch": {"name": turned(words, 4)},
            "recipient": {
                "name": turned(words, 0),
                "email": turned(words, 1),
                "company_name": turned(words, 2),
            },
            "sender": {"name": turned(words, 3), "email": words[0], "team_name": turned(words, 4)},
            "sent_via": turned(words, 5),
            "status_updates": [{"status": turned(words, 1), "occurred_at": moment}],
        }
        for number, words in enumerate(values())
    ]


def make(path: Path) -> int:
    """Make the desk file *path* from files of both formats; return how many sends it has."""
    exports = [path.with_suffix(".json"), path.with_suffix(".csv")]
    exports[0].write_text(json.dumps({"sends": sends()}), "utf-8")
    with exports[1].open("w", encoding="utf-8", errors="replace", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["id", "status", "recipient_name", "company", "campaign", "team", "type"])
        for number, words in enumerate(values()):
            names = [turned(words, by).replace("\0", "") for by in range(4)]
            rows.writerow([80_000 + number, "Order Received", *names, "Inventoried Sends"])
    database = open_database(path)
    for export in exports:
        read = list(open_export(export, provider="sendoso"))
        taken = (each for each in read if not isinstance(each, Rejected))
        Intake(database, lambda: NOW).apply(taken, source=f"import:{words_of(read)}")
    desk = Desk(database, "ana", lambda: NOW)
    desk.agent = HOSTILE["escape: clipboard, BEL"]
    listing = desk.listing(desk.parse("sort:id"))
    for number, send in enumerate(desk.window(listing, 0, 1000)):
        nasty = turned(values()[number % len(values())], number)
        desk.note(send, nasty)
        seen = desk.write(desk.case(send.id).send, given_to(nasty), None).send
        if number % 3 == 0:
            desk.override(seen, "delivered", nasty, force=True)
        elif number % 3 == 1:
            desk.escalate(seen, nasty)
    total = desk.total()
    database.close()
    return total


def given_to(owner: str) -> DraftBuilder:
    """Return what drafts an owner of any name, as older versions of the desk have stored them."""
    kept = storable(owner.strip(), NAME_KEPT)
    return lambda history: Draft(
        EventKind.OWNER, further={"owner": kept, "was": history.send.owner}
    )


def words_of(read: list[Any]) -> str:
    """Return a source that is as hostile as what came from it."""
    return f"{len(read)} \x1b]0;title\x07"

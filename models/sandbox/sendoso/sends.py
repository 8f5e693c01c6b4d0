"""Every send of the organisation, and how its status follows its script."""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from models.sandbox.clock import SandboxClock
from models.sandbox.refused import Refused
from models.sandbox.sendoso.people import kind_of, sender, touch
from models.sandbox.sendoso.scripts import Script, event_of
from models.sandbox.state import Row, State
from models.sandbox.timetable import Timetable
from models.sandbox.webhooks import Webhooks

_PACIFIC = ZoneInfo("America/Los_Angeles")
"""The zone that the API's times are written in: its samples are of winter, with -08:00."""
_DAY = 24 * 3600
WAITING_EGIFTS = ("Sent", "Opened", "Clicked")
"""The statuses of an eGift that can still be redeemed."""
_REDEEMABLE = 90
"""Days from the creation in which an eGift that was opened can be redeemed."""


class Sends:
    """Creates sends and lets their scripts happen."""

    def __init__(
        self, state: State, clock: SandboxClock, timetable: Timetable, webhooks: Webhooks
    ) -> None:
        """Keep the sends in *state*, by *clock* and *timetable*, and tell *webhooks* of them."""
        self._state = state
        self._clock = clock
        self._timetable = timetable
        self._webhooks = webhooks
        timetable.teach("next_status", self._next_status)

    def create(
        self,
        touch_id: int,
        recipient: Mapping[str, str | None],
        script: Script,
        *,
        sent_via: str,
        created_at: int | None = None,
    ) -> Row:
        """Create a send of a campaign; return its row.

        Args:
            touch_id: The campaign.
            recipient: `name`, `email` and `company_name`.
            script: Its statuses.
            sent_via: Which application sends it.
            created_at: When, if not now: what of the script lies before now has happened then.

        Raises:
            Refused: If there is no such campaign.
        """
        campaign = touch(touch_id)
        if campaign is None:
            raise Refused("Touch not found", 404)
        kind, subtype, cost = kind_of(touch_id)
        at = self._clock.second if created_at is None else created_at
        with self._state.transaction():
            place = self._state.value("SELECT coalesce(max(seq), 0) FROM send")
            body = {
                "type": kind,
                "subtype": subtype,
                "currency": "USD",
                "current_total_cost": cost,
                "touch": {"id": campaign["id"], "name": campaign["name"]},
                "recipient": dict(recipient),
                "sender": sender(place),
                "sent_via": sent_via,
            }
            seq = self._state.write(
                "INSERT INTO send (status, created_at, body, updates, script) VALUES (?, ?, ?, ?, ?)",
                "pending", at, json.dumps(body), "[]", json.dumps(script),
            )  # fmt: skip
            first_at = at + round(script[0][0] * _DAY)
            if first_at <= at:
                self._next_status(seq, 0, at)
            else:
                self._timetable.plan(first_at, "next_status", seq)
        return self.find(seq)

    def find(self, number: int) -> Row:
        """Return the row of a send.

        Raises:
            Refused: If there is none.
        """
        row = self._state.row("SELECT * FROM send WHERE seq = ?", number)
        if row is None:
            raise Refused("Send not found", 404)
        return row

    def by_gid(self, name: str) -> Row:
        """Return the row of the send with a global id.

        Raises:
            Refused: If there is none.
        """
        try:
            number = b64decode(name, validate=True).decode("ascii").rpartition("/")[2]
        except ValueError:
            number = ""
        if not number.isdecimal() or len(number) > 18 or gid(int(number)) != name:
            raise Refused("Send not found", 404)
        return self.find(int(number))

    def click(self, row: Row) -> Row:
        """Let the recipient of an eGift open the mail and click the link, if that is still to come."""
        if row["status"] not in WAITING_EGIFTS[:-1]:
            return row
        with self._state.transaction():
            self._timetable.forget(row["seq"], "next_status")
            script = [*json.loads(row["script"]), [_REDEEMABLE, "Expired"]]
            self._state.write(
                "UPDATE send SET script = ? WHERE seq = ?", json.dumps(script), row["seq"]
            )
            for status in WAITING_EGIFTS[WAITING_EGIFTS.index(row["status"]) + 1 :]:
                self._reach(row["seq"], status, self._clock.second)
            ends = max(row["created_at"] + _REDEEMABLE * _DAY, self._clock.second)
            self._timetable.plan(ends, "next_status", row["seq"], len(script) - 1)
        return self.find(row["seq"])

    def redeem(self, row: Row) -> Row:
        """Give the recipient of an eGift the code, if it can still be had."""
        return self.put(row, "Used") if row["status"] in WAITING_EGIFTS else row

    def put(self, row: Row, status: str) -> Row:
        """Give a send another status now, and end its script."""
        with self._state.transaction():
            self._timetable.forget(row["seq"], "next_status")
            self._reach(row["seq"], status, self._clock.second)
        return self.find(row["seq"])

    def page(self, page: int, per_page: int) -> tuple[list[Row], int]:
        """Return the rows of one page, the oldest first, and how many sends there are."""
        total = self._state.value("SELECT coalesce(max(seq), 0) FROM send")
        first = min((page - 1) * per_page, total)
        rows = self._state.rows(
            "SELECT * FROM send WHERE seq > ? ORDER BY seq LIMIT ?", first, per_page
        )
        return rows, total

    def _next_status(self, seq: int, place: int, at: int) -> None:
        row = self.find(seq)
        script: list[list[Any]] = json.loads(row["script"])
        self._reach(seq, script[place][1], at)
        if place + 1 < len(script):
            next_at = row["created_at"] + round(script[place + 1][0] * _DAY)
            self._timetable.plan(max(next_at, at), "next_status", seq, place + 1)

    def _reach(self, seq: int, status: str, at: int) -> None:
        updates = json.loads(self.find(seq)["updates"])
        updates.append({"status": status, "occurred_at": told(at)})
        self._state.write(
            "UPDATE send SET status = ?, updates = ? WHERE seq = ?",
            status, json.dumps(updates), seq,
        )  # fmt: skip
        event = event_of(status)
        body = json.dumps({"send_gid": gid(seq), "status_changed_at": told(at)}).encode()
        self._webhooks.send(self._webhooks.wanted("sendoso", event), event, body, at)


def told(seconds: int) -> str:
    """Return a time as the API writes it, with the offset of the Pacific coast on that day."""
    return datetime.fromtimestamp(seconds, _PACIFIC).isoformat()


def gid(seq: int) -> str:
    """Return the global id of a send: the only one that webhooks name."""
    return b64encode(f"gid://sendoso/Send/{seq}".encode()).decode()


def body(row: Row) -> str:
    """Return a send as the API tells it, in JSON."""
    head = {
        "id": row["seq"],
        "send_gid": gid(row["seq"]),
        "status": row["status"],
        "created_at": told(row["created_at"]),
    }
    return f'{json.dumps(head)[:-1]}, {row["body"][1:-1]}, "status_updates": {row["updates"]}}}'

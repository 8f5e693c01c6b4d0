"""Runs the command line inside the test, on a real database file."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tui.cli import run

NOW = "2026-06-01T12:00:00Z"
SENDS: list[dict[str, Any]] = [
    {
        "id": 101,
        "type": "Inventoried Sends",
        "subtype": "Custom Bundles",
        "currency": "USD",
        "current_total_cost": "48.75",
        "status": "Order Received",
        "created_at": "2026-05-10T08:00:00Z",
        "touch": {"id": 1, "name": "Welcome kit"},
        "recipient": {"name": "Mira Solberg", "email": "mira@nordlys.example", "company_name": "Nordlys"},
        "sender": {"id": 5, "name": "Omar Diaz", "email": "omar@desk.example", "team_name": "Success"},
        "status_updates": [
            {"status": "Confirming Address", "occurred_at": "2026-05-10T08:00:01Z"},
            {"status": "Order Received", "occurred_at": "2026-05-12T08:00:00Z"},
        ],
    },
    {
        "id": 102,
        "type": "eGifts USA",
        "subtype": "eGift Cards USA",
        "currency": "USD",
        "current_total_cost": "25.00",
        "status": "Opened",
        "created_at": "2026-05-30T08:00:00Z",
        "recipient": {"name": "Teodor Lang", "email": "teodor@fabrikant.example", "company_name": "Fabrikant"},
        "status_updates": [
            {"status": "Sent", "occurred_at": "2026-05-30T08:00:01Z"},
            {"status": "Opened", "occurred_at": "2026-05-31T08:00:00Z"},
        ],
    },
    {
        "id": 103,
        "type": "Inventoried Sends",
        "status": "Undeliverable",
        "created_at": "2026-05-20T08:00:00Z",
        "tracking_number": "1Z999AA10123456784",
        "recipient": {"name": "Aya Mori", "email": "aya@hana.example", "company_name": "Hana"},
        "status_updates": [
            {"status": "Shipped", "occurred_at": "2026-05-25T08:00:00Z"},
            {"status": "Undeliverable", "occurred_at": "2026-05-29T08:00:00Z"},
        ],
    },
]  # fmt: skip


@dataclass(frozen=True)
class Result:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Senddesk = Callable[..., Result]


def commands(
    address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Senddesk:
    """Return what runs `senddesk` on the database at *address*, as ana, at `NOW`."""
    monkeypatch.setenv("SENDDESK_DATABASE", address)
    monkeypatch.setenv("SENDDESK_AGENT", "ana")
    monkeypatch.setenv("SENDDESK_NOW", NOW)

    def senddesk(*words: str | Path) -> Result:
        capsys.readouterr()
        code = run([str(word) for word in words])
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return senddesk


def sends_file(folder: Path, sends: object = None, name: str = "sends.json") -> Path:
    """Write an export of Sendoso and return its path."""
    path = folder / name
    path.write_text(json.dumps(SENDS if sends is None else sends), encoding="utf-8")
    return path


def shown(senddesk: Senddesk, name: str) -> dict[str, Any]:
    """Return what `senddesk show` says of the send *name*."""
    found: dict[str, Any] = senddesk("show", name, "--format", "json").json
    return found

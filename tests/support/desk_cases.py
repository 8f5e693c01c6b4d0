"""Sends as platforms would tell them, and a clock, for tests on real databases."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from models.database import Database
from models.desk import Desk
from models.errors import DeskError
from models.intake.intake import ImportReport, Intake
from models.providers.incoming import Fact, Incoming
from models.records import Case, Event, SendRecord, Shipment
from models.writing.steps import Step
from models.writing.writer import Request
from tests.support.sample_cases import NOW, ago


class HandClock:
    """A clock that stands still until a test moves it; it begins at `NOW`, a Friday."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> datetime:
        """Let time pass, as `timedelta` takes it, and return the new present."""
        self.now += timedelta(**span)
        return self.now


def fact(word: str, at: datetime | None = None) -> Fact:
    """Return a status as a platform reports it."""
    return Fact(word, at)


def parcel(
    external_id: int | str, *facts: Fact, shipments: tuple[Shipment, ...] = (), **fields: Any
) -> Incoming:
    """Return a parcel of Sendoso; without facts it was received by the warehouse two days ago."""
    return _incoming("sendoso", "physical", external_id, facts, shipments, fields)


def egift(external_id: int | str, *facts: Fact, **fields: Any) -> Incoming:
    """Return an eGift of Sendoso; without facts it was sent two days ago."""
    return _incoming("sendoso", "egift", external_id, facts, (), fields)


def order(
    external_id: str, *facts: Fact, shipments: tuple[Shipment, ...] = (), **fields: Any
) -> Incoming:
    """Return an order of Goody; without facts it was paid two days ago."""
    return _incoming("goody", "order", external_id, facts, shipments, fields)


def batch(external_id: str, *facts: Fact, **fields: Any) -> Incoming:
    """Return a batch of Goody; without facts it has been pending for two hours."""
    return Incoming(
        provider="goody",
        external_id=external_id,
        type="batch",
        fields=fields,
        facts=facts or (Fact("pending", ago(hours=2)),),
    )


_USUAL = {"physical": "Order Received", "egift": "Sent", "order": "paid"}


def _incoming(
    provider: str,
    kind: str,
    external_id: int | str,
    facts: tuple[Fact, ...],
    shipments: tuple[Shipment, ...],
    fields: dict[str, Any],
) -> Incoming:
    said = facts or (Fact(_USUAL[kind], ago(days=2)),)
    known = {"recipient_name": f"Recipient {external_id}", "created_at": ago(days=20), **fields}
    return Incoming(
        provider=provider,
        external_id=str(external_id),
        type=kind,
        fields=known,
        facts=said,
        shipments=shipments,
    )


def take(desk: Desk, *sends: Incoming, source: str = "import:sends.csv") -> ImportReport:
    """Take *sends* into the desk's database by its clock."""
    return take_into(desk.database, sends, desk.now(), source=source)


def take_into(
    database: Database, sends: Iterable[Incoming], now: datetime, source: str = "import:sends.csv"
) -> ImportReport:
    """Take *sends* into *database* at the moment *now*."""
    return Intake(database, lambda: now).apply(sends, source=source)


def arrive(desk: Desk, *sends: Incoming) -> SendRecord:
    """Take *sends* in and return the last of them as the desk then has it."""
    take(desk, *sends)
    return desk.find(f"{sends[-1].provider}:{sends[-1].external_id}")


def undo(desk: Desk, seen: SendRecord | None = None, request: Request | None = None) -> Case:
    """Take the agent's last action back, of one send or of any, and return the case after it.

    Raises:
        DeskError: If there is none or it is refused.
    """
    return _turn(desk, desk.last_step, seen, request)


def redo(desk: Desk, seen: SendRecord | None = None, request: Request | None = None) -> Case:
    """Do again what the agent took back last, and return the case after it.

    Raises:
        DeskError: If there is nothing or it is refused.
    """
    return _turn(desk, desk.last_undone_step, seen, request)


def _turn(
    desk: Desk,
    find: Callable[[SendRecord | None], Step],
    seen: SendRecord | None,
    request: Request | None,
) -> Case:
    begun = desk.begun_step(request.id, seen) if request else ()
    results = desk.undo_or_redo(begun or find(seen), lambda send: request or Request(), seen=seen)
    (result,) = results
    if isinstance(result.became, DeskError):
        raise result.became
    return desk.case(result.became.id)


def newest_event(case: Case) -> Event:
    """Return the newest event of a send."""
    return case.history[0]

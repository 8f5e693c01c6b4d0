"""Sends of the demo by name, as other processes see and change them."""

from datetime import datetime
from pathlib import Path

from models.providers.incoming import Incoming
from models.records import SendRecord
from tests.support.app_driver import colleague
from tests.support.desk_cases import fact

STUCK = "S-104972"
"""The first send of triage: Order Received for 18 days, nobody's."""


def stored(path: Path, ref: str = STUCK) -> SendRecord:
    """Return the send as another process reads it."""
    desk = colleague(path)
    try:
        return desk.find(ref)
    finally:
        desk.database.close()


def said_of_it(word: str, at: datetime) -> Incoming:
    """Return what the platform says of the stuck send."""
    return Incoming(
        provider="sendoso",
        external_id="104972",
        type="physical",
        fields={},
        facts=(fact(word, at),),
    )

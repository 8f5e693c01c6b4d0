"""The SQLModel tables of syncs and webhooks, which only these load: to build a class takes 3 milliseconds."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.store.tables import EventId, Moment


class Delivery(SQLModel, table=True):
    """One message of a platform's webhook, kept as it came."""

    __tablename__ = "delivery"
    __table_args__ = (sa.UniqueConstraint("provider", "message"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=EventId)
    provider: str = Field(max_length=32)
    message: str = Field(max_length=128)
    """The platform's id of the message, the same each time that it is sent."""
    received_at: datetime = Field(sa_type=Moment)
    event: str = Field(max_length=64)
    """What has happened, as the platform's `Webhooks` name it: `order.shipped`, `delivered`."""
    subject: str = Field(max_length=200)
    """The external id of the send or batch that it is about; empty if it names none."""
    body: bytes
    state: str = Field(max_length=16)
    """A `models.intake.deliveries.State`."""
    problem: str = Field(default="", max_length=500)
    """Why it is not applied, in a sentence, or an empty string."""
    applied_at: datetime | None = Field(default=None, sa_type=Moment)


class Webhook(SQLModel, table=True):
    """A webhook that was registered from here: no platform lists them."""

    __tablename__ = "webhook"

    provider: str = Field(primary_key=True, max_length=32)
    endpoint: str = Field(primary_key=True, max_length=200)
    """The platform's id of it."""
    address: str = Field(max_length=500)
    """Where the platform's API is."""
    url: str = Field(max_length=2048)
    """Where messages are sent to."""
    registered_at: datetime = Field(sa_type=Moment)
    registered_by: str = Field(max_length=200)


class SyncState(SQLModel, table=True):
    """How far the sync of one platform has come; it is written in one transaction with what was read."""

    __tablename__ = "sync_state"

    provider: str = Field(primary_key=True, max_length=32)
    address: str = Field(default="", max_length=500)
    """Where the platform's API is; what else this row says is about this address."""
    cursor: str = ""
    """Where a sync that is not finished goes on, as JSON that `models.live.cursor` reads; else empty."""
    covered_until: datetime | None = Field(default=None, sa_type=Moment)
    """Up to which time, by the platform's clock, all news have been read; None before a first sync."""
    full_at: datetime | None = Field(default=None, sa_type=Moment)
    """When the last finished sync of everything began."""
    synced_at: datetime | None = Field(default=None, sa_type=Moment)
    """When the last finished sync began."""
    every: int | None = None
    """How many seconds after a sync the next one is to begin; None if nobody has said."""
    holder: str = Field(default="", max_length=300)
    """Who runs, or has run last, a sync: `ana on desk-7 (process 4711)`."""
    held_since: datetime | None = Field(default=None, sa_type=Moment)
    """When that sync began."""
    problem: str = Field(default="", max_length=500)
    """Why the last sync did not finish, in a sentence, or an empty string."""


class SyncFact(SQLModel, table=True):
    """What a platform has said in one of its lists about a send that a later list will describe."""

    __tablename__ = "sync_fact"

    provider: str = Field(primary_key=True, max_length=32)
    external_id: str = Field(primary_key=True, max_length=200)
    word: str = Field(primary_key=True, max_length=200)
    at: datetime = Field(primary_key=True, sa_type=Moment)

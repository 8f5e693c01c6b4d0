"""The SQLModel tables. Rows are written by the journal and the intake and never leave `models`."""

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import Dialect
from sqlmodel import Field, SQLModel, UTCDateTime

NEVER = datetime(9999, 12, 31, tzinfo=UTC)
UNKNOWN_START = datetime(1, 1, 1, tzinfo=UTC)


class _Unset(UTCDateTime):
    """A time that may be None, stored as a moment outside history.

    One index then serves a sort from end to end: databases disagree on where NULL belongs.
    """

    cache_ok = True
    unset: datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store None as the moment that stands for it."""
        return super().process_bind_param(self.unset if value is None else value, dialect)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give None back for the moment that stands for it."""
        found = super().process_result_value(value, dialect)
        return None if found == self.unset else found


class OrNever(_Unset):
    """A moment ahead; None sorts last."""

    cache_ok = True
    unset = NEVER


class OrUnknown(_Unset):
    """A moment past; None sorts first."""

    cache_ok = True
    unset = UNKNOWN_START


class Send(SQLModel, table=True):
    """One eGift, parcel or order, as its platform and its agents left it."""

    __tablename__ = "send"
    __table_args__ = (sa.UniqueConstraint("provider", "external_id"),)

    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(max_length=64, unique=True)
    provider: str = Field(max_length=32)
    external_id: str = Field(max_length=200)
    type: str = Field(max_length=32)
    subtype: str = Field(default="", max_length=200)
    campaign: str = Field(default="", max_length=500)
    batch: str = Field(default="", max_length=200)
    recipient_name: str = Field(default="", max_length=500)
    recipient_email: str = Field(default="", max_length=500)
    company: str = Field(default="", max_length=500)
    sender_name: str = Field(default="", max_length=500)
    sender_email: str = Field(default="", max_length=500)
    team: str = Field(default="", max_length=500)
    sent_via: str = Field(default="", max_length=200)
    cost_minor: int | None = Field(default=None, sa_type=sa.BigInteger)
    currency: str = Field(default="", max_length=3)
    funding_source: str = Field(default="", max_length=500)
    tracking_number: str = Field(default="", max_length=200)
    tracking_url: str = Field(default="", max_length=2048)
    carrier: str = Field(default="", max_length=200)
    created_at: datetime | None = Field(default=None, sa_type=OrUnknown, nullable=False)
    expires_at: datetime | None = None
    provider_status: str = Field(max_length=64)
    provider_raw: str = Field(default="", max_length=200)
    provider_at: datetime | None = None
    order_uncertain: bool = False
    override_status: str | None = Field(default=None, max_length=64)
    override_reason: str = ""
    override_by: str = Field(default="", max_length=200)
    override_at: datetime | None = None
    contested: bool = False
    status: str = Field(max_length=64)
    stage: str = Field(max_length=16)
    since: datetime
    at_once: bool = False
    due_at: datetime | None = Field(default=None, sa_type=OrNever, nullable=False)
    triage_at: datetime | None = Field(default=None, sa_type=OrNever, nullable=False)
    owner: str = Field(default="", max_length=200)
    escalated_at: datetime | None = None
    escalation_ref: str = Field(default="", max_length=200)
    follow_up_at: datetime | None = None
    snooze: str = Field(default="", max_length=16)
    snoozed_until: datetime | None = None
    revision: int = 0
    head: bytes = b""
    """The hash of the newest event of its history."""


class Event(SQLModel, table=True):
    """One entry of a send's history; triggers refuse to change or remove it."""

    __tablename__ = "event"
    __table_args__ = (sa.UniqueConstraint("send_id", "seq"),)

    id: int | None = Field(
        default=None, primary_key=True, sa_type=sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    )
    send_id: int = Field(foreign_key="send.id")
    seq: int
    at: datetime | None = None
    recorded_at: datetime
    kind: str = Field(max_length=16)
    from_status: str = Field(default="", max_length=64)
    to_status: str = Field(default="", max_length=64)
    raw: str = Field(default="", max_length=200)
    actor: str = Field(default="", max_length=200)
    source: str = Field(default="", max_length=200)
    reason: str = ""
    detail: str = "{}"
    request_id: str | None = Field(default=None, max_length=200)
    """Unique where there is one: a repeated request is applied once."""
    hash: bytes


class Shipment(SQLModel, table=True):
    """One parcel of an order."""

    __tablename__ = "shipment"
    __table_args__ = (sa.UniqueConstraint("send_id", "external_id"),)

    id: int | None = Field(default=None, primary_key=True)
    send_id: int = Field(foreign_key="send.id")
    external_id: str = Field(max_length=200)
    status: str = Field(max_length=64)
    carrier: str = Field(default="", max_length=200)
    tracking_number: str = Field(default="", max_length=200, index=True)
    tracking_url: str = Field(default="", max_length=2048)
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    expected_at: datetime | None = None


class Threshold(SQLModel, table=True):
    """A limit that the team set for one status in place of the catalogue's."""

    __tablename__ = "threshold"

    provider: str = Field(primary_key=True, max_length=32)
    status: str = Field(primary_key=True, max_length=64)
    limit: str = Field(max_length=16)
    """As `models.clock.parse_limit` reads it."""
    set_by: str = Field(max_length=200)
    set_at: datetime


class SavedView(SQLModel, table=True):
    """A filter that the team gave a name."""

    __tablename__ = "saved_view"

    name: str = Field(primary_key=True, max_length=40)
    digit: str = Field(default="", max_length=1)
    """The key that opens it, or an empty string."""
    query: str = Field(max_length=1000)
    saved_by: str = Field(max_length=200)
    saved_at: datetime


class Holiday(SQLModel, table=True):
    """A day on which the platforms' support does not work."""

    __tablename__ = "holiday"

    day: str = Field(primary_key=True, max_length=10)
    """ISO date."""
    name: str = Field(default="", max_length=200)

"""The SQLModel tables. Rows are written by the journal and the intake and never leave `models`.

Those of syncs and webhooks are in `live_tables`.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import Dialect
from sqlmodel import Field, SQLModel, UTCDateTime

NEVER = datetime(9999, 12, 31, tzinfo=UTC)
"""Is stored for a time that never comes."""
UNKNOWN_START = datetime(1, 1, 1, tzinfo=UTC)
"""Is stored for a time that is not known."""
UNREADABLE = datetime(1900, 1, 1, tzinfo=UTC)
"""Stands for a stored text that is no time: a send with it is shown as long overdue, and so is looked at."""
Value = TypeVar("Value")
_DATE_TIME = sa.DateTime(timezone=True)
_MOMENTS_KEPT = 4096
"""Of how many times the text is kept: a new send names the beginning of its status three times."""


class Moment(UTCDateTime):
    """A time with its zone; it is given back in UTC.

    SQLite has no type for times: it stores text that sorts as the times do. That text is made and read
    here and not by SQLAlchemy, because a list of two hundred sends holds two thousand times and an
    import millions.
    """

    cache_ok = True
    unset: datetime | None = None
    """The time that is stored for None, before or after all real times. So one index serves a sort from
    end to end: SQLite sorts NULL first, PostgreSQL last."""

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """Return what turns a time into what the driver takes; the text has microseconds."""
        if not _is_stored_as_text(dialect):
            return super().bind_processor(dialect)
        unset = self.unset and _as_text(self.unset)
        return lambda value: unset if value is None else _as_text(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Return what turns an answer of the driver into a time."""
        if not _is_stored_as_text(dialect):
            return super().result_processor(dialect, coltype)
        unset = self.unset and _as_text(self.unset)

        def read(text: str | None) -> datetime | None:
            return None if text is None or text == unset else _from_text(text)

        return read

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store `unset` for None."""
        return super().process_bind_param(self.unset if value is None else value, dialect)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give None back for `unset`."""
        found = super().process_result_value(value, dialect)
        return None if found == self.unset else found


class OrNever(Moment):
    """A time to come; None means never and sorts last."""

    cache_ok = True
    unset = NEVER


class OrUnknown(Moment):
    """A past time; None means that it is not known and sorts first."""

    cache_ok = True
    unset = UNKNOWN_START


class EventId(sa.BigInteger):
    """The number of an event, which the database counts up; 8 bytes everywhere.

    What such a column is called in CREATE TABLE depends on the database: `models.database` says it.
    """


def _is_stored_as_text(dialect: Dialect) -> bool:
    """Whether the database has no type for times: SQLAlchemy would then convert them itself."""
    return _DATE_TIME.dialect_impl(dialect).bind_processor(dialect) is not None


def _as_text(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("A time without a time zone cannot be stored.")
    return _utc_as_text(moment if moment.tzinfo is UTC else moment.astimezone(UTC))


@lru_cache(maxsize=_MOMENTS_KEPT)
def _utc_as_text(moment: datetime) -> str:
    # `isoformat` takes half the time where there is no zone to write.
    return datetime.combine(moment.date(), moment.time()).isoformat(" ", "microseconds")


def _from_text(text: str) -> datetime:
    try:
        return datetime.fromisoformat(f"{text}+00:00")
    except ValueError:
        # One such row must not keep all others from being read; `senddesk db verify` names it.
        return UNREADABLE


def col(attribute: Value) -> sa.Column[Value]:
    """Return the column that is read and written as *attribute* of a table's class.

    SQLModel's own `col` returns the attribute as it is, which makes each statement one that loads
    objects: it takes 1.6 times as long to compile, and the first one prepares all classes for that.
    """
    column: sa.Column[Value] = cast(Any, attribute).property.columns[0]
    return column


class Send(SQLModel, table=True):
    """One eGift, shipped gift, order or batch of orders, as its platform and its agents left it.

    What most columns hold is said at `SendRecord`. The columns from `status` to `triage_at` and those of
    override, owner, escalation, snooze and refund are derived from the history of the send, and written
    with it.
    """

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
    expires_at: datetime | None = Field(default=None, sa_type=Moment)
    provider_status: str = Field(max_length=64)
    provider_raw: str = Field(default="", max_length=200)
    provider_at: datetime | None = Field(default=None, sa_type=Moment)
    order_uncertain: bool = False
    rule: str = Field(default="", max_length=64, sa_column_kwargs={"server_default": ""})
    rule_at: datetime | None = Field(default=None, sa_type=Moment)
    override_status: str | None = Field(default=None, max_length=64)
    override_reason: str = ""
    override_by: str = Field(default="", max_length=200)
    override_at: datetime | None = Field(default=None, sa_type=Moment)
    contested: bool = False
    status: str = Field(max_length=64)
    stage: str = Field(max_length=16)
    since: datetime = Field(sa_type=Moment)
    at_once: bool = False
    """Whether the send needs an agent from `due_at` on, and not only after it."""
    due_at: datetime | None = Field(default=None, sa_type=OrNever, nullable=False)
    triage_at: datetime | None = Field(default=None, sa_type=OrNever, nullable=False)
    owner: str = Field(default="", max_length=200)
    escalated_at: datetime | None = Field(default=None, sa_type=Moment)
    escalation_ref: str = Field(default="", max_length=200)
    follow_up_at: datetime | None = Field(default=None, sa_type=Moment)
    snooze: str = Field(default="", max_length=16)
    snoozed_until: datetime | None = Field(default=None, sa_type=Moment)
    refunded_at: datetime | None = Field(default=None, sa_type=Moment)
    refunded_minor: int | None = Field(default=None, sa_type=sa.BigInteger)
    credit_due_at: datetime | None = Field(default=None, sa_type=Moment)
    scheduled_at: datetime | None = Field(default=None, sa_type=Moment)
    orders_count: int | None = None
    recipients_count: int | None = None
    revision: int = 0
    head: bytes = b""
    """The hash of the newest event of its history."""


class Event(SQLModel, table=True):
    """One entry of a send's history; triggers refuse to change or remove it.

    What its columns hold is said at `models.records.Event`.
    """

    __tablename__ = "event"
    __table_args__ = (sa.UniqueConstraint("send_id", "seq"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=EventId)
    send_id: int = Field(foreign_key="send.id")
    seq: int
    at: datetime | None = Field(default=None, sa_type=Moment)
    recorded_at: datetime = Field(sa_type=Moment)
    kind: str = Field(max_length=16)
    from_status: str = Field(default="", max_length=64)
    to_status: str = Field(default="", max_length=64)
    raw: str = Field(default="", max_length=200)
    actor: str = Field(default="", max_length=200)
    source: str = Field(default="", max_length=200)
    reason: str = ""
    detail: str = "{}"
    request_id: str | None = Field(default=None, max_length=200)
    """Unique where there is one: a repeated request is applied once. Only what agents write has one."""
    hash: bytes
    """Covers this entry, its send and the hash of the entry before, as `models.store.hash_chain` says."""


class Credit(SQLModel, table=True):
    """One entry of the ledger; triggers refuse to change or remove it.

    What its columns hold is said at `models.records.Credit`. The newest entry of a send says how its
    credit stands.
    """

    __tablename__ = "credit"
    __table_args__ = (sa.UniqueConstraint("send_id", "seq", "state"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=EventId)
    send_id: int = Field(foreign_key="send.id")
    seq: int
    state: str = Field(max_length=16)
    rule: str = Field(default="", max_length=64)
    amount_minor: int | None = Field(default=None, sa_type=sa.BigInteger)
    currency: str = Field(default="", max_length=3)
    funding_source: str = Field(default="", max_length=200)
    at: datetime = Field(sa_type=Moment)


class Intake(SQLModel, table=True):
    """Which entries of the history one import has written for one platform in one transaction.

    Every entry that no agent has written lies between `first_event` and `last_event` of the row with the
    same actor, source and time; other entries may lie there too.
    """

    __tablename__ = "intake"

    actor: str = Field(primary_key=True, max_length=200)
    first_event: int = Field(primary_key=True, sa_type=sa.BigInteger)
    last_event: int = Field(sa_type=sa.BigInteger)
    source: str = Field(max_length=200)
    recorded_at: datetime = Field(sa_type=Moment)


class Shipment(SQLModel, table=True):
    """One shipment of an order."""

    __tablename__ = "shipment"
    __table_args__ = (sa.UniqueConstraint("send_id", "external_id"),)

    id: int | None = Field(default=None, primary_key=True)
    send_id: int = Field(foreign_key="send.id")
    external_id: str = Field(max_length=200)
    status: str = Field(max_length=64)
    carrier: str = Field(default="", max_length=200)
    tracking_number: str = Field(default="", max_length=200, index=True)
    tracking_url: str = Field(default="", max_length=2048)
    brand: str = Field(default="", max_length=200, sa_column_kwargs={"server_default": ""})
    shipped_at: datetime | None = Field(default=None, sa_type=Moment)
    delivered_at: datetime | None = Field(default=None, sa_type=Moment)
    expected_at: datetime | None = Field(default=None, sa_type=Moment)


class StayCount(SQLModel, table=True):
    """How many stays in one status ended on one day, by their lengths.

    Every write adds rows of its own, so that no two wait for each other; an import joins the rows of a
    day and status. All rows of them together count.
    """

    __tablename__ = "stay_count"

    id: int | None = Field(default=None, primary_key=True, sa_type=EventId)
    day: str = Field(max_length=10)
    """ISO date, in UTC."""
    provider: str = Field(max_length=32)
    status: str = Field(max_length=64)
    lengths: str
    """The numbers of stays by `models.rules.stays.bucket_of`, as JSON; a late word can take some back."""
    reopened: int
    """How many sends had ended in the status and went on."""


class LimitBreach(SQLModel, table=True):
    """One stay in a status that has ended after its limit was over, by the limits of that time."""

    __tablename__ = "breach"

    id: int | None = Field(default=None, primary_key=True, sa_type=EventId)
    send_id: int = Field(foreign_key="send.id")
    provider: str = Field(max_length=32)
    status: str = Field(max_length=64)
    began: datetime = Field(sa_type=Moment)
    due_at: datetime = Field(sa_type=Moment)
    ended_at: datetime = Field(sa_type=Moment)


class Threshold(SQLModel, table=True):
    """A threshold that the team set for one status in place of the platform's own."""

    __tablename__ = "threshold"

    provider: str = Field(primary_key=True, max_length=32)
    status: str = Field(primary_key=True, max_length=64)
    limit: str = Field(max_length=16)
    """As `models.values.calendar.parse_limit` reads it."""
    set_by: str = Field(max_length=200)
    set_at: datetime = Field(sa_type=Moment)


class LimitWarning(SQLModel, table=True):
    """How long before a limit the team is warned, in place of the usual time."""

    __tablename__ = "warning"

    provider: str = Field(primary_key=True, max_length=32)
    """Empty together with `status`: for every status without a row of its own."""
    status: str = Field(primary_key=True, max_length=64)
    before: str = Field(max_length=16)
    """In hours or days: `48h`, `3d`."""


class SettingChange(SQLModel, table=True):
    """One change of a setting of the team; triggers refuse to change or remove it."""

    __tablename__ = "setting_change"

    at: datetime = Field(primary_key=True, sa_type=Moment)
    subject: str = Field(primary_key=True, max_length=200)
    """What was changed: `limit sendoso:shipped`, `warning sendoso:shipped`, `warning`,
    `business hours`, `holidays`, `holiday 2026-12-24`, `rule egift_unopened`, `span egift`."""
    actor: str = Field(max_length=200)
    before: str = Field(max_length=200)
    after: str = Field(max_length=200)


class RuleSwitch(SQLModel, table=True):
    """Whether the desk lets a rule act that time triggers; without a row it does."""

    __tablename__ = "rule_switch"

    name: str = Field(primary_key=True, max_length=64)
    state: str = Field(max_length=3)
    """`on` or `off`"""


class UsualSpan(SQLModel, table=True):
    """How long sends last whose platform does not say, in place of the published span."""

    __tablename__ = "usual_span"

    key: str = Field(primary_key=True, max_length=32)
    """That of a `models.providers.time_rule.UsualSpan`."""
    campaign: str = Field(primary_key=True, max_length=500)
    """Empty for every campaign without a row of its own."""
    span: str = Field(max_length=16)
    """As `models.values.calendar.parse_limit` reads it."""


class SavedView(SQLModel, table=True):
    """A filter that the team gave a name."""

    __tablename__ = "saved_view"

    name: str = Field(primary_key=True, max_length=40)
    digit: str = Field(default="", max_length=1)
    """The key that opens it, or an empty string."""
    query: str = Field(max_length=1000)
    saved_by: str = Field(max_length=200)
    saved_at: datetime = Field(sa_type=Moment)


class Holiday(SQLModel, table=True):
    """A day on which the platforms' support does not work."""

    __tablename__ = "holiday"

    day: str = Field(primary_key=True, max_length=10)
    """ISO date."""
    name: str = Field(default="", max_length=200)
    region: str = Field(default="", max_length=40, sa_column_kwargs={"server_default": ""})
    """The country or part of one it came with, `DE-BY`; empty for a day that somebody added."""


class BusinessHours(SQLModel, table=True):
    """When the desk works, in one row; without it Monday to Friday around the clock, in UTC."""

    __tablename__ = "business_hours"

    only_row: int = Field(default=1, primary_key=True, sa_column_kwargs={"autoincrement": False})
    opens: str = Field(max_length=5)
    """`09:00`"""
    closes: str = Field(max_length=5)
    """Later than `opens`, at most `24:00`."""
    days: str = Field(max_length=27)
    """`mon,tue,wed,thu,fri`"""
    zone: str = Field(max_length=64)
    """As `models.values.zones.zone_named` reads it."""
    set_by: str = Field(max_length=200)
    set_at: datetime = Field(sa_type=Moment)

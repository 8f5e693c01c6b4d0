"""What the sections of a report are made of, each read once: by ranges of indexes."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final, Literal, NamedTuple

import sqlalchemy as sa

from models.providers import catalogue
from models.providers.status import Status
from models.reading.reader import Reader
from models.records import CreditState, EventKind
from models.report.span import Span
from models.rules.due import Policy
from models.rules.stays import StayCounts
from models.rules.time_rules import rules
from models.store import mapping, stay_log, tables
from models.store.tables import Credit, LimitBreach, Send, col

STUCK_COLUMNS = (
    "id", "provider", "status", "due_at", "owner", "campaign", "contested", "at_once",
    "escalated_at", "snooze", "credit_due_at",
)  # fmt: skip
"""The columns of a send that `stuck_sends` reads, in its order."""
DEED_COLUMNS = ("send_id", "recorded_at", "actor", "kind")
"""The columns of an event that make a `Deed`."""


AGE_ENDS: Final = (timedelta(days=1), timedelta(days=3), timedelta(days=7), timedelta(days=30))
"""Where the ages end by which stuck sends are counted; the last has no end."""


Reason = Literal["limit", "credit", "reminder"]
"""Why a send is stuck: the limit of its status, a credit that did not come, or a time that an agent set."""


class StuckSend(NamedTuple):
    """A send that is past its due time now."""

    send_id: int
    provider: str
    status: str
    due_at: datetime
    owner: str
    campaign: str
    is_escalated: bool
    is_put_off: bool
    """Whether it is snoozed, or an agent has called it done."""
    over_for: timedelta
    """How long that has been."""
    age: int
    """The place of that in `AGE_ENDS`."""
    reason: Reason


class PastBreach(NamedTuple):
    """A send that was past the limit of a status which has ended."""

    send_id: int
    provider: str
    status: str
    due_at: datetime
    ended_at: datetime


class PastCredit(NamedTuple):
    """A credit that was open at some moment."""

    provider: str
    status: str
    """The slug that its rule gave the send."""
    due_at: datetime
    """When it is overdue, or was to be, by the limit of today."""


class Deed(NamedTuple):
    """Something that an agent did to a send."""

    send_id: int
    at: datetime
    actor: str
    kind: str


class Sources:
    """Reads what a report of *span* needs; what several sections need is read for the first of them."""

    def __init__(self, reader: Reader, span: Span) -> None:
        self.reader = reader
        self.span = span
        reader.database.count_stays()

    @cached_property
    def policy(self) -> Policy:
        """The limits in force."""
        with self.reader.database.read() as connection:
            return mapping.policy_of(connection)

    @cached_property
    def open_breaches(self) -> tuple[StuckSend, ...]:
        """Every send that is past the limit of its status, or that its provider contests, now."""
        return tuple(each for each in self.stuck if each.reason == "limit")

    @cached_property
    def credits_before(self) -> tuple[PastCredit, ...]:
        """Every credit that was open when the span began, as is known today."""
        moment, calendar = self.span.since, self.policy.calendar
        limit, known = self.policy.credit_limit, rules()
        with self.reader.database.read() as connection:
            rows = connection.execute(_credits_open_at(moment)).all()
        return tuple(
            PastCredit(
                row.provider,
                known[row.rule].to if row.rule in known else row.status,
                calendar.after(row.at, limit),
            )
            for row in rows
        )

    @cached_property
    def stuck(self) -> tuple[StuckSend, ...]:
        """Every send that is past its due time now, for whatever reason, or needs a person at once."""
        now = self.span.now
        columns = [mapping.columns_of(Send)[name] for name in STUCK_COLUMNS]
        wanted = sa.select(*columns).where(col(Send.due_at) <= now)
        with self.reader.database.read() as connection:
            return tuple(stuck_sends(connection.execute(wanted), self.policy, now))

    @cached_property
    def past_breaches(self) -> tuple[PastBreach, ...]:
        """Every breach that had not ended when the span before began, and has ended since."""
        columns = [mapping.columns_of(LimitBreach)[name] for name in PastBreach._fields]
        wanted = sa.select(*columns).where(
            col(LimitBreach.ended_at) > self.span.since_before,
            col(LimitBreach.ended_at) <= self.span.now,
        )
        with self.reader.database.read() as connection:
            return tuple(PastBreach(*row) for row in connection.execute(wanted))

    @cached_property
    def deeds(self) -> tuple[Deed, ...]:
        """What agents have done since the span before began, in the order of time."""
        return deeds(self.reader, self.span.since_before, self.span.now)

    @cached_property
    def stays(self) -> StayCounts:
        """The stays that ended in the span and in the one before."""
        with self.reader.database.read() as connection:
            return stay_log.counts_of(connection, self.span.first_before, self.span.last)

    def in_status(self) -> Counter[tuple[str, str]]:
        """Return how many sends are in each status, by provider and slug; ended ones are left out."""
        status, provider = mapping.columns_of(Send)["status"], mapping.columns_of(Send)["provider"]
        wanted = sa.select(provider, status, sa.func.count()).group_by(status, provider)
        with self.reader.database.read() as connection:
            return Counter(
                {
                    (key, slug): number
                    for key, slug, number in connection.execute(wanted)
                    if not catalogue.status(key, slug).final
                }
            )


def deeds(
    reader: Reader, since: datetime, until: datetime, actor: str | None = None
) -> tuple[Deed, ...]:
    """Return what agents did from *since* to *until* (UTC), in the order of time.

    Args:
        reader: The desk.
        since: The first moment.
        until: The last moment.
        actor: Only what this agent did.
    """
    event = mapping.columns_of(tables.Event)
    wanted = sa.select(*(event[name] for name in DEED_COLUMNS)).where(
        event["request_id"].is_not(None),
        event["recorded_at"] >= since,
        event["recorded_at"] <= until,
    )
    if actor is not None:
        wanted = wanted.where(event["actor"] == actor)
    with reader.database.read() as connection:
        rows = connection.execute(wanted.order_by(event["recorded_at"], event["id"]))
        # What a platform answered to a request has the number of that request.
        return tuple(Deed(*row) for row in rows if row.kind != EventKind.ANSWER)


def by_status(keys: Iterable[tuple[str, str]]) -> list[Status]:
    """Return the statuses of *keys*, of provider and slug, by platform and in the order of the lifecycle."""
    found = (catalogue.status(*key) for key in set(keys))
    return sorted(found, key=lambda status: (status.provider, status.rank, status.slug))


def stuck_sends(
    rows: Iterable[Sequence[Any]], policy: Policy, now: datetime
) -> Iterator[StuckSend]:
    """Yield those of some sends that are past their due time, or need a person at once, at *now* (UTC).

    Args:
        rows: Have `STUCK_COLUMNS`.
        policy: The limits in force.
        now: The present.
    """
    # There may be tens of thousands of sends, of a few statuses.
    limited: dict[tuple[str, str], bool] = {}
    for row in rows:
        (
            send_id,
            provider,
            slug,
            due_at,
            owner,
            campaign,
            contested,
            at_once,
            escalated_at,
            snooze,
            credit_due_at,
        ) = row
        if due_at is None or due_at > now or (due_at == now and not at_once):
            continue
        key = (provider, slug)
        if key not in limited:
            status = catalogue.status(provider, slug)
            has_limit = policy.thresholds.of(provider, status.slug) is not None
            limited[key] = has_limit and not status.final
        reason: Reason = "credit" if credit_due_at == due_at else "reminder"
        if limited[key] or contested:
            reason = "limit"
        over_for = now - due_at
        yield StuckSend(
            send_id, provider, slug, due_at, owner, campaign, escalated_at is not None,
            bool(snooze), over_for, bisect_right(AGE_ENDS, over_for), reason,
        )  # fmt: skip


def _credits_open_at(moment: datetime) -> sa.Select[Any]:
    """Return the query for the credits that were open at *moment*."""
    later = sa.alias(mapping.table_of(Credit))
    has_later = sa.exists().where(
        later.c.send_id == col(Credit.send_id), later.c.id > col(Credit.id), later.c.at <= moment
    )
    columns: list[Any] = [col(Send.provider), col(Send.status), col(Credit.rule), col(Credit.at)]
    return (
        sa.select(*columns)
        .join_from(Credit, Send, col(Send.id) == col(Credit.send_id))
        .where(
            col(Credit.state) == CreditState.EXPECTED.value, col(Credit.at) <= moment, ~has_later
        )
    )

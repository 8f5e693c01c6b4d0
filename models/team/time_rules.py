"""Which rules that time triggers are on, and how long sends usually last; each change is logged.

`models.desk.Desk` has a method for each function here.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from models.database import Database
from models.errors import DeskError
from models.providers.time_rule import TimeRule, UsualSpan
from models.records import EventKind
from models.rules.due import CREDIT
from models.rules.time_rules import rules, usual_spans
from models.store import mapping, tables
from models.store.tables import col
from models.team import changes
from models.team.recompute import recompute_open_credits, recompute_rules
from models.values.calendar import Limit
from models.values.text import storable

RECENT_DAYS = 30
"""What a rule did in so many days is counted."""
_NAME_KEPT = 200
"""The most characters stored of a name."""
_CAMPAIGN_KEPT = 500


class RuleState(NamedTuple):
    """A rule as it is in force in one database."""

    rule: TimeRule
    is_on: bool


class RuleWork(NamedTuple):
    """What a rule has done in one database."""

    last: datetime | None
    """When it last did something, in UTC; None if it never did."""
    recent: int
    """How many entries it wrote in the last `RECENT_DAYS`."""
    holds: int
    """On how many sends what it did holds now."""


class SpanInForce(NamedTuple):
    """How long the sends of one campaign last, or those of all others, if their platform does not say."""

    span: UsualSpan
    campaign: str
    """Empty for every campaign without a span of its own."""
    limit: Limit
    is_own: bool
    """Whether the desk has set it in place of the published one."""


def in_force(database: Database) -> tuple[RuleState, ...]:
    """Return every rule, in the order of the platforms.

    Raises:
        DeskUnavailable: If the database cannot be read.
    """
    with database.read() as connection:
        off = mapping.policy_of(connection).rules.off
    return tuple(RuleState(rule, rule.name not in off) for rule in rules().values())


def refusal(database: Database) -> str:
    """Return why this user cannot change the rules, or an empty string.

    Raises:
        DeskUnavailable: If the database cannot be read.
    """
    if database.read_only:
        return database.read_only
    if database.may_write(tables.RuleSwitch.__tablename__):
        return ""
    return "Only leads change the rules here: your user of the server has no right to."


def work_of_rules(database: Database, now: datetime) -> Mapping[str, RuleWork]:
    """Return what each rule did, by its name.

    Args:
        database: An open database.
        now: The present, in UTC.

    Raises:
        DeskUnavailable: If the database cannot be read.
    """
    # Each of them is answered by an index alone.
    since = {"since": now - timedelta(days=RECENT_DAYS)}
    with database.read() as connection:
        recent = dict(iter(connection.execute(_RECENT, since)))
        holds = dict(iter(connection.execute(_HOLDS)))
        last = {
            rule.name: connection.execute(_LAST, {"actor": rule.actor, "now": now}).scalar()
            for rule in rules().values()
        }
    return {
        rule.name: RuleWork(last[rule.name], recent.get(rule.actor, 0), holds.get(rule.name, 0))
        for rule in rules().values()
    }


_RECENT = (
    sa.select(col(tables.Event.actor), sa.func.count())
    .where(
        col(tables.Event.kind) == sa.literal(EventKind.TIME_RULE.value, literal_execute=True),
        col(tables.Event.recorded_at) >= sa.bindparam("since"),
    )
    .group_by(col(tables.Event.actor))
)
_HOLDS = (
    sa.select(col(tables.Send.rule), sa.func.count())
    .where(col(tables.Send.rule) != sa.literal("", literal_execute=True))
    .group_by(col(tables.Send.rule))
)
_LAST = (
    sa.select(col(tables.Intake.recorded_at))
    .where(
        col(tables.Intake.actor) == sa.bindparam("actor"),
        # Of a past desk this table is that of today.
        col(tables.Intake.recorded_at) <= sa.bindparam("now"),
    )
    .order_by(col(tables.Intake.first_event).desc())
    .limit(1)
)


def switch(database: Database, name: str, is_on: bool, agent: str, now: datetime) -> int:
    """Switch a rule on or off and return of how many sends that changes when rules look at them.

    What it has done already stays. If it stops on the way, calling it again completes it.

    Args:
        database: An open database.
        name: The name of the rule.
        is_on: Whether it acts from now on.
        agent: Who switches it.
        now: The present, in UTC.

    Raises:
        DeskError: If there is no such rule.
        ReadOnly: If the database was opened for reading.
        DeskUnavailable: If it cannot be read or written.
    """
    rule = rules().get(name)
    if rule is None:
        raise DeskError(f"There is no rule “{name[:80]}”: `senddesk rules list` names them.")
    word, was = ("on", "off") if is_on else ("off", "on")
    table = tables.RuleSwitch
    with database.write() as connection:
        known = mapping.policy_of(connection).rules.off
        connection.execute(sa.delete(table).where(col(table.name) == name))
        if not is_on:
            connection.execute(sa.insert(table), {"name": name, "state": word})
        if (name in known) == is_on:
            changes.add(connection, agent, now, f"rule {name}", was, word)
    return recompute_rules(database, [rule])


def spans(database: Database) -> tuple[SpanInForce, ...]:
    """Return every usual span: that of all campaigns, then those of single ones by their names.

    Raises:
        DeskUnavailable: If the database cannot be read.
    """
    with database.read() as connection:
        own = mapping.policy_of(connection).rules.spans
    return tuple(_in_order(own))


def _in_order(own: Mapping[tuple[str, str], Limit]) -> Iterator[SpanInForce]:
    for key, span in usual_spans().items():
        limit = own.get((key, ""))
        yield SpanInForce(span, "", limit or span.limit, limit is not None)
        for (which, campaign), limit in sorted(own.items(), key=lambda item: item[0]):
            if which == key and campaign:
                yield SpanInForce(span, campaign, limit, True)


def set_span(
    database: Database, key: str, campaign: str, limit: Limit | None, agent: str, now: datetime
) -> int:
    """Set how long sends last whose platform does not say; return how many sends that concerns.

    If it stops on the way, calling it again completes it. What rules have made of sends by the former
    span they look at again with their next run.

    Args:
        database: An open database.
        key: The key of a usual span.
        campaign: The campaign that it is for; empty for every one without a span of its own.
        limit: How long; None for the desk's, and of the desk for the published span.
        agent: Who sets it.
        now: The present, in UTC.

    Raises:
        DeskError: If there is no such span, or it leaves no time.
        ReadOnly: If the database was opened for reading.
        DeskUnavailable: If it cannot be read or written.
    """
    span = usual_spans().get(key)
    if key == CREDIT and campaign.strip():
        raise DeskError("A credit takes as long whatever the campaign is: leave --campaign out.")
    if span is None:
        raise DeskError(f"“{key[:80]}” has no usual span: {' or '.join(usual_spans())} has one.")
    if limit is not None and limit.at_once:
        raise DeskError("A usual span leaves some time: write 90d or 7bd.")
    name = storable(campaign.strip(), _CAMPAIGN_KEPT)
    table = tables.UsualSpan
    same = (col(table.key) == key, col(table.campaign) == name)
    with database.write() as connection:
        before = mapping.policy_of(connection).rules.spans.get((key, name))
        connection.execute(sa.delete(table).where(*same))
        if limit is not None:
            row = {"key": key, "campaign": name, "span": str(limit)}
            connection.execute(sa.insert(table), row)
        if limit != before:
            subject = storable(f"span {key} {name}".rstrip(), _NAME_KEPT)
            words = ("usual" if each is None else str(each) for each in (before, limit))
            changes.add(connection, agent, now, subject, *words)
    if key == CREDIT:
        return recompute_open_credits(database)
    return recompute_rules(database, [rule for rule in rules().values() if rule.span == span])

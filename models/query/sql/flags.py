"""One condition for each flag and each urgency."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, get_args

import sqlalchemy as sa

from models.providers.status import UNMAPPED_SLUG
from models.query.catalogue_words import final_statuses, refunding_statuses
from models.query.sql.batches import IS_BATCH
from models.query.sql.context import QueryContext
from models.query.text_search import Condition
from models.query.tree import StatusWord
from models.records import Snooze, Urgency
from models.rules.due import Warnings
from models.store.tables import NEVER, OrNever, Send, col

FlagCondition = Callable[[QueryContext], Condition]

_triage_at = col(Send.triage_at)
UNOWNED = sa.func.length(col(Send.owner)) == 0
"""`owner = ''`, written so that no index on the owner fits: most sends have no owner, and fetching
nearly all of them by that index costs more than scanning the index of the list's order."""
_snoozed_until = col(Send.snoozed_until)


def one_of_statuses(words: tuple[StatusWord, ...]) -> Condition:
    """Return the condition for sends that have one of the statuses."""
    by_provider: dict[str, list[str]] = {}
    for word in words:
        by_provider.setdefault(word.provider, []).append(word.slug)
    return sa.or_(
        *(
            col(Send.status).in_(slugs) & (col(Send.provider) == provider)
            if provider
            else col(Send.status).in_(slugs)
            for provider, slugs in by_provider.items()
        )
    )


def _triage(context: QueryContext) -> Condition:
    """Return `models.rules.due.in_triage` as SQL; a test holds both equal."""
    # The first half is what the index on triage_at answers; the second excludes a limit that ends
    # this very moment, which counts as over only where the send needs a person at once.
    return (_triage_at <= context.now) & (
        (_triage_at < context.now) | URGENCY_CONDITIONS["now"](context)
    )


def urgency_conditions(
    columns: Mapping[str, sa.SQLColumnExpression[Any]], now: datetime, warnings: Warnings
) -> dict[Urgency, Condition]:
    """Return `models.rules.due.urgency` as SQL: for each urgency, which rows have it.

    A test holds both equal.

    Args:
        columns: `at_once`, `due_at`, `provider` and `status`.
        now: The present, in UTC.
        warnings: How long before their limits sends count as due soon.
    """
    at_once, due_at = columns["at_once"], columns["due_at"]
    # Every send with at_once has a due_at, so the second half changes nothing but lets the index on
    # due_at skip the sends without a limit.
    pressing = at_once & (due_at < NEVER)
    warned = _warned(columns, now, warnings)
    # The latest of all moments is one that the index on due_at knows.
    latest = now + max(warnings.all)
    return {
        "now": pressing,
        "over": (due_at < now) & ~pressing,
        "soon": (due_at >= now) & (due_at <= latest) & (due_at <= warned) & ~pressing,
        "ok": (due_at > warned) & (due_at < NEVER) & ~pressing,
        "none": due_at == NEVER,
    }


def _warned(
    columns: Mapping[str, sa.SQLColumnExpression[Any]], now: datetime, warnings: Warnings
) -> Any:
    """Return until which moment a send that is due then is due soon, by its status where that matters."""
    usual = sa.bindparam(None, now + warnings.usual, OrNever())
    if not warnings.own:
        return usual
    return sa.case(
        *(
            (
                (columns["provider"] == provider) & (columns["status"] == status),
                sa.bindparam(None, now + before, OrNever()),
            )
            for (provider, status), before in warnings.own.items()
        ),
        else_=usual,
    )


_SEND: Mapping[str, sa.Column[Any]] = {
    "at_once": col(Send.at_once),
    "due_at": col(Send.due_at),
    "provider": col(Send.provider),
    "status": col(Send.status),
}


def _with_urgency(urgency: Urgency) -> FlagCondition:
    return lambda context: urgency_conditions(_SEND, context.now, context.warnings)[urgency]


def _snoozed(context: QueryContext) -> Condition:
    """Return `models.rules.due.is_snoozed` as SQL; a test holds both equal."""
    # The first term says nothing more than those after it, but lets the index of put off sends answer:
    # of those that are done, which are many in time, none is read.
    is_ahead = _snoozed_until.is_not(None) & (_snoozed_until > context.now)
    until_time = (col(Send.snooze) == Snooze.UNTIL_TIME) & is_ahead
    until_change = col(Send.snooze) == Snooze.UNTIL_CHANGE
    put_off = col(Send.snooze) != ""
    return ((put_off & until_time) | (put_off & until_change)) & ~_triage(context)


def _done(context: QueryContext) -> Condition:
    """Return `models.rules.due.is_done` as SQL; a test holds both equal."""
    return (col(Send.snooze) != "") & (col(Send.snooze) == Snooze.DONE) & ~_triage(context)


def _refunded(context: QueryContext) -> Condition:
    """Return `models.rules.refunds.refunded` as SQL; a test holds both equal."""
    words = refunding_statuses()
    # An override hides the provider's status; its index leads to the few sends that have one.
    hidden = sa.or_(
        *(
            (col(Send.provider_status) == word.slug) & (col(Send.provider) == word.provider)
            for word in words
        )
    )
    is_overridden = col(Send.override_status).is_not(None)
    # What a rule made of a send is only expected while nobody has confirmed it.
    is_settled = is_overridden | col(Send.credit_due_at).is_(None)
    return sa.or_(
        col(Send.refunded_at).is_not(None),
        one_of_statuses(words) & is_settled,
        is_overridden & hidden,
    )


def _credit_expected(context: QueryContext) -> Condition:
    """Return the condition for a credit that is expected, overdue or not."""
    return sa.and_(col(Send.credit_due_at).is_not(None))


def _credit_overdue(context: QueryContext) -> Condition:
    """Return `models.rules.due.is_credit_overdue` as SQL; a test holds both equal."""
    # The first term says nothing more than the second, but lets the small index answer.
    return _credit_expected(context) & (col(Send.credit_due_at) < context.now)


def _ruled(context: QueryContext) -> Condition:
    """Return `SendRecord.is_by_rule` as SQL; a test holds both equal."""
    gave = sa.and_(_has_rule, col(Send.override_status).is_(None))
    return gave & (col(Send.status) != col(Send.provider_status))


def _ending(context: QueryContext) -> Condition:
    """Return the condition for sends of whose end a rule has reminded."""
    from models.rules.time_rules import rules

    reminders = [rule.name for rule in rules().values() if not rule.to]
    return sa.and_(_has_rule, col(Send.rule).in_(reminders))


_has_rule = col(Send.rule) != sa.literal("", literal_execute=True)
"""Written as in the index of the sends that a rule has changed, so that it answers."""
URGENCY_CONDITIONS: Mapping[str, FlagCondition] = MappingProxyType(
    {urgency: _with_urgency(urgency) for urgency in get_args(Urgency)}
)
FLAG_CONDITIONS: Mapping[str, FlagCondition] = MappingProxyType(
    {
        "triage": _triage,
        "over": URGENCY_CONDITIONS["over"],
        "now": URGENCY_CONDITIONS["now"],
        "soon": URGENCY_CONDITIONS["soon"],
        "mine": lambda context: col(Send.owner) == context.me,
        "unowned": lambda context: UNOWNED,
        "overridden": lambda context: col(Send.override_status).is_not(None),
        # Only an override can be contested; naming it lets the index of overridden sends answer.
        "contested": lambda context: col(Send.contested) & col(Send.override_status).is_not(None),
        "ruled": _ruled,
        "ending": _ending,
        "final": lambda context: one_of_statuses(final_statuses()),
        "refunded": _refunded,
        "credit-expected": _credit_expected,
        "credit-overdue": _credit_overdue,
        "batch": lambda context: IS_BATCH,
        "escalated": lambda context: col(Send.escalated_at).is_not(None),
        "snoozed": _snoozed,
        "done": _done,
        "unmapped": lambda context: col(Send.status) == UNMAPPED_SLUG,
        # Of a batch no platform says since when.
        "uncertain": lambda context: col(Send.order_uncertain) & ~IS_BATCH,
    }
)

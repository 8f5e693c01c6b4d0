"""What time does to a send: which rule matches it from when, and the event that says so.

A rule holds while the provider's status and the end of the send are those that it was applied to. What
it did is over as soon as either changes, and then all rules look at the send again: so the same facts in
any order end alike.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from models.providers import PROVIDERS, catalogue
from models.providers.time_rule import TimeRule, UsualSpan, When
from models.records import Event, EventKind, SendRecord
from models.rules.due import CREDIT, CREDIT_LIMIT, Policy
from models.rules.state import RULE_ACTOR, SOURCE_KEPT, RuleMark, SendState, Subject
from models.values.calendar import Limit

CREDIT_SPAN = UsualSpan(
    key=CREDIT,
    what="a credit, from when a rule expects it until it is overdue",
    limit=CREDIT_LIMIT.limit,
    source=CREDIT_LIMIT.source,
)


class Decision(NamedTuple):
    """What one rule makes of a send."""

    rule: TimeRule
    at: datetime
    """From when, in UTC."""
    ends_at: datetime | None
    """When the send ends, in UTC; None if that is not why."""
    is_estimate: bool
    """Whether the end is not the provider's, but that of the usual span."""

    @property
    def order(self) -> tuple[datetime, bool]:
        """Its place among other decisions: of two at one moment, the later gives a status."""
        return self.at, bool(self.rule.to)


@cache
def rules() -> dict[str, TimeRule]:
    """Return every rule by its name, in the order of the providers."""
    return {rule.name: rule for each in PROVIDERS for rule in each.time_rules}


@cache
def usual_spans() -> dict[str, UsualSpan]:
    """Return every usual span by its key."""
    spans = {rule.span.key: rule.span for rule in rules().values() if rule.span}
    return spans | {CREDIT_SPAN.key: CREDIT_SPAN}


@cache
def _matching(provider: str, type: str, slug: str) -> tuple[TimeRule, ...]:  # noqa: A002
    return tuple(
        rule
        for rule in rules().values()
        if rule.provider == provider and type in rule.types and slug in rule.statuses
    )


def look_at(
    subject: Subject, state: SendState, policy: Policy, recorded_at: datetime
) -> datetime | None:
    """Return when the rules have to look at a send next, or None while only a change can make them.

    That moment is over already if what a rule did no longer holds.

    Args:
        subject: The send.
        state: What its history adds up to.
        policy: What is in force; rules that are switched off match nothing.
        recorded_at: Used as the beginning of a status if nobody knows when it began.
    """
    if state.override:
        return None
    found = _decisions(subject, state, policy, recorded_at)
    standing = state.rule
    if standing is None:
        return min((each.at for each in found), default=None)
    same = next((each for each in found if _is_same(state, each)), None)
    if same is None:
        return standing.at
    return min((each.at for each in found if each.order > same.order), default=None)


def decide(
    subject: Subject, state: SendState, policy: Policy, recorded_at: datetime, now: datetime
) -> Decision | None:
    """Return what the rules make of a send at *now* (UTC), or None; the other arguments as in `look_at`."""
    found = _decisions(subject, state, policy, recorded_at)
    past = [each for each in found if each.at <= now]
    return max(past, key=lambda each: each.order, default=None)


def next_event(
    subject: Subject,
    state: SendState,
    policy: Policy,
    *,
    recorded_at: datetime,
    now: datetime,
    source: str,
) -> Event | None:
    """Return the event that brings a send to what the rules make of it now; None if it is there.

    While an override stands they look away: what an agent decided is not for time to change.

    Args:
        subject: The send.
        state: What its history adds up to.
        policy: What is in force.
        recorded_at: Used as the beginning of a status if nobody knows when it began.
        now: The present, in UTC.
        source: Who lets the rules look.
    """
    if state.override:
        return None
    decision = decide(subject, state, policy, recorded_at, now)
    if decision is not None:
        if _is_same(state, decision):
            return None
        rule = decision.rule
        further: dict[str, Any] = {
            "ends": decision.ends_at.isoformat() if decision.ends_at else None,
            "estimate": decision.is_estimate,
        }
        if rule.credits and subject.cost_minor != 0:
            further["credit"] = {
                "minor": subject.cost_minor,
                "currency": subject.currency,
                "funding_source": subject.funding_source[:SOURCE_KEPT],
            }
        return Event(
            seq=0, at=decision.at, recorded_at=now, kind=EventKind.TIME_RULE,
            from_status=state.provider_status, to_status=rule.to, actor=rule.actor, source=source,
            reason=_reason(subject, decision, policy), detail=json.dumps(further, sort_keys=True),
        )  # fmt: skip
    standing = state.rule
    if standing is None:
        return None
    return Event(
        seq=0, at=now, recorded_at=now, kind=EventKind.TIME_RULE,
        from_status=standing.status, to_status=state.provider_status if standing.status else "",
        actor=f"{RULE_ACTOR}{standing.name}", source=source,
        reason="The end of the send is another one now.", detail='{"over": true}',
    )  # fmt: skip


def usual_end(
    subject: Subject, state: SendState, policy: Policy, recorded_at: datetime
) -> datetime | None:
    """Return the end that is estimated for a send, for want of the platform's; None if none is."""
    found = _decisions(subject, state, policy, recorded_at)
    return next((each.ends_at for each in found if each.is_estimate), None)


def is_estimate(send: SendRecord) -> bool:
    """Whether what a rule has made of *send* rests on a usual span: the platform gave no end."""
    rule = rules().get(send.rule)
    return rule is not None and rule.span is not None and send.expires_at is None


def _decisions(
    subject: Subject, state: SendState, policy: Policy, recorded_at: datetime
) -> list[Decision]:
    """Return what each rule that is on makes of a send once its moment comes.

    A rule that was switched off is among them as it was applied, while that holds; it is not applied anew.
    """
    matching = _matching(subject.provider, subject.type, state.provider_status)
    if not matching:
        return []
    began = state.provider_since or recorded_at
    return list(_made(subject, state, policy, began, matching))


def _made(
    subject: Subject,
    state: SendState,
    policy: Policy,
    began: datetime,
    matching: tuple[TimeRule, ...],
) -> Iterator[Decision]:
    for rule in matching:
        if rule.name in policy.rules.off:
            standing = state.rule
            if standing and standing.name == rule.name and _still_holds(standing, subject):
                yield Decision(rule, standing.at, standing.ends_at, standing.is_estimate)
            continue
        if rule.when is When.AT_ONCE:
            yield Decision(rule, began, None, False)
            continue
        ends_at = subject.expires_at
        if ends_at is None and rule.span is not None:
            start = began if rule.span.from_status else subject.created_at or began
            ends_at = policy.calendar.after(start, span_of(rule.span, subject.campaign, policy))
        if ends_at is not None:
            # A send that was, say, opened after its end has been Expired since it was opened.
            moment = ends_at - rule.before
            at = max(moment, state.provider_at or moment)
            yield Decision(rule, at, ends_at, subject.expires_at is None)


def _still_holds(standing: RuleMark, subject: Subject) -> bool:
    """Whether the end that a rule was applied to is that of the send still; an estimate is never renewed."""
    if standing.ends_at is None:
        return True
    if standing.is_estimate:
        return subject.expires_at is None
    return standing.ends_at == subject.expires_at


def span_of(span: UsualSpan, campaign: str, policy: Policy) -> Limit:
    """Return the usual span of a campaign: its own, else that of the desk, else the published one."""
    own = policy.rules.spans
    return own.get((span.key, campaign)) or own.get((span.key, "")) or span.limit


def _is_same(state: SendState, decision: Decision) -> bool:
    """Whether what stands of a rule is *decision*."""
    standing = state.rule
    return standing is not None and (
        (standing.name, standing.at, standing.ends_at, standing.is_estimate)
        == (decision.rule.name, decision.at, decision.ends_at, decision.is_estimate)
    )


def _reason(subject: Subject, decision: Decision, policy: Policy) -> str:
    """Return the sentence of the rule; if its end is estimated, with the span that it is estimated by."""
    rule = decision.rule
    if not decision.is_estimate or rule.span is None:
        return rule.reason
    limit = span_of(rule.span, subject.campaign, policy)
    whose = (
        "of its campaign" if (rule.span.key, subject.campaign) in policy.rules.spans else "usual"
    )
    name = catalogue.provider(subject.provider).name
    return f"{rule.reason} {name} gave no end: this one is estimated from {limit.words}, {whose}."

"""The columns of a send that follow from its state and from the policy in force."""

from datetime import datetime
from typing import Any

from models.providers import catalogue
from models.providers.status import UNMAPPED_SLUG
from models.rules.due import Policy, due
from models.rules.state import SendState, Subject

POLICY_COLUMNS = frozenset({"at_once", "due_at", "triage_at", "rule_at", "credit_due_at"})
"""The columns that a new limit, holiday or rule changes without an event, and so without a new revision."""


def derive_columns(
    subject: Subject, state: SendState, policy: Policy, recorded_at: datetime
) -> dict[str, Any]:
    """Return the derived columns of a send, by name; all times are in UTC.

    Args:
        subject: The send.
        state: What the history adds up to.
        policy: The thresholds, business days and rules in force.
        recorded_at: Used as the beginning of a status if nobody knows when it began.
    """
    # What only reads, as `senddesk list` does, needs no rules.
    from models.rules.time_rules import look_at

    status = catalogue.status(subject.provider, state.status)
    since = state.since or recorded_at
    override = state.override
    when = due(state, status, since, policy)
    return {
        "provider_status": state.provider_status or UNMAPPED_SLUG,
        "provider_raw": state.provider_raw,
        "provider_at": state.provider_at,
        "order_uncertain": state.order_uncertain,
        "rule": state.rule.name if state.rule else "",
        "rule_at": look_at(subject, state, policy, recorded_at),
        "override_status": override.status if override else None,
        "override_reason": override.reason if override else "",
        "override_by": override.by if override else "",
        "override_at": override.at if override else None,
        "contested": state.contested_at is not None,
        "status": status.slug,
        "stage": status.stage.value,
        "since": since,
        "at_once": when.at_once,
        "due_at": when.due_at,
        "triage_at": when.triage_at,
        "owner": state.owner,
        "escalated_at": state.escalated_at,
        "escalation_ref": state.escalation_ref,
        "follow_up_at": state.follow_up_at,
        "snooze": state.snooze.value,
        "snoozed_until": state.snoozed_until,
        "refunded_at": state.refunded_at,
        "refunded_minor": state.refunded_minor,
        "credit_due_at": when.credit_due_at,
    }

"""A state becomes the columns of a send: its status, its stage and when it is due."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from models.providers import catalogue
from models.providers.status import UNMAPPED_SLUG
from models.rules.due import Limits, due
from models.rules.state import State
from models.values.calendar import Calendar

SET_BY_LIMITS = frozenset({"at_once", "due_at", "triage_at"})
"""The columns that a new limit or day off changes without an event, and so without a new revision."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The limits and the working days in force."""

    limits: Limits = field(default_factory=Limits)
    calendar: Calendar = field(default_factory=Calendar)


def columns(provider: str, state: State, policy: Policy, recorded_at: datetime) -> dict[str, Any]:
    """Return the folded columns of a send of *provider*, by name.

    Args:
        provider: The platform's key.
        state: What the history adds up to.
        policy: The limits and working days in force.
        recorded_at: Stands for the beginning of a status whose beginning nobody knows.
    """
    status = catalogue.status(provider, state.status)
    since = state.since or recorded_at
    override = state.override
    when = due(
        provider=provider,
        status=status.slug,
        since=since,
        contested=state.contested_at is not None,
        contested_since=state.contested_at,
        final=status.final,
        follow_up_at=state.follow_up_at,
        snooze=state.snooze,
        snoozed_until=state.snoozed_until,
        done_at=state.snoozed_at,
        limits=policy.limits,
        calendar=policy.calendar,
    )
    return {
        "provider_status": state.provider_status or UNMAPPED_SLUG,
        "provider_raw": state.provider_raw,
        "provider_at": state.provider_at,
        "order_uncertain": state.order_uncertain,
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
    }

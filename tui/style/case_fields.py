"""The fields of a case as names and values: for the command line and for the desk line by line. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from models.providers import catalogue
from models.records import Case, OrdersIn, Relation, SendRecord, Snooze
from models.rules import credit_words
from models.rules.batches import is_batch, progress_words
from models.rules.due import is_put_off
from models.rules.refunds import amount_words
from models.rules.shipments import by_concern, is_late, moments, name_of, state_word
from models.rules.wording import status_word
from models.values.local_time import LocalTime
from tui.style import formats

Field = tuple[str, str]
"""A name, which may be empty, and a value, not yet safe to show; empty where there is none."""


_RELATIONS = {"of": "Its batch", "orders": "Its orders"}
"""What the relations are called whose keys do not say it."""


def fields(case: Case, local: LocalTime) -> Iterator[Field]:
    """Yield what is known of the send of *case* besides its status."""
    send = case.send
    platform = catalogue.provider(send.provider)
    following = catalogue.may_follow(send.provider, send.status, send.type)
    yield (
        "Platform",
        f"{platform.name} {platform.types.get(send.type, send.type)} {send.subtype}".rstrip(),
    )
    yield ("Batch id" if is_batch(send) else "Order"), send.external_id
    yield "Campaign", send.campaign
    yield "Scheduled", _moment(send.scheduled_at, local)
    yield "Made", progress_words(send)
    yield "Batch", send.batch
    yield "Email", send.recipient_email
    yield "Sender", " · ".join(filter(None, (send.sender_name, send.sender_email, send.team)))
    yield "Sent via", send.sent_via
    yield "Tracking", " · ".join(filter(None, (send.tracking_number, send.carrier)))
    yield "Link", send.tracking_url
    yield "Cost", formats.money(send.cost_minor, send.currency)
    yield "Refunded", refund(case, local)
    yield "Credit", credit(case, local)
    yield "Funding", send.funding_source
    yield "Created", _moment(send.created_at, local)
    yield "Expires", _moment(send.expires_at, local)
    yield "Due", _moment(send.due_at, local)
    yield "Owner", send.owner or "nobody"
    yield "Next", ", ".join(status.label for status in following)
    yield "Times in", local.zone_name
    yield "Revision", str(send.revision)


def refund(case: Case, local: LocalTime) -> str:
    """Return how much of the send of *case* was given back, and when; empty if nothing was."""
    send, found = case.send, credit_words.paid_back(case)
    if found is None:
        return ""
    said = (amount_words(send, found), _moment(found.at, local))
    return " · ".join(filter(None, said)) or "yes"


def credit(case: Case, local: LocalTime) -> str:
    """Return the credit that is expected for a send, or was once and is confirmed; empty if none was."""
    found = credit_words.standing(case.credits)
    due_at = case.send.credit_due_at
    if found is None or (due_at is None and not found.rule):
        return ""
    told = credit_words.told(found, local)
    if due_at is None:
        return told
    late = local.now - due_at
    how = f"{formats.age(late)} overdue" if late > timedelta(0) else f"{formats.age(-late)} left"
    return f"{told} · {how}"


def orders(batch: SendRecord, orders: Sequence[OrdersIn]) -> str:
    """Return the orders of a batch by status: `Shipped 3, Delivered 12`; empty for a send."""
    labels = ((catalogue.status(batch.provider, each.status).label, each) for each in orders)
    return ", ".join(f"{label} {each.number:,}" for label, each in labels)


def override(send: SendRecord, local: LocalTime) -> Iterator[Field]:
    """Yield the override, why, and what the platform says; nothing without an override."""
    if send.override_status is None:
        return
    mine = catalogue.status(send.provider, send.override_status).label
    yield "Status", f"{mine}, by {send.override_by or 'someone'} {_moment(send.override_at, local)}"
    yield "Because", send.override_reason
    theirs = status_word(send.provider, send.provider_status, send.provider_raw)
    said = f"{theirs} {_moment(send.provider_at, local)}".rstrip()
    yield "Platform", f"{said}, contested" if send.contested else said


def by_rule(case: Case, local: LocalTime) -> Iterator[Field]:
    """Yield what a rule has made of the send because time had passed, and what the platform says."""
    from models.rules.time_rules import rules

    send = case.send
    found = rules().get(send.rule)
    if found is not None and send.override_status is None:
        label = catalogue.status(send.provider, send.status).label
        made = f"{label} since {_moment(send.since, local)}" if send.is_by_rule else "reminds"
        yield "Rule", f"{made}, by {found.name}: {found.matches}"
    if send.is_by_rule:
        theirs = status_word(send.provider, send.provider_status, send.provider_raw)
        yield "Platform", f"{theirs} {_moment(send.provider_at, local)}".rstrip()
    yield "Ends", usual_end(case, local)


def usual_end(case: Case, local: LocalTime) -> str:
    """Return when a send usually ends whose platform gave no end, named as an estimate; else nothing."""
    end = case.usual_end
    return f"{_moment(end, local)}, an estimate: the platform gave no end" if end else ""


def waiting(send: SendRecord, local: LocalTime) -> Iterator[Field]:
    """Yield what is waited for: the platform's support, the end of a snooze."""
    if send.escalated_at is not None:
        yield "Escalated", f"{_moment(send.escalated_at, local)} {send.escalation_ref}".rstrip()
        yield "Follow-up", _moment(send.follow_up_at, local)
    if not is_put_off(send, local.now):
        return
    match send.snooze:
        case Snooze.UNTIL_TIME:
            yield "Snoozed", f"until {_moment(send.snoozed_until, local)}"
        case Snooze.UNTIL_CHANGE:
            yield "Snoozed", "until the platform changes it"
        case Snooze.DONE:
            yield "Done", "until the platform changes it or its next limit is over"


def shipments(case: Case, local: LocalTime) -> Iterator[Field]:
    """Yield what is known of each shipment, without a name; those in question come first."""
    provider = case.send.provider
    for each in by_concern(provider, case.shipments):
        words = (
            state_word(provider, each),
            name_of(each),
            each.brand if each.brand != name_of(each) else "",
            moments(each, local.words),
            "late" if is_late(provider, each, local.now) else "",
            each.tracking_url,
        )
        yield "", " · ".join(filter(None, words))


def relation(relation: Relation) -> Field:
    """Return how many other sends have something in common with a send, and the filter that lists them."""
    return _RELATIONS.get(relation.key, relation.key.capitalize()), (
        f"{formats.others(relation)}  {relation.filter}"
    )


def _moment(moment: datetime | None, local: LocalTime) -> str:
    return local.words(moment) if moment else ""

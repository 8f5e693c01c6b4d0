"""The kinds of events in a send's history.

Apart from the records: the first frame shows the keys of the verbs, which name their kinds, and does
not wait for the dataclasses of `models.records`.
"""

from enum import StrEnum


class EventKind(StrEnum):
    """What an event of a send's history says."""

    FACT = "fact"
    """The provider says that the send has a status."""
    RULE = "rule"
    """A status that follows from more than the provider reports of it: from shipments, from a schedule."""
    TIME_RULE = "time_rule"
    """A rule that time triggers gave the send a status, or reminded of its end; or what it did is over."""
    REFUND = "refund"
    """The provider gave the money back, whatever the status is."""
    DETAILS = "details"
    """The provider changed fields other than the status."""
    SHIPMENT = "shipment"
    """The provider says what became of one shipment of the send."""
    OVERRIDE = "override"
    """An agent put a status in place of the provider's."""
    RELEASE = "release"
    """An agent ended an override."""
    CANCEL = "cancel"
    """An agent asks the provider to cancel the send; written before it is asked."""
    EXTEND = "extend"
    """An agent asks the provider to let the send end at another time; written before it is asked."""
    ANSWER = "answer"
    """What the provider answered to that."""
    UNDO = "undo"
    """An agent took back what they had done."""
    NOTE = "note"
    OWNER = "owner"
    """The send got another owner, or none."""
    ESCALATE = "escalate"
    RESOLVE = "resolve"
    """An agent ended an escalation."""
    SNOOZE = "snooze"
    """An agent keeps the send out of triage, until a time or until its provider changes it."""
    DONE = "done"
    """An agent keeps it out of triage until its provider changes it or its next limit is over."""
    WAKE = "wake"
    """An agent ended a snooze, or what `DONE` began."""

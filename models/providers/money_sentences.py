"""Sentences about the money of one send, filled in from templates."""

from collections.abc import Iterable

from models.records import SendRecord
from models.values.local_time import LocalTime
from models.values.money import money_words
from models.values.text import display_text


def fill(templates: Iterable[str], send: SendRecord, local: LocalTime) -> tuple[str, ...]:
    """Return *templates* with the values of *send* filled in, each with a capital letter first.

    Args:
        templates: Sentences that may hold `{cost}`, `{source}` (where the money came from) and
            `{ends}` (the day on which the offer ends).
        send: Gives the values; what it does not know is named in words.
        local: The present of the agent, whose days are told.
    """
    cost = "the cost"
    if send.cost_minor is not None:
        cost = money_words(send.cost_minor, display_text(send.currency, 3))
    source = display_text(send.funding_source, 80) or "the funding source"
    ends = local.day_words(send.expires_at) if send.expires_at else "the day the offer ends"
    filled = (each.format(cost=cost, source=source, ends=ends) for each in templates)
    return tuple(each[:1].upper() + each[1:] for each in filled)

"""What is said of a send: in whole words, in a fixed order of facts, without signs. Pure."""

from datetime import timedelta

from models.providers import catalogue
from models.providers.status import UNMAPPED_SLUG
from models.records import SendRecord, Snooze
from models.rules.batches import who
from models.rules.due import in_triage, urgency
from models.rules.wording import status_word
from models.values.calendar import span_words
from models.values.local_time import LocalTime
from models.values.text import display_text

_LONGEST_NAME = 80
_SAID = (("→", "to"), ("×", "times"), (" · ", ", "))
"""Signs of texts that the desk shares, and what is said in their place."""


def row(number: int, send: SendRecord, local: LocalTime) -> str:
    """Return a send of a list: number, id, recipient, status, how it stands to its limit, owner."""
    facts = (send.ref, recipient(send), status(send), standing(send, local), owner(send))
    return f"{number}. {', '.join(facts)}."


def named(send: SendRecord) -> str:
    """Return which send it is: `S-104233, Rosa Quill`."""
    return f"{send.ref}, {recipient(send)}"


def recipient(send: SendRecord) -> str:
    """Return for whom the send is."""
    return display_text(who(send), _LONGEST_NAME) or "no name"


def owner(send: SendRecord) -> str:
    """Return who has the send."""
    return f"owner {display_text(send.owner, _LONGEST_NAME) or 'nobody'}"


def status(send: SendRecord) -> str:
    """Return where the send stands, and whether an agent or a rule has set it."""
    if send.status == UNMAPPED_SLUG:
        return f"unknown status {status_word(send.provider, send.status, send.provider_raw)}"
    label = catalogue.status(send.provider, send.status).label
    if send.is_by_rule:
        return f"{label} by rule"
    return f"{label} by override" if send.override_status else label


def standing(send: SendRecord, local: LocalTime) -> str:
    """Return how the send stands to its limit: `11 days over`, `contact now`, `snoozed until …`."""
    if not in_triage(send, local.now) and (put_off := _put_off(send, local)):
        return put_off
    if send.contested:
        return "the platform disagrees"
    match urgency(send, local.now):
        case "now":
            word = catalogue.status(send.provider, send.status).short_word
            return f"contact now about {word}" if word else "contact now"
        case "over":
            return f"{_span(local.now - (send.due_at or local.now))} over"
        case "none":
            return "no limit"
        case _:
            return f"{_span((send.due_at or local.now) - local.now)} left"


def count(number: int, what: str) -> str:
    """Return a number of things: `1 send`, `1,200 sends`, `2 batches`."""
    plural = "es" if what.endswith("ch") else "s"
    return f"{number:,} {what}{'' if number == 1 else plural}"


def spoken(text: str) -> str:
    """Return *text*, which the screen shows too, with words in place of its signs."""
    for sign, word in _SAID:
        text = text.replace(sign, word)
    return text


def sentence(text: str) -> str:
    """Return *text* with a capital first letter and a full stop, if it has none."""
    bare = text.strip()
    end = "" if bare.endswith((".", "!", "?", ":")) else "."
    return f"{bare[:1].upper()}{bare[1:]}{end}"


def _span(span: timedelta) -> str:
    return span_words(max(span, timedelta()))


def _put_off(send: SendRecord, local: LocalTime) -> str:
    until = send.snoozed_until
    if send.snooze == Snooze.UNTIL_TIME and until and until > local.now:
        return f"snoozed until {local.words(until)}"
    if send.snooze == Snooze.UNTIL_CHANGE:
        return "snoozed until the platform changes it"
    if send.snooze == Snooze.DONE:
        return "done for now"
    if send.follow_up_at is not None and send.follow_up_at > local.now:
        return f"follow-up in {_span(send.follow_up_at - local.now)}"
    return ""

"""What can be asked: every key and flag, with the words that help and completion use."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from types import MappingProxyType

from models.providers.status import Stage
from models.query import catalogue_words as words
from models.rules.send_columns import SORTS
from models.values.calendar import WEEKDAYS

SPAN_WORDS = ("this-week", "next-week", "last-week", "this-month", "next-month", "last-month")
"""Weeks, which begin on Monday, and months."""
DAY_WORDS = ("now", "today", "yesterday", "tomorrow", *WEEKDAYS, *SPAN_WORDS)
PAST = "past"
"""The word for a time to the limit that is over."""


class KeyKind(Enum):
    """How the values of a key are read."""

    STATUS = auto()
    CHOICE = auto()
    """One of a fixed set."""
    NAME = auto()
    """The whole field, as it is written."""
    TEXT = auto()
    """A part of the field, in any case."""
    AGE = auto()
    """A duration that has passed."""
    DUE = auto()
    """A time ahead; a negative duration lies in the past."""
    MOMENT = auto()
    """A time that has passed."""
    AMOUNT = auto()
    VIEW = auto()
    SORT = auto()


ORDERED = frozenset({KeyKind.AGE, KeyKind.DUE, KeyKind.MOMENT, KeyKind.AMOUNT})
"""The kinds that know `<`, `>` and ranges."""


@dataclass(frozen=True, slots=True)
class FilterKey:
    """One key of the filter language."""

    name: str
    kind: KeyKind
    help: str
    example: str
    specials: tuple[str, ...] = ()
    """Which of `me` and `none` it understands."""
    onwards: bool = False
    """Whether a single date means from then on, instead of during that day, month or year."""
    older_name: str = ""
    """What earlier releases called it; it is read still, and no more written."""


_NONE = ("none",)
_PERSON = ("me", "none")
_ROWS = (
    FilterKey("status", KeyKind.STATUS, "where the send stands", "status:shipped,delivered"),
    FilterKey("platform", KeyKind.CHOICE, "the platform", "platform:goody", older_name="provider"),
    FilterKey("type", KeyKind.CHOICE, "what kind of send", "type:egift"),
    FilterKey("stage", KeyKind.CHOICE, "the status in broad terms", "stage:problem"),
    FilterKey("urgency", KeyKind.CHOICE, "how pressing it is", "urgency:over,now"),
    FilterKey("is", KeyKind.CHOICE, "a property", "is:triage"),
    FilterKey("owner", KeyKind.NAME, "who takes care of it", "owner:@me", _PERSON),
    FilterKey("age", KeyKind.AGE, "time in the present status", "age>7d"),
    FilterKey("due", KeyKind.DUE, "time to the limit: past, today, this-week, 2h", "due:..2h"),
    FilterKey("since", KeyKind.MOMENT, "when it entered its status", "since:mon", onwards=True),
    FilterKey("created", KeyKind.MOMENT, "when it was created", "created:2026-03"),
    FilterKey("updated", KeyKind.MOMENT, "when the platform last reported", "updated:today"),
    FilterKey(
        "recipient", KeyKind.TEXT, "name or email of the recipient", "recipient:souza", _NONE
    ),
    FilterKey("email", KeyKind.TEXT, "email of the recipient", "email:@acme.com", _NONE),
    FilterKey("company", KeyKind.TEXT, "company of the recipient", 'company:"Acme Inc"', _NONE),
    FilterKey("campaign", KeyKind.TEXT, "touch, campaign or batch name", "campaign:welcome", _NONE),
    FilterKey(
        "batch",
        KeyKind.NAME,
        "of which order batch, by its id or short name",
        "batch:G-0b6f3c1e",
        _NONE,
    ),
    FilterKey("sender", KeyKind.TEXT, "name or email of the sender", "sender:priya", _NONE),
    FilterKey("team", KeyKind.TEXT, "team of the sender", "team:sales", _NONE),
    FilterKey("id", KeyKind.NAME, "short name or the platform's own id", "id:S-104233"),
    FilterKey("tracking", KeyKind.TEXT, "tracking number", "tracking:1Z999", _NONE),
    FilterKey("carrier", KeyKind.TEXT, "who carries it", "carrier:ups", _NONE),
    FilterKey("cost", KeyKind.AMOUNT, "what it costs", "cost>50"),
    FilterKey("currency", KeyKind.NAME, "currency of the cost", "currency:USD", _NONE),
    FilterKey("changed", KeyKind.MOMENT, "when anything happened to it", "changed:-2h"),
    FilterKey(
        "by", KeyKind.NAME, "who or what did that: a person, api, import, rule", "by:@me", _PERSON
    ),
    FilterKey("note", KeyKind.TEXT, "words of a note or a reason", "note:warehouse"),
    FilterKey("in", KeyKind.VIEW, "a saved view", "in:mine"),
    FilterKey("sort", KeyKind.SORT, "the order; - turns it round", "sort:due,-created"),
)
FILTER_KEYS: Mapping[str, FilterKey] = MappingProxyType({key.name: key for key in _ROWS})
_CALLED: Mapping[str, FilterKey] = MappingProxyType(
    {**{key.older_name: key for key in _ROWS if key.older_name}, **FILTER_KEYS}
)
EVENT_KEYS = frozenset({"changed", "by", "note"})
"""Keys about the history; side by side they describe one and the same entry."""

SEARCHED_COLUMNS: tuple[str, ...] = (
    "recipient_name",
    "recipient_email",
    "company",
    "campaign",
    "ref",
    "external_id",
    "tracking_number",
)
"""The columns that text without a key is searched in, in the order of the index of texts that a file has."""
TEXT_COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "recipient": ("recipient_name", "recipient_email"),
        "email": ("recipient_email",),
        "company": ("company",),
        "campaign": ("campaign",),
        "sender": ("sender_name", "sender_email"),
        "team": ("team",),
        "tracking": ("tracking_number",),
        "carrier": ("carrier",),
    }
)
"""The columns that each key searches a text in."""

FLAGS: Mapping[str, str] = MappingProxyType(
    {
        "triage": "past its limit or to be contacted at once, and not snoozed",
        "over": "past its limit",
        "now": "to be contacted at once",
        "soon": "reaches its limit within the warning time",
        "mine": "owned by me",
        "unowned": "owned by nobody",
        "overridden": "the status was set by an agent",
        "contested": "the platform disagrees with an override",
        "ruled": "a rule gave its status, because time had passed",
        "ending": "ends within two days, as a rule has reminded of",
        "final": "nothing more will happen",
        "refunded": "the money was given back, whatever the status",
        "credit-expected": "its cost is to come back, and the platform has not confirmed it",
        "credit-overdue": "its cost should have come back by now",
        "batch": "an order batch, not a send",
        "escalated": "with the platform's support",
        "snoozed": "kept out of triage until a time or a change",
        "done": "handled by an agent, and out of triage until something changes",
        "unmapped": "the platform used a word that is not known",
        "uncertain": "the platform gave its status without a time",
    }
)
URGENCIES: Mapping[str, str] = MappingProxyType(
    {
        "now": "to be contacted at once",
        "over": "past its limit",
        "soon": "reaches its limit within the warning time",
        "ok": "its limit is further away",
        "none": "has no limit",
    }
)
STAGES: Mapping[str, str] = MappingProxyType(
    {
        Stage.WAITING: "the recipient has to act",
        Stage.WORKING: "the platform or its warehouse has to act",
        Stage.MOVING: "in transit",
        Stage.DONE: "it arrived",
        Stage.PROBLEM: "a person has to act",
        Stage.CLOSED: "it ended without arriving",
    }
)


def key_called(name: str) -> FilterKey | None:
    """Return the key that *name* means, in capitals or not, also one of earlier releases; else None."""
    return _CALLED.get(name.lower())


@cache
def values_for(key: str) -> Mapping[str, str]:
    """Return the values of *key* with a few words on each; empty where they are not a fixed set."""
    match key:
        case "status":
            return words.status_help()
        case "platform":
            return words.provider_help()
        case "type":
            return words.type_help()
        case "stage":
            return STAGES
        case "urgency":
            return URGENCIES
        case "is":
            return FLAGS
        case "sort":
            return MappingProxyType({key: sort.help for key, sort in SORTS.items()})
        case _:
            return MappingProxyType({})

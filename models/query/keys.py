"""What can be asked: every key and flag, with the words that help and completion use."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from types import MappingProxyType

from models.providers.status import Stage
from models.query import catalogue_words as words
from models.rules.send_columns import SORTS

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_WORDS = ("now", "today", "yesterday", "tomorrow", *WEEKDAYS)


class Kind(Enum):
    """How the values of a key are read."""

    STATUS = auto()
    CHOICE = auto()
    """One of a fixed set."""
    NAME = auto()
    """The whole field, as it is written."""
    TEXT = auto()
    """A part of the field, in any case."""
    AGE = auto()
    """A span that has passed."""
    DUE = auto()
    """A moment ahead; negative spans lie behind."""
    MOMENT = auto()
    """A moment that has passed."""
    AMOUNT = auto()
    VIEW = auto()
    SORT = auto()


ORDERED = frozenset({Kind.AGE, Kind.DUE, Kind.MOMENT, Kind.AMOUNT})
"""The kinds that know `<`, `>` and ranges."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key of the filter language."""

    name: str
    kind: Kind
    help: str
    example: str
    specials: tuple[str, ...] = ()
    """Which of `me` and `none` it understands."""
    onwards: bool = False
    """Whether a single date means from then on, instead of during it."""


_NONE = ("none",)
_PERSON = ("me", "none")
_ROWS = (
    Key("status", Kind.STATUS, "where the send stands", "status:shipped,delivered"),
    Key("provider", Kind.CHOICE, "the platform", "provider:goody"),
    Key("type", Kind.CHOICE, "what kind of send", "type:egift"),
    Key("stage", Kind.CHOICE, "the status in broad terms", "stage:problem"),
    Key("urgency", Kind.CHOICE, "how pressing it is", "urgency:over,now"),
    Key("is", Kind.CHOICE, "a property", "is:triage"),
    Key("owner", Kind.NAME, "who takes care of it", "owner:@me", _PERSON),
    Key("age", Kind.AGE, "time in the present status", "age>7d"),
    Key("due", Kind.DUE, "time to the limit; negative is over", "due:..2h"),
    Key("since", Kind.MOMENT, "when it entered its status", "since:mon", onwards=True),
    Key("created", Kind.MOMENT, "when it was created", "created:2026-03"),
    Key("updated", Kind.MOMENT, "when the platform last spoke", "updated:today"),
    Key("recipient", Kind.TEXT, "name or email of the recipient", "recipient:souza", _NONE),
    Key("email", Kind.TEXT, "email of the recipient", "email:@acme.com", _NONE),
    Key("company", Kind.TEXT, "company of the recipient", 'company:"Acme Inc"', _NONE),
    Key("campaign", Kind.TEXT, "touch, campaign or batch name", "campaign:welcome", _NONE),
    Key("sender", Kind.TEXT, "name or email of the sender", "sender:priya", _NONE),
    Key("team", Kind.TEXT, "team of the sender", "team:sales", _NONE),
    Key("id", Kind.NAME, "short name or the platform's own id", "id:S-104233"),
    Key("tracking", Kind.TEXT, "tracking number", "tracking:1Z999", _NONE),
    Key("carrier", Kind.TEXT, "who carries it", "carrier:ups", _NONE),
    Key("cost", Kind.AMOUNT, "what it costs", "cost>50"),
    Key("currency", Kind.NAME, "currency of the cost", "currency:USD", _NONE),
    Key("changed", Kind.MOMENT, "when anything happened to it", "changed:-2h"),
    Key("by", Kind.NAME, "who or what did that: a person, api, import, rule", "by:@me", _PERSON),
    Key("note", Kind.TEXT, "words of a note or a reason", "note:warehouse"),
    Key("in", Kind.VIEW, "a saved view", "in:mine"),
    Key("sort", Kind.SORT, "the order; - turns it round", "sort:due,-created"),
)
KEYS: Mapping[str, Key] = MappingProxyType({key.name: key for key in _ROWS})
EVENT_KEYS = frozenset({"changed", "by", "note"})
"""Keys that speak about the history; side by side they speak about one and the same entry."""

SEARCHED: tuple[str, ...] = (
    "recipient_name",
    "recipient_email",
    "company",
    "campaign",
    "ref",
    "external_id",
    "tracking_number",
)
"""The columns that text without a key is searched in."""
TEXTS_OF: Mapping[str, tuple[str, ...]] = MappingProxyType(
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
        "triage": "past its limit or to be contacted at once, and not resting",
        "over": "past its limit",
        "now": "to be contacted at once",
        "soon": "reaches its limit within the warning time",
        "mine": "owned by me",
        "unowned": "owned by nobody",
        "overridden": "the status was set by an agent",
        "contested": "the platform disagrees with an override",
        "final": "nothing more will happen",
        "escalated": "with the platform's support",
        "snoozed": "resting",
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


@cache
def values_for(key: str) -> Mapping[str, str]:
    """Return the values of *key* with a few words on each; empty where they are not a fixed set."""
    match key:
        case "status":
            return words.status_help()
        case "provider":
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

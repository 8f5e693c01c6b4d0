"""What a platform is to the desk: its statuses, its words, how its payloads read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast

from models.providers.status import Status
from models.records import Shipment

if TYPE_CHECKING:
    from models.providers.demo_sends import DemoSends


class Fact(NamedTuple):
    """A status that the platform reports."""

    word: str
    """As the platform wrote it."""
    at: datetime | None
    """When the send entered it, in UTC; None when the platform does not say."""


class Incoming(NamedTuple):
    """One send as a platform describes it at one moment."""

    provider: str
    external_id: str
    type: str
    fields: Mapping[str, Any]
    """Values by the name of the `SendRecord` field they belong to; a field the platform did not
    mention is absent, which keeps what the desk already has."""
    facts: tuple[Fact, ...]
    shipments: tuple[Shipment, ...] = ()
    warnings: tuple[str, ...] = ()


class BadPayload(ValueError):
    """A record that is no send of this platform; the message says what is missing or wrong."""


class Payloads(Protocol):
    """The module of a platform that knows how its payloads read."""

    def short_id(self, external_id: str) -> str:
        """Return what of an external id agents read after the letter."""

    def recognises(self, payload: Mapping[str, Any]) -> bool:
        """Whether a JSON object looks like one of the platform's sends."""

    def read(self, payload: Mapping[str, Any]) -> Incoming:
        """Read one JSON object of the platform's interface; raises `BadPayload`."""

    def read_row(self, row: Mapping[str, str]) -> Incoming:
        """Read one row of an export by canonical column name; raises `BadPayload`."""


@cache
def _module(name: str) -> Any:
    return import_module(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One platform."""

    key: str
    name: str
    letter: str
    """What short references start with: `S` for `S-104233`."""
    support: str
    """Whom an agent contacts, in words: `Sendoso Support`."""
    reach: str
    """Where that support is reached."""
    types: Mapping[str, str]
    """The types of its sends and what agents call them."""
    statuses: tuple[Status, ...]
    paths: Mapping[str, tuple[str, ...]]
    """For each type the slugs of the usual path from the first status to the last."""
    alternative_paths: tuple[tuple[str, ...], ...] = ()
    """Other paths from the first status to the last, for sends that do not take the usual one."""
    reader: str
    """The module with its `Payloads`; imported on first use, since the desk opens without it."""
    demo: str = ""
    """The module with its `DemoSends`; without one the demo has no sends of it."""
    record: str
    """What one of its JSON objects is, in words: `an order of Goody`."""
    json_lists: tuple[str, ...] = ()
    """The names under which its JSON answers keep their lists of records."""
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Names that only its exports give to columns, by what they stand for: a column of
    `models.files.columns`, or one of its own that its `read_row` knows; as `bare_word` writes them."""
    telling_columns: frozenset[str] = frozenset()
    """Names of columns, as `bare_word` writes them, that point to its exports."""
    own_ids: str = ""
    """A regular expression for ids that no other platform gives; empty if there is none."""
    usual_ids: str = ""
    """A regular expression for ids that its rows usually have and others may have as well."""
    money: Callable[..., tuple[str, ...]] = field(default=lambda send, now: ())
    """Sentences on what the send will cost or credit, from a `SendRecord` and the present."""

    @property
    def payloads(self) -> Payloads:
        """What reads its payloads."""
        return cast(Payloads, _module(self.reader))

    @property
    def demo_sends(self) -> "DemoSends | None":
        """What makes sends up for the demo, if it has any."""
        return cast("DemoSends", _module(self.demo)) if self.demo else None

"""Provider: all that the desk knows of one, and what its payloads are read into."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, cast

from models.providers.abilities import Ability, AbilityName, Asking
from models.providers.derived import Derive, nothing
from models.providers.status import Status

if TYPE_CHECKING:
    from models.providers.client import Client
    from models.providers.demo_sends import DemoSends
    from models.providers.incoming import Incoming
    from models.providers.replies import StatusReplies
    from models.providers.time_rule import TimeRule
    from models.providers.webhooks import Webhooks
    from models.values.dates import TimeReader


class Payloads(Protocol):
    """The module of a provider that reads its payloads."""

    def short_id(self, external_id: str) -> str:
        """Return the part of a ref behind the letter: `104233` of `S-104233`."""

    def recognises(self, payload: Mapping[str, Any]) -> bool:
        """Whether a JSON object looks like one of the provider's sends."""

    def read(self, payload: Mapping[str, Any], times: "TimeReader | None" = None) -> "Incoming":
        """Read one JSON object as the provider's API returns it.

        Args:
            payload: The object.
            times: Reads its times; None reads those that name no zone as UTC.

        Raises:
            BadPayload: If it is not a send.
        """

    def read_row(self, row: Mapping[str, str], times: "TimeReader | None" = None) -> "Incoming":
        """Read one row of an export.

        Args:
            row: Its cells by the names in `models.files.column_names.SYNONYMS`.
            times: Reads its times; None reads those that name no zone as UTC.

        Raises:
            BadPayload: If it is not a send.
        """


@cache
def _module(name: str) -> Any:
    return import_module(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One provider, as its package describes it."""

    key: str
    """What the database, the filter language and the command line call it: `sendoso`."""
    name: str
    """What agents read: `Sendoso`."""
    letter: str
    """What the refs of its sends start with: `S` of `S-104233`."""
    support: str
    """Whom an agent contacts: `Sendoso Support`."""
    support_address: str
    """Where that support is contacted: a mail address, or a site in words."""
    types: Mapping[str, str]
    """The types of its sends, with the names that agents read."""
    statuses: tuple[Status, ...]
    """All its statuses, in the order of their ranks."""
    paths: Mapping[str, tuple[str, ...]]
    """For each type the slugs of the usual path from the first status to the last."""
    shipment_states: tuple[Status, ...] = ()
    """The states of one shipment of a send, by rank; empty if it reports none but those of the send."""
    alternative_paths: tuple[tuple[str, ...], ...] = ()
    """Other paths from the first status to the last, for sends that do not take the usual one."""
    reader: str
    """The path of the module that is its `Payloads`; imported on first use to keep start-up short."""
    texts: str
    """The path of the module that has its `REPLIES`: what is written to senders and recipients."""
    client: str = ""
    """The path of the module that has its `CLIENT`: how its API is read; empty if nobody can."""
    webhooks: str = ""
    """The path of the module that is its `Webhooks`; empty if it sends none."""
    demo: str = ""
    """The path of the module that is its `DemoSends`; if empty, the demo has no sends of it."""
    record: str
    """What one of its JSON objects is, in words: `an order of Goody`."""
    json_lists: tuple[str, ...] = ()
    """The names under which its JSON answers keep their lists of records."""
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Names that only its exports give to columns, by what they stand for: a column of
    `models.files.column_names`, or one of its own that its `read_row` knows; as `bare_word` writes them."""
    marker_columns: frozenset[str] = frozenset()
    """Names of columns, as `bare_word` writes them, by which its exports are known."""
    own_ids: str = ""
    """A regular expression for ids that no other provider gives; empty if there is none."""
    usual_ids: str = ""
    """A regular expression for ids that its rows usually have and others may have as well."""
    money: Callable[..., tuple[str, ...]] = field(default=lambda send, local: ())
    """Returns sentences about what a `SendRecord` costs or gives back, by the `LocalTime` of the agent."""

    settings: tuple[str, ...] = ()
    """The names of what its API asks for besides its address: `key`. All of them are secrets."""
    derive: Derive = field(default=nothing)
    """Returns the status that follows from more than the reported one."""
    rules: str = ""
    """The path of the module that has its `RULES`, which time triggers; empty if it has none."""

    abilities: Mapping[AbilityName, Ability] = field(default_factory=dict)
    """What it does to a send when it is asked, and whom to ask otherwise."""
    asks: str = ""
    """The path of the module that is its `Asking`; empty if it can be asked for nothing."""

    def ability(self, name: AbilityName) -> Ability:
        """Return what it does to a send when it is asked for *name*."""
        return self.abilities.get(name) or Ability(otherwise=f"Ask {self.support}.")

    @property
    def asking(self) -> Asking:
        """The module that asks its API to do something to a send."""
        return cast(Asking, _module(self.asks))

    @property
    def payloads(self) -> Payloads:
        """The module that reads its payloads."""
        return cast(Payloads, _module(self.reader))

    @property
    def time_rules(self) -> "tuple[TimeRule, ...]":
        """The rules that time triggers for its sends."""
        return cast("tuple[TimeRule, ...]", _module(self.rules).RULES) if self.rules else ()

    @property
    def api(self) -> "Client | None":
        """How its API is read, or None."""
        return cast("Client", _module(self.client).CLIENT) if self.client else None

    @property
    def webhook(self) -> "Webhooks | None":
        """The module that reads the messages of its webhooks, or None."""
        return cast("Webhooks", _module(self.webhooks)) if self.webhooks else None

    @property
    def replies(self) -> "Mapping[str, StatusReplies]":
        """What is written about its sends, by the slugs of their statuses; `unmapped` is among them."""
        from models.providers.replies import UNMAPPED

        rows: tuple[StatusReplies, ...] = _module(self.texts).REPLIES
        return {row.status: row for row in (*rows, UNMAPPED)}

    @property
    def demo_sends(self) -> "DemoSends | None":
        """The module that makes up its sends for the demo, or None."""
        return cast("DemoSends", _module(self.demo)) if self.demo else None

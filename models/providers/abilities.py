"""What a platform does to a send when it is asked from here, and whom to ask where it does not."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, Protocol

AbilityName = Literal["cancel", "extend"]


class Ability(NamedTuple):
    """One thing that a platform can be asked to do to a send."""

    otherwise: str
    """Whom to ask or what to do instead: a sentence, for each status that neither of the others names."""
    statuses: frozenset[str] = frozenset()
    """The slugs of the platform's statuses in which it does it; empty if it cannot be asked from here."""
    instead: Mapping[str, str] = MappingProxyType({})
    """For some statuses, by slug, whom to ask or what to do instead: a sentence."""

    def advice(self, slug: str) -> str:
        """Return what is done instead in the status *slug*; empty where the platform can be asked."""
        return "" if slug in self.statuses else self.instead.get(slug, self.otherwise)


class Reply(Protocol):
    """What a platform has answered."""

    @property
    def body(self) -> Any:
        """Its JSON."""


class Api(Protocol):
    """The API of a platform, with its address and its secrets."""

    def get(self, path: str) -> Reply:
        """Return what is at *path*."""

    def send(self, method: str, path: str, body: Any = None) -> Reply:
        """Ask for something to be done; it is sent once."""


class Asking(Protocol):
    """The module of a platform that asks its API for what `Provider.abilities` names.

    Each function makes one request and returns the platform's JSON of the send; they raise what the
    API raises.
    """

    def look_up(self, api: Api, external_id: str) -> Mapping[str, Any]:
        """Return the send as the platform has it."""

    def cancel(self, api: Api, external_id: str) -> Mapping[str, Any]:
        """Have it canceled."""

    def extend(self, api: Api, external_id: str, until: datetime) -> Mapping[str, Any]:
        """Have it end at another time, in UTC."""

    def is_canceled(self, send: Mapping[str, Any]) -> bool:
        """Whether the platform has it as canceled."""

    def ends_at(self, send: Mapping[str, Any]) -> datetime | None:
        """Return when it ends, in UTC; None if it does not."""

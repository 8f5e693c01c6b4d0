"""What a payload of a provider is read into, or why it is not."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from models.records import Shipment


class Fact(NamedTuple):
    """A provider says that a send entered a status."""

    word: str
    """The name of the status as the provider wrote it."""
    at: datetime | None
    """When the send entered it, in UTC; None if the provider does not say."""
    assumed_at: datetime | None = None
    """Where `at` is None, when it must have entered it all the same: about when that was told."""


class Refund(NamedTuple):
    """A provider says that it gave the money for a send back."""

    at: datetime | None = None
    """When, in UTC; None if the provider does not say."""
    minor: int | None = None
    """How much, in minor units of the send's currency; None if the provider does not say."""


class Incoming(NamedTuple):
    """One payload: a send as its provider describes it at one time."""

    provider: str
    external_id: str
    type: str
    fields: Mapping[str, Any]
    """Values by the name of a `SendRecord` field. A field that the payload does not mention is
    missing here, and the stored value stays."""
    facts: tuple[Fact, ...]
    shipments: tuple[Shipment, ...] = ()
    refund: Refund | None = None
    """That the money was given back, whatever the status is; None if the payload does not say so."""
    warnings: tuple[str, ...] = ()
    """A sentence for each thing that was left out, safe to show."""
    remarks: tuple[str, ...] = ()
    """A sentence for each thing that is not a status and belongs into the history, safe to show."""
    current: str = ""
    """The word of `facts` that the provider gives as the present status, or an empty string."""
    also_at: tuple[datetime, ...] = ()
    """Other times at which that status may have begun, the best first; for when its own lies ahead."""
    is_row: bool = False
    """Whether it is a row of a table, of which one send may have several."""
    item: str = ""
    """Which item of the send the row is about, if it says so."""
    guessed_id: bool = False
    """Whether the id was made of other fields, as the row has none."""

    def told_at(self, moment: datetime) -> "Incoming":
        """Return it with *moment*, in UTC, assumed for each fact without a time.

        It is for what a provider tells as soon as it happens: by then it has happened, and not long ago.
        """
        facts = (fact if fact.at else fact._replace(assumed_at=moment) for fact in self.facts)
        return self._replace(facts=tuple(facts))


class BadPayload(ValueError):
    """A payload that is not a send of this provider; the message says what is missing or wrong."""

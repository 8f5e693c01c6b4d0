"""What Goody does to an order when it is asked through its API."""

from collections.abc import Mapping
from types import MappingProxyType

from models.providers.abilities import Ability, AbilityName
from models.providers.goody.batch_statuses import BATCH_STATUSES

# An order that is past its end date is one of these to Goody: it has no such status.
_NOT_ACCEPTED = frozenset({"created", "notified", "opened", "expired"})
_OF_BATCHES = tuple(status.slug for status in BATCH_STATUSES)
_ENDED = "It has ended: nothing is left to cancel."

ABILITIES: Mapping[AbilityName, Ability] = MappingProxyType(
    {
        "cancel": Ability(
            statuses=_NOT_ACCEPTED,
            instead={
                **dict.fromkeys(("failed", "canceled", "delivered"), _ENDED),
                **dict.fromkeys(
                    _OF_BATCHES,
                    "Goody cancels no batch as a whole: list its orders and cancel those.",
                ),
            },
            otherwise="Goody cancels an order only until it is accepted: ask Goody Support"
            " (support@ongoody.com) whether it can still be stopped.",
        ),
        "extend": Ability(
            statuses=_NOT_ACCEPTED,
            instead=dict.fromkeys(
                _OF_BATCHES,
                "A batch as a whole gets no other end: list its orders and extend those.",
            ),
            otherwise="Only an order that nobody has accepted yet has an end date.",
        ),
    }
)

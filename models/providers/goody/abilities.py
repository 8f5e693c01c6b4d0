"""What Goody does to an order when it is asked through its API."""

from collections.abc import Mapping
from types import MappingProxyType

from models.providers.abilities import Ability, AbilityName

# An order that is past its end date is one of these to Goody: it has no such status.
_NOT_ACCEPTED = frozenset({"created", "notified", "opened", "expired"})
_ENDED = "It has ended: nothing is left to cancel."

ABILITIES: Mapping[AbilityName, Ability] = MappingProxyType(
    {
        "cancel": Ability(
            statuses=_NOT_ACCEPTED,
            instead={"failed": _ENDED, "canceled": _ENDED, "delivered": _ENDED},
            otherwise="Goody cancels an order only until it is accepted: ask Goody Support"
            " (support@ongoody.com) whether it can still be stopped.",
        ),
        "extend": Ability(
            statuses=_NOT_ACCEPTED,
            otherwise="Only an order that nobody has accepted yet has an end date.",
        ),
    }
)

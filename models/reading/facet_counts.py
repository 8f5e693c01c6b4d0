"""The counts of each facet."""

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet and how many sends of the filter have it."""

    value: str
    count: int


class Facets(NamedTuple):
    """Counts by value for each column that is a facet, the commonest first."""

    status: tuple[FacetValue, ...] = ()
    """Values are `provider:slug`."""
    stage: tuple[FacetValue, ...] = ()
    urgency: tuple[FacetValue, ...] = ()
    type: tuple[FacetValue, ...] = ()
    platform: tuple[FacetValue, ...] = ()
    owner: tuple[FacetValue, ...] = ()
    """The value of sends without an owner is an empty string."""


FACETS = Facets._fields
"""The keys of the facets' columns, in the order in which the filter picker shows them."""

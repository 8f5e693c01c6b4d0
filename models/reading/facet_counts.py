"""The counts of each facet."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet and how many sends of the filter have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """Counts by value for each column that is a facet, the commonest first."""

    status: tuple[FacetValue, ...] = ()
    """Values are `provider:slug`."""
    stage: tuple[FacetValue, ...] = ()
    urgency: tuple[FacetValue, ...] = ()
    type: tuple[FacetValue, ...] = ()
    platform: tuple[FacetValue, ...] = ()
    owner: tuple[FacetValue, ...] = ()
    """The value of sends without an owner is an empty string."""


FACETS = tuple(facet.name for facet in fields(Facets))
"""The keys of the facets' columns, in the order in which the filter picker shows them."""

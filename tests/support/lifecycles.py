"""The lifecycle of one type of sends, cut out of the catalogue."""

from models.providers import catalogue
from models.providers.status import Status


def statuses_of_type(provider: str, kind: str) -> dict[str, Status]:
    """Return the statuses that a type of sends has, by slug, each with the next ones of that type.

    Args:
        provider: The provider's key.
        kind: The type.
    """
    return {
        slug: status._replace(
            next=tuple(each.slug for each in catalogue.may_follow(provider, slug, kind))
        )
        for slug, status in catalogue.STATUSES[provider].items()
        if kind in status.types
    }

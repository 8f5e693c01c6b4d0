"""Which provider a row is from: it is named, or known by its columns, its id or its status."""

import re
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache

from models.files.columns import Header
from models.files.items import NoSend
from models.providers import PROVIDERS
from models.providers.catalogue import either, resolve
from models.providers.provider import Provider
from models.values.cells import exact_id
from models.values.text import display_text


class UnknownProvider(NoSend):
    """A row may be a send, but does not say of which provider."""

    def __init__(self) -> None:
        options = either(f"--platform {each.key}" for each in PROVIDERS)
        super().__init__(f"nothing says which platform this is from; name it with {options}")


@lru_cache(maxsize=64)
def provider_named(name: str) -> Provider:
    """Return the provider with this key or name, in upper or lower case.

    Raises:
        NoSend: If there is none.
    """
    wanted = name.strip().casefold()
    for provider in PROVIDERS:
        if wanted in (provider.key, provider.name.casefold()):
            return provider
    keys = either(provider.key for provider in PROVIDERS)
    raise NoSend(f"“{display_text(name, 40)}” is not a platform of this desk: {keys}")


def provider_of(header: Header, row: Mapping[str, str]) -> Provider:
    """Return the provider of a row: it is named, or known by its columns, its id or its status.

    Raises:
        NoSend: If the row names a provider that the desk does not know, or has no status.
        UnknownProvider: If several providers are possible.
    """
    if name := row.get("provider", ""):
        return provider_named(name)
    fitting = header.providers
    if len(fitting) == 1:
        return fitting[0]
    external_id, word = row.get("id", ""), row.get("status", "")
    if not word:
        raise NoSend("the row has no status")
    # From certain to likely: an id that only one provider has, a word of its own, a usual id.
    shaped = [each for each in fitting if _has_shape(each.own_ids, external_id)]
    if len(shaped) == 1:
        return shaped[0]
    spoken = [each for each in shaped or fitting if resolve(each.key, word)]
    if len(spoken) == 1:
        return spoken[0]
    usual = [
        each for each in spoken or shaped or fitting if _has_shape(each.usual_ids, external_id)
    ]
    if not usual and external_id:
        with suppress(ValueError):
            bare = exact_id(external_id)
            usual = [each for each in spoken or fitting if _has_shape(each.usual_ids, bare)]
    if len(usual) == 1:
        return usual[0]
    raise UnknownProvider


def _has_shape(pattern: str, external_id: str) -> bool:
    """Whether an id matches *pattern*; an empty id or pattern never does."""
    return bool(pattern and external_id and re.fullmatch(pattern, external_id))

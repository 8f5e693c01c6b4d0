"""Every status of every provider, found by its slug or by any of its names."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from models.providers import PROVIDERS
from models.providers.provider import Provider
from models.providers.status import (
    BATCH_TYPE,
    UNMAPPED_SLUG,
    Stage,
    Status,
    Threshold,
    reachable,
)
from models.values.calendar import AT_ONCE

_LONGEST_WORD = 100
"""A longer text, in characters, names no status."""
_NEAR_ENOUGH = 60
"""How alike the name of a suggested status must be, from 0 to 100."""
_SEPARATORS = re.compile(r"[\s_/*–—-]+")

UNMAPPED = Status(
    provider="",
    slug=UNMAPPED_SLUG,
    label="Unmapped",
    types=(),
    stage=Stage.PROBLEM,
    rank=95,
    threshold=Threshold(AT_ONCE, "Send Desk: the word is in no list of this platform"),
    meaning="The platform uses a word that Send Desk does not know; the word is kept as it came.",
    advice="Look the send up on the platform, then put the status that fits in its place.",
    request="Please tell us what this status means and what happens next.",
    soft_problem=True,
    short_word="unmapped",
    source="Send Desk",
)
"""The status of a send whose provider used an unknown word; not final, so that any fact may follow."""

_PROVIDERS: Mapping[str, Provider] = MappingProxyType({each.key: each for each in PROVIDERS})
_UNMAPPED: Mapping[str, Status] = MappingProxyType(
    {each.key: UNMAPPED._replace(provider=each.key, types=tuple(each.types)) for each in PROVIDERS}
)

STATUSES: Mapping[str, Mapping[str, Status]] = MappingProxyType(
    {
        each.key: MappingProxyType({status.slug: status for status in each.statuses})
        for each in PROVIDERS
    }
)
"""The statuses by provider and slug, in the order of their ranks; without `unmapped`."""


def either(words: Iterable[str]) -> str:
    """Return *words*, at least one, as a sentence offers a choice: `a`, `a or b`, `a, b or c`."""
    *before, last = words
    return f"{', '.join(before)} or {last}" if before else last


def provider_names() -> str:
    """Return the names of all providers as a sentence offers them: `Sendoso or Goody`."""
    return either(each.name for each in PROVIDERS)


def provider(key: str) -> Provider:
    """Return the provider with the key *key*.

    Raises:
        KeyError: If there is none.
    """
    return _PROVIDERS[key]


def status(provider: str, slug: str) -> Status:
    """Return a status by its slug; for an unknown slug the provider's `unmapped`."""
    found = STATUSES.get(provider, {}).get(slug)
    return found or _UNMAPPED.get(provider) or UNMAPPED._replace(provider=provider)


@lru_cache(maxsize=4096)
def shipment_state(provider: str, word: str) -> Status:
    """Return the state of a shipment by what *provider* calls it.

    A provider without states of its own for shipments gives a shipment the status of a send. The state
    of an unknown word is the provider's `unmapped`.
    """
    plain = _plain(word)
    found = _SHIPMENT_STATES.get(provider, {}).get(plain)
    return found or resolve(provider, word) or status(provider, UNMAPPED_SLUG)


@lru_cache(maxsize=4096)
def resolve(provider: str, word: str, type: str | None = None) -> Status | None:  # noqa: A002
    """Return the status that *word* names, or None.

    Slugs, labels and aliases are compared without case and separators. Nothing is guessed: a word
    that is only similar, or has letters of another script, is unknown.

    Args:
        provider: The key of the provider.
        word: The word as a provider or an agent wrote it, of any length.
        type: The type of the send; it decides between statuses of the same name.
    """
    plain = _plain(word) if len(word) <= _LONGEST_WORD else ""
    found = _NAMES.get(provider, {}).get(plain, ())
    found = _fitting(found, type)
    return next((each for each in found if type in each.types), found[0] if found else None)


def _fitting(statuses: tuple[Status, ...], type: str | None) -> tuple[Status, ...]:  # noqa: A002
    """Return *statuses* without those of batches, or for a batch only these; for no type all.

    What is pending of a batch says nothing of an order.
    """
    if type is None:
        return statuses
    return tuple(each for each in statuses if (BATCH_TYPE in each.types) == (type == BATCH_TYPE))


@lru_cache(maxsize=256)
def suggest(provider: str, word: str, type: str | None = None) -> Status | None:  # noqa: A002
    """Return the status whose name is most similar to *word*, or None if none is similar.

    Args:
        provider: The key of the provider.
        word: The word as a provider or an agent wrote it, of any length.
        type: The type of the send, if only a status that it can have is wanted.
    """
    from rapidfuzz import fuzz, process

    names = {
        name: fit
        for name, found in _NAMES.get(provider, {}).items()
        if (fit := _fitting(found, type))
    }
    near = process.extractOne(
        _SEPARATORS.sub("_", word[:_LONGEST_WORD].lower()),
        list(names),
        scorer=fuzz.token_sort_ratio,
        processor=lambda name: name.replace("_", " "),
        score_cutoff=_NEAR_ENOUGH,
    )
    return names[near[0]][0] if near else None


def may_follow(provider: str, slug: str, type: str | None = None) -> tuple[Status, ...]:  # noqa: A002
    """Return the statuses that usually come next, the most common first.

    Args:
        provider: The key of the provider.
        slug: The present status.
        type: The type of the send, if only the statuses of that type are wanted.
    """
    following = (status(provider, each) for each in status(provider, slug).next)
    return tuple(each for each in following if type is None or type in each.types)


def lifecycle_path(provider: str, type: str, slug: str) -> tuple[str, ...]:  # noqa: A002
    """Return the slugs that a send passes from the first to the last; nothing if that is unknown.

    Args:
        provider: The key of the provider.
        type: The type of the send.
        slug: Its present status. An alternative path is returned only if this status is on it and
            not on the usual one.
    """
    known = _PROVIDERS.get(provider)
    if known is None:
        return ()
    usual = known.paths.get(type, ())
    alternatives = () if slug in usual else known.alternative_paths
    return next((path for path in alternatives if slug in path), usual)


def follows(provider: str, earlier: str, later: str) -> bool:
    """Whether *later* can be reached from *earlier* in one or more usual steps."""
    return later in _AHEAD.get(provider, {}).get(earlier, frozenset())


@lru_cache(maxsize=4096)
def _plain(word: str) -> str:
    """Return *word* in one spelling; an empty string if it has letters outside ASCII.

    Those are looked for before the case is lowered: in lower case the Kelvin sign is a plain k.
    """
    joined = _SEPARATORS.sub("_", word).strip("_")
    return joined.lower().replace("cancelled", "canceled") if joined.isascii() else ""


def _names(statuses: tuple[Status, ...]) -> Mapping[str, tuple[Status, ...]]:
    """Return the statuses by each of their names, as `_plain` spells it."""
    names: dict[str, tuple[Status, ...]] = {}
    for each in statuses:
        for name in {_plain(word): None for word in (each.slug, each.label, *each.aliases)}:
            names[name] = (*names.get(name, ()), each)
    return MappingProxyType(names)


_NAMES: Mapping[str, Mapping[str, tuple[Status, ...]]] = MappingProxyType(
    {each.key: _names(each.statuses) for each in PROVIDERS}
)
_SHIPMENT_STATES: Mapping[str, Mapping[str, Status]] = MappingProxyType(
    {
        each.key: MappingProxyType({state.slug: state for state in each.shipment_states})
        for each in PROVIDERS
    }
)
_AHEAD: Mapping[str, Mapping[str, frozenset[str]]] = MappingProxyType(
    {key: {slug: reachable(known, slug) for slug in known} for key, known in STATUSES.items()}
)

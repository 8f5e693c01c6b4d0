"""Every status of every platform: found by slug, by any of its names, or as the nearest guess."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType

from models.providers import PROVIDERS
from models.providers.provider import Provider
from models.providers.status import UNMAPPED_SLUG, Stage, Status, Threshold, reachable
from models.values.calendar import AT_ONCE

_LONGEST_WORD = 100
_NEAR_ENOUGH = 60
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
"""What a send has whose platform used an unknown word; never final, so that any fact may follow."""

_PROVIDERS: Mapping[str, Provider] = MappingProxyType({each.key: each for each in PROVIDERS})
_UNMAPPED: Mapping[str, Status] = MappingProxyType(
    {each.key: replace(UNMAPPED, provider=each.key, types=tuple(each.types)) for each in PROVIDERS}
)

STATUSES: Mapping[str, Mapping[str, Status]] = MappingProxyType(
    {
        each.key: MappingProxyType({status.slug: status for status in each.statuses})
        for each in PROVIDERS
    }
)
"""The statuses by provider and slug, in the order of their lifecycle; without `unmapped`."""


def either(words: Iterable[str]) -> str:
    """Return *words*, at least one, as a sentence offers a choice: `a`, `a or b`, `a, b or c`."""
    *before, last = words
    return f"{', '.join(before)} or {last}" if before else last


def platform_names() -> str:
    """Return the names of all platforms as a sentence offers them: `Sendoso or Goody`."""
    return either(each.name for each in PROVIDERS)


def provider(key: str) -> Provider:
    """Return the platform with this key.

    Raises:
        KeyError: If there is none.
    """
    return _PROVIDERS[key]


def status(provider: str, slug: str) -> Status:
    """Return a status by its slug; the platform's `unmapped` for a slug that it does not have."""
    found = STATUSES.get(provider, {}).get(slug)
    return found or _UNMAPPED.get(provider) or replace(UNMAPPED, provider=provider)


@lru_cache(maxsize=4096)
def resolve(provider: str, word: str, type: str | None = None) -> Status | None:  # noqa: A002
    """Return the status that a platform's or a person's *word* names, or None.

    Slugs, labels and aliases count, whatever their case and separators. Nothing is guessed: a word
    that is merely close, or looks alike in another script, is unknown.

    Args:
        provider: The key of the platform.
        word: The word as it came, of any length.
        type: The type of the send, which decides between statuses of the same name.
    """
    plain = _plain(word) if len(word) <= _LONGEST_WORD else ""
    found = _NAMES.get(provider, {}).get(plain, ())
    return next((each for each in found if type in each.types), found[0] if found else None)


def suggest(provider: str, word: str) -> Status | None:
    """Return the status whose name is nearest to an unknown *word*, or None if none is near."""
    from rapidfuzz import fuzz, process

    names = _NAMES.get(provider, {})
    near = process.extractOne(
        _SEPARATORS.sub("_", word[:_LONGEST_WORD].lower()),
        list(names),
        scorer=fuzz.token_sort_ratio,
        processor=lambda name: name.replace("_", " "),
        score_cutoff=_NEAR_ENOUGH,
    )
    return names[near[0]][0] if near else None


def may_follow(provider: str, slug: str, type: str | None = None) -> tuple[Status, ...]:  # noqa: A002
    """Return the statuses that usually come next, the commonest first.

    Args:
        provider: The key of the platform.
        slug: The present status.
        type: The type of the send, if only the statuses of that type are wanted.
    """
    following = (status(provider, each) for each in status(provider, slug).next)
    return tuple(each for each in following if type is None or type in each.types)


def lifecycle_path(provider: str, type: str, slug: str) -> tuple[str, ...]:  # noqa: A002
    """Return the slugs that a send passes from the first to the last; nothing if that is unknown.

    Args:
        provider: The key of the platform.
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
    """Whether *later* can be reached from *earlier* in one usual step or more."""
    return later in _AHEAD.get(provider, {}).get(earlier, frozenset())


@lru_cache(maxsize=4096)
def _plain(word: str) -> str:
    """Return what all spellings of a name have in common; nothing for what no name is.

    Letters outside ASCII are refused before the case is folded: lower case would turn the Kelvin
    sign into a k.
    """
    joined = _SEPARATORS.sub("_", word).strip("_")
    return joined.lower().replace("cancelled", "canceled") if joined.isascii() else ""


def _names(statuses: tuple[Status, ...]) -> Mapping[str, tuple[Status, ...]]:
    """Index *statuses* by every plain name they go by."""
    names: dict[str, tuple[Status, ...]] = {}
    for each in statuses:
        for name in {_plain(word): None for word in (each.slug, each.label, *each.aliases)}:
            names[name] = (*names.get(name, ()), each)
    return MappingProxyType(names)


_NAMES: Mapping[str, Mapping[str, tuple[Status, ...]]] = MappingProxyType(
    {each.key: _names(each.statuses) for each in PROVIDERS}
)
_AHEAD: Mapping[str, Mapping[str, frozenset[str]]] = MappingProxyType(
    {key: {slug: reachable(known, slug) for slug in known} for key, known in STATUSES.items()}
)

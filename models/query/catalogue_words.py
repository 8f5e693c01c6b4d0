"""The words that the filter language takes from the catalogue: statuses, providers, types."""

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType

from models.providers import PROVIDERS, catalogue
from models.providers.status import UNMAPPED_SLUG
from models.query.tree import StatusWord

Pair = tuple[str, str]
"""A provider and a slug."""


@cache
def pairs_by_slug() -> Mapping[str, frozenset[Pair]]:
    """Return, for every slug including `unmapped`, the pairs of the providers that have it."""
    found: dict[str, set[Pair]] = {}
    for provider, statuses in catalogue.STATUSES.items():
        for slug in (*statuses, UNMAPPED_SLUG):
            found.setdefault(slug, set()).add((provider, slug))
    return MappingProxyType({slug: frozenset(pairs) for slug, pairs in found.items()})


@cache
def final_statuses() -> tuple[StatusWord, ...]:
    """Return the statuses after which nothing more happens."""
    return as_words(
        (provider, slug)
        for provider, statuses in catalogue.STATUSES.items()
        for slug, status in statuses.items()
        if status.final
    )


@cache
def refunding_statuses() -> tuple[StatusWord, ...]:
    """Return the statuses that say that the money was given back, each with its provider."""
    return tuple(
        StatusWord(slug, provider)
        for provider, statuses in catalogue.STATUSES.items()
        for slug, status in statuses.items()
        if status.refunds
    )


@cache
def statuses_of_stages(stages: frozenset[str]) -> tuple[StatusWord, ...]:
    """Return the statuses of the *stages*; `unmapped` counts as a problem."""
    return as_words(
        (provider, slug)
        for slug, pairs in pairs_by_slug().items()
        for provider, _ in pairs
        if catalogue.status(provider, slug).stage in stages
    )


def statuses_called(word: str) -> tuple[StatusWord, ...]:
    """Return the statuses that *word* names; none if it names none.

    A word may be a slug, a label, an alias, or any of these after a provider and a colon. A slug
    means that slug of every provider; any other name is looked up for each provider.
    """
    provider, colon, rest = word.partition(":")
    if colon:
        provider = provider.strip().lower()
        return as_words(_named(provider, rest)) if provider in catalogue.STATUSES else ()
    slug = word.strip().lower().replace(" ", "_").replace("-", "_")
    if slug in pairs_by_slug():
        return (StatusWord(slug),)
    return as_words(pair for known in catalogue.STATUSES for pair in _named(known, word))


def as_words(pairs: Iterable[Pair]) -> tuple[StatusWord, ...]:
    """Return the fewest status words that mean *pairs*, in the order of the catalogue."""
    wanted = set(pairs)
    words = []
    for slug, everywhere in pairs_by_slug().items():
        if everywhere <= wanted:
            words.append(StatusWord(slug))
        else:
            words += [StatusWord(slug, provider) for provider, _ in sorted(everywhere & wanted)]
    return tuple(words)


def pairs_of(word: StatusWord) -> frozenset[Pair]:
    """Return the statuses, each of one provider, that *word* stands for."""
    return frozenset({(word.provider, word.slug)}) if word.provider else pairs_by_slug()[word.slug]


def status_names() -> tuple[str, ...]:
    """Return every slug and label, for suggestions."""
    labels = [each.label for known in catalogue.STATUSES.values() for each in known.values()]
    return (*pairs_by_slug(), *labels)


@cache
def status_help() -> Mapping[str, str]:
    """Return each slug with its labels and the names of the providers that have it."""
    return MappingProxyType({slug: _labels(pairs) for slug, pairs in pairs_by_slug().items()})


@cache
def provider_help() -> Mapping[str, str]:
    """Return the names of the providers by their keys."""
    return MappingProxyType({each.key: each.name for each in PROVIDERS})


@cache
def type_help() -> Mapping[str, str]:
    """Return what agents call the types of sends, by type."""
    return MappingProxyType({key: name for each in PROVIDERS for key, name in each.types.items()})


def _named(provider: str, word: str) -> tuple[Pair, ...]:
    plain = word.strip()
    if plain.lower() == UNMAPPED_SLUG:
        return ((provider, UNMAPPED_SLUG),)
    found = catalogue.resolve(provider, plain)
    return ((provider, found.slug),) if found else ()


def _labels(pairs: frozenset[Pair]) -> str:
    labels = dict.fromkeys(catalogue.status(*pair).label for pair in sorted(pairs))
    names = [catalogue.provider(provider).name for provider, _ in sorted(pairs)]
    return f"{' / '.join(labels)} · {', '.join(names)}"

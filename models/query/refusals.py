"""Sentences that refuse a filter: what was found, and what to write instead."""

from collections.abc import Collection

from models.errors import BadQuery

_SHOWN = 40
"""How much of the agent's own text a sentence repeats, in characters."""
_LIST_MAX = 13
"""Up to this many known words are listed in full."""
_SCORE_MIN = 55
"""How alike a suggestion must be, from 0 to 100."""


def quoted(text: str) -> str:
    """Return *text* in typographic quotes, cut to a readable length."""
    return f"“{text[:_SHOWN]}{'…' if len(text) > _SHOWN else ''}”"


def nearest(word: str, known: Collection[str]) -> str | None:
    """Return the word of *known* that *word* resembles most, or None if it resembles none."""
    from rapidfuzz import fuzz, process

    found = process.extractOne(
        word.lower(), list(known), scorer=fuzz.ratio, processor=str.lower, score_cutoff=_SCORE_MIN
    )
    return found[0] if found else None


def unknown(
    what: str, word: str, known: Collection[str], position: int, *, form: str = "{}"
) -> BadQuery:
    """Return the refusal of a word that is not one of *known*.

    Args:
        what: What the word was read as, with its article: `a status`.
        word: The word as typed.
        known: Every word that is allowed there.
        position: Where the word stands.
        form: How the suggestion is written, such as `{}:` for a key.
    """
    hints = []
    if near := nearest(word, known):
        hints.append(f"Did you mean {form.format(near)}?")
    if len(known) <= _LIST_MAX:
        hints.append(f"There are: {', '.join(form.format(each) for each in known)}.")
    return BadQuery(f"{quoted(word)} is not {what}.", position, " ".join(hints))

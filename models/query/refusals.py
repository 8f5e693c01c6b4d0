"""The sentences with which a filter is refused: what was found, what to write instead."""

from collections.abc import Collection

from models.errors import BadQuery

_SHOWN = 40
"""How much of the agent's own text a sentence repeats, in characters."""
_SHORT_LIST = 13
_NEAR_ENOUGH = 55


def quoted(text: str) -> str:
    """Return *text* in typographic quotes, cut to a readable length."""
    return f"“{text[:_SHOWN]}{'…' if len(text) > _SHOWN else ''}”"


def nearest(word: str, known: Collection[str]) -> str | None:
    """Return the one of *known* that *word* was probably meant to be, or None."""
    from rapidfuzz import fuzz, process

    found = process.extractOne(
        word.lower(), list(known), scorer=fuzz.ratio, processor=str.lower, score_cutoff=_NEAR_ENOUGH
    )
    return found[0] if found else None


def unknown(
    what: str, word: str, known: Collection[str], position: int, *, form: str = "{}"
) -> BadQuery:
    """Return the refusal of a word that is not one of *known*.

    Args:
        what: What the word was read as, with its article: `a status`.
        word: The word as typed.
        known: Every word that would do.
        position: Where the word stands.
        form: How the suggestion is written, such as `{}:` for a key.
    """
    hints = []
    if near := nearest(word, known):
        hints.append(f"Did you mean {form.format(near)}?")
    if len(known) <= _SHORT_LIST:
        hints.append(f"There are: {', '.join(form.format(each) for each in known)}.")
    return BadQuery(f"{quoted(word)} is not {what}.", position, " ".join(hints))

"""The names of agents: which ones nobody can have, though no platform and no rule signs with them."""

import unicodedata
from typing import Final

_WORDS: Final = frozenset({"me", "nobody", "none", "any", "all"})
"""What filters and commands say in place of an owner's name, with or without an @ before it."""
_CONTROLS: Final = frozenset({"Cc", "Zl", "Zp"})
"""The Unicode categories of control characters and line breaks."""


def why_no_name(name: str) -> str:
    """Return why nobody can be called *name*, to be said behind it; empty if someone can."""
    bare = name.strip()
    if bare.casefold().removeprefix("@") in _WORDS:
        return "is a word that stands for an owner in filters"
    if any(unicodedata.category(sign) in _CONTROLS for sign in bare):
        return "holds a line break or a control character"
    return ""

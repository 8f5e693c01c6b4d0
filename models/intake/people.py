"""Whether two payloads of one id are about the same person: an id may be used twice, or be mangled."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from models.values.text import display_text

_NAME_SHOWN = 40
"""How many characters of a name a sentence repeats."""
_WORD = re.compile(r"[^\W_]+")

Recipient = tuple[str, str]
"""The name and the mail address of a recipient; each is empty if it is not known."""


def recipient_of(fields: Mapping[str, Any]) -> Recipient:
    """Return the recipient that the fields of a send name."""
    return fields.get("recipient_name") or "", fields.get("recipient_email") or ""


def may_be_one(first: Recipient, second: Recipient) -> bool:
    """Whether two recipients can be the same person.

    They cannot if their addresses differ, or one has none, and their names have no word in common.
    What is not known speaks against nothing.
    """
    if first == second:
        return True
    names = [_words(name) for name, _ in (first, second)]
    users = [mail.casefold().strip().partition("@")[0] for _, mail in (first, second)]
    if all(users) and users[0] == users[1]:
        return True
    if all(names):
        return not names[0].isdisjoint(names[1])
    return not all(users)


def are_one(several: Sequence[Recipient]) -> bool:
    """Whether all recipients can be the same person."""
    first, *others = dict.fromkeys(several)
    return all(may_be_one(first, each) for each in others)


def told(recipient: Recipient) -> str:
    """Return the name of a recipient, or the address, for a sentence."""
    return f"“{display_text(recipient[0] or recipient[1], _NAME_SHOWN)}”"


def _words(name: str) -> set[str]:
    """Return the words of a name, without accents, capitals and signs."""
    plain = unicodedata.normalize("NFKD", name)
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return set(_WORD.findall(letters.casefold()))

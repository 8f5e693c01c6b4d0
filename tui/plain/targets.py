"""Which sends a line names: numbers, ranges of them, ids, several of these with commas between."""

import re
from typing import TYPE_CHECKING

from models.errors import DeskError
from models.providers import PROVIDERS
from tui.plain.sends import Sends

if TYPE_CHECKING:
    from models.desk import Desk
    from models.records import SendRecord

_NUMBERS = re.compile(r"(?P<first>[0-9]{1,6})(?:-(?P<last>[0-9]{1,6}))?")
_LETTERS = "|".join(provider.letter for provider in PROVIDERS)
_PLATFORMS = "|".join(provider.key for provider in PROVIDERS)
_ID = re.compile(
    rf"(?i:(?:{_LETTERS})-(?=[0-9a-z-]*[0-9])[0-9a-z-]+|(?:{_PLATFORMS}):[^\s,]+)", re.ASCII
)
"""An id as lists show it, or one with its platform before it."""
_NAME = f"(?:{_ID.pattern}|[0-9]{{1,6}}(?:-[0-9]{{1,6}})?)"
_NAMES = re.compile(rf"\s*(?P<names>{_NAME}(?:\s*,\s*{_NAME})*)(?:\s+|$)")
_MOST = 1_000
"""How many sends one line can name."""


class Targets:
    """Finds the sends that a line begins with."""

    def __init__(self, desk: "Desk", sends: Sends) -> None:
        self._desk = desk
        self._sends = sends

    def split(self, text: str) -> "tuple[list[SendRecord], str]":
        """Return the sends that *text* begins with, as the agent was told of them, and the rest.

        There are none if the first word names no send. What is named twice is returned once.

        Raises:
            DeskError: If a number or an id means no send.
        """
        named, rest = _leading(text)
        found: dict[int, SendRecord] = {}
        for name in named:
            for send in self._meant(name):
                found.setdefault(send.id, send)
        return list(found.values()), rest

    def one(self, name: str) -> "SendRecord":
        """Return the send that *name* means: a number, or anything that the desk finds a send by.

        Raises:
            DeskError: If it means none, or several.
        """
        if not name:
            raise DeskError("Name a send, by its number or its id.")
        if not _NUMBERS.fullmatch(name):
            return self._found(name)
        try:
            (send,) = self._meant(name)
        except ValueError:
            raise DeskError("One send at a time is read: name just one.") from None
        return send

    def is_id(self, word: str) -> bool:
        """Return whether *word* looks like an id of a send."""
        return bool(_ID.fullmatch(word))

    def _meant(self, name: str) -> "list[SendRecord]":
        numbers = _NUMBERS.fullmatch(name)
        if numbers is None:
            return [self._found(name)]
        first = int(numbers["first"])
        last = int(numbers["last"] or first)
        if last < first:
            first, last = last, first
        if last - first >= _MOST:
            raise DeskError(f"That is more than {_MOST:,} sends: name fewer.")
        return [self._sends.numbered(number) for number in range(first, last + 1)]

    def _found(self, name: str) -> "SendRecord":
        found = self._desk.find(name)
        known = self._sends.number_of(found)
        # What was said of it is what the agent knows.
        return found if known is None else self._sends.numbered(known)


def _leading(text: str) -> tuple[list[str], str]:
    """Return the names of sends at the beginning of *text*, and the rest as it was typed."""
    found = _NAMES.match(text)
    if found is None:
        return [], text
    return re.split(r"\s*,\s*", found["names"]), text[found.end() :]

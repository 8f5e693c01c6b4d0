"""A secret: it can be used and not be shown."""

from typing import Any, Final

_SHOWN: Final = "***"


class Secret:
    """A key, a token or a password; wherever it is printed by mistake, three stars stand."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the secret itself, for the one place that needs it."""
        return self._text

    def words(self) -> tuple["Secret", ...]:
        """Return each of several secrets that are separated by spaces."""
        return tuple(map(Secret, self._text.split()))

    def __repr__(self) -> str:
        return _SHOWN

    def __format__(self, spec: str) -> str:
        return _SHOWN

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> Any:
        raise TypeError("A secret is written into no file.")

"""How a platform's API is read: its lists, and what shape their entries have."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from models.providers.incoming import Fact

if TYPE_CHECKING:
    from pydantic import BaseModel

Found = Callable[[Mapping[str, Any]], tuple[str, Fact] | None]


class Answer(NamedTuple):
    """What a list of an API answers, one page of it."""

    items: list[Any]
    """Its entries, as the JSON has them."""
    total: int | None
    """How many entries all pages have together; None if the answer does not say."""
    following: str
    """What the next page is asked by; empty where pages are counted, and on the last page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One list of a platform's API, read page by page."""

    name: str
    """What it lists, in the plural: `orders`."""
    path: str
    """Where it is: `/v1/orders`."""
    entry: "type[BaseModel]"
    """The shape of an entry, as the platform has published it."""
    items: str
    """Under which name an answer has its entries: `data`."""
    total: tuple[str, ...] = ()
    """Under which names it says how many there are: `("list_meta", "total_count")`."""
    page: str = "page"
    """The parameter that asks for a page."""
    per_page: str = "per_page"
    """The parameter that says how many entries a page has."""
    most: int = 100
    """How many entries a page may have."""
    following: tuple[str, ...] = ()
    """Under which names an answer has what the next page is asked by; empty if pages are counted from 1."""
    after: str = ""
    """The parameter that asks for what came at a time or later; empty if there is none."""
    overlap: timedelta = timedelta(minutes=10)
    """How much of what is known already is asked for again: what was written late is not missed."""
    time: str = ""
    """The field of an entry with the time that `after` is about; empty if entries do not have it."""
    fact: Found | None = None
    """Returns the external id and the fact that an entry adds to an entry of a later feed, where it is
    read for nothing else; None if its entries are read for what they say themselves."""

    def answer(self, body: Any) -> Answer:
        """Return a page out of the JSON that a platform has answered.

        Raises:
            ValueError: If it is no such page; the message says what is missing.
        """
        items = body.get(self.items) if isinstance(body, Mapping) else None
        if not isinstance(items, list):
            raise ValueError(f"it has no list under “{self.items}”")
        total = _inside(body, self.total) if self.total else None
        following = _inside(body, self.following) if self.following else None
        return Answer(
            items,
            total if isinstance(total, int) and total >= 0 else None,
            str(following) if isinstance(following, str | int) else "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """The API of a platform."""

    address: str
    """Where it is, if nobody says otherwise: `https://api.ongoody.com`."""
    prefix: str
    """What all its paths begin with: `/v1`."""
    feeds: tuple[Feed, ...]
    """What a sync reads, in this order."""
    token: str = "key"
    """The setting whose secret is sent with each request."""
    renewal: str = ""
    """Where a new token is given for a refresh token, which can be used once; empty if tokens last."""
    per_second: float | None = None
    """How many requests a second it allows; None if it does not say."""
    full_every: timedelta = timedelta(days=1)
    """How long after a sync of everything the next of its kind is due: not all changes are told as news."""


def _inside(body: Any, names: tuple[str, ...]) -> Any:
    """Return what *body* has under the last of *names*, each inside the one before; None if nothing."""
    for name in names:
        body = body.get(name) if isinstance(body, Mapping) else None
    return body

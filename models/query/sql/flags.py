"""One condition for each flag and each urgency."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

import sqlalchemy as sa
from sqlmodel import col

from models.providers.status import UNMAPPED_SLUG
from models.query.catalogue_words import final_statuses
from models.query.keys import SEARCHED
from models.query.text_search import TextSearch
from models.query.tree import StatusWord
from models.store.tables import NEVER, Send
from models.values.calendar import Calendar

WARNING = timedelta(hours=48)
"""How long before its limit a send is due soon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a filter's words refer to at the moment it is used."""

    now: datetime
    """In UTC."""
    me: str
    """Whom `@me` means."""
    search: TextSearch
    """How this database searches text."""
    calendar: Calendar = Calendar()  # noqa: RUF009 - a frozen value
    """Working days and the time zone of dates."""
    warning: timedelta = WARNING
    """How long before its limit a send is due soon."""
    at_hand: bool = False
    """Whether the conditions are asked of sends at hand, one by one, and not of indexes."""

    def text(self, term: str, columns: Sequence[str] = SEARCHED) -> sa.ColumnElement[bool]:
        """Return the condition for sends that have *term* somewhere in one of *columns*."""
        condition = self.search.check if self.at_hand else self.search.find
        return condition(term, columns)


Condition = Callable[[Asked], sa.ColumnElement[bool]]

_due_at = col(Send.due_at)
# What an agent has to see to at once has a moment since when; an index knows who has one.
_at_once = col(Send.at_once) & (_due_at < NEVER)
_triage_at = col(Send.triage_at)
UNOWNED = sa.func.length(col(Send.owner)) == 0
"""Nobody's: so many sends that an index of owners must not tempt the database to fetch them all."""
_snoozed_until = col(Send.snoozed_until)


def one_of_statuses(words: tuple[StatusWord, ...]) -> sa.ColumnElement[bool]:
    """Return the condition for sends that have one of the statuses."""
    by_provider: dict[str, list[str]] = {}
    for word in words:
        by_provider.setdefault(word.provider, []).append(word.slug)
    return sa.or_(
        *(
            col(Send.status).in_(slugs) & (col(Send.provider) == provider)
            if provider
            else col(Send.status).in_(slugs)
            for provider, slugs in by_provider.items()
        )
    )


def _triage(asked: Asked) -> sa.ColumnElement[bool]:
    # The first half is the one that an index serves.
    return (_triage_at <= asked.now) & ((_triage_at < asked.now) | _at_once)


def _over(asked: Asked) -> sa.ColumnElement[bool]:
    return (_due_at < asked.now) & ~_at_once


def _soon(asked: Asked) -> sa.ColumnElement[bool]:
    return (_due_at >= asked.now) & (_due_at <= asked.now + asked.warning) & ~_at_once


def _ok(asked: Asked) -> sa.ColumnElement[bool]:
    return (_due_at > asked.now + asked.warning) & (_due_at < NEVER) & ~_at_once


def _snoozed(asked: Asked) -> sa.ColumnElement[bool]:
    still = _snoozed_until.is_(None) | (_snoozed_until > asked.now)
    return (col(Send.snooze) != "") & still


URGENCIES: Mapping[str, Condition] = MappingProxyType(
    {
        "now": lambda asked: _at_once,
        "over": _over,
        "soon": _soon,
        "ok": _ok,
        "none": lambda asked: _due_at == NEVER,
    }
)
FLAGS: Mapping[str, Condition] = MappingProxyType(
    {
        "triage": _triage,
        "over": _over,
        "now": lambda asked: _at_once,
        "soon": _soon,
        "mine": lambda asked: col(Send.owner) == asked.me,
        "unowned": lambda asked: UNOWNED,
        "overridden": lambda asked: col(Send.override_status).is_not(None),
        # Only an override can be contested; an index knows which sends have one.
        "contested": lambda asked: col(Send.contested) & col(Send.override_status).is_not(None),
        "final": lambda asked: one_of_statuses(final_statuses()),
        "escalated": lambda asked: col(Send.escalated_at).is_not(None),
        "snoozed": _snoozed,
        "unmapped": lambda asked: col(Send.status) == UNMAPPED_SLUG,
        "uncertain": lambda asked: sa.and_(col(Send.order_uncertain)),
    }
)

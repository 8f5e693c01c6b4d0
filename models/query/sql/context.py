"""What a filter needs besides its words to become a condition."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.query.keys import SEARCHED_COLUMNS
from models.query.text_search import Condition, TextSearch
from models.rules.due import USUAL_WARNINGS, Warnings
from models.values.calendar import Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryContext:
    """What a filter's words refer to at the moment it is used, and how its condition is written."""

    now: datetime
    """In UTC."""
    me: str
    """Whom `@me` means."""
    search: TextSearch
    """How this database searches text."""
    calendar: Calendar = Calendar()  # noqa: RUF009 - a frozen value
    """Working days and the time zone of dates."""
    warnings: Warnings = USUAL_WARNINGS
    """How long before their limits sends count as due soon."""
    per_row: bool = False
    """True: the condition is evaluated for each scanned row (`EXISTS`, `LIKE`).
    False: it is written so that an index can answer it."""

    def text(self, term: str, columns: Sequence[str] = SEARCHED_COLUMNS) -> Condition:
        """Return the condition for sends that have *term* somewhere in one of *columns*."""
        condition = self.search.check if self.per_row else self.search.find
        return condition(term, columns)

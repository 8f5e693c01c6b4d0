"""What both ways to search text share: the columns, the spellings of a term, the tracking numbers."""

import sqlalchemy as sa

from models.store.tables import Send, Shipment, col
from models.values.spelling import cases, numbers_of, spellings

TRACKING = "tracking_number"
"""The column whose numbers shipments have too."""


def with_shipment(*numbers: str) -> sa.Select[int]:
    """Return the ids of the sends that have a shipment with one of the tracking *numbers*."""
    written = dict.fromkeys(form for number in numbers for form in numbers_of(number))
    return sa.select(col(Shipment.send_id)).where(col(Shipment.tracking_number).in_(list(written)))


def forms(term: str) -> tuple[str, ...]:
    """Return *term* in each spelling and, where a database may not know its capitals, in each case."""
    return tuple(dict.fromkeys(form for each in spellings(term) for form in cases(each)))


def column_of(name: str) -> sa.SQLColumnExpression[str]:
    """Return the column *name* of the table of sends."""
    column: sa.SQLColumnExpression[str] = col(getattr(Send, name))
    return column

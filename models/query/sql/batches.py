"""Which lists have order batches in them.

A batch has a row among the sends, so that agents own, escalate and snooze it like a send. Lists are of
sends all the same: a batch is on one only where the filter asks what needs work, or names batches.
"""

from typing import Final

import sqlalchemy as sa

from models.providers import catalogue
from models.providers.status import BATCH_TYPE
from models.query.catalogue_words import pairs_of
from models.query.text_search import Condition
from models.query.tree import And, Compare, Match, Node, Not, Or, StatusWord, ViewName, Word
from models.store.mapping import table_of
from models.store.tables import Send, col

_OF_WORK: Final = frozenset({"is", "urgency", "due", "owner", "by", "note", "id"})
"""The keys that ask what needs work, or for one thing by its name."""
IS_BATCH: Final = col(Send.type) == BATCH_TYPE
"""The index of the types finds them: they are few."""
# Of the table: an alias of the class would have SQLAlchemy prepare all classes for loading objects.
_OTHER = table_of(Send).alias().columns
NO_BATCH: Final = col(Send.id).not_in(sa.select(_OTHER.id).where(_OTHER.type == BATCH_TYPE))
"""Every index has the id, so with this condition an index of the list's order is still enough. The
batches, which are few, are read once for each statement."""


def has_batches(tree: Node) -> bool:
    """Whether the list of a filter has batches in it beside sends."""
    match tree:
        case And(terms) | Or(terms):
            return any(map(has_batches, terms))
        case Not(term):
            return has_batches(term)
        case Match(key, values):
            return key in _OF_WORK or any(_names_batches(key, value) for value in values)
        case Compare(key):
            return key in _OF_WORK
        case _:
            return False


def _names_batches(key: str, value: object) -> bool:
    match value:
        case ViewName():
            return has_batches(value.tree)
        case StatusWord():
            statuses = (catalogue.status(*pair) for pair in pairs_of(value))
            return any(BATCH_TYPE in status.types for status in statuses)
        case Word(text):
            return key == "type" and text == BATCH_TYPE
        case _:
            return False


def within(tree: Node, condition: Condition) -> Condition:
    """Return *condition*, that of the filter *tree*, without batches unless its list has them."""
    return condition if has_batches(tree) else sa.and_(condition, NO_BATCH)

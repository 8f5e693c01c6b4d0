"""The filter language: text to tree and back. `models.query.sql` makes conditions of trees."""

from models.query.complete import (
    Suggestion,
    complete,
    dated_words,
    is_at_cursor,
    may_go_on,
    without_word,
)
from models.query.edit import (
    is_of_batches,
    sorted_by,
    values_of,
    with_sort,
    with_values,
    without,
    without_sort,
)
from models.query.keys import FILTER_KEYS, FLAGS, values_for
from models.query.parser import Query, parse
from models.query.tree import SortKey

__all__ = [
    "FILTER_KEYS",
    "FLAGS",
    "Query",
    "SortKey",
    "Suggestion",
    "complete",
    "dated_words",
    "is_at_cursor",
    "is_of_batches",
    "may_go_on",
    "parse",
    "sorted_by",
    "values_for",
    "values_of",
    "with_sort",
    "with_values",
    "without",
    "without_sort",
    "without_word",
]

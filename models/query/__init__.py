"""The filter language: text to tree and back, and on to a condition for the database."""

from models.query.complete import Completion, complete
from models.query.edit import values_of, with_sort, with_values, without, without_sort
from models.query.keys import FLAGS, KEYS, values_for
from models.query.parser import Query, parse

__all__ = [
    "FLAGS",
    "KEYS",
    "Completion",
    "Query",
    "complete",
    "parse",
    "values_for",
    "values_of",
    "with_sort",
    "with_values",
    "without",
    "without_sort",
]

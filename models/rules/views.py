"""The views that every desk has, as filters in words."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class View(NamedTuple):
    """A named filter and the digit that opens it."""

    digit: str
    name: str
    query: str


VIEWS = (
    View("1", "Triage", "is:triage sort:due"),
    View("2", "Mine", "is:mine sort:due"),
    View("3", "Unassigned", "is:triage is:unowned sort:due"),
    View("4", "Escalated", "is:escalated sort:follow-up"),
    View("5", "Overridden", "is:overridden sort:-age"),
    View("6", "Snoozed", "is:snoozed sort:snooze"),
    View("0", "All", "sort:-created"),
)
"""In the order in which the desk shows them."""
BATCHES = View("7", "Batches", "is:batch sort:due,-id")
"""Stands before the last of them once there is a batch."""
VIEW_QUERIES: Mapping[str, str] = MappingProxyType(
    {view.name: view.query for view in (*VIEWS, BATCHES)}
)
"""The filters by name, for `in:`."""

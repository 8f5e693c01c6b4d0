"""Who does a verb: the desk itself, or the platform that the desk asks."""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Protocol

from tui.config import platform_settings
from tui.verbs import Verb

if TYPE_CHECKING:
    from models.desk import Desk
    from models.records import Case, SendRecord
    from models.rules.operations import Operation
    from models.writing.bulk import BulkResult
    from models.writing.writer import Request


class Doer(Protocol):
    """Does operations to sends."""

    def do(
        self, seen: "SendRecord", operation: "Operation", *, request: "Request | None" = None
    ) -> "Case":
        """Do *operation* to one send."""

    def do_all(
        self,
        sends: "Iterable[tuple[SendRecord, Request]]",
        operation: "Operation",
        *,
        stop: Callable[[], bool],
    ) -> "Iterator[BulkResult]":
        """Do *operation* to many sends."""


def doer_of(desk: "Desk", verb: Verb[Any]) -> Doer:
    """Return who does *verb*; what speaks with platforms is loaded only for verbs that need it."""
    if not verb.on_platform:
        return desk
    from models.live.asking import PlatformDesk

    return PlatformDesk(desk, platform_settings)

"""One deed for many sends: a few hundred to a transaction, refused one by one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

import sqlalchemy as sa

from models.database import Database
from models.database.gc_pause import gc_paused
from models.errors import DeskError
from models.history import journal
from models.history.journal import Appended, SendHistory
from models.records import SendRecord
from models.rules.due import Policy
from models.store import mapping
from models.writing.writer import DraftBuilder, Request, applied_requests, refuse_stale, reload

BULK_SIZE = 200
"""Sends of one transaction; between two of them other agents write."""


@dataclass(frozen=True, slots=True)
class BulkItem:
    """What happens to one send, or why nothing can."""

    seen: SendRecord
    build: DraftBuilder | DeskError
    request: Request


@dataclass(frozen=True, slots=True)
class BulkResult:
    """How a send stands now, or why nothing was written."""

    seen: SendRecord
    became: SendRecord | DeskError


def write_all(
    database: Database, wanted: Iterable[BulkItem], *, agent: str, now: datetime
) -> Iterator[BulkResult]:
    """Write each of *wanted* and yield what became of it, in their order.

    What was yielded is committed; a send that is refused keeps none of the others from being written.

    Raises:
        ReadOnly: If the database was opened for reading.
        DeskUnavailable: If it cannot be written; what was yielded before that is kept.
    """
    rest = iter(wanted)
    while several := list(islice(rest, BULK_SIZE)):
        with gc_paused(), database.write() as connection:
            results = _BulkTransaction(database, connection, agent, now).write(several)
        yield from results


@dataclass(slots=True)
class _BulkTransaction:
    """The sends of one transaction, which holds their locks."""

    database: Database
    connection: sa.Connection
    agent: str
    now: datetime
    entries: dict[int, SendHistory] = field(default_factory=dict)
    appended: list[Appended] = field(default_factory=list)

    def write(self, several: Sequence[BulkItem]) -> list[BulkResult]:
        self.entries = journal.lock_unchanged(self.connection, [each.seen for each in several])
        applied = applied_requests(self.connection, [each.request for each in several])
        policy = mapping.policy_of(self.connection)
        results = [self._result(each, applied.get(each.request.id), policy) for each in several]
        if self.appended:
            journal.write(self.database, self.connection, self.appended)
        return results

    def _result(self, wanted: BulkItem, applied: int | None, policy: Policy) -> BulkResult:
        try:
            return BulkResult(wanted.seen, self._after(wanted, applied, policy))
        except DeskError as problem:
            # Its traceback would hold on to all the sends of the transaction.
            return BulkResult(wanted.seen, problem.with_traceback(None))

    def _after(self, wanted: BulkItem, applied: int | None, policy: Policy) -> SendRecord:
        """Return how the send stands once its event is among those to be written."""
        seen, build = wanted.seen, wanted.build
        if isinstance(build, DeskError):
            raise build
        history = self.entries.get(seen.id)
        stands = history.send if history else reload(self.connection, seen)
        if wanted.request.was_applied(seen, applied):
            return stands
        refuse_stale(self.connection, stands, seen)
        assert history is not None
        event = build(history).event(self.agent, self.now, wanted.request)
        appended = journal.append(history, [event], policy, {})
        self.appended.append(appended)
        after = self.entries[seen.id] = appended.after()
        return after.send

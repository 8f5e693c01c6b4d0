"""One change for many sends: a few hundred to a transaction, refused one by one."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

import sqlalchemy as sa

from models.database import Database
from models.database.gc_pause import gc_paused
from models.errors import DeskError
from models.history import journal
from models.history.journal import Appended, SendHistory
from models.records import Event, SendRecord
from models.rules.due import Policy
from models.store import mapping
from models.writing.writer import DraftBuilder, Request, applied_requests, refuse_stale, reload

BULK_SIZE = 200
"""Sends of one transaction; between two transactions other agents can write."""


@dataclass(frozen=True, slots=True)
class BulkItem:
    """One send that is to be changed."""

    seen: SendRecord
    """As the agent saw it."""
    build: DraftBuilder
    """Drafts its event, or refuses."""
    request: Request
    """Keeps a retry from being applied twice."""
    any_revision: bool = False
    """Write also if the send has changed since it was seen."""


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What became of one send of a bulk change."""

    seen: SendRecord
    """As the agent saw it."""
    became: SendRecord | DeskError
    """The send as it is now, or why it was refused."""
    event: Event | None = None
    """What was written; None if nothing was, or if an earlier attempt had written it."""


def never() -> bool:
    """Return that nobody has asked to stop."""
    return False


def write_all(
    database: Database,
    items: Iterable[BulkItem],
    *,
    agent: str,
    now: datetime,
    stop: Callable[[], bool] = never,
    dry_run: bool = False,
) -> Iterator[BulkResult]:
    """Write each of *items* and yield what became of it, in their order.

    What was yielded is committed. A refused send does not keep the others from being written.

    Args:
        database: Where the sends are.
        items: The sends, read as they are needed, `BULK_SIZE` at a time.
        agent: Who changes them.
        now: When, in UTC.
        stop: Is asked before each transaction; once it says so, no further send is tried.
        dry_run: Yield what would become of each, and keep nothing of it.

    Raises:
        ReadOnly: If the database was opened for reading.
        DeskUnavailable: If it cannot be written; what was yielded before that is kept.
    """
    rest = iter(items)
    while not stop() and (several := list(islice(rest, BULK_SIZE))):
        results: list[BulkResult] = []
        with gc_paused(), suppress(_DryRun), database.write() as connection:
            results = _BulkTransaction(database, connection, agent, now).write(several)
            if dry_run:
                raise _DryRun
        yield from results


class _DryRun(Exception):
    """Raised inside the transaction of a dry run, so that it is rolled back."""


@dataclass(slots=True)
class _BulkTransaction:
    """The sends that one transaction changes."""

    database: Database
    connection: sa.Connection
    agent: str
    now: datetime
    histories: dict[int, SendHistory] = field(default_factory=dict)
    """By id, the sends that nobody has changed since they were seen."""
    appended: list[Appended] = field(default_factory=list)

    def write(self, several: Sequence[BulkItem]) -> list[BulkResult]:
        """Write *several* and return what became of each, in their order."""
        several = self._as_they_are(several)
        self.histories = journal.lock_unchanged(self.connection, [each.seen for each in several])
        applied = applied_requests(self.connection, [each.request for each in several])
        policy = mapping.policy_of(self.connection)
        results = [self._result(each, applied.get(each.request.id), policy) for each in several]
        if self.appended:
            journal.write(self.database, self.connection, self.appended)
        return results

    def _as_they_are(self, several: Sequence[BulkItem]) -> Sequence[BulkItem]:
        """Return *several*; those that may have changed, with their sends as they are now."""
        ids = [each.seen.id for each in several if each.any_revision]
        if not ids:
            return several
        now = mapping.find_all(self.connection, ids, for_writing=True)
        return [
            replace(each, seen=now.get(each.seen.id, each.seen)) if each.any_revision else each
            for each in several
        ]

    def _result(self, item: BulkItem, applied: int | None, policy: Policy) -> BulkResult:
        try:
            return BulkResult(item.seen, *self._after(item, applied, policy))
        except DeskError as problem:
            # The traceback refers to this transaction and so keeps the rows of all its sends in
            # memory for as long as the caller keeps the refusal.
            return BulkResult(item.seen, problem.with_traceback(None))

    def _after(
        self, item: BulkItem, applied: int | None, policy: Policy
    ) -> tuple[SendRecord, Event | None]:
        """Add the event of one send to those to be written and return the send with it, and the event.

        Raises:
            DeskError: If the send is refused.
        """
        seen = item.seen
        history = self.histories.get(seen.id)
        theirs = history.send if history else reload(self.connection, seen)
        if item.request.was_applied(seen, applied):
            return theirs, None
        is_exact = item.request.is_exact
        refuse_stale(self.connection, theirs, seen, self.now, is_exact=is_exact)
        if history is None:
            # Nothing but notes has come; the row is locked already.
            history = journal.lock_unchanged(self.connection, [theirs])[seen.id]
        event = item.build(history).event(self.agent, self.now, item.request)
        appended = journal.append(history, [event], policy, {})
        self.appended.append(appended)
        after = self.histories[seen.id] = appended.after()
        return after.send, appended.events[0]

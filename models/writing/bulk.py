"""One deed for many sends: a few hundred to a transaction, refused one by one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

import sqlalchemy as sa

from models.database import Database
from models.database.gc_pause import no_garbage
from models.errors import DeskError
from models.history import journal
from models.history.journal import Entry, Growth
from models.records import SendRecord
from models.rules.columns import Policy
from models.store import mapping
from models.writing.writer import Build, Request, applied_to, refuse_stale, stored

TOGETHER = 200
"""Sends of one transaction; between two of them other agents write."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What happens to one send, or why nothing can."""

    seen: SendRecord
    build: Build | DeskError
    request: Request


@dataclass(frozen=True, slots=True)
class Result:
    """How a send stands now, or why nothing was written."""

    seen: SendRecord
    became: SendRecord | DeskError


def write_all(
    database: Database, wanted: Iterable[Wanted], *, agent: str, now: datetime
) -> Iterator[Result]:
    """Write each of *wanted* and yield what became of it, in their order.

    What was yielded is committed; a send that is refused keeps none of the others from being written.

    Raises:
        ReadOnly: If the database was opened for reading.
        DeskUnavailable: If it cannot be written; what was yielded before that is kept.
    """
    rest = iter(wanted)
    while several := list(islice(rest, TOGETHER)):
        with no_garbage(), database.write() as connection:
            results = _Together(database, connection, agent, now).write(several)
        yield from results


@dataclass(slots=True)
class _Together:
    """The sends of one transaction, which holds their locks."""

    database: Database
    connection: sa.Connection
    agent: str
    now: datetime
    entries: dict[int, Entry] = field(default_factory=dict)
    growths: list[Growth] = field(default_factory=list)

    def write(self, several: Sequence[Wanted]) -> list[Result]:
        self.entries = journal.open_seen(self.connection, [each.seen for each in several])
        applied = applied_to(self.connection, [each.request for each in several])
        policy = mapping.policy_of(self.connection)
        results = [self._result(each, applied.get(each.request.id), policy) for each in several]
        if self.growths:
            journal.write(self.database, self.connection, self.growths)
        return results

    def _result(self, wanted: Wanted, applied: int | None, policy: Policy) -> Result:
        try:
            return Result(wanted.seen, self._after(wanted, applied, policy))
        except DeskError as problem:
            # Its traceback would hold on to all the sends of the transaction.
            return Result(wanted.seen, problem.with_traceback(None))

    def _after(self, wanted: Wanted, applied: int | None, policy: Policy) -> SendRecord:
        """Return how the send stands once its event is among those to be written."""
        seen, build = wanted.seen, wanted.build
        if isinstance(build, DeskError):
            raise build
        entry = self.entries.get(seen.id)
        stands = entry.send if entry else stored(self.connection, seen)
        if wanted.request.was_applied(seen, applied):
            return stands
        refuse_stale(self.connection, stands, seen)
        assert entry is not None
        event = build(entry).signed(self.agent, self.now, wanted.request)
        growth = journal.grow(entry, [event], policy, {})
        self.growths.append(growth)
        after = self.entries[seen.id] = growth.after()
        return after.send

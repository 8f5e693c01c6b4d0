"""Imports: payloads of providers become sends. Everything that providers write goes through here."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from itertools import islice

import sqlalchemy as sa

from models.database import Database
from models.database.gc_pause import gc_paused
from models.errors import DeskUnavailable
from models.intake import deliveries
from models.intake.batch import Batch, IntakeCounts
from models.intake.present import settle
from models.providers.incoming import Incoming
from models.values.clock import Clock, utc_now
from models.values.local_time import LocalTime

BATCH = 20_000
"""How many payloads are written in one transaction."""
_WARNINGS_SHOWN = 20
"""How many warnings a report keeps; the others are only counted."""

_KINDS = 200
"""How many kinds of warnings a report tells apart."""

Also = Callable[[sa.Connection, IntakeCounts], None]


@dataclass(slots=True)
class Doubt:
    """What is not sure of one send, or in the same words of several."""

    first: str
    """The sentence about the first of them, with its name."""
    count: int = 0

    def line(self) -> str:
        """Return one sentence about all of them."""
        name, _, said = self.first.partition(": ")
        return self.first if self.count == 1 else f"{name} and {self.count - 1:,} more: {said}"


@dataclass(slots=True)
class ImportReport:
    """What an import did: how many payloads were read, and what they brought."""

    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    left_out: int = 0
    """How many were not taken, as their id belongs to somebody else."""
    ruled: int = 0
    """For how many sends a rule that time triggers wrote something."""
    warned: int = 0
    """How many warnings there were."""
    warnings: list[str] = field(default_factory=list)
    """The first twenty of them, each with the send that it is about."""
    doubts: dict[str, Doubt] = field(default_factory=dict)
    """All of them by their words, without the names of the sends."""

    def note(self, send: Incoming) -> None:
        """Count a payload that was read, and its warnings."""
        self.read += 1
        if send.warnings:
            name = f"{send.provider}:{send.external_id}"
            self.warn([f"{name}: {text}" for text in send.warnings])

    def warn(self, sentences: Sequence[str]) -> None:
        """Count *sentences*, each with the send that it is about, and keep the first of all."""
        self.warned += len(sentences)
        self.warnings.extend(sentences[: max(_WARNINGS_SHOWN - len(self.warnings), 0)])
        count_doubts(self.doubts, [Doubt(each, 1) for each in sentences])


def count_doubts(known: dict[str, Doubt], more: Iterable[Doubt]) -> None:
    """Add *more* to *known*, by their words."""
    for each in more:
        words = each.first.partition(": ")[2]
        if words in known or len(known) < _KINDS:
            known.setdefault(words, Doubt(each.first)).count += each.count


class _DryRun(Exception):
    """Raised inside the transaction of a dry run, so that it is rolled back."""


@dataclass(slots=True)
class Intake:
    """Imports payloads into one database.

    Each batch is committed as a whole, so an import that was interrupted can simply be repeated.

    Attributes:
        database: Where the sends are stored.
        clock: Gives the time that events are recorded at; by default the database's own.
        batch: How many payloads are written in one transaction.
        zone: The time zone in which warnings tell times.
    """

    database: Database
    clock: Clock = utc_now
    batch: int = BATCH
    zone: tzinfo = UTC
    _awaited: bool = field(init=False, default=False)
    """Whether messages of webhooks waited for sends that are there now."""

    def apply(
        self,
        sends: Iterable[Incoming],
        *,
        source: str,
        dry_run: bool = False,
        progress: Callable[[int], None] = lambda count: None,
        also: Also = lambda connection, counts: None,
    ) -> ImportReport:
        """Import *sends*; what is stored already changes nothing.

        Args:
            sends: Payloads in any order; several may describe one send.
            source: Where they come from, for the history: `import:orders.csv`.
            dry_run: Report what would happen and write nothing.
            progress: Called after each batch with the number of payloads imported so far.
            also: Called in the transaction of each batch, with what it brought, for what else belongs there.

        Raises:
            ReadOnly: If the database was opened for reading.
            DeskUnavailable: If it cannot be written; the batches before that are kept.
        """
        report = ImportReport()
        rest = iter(sends)
        self._awaited = False
        while self._apply_batch(islice(rest, self.batch), report, source, also, dry_run=dry_run):
            progress(report.read)
        if self._awaited:
            self._apply_deliveries()
        return report

    def _apply_deliveries(self) -> None:
        """Apply the messages of webhooks that waited for sends of this import.

        What hinders that is no failure of the import: they are kept, and tried again by the next one.
        """
        with suppress(DeskUnavailable):
            while deliveries.apply_new(self.database, self._now()):
                pass

    def _now(self) -> datetime:
        return self.database.clock() if self.clock is utc_now else self.clock()

    @gc_paused()
    def _apply_batch(
        self,
        sends: Iterable[Incoming],
        report: ImportReport,
        source: str,
        also: Also,
        *,
        dry_run: bool,
    ) -> bool:
        """Import one batch; return whether there was anything in it."""
        now = self._now()
        local = LocalTime(now, self.zone)
        payloads = [settle(send, local, source) for send in sends]
        if not payloads:
            return False
        for send in payloads:
            report.note(send)
        try:
            with self.database.write() as connection:
                batch = Batch(self.database, connection, source, now)
                counts = batch.apply(payloads)
                also(connection, counts)
                if dry_run:
                    raise _DryRun
                self._awaited = bool(deliveries.wake(connection)) or self._awaited
        except _DryRun:
            pass
        report.warn(batch.warnings)
        report.new += counts.new
        report.changed += counts.changed
        report.unchanged += counts.unchanged
        report.left_out += counts.left_out
        report.ruled += counts.ruled
        return True

"""What platforms say becomes sends. Every platform write is here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice

from models.database import Database
from models.database.gc_pause import gc_paused
from models.intake.batch import Batch
from models.providers.provider import Incoming
from models.values.calendar import Clock, utc_now

BATCH = 20_000
"""How many sends are one transaction."""
_WARNINGS_SHOWN = 20


@dataclass(slots=True)
class Report:
    """What became of the sends that were taken in."""

    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    warned: int = 0
    warnings: list[str] = field(default_factory=list)
    """The first twenty."""

    def note(self, send: Incoming) -> None:
        """Count a send that was read, and keep what was odd about it."""
        self.read += 1
        if not send.warnings:
            return
        self.warned += len(send.warnings)
        room = max(_WARNINGS_SHOWN - len(self.warnings), 0)
        name = f"{send.provider}:{send.external_id}"
        self.warnings.extend(f"{name}: {text}" for text in send.warnings[:room])


class _DryRun(Exception):
    """Takes back a batch that was only tried."""


@dataclass(slots=True)
class Intake:
    """Takes what platforms say into one database.

    Whole batches are committed: an intake that broke off ends the same when it is repeated.
    """

    database: Database
    clock: Clock = utc_now
    batch: int = BATCH

    def take(
        self,
        sends: Iterable[Incoming],
        *,
        source: str,
        dry_run: bool = False,
        progress: Callable[[int], None] = lambda taken: None,
    ) -> Report:
        """Take in *sends*; what is known already changes nothing.

        Args:
            sends: In any order, each as often as it likes.
            source: Where they come from, for the history.
            dry_run: Report what would happen and write nothing.
            progress: Is told how many were taken in each time a batch is safe.

        Raises:
            ReadOnly: If the database was opened for reading.
            DeskUnavailable: If it cannot be written; whole batches before that are kept.
        """
        report = Report()
        rest = iter(sends)
        while self._take_some(islice(rest, self.batch), report, source, dry_run=dry_run):
            progress(report.read)
        return report

    @gc_paused()
    def _take_some(
        self, sends: Iterable[Incoming], report: Report, source: str, *, dry_run: bool
    ) -> bool:
        """Take in one batch, and say whether there was anything in it."""
        several = list(sends)
        if not several:
            return False
        for send in several:
            report.note(send)
        try:
            with self.database.write() as connection:
                batch = Batch(self.database, connection, source, self.clock())
                tally = batch.take(several)
                if dry_run:
                    raise _DryRun
        except _DryRun:
            pass
        report.new += tally.new
        report.changed += tally.changed
        report.unchanged += tally.unchanged
        return True

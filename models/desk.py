"""The desk: what an agent reads and does. Every verb of an agent is a method here."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

from models.database import Database
from models.errors import BadName
from models.records import Case, SendRecord
from models.rules.due import FOLLOW_UP
from models.rules.judging import Verdict, judge
from models.rules.names import why_no_name
from models.rules.operations import (
    AddNote,
    Assign,
    Escalate,
    Finish,
    Operation,
    PutOff,
    Release,
    Resolve,
    SetStatus,
    Take,
    Wake,
)
from models.rules.state import is_reserved
from models.values.clock import Clock, utc_now
from models.values.text import display_text, storable
from models.writing import steps
from models.writing.bulk import BulkItem, BulkResult, never, write_all
from models.writing.drafting import builder_of
from models.writing.platform_writer import PlatformWriter
from models.writing.steps import Step
from models.writing.undo import turned_items
from models.writing.writer import NAME_KEPT, Bulk, DraftBuilder, Request

if TYPE_CHECKING:
    from models.writing.rule_runner import Ruled

_NAME_SHOWN = 60


class Desk(PlatformWriter):
    """One agent at one database.

    Every verb appends one event to the history of a send, in one transaction, and returns the case
    after it. They have two arguments in common: `seen`, the send as the agent saw it, and `request`,
    which is applied only once, however often it is sent; None makes a new one.

    Besides the refusals that each verb names, all of them raise `StaleSend` if the send has changed
    since it was seen, `UnknownSend` if it is gone, `ReadOnly` if the desk was opened for reading and
    `DeskUnavailable` if the database cannot be read or written.
    """

    def __init__(
        self, database: Database, agent: str, clock: Clock = utc_now, zone: tzinfo = UTC
    ) -> None:
        """Sit down as *agent*.

        Args:
            database: Where the sends are.
            agent: The name that signs what is written.
            clock: Tells the present, in UTC.
            zone: In which the agent reads times.

        Raises:
            BadName: If a platform or a rule signs with that name, or nobody can be called so.
        """
        if is_reserved(agent):
            raise BadName(
                f"“{display_text(agent, _NAME_SHOWN)}” is how a platform or a rule signs: "
                "work under your own name (--agent NAME)."
            )
        if why := why_no_name(agent):
            raise BadName(
                f"“{display_text(agent, _NAME_SHOWN)}” {why}: work under your own name (--agent NAME)."
            )
        super().__init__(database, agent, clock, zone)

    def as_it_was(
        self, moment: datetime, progress: Callable[[int, int], object] = lambda done, total: None
    ) -> "Desk":
        """Return the desk as it was at *moment*, for reading; whoever asks for it closes its database.

        It takes as long as there is much that was written since. `cancel` ends the work.

        Args:
            moment: In UTC; it is the present of the desk that is returned.
            progress: Is told again and again how much is done, and of how much.

        Raises:
            DeskError: If nothing is known of that moment.
            DeskUnavailable: If the database cannot be read.
            Cancelled: If `cancel` was called, before or meanwhile.
        """
        # Few agents look back, and the first list does not wait for what that takes.
        from models.reading.past import open_past

        past = open_past(self, moment, progress=progress, reads=self._reads)
        return Desk(past, self.agent, lambda: moment, self.zone)

    def do(self, seen: SendRecord, operation: Operation, *, request: Request | None = None) -> Case:
        """Do *operation* to one send.

        Raises:
            DeskError: If the rules refuse it: `judge` says so before.
        """
        build = self._builder(operation)
        return self.write(seen, build, request, any_revision=isinstance(operation, AddNote))

    def do_all(
        self,
        sends: Iterable[tuple[SendRecord, Request]],
        operation: Operation,
        *,
        stop: Callable[[], bool] = never,
    ) -> Iterator[BulkResult]:
        """Do *operation* to many sends, `BULK_SIZE` to a transaction.

        Args:
            sends: The sends as the agent saw them, each with its own request; read as needed.
            operation: What is to be done.
            stop: Is asked before each transaction; once it says so, no further send is tried.

        Yields:
            What became of each send, in their order. What was yielded is committed, and a refused
            send is a result like any other. Sends that were not tried are missing.

        Raises:
            ReadOnly: If the desk was opened for reading.
            DeskUnavailable: If the database cannot be written; what was yielded before is kept.
        """
        build, any_revision = self._builder(operation), isinstance(operation, AddNote)
        items = (BulkItem(seen, build, request, any_revision) for seen, request in sends)
        return write_all(self.database, items, agent=self.agent, now=self.now(), stop=stop)

    def run_rules(
        self, source: str, *, stop: Callable[[], bool] = never, dry_run: bool = False
    ) -> "Iterator[Ruled]":
        """Let the rules that time triggers look at each send whose moment has come.

        Args:
            source: Who lets them run, for the history: `desk` or `cli`.
            stop: Is asked before each transaction; once it says so, no further send is looked at.
            dry_run: Yield what would be made of each send, and write nothing.

        Yields:
            What they made of each send. What was yielded is committed.

        Raises:
            ReadOnly: If the desk was opened for reading, and something is due.
            DeskUnavailable: If the database cannot be written; what was yielded before is kept.
        """
        from models.writing.rule_runner import run_rules

        return run_rules(self.database, clock=self.now, source=source, stop=stop, dry_run=dry_run)

    def judge(self, sends: Iterable[SendRecord], operation: Operation) -> list[Verdict]:
        """Return for each of *sends*, as it is now, whether *operation* fits it; reads nothing."""
        now, agent, known = self.now(), self._stored_name, self._known(operation)
        return [judge(send, known, agent=agent, now=now) for send in sends]

    def override(
        self,
        seen: SendRecord,
        word: str,
        reason: str,
        *,
        force: bool = False,
        request: Request | None = None,
    ) -> Case:
        """Put a status in place of the provider's.

        Args:
            seen: The send as the agent saw it.
            word: The new status: its slug, label or an alias.
            reason: Why; required.
            force: Allow a step outside the usual lifecycle.
            request: Keeps a retry from being applied twice.

        Raises:
            UnknownStatus: If the provider has no such status.
            MissingReason: If there is no reason.
            OffLifecycle: If the step is unusual and not forced.
            NothingToDo: If the send is in that status already and the provider does not contest it.
        """
        return self.do(seen, SetStatus(word, reason, force), request=request)

    def release(
        self, seen: SendRecord, reason: str = "", *, request: Request | None = None
    ) -> Case:
        """End the override; the provider's status is in force again.

        Raises:
            NothingToDo: If there is no override.
        """
        return self.do(seen, Release(reason), request=request)

    def last_step(self, seen: SendRecord | None = None, passing: Iterable[Step] = ()) -> Step:
        """Return what `undo` takes back next: the agent's newest action, or all those of a bulk.

        Args:
            seen: The one send to look at, whose actions are steps alone; None for all sends.
            passing: Steps that are passed over.

        Raises:
            NothingToDo: If there is none.
            DeskUnavailable: If the database cannot be read.
        """
        with self.database.read() as connection:
            return steps.last_step(connection, self.agent, seen.id if seen else None, passing)

    def last_undone_step(self, seen: SendRecord | None = None) -> Step:
        """Return what `redo` does again next: what the agent took back last, of *seen* or of all sends.

        Raises:
            NothingToDo: If there is nothing.
            DeskUnavailable: If the database cannot be read.
        """
        with self.database.read() as connection:
            return steps.last_undone_step(connection, self.agent, seen.id if seen else None)

    def begun_step(self, name: str, seen: SendRecord | None = None) -> Step:
        """Return the step that the agent's request called *name* has begun to take back or do again.

        A retry goes on with it. It is empty if the request has written nothing yet.

        Args:
            name: The id of the request.
            seen: The one send that the request is about; None for a step of any size.

        Raises:
            NothingToDo: If the request did something else.
            DeskUnavailable: If the database cannot be read.
        """
        with self.database.read() as connection:
            return steps.begun_step(connection, self.agent, seen.id if seen else None, name)

    def step_of(self, name: str) -> Step:
        """Return what the agent's request called *name* did; empty if there is no such request.

        Raises:
            NothingToDo: If all of it is taken back.
            DeskUnavailable: If the database cannot be read.
        """
        with self.database.read() as connection:
            return steps.step_of(connection, self.agent, name)

    def undo_or_redo(
        self,
        step: Step,
        request: Callable[[SendRecord], Request] | None = None,
        *,
        seen: SendRecord | None = None,
        stop: Callable[[], bool] = never,
        dry_run: bool = False,
    ) -> Iterator[BulkResult]:
        """Take back each action of *step*, or do it again if it was taken back.

        Args:
            step: What `last_step`, `last_undone_step`, `begun_step` or `step_of` found.
            request: Returns what keeps a retry for one send from being applied twice; None makes new ones.
            seen: The one send of the step as the agent saw it; None for all as they are now.
            stop: Is asked before each transaction; once it says so, no further action is tried.
            dry_run: Yield what would become of each send, and keep nothing of it.

        Yields:
            What became of each send, in the order of *step*. What was yielded is committed; a send that
            has moved on is refused with `NothingToDo`.

        Raises:
            ReadOnly: If the desk was opened for reading.
            DeskUnavailable: If the database cannot be written; what was yielded before is kept.
        """
        now = self.now()
        items = turned_items(self.database, step, request or Bulk().request, now, seen)
        return write_all(
            self.database, items, agent=self.agent, now=now, stop=stop, dry_run=dry_run
        )

    def note(self, seen: SendRecord, text: str, *, request: Request | None = None) -> Case:
        """Add a note to the history, whether or not the send has changed since it was seen.

        Raises:
            MissingReason: If the note is empty.
        """
        return self.do(seen, AddNote(text), request=request)

    def take(self, seen: SendRecord, *, request: Request | None = None) -> Case:
        """Make the agent the owner.

        Raises:
            NothingToDo: If the send is the agent's already.
        """
        return self.do(seen, Take(), request=request)

    def assign(self, seen: SendRecord, owner: str, *, request: Request | None = None) -> Case:
        """Make *owner* the owner; an empty name leaves the send without one.

        Raises:
            NothingToDo: If *owner* owns it already.
        """
        return self.do(seen, Assign(owner), request=request)

    def escalate(
        self,
        seen: SendRecord,
        reference: str = "",
        follow_up_at: datetime | None = None,
        *,
        reason: str = "",
        request: Request | None = None,
    ) -> Case:
        """Mark the send as escalated; it stays out of triage until *follow_up_at*.

        Args:
            seen: The send as the agent saw it.
            reference: The ticket at the provider's support.
            follow_up_at: When to look again, in UTC; two business days from now if None.
            reason: What was asked of them.
            request: Keeps a retry from being applied twice.

        Raises:
            DeskError: If *follow_up_at* has passed.
        """
        return self.do(seen, Escalate(reference, follow_up_at, reason), request=request)

    def resolve(
        self, seen: SendRecord, reason: str = "", *, request: Request | None = None
    ) -> Case:
        """End the escalation.

        Raises:
            NothingToDo: If there is none.
        """
        return self.do(seen, Resolve(reason), request=request)

    def snooze(
        self, seen: SendRecord, until: datetime | None = None, *, request: Request | None = None
    ) -> Case:
        """Keep the send out of triage until a moment, or with None until its provider changes it.

        Args:
            seen: The send as the agent saw it.
            until: When it comes back, in UTC.
            request: Keeps a retry from being applied twice.

        Raises:
            DeskError: If *until* has passed.
        """
        return self.do(seen, PutOff(until), request=request)

    def done(self, seen: SendRecord, *, request: Request | None = None) -> Case:
        """Keep the send out of triage until its provider changes it or its next limit is over."""
        return self.do(seen, Finish(), request=request)

    def wake(self, seen: SendRecord, *, request: Request | None = None) -> Case:
        """End what `snooze` or `done` began.

        Raises:
            NothingToDo: If the send is neither snoozed nor done.
        """
        return self.do(seen, Wake(), request=request)

    def _builder(self, operation: Operation) -> DraftBuilder:
        return builder_of(self._completed(operation), agent=self._stored_name, now=self.now())

    @property
    def _stored_name(self) -> str:
        """The agent's name as an owner's is stored."""
        return storable(self.agent.strip(), NAME_KEPT)

    def _completed(self, operation: Operation) -> Operation:
        """Return *operation* with its usual moment where it leaves that open."""
        known = self._known(operation)
        if isinstance(known, Escalate) and known.follow_up_at is None:
            return known._replace(follow_up_at=self.calendar().after(self.now(), FOLLOW_UP))
        return known

    @staticmethod
    def _known(operation: Operation) -> Operation:
        """Return *operation* with the owner's name as it is stored."""
        if isinstance(operation, Assign):
            return Assign(storable(operation.owner.strip(), NAME_KEPT))
        return operation

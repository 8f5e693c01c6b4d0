"""The desk: what an agent reads and does. Every verb of an agent is a method here."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from models.errors import DeskError, NothingToDo
from models.history.journal import SendHistory
from models.records import Case, EventKind, SendRecord
from models.rules.due import FOLLOW_UP, is_put_off
from models.values.text import storable
from models.writing import steps
from models.writing.bulk import BulkItem, BulkResult, write_all
from models.writing.override import override_draft, required
from models.writing.steps import Step
from models.writing.undo import turned_items
from models.writing.writer import NAME_KEPT, Bulk, Draft, Request, Writer


class Desk(Writer):
    """One agent at one database.

    Every verb appends one event to the history of a send, in one transaction, and returns the case
    after it. They have two arguments in common: `seen`, the send as the agent saw it, and `request`,
    which is applied only once, however often it is sent; None makes a new one.

    Besides the refusals that each verb names, all of them raise `StaleSend` if the send has changed
    since it was seen, `UnknownSend` if it is gone, `ReadOnly` if the desk was opened for reading and
    `DeskUnavailable` if the database cannot be read or written.
    """

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
        return self.write(seen, override_draft(seen, word, reason, force=force), request)

    def override_all(
        self,
        sends: Iterable[tuple[SendRecord, Request]],
        word: str,
        reason: str,
        *,
        force: bool = False,
    ) -> Iterator[BulkResult]:
        """Override the status of many sends, `BULK_SIZE` to a transaction.

        Args:
            sends: The sends as the agent saw them, each with its own request; read as needed.
            word: The new status: its slug, label or an alias.
            reason: Why; required.
            force: Allow steps outside the usual lifecycle.

        Yields:
            What became of each send, in their order. What was yielded is committed, and a refused
            send is a result like any other.

        Raises:
            ReadOnly: If the desk was opened for reading.
            DeskUnavailable: If the database cannot be written; what was yielded before is kept.
        """

        def items() -> Iterator[BulkItem]:
            for seen, request in sends:
                try:
                    build = override_draft(seen, word, reason, force=force)
                except DeskError as problem:
                    yield BulkItem(seen, problem, request)
                else:
                    yield BulkItem(seen, build, request)

        return write_all(self.database, items(), agent=self.agent, now=self.now())

    def release(
        self, seen: SendRecord, reason: str = "", *, request: Request | None = None
    ) -> Case:
        """End the override; the provider's status is in force again.

        Raises:
            NothingToDo: If there is no override.
        """

        def build(history: SendHistory) -> Draft:
            state = history.state()
            if state.override is None:
                raise NothingToDo(f"{seen.ref} has no override to release.")
            return Draft(EventKind.RELEASE, state.status, state.provider_status, reason)

        return self.write(seen, build, request)

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
    ) -> Iterator[BulkResult]:
        """Take back each action of *step*, or do it again if it was taken back.

        Args:
            step: What `last_step`, `last_undone_step`, `begun_step` or `step_of` found.
            request: Returns what keeps a retry for one send from being applied twice; None makes new ones.
            seen: The one send of the step as the agent saw it; None for all as they are now.

        Yields:
            What became of each send, in the order of *step*. What was yielded is committed; a send that
            has moved on is refused with `NothingToDo`.

        Raises:
            ReadOnly: If the desk was opened for reading.
            DeskUnavailable: If the database cannot be written; what was yielded before is kept.
        """
        now = self.now()
        items = turned_items(self.database, step, request or Bulk().request, now, seen)
        return write_all(self.database, items, agent=self.agent, now=now)

    def note(self, seen: SendRecord, text: str, *, request: Request | None = None) -> Case:
        """Add a note to the history, whether or not the send has changed since it was seen.

        Raises:
            MissingReason: If the note is empty.
        """
        draft = Draft(EventKind.NOTE, reason=required(text, f"The note on {seen.ref} is empty."))
        return self.write(seen, lambda history: draft, request, any_revision=True)

    def take(self, seen: SendRecord, *, request: Request | None = None) -> Case:
        """Make the agent the owner.

        Raises:
            NothingToDo: If the send is the agent's already.
        """
        return self.assign(seen, self.agent, request=request)

    def assign(self, seen: SendRecord, owner: str, *, request: Request | None = None) -> Case:
        """Make *owner* the owner; an empty name leaves the send without one.

        Raises:
            NothingToDo: If *owner* owns it already.
        """
        name = storable(owner.strip(), NAME_KEPT)

        def build(history: SendHistory) -> Draft:
            owner = history.send.owner
            if owner == name:
                raise NothingToDo(f"{seen.ref} belongs to {name or 'nobody'} already.")
            return Draft(EventKind.OWNER, further={"owner": name, "was": owner})

        return self.write(seen, build, request)

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
        again = follow_up_at or self.calendar().after(self.now(), FOLLOW_UP)
        self._require_future(again)
        further = {
            "reference": storable(reference.strip(), NAME_KEPT),
            "follow_up_at": again.isoformat(),
        }
        draft = Draft(EventKind.ESCALATE, reason=reason, further=further)
        return self.write(seen, lambda history: draft, request)

    def resolve(
        self, seen: SendRecord, reason: str = "", *, request: Request | None = None
    ) -> Case:
        """End the escalation.

        Raises:
            NothingToDo: If there is none.
        """

        def build(history: SendHistory) -> Draft:
            send = history.send
            if send.escalated_at is None:
                raise NothingToDo(f"{seen.ref} is not escalated.")
            return Draft(
                EventKind.RESOLVE, reason=reason, further={"reference": send.escalation_ref}
            )

        return self.write(seen, build, request)

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
        if until is not None:
            self._require_future(until)
        moment = until.isoformat() if until else None

        def build(history: SendHistory) -> Draft:
            return Draft(EventKind.SNOOZE, further={"until": moment, "seen": history.state().word})

        return self.write(seen, build, request)

    def done(self, seen: SendRecord, *, request: Request | None = None) -> Case:
        """Keep the send out of triage until its provider changes it or its next limit is over."""

        def build(history: SendHistory) -> Draft:
            return Draft(EventKind.DONE, further={"seen": history.state().word})

        return self.write(seen, build, request)

    def wake(self, seen: SendRecord, *, request: Request | None = None) -> Case:
        """End what `snooze` or `done` began.

        Raises:
            NothingToDo: If the send is neither snoozed nor done.
        """

        def build(history: SendHistory) -> Draft:
            if not is_put_off(history.send, self.now()):
                raise NothingToDo(f"{seen.ref} is neither snoozed nor done.")
            return Draft(EventKind.WAKE)

        return self.write(seen, build, request)

    def _require_future(self, moment: datetime) -> None:
        if moment <= self.now():
            raise DeskError("That moment has passed: name a time to come.")

"""The desk: what an agent reads and does. Every verb of an agent is a method here."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from models.errors import DeskError, NothingToDo
from models.history.journal import SendHistory
from models.records import Case, EventKind, SendRecord
from models.rules.due import FOLLOW_UP
from models.values.text import storable
from models.writing.bulk import BulkItem, BulkResult, write_all
from models.writing.override import override_draft, required
from models.writing.undo import FindLast, last_override, last_undo, redo_draft, undo_draft
from models.writing.writer import NAME_KEPT, Draft, DraftBuilder, Request, Writer, applied_requests


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

    def undo(self, seen: SendRecord | None = None, *, request: Request | None = None) -> Case:
        """Undo the agent's last override: of *seen*, or with None of any send.

        Raises:
            NothingToDo: If there is none, or the status has changed since.
        """
        return self._write_about_last(last_override, undo_draft, seen, request)

    def redo(self, seen: SendRecord | None = None, *, request: Request | None = None) -> Case:
        """Set the agent's last undone override again, with its reason: of *seen*, or of any send.

        Raises:
            NothingToDo: If there is none, or the status has changed since.
        """
        return self._write_about_last(last_undo, redo_draft, seen, request)

    def _write_about_last(
        self,
        find_last: FindLast,
        build: Callable[[int], DraftBuilder],
        seen: SendRecord | None,
        request: Request | None,
    ) -> Case:
        """Write the event that *build* drafts for the event that *find_last* finds."""
        with self.database.read() as connection:
            done = applied_requests(connection, [request] if request else [])
            if done:
                return self.read_case(connection, *done.values())
            send_id, seq = find_last(connection, self.agent, seen)
            seen = seen or self.read_case(connection, send_id).send
        return self.write(seen, build(seq), request)

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

    def _require_future(self, moment: datetime) -> None:
        if moment <= self.now():
            raise DeskError("That moment has passed: name a time to come.")

"""The desk: what an agent reads and does. Every agent's verb is here."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from models.errors import DeskError, NothingToDo
from models.history.journal import SendHistory
from models.records import Case, EventKind, SendRecord
from models.rules.due import FOLLOW_UP
from models.values.text import storable
from models.writing.bulk import BulkItem, BulkResult, write_all
from models.writing.override import overriding, required
from models.writing.undo import Last, last_override, last_undo, redoing, undoing
from models.writing.writer import NAME_KEPT, Draft, DraftBuilder, Request, Writer, applied_requests


class Desk(Writer):
    """One agent at one database.

    Every verb takes the send as the agent *saw* it, returns the case as it then stands, and raises
    `StaleSend` when the send has changed since, `ReadOnly` or `DeskUnavailable` when nothing can be
    written. The same `Request` is applied once, however often it is sent.
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
        """Put the status that *word* means in place of the platform's; a reason is required.

        Raises:
            UnknownStatus: If the platform has no such status.
            OffLifecycle: If the step is unusual and not forced.
            NothingToDo: If the send is in that status already.
        """
        return self.write(seen, overriding(seen, word, reason, force=force), request)

    def override_all(
        self,
        sends: Iterable[tuple[SendRecord, Request]],
        word: str,
        reason: str,
        *,
        force: bool = False,
    ) -> Iterator[BulkResult]:
        """Do `override` to many sends, each with its own request, a few hundred at once.

        Yields what became of each, in their order; what was yielded is written.
        """

        def wanted() -> Iterator[BulkItem]:
            for seen, request in sends:
                try:
                    build = overriding(seen, word, reason, force=force)
                except DeskError as problem:
                    yield BulkItem(seen, problem, request)
                else:
                    yield BulkItem(seen, build, request)

        return write_all(self.database, wanted(), agent=self.agent, now=self.now())

    def release(
        self, seen: SendRecord, reason: str = "", *, request: Request | None = None
    ) -> Case:
        """End the override; the platform's status shows again.

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
        """Undo the agent's last override, of one send or of the whole desk.

        Raises:
            NothingToDo: If there is none, or the send has moved on since.
        """
        return self._again(last_override, undoing, seen, request)

    def redo(self, seen: SendRecord | None = None, *, request: Request | None = None) -> Case:
        """Set the agent's last undone override again, with its reason.

        Raises:
            NothingToDo: If there is none, or the send has moved on since.
        """
        return self._again(last_undo, redoing, seen, request)

    def _again(
        self,
        last: Last,
        build: Callable[[int], DraftBuilder],
        seen: SendRecord | None,
        request: Request | None,
    ) -> Case:
        """Write what *build* makes of the *last* event of a kind, wherever that is."""
        with self.database.read() as connection:
            done = applied_requests(connection, [request] if request else [])
            if done:
                return self.read_case(connection, *done.values())
            send_id, seq = last(connection, self.agent, seen)
            seen = seen or self.read_case(connection, send_id).send
        return self.write(seen, build(seq), request)

    def note(self, seen: SendRecord, text: str, *, request: Request | None = None) -> Case:
        """Add a note to the history; it never conflicts with another agent's change.

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
        """Give the send to *owner*; an empty name leaves it to nobody.

        Raises:
            NothingToDo: If it is theirs already.
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
        """Mark the send as escalated; it is out of triage until *follow_up_at*.

        Args:
            seen: The send as the agent saw it.
            reference: The ticket at the platform's support.
            follow_up_at: When to look again; two business days from now if None.
            reason: What was asked of them.
            request: Keeps a retry from being applied twice.

        Raises:
            DeskError: If the moment has passed.
        """
        again = follow_up_at or self.calendar().after(self.now(), FOLLOW_UP)
        self._ahead(again)
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
        """Let the send rest until a moment, or with None until the platform's next change.

        Raises:
            DeskError: If the moment has passed.
        """
        if until is not None:
            self._ahead(until)
        moment = until.isoformat() if until else None

        def build(history: SendHistory) -> Draft:
            return Draft(EventKind.SNOOZE, further={"until": moment, "seen": history.state().word})

        return self.write(seen, build, request)

    def done(self, seen: SendRecord, *, request: Request | None = None) -> Case:
        """Let the send rest until the platform's next change or its next limit."""

        def build(history: SendHistory) -> Draft:
            return Draft(EventKind.DONE, further={"seen": history.state().word})

        return self.write(seen, build, request)

    def _ahead(self, moment: datetime) -> None:
        if moment <= self.now():
            raise DeskError("That moment has passed: name a time to come.")

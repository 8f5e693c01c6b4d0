"""The desk: what an agent reads and does. Every agent's verb is here."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col

from models import catalogue, journal, tables
from models.errors import DeskError, MissingReason, NothingToDo, OffLifecycle, UnknownStatus
from models.fold import State, fold, values
from models.guidance import FOLLOW_UP
from models.journal import Entry
from models.lifecycle import UNMAPPED_SLUG, Status
from models.records import Case, Kind, SendRecord
from models.text import storable
from models.writing import NAME_KEPT, Draft, Request, Writer, deed

_UNDO_REACH = 500


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
        target = self.target(seen, word)
        text = _required(reason, f"Say why {seen.ref} becomes {target.label}.")

        def build(entry: Entry, state: State) -> Draft:
            if state.status == target.slug and not entry.send.contested:
                raise NothingToDo(f"{seen.ref} is {target.label} already.")
            if not force and not is_usual(entry.send, target):
                now = catalogue.status(seen.provider, state.status).label
                raise OffLifecycle(
                    f"{now} is not usually followed by {target.label}: confirm it if you mean it (--force)."
                )
            return Draft(Kind.OVERRIDE, state.status, target.slug, text)

        return self.write(seen, build, request)

    def target(self, seen: SendRecord, word: str) -> Status:
        """Return the status that *word* means for this send.

        Raises:
            UnknownStatus: If its platform has no such status.
        """
        found = catalogue.resolve(seen.provider, word, seen.type)
        if found is not None and found.slug != UNMAPPED_SLUG:
            return found
        near = catalogue.suggest(seen.provider, word)
        hint = f" Did you mean {near.label}?" if near else ""
        name = catalogue.provider(seen.provider).name
        raise UnknownStatus(f"{name} has no status “{word}”.{hint} `senddesk statuses` lists them.")

    def release(
        self, seen: SendRecord, reason: str = "", *, request: Request | None = None
    ) -> Case:
        """End the override; the platform's status shows again.

        Raises:
            NothingToDo: If there is no override.
        """

        def build(entry: Entry, state: State) -> Draft:
            if state.override is None:
                raise NothingToDo(f"{seen.ref} has no override to release.")
            return Draft(Kind.RELEASE, state.status, state.provider_status, reason)

        return self.write(seen, build, request)

    def undo(self, seen: SendRecord | None = None, *, request: Request | None = None) -> Case:
        """Undo the agent's last override, of one send or of the whole desk.

        Raises:
            NothingToDo: If there is none, or the send has moved on since.
        """
        with self.database.read() as connection:
            send_id, seq = self._last_override(connection, seen)
            seen = seen or self.read_case(connection, send_id).send

        def build(entry: Entry, state: State) -> Draft:
            if state.override is None or state.override.seq != seq:
                what = deed(entry.send.provider, entry.events[-1])
                raise NothingToDo(
                    f"{entry.send.ref} has moved on since ({what}): nothing was undone."
                )
            rest = [event for event in entry.events if event.seq != seq]
            restored = fold(entry.send.provider, rest, entry.send.created_at).status
            return Draft(Kind.UNDO, state.status, restored, further={"undoes": seq})

        return self.write(seen, build, request)

    def note(self, seen: SendRecord, text: str, *, request: Request | None = None) -> Case:
        """Add a note to the history; it never conflicts with another agent's change.

        Raises:
            MissingReason: If the note is empty.
        """
        draft = Draft(Kind.NOTE, reason=_required(text, f"The note on {seen.ref} is empty."))
        return self.write(seen, lambda entry, state: draft, request, any_revision=True)

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

        def build(entry: Entry, state: State) -> Draft:
            if state.owner == name:
                raise NothingToDo(f"{seen.ref} belongs to {name or 'nobody'} already.")
            return Draft(Kind.OWNER, further={"owner": name, "was": state.owner})

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
        draft = Draft(Kind.ESCALATE, reason=reason, further=further)
        return self.write(seen, lambda entry, state: draft, request)

    def resolve(
        self, seen: SendRecord, reason: str = "", *, request: Request | None = None
    ) -> Case:
        """End the escalation.

        Raises:
            NothingToDo: If there is none.
        """

        def build(entry: Entry, state: State) -> Draft:
            if state.escalated_at is None:
                raise NothingToDo(f"{seen.ref} is not escalated.")
            return Draft(Kind.RESOLVE, reason=reason, further={"reference": state.escalation_ref})

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

        def build(entry: Entry, state: State) -> Draft:
            return Draft(Kind.SNOOZE, further={"until": moment, "seen": state.word})

        return self.write(seen, build, request)

    def done(self, seen: SendRecord, *, request: Request | None = None) -> Case:
        """Let the send rest until the platform's next change or its next limit."""

        def build(entry: Entry, state: State) -> Draft:
            return Draft(Kind.DONE, further={"seen": state.word})

        return self.write(seen, build, request)

    def _ahead(self, moment: datetime) -> None:
        if moment <= self.now():
            raise DeskError("That moment has passed: name a time to come.")

    def _last_override(self, connection: sa.Connection, seen: SendRecord | None) -> tuple[int, int]:
        """Return send id and number of the agent's newest override that is not undone."""
        mine = sa.select(*journal.event_columns(), col(tables.Event.send_id)).where(
            col(tables.Event.actor) == self.agent,
            col(tables.Event.kind).in_((Kind.OVERRIDE.value, Kind.UNDO.value)),
        )
        if seen is not None:
            mine = mine.where(col(tables.Event.send_id) == seen.id)
        newest_first = mine.order_by(col(tables.Event.id).desc()).limit(_UNDO_REACH)
        undone: set[tuple[int, int]] = set()
        for row in connection.execute(newest_first):
            event = journal.event(row)
            if event.kind is Kind.UNDO:
                undone.add((row.send_id, values(event)["undoes"]))
            elif (row.send_id, event.seq) not in undone:
                return row.send_id, event.seq
        raise NothingToDo("There is no override of yours to undo.")


def is_usual(send: SendRecord, target: Status) -> bool:
    """Whether *target* usually follows the status of *send*; anything may follow an unknown word."""
    if send.status == UNMAPPED_SLUG or target.slug == send.status:
        return True
    return target in catalogue.may_follow(send.provider, send.status, send.type)


def _required(text: str, complaint: str) -> str:
    if not text.strip():
        raise MissingReason(complaint)
    return text.strip()

"""What the history says about a platform that was asked: the request before the call, the answer after it."""

import json
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import sqlalchemy as sa

from models.records import Case, Event, EventKind, SendRecord
from models.rules.state import ASKED, UNREADABLE_ENTRY, details
from models.store import mapping, tables
from models.store.tables import col
from models.values.text import storable
from models.writing.policy_writer import PolicyWriter
from models.writing.writer import NAME_KEPT, Draft, Request

_KINDS = [kind.value for kind in (*ASKED, EventKind.ANSWER)]
_OF_SEND = (
    sa.select(*mapping.event_columns())
    .where(col(tables.Event.send_id) == sa.bindparam("send_id"), col(tables.Event.kind).in_(_KINDS))
    .order_by(col(tables.Event.seq))
)


class Became(StrEnum):
    """What became of a request to a platform."""

    DONE = "done"
    REFUSED = "refused"
    """The platform answered that it will not."""
    NOT_DONE = "not done"
    """It never reached the platform, or the platform shows that it was not done."""
    UNKNOWN = "unknown"
    """No answer came, and the platform did not show that it was done: it may still do it."""


class Answer(NamedTuple):
    """What a platform answered to a request, or what is known without an answer."""

    became: Became
    said: str
    """In words, as the history keeps it."""
    status: int | None = None
    """The status of the HTTP answer; None without one."""


class Asked(NamedTuple):
    """A request to a platform, with what is recorded of the answer."""

    event: Event
    """The agent's entry."""
    answer: Answer | None = None
    """The newest answer; None if none is recorded."""

    @property
    def is_settled(self) -> bool:
        """Whether nothing more will become of it."""
        return self.answer is not None and self.answer.became is not Became.UNKNOWN

    @property
    def until(self) -> datetime | None:
        """The end that was asked for, in UTC; None if another thing was."""
        if self.event.kind is not EventKind.EXTEND:
            return None
        return datetime.fromisoformat(details(self.event)["until"])


class PlatformWriter(PolicyWriter):
    """Records what platforms are asked and what they answer; it asks nobody."""

    def asked_by(self, seen: SendRecord, request: Request) -> Asked | None:
        """Return what *request* asked the platform of a send; None if it was not recorded.

        Raises:
            DeskUnavailable: If the database cannot be read.
        """
        name = storable(request.id, NAME_KEPT)
        return next((each for each in self._asked(seen) if each.event.request_id == name), None)

    def asked_and_open(self, seen: SendRecord) -> Asked | None:
        """Return the newest request of anybody of which it is not known what became; None if there is none.

        Raises:
            DeskUnavailable: If the database cannot be read.
        """
        open_ = [each for each in self._asked(seen) if not each.is_settled]
        return open_[-1] if open_ else None

    def record_answer(self, seen: SendRecord, asked: Asked, answer: Answer) -> Case:
        """Add to the history what became of a request, once, and return the case.

        Raises:
            DeskError: If it cannot be written.
        """
        further = {
            "answers": asked.event.seq,
            "became": answer.became.value,
            "kind": asked.event.kind.value,
            "status": answer.status,
        }
        draft = Draft(EventKind.ANSWER, reason=answer.said, further=further)
        # What is settled is written once, whoever finds it out.
        source = asked.event.source
        settled = Request(f"answer to {asked.event.request_id}"[:NAME_KEPT], source)
        request = Request(source=source) if answer.became is Became.UNKNOWN else settled
        return self.write(seen, lambda history: draft, request, any_revision=True)

    def _asked(self, seen: SendRecord) -> list[Asked]:
        """Return every request about a send with its newest answer, the oldest first."""
        with self.database.read() as connection:
            rows = connection.execute(_OF_SEND, {"send_id": seen.id}).all()
        return _with_answers(map(mapping.event, rows))


def _with_answers(events: Iterable[Event]) -> list[Asked]:
    found: dict[int, Asked] = {}
    for event in events:
        if event.kind in ASKED:
            found[event.seq] = Asked(event)
            continue
        try:
            further = json.loads(event.detail)
            asked = found[further["answers"]]
            answer = Answer(Became(further["became"]), event.reason, further["status"])
        except UNREADABLE_ENTRY:
            continue
        found[asked.event.seq] = asked._replace(answer=answer)
    return list(found.values())

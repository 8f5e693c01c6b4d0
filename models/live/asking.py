"""Asking a platform to do something to a send: recorded before the call, and never done twice.

The request stands in the history before the platform is asked. An answer that was lost is looked up
before anything is asked again, by whoever comes next. No transaction is open while a platform is asked.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from models.desk import Desk
from models.errors import DeskError, DeskUnavailable, ReadOnly
from models.intake.intake import Intake
from models.live.api import Api, Patience, PlatformError, Refused, Unreachable
from models.live.settings import PlatformSettings
from models.providers import catalogue
from models.providers.incoming import BadPayload
from models.providers.payload_fields import word
from models.providers.provider import Provider
from models.records import Case, EventKind, SendRecord
from models.rules.operations import CancelOnPlatform, ExtendOnPlatform, Operation
from models.rules.wording import status_word
from models.values.calendar import span_words
from models.writing.bulk import BulkResult, never
from models.writing.platform_writer import Answer, Asked, Became
from models.writing.writer import Request

PATIENCE = Patience(attempts=3, in_all=20.0, longest=4.0, answer=20.0)
"""How long an agent waits for a platform."""
_MAY_BE_UNDER_WAY = timedelta(minutes=3)
"""After how long nobody waits for an answer any more; `PATIENCE` ends well before."""
_HOPELESS = (DeskUnavailable, ReadOnly)


class Declined(DeskError):
    """A platform did not do what it was asked; the history has its answer."""


class PlatformDesk:
    """Does to sends what only their platforms can do; has the two methods that a desk has for the rest.

    Args:
        desk: Where the sends are.
        settings: Returns how a platform is reached.
        patience: How long a platform that fails is asked again.
    """

    def __init__(
        self,
        desk: Desk,
        settings: Callable[[Provider], PlatformSettings],
        *,
        patience: Patience = PATIENCE,
    ) -> None:
        self._desk = desk
        self._settings = settings
        self._patience = patience

    def do(self, seen: SendRecord, operation: Operation, *, request: Request | None = None) -> Case:
        """Ask the platform of one send, and return the case with its answer.

        A request that was sent before is not sent again if its answer is known; if not, the platform is
        first asked how the send stands.

        Raises:
            MissingSetting: If the platform cannot be reached; nothing is written then.
            Declined: If it refuses, or if what became of it is not known; both stand in the history.
            DeskError: If the rules refuse it, or nothing can be written; the platform is not asked then.
        """
        request = request or Request()
        self._desk.database.refuse_if_read_only()
        (verdict,) = self._desk.judge([seen], operation)
        known = self._desk.asked_by(seen, request)
        if known is None and verdict.refusal is not None:
            raise verdict.refusal
        if known is not None and known.is_settled and known.answer is not None:
            return self._told(seen, known.answer)
        with Api(self._settings(catalogue.provider(seen.provider)), patience=self._patience) as api:
            if known is None:
                earlier = self._desk.asked_and_open(seen)
                if earlier is not None:
                    case = self._settle(api, seen, earlier)
                    if _is_same(earlier, operation) and self._is_done(seen, earlier):
                        return case
                    seen = case.send
                self._desk.do(seen, operation, request=request)
                known = self._desk.asked_by(seen, request)
                assert known is not None
                return self._carry_out(api, seen, known)
            order = self._look_up(api, seen, known)
            if order is not None and _shows(seen.provider, known, order):
                return self._answered(seen, known, Became.DONE, order)
            return self._carry_out(api, seen, known, again=True)

    def do_all(
        self,
        sends: Iterable[tuple[SendRecord, Request]],
        operation: Operation,
        *,
        stop: Callable[[], bool] = never,
    ) -> Iterator[BulkResult]:
        """Ask the platforms of many sends, one after the other.

        Args:
            sends: The sends as the agent saw them, each with its own request.
            operation: What is to be done.
            stop: Is asked before each send; once it says so, no further send is tried.

        Yields:
            What became of each send, in their order; what was refused is a result like any other.

        Raises:
            ReadOnly: If the desk was opened for reading.
            DeskUnavailable: If the database cannot be written; what was yielded before is kept.
        """
        kind = EventKind.CANCEL if isinstance(operation, CancelOnPlatform) else EventKind.EXTEND
        for seen, request in sends:
            if stop():
                return
            try:
                case = self.do(seen, operation, request=request)
            except _HOPELESS:
                raise
            except DeskError as refusal:
                yield BulkResult(seen, refusal)
                continue
            event = next((each for each in case.history if each.kind is kind), None)
            yield BulkResult(seen, case.send, event)

    def _carry_out(self, api: Api, seen: SendRecord, asked: Asked, *, again: bool = False) -> Case:
        """Ask the platform, record what it answers, and return the case.

        Args:
            api: The platform.
            seen: The send.
            asked: What is asked for.
            again: Whether it may have been asked before: it then also refuses what it has done meanwhile.

        Raises:
            Declined: If it refuses, or if it is not known what became of it.
        """
        asking = catalogue.provider(seen.provider).asking
        try:
            if asked.until is None:
                order = asking.cancel(api, seen.external_id)
            else:
                order = asking.extend(api, seen.external_id, asked.until)
        except Refused as refused:
            present: Mapping[str, Any] | None = None
            with suppress(PlatformError):
                present = asking.look_up(api, seen.external_id)
            if again and present is not None and _shows(seen.provider, asked, present):
                return self._answered(seen, asked, Became.DONE, present)
            said = _refusal(seen, refused)
            self._record(seen, asked, Became.REFUSED, said, refused.status)
            if present is not None:
                self._take_in(seen, present)
            raise self._declined(seen, said) from None
        except Unreachable as lost:
            return self._after_lost_answer(api, seen, asked, lost)
        return self._answered(seen, asked, Became.DONE, order)

    def _after_lost_answer(
        self, api: Api, seen: SendRecord, asked: Asked, lost: Unreachable
    ) -> Case:
        if not lost.may_be_done:
            self._record(seen, asked, Became.NOT_DONE, f"{lost} It was not asked.")
            raise Declined(f"{seen.ref}: {lost} Nothing was asked of it.") from None
        try:
            order = catalogue.provider(seen.provider).asking.look_up(api, seen.external_id)
        except PlatformError:
            order = None
        if order is not None and _shows(seen.provider, asked, order):
            return self._answered(seen, asked, Became.DONE, order)
        self._record(seen, asked, Became.UNKNOWN, f"{lost} Whether it did it is not known.")
        raise Declined(
            f"{seen.ref}: {lost} Whether it did it is not known. Do it again: Send Desk looks first"
            " whether it is done, and asks only if not."
        ) from None

    def _settle(self, api: Api, seen: SendRecord, earlier: Asked) -> Case:
        """Find out what became of a request whose answer is not known, and record it.

        Raises:
            Declined: If its answer may still be on the way, or if the platform does not say.
        """
        age = self._desk.now() - earlier.event.recorded_at
        if earlier.answer is None and age < _MAY_BE_UNDER_WAY:
            raise Declined(
                f"{seen.ref}: {earlier.event.actor} asked for that {span_words(age)} ago, and the answer"
                " is still awaited. Try again in some minutes."
            )
        order = self._look_up(api, seen, earlier)
        if order is None:
            raise Declined(f"{seen.ref}: the platform does not show it.")
        became = Became.DONE if _shows(seen.provider, earlier, order) else Became.NOT_DONE
        return self._answered(seen, earlier, became, order)

    def _look_up(self, api: Api, seen: SendRecord, asked: Asked) -> Mapping[str, Any] | None:
        """Return the send as its platform has it; None if it has no such send.

        Raises:
            Declined: If the platform does not answer.
        """
        try:
            return catalogue.provider(seen.provider).asking.look_up(api, seen.external_id)
        except Refused as refused:
            self._record(seen, asked, Became.REFUSED, _refusal(seen, refused), refused.status)
            return None
        except PlatformError as problem:
            raise Declined(
                f"{seen.ref}: {problem} What became of the earlier request is still not known."
            ) from None

    def _is_done(self, seen: SendRecord, earlier: Asked) -> bool:
        request = Request(earlier.event.request_id or "")
        found = self._desk.asked_by(seen, request)
        return found is not None and found.answer is not None and found.answer.became is Became.DONE

    def _answered(
        self, seen: SendRecord, asked: Asked, became: Became, order: Mapping[str, Any]
    ) -> Case:
        """Record that a request was done, or not, take in how the platform has the send; return the case."""
        said = _words(seen, order) if became is Became.DONE else f"Not done: {_words(seen, order)}"
        self._record(seen, asked, became, said)
        is_canceled = became is Became.DONE and asked.until is None
        self._take_in(seen, order, self._desk.now() if is_canceled else None)
        return self._desk.case(seen.id)

    def _record(
        self, seen: SendRecord, asked: Asked, became: Became, said: str, status: int | None = None
    ) -> None:
        self._desk.record_answer(seen, asked, Answer(became, said, status))

    def _take_in(
        self, seen: SendRecord, order: Mapping[str, Any], happened_at: datetime | None = None
    ) -> None:
        """Import what the platform says about the send; it comes with the next sync if that fails.

        Args:
            seen: The send.
            order: As the platform has it.
            happened_at: When it came into its status, if that is known and the platform does not say.
        """
        try:
            incoming = catalogue.provider(seen.provider).payloads.read(order)
        except BadPayload:
            return
        if incoming.external_id != seen.external_id:
            return
        if happened_at is not None:
            incoming = incoming.told_at(happened_at)
        desk = self._desk
        with suppress(DeskUnavailable):
            Intake(desk.database, desk.now, zone=desk.zone).apply([incoming], source="answer")

    def _told(self, seen: SendRecord, answer: Answer) -> Case:
        """Return the case of a request whose answer is known, or refuse as the platform did."""
        if answer.became is Became.DONE:
            return self._desk.case(seen.id)
        raise self._declined(seen, answer.said)

    @staticmethod
    def _declined(seen: SendRecord, said: str) -> Declined:
        return Declined(f"{seen.ref}: {said}")


def _is_same(asked: Asked, operation: Operation) -> bool:
    """Whether a request asked for the same as *operation* does."""
    if isinstance(operation, ExtendOnPlatform):
        return asked.until == operation.until
    return isinstance(operation, CancelOnPlatform) and asked.event.kind is EventKind.CANCEL


def _shows(provider: str, asked: Asked, order: Mapping[str, Any]) -> bool:
    """Whether the platform's JSON of a send shows that it was done what was asked."""
    asking = catalogue.provider(provider).asking
    if asked.until is None:
        return asking.is_canceled(order)
    ends_at = asking.ends_at(order)
    return ends_at is not None and abs(ends_at - asked.until) < timedelta(seconds=1)


def _refusal(seen: SendRecord, refused: Refused) -> str:
    """Return what a platform says about its refusal, as it says it."""
    name = catalogue.provider(seen.provider).name
    return (
        f"{name} refuses: “{refused.said}” (answer {refused.status})."
        if refused.said
        else str(refused)
    )


def _words(seen: SendRecord, order: Mapping[str, Any]) -> str:
    """Return in a few words how the platform has a send."""
    provider = catalogue.provider(seen.provider)
    said = word(order.get("status"))
    status = catalogue.resolve(seen.provider, said, seen.type)
    label = status.label if status else status_word(seen.provider, "unmapped", said)
    ends_at = provider.asking.ends_at(order)
    end = f", it ends {ends_at:%Y-%m-%d %H:%M} UTC" if ends_at else ""
    return f"{provider.name} has it as {label}{end}."

"""Which sends a verb acts on, one after another, and what becomes of each."""

import shlex
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import click

from models.errors import DeskError, DeskUnavailable, ReadOnly, StaleSend, UnknownSend, WrongSchema
from models.records import Case, Outcome, SendRecord
from tui.commands import output
from tui.commands.choosing import query_of, sends_of
from tui.commands.exits import Exit
from tui.commands.progress import progress

if TYPE_CHECKING:
    from models.desk import Desk
    from models.values.local_time import LocalTime
    from models.writing.writer import Bulk, Request

SOURCE = "cli"
"""What the history says about where a change came from."""
_LONGEST_REQUEST = 100
_MANY = 500
"""Sends that take long enough to be worth a bar."""
_HOPELESS = (DeskUnavailable, ReadOnly, WrongSchema)
"""What no other send of the same command would escape."""
Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True)
class Targets:
    """The sends that a verb is asked to act on."""

    names: tuple[str, ...]
    query: str | None
    request_id: str | None
    expect: int | None = None

    def check(self, *, may_be_empty: bool = False) -> "Targets":
        """Return itself if it makes sense.

        Raises:
            click.UsageError: If it names nothing, or sends and a filter, or expects one revision of many.
        """
        if self.query is not None and self.names:
            raise click.UsageError("Name sends or give --query, not both.")
        if self.query is None and not self.names and not may_be_empty:
            raise click.UsageError("Name a send, or several, or give --query.")
        if self.expect is not None and len(self.names) != 1:
            raise click.UsageError("--expect is about one send: name just that one.")
        return self

    @property
    def is_single(self) -> bool:
        """Whether it names exactly one send."""
        return self.query is None and len(self.names) == 1

    def find(self, desk: "Desk") -> "tuple[list[SendRecord], list[Outcome]]":
        """Return the sends as they stand now, and an outcome for each name that means none."""
        if self.query is not None:
            return list(sends_of(desk, query_of(desk, (self.query,), None))), []
        found: dict[int, SendRecord] = {}
        missing = []
        for name in self.names:
            try:
                send = desk.find(name)
                found[send.id] = send
            except UnknownSend as problem:
                missing.append(Outcome(name, done=False, message=str(problem)))
        return list(found.values()), missing

    def seen(self, send: SendRecord) -> SendRecord:
        """Return *send* with the revision at which it was last seen."""
        return send if self.expect is None else send._replace(revision=self.expect)

    def request(self, send: SendRecord) -> "Request":
        """Return what keeps a retry for *send* from being applied twice."""
        from models.writing.writer import Request

        if self.request_id is not None and self.is_single:
            request = Request(self.request_id, SOURCE)
        else:
            request = self._bulk.request(send)
        return replace(request, is_exact=self.expect is not None)

    @cached_property
    def _bulk(self) -> "Bulk":
        """The requests for several sends, which one undo takes back together."""
        from models.writing.writer import Bulk

        return Bulk(source=SOURCE) if self.request_id is None else Bulk(self.request_id, SOURCE)

    @property
    def how_to_undo(self) -> str:
        """A sentence with the command that takes back what was done."""
        words = ["senddesk", "undo", *([self.request_id] if self.request_id else [])]
        return f"`{shlex.join(words)}` takes it back."


def _bounded(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    if value is not None and not 0 < len(value.strip()) <= _LONGEST_REQUEST:
        raise click.BadParameter(f"it has 1 to {_LONGEST_REQUEST} characters")
    return value


query_option = click.option("--query", metavar="QUERY", help="Every send of a filter.")
request_option = click.option(
    "--request-id",
    metavar="ID",
    callback=_bounded,
    help="A retry with the same ID changes nothing.",
)
expect_option = click.option(
    "--expect", metavar="REVISION", type=click.IntRange(min=0),
    help="Refuse if the send has another revision by now.",
)  # fmt: skip


def selecting(metavar: str = "SEND…") -> Callable[[Function], Function]:
    """Give a command its sends, `words` or `--query`, and `--request-id`.

    Args:
        metavar: What the help calls the words.
    """

    def give(function: Function) -> Function:
        words = click.argument("words", metavar=metavar, nargs=-1)
        return words(query_option(request_option(function)))

    return give


def act(
    desk: "Desk",
    targets: Targets,
    write: Callable[[SendRecord], Case],
    told: "Callable[[SendRecord, SendRecord, LocalTime], str]",
) -> int:
    """Call *write* for each of *targets*, print what became of each, and return the exit code.

    Args:
        desk: Where they are.
        targets: Which they are.
        write: Changes one send and returns its case.
        told: Says in a line what has changed, from the send before and after, in local time.
    """
    sends, missing = targets.find(desk)

    def attempt(send: SendRecord) -> Outcome:
        try:
            after = write(targets.seen(send)).send
            return Outcome(send.ref, done=True, message=told(send, after, desk.local_time()))
        except _HOPELESS:
            raise
        except DeskError as problem:
            return refused(send, problem)

    outcomes = [*missing, *report(sends, map(attempt, sends))]
    return conclude(outcomes, alone=targets.is_single, hint=targets.how_to_undo)


def refused(send: SendRecord, problem: DeskError) -> Outcome:
    """Return the outcome of a send to which nothing was written."""
    stale = isinstance(problem, StaleSend)
    return Outcome(send.ref, done=False, message=str(problem), stale=stale)


def report(sends: Sequence[object], results: Iterator[Outcome]) -> Iterator[Outcome]:
    """Print each of *sends* that was written, and yield what became of all of them.

    Args:
        sends: The sends, or what is done to them, in the order of *results*.
        results: What becomes of each, as it happens; what no other send would escape ends it.
    """
    done = 0
    with _watched(len(sends)) as told:
        for place in range(len(sends)):
            try:
                outcome = next(results)
            except _HOPELESS as problem:
                if not done:
                    raise
                yield Outcome(f"{len(sends) - place:,} not tried", done=False, message=str(problem))
                return
            if outcome.done:
                done += 1
                output.line(f"{outcome.ref}: {outcome.message}")
            told(place + 1)
            yield outcome


def _watched(total: int) -> AbstractContextManager[Callable[[int], None]]:
    """Give what shows how far many sends are, unless the lines about them show it."""
    if output.on_terminal():
        return nullcontext(lambda done: None)
    return progress("Writing", total, long=_MANY)


def conclude(outcomes: Sequence[Outcome], *, alone: bool, hint: str = "") -> int:
    """List the refusals with their reasons and return the exit code.

    Args:
        outcomes: What became of each send.
        alone: Whether just one send was named, whose refusal speaks for itself.
        hint: A sentence to end with if anything was done: how to take it back.
    """
    failed = [outcome for outcome in outcomes if not outcome.done]
    for outcome in failed:
        told = alone or outcome.message.startswith(f"{outcome.ref} ")
        output.say(outcome.message if told else f"{outcome.ref}: {outcome.message}")
    done = len(outcomes) - len(failed)
    if not alone:
        output.say(f"{done:,} done, {len(failed):,} refused")
    if hint and done:
        output.say(hint)
    if not failed:
        return Exit.DONE
    if done:
        return Exit.IN_PART
    return Exit.STALE if all(outcome.stale for outcome in failed) else Exit.REFUSED

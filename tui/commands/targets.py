"""Which sends a verb acts on, and the options that name them."""

import shlex
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import click

from models.errors import UnknownSend
from models.records import Outcome, SendRecord
from tui.commands.choosing import query_of, sends_of

if TYPE_CHECKING:
    from models.desk import Desk
    from models.writing.writer import Bulk, Request

SOURCE = "cli"
"""What the history says about where a change came from."""
_LONGEST_REQUEST = 100
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


def _not_empty(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """Refuse a blank filter: a variable that is not set in a script does not mean every send."""
    if value is not None and not value.strip():
        raise click.BadParameter("it is empty. For every send, write --query sort:due.")
    return value


query_option = click.option("--query", metavar="QUERY", help="Every send of a filter.")
_query_to_write_option = click.option(
    "--query", metavar="QUERY", callback=_not_empty, help="Every send of a filter."
)
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


shipment_option = click.option(
    "--shipment",
    metavar="SHIPMENT",
    help="Which of its shipments it is about: a tracking number, an id, or its place in what `show` lists: 1, 2…",
)


def selecting(metavar: str = "SEND…") -> Callable[[Function], Function]:
    """Give a command its sends, `words` or `--query`, and `--request-id`.

    Args:
        metavar: What the help calls the words.
    """

    def give(function: Function) -> Function:
        words = click.argument("words", metavar=metavar, nargs=-1)
        return words(_query_to_write_option(request_option(function)))

    return give

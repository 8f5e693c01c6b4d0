"""What agents do about a send besides its status: note, take, assign, escalate, resolve, snooze, done."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import click

from models.records import Case, SendRecord
from models.values.calendar import moment_words
from tui.commands.setup import global_options, setup_of
from tui.commands.targets import Targets, act, expect_option, selecting

if TYPE_CHECKING:
    from models.desk import Desk

_CHANGE = "change"
Deed = Callable[["Desk", SendRecord], Case]


def _run(targets: Targets, deed: Deed, told: Callable[[Case], str]) -> int:
    with setup_of().open_desk() as desk:
        return act(desk, targets, lambda send: deed(desk, send), lambda before, after: told(after))


def _split(
    words: tuple[str, ...], option: str | None, query: str | None, what: str
) -> tuple[tuple[str, ...], str]:
    """Return the sends, and the text behind them or in its option.

    Raises:
        click.UsageError: If the text is nowhere.
    """
    if option is not None:
        return words, option
    if not words or (query is None and len(words) == 1):
        raise click.UsageError(f"{what} is missing after the sends.")
    return words[:-1], words[-1]


@click.command("note")
@global_options
@selecting("SEND… TEXT")
@click.option("--text", metavar="TEXT", help="The note, instead of the last word.")
def note_command(
    words: tuple[str, ...], query: str | None, request_id: str | None, text: str | None
) -> int:
    """Add the note TEXT to the history of each SEND."""
    names, note = _split(words, text, query, "The note")
    targets = Targets(names, query, request_id).check()
    return _run(
        targets,
        lambda desk, send: desk.note(send, note, request=targets.request(send)),
        lambda after: "noted",
    )


@click.command("take")
@global_options
@selecting()
@expect_option
def take_command(
    words: tuple[str, ...], query: str | None, request_id: str | None, expect: int | None
) -> int:
    """Make yourself the owner of each SEND."""
    targets = Targets(words, query, request_id, expect).check()
    return _run(
        targets,
        lambda desk, send: desk.take(send, request=targets.request(send)),
        _owner,
    )


@click.command("assign")
@global_options
@selecting("SEND… OWNER")
@expect_option
@click.option(
    "--to", metavar="OWNER", help="The owner, instead of the last word; empty for nobody."
)
def assign_command(
    words: tuple[str, ...],
    query: str | None,
    request_id: str | None,
    expect: int | None,
    to: str | None,
) -> int:
    """Give each SEND to OWNER."""
    names, owner = _split(words, to, query, "The owner")
    targets = Targets(names, query, request_id, expect).check()
    return _run(
        targets,
        lambda desk, send: desk.assign(send, owner, request=targets.request(send)),
        _owner,
    )


def _owner(after: Case) -> str:
    return f"belongs to {after.send.owner or 'nobody'}"


@click.command("escalate")
@global_options
@selecting()
@expect_option
@click.option(
    "--reference", metavar="TICKET", default="", help="The ticket at the platform's support."
)
@click.option(
    "--follow-up", metavar="TIME", help="When to look again: 2bd (as usual), 3d, 2026-11-25…"
)
@click.option("--reason", metavar="TEXT", default="", help="What was asked of them.")
def escalate_command(
    words: tuple[str, ...],
    query: str | None,
    request_id: str | None,
    expect: int | None,
    reference: str,
    follow_up: str | None,
    reason: str,
) -> int:
    """Mark as escalated.

    Until the follow-up each SEND is out of triage.
    """
    targets = Targets(words, query, request_id, expect).check()
    again = None if follow_up is None else _ahead(follow_up, "--follow-up")
    return _run(
        targets,
        lambda desk, send: desk.escalate(
            send, reference, again, reason=reason, request=targets.request(send)
        ),
        lambda after: f"escalated, look again {_follow_up(after)}",
    )


def _follow_up(after: Case) -> str:
    again = after.send.follow_up_at
    return moment_words(again) if again else "when the platform answers"


@click.command("resolve")
@global_options
@selecting()
@expect_option
@click.option("--reason", metavar="TEXT", default="", help="How it ended.")
def resolve_command(
    words: tuple[str, ...],
    query: str | None,
    request_id: str | None,
    expect: int | None,
    reason: str,
) -> int:
    """End the escalation of each SEND."""
    targets = Targets(words, query, request_id, expect).check()
    return _run(
        targets,
        lambda desk, send: desk.resolve(send, reason, request=targets.request(send)),
        lambda after: "resolved",
    )


@click.command("snooze")
@global_options
@selecting()
@expect_option
@click.option(
    "--until", metavar="TIME", required=True,
    help="4h, 2bd, tomorrow, mon, 2026-11-25, or `change`: the platform's next change.",
)  # fmt: skip
def snooze_command(
    words: tuple[str, ...],
    query: str | None,
    request_id: str | None,
    expect: int | None,
    until: str,
) -> int:
    """Let each SEND rest outside triage."""
    targets = Targets(words, query, request_id, expect).check()
    moment = None if until.strip().lower() == _CHANGE else _ahead(until, "--until")
    return _run(
        targets,
        lambda desk, send: desk.snooze(send, moment, request=targets.request(send)),
        lambda after: f"rests until {_end(after)}",
    )


def _end(after: Case) -> str:
    until = after.send.snoozed_until
    return moment_words(until) if until else "the platform changes it"


@click.command("done")
@global_options
@selecting()
@expect_option
def done_command(
    words: tuple[str, ...], query: str | None, request_id: str | None, expect: int | None
) -> int:
    """Call it done for now.

    Each SEND rests until its platform changes it or its next limit is over.
    """
    targets = Targets(words, query, request_id, expect).check()
    return _run(
        targets,
        lambda desk, send: desk.done(send, request=targets.request(send)),
        lambda after: "done for now",
    )


def _ahead(text: str, option: str) -> datetime:
    """Return the moment to come that *text* names, by the working days of the database.

    Raises:
        click.BadParameter: If it names none, or one that is past.
    """
    from models.values.future_time import ahead

    with setup_of().open_desk() as desk:
        now, calendar = desk.now(), desk.calendar()
    try:
        return ahead(text, now, calendar)
    except ValueError as problem:
        raise click.BadParameter(str(problem), param_hint=option) from None

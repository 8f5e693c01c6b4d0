"""`senddesk sync` and `senddesk status`: the platforms themselves are read, and how fresh they are."""

import gc
import json
import re
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import FrameType
from typing import TYPE_CHECKING

import click

from models.errors import DeskError
from models.providers import PROVIDERS
from tui.commands import output
from tui.commands.exits import Exit
from tui.commands.progress import counting
from tui.commands.setup import Setup, global_options, setup_of, warn_of_clock

if TYPE_CHECKING:
    from models.database import Database
    from models.live.sync import Progress, Sync, SyncReport
    from models.reading.freshness import Freshness

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_SPAN = re.compile(r"([1-9][0-9]{0,4})([smhd])")
_ALL = "all"
_SYNCED = tuple(each for each in PROVIDERS if each.client)


@dataclass(frozen=True, slots=True)
class _Options:
    setup: Setup
    since: datetime | None
    full: bool
    every: int | None
    stop: threading.Event


def _seconds(context: click.Context, option: click.Parameter, value: str | None) -> int | None:
    if value is None:
        return None
    found = _SPAN.fullmatch(value.strip())
    if found is None:
        raise click.BadParameter("write it as 30s, 5m, 1h or 1d")
    return int(found[1]) * _UNITS[found[2]]


@click.command(
    "sync",
    help="Read sends from the API of one platform, or of all set up.\n\n"
    f"PLATFORM is {', '.join(each.key for each in _SYNCED)} or {_ALL}. What is known already changes nothing."
    " A sync that broke off goes on where it ended.",
)
@global_options
@click.argument(
    "platform", metavar="PLATFORM", type=click.Choice((*(each.key for each in _SYNCED), _ALL))
)
@click.option(
    "--every", metavar="TIME", callback=_seconds, help="Go on for ever, one sync each TIME: 5m, 1h."
)
@click.option(
    "--since",
    metavar="TIME",
    help="Read what has happened since then once more: 7d, yesterday, 2026-01-31.",
)
@click.option("--full", is_flag=True, help="Read everything, not only what is new.")
def sync_command(platform: str, every: int | None, since: str | None, full: bool) -> int:
    """Sync once, or again and again; return the exit code."""
    if since is not None and full:
        raise click.UsageError("--full reads everything: leave --since out.")
    setup, stop = setup_of(), threading.Event()
    # Pages are many objects without a circle: to look for one after each 700 costs a tenth of the time.
    gc.set_threshold(100_000)
    with (
        _stopped_by_signals(stop) as signals,
        setup.open_database(create=True) as database,
    ):
        warn_of_clock(database, setup.clock)
        options = _Options(setup, _since(since, setup, database), full, every, stop)
        syncs = list(_syncs(platform, options, database))
        while True:
            begun = time.monotonic()
            code = _round(syncs, options, is_all=platform == _ALL)
            _run_rules(database, options)
            if stop.is_set():
                return signals[0] if signals and every is None else Exit.DONE
            if every is None:
                return code
            # Only the first round is asked for more than the news.
            options = _Options(setup, None, False, every, stop)
            if stop.wait(max(begun + every - time.monotonic(), 0)):
                return Exit.DONE


@click.command("status", help="Say how fresh each platform is, and warn where a sync is late.")
@global_options
@click.option(
    "--format", "form", type=click.Choice(("table", "json")), default="table", show_default=True
)
def status_command(form: str) -> int:
    """Print a line for each platform that was ever synced."""
    setup = setup_of()
    with setup.open_desk() as desk:
        found, now = desk.freshness(), desk.now()
    if form == "json":
        output.write([json.dumps([_as_json(each, now) for each in found], indent=2), "\n"])
        return Exit.DONE
    for each in found:
        output.line(freshness_line(each, now))
        if each.problem:
            output.say(f"The last sync of {each.provider} did not finish: {each.problem}")
    if not found:
        output.say("No platform was synced yet: `senddesk sync all` reads all that are set up.")
    return Exit.DONE


def freshness_line(found: "Freshness", now: datetime) -> str:
    """Return how fresh a platform is, for people."""
    from models.values.calendar import age as words

    age = found.age(now)
    told = "never synced to its end" if age is None else f"synced {words(age)} ago"
    if found.every is not None:
        told += f", every {_written(found.every)}"
    if found.problem:
        told += ", the last one FAILED"
    elif found.is_late(now):
        told += ", LATE"
    if found.is_unfinished:
        told += "; one is not finished"
    return f"{found.provider}: {told}"


def _written(span: timedelta) -> str:
    """Return *span* as `--every` takes it, in the largest unit of which it is so many: `90s`, `5m`."""
    seconds = int(span.total_seconds())
    return next(
        f"{seconds // size}{unit}" for unit, size in reversed(_UNITS.items()) if not seconds % size
    )


def _as_json(found: "Freshness", now: datetime) -> dict[str, object]:
    from models.files.fields import iso

    return {
        "platform": found.provider,
        "synced_at": iso(found.synced_at) if found.synced_at else None,
        "every_seconds": int(found.every.total_seconds()) if found.every else None,
        "late": found.is_late(now),
        "unfinished": found.is_unfinished,
        "run_by": found.holder,
        "begun_at": iso(found.held_since) if found.held_since else None,
        "problem": found.problem or None,
    }


def _since(text: str | None, setup: Setup, database: "Database") -> datetime | None:
    """Read a moment of the past in the words of `senddesk log --since`; None if nobody names one.

    Raises:
        click.BadParameter: If it is none.
    """
    if text is None:
        return None
    from models.reading.reader import Reader
    from models.values.past_time import parse_past_time

    reader = Reader(database, setup.name, setup.clock, setup.zone)
    try:
        return parse_past_time(text, reader.local_time(), reader.calendar()).start
    except ValueError as problem:
        raise click.BadParameter(str(problem), param_hint="--since") from None


def _syncs(platform: str, options: _Options, database: "Database") -> "Iterator[Sync]":
    """Yield what syncs each platform that is wanted.

    Raises:
        MissingSetting: If none of them is set up.
    """
    from models.live.settings import MissingSetting
    from models.live.sync import Sync

    missing: list[str] = []
    wanted = [each for each in _SYNCED if platform in (each.key, _ALL)]
    for provider in wanted:
        settings = options.setup.settings_of(provider)
        if lacks := settings.lacks():
            missing.append(lacks)
            continue
        yield Sync(
            database=database,
            settings=settings,
            agent=options.setup.name,
            clock=options.setup.clock,
            zone=options.setup.zone,
            every=options.every,
            stop=options.stop,
            tell=output.say,
        )
    if len(missing) == len(wanted):
        raise MissingSetting(missing[0])
    for sentence in missing:
        output.say(sentence)


def _round(syncs: "list[Sync]", options: _Options, *, is_all: bool) -> Exit:
    """Sync each platform once; return how that went."""
    from models.live.pace import Stopped

    codes = []
    for sync in syncs:
        name = sync.settings.provider.name
        try:
            with counting(name) as show:

                def progress(state: "Progress", show=show) -> None:  # type: ignore[no-untyped-def]
                    show(state.feed, state.seen, state.total)

                sync.progress = progress
                report = sync.run(since=options.since, full=options.full)
        except Stopped:
            output.say(f"{name}: stopped; the next sync goes on where this one ended.")
            return Exit.IN_PART
        except DeskError as problem:
            if not is_all and options.every is None:
                raise
            output.say(str(problem))
            codes.append(Exit.REFUSED)
        else:
            codes.append(_tell(report))
    if len(set(codes)) == 1:
        return codes[0]
    return Exit.IN_PART


def _run_rules(database: "Database", options: _Options) -> None:
    """Run the rules that time triggers, now that it is known what the platforms have said meanwhile."""
    if options.stop.is_set():
        return
    from models.desk import Desk
    from models.rules.rule_words import run_words

    setup = options.setup
    desk = Desk(database, setup.name, setup.clock, setup.zone)
    try:
        done = list(desk.run_rules("sync", stop=options.stop.is_set))
    except DeskError as problem:
        output.say(str(problem))
        return
    if done:
        output.say(run_words(done))


def _tell(report: "SyncReport") -> Exit:
    line, *sentences = report.told()
    output.line(line)
    sys.stdout.flush()
    for sentence in sentences:
        output.say(sentence)
    return Exit.IN_PART if report.counts.odd else Exit.DONE


@contextmanager
def _stopped_by_signals(stop: threading.Event) -> Iterator[list[int]]:
    """Set *stop* on the first signal that asks the program to end; give the exit codes of those that came."""
    came: list[int] = []

    def end(number: int, frame: FrameType | None) -> None:
        if came and number == signal.SIGINT:
            raise KeyboardInterrupt
        came.append(128 + number)
        stop.set()

    former = {
        number: signal.signal(number, end)
        for number in (signal.SIGINT, signal.SIGTERM)
        if signal.getsignal(number) is not signal.SIG_IGN
    }
    try:
        yield came
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)

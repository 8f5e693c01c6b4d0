"""The commands of the verbs in `tui.verbs`: note, take, assign, escalate, resolve, snooze, done, release."""

import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import click

from models.values.text import display_text
from tui.commands import output
from tui.commands.acting import act
from tui.commands.exits import Exit
from tui.commands.outcomes import Form, skip_unusual_option, telling
from tui.commands.setup import global_options, setup_of, warn_of_clock
from tui.commands.targets import Targets, expect_option, selecting
from tui.verbs import Change, LastWord, Option, Verb

if TYPE_CHECKING:
    from models.desk import Desk


def command_of(verb: Verb[Any]) -> click.Command:
    """Return the command that does *verb* to the sends it is given."""
    row = verb.command
    assert row is not None
    options = (*([row.last.option] if row.last else []), *row.options)

    def run(
        words: tuple[str, ...],
        query: str | None,
        request_id: str | None,
        form: Form,
        expect: int | None = None,
        yes: bool = False,
        **texts: str | None,
    ) -> int:
        if row.last:
            words, texts[_name(row.last.option)] = _split(words, query, row.last, texts)
        targets = Targets(words, query, request_id, expect).check()
        with setup_of().open_desk() as desk:
            warn_of_clock(desk.database, desk.now)
            values = [desk.agent] if row.by_agent else _values(options, texts, desk)
            answer = row.answer(*values)
            if doubt := row.doubt(answer, desk):
                output.say(doubt)
            if verb.on_platform and not form.dry_run and not _agreed(verb, targets, yes=yes):
                return Exit.REFUSED
            return act(desk, targets, Change(verb, answer), row.printed, form)

    command: Callable[..., int] = skip_unusual_option(telling(run))
    for option in reversed(options):
        # Click takes any default, None too, for a value: no option would then be missing.
        needed = {"required": True} if option.required else {"default": option.default}
        command = click.option(option.flag, metavar=option.metavar, help=option.help, **needed)(
            command
        )
    if verb.on_platform:
        command = click.option("--yes", is_flag=True, help="Do not ask before it is done.")(command)
    if row.expects:
        command = expect_option(command)
    sends = f"SEND… {row.last.metavar}" if row.last else "SEND…"
    return click.command(verb.name, help=row.help)(global_options(selecting(sends)(command)))


def _agreed(verb: Verb[Any], targets: Targets, *, yes: bool) -> bool:
    """Whether the platform is to be asked: at a terminal the agent says so, a script has said so already."""
    by_hand = all(each is not None and each.isatty() for each in (sys.stdin, sys.stderr))
    if yes or not by_hand:
        return True
    what = "all sends of the filter" if targets.query is not None else ", ".join(targets.names)
    asked = f"{verb.title}, and no undo takes it back: {display_text(what, 200)}. Go on?"
    return click.confirm(asked, default=False, err=True)


def _name(option: Option) -> str:
    return option.flag.lstrip("-").replace("-", "_")


def _split(
    words: tuple[str, ...], query: str | None, last: LastWord, texts: dict[str, str | None]
) -> tuple[tuple[str, ...], str]:
    """Return the sends, and the text behind them or in its option.

    Raises:
        click.UsageError: If the text is nowhere.
    """
    text = texts[_name(last.option)]
    if text is not None:
        return words, text
    if not words or (query is None and len(words) == 1):
        raise click.UsageError(f"{last.name} is missing after the sends.")
    return words[:-1], words[-1]


def _values(
    options: tuple[Option, ...], texts: dict[str, str | None], desk: "Desk"
) -> Iterator[object]:
    """Yield what each of *options* says; None for one that was not given and has no default.

    Raises:
        click.BadParameter: If a text means nothing.
    """
    for option in options:
        text = texts[_name(option)]
        try:
            yield None if text is None else option.read(text, desk)
        except ValueError as problem:
            raise click.BadParameter(str(problem), param_hint=option.flag) from None

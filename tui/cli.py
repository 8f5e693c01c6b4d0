"""The command line: `senddesk` opens the desk, `senddesk COMMAND` runs a command.

Whatever happens, data goes to stdout, sentences go to stderr, and nobody sees a traceback.
"""

import codecs
import os
import re
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TextIO

import click

from models.errors import TRIES_AGAIN, BadAddress, BadQuery, DeskError, StaleSend
from models.values.text import display_text
from tui.commands import output
from tui.commands.exits import Exit
from tui.commands.setup import Setup, desk_options, global_options
from tui.terminal.environment import (
    PLAIN_SIGNS,
    forget_stale_size,
    in_plain_signs,
    settle_colours,
)

_LONGEST_SENTENCE = 2000
_READING = {
    "list": "listing",
    "show": "listing",
    "batches": "batches",
    "packet": "listing",
    "log": "log",
    "credits": "credits",
    "report": "report",
    "reply": "replies",
    "views": "views",
}
_WRITING = {"set": "overriding", "undo": "undoing", "redo": "undoing"}
_OTHERS = {
    "import": "importing",
    "sync": "syncing",
    "status": "syncing",
    "export": "exporting",
    "statuses": "reference",
    "keys": "reference",
    "replies": "replies",
    "thresholds": "thresholds",
    "rules": "time_rules",
    "listen": "listening",
    "deliveries": "deliveries",
    "demo": "demo",
    "db": "database",
    "sandbox": "sandbox",
}
_NOT_WRITING = (*_READING, "export", "status", "statuses", "keys", "deliveries")
"""The commands whose answer is all that they do."""
_MODULES = _READING | _WRITING | _OTHERS
"""The module of each command that is written by hand; the others are made from `VERBS`."""


def _verbs() -> list[str]:
    """Return the verbs in the order of their events, which is that of help."""
    # Neither `--version` nor the commands in `_MODULES` need them: three milliseconds of each start.
    from models.event_kind import EventKind
    from tui.verbs import VERBS

    events = {verb.name: verb.kind for verb in VERBS.values()}
    events |= {"undo": EventKind.UNDO, "redo": EventKind.UNDO}
    kinds = list(EventKind)
    return sorted(events, key=lambda name: kinds.index(events[name]))


_NEGATED_TERM = re.compile(r"-[a-z]{2,}[:<>=]")


class Commands(click.Group):
    """Finds each command in its module when it is called; any other first word is a filter."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order of the help."""
        return [*_READING, *_verbs(), *_OTHERS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by its name."""
        is_command = cmd_name in _MODULES or cmd_name in _verbs()
        return _command(cmd_name) if is_command else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Take a first word that is no command for a filter of the desk."""
        if self.get_command(ctx, args[0]) is None:
            return "", _desk_command(), args
        return super().resolve_command(ctx, args)


def _command(name: str) -> click.Command:
    if name in _MODULES:
        module = import_module(f"tui.commands.{_MODULES[name]}")
        found = getattr(module, f"{name}_command")
        assert isinstance(found, click.Command)
        return found
    from tui.commands.verbs import command_of
    from tui.verbs import VERBS

    return command_of(VERBS[name])


def _desk_command() -> click.Command:
    from tui.commands.opening import open_desk_command

    return open_desk_command


def _print_version(context: click.Context, option: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            click.echo(f"senddesk {version('senddesk')}")
        except PackageNotFoundError:
            click.echo("senddesk, run from its source")
        context.exit()


@click.group(
    "senddesk",
    cls=Commands,
    invoke_without_command=True,
    subcommand_metavar="[QUERY] | COMMAND [ARGS]…",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="SEND is an id as the list shows it (S-104233, G-0b6f3c1e), provider:id or a tracking number. "
    "Exit codes: 0 done, 1 refused, 2 wrong usage, 3 done in part, 4 changed by someone else, 5 done, but the result could not be printed.",
)
@global_options
@desk_options
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version,
    help="Show the version.",
)  # fmt: skip
@click.pass_context
def senddesk(context: click.Context) -> int | None:
    """Open the desk, with the sends of QUERY if there is one, or run a command."""
    output.begin(is_all=context.invoked_subcommand in (None, *_NOT_WRITING))
    if context.invoked_subcommand is None:
        result: int = context.invoke(_desk_command())
        return result
    return None


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; nothing is raised."""
    # A filter may begin with "-status:…", which no option does; a space keeps click from trying.
    words = [f" {word}" if _NEGATED_TERM.match(word) else word for word in arguments]
    try:
        with senddesk.make_context("senddesk", words, obj=Setup()) as context:
            result = senddesk.invoke(context)
        lost = output.finish()
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.UsageError as problem:
        return _wrong_usage(problem)
    except click.ClickException as problem:
        return _say(problem.format_message(), Exit.REFUSED)
    except (click.Abort, KeyboardInterrupt):
        return Exit.INTERRUPTED
    except BadQuery as problem:
        return _say(f"{problem} {problem.hint}".rstrip(), Exit.USAGE)
    except BadAddress as problem:
        return _say(str(problem), Exit.USAGE)
    except StaleSend as problem:
        return _say(str(problem), Exit.STALE)
    except DeskError as problem:
        # The open desk tries again; a command has ended.
        return _say(str(problem).removesuffix(TRIES_AGAIN).rstrip(), Exit.REFUSED)
    except OSError as problem:
        _forget_output()
        if isinstance(problem, BrokenPipeError):
            return Exit.PIPE_CLOSED
        return _say(f"It did not work: {problem.strerror or 'the system refuses'}.", Exit.REFUSED)
    if lost is not None:
        _forget_output()
        reason = lost.strerror or "the system refuses"
        told = _say(f"It is done, but the answer could not be printed: {reason}.", Exit.UNTOLD)
        return int(result or told)
    return int(result or Exit.DONE)


def _say(sentence: str, code: Exit) -> int:
    click.echo(display_text(sentence, _LONGEST_SENTENCE), err=True)
    return code


def _wrong_usage(problem: click.UsageError) -> int:
    """Say what is wrong and where help is, without repeating what a terminal would obey."""
    if isinstance(problem, click.exceptions.NoArgsIsHelpError):
        click.echo(problem.format_message(), err=True)
        return Exit.USAGE
    path = problem.ctx.command_path.strip() if problem.ctx else "senddesk"
    _say(" ".join(problem.format_message().split()), Exit.USAGE)
    return _say(f"Try `{path} --help`.", Exit.USAGE)


def _forget_output() -> None:
    """Send what is still unwritten nowhere, or Python would fail once more at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())


def main() -> int:
    """Run the command line of this process."""
    _make_streams_safe()
    settle_colours()
    forget_stale_size(sys.stdout)
    return run(sys.argv[1:])


def _make_streams_safe() -> None:
    """Have somewhere to write to, and write what the encoding cannot hold in ASCII."""
    codecs.register_error(PLAIN_SIGNS, in_plain_signs)
    if sys.stdout is None:
        sys.stdout = _nowhere()
    if sys.stderr is None:
        sys.stderr = _nowhere()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors=PLAIN_SIGNS)  # type: ignore[union-attr]


def _nowhere() -> TextIO:
    # The lowest free number becomes its handle: that of the closed stream, which no file may get.
    return open(os.devnull, "w")  # noqa: PTH123

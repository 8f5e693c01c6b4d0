"""`senddesk [QUERY]`: the desk itself."""

import os
import sys
from typing import TYPE_CHECKING, TextIO

import click

from models.errors import DeskError
from models.values.text import display_text
from tui.commands.exits import Exit
from tui.commands.setup import Setup, collect_garbage, desk_options, global_options, setup_of
from tui.terminal.environment import prepare_for_screen

if TYPE_CHECKING:
    from models.desk import Desk

_FRAMES = "120"
"""Screen updates a second, for TEXTUAL_FPS: after a pause Textual's timer skips one update."""


@click.command("senddesk")
@global_options
@desk_options
@click.argument("query", nargs=-1)
def open_desk_command(query: tuple[str, ...] = ()) -> int:
    """Open the desk with the sends of QUERY."""
    setup = setup_of()
    setup.refuse_missing_folder()
    path = setup.missing_file()
    at_terminal = _is_terminal(sys.stdin) and _is_terminal(sys.stderr)
    if path is not None and at_terminal and not setup.read_only:
        question = (
            f"There is no database at {display_text(str(path), 500)}. Make an empty desk there?"
        )
        if not click.confirm(question, err=True):
            return Exit.REFUSED
    return open_desk(setup, " ".join(query).strip())


def open_desk(setup: Setup, query: str = "", target: str | None = None) -> int:
    """Open the desk on the screen and return its exit code.

    Args:
        setup: The global options.
        query: The filter to begin with.
        target: Another database than the one in *setup*.

    Raises:
        DeskError: If there is no terminal, or the desk line by line cannot be opened.
    """
    if setup.is_line_by_line:
        return _open_line_by_line(setup, query, target)
    if not (_is_terminal(sys.stdin) and _is_terminal(sys.stderr)):
        raise DeskError(
            "The desk needs a terminal; `senddesk --plain`, `senddesk list` and `senddesk show` do not."
        )
    if os.environ.get("TERM", "").strip().lower() == "dumb":
        if setup.line_by_line is None:
            return _open_line_by_line(setup, query, target)
        raise DeskError(
            "The screen needs a terminal that can place text, and TERM=dumb says that this one "
            "cannot; `senddesk --plain` works here."
        )
    prepare_for_screen(sys.stderr)
    os.environ.setdefault("TEXTUAL_FPS", _FRAMES)
    from tui.app import run

    return run(
        target or setup.target,
        agent=setup.name,
        clock=setup.clock,
        zone=setup.zone,
        query=query,
        read_only=setup.read_only,
        ascii=setup.plain_on(sys.stderr),
        theme=setup.config.theme,
        keys=setup.config.keys,
        settings_of=setup.settings_of,
    )


def _open_line_by_line(setup: Setup, query: str, target: str | None) -> int:
    """Open the desk line by line and return its exit code; nothing of the screen is loaded.

    Raises:
        DeskError: If there is nothing to read lines from, or the database cannot be opened.
    """
    from tui.commands.waits import told_of_waits
    from tui.plain.running import run

    if sys.stdin is None or sys.stdin.closed:
        raise DeskError(
            "There is nothing to read from: --plain needs a terminal, a file or a pipe."
        )

    def opener() -> "Desk":
        from models.database import open_database
        from models.desk import Desk

        address, read_only = target or setup.target, setup.read_only
        database = open_database(address, read_only=read_only, agent=setup.name)
        collect_garbage()
        return Desk(database, setup.name, setup.clock, setup.zone)

    return run(
        opener,
        agent=setup.name,
        query=query,
        ascii=setup.plain_on(sys.stdout),
        page_lines=setup.page_lines,
        watched=told_of_waits,
        keys=setup.config.keys,
    )


def _is_terminal(stream: TextIO | None) -> bool:
    """Whether *stream* is open and a terminal."""
    return stream is not None and not stream.closed and stream.isatty()

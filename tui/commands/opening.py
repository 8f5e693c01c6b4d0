"""`senddesk [QUERY]`: the desk itself."""

import gc
import os
import sys
from typing import TextIO

import click

from models.errors import DeskError
from models.values.text import display_text
from tui.commands.exits import Exit
from tui.commands.setup import Setup, global_options, setup_of
from tui.terminal.environment import prepare_for_screen

_FRAMES = "120"
"""Screen updates a second, for TEXTUAL_FPS: after a pause Textual's timer skips one update."""


@click.command("senddesk")
@global_options
@click.argument("query", nargs=-1)
def open_desk_command(query: tuple[str, ...] = ()) -> int:
    """Open the desk with the sends of QUERY."""
    setup = setup_of()
    setup.refuse_missing_folder()
    path = setup.missing_file()
    at_terminal = sys.stdin.isatty() and sys.stderr.isatty()
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
        DeskError: If there is no terminal, or one that only prints lines.
    """
    if not (_is_terminal(sys.stdin) and _is_terminal(sys.stderr)):
        raise DeskError("The desk needs a terminal; `senddesk list` and `senddesk show` do not.")
    if os.environ.get("TERM", "").strip().lower() == "dumb":
        raise DeskError(
            "The desk needs a terminal that can place text, and TERM=dumb says that this one cannot; "
            "`senddesk list` and `senddesk show` work here."
        )
    prepare_for_screen(sys.stderr)
    # What is loaded now stays; the app looks for garbage as soon as it is open.
    gc.disable()
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
    )


def _is_terminal(stream: TextIO | None) -> bool:
    """Whether *stream* is open and a terminal."""
    return stream is not None and not stream.closed and stream.isatty()

"""A command whose write waits for somebody else says so."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

from models.errors import DeskError
from tui.commands import output

if TYPE_CHECKING:
    from models.database import Database

_LOOK_EVERY = 0.5
"""Seconds between two looks at whether a write takes long; the database is asked only if one does."""


@contextmanager
def told_of_waits(database: "Database") -> Iterator[None]:
    """Say within the block, once for each wait that is longer than a second, who is waited for."""
    ends = Event()

    def watch() -> None:
        told = ""
        while not ends.wait(_LOOK_EVERY):
            try:
                sentence = database.waits_for()
            except DeskError:
                # The command itself says what is wrong with the database.
                continue
            if sentence and sentence != told:
                output.say(sentence)
            told = sentence

    if not database.read_only:
        Thread(target=watch, name="waits", daemon=True).start()
    try:
        yield
    finally:
        ends.set()

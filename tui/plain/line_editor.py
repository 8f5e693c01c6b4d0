"""Typing a line: with the editing and the history of `readline` where the system has it."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from types import ModuleType

_SETTINGS = (
    # Each is a sequence, or a whole line drawn anew, that a screen reader would read out.
    "set enable-bracketed-paste off",
    "set blink-matching-paren off",
    "set completion-query-items -1",
    "set page-completions off",
    "tab: complete",
)
Completions = Callable[[str, int], Sequence[str]]
"""Returns what may stand in place of the word that ends at a place of a line."""


class LineEditor:
    """Reads lines from a terminal or from a file."""

    def __init__(self, source: TextIO, sink: TextIO) -> None:
        self._source = source
        self._readline = _readline() if _is_own_terminal(source, sink) else None
        self._is_own = source is sys.stdin and source.isatty()

    def line(self, prompt: str) -> str:
        """Return the next line.

        Raises:
            EOFError: If there is none.
            KeyboardInterrupt: If the agent presses Ctrl+C.
        """
        if self._is_own:
            return input(prompt)
        if line := self._source.readline():
            return line.rstrip("\r\n")
        raise EOFError

    @contextmanager
    def recalling(self, texts: Iterable[str]) -> Iterator[None]:
        """Let the arrow keys recall *texts*, the oldest first, instead of the lines typed before."""
        if self._readline is None:
            yield
            return
        count = self._readline.get_current_history_length()
        typed = [self._readline.get_history_item(place + 1) for place in range(count)]
        self._recall(texts)
        try:
            yield
        finally:
            self._recall(typed)

    def complete_with(self, completions: Completions) -> None:
        """Offer with Tab what *completions* returns."""
        if self._readline is None:
            return
        readline, found = self._readline, list[str]()

        def offer(text: str, state: int) -> str | None:
            if state == 0:
                found[:] = completions(readline.get_line_buffer(), readline.get_endidx())
            return found[state] if state < len(found) else None

        readline.set_completer_delims(" ")
        readline.set_completer(offer)

    def _recall(self, texts: Iterable[str]) -> None:
        assert self._readline is not None
        self._readline.clear_history()
        for text in texts:
            self._readline.add_history(text)


def _is_own_terminal(source: TextIO, sink: TextIO) -> bool:
    """Whether Python reads the lines with readline: from the terminal that the process has."""
    is_ours = source is sys.stdin and sink is sys.stdout
    return is_ours and source.isatty() and sink.isatty()


def _readline() -> "ModuleType | None":
    try:
        import readline
    except ImportError:
        return None
    if "libedit" not in (readline.__doc__ or ""):
        for setting in _SETTINGS:
            readline.parse_and_bind(setting)
    else:
        readline.parse_and_bind("bind ^I rl_complete")
    return readline

"""Lines in and lines out: what is said is wrapped and paged, what is asked is answered in a line."""

import os
from collections.abc import Iterable, Sequence
from typing import Final, TextIO

from models.values.text import display_text
from tui.plain.line_editor import LineEditor
from tui.plain.wrapping import cells, wrapped
from tui.style.glyphs import ASCII_FORMS

_LONGEST = 20_000
"""Characters of a text that are said."""
_USUAL_SIZE: Final = os.terminal_size((80, 24))
_LEAST_WIDTH = 20
"""A terminal that says it is narrower is not believed."""
_ROOM_TO_TYPE = 20
"""Cells that are left for an answer behind its question; a longer question has a line of its own."""
_ASCII: Final = str.maketrans(ASCII_FORMS)


class Left(Exception):
    """The agent leaves a question; nothing was done."""


class Ended(Exception):
    """Nothing more can be read: the agent has ended the desk, or the file with the lines is over."""


class Quit(Ended):
    """The agent has said that it is enough."""


class Console:
    """One agent, or one file with the lines of an agent, and where the answers go.

    Attributes:
        is_by_hand: Whether somebody types; else the lines come from a file, and each is said again.
        refusals: How often something was refused.
    """

    def __init__(
        self, source: TextIO, sink: TextIO, *, ascii: bool = False, page_lines: int | None = None
    ) -> None:
        """Read from *source* and write to *sink*.

        Args:
            source: A terminal or a file.
            sink: A terminal or a file.
            ascii: Whether only ASCII signs are written.
            page_lines: How many lines are said at once; None for the height of the terminal.
        """
        self.is_by_hand = source.isatty()
        self.refusals = 0
        self.editor = LineEditor(source, sink)
        self._source = source
        self._sink = sink
        self._ascii = ascii
        self._page_lines = page_lines
        self._said = 0
        """How many lines were said since the agent last pressed Enter."""
        self._unread: list[str] = []
        """A line of the file that was no answer to a question, and is the next word."""

    @property
    def width(self) -> int:
        """How many cells a line may have; 0 for any number, where no terminal shows them."""
        if not self._sink.isatty():
            return 0
        # The last cell stays empty: some terminals begin a new line once it is taken.
        return max(self._size().columns, _LEAST_WIDTH) - 1

    @property
    def page(self) -> int:
        """How many lines are said at once."""
        return self._page_lines or max(self._size().lines, 5)

    def say(self, text: str = "", *, indent: int = 0) -> None:
        """Write *text*, made safe and broken between words.

        Args:
            text: A sentence, or lines.
            indent: Blanks before what does not fit into its first line.
        """
        for line in self.lines(text, indent):
            self._sink.write(f"{line}\n")
            self._said += 1
        self._sink.flush()

    def tell(self, texts: Iterable[str], *, indent: int = 0) -> None:
        """Write several *texts*; where they are longer than a page, ask whether to go on."""
        for text in texts:
            for line in self.lines(text, indent):
                if self._said >= self.page - 1 and not self._goes_on():
                    return
                self._sink.write(f"{line}\n")
                self._said += 1
        self._sink.flush()

    def refuse(self, sentence: str) -> None:
        """Say why something is not done."""
        self.refusals += 1
        self.say(sentence)

    def lines(self, text: str, indent: int = 0) -> list[str]:
        """Return the lines in which *text* is written."""
        safe = display_text(text, _LONGEST, one_line=False)
        return wrapped(safe.translate(_ASCII) if self._ascii else safe, self.width, indent)

    def read(self, prompt: str) -> str:
        """Return the next line, without blanks around it.

        Raises:
            Left: If the agent presses Ctrl+C.
            Ended: If there is none.
        """
        shown = display_text(prompt, 200)
        shown = shown.translate(_ASCII) if self._ascii else shown
        if self.width and cells(shown) > self.width - _ROOM_TO_TYPE:
            # Editors of lines push a long prompt out of sight.
            self.say(shown)
            shown = "> "
        self._said = 0
        if self._unread:
            line = self._unread.pop()
        else:
            try:
                line = self.editor.line(shown)
            except KeyboardInterrupt:
                self._sink.write("\n")
                raise Left from None
            except (EOFError, OSError):
                if self.is_by_hand:
                    self._sink.write("\n")
                raise Ended from None
        if not self.is_by_hand:
            self.say(f"{shown}{display_text(line, 500)}".rstrip())
        return line.strip()

    def answer(self, question: str) -> str:
        """Ask for a text, and return it; an empty line leaves.

        Raises:
            Left: If the agent does not answer.
            Ended: If nothing more can be read.
        """
        if answer := self.read(question):
            return answer
        raise Left

    def choose(self, question: str, choices: Sequence[str]) -> str:
        """Ask for one of *choices*, in full or by its first letters, and return it; else leave.

        A line of a file that is none of them is left for what comes next.

        Raises:
            Left: If the agent chooses none.
            Ended: If nothing more can be read.
        """
        while answer := self.read(question):
            found = [each for each in choices if each.startswith(answer.casefold())]
            if len(found) == 1:
                return found[0]
            if not self.is_by_hand:
                self._unread.append(answer)
                raise Left
            self.say(f"Type {in_words(choices, 'or')}; an empty line leaves it as it is.")
        raise Left

    def agrees(self, question: str) -> bool:
        """Ask a question that is answered with yes or no; an empty line means no.

        Raises:
            Ended: If nothing more can be read.
        """
        try:
            return self.choose(f"{question} Yes or no: ", ("yes", "no")) == "yes"
        except Left:
            return False

    def _goes_on(self) -> bool:
        """Ask whether to say the next page; nobody is asked where no terminal shows it."""
        if not (self.is_by_hand and self._sink.isatty()):
            return True
        self._sink.flush()
        try:
            return self.read("Enter for more, q to leave: ").casefold() not in ("q", "quit", "no")
        except Left:
            return False

    def _size(self) -> os.terminal_size:
        try:
            size = os.get_terminal_size(self._sink.fileno())
        except (OSError, ValueError):
            return _USUAL_SIZE
        return size if size.columns and size.lines else _USUAL_SIZE


def in_words(items: Sequence[str], last: str = "and") -> str:
    """Return *items* as a sentence names them: `3, 4 and 7`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"

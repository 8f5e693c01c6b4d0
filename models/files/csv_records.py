"""Splitting the lines of a CSV file into records; a broken record is rejected and reading goes on."""

import csv
import re
from collections import deque
from collections.abc import Iterator
from typing import TextIO

from models.files.items import Rejected, kept_cells

_LARGEST_CELL = 16 * 2**20
"""How many characters a cell may have."""
_LONGEST_RECORD = 100
"""Over how many lines a record may go. Reading on to the end for each quote that is never closed made
16,000 such lines take 46 seconds."""
_LARGEST_RECORD = 2**20
"""After how many characters a record may not go on to one more line."""
_LINE_BREAK = re.compile(r"\r\n|\r|\n")


class RecordLines:
    """Iterates over the lines of a text; the lines of a broken record can be read a second time.

    Attributes:
        number: The number of the line that was returned last; the first line is 1.
    """

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._again: deque[str] = deque()
        self._taken: list[str] = []
        self._size = 0
        self.number = 0

    def __iter__(self) -> "RecordLines":
        return self

    def __next__(self) -> str:
        taken = self._taken
        if taken and (len(taken) >= _LONGEST_RECORD or self._size > _LARGEST_RECORD):
            raise StopIteration
        line = self._again.popleft() if self._again else next(self._text)
        self.number += 1
        taken.append(line)
        self._size += len(line)
        return line

    def start_record(self) -> int:
        """Begin a new record; return the number of its first line."""
        self._taken.clear()
        self._size = 0
        return self.number + 1

    def give_back(self) -> str:
        """Let all lines of this record but the first be read again; return the first."""
        first, *rest = self._taken
        self._again.extendleft(reversed(rest))
        self.number -= len(rest)
        self._taken.clear()
        return first


def split_records(lines: RecordLines, delimiter: str) -> Iterator[tuple[int, list[str] | Rejected]]:
    """Split *lines* into records, each with the number of its first line.

    If a quote is out of place, the first line of the record is rejected and reading goes on with
    its second line; otherwise a missing quote would make the rest of the file one cell.
    """
    csv.field_size_limit(_LARGEST_CELL)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = lines.start_record()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            text = lines.give_back().rstrip("\r\n")
            yield line, Rejected(line, _explained(problem, line), kept_cells(["text"], [text]))
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
        else:
            yield line, cells


def _explained(problem: csv.Error, line: int) -> str:
    """Return what is wrong with a record, in words for an agent."""
    if "limit" in str(problem):
        return f"a cell from line {line} on is larger than 16 MB, or its quote is never closed"
    return f"a quote that opens in line {line} is not closed where its cell ends"


def holds_a_row(cells: list[str], delimiter: str) -> bool:
    """Whether a cell over several lines is the end of one row and the beginning of the next."""
    last = len(cells) - 1
    for place, cell in enumerate(cells):
        if last > 1 and ("\n" in cell or "\r" in cell):
            first, *_, end = _LINE_BREAK.split(cell)
            if first.count(delimiter) == last - place and end.count(delimiter) == place:
                return True
    return False

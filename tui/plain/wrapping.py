"""Text in lines of a terminal, broken between words. Pure."""

import unicodedata


def cells(text: str) -> int:
    """Return how many cells of a terminal *text* takes."""
    if text.isascii():
        return len(text)
    return sum(map(_cells_of, text))


def wrapped(text: str, width: int, indent: int = 0) -> list[str]:
    """Return *text* in lines of at most *width* cells; a word that is longer is broken.

    Args:
        text: One line, or several.
        width: In cells; 0 leaves each line whole.
        indent: Blanks before each line but the first.
    """
    if not width:
        return text.split("\n")
    lines: list[str] = []
    for row in text.split("\n"):
        lines += _wrapped_row(row, width, " " * min(indent, width // 2))
    return lines


def _wrapped_row(row: str, width: int, indent: str) -> list[str]:
    if cells(row) <= width:
        return [row]
    lines: list[str] = []
    line = row[: len(row) - len(row.lstrip())]
    is_empty = True
    for word in row.split():
        joined = f"{line}{word}" if is_empty else f"{line} {word}"
        if cells(joined) <= width:
            line, is_empty = joined, False
            continue
        if not is_empty:
            lines.append(line)
            line = indent
        *whole, rest = _broken(word, width - cells(line))
        for piece in whole:
            lines.append(line + piece)
            line = indent
        line, is_empty = line + rest, False
    return [*lines, line]


def _broken(word: str, room: int) -> list[str]:
    """Return *word* in pieces of at most *room* cells."""
    pieces, piece, taken = [], "", 0
    for character in word:
        need = _cells_of(character)
        if piece and taken + need > room:
            pieces.append(piece)
            piece, taken = "", 0
        piece += character
        taken += need
    return [*pieces, piece]


def _cells_of(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1

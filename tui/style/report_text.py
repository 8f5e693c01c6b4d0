"""A report as lines of text, each with its part in the page, so that a screen can colour it."""

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from rich.cells import cell_len, set_cell_size

from models.report.document import Figure, Heading, Section, Table, change, words
from models.values.text import display_text
from tui.style.glyphs import ASCII_FORMS
from tui.style.plots import chart_lines

Part = Literal["title", "about", "figure", "heading", "chart", "columns", "row"]
"""What a line is."""
_GAP: Final = 2
_INDENT: Final = 2
_SHORTEST_TEXT: Final = 9
_LONGEST_TEXT: Final = 36
_FEWEST: Final = 2
"""How many columns a table has at least."""
_SIGNS: Final = str.maketrans(ASCII_FORMS)


class Line(NamedTuple):
    """One line of a report."""

    part: Part
    text: str


def heading_lines(heading: Heading, width: int, *, ascii: bool = False) -> Iterator[Line]:
    """Yield what a report is about."""
    desk = display_text(heading.desk, 60)
    title = f"{heading.title}, {desk}, made at {heading.made_at}"
    yield from _wrapped("title", title, width, ascii)
    yield from _wrapped("about", heading.words, width, ascii)


def section_lines(section: Section, width: int, *, ascii: bool = False) -> Iterator[Line]:
    """Yield a section as lines of at most *width* cells."""
    yield _line("title", section.title, ascii)
    yield from _wrapped("about", section.about, width, ascii)
    yield Line("about", "")
    yield from (_line("figure", line, ascii) for line in _figures(section.figures, width))
    for chart in section.charts:
        yield Line("about", "")
        yield _line("heading", chart.title, ascii)
        for line in chart_lines(chart, width - _INDENT, ascii=ascii):
            yield _line("chart", " " * _INDENT + line, ascii)
    for table in section.tables:
        if table.rows:
            yield Line("about", "")
            yield _line("heading", table.title, ascii)
            kept, widths = _fitted(table, width - _INDENT)
            for place, row in enumerate(_rows(table, kept, widths)):
                yield _line("row" if place else "columns", " " * _INDENT + row, ascii)
            for note in (table.note, _left_out(table, kept)):
                yield from _wrapped("about", note, width, ascii, indent=_INDENT)


def _figures(figures: tuple[Figure, ...], width: int) -> Iterator[str]:
    """Yield each figure and what it was before; where both have no room, in two lines."""
    titles = max((cell_len(each.title) for each in figures), default=0)
    values = max((cell_len(words(each.value)) for each in figures), default=0)
    titles = min(titles, width - values - 2 * _GAP)
    for each in figures:
        line = f"  {_padded(each.title, titles)}  {_padded(words(each.value), values, right=True)}"
        if not each.compared:
            yield line
            continue
        changed = change(each)
        before = f"before {words(each.before)}{f'  {changed}' if changed else ''}"
        if cell_len(line) + 3 + cell_len(before) <= width:
            yield f"{line}   {before}"
        else:
            yield line
            yield f"    {before}"


def _fitted(table: Table, width: int) -> tuple[list[int], list[int]]:
    """Return the places of the columns that fit *width*, and how wide each column of the table is.

    Texts are cut first, and minor columns left out. Where that is not enough, texts between the first and
    the last give way, then the numbers from the right, then the first text.
    """
    columns = table.columns
    cells = _cells(table)
    texts = _texts(table)
    kept = list(range(len(columns)))
    widths = [
        max(cell_len(columns[place].title), *(cell_len(row[place]) for row in cells))
        for place in kept
    ]
    widths = [
        min(each, _LONGEST_TEXT) if text else each for each, text in zip(widths, texts, strict=True)
    ]
    wanted = list(widths)
    while _total(widths, kept) > width:
        longest = max((place for place in kept if texts[place]), key=lambda place: widths[place])
        minor = [place for place in kept if columns[place].is_minor]
        if widths[longest] > 2 * _SHORTEST_TEXT or (not minor and widths[longest] > _SHORTEST_TEXT):
            widths[longest] -= 1
        elif minor:
            kept.remove(minor[-1])
        elif len(several := [place for place in kept if texts[place]]) > _FEWEST:
            kept.remove(several[-2])
        elif len(kept) > len(several) + _FEWEST:
            kept.pop()
        elif len(several) > 1:
            kept.remove(several[0])
        elif len(kept) > _FEWEST:
            kept.pop()
        else:
            break
    # What has given way may leave room for the texts that were cut before.
    for place in reversed([place for place in kept if texts[place]]):
        room = width - _total(widths, kept)
        widths[place] = min(wanted[place], widths[place] + max(room, 0))
    return kept, widths


def _rows(table: Table, kept: list[int], widths: list[int]) -> Iterator[str]:
    """Yield the titles and the rows of the columns that are *kept*."""
    texts = _texts(table)
    yield _row([column.title for column in table.columns], kept, widths, texts)
    for row in _cells(table):
        yield _row(row, kept, widths, texts)


def _cells(table: Table) -> list[list[str]]:
    return [[display_text(words(value), 200) for value in row] for row in table.rows]


def _texts(table: Table) -> list[bool]:
    """Return which columns are texts."""
    return [isinstance(value, str) for value in table.rows[0]]


def _left_out(table: Table, kept: list[int]) -> str:
    """Return which columns that are not minor are left out, in a sentence; empty if none is."""
    titles = [
        column.title
        for place, column in enumerate(table.columns)
        if place not in kept and not column.is_minor
    ]
    return f"No room for {', '.join(titles)}." if titles else ""


def _total(widths: list[int], kept: list[int]) -> int:
    return sum(widths[place] + _GAP for place in kept) - _GAP


def _row(cells: list[str], kept: list[int], widths: list[int], texts: list[bool]) -> str:
    shown = (_padded(cells[place], widths[place], right=not texts[place]) for place in kept)
    return (" " * _GAP).join(shown).rstrip()


def _padded(text: str, width: int, *, right: bool = False) -> str:
    if cell_len(text) > width:
        return set_cell_size(text, max(width - 1, 0)) + "…"
    blank = " " * (width - cell_len(text))
    return blank + text if right else text + blank


def _wrapped(part: Part, text: str, width: int, ascii: bool, *, indent: int = 0) -> Iterator[Line]:
    from textwrap import wrap

    blank = " " * indent
    lines = wrap(text, max(width, 20), initial_indent=blank, subsequent_indent=blank)
    return (_line(part, line, ascii) for line in lines)


def _line(part: Part, text: str, ascii: bool) -> Line:
    return Line(part, text.translate(_SIGNS) if ascii else text)

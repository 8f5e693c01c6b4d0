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
_SIGNS: Final = str.maketrans(ASCII_FORMS)


class Line(NamedTuple):
    """One line of a report."""

    part: Part
    text: str


def heading_lines(heading: Heading, width: int, *, ascii: bool = False) -> Iterator[Line]:
    """Yield what a report is about."""
    desk = display_text(heading.desk, 60)
    yield _line("title", f"{heading.title}, {desk}, made at {heading.made_at}", ascii)
    yield from _wrapped(heading.words, width, ascii)


def section_lines(section: Section, width: int, *, ascii: bool = False) -> Iterator[Line]:
    """Yield a section as lines of at most *width* cells."""
    yield _line("title", section.title, ascii)
    yield from _wrapped(section.about, width, ascii)
    yield Line("about", "")
    yield from (_line("figure", line, ascii) for line in _figures(section.figures))
    for chart in section.charts:
        yield Line("about", "")
        yield _line("heading", chart.title, ascii)
        for line in chart_lines(chart, width - _INDENT, ascii=ascii):
            yield _line("chart", " " * _INDENT + line, ascii)
    for table in section.tables:
        if table.rows:
            yield Line("about", "")
            yield _line("heading", table.title, ascii)
            for place, row in enumerate(_table(table, width - _INDENT)):
                yield _line("row" if place else "columns", " " * _INDENT + row, ascii)
            if table.note:
                yield _line("about", " " * _INDENT + table.note, ascii)


def _figures(figures: tuple[Figure, ...]) -> Iterator[str]:
    titles = max((cell_len(each.title) for each in figures), default=0)
    values = max((cell_len(words(each.value)) for each in figures), default=0)
    for each in figures:
        line = f"  {_padded(each.title, titles)}  {_padded(words(each.value), values, right=True)}"
        if each.compared:
            changed = change(each)
            line = f"{line}   before {words(each.before)}{f'  {changed}' if changed else ''}"
        yield line


def _table(table: Table, width: int) -> Iterator[str]:
    """Yield the titles and the rows; texts are cut and minor columns left out to fit *width*."""
    columns = list(table.columns)
    cells = [[display_text(words(value), 200) for value in row] for row in table.rows]
    texts = [isinstance(value, str) for value in table.rows[0]]
    kept = list(range(len(columns)))
    widths = [
        max(cell_len(columns[place].title), *(cell_len(row[place]) for row in cells))
        for place in kept
    ]
    widths = [
        min(each, _LONGEST_TEXT) if text else each for each, text in zip(widths, texts, strict=True)
    ]
    while _total(widths, kept) > width:
        longest = max((place for place in kept if texts[place]), key=lambda place: widths[place])
        minor = [place for place in kept if columns[place].is_minor]
        if widths[longest] > 2 * _SHORTEST_TEXT or (not minor and widths[longest] > _SHORTEST_TEXT):
            widths[longest] -= 1
        elif minor:
            kept.remove(minor[-1])
        else:
            break
    yield _row([column.title for column in columns], kept, widths, texts)
    for row in cells:
        yield _row(row, kept, widths, texts)


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


def _wrapped(text: str, width: int, ascii: bool) -> Iterator[Line]:
    from textwrap import wrap

    return (_line("about", line, ascii) for line in wrap(text, max(width, 20)))


def _line(part: Part, text: str, ascii: bool) -> Line:
    return Line(part, text.translate(_SIGNS) if ascii else text)

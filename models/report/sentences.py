"""A report in sentences, one a line, for a reader who hears it."""

from collections.abc import Iterator

from models.report.document import Figure, Section, Table, Value, words


def section_sentences(section: Section) -> Iterator[str]:
    """Yield a section: its title, what it counts, its figures, then every row that says something."""
    yield f"{section.title}. {section.about}"
    yield from map(_figure, section.figures)
    for table in section.tables:
        if table.rows:
            yield f"{table.title}:"
            yield from (_row(table, row) for row in table.rows)
            if table.note:
                yield table.note


def _figure(figure: Figure) -> str:
    before = f", before {words(figure.before)}" if figure.compared else ""
    return f"{figure.title}: {words(figure.value)}{before}"


def _row(table: Table, row: tuple[Value, ...]) -> str:
    pairs = list(zip(table.columns, row, strict=True))
    names = [value for _, value in pairs if isinstance(value, str)]
    numbers = [
        f"{column.title.lower()} {words(value)}"
        for column, value in pairs
        if value and not isinstance(value, str)
    ]
    return f"{', '.join(names)}: {', '.join(numbers) or 'nothing'}"

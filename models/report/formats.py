"""A report as Markdown, CSV and JSON; each is written as its sections come."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Any, Final

from models.files.writing import csv_line, json_text
from models.report.document import Figure, Heading, Section, Table, change, raw, words
from models.report.html import as_html
from models.values.text import display_text

CSV_COLUMNS: Final = ("section", "table", "item", "column", "value")
"""The columns of the CSV: one value on each line, lengths of time in seconds."""
_SIGNS: Final = re.compile(r"[\\`*_{}\[\]<>#|~&]")
_SHOWN: Final = 500

Write = Callable[[Heading, Iterable[Section]], Iterator[str]]


def as_markdown(heading: Heading, sections: Iterable[Section]) -> Iterator[str]:
    """Yield a report as Markdown, in pieces."""
    yield f"# {_escaped(heading.title)}\n\n{_escaped(heading.desk)}, made at {heading.made_at}.\n"
    yield f"{_escaped(heading.words)}\n"
    for section in sections:
        yield f"\n## {_escaped(section.title)}\n\n{_escaped(section.about)}\n\n"
        yield from (f"- {line}\n" for line in map(_figure_line, section.figures))
        for chart in section.charts:
            yield f"\n### {_escaped(chart.title)}\n\n"
            pairs = zip(chart.labels, chart.values, strict=True)
            yield from _markdown_table(
                ("", "Sends"), [[words(label), words(value)] for label, value in pairs]
            )
        for table in section.tables:
            if table.rows:
                yield f"\n### {_escaped(table.title)}\n\n"
                rows = [[words(value) for value in row] for row in table.rows]
                yield from _markdown_table([column.title for column in table.columns], rows)
                yield f"\n{_escaped(table.note)}\n" if table.note else ""


def as_csv(heading: Heading, sections: Iterable[Section]) -> Iterator[str]:
    """Yield a report as CSV, one value a line."""
    yield csv_line(CSV_COLUMNS)
    for key, value in asdict(heading).items():
        yield csv_line(("report", "", "", key, str(value)))
    for section in sections:
        for figure in section.figures:
            yield csv_line((section.key, "figures", figure.key, "value", _cell(figure.value)))
            if figure.compared:
                yield csv_line((section.key, "figures", figure.key, "before", _cell(figure.before)))
        for chart in section.charts:
            for label, number in zip(chart.labels, chart.values, strict=True):
                yield csv_line((section.key, chart.key, _cell(label), "value", str(number)))
        for table in section.tables:
            for row in table.rows:
                item, names = _item_of(table, row)
                for column, value in zip(table.columns, row, strict=True):
                    if column.key not in names:
                        yield csv_line((section.key, table.key, item, column.key, _cell(value)))


def as_json(heading: Heading, sections: Iterable[Section]) -> Iterator[str]:
    """Yield a report as one object of JSON; lengths of time are seconds."""
    begin = json_text({**asdict(heading), "sections": []})
    yield begin.removesuffix("[]\n}")
    before = "["
    for section in sections:
        # Indented by hand: an object within a list within the object.
        text = json_text(_as_object(section)).replace("\n", "\n    ")
        yield f"{before}\n    {text}"
        before = ","
    yield "[]\n}\n" if before == "[" else "\n  ]\n}\n"


WRITERS: Final[Mapping[str, Write]] = MappingProxyType(
    {"md": as_markdown, "json": as_json, "csv": as_csv, "html": as_html}
)
"""The formats of files, by their suffix."""


def _as_object(section: Section) -> dict[str, Any]:
    return {
        "key": section.key,
        "title": section.title,
        "about": section.about,
        "figures": {figure.key: _figure_object(figure) for figure in section.figures},
        "charts": {
            chart.key: [
                {"label": raw(label), "value": value}
                for label, value in zip(chart.labels, chart.values, strict=True)
            ]
            for chart in section.charts
        },
        "tables": {
            table.key: [
                {column.key: raw(value) for column, value in zip(table.columns, row, strict=True)}
                for row in table.rows
            ]
            for table in section.tables
        },
    }


def _figure_object(figure: Figure) -> dict[str, Any]:
    value = {"value": raw(figure.value)}
    return value | {"before": raw(figure.before)} if figure.compared else value


def _item_of(table: Table, row: tuple[Any, ...]) -> tuple[str, set[str]]:
    """Return what a row is about, and the columns that say so: those of text at its beginning."""
    told = []
    for column, value in zip(table.columns, row, strict=True):
        if not isinstance(value, str):
            break
        told.append((column.key, value))
    return " / ".join(value for _, value in told), {key for key, _ in told}


def _cell(value: Any) -> str:
    found = raw(value)
    return "" if found is None else str(found)


def _figure_line(figure: Figure) -> str:
    line = f"{_escaped(figure.title)}: **{_escaped(words(figure.value))}**"
    if not figure.compared:
        return line
    changed = change(figure)
    return f"{line} (before {_escaped(words(figure.before))}{f', {changed}' if changed else ''})"


def _markdown_table(titles: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    head = [_escaped(title) for title in titles]
    yield f"| {' | '.join(head)} |\n| {' | '.join('---' for _ in head)} |\n"
    for row in rows:
        yield f"| {' | '.join(map(_escaped, row))} |\n"


def _escaped(text: str) -> str:
    return _SIGNS.sub(r"\\\g<0>", display_text(text, _SHOWN))

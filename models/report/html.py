"""A report as one file of HTML: charts are drawn in it, nothing is loaded, and no script runs."""

from collections.abc import Iterable, Iterator
from html import escape
from typing import Final

from models.report.document import Chart, Figure, Heading, Section, Table, change, words
from models.values.text import display_text

_SHOWN: Final = 500
_STYLE: Final = """
:root { color-scheme: light dark; --text: #1b1f24; --quiet: #59636e; --line: #d5dbe1; --bar: #2f6fb7;
  --page: #ffffff; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e9ed; --quiet: #9aa5b1; --line: #353c45;
  --bar: #6ea8e6; --page: #14181d; } }
* { box-sizing: border-box; }
body { margin: 2.5rem auto; max-width: 68rem; padding: 0 1.5rem; color: var(--text);
  background: var(--page); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 .3rem; } h2 { font-size: 1.25rem; margin: 2.6rem 0 .2rem; }
h3 { font-size: 1rem; margin: 1.6rem 0 .4rem; }
p { margin: .2rem 0; color: var(--quiet); }
dl { display: flex; flex-wrap: wrap; gap: 1rem 2.2rem; margin: 1rem 0; }
dt { color: var(--quiet); font-size: .85rem; } dd { margin: 0; }
dd b { display: block; font-size: 1.5rem; font-weight: 600; line-height: 1.25; }
dd span { color: var(--quiet); font-size: .85rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .8rem .25rem 0; text-align: left; border-bottom: 1px solid var(--line);
  white-space: nowrap; }
th { color: var(--quiet); font-weight: 500; font-size: .85rem; }
.number { text-align: right; padding: .25rem 0 .25rem .8rem; }
svg { display: block; width: 100%; max-width: 60rem; height: auto; }
svg rect { fill: var(--bar); } svg text { fill: var(--text); font: 12px system-ui, sans-serif; }
svg .quiet { fill: var(--quiet); } svg line { stroke: var(--line); }
@media print { :root { --text: #000; --quiet: #444; --line: #bbb; --bar: #555; --page: #fff; }
  body { margin: 0; max-width: none; padding: 0; font-size: 10pt; }
  h2, h3 { break-after: avoid; } tr, svg, dl { break-inside: avoid; } thead { display: table-header-group; }
  .wide { overflow: visible; } svg rect { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
"""
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
_WIDTH: Final = 720
_HEIGHT: Final = 160
_ROW: Final = 22
_LABEL: Final = 130
_FOOT: Final = 20
_MOST_LABELS: Final = 10


def as_html(heading: Heading, sections: Iterable[Section]) -> Iterator[str]:
    """Yield a report as a page of HTML, in pieces."""
    title = _text(heading.title)
    yield (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}, {heading.until}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{title}</h1>\n<p>{_text(heading.desk)}, made at {heading.made_at}.</p>\n"
        f"<p>{_text(heading.words)}</p>\n"
    )
    for section in sections:
        yield from _section(section)
    yield "</body>\n</html>\n"


def _section(section: Section) -> Iterator[str]:
    yield f'<section id="{section.key}">\n<h2>{_text(section.title)}</h2>\n'
    yield f"<p>{_text(section.about)}</p>\n<dl>\n"
    yield from map(_figure, section.figures)
    yield "</dl>\n"
    for chart in section.charts:
        yield f"<h3>{_text(chart.title)}</h3>\n"
        yield from _columns(chart) if chart.over_time else _bars(chart)
    for table in section.tables:
        if table.rows:
            yield from _table(table)
    yield "</section>\n"


def _figure(figure: Figure) -> str:
    before = ""
    if figure.compared:
        changed = change(figure)
        before = (
            f"<span>before {_text(words(figure.before))}{f', {changed}' if changed else ''}</span>"
        )
    return f"<div><dt>{_text(figure.title)}</dt><dd><b>{_text(words(figure.value))}</b>{before}</dd></div>\n"


def _table(table: Table) -> Iterator[str]:
    yield f'<h3>{_text(table.title)}</h3>\n<div class="wide"><table>\n<thead><tr>'
    is_text = [isinstance(value, str) for value in table.rows[0]]
    marks = ["" if text else ' class="number"' for text in is_text]
    for column, mark in zip(table.columns, marks, strict=True):
        yield f'<th scope="col"{mark}>{_text(column.title)}</th>'
    yield "</tr></thead>\n<tbody>\n"
    for row in table.rows:
        cells = zip(row, marks, strict=True)
        yield f"<tr>{''.join(f'<td{mark}>{_text(words(value))}</td>' for value, mark in cells)}</tr>\n"
    yield "</tbody></table></div>\n"
    yield f"<p>{_text(table.note)}</p>\n" if table.note else ""


def _bars(chart: Chart) -> Iterator[str]:
    """Yield bars from left to right, one below the other."""
    most = max(chart.values, default=0) or 1
    yield _opened(chart, _ROW * len(chart.values))
    for place, (label, value) in enumerate(zip(chart.labels, chart.values, strict=True)):
        top = place * _ROW
        length = round((_WIDTH - _LABEL - 70) * value / most, 1)
        yield (
            f'<text x="{_LABEL - 10}" y="{top + 15}" text-anchor="end">{_text(words(label))}</text>'
            f'<rect x="{_LABEL}" y="{top + 4}" width="{length}" height="14" rx="2"/>'
            f'<text x="{_LABEL + length + 8}" y="{top + 15}">{words(value)}</text>\n'
        )
    yield "</svg>\n"


def _columns(chart: Chart) -> Iterator[str]:
    """Yield columns from left to right in the order of time."""
    most = max(chart.values, default=0) or 1
    left, top = 44, 10
    step = (_WIDTH - left) / max(len(chart.values), 1)
    yield _opened(chart, _HEIGHT + top + _FOOT)
    for number, y in ((most, top), (0, top + _HEIGHT)):
        yield f'<line x1="{left}" y1="{y}" x2="{_WIDTH}" y2="{y}"/>'
        yield f'<text class="quiet" x="{left - 8}" y="{y + 4}" text-anchor="end">{number:,}</text>\n'
    every = -(-len(chart.values) // _MOST_LABELS)
    for place, (label, value) in enumerate(zip(chart.labels, chart.values, strict=True)):
        height = round(_HEIGHT * value / most, 1)
        x = round(left + step * place, 1)
        yield (
            f'<rect x="{x}" y="{round(top + _HEIGHT - height, 1)}" width="{round(step * 0.72, 1)}"'
            f' height="{height}"><title>{_text(words(label))}: {value:,}</title></rect>'
        )
        if place % every == 0:
            yield f'<text class="quiet" x="{x}" y="{_HEIGHT + top + 15}">{_text(words(label))}</text>'
    yield "\n</svg>\n"


def _opened(chart: Chart, height: int) -> str:
    told = ", ".join(
        f"{words(label)}: {value:,}"
        for label, value in zip(chart.labels, chart.values, strict=True)
    )
    return f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{_text(f"{chart.title}. {told}")}">\n'


def _text(text: str) -> str:
    return escape(display_text(text, 4 * _SHOWN))

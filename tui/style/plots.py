"""Charts as lines of text, drawn by plotext without colour: signs alone tell the lengths."""

from threading import Lock
from typing import Any, Final

from models.report.document import Chart, words

_DRAWING: Final = Lock()
"""plotext has one figure for all threads."""
_AXES: Final = str.maketrans(
    {"─": "-", "│": "|", "┤": "|", "├": "|", "┬": "+", "┴": "+", "┼": "+"}
    | dict.fromkeys("┌┐└┘", "+")
)
_HIGH: Final = 8
"""Rows of a chart over time, its axis included."""
_NARROWEST: Final = 30


def chart_lines(chart: Chart, width: int, *, ascii: bool = False) -> list[str]:
    """Return *chart* as lines of at most *width* cells; its title is not among them."""
    if not any(chart.values):
        return ["none"]
    # Its import takes as long as opening a database: only who looks at a report waits for it.
    import plotext

    width = max(width, _NARROWEST)
    with _DRAWING:
        plotext.clear_figure()
        plotext.theme("clear")
        draw = _over_time if chart.over_time else _one_below_the_other
        text = draw(plotext, chart, width, "#" if ascii else "▇")
    lines = [line.rstrip() for line in text.splitlines()]
    return [line.translate(_AXES) if ascii else line for line in lines if line]


def _one_below_the_other(plotext: Any, chart: Chart, width: int, sign: str) -> str:
    plotext.simple_bar(
        [words(label) for label in chart.labels], chart.values, width=width, marker=sign
    )
    lines = plotext.uncolorize(plotext.build()).splitlines()
    # It writes each number as 12.00.
    drawn = zip((line for line in lines if line.strip()), chart.values, strict=True)
    return "\n".join(f"{line.rstrip().rpartition(' ')[0]} {words(value)}" for line, value in drawn)


def _over_time(plotext: Any, chart: Chart, width: int, sign: str) -> str:
    most = max(chart.values)
    places = list(range(len(chart.values)))
    plotext.plot_size(width, _HIGH)
    plotext.bar(places, chart.values, marker=sign, width=0.8)
    plotext.xaxes(True, False)
    plotext.yaxes(True, False)
    plotext.yticks([0, most], ["0", f"{most:,}"])
    # A label needs seven cells, and two more between it and the next.
    every = max(-(-len(places) * 9 // max(width - 10, 1)), 1)
    plotext.xticks(places[::every], [words(label) for label in chart.labels[::every]])
    text: str = plotext.uncolorize(plotext.build())
    return text

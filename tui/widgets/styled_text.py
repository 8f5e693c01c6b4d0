"""Pieces of text that every widget builds from: safe, styled, cut and wrapped to a width."""

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from textual.content import Content

from models.values.text import display_text
from tui.style.glyphs import Tone

QUIET = "$text-muted"
STRONG = "bold $text"
STRUCK = "strike $text-muted"
KEY = "bold $text-primary"
_NARROWEST = 8
"""Cells below which no value stands beside its label."""


def colour(tone: Tone) -> str:
    """Return the style in which text of *tone* is written."""
    return "$text" if tone == "text" else f"$text-{tone}"


def safe_text(value: str, style: str = "", *, limit: int = 200) -> Content:
    """Return *value*, which may come from outside, as one safe line of at most *limit* characters."""
    return Content.styled(display_text(value, limit), style)


def joined(parts: Iterable[Content]) -> Content:
    """Return the *parts* that are not empty with a quiet dot between them."""
    return Content.styled(" · ", QUIET).join([part for part in parts if part])


def justified(left: Content, right: Content, width: int) -> Content:
    """Return a line of *width* cells with *left* and *right* at its ends; *left* is cut first."""
    if not right:
        return left.truncate(width, ellipsis=True)
    room = max(width - right.cell_length - 1, 0)
    kept = left.truncate(room, ellipsis=True, pad=True)
    return Content.assemble(kept, " ", right).truncate(width, ellipsis=True)


def wrapped_field(label: Content, value: Content, width: int, *, lines: int = 3) -> list[Content]:
    """Return *label* and *value* beside it, which is wrapped into its own column of at most *lines* lines."""
    indent = label.cell_length
    room = max(width - indent, _NARROWEST)
    if indent and indent + room > width:
        # Beside the label there is no room for a word: it stands below.
        return [*label.wrap(width), *wrapped_field(Content(), value, width, lines=lines)]
    wrapped = value.wrap(room)
    if len(wrapped) > lines:
        last = wrapped[lines - 1].truncate(room - 1, ellipsis=False)
        wrapped = [*wrapped[: lines - 1], last.append_text("…")]
    blank = Content(" " * indent)
    return [(label if row == 0 else blank) + line for row, line in enumerate(wrapped)]


def stacked(lines: Iterable[Content | str]) -> Content:
    """Return *lines* as one text, one below the other."""
    return Content("\n").join(list(lines))


def hint_lines(
    pairs: Sequence[tuple[str, str]], width: int, *, style: str = QUIET, gap: int = 3
) -> list[Content]:
    """Return *pairs* of keys with what they do on as many lines of *width* cells as they take.

    What the keys do is written in *style*.
    """
    return [
        Content(" " * gap).join([_hint(pair, style).truncate(width, ellipsis=True) for pair in row])
        for row in hint_rows(pairs, width, gap=gap)
    ]


def hint_rows(
    pairs: Sequence[tuple[str, str]], width: int, *, gap: int = 3
) -> list[list[tuple[str, str]]]:
    """Return the *pairs* of each line of `hint_lines`."""
    rows: list[list[tuple[str, str]]] = []
    room = 0
    for pair in pairs:
        length = min(cell_len(" ".join(pair)), width)
        room -= length + gap
        if room < 0 or not rows:
            rows.append([])
            room = width - length
        rows[-1].append(pair)
    return rows


def _hint(pair: tuple[str, str], style: str = QUIET) -> Content:
    key, label = pair
    return Content.assemble((key, KEY), (f" {label}", style))


def hint_line(pairs: Sequence[tuple[str, str]], width: int = 400, *, gap: int = 3) -> Content:
    """Return a line of keys with what they do: as many *pairs* as fit into *width*, always the last one.

    Args:
        pairs: Keys as `Keys.hints` gives them, and what they do; the most useful first.
        width: In cells.
        gap: Cells between two pairs.
    """
    kept = _that_fit(pairs, width, gap)
    return Content(" " * gap).join([_hint(pair) for pair in kept])


def hint_at(
    pairs: Sequence[tuple[str, str]], width: int, place: int, *, gap: int = 3
) -> tuple[int, int] | None:
    """Return which of *pairs* stands at the cell *place* of their hint line, and its cell there.

    The pair is counted over *pairs*; None between two of them.
    """
    start = 0
    for pair in _that_fit(pairs, width, gap):
        length = cell_len(" ".join(pair))
        if start <= place < start + length:
            return list(pairs).index(pair), place - start
        start += length + gap
    return None


def _that_fit(pairs: Sequence[tuple[str, str]], width: int, gap: int) -> Sequence[tuple[str, str]]:
    """Return the first of *pairs* that fit into *width* together with the last one."""
    if not pairs:
        return ()
    room = width - cell_len(" ".join(pairs[-1]))
    kept: list[tuple[str, str]] = []
    for pair in pairs[:-1]:
        room -= cell_len(" ".join(pair)) + gap
        if room < 0:
            break
        kept.append(pair)
    return [*kept, pairs[-1]]

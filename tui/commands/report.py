"""`senddesk report`: where sends get stuck, how long things take, and who handled what."""

import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING

import click

from tui.commands import output
from tui.commands.setup import at_option, global_options, path_of, setup_of

if TYPE_CHECKING:
    from models.report.document import Heading, Section

_FORMATS = ("text", "md", "json", "csv", "html")
_ENDINGS = {"txt": "text", "htm": "html", "markdown": "md"}
"""The formats whose files have other endings too."""
_USUAL_WIDTH = 100
"""Cells of a line where nobody knows how wide the page is."""
_WIDEST = 140


@click.command("report")
@global_options
@click.option(
    "--since",
    metavar="TIME",
    help="The days it is about: 30d, 2w, today, or from 2026-01-31 on.  [default: 30d]",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    help="Else the name of FILE decides, else text.",
)
@click.option("-o", "--output", "file", metavar="FILE", help="The new file; else standard output.")
@click.option("--overwrite", is_flag=True, help="Replace FILE if it exists.")
@click.option("--shift", is_flag=True, help="Your own day, ready to paste.")
@at_option
def report_command(
    since: str | None,
    form: str | None,
    file: str | None,
    overwrite: bool,
    shift: bool,
    at: str | None,
) -> None:
    """Say where sends are stuck, and who handled what.

    Also how long they stay in each status; all beside the days before. JSON and CSV give lengths of
    time in seconds. HTML is one file, to be sent and printed.
    """
    from models.report.sections import heading, sections
    from models.report.span import USUAL, parse_span

    setup = setup_of()
    kind = form or _by_name(file)
    if shift and since is not None:
        raise click.UsageError("--shift is your own day: leave --since out")
    with setup.open_desk(at) as desk:
        if shift:
            if kind != "text":
                raise click.UsageError("--shift is text")
            from models.report.shift import shift_text

            pieces: Iterator[str] = iter([f"{shift_text(desk, ascii=setup.plain)}\n"])
        else:
            span = parse_span(since or USUAL, desk.local_time(), desk.calendar())
            pieces = _pieces(
                kind,
                heading(desk, span),
                sections(desk, span),
                ascii=setup.plain,
                to_file=bool(file),
            )
        if file is None or file == "-":
            for piece in pieces:
                if kind == "text":
                    for line in piece.splitlines():
                        output.line(line)
                else:
                    output.write([piece])
                # What is there already is read while the next section is counted.
                sys.stdout.flush()
            return
        from models.files.storing import new_file

        path = path_of(file)
        with new_file(path, overwrite=overwrite) as text:
            text.writelines(pieces)
    output.say(f"The report is in {path}.")


def _by_name(file: str | None) -> str:
    """Return the format that the name of a file means; text without a file or an ending.

    Raises:
        click.UsageError: If a report has no such format.
    """
    suffix = PurePath(file or "").suffix.lower().removeprefix(".")
    if not suffix:
        return "text"
    kind = _ENDINGS.get(suffix, suffix)
    if kind not in _FORMATS:
        known = ", ".join(f".{each}" for each in ("txt", *_FORMATS[1:]))
        raise click.UsageError(
            f"no report is a .{output.shown(suffix, 20)} file: name it {known}, or give --format"
        )
    return kind


def _pieces(
    kind: str, about: "Heading", found: "Iterable[Section]", *, ascii: bool, to_file: bool
) -> Iterator[str]:
    if kind != "text":
        from models.report.formats import WRITERS

        return WRITERS[kind](about, found)
    return _text(about, found, ascii=ascii, width=_USUAL_WIDTH if to_file else _width())


def _text(
    about: "Heading", found: "Iterable[Section]", *, ascii: bool, width: int
) -> Iterator[str]:
    from tui.style.report_text import heading_lines, section_lines

    yield "".join(f"{line.text}\n" for line in heading_lines(about, width, ascii=ascii))
    for section in found:
        lines = section_lines(section, width, ascii=ascii)
        yield "\n" + "".join(f"{line.text}\n" for line in lines)


def _width() -> int:
    if not sys.stdout.isatty():
        return _USUAL_WIDTH
    return min(shutil.get_terminal_size((_USUAL_WIDTH, 24)).columns, _WIDEST)

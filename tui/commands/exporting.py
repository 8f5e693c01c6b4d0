"""`senddesk export`: a list goes out, as a file for its owner only."""

from pathlib import Path

import click

from tui.commands import output
from tui.commands.choosing import filtered, query_of, sends_of
from tui.commands.listing import columns_option
from tui.commands.setup import at_option, global_options, setup_of

_FORMATS = ("csv", "json", "jsonl", "md")
_NOT_WRITTEN = frozenset(
    {"html", "ods", "parquet", "pdf", "tsv", "xls", "xlsx", "xml"}
    | {"7z", "bz2", "gz", "tgz", "xz", "zip", "zst"}
)
"""Endings of names that promise something else than CSV."""


@click.command("export")
@global_options
@filtered
@columns_option
@click.option(
    "-o",
    "--output",
    "file",
    metavar="FILE",
    required=True,
    help="The new file; - for standard output.",
)
@click.option(
    "--format", "form", type=click.Choice(_FORMATS), help="Else the name of FILE decides, else csv."
)
@click.option("--excel", is_flag=True, help="CSV that Excel reads with every letter right.")
@click.option("--overwrite", is_flag=True, help="Replace FILE if it exists.")
@at_option
def export_command(
    query: tuple[str, ...],
    view: str | None,
    columns: tuple[str, ...],
    file: str,
    form: str | None,
    excel: bool,
    overwrite: bool,
    at: str | None,
) -> None:
    """Write the sends of QUERY to a file.

    Only you can open the file, and no spreadsheet runs a cell of it as a formula.
    """
    from models.files import MARK, rows_as, write_rows
    from models.files.sources import named_file

    to_stdout = file == "-"
    path = Path(file) if to_stdout else named_file(file)
    kind = form or _by_name(path)
    if excel and kind != "csv":
        raise click.UsageError("--excel is for CSV")
    with setup_of().open_desk(at) as desk:
        sends = sends_of(desk, query_of(desk, query, view))
        if to_stdout:
            shown = output.on_terminal()
            pieces = rows_as(
                sends,
                kind,
                columns,
                now=desk.now(),
                warnings=desk.warnings(),
                shipments=desk.shipments,
                for_terminal=shown,
            )
            output.write([MARK] if excel else [])
            output.write(pieces)
            return
        written = write_rows(
            path,
            sends,
            kind,
            columns,
            now=desk.now(),
            warnings=desk.warnings(),
            shipments=desk.shipments,
            overwrite=overwrite,
            for_excel=excel,
        )
    output.say(f"{output.sends(written)} in {path}.")


def _by_name(path: Path) -> str:
    """Return the format that the name of a file means; CSV for a name that means none.

    Raises:
        click.UsageError: If it means a format that nothing is exported in.
    """
    suffix = path.suffix.lower().removeprefix(".")
    if suffix in _NOT_WRITTEN:
        known = ", ".join(f".{each}" for each in _FORMATS)
        raise click.UsageError(
            f"no export is a .{suffix} file: name it {known}, or give --format;"
            " Excel reads the CSV of --excel"
        )
    return suffix if suffix in _FORMATS else "csv"

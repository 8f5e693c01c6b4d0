"""`senddesk export`: a list goes out, as a file for its owner only."""

from pathlib import Path

import click

from tui.commands import output
from tui.commands.choosing import filtered, query_of, sends_of
from tui.commands.listing import columns_option
from tui.commands.setup import global_options, setup_of

_FORMATS = ("csv", "json", "jsonl", "md")


@click.command("export")
@global_options
@filtered
@columns_option
@click.option("-o", "--output", "file", metavar="FILE", required=True, help="The new file.")
@click.option(
    "--format", "form", type=click.Choice(_FORMATS), help="Else the name of FILE decides, else csv."
)
@click.option("--overwrite", is_flag=True, help="Replace FILE if it exists.")
def export_command(
    query: tuple[str, ...],
    view: str | None,
    columns: tuple[str, ...],
    file: str,
    form: str | None,
    overwrite: bool,
) -> None:
    """Write the sends of QUERY to a file.

    Only you can read it, and no spreadsheet finds a formula in it.
    """
    from models.files import write_rows

    path = Path(file).expanduser()
    suffix = path.suffix.lower().removeprefix(".")
    with setup_of().open_desk() as desk:
        written = write_rows(
            path,
            sends_of(desk, query_of(desk, query, view)),
            form or (suffix if suffix in _FORMATS else "csv"),
            columns,
            now=desk.now(),
            overwrite=overwrite,
        )
    output.say(f"{output.sends(written)} in {path}.")

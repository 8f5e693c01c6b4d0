"""`senddesk views`: filters with names, of the desk and of the team."""

import click

from tui.commands import output
from tui.commands.setup import global_options, setup_of


@click.group("views", invoke_without_command=True)
@global_options
@click.option(
    "--format", "form", type=click.Choice(("table", "json")), default="table", show_default=True
)
@click.pass_context
def views_command(context: click.Context, form: str) -> None:
    """List the views with their digits, or change the team's own."""
    if context.invoked_subcommand is None:
        _list(form)


def _list(form: str) -> None:
    from rich.text import Text

    from models.files import json_text
    from tui.commands.table_printer import TablePrinter

    with setup_of().open_desk() as desk:
        views = desk.views()
    if form == "json":
        values = [{"digit": v.digit, "name": v.name, "query": v.query} for v in views]
        output.write([json_text(values), "\n"])
        return
    rows = TablePrinter(("Key", "View", "Filter"))
    shown = [(view.digit, view.name, view.query) for view in views]
    rows.print([[Text(output.shown(word, 1000)) for word in row] for row in shown])


@views_command.command("save")
@global_options
@click.argument("name")
@click.argument("query")
@click.option("--digit", default="", help="The key that opens it: 7, 8 or 9.")
def save_command(name: str, query: str, digit: str) -> None:
    """Save QUERY as the view NAME of the team, in place of an older one."""
    from models.rules.views import View

    bare = name.strip()
    with setup_of().open_desk() as desk:
        others = [view for view in desk.views() if view.name.casefold() != bare.casefold()]
        desk.save_view(View(digit, bare, query.strip()))
    output.line(f"{output.shown(bare)} is a view now.")
    for view in others:
        if digit and view.digit == digit:
            output.say(
                f"{output.shown(view.name)} has no digit any more: {digit} opens {output.shown(bare)}."
            )


@views_command.command("remove")
@global_options
@click.argument("name")
def remove_command(name: str) -> None:
    """Remove the team's view NAME."""
    with setup_of().open_desk() as desk:
        desk.remove_view(name)
    output.line(f"{output.shown(name.strip())} is a view no more.")

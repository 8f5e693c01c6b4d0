"""`senddesk reply` and `senddesk replies`: the texts for senders and recipients."""

from collections.abc import Iterator

import click

from models.files.own_replies import OwnReplies
from models.rules.reply import BOTH, PLACEHOLDERS, BadTemplate, ReplyName, reply, reply_names
from models.rules.shipments import pick
from tui.commands import output
from tui.commands.exits import Exit
from tui.commands.setup import global_options, setup_of
from tui.commands.targets import shipment_option
from tui.config import replies_folder


@click.command("reply")
@global_options
@click.argument("send")
@click.option("--to", "to", type=click.Choice(BOTH), required=True, help="Whom the text is for.")
@shipment_option
def reply_command(send: str, to: str, shipment: str | None) -> int:
    """Print a text about SEND, ready for its sender or recipient."""
    with setup_of().open_desk() as desk:
        case = desk.case(desk.find(send).id)
        if shipment is not None:
            case = pick(case, shipment)
        found = reply(
            case,
            next(each for each in BOTH if each == to),
            local=desk.local_time(),
            agent=desk.agent,
            own=OwnReplies(replies_folder()).text,
        )
    if found.warning:
        output.say(found.warning)
    if not found.text:
        output.say(found.why_not)
        return Exit.REFUSED
    output.write([found.text])
    return Exit.DONE


def _placeholders() -> Iterator[str]:
    """Yield a line for each placeholder; the help of `replies` shows them."""
    for name, meaning in PLACEHOLDERS["sender"].items():
        only = "" if name in PLACEHOLDERS["recipient"] else " (only to the sender)"
        yield f"${name}: {meaning}{only}"


@click.group(
    "replies",
    invoke_without_command=True,
    epilog=f"A text may name {'; '.join(_placeholders())}. A dollar sign is written $$.",
)
@global_options
@click.pass_context
def replies_command(context: click.Context) -> None:
    """List the texts for senders and recipients, or edit them.

    `replies write` puts them into files of your own.
    """
    if context.invoked_subcommand is None:
        _list()


def _list() -> None:
    from rich.text import Text

    from tui.commands.table_printer import TablePrinter

    own = OwnReplies(replies_folder())
    rows = []
    problems = []
    for name in reply_names():
        whose = "the desk"
        try:
            if own.text(name) is not None:
                whose = str(own.path(name))
        except BadTemplate as problem:
            problems.append(str(problem))
        rows.append((name, whose))
    TablePrinter(("Text", "From")).print(
        [[Text(str(name)), Text(output.shown(whose, 500))] for name, whose in rows]
    )
    for sentence in problems:
        output.say(sentence)


@replies_command.command("write")
@global_options
@click.argument("texts", nargs=-1, metavar="[TEXT]…")
def write_command(texts: tuple[str, ...]) -> None:
    """Write the desk's own TEXT, or all, into files for editing.

    A file that is there already stays as it is.
    """
    names = _named(texts)
    own = OwnReplies(replies_folder())
    written = own.write(names)
    folder = output.shown(str(own.folder), 500)
    kept = len(names) - len(written)
    already = f" {_count(kept)} there already and stayed as before." if kept else ""
    output.line(f"{_count(len(written))} written to {folder}.{already}")


def _count(texts: int) -> str:
    return "1 text was" if texts == 1 else f"{texts} texts were"


def _named(texts: tuple[str, ...]) -> list[ReplyName]:
    """Return the texts with these names, or all.

    Raises:
        click.BadParameter: If there is no text of one of the names.
    """
    from difflib import get_close_matches

    known = {str(name): name for name in reply_names()}
    for text in texts:
        if text.removesuffix(".txt") not in known:
            near = get_close_matches(text, list(known), 1)
            hint = f"did you mean {near[0]}?" if near else "`senddesk replies` lists them."
            raise click.BadParameter(f"“{output.shown(text, 80)}” is not text; {hint}")
    return [known[text.removesuffix(".txt")] for text in texts] or list(known.values())

"""`senddesk log`: what agents did, for a look or for an audit."""

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from models.rules.log_verbs import LOG_VERBS
from tui.commands import output
from tui.commands.setup import at_option, global_options, setup_of

if TYPE_CHECKING:
    from models.reading.activity import Activity
    from models.values.local_time import LocalTime

_SCREENFUL = 100
_TOGETHER = 100
_READ_TOGETHER = 1000
"""How many entries of a whole log are read at a time."""
_LONGEST = 5000
_FORMATS = ("table", "csv", "json", "jsonl")
FIELDS = (
    *("at", "agent", "verb", "send", "provider", "external_id", "recipient_name"),
    *("from", "to", "until", "ticket", "note", "undone", "undoes", "redoes"),
    *("source", "seq", "event", "request_id"),
)
"""The columns of CSV and the keys of JSON, in their order."""


@click.command("log")
@global_options
@click.argument("send", required=False)
@click.option(
    "--by", metavar="NAME", help="Only what NAME did; @me is you, `rule` what rules did by time."
)
@click.option("--verb", type=click.Choice(tuple(LOG_VERBS)), help="Only this verb.")
@click.option(
    "--since", metavar="TIME", help="Such as 7d, 3bd, yesterday, “Tue 17:00”, 2026-01-31."
)
@click.option("--until", metavar="TIME", help="Up to this moment; of a day, to its end.")
@click.option("--format", "form", type=click.Choice(_FORMATS), default="table", show_default=True)
@click.option(
    "--limit", metavar="N", type=click.IntRange(1), help="The newest N; a table shows 100."
)
@at_option
def log_command(
    send: str | None,
    by: str | None,
    verb: str | None,
    since: str | None,
    until: str | None,
    form: str,
    limit: int | None,
    at: str | None,
) -> None:
    """Show what agents did to SEND, or to all sends.

    The newest entry comes first. CSV and JSON give every entry; times are in UTC there. What was taken
    back is marked.
    """
    from models.reading.activity import entries
    from models.reading.log_filter import log_filter

    told = {"by": by, "verb": verb, "since": since, "until": until, "send": send}
    setup = setup_of()
    with setup.open_desk(at) as desk:
        wanted = log_filter(desk, {key: value or "" for key, value in told.items()})
        if form == "table":
            most = limit or _SCREENFUL
            found = entries(desk, wanted, size=most + 1)
            _print_table(found, most, desk.local_time(), ascii=setup.plain, is_all=not limit)
            return
        found = islice(entries(desk, wanted, size=_READ_TOGETHER), limit)
        output.write_objects(form, FIELDS, map(_as_json, found), _LONGEST)


def _print_table(
    found: Iterator["Activity"], most: int, local: "LocalTime", *, ascii: bool, is_all: bool
) -> None:
    from rich.text import Text

    from tui.commands.table_printer import TablePrinter

    rows = TablePrinter(
        ("When", "Agent", "Send", "What", "Further", "Note", "Recipient"),
        fixed=3,
        may_drop=True,
        ascii=ascii,
    )
    shown = 0
    first = islice(found, most)
    while some := list(islice(first, _TOGETHER)):
        shown += len(some)
        rows.print(
            [
                [
                    Text(output.shown(word, 500), "strike" if each.is_undone else "")
                    for word in (
                        local.words(each.at), each.actor, each.ref,
                        f"{each.said} (taken back)" if each.is_undone else each.said,
                        ", ".join(each.further(local)), each.reason, each.recipient_name,
                    )
                ]
                for each in some
            ]
        )  # fmt: skip
    if not shown:
        output.say("Nothing was done yet that fits.")
    elif is_all and next(found, None) is not None:
        output.say(f"The newest {shown:,}; --limit shows more, --format csv everything.")


def _as_json(entry: "Activity") -> dict[str, Any]:
    from models.files.fields import iso

    return {
        "at": iso(entry.at),
        "agent": entry.actor,
        "verb": entry.verb,
        "send": entry.ref,
        "provider": entry.provider,
        "external_id": entry.external_id,
        "recipient_name": entry.recipient_name,
        "from": entry.before or None,
        "to": entry.after or None,
        "until": iso(entry.until),
        "ticket": entry.ticket or None,
        "note": entry.reason,
        "undone": entry.is_undone,
        "undoes": entry.undoes,
        "redoes": entry.redoes,
        "source": entry.source,
        "seq": entry.seq,
        "event": entry.id,
        "request_id": entry.request_id,
    }

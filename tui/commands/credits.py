"""`senddesk credits`: what the platforms owe to the funding sources, and what they have paid back."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import click

from tui.commands import output
from tui.commands.setup import at_option, global_options, setup_of

if TYPE_CHECKING:
    from models.reading.credits import CreditLine, CreditTotal
    from models.values.local_time import LocalTime

_SCREENFUL = 100
_TOGETHER = 100
_READ_TOGETHER = 1000
"""How many credits are read at a time where all are wanted."""
_LONGEST = 500
_NO_SOURCE = "none"
"""The word for credits that name no funding source."""
_FORMATS = ("table", "csv", "json")
_STATES = ("overdue", "expected", "confirmed")
FIELDS: Final = (
    *("send", "provider", "external_id", "funding_source", "amount", "currency"),
    *("state", "rule", "at"),
)
"""The columns of CSV and the keys of JSON, in their order."""


@click.command("credits")
@global_options
@click.option(
    "--funding", metavar="SOURCE", help="Only this funding source; `none` for those without."
)
@click.option("--state", type=click.Choice(_STATES), help="Only credits that stand like this.")
@click.option("--format", "form", type=click.Choice(_FORMATS), default="table", show_default=True)
@click.option("--limit", metavar="N", type=click.IntRange(1), help="Only N; a table shows 100.")
@at_option
def credits_command(
    funding: str | None, state: str | None, form: str, limit: int | None, at: str | None
) -> None:
    """List the credits and their sums.

    Each is expected by a rule, overdue, or confirmed by its platform. The longest overdue comes first,
    what is confirmed last. CSV and JSON give every credit; times are in UTC there.
    """
    from models.reading.credits import STANDS, CreditFilter, credit_lines, totals

    source = "" if funding == _NO_SOURCE else funding
    stands = tuple(each for each in STANDS if state in (None, each))
    wanted = CreditFilter(funding_source=source, stands=stands)
    setup = setup_of()
    with setup.open_desk(at) as desk:
        if form == "table":
            sums = totals(desk, wanted)
            if not sums:
                output.say("There are no credits." if wanted == CreditFilter() else _NOTHING)
                return
            most = limit or _SCREENFUL
            _print_totals(sums, ascii=setup.plain)
            output.line("")
            found = credit_lines(desk, wanted, size=min(most, _READ_TOGETHER) + 1)
            _print_table(found, most, desk.local_time(), ascii=setup.plain, is_all=not limit)
            return
        found = islice(credit_lines(desk, wanted, size=_READ_TOGETHER), limit)
        output.write_objects(form, FIELDS, map(_as_json, found), _LONGEST)


_NOTHING = "No credit fits; `senddesk credits` lists all with their funding sources."


def _print_totals(sums: Sequence["CreditTotal"], *, ascii: bool) -> None:
    from rich.text import Text

    from models.reading.credits import STANDS, by_source
    from tui.commands.table_printer import TablePrinter

    titles = ("Funding source", *(each.capitalize() for each in STANDS))
    rows = TablePrinter(titles, fixed=0, ascii=ascii)
    rows.print(
        [
            [
                Text(output.shown(source, _LONGEST) or "(not named)"),
                *(Text(_sum(found.get(stand))) for stand in STANDS),
            ]
            for (source, _), found in by_source(sums).items()
        ]
    )


def _sum(total: "CreditTotal | None") -> str:
    """Return what credits come to and how many they are: `1,234.50 USD (12)`."""
    from models.values.money import money_words

    if total is None:
        return ""
    if total.unknown == total.number:
        return f"amount unknown ({total.number:,})"
    unknown = f", {total.unknown:,} without amount" if total.unknown else ""
    amount = money_words(total.minor, output.shown(total.currency))
    return f"{amount} ({total.number:,}{unknown})"


def _print_table(
    found: Iterator["CreditLine"], most: int, local: "LocalTime", *, ascii: bool, is_all: bool
) -> None:
    from rich.text import Text

    from tui.commands.table_printer import TablePrinter
    from tui.style.formats import money

    rows = TablePrinter(
        ("Send", "State", "Amount", "Since", "Funding source", "Recipient", "Rule"),
        fixed=4,
        may_drop=True,
        ascii=ascii,
    )
    first = islice(found, most)
    while some := list(islice(first, _TOGETHER)):
        rows.print(
            [
                [
                    Text(output.shown(word, _LONGEST))
                    for word in (
                        each.ref, each.stand,
                        money(each.entry.amount_minor, each.entry.currency) or "unknown",
                        local.words(each.entry.at),
                        each.entry.funding_source, each.recipient_name, each.entry.rule,
                    )
                ]
                for each in some
            ]
        )  # fmt: skip
    if is_all and next(found, None) is not None:
        output.say(f"The first {most:,}; --limit shows more, --format csv everything.")


def _as_json(line: "CreditLine") -> dict[str, Any]:
    from models.files.fields import iso, whole_units

    entry = line.entry
    return {
        "send": line.ref,
        "provider": line.provider,
        "external_id": line.external_id,
        "funding_source": entry.funding_source,
        "amount": whole_units(entry.amount_minor, entry.currency),
        "currency": entry.currency,
        "state": line.stand,
        "rule": entry.rule or None,
        "at": iso(entry.at),
    }

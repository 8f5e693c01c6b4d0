"""`senddesk rules`: what time does to sends, which of it this desk wants, and doing it now."""

import shutil
from typing import TYPE_CHECKING, Any

import click

from models.values.text import display_text
from tui.commands import output
from tui.commands.setup import global_options, setup_of
from tui.terminal.stopping import stoppable

if TYPE_CHECKING:
    from models.team.time_rules import RuleState
    from models.values.calendar import Limit
    from models.values.local_time import LocalTime
    from models.writing.rule_runner import Ruled

_DEFAULT = "default"
_NARROWEST = 40
_TABLE_OR_JSON = click.Choice(("table", "json"))


@click.group("rules", invoke_without_command=True)
@global_options
@click.pass_context
def rules_command(context: click.Context) -> None:
    """List, run or switch the rules of what time does to sends."""
    if context.invoked_subcommand is None:
        context.invoke(list_command)


@rules_command.command("list")
@global_options
@click.option("--format", "form", type=_TABLE_OR_JSON, default="table", show_default=True)
def list_command(form: str = "table") -> None:
    """List the rules, and whether each is on.

    Of each: what it matches, what it does, who published it.
    """
    from textwrap import wrap

    from models.files import json_text

    with setup_of().open_desk() as desk:
        found = desk.rules()
    if form == "json":
        output.write([json_text([_rule_as_json(each) for each in found]), "\n"])
        return
    # Three sentences a rule have no room beside each other.
    width = max(shutil.get_terminal_size().columns, _NARROWEST)
    for each in found:
        rule = each.rule
        output.line(f"{rule.name}  {'on' if each.is_on else 'off'}")
        for text in (f"{rule.matches}: {rule.does}.", f"Source: {rule.source}."):
            for line in wrap(text, width, initial_indent="  ", subsequent_indent="  "):
                output.line(line)


def _rule_as_json(found: "RuleState") -> dict[str, Any]:
    rule = found.rule
    return {
        "name": rule.name,
        "provider": rule.provider,
        "on": found.is_on,
        "matches": rule.matches,
        "does": rule.does,
        "source": rule.source,
        "types": list(rule.types),
        "statuses": list(rule.statuses),
        "to": rule.to or None,
        "credits": rule.credits,
        "usual_span": rule.span.key if rule.span else None,
    }


@rules_command.command("run")
@global_options
@click.option("--dry-run", is_flag=True, help="Only say what they would do.")
@click.option("--format", "form", type=_TABLE_OR_JSON, default="table", show_default=True)
def run_command(dry_run: bool, form: str) -> None:
    """Let the rules look at every send whose moment has come.

    An open desk and `sync` do so too.
    """
    from models.files import json_text
    from models.rules.rule_words import run_words

    output.begin(is_all=dry_run)
    with setup_of().open_desk() as desk, stoppable() as stop:
        if not dry_run:
            desk.database.refuse_if_read_only()
        local = desk.local_time()
        done = []
        for each in desk.run_rules("cli", stop=stop, dry_run=dry_run):
            done.append(each)
            if form == "table":
                output.line(_line(each, local))
        stopped = stop()
    if form == "json":
        output.write([json_text([_as_json(each) for each in done]), "\n"])
    output.say(run_words(done) or "Nothing is due: no rule has anything to do.")
    if dry_run:
        output.say("It was a dry run: nothing is changed.")
    elif stopped:
        output.say("Stopped; the next run goes on where this one ended.")


def _line(done: "Ruled", local: "LocalTime") -> str:
    """Return what a rule did to one send: `S-104  Sent → Refunded since Fri 21 Nov 09:41 (egift_unopened)`."""
    from models.providers import catalogue
    from models.rules.event_words import did

    send, event = done
    said = catalogue.status(send.provider, send.status).label
    when = f" from {local.zoned_words(event.at)} on" if event.at else ""
    return f"{send.ref}  {said}: {event.actor} {did(send.provider, event)}{when}"


def _as_json(done: "Ruled") -> dict[str, Any]:
    from models.files.fields import iso
    from models.rules.state import RULE_ACTOR, details

    send, event = done
    return {
        "send": send.ref,
        "provider": send.provider,
        "external_id": send.external_id,
        "rule": event.actor.removeprefix(RULE_ACTOR),
        "from": event.from_status or None,
        "to": event.to_status or None,
        "at": iso(event.at),
        "ends_at": details(event).get("ends"),
        "estimated": bool(details(event).get("estimate")),
        "reason": event.reason,
    }


@rules_command.command("switch")
@global_options
@click.argument("name")
@click.argument("state", type=click.Choice(("on", "off")))
def switch_command(name: str, state: str) -> None:
    """Switch the rule NAME on or off for everyone at this desk.

    What it has done already stays.
    """
    with setup_of().open_desk() as desk:
        was = {each.rule.name: each.is_on for each in desk.rules()}
        moved = desk.switch_rule(name, state == "on")
    if was[name] == (state == "on"):
        output.line(f"{name} was {state} already")
        return
    output.line(f"{name} is {state}; {output.sends(moved)} concerned")
    output.say(f"`senddesk rules switch {name} {'off' if state == 'on' else 'on'}` puts it back.")


@rules_command.command("span")
@global_options
@click.argument("key", required=False)
@click.argument("span", required=False)
@click.option("--campaign", default="", metavar="NAME", help="Only for the sends of this campaign.")
@click.option("--format", "form", type=_TABLE_OR_JSON, default="table", show_default=True)
def span_command(key: str | None, span: str | None, campaign: str, form: str) -> None:
    """List or set how long sends last whose platform gave no end.

    As in `egift 60d` or `address 5bd`; `default` is the usual span again. What rules make of such a
    send is named as an estimate. `credit 10d` sets after how long a credit that did not come is
    overdue.
    """
    if key is None:
        _list_spans(form)
        return
    if span is None:
        raise click.UsageError("Give a span too: 60d, 5bd, or default.")
    limit = None if span.strip().lower() == _DEFAULT else _limit(span)
    with setup_of().open_desk() as desk:
        moved = desk.set_usual_span(key, limit, campaign)
    whose = f" of {output.shown(campaign.strip())}" if campaign.strip() else ""
    output.line(
        f"{key}{whose}: {limit.words if limit else 'as usual'}; {output.sends(moved)} concerned"
    )


def _limit(text: str) -> "Limit":
    from models.values.calendar import parse_limit

    try:
        found = parse_limit(text)
    except ValueError:
        found = None
    if found is None or found.at_once:
        raise click.BadParameter("write 60d, 5bd or default", param_hint="SPAN")
    return found


def _list_spans(form: str) -> None:
    from rich.text import Text

    from models.files import json_text
    from tui.commands.table_printer import TablePrinter

    with setup_of().open_desk() as desk:
        found = desk.usual_spans()
    if form == "json":
        values = [
            {
                "key": each.span.key,
                "what": each.span.what,
                "campaign": each.campaign or None,
                "span": str(each.limit),
                "own": each.is_own,
                "source": "your team" if each.is_own else each.span.source,
            }
            for each in found
        ]
        output.write([json_text(values), "\n"])
        return
    rows = TablePrinter(("Span", "What lasts so long", "Campaign", "How long", "Source"))
    rows.print(
        [
            tuple(
                Text(display_text(word))
                for word in (
                    each.span.key,
                    each.span.what,
                    each.campaign or "all others",
                    each.limit.words,
                    "your team" if each.is_own else each.span.source,
                )
            )
            for each in found
        ]
    )

"""One send as text on the command line: fields, what to do, money, history."""

from collections.abc import Iterator

from rich.text import Text

from models.providers import catalogue
from models.records import Case, Event, SendRecord
from models.rules.batches import who
from models.rules.event_words import telling_word, who_did
from models.rules.state import known_at
from models.rules.undoing import taken_back
from models.rules.wording import status_word
from models.values.calendar import span_words
from models.values.local_time import LocalTime
from models.values.text import display_text
from tui.commands.table import styled
from tui.commands.table_printer import PlainConsole
from tui.style import case_fields, formats
from tui.style.case_fields import Field

_NAMES = 12
"""Cells that the name of a field takes."""
_TIME = 18
"""Cells before an entry of the history: `Wed 02 Dec 09:00` and a gap."""
_LONGEST_REASON = 5000


def print_case(case: Case, local: LocalTime, *, ascii: bool = False) -> None:
    """Print *case* as it stands now, in the time zone of the agent, which is named once."""
    console = PlainConsole()
    for text in _lines(case, local, ascii):
        console.print(text, soft_wrap=not console.is_terminal)


def _lines(case: Case, local: LocalTime, ascii: bool) -> Iterator[Text]:
    send = case.send
    status = catalogue.status(send.provider, send.status)
    sign = formats.mark(status, ascii)
    whom = " · ".join(filter(None, (who(send), send.company)))
    yield Text.assemble((display_text(send.ref), "bold"), "  ", display_text(whom))
    yield Text.assemble(
        styled(sign.glyph, sign.tone), " ", (_word(send), "bold"), f"  for {_since(send, local)}"
    )
    yield Text()
    yield Text(case.advice.title, "bold")
    yield Text(case.advice.body)
    yield styled(case.advice.why, "muted")
    yield from _block("", case_fields.fields(case, local))
    yield from _block("Override", case_fields.override(send, local))
    yield from _block("By time", case_fields.by_rule(case, local))
    yield from _block("Waiting", case_fields.waiting(send, local))
    yield from _block("Shipments", case_fields.shipments(case, local))
    yield from _block("Orders", _orders(case))
    yield from _block("Money", (("", sentence) for sentence in case.money))
    yield from _block("Others", map(case_fields.relation, case.around))
    yield Text()
    yield Text("History", "bold")
    if case.history_total > len(case.history):
        yield styled(f"the newest {len(case.history)} of {case.history_total:,} entries", "muted")
    undone = taken_back(case.history)
    for event in reversed(case.history):
        yield from _entry(send, event, local, is_undone=event.seq in undone)


def _orders(case: Case) -> Iterator[Field]:
    for each in case.orders:
        yield catalogue.status(case.send.provider, each.status).label, f"{each.number:,}"


def _block(title: str, fields: Iterator[Field]) -> Iterator[Text]:
    shown = [(name, value) for name, value in fields if value]
    if not shown:
        return
    yield Text()
    if title:
        yield Text(title, "bold")
    for name, value in shown:
        label = f"{name:<{_NAMES}}" if name else ""
        yield Text.assemble(styled(label, "muted"), display_text(value, _LONGEST_REASON))


def _entry(send: SendRecord, event: Event, local: LocalTime, *, is_undone: bool) -> Iterator[Text]:
    """Give an entry of the history: when, what, whether it stands, from where, and below it why."""
    happened = known_at(event)
    at = local.words(happened) if happened else "time unknown"
    said = who_did(send.provider, event)
    if word := telling_word(send.provider, event):
        said = f"{said} “{word}”"
    if event.effect:
        said = f"{said}: {event.effect}"
    if is_undone:
        said = f"{said} (taken back)"
    source = f"  ({event.source})" if event.source else ""
    yield Text.assemble(
        styled(f"{at:<{_TIME - 2}}  ", "muted"), display_text(said), styled(source, "muted")
    )
    if event.reason:
        reason = display_text(event.reason, _LONGEST_REASON, one_line=False)
        for row in reason.split("\n"):
            yield Text(f"{'':<{_TIME}}{row}")


def _word(send: SendRecord) -> str:
    if send.override_status is None:
        return status_word(send.provider, send.status, send.provider_raw)
    return catalogue.status(send.provider, send.status).label


def _since(send: SendRecord, local: LocalTime) -> str:
    return f"{span_words(local.now - send.since)}, since {local.words(send.since)}"

"""A case in sections that are read on demand: what it is, its history, its guidance, its packet. Pure."""

from collections.abc import Iterable, Iterator

from models.providers import catalogue
from models.providers.abilities import AbilityName
from models.records import Case, Event
from models.rules.event_words import telling_word, who_did
from models.rules.packet import packet_lines
from models.rules.shipments import state_of, state_word
from models.rules.state import known_at
from models.rules.undoing import taken_back
from models.values.calendar import span_words
from models.values.local_time import LocalTime
from tui.plain.sentences import count, named, owner, sentence, spoken, standing, status
from tui.style import case_fields
from tui.style.case_fields import Field

_ON_PLATFORM: tuple[tuple[AbilityName, str], ...] = (
    ("cancel", "canceled"),
    ("extend", "given another end"),
)
"""What a platform can be asked for, and what then becomes of the send."""
_SAID_BEFORE = ("Owner", "Times in", "Revision")
"""Fields that the head of a case says, or the beginning of the desk, or nobody needs to hear."""


def summary(case: Case, local: LocalTime) -> Iterator[str]:
    """Yield the head of a case, its fields, and what else can be read."""
    yield from head(case, local)
    known = (field for field in case_fields.fields(case, local) if field[0] not in _SAID_BEFORE)
    yield from _told("", known)
    yield from _told("Shipment", case_fields.shipments(case, local))
    yield from case.money
    entries = "entry" if case.history_total == 1 else "entries"
    others = ", around" if case.around else ""
    yield f"More: history ({case.history_total:,} {entries}), guidance, packet, reply{others}."


def head(case: Case, local: LocalTime) -> Iterator[str]:
    """Yield which send it is, how it stands, what to do, and what it waits for."""
    send = case.send
    company = f", {send.company}" if send.company else ""
    yield f"{named(send)}{company}."
    yield f"{status(send)} for {span_words(local.now - send.since)}, {standing(send, local)}, {owner(send)}."
    yield f"What to do: {sentence(case.advice.title)} {case.advice.body}"
    yield from _told("Override", case_fields.override(send, local))
    yield from _told("", case_fields.by_rule(case, local))
    yield from _told("", case_fields.waiting(send, local))


def history(case: Case, local: LocalTime) -> Iterator[str]:
    """Yield what happened, newest first, an entry a line, with its reason."""
    send = case.send
    shown = len(case.history)
    newest = f", of which the newest {shown:,}" if shown < case.history_total else ""
    yield f"History of {send.ref}, newest first: {case.history_total:,}{newest}."
    undone = taken_back(case.history)
    for event in case.history:
        yield _entry(case, event, local, is_undone=event.seq in undone)


def guidance(case: Case) -> Iterator[str]:
    """Yield what the status means, what is done about it, and what usually follows."""
    send, advice = case.send, case.advice
    found = catalogue.status(send.provider, send.status)
    yield f"Guidance for {send.ref}: {found.label}."
    yield f"It means: {found.meaning}"
    yield f"Do: {advice.body or found.advice}"
    yield from _told(
        "",
        [
            ("Contact", advice.contact or found.contact),
            ("Why", advice.why),
            ("Source", found.source),
        ],
    )
    provider = send.provider
    for name, what in _ON_PLATFORM:
        instead = catalogue.provider(provider).ability(name).advice(send.provider_status)
        yield f"{name.capitalize()}: {instead or f'it can be {what} from here.'}"
    states = {state_word(provider, each): state_of(provider, each) for each in case.shipments}
    for word, state in states.items():
        yield f"Shipment, {word}: {state.meaning} {state.advice}"
    for step in catalogue.may_follow(send.provider, send.status, send.type):
        yield f"Usually next: {step.label}. {step.meaning}"


def around(case: Case) -> Iterator[str]:
    """Yield how many other sends have something in common with this one, each with its filter."""
    send = case.send
    if not case.around:
        yield f"There is no other send of the recipient, company, campaign or batch of {send.ref}."
    for relation in case.around:
        number, exact = relation.others, "" if relation.exact else " at least"
        what = "of the same problem" if relation.key == "problem" else f"of the same {relation.key}"
        yield f"{count(number, 'other send')}{exact} {what}: filter {relation.filter}"


def packet(case: Case, local: LocalTime) -> Iterator[str]:
    """Yield the text for the platform's support, as it is sent."""
    for line in packet_lines(case, local):
        yield f"{' '.join(line.name.split())} {line.text}".strip()


def _told(about: str, fields: "Iterable[Field]") -> Iterator[str]:
    """Yield *fields* that have a value, one on a line."""
    for name, value in fields:
        if value:
            title = " ".join(filter(None, (about, name.lower() if about else name)))
            yield f"{title}: {spoken(value)}"


def _entry(case: Case, event: Event, local: LocalTime, *, is_undone: bool) -> str:
    """Return one entry: when, who did what, whether it stands, and why."""
    happened = known_at(event)
    at = local.words(happened) if happened else "time unknown"
    said = who_did(case.send.provider, event)
    if word := telling_word(case.send.provider, event):
        said = f"{said} “{word}”"
    if event.effect:
        said = f"{said}, override {event.effect}"
    if is_undone:
        said = f"{said}, taken back since"
    reason = f": {' '.join(event.reason.split())}" if event.reason else "."
    return f"{at}, {said}{reason}"

"""The packet: the text that an agent sends to a provider's support about one send, or about several."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from models.providers import catalogue
from models.providers.status import Stage
from models.records import Case, Event, EventKind, SendRecord, Shipment
from models.rules import credit_words
from models.rules.batches import is_batch, kind_of, progress_words
from models.rules.due import is_credit_overdue, is_due_for_credit
from models.rules.event_words import WORDS, what
from models.rules.refunds import amount_words
from models.rules.shipments import asked_about, moments, state_word
from models.rules.state import known_at
from models.rules.undoing import taken_back
from models.rules.wording import status_word
from models.values.calendar import span_words
from models.values.local_time import LocalTime
from models.values.money import money_words
from models.values.text import display_text

_CREDIT = (
    "Please tell us on which day the cost was credited to its funding source, or credit it now."
)
"""What is asked about a credit that did not come."""
_SENDER = "the sender"
"""The contact of statuses that the sender of the gift can settle."""
_MOST_STEPS = 40
"""How many of the newest steps of a history a packet has."""
_BETWEEN = "-" * 40
"""The line between two packets for different people."""
_TIME = 24
"""How many characters stand before what happened: `Wed 02 Dec 09:00 UTC+1`, and a gap."""
_LONGEST_VALUE = 200
"""How many characters of a value a packet has."""

_REQUESTS: Mapping[Stage, str] = {
    Stage.WAITING: "Please check that the recipient was reached, and tell us what you see.",
    Stage.WORKING: "Please tell us what the order is waiting for and on which day it will ship.",
    Stage.MOVING: "Please ask the carrier where the parcel is and when it will arrive.",
    Stage.DONE: "Please send us the proof that it arrived.",
    Stage.PROBLEM: "Please tell us what holds it back, what you need from us, and by when it moves.",
    Stage.CLOSED: "Please tell us why it ended, and whether the cost was credited.",
}


class PacketLine(NamedTuple):
    """One line of a packet."""

    text: str
    name: str = ""
    """What *text* is, or when it was, with the blanks between both; empty for a sentence."""


def packet(case: Case, local: LocalTime) -> str:
    """Return the packet for *case* as plain text to paste; `packet_lines` says what is in it."""
    return "".join(f"{line.name}{line.text}\n" for line in packet_lines(case, local))


def packet_lines(case: Case, local: LocalTime) -> list[PacketLine]:
    """Return the packet for *case* line by line, made safe to show.

    It has the numbers, the people, the status and since when, the timeline with the oldest step
    first, and the request. Reasons and notes of agents are left out. Its times are those of the agent,
    each with its offset from UTC.

    Args:
        case: The case.
        local: The present of the agent.
    """
    send = case.send
    provider = catalogue.provider(send.provider)
    said = status_word(send.provider, send.provider_status, send.provider_raw)
    about = f"{provider.name} {kind_of(send)} {_safe(send.external_id)}, {said}"
    return [
        PacketLine(_addressee(send, local), "To: "),
        PacketLine(about, "About: "),
        PacketLine(""),
        *(PacketLine(value, f"{name + ':':<17}") for name, value in _facts(case, local) if value),
        PacketLine(""),
        PacketLine("Timeline"),
        *_timeline(case, local),
        PacketLine(""),
        PacketLine("Our request"),
        PacketLine(_request(send, local)),
    ]


def packet_of_several(sends: Iterable[SendRecord], local: LocalTime) -> str:
    """Return one packet for *sends*, made safe to show.

    Those that ask different people, or for different things, stand in packets of their own below one
    another, in the order in which *sends* first have them.

    Args:
        sends: The sends, in the order in which they are listed.
        local: The present of the agent; each time has its offset.
    """
    groups: dict[tuple[str, str, str], list[SendRecord]] = {}
    for send in sends:
        said = status_word(send.provider, send.provider_status, send.provider_raw)
        groups.setdefault((_addressee(send, local), said, _request(send, local)), []).append(send)
    return f"\n{_BETWEEN}\n\n".join(
        "\n".join(_about_several(*group, sends, local)) + "\n" for group, sends in groups.items()
    )


def _about_several(
    addressee: str, said: str, request: str, sends: Sequence[SendRecord], local: LocalTime
) -> Iterator[str]:
    """Yield the lines of the packet about *sends*, which all stand alike and ask the same of the same."""
    name = catalogue.provider(sends[0].provider).name
    kind = kind_of(sends[0])
    plural = f"{len(sends):,} {'batches' if is_batch(sends[0]) else 'orders'}"
    orders = f"{kind} {_safe(sends[0].external_id)}" if len(sends) == 1 else plural
    yield f"To: {addressee}"
    yield f"About: {name}, {orders}, {said}"
    yield ""
    shared = [(title, value) for title, value in _shared(sends) if value]
    yield from (f"{title + ':':<17}{value}" for title, value in shared)
    yield from [""] if shared else []
    for number, send in enumerate(sends, start=1):
        sign = f"{number}. "
        yield f"{sign}{kind_of(send).capitalize()} {_safe(send.external_id)}"
        for line in _of_one(send, local, is_campaign_known=bool(shared)):
            yield " " * len(sign) + line
    yield ""
    yield "Our request, for each of them" if len(sends) > 1 else "Our request"
    yield request


def _shared(sends: Sequence[SendRecord]) -> Iterator[tuple[str, str]]:
    """Yield what is the same for all of *sends*, and would else be said for each."""
    if len({send.campaign for send in sends}) == 1:
        yield "Campaign", _safe(sends[0].campaign)


def _of_one(send: SendRecord, local: LocalTime, *, is_campaign_known: bool) -> Iterator[str]:
    """Yield what the packet about several says of one of them, without its order number."""
    if send.tracking_number:
        carrier = f" ({_safe(send.carrier)})" if send.carrier else ""
        yield f"Tracking number {_safe(send.tracking_number)}{carrier}"
    if whom := _joined(send.recipient_name, send.recipient_email, send.company):
        yield whom
    if send.campaign and not is_campaign_known:
        yield _safe(send.campaign)
    yield _status(send, local)
    if _asks_for_credit(send, local) and send.cost_minor is not None:
        yield f"Cost {money_words(send.cost_minor, _safe(send.currency))}"
    if send.escalation_ref:
        yield f"Our reference {_safe(send.escalation_ref)}"


def _addressee(send: SendRecord, local: LocalTime) -> str:
    """Return whom the request goes to, and where that is: the provider's support, unless another can act."""
    provider = catalogue.provider(send.provider)
    contact = catalogue.status(send.provider, _beneath(send)).contact or provider.support
    if _asks_for_credit(send, local):
        contact = provider.support
    if contact == provider.support:
        return f"{contact} ({provider.support_address})"
    known = _joined(send.sender_name, send.sender_email)
    return f"{contact} ({known})" if known and contact == _SENDER else contact


def _facts(case: Case, local: LocalTime) -> Iterable[tuple[str, str]]:
    """Yield names and values; the numbers, which support asks for first, come first."""
    send = case.send
    yield f"{kind_of(send).capitalize()} number", _safe(send.external_id)
    if is_batch(send):
        yield "Scheduled", local.zoned_words(send.scheduled_at) if send.scheduled_at else ""
        yield "Orders", progress_words(send)
    asked = asked_about(case)
    if not asked and not is_batch(send):
        yield from _tracking(send.tracking_number, send.carrier, send.tracking_url)
    for shipment in asked:
        yield from _tracking(shipment.tracking_number, shipment.carrier, shipment.tracking_url)
        yield "Shipment", _shipment(send.provider, shipment, local)
    for shipment in case.shipments:
        if shipment not in asked:
            number = _safe(shipment.tracking_number) or "no tracking number"
            told = _joined(number, shipment.carrier)
            yield "Other shipment", f"{told}, {_shipment(send.provider, shipment, local)}"
    yield "Type", _joined(catalogue.provider(send.provider).types.get(send.type, ""), send.subtype)
    yield "Campaign", _safe(send.campaign)
    yield "Recipient", _joined(send.recipient_name, send.recipient_email, send.company)
    yield "Sender", _joined(send.sender_name, send.sender_email, send.team)
    yield "Status", _status(send, local)
    if send.override_status:
        ours = catalogue.status(send.provider, send.override_status).label
        at = f" since {local.zoned_words(send.override_at)}" if send.override_at else ""
        yield "Our record", f"{ours}{at}"
    elif send.is_by_rule:
        ours = catalogue.status(send.provider, send.status).label
        yield "Our record", f"{ours} since {local.zoned_words(send.since)}, by time"
    if refund := credit_words.paid_back(case):
        at = f" {local.zoned_words(refund.at)}" if refund.at else ""
        yield "Refunded", f"{amount_words(send, refund)}{at}".strip() or "yes"
    credit = credit_words.standing(case.credits)
    if credit is not None and send.credit_due_at is not None:
        at = local.zoned_words(credit.at)
        yield (
            "Credit",
            f"{credit_words.amount(credit)} expected in {credit_words.source(credit)} since {at}",
        )
    yield "Our reference", _safe(send.escalation_ref)


def _asks_for_credit(send: SendRecord, local: LocalTime) -> bool:
    """Whether the packet asks for a credit that did not come, and not about the status."""
    return is_due_for_credit(send) and is_credit_overdue(send, local.now)


def _status(send: SendRecord, local: LocalTime) -> str:
    """Return the provider's status, since when, and for how long, as far as that is known."""
    said = status_word(send.provider, send.provider_status, send.provider_raw)
    since = send.provider_at if send.override_status or send.is_by_rule else send.since
    if since is None:
        return f"{said}, without a time"
    return f"{said} since {local.zoned_words(since)} ({span_words(local.now - since)})"


def _timeline(case: Case, local: LocalTime) -> list[PacketLine]:
    """Return the last steps that nobody took back, oldest first.

    At the same time the place in the lifecycle decides. Facts without any time are sorted by when they
    were recorded.
    """
    undone, provider = taken_back(case.history), case.send.provider
    events = sorted(
        (each for each in case.history if WORDS[each.kind].packet and each.seq not in undone),
        key=lambda event: (known_at(event) or event.recorded_at, _rank(provider, event), event.seq),
    )
    steps = [_step(provider, event, local) for event in events[-_MOST_STEPS:]]
    missing = len(events) - len(steps)
    cut = missing or case.history_total > len(case.history)
    left_out = [PacketLine("(earlier steps left out)")] if cut else []
    return [*left_out, *steps] or [PacketLine("nothing recorded")]


def _rank(provider: str, event: Event) -> int:
    """Return how far in the lifecycle an event is; what is about no status of the provider comes last."""
    is_status = event.kind in (EventKind.FACT, EventKind.RULE)
    return catalogue.status(provider, event.to_status).rank if is_status else sys.maxsize


def _step(provider: str, event: Event, local: LocalTime) -> PacketLine:
    at = known_at(event)
    is_timed = at is not None or event.kind not in {EventKind.FACT, EventKind.RULE}
    moment = local.zoned_words(at or event.recorded_at) if is_timed else "time unknown"
    word = status_word(provider, event.to_status, event.raw)
    text = WORDS[event.kind].packet.format(status=word, what=what(provider, event))
    return PacketLine(text, f"{moment:<{_TIME - 2}}  ")


def _beneath(send: SendRecord) -> str:
    """Return the slug that is in force without an override."""
    return send.status if send.is_by_rule else send.provider_status


def _request(send: SendRecord, local: LocalTime) -> str:
    if _asks_for_credit(send, local):
        return _CREDIT
    status = catalogue.status(send.provider, _beneath(send))
    return status.request or _REQUESTS[status.stage]


def _tracking(number: str, carrier: str, url: str) -> Iterator[tuple[str, str]]:
    yield "Tracking number", _safe(number) or "none yet"
    yield "Carrier", _safe(carrier)
    yield "Tracking link", display_text(url, 2048)


def _shipment(provider: str, shipment: Shipment, local: LocalTime) -> str:
    """Return the state of a shipment, who sends it, and when it was or is expected to be where."""
    said = (state_word(provider, shipment), moments(shipment, local.zoned_words))
    return ", ".join(filter(None, (said[0], _safe(shipment.brand), said[1])))


def _joined(*values: str) -> str:
    return ", ".join(_safe(value) for value in values if value)


def _safe(value: str) -> str:
    return display_text(value, _LONGEST_VALUE)

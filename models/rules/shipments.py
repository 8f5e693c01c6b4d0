"""Which shipments of a send are in question, what is said of one, and how two reports of one compare.

Pure. Providers call the states of shipments as they like; what counts here is the stage of each state.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Literal

from models.errors import DeskError
from models.providers import catalogue
from models.providers.status import UNMAPPED_SLUG, Stage, Status
from models.records import Case, Shipment
from models.values.text import display_text

Standing = Literal["older", "same", "newer"]
"""Whether a payload tells of an earlier time than what is known, of the same, or of a later one."""

_LONGEST_VALUE = 200
_SHORT_ID = 8
"""How many characters of an id stand for a shipment that has nothing else to be called by."""
_BEGINNING = datetime.min.replace(tzinfo=UTC)
_CONCERNS: dict[Stage, int] = {Stage.PROBLEM: 0, Stage.DONE: 2, Stage.CLOSED: 3}
"""How much a shipment of a stage concerns an agent, most first; what is still awaited comes second."""
_AWAITED = 1


def state_of(provider: str, shipment: Shipment) -> Status:
    """Return the state of a shipment; `unmapped` if its provider uses an unknown word."""
    return catalogue.shipment_state(provider, shipment.status)


def state_word(provider: str, shipment: Shipment) -> str:
    """Return the label of its state; of an unknown one the provider's word in quotes; safe to show."""
    return word_of(provider, shipment.status)


def word_of(provider: str, word: str) -> str:
    """Return what agents read for *word*, a provider's name of a shipment's state; safe to show."""
    state = catalogue.shipment_state(provider, word)
    if state.slug != UNMAPPED_SLUG:
        return state.label
    return f"“{display_text(word, 60)}”" if word else "no state"


def by_concern(provider: str, shipments: Iterable[Shipment]) -> list[Shipment]:
    """Return *shipments* with the failed ones first, then those awaited, those that arrived, the replaced.

    Among equals those with a tracking number come first.
    """
    return sorted(shipments, key=lambda each: (_concern(provider, each), not each.tracking_number))


def in_question(provider: str, shipments: Sequence[Shipment]) -> tuple[Shipment, ...]:
    """Return the shipments that an agent asks about: all failed ones, else all awaited, else all there are.

    Those that others replace are in question only where there is nothing else.
    """
    ordered = by_concern(provider, shipments)
    if not ordered:
        return ()
    most = _concern(provider, ordered[0])
    return tuple(each for each in ordered if _concern(provider, each) == most)


def asked_about(case: Case) -> tuple[Shipment, ...]:
    """Return the shipments of *case* that texts and links are about: those picked, else those in question."""
    return case.asked_about or in_question(case.send.provider, case.shipments)


def choices(case: Case) -> list[Shipment]:
    """Return what an agent chooses from, those in question first; empty where there is nothing to choose.

    There is if several are in question, have left or have failed, and none is picked yet.
    """
    provider, asked = case.send.provider, asked_about(case)
    has_left = any(state_of(provider, each).stage is not Stage.WORKING for each in asked)
    if len(asked) < 2 or case.asked_about or not has_left:
        return []
    return by_concern(provider, case.shipments)


def pick(case: Case, word: str) -> Case:
    """Return *case* about one of its shipments.

    Args:
        case: The case.
        word: A tracking number, the id of a shipment, or its place, counted from 1, in the order of `by_concern`.

    Raises:
        DeskError: If it has no such shipment.
    """
    meant = word.strip()
    by_name = [each for each in case.shipments if meant in (each.tracking_number, each.external_id)]
    ordered = by_concern(case.send.provider, case.shipments)
    by_place = {str(place): each for place, each in enumerate(ordered, start=1)}
    if not by_name and meant not in by_place:
        known = ", ".join(f"{place} {name_of(each)}" for place, each in by_place.items())
        there = f"there are {known}" if known else "it has none"
        raise DeskError(f"{case.send.ref} has no shipment “{display_text(meant, 60)}”: {there}.")
    return case._replace(asked_about=tuple(by_name[:1]) or (by_place[meant],))


def is_late(provider: str, shipment: Shipment, now: datetime) -> bool:
    """Whether a shipment is still awaited at *now* (UTC), though it was expected before."""
    expected = shipment.expected_at
    is_awaited = _concern(provider, shipment) == _AWAITED
    return is_awaited and expected is not None and expected < now


def name_of(shipment: Shipment) -> str:
    """Return what a shipment is called in a sentence, safe to show.

    That is its carrier and number; the brand where it has no number, and part of its id without either.
    """
    number = shipment.tracking_number or (
        "" if shipment.brand else shipment.external_id[:_SHORT_ID]
    )
    said = f"{shipment.carrier} {number}" if number else shipment.brand
    return display_text(said.strip(), _LONGEST_VALUE)


def moments(shipment: Shipment, words: Callable[[datetime], str]) -> str:
    """Return when it was shipped, when it is expected and when it arrived, as far as that is known.

    Args:
        shipment: The shipment.
        words: Says when a moment is.
    """
    told = (
        ("shipped", shipment.shipped_at),
        ("expected", None if shipment.delivered_at else shipment.expected_at),
        ("delivered", shipment.delivered_at),
    )
    return ", ".join(f"{word} {words(at)}" for word, at in told if at)


def lead_fields(shipment: Shipment) -> dict[str, str]:
    """Return the fields of a send that say how *shipment* is tracked."""
    return {
        "carrier": shipment.carrier,
        "tracking_number": shipment.tracking_number,
        "tracking_url": shipment.tracking_url,
    }


def merged(provider: str, known: Shipment, told: Shipment, standing: Standing) -> Shipment:
    """Return what is known of a shipment after *told*; an empty value never replaces a filled one.

    Where the payload is neither older nor newer than what is known, the report with the later time
    counts, and at one time the one with the higher rank: so any order of the same reports ends alike.
    """
    if standing == "same":
        is_later = _place(provider, told) >= _place(provider, known)
    else:
        is_later = standing == "newer"
    first, second = (told, known) if is_later else (known, told)
    pairs = zip(first, second, strict=True)
    return Shipment._make(other if own in (None, "") else own for own, other in pairs)


def change_words(provider: str, before: Shipment | None, after: Shipment) -> str:
    """Return in a few words what became of a shipment, for the history; empty if nothing did.

    Args:
        provider: The key of its provider.
        before: What was known of it; None for a new one.
        after: What is known now.
    """
    said = []
    now = state_word(provider, after)
    if before is None:
        said.append(f"new, {now}")
    elif before.status != after.status:
        said.append(f"{state_word(provider, before)} → {now}")
    if before and after.tracking_number != before.tracking_number:
        said.append(f"number before: {display_text(before.tracking_number, 60) or 'none'}")
    if after.expected_at and after.expected_at != (before and before.expected_at):
        said.append(f"expected {after.expected_at:%Y-%m-%d}")
    if before and not said and before != after:
        said.append(f"{now}, details changed")
    return f"{name_of(after)}: {', '.join(said)}" if said else ""


def changed_at(provider: str, shipment: Shipment, now: datetime) -> datetime:
    """Return when a shipment came into its state, as far as it says so, else *now* (UTC)."""
    match state_of(provider, shipment).stage:
        case Stage.DONE:
            at = shipment.delivered_at
        case Stage.MOVING:
            at = shipment.shipped_at
        case _:
            at = None
    return min(at or now, now)


def _concern(provider: str, shipment: Shipment) -> int:
    return _CONCERNS.get(state_of(provider, shipment).stage, _AWAITED)


def _place(provider: str, shipment: Shipment) -> tuple[datetime, int, str]:
    """Return what orders two reports of one shipment: the newest time in them, then the rank."""
    times = (shipment.shipped_at, shipment.delivered_at)
    newest = max((at for at in times if at is not None), default=_BEGINNING)
    return newest, state_of(provider, shipment).rank, shipment.status

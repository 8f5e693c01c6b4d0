"""Several rows of one send in one file: its parts, none of which may hide another."""

from collections.abc import Sequence
from functools import reduce
from typing import Any, NamedTuple

from models.intake.merge import merge
from models.providers import catalogue
from models.providers.incoming import Incoming
from models.providers.payload_fields import TEXT_LIMITS
from models.providers.status import UNMAPPED_SLUG, Stage, Status
from models.records import Shipment
from models.values.text import display_text, storable

_MOST_NAMED = 60
"""How many characters of an item's name stand for a parcel without a number."""


class Combined(NamedTuple):
    """One payload made of several, and what an agent has to know about it."""

    send: Incoming
    warning: str = ""
    """A sentence, or an empty string if nothing was left out."""


def combine(several: Sequence[Incoming]) -> Combined:
    """Return one payload for several of the same send.

    Payloads and rows that follow one another in time are merged. Rows that are about different
    items or parcels, or that contradict each other without saying which is newer, are parts of the
    send: each parcel is kept as a shipment, all campaigns are named, an amount that differs is left
    out, and the part with a problem, else the one that is least far, gives the status.
    """
    if not all(each.is_row for each in several):
        return Combined(reduce(merge, several))
    differing = _differing(several)
    if not differing:
        return Combined(reduce(merge, several))
    ordered = sorted(several, key=_urgency)
    word = _word(ordered[0])
    same = [each for each in several if _word(each) == word]
    send = reduce(merge, same)
    fields = {name: value for each in reversed(ordered) for name, value in each.fields.items()}
    fields |= send.fields
    if names := _distinct(each.fields.get("campaign") or each.item for each in several):
        fields["campaign"] = storable(", ".join(names), TEXT_LIMITS["campaign"])
    if "cost" in differing:
        fields.pop("cost_minor", None)
    shipments = _shipments(ordered)
    send = send._replace(fields=fields, shipments=(*send.shipments, *shipments))
    left = ["the cost is left out"] if "cost" in differing else []
    if "status" in differing:
        left.append(f"the status is that of the part that needs most, “{display_text(word, 40)}”")
    told = "; ".join(left) or "all of them are kept"
    times = f"is in the file {len(several)} times with different {', '.join(differing)}"
    return Combined(send, f"{times}: {told}")


def _differing(several: Sequence[Incoming]) -> list[str]:
    """Return in what the parts of a send differ; nothing if they are one thing at several times."""
    kinds = {
        "item": _distinct(each.item for each in several),
        "campaign": _distinct(each.fields.get("campaign") for each in several),
        "tracking number": _distinct(each.fields.get("tracking_number") for each in several),
    }
    found = [name for name, values in kinds.items() if len(values) > 1]
    costs = len(_distinct(each.fields.get("cost_minor") for each in several)) > 1
    words = len({_word(each) for each in several}) > 1
    if not found and not ((costs or words) and _without_order(several)):
        return []
    if "item" in found and "campaign" in found:
        found.remove("item")
    return [*found, *(["cost"] if costs else []), *(["status"] if words else [])]


def _without_order(several: Sequence[Incoming]) -> bool:
    """Whether two rows that contradict each other do not say which of them is newer."""
    said: dict[object, tuple[str, object]] = {}
    for each in several:
        newest = max((fact.at for fact in each.facts if fact.at), default=None)
        what = (_word(each), each.fields.get("cost_minor"))
        if said.setdefault(newest, what) != what:
            return True
    return None in said and len(said) > 1


def _distinct(values: Any) -> list[Any]:
    """Return the values that are filled, each once, in their order."""
    return [*dict.fromkeys(value for value in values if value not in (None, ""))]


def _word(send: Incoming) -> str:
    return send.current or send.facts[-1].word


def _status(send: Incoming) -> Status:
    found = catalogue.resolve(send.provider, _word(send), send.type)
    return found or catalogue.status(send.provider, UNMAPPED_SLUG)


def _urgency(send: Incoming) -> tuple[bool, int]:
    """Return what sorts the parts of a send: problems first, then what is least far."""
    status = _status(send)
    return status.stage is not Stage.PROBLEM, status.rank


def _shipments(ordered: Sequence[Incoming]) -> tuple[Shipment, ...]:
    """Return a shipment for each parcel or item; of several rows about one the most urgent counts."""
    found: dict[str, Shipment] = {}
    for each in ordered:
        number = each.fields.get("tracking_number", "")
        name = number or each.item or each.fields.get("campaign", "")
        if name and name not in found:
            found[name] = Shipment(
                external_id=number or name[:_MOST_NAMED],
                status=_status(each).slug,
                carrier=each.fields.get("carrier", ""),
                tracking_number=number,
                tracking_url=each.fields.get("tracking_url", ""),
            )
    return tuple(found.values()) if len(found) > 1 else ()

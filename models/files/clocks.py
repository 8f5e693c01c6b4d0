"""Times of day that stand in a column of their own, beside the column of their date."""

import re
from collections.abc import Iterator, Mapping, Sequence

from models.files.units import split_units, zone_of
from models.providers.payload_fields import bare_word

_CLOCK = re.compile(
    r"(?<![\d:.])(?P<hour>\d{1,2})(?P<rest>:\d{2}(?::\d{2})?(?:\.\d{1,9})?)?"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?(?P<zone> ?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))?"
)
_PART_OF_DAY = re.compile(r"0[.,]\d{1,16}")
_MIDNIGHT = re.compile(r"[T ]0?0:00(?::00(?:\.0+)?)?(?P<zone> ?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))?$")
_ZONE_AT_END = re.compile(r"\d ?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})$")
_MINUTES = 24 * 60
_ISO_HOUR = re.compile(r"\d:")


def clock_columns(cells: Sequence[str], dates: Mapping[int, str]) -> dict[int, tuple[int, str]]:
    """Return for the place of a date the place of its time of day, and the zone in that column's name.

    Args:
        cells: The names of the columns, as in the file.
        dates: The names of the columns that hold dates, as `bare_word` returns them, by place.
    """
    if not dates:
        return {}
    clocks: dict[str, tuple[int, str]] = {}
    for place, cell in enumerate(cells):
        if place in dates:
            continue
        clocks.setdefault(_squeezed(bare_word(cell)), (place, ""))
        for text, unit in split_units(cell):
            clocks.setdefault(_squeezed(bare_word(text)), (place, zone_of(unit)))
    found = {}
    for place, name in dates.items():
        beside = (clocks[each] for each in map(_squeezed, _beside(name)) if each in clocks)
        if clock := next(beside, None):
            found[place] = clock
    return found


def _beside(name: str) -> Iterator[str]:
    """Yield the names that the time of day has whose date is called *name*."""
    words = name.split("_")
    if "date" in words:
        rest = "_".join(word for word in words if word != "date")
        yield from ("_".join("time" if word == "date" else word for word in words), f"{rest}_time")
        yield f"time_{rest}"
    stem = name.removesuffix("_at").removesuffix("_on")
    yield f"{stem}_time"
    yield f"time_{stem}"
    yield f"{name}_time"


def _squeezed(name: str) -> str:
    return name.replace("_", "")


def with_clock(day: str, clock: str, zone: str = "") -> str:
    """Return date and time of day as one text; a date that has a time already is returned as it is.

    A time that cannot be understood stays in the text, so that reading it says so.

    Args:
        day: The cell of the date.
        clock: The cell of the time of day.
        zone: The time's zone, if the name of its column says it.
    """
    midnight = _MIDNIGHT.search(day)
    bare = day[: midnight.start()] if midnight else day
    if not clock or not bare or _ISO_HOUR.search(bare):
        return day
    zone = zone or ((midnight["zone"] or "").strip() if midnight else "")
    has_zone = not zone or clock.endswith(zone) or _ZONE_AT_END.search(clock)
    return f"{bare} {_written(clock)}{'' if has_zone else f' {zone}'}"


def _written(clock: str) -> str:
    """Return a time of day in 24 hours, as it is written behind a date."""
    if _PART_OF_DAY.fullmatch(clock):
        minutes = min(round(float(clock.replace(",", ".")) * _MINUTES), _MINUTES - 1)
        return f"{minutes // 60:02}:{minutes % 60:02}"
    # A spreadsheet may put the first day of its calendar before a time.
    found = list(_CLOCK.finditer(clock))
    if not found or clock[found[-1].end() :].strip():
        return clock
    hour, rest, half, zone = found[-1].group("hour", "rest", "half", "zone")
    if not rest and not half:
        return clock
    count = int(hour) % 12 + 12 * (half in ("P", "p")) if half else int(hour)
    return f"{count:02}{rest or ':00'} {(zone or '').strip()}".rstrip()

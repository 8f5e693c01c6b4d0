"""The public holidays of countries and their parts, from the `holidays` library.

The library is loaded when a region is chosen or looked at, and by nothing else: its days are then
stored in the database, where every desk finds them without it.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from models.errors import DeskError
from models.values.text import display_text

if TYPE_CHECKING:
    from holidays import HolidayBase

_ENGLISH = "en_US"
_SHOWN = 40
"""Characters of a word that a refusal repeats."""


class Region(NamedTuple):
    """A country, or a part of one, with public holidays of its own."""

    country: str
    """Two letters, as in ISO 3166: `DE`."""
    part: str = ""
    """The part as the library calls it, most often the end of its ISO code: `BY`; empty for all."""

    @property
    def code(self) -> str:
        """What it is called in commands and in the database: `DE`, `DE-BY`."""
        return f"{self.country}-{self.part}" if self.part else self.country


def countries() -> tuple[str, ...]:
    """Return the codes of all countries that are known, in alphabetical order."""
    import holidays

    return tuple(sorted(holidays.list_supported_countries(include_aliases=False)))


def parts_of(country: str) -> tuple[str, ...]:
    """Return the parts of a country that have holidays of their own, in alphabetical order.

    Raises:
        DeskError: If the country is not known.
    """
    return tuple(sorted(_kind_of(country).subdivisions))


def region_named(text: str) -> Region:
    """Read a country, `DE`, or a part of one, `DE-BY` or `de-bayern`, in any case.

    Raises:
        DeskError: If it is not known; the message says what is.
    """
    country, _, part = text.strip().partition("-")
    kind = _kind_of(country)
    code = str(kind.country)
    if not part:
        return Region(code)
    names: Mapping[str, str] = {
        **{name.casefold(): short for name, short in _aliases(kind).items()},
        **{each.casefold(): each for each in kind.subdivisions},
    }
    found = names.get(part.casefold())
    if found is None:
        raise DeskError(_no_part(code, part, kind))
    return Region(code, found)


def days_off(region: Region, years: Iterable[int]) -> dict[date, str]:
    """Return the public holidays of *region* with their names, in English where there are such.

    Raises:
        DeskError: If the region is not known.
    """
    import holidays

    kind = _kind_of(region.country)
    language = _ENGLISH if _ENGLISH in kind.supported_languages else None
    try:
        found = holidays.country_holidays(
            region.country, subdiv=region.part or None, years=years, language=language
        )
    except NotImplementedError:
        raise DeskError(_no_part(region.country, region.part, kind)) from None
    return dict(sorted(found.items()))


def _kind_of(country: str) -> "type[HolidayBase]":
    """Return the class of the library that knows the holidays of *country*.

    Raises:
        DeskError: If there is none.
    """
    import holidays

    code = country.strip().upper()
    known = holidays.list_supported_countries(include_aliases=True)
    if code not in known:
        raise DeskError(
            f"“{display_text(country, _SHOWN)}” is not a country whose holidays are known: "
            "write its two letters, as in DE, US or GB, with a part as in DE-BY."
        )
    found: type[HolidayBase] = getattr(holidays, code)
    return found


def _aliases(kind: "type[HolidayBase]") -> Mapping[str, str]:
    """Return the parts of a country by the names that people give them."""
    found: Mapping[str, str] = getattr(kind, "subdivisions_aliases", {})
    return found


def _no_part(country: str, part: str, kind: "type[HolidayBase]") -> str:
    """Return the sentence for a part that a country does not have."""
    told = f"{country} has no part “{display_text(part, _SHOWN)}”"
    if not kind.subdivisions:
        return f"{told}: its holidays are the same everywhere."
    return f"{told}. There are: {', '.join(sorted(kind.subdivisions))}."

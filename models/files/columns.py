"""The header of a table: reading its rows by what their columns mean."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from operator import itemgetter
from typing import Any

from models.files.clocks import clock_columns, with_clock
from models.files.column_names import (
    SAYING_ONE_THING,
    SYNONYMS,
    TIMES,
    header_word,
    is_left_out,
    understood,
)
from models.files.units import Serial, in_zone, written_out
from models.providers import PROVIDERS
from models.values.cells import filled, filled_cells, full_name
from models.values.text import display_text

_WITH_NAMES = frozenset({"recipient_name", "sender_name", "campaign", "company", "team"})
"""Columns in which an object may stand, of which the name is read."""
_AFTER_DAYS = (".", ",", "")
"""What follows the five digits of a date that a spreadsheet counted."""
_WHO = ("id", "recipient_email", "recipient_name", "recipient_first_name")


class Clash(ValueError):
    """Two columns that say one thing hold different values in one row."""


DELETIONS = frozenset(
    {"_fivetran_deleted", "_sdc_deleted_at", "_ab_cdc_deleted_at", "__deleted", "deleted_at"}
)
"""The members and columns by which a pipeline says that a record was deleted."""


class Header:
    """The first row of a table: the names of its columns and what they mean.

    Attributes:
        cells: The row as it is in the file.
        names: The names of the columns in the file; numbered if several have one name.
        providers: The providers whose exports have columns of these names; if there is none, all.
        deletions: The places of columns by which a pipeline says that a row was deleted.
        is_payload: Whether its rows turned out to be objects of a platform's API, cell by cell.
    """

    def __init__(self, cells: Sequence[str], serial: Serial = Serial.FROM_1900) -> None:
        """Understand a header.

        Args:
            cells: The row as it is in the file.
            serial: How the dates are counted that a spreadsheet wrote as numbers.
        """
        self.cells = list(cells)
        self.names = _distinct(cells)
        self._serial = serial
        meant = [understood(cell) for cell in cells]
        self._units = {place: each.unit for place, each in enumerate(meant) if each.unit}
        bare = [each.name for each in meant]
        self.providers = (
            tuple(each for each in PROVIDERS if not each.marker_columns.isdisjoint(bare))
            or PROVIDERS
        )
        places: dict[str, list[int]] = {}
        for place, name in enumerate(bare):
            places.setdefault(name, []).append(place)
        self._places = {
            column: [places[name] for name in names if name in places]
            for column, names in SYNONYMS.items()
        }
        self._places = {column: found for column, found in self._places.items() if found}
        # Most columns occur once; reading them needs no choice.
        self._single = {
            column: found[0][0]
            for column, found in self._places.items()
            if sum(map(len, found)) == 1
        }
        self._choices = {
            column: found for column, found in self._places.items() if column not in self._single
        }
        self._of_choices = [
            place for found in self._choices.values() for each in found for place in each
        ]
        alike = (
            [place for name in names for place in places.get(name, ())]
            for names in SAYING_ONE_THING
        )
        self._alike = [found for found in alike if len(found) > 1]
        self._pick = _picker([*self._single.values(), *self._of_choices])
        self._times = [column for column in self._places if column in TIMES]
        dates = {place for column in self._times for each in self._places[column] for place in each}
        self._clocks = clock_columns(cells, {place: bare[place] for place in sorted(dates)})
        self._people = [
            who
            for who in ("recipient", "sender")
            if any(f"{who}_{which}_name" in self._places for which in ("first", "last"))
        ]
        read = {place for found in self._places.values() for each in found for place in each}
        read |= {place for place, _ in self._clocks.values()}
        self.is_payload = False
        self.deletions = [place for place, name in enumerate(self.names) if name in DELETIONS]
        self._unread = tuple(
            name.strip() or f"column {place + 1}"
            for place, (name, word) in enumerate(zip(self.names, bare, strict=True))
            if place not in read and place not in self.deletions and not is_left_out(name, word)
        )

    @property
    def unread(self) -> tuple[str, ...]:
        """The names of the columns that are not read, in the order of the file."""
        return () if self.is_payload else self._unread

    def reads(self, place: int) -> bool:
        """Whether the column at *place* is read."""
        return any(place in each for found in self._places.values() for each in found)

    def from_objects(self, objects: Mapping[int, Any]) -> dict[str, str]:
        """Return what objects in cells say: of a person the name and the address, else the name.

        Args:
            objects: Objects and lists by the places of their cells.

        Raises:
            Clash: If one stands where a text is needed and has no name.
        """
        found: dict[str, str] = {}
        for column, places in self._places.items():
            for place in (place for each in places for place in each if place in objects):
                who = column.removesuffix("_name")
                value = objects[place]
                if not isinstance(value, dict) or column not in _WITH_NAMES:
                    kind = "an object" if isinstance(value, dict) else "a list"
                    raise Clash(f"{display_text(self.names[place], 80)}: {kind}, not a text")
                said = {header_word(key): each for key, each in value.items()}
                names = (said.get(key) for key in ("first_name", "last_name"))
                full = _text(said, "name", "full_name") or full_name(*map(str, filter(None, names)))
                if not full:
                    raise Clash(f"{display_text(self.names[place], 80)}: an object without a name")
                found.setdefault(column, full)
                if who != column:
                    found.setdefault(f"{who}_email", _text(said, "email", "email_address"))
                    aside = (
                        ("company", ("company_name", "company")),
                        ("team", ("team_name", "team")),
                    )
                    name, keys = aside[who == "sender"]
                    found.setdefault(name, _text(said, *keys))
        return {column: value for column, value in found.items() if value}

    @property
    def known(self) -> int:
        """How many of the columns are known to belong to a send."""
        return len(self._places)

    @property
    def is_of_sends(self) -> bool:
        """Whether there is a column for the status, and one for the id or the recipient."""
        return "status" in self._places and any(name in self._places for name in _WHO)

    def meanings(self) -> list[tuple[str, str]]:
        """Return the name of each column in the file with what it is read as; nothing if it is not."""
        meant: dict[int, list[str]] = {}
        for column, found in self._places.items():
            for place in (place for each in found for place in each):
                unit = self._units.get(place, "")
                meant.setdefault(place, []).append(f"{column} ({unit})" if unit else column)
                if place in self._clocks:
                    meant[self._clocks[place][0]] = [f"{column} (time of day)"]
        return [(name, ", ".join(meant.get(place, ()))) for place, name in enumerate(self.names)]

    def repeats(self, cells: Sequence[str]) -> bool:
        """Whether *cells* are this header once more, in whatever case and with whatever marks."""
        return len(cells) == len(self.cells) and [*map(header_word, cells)] == self._words

    @cached_property
    def _words(self) -> list[str]:
        return [*map(header_word, self.cells)]

    def row(self, cells: Sequence[str]) -> dict[str, str]:
        """Return the cells of one row, stripped, by the columns in `SYNONYMS`.

        Words for nothing are empty; dates that a spreadsheet counted are written out.

        Raises:
            Clash: If two columns that say one thing hold different values.
        """
        missing = len(self.cells) - len(cells)
        whole = [*cells, *[""] * missing] if missing > 0 else cells
        values = filled_cells(self._pick(whole))
        found = dict(zip(self._single, values, strict=False))
        if self._choices:
            by_place = dict(zip(self._of_choices, values[len(self._single) :], strict=True))
            for column, places in self._choices.items():
                found[column] = _first_filled(by_place, places, self.names)
            for each in self._alike:
                _refuse_different(by_place, each, self.names)
        for who in self._people:
            names = [f"{who}_{which}_name" for which in ("first", "last")]
            full = full_name(*(self._raw(whole, name) for name in names))
            for name in names:
                found.pop(name, None)
            if full and not found.get(f"{who}_name"):
                found[f"{who}_name"] = full
        for column in self._times:
            value = found[column]
            if value and value[5:6] in _AFTER_DAYS:
                found[column] = written_out(value, self._serial)
        if self._clocks:
            self._add_clocks(found, whole)
        if self._units:
            self._apply_units(found, whole)
        return found

    def _add_clocks(self, found: dict[str, str], cells: Sequence[str]) -> None:
        """Add to dates the times of day that stand in columns of their own."""
        for column in self._times:
            if not (value := found.get(column)):
                continue
            places = (place for each in self._places[column] for place in each)
            source = next(place for place in places if filled(cells[place]))
            if source in self._clocks:
                place, zone = self._clocks[source]
                found[column] = with_clock(value, filled(cells[place]), zone)

    def _raw(self, cells: Sequence[str], column: str) -> str:
        """Return the first cell of a column that is not blank, as it is in the file."""
        places = (place for each in self._places.get(column, ()) for place in each)
        return next((cells[place] for place in places if cells[place].strip()), "")

    def _apply_units(self, found: dict[str, str], cells: Sequence[str]) -> None:
        """Give values the unit that the name of their column has."""
        for column in (*self._times, "cost"):
            if not (value := found.get(column)):
                continue
            places = (place for each in self._places[column] for place in each)
            source = next(place for place in places if filled(cells[place]))
            if (unit := self._units.get(source)) is None:
                continue
            if column == "cost":
                found["currency"] = unit
            else:
                found[column] = in_zone(value, unit)


def _text(said: Mapping[str, Any], *names: str) -> str:
    """Return the first of some members that is a text."""
    texts = (filled(said[name]) for name in names if isinstance(said.get(name), str))
    return next(filter(None, texts), "")


def _distinct(cells: Sequence[str]) -> list[str]:
    """Return the names of columns; the second of one name becomes `name (2)`."""
    seen: Counter[str] = Counter()
    names = []
    for cell in cells:
        seen[cell] += 1
        names.append(cell if seen[cell] == 1 else f"{cell} ({seen[cell]})")
    return names


def _picker(places: list[int]) -> Callable[[Sequence[str]], Sequence[str]]:
    """Return a function that returns the cells at *places*, in this order."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda cells: [cells[place] for place in places]


def _first_filled(
    values: Mapping[int, str], places: Sequence[Sequence[int]], names: Sequence[str]
) -> str:
    """Return the first value in columns of one meaning, or an empty string.

    Args:
        values: What cells of the row say, by their places.
        places: For each name that is there, the places of the columns of that name.
        names: The names of all columns, for the message.

    Raises:
        Clash: If two columns of the same name hold different values.
    """
    for first, *others in places:
        value = values[first]
        for place in others:
            other = values[place]
            if value and other and value != other:
                name = display_text(names[first], 80)
                raise Clash(f"the column “{name}” is there twice with different values")
            value = value or other
        if value:
            return value
    return ""


def _refuse_different(
    values: Mapping[int, str], places: Sequence[int], names: Sequence[str]
) -> None:
    """Refuse a row in which columns that say one thing hold different values.

    Args:
        values: What cells of the row say, by their places.
        places: The places of those columns.
        names: The names of all columns, for the message.

    Raises:
        Clash: If two of the columns differ; upper and lower case, and empty cells, are no difference.
    """
    first, *others = [place for place in places if values[place]] or places
    for other in others:
        if values[first].casefold() != values[other].casefold():
            one, two = (display_text(names[place].strip(), 80) for place in (first, other))
            raise Clash(
                f"the columns “{one}” and “{two}” hold different values: leave one of them out"
            )

"""Time zones by name, by offset, and that of the computer."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from time import tzset
from zoneinfo import ZoneInfo

import pytest

from models.values.dates import parse_time
from models.values.zones import system_zone, zone_named


@pytest.mark.parametrize(
    ("name", "moment"),
    [
        ("UTC", "2026-07-26T16:30Z"),
        ("Europe/Berlin", "2026-07-26T14:30Z"),
        ("+01:00", "2026-07-26T15:30Z"),
        ("UTC-5", "2026-07-26T21:30Z"),
        ("+0530", "2026-07-26T11:00Z"),
        ("gmt −3", "2026-07-26T19:30Z"),
    ],
)
def test_zones_by_name(name: str, moment: str) -> None:
    found = parse_time("2026-07-26 16:30", default_zone=zone_named(name))
    assert found == datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    "name", ["", "Mars/Phobos", "CET!", "../etc/passwd", "+99:00", "+15", "Zoë", "Europe"]
)
def test_names_of_no_zone(name: str) -> None:
    with pytest.raises(ValueError, match="is not a time zone: write"):
        zone_named(name)


@pytest.fixture
def set_to(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], tzinfo]]:
    """Sets the computer to a zone, as TZ names it, and returns what is found."""

    def find(name: str) -> tzinfo:
        monkeypatch.setenv("TZ", name)
        tzset()
        return system_zone()

    yield find
    monkeypatch.undo()
    tzset()


BY_RULE = "CET-1CEST,M3.5.0,M10.5.0/3"
"""The times of Berlin as a rule, which names no place."""


def test_the_zone_of_this_computer(set_to: Callable[[str], tzinfo]) -> None:
    for name, hour in (("Europe/Berlin", 15), ("<+03>-3", 13), (BY_RULE, 15)):
        zone = set_to(name)
        found = parse_time("2026-11-26 16:30", default_zone=zone)
        assert (found, str(zone)) == (datetime(2026, 11, 26, hour, 30, tzinfo=UTC), name)
    for name in ("Europe/Berlin", BY_RULE):
        with pytest.raises(ValueError, match="change of clocks"):
            parse_time("2026-03-29 02:30", default_zone=set_to(name))
    assert str(set_to(":/usr/share/zoneinfo/Asia/Tokyo")) == "Asia/Tokyo"
    assert set_to("UTC") is UTC


def test_a_zone_without_a_name_shows_every_moment_as_its_place_does(
    set_to: Callable[[str], tzinfo],
) -> None:
    by_rule, by_place = set_to(BY_RULE), ZoneInfo("Europe/Berlin")
    for start in (datetime(2026, 3, 28, 22, tzinfo=UTC), datetime(2026, 10, 24, 22, tzinfo=UTC)):
        for quarter in range(24):
            moment = start + timedelta(minutes=15 * quarter)
            here, there = moment.astimezone(by_rule), moment.astimezone(by_place)
            assert here.replace(tzinfo=None) == there.replace(tzinfo=None)
            assert (here.fold, here.utcoffset()) == (there.fold, there.utcoffset())
            assert here.astimezone(UTC) == moment

"""Time zones by name, by offset, and that of the computer."""

from datetime import UTC, datetime
from time import tzset

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
    with pytest.raises(ValueError, match="is no time zone: write"):
        zone_named(name)


def test_the_zone_of_this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, hour in (("Europe/Berlin", 15), ("<+03>-3", 13)):
        monkeypatch.setenv("TZ", name)
        tzset()
        zone = system_zone()
        found = parse_time("2026-11-26 16:30", default_zone=zone)
        assert (found, str(zone)) == (datetime(2026, 11, 26, hour, 30, tzinfo=UTC), name)
    monkeypatch.setenv("TZ", "Europe/Berlin")
    tzset()
    with pytest.raises(ValueError, match="change of clocks"):
        parse_time("2026-03-29 02:30", default_zone=system_zone())
    monkeypatch.setenv("TZ", "UTC")
    tzset()
    assert system_zone() is UTC
    monkeypatch.undo()
    tzset()

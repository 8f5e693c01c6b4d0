"""Clocks: a team has that of its server, and one that cannot be right is told."""

from datetime import timedelta

import pytest

from models.database import Database, open_database
from models.desk import Desk
from models.history.clock_check import clock_warning
from models.intake.intake import Intake
from models.values.clock import utc_now
from tests.support.desk_cases import arrive, parcel
from tests.support.sample_cases import NOW


@pytest.mark.parametrize("days", [0, -0.9, 299, 1, -0.001])
def test_a_clock_near_the_newest_entry_is_not_mentioned(desk: Desk, days: float) -> None:
    arrive(desk, parcel(1))
    assert clock_warning(desk.database, NOW + timedelta(days=days)) == ""


@pytest.mark.parametrize(("days", "told"), [(365, "365 days after"), (-400, "400 days before")])
def test_a_clock_far_from_the_newest_entry_is(desk: Desk, days: int, told: str) -> None:
    assert clock_warning(desk.database, NOW) == ""
    arrive(desk, parcel(1))
    warning = clock_warning(desk.database, NOW + timedelta(days=days))
    assert f"{told} the newest entry" in warning
    assert warning.endswith("if that is wrong, set the clock before you go on.")


@pytest.fixture
def wrong(server_address: str) -> Database:
    """A server, opened by a computer whose clock is a year ahead."""
    database = open_database(server_address)
    database.own_clock = lambda: utc_now() + timedelta(days=365)
    return database


def test_a_team_has_the_clock_of_its_server(wrong: Database) -> None:
    Intake(wrong).apply([parcel(1)], source="test")
    desk = Desk(wrong, "ana")
    assert abs(desk.now() - utc_now()) < timedelta(minutes=1)
    case = desk.override(desk.find("S-1"), "shipped", "seen")
    assert all(abs(event.recorded_at - utc_now()) < timedelta(minutes=1) for event in case.history)
    wrong.close()


def test_a_clock_that_jumps_while_the_desk_is_open_is_looked_at_again(wrong: Database) -> None:
    desk = Desk(wrong, "ana")
    Intake(wrong).apply([parcel(1)], source="test")
    wrong.own_clock = utc_now
    case = desk.override(desk.find("S-1"), "shipped", "seen")
    assert abs(case.history[0].recorded_at - utc_now()) < timedelta(minutes=1)
    wrong.close()

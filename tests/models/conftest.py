"""Another agent and a late send, with which many tests of verbs and of reading begin."""

import pytest

from models.desk import Desk
from models.records import SendRecord
from tests.support.desk_cases import HandClock, arrive, fact, parcel
from tests.support.sample_cases import ago


@pytest.fixture
def jo(desk: Desk, clock: HandClock) -> Desk:
    """Another agent at the same database."""
    return Desk(desk.database, "jo", clock)


@pytest.fixture
def late(desk: Desk) -> SendRecord:
    """A parcel with the warehouse for nine days, which is two too many."""
    return arrive(desk, parcel(1, fact("Order Received", ago(days=9))))

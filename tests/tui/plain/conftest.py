"""A desk with a few sends, to talk to."""

import pytest

from models.desk import Desk
from tests.support.desk_cases import HandClock, egift, fact, order, parcel, take
from tests.support.sample_cases import ago


@pytest.fixture
def jo(desk: Desk, clock: HandClock) -> Desk:
    """Another agent at the same database."""
    return Desk(desk.database, "jo", clock)


@pytest.fixture
def few(desk: Desk) -> Desk:
    """Ana's desk with three late parcels, two orders, one of them late, and an eGift."""
    take(
        desk,
        parcel(1, fact("Order Received", ago(days=18)), recipient_name="Rosa Quill"),
        parcel(2, fact("Order Received", ago(days=12)), recipient_name="Teo Marsh"),
        parcel(3, fact("Fulfillment Issue", ago(days=9)), recipient_name="Uma Chen"),
        order("0b6f3c1e-0000-4000-8000-000000000000", fact("paid", ago(hours=1))),
        egift(5, fact("Sent", ago(days=1)), recipient_name="Ivo Silva"),
    )
    return desk

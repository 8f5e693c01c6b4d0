"""The refs of sends: each send gets its own, and answers to every way of naming it."""

import pytest

from models.desk import Desk
from models.errors import UnknownSend
from models.records import Shipment
from tests.support.desk_cases import arrive, order, parcel, take


def test_ids_that_begin_alike_get_longer_names(desk: Desk) -> None:
    ids = [f"0b6f3c1e-{n}a52-4f1c-9d55-08c1f2f0a9e{n}" for n in range(4)]
    take(desk, *(order(each) for each in ids[:2]))
    take(desk, *(order(each) for each in ids[2:]))
    refs = [desk.find(f"goody:{each}").ref for each in ids]
    assert refs[0] == "G-0b6f3c1e"
    assert len(set(refs)) == 4
    assert [desk.find(ref).external_id for ref in refs] == ids


def test_an_ambiguous_beginning_names_the_choices(desk: Desk) -> None:
    ids = [f"0b6f3c1e-{n}a52" for n in range(2)]
    take(desk, *(order(each) for each in ids))
    with pytest.raises(UnknownSend, match="means several sends: goody:0b6f3c1e-0a52, goody:"):
        desk.find("G-0b6f3")


@pytest.mark.parametrize(
    "reference", ["S-12", "s-12", "#S-12", " sendoso:12 ", "12", "12.0", "\u200e12", "012"]
)
def test_a_send_answers_to_all_its_names(desk: Desk, reference: str) -> None:
    send = arrive(desk, parcel(12))
    assert desk.find(reference) == send


def test_two_ids_that_read_alike_are_two_sends(desk: Desk) -> None:
    take(desk, parcel("12"), parcel("S-12"), parcel("012"))
    assert desk.total() == 3
    assert len({desk.find(f"sendoso:{each}").ref for each in ("12", "S-12", "012")}) == 3


@pytest.mark.parametrize("reference", ["", "   ", "S-", "G-%", "sendoso:", "nothing", "%"])
def test_no_send_answers_to_anything_else(desk: Desk, reference: str) -> None:
    take(desk, parcel(12), order("0b6f3c1e-1"))
    with pytest.raises(UnknownSend, match="No send answers to"):
        desk.find(reference)


def test_a_send_answers_to_the_tracking_number_of_a_shipment(desk: Desk) -> None:
    shipment = Shipment(external_id="a", status="shipped", tracking_number="1Z-77")
    send = arrive(desk, order("0b6f3c1e-1", shipments=(shipment,)))
    assert desk.find("1Z-77") == send

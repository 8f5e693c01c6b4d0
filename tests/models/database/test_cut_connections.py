"""A server whose answers are cut off at every point of a write: nothing lost, nothing doubled."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from models.database import Database, open_database
from models.desk import Desk
from models.errors import DeskUnavailable
from models.history.audit import verify
from models.intake.intake import ImportReport
from models.records import EventKind, Shipment
from models.writing.writer import Request
from tests.support.cutting_proxy import CuttingProxy
from tests.support.desk_cases import HandClock, arrive, parcel, take

POINTS = 60
"""How many points of the conversation are cut; they are spread over all of its bytes."""
BOX = (Shipment(external_id="1", status="shipped"),)


@pytest.fixture
def proxy(server_address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CuttingProxy]:
    folder = Path(parse_qs(urlsplit(server_address).query)["host"][0])
    with CuttingProxy(folder, tmp_path_factory.mktemp("p")) as given:
        yield given


@pytest.fixture
def far(server_address: str, proxy: CuttingProxy) -> Iterator[Database]:
    parts = urlsplit(server_address)
    address = parts._replace(query=f"host={proxy.folder}").geturl()
    opened = open_database(address)
    yield opened
    opened.close()


def test_a_write_cut_off_anywhere_is_applied_once(
    far: Database, proxy: CuttingProxy, clock: HandClock
) -> None:
    desk = Desk(far, "ana", clock)
    arrive(desk, parcel("1"))
    proxy.cut(None)
    desk.note(desk.find("S-1"), "whole", request=Request("whole"))
    whole = proxy.passed
    assert whole > POINTS

    failures = 0
    for point in range(POINTS):
        request = Request(f"cut-{point}")
        seen = desk.find("S-1")
        proxy.cut(whole * point // POINTS)
        try:
            desk.note(seen, f"note {point}", request=request)
        except DeskUnavailable:
            failures += 1
        proxy.cut(None)
        desk.note(seen, f"note {point}", request=request)

    case = desk.case(desk.find("S-1").id)
    notes = [event.reason for event in case.history if event.kind is EventKind.NOTE]
    assert sorted(notes) == sorted(["whole", *(f"note {point}" for point in range(POINTS))])
    assert failures > POINTS // 2
    assert verify(far).problems == ()


def test_an_import_cut_off_anywhere_is_taken_in_when_it_is_repeated(
    far: Database, proxy: CuttingProxy, clock: HandClock
) -> None:
    desk = Desk(far, "ana", clock)

    def bring(point: int) -> ImportReport:
        return take(desk, *(parcel(f"{point}-{number}", shipments=BOX) for number in range(3)))

    proxy.cut(None)
    bring(POINTS)
    whole = proxy.passed
    assert whole > POINTS

    failures = 0
    for point in range(POINTS):
        proxy.cut(whole * point // POINTS)
        try:
            bring(point)
        except DeskUnavailable:
            failures += 1
        proxy.cut(None)
        report = bring(point)
        assert report.new in (0, 3)
        assert report.new + report.unchanged == 3

    assert desk.total() == 3 * (POINTS + 1)
    assert failures > POINTS // 2
    assert verify(far).problems == ()


def test_the_desk_works_again_after_the_server_cut_every_connection(
    far: Database, proxy: CuttingProxy, clock: HandClock
) -> None:
    desk = Desk(far, "ana", clock)
    arrive(desk, parcel("1"))
    seen = desk.find("S-1")
    proxy.cut(0)

    with pytest.raises(DeskUnavailable, match="nothing was written"):
        desk.take(seen)

    proxy.cut(None)
    assert desk.take(seen).send.owner == "ana"

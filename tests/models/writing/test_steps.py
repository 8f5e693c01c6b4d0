"""The next step to be taken back is found by an index, however long the history is."""

import re

import pytest

from models.database import Database, open_database
from models.desk import Desk
from models.errors import NothingToDo
from models.writing.writer import Bulk
from tests.support.desk_cases import HandClock, arrive, parcel
from tests.support.query_plans import plans_of

OF_EVENTS = re.compile("FROM event")
SORTED = "USE TEMP B-TREE"


@pytest.fixture
def worked_in(file_address: str) -> Database:
    """A desk on which a bulk was written, and taken back, and written again."""
    database = open_database(file_address)
    desk = Desk(database, "ana", HandClock())
    bulk = Bulk("call-7")
    for number in range(3):
        send = arrive(desk, parcel(number + 1))
        desk.take(send, request=bulk.request(send))
    list(desk.undo_or_redo(desk.last_step()))
    list(desk.undo_or_redo(desk.last_undone_step()))
    desk.note(desk.find("S-1"), "called")
    return database


def test_it_is_found_by_an_index(worked_in: Database) -> None:
    desk = Desk(worked_in, "ana", HandClock())
    with plans_of(worked_in, OF_EVENTS) as plans:
        newest = desk.last_step()
    assert any("INDEX event_deeds_of (actor=?)" in step for step in plans), plans
    assert not any(step.startswith("SCAN event") or SORTED in step for step in plans), plans

    with plans_of(worked_in, OF_EVENTS) as plans:
        assert len(desk.last_step(passing=[newest])) == 3
    assert any("event_request (request_id>? AND request_id<?)" in step for step in plans), plans
    assert not any(step.startswith("SCAN event") for step in plans), plans
    worked_in.close()


def test_what_a_request_did_is_found_by_its_id(worked_in: Database) -> None:
    desk = Desk(worked_in, "ana", HandClock())
    with (
        plans_of(worked_in, OF_EVENTS) as plans,
        pytest.raises(NothingToDo, match="taken back already"),
    ):
        desk.step_of("call-7")
    assert any("event_request (request_id>? AND request_id<?)" in step for step in plans), plans
    assert not any(step.startswith("SCAN event") for step in plans), plans
    worked_in.close()

"""No section reads all sends or all entries: each asks ranges of indexes."""

import re
from contextlib import closing

from models.database import open_database
from models.desk import Desk
from models.report.sections import SECTIONS, sections
from models.report.shift import shift_text
from models.report.span import parse_span
from tests.support.desk_cases import HandClock, arrive, parcel
from tests.support.query_plans import plans_of

IN_EACH_STATUS = "USING COVERING INDEX send_facets"
"""How many sends are in each status is counted within this index."""


def test_no_table_is_read_as_a_whole(file_address: str) -> None:
    # A server's planner looks at how many rows there are; that of a file goes by its indexes.
    with closing(open_database(file_address)) as database:
        desk = Desk(database, "ana", HandClock())
        desk.note(arrive(desk, parcel(1)), "called")
        with plans_of(database, re.compile("^SELECT")) as steps:
            span = parse_span("30d", desk.local_time(), desk.calendar())
            assert len(list(sections(desk, span))) == len(SECTIONS)
            shift_text(desk)

    scans = [each for each in steps if re.match("SCAN (send|event|breach)", each)]
    assert all(IN_EACH_STATUS in each for each in scans), scans
    for index in ("event_deeds", "breach_ended", "stay_count_day", "send_due", "send_credit_due"):
        assert any(index in each for each in steps), (index, steps)

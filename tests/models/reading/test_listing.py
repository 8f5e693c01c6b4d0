"""A list is the same whether it is scanned, or its ids are fetched and kept."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.database import Database, open_database
from models.demo import make
from models.desk import Desk
from models.reading.access_path import ScanLimits
from models.reading.listing import Listing
from models.reading.sort_order import SortOrder
from models.records import SendRecord
from models.store.tables import Send
from tests.support.sample_cases import NOW
from tests.support.server import Server

LIMITS = {
    "as it is": ScanLimits(),
    "few ids are fetched": ScanLimits(fetch_max=150),
    "no ids are fetched": ScanLimits(fetch_max=0, candidates_max=0, count_fetch_max=0),
    "scanned among candidates": ScanLimits(fetch_max=0),
    "scans are short": ScanLimits(
        fetch_max=0, candidates_max=0, scan_max=7, scan_max_with_candidates=7
    ),
    "and no ids are kept": ScanLimits(
        fetch_max=0,
        candidates_max=500,
        count_fetch_max=20,
        scan_max=7,
        scan_max_with_candidates=7,
        ids_only_after=5,
    ),
}
FILTERS = (
    "", "tanaka", "tanaka lotus", "company:lotus,volta", "example", "1Z999AA1", "S-104", "s", "qu", "zoë", "さく",
    "by:jo", "by:demo", "note:rush", "changed:-2h", "changed:yesterday by:@me", "tanaka by:sendoso",
    "lotus status:delivered,redeemed", "sender:ivo", "cost>100 OR lotus", "-lotus", "nosuchname", "in:triage",
    "age>30d", "due<2d lotus",
)  # fmt: skip
SORTS = ("due", "-created", "recipient", "-type", "status,-created")
LISTS = [f"{text} sort:{SORTS[number % len(SORTS)]}" for number, text in enumerate(FILTERS)]
"""Each filter in one of the orders."""
LISTS += [
    "is:escalated sort:follow-up", "is:snoozed sort:-snooze", "is:snoozed OR is:done sort:snooze",
    "stage:problem sort:follow-up",
]  # fmt: skip


@pytest.fixture(scope="module", params=["file", "server"])
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    if request.param == "file":
        opened = open_database(tmp_path_factory.mktemp("lists") / "sends.db")
    else:
        server: Server = request.getfixturevalue("server")
        opened = open_database(server.address(server.make()))
    make(opened, sends=600, now=NOW)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def desk(database: Database) -> Desk:
    return Desk(database, "ana", lambda: NOW)


def truth(desk: Desk, text: str) -> list[int]:
    """Return the ids of a filter's sends in their order, asked for in the plainest way."""
    query = desk.parse(text)
    conditions, order = desk.listing(query).conditions, SortOrder.of(query.sort).forwards
    with desk.database.read() as connection:
        wanted = sa.select(col(Send.id)).where(conditions.complete).order_by(*order)
        return [int(row.id) for row in connection.execute(wanted)]


def listing(desk: Desk, text: str, limits: str) -> Listing:
    plain = desk.listing(desk.parse(text))
    return Listing(plain.conditions, plain.order, LIMITS[limits])


def ids(rows: tuple[SendRecord, ...]) -> list[int]:
    return [row.id for row in rows]


@pytest.mark.parametrize("text", LISTS)
def test_every_way_leads_to_the_same_list(desk: Desk, text: str) -> None:
    expected = truth(desk, text)
    total, size = len(expected), 25
    for limits in LIMITS:
        found = listing(desk, text, limits)
        assert ids(desk.window(found, 0, size)) == expected[:size], limits
        assert ids(desk.window(found, size, size)) == expected[size : 2 * size], limits
        assert desk.count(found).value == total, limits
        for start in (max(total - size, 0), total // 3, 0):
            window = ids(desk.window(found, start, size))
            assert window == expected[start : start + size], (limits, start)


@pytest.mark.parametrize("text", ["lotus", "by:jo", "sender:ivo sort:-created", "s sort:type"])
def test_every_send_knows_its_place(desk: Desk, text: str) -> None:
    expected = truth(desk, text)
    stranger = (set(truth(desk, "")) - set(expected)).pop()
    for limits in LIMITS:
        for send_id in (expected[0], expected[-1], expected[len(expected) // 2]):
            found = listing(desk, text, limits)
            assert desk.position(found, send_id) == expected.index(send_id), limits
        assert desk.position(found, stranger) is None, limits


@pytest.mark.parametrize("limits", LIMITS)
def test_the_next_overdue_send_is_found_in_every_list(desk: Desk, limits: str) -> None:
    past = set(truth(desk, "urgency:over,now"))
    expected = truth(desk, "example sort:-created")
    places = [place for place, send_id in enumerate(expected) if send_id in past]
    assert len(places) > 1
    found = listing(desk, "example sort:-created", limits)
    first = expected[places[0]]
    assert desk.next_overdue(found, first, False) == places[1]
    assert desk.next_overdue(found, expected[places[1]], True) == places[0]


def test_ids_that_were_fetched_for_a_count_are_kept(desk: Desk) -> None:
    found = listing(desk, "by:jo", "scanned among candidates")
    desk.window(found, 0, 3)
    expected = truth(desk, "by:jo")
    assert desk.count(found).value == len(expected)
    asked: list[str] = []
    sa.event.listen(
        desk.database.engine, "before_cursor_execute", lambda *given: asked.append(given[2])
    )
    assert ids(desk.window(found, 5, 5)) == expected[5:10]
    assert desk.position(found, expected[7]) == 7
    assert not [statement for statement in asked if "event" in statement]


def test_escalated_and_snoozed_are_in_the_order_of_what_their_column_shows(desk: Desk) -> None:
    escalated = desk.window(desk.listing(desk.parse("in:escalated sort:follow-up")), 0, 500)
    follow_ups = [send.follow_up_at for send in escalated if send.follow_up_at]
    assert len(follow_ups) == len(escalated) > 1
    assert follow_ups == sorted(follow_ups)
    snoozed = desk.window(desk.listing(desk.parse("in:snoozed sort:snooze")), 0, 500)
    until = [send.snoozed_until for send in snoozed if send.snoozed_until]
    assert len(until) > 1
    assert until == sorted(until)
    assert [view.query for view in desk.views() if view.name in ("Escalated", "Snoozed")] == [
        "is:escalated sort:follow-up",
        "is:snoozed sort:snooze",
    ]


def test_a_snooze_without_an_end_comes_last_on_every_database(desk: Desk) -> None:
    plain = desk.window(desk.listing(desk.parse("-is:snoozed -is:escalated -is:triage")), 0, 2)
    snoozed = desk.snooze(plain[0]).send
    rows = desk.window(desk.listing(desk.parse("is:snoozed sort:snooze")), 0, 500)
    assert rows[-1].id == snoozed.id
    rows = desk.window(desk.listing(desk.parse("is:snoozed sort:-snooze")), 0, 500)
    assert rows[0].id == snoozed.id
    desk.wake(snoozed)


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("is:escalated sort:follow-up", "send_escalated"),
        ("is:snoozed sort:snooze", "send_put_off"),
        ("is:done", "send_put_off"),
    ],
)
def test_the_few_that_wait_are_told_by_an_index_of_them_alone(
    desk: Desk, text: str, index: str
) -> None:
    conditions = desk.listing(desk.parse(text)).conditions
    with desk.database.read() as connection:
        if desk.database.is_server:
            # Of so few sends as here the server would rather read all.
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        plan = desk.database.plan(connection, sa.select(col(Send.id)).where(conditions.complete))
    assert index in "\n".join(plan)

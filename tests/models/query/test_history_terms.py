"""What the history is asked is found through the intakes and the changes of agents, never by reading all of it."""

from contextlib import closing

import psycopg
import pytest

from models.database import Database, open_database
from models.desk import Desk
from models.providers.incoming import Incoming
from models.records import Shipment
from tests.support.desk_cases import HandClock, arrive, fact, order, parcel, take
from tests.support.sample_cases import NOW
from tests.support.server import Server
from tests.support.unguarded import lift_constraints

OLDER = (
    *(
        f"DROP TABLE {name}"
        for name in ("credit", "rule_switch", "usual_span", "stay_count", "breach")
    ),
    *(
        f"DROP INDEX {name}"
        for name in ("send_credit_due", "send_rule", "send_rule_at", "event_time_rules")
    ),
    *(f"ALTER TABLE send DROP COLUMN {name}" for name in ("credit_due_at", "rule", "rule_at")),
    "DROP TABLE delivery",
    "DROP TABLE webhook",
    "DROP TABLE sync_state",
    "DROP TABLE sync_fact",
    "ALTER TABLE shipment DROP COLUMN brand",
    "DROP TABLE intake",
    "DROP INDEX event_notes",
    "DROP INDEX send_type",
    "DROP TABLE warning",
    "DROP TABLE business_hours",
    "ALTER TABLE holiday DROP COLUMN region",
    "DROP INDEX send_put_off",
    "DROP TABLE setting_change",
    "DROP INDEX send_batch",
    "DROP INDEX event_deeds_by_kind",
    "DROP INDEX send_refunded",
    *(
        f"ALTER TABLE send DROP COLUMN {name}"
        for name in (
            "refunded_at",
            "refunded_minor",
            "scheduled_at",
            "orders_count",
            "recipients_count",
        )
    ),
    "DROP INDEX send_campaign_open",
    "UPDATE alembic_version SET version_num = '0001'",
)
"""What makes a desk of the schema before this one out of a new one."""

UNMARKED = """SELECT count(*) FROM event WHERE request_id IS NULL AND NOT EXISTS (
    SELECT 1 FROM intake WHERE event.id BETWEEN first_event AND last_event
    AND intake.actor = event.actor AND intake.source = event.source
    AND intake.recorded_at = event.recorded_at)"""


def grow_old(database: Database) -> None:
    lift_constraints(database)
    with database.write() as connection:
        for statement in OLDER:
            connection.exec_driver_sql(statement)


def fill(desk: Desk, clock: HandClock) -> None:
    """Let two platforms and two agents write, some of it an hour later than the rest."""
    first = arrive(desk, order("9"), parcel(1))
    take(desk, parcel(2), source="api")
    seen = desk.note(first, "called the warehouse").send
    clock.advance(hours=1)
    Desk(desk.database, "jo", clock).take(seen)
    take(desk, parcel(1, fact("Shipped", clock())), parcel(2), source="api")


def unmarked(database: Database) -> int:
    """Return how many entries are neither an agent's change nor within an intake of the same origin."""
    with database.read() as connection:
        found = connection.exec_driver_sql(UNMARKED).scalar_one()
    return int(found)


@pytest.mark.parametrize(
    "sends",
    [
        [parcel(1)],
        [parcel(1), parcel(1, fact("Shipped", NOW)), order("7")],
        [order("7", shipments=(Shipment(external_id="1", status="shipped"),))],
    ],
)
def test_every_intake_is_marked(desk: Desk, clock: HandClock, sends: list[Incoming]) -> None:
    take(desk, *sends)
    clock.advance(hours=1)
    take(desk, *sends, parcel(2, company="Acme"), source="api")
    take(desk, parcel(2, company="Volta"), source="api")
    assert unmarked(desk.database) == 0


def test_what_brings_nothing_new_leaves_no_mark(desk: Desk) -> None:
    take(desk, parcel(1))
    take(desk, parcel(1))
    with desk.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT count(*) FROM intake")
        assert rows.scalar_one() == 1


def test_an_older_desk_gets_its_marks_and_keeps_its_data(desk: Desk, clock: HandClock) -> None:
    fill(desk, clock)
    listing = desk.listing(desk.parse("sort:id"))
    before = desk.window(listing, 0, 10)
    grow_old(desk.database)
    desk.database.upgrade()
    assert unmarked(desk.database) == 0
    assert desk.window(desk.listing(desk.parse("sort:id")), 0, 10) == before
    assert desk.count(desk.listing(desk.parse("changed:-30m"))).value == 1


def test_roles_keep_their_rights_when_a_table_comes_later(server: Server) -> None:
    name = server.make()
    address = server.address(name)
    with psycopg.connect(address, autocommit=True) as owner:
        owner.execute('CREATE ROLE "history""s writer"; CREATE ROLE stranger')
        owner.execute('GRANT SELECT, INSERT ON event TO "history""s writer"')
        with closing(open_database(address)) as database:
            grow_old(database)
            database.upgrade()
        asked = "SELECT has_table_privilege(%s, 'intake', %s)"
        given = {
            (who, statement): owner.execute(asked, (who, statement)).fetchone()
            for who in ('history"s writer', "stranger")
            for statement in ("SELECT", "INSERT", "UPDATE", "DELETE")
        }
    server.drop(name)
    with psycopg.connect(server.address("postgres"), autocommit=True) as admin:
        admin.execute('DROP ROLE "history""s writer"; DROP ROLE stranger')
    assert {who for who, answer in given.items() if answer == (True,)} == {
        ('history"s writer', "SELECT"),
        ('history"s writer', "INSERT"),
    }

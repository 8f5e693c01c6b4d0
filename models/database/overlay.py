"""What lies before the tables of a desk on a connection that shows the past.

Temporary views and tables have the names of the desk's own, so each statement reads the past without knowing
it. The names here are of what those views are made of; how it is made differs by the kind of database.
"""

from typing import Final

import sqlalchemy as sa

HIDDEN: Final = sa.table(
    "past_hidden",
    sa.column("id", sa.Integer),
    sa.column("done", sa.Integer),
    sa.column("counted", sa.Integer),
)
"""The sends that are not shown as they are today: another state of them is in `past_send`, or none.
Those with `done` 0 are still to be looked at. `counted` is the revision whose stays `past_stay` takes off."""
EVENTS: Final = sa.table("past_event", sa.column("id", sa.BigInteger))
"""Entries that were recorded before the moment although a clock says later."""
TEXTS: Final = sa.table("past_text", sa.column("id", sa.Integer))
"""The sends that the text index knows with other texts."""
IN_PART: Final = sa.table("past_in_part", sa.column("id", sa.Integer))
"""The sends of which older entries do not have every former value."""
STAYS: Final = sa.table(
    "past_stay",
    sa.column("send_id", sa.Integer),
    *(sa.column(name, sa.String) for name in ("day", "provider", "status", "lengths")),
    sa.column("reopened", sa.Integer),
)
"""What the numbers of stays of today count of each send that they did not then, or no more."""
SEEN: Final = sa.table(
    "past_seen",
    sa.column("event", sa.BigInteger),
    sa.column("intake", sa.BigInteger),
    sa.column("settings", sa.Integer),
)
"""One row: the newest entry looked at, the newest of an intake, and how many settings had changed."""
OWN_TABLES: Final = (
    "past_hidden (id bigint PRIMARY KEY, done integer NOT NULL, counted integer NOT NULL DEFAULT 0)",
    "past_event (id bigint PRIMARY KEY)",
    "past_text (id bigint PRIMARY KEY)",
    "past_in_part (id bigint PRIMARY KEY)",
    "past_stay (send_id bigint, day text, provider text, status text, lengths text, reopened integer)",
    "past_seen (event bigint, intake bigint, settings integer)",
)
"""What CREATE TEMPORARY TABLE is followed by, on every database."""
OWN_INDEXES: Final = ("past_to_do ON past_hidden (done, id)", "past_stays ON past_stay (send_id)")
SETTINGS: Final = ("threshold", "warning", "holiday", "business_hours", "rule_switch", "usual_span")
"""The tables of which each row may be another one; a temporary table of the same name has them all."""
EMPTY: Final = ("sync_state",)
"""The tables that say nothing about the past."""
MOMENTS: Final = {"setting_change": "at"}
"""The tables whose later rows are left out, by the column that says when each was written."""
PLACE_OF: Final = {"send": "id", "shipment": "send_id", "breach": "send_id"}
"""The tables of which some rows are others, by the column that names the send."""


def present(table: sa.Table, schema: str) -> sa.TableClause:
    """Return *table* as it is today, which nothing lies before; *schema* is where it is."""
    return sa.table(
        table.name, *(sa.column(each.name, each.type) for each in table.columns), schema=schema
    )


def stays(schema: str) -> str:
    """Return the SELECT of the numbers of stays, those that take off and add what was other then."""
    columns = "day, provider, status, lengths, reopened"
    return f"SELECT id, {columns} FROM {schema}.stay_count UNION ALL SELECT 0, {columns} FROM past_stay"


def known_credits(schema: str) -> str:
    """Return the SELECT of the entries of the ledger that were there: `event` has those of the history."""
    return (
        f"SELECT * FROM {schema}.credit AS entry WHERE EXISTS (SELECT 1 FROM event"
        " WHERE event.send_id = entry.send_id AND event.seq = entry.seq)"
    )


def known(schema: str, moment: str) -> str:
    """Return the SELECT of the entries that were there at *moment*, a literal of the database."""
    return (
        f"SELECT * FROM {schema}.event WHERE recorded_at <= {moment}"
        " OR id IN (SELECT id FROM past_event)"
    )

"""What lies before the tables of a desk on a connection that shows the past.

Temporary views and tables have the names of the desk's own, so each statement reads the past without knowing
it. The names here are of what those views are made of; how it is made differs by the kind of database.
"""

from typing import Final

import sqlalchemy as sa

HIDDEN: Final = sa.table("past_hidden", sa.column("id", sa.Integer), sa.column("done", sa.Integer))
"""The sends that are not shown as they are today: another state of them is in `past_send`, or none.
Those with `done` 0 are still to be looked at."""
EVENTS: Final = sa.table("past_event", sa.column("id", sa.BigInteger))
"""Entries that were recorded before the moment although a clock says later."""
TEXTS: Final = sa.table("past_text", sa.column("id", sa.Integer))
"""The sends that the text index knows with other texts."""
IN_PART: Final = sa.table("past_in_part", sa.column("id", sa.Integer))
"""The sends of which older entries do not have every former value."""
SEEN: Final = sa.table(
    "past_seen",
    sa.column("event", sa.BigInteger),
    sa.column("intake", sa.BigInteger),
    sa.column("settings", sa.Integer),
)
"""One row: the newest entry looked at, the newest of an intake, and how many settings had changed."""
OWN_TABLES: Final = (
    "past_hidden (id bigint PRIMARY KEY, done integer NOT NULL)",
    "past_event (id bigint PRIMARY KEY)",
    "past_text (id bigint PRIMARY KEY)",
    "past_in_part (id bigint PRIMARY KEY)",
    "past_seen (event bigint, intake bigint, settings integer)",
)
"""What CREATE TEMPORARY TABLE is followed by, on every database."""
OWN_INDEX: Final = "past_to_do ON past_hidden (done, id)"
SETTINGS: Final = ("threshold", "warning", "holiday", "business_hours", "rule_switch", "usual_span")
"""The tables of which each row may be another one; a temporary table of the same name has them all."""
EMPTY: Final = ("sync_state",)
"""The tables that say nothing about the past."""
MOMENTS: Final = {"setting_change": "at"}
"""The tables whose later rows are left out, by the column that says when each was written."""
PLACE_OF: Final = {"send": "id", "shipment": "send_id"}
"""The tables of which some rows are others, by the column that names the send."""


def present(table: sa.Table, schema: str) -> sa.TableClause:
    """Return *table* as it is today, which nothing lies before; *schema* is where it is."""
    return sa.table(
        table.name, *(sa.column(each.name, each.type) for each in table.columns), schema=schema
    )


def known(schema: str, moment: str) -> str:
    """Return the SELECT of the entries that were there at *moment*, a literal of the database."""
    return (
        f"SELECT * FROM {schema}.event WHERE recorded_at <= {moment}"
        " OR id IN (SELECT id FROM past_event)"
    )

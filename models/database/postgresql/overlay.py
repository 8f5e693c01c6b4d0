"""The temporary tables and views through which a session of a server shows the past."""

from datetime import datetime

import sqlalchemy as sa

from models.database import overlay

_SCHEMA = "SELECT quote_ident(nspname) FROM pg_class JOIN pg_namespace AS n ON n.oid = relnamespace WHERE pg_class.oid = 'send'::regclass"
_COLUMNS = (
    "SELECT quote_ident(attname) FROM pg_attribute"
    " WHERE attrelid = '{schema}.{table}'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
)


def put(connection: sa.Connection, moment: datetime) -> str:
    """Lay the past before the tables of the desk, within a transaction; it is empty yet.

    Args:
        connection: Its temporary tables go with its session.
        moment: In UTC.

    Returns:
        The schema of the desk's own tables.
    """
    run = connection.exec_driver_sql
    schema: str = run(_SCHEMA).scalar_one()
    for each in overlay.OWN_TABLES:
        run(f"CREATE TEMPORARY TABLE {each}")
    for each in overlay.OWN_INDEXES:
        run(f"CREATE INDEX {each}")
    text = f"'{moment.isoformat()}'::timestamptz"
    for name, column in overlay.PLACE_OF.items():
        run(f"CREATE TEMPORARY TABLE past_{name} (LIKE {schema}.{name} INCLUDING INDEXES)")
        names = ", ".join(run(_COLUMNS.format(schema=schema, table=name)).scalars())
        # A server gives the order of an index on both tables to one list only if the condition stands
        # around both and not at one.
        run(
            f"CREATE TEMPORARY VIEW {name} AS SELECT {names} FROM"
            f" (SELECT {names}, true AS is_present FROM {schema}.{name}"
            f" UNION ALL SELECT {names}, false FROM past_{name}) AS every"
            f" WHERE NOT EXISTS (SELECT FROM past_hidden AS hidden"
            f" WHERE hidden.id = every.{column} AND every.is_present)"
        )
    run(f"CREATE TEMPORARY VIEW event AS {overlay.known(schema, text)}")
    run(f"CREATE TEMPORARY VIEW stay_count AS {overlay.stays(schema)}")
    run(f"CREATE TEMPORARY VIEW credit AS {overlay.known_credits(schema)}")
    for name, column in overlay.MOMENTS.items():
        run(
            f"CREATE TEMPORARY VIEW {name} AS SELECT * FROM {schema}.{name} WHERE {column} <= {text}"
        )
    for name in (*overlay.SETTINGS, *overlay.EMPTY):
        run(f"CREATE TEMPORARY TABLE {name} (LIKE {schema}.{name})")
    return schema

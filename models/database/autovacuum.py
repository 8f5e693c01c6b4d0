"""What a server knows of its tables when it plans how to read them."""

import sqlalchemy as sa


def look_at_each_change(connection: sa.Connection, table: str) -> None:
    """Let a server look at the small *table* after every change; a file needs no such thing.

    Left alone it looks once fifty rows are new, and takes a table that it never saw for a large one.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"ALTER TABLE {table} SET (autovacuum_analyze_threshold = 0)")

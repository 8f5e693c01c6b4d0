"""Who may use a table that comes later than the roles of a team."""

import sqlalchemy as sa

_SHARE = """DO $$
DECLARE given record;
BEGIN
    FOR given IN
        SELECT privilege_type AS deed,
            CASE grantee WHEN 'PUBLIC' THEN grantee ELSE quote_ident(grantee) END AS who
        FROM information_schema.role_table_grants
        WHERE table_schema = current_schema AND table_name = '{like}' AND grantee <> current_user
    LOOP
        EXECUTE format('GRANT %%s ON {table} TO %%s', given.deed, given.who);
    END LOOP;
END$$"""


def share(connection: sa.Connection, table: str, *, like: str) -> None:
    """Let everyone do with *table* what they may do with the table *like*; a file has no roles."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_SHARE.format(table=table, like=like))

"""PostgreSQL: one server, a whole team."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from models.database import messages
from models.database.bulk_insert import StoredRows
from models.database.plans import Explained
from models.database.postgresql import lock_holder, overlay, pg_trgm
from models.database.postgresql.held_lock import HeldLock, take_lock
from models.database.postgresql.role import KnownRole, Role
from models.database.postgresql.text_search import pattern_match
from models.database.watching import Watch
from models.errors import DeskUnavailable
from models.query.text_search import TextSearch

if TYPE_CHECKING:
    import psycopg

_OLDEST_SERVER = 120000
"""The oldest version of a server, as it counts them itself."""
_PREPARED_AFTER = 5
"""How often a statement is run until the server keeps the plan for it."""
_CANCEL_TIMEOUT = 2.0
"""Seconds that asking the server to cancel a query may take."""

_RIGHTS = """SELECT pg_is_in_recovery(), current_setting('transaction_read_only'), current_user,
    current_schema(), coalesce(has_schema_privilege(current_schema(), 'CREATE'), false),
    pg_get_userbyid(relowner), pg_has_role(relowner, 'USAGE')
  FROM (SELECT to_regclass('send') AS oid) AS wanted LEFT JOIN pg_class USING (oid)"""
"""What this user may do, and who owns the desk; NULL where there is none."""

_MAY_MAKE_TABLES = """SELECT has_database_privilege(current_database(), 'TEMPORARY'),
  quote_ident(current_database()), current_user"""

_SEQUENCES = """SELECT quote_ident(relname), quote_ident(attname), sequence
  FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid,
    pg_get_serial_sequence(quote_ident(relname), attname) AS sequence
  WHERE relnamespace = quote_ident(current_schema())::regnamespace AND relkind = 'r' AND attnum > 0
    AND NOT attisdropped AND sequence IS NOT NULL"""
"""The columns of the desk's tables that are numbered, and what numbers them."""

HISTORY_GUARD = "BEGIN RAISE EXCEPTION 'the history cannot be changed or removed'; END"
"""What both triggers run that guard the history of a sound server, as the migrations have written it."""
LEDGER_GUARD = "BEGIN RAISE EXCEPTION 'the ledger cannot be changed or removed'; END"
"""The same of the ledger."""
_GUARDS = {"event": ("history", HISTORY_GUARD), "credit": ("ledger", LEDGER_GUARD)}
"""By table, what it is called and what its guards run."""


def connect(text: str, *, read_only: str = "", agent: str = "") -> "PostgreSQL":
    """Return the database at the address *text*, whatever its schema; nothing is connected yet.

    Args:
        text: A `postgresql://` address.
        read_only: Why nothing may be written, or an empty string.
        agent: Who works there, for those who have to wait for what is written.

    Raises:
        BadAddress: If it cannot be read.
    """
    # Loading the driver takes more than 0.1 s, which a desk on a file need not spend.
    from models.database.postgresql import session

    arguments = session.arguments_of(text, lock_holder.program_name(agent))
    known = KnownRole()
    engine = sa.create_engine(
        "postgresql+psycopg://",
        creator=lambda: session.open_session(arguments, known),
        pool_pre_ping=True,
        pool_size=2,
        hide_parameters=True,
    )
    sa.event.listen(engine, "checkout", _reset_read_only)
    sa.event.listen(engine, "begin", _begin)
    return PostgreSQL(engine, session.name_of(arguments), read_only, known)


@dataclass(frozen=True, slots=True)
class PostgreSQL:
    """A database on a server; as `Backend` says."""

    engine: sa.Engine
    name: str
    reading: str
    """Why nothing may be written whatever the server is, or an empty string."""
    known: KnownRole
    """What the server is."""
    is_server: ClassVar[bool] = True
    text_search: ClassVar[TextSearch] = pattern_match
    read_options: ClassVar[Mapping[str, Any]] = {
        "isolation_level": "REPEATABLE READ",
        "postgresql_readonly": True,
    }

    @property
    def read_only(self) -> str:
        """Why nothing can be written now: that changes when a standby is promoted."""
        return self.reading or self.known.role.value.format(name=self.name)

    @property
    def is_lost(self) -> bool:
        """Never: a server keeps its data in one place."""
        return False

    def confirm(self, connection: sa.Connection | None = None) -> None:
        """Do nothing: a server keeps its data in one place."""

    def find_again(self) -> None:
        """Do nothing: it was never lost."""

    def lose(self, reason: str) -> None:
        """Do nothing: each question is put to the server anew."""

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()

    def watch(self) -> Watch:
        """Return what hears of commits."""
        from models.database.postgresql.listening import Listener

        return Listener(self.engine, self.known)

    def session_of(self, connection: sa.Connection) -> int:
        """Return the process of the server that serves *connection*."""
        return _raw(connection).info.backend_pid

    def who_blocks(self, sessions: Sequence[int | None]) -> str:
        """Return the agents, or the programs, that hold what *sessions* wait for."""
        begun = [session for session in sessions if session is not None]
        if not begun:
            return ""
        with self.engine.begin() as connection:
            return lock_holder.holders_of(connection, begun)

    def canceller(self, connection: sa.Connection) -> Callable[[], None]:
        """Return what makes the server cancel the query that runs on *connection*."""
        import psycopg

        raw = _raw(connection)

        def cancel() -> None:
            # A server that cannot be asked has given the query up, or soon has.
            with suppress(psycopg.Error):
                raw.cancel_safe(timeout=_CANCEL_TIMEOUT)

        return cancel

    def message(self, error: DBAPIError) -> str:
        """Return the sentence that tells the agent of *error*."""
        return messages.of_server(error, self.name)

    def plan(self, connection: sa.Connection, statement: sa.Select[Any]) -> list[str]:
        """Return the query plan, line by line."""
        return [row[0] for row in connection.execute(Explained("EXPLAIN", statement))]

    def put_past(self, connection: sa.Connection, moment: datetime) -> str:
        """Lay the past before the tables.

        Raises:
            DeskUnavailable: If this is a standby, which makes not even a temporary table, or the user
                may make none.
        """
        if self.known.role is Role.STANDBY:
            raise DeskUnavailable(
                f"{self.name} is a standby, which has no place for what a past needs: "
                "ask its primary for the past."
            )
        # A temporary table takes nothing from a desk that is only read; later it could not be said any more.
        connection.exec_driver_sql("SET TRANSACTION READ WRITE")
        may, database, user = connection.exec_driver_sql(_MAY_MAKE_TABLES).one()
        if not may:
            raise DeskUnavailable(
                f"{self.name} does not let {user} make temporary tables, which a past needs: "
                f"let its owner run `GRANT TEMPORARY ON DATABASE {database} TO {user}`."
            )
        return overlay.put(connection, moment)

    def may_write(self, connection: sa.Connection, table: str) -> bool:
        """Return what the server says of this user's rights."""
        asked = "SELECT has_table_privilege(%s, 'INSERT') AND has_table_privilege(%s, 'DELETE')"
        return bool(connection.exec_driver_sql(asked, (table, table)).scalar())

    def one_intake_at_a_time(self, connection: sa.Connection) -> None:
        """Wait without limit for the intake that runs, if one does."""
        _lock(connection, "senddesk.intake")

    def hold(self, name: str) -> HeldLock | None:
        """Take an advisory lock on a connection of its own; None if another program has it."""
        return take_lock(self.engine, name)

    def reserve_ids(self, connection: sa.Connection, count: int) -> range:
        """Return one unbroken range of the sequence, which only the running intake advances."""
        sequence = "pg_get_serial_sequence('send', 'id')"
        first = connection.exec_driver_sql(f"SELECT nextval({sequence})").scalar_one()
        connection.exec_driver_sql(f"SELECT setval({sequence}, %s)", (first + count - 1,))
        return range(first, first + count)

    def insert(self, connection: sa.Connection, rows: StoredRows) -> None:
        """Send all rows as one stream.

        The server took 527,000 rows a second so, and 88,000 as statements of the driver's executemany.
        """
        import psycopg

        quote = connection.dialect.identifier_preparer.quote
        columns = ", ".join(map(quote, rows.names))
        statement = f"COPY {quote(rows.table.name)} ({columns}) FROM STDIN"
        try:
            with _raw(connection).cursor() as cursor, cursor.copy(statement.encode()) as stream:
                for values in rows.values:
                    stream.write_row(values)
        except psycopg.IntegrityError as error:
            raise IntegrityError(statement, None, error) from error
        except psycopg.Error as error:
            raise OperationalError(statement, None, error) from error

    def index_text(self, connection: sa.Connection, first: int, last: int) -> None:
        """Do nothing: the server keeps its own indexes."""

    def reindex_text(
        self, connection: sa.Connection, send_ids: list[int], write: Callable[[], None]
    ) -> None:
        """Only write: the server keeps its own indexes."""
        write()

    def refuse_unsuitable(self, connection: sa.Connection) -> None:
        """Refuse a server or a database that cannot hold what people write.

        Raises:
            DeskUnavailable: If it is too old, or its encoding is not UTF8.
        """
        told = _raw(connection).info
        if told.server_version < _OLDEST_SERVER:
            raise DeskUnavailable(
                f"{self.name} is PostgreSQL {told.server_version // 10000}: "
                f"Send Desk needs {_OLDEST_SERVER // 10000} or newer."
            )
        encoding = told.parameter_status("server_encoding") or "UTF8"
        if encoding != "UTF8":
            raise DeskUnavailable(
                f"{self.name}: the database is {encoding}, which cannot hold every name; create it with "
                "UTF8: `createdb -E UTF8 -T template0 NAME`. A desk that is in it moves by "
                "`pg_dump -Fc` and `pg_restore`."
            )

    def refuse_upgrade(self, connection: sa.Connection) -> None:
        """Refuse where this user cannot make or change the tables, before anything is tried.

        Raises:
            DeskUnavailable: If the server takes no writes, there is no schema, or a right is missing.
        """
        standby, read_only, user, schema, creates, owner, owns = connection.exec_driver_sql(
            _RIGHTS
        ).one()
        if standby:
            raise DeskUnavailable(
                f"{self.name} is a standby, which accepts no writes: "
                "run `senddesk db upgrade` on its primary."
            )
        if read_only == "on":
            raise DeskUnavailable(
                f"{self.name} accepts no writes: default_transaction_read_only is on. "
                "Run `senddesk db upgrade` as a user for whom it is off."
            )
        if schema is None:
            raise DeskUnavailable(
                f"{self.name} has no schema for the tables: let its owner run `CREATE SCHEMA public`."
            )
        if owner is not None and not owns:
            raise DeskUnavailable(
                f"{self.name} belongs to {owner}: let that user run `senddesk db upgrade`, "
                f"{user} may not change its tables."
            )
        if not creates:
            raise DeskUnavailable(
                f"{self.name} does not let {user} make tables in the schema {schema}: let its owner run "
                f"`senddesk db upgrade`, or `GRANT CREATE ON SCHEMA {schema} TO {user}`."
            )

    def set_up_file(self) -> None:
        """Do nothing: a server has its settings already."""

    def one_upgrade_at_a_time(self, connection: sa.Connection) -> None:
        """Wait without limit for the upgrade and the intake that run, if any do."""
        _lock(connection, "senddesk.upgrade")
        # What an intake adds in between would be missing in what the migrations make of the history.
        self.one_intake_at_a_time(connection)

    def backup_before_upgrade(self) -> None:
        """Do nothing: whoever looks after a server saves it with its own tools."""

    def after_upgrade(self) -> None:
        """Make the trigram index where the server offers it, and refresh what it knows for its plans."""
        pg_trgm.make_index(self.engine, self.one_upgrade_at_a_time)
        with self.engine.begin() as connection:
            self.one_upgrade_at_a_time(connection)
            _move_sequences_on(connection)
            connection.exec_driver_sql("ANALYZE")

    def warning(self) -> str:
        """Return a sentence if searching for text is slow on this server, or an empty string."""
        return pg_trgm.warning(self.engine, self.name)

    def backup(self, target: Path) -> None:
        """Refuse: a server is saved with its own tools.

        Raises:
            DeskUnavailable: Always.
        """
        raise DeskUnavailable("A server is saved with its own tool: `pg_dump -Fc`.")

    def check(self) -> list[str]:
        """Return what the server's catalogue finds wrong with the guards of history and ledger."""
        problems = []
        with self.engine.connect() as connection:
            for table, (name, guard) in _GUARDS.items():
                found = connection.exec_driver_sql(
                    "SELECT count(*) FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid"
                    " WHERE tgrelid = %s::regclass AND tgname LIKE %s"
                    " AND tgenabled = 'A' AND prosrc = %s",
                    (table, f"{table}_is_never_%", guard),
                ).scalar_one()
                if found != 2:
                    problems.append(f"the triggers that guard the {name} are missing or changed")
        return problems


def _move_sequences_on(connection: sa.Connection) -> None:
    """Let new numbers come after those that are there: logical replication brings rows without them."""
    for table, column, sequence in connection.exec_driver_sql(_SEQUENCES).all():
        newest = f"(SELECT max({column}) FROM {table})"
        connection.exec_driver_sql(
            f"SELECT setval('{sequence}', {newest}) WHERE {newest} >= (SELECT last_value FROM {sequence})"
        )


def _lock(connection: sa.Connection, key: str) -> None:
    """Wait without limit until no other transaction holds the lock *key*; this one lets others wait."""
    connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext(%s))", (key,))


def _reset_read_only(connection: "psycopg.Connection[Any]", *_: object) -> None:
    # After a read-only transaction SQLAlchemy would set the connection to read-write. With None the
    # setting of the server stays in force, which may be to accept no writes.
    connection.read_only = None


def _begin(connection: sa.Connection) -> None:
    # Writes find their rows by number: one plan fits all. A filter is planned each time for the values
    # that it asks for: the plan for any status is a bad one for a rare status.
    write = connection.get_execution_options().get("write")
    _raw(connection).prepare_threshold = _PREPARED_AFTER if write else None


def _raw(connection: sa.Connection) -> "psycopg.Connection[Any]":
    import psycopg

    raw = connection.connection.driver_connection
    assert isinstance(raw, psycopg.Connection)
    return raw

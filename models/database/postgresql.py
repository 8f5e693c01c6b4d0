"""PostgreSQL: one server, a whole team."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, OperationalError

from models.database import pg_trgm
from models.database.bulk_insert import Inserted
from models.database.messages import of_server as sentence
from models.database.plans import Explained
from models.database.text_search import pattern_match as text_search
from models.database.watching import Watch
from models.errors import DeskUnavailable

if TYPE_CHECKING:
    import psycopg

__all__ = ["sentence", "text_search"]

_SESSION = (
    "-c TimeZone=UTC -c lock_timeout=3000 -c statement_timeout=15000"
    " -c idle_in_transaction_session_timeout=60000"
)
_CONNECTING = {
    "connect_timeout": 5,
    "options": _SESSION,
    "application_name": "senddesk",
    # A server that is gone without a word is noticed within half a minute.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20000,
}
_PREPARED_AFTER = 5
"""How often something is written until the server keeps the plan for it."""
_STOP_WITHIN = 2.0
"""Seconds that asking the server to give up a query may take."""

_REFUSAL = "BEGIN RAISE EXCEPTION 'the history cannot be changed or removed'; END"
HISTORY_GUARDS = (
    f"CREATE FUNCTION event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $${_REFUSAL}$$",
    """CREATE TRIGGER event_is_never_changed BEFORE UPDATE OR DELETE ON event
    FOR EACH ROW EXECUTE FUNCTION event_is_append_only()""",
    """CREATE TRIGGER event_is_never_emptied BEFORE TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION event_is_append_only()""",
    # Without ALWAYS a session in replica role would walk around them.
    "ALTER TABLE event ENABLE ALWAYS TRIGGER event_is_never_changed",
    "ALTER TABLE event ENABLE ALWAYS TRIGGER event_is_never_emptied",
)
TEXT_SEARCH: tuple[str, ...] = ()
_TELLING = """CREATE TRIGGER {table}_is_told AFTER {deeds} ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION desk_is_told()"""
NEWS = (
    # One word for each transaction, however many statements it has: the server drops repetitions.
    "CREATE FUNCTION desk_is_told() RETURNS trigger LANGUAGE plpgsql"
    " AS $$BEGIN NOTIFY senddesk; RETURN NULL; END$$",
    _TELLING.format(table="event", deeds="INSERT"),
    # A limit that the team sets moves sends without an event.
    _TELLING.format(table="send", deeds="UPDATE"),
    *(
        _TELLING.format(table=table, deeds="INSERT OR UPDATE OR DELETE")
        for table in ("saved_view", "threshold", "holiday")
    ),
)
"""What tells everyone who listens that something was committed."""

READING = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
"""Execution options under which a transaction sees one moment of the data."""


def connect(text: str) -> tuple[sa.Engine, ModuleType, str]:
    """Return the engine for the server at *text*, this module and the database's name."""
    try:
        url = sa.make_url(text).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError) as error:
        raise DeskUnavailable(
            "The database address cannot be read: postgresql://user@host/name."
        ) from error
    engine = sa.create_engine(
        url,
        connect_args=_CONNECTING,
        pool_pre_ping=True,
        pool_size=2,
        hide_parameters=True,
    )
    sa.event.listen(engine, "checkout", _as_the_server_has_it)
    sa.event.listen(engine, "begin", _begin)
    host = url.host or str(url.query.get("host", "localhost"))
    return engine, _this(), f"{url.database or 'postgres'} on {Path(host).name or host}"


def _this() -> ModuleType:
    import models.database.postgresql

    return models.database.postgresql


def _as_the_server_has_it(connection: "psycopg.Connection[Any]", *_: object) -> None:
    # After a read SQLAlchemy would allow writes, also on a server that was told to accept none.
    connection.read_only = None


def _begin(connection: sa.Connection) -> None:
    # Writes find their rows by number. A filter has to be planned for what it asks for: the plan for
    # any status is not that for a rare one.
    write = connection.get_execution_options().get("write")
    _raw(connection).prepare_threshold = _PREPARED_AFTER if write else None


def first_time(engine: sa.Engine) -> None:
    """Nothing: a server has its settings already."""


def one_intake_at_a_time(connection: sa.Connection) -> None:
    """Wait for the intake that runs, if one does."""
    connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('senddesk.intake'))")


def reserve_ids(connection: sa.Connection, count: int) -> range:
    """Return one unbroken range of the sequence, which only the running intake advances."""
    sequence = "pg_get_serial_sequence('send', 'id')"
    first = connection.exec_driver_sql(f"SELECT nextval({sequence})").scalar_one()
    connection.exec_driver_sql(f"SELECT setval({sequence}, %s)", (first + count - 1,))
    return range(first, first + count)


def insert(connection: sa.Connection, new: Inserted) -> None:
    """Send all rows as one stream, which the server takes several times faster than statements."""
    import psycopg

    quote = connection.dialect.identifier_preparer.quote
    statement = f"COPY {quote(new.table.name)} ({', '.join(map(quote, new.names))}) FROM STDIN"
    try:
        with _raw(connection).cursor() as cursor, cursor.copy(statement.encode()) as stream:
            for values in new.values:
                stream.write_row(values)
    except psycopg.Error as error:
        raise OperationalError(statement, None, error) from error


def index_text(connection: sa.Connection, first: int, last: int) -> None:
    """Nothing: the server keeps its own indexes."""


def reindex_text(connection: sa.Connection, send_ids: list[int], write: Callable[[], None]) -> None:
    """Only write: the server keeps its own indexes."""
    write()


def watch(engine: sa.Engine) -> Watch:
    """Return what hears of commits."""
    from models.database.listening import Listener

    return Listener(engine)


def stopper(connection: sa.Connection) -> Callable[[], None]:
    """Return what makes the server give up the query that runs on *connection*."""
    import psycopg

    raw = _raw(connection)

    def stop() -> None:
        # A server that cannot be asked has given the query up, or soon has.
        with suppress(psycopg.Error):
            raw.cancel_safe(timeout=_STOP_WITHIN)

    return stop


def _raw(connection: sa.Connection) -> "psycopg.Connection[Any]":
    import psycopg

    raw = connection.connection.driver_connection
    assert isinstance(raw, psycopg.Connection)
    return raw


def plan(connection: sa.Connection, statement: sa.Select[Any]) -> list[str]:
    """Return the query plan, line by line."""
    return [row[0] for row in connection.execute(Explained("EXPLAIN", statement))]


def one_upgrade_at_a_time(connection: sa.Connection) -> None:
    """Wait for the upgrade and the intake that run, if any do, and let this one take its time."""
    connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('senddesk.upgrade'))")
    # What an intake adds in between would not be in what the migrations make of the history.
    one_intake_at_a_time(connection)


def after_upgrade(engine: sa.Engine) -> None:
    """Make what some servers offer and others do not, and let the server look at what it holds now."""
    pg_trgm.make_index(engine, one_upgrade_at_a_time)
    with engine.begin() as connection:
        one_upgrade_at_a_time(connection)
        connection.exec_driver_sql("ANALYZE")


def warning(engine: sa.Engine, name: str) -> str:
    """Return what agents should know about this server, or an empty string."""
    return pg_trgm.warning(engine, name)


def backup(engine: sa.Engine, target: Path) -> None:
    """Refuse: a server is saved with its own tools."""
    raise DeskUnavailable("A server is saved with its own tool: `pg_dump -Fc`.")


def keep_before_upgrade(engine: sa.Engine) -> None:
    """Nothing: whoever looks after a server saves it with its own tools."""


def check(engine: sa.Engine) -> list[str]:
    """Return what the server's catalogue finds wrong with the guards of the history."""
    with engine.connect() as connection:
        guards = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid"
            " WHERE tgrelid = 'event'::regclass AND tgname LIKE 'event_is_never_%%'"
            " AND tgenabled = 'A' AND prosrc = %s",
            (_REFUSAL,),
        ).scalar_one()
    return [] if guards == 2 else ["the triggers that guard the history are missing or changed"]

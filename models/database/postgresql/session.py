"""How a session of a PostgreSQL begins: what libpq is given, and which settings are fixed."""

import os
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

import psycopg
from psycopg import pq
from psycopg.conninfo import conninfo_to_dict

from models.database.postgresql import role
from models.errors import BadAddress
from models.store.location import server_address

CONNECT_ARGUMENTS: dict[str, Any] = {
    "connect_timeout": 5,
    "application_name": "senddesk",
    # A server that is gone without a word is noticed within half a minute.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20000,
}
"""What the driver is given where neither the address nor the environment says it; times in seconds,
`tcp_user_timeout` in milliseconds."""
_ENCODING = {"client_encoding": "UTF8"}
"""What the driver is always given: it reads and writes texts in this encoding from the first one on."""
_OF_SERVERS_ALONE = ("PGDATESTYLE", "PGTZ", "PGGEQO")
"""Variables that libpq turns into settings of the session by itself; a wrong one would refuse it."""

SETTINGS = {
    "client_encoding": "UTF8",
    "DateStyle": "ISO, MDY",
    "IntervalStyle": "postgres",
    "TimeZone": "UTC",
    "standard_conforming_strings": "on",
    "bytea_output": "hex",
    "extra_float_digits": "1",
    "array_nulls": "on",
    "transform_null_equals": "off",
    "row_security": "on",
    "session_replication_role": "origin",
    "default_transaction_isolation": "read committed",
    "default_transaction_deferrable": "off",
    # A search that ends early would leave sends out.
    "gin_fuzzy_search_limit": "0",
    "lock_timeout": "3s",
    "statement_timeout": "15s",
    "idle_in_transaction_session_timeout": "60s",
}
"""What every session has, whatever server, database, role, address and environment have set.

`default_transaction_read_only` is not among them: who sets it wants a desk that writes nothing.
"""
_ONLY_FOR_SUPERUSERS = ("session_replication_role",)
_SINCE = {"idle_session_timeout": 140000, "transaction_timeout": 170000}
"""Settings that must be off where there are such, by the first version of the server that has them: a desk
waits for its agent, and an import may take as long as it needs."""

# The tables are looked for along the path of the session and then in `public`: the path of a role may
# begin with a schema of its own name, or be empty.
# What a desk calls saved is on the disk of the server and, where it has a standby that confirms commits, on
# that one, whoever has set that it need not be.
_FIND_SCHEMA = """SELECT set_config('synchronous_commit',
    CASE WHEN current_setting('synchronous_commit') IN ('off', 'local') THEN 'on'
      ELSE current_setting('synchronous_commit') END, false),
  set_config('search_path', concat_ws(', ',
    (SELECT quote_ident(place) FROM unnest(places) WITH ORDINALITY AS each (place, rank)
      WHERE 2 = (SELECT count(*) FROM pg_class JOIN pg_namespace AS n ON n.oid = relnamespace
        WHERE nspname = place AND relname IN ('send', 'alembic_version'))
      ORDER BY rank LIMIT 1),
    CASE WHEN coalesce(current_schema(), 'pg_catalog') = 'pg_catalog' THEN 'public'
      ELSE current_setting('search_path') END), false)
  FROM (SELECT current_schemas(false) || 'public'::name AS places) AS path"""
_FIND_ROLE = f"SELECT {role.QUESTION}"


def arguments_of(address: str, program: str = "senddesk") -> dict[str, Any]:
    """Return what the driver connects with for an address; nothing is connected yet.

    Args:
        address: A `postgresql://` address; where it says nothing, libpq hears its own variables,
            service and password files.
        program: How the desk is called at the server, unless the address or the environment says it.

    Raises:
        BadAddress: If it cannot be read, or has an option that is none. The message repeats no value.
    """
    _refuse_unknown_options(address)
    try:
        told = conninfo_to_dict(server_address(address))
    except psycopg.Error:
        # The message of libpq repeats what it could not read, which may be a part of a password.
        raise BadAddress(
            "The address of the database cannot be read: write postgresql://USER@HOST/NAME."
        ) from None
    timeout = str(told.get("connect_timeout", "0"))
    if not timeout.lstrip("-").isdigit():
        raise BadAddress("The option connect_timeout of the address is a number of seconds.")
    for name in _OF_SERVERS_ALONE:
        os.environ.pop(name, None)
    heard = {name for name in CONNECT_ARGUMENTS if _variable(name) in os.environ}
    usual = {**CONNECT_ARGUMENTS, "application_name": program}
    own = {name: value for name, value in usual.items() if name not in heard}
    return {**own, **told, **_ENCODING}


def name_of(arguments: Mapping[str, Any]) -> str:
    """Return what agents call the database that *arguments* lead to: `sends on db.example`."""
    if service := arguments.get("service") or os.environ.get("PGSERVICE"):
        return str(arguments.get("dbname") or service)
    unsaid = {each.keyword.decode(): each.val for each in pq.Conninfo.get_defaults()}
    found = {
        name: str(arguments.get(name) or (unsaid.get(name) or b"").decode(errors="replace"))
        for name in ("dbname", "user", "host", "hostaddr")
    }
    hosts = (found["host"] or found["hostaddr"] or "localhost").split(",")
    names = dict.fromkeys(host.rstrip("/").rpartition("/")[2] or host for host in hosts)
    shown = " or ".join(names)
    return f"{found['dbname'] or found['user'] or 'postgres'} on {shown}"


def open_session(arguments: Mapping[str, Any], known: role.KnownRole) -> "psycopg.Connection[Any]":
    """Connect, fix the settings, and note in *known* what the server is.

    They are not sent with the connection: a pool such as PgBouncer refuses or forgets them. Setting them
    takes two questions more: 3 ms beside the 8 ms in which a session on the same machine began.

    Raises:
        psycopg.Error: If the server cannot be reached or refuses.
    """
    connection = psycopg.connect(autocommit=True, **arguments)
    try:
        connection.execute(_fixing(connection).encode())
        found = connection.execute(f"{_FIND_SCHEMA}; {_FIND_ROLE}".encode())
        found.nextset()
        known.role = role.role_of(found.fetchone())
        connection.autocommit = False
    except BaseException:
        connection.close()
        raise
    return connection


def _fixing(connection: "psycopg.Connection[Any]") -> str:
    """Return the statements that fix the settings, sent as one."""
    superuser = connection.info.parameter_status("is_superuser") == "on"
    version = connection.info.server_version
    fixed = {
        name: value
        for name, value in SETTINGS.items()
        if superuser or name not in _ONLY_FOR_SUPERUSERS
    }
    fixed |= {name: "0" for name, since in _SINCE.items() if version >= since}
    return "; ".join(f"SET {name} = '{value}'" for name, value in fixed.items())


def _variable(option: str) -> str:
    """Return the variable in which libpq looks for an option; a name nobody sets if there is none."""
    names = {each.keyword.decode(): each.envvar for each in pq.Conninfo.get_defaults()}
    return (names.get(option) or b"-").decode()


def _refuse_unknown_options(address: str) -> None:
    """Refuse an option that libpq does not know; its value is not repeated.

    Raises:
        BadAddress: If there is one.
    """
    known = [each.keyword.decode() for each in pq.Conninfo.get_defaults()]
    _, _, behind = address.partition("://")[2].rpartition("@")[2].partition("?")
    for pair in behind.split("&") if behind else ():
        name, equals, _ = pair.partition("=")
        # libpq takes the `ssl=true` of other drivers for `sslmode=require`.
        if equals and name in (*known, "ssl"):
            continue
        if name == "schema":
            hint = "write options=-c%20search_path%3DNAME"
        elif near := get_close_matches(name, known, 1):
            hint = f"did you mean {near[0]}?"
        else:
            hint = "it takes the options of libpq, such as sslmode=require"
        shown = f"no option “{name}”" if equals and name.isidentifier() else "no such option"
        raise BadAddress(f"An address has {shown}: {hint}" + ("" if hint[-1] == "?" else "."))

"""Which sessions of a server hold the locks that others wait for, and who works in them."""

from collections.abc import Sequence
from urllib.parse import quote, unquote

import sqlalchemy as sa

from models.values.text import display_text

_OURS = "senddesk"
_LONGEST = 63
"""The most characters that a server keeps of the name of a program."""
_HOLDERS = sa.text(
    "SELECT DISTINCT application_name, usename FROM unnest(CAST(:sessions AS int[])) AS mine (pid),"
    " unnest(pg_blocking_pids(mine.pid)) AS holder (pid) JOIN pg_stat_activity USING (pid)"
)
_UNCONFIRMED = sa.text(
    "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = ANY(CAST(:sessions AS int[]))"
    " AND wait_event = 'SyncRep')"
)
"""Whether a commit of *sessions* waits for a standby to have it too."""
_STANDBY = "the standby of the server"


def program_name(agent: str) -> str:
    """Return the name that a desk of *agent* gives itself at the server: `senddesk jo`, in ASCII."""
    name = f"{_OURS} {quote(agent, safe=' .@+')}".rstrip()
    while len(name) > _LONGEST:
        agent = agent[:-1]
        name = f"{_OURS} {quote(agent, safe=' .@+')}"
    return name


def holders_of(connection: sa.Connection, sessions: Sequence[int]) -> str:
    """Return who holds what *sessions* wait for: `jo`, `jo and psql (user admin)`; nothing if nobody does.

    Args:
        connection: Of a transaction of its own.
        sessions: The processes of the server that serve those who wait.
    """
    asked = {"sessions": list(sessions)}
    who = {
        _who(str(row[0] or ""), str(row[1] or "")) for row in connection.execute(_HOLDERS, asked)
    }
    if connection.execute(_UNCONFIRMED, asked).scalar():
        who.add(_STANDBY)
    return " and ".join(sorted(who))


def _who(program: str, user: str) -> str:
    ours, _, agent = program.partition(" ")
    if ours == _OURS and agent:
        return display_text(unquote(agent), 40)
    return f"{display_text(program, 40) or 'another program'} (user {display_text(user, 40)})"

"""Errors of a database as sentences for the agent."""

import sqlite3

from sqlalchemy.exc import DataError, DBAPIError

from models.errors import TRIES_AGAIN

DAMAGED = "{name} is damaged: `senddesk db restore FILE` puts a backup in its place."
_FILE_ERRORS = {
    "SQLITE_FULL": "The disk is full: {name} was not changed. Free some space and try again.",
    # SQLite first makes a small file beside the database, for the memory that its readers share.
    "SQLITE_IOERR_SHMSIZE": "The disk is full: {name} cannot be opened. Free some space and try again.",
    "SQLITE_IOERR": "{name} could not be read or written: the disk reports an error.",
    "SQLITE_READONLY": "{name} cannot be written: check the permissions of the file and its folder.",
    "SQLITE_CANTOPEN": "{name} cannot be opened: check the path and its permissions.",
    "SQLITE_CORRUPT": DAMAGED,
    "SQLITE_NOTADB": "{name} is not a Send Desk database.",
    "SQLITE_BUSY": "{name} is held by another program: nothing was written, try again.",
    "SQLITE_LOCKED": "{name} is held by another program: nothing was written, try again.",
    "SQLITE_INTERRUPT": "The query was cancelled.",
    "SQLITE_CONSTRAINT_TRIGGER": "{name} does not take a value that no desk could read: nothing was written.",
    "SQLITE_PERM": "{name} cannot be opened: permission denied.",
}
"""Sentences by the beginning of SQLite's name for the error; the first that fits counts."""
_SERVER_ERRORS = {
    "08": "{name} cannot be reached: nothing was written. The desk tries again by itself.",
    "57P": "{name} closed the connection: nothing was written. The desk tries again by itself.",
    "53": "{name} has no room left: nothing was written.",
    "25006": "{name} accepts no writes: it is a read-only copy or in recovery.",
    # What a replica answers if a row is to be locked.
    "0A000": "{name} accepts no writes: it is a read-only copy or in recovery.",
    "42501": "{name} does not allow this user to do that: ask for the agent role.",
    "55P03": "{name} is busy with another change to the same send: nothing was written, try again.",
    "40": "{name} is busy with another change to the same send: nothing was written, try again.",
    "57014": "{name} took too long and the query was cancelled.",
    "57P03": "{name} accepts no connections yet: nothing was written. The desk tries again by itself.",
    "22P05": "{name} cannot hold some of the characters: nothing was written. Its encoding must be UTF8.",
    "22021": "{name} cannot hold some of the characters: nothing was written.",
    "3F000": "{name} has no schema for the tables: nothing was written.",
    "22008": "{name} does not take a value that no desk could read: nothing was written.",
    "23514": "{name} does not take a value that no desk could read: nothing was written.",
    "42P01": "{name} holds no desk yet: run `senddesk db upgrade`.",
}
"""Sentences by the beginning of the SQLSTATE; the longest that fits counts."""
_UNREACHED = {
    "failed to resolve host": "The name of the server is not known here: check the address",
    "could not translate host name": "The name of the server is not known here: check the address",
    "connection refused": "The connection was refused: no server listens there",
    "no such file or directory": "No server listens in that folder",
    "timeout": "No answer came in time",
    "timed out": "No answer came in time",
    "no route to host": "The network does not reach it: check your connection or VPN",
    "closed the connection": "The server closed the connection",
    "connection reset": "The server closed the connection",
    "eof detected": "The server closed the connection",
    "unexpected eof": "The server closed the connection",
    "could not receive data": "The connection broke",
    "could not send": "The connection broke",
    "network is unreachable": "The network does not reach it: check your connection or VPN",
}
"""Words of the driver for a server that does not answer, and what they mean."""
_UNKNOWN_NAMES = ("failed to resolve host", "could not translate host name")
_TEMPORARY = "temporary failure in name resolution"
_REFUSED = {
    "root certificate": "trusts no certificate of this server: name yours with sslrootcert=, or write sslmode=require.",
    "certificate verify failed": "shows a certificate that is not trusted here: check sslrootcert in the address.",
    "does not match host name": "shows a certificate for another name: check the host in the address.",
    "certificate": "does not take or show a certificate that fits: check the ssl options of the address.",
    "private key": "needs a key that cannot be read: check sslkey in the address.",
    "does not support ssl": "offers no TLS, which sslmode in the address or PGSSLMODE asks for: turn TLS on at the server, or write sslmode=prefer.",
    "ssl required": "lets nobody in without TLS: write sslmode=require.",
    "ssl connection is required": "lets nobody in without TLS: write sslmode=require.",
    "ssl error": "cannot agree on TLS with this machine: check the ssl options of the address.",
    "no encryption": "lets nobody in from here without TLS (pg_hba.conf): write sslmode=require, or ask its administrator.",
    "pg_hba.conf": "does not let this user in from here: its administrator can allow it in pg_hba.conf.",
    "bad value for connect_timeout": "is not asked: PGCONNECT_TIMEOUT is not a number of seconds.",
    "definition of service": "is named by a service that no file defines: check service= and PGSERVICEFILE.",
    "service file": "is named by a service, and the file that defines it cannot be read: check service= and PGSERVICEFILE.",
    "authentication method requirement": "asks for another way to prove who you are than require_auth allows.",
    "password": "refuses this user or password: check the address and your password file.",
    "authentication failed": "refuses this user or password: check the address and your password file.",
    "permission denied for database": "does not let this user in: its administrator can grant CONNECT.",
    "is not permitted to log in": "does not let this user in: its administrator can grant LOGIN.",
    "not currently accepting": "lets nobody in: its administrator has closed this database.",
    'database "': "does not let you in: the server has no such database; check the name at the end of the address.",
    'role "': "does not let you in: the server has no such user; check the name before the @.",
    "bouncer config error": "does not let you in: the pooler knows no such database.",
    "no such database": "does not let you in: the pooler has no such database.",
    "no such user": "does not let you in: the pooler has no such user.",
    "unsupported startup parameter": "does not take an option of the address: leave out options= and PGOPTIONS, or let PgBouncer ignore them.",
    "configuration parameter": "does not know a setting that options= in the address or PGOPTIONS gives: check both.",
    "command-line argument": "does not understand options= in the address or PGOPTIONS: check both.",
    "invalid value for parameter": "does not take the value of a setting that options= in the address or PGOPTIONS gives: check both.",
    "permission denied to set": "does not let this user change a setting that options= in the address or PGOPTIONS gives.",
    "permission denied": "cannot be reached by this user: the socket of the server does not allow it.",
    "invalid connection option": "is not asked: the address has an option that libpq does not know.",
    ' value: "': "is not asked: an option of the address has a value that it cannot have.",
    "for connection option": "is not asked: an option of the address has a value that it cannot have.",
    "invalid port": "is not asked: the port in the address is not a valid number.",
    "response to ssl negotiation": "is not PostgreSQL: check host and port.",
    "expected authentication request": "is not PostgreSQL: check host and port.",
    "message type": "is not PostgreSQL: check host and port.",
    "unsupported frontend protocol": "speaks another version of the protocol: update the server or the pooler.",
}
"""Words of a server that refuses a connection, or of libpq before it asks: the first that is found counts.

The driver gives no code then. Trying again does not help."""
_LATER = {
    "too many": "has no connection left for you: try again later. The desk tries again by itself.",
    "connection slots": "has no connection left for you: try again later. The desk tries again by itself.",
    "session is read-only": "has no server that accepts writes, which target_session_attrs asks for. The desk tries again by itself.",
    "session is not read-only": "has no server that is read-only, which target_session_attrs asks for. The desk tries again by itself.",
    "in hot standby": "has no server of the kind that target_session_attrs asks for. The desk tries again by itself.",
    "starting up": "is starting. The desk tries again by itself.",
    "not yet accepting": "is starting. The desk tries again by itself.",
    "shutting down": "is shutting down. The desk tries again by itself.",
    "in recovery mode": "is recovering from a crash. The desk tries again by itself.",
}
"""Words of a server that refuses a connection for now."""
_CONNECTING = (
    "connection failed",
    "connection to server",
    "connection is bad",
    "failed to resolve",
    "bad value",
)
_NOTHING = "nothing was written"
_UNKNOWN = "whether it was written shows when it answers again"
_LONGEST_WORDS = 200
"""How many characters of libpq's own reason a sentence repeats."""


def passes(sentence: str) -> bool:
    """Whether what *sentence* tells of can pass by itself."""
    return sentence.endswith(TRIES_AGAIN)


def of_commit(sentence: str) -> str:
    """Return *sentence* as it is true of a commit whose answer was lost."""
    if not passes(sentence):
        return sentence
    return sentence.replace(_NOTHING, _UNKNOWN)


def of_server(error: DBAPIError, name: str) -> str:
    """Return the sentence for an *error* of the server *name*.

    Only a failure that passes by itself is said to be tried again.
    """
    code = str(getattr(error.orig, "sqlstate", None) or "")
    for prefix in sorted(_SERVER_ERRORS, key=len, reverse=True):
        if code.startswith(prefix):
            return _SERVER_ERRORS[prefix].format(name=name)
    if isinstance(error, DataError) and not code:
        return f"{name} holds a value that cannot be read, or was given one: nothing was written."
    if code and not error.connection_invalidated:
        return f"{name} refused the change ({code}): nothing was written."
    return _of_connecting(str(error.orig), name)


def _of_connecting(message: str, name: str) -> str:
    """Return the sentence for the driver's *message* on a connection that failed or broke."""
    words = message.lower()
    is_connecting = words.startswith(_CONNECTING)
    for known, sentence in (*_LATER.items(), *(_REFUSED.items() if is_connecting else ())):
        # A server that was asked with TLS and without says both.
        if known in words and not (known == "no encryption" and "ssl encryption" in words):
            return f"{name} {sentence}"
    for known, reason in _UNREACHED.items():
        if known in words:
            if known in _UNKNOWN_NAMES and _TEMPORARY not in words:
                return f"{name} cannot be reached: nothing was written. {reason}."
            return f"{name} cannot be reached: nothing was written. {reason}. The desk tries again by itself."
    if is_connecting:
        # In the language of the server; its last words are the reason.
        reason = message.strip().splitlines()[0].rpartition(": ")[2].strip()
        return f"{name} refuses the connection: {reason[:_LONGEST_WORDS].rstrip('.')}."
    return _SERVER_ERRORS["08"].format(name=name)


def is_damage(error: DBAPIError) -> bool:
    """Whether *error* means that what is in a file is no sound database."""
    code = str(getattr(error.orig, "sqlite_errorname", ""))
    return code.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB"))


def of_file(error: DBAPIError, name: str) -> str:
    """Return the sentence for an *error* of the file *name*."""
    code = str(getattr(error.orig, "sqlite_errorname", ""))
    for prefix, text in _FILE_ERRORS.items():
        if code.startswith(prefix):
            return text.format(name=name)
    if isinstance(error.orig, sqlite3.OperationalError) and "no such table" in str(error.orig):
        return f"{name} is not a Send Desk database."
    return f"{name} refused the change ({code or type(error.orig).__name__}): nothing was written."

"""Errors of a database as sentences for the agent."""

import sqlite3

from sqlalchemy.exc import DBAPIError

_FILE_ERRORS = {
    "SQLITE_FULL": "The disk is full: {name} was not changed. Free some space and try again.",
    # SQLite first makes a small file beside the database, for the memory that its readers share.
    "SQLITE_IOERR_SHMSIZE": "The disk is full: {name} cannot be opened. Free some space and try again.",
    "SQLITE_IOERR": "{name} could not be read or written: the disk reports an error.",
    "SQLITE_READONLY": "{name} cannot be written: check the permissions of the file and its folder.",
    "SQLITE_CANTOPEN": "{name} cannot be opened: check the path and its permissions.",
    "SQLITE_CORRUPT": "{name} is damaged. Restore a backup, or save what is left with `sqlite3 {name} .recover`.",
    "SQLITE_NOTADB": "{name} is not a Send Desk database.",
    "SQLITE_BUSY": "{name} is held by another program: nothing was written, try again.",
    "SQLITE_LOCKED": "{name} is held by another program: nothing was written, try again.",
    "SQLITE_INTERRUPT": "The query was cancelled.",
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
    "42P01": "{name} holds no desk yet: run `senddesk db upgrade`.",
}
"""Sentences by the beginning of the SQLSTATE; the longest that fits counts."""
CONNECT_ERRORS = {
    "password": "{name} refuses this user or password: check the address and your password file.",
    "does not exist": "{name} does not let you in: the server has no such database or user.",
    "too many": "{name} has no connection left for you: try again later.",
}
"""Words in the message of a server that refuses a connection; the driver gives no code then."""


def of_server(error: DBAPIError, name: str) -> str:
    """Return the sentence for an *error* of the server *name*."""
    code = str(getattr(error.orig, "sqlstate", None) or "")
    for prefix in sorted(_SERVER_ERRORS, key=len, reverse=True):
        if code.startswith(prefix):
            return _SERVER_ERRORS[prefix].format(name=name)
    message = str(error.orig)
    for words, text in CONNECT_ERRORS.items():
        if not code and words in message:
            return text.format(name=name)
    if not code or error.connection_invalidated:
        return _SERVER_ERRORS["08"].format(name=name)
    return f"{name} refused the change ({code}): nothing was written."


def of_file(error: DBAPIError, name: str) -> str:
    """Return the sentence for an *error* of the file *name*."""
    code = str(getattr(error.orig, "sqlite_errorname", ""))
    for prefix, text in _FILE_ERRORS.items():
        if code.startswith(prefix):
            return text.format(name=name)
    if isinstance(error.orig, sqlite3.OperationalError) and "no such table" in str(error.orig):
        return f"{name} is not a Send Desk database."
    return f"{name} refused the change ({code or type(error.orig).__name__}): nothing was written."

"""What a server refuses, in sentences for the agent."""

from sqlalchemy.exc import DBAPIError

_SENTENCES = {
    "08": "{name} cannot be reached: nothing was written. The desk tries again by itself.",
    "57P": "{name} closed the connection: nothing was written. The desk tries again by itself.",
    "53": "{name} has no room left: nothing was written.",
    "25006": "{name} accepts no writes: it is a read-only copy or in recovery.",
    # What a replica says to whoever locks a row.
    "0A000": "{name} accepts no writes: it is a read-only copy or in recovery.",
    "42501": "{name} does not allow this user to do that: ask for the agent role.",
    "55P03": "{name} is busy with another change to the same send: nothing was written, try again.",
    "40": "{name} is busy with another change to the same send: nothing was written, try again.",
    "57014": "{name} took too long and the query was cancelled.",
    "42P01": "{name} holds no desk yet: run `senddesk db upgrade`.",
}
_DOOR = {
    "password": "{name} refuses this user or password: check the address and your password file.",
    "does not exist": "{name} does not let you in: the server has no such database or user.",
    "too many": "{name} has no connection left for you: try again later.",
}
"""What a server says that refuses a connection; the driver knows no code for it."""


def sentence(error: DBAPIError, name: str) -> str:
    """Return what went wrong in a sentence for the agent."""
    code = str(getattr(error.orig, "sqlstate", None) or "")
    for prefix in sorted(_SENTENCES, key=len, reverse=True):
        if code.startswith(prefix):
            return _SENTENCES[prefix].format(name=name)
    told = str(error.orig)
    for words, text in _DOOR.items():
        if not code and words in told:
            return text.format(name=name)
    if not code or error.connection_invalidated:
        return _SENTENCES["08"].format(name=name)
    return f"{name} refused the change ({code}): nothing was written."

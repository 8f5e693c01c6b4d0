"""The filter of the log as agents type it: `by:ana verb:set since:7d until:fri send:S-104233`."""

import re
from collections.abc import Mapping
from typing import Any

from models.errors import BadQuery
from models.reading.activity import LogFilter
from models.reading.reader import Reader
from models.rules.log_verbs import LOG_VERBS
from models.values.past_time import PastSpan, parse_past_time
from models.values.text import display_text, storable

KEYS = ("by", "verb", "since", "until", "send")
"""What can stand before a colon, each once."""
EXAMPLE = "by:@me verb:set since:7d until:fri send:S-104233"
_WORD = re.compile(r'(?P<key>[A-Za-z]+):(?P<value>"[^"]*"?|\S*)|\S+')
_SHOWN = 40
_NAME_KEPT = 200


def parse_log_filter(reader: Reader, text: str) -> LogFilter:
    """Read a filter; a value with blanks stands in quotes, `since:"Tue 17:00"`.

    Raises:
        BadQuery: If it cannot be read.
        UnknownSend: If it names a send that is not there.
        DeskUnavailable: If the database cannot be read.
    """
    values: dict[str, str] = {}
    for found in _WORD.finditer(text):
        key, value = (found["key"] or "").lower(), found["value"] or ""
        if key not in KEYS:
            raise BadQuery(
                f"“{display_text(found[0], _SHOWN)}” is not a part of a filter of the log.",
                found.start(),
                f"Such as {EXAMPLE}.",
            )
        if key in values:
            raise BadQuery(f"“{key}:” stands there twice.", found.start())
        if value.startswith('"') and not (len(value) > 1 and value.endswith('"')):
            raise BadQuery("A quote is not closed.", found.start("value"), cut_short=True)
        values[key] = value.strip('"').strip()
        if not values[key]:
            raise BadQuery(f"A value is missing after “{key}:”.", found.end(), cut_short=True)
    return log_filter(reader, values)


def log_filter(reader: Reader, values: Mapping[str, str]) -> LogFilter:
    """Return the filter that *values*, by `KEYS`, make; empty ones do not matter.

    Raises:
        BadQuery: If a value cannot be read.
        UnknownSend: If it names a send that is not there.
        DeskUnavailable: If the database cannot be read.
    """
    found: dict[str, Any] = {}
    if by := values.get("by"):
        found["agent"] = storable(reader.agent if by in ("@me", "me") else by, _NAME_KEPT)
    if verb := values.get("verb"):
        if verb.lower() not in LOG_VERBS:
            raise BadQuery(
                f"“{display_text(verb, _SHOWN)}” is not a verb.",
                hint=f"There are: {', '.join(LOG_VERBS)}.",
            )
        found["verb"] = verb.lower()
    if since := values.get("since"):
        found["since"] = _time(reader, "since", since).start
    if until := values.get("until"):
        found["until"] = _time(reader, "until", until).end
    if send := values.get("send"):
        found["send_id"] = reader.find(send).id
    return LogFilter(**found)


def _time(reader: Reader, key: str, text: str) -> PastSpan:
    try:
        return parse_past_time(text, reader.local_time(), reader.calendar())
    except ValueError as error:
        raise BadQuery(
            f"“{display_text(text, _SHOWN)}” cannot be used after “{key}”: {error}."
        ) from error

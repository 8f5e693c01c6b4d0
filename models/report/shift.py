"""An agent's own day, as a text ready to paste."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Final

import sqlalchemy as sa

from models.reading.reader import Reader
from models.records import EventKind
from models.report.answers import Answered, answered
from models.report.document import words
from models.report.sources import (
    DEED_COLUMNS,
    STUCK_COLUMNS,
    Deed,
    PastBreach,
    deeds,
    stuck_sends,
)
from models.report.work import work
from models.rules.stays import nearest_rank
from models.store import mapping
from models.store.tables import Event, LimitBreach, Send
from models.values.text import display_text, storable

_NAME_KEPT: Final = 200
_NAME_SHOWN: Final = 60
_AT_ONCE: Final = 500
"""How many sends one statement looks up."""
_LEVELS: Final = "▁▂▃▄▅▆▇█"
_LEVELS_ASCII: Final = ".:-=+*%#"
_NONE: Final = "·"
_NONE_ASCII: Final = "_"


def shift_text(reader: Reader, *, ascii: bool = False, in_words: bool = False) -> str:
    """Return what the agent of *reader* has done today, in a few lines.

    Args:
        reader: The desk.
        ascii: Whether the hours are drawn in ASCII.
        in_words: Whether the hours are said, for a reader who hears it, and not drawn.

    Raises:
        DeskUnavailable: If the database cannot be read.
    """
    agent = storable(reader.agent.strip(), _NAME_KEPT)
    local = reader.local_time()
    midnight = datetime.combine(local.at(local.now).date(), time(), local.zone).astimezone(UTC)
    mine = deeds(reader, midnight, local.now, agent)
    lines = [f"{display_text(agent, _NAME_SHOWN)}, {local.zoned_words(local.now)}"]
    if not mine:
        return "\n".join([*lines, "Nothing done yet today.", _left(reader)])
    done, _ = work(mine, midnight)
    verbs = ", ".join(f"{verb} {done.deeds[agent][verb]}" for verb in done.verbs)
    sends, actions = _number(done.all_sends, "send"), _number(done.total, "action")
    lines += [f"{sends} handled with {actions}: {verbs}", *_responses(reader, mine, agent)]
    return "\n".join([*lines, _hours(mine, reader, ascii, in_words), _left(reader)])


def sparkline(numbers: Sequence[int], *, ascii: bool = False) -> str:
    """Return *numbers* as signs that are higher for more; none is a sign of its own."""
    levels, none = (_LEVELS_ASCII, _NONE_ASCII) if ascii else (_LEVELS, _NONE)
    most = max(numbers, default=0)
    return "".join(
        levels[(number * len(levels) - 1) // most] if number else none for number in numbers
    )


def _hours(mine: Sequence[Deed], reader: Reader, ascii: bool, in_words: bool) -> str:
    local = reader.local_time()
    counts = Counter(local.at(deed.at).hour for deed in mine)
    busiest = max(counts, key=lambda hour: (counts[hour], -hour))
    most = f"most at {busiest:02}:00 ({counts[busiest]})"
    if in_words:
        said = ", ".join(f"{counts[hour]} at {hour:02}:00" for hour in sorted(counts))
        return f"By hour: {said}, {most}"
    hours = range(min(counts), max(max(counts), local.at(local.now).hour) + 1)
    drawn = sparkline([counts[hour] for hour in hours], ascii=ascii)
    return f"By hour {hours[0]:02}:00 {drawn} {hours[-1]:02}:59, {most}"


def _responses(reader: Reader, mine: Sequence[Deed], agent: str) -> Iterator[str]:
    """Yield how fast the agent was where nobody had done anything before; nothing where that was nowhere."""
    since = mine[0].at
    found = [
        each
        for each in _answered(reader, sorted({deed.send_id for deed in mine}))
        if each.first_by == agent and each.first_at and each.first_at >= since
    ]
    taken = [each.first_at - each.due_at for each in found if each.first_at]
    median = nearest_rank(taken, 0.5)
    if median is not None:
        slowest = words(max(taken, default=timedelta()))
        number = _number(len(taken), "send")
        yield f"First response to {number} past the limit: median {words(median)}, at most {slowest}"


def _answered(reader: Reader, send_ids: Sequence[int]) -> Iterator[Answered]:
    """Yield what came of each breach of some sends."""
    send, breach = mapping.columns_of(Send), mapping.columns_of(LimitBreach)
    event = mapping.columns_of(Event)
    now = reader.now()
    for start in range(0, len(send_ids), _AT_ONCE):
        some = send_ids[start : start + _AT_ONCE]
        with reader.database.read() as connection:
            policy = mapping.policy_of(connection)
            wanted = sa.select(*(send[name] for name in STUCK_COLUMNS)).where(send["id"].in_(some))
            stuck = stuck_sends(connection.execute(wanted), policy, now)
            open_now = [each for each in stuck if each.reason == "limit"]
            wanted = sa.select(*(breach[name] for name in PastBreach._fields)).where(
                breach["send_id"].in_(some)
            )
            past = [PastBreach(*row) for row in connection.execute(wanted)]
            wanted = sa.select(*(event[name] for name in DEED_COLUMNS)).where(
                event["send_id"].in_(some), event["request_id"].is_not(None)
            )
            done = [
                Deed(*row) for row in connection.execute(wanted) if row.kind != EventKind.ANSWER
            ]
        yield from answered(open_now, past, sorted(done, key=lambda deed: deed.at))


def _left(reader: Reader) -> str:
    triage, mine = (
        reader.count(reader.listing(reader.parse(text))).value
        for text in ("is:triage", "is:triage owner:me")
    )
    return f"In triage now: {_number(triage, 'send')}, {mine:,} mine"


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"

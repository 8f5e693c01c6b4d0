"""What could stand at the cursor of a filter: keys, flags, values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from models.errors import BadQuery
from models.query.catalogue_words import statuses_called
from models.query.keys import (
    DAY_WORDS,
    FILTER_KEYS,
    FLAGS,
    PAST,
    SPAN_WORDS,
    FilterKey,
    KeyKind,
    key_called,
    values_for,
)
from models.query.printer import value
from models.query.time_windows import Moments
from models.query.tree import Match, Period, Word
from models.rules.views import VIEW_QUERIES
from models.values.calendar import WEEKDAYS, Calendar

_SUGGESTIONS_MAX = 50
"""How many suggestions are given at most."""
_TERM = re.compile(r'(?:"(?:[^"\\]|\\.)*"?|[^\s()"])+')
_PAIR = re.compile(
    r"(?P<key>[^\W\d]\w*)(?P<mark>:?[<>]=?|:)"
    r'(?P<before>(?:(?:"(?:[^"\\]|\\.)*"|[^,"])*,)*)(?P<part>.*)'
)
_SPANS: Mapping[KeyKind, Mapping[str, str]] = MappingProxyType(
    {
        KeyKind.AGE: {"1d": "a day", "7d": "a week", "3bd": "three business days"},
        KeyKind.DUE: {
            "2h": "within two hours",
            "1d": "within a day",
            "3bd": "within three business days",
            "-1d": "over for less than a day",
        },
        KeyKind.MOMENT: {"-2h": "two hours ago", "-1d": "a day ago", "-7d": "a week ago"},
    }
)
_DAYS: Mapping[str, str] = MappingProxyType(
    {word: "this moment" if word == "now" else "that day" for word in DAY_WORDS}
)
_PAST_HELP = "the limit is over"
_AHEAD = ("today", "tomorrow", "this-week", "next-week")
_BEHIND = ("today", "yesterday", "this-week", "last-week")
"""The words for days that are offered first, of times that lie ahead and of those that are past."""
_SPECIALS: Mapping[str, str] = MappingProxyType({"me": "myself", "none": "nobody, nothing"})
_PEOPLE: Mapping[str, str] = MappingProxyType({"@me": "me", "@none": "nobody"})
"""How `owner:` writes the values that mean no name."""
_NOTHING: Mapping[str, Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Text that may replace what stands between *start* and *end*, places counted from 0."""

    text: str
    start: int
    end: int
    help: str


def complete(
    text: str, cursor: int, known: Mapping[str, Mapping[str, str]] = _NOTHING
) -> tuple[Suggestion, ...]:
    """Return what may stand at the cursor, the best first; nothing inside a quoted phrase.

    At most 50 are returned: first those that begin with what was typed, then those that contain it,
    then those whose help contains it.

    Args:
        text: The filter as far as it was typed; it need not be readable.
        cursor: Where the cursor stands, counted from 0.
        known: By key, values with a few words on each: owners with their counts, views by name. They
            replace the values that this module knows for that key; `@me` and `@none` among them say
            a few words on these.
    """
    start, _ = _word_at(text, cursor)
    start += len(text[start:cursor]) - len(text[start:cursor].lstrip("-!"))
    typed = text[start:cursor]
    if typed.startswith('"'):
        return ()
    pair = _PAIR.match(typed)
    if pair is None:
        return _ranked(typed, _terms(), start, _past(r"\w*:?", text, cursor))
    key = key_called(pair["key"])
    if key is None:
        return ()
    choices = _choices(key, known, pair["part"])
    for taken in pair["before"].split(","):
        choices.pop(taken, None)
    start += pair.start("part")
    return _ranked(pair["part"], choices, start, _past(r'[^\s,()"]*"?', text, cursor))


def dated_words(now: datetime, calendar: Calendar) -> dict[str, Mapping[str, str]]:
    """Return, by key, the words for days, weeks and months with the days that they mean now.

    They are for the `known` of `complete`: those that look ahead for `due:`, past ones for others.

    Args:
        now: The present, in UTC.
        calendar: Has the time zone of days.
    """
    found = {}
    for kind, past, usual in (
        (KeyKind.DUE, {PAST: _PAST_HELP}, _AHEAD),
        (KeyKind.MOMENT, {}, _BEHIND),
    ):
        near = {word: _days_of(kind, word, now, calendar) for word in usual}
        far = {word: _days_of(kind, word, now, calendar) for word in (*WEEKDAYS, *SPAN_WORDS)}
        found[kind] = past | near | dict(_SPANS[kind]) | far
    return {key.name: found[key.kind] for key in FILTER_KEYS.values() if key.kind in found}


def may_go_on(text: str, cursor: int, known: Mapping[str, Mapping[str, str]] = _NOTHING) -> bool:
    """Return whether the word at the cursor is so far only the beginning of a key, flag or value.

    A word that is a flag or a value already means something, even if longer ones begin like it. A
    name that nobody can know in advance, such as an id, is taken for a beginning until it is ended.

    Args:
        text: The filter as far as it was typed.
        cursor: Where the cursor stands.
        known: As for `complete`.
    """
    start, end = _word_at(text, cursor)
    word = text[start:end].lstrip("-!").lower()
    if not word or word.startswith('"'):
        return False
    pair = _PAIR.match(word)
    if pair is None:
        return word not in FLAGS and any(
            each.startswith(word) or each.removeprefix("is:").startswith(word)
            for each in _terms()
            if each != word
        )
    key = FILTER_KEYS.get(pair["key"])
    part = pair["part"].strip('"')
    if key is None or key.kind is not KeyKind.NAME or not part:
        return False
    values = [each.lower().strip('"') for each in _choices(key, known, part)]
    if part in (*values, "@me", "@none", "none"):
        return False
    return key.name not in known or any(each.startswith(part) for each in values)


def is_at_cursor(error: BadQuery, text: str, cursor: int) -> bool:
    """Return whether *error* is about what is being typed: the word at the cursor, or the rest."""
    start, end = _word_at(text, cursor)
    return error.cut_short or (start < end and start <= error.position <= end)


def without_word(text: str, cursor: int) -> str:
    """Return *text* without the word at the cursor, the one that `complete` finishes."""
    start, end = _word_at(text, cursor)
    return text[:start] + text[end:]


def _word_at(text: str, cursor: int) -> tuple[int, int]:
    """Return where the word that the cursor stands in or behind begins and ends."""
    words = (m.span() for m in _TERM.finditer(text))
    return next((span for span in words if span[0] < cursor <= span[1]), (cursor, cursor))


def _terms() -> dict[str, str]:
    """Return everything that can begin a term."""
    keys = {f"{key.name}:": key.help for key in FILTER_KEYS.values()}
    flags = {f"is:{flag}": words for flag, words in FLAGS.items()}
    return keys | flags | {"@me": "owned by me", "@none": "owned by nobody"}


def _choices(key: FilterKey, known: Mapping[str, Mapping[str, str]], part: str) -> dict[str, str]:
    """Return the values of *key* as they are written, with a few words on each."""
    plain = dict(known.get(key.name) or _values(key))
    specials = {f"@{name}": plain.pop(f"@{name}", _SPECIALS[name]) for name in key.specials}
    if key.name == "owner" and not part.startswith("@"):
        specials = {_PEOPLE[special]: words for special, words in specials.items()}
    if key.kind is KeyKind.STATUS:
        named = [value(word) for word in statuses_called(part)]
        plain = {**plain, **{word: f"{plain[word]} · {part}" for word in named if word in plain}}
    if key.kind is KeyKind.SORT and part.startswith("-"):
        return {f"-{word}": f"{words}, turned round" for word, words in plain.items()}
    if values_for(key.name) or key.kind in _SPANS:
        return {**specials, **plain}
    return specials | {value(Word(word)): words for word, words in plain.items()}


def _values(key: FilterKey) -> Mapping[str, str]:
    if key.kind is KeyKind.VIEW:
        return VIEW_QUERIES
    if key.kind in _SPANS:
        past = {PAST: _PAST_HELP} if key.kind is KeyKind.DUE else {}
        return {**past, **_SPANS[key.kind], **({} if key.kind is KeyKind.AGE else _DAYS)}
    return values_for(key.name)


def _days_of(kind: KeyKind, word: str, now: datetime, calendar: Calendar) -> str:
    """Return the first and the last day of *word* as agents read them: `Fri 20 Nov`."""
    (interval,) = Moments(kind, now, calendar).intervals(Match("", (Period(word),)))
    assert interval.start is not None
    assert interval.end is not None
    first = interval.start.astimezone(calendar.date_zone)
    last = (interval.end - timedelta(minutes=1)).astimezone(calendar.date_zone)
    if first.date() == last.date():
        return f"{first:%a %d %b}"
    return f"{first:%a %d %b} to {last:%a %d %b}"


def _ranked(part: str, choices: Mapping[str, str], start: int, end: int) -> tuple[Suggestion, ...]:
    """Return suggestions from *choices* for the typed *part*, ranked as `complete` says."""
    wanted = part.lower().lstrip('"')
    ranks: dict[str, int] = {}
    for text, words in choices.items():
        bare = text.lower().lstrip('"')
        for rank, fits in enumerate(
            (
                bare.startswith(wanted) or bare.removeprefix("is:").startswith(wanted),
                wanted in bare,
                wanted in words.lower(),
            )
        ):
            if fits:
                ranks[text] = rank
                break
    best = sorted(ranks, key=ranks.__getitem__)[:_SUGGESTIONS_MAX]
    return tuple(Suggestion(text, start, end, choices[text]) for text in best)


def _past(pattern: str, text: str, cursor: int) -> int:
    """Return the place behind the word around the cursor, which matches *pattern*."""
    found = re.compile(pattern).match(text, cursor)
    return found.end() if found else cursor

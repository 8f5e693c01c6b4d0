"""The ways in which one and the same text is written, so that a search finds each of them. Pure."""

import re
import unicodedata
from typing import Final

_APOSTROPHES: Final = "'’‘ʼ`´"
_DASHES: Final = "-‐‑–—−"
_SPACES: Final = " \u00a0"
_ANY_APOSTROPHE: Final = re.compile(f"[{_APOSTROPHES}′＇]")
_ANY_DASH: Final = re.compile(f"[{_DASHES}‒―⁃﹣－]")
_ANY_SPACE: Final = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000\t]")
_BETWEEN: Final = re.compile(f"[{_DASHES} \t\u00a0\u2000-\u200b\u202f\u205f\u2060\u3000.·]")
_NUMBER: Final = re.compile("(?=(?:.*[0-9]){6})[0-9A-Za-z]{8,40}")
_UNSEEN: Final = re.compile("[\ufeff\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069]")
_ANY_QUOTE: Final = re.compile("[“”„‟«»＂]")
_MOST: Final = 24
"""Spellings of one text; more would make a search slow."""


def spellings(text: str) -> tuple[str, ...]:
    """Return the ways in which *text* may stand in a field, as it was typed first.

    Letters may be composed or not (NFC, NFD), an apostrophe, a dash or a space may be any of its kind,
    and a number may have been typed in groups or in wide letters. Plain text without such signs is returned alone.
    """
    plain = _ANY_SPACE.sub(" ", text)
    if not text.isascii():
        plain = unicodedata.normalize("NFKC", visible(plain)) or plain
    found = [text, plain, number_of(plain), *_of_kind(plain, _ANY_APOSTROPHE, _APOSTROPHES)]
    has_digit = any(letter.isdigit() for letter in text)
    # Ids and numbers are written with a plain hyphen; names may have any dash.
    found += [
        form
        for each in tuple(found)
        for form in _of_kind(each, _ANY_DASH, "-" if has_digit else _DASHES)
    ]
    if not has_digit:
        found += [form for each in tuple(found) for form in _of_kind(each, _ANY_SPACE, _SPACES[1:])]
    composed = [
        unicodedata.normalize(form, each) for each in found if each for form in ("NFC", "NFD")
    ]
    return tuple(dict.fromkeys([text, *composed]))[:_MOST]


def visible(text: str) -> str:
    """Return *text* without signs that nobody sees and that are copied with it: marks of direction."""
    return text if text.isascii() else _UNSEEN.sub("", text)


def straight_quotes(text: str) -> str:
    """Return *text* with plain quotes in the place of typographic ones, if it has no plain ones."""
    return text if text.isascii() or '"' in text else _ANY_QUOTE.sub('"', text)


def cases(text: str) -> tuple[str, ...]:
    """Return *text* as it is and, where a database may not know its capitals, with others."""
    if text.isascii():
        return (text,)
    forms = (text, text.lower(), text.upper(), text.title())
    return tuple(dict.fromkeys(forms))


def number_of(text: str) -> str:
    """Return the number that *text* holds in groups, without what stands between them.

    An empty string if it holds none, or a number that is written in one piece. A number has eight
    characters at least, six of them digits, and no other signs than letters and digits.
    """
    joined = _BETWEEN.sub("", text)
    return joined if joined != text.strip() and _NUMBER.fullmatch(joined) else ""


def numbers_of(text: str) -> tuple[str, ...]:
    """Return *text* as the number that it is, or may have been written as: each form once."""
    joined = number_of(text) or text.strip()
    return tuple(dict.fromkeys((text, joined, joined.upper())))


def plain_dashes(text: str) -> str:
    """Return *text* with a plain hyphen in the place of every dash."""
    return _ANY_DASH.sub("-", text)


def _of_kind(text: str, any_sign: re.Pattern[str], signs: str) -> list[str]:
    return [any_sign.sub(sign, text) for sign in signs] if any_sign.search(text) else []

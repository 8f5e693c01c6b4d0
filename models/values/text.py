"""What text from outside becomes before anyone sees, stores or opens it.

A terminal does not tell text from commands, and people do not see what is invisible or turned around.
So a send's words pass through here once, whoever shows them: screen, command line, packet, clipboard.
"""

import re
import unicodedata
from functools import cache

_NAMED = {
    0x061C: "ALM", 0x200E: "LRM", 0x200F: "RLM",
    0x202A: "LRE", 0x202B: "RLE", 0x202C: "PDF", 0x202D: "LRO", 0x202E: "RLO",
    0x2066: "LRI", 0x2067: "RLI", 0x2068: "FSI", 0x2069: "PDI",
}  # fmt: skip
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_CONTROL = "\x00-\x1f\x7f-\x9f\ud800-\udfff"
_INVISIBLE = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u2028\u2029\u2060-\u2065\u206a-\u206f"
    "\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001345f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)

UNSAFE = re.compile(f"[{_CONTROL}{_BIDI}{_INVISIBLE}]")
"""Every character that never reaches a terminal: controls, half surrogates, bidi controls, invisible ones.

The joiner U+200D and the selector U+FE0F are not among them: emoji need both to stay whole.
"""

_BREAK = re.compile(r"\r\n|\n")
_MAYBE_STACKED = re.compile("[^\x00-\u02ff\u3400-\u9fff\uac00-\ud7a3]{5}")
_JOINERS = "\u200d\ufe0f"
_MOST_STACKED = 4
"""How many marks may be stacked on one letter."""
_FORMULA = re.compile(
    r"'*(?:[^\S\t\r\n]|[\ufeff\u200b\u2060])*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"
)
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)*%?")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_LONGEST_LINK = 2048
"""In characters."""


@cache
def _link_form() -> re.Pattern[str]:
    # No start of the program needs it: a millisecond.
    return re.compile(
        "https?://"
        rf"(?:[0-9]{{1,3}}(?:\.[0-9]{{1,3}}){{3}}|(?:{_LABEL}\.){{0,30}}(?=[a-z]){_LABEL})"
        r"(?::[0-9]{1,5})?"
        r"(?:[/?#][a-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*)?",
        re.IGNORECASE | re.ASCII,
    )


def display_text(value: str, limit: int = 500, *, one_line: bool = True, lines: int = 200) -> str:
    """Return `value` as it may be shown: every character visible, in order, and bounded.

    Controls become their pictures (`␛`), bidi controls their names (`‹RLO›`), what is invisible a `·`,
    what no text holds (C1, half surrogates) `�`. No more than four marks are stacked on one letter,
    and one that comes first has a letter to sit on.

    Args:
        value: Text from outside, of any length.
        limit: The most characters of the result; what is cut ends in `…`.
        one_line: Show a line break as `⏎`; otherwise it stays a line break.
        lines: The most lines of the result, if it may have several.
    """
    if len(value) <= limit and value.isascii() and value.isprintable():
        return value
    text = _cut(value, limit * (_MOST_STACKED + 1) + 2)
    if one_line:
        text = UNSAFE.sub(_visible, _BREAK.sub("⏎", text))
    elif "\n" in text:
        text = "\n".join(UNSAFE.sub(_visible, line) for line in _bounded_lines(text, lines))
    else:
        text = UNSAFE.sub(_visible, text)
    if _MAYBE_STACKED.search(text):
        text = _unstacked(text)
    if text and unicodedata.combining(text[0]):
        # Without a letter of its own it would sit on whatever stands before the text.
        text = f"◌{text}"
    return _cut(text, limit)


def storable(value: str, limit: int) -> str:
    """Return what the database keeps of `value`: what both databases can hold, at most `limit` characters.

    Everything else stays as it came, so that the record is true; showing it is `display_text`'s matter.
    """
    if len(value) <= limit and value.isprintable():
        return value
    return _cut(_UNSTORABLE.sub("\ufffd", value[: limit + 1]), limit)


def spreadsheet_safe(cell: str) -> str:
    """Return `cell` so that no spreadsheet takes it for a formula; plain numbers stay numbers.

    `spreadsheet_plain` gives the very same cell back.
    """
    return f"'{cell}" if _is_formula(cell) else cell


def spreadsheet_plain(cell: str) -> str:
    """Return `cell` without the apostrophe that keeps a spreadsheet from calculating it."""
    return cell[1:] if cell.startswith("'") and _is_formula(cell) else cell


def safe_link(url: str) -> str | None:
    """Return `url` if it may be handed to a browser, else None.

    It may when it is http or https to a host in plain ASCII, without a user name or password before the
    host, and holds nothing but the characters of a URL, at most 2,048 of them.
    """
    return url if len(url) <= _LONGEST_LINK and _link_form().fullmatch(url) else None


def _visible(match: re.Match[str]) -> str:
    character = match.group()
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if code <= 0x9F or 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    return f"‹{_NAMED[code]}›" if code in _NAMED else "·"


def _bounded_lines(text: str, most: int) -> list[str]:
    rows = text.replace("\r\n", "\n").split("\n", most)
    return rows if len(rows) <= most else [*rows[: most - 1], rows[most - 1] + "…"]


def named(name: str, said: str) -> str:
    """Return *said* with *name* before it, unless it begins with that: `S-7: it is done already`."""
    return said if said.startswith((f"{name} ", f"{name}: ")) else f"{name}: {said}"


def unnamed(name: str, said: str) -> str:
    """Return *said* without *name* at its beginning, for where that stands already."""
    return said.removeprefix(f"{name}:").removeprefix(f"{name} ").lstrip()


def _unstacked(text: str) -> str:
    kept = []
    stacked = 0
    for character in text:
        is_mark = character in _JOINERS or unicodedata.category(character) in ("Mn", "Me")
        stacked = stacked + 1 if is_mark else 0
        if stacked <= _MOST_STACKED:
            kept.append(character)
    return "".join(kept)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: max(limit - 1, 0)].rstrip(_JOINERS) + "…"


def _is_formula(cell: str) -> bool:
    return bool(_FORMULA.match(cell)) and not _PLAIN_NUMBER.fullmatch(cell)

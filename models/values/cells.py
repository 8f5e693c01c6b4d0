"""What a cell says before anyone asks what it means: words for nothing, and numbers that are wrapped.

Spreadsheets, data frames and databases each write "nothing" in their own way, and put numbers into
wrappings: `104233.0`, `="104233"`, `'104233`, `1.04233E+05`. Here a cell is nothing, the exact value, or
refused because it was rounded.
"""

import re
import unicodedata
from collections.abc import Iterable

_WORDS = (
    "null", "(null)", "[null]", "<null>", "none", "(none)", "<none>", "na", "n/a",
    "n.a.", "#n/a", "#n/a n/a", "#na", "<na>", "#nv", "#n/d", "nan", "-nan", "nat",
    "nil", "<nil>", "undefined", "blank", "(blank)", "<blank>", "empty", "(empty)",
    "<empty>", "(not set)", "#getting_data", "-1.#ind", "1.#ind", "1.#qnan", "-1.#qnan",
    "null::text", "n / a", "n.a", "not applicable", "none provided", "k.a.", "k. a.",
    "(leer)", "(vide)", "(vuoto)", "(vazio)", "(leeg)", "(en blanco)", "(em branco)",
    "(missing)", "(unknown)", "-- none --", "--none--", "loading...", "#error",
)  # fmt: skip
"""Words for nothing in any case; those of two or three letters that are names as well stand below."""
_SIGNS = frozenset({
    "-", "--", "---", "–", "—", "−", ".", "..", "...", "…", "*", "/", "_", "\\N",
    "\\n", '""', "''", "[]", "{}", "()", "<>", "[object Object]", "0000-00-00",
    "0000-00-00 00:00:00", "#Н/Д", "pd.NA", "NA_character_", "k.A.", "k. A.", "(空白)",
    "(пусто)",
})  # fmt: skip
_NAMES = frozenset({"Null", "None", "Nan", "Nat", "Nil", "Na", "Blank", "Empty"})
"""Words for nothing that are names of people when they are written like one."""
_NEVER_CAPITALISED = frozenset({"Nan", "Nat", "Nil", "Na"})
"""Those that no program writes like this when it means nothing."""
_SPELLINGS = frozenset(
    spelling
    for word in _WORDS
    for spelling in (word, word.upper(), word.capitalize(), word.title(), "NaN", "NaT")
)
NOTHING = (
    _SPELLINGS | {f"{each} {each}" for each in _SPELLINGS - _NAMES} | _SIGNS
) - _NEVER_CAPITALISED
"""Every word for nothing, as programs spell it; also twice, as names made of two columns have it."""
_FAULT = re.compile(r"#+|#[^\W\d][\w/ ]*[!?]|#[¡¿][\w/ ]+[!?]|#[\w]+/0!|Err:[0-9]{3}")
"""What a spreadsheet shows in place of a value that it cannot calculate or show."""
_INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060\u00ad\u200e\u200f\u202a\u202c\u202d\u2066\u2069"
_ONE_INVISIBLE = re.compile(f"[{_INVISIBLE}]")
_UNSEEN = dict.fromkeys(map(ord, _INVISIBLE))
_GUARDED = re.compile(r'=\s*(?:[Tt]\s*\(\s*)?"(?P<value>(?:[^"]|"")*)"\s*\)?')
"""A formula that keeps a spreadsheet from reading its text as a number."""
_EXPONENT = re.compile(
    r"[+-]?[0-9]+(?:[.,][0-9]*)?[eE]\+[0-9]+|[+-]?[0-9](?:[.,][0-9]*)?\s?(?:[eE]-?[0-9]+|[x×*]\s?10\^?[0-9]+)"
)
_ALL_DIGITS = re.compile(
    r"\+?(?P<whole>[0-9]+)[.,](?P<decimals>[0-9]+)\s?(?:[eE]\+?|[x×*]\s?10\^?)(?P<exponent>[0-9]{1,2})"
)
"""A number with an exponent that may still show every digit: `1.04233E+05`."""
_GROUPS = re.compile(
    r"(?P<first>[0-9]{1,3})(?P<rest>(?P<mark>[.,\s'’_])[0-9]{3}(?:(?P=mark)[0-9]{3})*)(?P<zeros>[.,]0+)?"
)
_WHOLE = re.compile(r"(?P<number>[0-9]+)(?P<zeros>[.,]0*)?")
_FRACTION = re.compile(r"[0-9]+[.,][0-9]+")
_SHORT_GROUPS = re.compile(
    r"[0-9A-Za-z]{1,5}(?:\s[0-9A-Za-z]{1,5}){2,}|[0-9]{2,5}(?:[-\u2010\u2013][0-9]{2,5}){3,}"
)
"""A code as it is printed on a label; two hyphens alone may belong to it."""
_ANSWERS = frozenset(
    {"true", "false", "yes", "no", "wahr", "falsch", "vrai", "faux", "verdadero", "falso"}
)
"""What the boxes of a spreadsheet say when they are ticked or not."""
_MONTH = "jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez|ene|abr|ago|dic|fev|fév|avr|aoû|déc"
_DATE = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T][0-9:]{5,8})?|[0-9]{1,2}([./-])[0-9]{1,2}\1[0-9]{2,4}"
    rf"|[0-9]{{1,2}}(?:[-. ]|\. )(?:{_MONTH})\.?(?:[-. ][0-9]{{2,4}})?|(?:{_MONTH})\.?[- ][0-9]{{2,4}}",
    re.IGNORECASE,
)
"""What a spreadsheet makes of `3-11`."""
_BARE = re.compile(r"[0-9]{1,17}|[0-9EeXx_-]*[A-DF-WYZa-df-wyz][0-9A-Za-z_-]*")
"""A number or a code without a wrapping: with a letter but e and x, it is no rounded number either."""
_EXACT_IN_A_FLOAT = 2**53
_EXACT_DIGITS = 15
"""How many digits of a number a spreadsheet keeps; it puts zeros in place of the others."""
_FLOAT_DIGITS = 17
"""How many digits of a number other programs keep at most."""
_TOO_MANY_ZEROS = 3
_LONGEST_NUMBER = 18
"""A longer row of digits is a code, not a number that could have lost zeros."""


def filled(text: str) -> str:
    """Return *text* without outer blanks; an empty string if it is a word for nothing."""
    bare = text.strip()
    if not bare or bare in NOTHING:
        return ""
    if bare[0] in "#E" and _FAULT.fullmatch(bare):
        return ""
    if not bare.isascii() and not bare.strip(_INVISIBLE + " \t"):
        return ""
    return bare


def filled_cells(cells: Iterable[str]) -> list[str]:
    """Return what `filled` returns of each cell.

    Looking for words and signs in all cells at once is four times as fast as asking of each.
    """
    values = [*map(str.strip, cells)]
    joined = "".join(values)
    if (
        NOTHING.isdisjoint(values)
        and "#" not in joined
        and "Err:" not in joined
        and (joined.isascii() or not _ONE_INVISIBLE.search(joined))
    ):
        return values
    return [*map(filled, values)]


def full_name(*parts: str) -> str:
    """Return the parts of a person's name in one text.

    A part that is a word for nothing is left out. `Null` and its like are names if they are written
    like one and another part is filled: some people are called so.
    """
    known = [filled(part) for part in parts]
    if any(known):
        known = [
            part.strip() if part.strip() in _NAMES else name
            for part, name in zip(parts, known, strict=True)
        ]
    return " ".join(name for name in known if name)


def unguarded(cell: str) -> str:
    """Return the text inside a formula that only guards it, `="104233"`; else *cell* as it is."""
    if cell[:1] == "=" and (found := _GUARDED.fullmatch(cell.strip())):
        return found["value"].replace('""', '"')
    return cell


def exact_id(text: str) -> str:
    """Return an id without the wrapping that a spreadsheet or a data frame gave it.

    A number is returned without separators and leading zeros, so that one number has one id.

    Raises:
        ValueError: If digits of it are lost, or it can be read in two ways; the message says so.
    """
    bare = text if _is_bare(text) else _exact(text)
    if bare.isdecimal():
        return bare if len(bare) > _LONGEST_NUMBER else bare.lstrip("0") or "0"
    if bare.casefold() in _ANSWERS:
        raise ValueError(f"“{bare}” is an answer and no id: see which column has the ids")
    if _DATE.fullmatch(bare):
        raise ValueError(f"“{bare}” was made a date by a spreadsheet: export it as text")
    return bare


def exact_code(text: str) -> str:
    """Return a code of digits and letters, such as a tracking number, without its wrapping.

    Leading zeros stay, as they belong to it. A single 0 is nothing: data frames fill gaps with it.

    Raises:
        ValueError: If digits of it are lost, or it can be read in two ways; the message says so.
    """
    if _is_bare(text):
        return "" if text == "0" else text
    bare = _exact(text)
    if _SHORT_GROUPS.fullmatch(bare):
        return re.sub(r"[^0-9A-Za-z]", "", bare)
    return "" if bare == "0" else bare


def _is_bare(text: str) -> bool:
    """Whether *text* is exact as it is, as most ids and codes are.

    Asking takes a fifth of a microsecond, looking for each wrapping three.
    """
    return bool(_BARE.fullmatch(text)) and text not in NOTHING


def _exact(text: str) -> str:
    """Return *text* without its wrapping, a number as its digits alone.

    Raises:
        ValueError: If digits of it are lost, or it can be read in two ways; the message says so.
    """
    bare = _unwrapped(text)
    if bare.isalnum() and bare.isascii():
        if bare.isdigit():
            if len(bare) < _EXACT_DIGITS + _TOO_MANY_ZEROS:
                return bare
        elif "E" not in bare.upper():
            return bare
    if bare.isalpha() or not bare:
        return bare
    if number := _written_out(bare):
        return number
    if _is_rounded(bare):
        raise ValueError(f"“{bare[:40]}” was rounded by a spreadsheet: export it as text")
    if found := _GROUPS.fullmatch(bare):
        if found["mark"] in ".," and found["rest"] == f"{found['mark']}000" and not found["zeros"]:
            raise ValueError(f"“{bare}” can be read in two ways: export it as text")
        return re.sub(r"[^0-9]", "", found["first"] + found["rest"])
    if found := _WHOLE.fullmatch(bare):
        return found["number"]
    if _FRACTION.fullmatch(bare):
        raise ValueError(f"“{bare[:40]}” is not a whole number: export it as text")
    if bare[0] == "=":
        raise ValueError(
            f"“{bare[:40]}” is a formula without its result: save the file in a spreadsheet first"
        )
    return bare


def _unwrapped(text: str) -> str:
    """Return *text* without guards, quotes, invisible signs and the sign for a number before it."""
    bare = filled(text)
    if bare.isalnum() and bare.isascii():
        return bare
    if not bare.isascii():
        bare = unicodedata.normalize("NFKC", bare.translate(_UNSEEN)).strip()
    bare = unguarded(bare).strip()
    while bare[:1] in ("'", '"', "`") and bare[1:2].isalnum():
        bare = bare[1:].removesuffix(bare[0]).strip()
    if (bare[:1] == "#" and bare[1:2].isdigit()) or (
        bare[:1] in ("=", "+") and bare[1:].replace(".", "").isdecimal()
    ):
        bare = bare[1:]
    return filled(bare)


def _written_out(bare: str) -> str:
    """Return a number with an exponent as its digits; an empty string if it does not show them all.

    As many decimals as the exponent says are the whole number: a spreadsheet has left nothing out.
    """
    found = _ALL_DIGITS.fullmatch(bare)
    if found is None:
        return ""
    decimals, exponent = found["decimals"], int(found["exponent"])
    if len(decimals) < exponent or decimals[exponent:].strip("0"):
        return ""
    digits = (found["whole"] + decimals[:exponent]).lstrip("0")
    return digits if len(digits) <= _EXACT_DIGITS else ""


def _is_rounded(bare: str) -> bool:
    """Whether a spreadsheet or a data frame has put zeros or an exponent in place of digits."""
    if _EXPONENT.fullmatch(bare):
        return True
    found = _WHOLE.fullmatch(bare)
    if found is None:
        return False
    number = found["number"].lstrip("0")
    if found["zeros"] and int(number or "0") >= _EXACT_IN_A_FLOAT:
        return True
    exact = number.rstrip("0")
    return len(exact) <= _FLOAT_DIGITS and len(number) >= max(
        _EXACT_DIGITS + _TOO_MANY_ZEROS, len(exact) + _TOO_MANY_ZEROS
    )

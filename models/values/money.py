"""Exact money: minor units of a currency, from text and to text."""

import re
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType

_USUAL_DIGITS = 2
"""Digits after the point of the currencies that are not in `UNUSUAL_DIGITS`."""
_UNUSUAL = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
UNUSUAL_DIGITS = MappingProxyType(
    {code: digits for digits, codes in _UNUSUAL.items() for code in codes.split()}
)
"""Digits after the point of the ISO 4217 currencies that do not have two."""

_POINT = re.compile(
    r"(?P<whole>[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})?(?:\.(?P<fraction>[0-9]{0,12}))?"
)
_COMMA = re.compile(
    r"(?P<whole>[0-9]{1,15}|[0-9]{1,3}(?:\.[0-9]{3}){1,4}),(?P<fraction>[0-9]{1,12})"
)
_SIGNS = "$€£¥₹"
_CURRENCIES_OF = MappingProxyType(
    {"€": ("EUR",), "£": ("GBP", "EGP", "GIP", "FKP"), "¥": ("JPY", "CNY"), "₹": ("INR",)}
)
"""The currencies of signs that do not stand for many; an amount with another's sign is refused."""
_SPACES = re.compile(r"[\s'’]+")


def minor_digits(currency: str) -> int:
    """Return how many digits *currency* has after the point; 2 for codes that are not listed."""
    return UNUSUAL_DIGITS.get(currency.upper(), _USUAL_DIGITS)


@lru_cache(maxsize=1024)
def parse_money(text: str, currency: str) -> int:
    """Read `48.75`, `$1,234.50`, `48,75 EUR` or `-3` into minor units of *currency*.

    Nothing is rounded: digits beyond those of the currency are refused unless they are zeros, and
    so is `1,234` in a currency with more than two digits, where the comma can stand for either.

    Args:
        text: The amount, with or without the currency's code or sign.
        currency: The ISO 4217 code.

    Returns:
        Minor units: cents for USD, whole yen for JPY.

    Raises:
        ValueError: If *text* is no exact amount of this currency.
    """
    bare = _bare(text, currency)
    negative = bare.startswith(("-", "−"))
    unsigned = bare[1:].lstrip(_SIGNS) if negative else bare
    digits = minor_digits(currency)
    found = _POINT.fullmatch(unsigned) or _COMMA.fullmatch(unsigned)
    if found is None or not (found["whole"] or found["fraction"]):
        raise ValueError(f"“{text[:40]}” is not an amount of money")
    whole, fraction = found["whole"] or "0", found["fraction"] or ""
    if digits > _USUAL_DIGITS and whole.count(",") == 1 and not fraction:
        raise ValueError(f"“{text[:40]}” can be read in two ways: write a point for the fraction")
    if len(fraction.rstrip("0")) > digits:
        raise ValueError(f"“{text[:40]}” has more digits than {currency or 'the currency'} has")
    amount = int(re.sub("[.,]", "", whole) + fraction[:digits].ljust(digits, "0"))
    return -amount if negative else amount


def money_words(minor: int, currency: str) -> str:
    """Return *minor* units of *currency* as agents read them: `1,234.50 USD`, `500 JPY`."""
    digits = minor_digits(currency)
    return f"{Decimal(minor).scaleb(-digits):,.{digits}f} {currency}".rstrip()


def _bare(text: str, currency: str) -> str:
    """Return *text* without spaces and without the currency's code or sign at its ends.

    Raises:
        ValueError: If it has the sign of another currency.
    """
    bare = _SPACES.sub("", text).upper()
    if code := currency.upper():
        bare = bare.removeprefix(code).removesuffix(code)
        of_others = [sign for sign, codes in _CURRENCIES_OF.items() if code not in codes]
        if any(sign in bare for sign in of_others):
            raise ValueError(f"“{text[:40]}” is not an amount in {code}")
    return bare.strip(_SIGNS)

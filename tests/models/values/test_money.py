"""Money is exact or refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.values.money import money_words, parse_money


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("48.75", "USD", 4875),
        ("25.0", "USD", 2500),
        ("25", "USD", 2500),
        (".5", "USD", 50),
        ("5.", "USD", 500),
        ("0", "USD", 0),
        ("-3.10", "USD", -310),
        ("−3.10", "USD", -310),
        ("-$3.10", "USD", -310),
        ("$1,234.50", "USD", 123450),
        ("1,234,567", "USD", 123456700),
        ("1,000", "USD", 100000),
        ("48,75", "EUR", 4875),
        ("48,75 €", "EUR", 4875),
        ("1.234,50 EUR", "EUR", 123450),
        ("1 234,50", "EUR", 123450),
        ("1'234.50", "CHF", 123450),
        ("USD 12.000000", "USD", 1200),
        ("usd 12", "USD", 1200),
        ("500", "JPY", 500),
        ("500.00", "JPY", 500),
        ("¥1,500", "JPY", 1500),
        ("1.234", "KWD", 1234),
        ("1.5", "kwd", 1500),
        ("7.5", "", 750),
        ("999999999999999.99", "USD", 99999999999999999),
    ],
)
def test_amounts_are_read_exactly(text: str, currency: str, minor: int) -> None:
    assert parse_money(text, currency) == minor


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("", "USD"),
        (".", "USD"),
        ("$", "USD"),
        ("1.234", "USD"),
        ("0.001", "USD"),
        ("1.5", "JPY"),
        ("1,234", "KWD"),
        ("1,23.4", "USD"),
        ("12,34,567", "USD"),
        ("1e3", "USD"),
        ("NaN", "USD"),
        ("Infinity", "USD"),
        ("0x10", "USD"),
        ("--1", "USD"),
        ("٣٫٥", "USD"),
        ("٣", "USD"),
        ("12 GBP", "USD"),
        ("€12", "USD"),
        ("-€12", "USD"),
        ("12 £", "EUR"),
        ("₹12", "USD"),
        ("¥12", "EUR"),
        ("9" * 16, "USD"),
        ("9" * 100_000, "USD"),
    ],
)
def test_what_is_not_exact_is_refused(text: str, currency: str) -> None:
    with pytest.raises(ValueError, match="“"):
        parse_money(text, currency)


@pytest.mark.parametrize(
    ("minor", "currency", "words"),
    [
        (4875, "USD", "48.75 USD"),
        (5, "USD", "0.05 USD"),
        (-310, "EUR", "-3.10 EUR"),
        (123456789, "USD", "1,234,567.89 USD"),
        (500, "JPY", "500 JPY"),
        (1234, "KWD", "1.234 KWD"),
        (700, "", "7.00"),
    ],
)
def test_amounts_are_written_with_the_digits_of_their_currency(
    minor: int, currency: str, words: str
) -> None:
    assert money_words(minor, currency) == words


@given(
    minor=st.integers(-(10**15) + 1, 10**15 - 1),
    currency=st.sampled_from(["USD", "EUR", "JPY", "KWD", "CLF"]),
)
def test_every_amount_comes_back_from_its_own_words(minor: int, currency: str) -> None:
    assert parse_money(money_words(minor, currency), currency) == minor

"""Cells are nothing, the exact value, or refused: never a rounded number, never a word for nothing."""

import pytest

from models.values.cells import exact_code, exact_id, filled, filled_cells, full_name

NOTHING = [
    *("", " ", "\u00a0", "\u200b", "\ufeff", "NULL", "null", "Null", "(null)", "[NULL]", "<null>"),
    *("N/A", "n/a", "NA", "#N/A", "#N/A N/A", "<NA>", "#NV", "#N/D", "None", "NONE", "none", "nan"),
    *("NaN", "-nan", "NaT", "nil", "<nil>", "undefined", "-", "--", "–", "—", "(blank)", "(Blank)"),
    *(
        "(empty)",
        "empty",
        "\\N",
        ".",
        "########",
        "#",
        "#REF!",
        "#VALUE!",
        "#NAME?",
        "#DIV/0!",
    ),
    *("#NUM!", "#NULL!", "#SPILL!", "#¡VALOR!", "#¿NOMBRE?", "#WERT!", "Err:502", "1.#QNAN", "[]"),
    *("n / a", "pd.NA", "k.A.", "(leer)", "(vide)", "-- none --", "nan nan", "NULL NULL"),
    *("undefined undefined", "#N/A #N/A", "NA_character_", "Not Applicable"),
    *("{}", '""', "0000-00-00", "0000-00-00 00:00:00", "[object Object]"),
]


@pytest.mark.parametrize("text", NOTHING)
def test_words_for_nothing_are_nothing(text: str) -> None:
    assert filled(text) == filled(f" {text} ") == ""
    assert exact_id(text) == exact_code(text) == ""


@pytest.mark.parametrize("text", NOTHING)
def test_words_for_nothing_are_found_among_other_cells(text: str) -> None:
    assert filled_cells([" Ann", text, f" {text} ", "Zoë\t"]) == ["Ann", "", "", "Zoë"]


@pytest.mark.parametrize(
    "text",
    [
        "Nan",
        "Na",
        "Nil",
        "Nora",
        "0",
        "N",
        "#1 fan",
        "Err",
        "E",
        "not null",
        "-3",
        "No",
        "–1",
        "Null Null",
        "Nil Na",
    ],
)
def test_other_words_stay(text: str) -> None:
    assert filled(f" {text} ") == text


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("Jennifer", "Null"), "Jennifer Null"),
        (("None", "Okoro"), "None Okoro"),
        (("Ann", "NULL"), "Ann"),
        (("nan", "Low"), "Low"),
        (("Null", "Null"), ""),
        (("Null", ""), ""),
        (("Nan", "Low"), "Nan Low"),
    ],
)
def test_people_are_called_null_beside_another_name_only(parts: tuple[str, str], name: str) -> None:
    assert full_name(*parts) == name


@pytest.mark.parametrize(
    "wrapped",
    [
        *("104233", "104233.0", "104233.00", "104233,0", "104233.", ' ="104233" ', '=T("104233")'),
        *("=104233", "'104233", '"104233"', "`104233", "104,233", "104 233", "104\u00a0233"),
        *("104\u2009233", "104\u202f233", "104'233", "104’233", "104.233", "104_233", "000104233"),
        *(
            "+104233",
            "+104233.0",
            "１０４２３３",
            "\ufeff104233",
            "104233\u200b",
            "#104233",
            "104,233.00",
            "104.233,00",
        ),
        # With an exponent, and all digits.
        *("1.04233E+05", "1.04233E5", "1.04233e5", "1,04233E+05", "1.0423300E+05", "104.233E+03"),
        *("1.04233 x 10^5", "1.04233×10^5", '="1.04233E+05"', "'1.04233E+05", "+1.04233E+05"),
    ],
)
def test_one_number_in_every_wrapping_is_one_id(wrapped: str) -> None:
    assert exact_id(wrapped) == "104233"


@pytest.mark.parametrize(
    ("text", "number"),
    [("9.1E+01", "91"), ("1.0E+1", "10"), ("9.00003E+05", "900003"), ("9.10E+02", "910")],
)
def test_a_number_with_an_exponent_and_all_its_digits_is_exact(text: str, number: str) -> None:
    assert exact_id(text) == exact_code(text) == number


@pytest.mark.parametrize(
    "text",
    [
        *("1.0423E+05", "1.0423E5", "1.0423e5", "1,0423E+05", "1E+05", "1.04233E-05", "12E+5"),
        *("1.0423 x 10^5", "1.0423×10^5", '="1.0423E+05"', "'1.0423E+05", "1.23457E+11"),
        # A fraction, no digit behind the point, and more digits than a spreadsheet keeps.
        *("1.04233E+03", "5E0", "9.E0", "1.234567890123450E+15", "-1.04233E+05"),
        *("9007199254740993.0", "123456789012345000", "9.4001112025558423e+21"),
        *("12345678901234567000", "9400111202555842000000", "1234567890123456000"),
        *("104,000", "104.000", "104233.5", "=500+2", "=A2&B2", '=HYPERLINK("x")'),
    ],
)
def test_what_has_lost_digits_or_has_two_readings_is_refused(text: str) -> None:
    for read in (exact_id, exact_code):
        with pytest.raises(ValueError, match="“"):
            read(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "3-Nov",
            "11. Nov",
            "Nov-26",
            "3-Nov-26",
            "2026-11-03",
            "2026-11-03 00:00:00",
            "3/11/2026",
        ),
        *("03.11.26", "TRUE", "False", "wahr"),
    ],
)
def test_a_date_or_an_answer_is_no_id(text: str) -> None:
    with pytest.raises(ValueError, match="“"):
        exact_id(text)


@pytest.mark.parametrize(
    "text",
    [
        "3-11",
        "12-mary",
        "2026-11-0042",
        "94001112025558423300",
        "S-104233",
        "X-7",
        "Z2lkOi8vYXBwL1NlbmQvMTI=",
        "12345e67",
        "123456789012345678",
        "0",
    ],
)
def test_ids_without_a_wrapping_stay(text: str) -> None:
    assert exact_id(text) == text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('="0940011120255"', "0940011120255"),
        ("'0940011120255", "0940011120255"),
        ("940011120255.0", "940011120255"),
        ("9400 1112 0255 5842 3324 00", "9400111202555842332400"),
        ("1Z 999 AA1 0123 4567 84", "1Z999AA10123456784"),
        ("1Z999AA10123456784 1Z999AA10123456785", "1Z999AA10123456784 1Z999AA10123456785"),
        ("9400-1112-0255-5842-3324-00", "9400111202555842332400"),
        ("9400\u20111112\u20110255\u20115842\u20113324\u201100", "9400111202555842332400"),
        ("9400111202555842332400", "9400111202555842332400"),
        ("113-1234567-1234567", "113-1234567-1234567"),
        ("2026-11-0042", "2026-11-0042"),
        ("0", ""),
    ],
)
def test_codes_keep_every_digit(text: str, code: str) -> None:
    assert exact_code(text) == code

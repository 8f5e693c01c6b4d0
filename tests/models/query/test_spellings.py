"""Search as people type (case 11): composed letters, apostrophes, dashes, numbers in groups, on both databases."""

import unicodedata
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col

from models.database import Database
from models.query.sql.clauses import where
from models.query.sql.context import QueryContext
from models.query.tree import And, Phrase
from models.store import references
from models.store.tables import Send
from models.values.spelling import number_of, spellings
from tests.support.filters import NOW, read


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("9400 1112 0255 5842 3322 11", "9400111202555842332211"),
        ("9400-1112-0255-5842-3322-11", "9400111202555842332211"),
        ("9400\u00a01112\u202f0255 5842 3322 11", "9400111202555842332211"),
        ("1Z 999 AA1 0123 4567 84", "1Z999AA10123456784"),
        ("104 233 9981", "1042339981"),
        ("9400111202555842332211", ""),
        ("Acme 2025", ""),
        ("2026-11-28", "20261128"),
        ("", ""),
    ],
)
def test_a_number_in_groups(text: str, number: str) -> None:
    assert number_of(text) == number


@given(st.text(max_size=30))
def test_the_text_itself_is_the_first_spelling(text: str) -> None:
    found = spellings(text)
    assert found[0] == text
    assert len(found) == len(set(found)) <= 24


@given(st.text(alphabet="abcxyzABCXYZ0123456789@._+%", min_size=1, max_size=30))
def test_plain_text_has_one_spelling(text: str) -> None:
    assert spellings(text) == (text,) or number_of(text)


@given(st.text(min_size=1, max_size=12))
def test_composed_and_decomposed_find_each_other(text: str) -> None:
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert {composed, decomposed} <= set(spellings(composed))
    assert {composed, decomposed} <= set(spellings(decomposed))


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("ＡＮＮ Low", "ANN Low"),
        ("Ann\u200b Low", "Ann Low"),
        ("\u200e104233", "104233"),
        ("９４００１１１２０２５５", "940011120255"),
        ("９４００ １１１２ ０２５５ ５８４２", "9400111202555842"),
        ("\u2068José\u2069", "José"),
    ],
)
def test_wide_letters_and_signs_that_nobody_sees(typed: str, stored: str) -> None:
    assert stored in spellings(typed)


@pytest.mark.parametrize("typed", ["“Ann Low”", "„Ann Low“", "«Ann Low»"])
def test_typographic_quotes_are_quotes(typed: str) -> None:
    assert read(typed).tree == Phrase("Ann Low")
    assert read(f"recipient:{typed}").tree == read('recipient:"Ann Low"').tree


def test_quotes_within_plain_quotes_stay() -> None:
    assert read('"the “best” mug"').tree == Phrase("the “best” mug")


def test_a_long_number_in_groups_is_one_phrase() -> None:
    assert read("9400 1112 0255 5842 3322 11").tree == Phrase("9400 1112 0255 5842 3322 11")
    assert read("9400 1112").tree == And((Phrase("9400"), Phrase("1112")))
    assert read("12 34 56").tree == And((Phrase("12"), Phrase("34"), Phrase("56")))


@pytest.fixture
def stored(database: Database) -> Iterator[sa.Connection]:
    """The sends of the case as an earlier version stored them: each text as it came."""
    with database.write() as connection:
        names = [("901", "José Núñez"), ("902", unicodedata.normalize("NFD", "José Núñez"))]
        names += [("903", "Pat O’Brien"), ("904", "Jane O'Neil"), ("905", "Lu Smith–Jones")]
        tracking = {"901": "9400111202555842332211", "902": "1Z999AA10123456784"}
        sends = [
            {
                "id": number, "ref": f"S-{external}", "provider": "sendoso", "external_id": external,
                "recipient_name": name, "tracking_number": tracking.get(external, ""),
            }
            for number, (external, name) in enumerate(names, 1)
        ]  # fmt: skip
        common = {
            "type": "egift", "provider_status": "sent", "status": "sent", "stage": "waiting",
            "since": NOW, "created_at": NOW, "due_at": NOW, "triage_at": NOW, "head": b"",
        }  # fmt: skip
        for send in sends:
            connection.execute(sa.insert(Send).values(**common, **send))
        database.index_text(connection, 1, len(sends))
        yield connection


@pytest.mark.parametrize("per_row", [False, True])
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("José", {901, 902}),
        (unicodedata.normalize("NFD", "José"), {901, 902}),
        ("JOSÉ", {901, 902}),
        ("recipient:josé", {901, 902}),
        ('"josé núñez"', {901, 902}),
        ('"josé\u00a0núñez"', {901, 902}),
        ("9400 1112 0255 5842 3322 11", {901}),
        ('tracking:"9400 1112 0255 5842 3322 11"', {901}),
        ("tracking:9400-1112-0255-5842-3322-11", {901}),
        ("1Z 999 AA1 0123 4567 84", {902}),
        ("1z 999 aa1 01 2345 6784", {902}),
        ("O'Brien", {903}),
        ("O’Brien", {903}),
        ("o`brien", {903}),
        ("O'Neil", {904}),
        ("O’NEIL", {904}),
        ("Smith-Jones", {905}),
        ("smith—jones", {905}),
        ("id:S‑901", {901}),
        ("OxBrien", set()),
    ],
)
def test_case_11_names_are_found_as_people_type(
    stored: sa.Connection, database: Database, text: str, found: set[int], per_row: bool
) -> None:
    context = QueryContext(now=NOW, me="ana", search=database.text_search, per_row=per_row)
    matching = sa.select(col(Send.external_id)).where(where(read(text).tree, context))
    assert {int(each) for each in stored.execute(matching).scalars()} == found


@pytest.mark.parametrize(
    ("name", "ref"),
    [
        ("9400 1112 0255 5842 3322 11", "S-901"),
        ("9400-1112-0255-5842-3322-11", "S-901"),
        ("1z 999 aa1 0123 4567 84", "S-902"),
        ("S‑903", "S-903"),
    ],
)
def test_case_11_names_are_shown_by_a_number_in_groups(
    stored: sa.Connection, name: str, ref: str
) -> None:
    assert references.find(stored, name).ref == ref

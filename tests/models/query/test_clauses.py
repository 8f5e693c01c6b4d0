"""A filter as SQL: any text is searched for as it is typed, and values are only ever bound."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from models.database.postgresql.text_search import pattern_match
from models.database.sqlite.text_search import TrigramIndex
from models.errors import BadQuery
from models.query import (
    FILTER_KEYS,
    FLAGS,
    values_for,
)
from models.query.keys import SEARCHED_COLUMNS
from models.query.sql import flags as flag_clauses
from models.query.sql import history
from models.query.sql.clauses import SEND_CLAUSES, where
from models.query.sql.context import QueryContext
from models.query.text_search import TextSearch
from models.store.tables import Send
from tests.support.filters import NOW, read

NASTY = [
    '"', '""', '"""', "'", "''; DROP TABLE send; --", "NEAR(", 'NEAR("a" "b")', "-x", "--", "-",
    "col:a", "a*", "^a", "a AND b", "a NOT b", "%", "_", "%%%", "a_b", "100%", "\\", "\\\\", "/",
    "a/b", "💥", "👩‍👩‍👧", "日本", "郎", "é", "ſs", "İstanbul", "\u202eabc", "\u200b", "\x00", "\x1b[2J",
    "\x9b", "\ud800", "a\tb", "{}", "{0}", "%s", ":x", "::", "$1", "a;b", "send_text:a",
    "rowid", "*", "+", "a+b", "?", ":1", "x" * 10_000, "-" * 499 + "a", "(" * 250, "a " * 250,
    '"' + "y" * 498 + '"', "owner:" + "z" * 400, "status:" + "ß" * 300,
]  # fmt: skip


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    engine = sa.create_engine(f"sqlite:///{tmp_path_factory.mktemp('nasty') / 'sends.db'}")
    Send.metadata.create_all(engine)
    names = ("100% fun", "100x fun", "a_b", "axb", "/", 'say "hi"', "日本 太郎", "back\\slash")
    with Session(engine) as session:
        for number, name in enumerate(names, 1):
            session.add(
                Send(
                    id=number, ref=f"S-{number}", provider="sendoso", external_id=str(number),
                    type="egift", provider_status="sent", status="sent", stage="waiting",
                    since=NOW, recipient_name=name,
                )
            )  # fmt: skip
        session.commit()
    with engine.begin() as connection:
        connection.exec_driver_sql(
            f"CREATE VIRTUAL TABLE send_text USING fts5({','.join(SEARCHED_COLUMNS)}, content='send',"
            " content_rowid='id', tokenize='trigram', detail=none, columnsize=0)"
        )
        connection.exec_driver_sql("INSERT INTO send_text(send_text) VALUES ('rebuild')")
    yield engine
    engine.dispose()


def names_of(engine: sa.Engine, text: str, *, per_row: bool = False) -> list[str]:
    context = QueryContext(now=NOW, me="ana", search=TrigramIndex(), per_row=per_row)
    clause = where(read(text).tree, context)
    with engine.connect() as connection:
        wanted = sa.select(col(Send.recipient_name)).where(clause).order_by(col(Send.id))
        return list(connection.execute(wanted).scalars())


@pytest.mark.parametrize("text", NASTY)
def test_nasty_text_is_refused_or_found_by_index_as_by_row(searched: sa.Engine, text: str) -> None:
    for form in (text, f'"{text}"', f"recipient:{text}", f'company:"{text}"'):
        try:
            read(form)
        except BadQuery:
            continue
        assert names_of(searched, form) == names_of(searched, form, per_row=True)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("100%", ["100% fun"]),
        ("recipient:100%", ["100% fun"]),
        ("a_b", ["a_b"]),
        ("%", []),
        ("/", ["/"]),
        (r'"say \"h"', ['say "hi"']),
        ("太郎", ["日本 太郎"]),
        ("FUN", ["100% fun", "100x fun"]),
        (r'"back\\sl"', ["back\\slash"]),
        ("a_", ["a_b"]),
    ],
)
def test_text_is_literal(searched: sa.Engine, typed: str, found: list[str]) -> None:
    assert names_of(searched, typed) == found


@pytest.mark.parametrize("search", [TrigramIndex(), pattern_match])
def test_values_are_only_ever_bound(search: TextSearch) -> None:
    text = 'zebra status:shipped owner:zebra note:zebra by:zebra cost>7 id:zebra -company:"ze%bra"'
    clause = where(read(text).tree, QueryContext(now=NOW, me="ana", search=search))
    assert "zebra" not in str(clause)
    assert "ze" not in str(clause).replace("recipient", "")


def test_every_key_and_flag_has_its_clause() -> None:
    assert SEND_CLAUSES.keys() | history.EVENT_CLAUSES.keys() == FILTER_KEYS.keys() - {"sort"}
    assert not SEND_CLAUSES.keys() & history.EVENT_CLAUSES.keys()
    assert set(flag_clauses.FLAG_CONDITIONS) == set(FLAGS)
    assert set(flag_clauses.URGENCY_CONDITIONS) == set(values_for("urgency"))

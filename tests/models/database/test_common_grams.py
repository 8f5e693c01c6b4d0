"""What is left out of a search in a file because nearly every send has it."""

from pathlib import Path

import sqlalchemy as sa

from models.database import open_database
from models.database.sqlite.common_grams import CommonGrams
from models.database.sqlite.fts_expression import MatchExpression
from models.query.tree import Phrase


def test_what_most_sends_have_is_common(demo_copy: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{demo_copy}")
    common = CommonGrams(engine)
    # Each address of the demo ends in `.example`.
    assert "xam" in common
    assert "XAM" in common
    assert "tan" not in common
    assert "zzz" not in common
    assert '"' * 3 not in common
    engine.dispose()


def test_a_file_without_the_index_has_nothing_common(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    assert "xam" not in CommonGrams(engine)
    engine.dispose()


def test_a_file_that_was_lost_has_nothing_common(demo_copy: Path) -> None:
    database = open_database(demo_copy)
    demo_copy.rename(demo_copy.with_name("elsewhere.db"))
    # Nothing is raised while the search is put together, only where the sends are read.
    assert database.text_search.candidates(Phrase("1Z999AA100")) is not None
    database.close()


def test_common_trigrams_are_left_out_where_two_others_are_left() -> None:
    def expression(term: str) -> str:
        return MatchExpression.of_term(term, {"1Z9", "99A", "ple"}.__contains__).text

    assert expression("1Z999AA100") == '"A10" AND "100"'
    assert expression("1Z999A") == '"1Z9" AND "99A"'
    assert expression("1Z999A00") == '"1Z9" AND "99A" AND "A00"'
    assert expression("people") == '"peo" AND "ple"'

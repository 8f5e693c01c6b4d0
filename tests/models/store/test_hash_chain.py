"""The hashes that bind a history together."""

from datetime import UTC, datetime
from typing import Any

import pytest

from models.records import Event, EventKind
from models.store.hash_chain import chain, digest
from tests.support.sample_cases import NOW, ago

NOTE = Event(
    seq=1, at=ago(days=1), recorded_at=NOW, kind=EventKind.NOTE, from_status="a", to_status="b",
    raw="c", actor="ana", source="desk", reason="r", detail="{}", request_id="q",
)  # fmt: skip
IDENTITY = ("sendoso", "1")
OTHER: dict[str, Any] = {
    "seq": 2, "at": None, "recorded_at": ago(days=2), "kind": EventKind.FACT, "request_id": None,
}  # fmt: skip


@pytest.mark.parametrize("name", [name for name in Event._fields if name != "effect"])
def test_the_hash_covers_every_value_that_is_stored(name: str) -> None:
    changed = NOTE._replace(**{name: OTHER.get(name, "x")})
    assert digest(b"", IDENTITY, changed) != digest(b"", IDENTITY, NOTE)


def test_the_hash_covers_the_send_and_what_was_before() -> None:
    known = digest(b"", IDENTITY, NOTE)
    assert len(known) == 16
    assert digest(b"", ("goody", "1"), NOTE) != known
    assert digest(b"", ("sendoso", "2"), NOTE) != known
    assert digest(b"\x00", IDENTITY, NOTE) != known


def test_values_cannot_be_pushed_from_one_field_into_the_next() -> None:
    first = NOTE._replace(actor="ana", source='","desk')
    second = NOTE._replace(actor='ana","', source="desk")
    assert digest(b"", IDENTITY, first) != digest(b"", IDENTITY, second)


def test_a_chain_ends_with_the_hash_of_its_last_event() -> None:
    rows, head = chain(7, IDENTITY, b"", [NOTE, NOTE._replace(seq=2)])
    assert [row["hash"] for row in rows] == [
        digest(b"", IDENTITY, NOTE),
        digest(rows[0]["hash"], IDENTITY, NOTE._replace(seq=2)),
    ]
    assert head == rows[-1]["hash"]
    assert chain(7, IDENTITY, head, []) == ([], head)


def test_the_hashes_of_databases_that_exist_stay_good() -> None:
    first = Event(
        seq=1, at=None, recorded_at=datetime(2026, 11, 20, 9, 41, 0, 5, UTC), kind=EventKind.FACT,
        to_status="sent", raw="Sent “é\" 🎁\u2028", actor="sendoso", source="import:a.csv",
    )  # fmt: skip
    told = datetime(2026, 2, 27, tzinfo=UTC)
    second = first._replace(seq=2, at=told, detail='{"a": 1}', request_id="q")
    rows, _ = chain(7, IDENTITY, b"", [first, second])
    assert [row["hash"].hex() for row in rows] == [
        "bf7fc78d9a946d9c00bcb3c9e45ba0d3",
        "f6cd502fe3f37dc71efdce34e01ca7d8",
    ]

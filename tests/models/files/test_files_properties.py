"""Whatever a file holds, reading ends in sends, rejected records or one refusal; lists come back exactly."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from models.errors import BadFile
from models.files import write_rows
from models.files.column_names import SYNONYMS
from models.files.items import Rejected
from models.files.reading import open_export
from models.files.rejected import write_rejected
from models.providers.incoming import Fact, Incoming
from models.providers.payload_fields import TEXT_LIMITS
from models.records import SendRecord
from models.values.cells import filled
from models.values.text import UNSAFE

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
FORMATS = [None, "csv", "json", "jsonl"]


def outcome(content: bytes, format_name: str | None = None) -> list[Incoming | Rejected] | BadFile:
    """Read *content* from a file, write what is rejected, and return what came of it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "sends"
        path.write_bytes(content)
        try:
            export = open_export(path, format=format_name)
            items = list(export)
        except BadFile as refusal:
            return refusal
        write_rejected(path, [item for item in items if isinstance(item, Rejected)])
        assert export.progress.done == export.progress.total
        return items


def hold(items: list[Incoming | Rejected] | BadFile) -> None:
    """Check what is true of everything that was read."""
    if isinstance(items, BadFile):
        assert not UNSAFE.search(str(items))
        return
    for item in items:
        if isinstance(item, Rejected):
            assert item.line > 0
            assert item.reason
            assert not UNSAFE.search(item.reason)
        else:
            assert item.facts
            assert not any(UNSAFE.search(warning) for warning in item.warnings)
            assert 0 < len(item.external_id) <= 200
            texts = {name: item.fields.get(name, "") for name in TEXT_LIMITS}
            assert all(len(text) <= TEXT_LIMITS[name] for name, text in texts.items())
            assert not any("\x00" in text for text in texts.values())


@given(st.binary(max_size=300), st.sampled_from(FORMATS))
def test_any_bytes_are_read_or_refused(content: bytes, format_name: str | None) -> None:
    hold(outcome(content, format_name))


cells = st.text(max_size=12) | st.sampled_from(
    ['"', '"a"b', "=1", "2026-02-27", "-3", "a\nb", "\r"]
)
headers = st.lists(
    st.sampled_from([name for names in SYNONYMS.values() for name in names]) | cells, max_size=8
)


@given(
    headers,
    st.lists(st.lists(cells, max_size=9), max_size=6),
    st.sampled_from(",;\t"),
    st.booleans(),
)
@example([], [['"'], ["1", "Sent"]], ",", False)
def test_any_table_is_read_or_rejected_row_by_row(
    names: list[str], rows: list[list[str]], delimiter: str, with_mark: bool
) -> None:
    lines = [["id", "status", *names], *rows]
    text = "\n".join(delimiter.join(row) for row in lines)
    encoded = text.encode("utf-16" if with_mark else "utf-8", errors="replace")
    hold(outcome(encoded, "csv"))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["id", "status", "data", "sends", "touch", "cart"]), inner
        )
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=15,
)


@given(values, st.sampled_from(["json", "jsonl", None]))
def test_any_json_is_read_or_refused(value: Any, format_name: str | None) -> None:
    hold(outcome(json.dumps(value).encode(), format_name))


@given(st.lists(values, max_size=5))
def test_json_lines_are_read_or_rejected_one_by_one(lines: list[Any]) -> None:
    good = {"id": 1, "status": "Sent", "touch": {}}
    content = "\n".join(json.dumps(line) for line in [good, *lines, good])
    items = outcome(content.encode(), "jsonl")
    assert isinstance(items, list)
    hold(items)
    assert isinstance(items[0], Incoming)
    assert isinstance(items[-1], Incoming)


def kept(limit: int) -> st.SearchStrategy[str]:
    """Texts as the database holds them: bounded, without outer blanks, U+0000 and half surrogates."""
    letters = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
    odd = st.sampled_from(
        [
            "=1+1",
            "'=1",
            "'x",
            "-3",
            "+1 2",
            '"',
            '""a',
            "a\r\nb",
            "a\rb",
            ",;\t|",
            "\x1b[2J",
            "\u202e",
            "…",
        ]
    )
    texts = odd | st.text(letters, max_size=min(limit, 40))
    return texts.map(filled).filter(lambda text: not COATED.match(text))


COATED = re.compile(r"'[0-9]|[{\[]")
"""What a spreadsheet's apostrophe, or an object in a cell, looks like."""
codes = st.integers(10**9, 10**14).map(lambda number: f"1Z{number}") | st.just("")


moments = st.datetimes(
    datetime(1990, 1, 2),  # noqa: DTZ001
    datetime(2199, 12, 30),  # noqa: DTZ001
    timezones=st.just(UTC),
)
sendoso_ids = st.integers(1, 10**15).map(str)
goody_ids = st.uuids().map(str)


@st.composite
def records(draw: st.DrawFn) -> SendRecord:
    """Sends as the desk holds them, with and without an override."""
    provider = draw(st.sampled_from(["sendoso", "goody"]))
    types = {"sendoso": ["egift", "physical"], "goody": ["order"]}
    texts: dict[str, Any] = {name: draw(kept(limit)) for name, limit in TEXT_LIMITS.items()}
    texts |= {name: draw(codes) for name in ("tracking_number", "batch")}
    minor = draw(st.none() | st.integers(0, 10**12))
    return SendRecord(
        id=1,
        ref="S-1",
        provider=provider,
        external_id=draw(sendoso_ids if provider == "sendoso" else goody_ids),
        type=draw(st.sampled_from(types[provider])),
        **texts,
        cost_minor=minor,
        currency=draw(st.sampled_from(["USD", "JPY", "KWD", "EUR"])),
        tracking_url=draw(st.sampled_from(["", "https://example.com/t/1?a=b&c=%20"])),
        created_at=draw(st.none() | moments),
        expires_at=draw(st.none() | moments),
        provider_status="shipped",
        provider_raw=draw(kept(60).filter(bool)),
        provider_at=draw(st.none() | moments),
        override_status=draw(st.none() | st.just("delivered")),
        status="delivered",
        stage="done",
        since=draw(moments),
        owner=draw(kept(40)),
        revision=3,
    )


def as_incoming(record: SendRecord) -> Incoming:
    """Return what a platform that tells all the record says would send."""
    names = (*TEXT_LIMITS, "cost_minor", "currency", "tracking_url", "created_at", "expires_at")
    fields = {name: getattr(record, name) for name in names}
    return Incoming(
        provider=record.provider,
        external_id=record.external_id,
        type=record.type,
        fields={name: value for name, value in fields.items() if value not in ("", None)},
        facts=(Fact(record.provider_raw, record.provider_at),),
        current=record.provider_raw,
        is_row=True,
    )


@given(st.lists(records(), max_size=4), st.sampled_from(["csv", "json", "jsonl"]))
@settings(max_examples=40)
def test_our_own_lists_come_back_exactly(several: list[SendRecord], format_name: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "list"
        assert write_rows(path, several, format_name, now=NOW) == len(several)
        if several or format_name != "jsonl":
            assert list(open_export(path)) == [as_incoming(record) for record in several]

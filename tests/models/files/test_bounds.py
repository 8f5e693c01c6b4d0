"""Files of any size and shape take a bounded memory, and a time that grows with their size alone."""

import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from time import process_time

import pytest

from models.errors import BadFile
from models.files.items import Rejected
from models.files.reading import open_export
from models.files.rejected import RejectedRows, write_rejected


def send(number: int) -> dict[str, object]:
    return {
        "id": number,
        "status": "Processing",
        "touch": {"id": 1, "name": "Spring"},
        "recipient": {"name": f"Ann {number}", "email": f"ann{number}@example.com"},
        "status_updates": [{"status": "Processing", "occurred_at": "2026-11-01T10:00:00Z"}],
    }


SHAPES: dict[str, Callable[[list[dict[str, object]]], object]] = {
    "array": lambda sends: sends,
    "page": lambda sends: {"current_page": 1, "sends": sends, "total_count": len(sends)},
    "n8n": lambda sends: [{"json": each, "pairedItem": {"item": 0}} for each in sends],
    "array of one page": lambda sends: [{"sends": sends}],
    "unknown name": lambda sends: {"my_list": sends},
    "two envelopes": lambda sends: {"data": {"sends": {"nodes": sends}}},
}


def peak(path: Path) -> tuple[int, int]:
    """Return how many sends a file has, and the most memory that reading it took, in bytes."""
    tracemalloc.start()
    try:
        count = sum(not isinstance(item, Rejected) for item in open_export(path))
        return count, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("shape", SHAPES)
def test_memory_stays_flat_in_every_shape_of_json(tmp_path: Path, shape: str) -> None:
    peaks = []
    for count in (2_000, 4_000):
        path = tmp_path / f"{count}.json"
        path.write_text(json.dumps(SHAPES[shape]([*map(send, range(1, count + 1))])), "utf-8")
        found, most = peak(path)
        assert found == count
        peaks.append(most)
    assert peaks[1] < 1.3 * peaks[0]


def test_json_that_breaks_off_far_into_the_file_is_refused_whole(tmp_path: Path) -> None:
    path = tmp_path / "torn.json"
    text = json.dumps({"sends": [*map(send, range(1, 6_000))]}, indent=1)
    path.write_text(text[:-40], "utf-8")
    with pytest.raises(BadFile, match=r"is not JSON: .* at line \d{4,}, column"):
        open_export(path)


LOST = {
    "opening": '{},Sent","Ann',
    "closing": '{},Sent,"Ann',
    "alone": '{},Sent,"',
    "doubled": '{},Sent,"Ann""',
    "first": '"{},Sent,Ann',
}


@pytest.mark.parametrize("kind", LOST)
def test_lost_quotes_take_time_by_the_line(tmp_path: Path, kind: str) -> None:
    def seconds(count: int) -> float:
        path = tmp_path / f"{count}.csv"
        lines = (LOST[kind].format(number) for number in range(count))
        path.write_text("\n".join(["id,status,name", *lines]), "utf-8")
        start = process_time()
        for _ in open_export(path):
            continue
        return process_time() - start

    assert seconds(16_000) < 12 * max(seconds(4_000), 0.05)


def test_rejected_rows_are_kept_outside_memory(tmp_path: Path) -> None:
    peaks = []
    for count in (4_000, 16_000):
        path = tmp_path / f"{count}.csv"
        path.write_text("id,status\n" + "a\n" * count, "utf-8")
        rows = RejectedRows(20)
        tracemalloc.start()
        for item in open_export(path, provider="sendoso"):
            assert isinstance(item, Rejected)
            rows.add(item)
        kept = rows.save(path)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert (rows.count, len(rows.first)) == (count, 20)
        assert kept.read_text("utf-8").count("\n") == count + 1
    assert peaks[1] < 1.3 * peaks[0]


def test_a_row_of_very_many_cells_makes_no_columns_for_all_rows(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text("id,status\n1,Sent" + ",x" * 50_000 + "\n" + "2\n" * 500, "utf-8")
    kept = write_rejected(path, (each for each in open_export(path) if isinstance(each, Rejected)))
    assert kept.stat().st_size < 100_000

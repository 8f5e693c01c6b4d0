"""The desk beside other programs that show as many rows: visidata on a CSV, Textual's DataTable.

The desk reads its own file, visidata an export of it; a DataTable gets no more rows than it can take
in while someone waits. The desk's first rows are those of Triage, with which it opens, all its rows
those of a list of all sends. visidata is measured where `vd` is installed.
"""

import shutil
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from statistics import median

from models.database import open_database
from models.desk import Desk
from models.files import write_rows
from tests.benchmarks.figures import NOW, Bench, Figure
from tests.benchmarks.keys import memory, press
from tests.benchmarks.startup import SIZE, environment, opening
from tests.benchmarks.table_app import READY
from tests.support.terminal import Terminal

_FILTER = "sort:due"
_MOST_IN_A_TABLE = 100_000
_ROUNDS = 3
"""How often every program is opened; one of them takes half a minute."""
_PAGES = 5
_PATIENCE = 300.0
_READ_AT_A_TIME = 1000
_UNITS = {"memory": "MB"}
_TARGETS = {("PageDown", "DataTable"): 0.25}

Found = dict[str, list[float]]
"""What was measured of one program, by the name of the figure."""


def compare(bench: Bench) -> Iterator[Figure]:
    """Open the programs in turns and measure rows, pages and memory."""
    programs = {"desk": _in_desk, "DataTable": _in_table}
    if shutil.which("vd"):
        programs["visidata"] = _in_visidata
    else:
        sys.stderr.write("visidata is left out: `vd` is not installed.\n")
    found: dict[str, Found] = {name: defaultdict(list) for name in programs}
    for _ in range(min(bench.pairs, _ROUNDS)):
        for name, measure in programs.items():
            measure(bench, found[name])
    against = {"DataTable": f"DataTable, {_in_the_table(bench):,} rows", "visidata": "visidata"}
    for program, shown in against.items():
        for figure, values in found.get(program, {}).items():
            yield Figure(
                name=figure, ours=median(found["desk"][figure]), against=shown,
                floor=median(values), unit=_UNITS.get(figure, "ms"),
                target=_TARGETS.get((figure, program)),
            )  # fmt: skip


def _in_desk(bench: Bench, found: Found) -> None:
    found["first rows"].append(opening(bench.desk(), (b"S-",)))
    arguments = ("-m", "tui", _FILTER)
    with Terminal.python(*arguments, size=SIZE, env=environment(bench.desk())) as terminal:
        _measure(terminal, found, all_rows=f"{bench.sends:,}")


def _in_table(bench: Bench, found: Found) -> None:
    arguments = ("-m", "tests.benchmarks.table_app", bench.desk(), str(_in_the_table(bench)))
    with Terminal.python(*arguments, size=SIZE) as terminal:
        found["first rows"].append(1000 * terminal.read_until(READY, _PATIENCE))
        _measure(terminal, found, all_rows=READY)


def _in_visidata(bench: Bench, found: Found) -> None:
    with Terminal.start(["vd", "-N", _exported(bench)], size=SIZE) as terminal:
        found["first rows"].append(1000 * terminal.read_until("S-", _PATIENCE))
        _measure(terminal, found, all_rows=f"{bench.sends} rows")


def _measure(terminal: Terminal, found: Found, *, all_rows: str) -> None:
    """Wait for *all_rows* on the screen, then turn pages."""
    found["all rows"].append(1000 * terminal.read_until(all_rows, _PATIENCE))
    terminal.settle(3.0)
    found["memory"].append(memory(terminal.pid))
    found["PageDown"] += [press(terminal, "pagedown") for _ in range(_PAGES)]


def _in_the_table(bench: Bench) -> int:
    return min(bench.sends, _MOST_IN_A_TABLE)


def _exported(bench: Bench) -> Path:
    """Return the CSV of the large desk; it is written once."""
    file = bench.folder / f"desk-{bench.sends}.csv"
    if not file.exists():
        with closing(open_database(bench.desk())) as database:
            desk = Desk(database, "ana", lambda: NOW)
            rows = desk.rows(desk.listing(desk.parse(_FILTER)), _READ_AT_A_TIME)
            write_rows(file, rows, "csv", now=NOW)
    return file

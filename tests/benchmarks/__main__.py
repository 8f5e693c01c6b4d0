"""`python -m tests.benchmarks [--sends N] [NAME…]`: measure, print a table, fail where a promise is broken."""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from tests.benchmarks.commands import commands
from tests.benchmarks.compare import compare
from tests.benchmarks.figures import Bench, Figure
from tests.benchmarks.keys import keys
from tests.benchmarks.meanwhile import meanwhile
from tests.benchmarks.output_bytes import wire
from tests.benchmarks.overrides import overrides
from tests.benchmarks.queries import queries
from tests.benchmarks.report import report
from tests.benchmarks.server import server
from tests.benchmarks.startup import startup
from tests.benchmarks.syncs import syncs
from tests.benchmarks.webhooks import webhooks
from tests.benchmarks.writes import writes

Benchmark = Callable[[Bench], Iterator[Figure]]
BENCHMARKS: Mapping[str, Benchmark] = {
    "startup": startup,
    "commands": commands,
    "keys": keys,
    "wire": wire,
    "overrides": overrides,
    "meanwhile": meanwhile,
    "queries": queries,
    "report": report,
    "writes": writes,
    "webhooks": webhooks,
    "syncs": syncs,
    "server": server,
    "compare": compare,
}
PAIRS = 9


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmarks and return the exit code: 1 when a promise is broken."""
    given = _arguments(arguments)
    with TemporaryDirectory(prefix="senddesk-") as passing:
        folder = given.keep or Path(passing)
        folder.mkdir(parents=True, exist_ok=True)
        bench = Bench(given.sends, given.pairs, folder, given.database)
        figures = [
            figure for name in given.names for figure in _told(name, BENCHMARKS[name](bench))
        ]
    Console().print(table(figures, given.sends, given.pairs))
    return 0 if all(figure.met for figure in figures) else 1


def table(figures: Sequence[Figure], sends: int, pairs: int) -> Table:
    """Return the table of *figures*."""
    title = f"{sends:,} sends, medians of {pairs} interleaved pairs"
    shown = Table("figure", "against", title=title)
    for heading in ("ours", "floor", "ratio", "target"):
        shown.add_column(heading, justify="right")
    shown.add_column("")
    for each in figures:
        target, verdict = "", ""
        if each.target is not None:
            target = f"{'≥' if each.more_is_better else '≤'} {each.target:g}"
            verdict = "[green]met[/]" if each.met else "[red]missed[/]"
        sides = (f"{side:,.4g} {each.unit}" for side in (each.ours, each.floor))
        shown.add_row(each.name, each.against, *sides, f"{each.ratio:.2f}", target, verdict)
    return shown


def _told(name: str, figures: Iterator[Figure]) -> Iterator[Figure]:
    """Yield *figures*, and say on stderr which is there: a large desk takes its time."""
    for each in figures:
        sys.stderr.write(f"{name}: {each.name} / {each.against}: {each.ratio:.2f}\n")
        yield each


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--sends", type=int, default=20_000, help="sends of the large desk")
    parser.add_argument("--pairs", type=int, default=PAIRS, help="measurements of each side")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep the made-up desks there")
    parser.add_argument("--database", metavar="URL", help="postgresql://… of a desk, for server")
    given = parser.parse_args(arguments)
    if unknown := set(given.names) - BENCHMARKS.keys():
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    if "server" in given.names and not given.database:
        parser.error("server needs --database")
    given.names = given.names or [name for name in BENCHMARKS if name != "server" or given.database]
    return given


if __name__ == "__main__":
    sys.exit(main())

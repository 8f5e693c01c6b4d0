"""How fast a key shows in the list and what it costs on the wire, beside Textual's DataTable.

Run `python -m tests.benchmarks.list_paint`. Three programs run on terminals of 120x24 in turns: the
list with a million rows, the list with a thousand, a DataTable with a thousand. A time is that from a
key to the frame it brings, written at once; bytes are all that the terminal is sent for it.
"""

import argparse
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median
from time import perf_counter

from textual.app import App, ComposeResult
from textual.widgets import DataTable

from models.records import SendRecord
from tests.sample_cases import NOW, sample_send
from tests.terminal import Terminal
from tui.safety.safe_app import SafeApp
from tui.themes import THEMES
from tui.widgets.send_list import SendList

SIZE = (120, 24)
PAGE = SIZE[1] - 1
PROGRAMS = {
    "list 1M": ("list", 1_000_000),
    "list 1k": ("list", 1_000),
    "table 1k": ("table", 1_000),
}
_STATUSES = ("order_received", "fulfillment_issue", "shipped", "delivered", "undeliverable")


def made(number: int) -> SendRecord:
    """Return a send that differs from its neighbours in every column."""
    return sample_send()._replace(
        id=number,
        ref=f"S-{number:07}",
        status=_STATUSES[number % len(_STATUSES)],
        recipient_name=f"Recipient {number * 7919 % 100_000}",
        company=f"Company {number * 31 % 977}",
        since=NOW - timedelta(hours=number % 900),
        due_at=NOW - timedelta(hours=number % 300 - 100) if number % 3 else None,
    )


@dataclass(frozen=True, slots=True)
class Made:
    """Rows that are made when they are asked for."""

    total: int

    def window(self, start: int, count: int) -> tuple[SendRecord, ...]:
        """Return up to *count* rows from *start* on."""
        return tuple(map(made, range(start, min(start + count, self.total))))


class Ours(SafeApp):
    """The list with *total* rows, in an app like the desk."""

    def __init__(self, total: int) -> None:
        super().__init__()
        self.register_theme(THEMES[0])
        self.theme = THEMES[0].name
        self.total = total

    def compose(self) -> ComposeResult:
        """Show the list."""
        yield SendList(ThreadPoolExecutor(1), lambda: NOW)

    def on_mount(self) -> None:
        """Give the list its rows."""
        self.query_one(SendList).replace(Made(self.total), self.total)


class Theirs(App[None]):
    """A DataTable with *total* rows, in an app as Textual has it."""

    def __init__(self, total: int) -> None:
        super().__init__()
        self.total = total

    def compose(self) -> ComposeResult:
        """Show the table."""
        yield DataTable(cursor_type="row")

    def on_mount(self) -> None:
        """Give the table its rows."""
        table = self.query_one(DataTable)
        table.add_columns("Due", "Status", "Recipient", "Company", "Campaign", "Age", "Owner", "Id")
        for send in Made(self.total).window(0, self.total):
            due, age = str(send.due_at), str(NOW - send.since)
            cells = (send.status, send.recipient_name, send.company, send.campaign)
            table.add_row(due[:10], *cells, age[:6], send.owner, send.ref)


@dataclass
class Figures:
    """What one key took in one program."""

    milliseconds: list[float] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)


def press(terminal: Terminal, key: str, brings: int, figures: Figures) -> None:
    """Press *key* and note how long its frame took to come, which shows the row *brings*."""
    before = len(terminal.raw)
    pressed = perf_counter() - terminal.started
    terminal.press(key)
    arrived = terminal.read_until(lambda seen: len(seen.raw) > before)
    terminal.settle(0.05)
    terminal.read_until(f"S-{brings:07}")
    figures.milliseconds.append((arrived - pressed) * 1000)
    figures.sent.append(len(terminal.raw) - before)


def rounds(number: int) -> Iterator[tuple[str, int]]:
    """Yield keys with the row that each brings, counted from the first row in view."""
    at = 0
    for _ in range(number):
        at += 1
        yield "down", at
        at += PAGE
        yield "pagedown", at


def measure(number: int) -> dict[tuple[str, str], Figures]:
    """Run the programs side by side, press each key in all of them in turn."""
    figures: dict[tuple[str, str], Figures] = {}
    with ExitStack() as stack:
        terminals = {}
        for name, (widget, total) in PROGRAMS.items():
            argv = ("-m", "tests.benchmarks.list_paint", "--app", widget, "--rows", str(total))
            terminals[name] = stack.enter_context(Terminal.python(*argv, size=SIZE))
            terminals[name].read_until("S-0000000")
            terminals[name].settle()
        for key, row in rounds(number):
            for name, terminal in terminals.items():
                press(terminal, key, row, figures.setdefault((key, name), Figures()))
    return figures


def report(figures: dict[tuple[str, str], Figures]) -> None:
    """Print medians and their ratios."""
    print(f"{'key':10}{'program':10}{'ms':>8}{'bytes':>8}")  # noqa: T201
    middle = {}
    for (key, name), found in figures.items():
        middle[key, name] = median(found.milliseconds)
        print(f"{key:10}{name:10}{middle[key, name]:8.1f}{median(found.sent):8.0f}")  # noqa: T201
    for key in ("down", "pagedown"):
        for floor in ("list 1k", "table 1k"):
            ratio = middle[key, "list 1M"] / middle[key, floor]
            print(f"{key}: list 1M / {floor} = {ratio:.2f}")  # noqa: T201


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--app", choices=["list", "table"])
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=15)
    given = parser.parse_args()
    if given.app:
        (Ours if given.app == "list" else Theirs)(given.rows).run()
    else:
        report(measure(given.rounds))

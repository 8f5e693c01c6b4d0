"""A progress bar on stderr for long work, shown only on a terminal."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_SAID_EVERY = 10.0
"""Seconds between two lines about progress where no bar can be drawn."""


@contextmanager
def progress(title: str, total: int, *, long: int) -> Iterator[Callable[[int], None]]:
    """Give a function that is called with how much of *total* is done.

    Args:
        title: What is being done.
        total: How much there is to do.
        long: A smaller *total* than this shows no bar.
    """
    from tui.commands.table_printer import PlainConsole

    console = PlainConsole(stderr=True)
    if total < long or not console.is_terminal:
        yield lambda done: None
        return
    from rich.progress import BarColumn, Progress, RenderableColumn, TaskProgressColumn
    from rich.text import Text

    from tui.commands.output import shown

    columns = (RenderableColumn(Text(shown(title))), BarColumn(), TaskProgressColumn())
    # What is printed meanwhile is data: it goes where it was sent, not above the bar.
    with Progress(*columns, console=console, transient=True, redirect_stdout=False) as bar:
        task = bar.add_task("", total=total)
        yield lambda done: bar.update(task, completed=done)


@contextmanager
def counting(title: str) -> Iterator[Callable[[str, int, int | None], None]]:
    """Give a function that is called with what is counted, how many are done, and of how many if known.

    On a terminal that is a bar, elsewhere a line on stderr now and then.

    Args:
        title: Of what they are counted.
    """
    from tui.commands.output import say, shown
    from tui.commands.table_printer import PlainConsole

    console = PlainConsole(stderr=True)
    if not console.is_terminal:
        said = time.monotonic()

        def tell(what: str, done: int, total: int | None) -> None:
            nonlocal said
            if time.monotonic() - said >= _SAID_EVERY:
                said = time.monotonic()
                say(f"{title}: {what} {done:,}{f' of {total:,}' if total is not None else ''}")

        yield tell
        return
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    columns = (TextColumn("{task.fields[said]}", markup=False), BarColumn(), TaskProgressColumn())
    with Progress(*columns, console=console, transient=True, redirect_stdout=False) as bar:
        task = bar.add_task("", total=None, said=shown(title))

        def draw(what: str, done: int, total: int | None) -> None:
            known = f"{shown(title)}: {what} {done:,}"
            known += f" of {total:,}" if total is not None else ""
            bar.update(task, said=known, completed=done, total=total)

        yield draw

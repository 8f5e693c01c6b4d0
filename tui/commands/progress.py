"""A progress bar on stderr for long work, shown only on a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


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

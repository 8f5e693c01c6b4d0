"""A bar on stderr for what takes long, where a person is watching."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress(title: str, total: int, *, long: int) -> Iterator[Callable[[int], None]]:
    """Give what is told how much of *total* is done.

    Args:
        title: What takes so long.
        total: How much there is to do.
        long: From how much on it takes long; less is not worth a bar.
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

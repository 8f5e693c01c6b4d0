"""On a real terminal the desk sends little for a key, and what it leaves out was there already."""

import shutil
from pathlib import Path

import pytest

from tests.benchmarks.output_bytes import bytes_for, bytes_for_move, desk
from tests.support.terminal import Terminal

WALK = ("j", "j", "pagedown", "end", "k", "?", "escape", "f", "escape", "s", "escape", "home")
SIZES = ((80, 24), (140, 38), (200, 60))
"""Each is laid out in another way."""
PROMISED = SIZES[:2]
"""The sizes at which a move and a page are small."""
TABS = ("]", "]")
"""Where the case is not shown they only bring a message, which would go while we look."""


@pytest.fixture(scope="module")
def desk_file(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copy(demo_file, tmp_path_factory.mktemp("renderer") / "desk.db"))


def painted(terminal: Terminal) -> list[list[tuple[str, str, str, bool]]]:
    """Return every cell of the screen with its colours."""
    buffer, columns = terminal.screen.buffer, range(terminal.screen.columns)
    return [
        [(cell.data, cell.fg if cell.data.strip() else "", cell.bg, cell.reverse) for cell in cells]
        for cells in ([buffer[row][at] for at in columns] for row in range(terminal.screen.lines))
    ]


def repaint(terminal: Terminal) -> None:
    """Have everything painted again, as nothing is known of a terminal that was resized."""
    columns, rows = terminal.screen.columns, terminal.screen.lines
    terminal.resize(columns + 1, rows)
    terminal.settle()
    terminal.resize(columns, rows)
    terminal.settle()


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_key_brings_little_and_what_was_left_out_was_there_already(
    desk_file: Path, size: tuple[int, int]
) -> None:
    with desk(desk_file, size) as terminal:
        moves = sorted(bytes_for_move(terminal, "j") for _ in range(9))
        pages = sorted(bytes_for(terminal, "pagedown") for _ in range(3))
        if size in PROMISED:
            assert moves[4] < 1200
            assert pages[1] < 4000
        terminal.press("home")
        for key in (*WALK, *TABS) if size[0] > 100 else WALK:
            terminal.press(key)
            terminal.settle()
        before = painted(terminal)
        repaint(terminal)
        assert painted(terminal) == before


def test_r_paints_over_what_another_program_left(desk_file: Path) -> None:
    with desk(desk_file, (120, 40)) as terminal:
        terminal.settle()
        before = painted(terminal)
        terminal.screen.erase_in_display(2)
        assert painted(terminal) != before

        terminal.press("r")
        terminal.settle()

        assert painted(terminal) == before

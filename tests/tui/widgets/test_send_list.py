"""The list on a real screen: what it shows, what its keys do, whom its cursor and marks belong to."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.events import MouseScrollDown, MouseScrollUp
from textual.geometry import Region
from wcwidth import wcswidth

from models.errors import DeskError, DeskUnavailable
from models.records import SendRecord
from tests.support.hostile import HOSTILE
from tests.support.limit import LIMIT
from tests.support.pilot import SteadyPilot, running
from tests.support.sample_cases import NOW, sample_send
from tui.style.themes import THEMES
from tui.widgets.sends.columns import LIST_COLUMNS
from tui.widgets.sends.rows_view import PATIENCE
from tui.widgets.sends.send_list import MOST_MARKED_AT_ONCE, SendList

SIZES = [(80, 24), (120, 40), (200, 60)]
MANY = 1_000_000


def made(number: int, **changes: object) -> SendRecord:
    limit = timedelta(hours=(number * 7) % 300 - 100)
    kept: dict[str, object] = {"due_at": NOW - limit, "since": NOW - timedelta(hours=number % 900)}
    send = sample_send(id=number, ref=f"S-{number}", external_id=str(number))
    return send._replace(**(kept | changes))  # type: ignore[arg-type]


class Tuple:
    """Rows that are all in memory."""

    def __init__(self, rows: tuple[SendRecord, ...]) -> None:
        self.rows = rows

    def window(self, start: int, count: int) -> tuple[SendRecord, ...]:
        return self.rows[start : start + count]


class Endless:
    """A million rows, each made when it is asked for; `gate` holds them back while it is closed."""

    def __init__(self, first: int = 0) -> None:
        self.first = first
        self.gate = threading.Event()
        self.gate.set()
        self.asked: list[int] = []

    def window(self, start: int, count: int) -> tuple[SendRecord, ...]:
        self.asked.append(start)
        assert self.gate.wait(LIMIT)
        return tuple(made(self.first + at) for at in range(start, min(start + count, MANY)))


class Held:
    """Rows of which the first come only while `gate` is open."""

    def __init__(self, rows: Tuple) -> None:
        self.rows = rows
        self.gate = threading.Event()

    def window(self, start: int, count: int) -> tuple[SendRecord, ...]:
        assert start or self.gate.wait(LIMIT)
        return self.rows.window(start, count)


class Broken:
    """Rows whose database went away."""

    def window(self, start: int, count: int) -> tuple[SendRecord, ...]:
        raise DeskUnavailable("The database cannot be reached.")


class Desk(App[None]):
    """Nothing but a list; what it posts is noted."""

    CSS = "Screen { background: $background; }"

    def __init__(self, executor: ThreadPoolExecutor, *, ascii_only: bool = False) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name
        self.sends = SendList(executor, lambda: NOW, ascii=ascii_only, id="sends")
        self.sends.patience = LIMIT
        self.moved: list[int | None] = []
        self.opened: list[int] = []
        self.marked: list[int] = []
        self.too_long: list[int] = []
        self.failed: list[DeskError] = []

    def compose(self) -> ComposeResult:
        yield self.sends

    def on_send_list_moved(self, message: SendList.Moved) -> None:
        self.moved.append(message.send.id if message.send else None)

    def on_send_list_opened(self, message: SendList.Opened) -> None:
        self.opened.append(message.send.id)

    def on_send_list_marked(self, message: SendList.Marked) -> None:
        self.marked.append(message.count)

    def on_send_list_range_too_long(self, message: SendList.RangeTooLong) -> None:
        self.too_long.append(message.count)

    def on_send_list_failed(self, message: SendList.Failed) -> None:
        self.failed.append(message.error)


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


@pytest.fixture
def desk(executor: ThreadPoolExecutor) -> Desk:
    return Desk(executor)


def text(sends: SendList) -> list[str]:
    """Return what the list shows, line by line."""
    return [line.text for line in sends.render_lines(Region(0, 0, *sends.size))]


async def read_all(desk: Desk, executor: ThreadPoolExecutor, pilot: SteadyPilot) -> None:
    """Wait until everything that was asked is read and taken."""
    executor.submit(int).result(LIMIT)
    await pilot.pause()
    executor.submit(int).result(LIMIT)
    await pilot.pause()


@pytest.mark.parametrize("size", [*SIZES, (50, 20), (60, 24)])
@pytest.mark.parametrize("ascii_only", [False, True])
async def test_hostile_rows_keep_every_line_in_its_place(
    executor: ThreadPoolExecutor, size: tuple[int, int], ascii_only: bool
) -> None:
    names = list(HOSTILE.values())
    nasty = tuple(
        made(at, recipient_name=name, company=name, campaign=name, owner=name, ref=name, provider_raw=name,
             status="unmapped" if at % 2 else "order_received")
        for at, name in enumerate(names)
    )  # fmt: skip
    desk = Desk(executor, ascii_only=ascii_only)
    async with running(desk, size=size):
        desk.sends.replace(Tuple(nasty), len(nasty))
        for _ in range(len(nasty) // (size[1] - 1) + 1):
            desk.sends.action_page(1)
            for line in text(desk.sends):
                assert cell_len(line) == size[0]
                assert not any(ord(letter) < 32 or 0x7F <= ord(letter) < 0xA0 for letter in line)


@pytest.mark.parametrize("size", SIZES)
async def test_wide_letters_stay_in_their_columns(desk: Desk, size: tuple[int, int]) -> None:
    names = [
        "日本 太郎",
        "Ahmed",
        "👩\u200d👩\u200d👧 Nordmann",
        "김민준 회장님 안녕하세요",
        "e\u0301" * 40,
        "🇩🇪❤\ufe0f👍🏽",
    ]
    rows = tuple(made(at, recipient_name=name, company=name) for at, name in enumerate(names))
    async with running(desk, size=size) as pilot:
        desk.sends.replace(Tuple(rows), len(rows))
        await pilot.pause()
        lines = text(desk.sends)[1 : len(rows) + 1]
        assert {cell_len(line) for line in lines} == {wcswidth(line) for line in lines} == {size[0]}
        assert len({wcswidth(line[: line.index("S-")]) for line in lines}) == 1


@pytest.mark.parametrize("size", SIZES)
async def test_keys_move_through_a_million(desk: Desk, size: tuple[int, int]) -> None:
    page = size[1] - 1
    last = MANY - 1
    async with running(desk, size=size) as pilot:
        desk.sends.focus()
        desk.sends.replace(Endless(), MANY)
        for key, index in [
            ("j", 1), ("down", 2), ("k", 1), ("up", 0), ("up", 0),
            ("pagedown", page), ("ctrl+d", page + page // 2), ("ctrl+u", page), ("pageup", 0), ("pageup", 0),
            ("G", last), ("j", last), ("pageup", last - page), ("g", 0), ("end", last), ("home", 0),
        ]:  # fmt: skip
            await pilot.press(key)
            assert desk.sends.cursor_index == index
            assert desk.sends.cursor_send == made(index)
            assert f"S-{index} " in next(line for line in text(desk.sends) if line[0] == "▌")


async def test_the_last_page_is_full_and_the_thumb_shows_the_place(desk: Desk) -> None:
    async with running(desk, size=(80, 24)) as pilot:
        desk.sends.replace(Endless(), MANY)
        bars = []
        for index in (0, MANY // 2, MANY - 1):
            desk.sends.jump(index)
            await pilot.pause()
            bars.append([line[-1] for line in text(desk.sends)].index("▐"))
        assert bars == [1, 12, 23]
        assert [line.split()[-1] for line in text(desk.sends)[1:-1]] == [
            f"S-{number}" for number in range(MANY - 23, MANY - 1)
        ]


async def test_a_jump_reads_three_windows_and_a_way_back_none(
    desk: Desk, executor: ThreadPoolExecutor
) -> None:
    rows = Endless()
    async with running(desk, size=(80, 24)) as pilot:
        desk.sends.replace(rows, MANY)
        await read_all(desk, executor, pilot)
        assert rows.asked == [0, 200]
        desk.sends.jump(500_100)
        await read_all(desk, executor, pilot)
        assert rows.asked[2:] == [500_000, 499_800, 500_200]
        desk.sends.jump(0)
        await read_all(desk, executor, pilot)
        assert len(rows.asked) == 5


async def test_a_step_paints_two_rows_and_no_more(desk: Desk) -> None:
    async with running(desk, size=(120, 40)) as pilot:
        desk.sends.focus()
        desk.sends.replace(Endless(), MANY)
        await pilot.pause()
        before = [desk.sends.render_line(y) for y in range(40)]
        await pilot.press("j")
        after = [desk.sends.render_line(y) for y in range(40)]
        assert [y for y in range(40) if before[y] is not after[y]] == [1, 2]


async def test_the_cursor_stays_on_its_send_when_rows_come_and_go(desk: Desk) -> None:
    rows = tuple(made(number) for number in range(3000))
    fewer = tuple(row for row in rows if row.id % 3 == 0)
    async with running(desk, size=(80, 24)) as pilot:
        desk.sends.replace(Tuple(rows), len(rows))
        desk.sends.jump(1500)
        await pilot.pause()
        height = next(y for y, line in enumerate(text(desk.sends)) if line[0] == "▌")

        more = (*(made(number) for number in range(9000, 9040)), *rows)
        desk.sends.replace(Tuple(more), len(more), position=lambda send_id: send_id + 40)
        await pilot.pause()
        assert (desk.sends.cursor_index, desk.sends.cursor_send) == (1540, made(1500))
        assert text(desk.sends)[height].startswith("▌")
        assert "S-1500 " in text(desk.sends)[height]

        desk.sends.replace(Tuple(fewer), len(fewer), position=lambda send_id: send_id // 3)
        assert (desk.sends.cursor_index, desk.sends.cursor_send) == (500, made(1500))
        desk.sends.replace(Tuple(rows), len(rows), keep=False)
        await pilot.pause()
        assert (desk.sends.cursor_index, desk.sends.cursor_send) == (0, made(0))


async def test_without_a_position_the_surroundings_are_searched(desk: Desk) -> None:
    rows = tuple(made(number) for number in range(1000))
    async with running(desk, size=(80, 24)) as pilot:
        desk.sends.replace(Tuple(rows), len(rows))
        desk.sends.jump(600)
        desk.sends.replace(Tuple(rows[150:]), 850)
        await pilot.pause()
        assert (desk.sends.cursor_index, desk.sends.cursor_send) == (450, made(600))


async def test_a_send_that_is_gone_leaves_the_cursor_at_its_place(desk: Desk) -> None:
    rows = tuple(made(number) for number in range(100))
    async with running(desk, size=(80, 24)) as pilot:
        desk.sends.replace(Tuple(rows), len(rows))
        desk.sends.jump(50)
        left = tuple(row for row in rows if row.id != 50)
        desk.sends.replace(Tuple(left), len(left), position=lambda _: None)
        await pilot.pause()
        assert (desk.sends.cursor_index, desk.sends.cursor_send) == (50, made(51))
        desk.sends.replace(Tuple(rows[:10]), 10, position=lambda _: None)
        await pilot.pause()
        assert (desk.sends.cursor_index, desk.sends.cursor_send) == (9, made(9))
        desk.sends.replace(Tuple(()), 0)
        await pilot.pause()
        assert desk.sends.cursor_send is None
        assert desk.moved[-3:] == [51, 9, None]


async def test_a_newer_state_of_the_send_is_told(desk: Desk) -> None:
    rows = tuple(made(number) for number in range(10))
    async with running(desk) as pilot:
        desk.sends.replace(Tuple(rows), 10)
        await pilot.pause()
        newer = rows[0]._replace(revision=9, owner="raj")
        desk.sends.replace(Tuple((newer, *rows[1:])), 10, position=lambda _: 0)
        await pilot.pause()
        assert desk.sends.cursor_send == newer
        assert desk.moved == [0, 0]


async def test_a_corrected_row_shows_at_once_and_where_it_stands(desk: Desk) -> None:
    rows = Tuple(tuple(made(number) for number in range(50)))
    async with running(desk, size=(120, 24)) as pilot:
        desk.sends.replace(rows, 50)
        desk.sends.jump(3)
        await pilot.pause()
        newer = made(3, status="delivered")

        desk.sends.correct([newer, made(5, status="shipped"), made(99)])

        assert desk.sends.cursor_send == newer
        assert "Delivered" in text(desk.sends)[4]
        assert "Shipped" in text(desk.sends)[6]
        assert desk.sends.cursor_index == 3


async def test_many_moves_in_one_frame_are_told_once(desk: Desk) -> None:
    async with running(desk) as pilot:
        desk.sends.replace(Endless(), MANY)
        await pilot.pause()
        for _ in range(5):
            desk.sends.action_move(1)
        await pilot.pause()
        assert desk.moved == [0, 5]


async def test_advance_goes_on_and_from_the_last_row_back(desk: Desk) -> None:
    rows = tuple(made(number) for number in range(3))
    async with running(desk) as pilot:
        desk.sends.replace(Tuple(rows), 3)
        visited = []
        for _ in range(3):
            desk.sends.advance()
            visited.append(desk.sends.cursor_index)
        assert visited == [1, 2, 1]
        await pilot.pause()


async def test_marks_belong_to_sends(desk: Desk) -> None:
    rows = tuple(made(number) for number in range(1000))
    async with running(desk, size=(80, 24)) as pilot:
        desk.sends.focus()
        desk.sends.replace(Tuple(rows), 1000)
        await pilot.press("space", "space", "j", "space")
        assert desk.sends.cursor_index == 4
        assert [line[1] for line in text(desk.sends)[1:6]] == ["✓", "✓", " ", "✓", " "]
        await pilot.press("end", "home")
        newer = tuple(row._replace(revision=7) for row in rows[1:])
        desk.sends.replace(Tuple(newer), 999)
        await pilot.pause()
        assert [line[1] for line in text(desk.sends)[1:6]] == ["✓", " ", "✓", " ", " "]
        assert [(send.id, send.revision) for send in desk.sends.marked()] == [
            (0, 4),
            (1, 7),
            (3, 7),
        ]
        desk.sends.jump(0)
        await pilot.press("space")
        assert [send.id for send in desk.sends.marked()] == [0, 3]
        await pilot.press("M")
        assert desk.sends.marked() == ()
        assert desk.marked == [1, 2, 3, 2, 0]


async def test_a_range_is_marked_from_its_anchor(desk: Desk, executor: ThreadPoolExecutor) -> None:
    async with running(desk, size=(80, 24)) as pilot:
        desk.sends.focus()
        desk.sends.replace(Endless(), MANY)
        desk.sends.jump(700)
        await pilot.press("v", "k", "k")
        assert [line[1] for line in text(desk.sends)].count("·") == 3
        low = 8
        desk.sends.jump(low)
        await pilot.press("v")
        await read_all(desk, executor, pilot)
        assert {send.id for send in desk.sends.marked()} == set(range(low, 701))
        await pilot.press("M", "v", "end", "v")
        assert desk.sends.marked() == ()
        assert desk.too_long == [MANY - low]
        assert MANY - low > MOST_MARKED_AT_ONCE


async def test_a_range_that_a_verb_ends_is_marked_whole_or_the_verb_is_told(
    desk: Desk, executor: ThreadPoolExecutor
) -> None:
    class GoesAway(Endless):
        def window(self, start: int, count: int) -> tuple[SendRecord, ...]:
            if is_away.is_set():
                raise DeskUnavailable("The database cannot be reached.")
            return super().window(start, count)

    is_away = threading.Event()
    async with running(desk, size=(80, 24)) as pilot:
        desk.sends.focus()
        desk.sends.replace(GoesAway(), MANY)
        await read_all(desk, executor, pilot)
        assert await desk.sends.close_range()
        assert desk.sends.marked() == ()
        await pilot.press("v", "j", "j")
        assert await desk.sends.close_range()
        assert len(desk.sends.marked()) == 3
        await pilot.press("M", "v", "j")
        is_away.set()
        assert not await desk.sends.close_range()
        await pilot.pause()
        assert desk.sends.marked() == ()
        assert len(desk.failed) == 1


async def test_marking_from_outside_counts_too(desk: Desk) -> None:
    async with running(desk) as pilot:
        desk.sends.replace(Endless(), MANY)
        desk.sends.mark_sends([made(5), made(777_777)])
        await pilot.pause()
        assert [send.id for send in desk.sends.marked()] == [5, 777_777]
        assert desk.marked == [2]


async def test_enter_and_a_click_on_the_cursor_open(desk: Desk) -> None:
    async with running(desk, size=(80, 24)) as pilot:
        desk.sends.focus()
        await pilot.press("enter")
        desk.sends.replace(Endless(), MANY)
        await pilot.press("enter")
        await pilot.click("#sends", offset=(20, 6))
        assert (desk.sends.cursor_index, desk.opened) == (5, [0])
        await pilot.click("#sends", offset=(30, 6))
        await pilot.click("#sends", offset=(30, 0))
        assert (desk.sends.cursor_index, desk.opened) == (5, [0, 5])


async def test_the_scrollbar_goes_where_it_is_taken(desk: Desk) -> None:
    async with running(desk, size=(80, 24)) as pilot:
        desk.sends.replace(Endless(), MANY)
        await pilot.click("#sends", offset=(79, 23))
        assert f"S-{MANY - 1} " in text(desk.sends)[-1]
        assert desk.sends.cursor_index == MANY - 23
        await pilot.mouse_down("#sends", offset=(79, 12))
        await pilot.hover("#sends", offset=(79, 1))
        await pilot.mouse_up("#sends", offset=(79, 1))
        assert "S-0 " in text(desk.sends)[1]
        assert desk.opened == []


async def test_the_wheel_scrolls_and_the_cursor_stays_in_view(desk: Desk) -> None:
    async with running(desk, size=(80, 24)) as pilot:
        desk.sends.replace(Endless(), MANY)
        desk.sends.post_message(MouseScrollDown(desk.sends, 10, 10, 0, 0, 0, False, False, False))
        await pilot.pause()
        assert (text(desk.sends)[1][0], desk.sends.cursor_index) == ("▌", 3)
        desk.sends.post_message(MouseScrollUp(desk.sends, 10, 10, 0, 0, 0, False, False, False))
        await pilot.pause()
        assert (text(desk.sends)[4][0], desk.sends.cursor_index) == ("▌", 3)


async def test_rows_that_are_late_are_held_by_an_ellipsis(
    desk: Desk, executor: ThreadPoolExecutor
) -> None:
    rows = Endless()
    async with running(desk, size=(80, 24)) as pilot:
        desk.sends.replace(rows, MANY)
        await read_all(desk, executor, pilot)
        rows.gate.clear()
        desk.sends.patience = PATIENCE
        desk.sends.jump(400_000)
        await pilot.pause()
        assert {line.strip(" ▌▐") for line in text(desk.sends)[1:]} == {"…"}
        assert desk.sends.cursor_send is None
        rows.gate.set()
        await read_all(desk, executor, pilot)
        assert desk.sends.cursor_send == made(400_000)
        assert not any(line.strip(" ▌▐") == "…" for line in text(desk.sends))
        assert desk.moved == [0, 400_000]


async def test_an_answer_to_an_older_list_is_dropped(
    desk: Desk, executor: ThreadPoolExecutor
) -> None:
    slow = Endless(first=5_000_000)
    slow.gate.clear()
    desk.sends.patience = PATIENCE
    async with running(desk, size=(80, 24)) as pilot:
        desk.sends.replace(slow, MANY)
        desk.sends.replace(Endless(), MANY)
        slow.gate.set()
        await read_all(desk, executor, pilot)
        assert desk.sends.cursor_send == made(0)
        assert "S-1 " in text(desk.sends)[2]
        assert slow.asked == [0]


async def test_what_was_shown_stays_until_the_new_rows_are_read(
    desk: Desk, executor: ThreadPoolExecutor
) -> None:
    slow = Endless(first=50)
    slow.gate.clear()
    desk.sends.patience = PATIENCE
    async with running(desk, size=(80, 24)) as pilot:
        desk.sends.replace(Endless(), MANY)
        await read_all(desk, executor, pilot)
        desk.sends.jump(7)
        desk.sends.replace(slow, MANY, position=lambda _: None)
        assert "S-7 " in text(desk.sends)[8]
        slow.gate.set()
        await read_all(desk, executor, pilot)
        assert "S-57 " in text(desk.sends)[8]
        assert desk.sends.cursor_send == made(57)


async def test_a_move_while_the_send_is_sought_wins(
    desk: Desk, executor: ThreadPoolExecutor
) -> None:
    found = threading.Event()

    def late(send_id: int) -> int:
        assert found.wait(LIMIT)
        return 900

    async with running(desk, size=(80, 24)) as pilot:
        desk.sends.replace(Endless(), MANY)
        desk.sends.jump(5)
        desk.sends.patience = PATIENCE
        desk.sends.replace(Endless(), MANY, position=late)
        desk.sends.action_move(1)
        found.set()
        await read_all(desk, executor, pilot)
        assert (desk.sends.cursor_index, desk.sends.cursor_send) == (6, made(6))


async def test_a_failure_is_told_and_the_next_movement_tries_again(
    desk: Desk, executor: ThreadPoolExecutor
) -> None:
    async with running(desk, size=(80, 24)) as pilot:
        desk.sends.replace(Broken(), 1000)
        await read_all(desk, executor, pilot)
        assert {str(error) for error in desk.failed} == {"The database cannot be reached."}
        assert desk.sends.cursor_send is None
        desk.sends.replace(Endless(), MANY)
        await read_all(desk, executor, pilot)
        assert desk.sends.cursor_send == made(0)


async def test_the_total_may_become_known_later(desk: Desk, executor: ThreadPoolExecutor) -> None:
    async with running(desk, size=(80, 24)) as pilot:
        desk.sends.replace(Endless(), 10)
        desk.sends.jump(9)
        desk.sends.total = 1000
        await read_all(desk, executor, pilot)
        assert "S-22 " in text(desk.sends)[23]
        assert desk.sends.cursor_index == 9
        desk.sends.total = 5
        assert (desk.sends.cursor_index, desk.sends.cursor_send) == (4, made(4))


async def test_narrow_rows_take_two_lines_and_move_as_one(desk: Desk) -> None:
    async with running(desk, size=(50, 21)) as pilot:
        desk.sends.focus()
        desk.sends.replace(Endless(), MANY)
        await pilot.press("pagedown", "j")
        assert desk.sends.cursor_index == 11
        lines = [line for line in text(desk.sends) if line[0] == "▌"]
        assert "Order Received" in lines[0]
        assert "S-11 " in lines[0]
        assert "Priya Raman" in lines[1]
        await pilot.resize_terminal(80, 24)
        assert len([line for line in text(desk.sends) if line[0] == "▌"]) == 1
        assert desk.sends.cursor_send == made(11)


async def test_columns_scroll_and_can_be_chosen(desk: Desk) -> None:
    async with running(desk, size=(80, 24)) as pilot:
        desk.sends.focus()
        desk.sends.replace(Endless(), MANY)
        desk.sends.show_sort("due")
        assert text(desk.sends)[0].split()[:2] == ["Due", "↑"]
        await pilot.press("l", "right")
        assert "Campaign" in text(desk.sends)[0]
        assert "Recipient" in text(desk.sends)[0]
        assert "Onboarding kit" in text(desk.sends)[1]
        desk.sends.action_scroll_columns(len(LIST_COLUMNS))
        assert "Platform" in text(desk.sends)[0]
        await pilot.press("h", "left")
        desk.sends.action_scroll_columns(-len(LIST_COLUMNS))
        assert "Platform" not in text(desk.sends)[0]
        desk.sends.set_columns(["id", "campaign"])
        desk.sends.show_sort(None)
        assert text(desk.sends)[0].split() == ["Id", "Campaign"]


async def test_ascii_is_all_that_an_ascii_list_draws(executor: ThreadPoolExecutor) -> None:
    desk = Desk(executor, ascii_only=True)
    async with running(desk, size=(200, 24)) as pilot:
        desk.sends.focus()
        desk.sends.replace(Endless(), MANY)
        desk.sends.show_sort("due")
        await pilot.press("space", "v", "j")
        assert "".join(text(desk.sends)).isascii()
        assert "?" not in "".join(text(desk.sends))


async def test_an_empty_list_says_why(desk: Desk) -> None:
    async with running(desk, size=(40, 10)) as pilot:
        desk.sends.show_notice("No sends match \x1b[31m`is:over`.\nF clears the filter.")
        await pilot.pause()
        lines = [line.strip() for line in text(desk.sends)]
        assert lines[2:4] == ["No sends match ␛[31m`is:over`.", "F clears the filter."]
        await pilot.press("j", "k", "G", "pagedown", "space", "v", "enter", "h")
        assert (desk.opened, desk.marked) == ([], [])


@pytest.mark.parametrize("theme", [theme.name for theme in THEMES])
async def test_cursor_struck_and_waiting_rows_look_different(desk: Desk, theme: str) -> None:
    def looks() -> list[tuple[object, object, object]]:
        styles = [
            segment.style for y in (1, 2, 3) for segment in list(desk.sends.render_line(y))[:1]
        ]
        return [(style.bgcolor, style.bold, style.strike) for style in styles if style]

    async with running(desk, size=(80, 24)) as pilot:
        desk.theme = theme
        desk.sends.replace(Endless(), MANY)
        desk.sends.dim([1])
        desk.screen.set_focus(None)
        await pilot.pause()
        blurred = looks()
        assert [bool(strike) for _, _, strike in blurred] == [False, True, False]
        desk.sends.focus()
        await pilot.pause()
        focused = looks()
        # Of the terminal's own colours none is a shade between those of the list and the cursor: bold stands in.
        compared = slice(0, 2 if desk.current_theme.ansi else 1)
        assert len({look[compared] for look in (blurred[0], focused[0], focused[1])}) == 3
        text_styles = {
            segment.style.color for segment in desk.sends.render_line(3) if segment.style
        }
        desk.sends.busy = True
        faded = {segment.style.color for segment in desk.sends.render_line(3) if segment.style}
        assert len(text_styles) > len(faded) == 1


async def test_a_row_of_the_list_before_does_not_take_the_cursor_with_it(
    desk: Desk, executor: ThreadPoolExecutor
) -> None:
    rows = tuple(made(number) for number in range(1200))
    held = Held(Tuple(rows[::-1]))
    async with running(desk, size=(80, 24)) as pilot:
        desk.sends.focus()
        desk.sends.replace(Tuple(rows), len(rows))
        await read_all(desk, executor, pilot)
        desk.sends.patience = PATIENCE
        desk.sends.replace(held, len(rows), position=lambda send_id: len(rows) - 1 - send_id)
        await pilot.pause()
        held.gate.set()
        await read_all(desk, executor, pilot)
        assert (desk.sends.cursor_index, desk.sends.cursor_send) == (1199, made(0))

        held.gate.clear()
        await pilot.press("g")
        held.gate.set()
        await read_all(desk, executor, pilot)
        assert (desk.sends.cursor_index, desk.sends.cursor_send) == (0, made(1199))

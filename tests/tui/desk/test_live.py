"""What others write meanwhile: nothing moves under the agent's fingers."""

from pathlib import Path

from tests.support.app_driver import colleague, desk_open


async def test_a_send_that_leaves_the_filter_stays_until_the_cursor_leaves_it(
    demo_copy: Path,
) -> None:
    other = colleague(demo_copy)
    async with desk_open(demo_copy) as d:
        await d.press("j", "j")
        here, row, before = d.send, d.lines[2], d.count
        other.done(other.find(here.ref))
        await d.until(lambda: d.left_filter == here.id)
        await d.settle()

        assert d.send.id == here.id
        assert here.ref in d.lines[2]
        assert d.lines[2].split()[1:3] == row.split()[1:3]
        assert d.case.send.snooze == "done"
        assert d.count == before

        await d.press("j")
        await d.until(lambda: d.count == before - 1)

        assert here.ref not in "\n".join(d.lines)
        assert d.left_filter is None
    other.database.close()


async def test_sends_that_come_and_go_above_leave_the_cursor_where_it_is(demo_copy: Path) -> None:
    other = colleague(demo_copy)
    async with desk_open(demo_copy) as d:
        await d.press("j", "j", "j")
        here, top = d.send, d.lines[0]
        other.done(other.find(next(word for word in top.split() if word.startswith("S-"))))
        await d.until(lambda: d.count == 44)
        await d.settle()

        assert d.send.id == here.id
        assert d.send_list.cursor_index == 2
        assert top not in d.lines
    other.database.close()

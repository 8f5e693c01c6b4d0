"""What others write meanwhile: nothing moves under the agent's fingers."""

from pathlib import Path

from tests.support.app_driver import colleague, desk_open


async def test_a_send_that_leaves_the_filter_stays_until_the_cursor_leaves_it(
    demo_copy: Path,
) -> None:
    other = colleague(demo_copy)
    async with desk_open(demo_copy) as d:
        await d.press("j", "j")
        here, before = d.send, d.count
        other.done(other.find(here.ref))
        await d.until(lambda: d.left_filter == here.id)
        await d.settle()

        assert d.send.id == here.id
        assert here.ref in d.lines[2]
        assert "✓ done" in d.lines[2]
        assert d.send.snooze == "done"
        assert d.case.send == d.send
        assert d.count == before

        await d.press("j")
        await d.until(lambda: d.count == before - 1)

        assert here.ref not in "\n".join(d.lines)
        assert d.left_filter is None
    other.database.close()


async def test_the_rest_of_the_list_goes_on_around_a_send_that_has_left(demo_copy: Path) -> None:
    other = colleague(demo_copy)
    async with desk_open(demo_copy) as d:
        await d.press("j", "j")
        rows = await d.rows()
        here, below = d.send, rows[3]
        other.done(other.find(here.ref))
        await d.until(lambda: d.left_filter == here.id)
        other.done(other.find(rows[0].ref))
        other.override(below, "delivered", "it is there", force=True)
        await d.until(lambda: rows[0].ref not in "\n".join(d.lines))
        await d.settle()

        # The cursor is on its send, which stands below the one that it stood below.
        assert d.send.id == here.id
        assert [rows[1].ref in d.lines[0], here.ref in d.lines[1], rows[4].ref in d.lines[2]] == [
            True
        ] * 3
        assert d.send_list.cursor_index == 1
        assert below.ref not in "\n".join(d.lines)
        assert here.ref in d.struck or any(here.ref in each for each in d.struck)
        assert d.count == len(rows) - 3 + 1

        other.wake(other.find(here.ref))
        await d.until(lambda: d.left_filter is None)
        await d.settle()
        assert d.send.id == here.id
        assert d.send.snooze == ""
    other.database.close()


async def test_a_send_that_has_left_is_changed_as_it_is_now(demo_copy: Path) -> None:
    other = colleague(demo_copy)
    async with desk_open(demo_copy) as d:
        here = d.send
        other.done(other.find(here.ref))
        await d.until(lambda: d.left_filter == here.id)
        await d.settle()
        await d.press("a")
        assert d.at_desk
        assert other.find(here.ref).owner == d.desk.agent
    other.database.close()


async def test_a_note_of_a_colleague_is_no_conflict_and_shows(demo_copy: Path) -> None:
    other = colleague(demo_copy)
    async with desk_open(demo_copy) as d:
        await d.press("s", "f")
        await d.type("it is being packed")
        here = d.send
        other.note(other.find(here.ref), "the warehouse was called")
        await d.press("enter")
        assert d.at_desk
        assert d.said[-1].endswith("u undoes")
        newest, noted, *_ = d.desk.case(here.id).history
        assert (newest.reason, noted.reason) == ("it is being packed", "the warehouse was called")
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

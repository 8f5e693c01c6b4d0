"""Pieces of text that are cut and wrapped to a width."""

from textual.content import Content

from tui.widgets.styled_text import hint_line, hint_lines, justified, safe_text, wrapped_field


def test_a_line_is_cut_on_the_left_before_its_end_is() -> None:
    line = justified(safe_text("Zoë Müller-Łukasiewicz"), safe_text("84.00 USD"), 20)

    assert line.plain.endswith("… 84.00 USD")
    assert line.cell_length == 20


def test_a_wrapped_value_hangs_under_itself_and_says_when_it_is_cut() -> None:
    lines = wrapped_field(
        Content("Because   "), safe_text("one two three four five six"), 20, lines=2
    )

    assert lines[0].plain.startswith("Because   one")
    assert lines[1].plain.startswith(" " * 10)
    assert lines[1].plain.endswith("…")


def test_key_hints_keep_the_last_one_when_room_is_short() -> None:
    pairs = (("s", "status"), ("e", "escalate"), ("?", "help"))

    assert hint_line(pairs, 80).plain == "s status   e escalate   ? help"
    assert hint_line(pairs, 20).plain == "s status   ? help"
    assert hint_line((), 20).plain == ""


def test_key_hints_go_on_in_the_next_line_when_room_is_short() -> None:
    pairs = (("1", "escalate"), ("2", "set Shipped"), ("3", "done"))

    def lines(width: int) -> list[str]:
        return [line.plain for line in hint_lines(pairs, width)]

    assert lines(80) == ["1 escalate   2 set Shipped   3 done"]
    assert lines(26) == ["1 escalate   2 set Shipped", "3 done"]
    assert lines(8) == ["1 escal…", "2 set S…", "3 done"]
    assert hint_lines((), 20) == []

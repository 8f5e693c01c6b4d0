"""A report as text keeps within the width of its page, and says what has no room there."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from models.report.document import Amount, Column, Figure, Section, Table, Value
from tui.style.report_text import section_lines

STATUS = Table(
    "by_status", "By stage and status",
    (
        Column("platform", "Platform"), Column("stage", "Stage"), Column("status", "Status"),
        Column("sends", "Sends"), Column("stuck", "Stuck"), Column("before", "Before"),
        Column("longest", "Longest"), Column("young", "<1d", is_minor=True), Column("amount", "Amount"),
    ),
    (
        ("Sendoso", "Being prepared", "Processing for Shipping Partner", 1204, 12, 9, timedelta(days=12, hours=4), 3, Amount(123_456_789, "USD")),
        ("Goody", "On its way", "Shipped", 4, 1, 0, None, 0, None),
    ),
    "No send is stuck in 12 other statuses, which hold 123,456.",
)  # fmt: skip
FIGURES = (
    Figure("slow", "resolved without an agent", timedelta(days=3, hours=4), timedelta(days=9)),
    Figure("number", "Stuck", 12_345, 9),
)
widths = pytest.mark.parametrize("width", [30, 40, 45, 60, 80, 100, 140])
names = st.text(max_size=80)
values = st.one_of(st.integers(0, 10**7), st.builds(Amount, st.integers(0, 10**9), st.just("EUR")))


def lines(width: int, table: Table = STATUS, *, ascii: bool = False) -> list[str]:
    section = Section("s", "Stuck now", "What is stuck. " * 9, FIGURES, (), (table,))
    return [line.text for line in section_lines(section, width, ascii=ascii)]


@widths
@pytest.mark.parametrize("ascii", [False, True])
def test_no_line_is_wider_than_the_page(width: int, ascii: bool) -> None:
    assert max(map(cell_len, lines(width, ascii=ascii))) <= width


@given(
    st.lists(st.tuples(names, names, values, values, values), min_size=1, max_size=5),
    st.integers(30, 140),
)
def test_whatever_the_names_and_numbers_are(rows: list[tuple[Value, ...]], width: int) -> None:
    columns = tuple(
        Column(name, name.capitalize()) for name in ("who", "what", "one", "two", "three")
    )
    assert max(map(cell_len, lines(width, Table("t", "By whom", columns, tuple(rows))))) <= width


def test_what_has_no_room_is_named_and_the_status_stays() -> None:
    narrow = "\n".join(lines(40))
    assert "No room for Stage, Before" in narrow
    assert "Goody" in narrow
    assert "Shipped" in narrow
    assert "12d 4h" not in narrow
    assert "No room" not in "\n".join(lines(140))


def test_a_figure_keeps_what_it_was_before_at_every_width() -> None:
    assert "  Stuck                      12,345   before 9  +12,336" in lines(60)
    narrow = lines(40)
    place = narrow.index("  Stuck                      12,345")
    assert narrow[place + 1] == "    before 9  +12,336"

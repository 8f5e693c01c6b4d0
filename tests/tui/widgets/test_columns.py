"""Which columns the list has at which width, what they say, and that each line is exactly as wide."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from wcwidth import wcswidth

from models.records import SendRecord
from tests.support.sample_cases import bare_send
from tui.widgets.sends.column_layout import GAP, GUTTER, arrange
from tui.widgets.sends.columns import LIST_COLUMNS, RenderContext, fit, steady
from tui.widgets.sends.row_text import RowState, heading, send_lines

NOW = datetime(2026, 11, 3, 9, 12, tzinfo=UTC)


send = partial(
    bare_send,
    campaign="Onboarding kit",
    recipient_name="Zoë Müller-Łuk",
    recipient_email="zoe@lotus.test",
    company="Lotus Labs",
    since=NOW - timedelta(days=18),
    due_at=NOW - timedelta(days=11),
    triage_at=NOW - timedelta(days=11),
    owner="ana",
)


def text_of(
    record: SendRecord | None, width: int, *, scroll: int = 0, ascii_only: bool = False
) -> str:
    context = RenderContext(NOW, ascii=ascii_only)
    lines = send_lines(record, arrange(LIST_COLUMNS, width, scroll), context, RowState())
    return "\n".join("".join(text for text, _ in line) for line in lines)


@pytest.mark.parametrize(
    ("width", "keys"),
    [
        (59, "due status recipient id"),
        (69, "due status recipient id"),
        (79, "due status recipient age owner id"),
        (95, "due status recipient company age owner id"),
        (119, "due status recipient company campaign age owner id"),
        (199, " ".join(LIST_COLUMNS)),
    ],
)
def test_columns_go_in_the_order_of_their_worth(width: int, keys: str) -> None:
    assert " ".join(column.key for column, _ in arrange(LIST_COLUMNS, width).columns) == keys


@given(st.integers(59, 400), st.integers(0, 9), st.permutations(list(LIST_COLUMNS)))
def test_no_room_is_wasted_and_none_is_overdrawn(width: int, scroll: int, names: list[str]) -> None:
    layout = arrange(names, width, scroll)
    widths = [cells for _, cells in layout.columns]
    assert GUTTER + sum(widths) + GAP * (len(widths) - 1) == width
    assert all(cells >= column.min_width for column, cells in layout.columns)


def test_scrolling_shows_every_column_and_keeps_the_frozen_ones() -> None:
    seen = set()
    for scroll in range(arrange(LIST_COLUMNS, 79).furthest + 1):
        keys = [column.key for column, _ in arrange(LIST_COLUMNS, 79, scroll).columns]
        assert keys[:3] == ["due", "status", "recipient"]
        seen.update(keys)
    assert seen == set(LIST_COLUMNS)
    assert arrange(LIST_COLUMNS, 199).furthest == 0
    assert arrange(LIST_COLUMNS, 79, 99) == arrange(
        LIST_COLUMNS, 79, arrange(LIST_COLUMNS, 79).furthest
    )


def test_only_the_columns_asked_for_in_their_order() -> None:
    layout = arrange(["id", "due", "nonsense", "id", "company"], 120)
    assert [column.key for column, _ in layout.columns] == ["id", "due", "company"]


def test_a_row_reads_like_a_sentence() -> None:
    assert text_of(send(), 79).split() == (
        [
            "▲",
            "11d",
            "over",
            "◑",
            "Order",
            "Received",
            "Zoë",
            "Müller-Łuk",
            "18d",
            "ana",
            "S-104233",
        ]
    )
    assert text_of(send(), 79, ascii_only=True).startswith("   ^ 11d over  * Order Received")


def test_narrow_rows_take_two_lines() -> None:
    first, second = text_of(send(), 40).split("\n")
    assert first == "   ◑ Order Received             S-104233"
    assert second == "   Zoë Müller-Łuk             ▲ 11d over"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"due_at": NOW - timedelta(days=193)}, "▲ 193d over"),
        ({"recipient_name": ""}, "zoe@lotus.test"),
        ({"recipient_name": "", "recipient_email": ""}, "–"),
        ({"override_status": "order_received"}, "Order Received ✎"),
        ({"override_status": "order_received", "contested": True}, "Order Received ✎!"),
        ({"status": "unmapped", "provider_raw": "Teleported"}, "? Teleported"),
        ({"status": "never_heard_of"}, "? Unmapped"),
        ({"provider": "nobody", "type": "balloon"}, "balloon"),
        ({"since": NOW + timedelta(hours=1)}, "clock?"),
        ({"recipient_name": "a\x1b[2J\x9b\u202eb"}, "a␛[2J�‹RLO›b"),
        ({"recipient_name": "[red]Bob[/]"}, "[red]Bob[/]"),
    ],
)
def test_cells(changes: dict[str, object], words: str) -> None:
    assert words in text_of(send(**changes), 199)


def test_where_due_words_have_no_room_their_brief_form_stands() -> None:
    assert text_of(send(due_at=NOW - timedelta(days=193)), 79).startswith("   ▲ 193d      ◑")
    rests = send(
        snooze="time", snoozed_until=NOW + timedelta(days=9), triage_at=NOW + timedelta(days=9)
    )
    assert text_of(rests, 79).startswith("   z 12 Nov    ◑")
    assert text_of(rests, 199).startswith("   z until 12 Nov  ◑")


def test_signs_of_a_status_survive_its_cut() -> None:
    long = send(
        provider_raw="x" * 90, status="unmapped", override_status="unmapped", contested=True
    )
    assert "… ✎!" in text_of(long, 79)


def test_an_unread_row_is_an_ellipsis() -> None:
    assert text_of(None, 79).strip() == "…"
    assert text_of(None, 79, ascii_only=True).strip() == "~"
    assert text_of(None, 40).count("\n") == 1


def test_titles_follow_their_columns_and_show_the_sort() -> None:
    layout = arrange(LIST_COLUMNS, 119)
    titles = "".join(text for text, _ in heading(layout, ("due", False), False))
    assert titles.split() == [
        "Due",
        "↑",
        "Status",
        "Recipient",
        "Company",
        "Campaign",
        "Age",
        "Owner",
        "Id",
    ]
    assert cell_len(titles) == 119
    narrow = "".join(text for text, _ in heading(layout, ("age", False), True))
    assert "Age v" in narrow
    assert narrow.isascii()


@pytest.mark.parametrize(
    ("text", "width", "cut"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("日本太郎", 8, "日本太郎"),
        ("日本太郎", 7, "日本太…"),
        ("日本太郎", 6, "日本…"),
        ("e\u0301e\u0301e\u0301", 2, "e\u0301…"),
        ("ab  cd", 4, "ab…"),
        ("abc", 0, ""),
        ("日", 1, "…"),
    ],
)
def test_text_is_cut_by_cells_and_never_through_a_letter(text: str, width: int, cut: str) -> None:
    assert fit(text, width) == cut


def test_emoji_have_one_width_in_every_terminal() -> None:
    assert steady("Ola 👩\u200d👩\u200d👧 👍🏽 ❤\ufe0f 🇩🇪") == "Ola 👩 👍 ❤ DE"


def test_a_megabyte_costs_no_more_than_a_long_name() -> None:
    assert steady("語" * 1_000_000) == "語" * 119 + "…"


NASTY = st.text(
    st.sampled_from("ab日本한ｱé\u0301👩\u200d🏽❤\ufe0f🇩🇪\x1b\x9b\u202e\u200b\n\t[/]…ﷺ"), max_size=60
)


@given(NASTY, NASTY, st.integers(10, 210), st.booleans())
def test_every_line_is_exactly_as_wide_as_asked(
    name: str, company: str, width: int, ascii_only: bool
) -> None:
    nasty = send(
        recipient_name=name, company=company, owner=name, provider_raw=company, status="unmapped"
    )
    for line in text_of(nasty, width, ascii_only=ascii_only).split("\n"):
        assert cell_len(line) == width
        assert wcswidth(line) == width


@pytest.mark.parametrize("width", [59, 79, 119, 199])
@pytest.mark.parametrize("key", LIST_COLUMNS)
def test_the_column_that_the_list_is_sorted_by_shows(width: int, key: str) -> None:
    usual = [name for name in LIST_COLUMNS if name != key]
    for names in (usual, list(LIST_COLUMNS)):
        layout = arrange(names, width, sorted_by=key)
        assert key in [column.key for column, _ in layout.columns] or width == 59


def test_a_follow_up_is_shown_in_the_column_of_limits() -> None:
    layout = arrange(LIST_COLUMNS, 79)
    for key in ("follow-up", "snooze", "due"):
        titles = "".join(text for text, _ in heading(layout, (key, False), False))
        assert titles.split()[:2] == ["Due", "↑"]
    # The oldest has the highest age: what is shown falls.
    titles = "".join(text for text, _ in heading(layout, ("age", False), False))
    assert "Age ↓" in titles


@given(st.integers(20, 400))
def test_all_columns_are_shown_on_a_line_more_where_they_have_no_room(width: int) -> None:
    layout = arrange(LIST_COLUMNS, width, with_rest=True)
    shown = {column.key for column, _ in layout.columns}
    rest = {column.key for column in layout.rest}
    stacked = {"status", "id", "recipient", "due"} if layout.stacked else set()
    assert shown | rest | stacked == set(LIST_COLUMNS)
    assert not rest & (shown | stacked)
    drawn = [*send_lines(send(), layout, RenderContext(NOW), RowState())]
    assert len(drawn) == layout.lines
    assert all(sum(cell_len(text) for text, _ in line) == width for line in drawn)


def test_what_has_no_room_is_said_in_one_line() -> None:
    layout = arrange(LIST_COLUMNS, 79, with_rest=True)
    _, more = send_lines(send(), layout, RenderContext(NOW), RowState())
    assert "Physical · Sendoso" in "".join(text for text, _ in more)

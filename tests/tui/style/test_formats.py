"""How statuses, due times, ages and moments read."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from wcwidth import wcswidth

from models.providers.status import Stage, Status
from models.records import Snooze
from tests.support.sample_cases import bare_send
from tui.style import formats
from tui.style.glyphs import plain

NOW = datetime(2026, 11, 3, 9, 12, tzinfo=UTC)


send = partial(bare_send, since=NOW - timedelta(days=18))


def status(stage: Stage, slug: str = "some_status") -> Status:
    return Status(
        provider="sendoso",
        slug=slug,
        label="Some status",
        types=("physical",),
        stage=stage,
        rank=1,
        meaning="",
        advice="",
        source="",
    )


@pytest.mark.parametrize("ascii_only", [False, True])
def test_stages_differ_without_colour(ascii_only: bool) -> None:
    glyphs = [formats.mark(status(stage), ascii=ascii_only).glyph for stage in Stage]
    assert len(set(glyphs)) == len(Stage)
    assert all(wcswidth(glyph) == 1 for glyph in glyphs)
    assert all(glyph.isascii() for glyph in glyphs) is ascii_only


def test_a_status_may_have_its_own_mark() -> None:
    assert formats.mark(status(Stage.PROBLEM, "unmapped")).glyph == "?"
    assert formats.mark(status(Stage.PROBLEM)._replace(soft_problem=True)).tone == "warning"
    assert formats.mark(status(Stage.PROBLEM)).tone == "error"


@pytest.mark.parametrize(
    ("changes", "words", "tone"),
    [
        ({}, "", "muted"),
        ({"due_at": NOW - timedelta(days=11, hours=3)}, "▲ 11d over", "error"),
        ({"due_at": NOW - timedelta(seconds=1)}, "▲ 0m over", "error"),
        ({"due_at": NOW}, "◔ 0m left", "warning"),
        ({"due_at": NOW + timedelta(hours=9)}, "◔ 9h left", "warning"),
        ({"due_at": NOW + timedelta(hours=48)}, "◔ 2d left", "warning"),
        ({"due_at": NOW + timedelta(days=6)}, "◔ 6d left", "muted"),
        ({"at_once": True, "status": "undeliverable"}, "! contact", "error"),
        ({"at_once": True, "status": "insufficient_funds"}, "! funds", "warning"),
        ({"at_once": True, "status": "out_of_stock"}, "! stock", "warning"),
        ({"at_once": True, "status": "unmapped"}, "! unmapped", "warning"),
        ({"contested": True, "due_at": NOW - timedelta(days=1)}, "! contested", "error"),
    ],
)
def test_due(changes: dict[str, object], words: str, tone: str) -> None:
    due = formats.due_words(send(**changes), NOW)
    assert (str(due), due.tone) == (words, tone)


@pytest.mark.parametrize(
    ("changes", "words", "brief"),
    [
        (
            {"snooze": Snooze.UNTIL_TIME, "snoozed_until": NOW + timedelta(days=9)},
            "z until 12 Nov",
            "12 Nov",
        ),
        (
            {"snooze": Snooze.UNTIL_TIME, "snoozed_until": NOW + timedelta(hours=2)},
            "z until 11:12",
            "11:12",
        ),
        (
            {"snooze": Snooze.UNTIL_TIME, "snoozed_until": NOW + timedelta(days=364)},
            "z until 02 Nov",
            "02 Nov",
        ),
        (
            {"snooze": Snooze.UNTIL_TIME, "snoozed_until": NOW + timedelta(days=366)},
            "z until Nov 2027",
            "Nov 2027",
        ),
        ({"snooze": Snooze.UNTIL_CHANGE}, "z until change", "change"),
        ({"snooze": Snooze.DONE}, "✓ done", ""),
        (
            {"escalated_at": NOW, "follow_up_at": NOW + timedelta(days=2)},
            "e follow-up 2d",
            "2d",
        ),
    ],
)
def test_resting_sends_say_until_when(changes: dict[str, object], words: str, brief: str) -> None:
    due = formats.due_words(send(at_once=True, **changes), NOW)
    assert (str(due), due.tone, due.brief) == (words, "muted", brief)


def test_a_rest_ends_with_its_time() -> None:
    rested = send(
        at_once=True,
        snooze=Snooze.UNTIL_TIME,
        snoozed_until=NOW - timedelta(minutes=1),
        triage_at=NOW - timedelta(minutes=1),
    )
    assert str(formats.due_words(rested, NOW)) == "! contact"
    followed_up = send(follow_up_at=NOW, triage_at=NOW, due_at=NOW - timedelta(days=3))
    assert str(formats.due_words(followed_up, NOW)) == "▲ 3d over"


def test_ascii_due_words_are_ascii() -> None:
    for changes in ({"due_at": NOW}, {"due_at": NOW - timedelta(days=1)}, {"at_once": True}):
        assert str(formats.due_words(send(**changes), NOW, ascii=True)).isascii()
    assert plain("✎", ascii=True) == "*"
    assert plain("✎", ascii=False) == "✎"
    assert plain("語", ascii=True) == "?"


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(), "0m"),
        (timedelta(minutes=59, seconds=59), "59m"),
        (timedelta(hours=1), "1h"),
        (timedelta(hours=23, minutes=59), "23h"),
        (timedelta(days=1), "1d"),
        (timedelta(days=4000), "4000d"),
        (timedelta(seconds=-1), "clock?"),
    ],
)
def test_age(span: timedelta, words: str) -> None:
    assert formats.age(span) == words


def test_money() -> None:
    assert formats.money(None, "USD") == ""
    assert formats.money(123450, "USD") == "1,234.50 USD"
    assert formats.money(500, "JPY") == "500 JPY"

"""What is found by typing in a list of picks."""

from tui.widgets.pick_list import Pick, containing, nearest
from tui.widgets.styled_text import safe_text

PICKS = [
    Pick(word, safe_text(word), word) for word in ("Set the status", "Snooze", "Export the list")
]


def test_typing_narrows_to_what_contains_every_word() -> None:
    assert [pick.key for pick in containing("list the", PICKS)] == ["Export the list"]
    assert len(containing("", PICKS)) == 3


def test_before_anything_is_typed_the_picks_keep_their_order() -> None:
    picks = [
        Pick(name, safe_text(name), f"{name}\n{more}") for name, more in (("b", "x"), ("c", ""))
    ]
    assert list(containing("", picks)) == picks
    assert list(nearest("", picks)) == picks


def test_a_name_that_begins_with_what_was_typed_comes_first() -> None:
    names = (
        "Confirmation Canceled",
        "Canceled\nvoided",
        "Not canceled",
        "Cancel",
        "Voided by hand",
    )
    picks = [Pick(name, safe_text(name), name) for name in names]
    found = [pick.searched for pick in containing("cancel", picks)]
    assert found == ["Cancel", "Canceled\nvoided", "Confirmation Canceled", "Not canceled"]
    assert [pick.searched for pick in containing("voided", picks)] == [names[1], names[4]]


def test_the_palette_forgives_a_slip() -> None:
    assert next(iter(nearest("snoze", PICKS))).key == "Snooze"
    assert len(nearest(" ", PICKS)) == 3

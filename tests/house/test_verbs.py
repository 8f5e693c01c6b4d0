"""A verb is known everywhere or nowhere: its event, its words, its key and its command."""

import pytest

from models.records import EventKind
from models.rules.event_words import WORDS, EventWords
from models.rules.state import PASSIVE, STEPS
from tui.style.glyphs import ASCII_TWINS

OF_PLATFORMS = {EventKind.FACT, EventKind.RULE}
"""What they say is a status; it has the status's own words and sign."""


def test_each_kind_of_event_has_its_words() -> None:
    assert list(WORDS) == list(EventKind)


@pytest.mark.parametrize(("kind", "row"), WORDS.items())
def test_each_kind_of_event_has_a_line_in_the_history(kind: EventKind, row: EventWords) -> None:
    assert bool(row.title) == bool(row.sign) == (kind not in OF_PLATFORMS)
    assert not row.sign or row.sign in ASCII_TWINS


def test_each_kind_of_event_changes_the_state_or_is_known_to_change_nothing() -> None:
    assert {*STEPS, *PASSIVE} == set(EventKind)
    assert STEPS.keys().isdisjoint(PASSIVE)

"""Verbs as words: what is typed is not asked, what is missing is, and nothing is written unseen."""

from collections.abc import Callable
from typing import Any

import pytest

from models.database import open_database
from models.desk import Desk
from models.event_kind import EventKind
from tests.support.desk_cases import HandClock, fact, parcel, take
from tests.support.talk import talk
from tui.plain.desk import PlainDesk
from tui.plain.words import WORDS
from tui.verbs import DONE, VERBS, Verb

TYPED = {
    "set": "set 1 shipped the carrier has it",
    "release": "release 1 a mistake",
    "escalate": "escalate 1 SUP-1",
    "resolve": "resolve 1",
    "take": "take 1",
    "assign": "assign 1 jo",
    "note": "note 1 called the recipient",
    "snooze": "snooze 1 4h",
    "done": "done 1",
    "wake": "wake 1",
}
"""What is typed for each verb that the desk does itself; `ON_PLATFORM` has the others."""
ON_PLATFORM = {"cancel": "cancel 1", "extend": "extend 1 30d"}
BEFORE = {"release": TYPED["set"], "resolve": TYPED["escalate"], "wake": TYPED["done"]}
"""What is done before, so that a verb has something to do."""


@pytest.mark.parametrize("verb", [VERBS[name] for name in TYPED], ids=TYPED)
def test_each_verb_is_a_word_that_writes_its_event(few: Desk, verb: Verb[Any]) -> None:
    lines = [BEFORE[verb.name]] if verb.name in BEFORE else []
    said = talk(few, *lines, TYPED[verb.name])
    assert few.case(few.find("S-1").id).history[0].kind is verb.kind
    assert said.lines[-1].endswith("Undo takes it back.")
    assert said.refusals == 0


@pytest.mark.parametrize("name", ON_PLATFORM)
def test_what_the_platform_cannot_do_says_whom_to_ask(few: Desk, name: str) -> None:
    said = talk(few, ON_PLATFORM[name])
    assert "from here" in said.lines[-1]
    assert "Sendoso" in said.lines[-1]


def test_each_verb_is_in_help_with_its_key(few: Desk) -> None:
    said = talk(few, "help", *(f"help {name}" for name in VERBS), page_lines=100)
    for verb in VERBS.values():
        listed = [line for line in said.after("help") if line.startswith(f"{verb.name} SENDS")]
        assert len(listed) == 1
        assert (f"(or {verb.key})" in listed[0]) is bool(verb.key)
        assert f"In a shell: senddesk {verb.usage}" in said.after(f"help {verb.name}")


def test_a_new_verb_appears_by_itself(few: Desk) -> None:
    park = DONE._replace(name="park", title="Park it", binding="desk.quit", key="")
    said = talk(few, "park 1", "help park", "prk 2", verbs={**VERBS, "park": park})
    assert said.after("park 1") == ["S-1 is done for now. Undo takes it back."]
    assert said.after("help park")[0].startswith("park SENDS: park it")
    assert said.after("prk 2")[0].endswith("Did you mean park? Type help for the words.")


def test_each_word_is_in_help_and_does_something() -> None:
    assert [word.name for word in WORDS] == list(PlainDesk.DOES)
    assert PlainDesk.DOES.keys().isdisjoint(VERBS)


def test_each_word_has_help_of_its_own(few: Desk) -> None:
    said = talk(few, *(f"help {word.name}" for word in WORDS), page_lines=100)
    for word in WORDS:
        assert said.after(f"help {word.name}")[0].startswith(f"{word.usage}: {word.help}")


def test_the_keys_of_the_desk_are_words_too(few: Desk) -> None:
    said = talk(few, "c 1 by key", "u", "U", "T 1", keys={"desk.take": "T"})
    assert said.after("c 1 by key") == ["Noted on S-1. Undo takes it back."]
    assert said.after("u")[0].startswith("S-1: took back “added a note”")
    assert said.after("U")[0].startswith("S-1: did again “added a note”")
    assert said.after("T 1") == ["S-1 is yours. Undo takes it back."]


def test_what_is_missing_is_asked_for(few: Desk) -> None:
    said = talk(
        few, "set", "1", "2", "packed", "snooze 2", "1h", "note 3", "called", "assign 1", "me"
    )
    assert "Set which send? Its number or id: 1" in said.lines
    assert (
        "Usual next: 1 Fulfilling, 2 Shipped, 3 Fulfillment Issue, 4 Out of Stock, 5 Canceled, 6 Failed."
        in said.lines
    )
    assert "S-1: from Order Received to Shipped." in said.lines
    assert "Reason (an empty line leaves it): packed" in said.lines
    assert "S-1 is Shipped. Undo takes it back." in said.lines
    assert any(line.startswith("S-3 is snoozed until Fri 21 Nov 10:41") for line in said.lines)
    assert "The note (an empty line leaves it): called" in said.lines
    assert "S-1 belongs to ana. Undo takes it back." in said.lines
    assert said.refusals == 0


@pytest.mark.parametrize(
    "lines",
    [("set 1", ""), ("set 1 shipped", ""), ("note 1", ""), ("snooze 1", ""), ("assign 1", "")],
    ids=str,
)
def test_an_empty_line_leaves_it(few: Desk, lines: tuple[str, str]) -> None:
    said = talk(few, *lines)
    assert said.lines[-1] == "Left as it was."
    assert few.find("S-1").revision == 1


def test_the_end_of_the_lines_leaves_it_too(few: Desk) -> None:
    said = talk(few, "set 1 shipped")
    assert (
        said.lines[-1]
        == "Send Desk has closed. The last question was not answered: nothing was done for it."
    )
    assert said.refusals == 1
    assert few.find("S-1").revision == 1


def test_every_status_of_the_platform_is_listed_on_demand(few: Desk) -> None:
    said = talk(few, "set 1", "list", "")
    assert any(line.startswith("Sendoso: Initiated, ") for line in said.lines)


def test_an_unusual_step_is_confirmed(few: Desk) -> None:
    said = talk(
        few, "set 1 delivered", "told by phone", "no", "set 1 delivered told by phone", "yes"
    )
    assert "S-1: from Order Received to Delivered, which is not a usual step." in said.lines
    assert "S-1 is Order Received, which is not usually followed by Delivered." in said.lines
    assert "Set it all the same? Yes or no: no" in said.lines
    assert said.lines[-1] == "S-1 is Delivered. Undo takes it back."
    assert few.find("S-1").revision == 2


def test_a_line_that_answers_nothing_is_the_next_word(few: Desk) -> None:
    said = talk(few, "set 1 delivered told by phone", "take 2")
    assert said.after("take 2") == ["S-3 is yours. Undo takes it back."]
    assert few.find("S-1").revision == 1
    assert said.refusals == 1


def test_an_escalation_asks_for_ticket_and_follow_up(few: Desk) -> None:
    said = talk(few, "escalate 1", "packet", "SUP-7", "3d")
    assert "To: Sendoso Support (the Help Center at support.sendoso.com)" in said.lines
    send = few.find("S-1")
    assert send.escalation_ref == "SUP-7"
    assert send.follow_up_at is not None
    assert (send.follow_up_at - few.now()).days == 3
    typed = talk(few, "escalate 1 SUP-8 1d", "escalate 2 SUP-9 never")
    assert typed.after("escalate 1 SUP-8 1d") == [
        "S-3 is with Sendoso Support. Undo takes it back."
    ]
    assert typed.after("escalate 2 SUP-9 never")[0].startswith("Write 30m, 4h, 2bd,")
    assert typed.refusals == 1


def test_an_override_that_the_platform_contradicts_is_kept_or_released(
    few: Desk, clock: HandClock
) -> None:
    talk(few, "set 1 delivered told by phone", "yes")
    take(few, parcel(1, fact("Fulfillment Issue", clock.advance(hours=1))))
    assert few.find("S-1").contested
    said = talk(few, "release S-1", "keep", "the customer has it")
    assert (
        "S-1: ana set Delivered by override, because: told by phone. "
        "The platform says Fulfillment Issue." in said.lines
    )
    assert said.lines[-1] == "S-1 keeps its override. Undo takes it back."
    assert not few.find("S-1").contested


def test_several_sends_are_previewed_with_counts(few: Desk, jo: Desk) -> None:
    jo.take(few.find("S-3"))
    said = talk(few, "set 1-3 shipped", "packed", "usual", "undo")
    place = said.lines.index("3 sends:")
    assert said.lines[place : place + 4] == [
        "3 sends:",
        "2 from Order Received to Shipped.",
        "1 from Fulfillment Issue to Shipped.",
        "Unusual, 1 send: belongs to jo.",
    ]
    assert "All 3, only the 2 usual, or none: usual" in said.lines
    assert "2 sends: status Shipped." in said.lines
    assert "Undo takes all of it back." in said.lines
    assert said.lines[-1].startswith("2 sends: took back “set Shipped”")
    assert few.find("S-1").status == "order_received"


def test_what_is_refused_is_named(few: Desk) -> None:
    said = talk(few, "take 1", "take 1,2", "yes")
    assert "Refused, 1 send: belongs to ana already." in said.lines
    assert "1 send: owner ana." in said.lines
    assert said.lines[-2:] == ["1 send refused:", "S-1 belongs to ana already."]
    assert said.refusals == 1


def test_nothing_is_asked_where_all_are_refused(few: Desk) -> None:
    said = talk(few, "wake 1-3")
    assert "Refused, 3 sends: neither snoozed nor done." in said.lines
    assert said.lines[-1] == "Left as it was."


def test_numbers_that_mean_nothing_are_refused(few: Desk) -> None:
    said = talk(
        few, "take 9", "take 2-7", "take S-99", "take 1-99999", "open", "history", "7", "foo"
    )
    assert said.after("take 9") == ["There is no number 9: the numbers go from 1 to 3 here."]
    assert said.after("take S-99") == ["No send answers to “S-99”."]
    assert said.after("take 1-99999") == ["That is more than 1,000 sends: name fewer."]
    assert said.after("7") == ["There is no view 7. Type open 7 for the send with that number."]
    assert said.refusals == 8


def test_a_verb_that_takes_no_text_refuses_it(few: Desk) -> None:
    said = talk(few, "open 1", "done already", "take 1 2")
    assert said.after("done already") == [
        "“already” is too much: done takes only sends, such as done 2-4 or done 2,3,4."
    ]
    assert said.after("take 1 2") == [
        "“2” is too much: take takes only sends, such as take 2-4 or take 2,3,4."
    ]
    assert few.find("S-1").revision == 1


def test_the_last_verb_is_repeated_on_other_sends(few: Desk) -> None:
    said = talk(few, "repeat 1", "assign 1 jo", "repeat 2,3", "yes")
    assert said.after("repeat 1") == ["There is nothing to repeat yet."]
    assert few.find("S-2").owner == few.find("S-3").owner == "jo"


def test_undo_of_one_send_leaves_the_others(few: Desk) -> None:
    said = talk(few, "take 1", "take 2", "undo 1", "redo 1", "undo", "undo", "undo")
    assert said.after("undo 1")[0].startswith("S-1: took back “took it”. Redo does it again.")
    assert said.after("redo 1")[0].startswith("S-1: did again “took it”. Undo takes it back.")
    assert few.find("S-1").owner == few.find("S-2").owner == ""
    assert said.lines[-1] == "There is no action of yours to take back."


def test_an_undo_that_is_refused_is_passed_over_by_the_next(few: Desk, jo: Desk) -> None:
    there = between(jo, lambda desk: desk.override(desk.find("S-1"), "shipped", "they said so"))
    said = talk(few, "take 2", "set 1 fulfilling packed", there, "undo", "undo")
    assert said.text.count("Undo once more takes back what you did before it.") == 1
    assert few.find("S-1").status == "shipped"
    assert said.lines[-1].startswith("S-3: took back “took it”")
    assert said.refusals == 1


def between(desk: Desk, verb: Callable[[Desk], object]) -> Callable[[], object]:
    return lambda: verb(desk)


def test_a_conflict_is_told_with_its_choices(few: Desk, jo: Desk) -> None:
    there = between(jo, lambda desk: desk.override(desk.find("S-1"), "fulfilling", "they said so"))
    said = talk(few, "set 1 shipped", there, "packed", "theirs", "open S-1")
    assert (
        "You were told: Order Received, owner nobody. Now: Fulfilling by override, owner nobody."
        in said.lines
    )
    assert "Yours would be: status Shipped." in said.lines
    assert "Type theirs to keep it as it is now, or mine to make your change: theirs" in said.lines
    assert few.find("S-1").status == "fulfilling"
    assert said.refusals == 1


def test_my_change_is_made_all_the_same_if_i_say_so(few: Desk, jo: Desk) -> None:
    there = between(jo, lambda desk: desk.override(desk.find("S-1"), "fulfilling", "they said so"))
    said = talk(few, "set 1 shipped", there, "packed", "mine")
    assert said.lines[-1] == "S-1 is Shipped. Undo takes it back."
    assert said.refusals == 0


def test_read_only_is_said_before_anything_is_asked(file_address: str, clock: HandClock) -> None:
    writable = open_database(file_address)
    take(Desk(writable, "ana", clock), parcel(1))
    writable.close()
    database = open_database(file_address, read_only=True)
    said = talk(Desk(database, "ana", clock), "all", "set 1", "undo")
    database.close()
    assert said.lines[1] == database.read_only
    assert said.after("set 1") == said.after("undo") == [database.read_only]
    assert said.refusals == 2


def test_each_kind_of_event_of_a_verb_was_typed() -> None:
    assert {verb.kind for verb in VERBS.values()} <= set(EventKind)
    assert {**TYPED, **ON_PLATFORM}.keys() == VERBS.keys()

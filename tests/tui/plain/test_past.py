"""Line by line: the desk as it was, and back."""

from models.desk import Desk
from tests.support.desk_cases import HandClock
from tests.support.talk import talk


def test_at_shows_the_desk_as_it_was_until_now(few: Desk, clock: HandClock) -> None:
    send = few.find("S-1")
    clock.advance(hours=1)
    few.take(send)
    clock.advance(hours=1)

    said = talk(few, "at 90min", "open S-1", "take", "now", "open S-1", "now")

    assert said.after("at 90min")[0].startswith("This is the desk as it was ")
    assert said.after("at 90min")[0].endswith(
        "nothing can be changed there. Type now to come back."
    )
    assert any(
        "owner nobody" in line.lower() or "nobody" in line for line in said.after("open S-1")
    )
    assert said.after("take")[0].startswith("This is the desk as it was")
    assert said.after("now")[0].startswith("This is the desk as it is now. ")
    assert said.refusals == 2


def test_at_goes_on_from_one_moment_to_another(few: Desk, clock: HandClock) -> None:
    send = few.find("S-1")
    clock.advance(hours=1)
    few.take(send)
    clock.advance(hours=1)

    said = talk(few, "at 90min", "at yesteryear", "take", "at 30min", "open S-1", "now", "now")

    # What is refused leaves the agent where they are, and a span ends at the present.
    assert said.after("take")[0].startswith("This is the desk as it was ")
    assert said.after("at 30min")[0].startswith("This is the desk as it was ")
    assert "owner ana" in " ".join(said.after("open S-1"))
    assert said.after("now")[0].startswith("This is the desk as it is now. ")
    assert said.refusals == 3


def test_a_moment_that_nobody_knows_leads_back_to_the_present(few: Desk, clock: HandClock) -> None:
    clock.advance(hours=1)
    said = talk(few, "at 30min", "at 2020-01-01", "take 1")
    told = said.after("at 2020-01-01")
    assert told[-1].startswith("This is the desk as it is now. ")
    assert len(told) == 2
    assert said.after("take 1")[0].startswith("S-1")


def test_quit_ends_the_past_and_the_desk(few: Desk, clock: HandClock) -> None:
    clock.advance(hours=1)
    said = talk(few, "at 30min", "quit", "list")
    assert not said.text.endswith("> list")
    assert "> list\n" not in said.text


def test_the_past_begins_in_the_list_that_was_open(few: Desk, clock: HandClock) -> None:
    clock.advance(hours=1)
    lines = ("at 30min", "now")
    triage = talk(few, *lines)
    assert triage.after("at 30min")[1] == "Triage: 3 sends need an agent."
    assert triage.after("now")[0].endswith(" Triage: 3 sends need an agent.")
    assert any(line.endswith(", Triage> now") for line in triage.lines)
    every = talk(few, "all", *lines)
    assert every.after("at 30min")[1].startswith("All: 5 sends. ")
    assert every.after("now")[0].endswith(" All: 5 sends. 3 wait in Triage.")
    filtered = talk(few, *lines, query="status:sent")
    assert filtered.after("at 30min")[1].startswith("Filter status:sent: 1 send. ")

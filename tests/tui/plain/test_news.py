"""What changes meanwhile is told before the next prompt, in a sentence, and never in between."""

from pathlib import Path

from models.database import open_database
from models.desk import Desk
from tests.support.desk_cases import HandClock, fact, parcel, take, take_into
from tests.support.sample_cases import ago
from tests.support.talk import talk


def test_what_time_brings_is_told_at_the_next_prompt(few: Desk, clock: HandClock) -> None:
    take(few, parcel(8, fact("Order Received", ago(days=6, hours=23)), recipient_name="Ola Berg"))
    said = talk(
        few,
        "snooze 1 2h",
        lambda: clock.advance(hours=3),
        "views",
        lambda: clock.advance(hours=1),
        "log",
    )
    # The time passed while a line was waited for: it is told once that line has been obeyed.
    place = said.lines.index(
        "Into triage: S-8, Ola Berg is past its limit and S-1, Rosa Quill is back from snooze."
    )
    assert said.lines[place + 1] == "Triage: 4 sends need an agent. Type list to read it again."
    assert said.text.count("Into triage") == 1


def test_what_a_colleague_did_is_told_and_is_no_conflict_then(few: Desk) -> None:
    def meanwhile() -> None:
        other = Desk(few.database, "jo", few.now)
        other.take(other.find("S-3"))

    said = talk(few, meanwhile, "views", "take 2")
    assert said.lines[-1] == "S-3 is yours. Undo takes it back."


def other_process(path: Path, clock: HandClock) -> Desk:
    return Desk(open_database(path), "jo", clock)


def test_others_are_told_by_number_and_state(file_address: str, clock: HandClock) -> None:
    mine = open_database(file_address)
    desk = Desk(mine, "ana", clock)
    take(desk, *(parcel(n, fact("Order Received", ago(days=20 - n))) for n in range(1, 9)))
    jo = other_process(Path(file_address), clock)

    def meanwhile() -> None:
        for number in range(1, 7):
            jo.take(jo.find(f"S-{number}"))
        jo.done(jo.find("S-8"))

    said = talk(desk, "open 1", meanwhile, "", "assign 6 ana", "theirs", "take 2")
    assert "S-1 has changed: jo took it. Now Order Received, 12 days over, owner jo." in said.lines
    assert "Number 2 has changed: S-2, Order Received, 11 days over, owner jo." in said.lines
    assert "5, 6 and 8 have changed too." in said.lines
    assert "Triage: 7 sends need an agent. Type list to read it again." in said.lines
    # What was told is known; what was only counted is asked for first.
    assert "S-2 is yours. Undo takes it back." in said.lines
    assert any(line.startswith("S-6 has changed") for line in said.after("assign 6 ana"))
    jo.database.close()
    mine.close()


def test_what_the_agent_wrote_is_no_news(file_address: str, clock: HandClock) -> None:
    with_file = open_database(file_address)
    desk = Desk(with_file, "ana", clock)
    take_into(with_file, [parcel(1, fact("Order Received", ago(days=20)))], clock.now)
    said = talk(desk, "open 1", "take", "note so", "set shipped packed", "undo", "list")
    with_file.close()
    assert "has changed" not in said.text
    assert "need an agent. List" not in said.text


def test_a_database_that_goes_away_is_one_sentence_and_comes_back(
    file_address: str, clock: HandClock
) -> None:
    database = open_database(file_address)
    desk = Desk(database, "ana", clock)
    take(desk, parcel(1, fact("Order Received", ago(days=20))))
    path, away = Path(file_address), Path(f"{file_address}.away")
    said = talk(
        desk,
        lambda: path.rename(away),
        "",
        "list",
        "take 1",
        lambda: away.rename(path),
        "",
        "take 1",
    )
    database.close()
    assert said.text.count("What was said before may be old.") == 1
    assert len(said.after("take 1")) == 1
    assert "The database answers again." in said.lines
    assert said.lines[-1] == "S-1 is yours. Undo takes it back."
    assert said.refusals >= 2

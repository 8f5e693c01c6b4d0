"""Lists line by line: where one is, pages, numbers that stay with their sends, views and filters."""

import csv
from pathlib import Path

from models.desk import Desk
from tests.support.desk_cases import HandClock, batch, egift, fact, parcel, take
from tests.support.sample_cases import ago
from tests.support.talk import talk


def many(desk: Desk, count: int) -> None:
    take(desk, *(parcel(n, fact("Order Received", ago(days=60 - n))) for n in range(1, count + 1)))


def test_it_opens_on_triage_and_says_where_one_is(few: Desk) -> None:
    said = talk(few)
    assert said.lines[:2] == [
        "Send Desk, as ana. Times in UTC. Type help for the words.",
        "Triage: 3 sends need an agent.",
    ]
    assert said.lines[2:6] == [
        "1. S-1, Rosa Quill, Order Received, 11 days over, owner nobody.",
        "2. S-3, Uma Chen, Fulfillment Issue, 6 days over, owner nobody.",
        "3. S-2, Teo Marsh, Order Received, 5 days over, owner nobody.",
        "That is all.",
    ]
    assert said.refusals == 0


def test_pages_follow_each_other_and_lead_back(desk: Desk) -> None:
    many(desk, 14)
    said = talk(desk, "next", "next", "next", "back", "back", "back", page_lines=10)
    assert said.lines[7].startswith("6. S-6,")
    assert said.lines[8] == "8 more follow: type next."
    numbers = [int(line.split(".")[0]) for line in said.lines if ". S-" in line]
    assert numbers == [*range(1, 15), *range(7, 13), *range(1, 7)]
    assert said.lines.count("This was the last page.") == 1
    assert said.lines[-1] == "This is the first page."


def test_a_number_stays_with_its_send_when_the_list_goes_on(desk: Desk, clock: HandClock) -> None:
    many(desk, 12)
    said = talk(desk, "done 1-3", "yes", "next", "note 2 heard as two", page_lines=10)
    # Three have left the list: the next page begins behind the last send that was said.
    assert said.after("next")[0].startswith("7. S-7,")
    assert said.after("note 2 heard as two") == ["Noted on S-2. Undo takes it back."]


def test_list_numbers_anew(desk: Desk) -> None:
    many(desk, 4)
    said = talk(desk, "done 1", "list")
    assert said.after("list")[:2] == [
        "Triage: 3 sends need an agent.",
        "1. S-2, Recipient 2, Order Received, 51 days over, owner nobody.",
    ]


def test_a_view_is_opened_by_its_digit_or_its_name(few: Desk) -> None:
    said = talk(few, "2", "take S-1", "mine", "list unassigned", "ALL", "list nothing")
    assert said.after("2")[0] == "Mine: 0 sends. 3 wait in Triage."
    assert said.after("mine")[0] == "Mine: 1 send. 3 wait in Triage."
    assert said.after("list unassigned")[0] == "Unassigned: 2 sends. 3 wait in Triage."
    assert said.after("ALL")[0] == "All: 5 sends. 3 wait in Triage."
    assert said.after("list nothing")[0].startswith("There is no view “nothing”. There are Triage,")
    assert said.refusals == 1


def test_views_are_listed_with_their_counts(few: Desk) -> None:
    assert "1: Triage, 3 sends. is:triage sort:due" in talk(few, "views").lines
    take(few, batch("a7b6c5d4-e3f2"), batch("b7b6c5d4-e3f2"))
    assert "7: Batches, 2 batches. is:batch sort:due,-id" in talk(few, "views").lines


def test_a_filter_is_typed_as_in_the_filter_line(few: Desk, tmp_path: Path) -> None:
    path = tmp_path / "filters.json"
    said = talk(few, "filter status:sent", "/", "teo", "filter foo:x", "filter", "", filters=path)
    assert said.after("filter status:sent")[:2] == [
        "Filter status:sent: 1 send. 3 wait in Triage.",
        "1. S-5, Ivo Silva, Sent, no limit, owner nobody.",
    ]
    assert "The filter is: status:sent." in said.lines
    assert "1. S-2, Teo Marsh, Order Received, 5 days over, owner nobody." in said.lines
    assert said.after("filter foo:x")[0].startswith("“foo” is not a key.")
    assert said.lines[-1] == "Left as it was."
    assert "status:sent" in path.read_text("utf-8")


def test_it_opens_with_a_filter(few: Desk) -> None:
    assert (
        talk(few, query="status:sent").lines[1] == "Filter status:sent: 1 send. 3 wait in Triage."
    )
    said = talk(few, query="foo:x")
    assert said.lines[1].startswith("“foo” is not a key.")
    assert said.lines[2] == "Triage: 3 sends need an agent."


def test_an_empty_list_says_why_and_what_to_type(desk: Desk) -> None:
    assert "There are no sends yet:" in talk(desk).text
    take(desk, parcel(1, fact("Order Received", ago(days=1))))
    said = talk(desk, "mine", "filter nobody-is-called-so")
    assert said.lines[2] == (
        "Nothing needs an agent. Next: S-1, Recipient 1, Thu 27 Nov 09:41. Type all for every send."
    )
    assert said.after("mine")[1].startswith("Nothing is in this view.")
    assert said.after("filter nobody-is-called-so")[1].startswith("No send matches.")


def test_an_empty_line_says_where_one_is(few: Desk) -> None:
    said = talk(few, "open 1", "")
    assert said.lines[-2:] == [
        "S-1 is open. Type close to go back to the list.",
        "Triage: 3 sends need an agent.",
    ]


def test_signs_become_ascii_where_the_terminal_has_no_others(few: Desk) -> None:
    said = talk(few, "nonsense", "note 1 – “so”", "history 1", ascii=True)
    assert 'There is no word "nonsense".' in said.text
    assert said.after("history 1")[1].endswith(': - "so"')
    assert said.text.isascii()


def test_credits_are_said_with_their_sums(few: Desk, clock: HandClock) -> None:
    take(
        few,
        egift(6, fact("Sent", ago(days=120)), expires_at=ago(days=30), cost_minor=2500, currency="USD", funding_source="Marketing"),
        egift(7, fact("Bounced", ago(days=1)), cost_minor=None, currency="USD"),
        egift(8, fact("Refunded", ago(days=3)), cost_minor=990, currency="EUR", funding_source="Sales"),
    )  # fmt: skip
    said = talk(few, "credits", "credits all", "credits marketing", "credits Nope", page_lines=200)
    told = said.after("credits")
    assert "Marketing: overdue 1 credit, 25.00 USD." in told
    assert "No funding source: expected 1 credit, 1 without amount." in told
    assert any(line.startswith("S-6, ") and ", overdue since " in line for line in told)
    assert not any("Sales" in line for line in told)
    assert "Sales: confirmed 1 credit, 9.90 EUR." in said.after("credits all")
    assert said.after("credits marketing")[0].startswith("Marketing: overdue")
    assert said.after("credits Nope")[0].startswith("No credit of “Nope” is open.")


def test_no_credits_are_none(few: Desk) -> None:
    said = talk(few, "credits", "credits all")
    assert said.after("credits all")[0] == "There are no credits."


def test_a_list_is_written_to_a_new_file(few: Desk, tmp_path: Path) -> None:
    file = tmp_path / "late.csv"
    said = talk(
        few,
        "filter status:order_received",
        f"export {file}",
        f"export {file}",
        "export",
        "export x.pdf",
    )
    assert said.after(f"export {file}")[0].startswith("2 sends of Filter status:order_received in ")
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    assert sorted(row["external_id"] for row in rows) == ["1", "2"]
    assert said.refusals == 3
    assert "export takes the name of a new file" in said.text
    assert "it ends in .csv" in said.text


def test_the_report_is_read_as_sentences(few: Desk) -> None:
    said = talk(few, "report 7d", "report soon", "report shift", page_lines=200)
    told = said.after("report 7d")
    assert told[0].startswith("Stuck now. What the list has as urgency:over,now")
    assert "Stuck: 3, before 1" in told
    assert any(
        line.startswith("Sendoso, working, Order Received: sends 2, stuck 2") for line in told
    )
    assert said.after("report shift")[1] == "Nothing done yet today."
    assert said.refusals == 1


def test_the_hours_of_a_shift_are_said_in_words(few: Desk, clock: HandClock) -> None:
    few.take(few.find("S-1"))
    few.take(few.find("S-2"))
    clock.advance(hours=2)
    few.take(few.find("S-3"))
    said = talk(few, "report shift")
    assert "By hour: 2 at 09:00, 1 at 11:00, most at 09:00 (2)" in said.after("report shift")

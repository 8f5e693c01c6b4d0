"""A case in sections, and a round of triage, line by line."""

from models.desk import Desk
from tests.support.desk_cases import fact, parcel, take
from tests.support.sample_cases import HOSTILE, ago
from tests.support.talk import talk
from tests.support.unguarded import unguarded


def test_a_case_is_read_in_sections(few: Desk) -> None:
    talk(few, "set 1 shipped a mistake", "undo", "note S-1 VIP, please rush")
    said = talk(few, "open 1", "history", "guidance", "packet", "close")
    opened = said.after("open 1")
    assert opened[:2] == [
        "S-1, Rosa Quill.",
        "Order Received for 18 days, 11 days over, owner nobody.",
    ]
    assert opened[2].startswith(
        "What to do: Escalate to Sendoso Support. Order Received for 18 days"
    )
    assert "Order: 1" in opened
    assert opened[-1] == "More: history (4 entries), guidance, packet, reply."
    history = said.after("history")
    assert history[0] == "History of S-1, newest first: 4."
    assert history[1].endswith("ana added a note: VIP, please rush")
    assert history[3].endswith("ana set Shipped, taken back since: a mistake")
    assert said.after("guidance")[0] == "Guidance for S-1: Order Received."
    assert any(line.startswith("Usually next: Shipped. ") for line in said.after("guidance"))
    assert "To: Sendoso Support (the Help Center at support.sendoso.com)" in said.after("packet")
    assert said.after("close") == ["Triage: 3 sends need an agent."]


def test_a_send_is_opened_by_number_id_or_tracking_number(few: Desk) -> None:
    take(few, parcel(9, tracking_number="1Z999AA10123456784", recipient_name="Ola Berg"))
    said = talk(few, "open 2", "S-1", "open 1Z999AA10123456784", "open sendoso:3", "history 1")
    assert said.after("open 2")[0].startswith("S-3,")
    assert said.after("S-1")[0].startswith("S-1,")
    assert said.after("open 1Z999AA10123456784")[0] == "S-9, Ola Berg."
    assert said.after("history 1")[0].startswith("History of S-1,")


def test_an_open_case_takes_the_verbs_and_leads_to_its_neighbours(few: Desk) -> None:
    said = talk(few, "open 1", "take", "next", "note heard", "back", "back", "close", "close")
    assert said.after("take") == ["S-1 is yours. Undo takes it back."]
    assert said.after("next")[0].startswith("S-3,")
    assert said.after("note heard") == ["Noted on S-3. Undo takes it back."]
    assert "This is the first send of the list." in said.lines
    assert said.lines[-1] == "No case is open."


def test_a_ready_text_and_the_sends_around_one_are_read(few: Desk) -> None:
    take(few, parcel(7, campaign="Spring"), parcel(8, campaign="Spring"))
    said = talk(few, "reply 1", "open 1", "reply recipient", "around", "around S-7", "triage", "2")
    assert said.after("reply 1")[0].startswith("Hello")
    assert said.after("around") == [
        "There is no other send of the recipient, company, campaign or batch of S-1."
    ]
    assert "1 other send of the same campaign: filter campaign:=Spring" in said.after("around S-7")
    assert said.after("2") == said.after("reply 1")


def test_a_damaged_send_is_one_sentence(few: Desk) -> None:
    with unguarded(few.database) as run:
        run(
            "UPDATE event SET detail = 'no json' WHERE send_id = (SELECT id FROM send WHERE ref = 'S-1')"
        )
    said = talk(few, "open 1", "take 1", "open 2")
    assert len(said.after("take 1")) == 1
    assert said.after("open 2")[0].startswith("S-3,")


def test_a_round_of_triage_leads_from_send_to_send(few: Desk) -> None:
    said = talk(few, "triage", "1", "SUP-1", "", "next", "4", "packed")
    assert "Send 1 of 3." in said.lines
    assert "Send 2 of 3." in said.lines
    assert "Send 3 of 3." in said.lines
    offers = [line for line in said.lines if line.startswith("Usual answers: ")]
    assert offers[0].startswith(
        "Usual answers: 1 escalate to Sendoso Support, 2 write to the sender, 3 set Fulfilling, 4 set Shipped,"
    )
    assert "S-1 is with Sendoso Support. Undo takes it back." in said.lines
    place = said.lines.index("The round is over. This is the text to hand over:")
    text = "\n".join(said.lines[place:])
    assert "2 handled: 1 set to another status, 1 escalated." in text
    assert "S-1  Rosa Quill" in text
    assert "escalated as SUP-1, follow-up Tue 25 Nov" in text
    assert "Order Received to Shipped: packed" in text
    assert "Left: 1 send still needs an agent, the longest overdue first." in text


def test_a_round_is_ended_by_its_word_and_counts_what_was_taken_back(few: Desk) -> None:
    said = talk(
        few, "triage", "take", "undo", "7", "end", "end", "2", "triage", "next", "back", "list"
    )
    assert "There is no answer 7 here. Type end to end the round." in said.lines
    assert "The round is over; nothing was done." in said.lines
    assert "No round of triage is under way. Type quit to end the desk." in said.lines
    # The digit is a view again; the round begins with Triage.
    assert "Mine: 0 sends. 3 wait in Triage." in said.lines
    assert said.after("back")[:2] == ["Send 1 of 3.", "S-1, Rosa Quill."]


def test_a_round_stays_in_the_filter_that_was_typed(few: Desk) -> None:
    said = talk(few, "filter status:sent", "triage")
    assert said.after("triage")[:2] == ["Send 1 of 1.", "S-5, Ivo Silva."]


def test_a_round_with_nothing_to_do_ends_at_once(desk: Desk) -> None:
    take(desk, parcel(1, fact("Order Received", ago(days=1))))
    assert talk(desk, "triage").lines[-1] == "The round is over; nothing was done."


def test_the_log_says_what_i_and_others_did(few: Desk, jo: Desk) -> None:
    jo.note(few.find("S-1"), "by jo")
    said = talk(few, "take 1", "undo", "log", "log all")
    assert said.after("log") == [
        "Fri 21 Nov 09:41, S-1, Rosa Quill: took back: took it",
        "Fri 21 Nov 09:41, S-1, Rosa Quill: took it, taken back since",
    ]
    assert said.after("log all")[-1] == "Fri 21 Nov 09:41, S-1, Rosa Quill: jo added a note: by jo"
    assert talk(jo, "log").refusals == 0


def test_text_from_outside_is_made_safe(desk: Desk) -> None:
    take(desk, parcel(1, fact("Order Received", ago(days=9)), recipient_name=HOSTILE))
    said = talk(desk, f"note 1 {HOSTILE}", "open 1", "history")
    assert "\x1b" not in said.text
    assert "\u202e" not in said.text

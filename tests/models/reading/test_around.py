"""What lies around a send: counts of others, and filters that list just those; on both databases."""

import pytest

from models.desk import Desk
from models.reading import around
from models.records import Relation, RelationKey, SendRecord
from models.values.text import storable
from tests.support.desk_cases import arrive, fact, order, parcel, take
from tests.support.hostile import HOSTILE
from tests.support.sample_cases import ago

LATE = fact("Order Received", ago(days=9))


def around_of(desk: Desk, send: SendRecord) -> dict[RelationKey, Relation]:
    return {each.key: each for each in desk.case(send.id).around}


def listed(desk: Desk, relation: Relation) -> set[str]:
    """Return the ids of the sends that the filter of *relation* lists."""
    return {each.external_id for each in desk.rows(desk.listing(desk.parse(relation.filter)))}


def test_a_send_alone_has_no_others(desk: Desk) -> None:
    send = arrive(desk, parcel(1, LATE, company="Acme", campaign="Kit", recipient_email="a@x.io"))
    assert desk.case(send.id).around == ()


def test_each_relation_counts_what_its_filter_lists(desk: Desk) -> None:
    ana = {"recipient_email": "Ana@Acme.com", "company": "Acme Inc", "campaign": "Loop [/] “Kit”"}
    take(
        desk,
        parcel(2, recipient_email="ana@acme.com"),
        parcel(3, recipient_email="susana@acme.com", company="ACME INC"),
        parcel(4, company="Acme Inc East", campaign="Loop [/] “Kit”"),
        order("g-5", campaign="Loop"),
    )
    send = arrive(desk, parcel(1, **ana))
    found = around_of(desk, send)
    assert {key: (each.others, each.exact) for key, each in found.items()} == {
        "recipient": (1, True),
        "company": (1, True),
        "campaign": (1, True),
    }
    assert listed(desk, found["recipient"]) == {"1", "2"}
    assert listed(desk, found["company"]) == {"1", "3"}
    assert listed(desk, found["campaign"]) == {"1", "4"}
    assert found["company"].filter == 'company:="Acme Inc"'


def test_people_without_an_address_are_one_by_name_and_company(desk: Desk) -> None:
    take(
        desk,
        parcel(2, recipient_name="Jo Kim", company="Acme"),
        parcel(3, recipient_name="Jo Kim", company="Volta"),
        parcel(4, recipient_name="Jo Kim"),
        parcel(5, recipient_name="jo kim"),
    )
    at_acme = arrive(desk, parcel(1, recipient_name="Jo Kim", company="Acme"))
    assert listed(desk, around_of(desk, at_acme)["recipient"]) == {"1", "2"}
    assert listed(desk, around_of(desk, desk.find("sendoso:4"))["recipient"]) == {"4", "5"}


def test_orders_of_a_batch_know_each_other(desk: Desk) -> None:
    take(desk, order("g-2", batch="b-1"), order("g-3", batch="b-2"))
    found = around_of(desk, arrive(desk, order("g-1", batch="b-1")))
    assert (found["batch"].filter, listed(desk, found["batch"])) == ("batch:b-1", {"g-1", "g-2"})


def test_the_same_problem_is_the_status_and_the_limit_in_one_campaign(desk: Desk) -> None:
    take(
        desk,
        parcel(2, LATE, campaign="Kit"),
        parcel(3, fact("Order Received", ago(days=2)), campaign="Kit"),
        parcel(4, fact("Shipped", ago(days=30)), campaign="Kit"),
        parcel(5, LATE, campaign="Other"),
        parcel(6, fact("Delivered", ago(days=30)), campaign="Kit"),
    )
    send = arrive(desk, parcel(1, LATE, campaign="Kit"))
    problem = around_of(desk, send)["problem"]
    assert (problem.others, problem.value) == (1, "Kit")
    assert problem.filter == "campaign:=Kit status:sendoso:order_received urgency:over,now"
    assert listed(desk, problem) == {"1", "2"}
    # One that is not late has no problem, whatever the others have.
    assert "problem" not in around_of(desk, desk.find("sendoso:3"))
    assert "problem" not in around_of(desk, desk.find("sendoso:6"))


def test_what_needs_a_person_at_once_is_a_problem_too(desk: Desk) -> None:
    take(desk, parcel(2, fact("Undeliverable", ago(hours=1)), campaign="Kit"))
    send = arrive(desk, parcel(1, fact("Undeliverable", ago(hours=2)), campaign="Kit"))
    assert listed(desk, around_of(desk, send)["problem"]) == {"1", "2"}


def test_very_many_are_counted_no_further(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(around, "MOST", 2)
    take(desk, *(parcel(number, company="Acme") for number in (2, 3)))
    send = arrive(desk, parcel(1, company="Acme"))
    assert around_of(desk, send)["company"][-2:] == (2, True)
    take(desk, parcel(4, company="Acme"))
    assert around_of(desk, send)["company"][-2:] == (2, False)


def test_whatever_a_platform_writes_lists_itself_or_nothing(desk: Desk) -> None:
    texts = [storable(text, 190) for text in HOSTILE.values()]
    twice = [*enumerate(texts), *enumerate(texts)]
    fields = [{"company": text, "batch": f"{number} {text}"} for number, text in twice]
    take(desk, *(parcel(id, LATE, **each) for id, each in enumerate(fields)))
    found = 0
    for number in range(len(texts)):
        send = desk.find(f"sendoso:{number}")
        for each in desk.case(send.id).around:
            found += 1
            beside = listed(desk, each)
            assert str(number) in beside
            assert len(beside) == each.others + 1
    assert found > len(texts)


def test_a_verb_does_not_count_what_lies_around(desk: Desk) -> None:
    take(desk, parcel(2, company="Acme"))
    send = arrive(desk, parcel(1, company="Acme"))
    assert desk.take(send).around == ()
    assert around_of(desk, send)["company"].others == 1

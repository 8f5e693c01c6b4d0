"""What platforms write becomes sends: every value taken over exactly, left out with a word, or refused."""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.providers import catalogue, payload_fields
from models.providers.goody import payloads as goody
from models.providers.incoming import BadPayload, Fact, Refund
from models.providers.sendoso import payloads as sendoso
from models.store import tables

SAMPLES = Path(__file__).parents[2] / "samples"
SENDS = json.loads((SAMPLES / "sendoso_sends.json").read_text("utf-8"))["sends"]
ORDER = json.loads((SAMPLES / "goody_order.json").read_text("utf-8"))
EVENT = json.loads((SAMPLES / "goody_webhook.json").read_text("utf-8"))


def at(day: int, hour: int, minute: int = 0, second: int = 0, month: int = 4) -> datetime:
    return datetime(2026, month, day, hour, minute, second, tzinfo=UTC)


# --- Sendoso ------------------------------------------------------------------------------------


def test_sendoso_send_is_taken_over_whole() -> None:
    send = sendoso.read(SENDS[0])
    assert (send.provider, send.external_id, send.type) == ("sendoso", "70411", "physical")
    assert send.fields == {
        "subtype": "Custom Bundles",
        "campaign": "Onboarding box",
        "recipient_name": "Mira Solberg",
        "recipient_email": "mira@example.com",
        "company": "Nordlys AS",
        "sender_name": "Omar Diaz",
        "sender_email": "omar@example.org",
        "team": "Success",
        "sent_via": "Salesforce Trigger",
        "cost_minor": 6240,
        "currency": "USD",
        "created_at": at(4, 15, 0, 5, month=5),
    }
    assert send.facts == (
        Fact("Confirming Address", at(4, 15, 0, 6, month=5)),
        Fact("Processing", at(6, 17, 15, 0, month=5)),
        Fact("Paused", at(8, 14, 30, 31, month=5)),
    )
    assert send.warnings == ()


def test_a_status_that_is_not_the_last_update_is_a_fact_without_a_time() -> None:
    send = sendoso.read(SENDS[1])
    assert send.type == "egift"
    assert send.facts == (Fact("Sent", at(5, 22, 30, 1, month=5)), Fact("Opened", None))


def test_a_status_that_is_not_the_last_update_takes_the_time_of_the_update() -> None:
    send = sendoso.read({**SENDS[1], "updated_at": "2026-05-06T00:00:00Z"})
    assert send.facts[-1] == Fact("Opened", at(6, 0, month=5))


def test_the_first_status_is_dated_by_the_creation() -> None:
    send = sendoso.read({**SENDS[1], "status": "Sent", "status_updates": []})
    assert send.facts == (Fact("Sent", at(5, 22, 30, 0, month=5)),)


def test_a_send_known_by_its_global_id_alone_has_the_id_inside_it() -> None:
    send = sendoso.read(SENDS[2])
    assert send.external_id == "70413"
    assert send.fields["cost_minor"] == 1500
    assert send.fields["currency"] == "JPY"
    assert send.fields["tracking_number"] == "1Z0000000000000001"
    assert "created_at" not in send.fields


def test_a_link_that_no_browser_should_get_is_dropped_with_a_warning() -> None:
    send = sendoso.read(SENDS[2])
    assert "tracking_url" not in send.fields
    assert len(send.warnings) == 1
    assert "tracking_url" in send.warnings[0]


@pytest.mark.parametrize("gid", ["not base64!", base64.b64encode(b"\xff\xfe").decode(), "plain"])
def test_a_global_id_of_another_kind_is_kept_as_it_is(gid: str) -> None:
    assert sendoso.read({"send_gid": gid, "status": "Sent"}).external_id == gid


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": None, "send_gid": None}, "neither id nor send_gid"),
        ({"id": True, "send_gid": {}}, "neither id nor send_gid"),
        ({"id": "9" * 201}, "more than 200"),
        ({"status": "", "status_updates": []}, "no status"),
        ({"status": None, "status_updates": [{"status": None}, 7]}, "no status"),
    ],
)
def test_what_is_no_send_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(BadPayload, match=message):
        sendoso.read({**SENDS[0], **change})


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"current_total_cost": "a lot"}, "cost"),
        ({"current_total_cost": "1.005"}, "cost"),
        ({"currency": "dollars"}, "currency"),
        ({"created_at": "2026-02-30"}, "created_at"),
        ({"status_updates": [{"status": "Paused", "occurred_at": "soon"}]}, "status Paused"),
        ({"sent_via": ["a"]}, "sent_via"),
    ],
)
def test_what_cannot_be_read_is_left_out_with_a_warning(change: dict[str, Any], field: str) -> None:
    send = sendoso.read({**SENDS[0], **change})
    assert [warning.split(":")[0] for warning in send.warnings] == [field]


@pytest.mark.parametrize(
    ("kind", "subtype", "status", "expected"),
    [
        ("eGifts USA", "", "", "egift"),
        ("eGifts International", "eGift Cards UK", "", "egift"),
        ("E-Gift", "", "", "egift"),
        ("Sendoso Choice", "eGift Cards UK", "", "physical"),
        ("Amazon", "", "Sent", "physical"),
        ("", "Visa eGift Credit Card (US)", "", "egift"),
        ("", "", "Clicked", "egift"),
        ("", "", "Used", "egift"),
        ("", "", "Shipped", "physical"),
        ("", "", "Canceled", "physical"),
    ],
)
def test_the_lifecycle_of_a_send_follows_from_its_type(
    kind: str, subtype: str, status: str, expected: str
) -> None:
    row = {"id": "1", "type": kind, "subtype": subtype, "status": status or "x"}
    assert sendoso.read_row(row).type == expected


@pytest.mark.parametrize(
    ("external_id", "short"),
    [
        ("70411", "70411"),
        ("TX-1_b", "TX-1_b"),
        ("a@x.io|2026-02-27|2500", "dfc97d34"),
        ("7" * 25, None),
    ],
)
def test_short_ids_of_sendoso_are_easy_to_type(external_id: str, short: str | None) -> None:
    found = sendoso.short_id(external_id)
    assert found == short or (short is None and len(found) == 8)


# --- Goody --------------------------------------------------------------------------------------


def test_goody_order_is_taken_over_whole() -> None:
    order = goody.read(ORDER)
    assert (order.provider, order.type) == ("goody", "order")
    assert order.external_id == "5d1c6f0a-41b7-4d0e-8a52-0c6e9a7b3f11"
    assert order.fields == {
        "recipient_name": "Noor Haddad",
        "recipient_email": "noor@example.com",
        "sender_name": "Max Reyes",
        "sender_email": "max@example.org",
        "batch": "batch-9",
        "team": "Care team",
        "campaign": "Olive oil trio, Sea salt",
        "created_at": at(6, 10),
        "expires_at": None,
        "cost_minor": 6310,
        "currency": "USD",
        "carrier": "UPS",
        "tracking_number": "1Z77",
        "tracking_url": "https://www.example.com/track/1Z77",
    }
    assert order.warnings == ()


def test_an_order_has_the_statuses_of_its_event_times() -> None:
    facts = {fact.word: fact.at for fact in goody.read(ORDER).facts}
    assert facts == {
        "created": at(6, 10),
        "notified": at(6, 10, 0, 4),
        "opened": at(6, 12, 31),
        "accepted": at(6, 12, 35, 10),
        "paid": at(6, 12, 35, 19),
    }


def test_nothing_is_reported_that_the_order_does_not_say() -> None:
    assert {each.status for each in goody.read(ORDER).shipments} == {
        "delivered",
        "delivered_override",
    }
    facts = {fact.word: fact.at for fact in goody.read({**ORDER, "status": "delivered"}).facts}
    assert facts["delivered"] == at(15, 12)
    assert "delivered" not in {fact.word for fact in goody.read(ORDER).facts}


def test_the_times_of_an_order_count_more_than_those_of_its_parcels() -> None:
    times = {**ORDER["event_times"], "shipped_at": "2026-04-12T00:00:00Z"}
    facts = {fact.word: fact.at for fact in goody.read({**ORDER, "event_times": times}).facts}
    assert facts["shipped"] == at(12, 0)


@pytest.mark.parametrize(
    ("statuses", "arrived"),
    [
        (["pending", "tracking"], False),
        (["shipped", "pending"], False),
        (["delivered", "shipped"], False),
        (["delivered", "delivered_override"], True),
        (["failed_with_reship", "delivered"], True),
        (["failed", "delivered"], False),
    ],
)
def test_an_order_has_arrived_since_all_its_parcels_have(
    statuses: list[str], arrived: bool
) -> None:
    times = {"shipped_at": "2026-04-10T09:00:00Z", "delivered_at": "2026-04-15T12:00:00Z"}
    parcels = [
        {"id": str(place), "status": status, **times} for place, status in enumerate(statuses)
    ]
    for word in ("paid", "shipped", "delivered"):
        order = goody.read({"id": "x", "status": word, "shipments": parcels})
        facts = {fact.word: fact.at for fact in order.facts}
        assert (
            facts
            == {
                "paid": {"paid": None},
                "shipped": {"shipped": at(10, 9)},
                "delivered": {"shipped": at(10, 9), "delivered": at(15, 12) if arrived else None},
            }[word]
        )


def test_parcels_are_kept_and_one_id_is_one_parcel() -> None:
    parcels = goody.read(ORDER).shipments
    assert [(each.external_id, each.status) for each in parcels] == [
        ("s-1", "delivered"),
        ("s-2", "delivered_override"),
    ]
    assert parcels[1].expected_at == at(16, 0)
    twice = goody.read(
        {**ORDER, "shipments": [*ORDER["shipments"], {"id": "s-1", "status": "failed"}]}
    )
    assert [(each.external_id, each.status) for each in twice.shipments] == [
        ("s-1", "failed"),
        ("s-2", "delivered_override"),
    ]


def test_a_webhook_adds_the_status_its_event_stands_for() -> None:
    order = goody.read(EVENT)
    assert order.facts == (Fact("opened", None), Fact("accepted", None))
    assert order.fields["recipient_name"] == "Noor"
    assert order.fields["cost_minor"] == 5900
    assert "recipient_email" not in order.fields
    assert "created_at" not in order.fields


def test_a_refund_is_no_status() -> None:
    order = goody.read({**EVENT, "event_type": "order.refunded"})
    assert order.facts == (Fact("opened", None),)
    assert order.refund == Refund(None, 5900)
    assert order.warnings == ()


def test_an_activity_dates_the_status_it_reports() -> None:
    activity = {"id": "a-1", "order_status": "ordered", "created_at": "2026-04-07T00:00:00Z"}
    order = goody.read({**activity, "order": ORDER})
    assert goody.recognises({**activity, "order": ORDER})
    assert order.external_id == ORDER["id"]
    assert Fact("ordered", at(7, 0)) in order.facts
    paid = goody.read({**activity, "order_status": "paid", "order": ORDER})
    assert [fact.at for fact in paid.facts if fact.word == "paid"] == [at(6, 12, 35, 19)]
    assert not goody.recognises(activity)


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        ({"status": "paid"}, "no id"),
        ({"id": "x"}, "no status"),
        ({"event_type": "order_batch.created", "data": {"status": "pending"}}, "no id"),
        ({"event_type": "workspace.created", "data": {"id": "x"}}, "not about"),
        ({"event_type": None, "data": {"id": "x", "status": "paid"}}, "not about"),
        ({"event_type": "order.created", "data": []}, "no id"),
    ],
)
def test_what_is_no_order_is_refused(payload: dict[str, Any], message: str) -> None:
    with pytest.raises(BadPayload, match=message):
        goody.read(payload)


@pytest.mark.parametrize("cents", [12.5, "4315", True, [], 10**30])
def test_an_amount_that_is_no_number_of_cents_is_left_out(cents: object) -> None:
    order = goody.read({**ORDER, "amounts": {"amount_total": cents}})
    assert "cost_minor" not in order.fields
    assert order.warnings[0].startswith("cost: ")


def test_short_ids_of_goody_are_the_beginning_of_the_uuid() -> None:
    assert goody.short_id("5d1c6f0a-41b7-4d0e-8a52-0c6e9a7b3f11") == "5d1c6f0a"
    assert len(goody.short_id("a@x.io|2026-02-27|2500")) == 8


def test_platforms_know_their_own() -> None:
    assert all(sendoso.recognises(send) and not goody.recognises(send) for send in SENDS)
    assert all(goody.recognises(each) and not sendoso.recognises(each) for each in (ORDER, EVENT))


# --- Rows ---------------------------------------------------------------------------------------

ROW = {
    "id": "77",
    "status": "Delivered",
    "recipient_email": "ann@example.com",
    "created_at": "2026-04-01",
    "updated_at": "2026-04-20",
}


def test_columns_for_shipping_and_delivery_are_facts() -> None:
    row = {
        **ROW,
        "shipped_at": "2026-04-03 10:00:00 UTC",
        "delivered_at": "2026-04-05 11:00:00 UTC",
    }
    assert sendoso.read_row(row).facts == (Fact("Shipped", at(3, 10)), Fact("Delivered", at(5, 11)))


def test_a_status_and_its_own_column_are_one_fact_however_they_are_spelled() -> None:
    row = {**ROW, "status": "Used/Redeemed", "redeemed_at": "2026-04-05 11:00:00 UTC"}
    assert sendoso.read_row(row).facts == (Fact("Used/Redeemed", at(5, 11)),)


@pytest.mark.parametrize(
    ("change", "moment"),
    [
        ({}, at(20, 0)),
        ({"updated_at": ""}, None),
        ({"updated_at": "", "status": "Sent"}, at(1, 0)),
        ({"updated_at": "", "status": "Sent", "sent_at": "2026-04-02"}, at(2, 0)),
        ({"updated_at": "", "status": "pending"}, at(1, 0)),
        ({"status": "Sent"}, at(20, 0)),
        ({"updated_at": "", "status": "Shipped", "shipped_at": "2026-04-03"}, at(3, 0)),
        ({"provider_at": "", "status": "Sent"}, None),
        ({"provider_at": "2026-04-07T01:00:00Z"}, at(7, 1)),
    ],
)
def test_the_status_of_a_row_has_the_best_time_there_is(
    change: dict[str, str], moment: datetime | None
) -> None:
    assert sendoso.read_row({**ROW, **change}).facts[-1].at == moment


def test_a_creation_time_is_always_a_field() -> None:
    assert sendoso.read_row(ROW).fields["created_at"] == at(1, 0)
    assert sendoso.read_row({"id": "1", "status": "Sent", "sent_at": "2026-04-02"}).fields[
        "created_at"
    ] == at(2, 0)


def test_a_row_without_an_id_is_told_apart_by_recipient_day_and_amount() -> None:
    row = {
        "status": "Sent",
        "recipient_email": "Ann@Example.com",
        "created_at": "2026-04-01 07:00",
        "cost": "25.0",
    }
    send = sendoso.read_row(row)
    assert send.external_id == "ann@example.com|2026-04-01|2500"
    assert "no id" in send.warnings[0]
    assert sendoso.read_row({**row, "cost": "30"}).external_id != send.external_id


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"id": "1"}, "no status"),
        ({"id": "1", "status": "  "}, "no status"),
        ({"status": "Sent"}, "neither an id nor a recipient"),
        ({"status": "Sent", "id": "", "recipient_email": " "}, "neither an id nor a recipient"),
        ({"status": "Sent", "id": "9.031E+04"}, "rounded"),
        ({"status": "Sent", "recipient_email": "a" * 300}, "more than 200"),
    ],
)
def test_a_row_that_says_too_little_is_refused(row: dict[str, str], message: str) -> None:
    with pytest.raises(BadPayload, match=message):
        sendoso.read_row(row)


def test_our_own_references_are_understood_where_they_are_whole() -> None:
    uuid = "5d1c6f0a-41b7-4d0e-8a52-0c6e9a7b3f11"
    assert sendoso.read_row({"id": "S-77", "status": "Sent"}).external_id == "77"
    assert goody.read_row({"id": uuid.upper(), "status": "paid"}).external_id == uuid
    with pytest.raises(BadPayload, match="short form"):
        goody.read_row({"id": "G-5d1c6f0a", "status": "paid"})


def test_amounts_of_rows_may_be_in_minor_units() -> None:
    row = {"id": "x", "status": "paid", "cost_minor": "4315"}
    assert goody.read_row(row).fields == {"currency": "USD", "cost_minor": 4315}
    assert goody.read_row({**row, "cost_minor": "43.15"}).warnings == (
        "cost: not a whole number of cents",
    )


KNOWN_SPELLINGS = {
    "initiated": ["Initiated", "pending", "PENDING"],
    "sent": ["Sent", " sent "],
    "opened": ["Opened", "OPENED"],
    "clicked": ["Clicked", "Clicked/Redeemed"],
    "redeemed": ["Used/Redeemed", "Used", "Redeemed", "used/redeemed"],
    "expired": ["Expired"],
    "refunded": ["Refunded", "Expired and Credited", "Credited"],
    "bounced": ["Bounced", "Bounced and Credited"],
    "confirming_address": [
        *("Confirming Address", "Confirming Address/*Offer Sent", "Offer Sent", "*Offer Sent"),
        *("Collecting recipient info", "confirming_address"),
    ],
    "confirmation_canceled": ["Confirmation Canceled", "Address Confirmation - Cancelled"],
    "order_received": ["Order Received", "Processing", "order-received"],
    "fulfilling": ["Fulfilling", "Packed"],
    "shipped": ["Shipped"],
    "delivered": ["Delivered", "DELIVERED"],
    "fulfillment_issue": ["Fulfillment Issue", "Fulfillment Inssue", "Paused"],
    "undeliverable": ["Undeliverable"],
    "canceled": ["Canceled", "Cancelled", "cancelled"],
    "failed": ["Failed"],
    "amazon_fulfilling": ["Amazon Fulfilling"],
    "amazon_shipped": ["Amazon Shipped"],
    "insufficient_funds": ["Insufficient Funds"],
    "invalid_email_format": ["Invalid Email Format"],
    "suspicious_email": ["Suspicious Email"],
    "out_of_stock": ["Out of Stock"],
    "email_blacklist": ["Email Blacklist"],
}
SPELLINGS = [(word, slug) for slug, words in KNOWN_SPELLINGS.items() for word in words]
UNKNOWN_WORDS = [
    *("Delivеrd", "Delivеred", "Deliverd", "Shiped", "In Transit", "Lost", "Returned", "Unknown"),
    *("0", "true", "N/A?", "=Sent", "Sent; Opened", "Sent Opened", "Not Delivered", "Undelivered"),
    *("Redelivered", "Claimed", "Scheduled", "Ｓｅｎｔ", "S e n t"),
]


@pytest.mark.parametrize(("word", "slug"), SPELLINGS)
def test_known_spellings_are_kept_and_resolve(word: str, slug: str) -> None:
    send = sendoso.read_row({"id": "1", "status": word})
    assert [fact.word for fact in send.facts] == [word.strip()]
    status = catalogue.resolve("sendoso", send.facts[0].word, send.type)
    assert status is not None
    assert status.slug == slug


def test_there_are_as_many_spellings_as_were_promised() -> None:
    assert len(SPELLINGS) >= 45
    assert len(UNKNOWN_WORDS) >= 21


@pytest.mark.parametrize("word", UNKNOWN_WORDS)
def test_other_words_are_kept_and_stay_unknown(word: str) -> None:
    send = sendoso.read_row({"id": "1", "status": word})
    assert [fact.word for fact in send.facts] == [word]
    assert catalogue.resolve("sendoso", word, send.type) is None


# --- Bounds -------------------------------------------------------------------------------------


def test_limits_are_those_of_the_table() -> None:
    columns = tables.Send.__table__.columns  # type: ignore[attr-defined]
    lengths = {name: columns[name].type.length for name in payload_fields.TEXT_LIMITS}
    assert lengths == dict(payload_fields.TEXT_LIMITS)
    assert columns["external_id"].type.length == payload_fields.ID_LIMIT
    assert columns["provider_raw"].type.length == payload_fields.WORD_LIMIT


def test_a_megabyte_in_a_field_is_cut_and_no_character_stops_the_database() -> None:
    row = {"id": "1", "status": "x" * 10**6, "campaign": "ö" * 10**6, "company": "a\x00b\ud800"}
    send = sendoso.read_row(row)
    assert len(send.facts[0].word) == payload_fields.WORD_LIMIT
    assert len(send.fields["campaign"]) == payload_fields.TEXT_LIMITS["campaign"]
    assert send.fields["company"] == "a\ufffdb\ufffd"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.sampled_from(SENDS), st.dictionaries(st.sampled_from(sorted(SENDS[0])), json_values))
def test_any_value_in_any_place_of_a_send_is_read_or_refused(
    send: dict[str, Any], change: dict[str, Any]
) -> None:
    try:
        found = sendoso.read({**send, **change})
    except BadPayload:
        return
    assert found.facts
    assert found.external_id


@given(
    st.sampled_from([ORDER, EVENT["data"]]),
    st.dictionaries(st.sampled_from(sorted(ORDER)), json_values),
)
def test_any_value_in_any_place_of_an_order_is_read_or_refused(
    order: dict[str, Any], change: dict[str, Any]
) -> None:
    try:
        found = goody.read({**order, **change})
    except BadPayload:
        return
    assert found.facts
    assert found.external_id

"""What an export says of a send and of a case, field by field."""

import json

from models.files import json_text
from models.files.fields import EXPORT_FIELDS, as_json, case_as_json
from models.records import Advice, Case, Event, EventKind, Shipment
from tests.support.files import NOW, SEND


def test_a_send_as_json_has_the_promised_keys() -> None:
    promised = (
        "id provider external_id type status status_label stage provider_status overridden since due_at "
        "urgency recipient_name recipient_email company campaign sender_name owner tracking_number "
        "tracking_url cost currency created_at expires_at revision"
    )
    found = as_json(SEND, NOW)
    assert tuple(found) == EXPORT_FIELDS
    assert set(promised.split()) <= set(EXPORT_FIELDS)
    assert found["id"] == "S-70411"
    assert found["status_label"] == "Shipped"
    assert found["overridden"] is True
    assert found["cost"] == "62.40"
    assert found["since"] == "2026-05-09T00:00:00Z"
    assert found["due_at"] is None
    assert found["urgency"] == "none"
    assert as_json(SEND._replace(cost_minor=1500, currency="JPY"), NOW)["cost"] == "1500"


def test_a_case_as_json_has_advice_next_and_history_oldest_first() -> None:
    events = tuple(
        Event(
            seq=seq, at=at, recorded_at=NOW, kind=EventKind.FACT, to_status="sent", actor="sendoso"
        )
        for seq, at in ((2, None), (1, NOW))
    )
    parcel = Shipment(external_id="p", status="shipped", shipped_at=NOW)
    advice = Advice("none", "Wait", "body", "why")
    case = Case(
        send=SEND,
        history=events,
        history_total=2,
        shipments=(parcel,),
        advice=advice,
        money=("one",),
    )
    found = case_as_json(case, NOW)
    assert tuple(found)[: len(EXPORT_FIELDS)] == EXPORT_FIELDS
    assert found["advice"]["title"] == "Wait"
    assert found["next"][0] == "delivered"
    assert [event["at"] for event in found["history"]] == ["2026-06-01T12:00:00Z", None]
    assert {"at", "kind", "from", "to", "actor", "reason", "source"} <= set(found["history"][0])
    assert found["shipments"][0]["shipped_at"] == "2026-06-01T12:00:00Z"
    assert json.loads(json_text(found)) == found

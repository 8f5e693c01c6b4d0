"""What entries keep of former values, and what entries of older programs do not."""

import json
from datetime import timedelta

from models.records import Event, EventKind, SendRecord, Shipment
from models.rules.former_values import put_back
from tests.support.sample_cases import NOW, ago

SEND = SendRecord(
    1, "G-1", "goody", "1", "order", "shipped", "shipped", "moving", ago(days=1), 3,
    campaign="new", cost_minor=5, carrier="UPS", expires_at=ago(days=9),
)  # fmt: skip
BEFORE = Shipment(external_id="a", status="pending", expected_at=ago(days=2))
AFTER = Shipment(external_id="a", status="shipped", carrier="UPS", shipped_at=ago(days=1))


def entry(kind: EventKind, **detail: object) -> Event:
    return Event(1, NOW, NOW, kind, detail=json.dumps(detail))


def test_every_kind_of_value_comes_back() -> None:
    moment = NOW + timedelta(microseconds=1)
    changed = entry(
        EventKind.DETAILS,
        campaign=["old" * 100, "new"],
        cost_minor=["", "5"],
        expires_at=[str(moment), ""],
        no_longer_a_field=["", ""],
    )
    former = put_back(SEND, (), [changed])
    assert former.fields == {"campaign": "old" * 100, "cost_minor": None, "expires_at": moment}
    assert former.is_whole


def test_the_oldest_of_several_changes_counts() -> None:
    newest_first = [entry(EventKind.DETAILS, campaign=[was, ""]) for was in ("second", "first")]
    assert put_back(SEND, (), newest_first).fields == {"campaign": "first"}


def test_a_shipment_comes_back_with_the_fields_of_its_send() -> None:
    before = {
        "status": "pending", "carrier": "", "shipped_at": None,
        "expected_at": ago(days=2).isoformat(),
    }  # fmt: skip
    known = {"shipment": "a", "name": "a", "from": "pending", "to": "shipped", "before": before}
    new = {"shipment": "b", "name": "b", "from": "", "to": "shipped", "before": None}
    later = [
        entry(EventKind.SHIPMENT, **new),
        entry(EventKind.SHIPMENT, **known, lead={"carrier": ""}),
    ]
    former = put_back(SEND, (AFTER, Shipment(external_id="b", status="shipped")), later)
    assert former == ({"carrier": ""}, (BEFORE,), True)


def test_what_an_older_program_has_not_kept_stays_as_it_is_and_is_told() -> None:
    known = {"shipment": "a", "name": "a", "from": "pending", "to": "shipped"}
    former = put_back(SEND, (AFTER,), [entry(EventKind.SHIPMENT, **known)])
    (shipment,) = former.shipments
    assert (shipment.status, shipment.carrier, former.is_whole) == ("pending", "UPS", False)

    new = {**known, "from": ""}
    assert put_back(SEND, (AFTER,), [entry(EventKind.SHIPMENT, **new)]).shipments == ()
    cut = entry(EventKind.DETAILS, campaign=["x" * 200, "new"])
    assert put_back(SEND, (), [cut]) == ({"campaign": "x" * 200}, (), False)
    assert not put_back(SEND, (), [entry(EventKind.DETAILS, cost_minor=["?", ""])]).is_whole

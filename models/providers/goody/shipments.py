"""The states of a shipment of one of Goody's orders.

Goody lists their names and explains none of them: what they mean is read from the name. Where no time
says which of two reports is the later one, the one with the higher rank is: a failed shipment may still
arrive, and one that has arrived stays so.
"""

from functools import partial

from models.providers.status import Stage, Status

_state = partial(
    Status,
    provider="goody",
    types=("shipment",),
    source="Goody API description, Shipment; the meaning is Send Desk's reading of the name",
)

SHIPMENT_STATES: tuple[Status, ...] = (
    _state(
        slug="pending",
        label="Pending",
        stage=Stage.WORKING,
        rank=10,
        next=("tracking", "shipped", "failed"),
        meaning="The brand has not made a label for it yet.",
        advice="Wait for the brand. If it stays so for long, ask Goody Support on which day it ships.",
    ),
    _state(
        slug="tracking",
        label="Label made",
        stage=Stage.WORKING,
        rank=20,
        next=("shipped", "delivered", "failed", "failed_unset_tracking"),
        meaning="It has a label and a tracking number; the carrier has not moved it yet.",
        advice="Nothing to do. If the carrier has not scanned it after some days, ask Goody Support.",
    ),
    _state(
        slug="shipped",
        label="Shipped",
        stage=Stage.MOVING,
        rank=30,
        next=("delivered", "failed", "delivered_override", "failed_with_reship"),
        meaning="The carrier has it and it is moving.",
        advice="Follow it on the tracking page. Past its expected date, ask Goody Support to ask the carrier.",
    ),
    _state(
        slug="failed",
        label="Failed",
        stage=Stage.PROBLEM,
        rank=40,
        next=("failed_with_reship", "delivered", "delivered_override"),
        meaning="The carrier could not deliver it, or it got lost; nothing says that another one goes out.",
        advice="Ask Goody Support whether a replacement goes out, and name the tracking number.",
        contact="Goody Support",
    ),
    _state(
        slug="failed_unset_tracking",
        label="Failed, tracking removed",
        stage=Stage.PROBLEM,
        rank=45,
        next=("failed_with_reship", "tracking", "delivered_override"),
        meaning="It failed, and its tracking number was taken away: the label was wrong or was never used.",
        advice="Ask Goody Support whether it goes out again, and under which number. The old one leads nowhere.",
        contact="Goody Support",
    ),
    _state(
        slug="failed_with_reship",
        label="Failed, replaced",
        stage=Stage.CLOSED,
        rank=50,
        next=("delivered_override",),
        final=True,
        meaning="It failed, and a replacement goes out as a shipment of its own.",
        advice="Follow the replacement. If none is listed after some days, ask Goody Support for it.",
    ),
    _state(
        slug="delivered",
        label="Delivered",
        stage=Stage.DONE,
        rank=60,
        final=True,
        meaning="The carrier reports that it arrived.",
        advice="Done. If the recipient does not have it, ask Goody Support for the proof of delivery.",
    ),
    _state(
        slug="delivered_override",
        label="Delivered, set by Goody",
        stage=Stage.DONE,
        rank=70,
        final=True,
        meaning="Somebody at Goody marked it as delivered; that is not a report of the carrier.",
        advice="Done. If the recipient does not have it, ask Goody Support what they know.",
    ),
)
"""Every state by rank."""

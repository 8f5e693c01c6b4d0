"""Sendoso: eGifts and parcels."""

from models.providers.provider import Provider
from models.providers.sendoso.charges import charges
from models.providers.sendoso.statuses import STATUSES

PROVIDER = Provider(
    key="sendoso",
    name="Sendoso",
    letter="S",
    support="Sendoso Support",
    reach="the Help Center at support.sendoso.com",
    types={"egift": "eGift", "physical": "Physical"},
    statuses=STATUSES,
    stations={
        "egift": ("initiated", "sent", "opened", "clicked", "redeemed"),
        "physical": (
            "initiated",
            "confirming_address",
            "order_received",
            "fulfilling",
            "shipped",
            "delivered",
        ),
    },
    detours=(
        (
            "initiated",
            "amazon_fulfilling",
            "amazon_shipped",
            "order_received",
            "fulfilling",
            "shipped",
            "delivered",
        ),
    ),
    reader="models.providers.sendoso.payloads",
    money=charges,
)

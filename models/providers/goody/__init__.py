"""Goody: orders, most of them gifts that the recipient accepts first."""

from models.providers.goody.charges import charges
from models.providers.goody.statuses import STATUSES
from models.providers.provider import Provider

PROVIDER = Provider(
    key="goody",
    name="Goody",
    letter="G",
    support="Goody Support",
    reach="support@ongoody.com",
    types={"order": "Order"},
    statuses=STATUSES,
    stations={
        "order": ("created", "notified", "opened", "accepted", "paid", "shipped", "delivered")
    },
    reader="models.providers.goody.payloads",
    money=charges,
)

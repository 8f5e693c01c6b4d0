"""Sendoso: eGifts and parcels."""

from models.providers.provider import Provider
from models.providers.sendoso.abilities import ABILITIES
from models.providers.sendoso.charges import charges
from models.providers.sendoso.statuses import STATUSES

PROVIDER = Provider(
    key="sendoso",
    name="Sendoso",
    letter="S",
    support="Sendoso Support",
    support_address="the Help Center at support.sendoso.com",
    types={"egift": "eGift", "physical": "Physical"},
    statuses=STATUSES,
    paths={
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
    alternative_paths=(
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
    texts="models.providers.sendoso.replies",
    client="models.providers.sendoso.client",
    webhooks="models.providers.sendoso.webhooks",
    abilities=ABILITIES,
    demo="models.providers.sendoso.demo",
    rules="models.providers.sendoso.time_rules",
    record="a send of Sendoso",
    json_lists=("sends",),
    columns={
        "id": ("send_gid", "gid", "transaction_id", "tracking_code"),
        "campaign": ("touch", "touch_name"),
        "cost": ("current_total_cost", "egift_price"),
        "egift_price": ("egift_price",),
        "clicked_at": ("clicked_at", "clicked_date", "date_clicked"),
        "redeemed_at": ("redeemed_at", "used_at", "redeemed_date", "date_redeemed"),
    },
    marker_columns=frozenset(
        {
            "send_gid",
            "send_id",
            "touch",
            "touch_name",
            "egift_price",
            "transaction_id",
            "current_total_cost",
            "subtype",
            "sent_via",
            "tracking_code",
        }
    ),
    # The last of them is “gid://” in base64.
    own_ids=r"[Ss]-[0-9]+|gid://.+|Z2lkOi8v.+",
    usual_ids=r"[0-9][0-9.,eE+]*",
    money=charges,
    settings=("token", "refresh_token", "client_id", "client_secret", "webhook_secret"),
)

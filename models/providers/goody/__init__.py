"""Goody: orders, most of them gifts that the recipient accepts first, and the batches that they are of."""

from models.providers.goody.abilities import ABILITIES
from models.providers.goody.batch_statuses import BATCH_STATUSES
from models.providers.goody.charges import charges
from models.providers.goody.derived import derived
from models.providers.goody.shipments import SHIPMENT_STATES
from models.providers.goody.statuses import STATUSES
from models.providers.provider import Provider
from models.providers.status import BATCH_TYPE

_STEPS_WITH_TIMES = (
    "notified", "opened", "accepted", "pending_payment", "paid", "shipped", "delivered",
)  # fmt: skip

PROVIDER = Provider(
    key="goody",
    name="Goody",
    letter="G",
    support="Goody Support",
    support_address="support@ongoody.com",
    types={"order": "Order", BATCH_TYPE: "Batch"},
    statuses=(*STATUSES, *BATCH_STATUSES),
    shipment_states=SHIPMENT_STATES,
    paths={
        "order": ("created", "notified", "opened", "accepted", "paid", "shipped", "delivered"),
        BATCH_TYPE: ("batch_pending", "batch_complete"),
    },
    alternative_paths=(("batch_scheduled", "batch_complete"),),
    reader="models.providers.goody.payloads",
    texts="models.providers.goody.replies",
    client="models.providers.goody.client",
    webhooks="models.providers.goody.webhooks",
    abilities=ABILITIES,
    asks="models.providers.goody.asking",
    demo="models.providers.goody.demo",
    rules="models.providers.goody.time_rules",
    record="an order or a batch of Goody",
    json_lists=("data", "orders", "order_batches"),
    columns={
        "cost_minor": ("amounts_amount_total", "amounts_amount_pre_tax_total"),
        "created_at": ("event_times_created_at",),
        **{f"{step}_at": (f"{step}_at", f"event_times_{step}_at") for step in _STEPS_WITH_TIMES},
    },
    marker_columns=frozenset(
        {
            "order_batch_id",
            "gift_batch_id",
            "individual_gift_link",
            "gift_link",
            "card_id",
            "event_times_created_at",
            "notified_at",
            "accepted_at",
            "workspace_name",
            "swap",
        }
    ),
    own_ids=r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[Gg]-[0-9a-fA-F-]{8,36}",
    money=charges,
    settings=("key", "webhook_secret"),
    derive=derived,
)

"""Kindbox, a small platform that is made up: all that a further platform needs, in one package."""

from models.providers.provider import Provider
from tests.support.third_platform.statuses import STATUSES

PROVIDER = Provider(
    key="kindbox",
    name="Kindbox",
    letter="K",
    support="Kindbox Care",
    support_address="care@kindbox.example",
    types={"box": "Box"},
    statuses=STATUSES,
    paths={"box": ("ordered", "packed", "on_the_way", "arrived")},
    reader="tests.support.third_platform.payloads",
    texts="tests.support.third_platform.replies",
    webhooks="tests.support.third_platform.webhooks",
    client="tests.support.third_platform.client",
    demo="tests.support.third_platform.demo",
    settings=("key", "webhook_secret"),
    record="a box of Kindbox",
    json_lists=("boxes",),
    columns={
        "id": ("box",),
        "status": ("box_state",),
        "recipient_name": ("addressee",),
        "packed_at": ("packed_on",),
    },
    marker_columns=frozenset({"box", "box_state"}),
    own_ids=r"BX[0-9]{4}",
)

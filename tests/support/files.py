"""A send to be written to files, and what is read back from one."""

from datetime import UTC, datetime
from pathlib import Path

from models.files.items import Rejected
from models.files.reading import open_export
from models.providers.incoming import Incoming
from models.records import SendRecord

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SEND = SendRecord(
    id=7,
    ref="S-70411",
    provider="sendoso",
    external_id="70411",
    type="physical",
    recipient_name="Zoë | Ray",
    company='=HYPERLINK("http://x")',
    campaign="a\x1b[2Jb\u202ec\x7f",
    cost_minor=6240,
    currency="USD",
    created_at=datetime(2026, 5, 4, 15, tzinfo=UTC),
    provider_status="fulfillment_issue",
    provider_raw="Paused",
    provider_at=datetime(2026, 5, 8, 14, 30, 31, tzinfo=UTC),
    override_status="shipped",
    override_reason="Support says it left",
    override_by="ana",
    override_at=datetime(2026, 5, 9, tzinfo=UTC),
    status="shipped",
    stage="moving",
    since=datetime(2026, 5, 9, tzinfo=UTC),
    revision=4,
)
"""An overridden parcel with a formula and signs that no terminal may see."""


def read(path: Path, **options: str) -> tuple[list[Incoming], list[Rejected]]:
    """Return the sends and the rejected records of a file."""
    items = list(open_export(path, **options))
    sends = [item for item in items if isinstance(item, Incoming)]
    return sends, [item for item in items if isinstance(item, Rejected)]

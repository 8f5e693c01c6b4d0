"""Sendoso's API: the one list of all sends, which cannot be asked for by time or by status."""

from pydantic import BaseModel, ConfigDict

from models.providers.client import Client, Feed


class _Published(BaseModel):
    """An object of the published description; what it does not name is passed over."""

    model_config = ConfigDict(strict=True, extra="ignore")


class Touch(_Published):
    """The campaign of a send."""

    id: int | None = None
    name: str | None = None


class Recipient(_Published):
    """Whom a send is for."""

    name: str | None = None
    email: str | None = None
    company_name: str | None = None


class Sender(_Published):
    """Who has sent it."""

    id: int | None = None
    name: str | None = None
    email: str | None = None
    team_id: int | None = None
    team_name: str | None = None


class StatusUpdate(_Published):
    """A send entered a status."""

    status: str
    occurred_at: str | None = None


class Send(_Published):
    """One send.

    The published OpenAPI file has its first six fields; the others are on Sendoso's own page about it.
    """

    id: int
    send_gid: str
    type: str
    subtype: str
    currency: str
    current_total_cost: str
    status: str | None = None
    created_at: str | None = None
    touch: Touch | None = None
    recipient: Recipient | None = None
    sender: Sender | None = None
    sent_via: str | None = None
    status_updates: list[StatusUpdate] | None = None


CLIENT = Client(
    address="https://app.sendoso.com",
    prefix="/api/v3",
    feeds=(
        Feed(
            name="sends",
            path="/api/v3/send",
            entry=Send,
            items="sends",
            total=("total_count",),
        ),
    ),
    token="token",
    renewal="/oauth/token",
    per_second=10,
)

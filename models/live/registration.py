"""Webhooks of a platform, registered and removed through its API; which ones there are is kept here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote, urlsplit

import sqlalchemy as sa

from models.database import Database
from models.errors import DeskError
from models.live.api import Api, Refused
from models.live.settings import is_here
from models.providers.provider import Provider
from models.providers.webhooks import Webhooks
from models.store.live_tables import Webhook
from models.store.tables import col
from models.values.text import display_text

_NOT_THERE = 404
_LONGEST_ID = 200
_LONGEST_URL = 2048


class Registered(NamedTuple):
    """A webhook that is registered."""

    endpoint: str
    """The platform's id of it."""
    url: str
    is_new: bool = False
    """Whether that was done just now."""


def checked_url(text: str, platform: str) -> str:
    """Return the whole address that a platform is to send its messages to.

    Args:
        text: As somebody wrote it; without a path that of the receiver is added.
        platform: The key of the platform.

    Raises:
        DeskError: If it is no https address, or http of another computer.
    """
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and is_here(parts.hostname or ""))
    plain = text.isascii() and text.isprintable() and " " not in text and len(text) < _LONGEST_URL
    if not is_safe or not parts.hostname or not plain or "@" in parts.netloc or port == 0:
        raise DeskError(
            f"“{display_text(text, 100)}” is no address for a webhook: write https:// and the name under"
            " which the platform reaches this receiver."
        )
    return text if parts.path.strip("/") else f"{text.rstrip('/')}/webhooks/{platform}"


@dataclass(frozen=True, slots=True)
class Registry:
    """The webhooks of one platform.

    Attributes:
        database: Where it is kept which were registered from here.
        api: The platform's.
        provider: The platform.
    """

    database: Database
    api: Api
    provider: Provider

    def register(self, url: str, *, agent: str, now: datetime) -> Registered:
        """Let the platform send the messages of all its events to *url*; once is enough.

        Raises:
            DeskError: If the platform refuses or does not answer, or the database cannot be written.
        """
        self.database.refuse_if_read_only()
        if known := [each for each in self._known() if each.url == url]:
            return known[0]
        wanted = {"url": url, "events": list(self._webhooks.EVENTS)}
        body = self.api.send("POST", self._webhooks.REGISTRY, wanted).body
        endpoint = body.get("id") if isinstance(body, dict) else None
        if not isinstance(endpoint, str) or not 0 < len(endpoint) <= _LONGEST_ID:
            raise DeskError("The webhook is registered, but the platform did not say its id.")
        row = {
            "provider": self.provider.key, "endpoint": endpoint, "address": self.api.address, "url": url,
            "registered_at": now, "registered_by": agent,
        }  # fmt: skip
        with self.database.write() as connection:
            connection.execute(sa.insert(Webhook), row)
        return Registered(endpoint, url, is_new=True)

    def unregister(self, word: str) -> Sequence[Registered]:
        """Remove webhooks from the platform; return those that are gone.

        Args:
            word: The id or the address of one; empty for all that were registered from here.

        Raises:
            DeskError: If there is none, or the platform refuses or does not answer.
        """
        self.database.refuse_if_read_only()
        found = [each for each in self._known() if word in ("", each.endpoint, each.url)]
        if not found and (not word or "/" in word):
            raise DeskError("No such webhook was registered from this desk: name its id.")
        found = found or [Registered(word, "")]
        for each in found:
            self._remove(each)
        return found

    def _remove(self, webhook: Registered) -> None:
        try:
            self.api.send("DELETE", f"{self._webhooks.REGISTRY}/{quote(webhook.endpoint, safe='')}")
        except Refused as problem:
            # One that is gone already is as good, if it was here; with which status that is said, is
            # published nowhere.
            is_gone = problem.status == _NOT_THERE or "not found" in problem.said.lower()
            if not is_gone or not webhook.url:
                raise
        with self.database.write() as connection:
            is_it = col(Webhook.endpoint) == webhook.endpoint
            connection.execute(sa.delete(Webhook).where(self._is_mine(), is_it))

    def _known(self) -> list[Registered]:
        wanted = sa.select(col(Webhook.endpoint), col(Webhook.url)).where(
            self._is_mine(), col(Webhook.address) == self.api.address
        )
        with self.database.read() as connection:
            rows = connection.execute(wanted.order_by(col(Webhook.registered_at))).all()
        return [Registered(*row) for row in rows]

    def _is_mine(self) -> sa.ColumnElement[bool]:
        return col(Webhook.provider) == self.provider.key

    @property
    def _webhooks(self) -> Webhooks:
        found = self.provider.webhook
        assert found is not None
        return found

"""OAuth as Sendoso does it: access tokens for two hours, refresh tokens for one use."""

import hmac
import secrets
from typing import Any

from models.sandbox.clock import SandboxClock
from models.sandbox.refused import Refused
from models.sandbox.state import State

CLIENT_ID = "sandbox-client"
CLIENT_SECRET = "sandbox-client-secret"
LIFETIME = 7200
"""Seconds that an access token is good for."""
_CODE_LIFETIME = 600
_SCOPE = "public write"


class BadGrant(Refused):
    """The token endpoint refuses.

    Attributes:
        error: The word for it that OAuth has.
    """

    def __init__(self, error: str, sentence: str, status: int = 400) -> None:
        super().__init__(sentence, status)
        self.error = error


class Tokens:
    """Hands out tokens and knows which are good."""

    def __init__(self, state: State, clock: SandboxClock, key: str) -> None:
        """Keep the tokens in *state*; *key* is one that is good for ever."""
        self._state = state
        self._clock = clock
        self._key = key

    def is_good(self, token: str) -> bool:
        """Whether *token* may read and write at this moment."""
        if hmac.compare_digest(token.encode(), self._key.encode()):
            return True
        return self._take("access", token, use=False)

    def code(self) -> str:
        """Return what a user hands to an application that was allowed in."""
        return self._new("code", self._clock.second + _CODE_LIFETIME)

    def pair(self) -> dict[str, Any]:
        """Return a fresh access token with its refresh token, as the token endpoint tells them."""
        now = self._clock.second
        with self._state.transaction():
            return {
                "access_token": self._new("access", now + LIFETIME),
                "token_type": "Bearer",
                "expires_in": LIFETIME,
                "refresh_token": self._new("refresh", None),
                "scope": _SCOPE,
                "created_at": now,
            }

    def grant(self, form: dict[str, str]) -> dict[str, Any]:
        """Answer a request to the token endpoint.

        Raises:
            BadGrant: If it is refused.
        """
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            raise BadGrant("invalid_client", "Client authentication failed", 401)
        match form.get("grant_type"):
            case "refresh_token":
                kind, token = "refresh", form.get("refresh_token", "")
            case "authorization_code":
                kind, token = "code", form.get("code", "")
            case _:
                raise BadGrant("unsupported_grant_type", "The grant type is not supported")
        with self._state.transaction():
            if not self._take(kind, token, use=True):
                raise BadGrant("invalid_grant", "The grant is invalid, expired, revoked or used")
            return self.pair()

    def revoke(self, token: str) -> None:
        """Let *token* be good for nothing any more."""
        self._state.write("UPDATE token SET used = 1 WHERE value = ?", token)

    def _new(self, kind: str, expires_at: int | None) -> str:
        token = secrets.token_urlsafe(32)
        self._state.write(
            "INSERT INTO token (value, kind, expires_at) VALUES (?, ?, ?)", token, kind, expires_at
        )
        return token

    def _take(self, kind: str, token: str, *, use: bool) -> bool:
        """Return whether *token* is good, and use it up if it is to be used."""
        good = self._state.value(
            "SELECT 1 FROM token WHERE value = ? AND kind = ? AND NOT used"
            " AND (expires_at IS NULL OR expires_at > ?)",
            token, kind, self._clock.second,
        )  # fmt: skip
        if good and use:
            self.revoke(token)
        return bool(good)

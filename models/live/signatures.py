"""Who sent a message: signatures of Standard Webhooks, as Svix makes them, and secrets in addresses."""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hmac import compare_digest

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from models.errors import DeskError
from models.values.secret import Secret

_SHORTEST = 24
"""How many bytes a key, and characters a secret in an address, must have."""
_PREFIX = "whsec_"
_NAMES = ("id", "timestamp", "signature")
_FAMILIES = ("svix", "webhook")
"""How the names of the headers begin: Svix's own, and those of Standard Webhooks."""
_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
_TIMESTAMP = re.compile(r"[0-9]{1,11}")
_SIGNATURE = re.compile(r"v1,[A-Za-z0-9+/]{43}=")
_TOKEN = re.compile(rf"[A-Za-z0-9_.~-]{{{_SHORTEST},}}")
_LONGEST_HEADER = 4096
_MOST_SIGNATURES = 20
_UNVERIFIED = (WebhookVerificationError, ValueError, ArithmeticError, OSError)
"""What the library raises for a message that is not signed as it should be."""

Headers = Sequence[tuple[str, str]]
"""Names in small letters, with their values."""


class BadSecret(DeskError):
    """A secret that is missing, or that strangers could guess."""


class NotAuthentic(Exception):
    """A message that does not show that the platform sent it; the text says why."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """Tells the messages of one platform from those of strangers.

    Attributes:
        keys: Any of them may have signed.
        tokens: What an address or a header may hold in place of a signature.
    """

    keys: tuple[Webhook, ...]
    tokens: tuple[bytes, ...] = ()

    def message_id(self, headers: Headers, body: bytes, event: str = "", token: str = "") -> str:
        """Return the id of a message that is authentic; it is the same each time the message is sent.

        Args:
            headers: Of the request.
            body: As it came.
            event: The event that the address names; part of the id where no signature has one.
            token: What the address holds as a secret, or an empty string.

        Raises:
            NotAuthentic: If the platform cannot have sent it, or sent it too long ago.
        """
        family = next((each for each in _FAMILIES if any(_all(headers, f"{each}-signature"))), "")
        if self.tokens and (token := token or ("" if family else _token_of(headers))):
            self._check_token(token)
            return _unsigned_id(headers, body, event)
        if not family:
            raise NotAuthentic("it is not signed")
        signed = _signed(headers, family)
        for key in self.keys:
            try:
                key.verify(body, signed, json_parse=False)
            except _UNVERIFIED:
                continue
            return signed["webhook-id"]
        raise NotAuthentic("the signature is of another secret, or the message is not of now")

    def _check_token(self, token: str) -> None:
        given = _digest(token.encode(errors="replace"))
        if not any(compare_digest(given, each) for each in self.tokens):
            raise NotAuthentic("the secret is another one")


def verifier(name: str, secrets: Sequence[Secret], *, takes_tokens: bool) -> Verifier:
    """Return what verifies with *secrets*.

    Args:
        name: Where they are set, for refusals.
        secrets: In the form of Svix, `whsec_` and base64; or the base64 alone.
        takes_tokens: Whether a secret may also be any other text, which addresses then hold.

    Raises:
        BadSecret: If there is none, or one is too weak. It is not repeated.
    """
    if not secrets:
        raise BadSecret(f"{name} is empty: put the webhook's secret there.")
    keys: list[Webhook] = []
    for secret in secrets:
        key = _key(secret.reveal())
        if key is not None:
            keys.append(Webhook(key))
        elif not takes_tokens or not _is_token(secret.reveal()):
            forms = "`whsec_` and base64 of at least 24 bytes"
            other = ", or at least 24 letters, digits, - and _" if takes_tokens else ""
            raise BadSecret(
                f"A secret in {name} is too weak or no secret of a webhook: it is {forms}{other}."
            )
    tokens = tuple(_digest(each.reveal().encode()) for each in secrets) if takes_tokens else ()
    return Verifier(tuple(keys), tokens)


def _key(secret: str) -> bytes | None:
    """Return the bytes that a secret stands for; None if it is no base64 or too short."""
    text = secret.removeprefix(_PREFIX)
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if len(key) >= _SHORTEST else None


def _is_token(secret: str) -> bool:
    return bool(_TOKEN.fullmatch(secret)) and not secret.startswith(_PREFIX)


def _signed(headers: Headers, family: str) -> dict[str, str]:
    """Return the three headers of a signature as the library reads them.

    What it would stumble over, or take against the specification, is refused here.

    Args:
        headers: Of the request.
        family: How the names of the three begin.

    Raises:
        NotAuthentic: If one is missing, there twice, or not as it should be.
    """
    found = {}
    for name in _NAMES:
        values = list(_all(headers, f"{family}-{name}"))
        if len(values) != 1 or len(values[0]) > _LONGEST_HEADER:
            raise NotAuthentic(f"{family}-{name} is not there once")
        found[f"webhook-{name}"] = values[0]
    if not _ID.fullmatch(found["webhook-id"]) or not _TIMESTAMP.fullmatch(
        found["webhook-timestamp"]
    ):
        raise NotAuthentic("its id or its time is none")
    entries = [each for each in found["webhook-signature"].split(" ") if _SIGNATURE.fullmatch(each)]
    if not entries or len(entries) > _MOST_SIGNATURES:
        raise NotAuthentic("its signature is none")
    return {**found, "webhook-signature": " ".join(entries)}


def _all(headers: Headers, name: str) -> Iterator[str]:
    return (value for key, value in headers if key == name)


def _unsigned_id(headers: Headers, body: bytes, event: str) -> str:
    """Return an id for a message without a signature: its own, else one of what it says."""
    for family in _FAMILIES:
        for value in _all(headers, f"{family}-id"):
            if _ID.fullmatch(value):
                return value
    return hashlib.sha256(b"\0".join((event.encode(errors="replace"), body))).hexdigest()


def _digest(token: bytes) -> bytes:
    return hashlib.sha256(token).digest()


def _token_of(headers: Headers) -> str:
    """Return the secret that a header holds, or an empty string."""
    for name, start in (("x-webhook-secret", ""), ("authorization", "Bearer ")):
        for value in _all(headers, name):
            if value.startswith(start) and len(value) <= _LONGEST_HEADER:
                return value.removeprefix(start)
    return ""

"""Asking a platform's API: with its token, at its pace, once more where it or the way to it fails."""

import json
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

import httpx
import stamina
from pydantic_core import from_json

from models.errors import DeskError
from models.live.pace import Pace, Stopped
from models.live.settings import PlatformSettings, is_here
from models.live.tokens import Tokens
from models.values.text import display_text

# Its usual hook writes into the log what was called, with all arguments.
stamina.instrumentation.set_on_retry_hooks([])

_MOST_BYTES = 64_000_000
"""How large an answer may be."""
_LONGEST_ANSWER = 300
"""How many characters of what a platform says about a refusal are told."""
_LONGEST_REST = 300.0
"""How many seconds of rest a platform may ask for; more than that is another day's work."""
_TOLD_EVERY = 10.0
"""Seconds until the same trouble is told again."""
_TOO_MANY = 429
_REFUSED_KEY = (401, 403)
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
"""Errors after which a request has certainly not reached the platform."""


class PlatformError(DeskError):
    """A platform did not do what it was asked."""


class Refused(PlatformError):
    """A platform answered that it will not.

    Attributes:
        status: The HTTP status: 404.
        said: What the platform says about it, safe to show; it may be empty.
    """

    def __init__(self, message: str, status: int, said: str) -> None:
        super().__init__(message)
        self.status = status
        self.said = said


class Unreachable(PlatformError):
    """A platform did not answer, again and again.

    Attributes:
        may_be_done: Whether it may have done all the same what it was asked.
    """

    def __init__(self, message: str, *, may_be_done: bool = False) -> None:
        super().__init__(message)
        self.may_be_done = may_be_done


class Reply(NamedTuple):
    """What a platform has answered."""

    status: int
    body: Any
    """Its JSON; None if it answered nothing."""
    at: datetime | None
    """When, by the platform's own clock, in UTC; None if it does not say."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a platform that fails is asked again."""

    attempts: int = 8
    in_all: float = 240.0
    """Seconds."""
    first: float = 0.5
    """Seconds until the second try; each further one takes twice as long, up to `longest`."""
    longest: float = 30.0
    jitter: float = 1.0
    """How many seconds are added by chance, so that not all ask again at once."""
    answer: float = 30.0
    """Seconds that one answer may take."""


PATIENCE = Patience()
"""How long every platform is asked again, unless somebody wants it otherwise."""


class _Again(Exception):
    """The platform could not answer now.

    Attributes:
        reason: What it did instead, to be read after its name.
        rest: How many seconds it wants to be left alone, if it says so.
        was_sent: Whether the request may have reached it.
        is_too_fast: Whether it was asked too often.
    """

    def __init__(
        self,
        reason: str,
        rest: float | None = None,
        *,
        was_sent: bool = True,
        is_too_fast: bool = False,
    ) -> None:
        super().__init__(reason)
        self.is_too_fast = is_too_fast
        self.reason = reason
        self.rest = rest
        self.was_sent = was_sent


class Api:
    """The API of one platform; several threads may use it at once.

    Args:
        settings: Its address and its secrets.
        stop: Is set when the program is to end.
        patience: How long it is asked again.
        tell: Is told, in a sentence, that the platform fails and is asked again.

    Raises:
        MissingSetting: If a setting is missing or cannot be used.
    """

    def __init__(
        self,
        settings: PlatformSettings,
        *,
        stop: threading.Event | None = None,
        patience: Patience | None = None,
        tell: Callable[[str], None] = lambda sentence: None,
    ) -> None:
        client = settings.provider.api
        if client is None:
            raise DeskError(f"{settings.provider.name} has no API that Send Desk knows.")
        self.client = client
        self.address = settings.address(client.address, client.prefix)
        self.name = settings.provider.name
        self._stop = stop or threading.Event()
        self._patience = patience or PATIENCE
        self._tell = tell
        self._told_at: dict[str, float] = {}
        self._pace = Pace(client.per_second, self._stop)
        self._http = httpx.Client(
            base_url=self.address,
            headers={"User-Agent": "senddesk", "Accept": "application/json"},
            timeout=httpx.Timeout(self._patience.answer, connect=10.0),
            # To this computer nothing goes by a proxy, which would read the token.
            trust_env=not is_here(urlsplit(self.address).hostname or ""),
        )
        self._tokens = Tokens(settings, client, self._post_form)
        self._http.auth = self._tokens

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def get(self, path: str, params: Mapping[str, str | int] | None = None) -> Reply:
        """Ask for what is at *path*; again where that fails.

        Raises:
            Refused: If the platform says no.
            Unreachable: If it does not answer.
            Stopped: If the program is to end.
        """
        return self._ask("GET", path, params, None)

    def send(self, method: str, path: str, body: Any = None) -> Reply:
        """Ask the platform to do something; again only where the request has certainly not reached it.

        Args:
            method: `POST`, `DELETE`.
            path: Where: `/v1/orders/{id}/cancel`.
            body: What is sent, as JSON; None for nothing.

        Raises:
            Refused: If the platform says no.
            Unreachable: If it does not answer; `may_be_done` says whether it may have done it.
            Stopped: If the program is to end.
        """
        return self._ask(method, path, None, body)

    def _ask(
        self, method: str, path: str, params: Mapping[str, str | int] | None, body: Any
    ) -> Reply:
        patience = self._patience
        is_read = method == "GET"
        tried = 0

        def again(problem: Exception) -> bool | float:
            if not isinstance(problem, _Again) or self._stop.is_set():
                return False
            if problem.was_sent and not is_read:
                return False
            if tried < patience.attempts:
                self._tell_again(problem.reason)
            if problem.is_too_fast:
                # The other threads would only be refused as well.
                self._pace.rest(random.uniform(patience.first, patience.first + patience.jitter))
            if problem.rest is None:
                return True
            self._pace.rest(problem.rest)
            return problem.rest + random.uniform(0, patience.jitter)

        attempts = stamina.retry_context(
            on=again, attempts=patience.attempts, timeout=patience.in_all, wait_initial=patience.first,
            wait_max=patience.longest, wait_jitter=patience.jitter,
        )  # fmt: skip
        try:
            for attempt in attempts:
                tried = attempt.num
                with attempt:
                    return self._once(method, path, params, body)
        except _Again as problem:
            if self._stop.is_set():
                raise Stopped from None
            told = f"{self.name} {problem.reason}."
            raise Unreachable(told, may_be_done=problem.was_sent and not is_read) from None
        raise AssertionError("There is at least one attempt.")

    def _tell_again(self, reason: str) -> None:
        """Tell that the platform fails; the same only once in a while, however many threads meet it."""
        now = time.monotonic()
        if now - self._told_at.get(reason, -_TOLD_EVERY) >= _TOLD_EVERY:
            self._told_at[reason] = now
            self._tell(f"{self.name} {reason}; it is asked again.")

    def _once(
        self, method: str, path: str, params: Mapping[str, str | int] | None, body: Any
    ) -> Reply:
        self._pace.wait()
        try:
            with self._http.stream(method, path, params=params, json=body) as answer:
                content = _content(answer)
        except httpx.HTTPError as problem:
            raise _Again(
                f"at {self._http.base_url.host} {_told(problem)}",
                was_sent=not isinstance(problem, _NOT_SENT),
            ) from None
        status = answer.status_code
        if status == _TOO_MANY:
            # It refuses before it does anything.
            raise _Again(
                "asks for a rest (answer 429)", _rest(answer), was_sent=False, is_too_fast=True
            )
        if status >= 500:
            raise _Again(f"fails (answer {status})", _rest(answer))
        parsed = _parsed(content)
        if not answer.is_success:
            raise self._refusal(method, path, status, parsed)
        if content.strip() and parsed is None:
            raise _Again(f"answers {method} {path} with something that is not JSON")
        return Reply(status, parsed, _date(answer.headers.get("Date", "")))

    def _refusal(self, method: str, path: str, status: int, body: Any) -> Refused:
        said = self._without_secrets(_said(body))
        what = "refuses the key" if status in _REFUSED_KEY else f"refuses {method} {path}"
        told = f"{self.name} {what} (answer {status}{f': {said}' if said else ''})."
        return Refused(told, status, said)

    def _without_secrets(self, text: str) -> str:
        """Return *text* without any secret that the platform may repeat, safe to show."""
        for secret in self._tokens.secrets():
            text = text.replace(secret.reveal(), repr(secret))
        return display_text(text, _LONGEST_ANSWER).strip().rstrip(".")

    def _post_form(self, path: str, form: Mapping[str, str]) -> httpx.Response:
        self._pace.wait()
        return self._http.post(path, data=dict(form), auth=httpx.Auth())


def _content(answer: httpx.Response) -> bytes:
    """Return what was answered, if it has a size that can be read.

    Raises:
        PlatformError: If it is too large.
    """
    pieces, size = [], 0
    for piece in answer.iter_bytes():
        size += len(piece)
        if size > _MOST_BYTES:
            raise PlatformError(f"An answer has more than {_MOST_BYTES:,} bytes.")
        pieces.append(piece)
    return b"".join(pieces)


def _parsed(content: bytes) -> Any:
    """Return the JSON that *content* is, or None."""
    try:
        return from_json(content)
    except ValueError:
        pass
    try:
        # Half of a character, which a name was cut in, is JSON all the same: one entry must not hide a page.
        return json.loads(content, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is not a number of JSON")


def _said(body: Any) -> str:
    """Return what the body of a refusal says about it, under the names that platforms use."""
    if isinstance(body, Mapping):
        for name in ("error", "message", "description", "detail"):
            if isinstance(body.get(name), str):
                return str(body[name])
    return ""


def _told(problem: httpx.HTTPError) -> str:
    """Return what went wrong, to be read after a name; the error itself may quote what was sent."""
    if isinstance(problem, httpx.TimeoutException):
        return "does not answer in time"
    if isinstance(problem, httpx.ConnectError):
        return "cannot be reached"
    return "broke the connection off"


def _rest(answer: httpx.Response) -> float | None:
    """Return how many seconds of rest an answer asks for; None if it does not."""
    told = answer.headers.get("Retry-After", "").strip()
    if told.isascii() and told.isdigit():
        return min(float(told), _LONGEST_REST)
    until = _date(told)
    if until is None:
        return None
    return min(max((until - datetime.now(UTC)).total_seconds(), 0.0), _LONGEST_REST)


def _date(text: str) -> datetime | None:
    """Return the moment that a header of HTTP writes, in UTC; None if it is none."""
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)

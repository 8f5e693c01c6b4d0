"""The token that a platform is asked with, and its renewal by a refresh token that can be used only once.

The tokens that a renewal gives are kept in a file that only its owner can read. Whoever renews holds the
lock of that file and looks first whether another process has done so meanwhile.
"""

import hashlib
import json
import os
import re
import threading
import time
from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import Any

import httpx
from pydantic import BaseModel, ValidationError

from models.errors import DeskError
from models.live.settings import MissingSetting, PlatformSettings
from models.providers.client import Client
from models.values import private_file
from models.values.file_lock import locked
from models.values.own_folders import own_folder
from models.values.secret import Secret

_FILE = "tokens.json"
_MOST_BYTES = 1_000_000
_PATIENCE = 60.0
"""How many seconds another process may take to renew the tokens."""
_EARLY = 60.0
"""How many seconds before its end a token is renewed."""
_UNAUTHORIZED = 401
_ROOM = 16_384
"""How many bytes on the disk are taken before a refresh token is used up."""
_WORD = re.compile(r"(invalid|unauthorized|unsupported)_[a-z_]{1,30}")
Post = Callable[[str, Mapping[str, str]], httpx.Response]


class NoToken(DeskError):
    """A platform gives no new token."""


class _Given(BaseModel):
    """What a platform answers to a refresh token."""

    access_token: str
    refresh_token: str | None = None
    expires_in: float | None = None


class _Kept(BaseModel):
    """The tokens of one platform, as the file has them."""

    access: str = ""
    refresh: str = ""
    ends: float | None = None
    """When the access token ends, in seconds since 1970; None if nobody knows."""


class Tokens(httpx.Auth):
    """Gives each request its token, and a second try with a new one where the platform refuses it.

    Args:
        settings: Where the token, and what renews it, are found.
        client: Says which setting is the token and where it is renewed.
        post: Sends a form to a path of the platform, without a token.
    """

    def __init__(self, settings: PlatformSettings, client: Client, post: Post) -> None:
        self._name = settings.provider.name
        self._client = client
        self._post = post
        self._lock = threading.Lock()
        self._grant: Mapping[str, Secret] = {}
        if client.renewal and (refresh := settings.find("refresh_token")):
            self._grant = {
                "refresh_token": refresh,
                "client_id": settings.need("client_id"),
                "client_secret": settings.need("client_secret"),
            }
        self._token = settings.find(client.token) if self._grant else settings.need(client.token)
        self._refresh_setting = settings.variable("refresh_token")
        self._key = self._fingerprint(settings)

    def secrets(self) -> tuple[Secret, ...]:
        """Return all that no text may show."""
        mine = (*self._grant.values(), self._token or Secret(""))
        kept = self._read() if self._grant else _Kept()
        return tuple(each for each in (*mine, Secret(kept.access), Secret(kept.refresh)) if each)

    def sync_auth_flow(
        self, request: httpx.Request
    ) -> Generator[httpx.Request, httpx.Response, None]:
        """Send *request* with the token, and once more with a new one if the token is refused."""
        token = self._present()
        request.headers["Authorization"] = f"Bearer {token.reveal()}"
        response = yield request
        if response.status_code == _UNAUTHORIZED and self._grant:
            request.headers["Authorization"] = f"Bearer {self._renewed(token).reveal()}"
            yield request

    def _present(self) -> Secret:
        """Return the token in force; if none is known, or it is about to end, a new one."""
        if not self._grant:
            assert self._token is not None
            return self._token
        kept = self._read()
        token = Secret(kept.access) if kept.access else self._token
        is_over = kept.ends is not None and time.time() > kept.ends - _EARLY
        return self._renewed(token) if token is None or is_over else token

    def _renewed(self, used: Secret | None) -> Secret:
        """Return a token in the place of *used*, which another process may have got meanwhile.

        Raises:
            NoToken: If the platform gives none, or the new ones could be kept nowhere.
        """
        path = self._path()
        try:
            with self._lock, locked(path.with_suffix(".lock"), patience=_PATIENCE) as is_mine:
                if not is_mine:
                    raise NoToken(f"Another process has been renewing the token of {self._name}.")
                _finish(path)
                kept = self._read()
                if kept.access and Secret(kept.access) != used:
                    return Secret(kept.access)
                return self._renew(path, kept)
        except OSError as problem:
            raise NoToken(
                f"{self._name} would give new tokens, and they could be kept nowhere: {path} cannot be"
                f" written ({problem.strerror}). The refresh token was not used."
            ) from None

    def _renew(self, path: Path, kept: _Kept) -> Secret:
        """Exchange the refresh token and keep what comes for it; the lock is held."""
        draft = path.with_suffix(".part")
        draft.unlink(missing_ok=True)
        try:
            return self._exchange(path, draft, kept)
        finally:
            draft.unlink(missing_ok=True)

    def _exchange(self, path: Path, draft: Path, kept: _Kept) -> Secret:
        with private_file.create(draft) as file:
            # A full disk must show before the one refresh token is used up.
            file.write(b" " * max(_ROOM, len(self._all_text({})) + _ROOM))
            file.flush()
            os.fsync(file.fileno())
            given = self._ask(kept)
            fresh = _Kept(
                access=given.access_token,
                refresh=given.refresh_token or kept.refresh,
                ends=time.time() + given.expires_in if given.expires_in else None,
            )
            file.seek(0)
            file.write(self._all_text({self._key: fresh.model_dump()}))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        private_file.flush_folder(path.parent)
        return Secret(fresh.access)

    def _ask(self, kept: _Kept) -> _Given:
        """Return what the platform gives for the refresh token.

        Raises:
            NoToken: If that is nothing.
        """
        refresh = Secret(kept.refresh) if kept.refresh else self._grant["refresh_token"]
        form = {
            "grant_type": "refresh_token",
            "refresh_token": refresh.reveal(),
            "client_id": self._grant["client_id"].reveal(),
            "client_secret": self._grant["client_secret"].reveal(),
        }
        try:
            answer = self._post(self._client.renewal, form)
        except httpx.HTTPError:
            raise NoToken(f"{self._name} could not be reached for a new token.") from None
        if answer.is_success:
            try:
                return _Given.model_validate_json(answer.content)
            except ValidationError:
                raise NoToken(f"{self._name} answered a refresh token with no new one.") from None
        said = f"{answer.status_code}{_error(answer)}"
        raise NoToken(
            f"{self._name} gives no new token for the refresh token (answer {said}): allow access once"
            f" more and set {self._refresh_setting}."
        )

    def _fingerprint(self, settings: PlatformSettings) -> str:
        """Return a name for what the settings say: tokens that came of other settings do not count."""
        parts = [settings.provider.key, settings.address(self._client.address, self._client.prefix)]
        parts += [each.reveal() for each in self._grant.values()]
        return hashlib.sha256("\0".join(parts).encode(errors="replace")).hexdigest()[:32]

    def _path(self) -> Path:
        folder = own_folder("state")
        if folder is None:
            raise MissingSetting(
                f"The new tokens of {self._name} can be kept nowhere: set HOME or XDG_STATE_HOME."
            )
        return folder / _FILE

    def _read(self) -> _Kept:
        """Return the tokens of the file; none if it has none for these settings."""
        try:
            return _Kept.model_validate(self._all().get(self._key, {}))
        except ValidationError:
            return _Kept()

    def _all(self) -> dict[str, Any]:
        folder = own_folder("state")
        return _content(folder / _FILE) if folder else {}

    def _all_text(self, changed: Mapping[str, Any]) -> bytes:
        """Return the content of the file with what is *changed*, padded so that nothing old is left behind it."""
        text = json.dumps({**self._all(), **changed}).encode()
        return text + b" " * max(_ROOM - len(text), 0) + b"\n"


def _error(answer: httpx.Response) -> str:
    """Return the word that OAuth has for a refusal, behind a colon; nothing if there is none.

    Whatever else the answer says may quote a secret.
    """
    try:
        word = json.loads(answer.content).get("error")
    except (ValueError, AttributeError):
        return ""
    return f": {word}" if isinstance(word, str) and _WORD.fullmatch(word) else ""


def _content(path: Path) -> dict[str, Any]:
    """Return what the file *path* holds; nothing if it is missing or no such file."""
    try:
        found = json.loads(private_file.read(path, _MOST_BYTES))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _finish(path: Path) -> None:
    """Finish what a process was killed at that had got new tokens: they are whole in its draft."""
    draft = path.with_suffix(".part")
    if _content(draft):
        draft.replace(path)

"""How a platform is reached: its address and its secrets, from the environment, the settings file, a keyring."""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from models.errors import DeskError
from models.providers.provider import Provider
from models.values.secret import Secret

URL = "url"
"""The setting that every platform has: the address of its API."""
WEBHOOK_SECRET = "webhook_secret"
"""The setting with the secrets of webhooks, separated by blanks or lines: they are sent nowhere."""
_KEYRING = "senddesk"
"""The service under which a keyring holds the secrets; the name of each is `goody.key`."""
_OTHERS_MAY = stat.S_IRWXG | stat.S_IRWXO


class MissingSetting(DeskError):
    """A platform cannot be reached: its address or a secret is nowhere, or cannot be used."""


@dataclass(frozen=True, slots=True)
class FileSettings:
    """What the settings file says about platforms."""

    path: Path | None = None
    tables: Mapping[str, Mapping[str, Secret]] = field(default_factory=dict)
    """By the key of a platform and the name of a setting."""

    def read(self, provider: str, name: str) -> Secret | None:
        """Return a setting of a platform, or None.

        Raises:
            MissingSetting: If other users can read the file, and with it the secrets in it.
        """
        found = self.tables.get(provider, {}).get(name)
        if found and name != URL and self.path is not None and _is_open_to_others(self.path):
            raise MissingSetting(
                f"{self.path} holds secrets and other users can read it: run `chmod 600 {self.path}`."
            )
        return found


@dataclass(frozen=True, slots=True)
class PlatformSettings:
    """The settings of one platform.

    Attributes:
        provider: The platform.
        file: What the settings file says.
        environ: The environment.
    """

    provider: Provider
    file: FileSettings = field(default_factory=FileSettings)
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)

    def variable(self, name: str) -> str:
        """Return the name of the environment variable for a setting: `SENDDESK_GOODY_KEY` for `key`."""
        return f"SENDDESK_{self.provider.key}_{name}".upper()

    def find(self, name: str) -> Secret | None:
        """Return a setting, or None: that of the environment, else of the file, else of the keyring.

        Raises:
            MissingSetting: If it stands in a file that other users can read, or no request can carry it.
        """
        found = self._found(name)
        if found and name != WEBHOOK_SECRET and not _can_be_sent(found.reveal()):
            raise MissingSetting(
                f"{self._named(name)} cannot be sent to {self.provider.name}: a line break, a tab or a letter"
                " outside ASCII is in it. Copy it once more."
            )
        return found

    def _found(self, name: str) -> Secret | None:
        if told := self.environ.get(self.variable(name), "").strip():
            return Secret(told)
        return self.file.read(self.provider.key, name) or _from_keyring(self.provider.key, name)

    def need(self, name: str) -> Secret:
        """Return a setting.

        Raises:
            MissingSetting: If it is nowhere.
        """
        if found := self.find(name):
            return found
        raise self._missing(name)

    def lacks(self) -> str:
        """Return what the platform lacks to be reached at all, in a sentence; an empty string if nothing.

        Raises:
            MissingSetting: If a secret stands in a file that other users can read.
        """
        client = self.provider.api
        if client is None:
            return f"{self.provider.name} has no API that Send Desk knows."
        is_renewed = client.renewal and self.find("refresh_token")
        return "" if is_renewed or self.find(client.token) else str(self._missing(client.token))

    def _missing(self, name: str) -> MissingSetting:
        return MissingSetting(
            f"{self.provider.name} cannot be reached without its {name.replace('_', ' ')}: set"
            f" {self.variable(name)}, or {name} in [{self.provider.key}] of the settings file."
        )

    def _named(self, name: str) -> str:
        """Return what a setting is called where it stands."""
        if self.environ.get(self.variable(name), "").strip():
            return self.variable(name)
        if self.file.read(self.provider.key, name):
            return f"{name} in [{self.provider.key}] of {self.file.path}"
        return f"{self.provider.key}.{name} of the keyring"

    def address(self, usual: str, path: str) -> str:
        """Return the address of the API that the published paths are appended to, without a last slash.

        Args:
            usual: Where it is if nobody says otherwise.
            path: What all paths begin with, which the setting may have at its end: `/v1`.

        Raises:
            MissingSetting: If it is no https address, or http of another computer.
        """
        told = self.environ.get(self.variable(URL), "").strip()
        found = Secret(told) if told else self.file.read(self.provider.key, URL)
        text = found.reveal() if found else usual
        try:
            parts = urlsplit(text)
            usable = _is_usable(parts) and (parts.port is None or parts.port > 0)
        except ValueError:
            usable = False
        if not usable:
            raise MissingSetting(
                f"{self.variable(URL)} is not an address that secrets may be sent to: write"
                f" {usual}, or http:// and a port of this computer."
            )
        return text.rstrip("/").removesuffix(path).rstrip("/")


def _is_usable(parts: SplitResult) -> bool:
    """Whether secrets may be sent to an address: encrypted, or without leaving this computer."""
    if not parts.hostname or "@" in parts.netloc or parts.query or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_here(parts.hostname))


def is_here(host: str) -> bool:
    """Whether *host* is this computer."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _can_be_sent(secret: str) -> bool:
    """Whether a request can carry *secret*: the headers of HTTP have neither lines nor foreign letters."""
    return secret.isascii() and secret.isprintable()


def _is_open_to_others(path: Path) -> bool:
    # Windows has no such bits: who may read a file there is inherited from the user's own folder.
    return os.name != "nt" and bool(path.stat().st_mode & _OTHERS_MAY)


def _from_keyring(provider: str, name: str) -> Secret | None:
    """Return a secret of the system's keyring; None if there is none, or no keyring."""
    if name == URL:
        return None
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return None
    try:
        found = keyring.get_password(_KEYRING, f"{provider}.{name}")
    except KeyringError:
        return None
    return Secret(found.strip()) if found and found.strip() else None

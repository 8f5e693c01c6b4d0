"""The agent's own settings: a TOML file that is read once and checked line by line."""

import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from models.errors import DeskError
from models.store.location import expanded
from models.values.own_folders import own_folder
from models.values.secret import Secret
from models.values.text import display_text
from models.values.text_file import UnreadableText, read_text

if TYPE_CHECKING:
    from models.live.settings import PlatformSettings
    from models.providers.provider import Provider

THEME_NAMES = (
    "send-desk-dark",
    "send-desk-light",
    "send-desk-dark-blue-orange",
    "send-desk-light-blue-orange",
    "send-desk-ansi-dark",
    "send-desk-ansi-light",
)
_MOST_BYTES = 1_000_000
_KINDS: Mapping[str, type] = {
    "database": str,
    "agent": str,
    "theme": str,
    "timezone": str,
    "ascii": bool,
    "plain": bool,
    "keys": dict,
}
_TYPES = {str: "text in quotes", bool: "true or false", dict: "a table"}


class BadConfig(DeskError):
    """The settings cannot be used; the message names file, line and what to write instead."""


class Config(NamedTuple):
    """What the file says; empty where it says nothing."""

    database: str = ""
    agent: str = ""
    theme: str = ""
    timezone: str = ""
    """What `zone_named` reads; empty for the zone of the system."""
    ascii: bool = False
    plain: bool = False
    """Whether the desk is opened line by line."""
    path: Path | None = None
    """The file itself; None if there is none."""
    platforms: Mapping[str, Mapping[str, Secret]] = MappingProxyType({})
    """How platforms are reached: `[goody]` with `url` and `key`; by platform and setting."""
    keys: Mapping[str, str] = MappingProxyType({})
    """Keys by the id of an action, as `senddesk keys` lists them; several separated by commas."""


def config_path() -> Path | None:
    """Return where the settings are: SENDDESK_CONFIG, else the user's folder for settings.

    None if there are none: without a home directory, or if the folder has no such file.

    Raises:
        DeskError: If SENDDESK_CONFIG means the home directory of nobody.
    """
    told = os.environ.get("SENDDESK_CONFIG", "").strip()
    if told:
        return expanded(told)
    folder = own_folder("config")
    # A folder that may not be entered holds no settings for this user.
    found = folder and folder / "config.toml"
    return found if found and os.path.lexists(found) else None


def replies_folder() -> Path | None:
    """Return where the agent's own texts for senders and recipients are, beside the settings, if anywhere.

    Raises:
        DeskError: If SENDDESK_CONFIG means the home directory of nobody.
    """
    told = os.environ.get("SENDDESK_CONFIG", "").strip()
    folder = expanded(told).parent if told else own_folder("config")
    return folder and folder / "replies"


def load() -> Config:
    """Read the settings; without a file there are none.

    Raises:
        BadConfig: If the file cannot be read, or says something that nobody would understand.
    """
    path = config_path()
    if path is None:
        return Config()
    # Most agents have no settings, and every start would wait for it.
    import tomllib

    text = _text(path)
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise BadConfig(f"{path} is not TOML: {display_text(str(problem), 200)}.") from None
    except RecursionError:
        raise BadConfig(f"{path} nests too deeply for settings.") from None
    lines = _Lines(path, text)
    platforms = _platforms(values, lines)
    for name, value in values.items():
        kind = _KINDS.get(name)
        if kind is None:
            raise lines.refuse(name, f"“{name}” is not a setting", _near(name, _KINDS))
        if not isinstance(value, kind):
            raise lines.refuse(name, f"“{name}” is {_TYPES[kind]}", "")
    theme = values.get("theme", "")
    if theme and theme not in THEME_NAMES:
        raise lines.refuse("theme", f"“{theme}” is not a theme", _near(theme, THEME_NAMES))
    if zone := values.get("timezone", ""):
        from models.values.zones import zone_named

        try:
            zone_named(zone)
        except ValueError as problem:
            raise lines.refuse("timezone", str(problem), "") from None
    if "keys" in values:
        values["keys"] = _checked_keys(values["keys"], lines)
    return Config(**values, platforms=platforms, path=path)


class _Lines(NamedTuple):
    """Finds where a setting stands, for the sentence about it."""

    path: Path
    text: str

    def refuse(self, name: str, what: str, hint: str) -> BadConfig:
        """Return the refusal of the setting *name*."""
        lines = enumerate(self.text.splitlines(), 1)
        found = (place for place, line in lines if line.strip().strip("\"'").startswith(name))
        place = next(found, None)
        where = f"{self.path}, line {place}" if place else str(self.path)
        return BadConfig(display_text(f"{where}: {what}.{hint}", 500))


def _text(path: Path) -> str:
    """Return the text of the settings.

    Raises:
        BadConfig: If it is not an ordinary file, too large, or not UTF-8.
    """
    try:
        return read_text(path, _MOST_BYTES)
    except UnreadableText as problem:
        raise BadConfig(f"{path} {problem}.") from None


def _checked_keys(keys: Mapping[str, Any], lines: _Lines) -> dict[str, str]:
    """Return *keys* by the ids of today.

    Raises:
        BadConfig: If an action is unknown, or a key would run two actions at one place.
    """
    # Most agents change no keys, and most commands have none.
    from tui.keys import KEY_ROWS, OLD_IDS, SCOPES_TOGETHER, in_force, key_label, key_names

    for name, value in keys.items():
        if name not in KEY_ROWS and name not in OLD_IDS:
            raise lines.refuse(name, f"“{name}” is no action", _near(name, KEY_ROWS))
        if not isinstance(value, str):
            raise lines.refuse(name, f"the keys of “{name}” are text in quotes", "")
    written = {OLD_IDS.get(name, name): name for name in keys}
    own = {row_id: keys[name] for row_id, name in written.items()}
    for scopes in SCOPES_TOGETHER:
        holder: dict[str, str] = {}
        for row in KEY_ROWS.values():
            if row.scope not in scopes:
                continue
            for key in key_names(own.get(row.id) or row.keys):
                other = holder.setdefault(key, row.id)
                if other != row.id and not own.keys().isdisjoint((row.id, other)):
                    culprit = written[row.id if row.id in own else other]
                    raise lines.refuse(
                        culprit, f"“{key_label(key)}” would run {other} and {row.id}", ""
                    )
    return in_force(own)


def _platforms(values: dict[str, Any], lines: _Lines) -> dict[str, dict[str, Secret]]:
    """Take the tables of platforms out of *values*; return their settings by platform and name.

    Raises:
        BadConfig: If a platform has no such setting, or one is not text. No value is repeated.
    """
    named = [name for name in values if name not in _KINDS and isinstance(values[name], dict)]
    if not named:
        return {}
    # Few agents have such tables, and the catalogue takes a while to load.
    from models.providers import PROVIDERS

    settings = {each.key: ("url", *each.settings) for each in PROVIDERS}
    found: dict[str, dict[str, Secret]] = {}
    for platform in named:
        if platform not in settings:
            known = {**_KINDS, **settings}
            raise lines.refuse(platform, f"“{platform}” is not a setting", _near(platform, known))
        found[platform] = {}
        for name, value in values.pop(platform).items():
            plain = name.lower().removeprefix("senddesk_").removeprefix(f"{platform}_")
            if plain not in settings[platform]:
                hint = _near(plain, settings[platform])
                raise lines.refuse(name, f"“{name}” is not a setting of [{platform}]", hint)
            if not isinstance(value, str):
                raise lines.refuse(name, f"“{name}” of [{platform}] is text in quotes", "")
            if value.strip():
                found[platform][plain] = Secret(value.strip())
    return found


def platform_settings(provider: "Provider") -> "PlatformSettings":
    """Return how *provider* is reached; nothing of it is looked up yet.

    Raises:
        BadConfig: If the settings file cannot be used.
    """
    from models.live.settings import FileSettings, PlatformSettings

    config = load()
    return PlatformSettings(provider, FileSettings(config.path, config.platforms))


def _near(word: str, known: Mapping[str, object] | tuple[str, ...]) -> str:
    from difflib import get_close_matches

    found = get_close_matches(word, list(known), 1)
    return f" Did you mean “{found[0]}”?" if found else ""

"""The options that the desk is opened with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from models.rules.views import VIEWS, View
from models.values.clock import utc_now
from models.values.zones import system_zone
from tui.memory import Memory
from tui.style.themes import DARK

if TYPE_CHECKING:
    from models.desk import Desk
    from models.live.settings import PlatformSettings
    from models.providers.provider import Provider
    from models.reading.first_rows import FirstRows

NO_KEYS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class StartOptions:
    """What the command line, the environment and the settings file say about one start."""

    agent: str
    opener: "Callable[[], Desk]"
    """Opens the database, on a thread of its own, after the first frame is painted."""
    first_rows: "Callable[[], FirstRows | None]" = lambda: None
    """Reads the first rows without the database layer; None where that cannot be done."""
    opened: Callable[[], None] = lambda: None
    """Called once, when everything is loaded."""
    query: str = ""
    """A filter to begin with, or an empty string for Triage."""
    clock: Callable[[], datetime] = utc_now
    zone: tzinfo = field(default_factory=system_zone)
    """The time zone of the agent: moments are shown in it, and days begin by it."""
    ascii: bool = False
    theme: str = DARK
    has_own_theme: bool = False
    """Whether the settings file names the theme, which it then does at every start."""
    keys: Mapping[str, str] = field(default_factory=lambda: NO_KEYS)
    """The agent's own keys by the id of a row of `tui.keys.KEYS`."""
    replies: Path | None = None
    """The folder of the agent's own texts for senders and recipients."""
    settings_of: "Callable[[Provider], PlatformSettings] | None" = None
    """Returns how a platform is reached; None if nobody knows."""
    memory: Memory = field(default_factory=Memory)
    """How the agent left the desk."""
    filters: Path | None = None
    """Where the agent's last filters are kept; None remembers them until the desk closes."""

    @property
    def first_view(self) -> View:
        """The view to begin with; one of the team's own is known only once the desk is open."""
        if self.query:
            return VIEWS[-1]
        return next((view for view in VIEWS if view.name == self.memory.view), VIEWS[0])

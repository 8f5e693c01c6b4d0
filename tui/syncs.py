"""What reads the platforms for the desk, on the screen and line by line, as far as they are set up."""

import threading
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.desk import Desk
    from models.live.settings import PlatformSettings
    from models.live.sync import Progress, Sync
    from models.providers.provider import Provider


def syncs_of(
    desk: "Desk",
    settings_of: "Callable[[Provider], PlatformSettings]",
    *,
    clock: Callable[[], datetime],
    stop: threading.Event,
    only: str = "",
    tell: Callable[[str], None] = lambda sentence: None,
    progress: "Callable[[str, Progress], None]" = lambda platform, progress: None,
) -> "tuple[list[Sync], list[str]]":
    """Return what syncs each platform that is set up, and a sentence for each that is not.

    Args:
        desk: Where the sends go.
        settings_of: Returns how a platform is reached.
        clock: Gives the present, in UTC.
        stop: Is set when they are to end.
        only: The key of one platform; empty for all of them.
        tell: Is told, in a sentence, what a person should know meanwhile.
        progress: Is told the name of a platform and how far its sync is, on the thread of the sync.

    Raises:
        MissingSetting: If the settings file is open to others.
    """
    # The libraries of HTTP are loaded by those who sync.
    from models.live.sync import Sync
    from models.providers import PROVIDERS

    syncs, lacks = [], []
    for provider in PROVIDERS:
        if not provider.client or only not in ("", provider.key):
            continue
        settings = settings_of(provider)
        if sentence := settings.lacks():
            lacks.append(sentence)
            continue
        syncs.append(
            Sync(
                database=desk.database, settings=settings, agent=desk.agent, clock=clock, zone=desk.zone,
                stop=stop, tell=tell, progress=partial(progress, provider.name),
            )
        )  # fmt: skip
    return syncs, lacks

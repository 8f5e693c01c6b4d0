"""The folders for a user's own files, as the system has them; a user without a home has none."""

from pathlib import Path
from typing import Literal

Kind = Literal["config", "data", "log", "state"]


def own_folder(kind: Kind) -> Path | None:
    """Return the user's folder for files of this *kind*, or None where there is no home directory.

    A job in a container or under a service manager may have no HOME, and a user number that the system
    knows no name and no home for.
    """
    from platformdirs import PlatformDirs

    folders = PlatformDirs("senddesk", appauthor=False)
    try:
        found: Path = getattr(folders, f"user_{kind}_path")
    except RuntimeError:
        return None
    # Older releases of platformdirs give a folder called "~" back where they know no home.
    return found if found.is_absolute() else None

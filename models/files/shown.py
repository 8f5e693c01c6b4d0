"""Names of files in sentences."""

from pathlib import Path

from models.values.text import display_text


def shown(path: Path) -> str:
    """Return a path made safe to show, for a sentence."""
    return display_text(str(path), 200)

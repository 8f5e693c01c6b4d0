"""The last filters of an agent, kept in a file that only the agent can read."""

import json
from contextlib import suppress
from pathlib import Path
from threading import Lock

from models.values import private_file
from models.values.own_folders import own_folder
from models.values.text import display_text

MOST = 20
_LONGEST = 1000
"""Characters of a filter, as the filter line takes them."""
_MOST_BYTES = 200_000
_MOST_AGENTS = 20


def history_path() -> Path | None:
    """Return where the filters are kept, in the user's folder for state; None without a home."""
    folder = own_folder("state")
    return folder and folder / "filters.json"


class FilterHistory:
    """The last twenty filters of one agent, newest first.

    A file that cannot be read counts as empty, one that cannot be written is left as it is: filters
    are then remembered until the desk closes.

    Args:
        path: The file; None remembers without one.
        agent: Whose filters they are.
    """

    def __init__(self, path: Path | None, agent: str) -> None:
        self._path = path
        self._agent = agent
        self._recent: tuple[str, ...] | None = None
        self._one_at_a_time = Lock()

    @property
    def recent(self) -> tuple[str, ...]:
        """The filters, each once, the newest first; reads the file the first time."""
        if self._recent is None:
            self._recent = self._stored().get(self._agent, ())
        return self._recent

    def add(self, text: str) -> None:
        """Remember *text* as the newest; `keep` writes it, on any thread."""
        if text and _is_plain(text):
            self._recent = _newest(text, self.recent)

    def keep(self) -> None:
        """Write the filters to the file, beside those of other agents."""
        if self._path is None:
            return
        with self._one_at_a_time:
            self._write(self._path)

    def _write(self, path: Path) -> None:
        others = {agent: texts for agent, texts in self._stored().items() if agent != self._agent}
        kept = [(self._agent, self.recent), *others.items()][:_MOST_AGENTS]
        with suppress(OSError):
            private_file.replace(path, json.dumps(dict(kept)).encode())

    def _stored(self) -> dict[str, tuple[str, ...]]:
        """Return what the file holds, by agent; whatever else is in it is left out."""
        try:
            found = json.loads(private_file.read(self._path, _MOST_BYTES)) if self._path else {}
        except (OSError, ValueError, RecursionError):
            return {}
        if not isinstance(found, dict):
            return {}
        return {agent: _plain(texts) for agent, texts in found.items() if isinstance(texts, list)}


def _newest(text: str, others: tuple[str, ...]) -> tuple[str, ...]:
    return (text, *(each for each in others if each != text))[:MOST]


def _plain(texts: list[object]) -> tuple[str, ...]:
    """Return what of *texts* an agent can have typed."""
    kept = (text for text in texts if isinstance(text, str) and text and _is_plain(text))
    return tuple(dict.fromkeys(kept))[:MOST]


def _is_plain(text: str) -> bool:
    return len(text) <= _LONGEST and display_text(text, _LONGEST) == text

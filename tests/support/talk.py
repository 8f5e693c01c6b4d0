"""A conversation with the desk line by line: what the agent types, and what happens between two lines."""

import io
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from models.desk import Desk
from models.live.settings import PlatformSettings
from models.providers.provider import Provider
from tui.config import platform_settings
from tui.filter_history import FilterHistory
from tui.keys import Keys
from tui.plain.console import Console
from tui.plain.desk import PlainDesk
from tui.verbs import VERBS, Verb

Line = str | Callable[[], object]
"""What is typed, or what happens at this moment."""


class Lines(io.StringIO):
    """What an agent types, line by line, with what happens in between."""

    def __init__(self, lines: tuple[Line, ...]) -> None:
        super().__init__()
        self._ahead: Iterator[Line] = iter(lines)

    def readline(self, size: int | None = -1, /) -> str:
        """Return the next line; whatever happens before it, happens now."""
        for line in self._ahead:
            if isinstance(line, str):
                return f"{line}\n"
            line()
        return ""


class Talk:
    """What was said.

    Attributes:
        lines: Everything, line by line; what was typed stands behind its prompt.
        refusals: How often something was refused.
    """

    def __init__(self, text: str, refusals: int) -> None:
        self.text = text
        self.lines = text.splitlines()
        self.refusals = refusals

    def after(self, typed: str) -> list[str]:
        """Return what was said from the line *typed* to the next prompt of the desk."""
        place = next(i for i, line in enumerate(self.lines) if line.endswith(f"> {typed}"))
        rest = self.lines[place + 1 :]
        ends = (i for i, line in enumerate(rest) if "> " in line or line.endswith(">"))
        return rest[: next(ends, len(rest))]


def talk(
    desk: Desk,
    *lines: Line,
    query: str = "",
    page_lines: int = 24,
    ascii: bool = False,
    keys: Mapping[str, str] | None = None,
    filters: Path | None = None,
    verbs: Mapping[str, Verb[Any]] = VERBS,
    settings_of: Callable[[Provider], PlatformSettings] = platform_settings,
) -> Talk:
    """Work at *desk* with these lines, as a file would, and return what was said."""
    said = io.StringIO()
    console = Console(Lines(lines), said, ascii=ascii, page_lines=page_lines)
    history = FilterHistory(filters, desk.agent)
    PlainDesk(desk, console, Keys(keys or {}), history, verbs, settings_of=settings_of).run(query)
    # What is said of a server that searches slowly is no part of these conversations.
    text = said.getvalue().replace(f"{desk.warning}\n", "") if desk.warning else said.getvalue()
    return Talk(text, console.refusals)

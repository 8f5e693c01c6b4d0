"""The agent's own texts for senders and recipients: one file each, in the place of those of the desk."""

import os
from collections.abc import Iterable
from pathlib import Path

from models.errors import DeskError
from models.providers.replies import NoReply
from models.rules.reply import BadTemplate, ReplyName, check
from models.values.private_file import make_whole
from models.values.text import display_text
from models.values.text_file import UnreadableText, read_text

_MOST_BYTES = 20_000


class OwnReplies:
    """The agent's own texts in one folder, such as `sendoso/bounced-to-sender.txt`.

    Args:
        folder: Where they are; None for an agent who has no folder for settings.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def path(self, name: ReplyName) -> Path | None:
        """Return where the agent's own text of this *name* is or would be."""
        return self.folder and self.folder / f"{name}.txt"

    def text(self, name: ReplyName) -> str | None:
        """Return the agent's own text of this *name*, or None without one.

        Raises:
            BadTemplate: If it cannot be read or filled in; the message names the file.
        """
        path = self.path(name)
        # A folder that may not be entered holds no texts for this user.
        if path is None or not os.path.lexists(path):
            return None
        try:
            text = read_text(path, _MOST_BYTES)
            check(text, name.to)
        except UnreadableText as problem:
            raise BadTemplate(f"{_shown(path)} {problem}. The desk's own text is used.") from None
        except BadTemplate as problem:
            end = "" if str(problem).endswith("?") else "."
            raise BadTemplate(
                f"{_shown(path)}, {problem}{end} The desk's own text is used."
            ) from None
        return text

    def write(self, names: Iterable[ReplyName]) -> list[Path]:
        """Write the desk's texts of these *names* into files for editing; those that are there stay.

        Returns:
            The files that are new.

        Raises:
            DeskError: If there is no folder for settings, or a file cannot be written.
        """
        written = []
        for name in names:
            path = self.path(name)
            if path is None:
                raise DeskError("There is no folder for settings: set SENDDESK_CONFIG to a file.")
            text = name.text
            assert not isinstance(text, NoReply)
            try:
                if make_whole(path, text.encode()):
                    written.append(path)
            except OSError as problem:
                reason = problem.strerror or "it cannot be made"
                raise DeskError(f"{_shown(path)} was not written: {reason}.") from problem
        return written


def _shown(path: Path) -> str:
    return display_text(str(path), 500)

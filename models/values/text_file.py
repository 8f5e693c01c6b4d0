"""Small text files that people write by hand, read with a bound and told plainly where they cannot be."""

import codecs
import os
import stat
from pathlib import Path


class UnreadableText(ValueError):
    """A file is not text that can be used; the message says why, and follows the name of the file."""


def read_text(path: Path, most: int) -> str:
    """Return the text of *path*, without the byte order mark that some editors begin it with.

    Its lines end in a line feed, whatever they end in in the file.

    Args:
        path: The file.
        most: How many bytes it may have.

    Raises:
        UnreadableText: If it is missing, no ordinary file, too large, or not UTF-8.
    """
    try:
        data = _bytes(path, most)
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data[:4]:
            raise UnreadableText("is UTF-16 text, as its first bytes say: save it as UTF-8")
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise UnreadableText("is not UTF-8 text: save it as UTF-8") from None
    except UnreadableText:
        raise
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or "no file can have this name"
        raise UnreadableText(f"cannot be read: {reason}") from None


def _bytes(path: Path, most: int) -> bytes:
    # A pipe that nobody writes to would be waited for, and a device may never end.
    with os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise UnreadableText("is not an ordinary file")
        data = file.read(most + 1)
    if len(data) > most:
        raise UnreadableText(f"is too large: it may have {most:,} bytes")
    return data

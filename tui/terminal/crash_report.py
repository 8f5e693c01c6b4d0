"""The report of an error of the program itself, without anyone's data.

It names the kinds of errors and the places in the code. It holds no values, no messages and no
source lines, because every one of them may carry a recipient's name, a password or a token.
"""

import os
import re
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from models.values import private_file
from models.values.own_folders import own_folder

_SECRETS = (
    (re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://)\S*@"), r"\1***@"),
    (re.compile(r"[^\s@<>\"'(),:;=]+@[^\s@<>\"'(),:;]+\.[^\W\d_]{2,}"), "***@***"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{6,}"), r"\1 ***"),
    (
        re.compile(
            r"(?i)((?:api[_-]?key|authorization|passw(?:or)?d|pwd|secret|signature|token)[\"']?\s*[:=]\s*)"
            r"(?:(?:bearer|basic)\s+)?(?:\"[^\"]*\"|'[^']*'|[^\s,;&)}\]]+)"
        ),
        r"\1***",
    ),
    (re.compile(r"\b(?:gh[opsu]|glpat|[prs]k|whsec|xox[a-z])[_-][\w+/=-]{8,}"), "***"),
    (re.compile(r"\beyJ[\w-]+(?:\.[\w-]+)+"), "***"),
    (re.compile(r"\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{32,}={0,2}"), "***"),
)


@dataclass(frozen=True, slots=True)
class CrashReport:
    """A failure that has been written down.

    Attributes:
        reference: What the agent quotes, such as `7F3A2C`.
        path: The report, or None if it could not be written.
    """

    reference: str
    path: Path | None

    @property
    def sentence(self) -> str:
        """The sentence for the agent."""
        told = f"reference {self.reference}"
        where = (
            f"{told}, report in {self.path}" if self.path else f"{told}, no report could be kept"
        )
        return f"Send Desk stopped because of a fault of its own; what you saved is safe ({where})."


def report(error: BaseException | None, folder: Path | None = None) -> CrashReport:
    """Write a failure down without any data and return its reference.

    Args:
        error: What went wrong, or None if nobody knows.
        folder: Where the report goes, by default the user's folder for logs. Never raises for it.
    """
    reference = os.urandom(3).hex().upper()
    folder = folder or own_folder("log")
    if folder is None:
        return CrashReport(reference, None)
    try:
        return CrashReport(reference, _write(reference, describe(error), folder))
    except OSError:
        return CrashReport(reference, None)


def describe(error: BaseException | None) -> str:
    """Return the kinds of errors and the places in the code, each error before its causes."""
    lines = [
        f"time {datetime.now(UTC).isoformat(timespec='seconds')}",
        f"python {sys.version.split()[0]} on {sys.platform}",
    ]
    for failure in _chain(error):
        kind = type(failure)
        lines += ["", f"{kind.__module__}.{kind.__qualname__}"]
        for frame in traceback.extract_tb(failure.__traceback__):
            lines.append(f"  {frame.filename}:{frame.lineno} in {frame.name}")
    return scrub("\n".join(lines) + "\n")


def scrub(text: str) -> str:
    """Return `text` without passwords in URLs, mail addresses, tokens and the user's own folder."""
    for pattern, mask in _SECRETS:
        text = pattern.sub(mask, text)
    home = os.path.expanduser("~")  # noqa: PTH111 - Path.home fails where there is none
    return text.replace(home, "~") if len(home) > 1 else text


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    waiting = [error]
    seen: set[int] = set()
    while waiting:
        failure = waiting.pop(0)
        if failure is None or id(failure) in seen:
            continue
        seen.add(id(failure))
        yield failure
        if isinstance(failure, BaseExceptionGroup):
            waiting.extend(failure.exceptions)
        waiting += [failure.__cause__, failure.__context__]


def _write(reference: str, text: str, folder: Path) -> Path:
    # One by one: of several folders made at once only the last gets the mode.
    private_file.make_folder(folder.parent)
    private_file.make_folder(folder)
    folder.chmod(0o700)
    path = folder / f"crash-{reference}.log"
    with private_file.create(path) as file:
        file.write(text.encode(errors="replace"))
    return path

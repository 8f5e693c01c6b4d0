"""What the environment says of the terminal: what is stale, empty or odd in it is put right here.

Every start of the program pays for this module, so it imports little.
"""

import os
import re
import sys
from typing import Final, TextIO

from tui.style.glyphs import ASCII_FORMS

PLAIN_SIGNS: Final = "senddesk.plain-signs"
"""The name of `in_plain_signs` for the streams of Python."""
JSON_ESCAPES: Final = "senddesk.json-escapes"
"""The name of `in_json_escapes` for them."""
_NO: Final = frozenset({"0", "false", "no", "never"})
_FEW_SIGNS: Final = re.compile(r"(?:linux|ansi|cons25|sun|vt\d+)(?:-.*)?")
"""Values of TERM: consoles whose fonts hold few signs, and terminals that know no Unicode."""
_C: Final = frozenset({None, "", "C", "POSIX"})
_COERCED: Final = frozenset({"C.UTF-8", "C.utf8", "UTF-8"})
_UTF8: Final = re.compile(r"utf-?8", re.IGNORECASE)


def settle_colours() -> None:
    """Say with NO_COLOR alone what CLICOLOR, FORCE_COLOR and an empty NO_COLOR say otherwise.

    An empty NO_COLOR says nothing (no-color.org); Textual takes it for a no. Rich takes FORCE_COLOR=0
    for a yes.
    """
    environ = os.environ
    if not environ.get("NO_COLOR"):
        environ.pop("NO_COLOR", None)
    forced = environ.get("FORCE_COLOR", "").strip().lower()
    if forced in _NO:
        environ.pop("FORCE_COLOR", None)
        environ["NO_COLOR"] = "1"
    elif environ.get("CLICOLOR", "").strip() == "0" and not forced:
        environ["NO_COLOR"] = "1"


def forget_stale_size(stream: TextIO) -> None:
    """Forget COLUMNS and LINES where *stream* is a terminal that knows its size.

    They may have been exported once for another terminal; Python, Click, Rich and Textual all believe
    them first.
    """
    for name in ("COLUMNS", "LINES"):
        if not os.environ.get(name, "1").strip("0"):
            # Tables of no width are empty.
            os.environ.pop(name)
    try:
        size = os.get_terminal_size(stream.fileno())
    except (OSError, ValueError):
        return
    if size.columns and size.lines:
        os.environ.pop("COLUMNS", None)
        os.environ.pop("LINES", None)


def prepare_for_screen(stream: TextIO) -> None:
    """Make *stream*, a terminal, and the environment fit for drawing a whole screen."""
    forget_stale_size(stream)
    if os.environ.get("TERM", "").strip().lower() == "unknown":
        # Rich would take it for a terminal without any colour, whose sequences nobody knows.
        os.environ["TERM"] = "ansi-unknown"
    if "m".encode(stream.encoding) != b"m":
        # PYTHONIOENCODING may ask for UTF-16, in which no terminal understands its own sequences.
        stream.reconfigure(encoding="utf-8")  # type: ignore[attr-defined]


def draws_no_signs(stream: TextIO) -> bool:
    """Whether what is written to *stream* should hold ASCII signs only.

    So it is where the encoding cannot hold the others and, on a terminal, where TERM names a plain
    console or the locale is not UTF-8. A file or a pipe gets what its encoding can hold.
    """
    if not _UTF8.search(stream.encoding or "utf-8"):
        return True
    return stream.isatty() and (_is_plain_console() or not _is_utf8_locale())


def _is_plain_console() -> bool:
    return bool(_FEW_SIGNS.fullmatch(os.environ.get("TERM", "").strip().lower()))


def _is_utf8_locale() -> bool:
    """Whether the locale says UTF-8; only systems where nothing means `C` are asked."""
    if sys.platform in ("win32", "darwin"):
        return True
    everything, letters, rest = map(os.environ.get, ("LC_ALL", "LC_CTYPE", "LANG"))
    if letters in _COERCED and rest in _C:
        # Python itself has written it there, because the locale was C (PEP 538).
        letters = None
    return bool(_UTF8.search(everything or letters or rest or "C"))


def in_plain_signs(error: UnicodeError) -> tuple[str, int]:
    """Return the ASCII form of the signs that an encoding does not have, and `?` for other characters.

    Python calls it, as an error handler of an encoding.

    Raises:
        UnicodeError: *error*, if it is not about encoding.
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    signs = error.object[error.start : error.end]
    return "".join(ASCII_FORMS.get(sign, "?") for sign in signs), error.end


def in_json_escapes(error: UnicodeError) -> tuple[str, int]:
    r"""Return the characters that an encoding does not have as JSON writes them: `\u00e9`.

    Raises:
        UnicodeError: *error*, if it is not about encoding.
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    import json

    return json.dumps(error.object[error.start : error.end])[1:-1], error.end

"""Where a desk's sends are: in a file or on a server. Nothing here opens anything.

An address that is not understood is refused before anything is opened or made. The refusal repeats nothing
of the address but its scheme: whatever stands behind that may be a password.
"""

import os
import re
from pathlib import Path

from models.errors import BadAddress, DeskUnavailable
from models.values.own_folders import own_folder
from models.values.text import UNSAFE

_SERVERS = ("postgresql://", "postgres://", "postgresql+psycopg://")
_FILE = "sqlite:///"
_EXPLICIT = ("/", "./", "../", "~")
"""How the path of a file begins that can be nothing else."""
_SERVER_FORM = "postgresql://USER@HOST/NAME"
_ESCAPES = "write %40 for @, %2F for /, %3A for :, %23 for #, %25 for %"

_SCHEME = re.compile(r"[\"'<(]*([a-z][a-z0-9+.-]{0,30}):[/\\]{1,3}", re.IGNORECASE)
_SCHEME_ALONE = re.compile(
    r"(jdbc|odbc|file|sqlite[a-z0-9+]*|postgres[a-z0-9+]*|pgsql|mysql|mariadb|oracle|mssql):",
    re.IGNORECASE,
)
_PARAMETERS = re.compile(
    r"(?:^|[\s;:,(])(?:host|hostaddr|port|dbname|database|initial catalog|user|user id|uid|username|"
    r"password|pwd|server|data source|service|sslmode|passfile|connect_timeout)\s*=",
    re.IGNORECASE,
)
_VARIABLE = re.compile(r"\$\{?\w|\$\(|%\w+%|\{\{")
_HOST = re.compile(r"[^\s/?#@\"'<>\\^`{|}=;]*")
_HOSTS = re.compile(r"[^/?]*")
_ONE_HOST = re.compile(r"(?P<host>\[[^\]]*\]|[^:]*)(?::(?P<port>.*))?", re.DOTALL)
_SQLITE_OPTIONS = re.compile(r"\?[a-z_]+=[^?]*$")
_DRIVE = re.compile(r"[a-z]:[\\/]", re.IGNORECASE)


def default_path() -> Path:
    """Return where the desk keeps its sends unless told otherwise.

    Raises:
        DeskUnavailable: If the user has no home directory.
    """
    folder = own_folder("data")
    if folder is None:
        raise DeskUnavailable(
            "There is no home directory: name the database with --database or SENDDESK_DATABASE."
        )
    return folder / "sends.db"


def is_server(target: str) -> bool:
    """Whether *target* is the address of a server and not of a file."""
    return target.startswith(_SERVERS)


def server_address(target: str) -> str:
    """Return the address of a server as libpq, the library of its own tools, reads it."""
    return f"postgresql://{target.split('://', 1)[1]}"


def without_scheme(target: str) -> str:
    """Return *target* as a path: without `sqlite:///`, if it is such an address."""
    return target.removeprefix(_FILE)


def file_of(target: str) -> Path:
    """Return the absolute path that *target* means: a path, or a `sqlite:///` address.

    Raises:
        BadAddress: If it begins with the home of a user who does not exist.
    """
    try:
        return expanded(without_scheme(target)).absolute()
    except DeskUnavailable:
        raise BadAddress(
            "The path of the database begins with ~, and that home is not known: write the whole path."
        ) from None


def checked(target: str) -> str:
    """Return *target* without the white space around it, if it is the address of a file or a server.

    Raises:
        BadAddress: If it is not understood; the message says what to write instead.
    """
    text = target.strip()
    if not without_scheme(text):
        raise BadAddress(f"The address of the database is empty: write a path or {_SERVER_FORM}.")
    if UNSAFE.search(text):
        raise BadAddress(
            "The address of the database has characters that cannot be seen or are not UTF-8: "
            "write it again by hand."
        )
    if is_server(text):
        _check_server(text)
    elif text.startswith(_FILE):
        _check_file(without_scheme(text))
    elif text.startswith("//") and "@" in text:
        raise BadAddress(f"The address has no scheme: write {_SERVER_FORM}.")
    elif not text.startswith(_EXPLICIT):
        _check_words(text)
    if not is_server(text):
        file_of(text)
    return text


def _check_server(text: str) -> None:
    """Refuse what libpq would read as another server than was meant.

    Raises:
        BadAddress: If user, password or host has characters that must be escaped, or a port is not a number.
    """
    rest = server_address(text).split("://", 1)[1]
    # As libpq does: user and password end at the first @, unless a / comes before.
    end = re.search("[@/]", rest)
    behind = rest[end.end() :] if end and end[0] == "@" else rest
    if "@" in behind:
        raise BadAddress(
            "The address of the database cannot be read: it has one @ or / too many. "
            f"In a user or password {_ESCAPES}, or keep the password in ~/.pgpass."
        )
    if re.search("%(?![0-9A-Fa-f]{2})", rest):
        raise BadAddress(f"The address of the database has a % that begins no escape: {_ESCAPES}.")
    found = _HOSTS.match(behind)
    for part in (found[0] if found else "").split(","):
        host = _ONE_HOST.fullmatch(part)
        if host is None or not _HOST.fullmatch(host["host"]):
            raise BadAddress(
                f"The address of the database has a host that cannot be: write {_SERVER_FORM}, "
                f"and in a user or password {_ESCAPES}."
            )
        if host["port"] and not re.fullmatch("[0-9]{1,5}", host["port"]):
            raise BadAddress(
                "The address of the database has a port that is not a number: write "
                f"postgresql://USER@HOST:5432/NAME, and in a user or password {_ESCAPES}."
            )


def _check_file(path: str) -> None:
    """Refuse a path behind `sqlite:///` that means something else to SQLite.

    Raises:
        BadAddress: If it is a database in memory, or has options.
    """
    if path.strip("/") in (":memory:", ""):
        raise BadAddress("A desk is kept in a file: write its path.")
    if _SQLITE_OPTIONS.search(path):
        raise BadAddress(
            "Options behind the path are not understood: write the path alone, and --read-only "
            "where nothing may be written."
        )


def _check_words(text: str) -> None:
    """Refuse a path that is the address of something, written in another way.

    Raises:
        BadAddress: If it is one.
    """
    windows = os.name == "nt"
    if _DRIVE.match(text) or "\\" in text.split("://")[0]:
        if windows:
            return
        raise BadAddress(
            "A path with a drive or with \\ is not one of this system: write /…, with /."
        )
    scheme = _SCHEME.match(text) or _SCHEME_ALONE.match(text)
    if scheme:
        raise BadAddress(_of_scheme(scheme[1], text))
    if text == ":memory:":
        raise BadAddress("A desk is kept in a file: write its path.")
    if _VARIABLE.match(text):
        raise BadAddress(
            "The address of the database begins with a variable that nobody has filled in: "
            "write the address itself."
        )
    if "://" in text or _PARAMETERS.search(text):
        raise BadAddress(
            f"The address of the database is not understood: write {_SERVER_FORM} and nothing "
            "around it, for a file its path; the password belongs into ~/.pgpass."
        )
    if re.search("@.*[:/]|:.*@|^[^/]*:[0-9]+/", text):
        raise BadAddress(
            f"The address of the database has no scheme: write {_SERVER_FORM}. "
            "If it is the path of a file, write ./ before it."
        )


def _of_scheme(scheme: str, text: str) -> str:
    """Return what to write in place of an address that begins with *scheme*."""
    known = scheme.lower()
    behind = text[text.index(scheme) + len(scheme) + 1 :]
    shown = f"{scheme}://" if behind.startswith("//") else f"{scheme}:"
    if not text.startswith(scheme):
        return (
            "The address of the database begins with a quote or a bracket: write it without, "
            f"{_SERVER_FORM} or a path."
        )
    if known.startswith(("sqlite", "file")):
        return f"{shown} is no address of this desk: write the path alone, or sqlite:///PATH."
    if known.startswith(("postgres", "pg", "jdbc", "cockroach", "psql", "redshift", "timescale")):
        return f"{shown} is no address of this desk: write postgresql://…"
    return (
        f"{shown} is no address of this desk, which keeps its sends in a file or in PostgreSQL: "
        "write its path or postgresql://…"
    )


def expanded(name: str) -> Path:
    """Return the path that a person calls *name*, with the home directory in the place of `~`.

    Raises:
        DeskUnavailable: If there is no such home directory.
    """
    found = os.path.expanduser(name)  # noqa: PTH111 - that of Path says nothing of a relative HOME
    if name.startswith("~") and not os.path.isabs(found):  # noqa: PTH117 - no Path is needed yet
        raise DeskUnavailable(
            f"{name} begins with ~, and there is no such home directory: write the whole path."
        )
    return Path(found)

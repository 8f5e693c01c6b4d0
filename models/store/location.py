"""Where a desk's sends are: in a file or on a server. Nothing here opens anything."""

from pathlib import Path

_SERVERS = ("postgresql://", "postgres://", "postgresql+psycopg://")


def default_path() -> Path:
    """Return where the desk keeps its sends unless told otherwise."""
    from platformdirs import user_data_path

    return user_data_path("senddesk", appauthor=False) / "sends.db"


def is_server(target: str) -> bool:
    """Whether *target* is the address of a server and not of a file."""
    return target.startswith(_SERVERS)


def without_scheme(target: str) -> str:
    """Return *target* as a path: without `sqlite:///`, if it is such an address."""
    return target.removeprefix("sqlite:///")


def file_of(target: str) -> Path:
    """Return the absolute path that *target* means: a path, or a `sqlite:///` address."""
    return Path(without_scheme(target)).expanduser().absolute()

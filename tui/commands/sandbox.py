"""`senddesk sandbox`: a local platform, to try sync, webhooks and batches without an account."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from socket import socket

import click

from models.errors import DeskError
from tui.commands import output
from tui.commands.exits import Exit
from tui.commands.setup import global_options, path_of

_PORT = 8765
_KEY = "sandbox-key"


@click.command("sandbox")
@global_options
@click.option(
    "--port",
    metavar="N",
    type=click.IntRange(0, 65535),
    help=f"The port on 127.0.0.1; 0 takes any that is free.  [default: {_PORT}, or a free one]",
)
@click.option(
    "--state", metavar="FILE", help="Where everything is kept; else it ends with the command."
)
@click.option("--key", metavar="KEY", default=_KEY, show_default=True, help="The bearer key.")
@click.option(
    "--webhook-secret",
    metavar="whsec_…",
    help="What webhooks are signed with; else a fresh secret.",
)
@click.option(
    "--speed",
    metavar="N",
    type=click.FloatRange(0, 10_000_000),
    help="Seconds that pass in each real one; 0 lets the clock stand still.",
)
def sandbox_command(
    port: int | None, state: str | None, key: str, webhook_secret: str | None, speed: float | None
) -> int:
    """Serve a local platform that speaks the APIs of Goody and Sendoso.

    The first line of the output is its address. Goody's API is under /v1, Sendoso's under /api/v3; the
    clock is read and set at /sandbox/clock. Ctrl+C ends it.
    """
    from models.sandbox import server

    if not key.strip() or not key.isascii():
        raise click.BadParameter("it is empty, or not plain ASCII", param_hint="--key")
    with _state(state) as path, closing(_listen(port)) as waiting:
        address = server.address_of(waiting)
        sandbox = server.Sandbox(path, origin=address, key=key, secret=webhook_secret, speed=speed)
        with closing(sandbox):
            server.Server(sandbox).serve_on(waiting, lambda: _tell(address))
    return Exit.DONE


@contextmanager
def _state(named: str | None) -> Iterator[Path]:
    """Yield the file of the sandbox: the one that is named, else one that ends with the command.

    Raises:
        DeskError: If it lies in a folder that is not there.
    """
    if named is None:
        with tempfile.TemporaryDirectory(prefix="senddesk-sandbox-") as folder:
            yield Path(folder) / "sandbox.db"
        return
    path = path_of(named)
    if not path.parent.is_dir():
        raise DeskError(
            f"There is no folder {path.parent}. Make it first, or name a file in another one."
        )
    if path.is_dir():
        raise DeskError(f"{path} is a folder: name a file with --state.")
    yield path


def _listen(port: int | None) -> socket:
    from models.sandbox.server import listen

    if port is not None:
        return listen(port)
    try:
        return listen(_PORT)
    except DeskError:
        return listen(0)


def _tell(address: str) -> None:
    output.line(address)
    sys.stdout.flush()

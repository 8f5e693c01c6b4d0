"""`senddesk sandbox`: a local platform, to try sync, webhooks and batches without an account."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from shlex import quote
from socket import socket
from typing import TYPE_CHECKING

import click

from models.errors import DeskError
from tui.commands import output
from tui.commands.exits import Exit
from tui.commands.setup import collect_garbage, global_options, path_of

if TYPE_CHECKING:
    from models.sandbox.server import Sandbox

_PORT = 8765
_KEY = "sandbox-key"
_LISTENER = "http://127.0.0.1:8770"
"""Where `senddesk listen` waits unless told otherwise."""
_DATABASE = "sandbox-desk.db"
_FASTEST = 10_000_000
_MOST = 1_000_000


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
@click.option(
    "--key", metavar="KEY", default=_KEY, show_default=True, help="The bearer key of both APIs."
)
@click.option(
    "--webhook-secret",
    metavar="whsec_…",
    help="What webhooks are signed with; else a fresh secret.",
)
@click.option(
    "--speed",
    metavar="N",
    type=click.FloatRange(0, _FASTEST),
    help="Seconds that pass in each real one; 0 lets the clock stand still.",
)
@click.option("--demo", is_flag=True, help="Fill it, and show the commands that connect a desk.")
@click.option(
    "--orders",
    metavar="N",
    type=click.IntRange(0, _MOST),
    default=0,
    help="Add so many orders of Goody.",
)
@click.option(
    "--sends",
    metavar="N",
    type=click.IntRange(0, _MOST),
    default=0,
    help="Add so many sends of Sendoso.",
)
@click.option(
    "--no-rate-limit", is_flag=True, help="Let Sendoso answer more than 10 requests in a second."
)
def sandbox_command(
    port: int | None,
    state: str | None,
    key: str,
    webhook_secret: str | None,
    speed: float | None,
    demo: bool,
    orders: int,
    sends: int,
    no_rate_limit: bool,
) -> int:
    """Serve a local platform with the APIs of Goody and Sendoso.

    The first line of the output is its address. Goody's API is under /v1, Sendoso's under /api/v3; the
    clock is read and set at /sandbox/clock. Ctrl+C ends it.
    """
    from models.sandbox.server import Sandbox, Server, address_of

    collect_garbage()
    if not key.strip() or key != key.strip() or not key.isascii() or not key.isprintable():
        raise click.BadParameter("it is empty, or not plain ASCII", param_hint="--key")
    with _state(state) as path, closing(_listen(port)) as waiting:
        address = address_of(waiting)
        sandbox = Sandbox(
            path,
            origin=address,
            key=key,
            secret=webhook_secret,
            speed=speed,
            limited=not no_rate_limit,
        )
        with closing(sandbox):
            _fill(sandbox, demo, orders, sends)
            Server(sandbox).serve_on(waiting, lambda: _tell(sandbox, demo))
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


def _fill(sandbox: "Sandbox", demo: bool, orders: int, sends: int) -> None:
    if demo and sandbox.is_empty:
        sandbox.play_demo()
        sandbox.tell_sendoso_events_to(f"{_LISTENER}/webhooks/sendoso/{{event}}")
    if orders or sends:
        output.say("Adding orders and sends …")
        sandbox.fill(orders, sends)


def _tell(sandbox: "Sandbox", demo: bool) -> None:
    output.line(sandbox.origin)
    if demo:
        for line in _how_to_connect(sandbox):
            output.line(line)
    # Whoever started it in a pipe waits for these lines.
    sys.stdout.flush()


def _how_to_connect(sandbox: "Sandbox") -> list[str]:
    """Return what is typed in another terminal to connect a desk of its own to the sandbox."""
    key, secret = quote(sandbox.key), quote(sandbox.secret)
    return [
        "",
        "# In another terminal, first for each that you open:",
        f"export SENDDESK_DATABASE={_DATABASE}",
        f"export SENDDESK_GOODY_URL={sandbox.origin} SENDDESK_GOODY_KEY={key}",
        f"export SENDDESK_SENDOSO_URL={sandbox.origin} SENDDESK_SENDOSO_TOKEN={key}",
        f"export SENDDESK_GOODY_WEBHOOK_SECRET={secret} SENDDESK_SENDOSO_WEBHOOK_SECRET={secret}",
        "",
        "senddesk sync all",
        f"senddesk listen --register {_LISTENER} &",
        "senddesk",
        "",
        f"# Gifts to open and accept: {sandbox.origin}",
    ]

"""`senddesk listen`: the receiver of webhooks."""

import os
from typing import TYPE_CHECKING

import click

from models.errors import DeskError
from tui.commands import output
from tui.commands.setup import Setup, global_options, setup_of

if TYPE_CHECKING:
    from models.live.receiver import Source

PORT = 8770
"""Where it listens unless told otherwise."""


@click.command("listen")
@global_options
@click.option("--port", metavar="N", type=click.IntRange(0, 65535), default=PORT, show_default=True,
              help="Where to listen; 0 for any free port.")  # fmt: skip
@click.option("--host", metavar="ADDRESS", default="127.0.0.1", show_default=True,
              help="Where to listen; behind a reverse proxy this computer alone is right.")  # fmt: skip
def listen_command(port: int, host: str) -> None:
    """Receive the webhooks of the platforms, until SIGTERM or Ctrl+C.

    Goody's go to /webhooks/goody, Sendoso's to /webhooks/sendoso/EVENT, one address for each event. The
    secrets are in SENDDESK_GOODY_WEBHOOK_SECRET and SENDDESK_SENDOSO_WEBHOOK_SECRET, several separated
    by spaces. The address is printed once it answers.
    """
    from models.live.inbox import Inbox
    from models.live.listening import listen

    setup = setup_of()
    sources = _sources(setup)
    with setup.open_database(create=True) as database:
        database.refuse_if_read_only()
        listen(
            Inbox(database, setup.clock), sources, (host, port), ready=_tell_address, say=output.say
        )


def _tell_address(address: str) -> None:
    import sys

    output.line(address)
    # Whoever started it in a pipe waits for this line.
    sys.stdout.flush()


def _sources(setup: Setup) -> "dict[str, Source]":
    """Return the platforms that have a secret, by their keys.

    Raises:
        DeskError: If none has one, or one is weak.
    """
    from models.live.receiver import Source
    from models.live.signatures import verifier
    from models.providers import PROVIDERS

    found: dict[str, Source] = {}
    variables = []
    for provider in PROVIDERS:
        webhooks = provider.webhook
        if webhooks is None:
            continue
        settings = setup.settings_of(provider)
        variable = settings.variable("webhook_secret")
        variables.append(variable)
        secret = settings.find("webhook_secret")
        if secret is None and variable not in os.environ:
            continue
        words = secret.words() if secret else ()
        checked = verifier(variable, words, takes_tokens=webhooks.EVENT_IN_ADDRESS)
        found[provider.key] = Source(provider, webhooks, checked)
    if not found:
        raise DeskError(
            f"No webhook can be trusted without its secret: set {' or '.join(variables)}."
        )
    return found

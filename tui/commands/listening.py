"""`senddesk listen`: the receiver of webhooks."""

import os
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import click

from models.errors import DeskError
from models.providers import PROVIDERS
from models.providers.catalogue import either
from models.providers.provider import Provider
from tui.commands import output
from tui.commands.exits import Exit
from tui.commands.setup import Setup, global_options, setup_of

if TYPE_CHECKING:
    from models.database import Database
    from models.live.receiver import Source
    from models.live.registration import Registry
    from models.live.rereading import Rereader
    from models.live.settings import PlatformSettings

PORT = 8770
"""Where it listens unless told otherwise."""


@click.command("listen")
@global_options
@click.option("--port", metavar="N", type=click.IntRange(0, 65535), default=PORT, show_default=True,
              help="The port to listen at; 0 for any free one.")  # fmt: skip
@click.option("--host", metavar="ADDRESS", default="127.0.0.1", show_default=True,
              help="The address to listen at; behind a reverse proxy this computer alone is right.")  # fmt: skip
@click.option("--register", "url", metavar="URL",
              help="Let Goody send its messages to URL, then listen, if the secrets are set already.")  # fmt: skip
@click.option("--unregister", "word", metavar="[URL|ID]", is_flag=False, flag_value="",
              help="Take that back: of one webhook, or of all that were registered from this desk.")  # fmt: skip
def listen_command(port: int, host: str, url: str | None, word: str | None) -> int:
    """Receive the webhooks of the platforms.

    SIGTERM or Ctrl+C ends it. Goody's go to /webhooks/goody, Sendoso's to /webhooks/sendoso/EVENT, one
    address for each event. The secrets are in SENDDESK_GOODY_WEBHOOK_SECRET and
    SENDDESK_SENDOSO_WEBHOOK_SECRET, several separated by spaces. The address is printed once it
    answers.
    """
    if url is not None and word is not None:
        raise click.UsageError("--register and --unregister: give one of them.")
    setup = setup_of()
    if word is not None:
        return _unregister(setup, word)
    sources = listening_sources(setup)
    if url is None and not sources:
        raise DeskError(
            f"No webhook can be trusted without its secret: set {either(_variables(setup))}."
        )
    with setup.open_database(create=True) as database:
        database.refuse_if_read_only()
        told = "" if url is None else _register(setup, database, url)
        if not sources:
            output.line(told)
            variable = setup.settings_of(_registering(url or "")).variable("webhook_secret")
            output.say(f"Put its secret into {variable}, then run `senddesk listen`.")
        else:
            _listen(setup, database, sources, (host, port), told)
    return Exit.DONE


def _listen(
    setup: Setup,
    database: "Database",
    sources: "Mapping[str, Source]",
    place: tuple[str, int],
    told: str,
) -> None:
    from models.live.inbox import Inbox
    from models.live.listening import listen

    def tell_address(address: str) -> None:
        output.line(address)
        # Whoever started it in a pipe waits for this line.
        sys.stdout.flush()
        if told:
            output.say(told)

    listen(
        Inbox(database, setup.clock), sources, place,
        ready=tell_address, say=output.say, rereaders=_rereaders(setup, sources, database),
    )  # fmt: skip


def _rereaders(
    setup: Setup, sources: "Mapping[str, Source]", database: "Database"
) -> "dict[str, Rereader]":
    """Return what reads the platforms again whose messages say too little, where they can be read."""
    from models.live.pace import Stopped
    from models.live.rereading import Rereader
    from models.live.sync import Sync, SyncRuns

    found = {}
    for key, source in sources.items():
        client, settings = source.provider.api, setup.settings_of(source.provider)
        if not source.webhooks.NEEDS_SEND or client is None:
            continue
        if not settings.find(client.token) and not settings.find("refresh_token"):
            continue

        def read(stop: threading.Event, settings: "PlatformSettings" = settings) -> None:
            sync = Sync(
                database=database, settings=settings, agent=setup.name, clock=setup.clock, stop=stop
            )
            # Another program that reads it already is as good.
            with suppress(SyncRuns, Stopped):
                sync.run()

        found[key] = Rereader(read, output.say)
    return found


def _register(setup: Setup, database: "Database", url: str) -> str:
    """Register a webhook and return a sentence about it."""
    from models.live.registration import checked_url

    provider = _registering(url)
    whole = checked_url(url, provider.key)
    with _registry(setup, database, provider) as registry:
        done = registry.register(whole, agent=setup.name, now=database.clock())
    how = "is registered" if done.is_new else "was registered before"
    return f"{done.endpoint}: {provider.name}'s webhook {how} and calls {done.url}."


def _unregister(setup: Setup, word: str) -> int:
    with setup.open_database() as database:
        provider = _registering(word)
        with _registry(setup, database, provider) as registry:
            for each in registry.unregister(word):
                output.line(f"{each.endpoint}: {provider.name}'s webhook is removed.")
    return Exit.DONE


@contextmanager
def _registry(setup: Setup, database: "Database", provider: Provider) -> "Iterator[Registry]":
    from models.live.api import Api
    from models.live.registration import Registry

    with Api(setup.settings_of(provider), tell=output.say) as api:
        yield Registry(database, api, provider)


def _registering(url: str) -> Provider:
    """Return the platform that an address of a webhook belongs to, of those with an API for that."""
    able = [each for each in PROVIDERS if each.webhook and each.webhook.REGISTRY]
    return next((each for each in able if f"/webhooks/{each.key}" in url), able[0])


def _variables(setup: Setup) -> list[str]:
    """Return the names of the variables that may hold the secrets of webhooks."""
    return [
        setup.settings_of(each).variable("webhook_secret") for each in PROVIDERS if each.webhooks
    ]


def listening_sources(setup: Setup) -> "dict[str, Source]":
    """Return the platforms that have a secret, by their keys.

    Raises:
        DeskError: If one is weak.
    """
    from models.live.receiver import Source
    from models.live.signatures import verifier

    found: dict[str, Source] = {}
    for provider in PROVIDERS:
        webhooks = provider.webhook
        if webhooks is None:
            continue
        settings = setup.settings_of(provider)
        variable = settings.variable("webhook_secret")
        secret = settings.find("webhook_secret")
        if secret is None and variable not in os.environ:
            continue
        words = secret.words() if secret else ()
        checked = verifier(variable, words, takes_tokens=webhooks.EVENT_IN_ADDRESS)
        found[provider.key] = Source(provider, webhooks, checked)
    return found

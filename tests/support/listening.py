"""`senddesk listen` as a process of its own, and the messages that it gets."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.support.limit import LIMIT
from tests.support.terminal import ROOT, clean_environment
from tests.support.webhooks import SECRET, headers

SECRETS = {
    "SENDDESK_GOODY_WEBHOOK_SECRET": SECRET,
    "SENDDESK_SENDOSO_WEBHOOK_SECRET": SECRET,
}


@dataclass
class Listener:
    """A receiver that answers."""

    process: "subprocess.Popen[str]"
    address: str

    def post(
        self, body: bytes, message: str, path: str = "/webhooks/goody", *, age: int = 0
    ) -> httpx.Response:
        """Send a signed message."""
        return httpx.post(
            f"{self.address}{path}",
            content=body,
            headers=headers(body, message, age=age),
            timeout=LIMIT,
        )

    def stop(self) -> str:
        """End it gracefully and return what it has said."""
        self.process.terminate()
        _, said = self.process.communicate(timeout=LIMIT)
        return said


def environment(database: str | Path, **more: str) -> dict[str, str]:
    """Return an environment with both secrets and a desk at *database*."""
    return clean_environment() | SECRETS | {"SENDDESK_DATABASE": str(database)} | more


def start(env: dict[str, str], *words: str) -> "subprocess.Popen[str]":
    """Start `senddesk listen` on any free port."""
    return subprocess.Popen(
        [sys.executable, "-m", "tui", "listen", "--port", "0", *words],
        cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
    )  # fmt: skip


@contextmanager
def listening(env: dict[str, str], *words: str) -> Iterator[Listener]:
    """Let `senddesk listen` run until the block ends."""
    process = start(env, *words)
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:"), process.communicate()[1]
        yield Listener(process, address)
    finally:
        process.kill()
        process.communicate()

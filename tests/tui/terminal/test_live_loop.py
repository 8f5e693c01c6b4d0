"""The whole loop, everything started for real: platform, receiver, sync, desk, and a gift in a browser."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.gift_browser import FormReader, Recipient, has_browser, recipient
from tests.support.limit import LIMIT
from tests.support.terminal import ROOT, Terminal, clean_environment

SECRET = "whsec_" + "c2VuZC1kZXNrLWxvb3AtdGVzdC1zZWNyZXQ="
KEY = {"authorization": "Bearer loop-key"}


@contextmanager
def started(*words: str, env: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    """Start a command of the program that prints its address as its first line."""
    with subprocess.Popen(
        [sys.executable, "-m", "tui", *words], cwd=ROOT, env=clean_environment() | env,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.kill()


def address_of(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    found = process.stdout.readline().strip()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", found), process.communicate()
    return found


@dataclass
class Platform:
    """The sandbox, as whoever sends gifts sees it."""

    url: str

    def send_gift(self, first_name: str) -> dict[str, Any]:
        """Send one gift that is delivered once it is accepted; return its order."""
        products = self._get("/v1/products")["data"]
        batch = self._post(
            "/v1/order_batches",
            {
                "from_name": "Ana [delivered]",
                "send_method": "email_and_link",
                "recipients": [
                    {"first_name": first_name, "last_name": "Loop", "email": "a@example.com"}
                ],
                "cart": {"items": [{"product_id": products[0]["id"], "quantity": 1}]},
            },
        )
        (order,) = self._get(f"/v1/order_batches/{batch['id']}/orders")["data"]
        return dict(order)

    def deliver(self, order: dict[str, Any]) -> None:
        """Ask for *order* until it is delivered, which takes seconds after it was accepted."""
        end = time.monotonic() + LIMIT
        while self._get(f"/v1/orders/{order['id']}")["status"] != "delivered":
            assert time.monotonic() < end

    def tell(self, listener: str) -> None:
        """Send webhooks to *listener* from now on."""
        events = [
            *("order.created", "order.gift_opened", "order.gift_accepted", "order.shipped"),
            *("order.delivered", "order.canceled", "order.refunded"),
        ]
        self._post("/v1/webhooks", {"url": f"{listener}/webhooks/goody", "events": events})

    def _get(self, path: str) -> dict[str, Any]:
        return dict(httpx.get(self.url + path, headers=KEY).raise_for_status().json())

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = httpx.post(self.url + path, json=body, headers=KEY)
        assert answer.is_success, answer.text
        return dict(answer.json())


def shows(name: str, status: str) -> Any:
    """Return the question whether the desk lists the send of *name* with *status*."""

    def asked(terminal: Terminal) -> bool:
        return any(name in line and status in line for line in terminal.lines)

    return asked


def first_row(terminal: Terminal) -> str:
    """Return the line of the first send; empty while there is none."""
    lines = terminal.lines
    titles = [place for place, line in enumerate(lines) if "Recipient" in line]
    return lines[titles[0] + 1] if titles else ""


@pytest.fixture
def person() -> Iterator[Recipient]:
    with recipient() as found:
        yield found


def test_a_gift_reaches_the_screen_by_webhook_sync_repairs_and_an_override_is_met(
    tmp_path: Path, person: Recipient
) -> None:
    env = {
        "SENDDESK_DATABASE": str(tmp_path / "desk.db"),
        "SENDDESK_AGENT": "ana",
        "SENDDESK_GOODY_KEY": "loop-key",
        "SENDDESK_GOODY_WEBHOOK_SECRET": SECRET,
    }
    serving = ("sandbox", "--port", "0", "--key", "loop-key", "--webhook-secret", SECRET)
    with started(*serving, env={}) as sandbox:
        platform = Platform(address_of(sandbox))
        env["SENDDESK_GOODY_URL"] = platform.url
        with started("listen", "--port", "0", env=env) as listener:
            platform.tell(address_of(listener))
            desk = ("-m", "tui", "platform:goody")
            with Terminal.python(*desk, size=(120, 40), env=env) as terminal:
                terminal.read_until("live")

                first = platform.send_gift("Wilma")
                terminal.read_until("Wilma Loop")
                told = person.accept(first["individual_gift_link"], "Thank you!")
                assert "Accepted" in told
                terminal.read_until(shows("Wilma Loop", "Delivered"))

                listener.kill()
                listener.wait()
                second = platform.send_gift("Xaver")
                person.accept(second["individual_gift_link"], "")
                platform.deliver(second)
                sync = run("sync", "goody", env=env)
                assert sync.returncode == 0, sync.stderr
                terminal.read_until(shows("Xaver Loop", "Delivered"))

                third = platform.send_gift("Yannick")
                assert run("sync", "goody", env=env).returncode == 0
                terminal.read_until("Yannick Loop")
                ref = f"G-{third['id'][:8]}"
                words = ("set", ref, "canceled", "--reason", "she called", "--force")
                assert run(*words, env=env).returncode == 0
                terminal.read_until(shows("Yannick Loop", "Canceled"))
                person.accept(third["individual_gift_link"], "")
                platform.deliver(third)
                assert run("sync", "goody", env=env).returncode == 0
                # What is contested needs an agent, and so stands above what has arrived.
                terminal.read_until(lambda t: "Yannick" in first_row(t))
                terminal.press("g")
                terminal.read_until(lambda t: "Goody says Delivered" in " ".join(t.text.split()))

                terminal.send("q")
                assert terminal.wait() == 0
    assert run("db", "verify", env=env).returncode == 0


def run(*words: str, env: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    """Run a command of the program to its end."""
    return subprocess.run(
        [sys.executable, "-m", "tui", *words], cwd=ROOT, env=clean_environment() | env,
        stdin=subprocess.DEVNULL, capture_output=True, text=True,
    )  # fmt: skip


@pytest.mark.skipif(not has_browser(), reason="the other test does it without a browser")
def test_whoever_has_no_browser_sends_the_same_form(tmp_path: Path) -> None:
    with started("sandbox", "--port", "0", "--key", "loop-key", env={}) as sandbox:
        platform = Platform(address_of(sandbox))
        gift = platform.send_gift("Zoe")
        assert "Accepted" in FormReader().accept(gift["individual_gift_link"], "Thanks")

"""Who opens a gift and fills in its form: a real browser where there is one, else a reader of HTML."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Protocol

import httpx

from tests.support.limit import LIMIT

_ANSWER = (
    "return document.getElementById('accept') ? '' : document.querySelector('main')?.innerText"
)
"""What the page says once it no longer has the form; nothing before."""


class Recipient(Protocol):
    """Somebody who has the link of a gift."""

    def accept(self, link: str, note: str) -> str:
        """Open *link*, fill in its form with *note*, send it, and return what the page says then."""


def has_browser() -> bool:
    """Whether Chromium and what steers it are installed."""
    return bool(shutil.which("chromium") and shutil.which("chromedriver"))


@contextmanager
def recipient() -> Iterator[Recipient]:
    """Yield a recipient with a browser; without one, one that reads and sends the same form."""
    if not has_browser():
        yield FormReader()
        return
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    options.add_argument("--headless=new")
    options.add_argument("--disable-dev-shm-usage")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # Chromium shuts itself in only for users other than root.
        options.add_argument("--no-sandbox")
    driver = webdriver.Chrome(options, Service(shutil.which("chromedriver")))
    try:
        yield Browser(driver)
    finally:
        driver.quit()


class Browser:
    """A headless Chromium."""

    def __init__(self, driver: "webdriver.Chrome") -> None:  # type: ignore[name-defined]  # noqa: F821
        self._driver = driver

    def accept(self, link: str, note: str) -> str:
        """Fill in and send the form as a person does."""
        from selenium.common.exceptions import WebDriverException
        from selenium.webdriver.common.by import By
        from selenium.webdriver.support.wait import WebDriverWait

        self._driver.get(link)
        form = self._driver.find_element(By.ID, "accept")
        form.find_element(By.NAME, "thank_you_note").send_keys(note)
        form.find_element(By.CSS_SELECTOR, "button[type=submit]").click()
        # While one page takes the place of another, Chromium may refuse any question about it.
        wait = WebDriverWait(self._driver, LIMIT, ignored_exceptions=[WebDriverException])
        return str(wait.until(lambda driver: driver.execute_script(_ANSWER)))


class FormReader:
    """Reads the page and sends what its form holds, as a browser would."""

    def accept(self, link: str, note: str) -> str:
        """Send the form with its own values and *note*."""
        form = _Form("accept")
        form.feed(httpx.get(link).raise_for_status().text)
        answer = httpx.post(form.action, data={**form.values, "thank_you_note": note})
        return answer.raise_for_status().text


class _Form(HTMLParser):
    """The form with one id in a page: where it goes to, and what it holds."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._is_inside = False
        self.action = ""
        self.values: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the form and its fields."""
        named = dict(attrs)
        if tag == "form":
            self._is_inside = named.get("id") == self._name
            if self._is_inside:
                self.action = str(named["action"])
        elif self._is_inside and tag in ("input", "textarea") and named.get("name"):
            self.values[str(named["name"])] = named.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        """Leave the form."""
        if tag == "form":
            self._is_inside = False

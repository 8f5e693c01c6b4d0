"""The pages of the sandbox, as a browser without scripts sees them."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest

from tests.support.sandbox import Running, running_sandbox


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Running]:
    with running_sandbox(tmp_path) as running:
        yield running


class Page(HTMLParser):
    """What a page has: its forms with their fields, its links, its text."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self.links: list[str] = []
        self.text = ""
        self._fields: dict[str, str] = {}
        self.feed(response.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            assert found["method"] == "post"
            self._fields = self.forms[found["action"]] = {}
        elif tag in ("input", "textarea"):
            self._fields[found["name"]] = found.get("value", "")
        elif tag == "a":
            self.links.append(found["href"])

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_form_of_a_gift_accepts_it_and_thanks(sandbox: Running) -> None:
    order = sandbox.batch(from_name="Max & Co <[shipped]>")["orders_preview"][0]
    link = order["individual_gift_link"]
    page = Page(httpx.get(link))
    assert "Rosa0, a gift from Max & Co <[shipped]>" in page.text
    assert list(page.forms) == [f"{link}/accept", f"{link}/expire"]
    fields = page.forms[f"{link}/accept"] | {"thank_you_note": "Thank you! <3"}

    answer = httpx.post(f"{link}/accept", data=fields)

    assert answer.status_code == 200
    assert "Accepted" in Page(answer).text
    assert "Thank you! <3" in Page(answer).text
    sandbox.move(seconds=5)
    after = sandbox.order(order["id"])
    assert (after["status"], after["thank_you_note"]) == ("shipped", "Thank you! <3")
    again = httpx.post(f"{link}/accept", data=fields)
    assert (again.status_code, "It is shipped" in Page(again).text) == (200, True)
    assert sandbox.order(order["id"])["view_count_recipient"] == 1


def test_a_gift_can_be_swapped_for_what_costs_no_more(sandbox: Running) -> None:
    items = [{"product_id": sandbox.product("Six Cookies"), "quantity": 1}]
    order = sandbox.batch(cart={"items": items})["orders_preview"][0]
    link = order["individual_gift_link"]
    page = httpx.get(link).text
    assert ("Notebook" in page, "Tea sampler" in page) == (True, False)
    notebook, tea = sandbox.product("Notebook"), sandbox.product("Tea sampler")
    assert httpx.post(f"{link}/accept", data={"swap_to": tea}).status_code == 409

    assert httpx.post(f"{link}/accept", data={"swap_to": notebook}).status_code == 200

    sandbox.move(minutes=1)
    after = sandbox.order(order["id"])
    assert (after["status"], after["is_swapped"]) == ("paid", True)
    assert after["original_cart"] == order["cart"]
    assert after["cart"]["items"][0]["product"]["name"] == "Notebook"
    assert after["original_amounts"]["original_amount_pre_tax_total"] == 2940
    assert (after["amounts"]["amount_pre_tax_total"], after["amounts"]["amount_tax"]) == (1575, 140)
    fixed = sandbox.batch(swap="disabled")["orders_preview"][0]
    assert "Would you rather" not in httpx.get(fixed["individual_gift_link"]).text


def test_a_gift_can_be_left_to_expire(sandbox: Running) -> None:
    order = sandbox.batch()["orders_preview"][0]
    link = order["individual_gift_link"]

    answer = httpx.post(f"{link}/expire")

    assert "This gift has expired." in Page(answer).text
    assert Page(answer).forms == {}
    assert sandbox.order(order["id"])["expires_at"] == "2026-03-02T09:00:00Z"
    refusal = sandbox.accept(order)
    assert (refusal.status_code, "This gift has expired." in Page(refusal).text) == (410, True)


def test_thanks_can_come_later_and_only_for_what_was_accepted(sandbox: Running) -> None:
    order = sandbox.batch()["orders_preview"][0]
    link = order["individual_gift_link"]
    assert httpx.post(f"{link}/thank-you", data={"thank_you_note": "Ta"}).status_code == 409
    form = Page(sandbox.accept(order)).forms
    assert list(form) == [f"{link}/thank-you"]

    httpx.post(f"{link}/thank-you", data={"thank_you_note": "Ta"})

    assert sandbox.order(order["id"])["thank_you_note"] == "Ta"


def test_the_first_page_leads_to_every_gift(sandbox: Running) -> None:
    assert "There is none yet" in httpx.get(sandbox.url).text
    sandbox.batch(people=3)

    links = Page(httpx.get(sandbox.url)).links

    pages = [httpx.get(urljoin(sandbox.url, link)) for link in links]
    assert [page.status_code for page in pages] == [200, 200, 200]
    assert httpx.get(f"{sandbox.url}/gift/NOPE").status_code == 404


def test_an_egift_is_clicked_and_redeemed_on_its_page(sandbox: Running) -> None:
    wanted = {
        "touch_id": 530,
        "email": "rosa@example.com",
        "via": "single_email_address",
        "via_from": "Us",
    }
    used, left = (sandbox.post("/api/v3/send", {"send": wanted})["tracking_url"] for _ in range(2))
    assert list(Page(httpx.get(left)).forms) == [f"{left}/redeem"]
    (form,) = Page(httpx.get(used)).forms.items()
    assert form == (f"{used}/redeem", {"email": "rosa@example.com"})

    answer = httpx.post(form[0], data=form[1])

    assert "SANDBOX-1" in Page(answer).text
    sandbox.move(days=89)
    assert "Get the code" in Page(httpx.get(left)).text
    sandbox.move(days=1)
    assert "not available any more" in Page(httpx.post(f"{left}/redeem")).text
    told = [
        [update["status"] for update in send["status_updates"]]
        for send in sandbox.get("/api/v3/send")["sends"]
    ]
    assert told == [["Sent", "Opened", "Clicked", "Used"], ["Sent", "Opened", "Clicked", "Expired"]]
    assert httpx.get(f"{sandbox.url}/sendoso/nothing").status_code == 404


def test_half_of_a_character_in_a_name_breaks_no_page(sandbox: Running) -> None:
    broken = [{"first_name": "Ro\ud800sa\x00", "email": "a@example.com"}]
    order = sandbox.batch(recipients=broken)["orders_preview"][0]

    assert httpx.get(order["individual_gift_link"]).status_code == 200
    assert sandbox.accept(order).status_code == 200

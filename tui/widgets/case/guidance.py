"""What the status of a send means and what is done about it: the Guidance tab."""

from typing import Final

from textual.content import Content

from models.providers import catalogue
from models.providers.abilities import AbilityName
from models.providers.status import Status
from models.records import Case
from models.rules.shipments import by_concern, state_of, state_word
from tui.style.formats import mark
from tui.widgets.case.summary import LABEL, Page, card_keys
from tui.widgets.styled_text import (
    QUIET,
    STRONG,
    colour,
    hint_line,
    safe_text,
    stacked,
    wrapped_field,
)

_ON_PLATFORM: Final[tuple[tuple[AbilityName, str], ...]] = (
    ("cancel", "{desk.cancel}"),
    ("extend", "{desk.extend}"),
)
"""What a platform can be asked for, with the key that does it."""


def guide(case: Case, page: Page) -> Content:
    """Return the meaning of the status, the advice with its reason, and what usually follows."""
    title = safe_text(case.advice.title, STRONG).truncate(page.width)
    parts = [title, meaning(case, page, do=case.advice.body)]
    if told := of_shipments(case, page):
        parts.append(told)
    if told := on_platform(case, page):
        parts.append(told)
    if following := next_steps(case, page):
        parts.append(following)
    if offered := page.keys.hints(card_keys(case)):
        parts.append(hint_line(offered, page.width))
    return Content("\n\n").join(parts)


def meaning(case: Case, page: Page, *, do: str) -> Content:
    """Return what the status means, what the agent shall *do*, whom to contact and why."""
    advice = case.advice
    status = catalogue.status(case.send.provider, case.send.status)
    rows = [
        ("Means", safe_text(status.meaning, "$text", limit=600)),
        ("Do", safe_text(do or status.advice, "$text", limit=600)),
        ("Contact", safe_text(advice.contact or status.contact, "$text")),
        ("Why", safe_text(advice.why, QUIET, limit=400)),
        ("Source", safe_text(status.source, QUIET, limit=200)),
    ]
    lines: list[Content] = []
    for name, value in rows:
        if value:
            label = Content.styled(name.ljust(LABEL), QUIET)
            lines += wrapped_field(label, value, page.width, lines=12)
    return stacked(lines)


def of_shipments(case: Case, page: Page) -> Content:
    """Return what each state of a shipment of the send means and what to do; empty without shipments."""
    provider = case.send.provider
    states = {
        state_word(provider, each): state_of(provider, each)
        for each in by_concern(provider, case.shipments)
    }
    if not states:
        return Content()
    lines = [Content.styled("Shipments", STRONG)]
    for word, state in states.items():
        sign = mark(state, page.ascii)
        said = Content.assemble((f"{sign.glyph} ", colour(sign.tone)), safe_text(word, "$text"))
        told = safe_text(f"{state.meaning} {state.advice}", QUIET, limit=600)
        lines += [said, *wrapped_field(Content("  "), told, page.width, lines=6)]
    return stacked(lines)


def on_platform(case: Case, page: Page) -> Content:
    """Return whether the send can be canceled and extended from here, and whom to ask if not."""
    send = case.send
    provider = catalogue.provider(send.provider)
    lines: list[Content] = []
    for name, key in _ON_PLATFORM:
        advice = provider.ability(name).advice(send.provider_status)
        label = Content.styled(name.capitalize().ljust(LABEL), QUIET)
        hint = hint_line(page.keys.hints(((key, f"asks {provider.name}"),)))
        if value := safe_text(advice, "$text", limit=400) if advice else hint:
            lines += wrapped_field(label, value, page.width, lines=6)
    return stacked(lines)


def next_steps(case: Case, page: Page) -> Content:
    """Return the statuses that usually follow, one on a line; empty where none does."""
    send = case.send
    following = catalogue.may_follow(send.provider, send.status, send.type)
    if not following:
        return Content()
    steps = [_step(step, page) for step in following]
    return stacked([Content.styled("Usually next", STRONG), *steps])


def _step(status: Status, page: Page) -> Content:
    sign = mark(status, page.ascii)
    said = Content.assemble((sign.glyph, colour(sign.tone)), f" {status.label}  ")
    return Content.assemble(said, safe_text(status.meaning, QUIET)).truncate(
        page.width, ellipsis=True
    )

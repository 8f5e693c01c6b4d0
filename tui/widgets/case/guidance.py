"""What the status of a send means and what is done about it: the Guidance tab."""

from textual.content import Content

from models.providers import catalogue
from models.providers.status import Status
from models.records import Case
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


def guide(case: Case, page: Page) -> Content:
    """Return the meaning of the status, the advice with its reason, and what usually follows."""
    send, advice = case.send, case.advice
    status = catalogue.status(send.provider, send.status)
    contact = advice.contact or status.contact
    rows = [
        ("Means", safe_text(status.meaning, "$text", limit=600)),
        ("Do", safe_text(advice.body or status.advice, "$text", limit=600)),
        ("Contact", safe_text(contact, "$text")),
        ("Why", safe_text(advice.why, QUIET, limit=400)),
        ("Source", safe_text(status.source, QUIET, limit=200)),
    ]
    lines: list[Content] = [safe_text(advice.title, STRONG).truncate(page.width), Content()]
    for name, value in rows:
        if value:
            label = Content.styled(name.ljust(LABEL), QUIET)
            lines += wrapped_field(label, value, page.width, lines=12)
    following = catalogue.may_follow(send.provider, send.status, send.type)
    if following:
        lines += [Content(), Content.styled("Usually next", STRONG)]
        lines += [_step(step, page) for step in following]
    offered = card_keys(case)
    if offered:
        lines += [Content(), hint_line(page.keys.hints(offered), page.width)]
    return stacked(lines)


def _step(status: Status, page: Page) -> Content:
    sign = mark(status, page.ascii)
    said = Content.assemble((sign.glyph, colour(sign.tone)), f" {status.label}  ")
    return Content.assemble(said, safe_text(status.meaning, QUIET)).truncate(
        page.width, ellipsis=True
    )

"""What the status of a send means and what is done about it: the Guidance tab."""

from textual.content import Content

from models.providers import catalogue
from models.providers.status import Status
from models.records import Case
from tui.style.formats import mark
from tui.widgets.case.summary import LABEL, Sheet, card_keys
from tui.widgets.styled_text import QUIET, STRONG, colour, hanging, keys, stack, words


def guide(case: Case, sheet: Sheet) -> Content:
    """Return the meaning of the status, the advice with its reason, and what usually follows."""
    send, advice = case.send, case.advice
    status = catalogue.status(send.provider, send.status)
    contact = advice.contact or status.contact
    rows = [
        ("Means", words(status.meaning, "$text", limit=600)),
        ("Do", words(advice.body or status.advice, "$text", limit=600)),
        ("Contact", words(contact, "$text")),
        ("Why", words(advice.why, QUIET, limit=400)),
        ("Source", words(status.source, QUIET, limit=200)),
    ]
    lines: list[Content] = [words(advice.title, STRONG).truncate(sheet.width), Content()]
    for name, value in rows:
        if value:
            label = Content.styled(name.ljust(LABEL), QUIET)
            lines += hanging(label, value, sheet.width, lines=12)
    following = catalogue.may_follow(send.provider, send.status, send.type)
    if following:
        lines += [Content(), Content.styled("Usually next", STRONG)]
        lines += [_step(step, sheet) for step in following]
    offered = card_keys(case)
    if offered:
        lines += [Content(), keys(sheet.keys.hints(offered), sheet.width)]
    return stack(lines)


def _step(status: Status, sheet: Sheet) -> Content:
    sign = mark(status, sheet.ascii)
    said = Content.assemble((sign.glyph, colour(sign.tone)), f" {status.label}  ")
    return Content.assemble(said, words(status.meaning, QUIET)).truncate(sheet.width, ellipsis=True)

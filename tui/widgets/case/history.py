"""What happened to a send, newest first, as text of a given width."""

import json
from typing import Final

from textual.content import Content

from models.providers import catalogue
from models.records import Case, Event, EventKind
from models.rules.event_words import WORDS, telling_word, what
from models.rules.state import known_at
from models.rules.undoing import taken_back
from models.values.text import display_text
from tui.style.formats import mark
from tui.style.glyphs import Tone
from tui.widgets.case.summary import Page
from tui.widgets.styled_text import QUIET, STRONG, STRUCK, colour, justified, safe_text, stacked

_SHOWN = 200
"""The most events that the History tab shows."""
_REASON = 2000
"""Characters of a reason or note that are shown in full."""
_REASON_LINES = 12
_WHO = 24
"""Characters of who did it."""
_TIME = 18
"""Cells before what happened: `Wed 02 Dec 09:00` and a gap."""

_LOUD: Final[tuple[Tone, ...]] = ("error", "warning")
"""Tones that keep their colour in the list of newest events; all others are muted there."""


def latest(case: Case, page: Page, count: int) -> Content:
    """Return the newest *count* events, one line each, under a heading."""
    lines = [_heading(case, page)]
    shown = case.history[:count]
    undone = taken_back(case.history)
    lines += [_line(case, event, page, undone, brief=True) for event in shown]
    left = case.history_total - len(shown)
    if left > 0:
        lines.append(Content.styled(f"{left:,} more in History", QUIET))
    return stacked(lines)


def whole(case: Case, page: Page) -> Content:
    """Return the history with every reason, note and source."""
    lines = [_heading(case, page)]
    undone = taken_back(case.history)
    for event in case.history[:_SHOWN]:
        lines.append(_line(case, event, page, undone, brief=False))
        lines += _reason(event, page, undone)
    left = case.history_total - min(len(case.history), _SHOWN)
    if left > 0:
        lines.append(Content.styled(f"{left:,} older entries", QUIET))
    return stacked(lines)


def _heading(case: Case, page: Page) -> Content:
    count = f"newest first · {case.history_total:,}" if case.history_total > 1 else ""
    return justified(Content.styled("History", STRONG), Content.styled(count, QUIET), page.width)


def _line(case: Case, event: Event, page: Page, undone: frozenset[int], *, brief: bool) -> Content:
    """Return an event on one line; what was taken back is struck through."""
    sign, tone = _sign(case, event, page)
    if event.seq in undone or (brief and tone not in _LOUD):
        tone = "muted"
    happened = known_at(event)
    moment = page.time(happened) if happened else "no time"
    said = _said(case, event)
    if brief and event.reason:
        between = ": " if event.kind is EventKind.NOTE else " – "
        said = Content.assemble(said, (between, QUIET), safe_text(event.reason, QUIET, limit=120))
    if event.seq in undone:
        said = said.stylize(STRUCK) + (" (taken back)" if page.ascii else "")
    left = Content.assemble(
        (f"{moment:<{_TIME - 2}}  ", QUIET), (page.glyph(sign), colour(tone)), " ", said
    )
    return justified(left, safe_text(_who(case, event, brief=brief), QUIET, limit=_WHO), page.width)


def _who(case: Case, event: Event, *, brief: bool) -> str:
    """Return who did it and through what; if *brief*, only who, and nothing for the platform itself."""
    if brief:
        return "" if event.actor == case.send.provider else event.actor
    return " ".join(filter(None, [event.actor, _via(event)]))


def _via(event: Event) -> str:
    return "" if not event.source or event.source == event.actor else f"({event.source})"


def _reason(event: Event, page: Page, undone: frozenset[int]) -> list[Content]:
    """Return the full reason or note under its line, bounded in characters and lines."""
    text = event.reason
    if not text:
        return []
    indent = " " * (_TIME + 2)
    room = max(page.width - len(indent), 10)
    safe = display_text(text, _REASON, one_line=False)
    wrapped = Content.styled(safe, STRUCK if event.seq in undone else "$text").wrap(room)
    cut = [Content.styled("…", QUIET)] if len(wrapped) > _REASON_LINES else []
    return [Content(indent) + line for line in [*wrapped[:_REASON_LINES], *cut]]


def _sign(case: Case, event: Event, page: Page) -> tuple[str, Tone]:
    row = WORDS[event.kind]
    if row.sign:
        return row.sign, row.tone
    if not event.to_status:
        return "●", "accent"
    found = mark(catalogue.status(case.send.provider, event.to_status), page.ascii)
    return found.glyph, found.tone


def _by_time(case: Case, event: Event) -> Content:
    """Return what a rule did because time had passed: the status that it gave, or its reminder."""
    further = _detail(event)
    label = catalogue.status(case.send.provider, event.to_status).label if event.to_status else ""
    if further.get("over"):
        return Content.styled(f"{label} again" if label else "reminder taken back", "$text")
    estimated = ", estimated" if further.get("estimate") else ""
    return Content.styled(f"{label or 'ends soon'}{estimated}", "$text")


def _said(case: Case, event: Event) -> Content:
    """Return what happened in a few words: those of its kind, and for some kinds what came of it."""
    title = WORDS[event.kind].title
    match event.kind:
        case EventKind.FACT | EventKind.RULE:
            return _platform_status(case, event)
        case EventKind.OVERRIDE:
            label = catalogue.status(case.send.provider, event.to_status).label
            return Content.assemble((f"{title} ", QUIET), (label, "$text"))
        case EventKind.TIME_RULE:
            return _by_time(case, event)
        case EventKind.OWNER:
            owner = str(_detail(event).get("owner", "")) or "nobody"
            return Content.assemble((f"{title} ", QUIET), safe_text(owner, "$text", limit=60))
        case EventKind.ESCALATE:
            reference = str(_detail(event).get("reference", ""))
            return Content.assemble((f"{title}  ", "$text"), safe_text(reference, QUIET, limit=60))
        case EventKind.REFUND:
            amount = what(case.send.provider, event)
            return Content.assemble((f"{title} ", "$text"), safe_text(amount, "$text"))
        case EventKind.UNDO:
            return Content.assemble(
                (f"{title} ", QUIET), safe_text(what(case.send.provider, event), "$text")
            )
        case _:
            return Content(title)


def _platform_status(case: Case, event: Event) -> Content:
    status = catalogue.status(case.send.provider, event.to_status)
    if word := telling_word(case.send.provider, event):
        return Content.assemble((status.label, "$text"), "  ", safe_text(word, QUIET, limit=60))
    return Content.styled(status.label, "$text")


def _detail(event: Event) -> dict[str, object]:
    try:
        values = json.loads(event.detail)
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}

"""What the case pane says about a send, as text of a given width; no widget, no database."""

from datetime import datetime
from typing import NamedTuple

from textual.content import Content

from models.providers import catalogue
from models.providers.status import Status
from models.records import Case, SendRecord, Urgency
from models.rules.batches import progress_words
from models.values.local_time import LocalTime
from tui.keys import USUAL_KEYS, Hints, Keys
from tui.style.formats import age, mark, money, number_of_others
from tui.style.glyphs import Tone, plain
from tui.widgets.styled_text import (
    QUIET,
    STRONG,
    colour,
    hint_line,
    joined,
    justified,
    safe_text,
    stacked,
)

LABEL = 10
"""Cells that the name of a field takes."""
_ALARM = ("over", "now")
_CARD_TONES: dict[Urgency, Tone] = {"over": "error", "now": "error", "soon": "warning"}
_TWO_COLUMNS = 96
GAP = 3
"""Cells between two columns."""


class Page(NamedTuple):
    """What the text of a case depends on besides the case: width, local time, signs and keys."""

    width: int
    """In cells."""
    local: LocalTime
    """The present of the agent, in whose zone moments are shown."""
    ascii: bool = False
    keys: Keys = USUAL_KEYS
    """The keys as the agent has them."""

    @property
    def has_two_columns(self) -> bool:
        """Whether two columns fit beside each other."""
        return self.width >= _TWO_COLUMNS

    def column(self, of: int = 2) -> "Page":
        """Return one of the columns of a page with *of* columns."""
        return self._replace(width=(self.width - GAP * (of - 1)) // of)

    @property
    def now(self) -> datetime:
        """The present, in UTC."""
        return self.local.now

    def time(self, moment: datetime | None) -> str:
        """Return *moment* in the agent's zone: `Wed 02 Dec 09:00`; `time unknown` for None."""
        return "time unknown" if moment is None else self.local.words(moment)

    def glyph(self, sign: str) -> str:
        """Return *sign*, or its ASCII form if only ASCII is drawn."""
        return plain(sign, self.ascii)


def head(case: Case, page: Page, *, brief: bool = False) -> Content:
    """Return the head of the case: which send, for whom, how far it is and for how long.

    If *brief*, it has two or three lines at any width.
    """
    send = case.send
    kind = catalogue.provider(send.provider).types.get(send.type, send.type)
    cost = safe_text(money(send.cost_minor, send.currency), QUIET)
    what = Content.assemble(safe_text(send.ref, STRONG), "  ", safe_text(send.campaign, "$text"))
    whom = joined(
        [
            safe_text(who(send), STRONG),
            safe_text(send.company, QUIET),
        ]
    )
    way, off_path = lifecycle(case, page)
    if page.has_two_columns:
        return stacked(
            [
                justified(what, Content.assemble((f"{off_path}  ", QUIET), way), page.width),
                justified(
                    joined([whom, safe_text(kind, QUIET), cost]), _stay(case, page), page.width
                ),
            ]
        )
    who_and_what = [
        justified(what, safe_text(kind, QUIET), page.width),
        justified(whom, cost, page.width),
    ]
    if brief:
        return stacked([*who_and_what, justified(way, _stay(case, page), page.width)])
    return stacked(
        [
            *who_and_what,
            "",
            justified(way, Content.styled(off_path, QUIET), page.width),
            _stay(case, page),
        ]
    )


def who(send: SendRecord) -> str:
    """Return for whom a send is, or how far a batch is."""
    return send.recipient_name or send.recipient_email or progress_words(send) or "no name"


def lifecycle(case: Case, page: Page) -> tuple[Content, str]:
    """Return the lifecycle as a row of signs, and a remark if the send is off the usual path."""
    send = case.send
    usual = catalogue.lifecycle_path(send.provider, send.type, send.status)
    tone = _tone(case)
    status = catalogue.status(send.provider, send.status)
    if send.status in usual:
        return _lifecycle_steps(usual, usual.index(send.status), None, status, tone, page), ""
    way = _lifecycle_steps(usual, _furthest(case, usual), send.status, status, tone, page)
    return way, "outside the usual lifecycle"


def _stay(case: Case, page: Page) -> Content:
    """Return the status and how long the send has been in it."""
    label = catalogue.status(case.send.provider, case.send.status).label
    stay = age(page.now - case.send.since)
    return Content.assemble(
        (label, f"bold {colour(_tone(case))}"), (f"  {stay} in this status", QUIET)
    )


def _tone(case: Case) -> Tone:
    advice = case.advice
    loud = advice.urgency in _ALARM and not advice.waits and not case.send.contested
    return "error" if loud else mark(catalogue.status(case.send.provider, case.send.status)).tone


def _furthest(case: Case, usual: tuple[str, ...]) -> int:
    """Return the place in *usual* of the last status that the history names, or -1."""
    seen = {event.to_status for event in case.history} | {case.send.provider_status}
    return max((place for place, slug in enumerate(usual) if slug in seen), default=-1)


def _lifecycle_steps(
    usual: tuple[str, ...],
    reached: int,
    off_path: str | None,
    status: Status,
    tone: Tone,
    page: Page,
) -> Content:
    """Draw a sign for each usual status; *off_path* is another status after the one at *reached*."""
    done = (page.glyph("✔"), colour("success"))
    ahead = ("o" if page.ascii else "○", QUIET)
    line = (page.glyph("─") * 2, QUIET)
    parts: list[tuple[str, str]] = []
    for place in range(len(usual)):
        if place == reached and off_path is None:
            finished = status.final and place == len(usual) - 1
            parts += [done if finished else (page.glyph("◉"), colour(tone)), line]
        else:
            parts += [done if place <= reached else ahead, line]
        if place == reached and off_path is not None:
            parts += [(mark(status, page.ascii).glyph, f"bold {colour(tone)}"), line]
    if reached < 0:
        parts = [(mark(status, page.ascii).glyph, f"bold {colour(tone)}"), line, *parts]
    return Content.assemble(*parts[:-1])


def card(case: Case, width: int, own: Keys) -> Content:
    """Return the advice in *width* cells: what to do, why it is time, and which of the agent's keys do it."""
    advice = case.advice
    tone = "text" if advice.waits else _CARD_TONES.get(advice.urgency, "text")
    lines = safe_text(advice.title, f"bold {colour(tone)}").wrap(width)
    lines += safe_text(_brief(case), "$text", limit=600).wrap(width)
    if alike := _others_alike(case, own):
        lines += safe_text(alike, "$text").wrap(width)
    if offered := own.hints(card_keys(case)):
        lines.append(hint_line(offered, width))
    return stacked(lines)


def _others_alike(case: Case, own: Keys) -> str:
    """Return how many more of the campaign are stuck in the same way, and what can be done for all."""
    alike = next((each for each in case.around if each.key == "problem"), None)
    if alike is None:
        return ""
    many = f"{number_of_others(alike)} more of this campaign"
    have = "has" if alike.others == 1 else "have"
    ways = own.fill("{desk.around} lists them, {desk.copy_more} copies one packet for all")
    return f"{many} {have} the same problem: {ways}."


def _brief(case: Case) -> str:
    """Return the advice without the standing advice of the status, which the Guidance tab shows."""
    body = case.advice.body
    if case.advice.urgency != "over":
        return body
    standing = catalogue.status(case.send.provider, case.send.status).advice
    return " ".join(body.replace(standing, " ").split()) or body


def card_keys(case: Case) -> Hints:
    """Return the keys that carry out the advice, the first one first."""
    if case.advice.waits:
        return _keys_while_waiting(case)
    if case.send.contested:
        return (("{desk.release}", "keep or release"),)
    if case.send.escalated_at is not None:
        return (
            ("{desk.resolve}", "resolve"),
            ("{desk.escalate}", "escalate again"),
            ("{desk.copy_more}", "copy the packet"),
        )
    if case.advice.urgency in _ALARM:
        if case.advice.contact:
            return (("{desk.escalate}", "escalate"), ("{desk.copy_more}", "copy the packet"))
        return (("{desk.status}", "set the status"), ("{desk.note}", "note"))
    if case.advice.urgency == "soon":
        return (("{desk.note}", "note"), ("{desk.snooze}", "snooze"))
    return ()


def _keys_while_waiting(case: Case) -> Hints:
    """Return the keys for a send that is snoozed, done or with the platform's support."""
    if case.send.escalated_at is None:
        return (("{desk.snooze}", "wake or snooze"), ("{desk.note}", "note"))
    return (("{desk.resolve}", "resolve"), ("{desk.note}", "note"), ("{desk.snooze}", "snooze"))

"""What the case pane says about a send, as text of a given width; no widget, no database."""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from textual.content import Content

from models import catalogue
from models.lifecycle import Status
from models.records import Case
from tui.look import Tone, age, mark, money, plain, when
from tui.widgets.ink import (
    QUIET,
    STRONG,
    colour,
    dotted,
    keys,
    spread,
    stack,
    words,
)

LABEL = 10
"""Cells that the name of a field takes."""
_ALARM = ("over", "now")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a case is written on."""

    width: int
    """In cells."""
    now: datetime
    zone: tzinfo = UTC
    """The agent's time zone; only the screen knows local time."""
    ascii: bool = False

    def time(self, moment: datetime | None) -> str:
        """Return *moment* as agents read it; an unknown one says so."""
        return "time unknown" if moment is None else when(moment, self.now, self.zone)

    def glyph(self, sign: str) -> str:
        """Return *sign* or its ASCII twin."""
        return plain(sign, self.ascii)


def title(case: Case, sheet: Sheet) -> Content:
    """Return two lines: which send it is, and for whom."""
    send = case.send
    kind = catalogue.provider(send.provider).types.get(send.type, send.type)
    what = Content.assemble(words(send.ref, STRONG), "  ", words(send.campaign, "$text"))
    whom = dotted(
        [
            words(send.recipient_name or send.recipient_email or "no name", STRONG),
            words(send.company, QUIET),
        ]
    )
    cost = words(money(send.cost_minor, send.currency), QUIET)
    return stack([spread(what, words(kind, QUIET), sheet.width), spread(whom, cost, sheet.width)])


def lifecycle(case: Case, sheet: Sheet) -> Content:
    """Return the way through the lifecycle, and below it the status and how long it lasts."""
    send = case.send
    status = catalogue.status(send.provider, send.status)
    usual = catalogue.provider(send.provider).stations.get(send.type, ())
    loud = case.advice.urgency in _ALARM and not send.contested
    tone: Tone = "error" if loud else mark(status).tone
    if send.status in usual:
        way = _stations(usual, usual.index(send.status), None, status, tone, sheet)
        aside = ""
    else:
        way = _stations(usual, _furthest(case, usual), send.status, status, tone, sheet)
        aside = "beside the usual way"
    stay = age(sheet.now - send.since)
    says = Content.assemble(
        (status.label, f"bold {colour(tone)}"), (f"  {stay} in this status", QUIET)
    )
    return stack([spread(way, words(aside, QUIET), sheet.width), says])


def _furthest(case: Case, usual: tuple[str, ...]) -> int:
    """Return the last station that the history names, or -1."""
    seen = {event.to_status for event in case.history} | {case.send.provider_status}
    return max((place for place, slug in enumerate(usual) if slug in seen), default=-1)


def _stations(
    usual: tuple[str, ...],
    reached: int,
    aside: str | None,
    status: Status,
    tone: Tone,
    sheet: Sheet,
) -> Content:
    """Draw the stations; *aside* stands for a status between *reached* and the next station."""
    done = (sheet.glyph("✔"), colour("success"))
    ahead = (sheet.glyph("○"), QUIET)
    line = (sheet.glyph("─") * 2, QUIET)
    parts: list[tuple[str, str]] = []
    for place in range(len(usual)):
        if place == reached and aside is None:
            finished = status.final and place == len(usual) - 1
            parts += [done if finished else (sheet.glyph("◉"), colour(tone)), line]
        else:
            parts += [done if place <= reached else ahead, line]
        if place == reached and aside is not None:
            parts += [(mark(status, sheet.ascii).glyph, f"bold {colour(tone)}"), line]
    if reached < 0:
        parts = [(mark(status, sheet.ascii).glyph, f"bold {colour(tone)}"), line, *parts]
    return Content.assemble(*parts[:-1])


def card(case: Case, width: int) -> Content:
    """Return the advice: what to do, why it is time, and the keys that do it."""
    advice = case.advice
    tone: Tone = {"over": "error", "now": "error", "soon": "warning"}.get(advice.urgency, "text")  # type: ignore[assignment]
    lines = words(advice.title, f"bold {colour(tone)}").wrap(width)
    lines += words(advice.body, "$text", limit=600).wrap(width)
    offered = card_keys(case)
    if offered:
        lines.append(keys(offered, width))
    return stack(lines)


def card_keys(case: Case) -> tuple[tuple[str, str], ...]:
    """Return the keys that carry out the advice, the first one first."""
    if case.send.contested:
        return (("s", "keep mine"), ("R", "release"))
    if case.advice.urgency in _ALARM:
        if case.advice.contact:
            return (("e", "escalate"), ("Y", "copy the packet"))
        return (("s", "set the status"), ("c", "note"))
    if case.advice.urgency == "soon":
        return (("c", "note"), ("z", "snooze"))
    return ()

"""What the case pane says about a send, as text of a given width; no widget, no database."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo

from textual.content import Content

from models.providers import catalogue
from models.providers.status import Status
from models.records import Case, Urgency
from tui.keys import USUAL_KEYS, Hints, Keys
from tui.style.formats import age, mark, money, when
from tui.style.glyphs import Tone, plain
from tui.widgets.styled_text import (
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
_CARD_TONES: dict[Urgency, Tone] = {"over": "error", "now": "error", "soon": "warning"}
_BROAD = 96
_GAP = 3
"""Cells between two columns."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a case is written on."""

    width: int
    """In cells."""
    now: datetime
    zone: tzinfo = UTC
    """The agent's time zone; only the screen knows local time."""
    ascii: bool = False
    keys: Keys = USUAL_KEYS
    """The keys as the agent has them."""

    @property
    def is_broad(self) -> bool:
        """Whether two columns fit beside each other."""
        return self.width >= _BROAD

    def column(self) -> "Sheet":
        """Return one of two columns of a broad sheet."""
        return replace(self, width=(self.width - _GAP) // 2)

    def time(self, moment: datetime | None) -> str:
        """Return *moment* as agents read it; an unknown one says so."""
        return "time unknown" if moment is None else when(moment, self.now, self.zone)

    def glyph(self, sign: str) -> str:
        """Return *sign* or its ASCII twin."""
        return plain(sign, self.ascii)


def head(case: Case, sheet: Sheet) -> Content:
    """Return which send it is, for whom, how far it has come and how long it has been there."""
    send = case.send
    kind = catalogue.provider(send.provider).types.get(send.type, send.type)
    cost = words(money(send.cost_minor, send.currency), QUIET)
    what = Content.assemble(words(send.ref, STRONG), "  ", words(send.campaign, "$text"))
    whom = dotted(
        [
            words(send.recipient_name or send.recipient_email or "no name", STRONG),
            words(send.company, QUIET),
        ]
    )
    way, aside = lifecycle(case, sheet)
    if sheet.is_broad:
        return stack(
            [
                spread(what, Content.assemble((f"{aside}  ", QUIET), way), sheet.width),
                spread(dotted([whom, words(kind, QUIET), cost]), _stay(case, sheet), sheet.width),
            ]
        )
    return stack(
        [
            spread(what, words(kind, QUIET), sheet.width),
            spread(whom, cost, sheet.width),
            "",
            spread(way, Content.styled(aside, QUIET), sheet.width),
            _stay(case, sheet),
        ]
    )


def lifecycle(case: Case, sheet: Sheet) -> tuple[Content, str]:
    """Return the way through the lifecycle, and a word if the send has left the usual one."""
    send = case.send
    usual = catalogue.lifecycle_path(send.provider, send.type, send.status)
    tone = _tone(case)
    status = catalogue.status(send.provider, send.status)
    if send.status in usual:
        return _stations(usual, usual.index(send.status), None, status, tone, sheet), ""
    way = _stations(usual, _furthest(case, usual), send.status, status, tone, sheet)
    return way, "beside the usual way"


def _stay(case: Case, sheet: Sheet) -> Content:
    """Return the status and how long the send has been in it."""
    label = catalogue.status(case.send.provider, case.send.status).label
    stay = age(sheet.now - case.send.since)
    return Content.assemble(
        (label, f"bold {colour(_tone(case))}"), (f"  {stay} in this status", QUIET)
    )


def _tone(case: Case) -> Tone:
    loud = case.advice.urgency in _ALARM and not case.send.contested
    return "error" if loud else mark(catalogue.status(case.send.provider, case.send.status)).tone


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
    ahead = ("o" if sheet.ascii else "○", QUIET)
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


def card(case: Case, width: int, own: Keys) -> Content:
    """Return the advice in *width* cells: what to do, why it is time, and which of the agent's keys do it."""
    advice = case.advice
    tone = _CARD_TONES.get(advice.urgency, "text")
    lines = words(advice.title, f"bold {colour(tone)}").wrap(width)
    lines += words(_brief(case), "$text", limit=600).wrap(width)
    offered = card_keys(case)
    if offered:
        lines.append(keys(own.hints(offered), width))
    return stack(lines)


def _brief(case: Case) -> str:
    """Return the advice without what always holds for the status, which the Guidance tab says."""
    body = case.advice.body
    if case.advice.urgency != "over":
        return body
    standing = catalogue.status(case.send.provider, case.send.status).advice
    return " ".join(body.replace(standing, " ").split()) or body


def card_keys(case: Case) -> Hints:
    """Return the keys that carry out the advice, the first one first."""
    if case.send.contested:
        return (("{desk.release}", "keep or release"),)
    if case.advice.urgency in _ALARM:
        if case.advice.contact:
            return (("{desk.escalate}", "escalate"), ("{desk.copy_more}", "copy the packet"))
        return (("{desk.status}", "set the status"), ("{desk.note}", "note"))
    if case.advice.urgency == "soon":
        return (("{desk.note}", "note"), ("{desk.snooze}", "snooze"))
    return ()

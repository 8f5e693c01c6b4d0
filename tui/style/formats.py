"""Statuses, due times, ages, moments and money as text, signs and colour tokens. Pure; no Textual.

Every glyph is one cell wide and has an ASCII form. A tone is the name of a theme token, so that
colour follows the theme; it is never the only cue.
"""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final, NamedTuple

from models.providers import catalogue
from models.providers.status import UNMAPPED_SLUG, Stage, Status
from models.records import Relation, SendRecord, Snooze
from models.rules.due import WARNING, in_triage, urgency
from models.values.calendar import age as age
from models.values.local_time import LocalTime
from models.values.money import money_words
from tui.style.glyphs import Tone, plain


class StatusSign(NamedTuple):
    """The sign of a status."""

    glyph: str
    tone: Tone


class DueText(NamedTuple):
    """How a send stands against its limit; all empty when it has none."""

    sign: str = ""
    words: str = ""
    tone: Tone = "muted"
    brief: str = ""
    """What *words* become where there is no room for them."""

    def __str__(self) -> str:
        return f"{self.sign} {self.words}".strip()


_STAGES: Final[dict[Stage, StatusSign]] = {
    Stage.WAITING: StatusSign("◔", "accent"),
    Stage.WORKING: StatusSign("◑", "primary"),
    Stage.MOVING: StatusSign("◕", "secondary"),
    Stage.DONE: StatusSign("✔", "success"),
    Stage.PROBLEM: StatusSign("✖", "error"),
    Stage.CLOSED: StatusSign("○", "muted"),
}

_SOFT_PROBLEM: Final = StatusSign("✖", "warning")
_UNMAPPED: Final = StatusSign("?", "warning")


def mark(status: Status, ascii: bool = False) -> StatusSign:
    """Return the sign of *status*: that of its stage, unless it is a soft problem or unmapped."""
    found = _SOFT_PROBLEM if status.soft_problem else _STAGES[status.stage]
    if status.slug == UNMAPPED_SLUG:
        found = _UNMAPPED
    return StatusSign(plain(found.glyph, ascii), found.tone)


def due_words(
    send: SendRecord,
    now: datetime,
    ascii: bool = False,
    *,
    zone: tzinfo = UTC,
    warning: timedelta = WARNING,
) -> DueText:
    """Say how *send* stands against its limit at *now*: `▲ 11d over`, `! funds`, `◔ 9h left`.

    A snoozed or escalated send says until when instead, and one that is done says so; one without a
    limit says nothing.
    """
    put_off = None if in_triage(send, now) else _put_off(send, LocalTime(now, zone), ascii)
    if put_off is not None:
        return put_off
    if send.contested:
        return DueText("!", "contested", "error")
    match urgency(send, now, warning):
        case "now":
            status = catalogue.status(send.provider, send.status)
            tone: Tone = "warning" if status.soft_problem else "error"
            return DueText("!", status.short_word or "contact", tone)
        case "over":
            span = _between(send.due_at, now)
            return DueText(plain("▲", ascii), f"{span} over", "error", span)
        case "none":
            return DueText()
        case soon_or_ok:
            tone = "warning" if soon_or_ok == "soon" else "muted"
            span = _between(now, send.due_at)
            return DueText(plain("◔", ascii), f"{span} left", tone, span)


def _between(start: datetime | None, end: datetime | None) -> str:
    return "" if start is None or end is None else age(end - start)


def _put_off(send: SendRecord, local: LocalTime, ascii: bool) -> DueText | None:
    now = local.now
    if send.snooze == Snooze.UNTIL_TIME and send.snoozed_until and send.snoozed_until > now:
        until = local.brief_words(send.snoozed_until)
        return DueText("z", f"until {until}", "muted", until)
    if send.snooze == Snooze.UNTIL_CHANGE:
        return DueText("z", "until change", "muted", "change")
    if send.snooze == Snooze.DONE:
        return DueText(plain("✓", ascii), "done", "muted")
    if send.follow_up_at is not None and send.follow_up_at > now:
        ahead = age(send.follow_up_at - now)
        return DueText("e", f"follow-up {ahead}", "muted", ahead)
    return None


def status_words(send: SendRecord) -> str:
    """Return what the status is called; of one that is not known the platform's own word."""
    if send.status == UNMAPPED_SLUG and send.provider_raw:
        return send.provider_raw
    return catalogue.status(send.provider, send.status).label


def span(time: timedelta) -> str:
    """Return *time* as it is typed: in days if they are whole, else in hours: `2d`, `36h`."""
    days, rest = divmod(time, timedelta(days=1))
    return f"{days}d" if days and not rest else f"{time // timedelta(hours=1)}h"


def number_of_others(relation: Relation) -> str:
    """Return how many others there are: `3`, `1,000+`."""
    return f"{relation.others:,}{'' if relation.exact else '+'}"


def others(relation: Relation) -> str:
    """Return how many others there are, in words: `1 other`, `1,000+ others`."""
    number = number_of_others(relation)
    match relation.key:
        case "of":
            return number
        case "orders":
            return f"{number} order{'' if relation.others == 1 else 's'}"
        case _:
            return f"{number} other{'' if relation.others == 1 else 's'}"


def money(minor: int | None, currency: str) -> str:
    """Return an amount of *minor* units of *currency* as a person writes it; empty if unknown."""
    return "" if minor is None else money_words(minor, currency)

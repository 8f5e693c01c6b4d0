"""The limits of the statuses: whose they are, how many sends are past them, and a field to change one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Label, OptionList, Static
from textual.widgets.option_list import Option

from models.providers import catalogue
from models.team.effects import OVER_MOST
from models.team.thresholds import EffectiveThreshold
from tui.dialogs.dialog import Dialog
from tui.keys import Hints
from tui.style.formats import mark, span
from tui.widgets.bindings import bindings
from tui.widgets.letter_menu import KeyList
from tui.widgets.styled_text import QUIET, STRONG, colour, safe_text, stacked

LimitAction = Literal["limit", "warning", "reset", "hours", "holidays", "rules", "log"]
HolidayAction = Literal["region", "add", "remove"]
_ROOMY = 60
"""From this width on every column has room."""
_LONGEST = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the screen shows."""

    rows: Sequence[EffectiveThreshold]
    over: Mapping[str, int] = field(default_factory=dict)
    """How many sends are past the limit of each status now, by its key."""
    hours: str = ""
    """The business hours of the desk, in words."""
    holidays: str = ""
    """Which holidays there are, in words."""
    refusal: str = ""
    """Why nothing can be changed, or an empty string."""


@dataclass(frozen=True, slots=True)
class LimitChoice:
    """What the agent wants to do with the limit of which status."""

    action: LimitAction
    key: str
    """The key of the status."""


class LimitsDialog(Dialog[LimitChoice]):
    """Lists every status that can have a limit; answers what to change."""

    AUTO_FOCUS = "KeyList"
    BINDINGS: ClassVar = bindings("limits")
    TELLS_WHEN: ClassVar = True
    HINTS: ClassVar[Hints] = (
        ("{limits.change}", "change the limit"),
        ("{limits.warn}", "warn before"),
        ("{limits.reset}", "back to the default"),
        ("{limits.hours}", "hours"),
        ("{limits.holidays}", "holidays"),
        ("{limits.rules}", "rules"),
        ("{limits.log}", "who changed what"),
        ("{dialog.back}", "close"),
    )

    def __init__(self, limits: Limits, key: str = "", *, ascii: bool = False) -> None:
        """Show *limits*, with the cursor on the status with this *key*."""
        super().__init__()
        self._limits = limits
        self._key = key
        self._ascii = ascii

    def compose(self) -> ComposeResult:
        """Lay out the statuses of each platform below its name."""
        with Vertical(classes="dialog broad wide"):
            yield self.heading("Limits of the statuses", "and the sends that are past them now")
            if self._limits.refusal:
                refused = safe_text(f"To read only: {self._limits.refusal}", limit=300)
                yield Static(refused, classes="warning part")
            yield Static(self._business(), classes="part one-line")
            yield Static(self._titles(), classes="part one-line")
            yield KeyList(*self._options(), compact=True)
            yield self.foot()

    def on_mount(self) -> None:
        """Put the cursor on a status, and name the keys that work here."""
        options = self.query_one(KeyList)
        if self._key:
            options.point_at(self._key)
        else:
            options.action_first()
        if self._limits.refusal:
            self.show_keys(self.HINTS[-4:])

    def action_choose(self, action: LimitAction) -> None:
        """Answer what is wanted for the status under the cursor."""
        here = self.query_one(KeyList)
        place = here.highlighted
        key = None if place is None else here.get_option_at_index(place).id
        is_free = action in ("log", "holidays", "rules")
        if is_free or ((key or action == "hours") and not self._limits.refusal):
            self.dismiss(LimitChoice(action, key or ""))

    @on(OptionList.OptionSelected)
    def _change(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_choose("limit")

    def _business(self) -> Content:
        said = [("Business days  ", self._limits.hours), ("Holidays       ", self._limits.holidays)]
        return stacked(Content.assemble((name, QUIET), safe_text(words)) for name, words in said)

    def _widths(self) -> tuple[int, int, int, int]:
        """Return the cells of the columns; where there is little room the last one has none."""
        return (17, 10, 8, 0) if self.app.size.width < _ROOMY else (26, 19, 9, 7)

    def _titles(self) -> Content:
        names = zip(("Status", "Limit", "Past it", "Warn"), self._widths(), strict=True)
        line = "".join(name.ljust(width) for name, width in names if width)
        return Content.styled(f" {line}Whose", QUIET)

    def _options(self) -> list[Option]:
        found: list[Option] = []
        for provider, rows in groupby(self._limits.rows, lambda row: row.status.provider):
            name = catalogue.provider(provider).name
            found.append(Option(Content.styled(f" {name}", STRONG), disabled=True))
            found += [Option(self._line(row), id=row.status.key) for row in rows]
        return found

    def _line(self, row: EffectiveThreshold) -> Content:
        sign = mark(row.status, self._ascii)
        label = Content.assemble((sign.glyph, colour(sign.tone)), f" {row.status.label}")
        past = _past(self._limits.over.get(row.status.key, 0))
        cells = zip((label, _limit(row), past, _warning(row)), self._widths(), strict=True)
        shown = (_cell(content, width) for content, width in cells if width)
        return Content.assemble(" ", *shown, _whose(row))


def _cell(content: Content, width: int) -> Content:
    return content.truncate(width - 1, ellipsis=True, pad=True) + " "


def _limit(row: EffectiveThreshold) -> Content:
    if row.threshold is None:
        return Content.styled("none", QUIET)
    return Content.styled(row.threshold.limit.words, "bold $text" if row.own else "$text")


def _past(number: int) -> Content:
    if number > OVER_MOST:
        return Content.styled(f"{OVER_MOST:,}+", colour("error"))
    return Content.styled(f"{number:,}" if number else "", colour("error"))


def _warning(row: EffectiveThreshold) -> Content:
    if row.threshold is None or row.threshold.limit.at_once:
        return Content()
    return Content.styled(span(row.warning), "bold $text" if row.own_warning else QUIET)


def _whose(row: EffectiveThreshold) -> Content:
    if row.own:
        usual = row.status.threshold.limit.words if row.status.threshold else "none"
        who = safe_text(f"your team ({row.set_by})", "$text", limit=60)
        return Content.assemble(who, (f", default {usual}", QUIET))
    return safe_text(row.threshold.source if row.threshold else "", QUIET, limit=80)


class LimitField(Dialog[str]):
    """Asks for a limit or a time before one; shows what it would change before `Enter` sets it.

    Args:
        title: What is asked for.
        subtitle: What it is now.
        value: What the field begins with.
        help: What can be written.
        tell: Is called with this dialog, each text that is typed, and whether the agent wants to set it;
            it answers with `say` or `finish`.
    """

    AUTO_FOCUS = "Input"
    HINTS: ClassVar[Hints] = (("enter", "set it"), ("{dialog.back}", "cancel"))

    def __init__(
        self,
        title: str,
        subtitle: str,
        value: str,
        help: str,  # noqa: A002
        tell: Callable[["LimitField", str, bool], object],
    ) -> None:
        super().__init__()
        self._title = title
        self._subtitle = subtitle
        self._value = value
        self._help = help
        self._tell = tell

    def compose(self) -> ComposeResult:
        """Lay out the field over what it would change."""
        with Vertical(classes="dialog"):
            yield self.heading(self._title, self._subtitle)
            with Horizontal(classes="row"):
                yield Label("New", classes="label")
                yield Input(self._value, compact=True, max_length=_LONGEST)
            with Horizontal(classes="row"):
                yield Label("Effect", classes="label")
                yield Static(Content.styled("…", QUIET), id="limit-effect")
            yield Static(Content.styled(self._help, QUIET), classes="part")
            yield self.foot()

    def say(self, sentence: str, *, is_right: bool = True) -> None:
        """Show what the text would change, or why it cannot be set."""
        style = "$text" if is_right else "$text-warning"
        said = safe_text(sentence, style, limit=300)
        self.query_one("#limit-effect", Static).update(said)

    def finish(self, text: str) -> None:
        """Answer *text*."""
        self.dismiss(text)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._tell(self, event.value, False)

    @on(Input.Submitted)
    def _set(self, event: Input.Submitted) -> None:
        event.stop()
        self._tell(self, event.value, True)


class HolidaysDialog(Dialog[tuple[HolidayAction, str]]):
    """Lists the holidays to come; answers what to do, and the day under the cursor."""

    AUTO_FOCUS = "KeyList"
    BINDINGS: ClassVar = bindings("holidays")
    TELLS_WHEN: ClassVar = True
    HINTS: ClassVar[Hints] = (
        ("{holidays.region}", "those of a country"),
        ("{holidays.add}", "add a day"),
        ("{holidays.remove}", "remove the day"),
        ("{dialog.back}", "close"),
    )

    def __init__(self, days: Sequence[tuple[str, str]], regions: str, refusal: str) -> None:
        """Show *days*, each an ISO date and its words; *regions* says where they come from."""
        super().__init__()
        self._days = days
        self._regions = regions
        self._refusal = refusal

    def compose(self) -> ComposeResult:
        """Lay out one line for each day."""
        with Vertical(classes="dialog"):
            yield self.heading("Holidays", self._regions or "nobody works on them")
            lines = [Option(safe_text(words, limit=120), id=day) for day, words in self._days]
            empty = Option(Content.styled("None to come.", QUIET), disabled=True)
            yield KeyList(*(lines or [empty]), classes="part", compact=True)
            yield self.foot()

    def on_mount(self) -> None:
        """Name the keys that work here."""
        if self._refusal:
            self.show_keys(self.HINTS[-1:])

    def action_choose(self, action: HolidayAction) -> None:
        """Answer what is wanted."""
        here = self.query_one(KeyList)
        place = here.highlighted
        day = None if place is None else here.get_option_at_index(place).id
        if not self._refusal and (day or action != "remove"):
            self.dismiss((action, day or ""))

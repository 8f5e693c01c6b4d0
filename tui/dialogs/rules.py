"""What time does to sends: the rules with what they did, and how long sends last without an end date."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from models.providers import catalogue
from models.team.time_rules import RECENT_DAYS, RuleState, RuleWork, SpanInForce
from models.values.local_time import LocalTime
from tui.dialogs.dialog import Dialog
from tui.keys import Hints
from tui.style.formats import mark
from tui.style.glyphs import plain
from tui.widgets.bindings import bindings
from tui.widgets.letter_menu import KeyList
from tui.widgets.styled_text import QUIET, STRONG, colour, safe_text, stacked

RuleAction = Literal["change", "log"]
_ROOMY, _WIDE = 76, 110
"""From these widths on every column has room, and long names in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the screen shows."""

    rules: Sequence[RuleState]
    done: Mapping[str, RuleWork]
    """What each rule did, by its name."""
    spans: Sequence[SpanInForce]
    refusal: str = ""
    """Why nothing can be changed, or an empty string."""


@dataclass(frozen=True, slots=True)
class RuleChoice:
    """What the agent wants to do with which line."""

    action: RuleAction
    key: str
    """As `key_of` returns it."""


def key_of(line: RuleState | SpanInForce) -> str:
    """Return the key of the line of a rule or a usual span."""
    if isinstance(line, RuleState):
        return f"rule {line.rule.name}"
    return f"span {line.span.key} {line.campaign}"


class RulesDialog(Dialog[RuleChoice]):
    """Lists every rule and usual span; answers what to change."""

    AUTO_FOCUS = "KeyList"
    BINDINGS: ClassVar = bindings("rules")
    TELLS_WHEN: ClassVar = True
    HINTS: ClassVar[Hints] = (
        ("{rules.change}", "switch it, or set the span"),
        ("{rules.log}", "who changed what"),
        ("{dialog.back}", "close"),
    )

    def __init__(
        self, rules: Rules, key: str = "", *, local: LocalTime, ascii: bool = False
    ) -> None:
        """Show *rules*, with the cursor on the line with this *key*."""
        super().__init__()
        self._rules = rules
        self._key = key
        self._local = local
        self._ascii = ascii
        lines: list[RuleState | SpanInForce] = [*rules.rules, *rules.spans]
        self._lines = {key_of(each): each for each in lines}

    def compose(self) -> ComposeResult:
        """Lay out the rules of each platform below its name, then the spans, then what a line is about."""
        with Vertical(classes="dialog broad"):
            yield self.heading("Rules", "what time does to sends")
            if self._rules.refusal:
                refused = safe_text(f"To read only: {self._rules.refusal}", limit=300)
                yield Static(refused, classes="warning part")
            yield Static(self._titles(), classes="part one-line")
            yield KeyList(*self._options(), compact=True)
            yield Static(classes="part", id="rule-said")
            yield self.foot()

    def on_mount(self) -> None:
        """Put the cursor on a line, and name the keys that work here."""
        options = self.query_one(KeyList)
        if self._key in self._lines:
            options.point_at(self._key)
        else:
            options.action_first()
        if self._rules.refusal:
            self.show_keys(self.HINTS[-2:])

    def action_choose(self, action: RuleAction) -> None:
        """Answer what is wanted for the line under the cursor."""
        here = self.query_one(KeyList)
        place = here.highlighted
        key = None if place is None else here.get_option_at_index(place).id
        if action == "log" or (key and not self._rules.refusal):
            self.dismiss(RuleChoice(action, key or ""))

    @on(OptionList.OptionSelected)
    def _change(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_choose("change")

    @on(OptionList.OptionHighlighted)
    def _say(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        line = self._lines.get(event.option_id or "")
        if line is not None:
            self.query_one("#rule-said", Static).update(_about(line))

    def _widths(self) -> tuple[int, int, int, int, int]:
        """Return the cells of the columns; where there is little room some have none."""
        width = self.app.size.width
        if width < _ROOMY:
            return (4, 21, 0, 0, 8)
        return (4, 21, 24, 8, 9) if width >= _WIDE else (4, 20, 16, 6, 8)

    def _titles(self) -> Content:
        titles = ("", "Rule", "Makes it", "Holds", f"{RECENT_DAYS} days")
        names = zip(titles, self._widths(), strict=True)
        return Content.styled(
            f" {''.join(name.ljust(width) for name, width in names if width)}Last", QUIET
        )

    def _options(self) -> list[Option]:
        found: list[Option] = []
        for provider, rules in groupby(self._rules.rules, lambda each: each.rule.provider):
            name = catalogue.provider(provider).name
            found.append(Option(Content.styled(f" {name}", STRONG), disabled=True))
            found += [Option(self._rule(each), id=key_of(each)) for each in rules]
        title = "How long it lasts where the platform gave no end"
        found.append(Option(Content.styled(f" {title}", STRONG), disabled=True))
        found += [Option(self._span(each), id=key_of(each)) for each in self._rules.spans]
        return found

    def _rule(self, found: RuleState) -> Content:
        rule, done = found.rule, self._rules.done[found.rule.name]
        style = "$text" if found.is_on else QUIET
        if rule.to:
            status = catalogue.status(rule.provider, rule.to)
            sign = mark(status, self._ascii)
            makes = Content.assemble((sign.glyph, colour(sign.tone)), f" {status.label}")
        else:
            makes = Content.styled(f"{plain('·', self._ascii)} due then", QUIET)
        last = self._local.words(done.last) if done.last else "never"
        return Content.assemble(
            " ",
            *_cells(
                (
                    Content.styled("on", colour("success")) if found.is_on else Content.styled("off", QUIET),
                    safe_text(rule.name, style),
                    makes,
                    _number(done.holds),
                    _number(done.recent),
                ),
                self._widths(),
            ),
            safe_text(last, QUIET),
        )  # fmt: skip

    def _span(self, found: SpanInForce) -> Content:
        first, second, third, *_ = self._widths()
        name = f"{found.span.key} {found.campaign}".rstrip()
        whose = "your team" if found.is_own else found.span.source
        words = Content.styled(found.limit.words, "bold $text" if found.is_own else "$text")
        cells = (safe_text(name, "$text", limit=120), words)
        widths = (first + second, third or 15)
        return Content.assemble(" ", *_cells(cells, widths), safe_text(whose, QUIET, limit=60))


def _about(line: RuleState | SpanInForce) -> Content:
    """Return two lines about a rule or a usual span."""
    if isinstance(line, RuleState):
        rule = line.rule
        first, source = f"{rule.matches[0].upper()}{rule.matches[1:]}: {rule.does}.", rule.source
    else:
        first, source = f"{line.span.what[0].upper()}{line.span.what[1:]}.", line.span.source
    return stacked((safe_text(first, limit=300), safe_text(source, QUIET)))


def _number(number: int) -> Content:
    return Content.styled(f"{number:,}" if number else "", "$text")


def _cells(contents: Sequence[Content], widths: Sequence[int]) -> list[Content]:
    """Return *contents*, each in its width with a gap behind it; those without a width are left out."""
    return [
        content.truncate(width - 1, ellipsis=True, pad=True) + " "
        for content, width in zip(contents, widths, strict=True)
        if width
    ]

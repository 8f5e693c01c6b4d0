"""The status dialog: another status for one send or many, always with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Label, OptionList, Static
from textual.widgets.option_list import Option

from models import catalogue
from models.lifecycle import Status
from models.records import SendRecord
from tui.screens.dialogs import status_words as said
from tui.screens.dialogs.dialog import Dialog, Hints
from tui.widgets.ink import KEY, QUIET
from tui.widgets.pick_list import PickList

_OTHER = "/"
"""The key of “another status…”; also its option's id."""
_LONGEST_REASON = 500
Part = Literal["usual", "all", "reason", "confirm"]
_HINTS: dict[Part, Hints] = {
    "usual": (("a letter", "chooses"), ("/", "another status"), ("esc", "cancel")),
    "all": (("type", "to narrow"), ("↑↓", "move"), ("enter", "choose"), ("esc", "back")),
    "reason": (("enter", "set the status"), ("esc", "choose again")),
    "confirm": (("y", "set it all the same"), ("n", "back")),
}


@dataclass(frozen=True, slots=True)
class StatusChange:
    """What the agent decided."""

    status: str
    """The slug of the new status."""
    reason: str
    force: bool
    """Whether the agent confirmed a step outside the usual lifecycle."""


class StatusDialog(Dialog[StatusChange]):
    """Asks for a status, then for the reason, then again if the step is unusual."""

    AUTO_FOCUS = "#status-usual"
    HINTS: ClassVar[Hints] = _HINTS["usual"]

    def __init__(self, sends: Sequence[SendRecord], *, ascii: bool = False) -> None:
        """Ask about *sends*, which are one or more and all of one platform.

        Raises:
            ValueError: If there are none, or the platforms differ.
        """
        super().__init__()
        if len({send.provider for send in sends}) != 1:
            raise ValueError("the sends of one status change are of one platform")
        self._sends = tuple(sends)
        self._ascii = ascii
        self._targets = said.usual_targets(sends)
        self._letters = dict(
            zip(said.letters(each.label for each in self._targets), self._targets, strict=False)
        )
        self._target: Status | None = None
        self._part: Part = "usual"

    def compose(self) -> ComposeResult:
        """Lay out where the sends are, where they may go, the reason and the step."""
        one = self._sends[0]
        what = f"{one.ref}  {one.recipient_name}"
        if len(self._sends) > 1:
            what = f"{len(self._sends):,} sends"
        with Vertical(classes="dialog"):
            yield self.heading("Set the status", what)
            yield Static(said.starting_points(self._sends, ascii=self._ascii), classes="part")
            yield OptionList(*self._options(), id="status-usual", classes="part", compact=True)
            yield PickList(
                said.every_target(self._sends, ascii=self._ascii), placeholder="which status?"
            )
            with Horizontal(classes="row"):
                yield Label("Reason", classes="label")
                yield Input(
                    id="status-reason",
                    placeholder="why? it stays in the history",
                    compact=True,
                    max_length=_LONGEST_REASON,
                )
            yield Static(id="status-step", classes="part")
            yield self.foot()

    def on_mount(self) -> None:
        """Begin with the usual statuses."""
        self.query_one(PickList).add_class("part")
        self._go("usual")

    def on_key(self, event: events.Key) -> None:
        """Let a letter choose while the usual statuses have the focus, and answer the question."""
        key = event.character or ""
        if self._part == "confirm" and key in ("y", "n"):
            event.stop()
            self._answer(key == "y")
        elif self._part == "usual" and key in self._letters:
            event.stop()
            self._choose(self._letters[key])
        elif self._part == "usual" and key == _OTHER:
            event.stop()
            self._go("all")
        elif self._part == "usual" and key in ("j", "k"):
            event.stop()
            options = self.query_one("#status-usual", OptionList)
            options.action_cursor_down() if key == "j" else options.action_cursor_up()

    def action_back(self) -> None:
        """Go back one step; from the first one leave."""
        back: dict[Part, Part] = {"all": "usual", "reason": "usual", "confirm": "reason"}
        if self._part == "usual":
            self.dismiss(None)
        else:
            self._go(back[self._part])

    @on(OptionList.OptionSelected, "#status-usual")
    def _take_usual(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option_id == _OTHER:
            self._go("all")
        else:
            self._choose(catalogue.status(self._sends[0].provider, event.option_id or ""))

    @on(PickList.Picked)
    def _take_any(self, event: PickList.Picked) -> None:
        event.stop()
        if event.key is not None:
            self._choose(catalogue.status(self._sends[0].provider, event.key))

    @on(Input.Submitted, "#status-reason")
    def _take_reason(self, event: Input.Submitted) -> None:
        event.stop()
        if self._target is None or not event.value.strip():
            self._say(Content.styled("A change of status needs a reason.", "$text-warning"))
        elif said.unusual(self._sends, self._target):
            self._go("confirm")
        else:
            self._finish(force=False)

    def _options(self) -> list[Option]:
        options = [
            Option(self._option(letter, said.sign(status, ascii=self._ascii)), id=status.slug)
            for letter, status in self._letters.items()
        ]
        other = self._option(_OTHER, Content.styled("  another status…", QUIET))
        return [*options, Option(other, id=_OTHER)]

    def _option(self, letter: str, line: Content) -> Content:
        return Content.assemble(" ", (letter, KEY), "  ", line)

    def _choose(self, target: Status) -> None:
        self._target = target
        usual = self.query_one("#status-usual", OptionList)
        places = {option.id: place for place, option in enumerate(usual.options)}
        usual.highlighted = places.get(target.slug)
        self._go("reason")

    def _answer(self, yes: bool) -> None:
        if yes:
            self._finish(force=True)
        else:
            self._go("reason")

    def _finish(self, *, force: bool) -> None:
        assert self._target is not None
        reason = self.query_one("#status-reason", Input).value.strip()
        self.dismiss(StatusChange(self._target.slug, reason, force))

    def _go(self, part: Part) -> None:
        """Show one part of the dialog and put the cursor there."""
        self._part = part
        usual, picks = self.query_one("#status-usual"), self.query_one(PickList)
        usual.display = part in ("usual", "reason")
        picks.display = part == "all"
        self.query_one(".row").display = part != "all"
        self.query_one("#status-step").set_class(part == "confirm", "warning")
        self.show_keys(_HINTS[part])
        self._preview()
        match part:
            case "usual":
                usual.focus()
            case "all":
                picks.focus_field()
            case "reason":
                self.query_one("#status-reason").focus()
            case "confirm":
                self.set_focus(None)

    def _preview(self) -> None:
        if self._target is None or self._part in ("usual", "all"):
            self._say(Content())
        elif self._part == "confirm":
            self._say(said.question(self._sends, self._target))
        else:
            self._say(said.step(self._sends, self._target, ascii=self._ascii))

    def _say(self, line: Content) -> None:
        step = self.query_one("#status-step", Static)
        step.display = bool(line)
        step.update(line)

"""The status dialog: another status for one send or many, always with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Label, OptionList, Static

from models.providers import catalogue
from models.providers.status import Status
from models.records import SendRecord
from models.rules.batches import who
from tui.dialogs import status_text as said
from tui.dialogs.dialog import Dialog
from tui.keys import Hints
from tui.widgets.letter_menu import Choice, LetterMenu
from tui.widgets.pick_list import PickList
from tui.widgets.styled_text import QUIET

_OTHER = "/"
"""The key of “another status…”; also its option's id."""
_LONGEST_REASON = 500
Part = Literal["usual", "all", "reason", "confirm"]
_HINTS: dict[Part, Hints] = {
    "usual": (("a letter", "chooses"), ("/", "another status"), ("{dialog.back}", "cancel")),
    "all": (
        ("type", "to narrow"),
        ("{pick.up} {pick.down}", "move"),
        ("enter", "choose"),
        ("{dialog.back}", "back"),
    ),
    "reason": (("enter", "set the status"), ("{dialog.back}", "choose again")),
    "confirm": (("y", "set it all the same"), ("n", "back")),
}


@dataclass(frozen=True, slots=True)
class StatusChange:
    """What the agent decided."""

    status: str
    """The slug of the new status; of sends of several platforms its name."""
    reason: str
    force: bool
    """Whether the agent confirmed a step outside the usual lifecycle."""


class StatusDialog(Dialog[StatusChange]):
    """Asks for a status, then for the reason, then for a single send again if the step is unusual."""

    AUTO_FOCUS = "#status-usual"
    HINTS: ClassVar[Hints] = _HINTS["usual"]

    def __init__(
        self, sends: Sequence[SendRecord], *, target: Status | None = None, ascii: bool = False
    ) -> None:
        """Ask about *sends*, one or more; unusual steps of several are for their preview to tell.

        With a *target*, the reason is asked for first; `Esc` leads to the other statuses.
        """
        super().__init__()
        self._sends = tuple(sends)
        self._by_name = len({send.provider for send in sends}) > 1
        self._ascii = ascii
        self._targets = said.usual_targets(sends)
        self._target = target
        self._part: Part = "usual"

    def compose(self) -> ComposeResult:
        """Lay out where the sends are, where they may go, the reason and the step."""
        one = self._sends[0]
        what = f"{one.ref}  {who(one)}"
        if len(self._sends) > 1:
            what = f"{len(self._sends):,} sends"
        with Vertical(classes="dialog"):
            yield self.heading("Set the status", what)
            yield Static(said.starting_points(self._sends, ascii=self._ascii), classes="part")
            yield LetterMenu(self._choices(), id="status-usual")
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
        """Begin with the usual statuses, or with the reason for the one that is given."""
        self.query_one(PickList).add_class("part")
        if self._target is None:
            self._go("usual")
        else:
            self._choose(self._target)

    def on_key(self, event: events.Key) -> None:
        """Take the answer to the second question."""
        if self._part == "confirm" and event.character in ("y", "n"):
            event.stop()
            self._answer(event.character == "y")

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
            self._choose(self._status_of(event.key))

    @on(Input.Submitted, "#status-reason")
    def _take_reason(self, event: Input.Submitted) -> None:
        event.stop()
        if self._target is None or not event.value.strip():
            self._say(Content.styled("A change of status needs a reason.", "$text-warning"))
        elif len(self._sends) == 1 and said.unusual(self._sends, self._target):
            self._go("confirm")
        else:
            self._finish(force=False)

    def _choices(self) -> list[Choice]:
        letters = said.letters(status.label for status in self._targets)
        usual = [
            Choice(letter, said.sign(status, ascii=self._ascii), status.slug)
            for letter, status in zip(letters, self._targets, strict=True)
        ]
        return [*usual, Choice(_OTHER, Content.styled("  another status…", QUIET), _OTHER)]

    def _status_of(self, key: str) -> Status:
        """Return the status with this slug, or of several platforms the first with this name."""
        providers = dict.fromkeys(send.provider for send in self._sends)
        if not self._by_name:
            return catalogue.status(self._sends[0].provider, key)
        found = (catalogue.resolve(each, key) for each in providers)
        return next(each for each in found if each is not None)

    def _choose(self, target: Status) -> None:
        self._target = target
        self.query_one(LetterMenu).point_at(target.slug)
        self._go("reason")

    def _answer(self, yes: bool) -> None:
        if yes:
            self._finish(force=True)
        else:
            self._go("reason")

    def _finish(self, *, force: bool) -> None:
        assert self._target is not None
        reason = self.query_one("#status-reason", Input).value.strip()
        word = self._target.label if self._by_name else self._target.slug
        self.dismiss(StatusChange(word, reason, force))

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
            self._say(said.question(self._sends[0], self._target))
        else:
            self._say(said.step(self._sends, self._target, ascii=self._ascii))

    def _say(self, line: Content) -> None:
        step = self.query_one("#status-step", Static)
        step.display = bool(line)
        step.update(line)

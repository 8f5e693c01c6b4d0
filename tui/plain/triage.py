"""Triage, one send after another: each is read, answered, and leads to the next."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from models.errors import DeskError
from models.event_kind import EventKind
from models.rules.answers import usual_answers
from models.rules.due import in_triage
from models.rules.views import VIEWS
from models.values import future_time
from tui.desk.triage_report import StillOpen, TriageReport
from tui.plain.console import Console
from tui.plain.doing import Doing, Done
from tui.plain.questions import Questions
from tui.plain.sends import Sends
from tui.plain.sentences import spoken
from tui.verbs import SNOOZE, VERBS, Change, verb_of

if TYPE_CHECKING:
    from datetime import datetime

    from models.desk import Desk
    from models.providers.replies import To
    from models.records import Case, SendRecord
    from models.rules.answers import Answer

_TRIAGE = VIEWS[0]
_LEFT_SAID = 100
"""How many of the sends that still need an agent the text to hand over lists."""


class Round:
    """Leads the agent through the sends of the list, and keeps what was done to them.

    Attributes:
        read: Says what a send is and returns its case.
        write_to: Says the ready text to the sender or the recipient of the open case.
        on_end: Is called when the round is over.
    """

    def __init__(
        self, desk: "Desk", console: Console, sends: Sends, questions: Questions, doing: Doing
    ) -> None:
        self.read: Callable[[SendRecord], Case] = lambda send: desk.case(send.id)
        self.write_to: Callable[[To], object] = lambda to: None
        self.on_end: Callable[[], object] = lambda: None
        self._desk = desk
        self._console = console
        self._sends = sends
        self._questions = questions
        self._doing = doing
        self._report: TriageReport | None = None
        self._send: SendRecord | None = None
        """The send that is being answered."""
        self._place = 0
        """Where it was in the list, counted from 0."""
        self._answers: Sequence[Answer] = ()
        self._until: datetime | None = None
        """Until when a usual answer snoozes it, in UTC."""
        self._is_through = False
        """Whether what was done last finishes the send."""

    @property
    def is_running(self) -> bool:
        """Whether a round is under way."""
        return self._report is not None

    def begin(self) -> None:
        """Begin with the first send of Triage, or of the filter that the agent has typed.

        Raises:
            DeskUnavailable: If the database cannot be read.
        """
        self._sends.enter_triage()
        self._report = TriageReport()
        self._place = -1
        self._go_to(0)

    def go_on(self) -> None:
        """Read the next send; behind the last one the round ends.

        Raises:
            DeskUnavailable: If the database cannot be read.
        """
        assert self._send is not None
        _, place = self._sends.behind(self._send, self._place)
        self._go_to(place)

    def go_back(self) -> None:
        """Read the send before; there is none before the first.

        Raises:
            DeskUnavailable: If the database cannot be read.
        """
        assert self._send is not None
        here = self._sends.place(self._send)
        place = (self._place if here is None else here) - 1
        if place < 0:
            self._console.say("This is the first send.")
        else:
            self._go_to(place)

    def end(self) -> None:
        """Say what was done, to be handed over.

        Raises:
            DeskUnavailable: If the database cannot be read.
        """
        report, self._report, self._send, self._answers = self._report, None, None, ()
        self.on_end()
        if report is None or not report.handled:
            self._console.say("The round is over; nothing was done.")
            return
        desk = self._desk
        triage = desk.listing(desk.parse(_TRIAGE.query))
        still_open = StillOpen(desk.window(triage, 0, _LEFT_SAID), desk.count(triage).value)
        self._console.say("The round is over. This is the text to hand over:")
        text = report.hand_over(desk.agent, desk.local_time(), still_open)
        self._console.tell(spoken(text).split("\n"), indent=2)

    def answer(self, digit: str) -> None:
        """Give the usual answer with this number.

        Raises:
            Left: If the agent leaves a question.
            DeskError: If it is refused.
        """
        send, place = self._send, int(digit) - 1
        if send is None or not 0 <= place < len(self._answers):
            self._console.refuse(f"There is no answer {digit} here. Type end to end the round.")
            return
        answer = self._answers[place]
        if answer.to is not None:
            self.write_to(answer.to)
            return
        if reason := self._desk.read_only:
            raise DeskError(reason)
        if answer.status:
            self._doing.do(self._questions.set_to([send], answer.status))
        elif answer.kind is EventKind.SNOOZE:
            self._doing.do([(Change(SNOOZE, self._until), [send])])
        else:
            verb = next(verb for verb in VERBS.values() if verb.kind is answer.kind)
            self._doing.do(self._questions.ask(verb, [send], ""))

    def note(self, done: Sequence[Done]) -> None:
        """Keep what was done; it may finish the send that is being answered."""
        if self._report is None or self._send is None:
            return
        now = self._desk.now()
        for action, send in done:
            self._report.add(action, send)
            if send.id == self._send.id:
                self._send = send
                finishes = verb_of(action).advances or not in_triage(send, now)
                self._is_through = self._is_through or finishes

    def note_undo(self, done: Sequence[Done]) -> None:
        """Count the actions no longer that were taken back."""
        if self._report is not None:
            for action, send in done:
                self._report.discard(action, send)
                if self._send is not None and send.id == self._send.id:
                    self._send = send

    def after_a_word(self) -> None:
        """Go on if the word that was obeyed has finished the send.

        Raises:
            DeskUnavailable: If the database cannot be read.
        """
        is_through, self._is_through = self._is_through, False
        if is_through and self._report is not None:
            self.go_on()

    def _go_to(self, place: int) -> None:
        send = self._sends.send_at(place)
        if send is None:
            self.end()
            return
        self._send, self._place, self._answers = send, place, ()
        self._sends.recount()
        gone = self._gone()
        self._console.say(f"Send {gone + place + 1:,} of {gone + self._sends.total:,}.")
        self._offer(self.read(send))

    def _gone(self) -> int:
        """Return how many sends the round has brought out of triage."""
        now, handled = self._desk.now(), self._report.handled if self._report else {}
        return sum(not in_triage(send, now) for send in handled.values())

    def _offer(self, case: "Case") -> None:
        """Say the usual answers to *case*, with the numbers that give them."""
        local = self._desk.local_time()
        self._until = future_time.next_workday(local, self._desk.calendar())
        self._answers = usual_answers(case.send, case.advice, local.words(self._until))
        offers = [f"{place} {answer.words}" for place, answer in enumerate(self._answers, 1)]
        self._console.say(
            f"Usual answers: {', '.join(offers)}. Open says all about it, next passes it over, end ends the round."
        )

"""The desk line by line: it says where the agent is, waits for a word, and obeys it."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from datetime import datetime
from functools import partial
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from models.errors import BadQuery, DeskError, NothingToDo
from models.providers import PROVIDERS
from models.providers.replies import To
from models.records import Case, SendRecord
from models.rules.reply import BOTH
from models.rules.views import VIEWS
from tui.config import platform_settings
from tui.plain import case_text, word_help
from tui.plain.console import Console, Ended, Left, Quit
from tui.plain.doing import Doing, Done
from tui.plain.news import News
from tui.plain.questions import Questions
from tui.plain.sends import Sends
from tui.plain.sentences import count
from tui.plain.targets import Targets
from tui.plain.triage import Round
from tui.plain.word_help import Verbs
from tui.syncs import syncs_of
from tui.terminal.stopping import stoppable
from tui.verbs import VERBS

if TYPE_CHECKING:
    from models.desk import Desk
    from models.live.settings import PlatformSettings
    from models.live.sync import Sync
    from models.providers.provider import Provider
    from models.rules.views import View
    from tui.filter_history import FilterHistory
    from tui.keys import Keys

_ALL = VIEWS[-1]
_READ_TOGETHER = 500
"""How many sends are read at a time where all of a list are wanted."""


class PlainDesk:
    """One agent at one open desk."""

    def __init__(
        self,
        desk: "Desk",
        console: Console,
        keys: "Keys",
        filters: "FilterHistory",
        verbs: Verbs = VERBS,
        today: "Desk | None" = None,
        settings_of: "Callable[[Provider], PlatformSettings]" = platform_settings,
    ) -> None:
        """Begin at *desk*; if that is a past one, *today* is the desk that it is the past of."""
        self._desk = desk
        self._console = console
        self._keys = keys
        self._filters = filters
        self._verbs = verbs
        self._today = today
        self._as_of = "" if today is None else today.local_time().words(desk.now())
        self._is_back = False
        """Whether the agent has come back from this past desk."""
        self._goes_on_to: datetime | None = None
        """The moment, in UTC, that the agent has gone on to from there; None for the present."""
        self._settings_of = settings_of
        self._case: Case | None = None
        """The case that is open, as the agent was told of it."""
        self._sends = Sends(desk, console)
        self._targets = Targets(desk, self._sends)
        self._questions = Questions(desk, console)
        self._doing = Doing(desk, console, self._sends)
        self._round = Round(desk, console, self._sends, self._questions, self._doing)
        self._news = News(desk, console, self._sends)
        self._questions.read_packet = self._say_packet
        self._doing.on_done = self._done
        self._doing.on_undone = self._undone
        self._round.read = self._read_briefly
        self._round.on_end = self._close
        self._round.write_to = lambda to: self._say_reply(self._case_meant("", ""), to)
        console.editor.complete_with(self._completions)

    def run(self, query: str, view: "View | None" = None) -> None:
        """Work until the agent ends it, or the lines of the file are over.

        Args:
            query: The filter to begin with; empty for Triage.
            view: The view to begin with, in place of a filter; None for a filter.
        """
        self._begin(query, view)
        with suppress(Ended):
            while not self._is_back:
                try:
                    self._case = self._news.tell(self._case)
                    line = self._console.read(f"{self._prompt}> ")
                except Left:
                    self._console.say("Type quit, or press Ctrl+D, to end.")
                except KeyboardInterrupt:
                    self._console.say("Stopped.")
                else:
                    self._obey(line)

    def _begin(self, query: str, view: "View | None") -> None:
        desk, console = self._desk, self._console
        zone = desk.local_time().zone_name
        if self._as_of:
            console.say(f"{desk.read_only} Type now to come back.")
        else:
            console.say(f"Send Desk, as {desk.agent}. Times in {zone}. Type help for the words.")
            for sentence in (desk.read_only, desk.warning, *desk.left_out()):
                if sentence:
                    console.say(sentence)
        self._attempt(lambda: self._open_first(query, view))

    def _open_first(self, query: str, view: "View | None") -> None:
        try:
            if view is not None:
                self._sends.enter(view)
                return
            if query:
                self._sends.open_filter(query)
                return
        except BadQuery as problem:
            self._refuse(problem)
        self._sends.open_view(VIEWS[0].name)

    @property
    def _prompt(self) -> str:
        where = self._case.send.ref if self._case else self._sends.prompt
        return f"{self._as_of}, {where}" if self._as_of else where

    def _obey(self, line: str) -> None:
        """Do what *line* says, and say what became of it."""
        word, _, rest = line.partition(" ")
        self._attempt(lambda: self._do(word, rest.strip()))
        self._attempt(self._round.after_a_word)

    def _attempt(self, work: Callable[[], object]) -> None:
        """Do *work*; say why it is refused, left or stopped.

        Raises:
            Ended: If nothing more can be read.
        """
        try:
            work()
        except DeskError as problem:
            self._refuse(problem)
        except Left:
            self._console.refuse("Left as it was.")
        except KeyboardInterrupt:
            self._console.refuse("Stopped.")
        except Quit:
            raise
        except Ended:
            self._console.refuse(
                "Send Desk has closed. The last question was not answered: nothing was done for it."
            )
            raise

    def _refuse(self, problem: DeskError) -> None:
        hint = f" {problem.hint}" if isinstance(problem, BadQuery) and problem.hint else ""
        self._console.refuse(f"{problem}{hint}".replace("`", ""))

    def _do(self, word: str, rest: str) -> None:
        if not word:
            self._say_where()
        elif run := self._meant(word):
            run(self, rest)
        elif word.isdecimal() and len(word) == 1 and self._round.is_running:
            self._round.answer(word)
        elif not rest and self._sends.view_named(word):
            self._list(word)
        elif self._targets.is_id(word) and not rest:
            self._open(word)
        else:
            self._refuse_word(word, rest)

    def _meant(self, word: str) -> "Callable[[PlainDesk, str], None] | None":
        """Return what does *word*, which may also be a key of the desk."""
        name = word if word in self._verbs or word in self.DOES else word.lower()
        if len(word) == 1 and (found := word_help.word_of_key(word, self._keys, self._verbs)):
            name = found
        if name in self._verbs:
            return lambda desk, rest: desk._verb(name, rest)
        return self.DOES.get(name)

    def _refuse_word(self, word: str, rest: str) -> None:
        if not rest and word.isdecimal():
            raise DeskError(
                f"There is no view {word}. Type open {word} for the send with that number."
            )
        near = word_help.near(word.lower(), self._verbs)
        hint = f" Did you mean {near}?" if near else ""
        raise DeskError(f"There is no word “{word[:40]}”.{hint} Type help for the words.")

    def _say_where(self) -> None:
        if self._case:
            self._console.say(f"{self._case.send.ref} is open. Type close to go back to the list.")
        self._console.say(self._sends.where())

    def _list(self, rest: str) -> None:
        self._leave_round()
        self._case = None
        if not rest:
            self._sends.again()
        else:
            self._sends.open_view(rest)

    def _views(self, rest: str) -> None:
        from models.query import is_of_batches

        counts = self._desk.view_counts()
        lines = []
        for view in self._desk.views():
            found = counts.get(view.name)
            thing = "batch" if is_of_batches(self._desk.parse(view.query)) else "send"
            number = "" if found is None else f", {count(found.value, thing)}"
            more = "" if found is None or found.exact else " at least"
            lines.append(
                f"{view.digit or 'no digit'}: {view.name}{number}{more}. {view.query or 'everything'}"
            )
        self._console.tell(lines, indent=3)

    def _filter(self, rest: str) -> None:
        if not rest:
            self._console.say(f"The filter is: {self._sends.filter or 'everything'}.")
            with self._console.editor.recalling(reversed(self._filters.recent)):
                rest = self._console.answer("Filter (an empty line keeps it): ")
        self._sends.open_filter(rest)
        self._leave_round()
        self._case = None
        self._filters.add(self._sends.filter)
        self._filters.keep()

    def _next(self, rest: str) -> None:
        if self._round.is_running:
            self._round.go_on()
        elif self._case is None:
            self._sends.next_page()
        else:
            self._step(1)

    def _back(self, rest: str) -> None:
        if self._round.is_running:
            self._round.go_back()
        elif self._case is None:
            self._sends.previous_page()
        else:
            self._step(-1)

    def _step(self, by: int) -> None:
        """Open the send behind or before the open one in the list."""
        assert self._case is not None
        place = self._sends.place(self._case.send)
        following = None if place is None else self._sends.send_at(place + by)
        if following is None:
            end = "last" if by > 0 else "first"
            raise NothingToDo(
                f"This is the {end} send of the list."
                if place is not None
                else "The open send is not in the list. Type list to read it."
            )
        self._read(following)

    def _open(self, rest: str) -> None:
        if rest or self._case is None:
            self._read(self._targets.one(rest))
        else:
            self._read(self._case.send)

    def _read(self, send: SendRecord) -> None:
        """Open the case of *send* and say all about it."""
        case = self._opened(send)
        self._console.tell(case_text.summary(case, self._desk.local_time()), indent=2)

    def _read_briefly(self, send: SendRecord) -> Case:
        """Open the case of *send* and say what it is and what to do."""
        case = self._opened(send)
        self._console.tell(case_text.head(case, self._desk.local_time()), indent=2)
        return case

    def _opened(self, send: SendRecord) -> Case:
        case = self._case = self._desk.case(send.id)
        self._sends.tell(case.send)
        return case

    def _section_of(self, name: str, rest: str) -> None:
        self._section(name, self._case_meant(rest, f"{name.capitalize()} of which send?"))

    def _case_meant(self, rest: str, question: str) -> Case:
        """Return the case of the send that *rest* names, or the open one.

        Raises:
            DeskError: If there is none; *question* is how the refusal begins.
        """
        if rest:
            return self._desk.case(self._targets.one(rest).id)
        if self._case is None:
            raise NothingToDo(f"{question} Name its number or its id.")
        # What a verb returns does not count the sends around it.
        return self._desk.case(self._case.send.id)

    def _say_packet(self, sends: Sequence[SendRecord]) -> None:
        """Say the text about *sends*, all of one platform, that goes to its support."""
        from models.rules.packet import packet_of_several

        if len(sends) == 1:
            self._section("packet", self._desk.case(sends[0].id))
        else:
            text = packet_of_several(sends, self._desk.local_time())
            self._console.tell(text.rstrip().split("\n"), indent=2)

    def _reply(self, rest: str) -> None:
        name, _, whom = rest.rpartition(" ")
        if whom.casefold() not in BOTH:
            name, whom = rest, "sender"
        case = self._case_meant(name.strip(), "A text about which send?")
        self._say_reply(case, "recipient" if whom.casefold() == "recipient" else "sender")

    def _say_reply(self, case: Case, to: To) -> None:
        """Say the ready text about a case to its sender or its recipient."""
        from models.files.own_replies import OwnReplies
        from models.rules.reply import reply
        from tui.config import replies_folder

        local, own = self._desk.local_time(), OwnReplies(replies_folder()).text
        found = reply(case, to, local=local, agent=self._desk.agent, own=own)
        if found.warning:
            self._console.say(found.warning)
        if not found.text:
            raise NothingToDo(found.why_not)
        self._console.tell(found.text.rstrip().split("\n"))

    def _section(self, name: str, case: Case) -> None:
        local = self._desk.local_time()
        match name:
            case "history":
                lines: Iterator[str] = case_text.history(case, local)
            case "guidance":
                lines = case_text.guidance(case)
            case "around":
                lines = case_text.around(case)
            case _:
                lines = case_text.packet(case, local)
        self._console.tell(lines, indent=2)

    def _close(self, rest: str = "") -> None:
        self._case = None

    def _close_case(self, rest: str) -> None:
        if self._round.is_running:
            self._round.end()
        elif self._case is None:
            raise NothingToDo("No case is open.")
        self._case = None
        self._console.say(self._sends.where())

    def _verb(self, name: str, rest: str) -> None:
        """Do a verb to the sends that *rest* begins with, or to the open case."""
        self._require_writable()
        sends, typed = self._targets.split(rest)
        self._questions.refuse_text(self._verbs[name], typed.strip())
        if not sends:
            sends = [self._case.send] if self._case else self._asked_sends(name)
        self._doing.do(self._questions.ask(self._verbs[name], sends, typed.strip()))

    def _asked_sends(self, name: str) -> list[SendRecord]:
        answer = self._console.answer(f"{name.capitalize()} which send? Its number or id: ")
        sends, rest = self._targets.split(answer)
        if not sends or rest.strip():
            return [self._targets.one(answer)]
        return sends

    def _require_writable(self) -> None:
        if reason := self._desk.read_only:
            raise DeskError(reason)

    def _undo(self, rest: str) -> None:
        self._require_writable()
        self._doing.undo(self._targets.one(rest) if rest else None)

    def _redo(self, rest: str) -> None:
        self._require_writable()
        self._doing.redo(self._targets.one(rest) if rest else None)

    def _repeat(self, rest: str) -> None:
        self._require_writable()
        if self._doing.last is None:
            raise NothingToDo("There is nothing to repeat yet.")
        sends, _ = self._targets.split(rest)
        if not sends:
            sends = [self._case.send] if self._case else self._asked_sends("repeat")
        # A step outside the usual lifecycle of these sends is confirmed for these sends.
        self._doing.do([(self._doing.last.forced(False), sends)])

    def _triage(self, rest: str) -> None:
        if self._round.is_running:
            self._round.go_on()
        else:
            self._round.begin()

    def _end(self, rest: str) -> None:
        if not self._round.is_running:
            raise NothingToDo("No round of triage is under way. Type quit to end the desk.")
        self._round.end()

    def _log(self, rest: str) -> None:
        from models.reading import activity
        from models.reading.log_filter import parse_log_filter

        local = self._desk.local_time()
        filtered = {"": "by:@me", "all": ""}.get(rest.casefold(), rest)
        wanted = parse_log_filter(self._desk, filtered)
        is_mine = wanted.agent == self._desk.agent
        entries = activity.page(self._desk, wanted)
        if not entries:
            self._console.say("Nothing yet.")
            return
        lines = []
        for each in entries:
            who = "" if is_mine else f"{each.actor} "
            back = ", taken back since" if each.is_undone else ""
            why = f": {' '.join(each.reason.split())}" if each.reason else ""
            said = ", ".join((f"{who}{each.said}", *each.further(local)))
            lines.append(
                f"{local.words(each.at)}, {each.ref}, {each.recipient_name}: {said}{back}{why}"
            )
        self._console.tell(lines, indent=2)

    def _at(self, rest: str) -> None:
        """Work at the desk as it was until the agent comes back, or ends it all."""
        from models.reading.past import past_moment

        moment: datetime | None = past_moment(self._today or self._desk, rest)
        if self._today is not None:
            self._goes_on_to, self._is_back = moment, True
            return
        self._leave_round()
        was_there = False
        while moment is not None:
            try:
                moment, was_there = self._work_in_the_past(moment), True
            except DeskError as problem:
                # From one past moment to another: the agent is told where that has led.
                if not was_there:
                    raise
                self._refuse(problem)
                break
        self._console.editor.complete_with(self._completions)
        self._console.say(f"This is the desk as it is now. {self._sends.where()}")

    def _work_in_the_past(self, moment: datetime) -> datetime | None:
        """Work at the desk as it was at *moment*; return the moment to go on to, or None for the present.

        Raises:
            Quit: The agent has ended it all there.
        """
        from models.reading.past import in_part

        with closing((past := self._desk.as_it_was(moment)).database):
            if sentence := in_part(past):
                self._console.say(sentence)
            desk = PlainDesk(
                past, self._console, self._keys, self._filters, self._verbs, today=self._desk
            )
            desk.run(self._sends.filter, self._sends.view)
        if not desk._is_back:
            raise Quit
        return desk._goes_on_to

    def _now(self, rest: str) -> None:
        if not self._as_of:
            raise NothingToDo("This is the desk as it is now.")
        self._is_back = True

    def _report(self, rest: str) -> None:
        from models.report.sections import sections
        from models.report.sentences import section_sentences
        from models.report.shift import shift_text
        from models.report.span import USUAL, parse_span

        if rest.casefold() == "shift":
            self._console.tell(shift_text(self._desk, in_words=True).splitlines(), indent=2)
            return
        span = parse_span(rest or USUAL, self._desk.local_time(), self._desk.calendar())
        found = sections(self._desk, span)
        lines = (line for section in found for line in section_sentences(section))
        self._console.tell(lines, indent=2)

    def _sync(self, rest: str) -> None:
        """Read the platforms, or the one that is named; Ctrl+C lets that end soon.

        Raises:
            DeskError: If none can be read.
        """
        self._require_writable()
        stop = threading.Event()
        syncs, lacks = syncs_of(
            self._desk, self._settings_of, clock=self._desk.now, stop=stop,
            only=self._platform_named(rest), tell=self._console.say,
        )  # fmt: skip
        if not syncs:
            raise DeskError(lacks[0] if lacks else "No platform can be read.")
        try:
            with stoppable(stop):
                for sync in syncs:
                    if not stop.is_set():
                        self._attempt(partial(self._read_platform, sync))
        finally:
            self._sends.recount()

    def _credits(self, rest: str) -> None:
        from models.reading.credits import STANDS, CreditFilter, by_source, credit_lines, totals
        from tui.plain.credits import credit_said, sums_said

        is_all = rest.casefold() == "all"
        wanted = CreditFilter(
            funding_source=None if is_all or not rest else rest,
            stands=STANDS if is_all else ("overdue", "expected"),
        )
        sums = totals(self._desk, wanted)
        if not sums:
            which = f" of “{rest[:40]}”" if rest and not is_all else ""
            self._console.say(
                "There are no credits."
                if is_all
                else f"No credit{which} is open. credits all says those that were confirmed too."
            )
            return
        local = self._desk.local_time()
        self._console.tell(
            chain(
                (sums_said(source, found) for (source, _), found in by_source(sums).items()),
                (credit_said(each, local) for each in credit_lines(self._desk, wanted)),
            ),
            indent=2,
        )

    def _export(self, rest: str) -> None:
        from models.files import WRITABLE, write_rows
        from models.files.sources import named_file

        if not rest:
            raise DeskError("export takes the name of a new file: export stuck.csv")
        path = named_file(rest)
        kind = path.suffix.lower().removeprefix(".")
        if kind not in WRITABLE:
            known = ", ".join(f".{each}" for each in WRITABLE)
            raise DeskError(f"The name of the file says its format: it ends in {known}.")
        listing = self._desk.listing(self._desk.parse(self._sends.filter))
        written = write_rows(
            path,
            self._desk.rows(listing, _READ_TOGETHER),
            kind,
            now=self._desk.now(),
            warnings=self._desk.warnings(),
            shipments=self._desk.shipments,
        )
        self._console.say(f"{count(written, 'send')} of {self._sends.name} in {path}.")

    def _read_platform(self, sync: "Sync") -> None:
        from models.live.pace import Stopped

        name = sync.settings.provider.name
        self._console.say(f"{name} is being read. Ctrl+C ends that.")
        try:
            report = sync.run()
        except Stopped:
            raise DeskError(
                f"{name}: stopped. The next sync goes on where this one ended."
            ) from None
        self._console.tell(report.told(), indent=2)

    @staticmethod
    def _platform_named(word: str) -> str:
        """Return the key of the platform that *word* names; empty for all of them.

        Raises:
            DeskError: If there is none.
        """
        known = {each.key: each.name for each in PROVIDERS if each.client}
        if word.casefold() in ("", "all"):
            return ""
        if word.casefold() not in known:
            names = " and ".join(known)
            raise DeskError(f"There is no platform “{word[:40]}” to read. There are {names}.")
        return word.casefold()

    def _help(self, rest: str) -> None:
        name = rest.lower()
        if len(rest) == 1:
            name = word_help.word_of_key(rest, self._keys, self._verbs) or name
        lines = list(
            word_help.one_word(name, self._keys, self._verbs)
            if rest
            else word_help.every_word(self._keys, self._verbs)
        )
        if not lines:
            self._refuse_word(rest, "")
        self._console.tell(lines, indent=2)

    def _quit(self, rest: str) -> None:
        raise Quit

    def _leave_round(self) -> None:
        if self._round.is_running:
            self._round.end()

    def _done(self, done: Sequence[Done]) -> None:
        self._news.written()
        self._round.note(done)
        self._follow(done)

    def _undone(self, done: Sequence[Done]) -> None:
        self._news.written()
        self._round.note_undo(done)
        self._follow(done)

    def _follow(self, done: Sequence[Done]) -> None:
        """Keep the open case as it was written, if it was."""
        if self._case is not None and any(send.id == self._case.send.id for _, send in done):
            self._case = self._desk.case(self._case.send.id)
        self._sends.recount()

    def _completions(self, line: str, end: int) -> list[str]:
        """Return what Tab offers: words, names of views, and parts of a filter."""
        from models.query import complete

        word, blank, rest = line[:end].partition(" ")
        if not blank:
            known = [*self.DOES, *self._verbs, *(view.name for view in self._desk.views())]
            return [each for each in known if each.casefold().startswith(word.casefold())]
        if word.lower() != "filter":
            return []
        typed = rest.rpartition(" ")[2]
        return [
            rest[: each.start].rpartition(" ")[2] + each.text
            for each in complete(rest, len(rest))
            if (rest[: each.start].rpartition(" ")[2] + each.text).startswith(typed)
        ]

    DOES: ClassVar[Mapping[str, "Callable[[PlainDesk, str], None]"]] = MappingProxyType(
        {
            "list": _list,
            "views": _views,
            "filter": _filter,
            "next": _next,
            "back": _back,
            "open": _open,
            "history": lambda desk, rest: desk._section_of("history", rest),
            "guidance": lambda desk, rest: desk._section_of("guidance", rest),
            "packet": lambda desk, rest: desk._section_of("packet", rest),
            "around": lambda desk, rest: desk._section_of("around", rest),
            "reply": _reply,
            "close": _close_case,
            "triage": _triage,
            "end": _end,
            "undo": _undo,
            "redo": _redo,
            "repeat": _repeat,
            "log": _log,
            "at": _at,
            "now": _now,
            "report": _report,
            "credits": _credits,
            "export": _export,
            "sync": _sync,
            "help": _help,
            "quit": _quit,
        }
    )
    """What does each of `tui.plain.words.WORDS`."""

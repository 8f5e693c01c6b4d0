"""The desk itself: where everything is on the screen, and which key runs what."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.events import DescendantFocus
from textual.screen import Screen

from models.errors import DeskError
from tui.desk.around import Around
from tui.desk.back import go_back
from tui.desk.case import CaseFollower
from tui.desk.colours import Colours
from tui.desk.command_chooser import CommandChooser
from tui.desk.copying import Copying
from tui.desk.counts import Counts
from tui.desk.filters import Filters
from tui.desk.inspecting import Inspecting
from tui.desk.jobs import Jobs
from tui.desk.layout import Layout
from tui.desk.limits import TeamLimits
from tui.desk.past import PastDesk
from tui.desk.platforms import Platforms
from tui.desk.replying import Replying
from tui.desk.reporting import Reporting
from tui.desk.sends import Sends
from tui.desk.session import Session
from tui.desk.startup import Startup
from tui.desk.status import Status
from tui.desk.sync import Sync
from tui.desk.triage import TriageRound
from tui.desk.verb_runner import VerbRunner
from tui.desk.views import Views
from tui.desk.waits import Waits
from tui.desk.whole_list import WholeList
from tui.keys import KEY_ROWS
from tui.settings import StartOptions
from tui.terminal.safe_app import SafeApp
from tui.widgets.bindings import bindings
from tui.widgets.case.pane import CasePane
from tui.widgets.filter.filter_line import FilterLine
from tui.widgets.rail import NextStep, Rail
from tui.widgets.sends.send_list import SendList
from tui.widgets.view_tabs import ViewTabs


class Across(Horizontal):
    """A row of panes that cover it completely; BLANK keeps Textual from painting it first."""

    BLANK = True


class Down(Vertical):
    """A column of panes that cover it completely; BLANK keeps Textual from painting it first."""

    BLANK = True


_WITHOUT_DATABASE = frozenset({
    "back", "case_tab", "preview", "place_preview", "maximise", "resize", "wide", "columns", "copy", "track",
    "refresh", "palette", "help", "theme", "quit_desk",
})  # fmt: skip
"""The actions that work before the database is open."""


class DeskScreen(Screen[None]):
    """List, case and rail. Holds what works behind them, and hands each key and message on to it."""

    # The panes cover the screen: painted first, it would be drawn line by line with every key.
    BLANK = True
    BINDINGS: ClassVar = bindings("desk", "view")
    AUTO_FOCUS = "SendList"

    def __init__(self, settings: StartOptions) -> None:
        super().__init__()
        self.session = session = Session(settings)
        self.status = status = Status(self.notify, ascii=settings.ascii)
        self.jobs = jobs = Jobs(self, status.fail)
        self.sends = sends = Sends(session, jobs, status)
        self.case = CaseFollower(session, jobs)
        self.counts = Counts(session, jobs, status, sends)
        self.sync = Sync(session, jobs, status, sends, self.case)
        self.platforms = Platforms(session, jobs, status)
        self.waits = Waits(session, jobs, status)
        self.startup = Startup(session, jobs, status, sends, self.counts)
        self.desk_layout = Layout(self, sends, self.case.pane, status, session.options.memory)
        self.views = Views(session, jobs, status, sends, self.counts)
        self.filters = Filters(session, jobs, status, sends, self.counts)
        self.whole_list = WholeList(session, jobs, status, sends)
        self.copying = Copying(session, jobs, status, sends, self.case.pane)
        self.replying = Replying(session, jobs, status, sends)
        self.verbs = VerbRunner(session, jobs, status, sends, self.case)
        self.limits = TeamLimits(session, jobs, status, sends)
        self.past = PastDesk(session, jobs, status, sends)
        self.inspecting = Inspecting(session, jobs, sends)
        self.reporting = Reporting(session, jobs, status)
        self.around = Around(session, jobs, status, sends)
        self.triage = TriageRound(session, jobs, status, sends, self.desk_layout)
        self.commands = CommandChooser(jobs, self.counts, session.keys, self.run_command)
        self.colours = Colours(session, jobs, status)
        self._connect()

    def _connect(self) -> None:
        """Tell each part whom to call when something happens that concerns others."""
        self.sends.on_view = self.counts.show_view
        marks = self.verbs.marks
        self.sends.on_read += [self.counts.count, self.sync.list_was_read, marks.look]
        self.sends.on_read.append(self._look_at_read_only)
        marks.on_looked = self.desk_layout.keys.show_marks_outside
        self.counts.on_counted += [self.filters.update_picker, self.triage.show_progress]
        self.startup.on_open += [
            self.sync.start,
            self.sync.refresh_case,
            self.waits.start,
            self.platforms.start,
            self._tell_read_only,
        ]
        self.past.on_change += [
            self._tell_read_only,
            self.counts.forget,
            self.sync.begin_again,
            self.platforms.look,
        ]
        self.startup.on_failure = self._leave
        self.views.on_open = self.filters.on_edit = self.desk_layout.show_list
        self.inspecting.on_find = self.around.on_find = self.desk_layout.show_list
        self.past.on_other_send = self.desk_layout.show_list
        self.past.on_shown = self.sync.refresh_case
        self.desk_layout.on_change = self.triage.layout_changed
        self.case.on_shown = self.triage.case_shown
        self.triage.on_answer = self.verbs.run
        self.triage.on_reply = self.copying.on_reply = self.replying.write
        self.verbs.on_done = self.triage.note
        self.verbs.on_undone = self.triage.note_undo
        self.verbs.on_shown = self.triage.finish
        self.copying.last_command = lambda: self.verbs.last_command
        self.copying.chosen = marks.chosen

    def compose(self) -> ComposeResult:
        """Lay the desk out; desk.tcss decides what shows at which size."""
        yield self.status.header
        yield self.status.notice
        yield self.counts.tabs
        with Across(id="desk-body"):
            yield self.counts.rail
            with Across(id="desk-main"):
                with Down(id="desk-list"):
                    yield self.sends.line
                    yield self.sends.list
                yield self.case.pane
        yield self.case.step
        yield self.triage.bar
        yield self.desk_layout.keys.line

    def on_mount(self) -> None:
        """Show what can be read at once; the database is loaded once that is painted."""
        self.desk_layout.recall()
        self.startup.show_first_rows()
        self.call_after_refresh(self.startup.open)

    def on_unmount(self) -> None:
        """Keep how the agent leaves the desk; give the threads and connections back."""
        self.session.options.memory.keep()
        self.platforms.close()
        self.sync.close()
        self.sends.close()
        self.session.close()

    def on_resize(self) -> None:
        """Give the case the size that was chosen for a terminal of this size, or the usual one."""
        self.desk_layout.recall_size()

    @property
    def closes(self) -> str:
        """What the key that leaves the desk closes first; empty if it leaves."""
        if self.desk_layout.mode != "case":
            return ""
        return "the round" if self.triage.is_running else "the case"

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return None, which lets a key do nothing, for what needs the database before it is open."""
        if not self.session.is_open and action not in _WITHOUT_DATABASE:
            return None
        return super().check_action(action, parameters)

    def _compositor_refresh(self) -> None:
        """Paint what has changed, also behind a dialog.

        Textual would paint all of it again with each message that comes while a dialog is open, which
        took a seventh of a core.
        """
        super()._compositor_refresh()
        if self.app.screen is not self:
            self._repaint_required = False

    def holds_back(self, key: str) -> bool:
        """Whether *key* needs the database, which is just being opened."""
        bound = self.active_bindings.get(key) if self.startup.is_opening else None
        if bound is None or bound.node is not self:
            return False
        return bound.binding.action.partition("(")[0] not in _WITHOUT_DATABASE

    def _tell_read_only(self) -> None:
        """Offer nothing that writes where nothing can be written."""
        assert isinstance(self.app, SafeApp)
        is_read_only = bool(self.session.desk.read_only)
        self.app.read_only = self.status.header.read_only = is_read_only
        self.desk_layout.keys.show()

    def _look_at_read_only(self) -> None:
        """Say so where a standby takes writes now because it was promoted, or a server has become one."""
        desk = self.session.desk
        if self.status.header.read_only == bool(desk.read_only):
            return
        self._tell_read_only()
        self.status.say(desk.read_only or f"{desk.name} accepts writes now.")

    def _leave(self, error: DeskError) -> None:
        self.app.exit(return_code=1, message=str(error))

    # What widgets say.

    @on(SendList.Moved)
    def _cursor_moved(self, event: SendList.Moved) -> None:
        self.case.cursor_moved(event.send)
        self.sends.cursor_moved(event.send)
        self.sync.arrivals.cursor_moved(event.send)
        self.triage.show_progress()

    @on(SendList.Opened)
    @on(NextStep.Clicked)
    def _case_opened(self) -> None:
        self.desk_layout.show("case")

    @on(DescendantFocus)
    def _focus_moved(self) -> None:
        self.desk_layout.keys.show()

    @on(SendList.TitleClicked)
    def _title_clicked(self, event: SendList.TitleClicked) -> None:
        self.filters.sort_by(event.column)

    @on(SendList.Marked)
    def _marks_changed(self, event: SendList.Marked) -> None:
        self.desk_layout.keys.show()
        self.verbs.marks.look()

    @on(SendList.RangeTooLong)
    def _range_refused(self, event: SendList.RangeTooLong) -> None:
        self.whole_list.refuse(event.count)

    @on(SendList.Failed)
    def _rows_not_read(self, event: SendList.Failed) -> None:
        self.sends.read_failed(event.error)

    @on(CasePane.Answered)
    def _answer_given(self, event: CasePane.Answered) -> None:
        self.triage.answer(event.digit)

    @on(FilterLine.Clicked)
    def _filter_clicked(self) -> None:
        self.filters.edit()

    @on(FilterLine.Changed)
    def _filter_typed(self, event: FilterLine.Changed) -> None:
        self.filters.typed(event.text, event.cursor)

    @on(FilterLine.Submitted)
    def _filter_submitted(self, event: FilterLine.Submitted) -> None:
        self.filters.submitted(event.text)

    @on(FilterLine.Cancelled)
    def _filter_cancelled(self, event: FilterLine.Cancelled) -> None:
        self.filters.cancelled()

    @on(Rail.ViewChosen)
    @on(ViewTabs.ViewChosen)
    def _view_chosen(self, event: Rail.ViewChosen | ViewTabs.ViewChosen) -> None:
        self.views.open_named(event.view.name)

    @on(Rail.FacetChosen)
    def _value_chosen(self, event: Rail.FacetChosen) -> None:
        self.filters.toggle_value(event.key, event.value)

    # What keys run, in the order of tui/keys.py.

    def action_overdue(self, direction: int) -> None:
        """Put the cursor on the next send past its limit, or the previous one."""
        self.whole_list.move_to_overdue(direction)

    def action_back(self) -> None:
        """Go back by one layer."""
        go_back(self.triage, self.sends, self.desk_layout, self.around, self.views, self.past)

    def action_case_tab(self, by: int) -> None:
        """Turn the tabs of the case."""
        self.desk_layout.turn_tab(by)

    def action_preview(self) -> None:
        """Show or hide the case beside the list."""
        self.desk_layout.toggle_preview()

    def action_place_preview(self) -> None:
        """Put the case at the other place: beside the list, or below it."""
        self.desk_layout.move_preview()

    def action_maximise(self) -> None:
        """Give the whole screen to the pane that has the focus, or take it back."""
        self.desk_layout.maximise()

    def action_resize(self, by: int) -> None:
        """Give the case more room, or less."""
        self.desk_layout.resize(by)

    def action_columns(self) -> None:
        """Ask which columns are shown, and in which order."""
        self.filters.choose_columns()

    def action_wide(self) -> None:
        """Give the list the whole width, or take it back."""
        self.desk_layout.toggle_wide()

    def action_filter(self) -> None:
        """Open the filter line."""
        self.filters.edit()

    def action_pick(self) -> None:
        """Let the agent tick values; the list follows each tick."""
        self.filters.pick()

    def action_only(self) -> None:
        """Keep only sends with the status under the cursor."""
        self.filters.only()

    def action_exclude(self) -> None:
        """Leave sends with the status under the cursor out."""
        self.filters.exclude()

    def action_around(self) -> None:
        """Ask which of the sends around the one under the cursor to list."""
        self.around.show()

    def action_clear_filter(self) -> None:
        """Go back to the view's own filter."""
        self.views.reset()

    def action_save_view(self) -> None:
        """Ask for a name under which the filter in force is kept."""
        self.views.save()

    def action_sort(self) -> None:
        """Ask for a column to sort by."""
        self.filters.sort()

    def action_triage(self) -> None:
        """Begin a round of triage; in one, go to the next send."""
        self.triage.begin_or_go_on()

    def action_verb(self, name: str) -> None:
        """Do the verb called *name* to the marked sends, or to the one under the cursor."""
        self.verbs.run(name)

    def action_undo(self) -> None:
        """Take back the agent's last action."""
        self.verbs.undo()

    def action_redo(self) -> None:
        """Do again what the agent took back last."""
        self.verbs.redo()

    def action_repeat(self) -> None:
        """Do the last verb again, here or on the marks, once the agent has seen what it changes."""
        self.verbs.repeat()

    def action_copy(self) -> None:
        """Copy the short name of the send."""
        self.copying.copy_ref()

    def action_copy_more(self) -> None:
        """Ask what to copy."""
        self.copying.copy_more()

    def action_reply(self) -> None:
        """Show what can be written to the sender or the recipient."""
        self.replying.write()

    def action_track(self) -> None:
        """Open the tracking page, or over SSH copy its address."""
        self.copying.open_tracking()

    def action_mark_all(self) -> None:
        """Mark every send of the filter, after saying how many they are."""
        self.whole_list.mark_all()

    def action_export(self) -> None:
        """Ask for a file and write the marked sends to it, or what the filter shows."""
        self.copying.export()

    def action_refresh(self) -> None:
        """Paint the screen anew and read again now."""
        assert isinstance(self.app, SafeApp)
        self.app.repaint()
        self.startup.try_again()
        self.sync.refresh()

    def action_pause(self) -> None:
        """Let the list be until it is refreshed, or follow what others write again."""
        self.sync.toggle()

    def action_log(self) -> None:
        """Show what was done last; the entry that is chosen leads to its send."""
        self.inspecting.show_log()

    def action_report(self) -> None:
        """Show where sends are stuck, how long things take, and who handled what."""
        self.reporting.show()

    def action_credits(self) -> None:
        """Show what the platforms owe and have paid back; the credit that is chosen leads to its send."""
        self.inspecting.show_credits()

    def action_limits(self) -> None:
        """Show the limits of the statuses, and let those be changed."""
        self.limits.show()

    def action_rules(self) -> None:
        """Show what time does to sends, and let that be changed."""
        self.limits.show_rules()

    def action_sync(self) -> None:
        """Read the platforms now."""
        self.platforms.sync()

    def action_at(self) -> None:
        """Ask for a moment of the past and show the desk as it was."""
        if self._may_travel():
            self.past.ask()

    def action_now(self) -> None:
        """Come back from the past."""
        self.past.come_back()

    def action_palette(self) -> None:
        """Find a command by its name."""
        self.commands.show()

    def action_help(self) -> None:
        """Show every key and the filter language."""
        self.commands.show_help()

    def action_explain(self) -> None:
        """Show what the database is asked for this list."""
        self.inspecting.explain()

    def action_theme(self) -> None:
        """Let the agent choose a theme."""
        self.colours.ask()

    def action_quit_desk(self) -> None:
        """Close the open case, or leave."""
        if self.desk_layout.mode == "case":
            self.action_back()
        else:
            self.app.exit()

    def action_view(self, digit: str) -> None:
        """Open the view with this digit."""
        self.views.open_digit(digit)

    def _may_travel(self) -> bool:
        """Return whether the desk can show another moment; says what to do first."""
        if self.triage.is_running:
            said = "End the round of triage first: {desk.back}."
            self.status.say(self.session.keys.fill(said), severity="warning")
        return self.session.is_open and not self.triage.is_running

    def run_command(self, command: str) -> None:
        """Run what was chosen in help or palette: a key's id, or `view:NAME`, `theme:NAME`, `filter:TEXT`, `at:TIME`."""
        kind, _, rest = command.partition(":")
        if kind == "filter":
            self.filters.edit(rest)
        elif kind == "theme":
            self.colours.choose(rest)
        elif kind == "view":
            self.views.open_named(rest)
        elif kind == "at":
            if self._may_travel():
                self.past.go(rest)
        else:
            row = KEY_ROWS[command]
            target = self.sends.list if row.scope == "list" else self
            self.call_later(target.run_action, row.action)

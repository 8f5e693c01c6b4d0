"""What `Esc` leaves: one layer at a time, from what lies on top."""

from tui.desk.layout import Layout
from tui.desk.sends import Sends
from tui.desk.triage import TriageRound
from tui.desk.views import Views


def go_back(triage: TriageRound, sends: Sends, layout: Layout, views: Views) -> None:
    """Leave the round, a list that is waited for, the layout, the marks, another pane, or the filter."""
    if triage.is_running:
        triage.end()
    elif sends.list.busy:
        sends.cancel()
    elif layout.mode != "both":
        layout.show("both")
    elif sends.list.marked() or sends.list.is_ranging:
        sends.list.action_clear_marks()
    elif not sends.list.has_focus:
        sends.list.focus()
    elif views.is_narrowed:
        views.reset()

"""What `Esc` leaves: one layer at a time, from what lies on top."""

from tui.desk.around import Around
from tui.desk.layout import Layout
from tui.desk.past import PastDesk
from tui.desk.sends import Sends
from tui.desk.triage import TriageRound
from tui.desk.views import Views


def go_back(
    triage: TriageRound,
    sends: Sends,
    layout: Layout,
    around: Around,
    views: Views,
    past: PastDesk,
) -> None:
    """Leave the round, a list that is waited for, the layout, the marks, another pane, the past, or the filter.

    A list of others around a send leads back to where it was opened.
    """
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
    elif past.is_shown:
        past.come_back()
    elif around.is_followed:
        around.go_back()
    elif views.is_narrowed:
        views.reset()

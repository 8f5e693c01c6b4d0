"""Every key of the desk as data: bindings, help, palette and `senddesk keys` are made from it."""

from dataclasses import dataclass
from typing import Literal

Scope = Literal["list", "desk"]
Group = Literal["Move", "Views and filter", "Act", "Marks", "Case and layout", "Desk"]


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One action and the keys that run it."""

    id: str
    """The binding's name, by which agents give it other keys."""
    keys: str
    """Textual's key names, separated by commas; empty where only the palette runs it."""
    action: str
    """The action of the screen, or of the list where the scope is `list`."""
    description: str
    group: Group
    scope: Scope = "desk"
    twin: str = ""
    """The command that does the same, without the name of the program."""

    @property
    def shown(self) -> str:
        """The keys as agents read them."""
        return "  ".join(_NAMES.get(key, key) for key in self.keys.split(","))


_NAMES = {
    "down": "↓", "up": "↑", "left": "←", "right": "→", "pagedown": "PgDn", "pageup": "PgUp",
    "home": "Home", "end": "End", "space": "Space", "enter": "Enter", "escape": "Esc", "tab": "Tab",
    "shift+tab": "Shift+Tab", "slash": "/", "question_mark": "?", "colon": ":", "equals_sign": "=",
    "exclamation_mark": "!", "left_square_bracket": "[", "right_square_bracket": "]",
    "less_than_sign": "<", "greater_than_sign": ">", "full_stop": ".", "ctrl+d": "Ctrl+D",
    "ctrl+u": "Ctrl+U", "ctrl+p": "Ctrl+P", "ctrl+q": "Ctrl+Q", "ctrl+r": "Ctrl+R", "f1": "F1",
}  # fmt: skip

KEYS = (
    KeyRow("list.down", "j,down", "move(1)", "Down", "Move", "list"),
    KeyRow("list.up", "k,up", "move(-1)", "Up", "Move", "list"),
    KeyRow("list.first", "g,home", "first", "First send", "Move", "list"),
    KeyRow("list.last", "G,end", "last", "Last send", "Move", "list"),
    KeyRow("list.page_down", "pagedown", "page(1)", "Page down", "Move", "list"),
    KeyRow("list.page_up", "pageup", "page(-1)", "Page up", "Move", "list"),
    KeyRow("list.half_down", "ctrl+d", "page(0.5)", "Half a page down", "Move", "list"),
    KeyRow("list.half_up", "ctrl+u", "page(-0.5)", "Half a page up", "Move", "list"),
    KeyRow("list.right", "l,right", "scroll_columns(1)", "Columns to the right", "Move", "list"),
    KeyRow("list.left", "h,left", "scroll_columns(-1)", "Columns to the left", "Move", "list"),
    KeyRow("desk.next_breach", "b", "breach(1)", "Next send past its limit", "Move"),
    KeyRow("desk.previous_breach", "B", "breach(-1)", "Previous send past its limit", "Move"),
    KeyRow("list.open", "enter", "open", "Open the case in full", "Case and layout", "list", twin="show SEND"),
    KeyRow("desk.back", "escape", "back", "Back by one layer", "Case and layout"),
    KeyRow("desk.next_tab", "right_square_bracket", "case_tab(1)", "Next tab of the case", "Case and layout"),
    KeyRow("desk.previous_tab", "left_square_bracket", "case_tab(-1)", "Previous tab of the case", "Case and layout"),
    KeyRow("desk.preview", "p", "preview", "Show or hide the case beside the list", "Case and layout"),
    KeyRow("desk.place", "P", "place_preview", "Put the case at the right or below", "Case and layout"),
    KeyRow("desk.maximise", "m", "maximise", "Only the list, or only the case", "Case and layout"),
    KeyRow("desk.narrower", "less_than_sign", "resize(-4)", "Narrower case", "Case and layout"),
    KeyRow("desk.wider", "greater_than_sign", "resize(4)", "Wider case", "Case and layout"),
    KeyRow("desk.columns", "C", "columns", "Choose the columns", "Case and layout"),
    KeyRow("desk.wide", "w", "wide", "All columns, scrolled with h and l", "Case and layout"),
    KeyRow("desk.filter", "slash", "filter", "Type a filter", "Views and filter", twin="list QUERY"),
    KeyRow("desk.pick", "f", "pick", "Pick statuses, types, owners with counts", "Views and filter"),
    KeyRow("desk.only", "equals_sign", "only", "Only sends with this status", "Views and filter"),
    KeyRow("desk.exclude", "exclamation_mark", "exclude", "No sends with this status", "Views and filter"),
    KeyRow("desk.clear", "F", "clear_filter", "Back to the view's own filter", "Views and filter"),
    KeyRow("desk.save_view", "W", "save_view", "Save the filter as a view", "Views and filter", twin="views save NAME QUERY"),
    KeyRow("desk.sort", "S", "sort", "Sort", "Views and filter"),
    KeyRow("desk.triage", "t", "triage", "Triage one by one; again: the next", "Act"),
    KeyRow("desk.status", "s", "status", "Set the status", "Act", twin="set SEND STATUS --reason TEXT"),
    KeyRow("desk.release", "D", "release", "Release or keep an override", "Act", twin="release SEND"),
    KeyRow("desk.escalate", "e", "escalate", "Escalate to the platform’s support", "Act", twin="escalate SEND --reference TICKET"),
    KeyRow("desk.resolve", "E", "resolve", "Resolve the escalation", "Act", twin="resolve SEND"),
    KeyRow("desk.take", "a", "take", "Take it", "Act", twin="take SEND"),
    KeyRow("desk.assign", "A", "assign", "Give it to someone", "Act", twin="assign SEND OWNER"),
    KeyRow("desk.note", "c", "note", "Add a note", "Act", twin="note SEND TEXT"),
    KeyRow("desk.snooze", "z", "snooze", "Snooze until…", "Act", twin="snooze SEND --until TIME"),
    KeyRow("desk.done", "d", "done", "Done: out of triage until something changes", "Act", twin="done SEND"),
    KeyRow("desk.undo", "u", "undo", "Undo my last override", "Act", twin="undo"),
    KeyRow("desk.redo", "U", "redo", "Set my undone override again", "Act", twin="redo"),
    KeyRow("desk.repeat", "full_stop", "repeat", "The last deed once more, here or on the marks", "Act"),
    KeyRow("desk.copy", "y", "copy", "Copy the id", "Act"),
    KeyRow("desk.copy_more", "Y", "copy_more", "Copy packet, tracking, link, filter…", "Act"),
    KeyRow("desk.track", "o", "track", "Open the tracking page", "Act"),
    KeyRow("list.mark", "space", "mark", "Mark and move down", "Marks", "list"),
    KeyRow("list.range", "v", "range", "Mark from here to there", "Marks", "list"),
    KeyRow("desk.mark_all", "V", "mark_all", "Mark everything that the filter shows", "Marks"),
    KeyRow("list.clear_marks", "M", "clear_marks", "Clear the marks", "Marks", "list"),
    KeyRow("desk.export", "x", "export", "Export what the filter shows, or the marks", "Desk", twin="export QUERY -o FILE"),
    KeyRow("desk.refresh", "r,ctrl+r", "refresh", "Read again now, and paint the screen anew", "Desk"),
    KeyRow("desk.pause", "R", "pause", "Stop or resume following what others write", "Desk"),
    KeyRow("desk.log", "L", "log", "What I did, what everyone did", "Desk"),
    KeyRow("desk.palette", "colon,ctrl+p", "palette", "Every command", "Desk"),
    KeyRow("desk.help", "question_mark,f1", "help", "Keys and filter language", "Desk", twin="keys"),
    KeyRow("desk.explain", "", "explain", "Explain: the SQL of this list, its plan and time", "Desk"),
    KeyRow("desk.theme", "", "theme", "Next colour theme", "Desk"),
    KeyRow("desk.quit", "q,ctrl+q", "quit_desk", "Close or quit", "Desk"),
)  # fmt: skip
"""In the order in which help lists them; views have their digits beside these."""

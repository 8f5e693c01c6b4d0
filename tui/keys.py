"""Every key of the program as data: bindings, help, hints, palette and `senddesk keys` are made from it."""

import re
import unicodedata
from collections.abc import Mapping
from string import ascii_letters
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from tui.verbs import VERBS

Scope = Literal[
    "desk", "view", "list", "case", "round", "rail", "filter", "dialog", "menu", "pick", "facets", "columns",
    "packet", "follow_up", "note", "export", "log", "report", "credits", "limits", "holidays", "rules", "text", "text_dialog", "handover", "reply", "results", "app",
]  # fmt: skip
"""The screen or widget that binds the keys; `desk` and `view` are bound by the screen of the desk.

Keys of `app` work everywhere, and give way to another meaning that the agent gives them.
"""
Hints = tuple[tuple[str, str], ...]
"""Keys with what they do, the most useful first. A key is text with ids in braces, `{desk.undo}`."""


class KeyRow(NamedTuple):
    """One action and the keys that run it; a named tuple, as the first frame waits for these rows."""

    id: str
    """The binding's name, by which agents give it other keys."""
    keys: str
    """Textual's key names, separated by commas; empty where only the palette runs it."""
    action: str
    """The action of the screen or widget that the scope names."""
    description: str
    group: str
    """The heading in help and in `senddesk keys`."""
    scope: Scope = "desk"
    cli: str = ""
    """The command that does the same, without the name of the program."""
    first: bool = False
    """Whether the key is looked up before the focused widget gets it."""


_LABELS: Final[Mapping[str, str]] = MappingProxyType({
    "down": "↓", "up": "↑", "left": "←", "right": "→", "pagedown": "PgDn", "pageup": "PgUp",
    "escape": "Esc", "slash": "/", "question_mark": "?", "colon": ":", "equals_sign": "=",
    "exclamation_mark": "!", "left_square_bracket": "[", "right_square_bracket": "]",
    "less_than_sign": "<", "greater_than_sign": ">", "full_stop": ".", "at": "@", "plus": "+",
    "minus": "-", "underscore": "_", "backslash": "\\", "dollar_sign": "$", "space": "Space",
})  # fmt: skip
_NAME_OF: Final = {label: name for name, label in _LABELS.items() if not label.isalnum()}
_LITERAL_KEYS: Final = {
    **{"enter": "enter", "tab": "tab", "esc": "escape", "space": "space"},
    **{sign: name for name, sign in _LABELS.items() if len(sign) == 1 and sign.isascii()},
    **{letter: letter for letter in ascii_letters},
}
"""Keys that hints write as they are, with Textual's names."""
_ID: Final = re.compile(r"\{([a-z_]+\.[a-z0-9_]+)\}")

KEYS = (
    KeyRow("desk.triage", "t", "triage", "Triage one by one; again: the next", "Act"),
    *(KeyRow(verb.binding, verb.key, f"verb('{verb.name}')", verb.title, "Act", cli=verb.usage) for verb in VERBS.values()),
    KeyRow("desk.undo", "u", "undo", "Undo: take back what I did last", "Act", cli="undo"),
    KeyRow("desk.redo", "U", "redo", "Redo: do again what I took back", "Act", cli="redo"),
    KeyRow("desk.repeat", "full_stop", "repeat", "Repeat the last action, here or on the marked sends", "Act"),
    KeyRow("desk.copy", "y", "copy", "Copy the id", "Act"),
    KeyRow("desk.copy_more", "Y", "copy_more", "Copy packet, texts, tracking, link, filter…", "Act"),
    KeyRow("desk.reply", "i", "reply", "Write to the sender or the recipient", "Act", cli="reply SEND --to sender"),
    KeyRow("desk.track", "o", "track", "Open the tracking page", "Act"),
    KeyRow("list.mark", "space", "mark", "Mark and move down", "Marks", "list"),
    KeyRow("list.range", "v", "range", "Mark from here to there", "Marks", "list"),
    KeyRow("desk.mark_all", "V", "mark_all", "Mark everything that the filter shows", "Marks"),
    KeyRow("list.clear_marks", "M", "clear_marks", "Clear the marks", "Marks", "list"),
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
    KeyRow("desk.next_overdue", "b", "overdue(1)", "Next send past its limit", "Move"),
    KeyRow("desk.previous_overdue", "B", "overdue(-1)", "Previous send past its limit", "Move"),
    KeyRow("list.open", "enter", "open", "Open the case in full", "Case and layout", "list", cli="show SEND"),
    KeyRow("desk.back", "escape,backspace", "back", "Back by one layer", "Case and layout"),
    KeyRow("desk.next_tab", "right_square_bracket", "case_tab(1)", "Next tab of the case", "Case and layout"),
    KeyRow("desk.previous_tab", "left_square_bracket", "case_tab(-1)", "Previous tab of the case", "Case and layout"),
    KeyRow("desk.preview", "p", "preview", "Show or hide the case beside the list", "Case and layout"),
    KeyRow("desk.case_position", "P", "place_preview", "Put the case at the right or below", "Case and layout"),
    KeyRow("desk.maximise", "m", "maximise", "Only the list, or only the case", "Case and layout"),
    KeyRow("desk.narrower", "less_than_sign", "resize(-4)", "Narrower case", "Case and layout"),
    KeyRow("desk.wider", "greater_than_sign", "resize(4)", "Wider case", "Case and layout"),
    KeyRow("desk.columns", "C", "columns", "Choose the columns", "Case and layout"),
    KeyRow("desk.all_columns", "w", "wide", "All columns, and the list alone", "Case and layout"),
    KeyRow("desk.filter", "slash", "filter", "Type a filter", "Views and filter", cli="list QUERY"),
    KeyRow("desk.pick_values", "f", "pick", "Pick statuses, types, owners with counts", "Views and filter"),
    KeyRow("desk.only", "equals_sign", "only", "Only sends with this status", "Views and filter"),
    KeyRow("desk.exclude", "exclamation_mark", "exclude", "No sends with this status", "Views and filter"),
    KeyRow("desk.around", "O", "around", "Others of this recipient, company, campaign, batch", "Views and filter", cli="show SEND"),
    KeyRow("desk.reset_filter", "F", "clear_filter", "Back to the view's own filter", "Views and filter"),
    KeyRow("desk.save_view", "W", "save_view", "Save the filter as a view", "Views and filter", cli="views save NAME QUERY"),
    KeyRow("desk.sort", "S", "sort", "Sort", "Views and filter"),
    KeyRow("desk.export", "x", "export", "Export what the filter shows, or the marks", "Desk", cli="export QUERY -o FILE"),
    KeyRow("desk.refresh", "r,ctrl+r", "refresh", "Read again now, and paint the screen anew", "Desk"),
    KeyRow("desk.pause", "R", "pause", "Stop or resume following what others write", "Desk"),
    KeyRow("desk.log", "L", "log", "What I did, what everyone did", "Desk", cli="log"),
    KeyRow("desk.report", "I", "report", "Report: what is stuck, how long things take, who did what", "Desk", cli="report"),
    KeyRow("desk.credits", "dollar_sign", "credits", "Credits: what the platforms owe, and what they paid back", "Desk", cli="credits"),
    KeyRow("desk.limits", "H", "limits", "Thresholds: limits of the statuses, warnings, holidays", "Desk", cli="thresholds"),
    KeyRow("desk.rules", "", "rules", "Rules: what time does to sends, and how long offers last", "Desk", cli="rules"),
    KeyRow("desk.sync", "", "sync", "Sync: read the platforms now", "Desk", cli="sync all"),
    KeyRow("desk.at", "", "at", "At: the desk as it was at a moment of the past", "Desk", cli="list --at TIME"),
    KeyRow("desk.now", "", "now", "Now: come back from the past", "Desk"),
    KeyRow("desk.palette", "colon,ctrl+p", "palette", "Every command", "Desk"),
    KeyRow("desk.help", "question_mark,f1", "help", "Keys and filter language", "Desk", cli="keys"),
    KeyRow("desk.explain", "", "explain", "Explain: the SQL of this list, its plan and time", "Desk"),
    KeyRow("desk.theme", "", "theme", "Theme: try out and choose", "Desk"),
    KeyRow("desk.quit", "q,ctrl+q", "quit_desk", "Close or quit", "Desk"),
    *(KeyRow(f"view.{digit}", digit, f"view('{digit}')", f"View {digit}", "Views and filter", "view") for digit in "1234567890"),
    KeyRow("case.down", "j", "scroll_down", "Down", "Case", "case"),
    KeyRow("case.up", "k", "scroll_up", "Up", "Case", "case"),
    KeyRow("case.top", "g", "scroll_home", "Top", "Case", "case"),
    KeyRow("case.end", "G", "scroll_end", "End", "Case", "case"),
    *(KeyRow(f"round.{digit}", digit, f"answer('{digit}')", f"Usual answer {digit}", "Triage one by one", "round") for digit in "1234567890"),
    KeyRow("rail.down", "j,down", "move(1)", "Down", "Rail", "rail"),
    KeyRow("rail.up", "k,up", "move(-1)", "Up", "Rail", "rail"),
    KeyRow("rail.choose", "enter", "choose", "Choose", "Rail", "rail"),
    KeyRow("filter.complete", "tab", "accept", "Complete", "Filter line", "filter"),
    KeyRow("filter.next", "down", "point(1)", "Next completion, newer filter", "Filter line", "filter"),
    KeyRow("filter.previous", "up", "point(-1)", "Previous completion, older filter", "Filter line", "filter"),
    KeyRow("filter.leave", "escape", "leave", "Leave", "Filter line", "filter"),
    KeyRow("dialog.back", "escape", "back", "Cancel, or back by one step", "Dialogs", "dialog"),
    KeyRow("menu.down", "j", "cursor_down", "Down", "Dialogs: lists", "menu"),
    KeyRow("menu.up", "k", "cursor_up", "Up", "Dialogs: lists", "menu"),
    KeyRow("pick.down", "down", "point('cursor_down')", "Down", "Dialogs: lists with a field", "pick"),
    KeyRow("pick.up", "up", "point('cursor_up')", "Up", "Dialogs: lists with a field", "pick"),
    KeyRow("pick.page_down", "pagedown", "point('page_down')", "Page down", "Dialogs: lists with a field", "pick"),
    KeyRow("pick.page_up", "pageup", "point('page_up')", "Page up", "Dialogs: lists with a field", "pick"),
    KeyRow("facets.tick", "space", "tick", "Tick", "Dialog: values", "facets"),
    KeyRow("facets.clear", "c", "clear", "Clear", "Dialog: values", "facets"),
    KeyRow("facets.next", "tab", "group(1)", "Next group", "Dialog: values", "facets", first=True),
    KeyRow("facets.back", "shift+tab", "group(-1)", "Previous group", "Dialog: values", "facets", first=True),
    KeyRow("columns.toggle", "space", "show", "Show or hide", "Dialog: columns", "columns"),
    KeyRow("columns.earlier", "less_than_sign", "shift(-1)", "Earlier", "Dialog: columns", "columns"),
    KeyRow("columns.later", "greater_than_sign", "shift(1)", "Later", "Dialog: columns", "columns"),
    KeyRow("packet.down", "j", "scroll_down", "Down", "Dialog: escalate", "packet"),
    KeyRow("packet.up", "k", "scroll_up", "Up", "Dialog: escalate", "packet"),
    KeyRow("packet.copy", "y", "screen.copy", "Copy", "Dialog: escalate", "packet"),
    KeyRow("packet.ticket", "enter", "screen.ticket", "The ticket", "Dialog: escalate", "packet"),
    KeyRow("follow_up.earlier", "up", "usual(-1)", "Earlier", "Dialog: escalate", "follow_up"),
    KeyRow("follow_up.later", "down", "usual(1)", "Later", "Dialog: escalate", "follow_up"),
    KeyRow("note.line", "ctrl+j,shift+enter,alt+enter", "new_line", "New line", "Dialog: note", "note"),
    KeyRow("export.next", "down", "format(1)", "Next format", "Dialog: export", "export"),
    KeyRow("export.previous", "up", "format(-1)", "Previous format", "Dialog: export", "export"),
    KeyRow("log.turn", "m,tab", "turn", "Mine or everyone's", "Dialog: log", "log"),
    KeyRow("log.filter", "slash,f", "filter", "By whom, which verb, when, which send", "Dialog: log", "log", cli="log --by NAME --verb VERB --since TIME"),
    KeyRow("log.close", "q,L", "back", "Close", "Dialog: log", "log"),
    KeyRow("report.longer", "greater_than_sign", "span(1)", "More days", "Dialog: report", "report", cli="report --since 90d"),
    KeyRow("report.shorter", "less_than_sign", "span(-1)", "Fewer days", "Dialog: report", "report"),
    KeyRow("report.next", "right_square_bracket,tab", "section(1)", "Next section", "Dialog: report", "report", first=True),
    KeyRow("report.previous", "left_square_bracket,shift+tab", "section(-1)", "Previous section", "Dialog: report", "report", first=True),
    KeyRow("report.shift", "s", "answer('shift')", "My own day, to hand over", "Dialog: report", "report", cli="report --shift"),
    KeyRow("report.write", "x", "answer('write')", "Write it to a file: HTML, Markdown, CSV, JSON", "Dialog: report", "report", cli="report -o FILE"),
    KeyRow("report.copy", "y", "answer('copy')", "Copy it as Markdown", "Dialog: report", "report", cli="report --format md"),
    KeyRow("report.close", "q,I", "back", "Close", "Dialog: report", "report"),
    KeyRow("credits.source", "f,tab,right", "source(1)", "Next funding source", "Dialog: credits", "credits", cli="credits --funding SOURCE"),
    KeyRow("credits.source_back", "F,shift+tab,left", "source(-1)", "Previous funding source", "Dialog: credits", "credits"),
    KeyRow("credits.turn", "m", "turn", "Open, confirmed or all", "Dialog: credits", "credits", cli="credits --state STATE"),
    KeyRow("credits.close", "q,dollar_sign", "back", "Close", "Dialog: credits", "credits"),
    KeyRow("limits.change", "e", "choose('limit')", "Change the limit", "Dialog: limits", "limits"),
    KeyRow("limits.warn", "w", "choose('warning')", "When to warn before it", "Dialog: limits", "limits"),
    KeyRow("limits.reset", "r", "choose('reset')", "Back to the default limit", "Dialog: limits", "limits"),
    KeyRow("limits.hours", "b", "choose('hours')", "Business hours", "Dialog: limits", "limits", cli="thresholds hours"),
    KeyRow("limits.holidays", "h", "choose('holidays')", "Holidays", "Dialog: limits", "limits", cli="thresholds holidays"),
    KeyRow("limits.rules", "t", "choose('rules')", "What time does: the rules", "Dialog: limits", "limits", cli="rules"),
    KeyRow("holidays.region", "c", "choose('region')", "The holidays of a country", "Dialog: holidays", "holidays"),
    KeyRow("holidays.add", "a", "choose('add')", "Add a day", "Dialog: holidays", "holidays"),
    KeyRow("holidays.remove", "d", "choose('remove')", "Remove the day", "Dialog: holidays", "holidays"),
    KeyRow("limits.log", "L", "choose('log')", "Who changed what", "Dialog: limits", "limits"),
    KeyRow("rules.change", "e", "choose('change')", "Switch the rule on or off, or set the span", "Dialog: rules", "rules", cli="rules switch NAME on|off"),
    KeyRow("rules.log", "L", "choose('log')", "Who changed what", "Dialog: rules", "rules"),
    KeyRow("text.down", "j", "scroll_down", "Down", "Dialogs: texts", "text"),
    KeyRow("text.up", "k", "scroll_up", "Up", "Dialogs: texts", "text"),
    KeyRow("text.top", "g", "scroll_home", "Top", "Dialogs: texts", "text"),
    KeyRow("text.end", "G", "scroll_end", "End", "Dialogs: texts", "text"),
    KeyRow("text.close", "q,enter", "back", "Close", "Dialogs: texts", "text_dialog"),
    KeyRow("handover.copy", "y", "copy", "Copy", "Dialog: end of triage", "handover"),
    KeyRow("reply.sender", "s", "sender", "To the sender", "Dialog: reply", "reply"),
    KeyRow("reply.recipient", "r", "recipient", "To the recipient", "Dialog: reply", "reply"),
    KeyRow("reply.copy", "y,enter", "copy", "Copy", "Dialog: reply", "reply"),
    KeyRow("reply.close", "q,i", "back", "Close", "Dialog: reply", "reply"),
    KeyRow("results.retry", "r", "retry", "Try once more what failed", "Dialog: results", "results"),
    KeyRow("results.undo", "u", "undo", "Undo what was written", "Dialog: results", "results"),
    KeyRow("results.close", "q,enter", "back", "Close", "Dialog: results", "results"),
    KeyRow("app.how_to_leave", "ctrl+c", "say_how_to_leave", "How to leave; copies text that is selected", "Everywhere", "app", first=True),
    KeyRow("app.suspend", "ctrl+z", "suspend", "Go back to the shell; fg returns", "Everywhere", "app", first=True),
)  # fmt: skip
"""Every key, in the order in which help and `senddesk keys` list them."""

NO_KEY: Final = "none"
"""The key of a row without one: no terminal sends it, and the agent's own key can take its place."""
KEY_ROWS: Final[Mapping[str, KeyRow]] = MappingProxyType({row.id: row for row in KEYS})
DESK_KEYS: Final = tuple(row for row in KEYS if row.scope in ("desk", "list"))
"""What help and the palette offer: the keys that act on the desk. Views are listed by their names."""

OLD_IDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "desk.next_breach": "desk.next_overdue",
        "desk.previous_breach": "desk.previous_overdue",
        "desk.place": "desk.case_position",
        "desk.pick": "desk.pick_values",
        "desk.clear": "desk.reset_filter",
        "desk.wide": "desk.all_columns",
    }
)
"""Ids that settings files of earlier releases may still use, with the ids of today."""

SCOPES_TOGETHER: Final[tuple[frozenset[Scope], ...]] = tuple(
    frozenset(scopes)
    for scopes in (
        ("desk", "view", "list"),
        ("desk", "view", "case"),
        ("desk", "case", "round"),
        ("desk", "view", "rail"),
        ("filter",),
        ("dialog", "pick"),
        ("dialog", "menu", "facets"),
        ("dialog", "menu", "columns"),
        ("dialog", "menu", "log"),
        ("dialog", "text", "report"),
        ("dialog", "menu", "credits"),
        ("dialog", "menu", "limits"),
        ("dialog", "menu", "holidays"),
        ("dialog", "menu", "rules"),
        ("dialog", "packet"),
        ("dialog", "follow_up"),
        ("dialog", "note"),
        ("dialog", "export"),
        ("dialog", "text", "text_dialog", "handover"),
        ("dialog", "text", "reply"),
        ("dialog", "text", "results"),
        ("app",),
    )
)
"""Scopes whose keys work at the same time: within one of these sets a key may run one action only.

The filter line stands alone: it takes letters as text, and its `Esc` comes before the desk's. So
does the app, whose keys give way: see `in_force`.
"""


WRITES: Final = frozenset(
    {"desk.undo", "desk.redo", "desk.repeat", "desk.save_view", "desk.sync"}
    | {"limits.change", "limits.warn", "limits.reset", "limits.hours"}
    | {"holidays.region", "holidays.add", "holidays.remove", "rules.change"}
    | {verb.binding for verb in VERBS.values()}
    | {row.id for row in KEYS if row.scope == "round"}
)
"""The ids of the keys that change something, which a desk that is only read does not offer."""


class Keys:
    """The keys as this agent has them: the table above with the agent's own keys in it.

    Args:
        own: The agent's own keys by the id of a row, in Textual's names, several separated by commas.
        read_only: Whether nothing can be written here: hints then leave out the keys that would.
    """

    def __init__(
        self, own: Mapping[str, str] = MappingProxyType({}), *, read_only: bool = False
    ) -> None:
        self._own = own
        self._read_only = read_only

    def of(self, key_id: str) -> tuple[str, ...]:
        """Return the keys of the row *key_id* in Textual's names; empty where it has none."""
        keys = self._own.get(key_id) or KEY_ROWS[key_id].keys
        return tuple(key.strip() for key in keys.split(",") if key.strip() not in ("", NO_KEY))

    def shown(self, key_id: str) -> str:
        """Return the first key of the row *key_id* as agents read it: `u`, `Esc`, `Ctrl+D`."""
        return next((key_label(key) for key in self.of(key_id)), "")

    def all_shown(self, key_id: str) -> str:
        """Return every key of the row *key_id* as agents read them: `j  ↓`."""
        return "  ".join(key_label(key) for key in self.of(key_id))

    def of_view(self, digit: str) -> str:
        """Return the key that opens the view with this *digit*; empty for a view without one."""
        return self.shown(f"view.{digit}") if digit else ""

    def fill(self, sentence: str) -> str:
        """Return *sentence* with the agent's key in the place of each id in braces.

        `{desk.undo} takes it back.` becomes `u takes it back.`; braces around anything else stay.
        Fill a sentence before data is put into it.
        """
        return _ID.sub(lambda found: self._filled(found), sentence)

    def hints(self, hints: Hints) -> Hints:
        """Return *hints* with their keys filled in, as hint lines write them: `u`, `esc`, `ctrl+d`.

        Keys that the agent has taken away, or that would write where nothing can be written, are
        left out.
        """
        filled = ((_in_small_letters(self.fill(key)), label) for key, label in self.offered(hints))
        return tuple((key, label) for key, label in filled if key.strip())

    def offered(self, hints: Hints) -> Hints:
        """Return those of *hints* whose keys do something here."""
        return tuple(
            (key, label)
            for key, label in hints
            if not (ids := _ID.findall(key))
            or any(self.of(each) for each in ids if not (self._read_only and each in WRITES))
        )

    def pressed(self, hint: str, place: int) -> str:
        """Return Textual's name of the key that a click on *hint* presses; empty for none.

        Args:
            hint: The keys of a hint, as in `Hints`.
            place: The cell of its text that was clicked. Behind the keys the last one counts.
        """
        parts = hint.split(" ")
        shown = [_in_small_letters(self.fill(part)) for part in parts]
        # Arrows stand side by side, see `hints`.
        gap = len(_in_small_letters(" ".join(shown))) - sum(map(len, shown))
        end = 0
        for part, text in zip(parts, shown, strict=True):
            end += len(text) + (1 if gap else 0)
            if place < end or part == parts[-1]:
                found = _ID.fullmatch(part)
                if found is None:
                    return _LITERAL_KEYS.get(part, "") if len(parts) == 1 else ""
                return next(iter(self.of(found[1])), "")
        return ""

    def _filled(self, found: re.Match[str]) -> str:
        return self.shown(found[1]) if found[1] in KEY_ROWS else found[0]


USUAL_KEYS: Final = Keys()
"""The keys of an agent who has none of their own."""


def in_force(own: Mapping[str, str]) -> dict[str, str]:
    """Return the agent's *own* keys; what they use a key of the app for takes it from the app.

    Both are keys by the id of a row, in Textual's names, several separated by commas.
    """
    taken = {key for keys in own.values() for key in key_names(keys)}
    given_up = {}
    for row in KEYS:
        if row.scope == "app" and row.id not in own and taken.intersection(key_names(row.keys)):
            left = [key for key in key_names(row.keys) if key not in taken]
            given_up[row.id] = ",".join(left) or NO_KEY
    return {**own, **given_up}


def key_names(keys: str) -> list[str]:
    """Return Textual's name of each of *keys*, which are separated by commas."""
    return [key_name(key.strip()) for key in keys.split(",") if key.strip()]


def key_name(key: str) -> str:
    """Return Textual's name of *key*: a sign may be written as itself, `?` for `question_mark`."""
    if len(key) != 1 or key.isalnum():
        return key
    return _NAME_OF.get(key) or unicodedata.name(key, key).lower().replace("-", "_").replace(
        " ", "_"
    )


def character_of(key: str) -> str | None:
    """Return the character that a terminal sends for *key*, in Textual's names; None for none."""
    if key == "space":
        return " "
    return key if len(key) == 1 else key_label(key) if len(key_label(key)) == 1 else None


def key_label(key: str) -> str:
    """Return *key*, which is in Textual's names, as agents read it: `j`, `↓`, `?`, `Ctrl+D`."""
    *modifiers, name = key.split("+") if len(key) > 1 else [key]
    label = _LABELS.get(name) or (name if len(name) == 1 else _sign(name) or name.capitalize())
    if modifiers and len(label) == 1:
        label = label.upper()
    return "+".join([*(each.capitalize() for each in modifiers), label])


def _sign(name: str) -> str:
    """Return the sign that Unicode calls *name*, or nothing: `semicolon` is `;`."""
    try:
        sign = unicodedata.lookup(name.replace("_", " "))
    except KeyError:
        return ""
    return sign if sign.isprintable() else ""


def _in_small_letters(keys: str) -> str:
    """Return *keys* as hint lines write them: names in small letters, arrows without a blank."""
    return " ".join(key if len(key) == 1 else key.lower() for key in keys.split(" ")).replace(
        "↑ ↓", "↑↓"
    )

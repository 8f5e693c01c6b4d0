"""Every key of the desk, pressed on small and usual terminals, does on screen and in the database what help says."""

from collections import deque
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from models.desk import Desk
from models.records import EventKind
from models.rules.views import VIEWS
from tests.support.app_driver import NOW, SIZES, Driver, colleague, desk_open
from tui.dialogs.assign import AssignDialog
from tui.dialogs.columns import ColumnsMenu, SortMenu
from tui.dialogs.confirm import ConfirmDialog
from tui.dialogs.credits import CreditsDialog
from tui.dialogs.escalate import EscalateDialog
from tui.dialogs.export import ExportDialog
from tui.dialogs.facets import FacetPicker
from tui.dialogs.help import CommandPalette, HelpScreen
from tui.dialogs.limits import LimitsDialog
from tui.dialogs.log import LogDialog
from tui.dialogs.menu import MenuDialog
from tui.dialogs.note import NoteDialog
from tui.dialogs.preview import PreviewDialog
from tui.dialogs.release import ReleaseDialog
from tui.dialogs.reply import ReplyDialog
from tui.dialogs.report import ReportDialog
from tui.dialogs.rules import RulesDialog
from tui.dialogs.save_view import ViewDialog
from tui.dialogs.snooze import SnoozeDialog
from tui.dialogs.status import StatusDialog
from tui.dialogs.text import TextDialog
from tui.keys import DESK_KEYS, KeyRow
from tui.style.themes import THEMES

Effect = Callable[[Driver, Desk, str], Awaitable[None]]
EFFECTS: dict[str, Effect] = {}
TRIAGE = VIEWS[0].query
START = 400
"""A place in the middle of the list of all sends."""


def effect(*ids: str) -> Callable[[Effect], Effect]:
    """Note what the keys with these ids do."""

    def note(check: Effect) -> Effect:
        EFFECTS.update(dict.fromkeys(ids, check))
        return check

    return note


async def open_view(d: Driver, digit: str) -> None:
    """Open a view, with the cursor on its first send."""
    view = next(view for view in VIEWS if view.digit == digit)
    if d.query != view.query:
        await d.press(digit)
    elif d.send_list.cursor_index:
        await d.press("g")


async def at_start(d: Driver) -> int:
    """Open all sends, with the cursor in their middle; return how many rows the list shows."""
    await open_view(d, "0")
    d.send_list.jump(START)
    await d.settle()
    return d.send_list.size.height - 1


def titles(d: Driver) -> str:
    return d.send_list.render_line(0).text


def moves(by: Callable[[int], int]) -> Effect:
    async def check(d: Driver, other: Desk, key: str) -> None:
        rows = await at_start(d)
        await d.press(key)
        assert d.send_list.cursor_index == START + by(rows)
        assert d.case.send == d.send
        assert any(line.startswith("▌") and d.send.ref in line for line in d.lines)

    return check


EFFECTS["list.down"] = moves(lambda rows: 1)
EFFECTS["list.up"] = moves(lambda rows: -1)
EFFECTS["list.first"] = moves(lambda rows: -START)
EFFECTS["list.last"] = moves(lambda rows: 1199 - START)
EFFECTS["list.page_down"] = moves(lambda rows: rows)
EFFECTS["list.page_up"] = moves(lambda rows: -rows)
EFFECTS["list.half_down"] = moves(lambda rows: rows // 2)
EFFECTS["list.half_up"] = moves(lambda rows: -(rows // 2))


@effect("list.right", "list.left")
async def scrolls(d: Driver, other: Desk, key: str) -> None:
    back = "h" if key in ("l", "right") else "l"
    await d.press(back, back, back)
    stops = [titles(d)]
    for _ in range(3):
        await d.press(key)
        stops.append(titles(d))
    assert len(set(stops)) > 1
    assert len({tuple(stop.split()[:3]) for stop in stops}) == 1
    await d.press("h", "h", "h")


@effect("desk.next_overdue", "desk.previous_overdue")
async def goes_to_an_overdue_send(d: Driver, other: Desk, key: str) -> None:
    await at_start(d)
    await d.press(key)
    assert (d.send_list.cursor_index > START) is (key == "b")
    assert d.case.advice.urgency in ("over", "now")


@effect("list.open", "desk.back")
async def opens_the_case_and_comes_back(d: Driver, other: Desk, key: str) -> None:
    await d.press("enter")
    assert d.pane.size.width > d.app.size.width - 5
    assert d.case.send.ref in d.text
    assert not d.list_shown
    await d.press("escape")
    assert d.list_shown
    assert d.app.focused is d.send_list


@effect("desk.next_tab", "desk.previous_tab")
async def turns_the_tabs(d: Driver, other: Desk, key: str) -> None:
    await d.press("enter", key)
    first = d.pane.tab
    await d.press(key)
    second = d.pane.tab
    await d.press(key, "escape")
    turned = [first, second, d.pane.tab]
    wanted = ["History", "Guidance", "Summary"]
    assert turned == (wanted if key == "right_square_bracket" else [*wanted[1::-1], wanted[2]])


def has_room(d: Driver) -> bool:
    """Whether this terminal shows the case beside or below the list."""
    return d.app.size.width >= 100


@effect("desk.preview")
async def hides_the_case(d: Driver, other: Desk, key: str) -> None:
    if not has_room(d):
        await d.press(key)
        assert d.said[-1] == "The case is not shown here: Enter opens it."
        return
    await d.press(key)
    assert not d.pane.display
    assert d.case.advice.title in d.text
    await d.press(key)
    assert d.pane.display


@effect("desk.case_position")
async def moves_the_case(d: Driver, other: Desk, key: str) -> None:
    if not has_room(d):
        return
    below = d.pane.region.y > d.send_list.region.y
    await d.press(key)
    assert (d.pane.region.y > d.send_list.region.y) is not below
    assert d.send_list.size.width >= 60
    await d.press(key)
    assert (d.pane.region.y > d.send_list.region.y) is below


@effect("desk.maximise", "desk.all_columns")
async def gives_the_list_everything(d: Driver, other: Desk, key: str) -> None:
    await d.press(key)
    assert d.send_list.size.width == d.app.size.width
    assert not d.pane.display
    await d.press(key)
    assert d.pane.display is has_room(d)


@effect("desk.narrower", "desk.wider")
async def resizes_the_case(d: Driver, other: Desk, key: str) -> None:
    before = d.pane.outer_size
    await d.press(key)
    after = d.pane.outer_size
    grown = after.width - before.width + after.height - before.height
    assert grown == (0 if not has_room(d) else 4 if key == "greater_than_sign" else -4)
    await d.press("enter")
    assert d.pane.outer_size.width == d.app.size.width
    await d.press("escape")
    assert d.pane.outer_size == after


@effect("desk.columns")
async def chooses_columns(d: Driver, other: Desk, key: str) -> None:
    assert "Recipient" in titles(d)
    before = titles(d)
    await d.press(key)
    assert isinstance(d.top, ColumnsMenu)
    await d.press("end", "k", "k", "k", "space", "enter")
    assert ("Id" in titles(d)) is False
    assert "Id" in before
    await d.press(key, "end", "space", "enter")
    assert "Id" in titles(d)


@effect("desk.filter")
async def types_a_filter(d: Driver, other: Desk, key: str) -> None:
    await open_view(d, "0")
    await d.press(key)
    await d.type("company:volta ")
    await d.until(lambda: d.query.startswith("company:volta"))
    await d.settle()
    await d.press("enter")
    assert d.app.focused is d.send_list
    assert 0 < d.count < 1200
    assert d.send.company == "Volta"
    await d.press("escape")
    assert d.count == 1200


@effect("desk.pick_values")
async def picks_values(d: Driver, other: Desk, key: str) -> None:
    await open_view(d, "1")
    await d.press(key)
    assert isinstance(d.top, FacetPicker)
    await d.press("j", "space")
    assert d.query.startswith("is:triage status:")
    assert 0 < d.count < 45
    await d.press("enter")
    assert {each.status for each in await d.rows()} == {d.send.status}
    await d.press("F")
    assert d.query == TRIAGE


@effect("desk.only")
async def keeps_one_status(d: Driver, other: Desk, key: str) -> None:
    await open_view(d, "1")
    await d.press(key)
    assert {each.status for each in await d.rows()} == {d.send.status}
    assert f"{d.count} of 1,200" in d.text
    await d.press("escape")
    assert d.query == TRIAGE


@effect("desk.around")
async def lists_others_of_the_company(d: Driver, other: Desk, key: str) -> None:
    await open_view(d, "1")
    here = d.send
    await d.press(key)
    assert isinstance(d.top, MenuDialog)
    await d.press("c")
    assert {each.company for each in await d.rows()} == {here.company}
    await d.press("escape")
    assert (d.query, d.send) == (TRIAGE, here)


@effect("desk.exclude")
async def excludes_one_status(d: Driver, other: Desk, key: str) -> None:
    await open_view(d, "1")
    excluded, before = d.send.status, d.count
    await d.press(key)
    assert excluded not in {each.status for each in await d.rows()}
    assert 0 < d.count < before
    await d.press("escape")
    assert d.query == TRIAGE


@effect("desk.reset_filter")
async def clears_the_filter(d: Driver, other: Desk, key: str) -> None:
    await open_view(d, "1")
    await d.press("equals_sign", key)
    assert d.query == TRIAGE
    assert d.count == 45


@effect("desk.save_view")
async def saves_a_view(d: Driver, other: Desk, key: str) -> None:
    name = f"Volta {d.app.size.width}"
    await open_view(d, "0")
    await d.press("slash")
    await d.type("company:volta ")
    await d.press("enter", key)
    assert isinstance(d.top, ViewDialog)
    await d.type(name)
    await d.press("enter")
    assert name in {view.name for view in other.views()}
    assert d.view.name == name
    assert d.send.company == "Volta"


@effect("desk.sort")
async def sorts(d: Driver, other: Desk, key: str) -> None:
    await open_view(d, "0")
    await d.press(key)
    assert isinstance(d.top, SortMenu)
    await d.press("r")
    assert "Recipient ↑" in titles(d)
    await d.press("g")
    first = d.send.recipient_name
    await d.press(key, "r", "g")
    assert "Recipient ↓" in titles(d)
    assert d.send.recipient_name > first


@effect("desk.status")
async def sets_the_status(d: Driver, other: Desk, key: str) -> None:
    await open_view(d, "1")
    send = d.send
    await d.press(key)
    assert isinstance(d.top, StatusDialog)
    await d.press("enter")
    await d.type("The warehouse said so")
    await d.press("enter")
    now = other.find(send.ref)
    assert (now.override_by, now.override_reason) == ("ana", "The warehouse said so")
    assert now.status == now.override_status != send.status
    assert f"{send.ref} is " in d.said[-1]


@effect("desk.undo")
async def undoes_it(d: Driver, other: Desk, key: str) -> None:
    send = other.override(other.find("S-104006"), "shipped", "seen in the depot").send
    mine = d.desk.override(send, "delivered", "the recipient called").send
    await d.press(key)
    now = other.find(send.ref)
    assert (now.status, now.override_by) == ("shipped", "jo")
    assert d.said[-1] == f"{mine.ref}: took back “set Delivered”, now Shipped · U redoes"


@effect("desk.release")
async def releases_an_override(d: Driver, other: Desk, key: str) -> None:
    await open_view(d, "5")
    send = d.send
    await d.press(key)
    assert isinstance(d.top, ReleaseDialog)
    await d.press("R", "enter")
    now = other.find(send.ref)
    assert now.override_status is None
    assert now.status == send.provider_status
    assert d.send.ref != send.ref


@effect("desk.escalate")
async def escalates(d: Driver, other: Desk, key: str) -> None:
    await open_view(d, "1")
    send, following = d.send, (await d.rows())[1]
    await d.press(key)
    assert isinstance(d.top, EscalateDialog)
    await d.press("enter")
    await d.type("SUP-777")
    await d.press("enter")
    assert other.find(send.ref).escalation_ref == "SUP-777"
    assert d.send.ref == following.ref


@effect("desk.resolve")
async def resolves(d: Driver, other: Desk, key: str) -> None:
    await open_view(d, "4")
    send = d.send
    await d.press(key)
    assert other.find(send.ref).escalated_at is None
    assert d.said[-1] == f"{send.ref} is resolved · u undoes"


@effect("desk.take")
async def takes(d: Driver, other: Desk, key: str) -> None:
    await open_view(d, "3")
    send = d.send
    await d.press(key)
    assert other.find(send.ref).owner == "ana"
    assert d.send.ref != send.ref


@effect("desk.assign")
async def assigns(d: Driver, other: Desk, key: str) -> None:
    await open_view(d, "3")
    send = d.send
    await d.press(key)
    assert isinstance(d.top, AssignDialog)
    await d.type("raj")
    await d.press("enter")
    assert other.find(send.ref).owner == "raj"


@effect("desk.note")
async def notes(d: Driver, other: Desk, key: str) -> None:
    await open_view(d, "1")
    send = d.send
    await d.press(key)
    assert isinstance(d.top, NoteDialog)
    await d.type("asked twice: [/b] 100%")
    await d.press("enter")
    newest = other.case(send.id).history[0]
    assert (newest.kind, newest.actor, newest.reason) == (
        EventKind.NOTE,
        "ana",
        "asked twice: [/b] 100%",
    )
    assert d.case.history[0] == newest
    assert d.send.ref == send.ref


@effect("desk.snooze")
async def snoozes(d: Driver, other: Desk, key: str) -> None:
    await open_view(d, "1")
    send, before = d.send, d.count
    await d.press(key)
    assert isinstance(d.top, SnoozeDialog)
    await d.press("b")
    now = other.find(send.ref)
    assert f"{now.snoozed_until:%a %d %b %H:%M}" == "Tue 24 Nov 09:41"
    assert d.count == before - 1


@effect("desk.done")
async def is_done(d: Driver, other: Desk, key: str) -> None:
    await open_view(d, "1")
    send, following, before = d.send, (await d.rows())[1], d.count
    await d.press(key)
    assert other.case(send.id).history[0].kind is EventKind.DONE
    assert (d.count, d.send.ref) == (before - 1, following.ref)


@effect("desk.wake")
async def wakes(d: Driver, other: Desk, key: str) -> None:
    assert key == ""
    await open_view(d, "6")
    send = d.send
    await d.press("colon")
    await d.type("wake now")
    await d.press("enter")
    assert other.find(send.ref).snooze == ""
    assert d.said[-1] == f"{send.ref} is awake · u undoes"


@effect("desk.cancel", "desk.extend")
async def says_whom_to_ask_where_the_platform_cannot_be_asked(
    d: Driver, other: Desk, key: str
) -> None:
    await open_view(d, "0")
    await d.press("slash")
    await d.type("status:shipped platform:sendoso")
    await d.press("enter", key)
    assert d.at_desk
    assert "from here" in d.said[-1]


@effect("desk.copy")
async def copies_the_id(d: Driver, other: Desk, key: str) -> None:
    await d.press(key)
    assert d.app.clipboard == d.send.ref


@effect("desk.copy_more")
async def copies_what_is_chosen(d: Driver, other: Desk, key: str) -> None:
    await d.press(key)
    assert isinstance(d.top, MenuDialog)
    await d.press("i")
    assert d.app.clipboard == d.send.external_id
    await d.press(key, "p")
    assert d.send.external_id in d.app.clipboard
    assert len(d.app.clipboard.splitlines()) > 5


@effect("desk.reply")
async def shows_what_can_be_written_before_it_is_copied(d: Driver, other: Desk, key: str) -> None:
    await open_view(d, "1")
    await d.press(key)
    assert isinstance(d.top, ReplyDialog)
    assert "write to the sender" in d.text
    await d.press("r")
    assert "write to the recipient" in d.text
    await d.press("y")
    assert d.at_desk
    assert d.app.clipboard.startswith(f"Hello {d.send.recipient_name},\n")


@effect("desk.track")
async def gives_the_tracking_page(d: Driver, other: Desk, key: str) -> None:
    await open_view(d, "0")
    await d.press("slash")
    await d.type("status:shipped platform:sendoso")
    await d.press("enter", key)
    assert d.app.clipboard == d.send.tracking_url
    await d.press("escape", "slash")
    await d.type("type:egift")
    await d.press("enter", key)
    assert d.said[-1] == "This send has no tracking link."


@effect("list.mark")
async def marks(d: Driver, other: Desk, key: str) -> None:
    await open_view(d, "1")
    first = d.send.ref
    await d.press(key, key)
    assert d.send_list.marked()[0].ref == first
    assert len(d.send_list.marked()) == 2
    assert "clear 2 marked" in d.text
    await d.press("escape")
    assert not d.send_list.marked()


@effect("list.range")
async def marks_a_range(d: Driver, other: Desk, key: str) -> None:
    await open_view(d, "1")
    await d.press(key, "j", "j", "j", key)
    assert len(d.send_list.marked()) == 4
    await d.press("M")


@effect("desk.mark_all")
async def marks_all(d: Driver, other: Desk, key: str) -> None:
    await open_view(d, "4")
    await d.press(key)
    assert isinstance(d.top, ConfirmDialog)
    assert f"Mark {d.count} sends?" in d.text
    await d.press("enter")
    assert not d.send_list.marked()
    await d.press(key, "y")
    assert len(d.send_list.marked()) == d.count
    await d.press("M")


@effect("list.clear_marks")
async def clears_the_marks(d: Driver, other: Desk, key: str) -> None:
    await open_view(d, "1")
    await d.press("space", key)
    assert not d.send_list.marked()
    assert "marked" not in d.text.splitlines()[-1]


@effect("desk.export")
async def exports(d: Driver, other: Desk, key: str) -> None:
    await open_view(d, "4")
    await d.press(key)
    assert isinstance(d.top, ExportDialog)
    await d.press("enter")
    if isinstance(d.top, ExportDialog):
        assert "There is such a file" in d.text
        await d.press("enter")
    written = Path("sends.csv").read_text("utf-8")
    assert written.count("\n") == d.count + 1
    assert d.send.external_id in written


@effect("desk.refresh")
async def reads_again(d: Driver, other: Desk, key: str) -> None:
    await open_view(d, "1")
    other.note(d.send, f"pressed {key}")
    await d.press(key)
    assert d.case.history[0].reason == f"pressed {key}"


@effect("desk.sync")
async def reads_the_platforms(d: Driver, other: Desk, key: str) -> None:
    assert key == ""
    await d.press("colon")
    await d.type("sync")
    await d.press("enter")
    assert d.said[-1] == "No platform can be read."


@effect("desk.report")
async def reports(d: Driver, other: Desk, key: str) -> None:
    await d.press(key)
    report = d.top
    assert isinstance(report, ReportDialog)
    await d.until(lambda: report.is_whole)
    assert "Stuck now" in d.text
    await d.press("escape")
    assert d.at_desk


@effect("desk.at", "desk.now")
async def goes_to_the_past_and_back(d: Driver, other: Desk, key: str) -> None:
    assert key == ""
    for command, is_past in ((f"at {NOW:%Y-%m-%d %H:%M}", True), ("now", False)):
        await d.press("colon")
        await d.type(command)
        await d.press("enter")
        assert ("as it was" in d.text.splitlines()[0]) is is_past, d.said[-2:]


@effect("desk.palette")
async def runs_a_command(d: Driver, other: Desk, key: str) -> None:
    await open_view(d, "1")
    await d.press(key)
    assert isinstance(d.top, CommandPalette)
    await d.type("escalated")
    await d.press("enter")
    assert d.view.name == "Escalated"


@effect("desk.help")
async def helps(d: Driver, other: Desk, key: str) -> None:
    await open_view(d, "1")
    await d.press(key)
    assert isinstance(d.top, HelpScreen)
    await d.type("last send")
    await d.press("enter")
    assert d.send_list.cursor_index == d.count - 1
    await d.press(key)
    await d.type("tracking:")
    await d.press("enter")
    assert d.line.editing
    await d.press("escape", "escape")
    assert not d.line.editing


@effect("desk.triage")
async def leads_through_triage(d: Driver, other: Desk, key: str) -> None:
    await open_view(d, "0")
    await d.press(key)
    first, second = (await d.rows())[:2]
    assert d.view.name == "Triage"
    assert d.pane.outer_size.width == d.app.size.width
    assert d.case.send.ref == first.ref
    await d.press(key)
    assert d.case.send.ref == second.ref
    await d.press("escape")
    assert not d.in_triage
    assert d.list_shown


@effect("desk.redo")
async def sets_it_again(d: Driver, other: Desk, key: str) -> None:
    send = other.find("S-104777")
    d.desk.override(send, "shipped", "it left on Monday")
    await d.press("u")
    assert other.find(send.ref).override_status is None
    await d.press(key)
    now = other.find(send.ref)
    assert (now.override_status, now.override_reason) == ("shipped", "it left on Monday")
    assert d.said[-1] == f"{send.ref}: did again “set Shipped” · u undoes"


@effect("desk.repeat")
async def repeats_the_last_verb(d: Driver, other: Desk, key: str) -> None:
    await open_view(d, "3")
    await d.press("a")
    following = d.send
    await d.press(key)
    assert isinstance(d.top, PreviewDialog)
    assert following.ref in d.text
    assert other.find(following.ref).owner == ""
    await d.press("y")
    assert other.find(following.ref).owner == "ana"


@effect("desk.pause")
async def lets_the_list_be(d: Driver, other: Desk, key: str) -> None:
    await open_view(d, "1")
    await d.press(key)
    assert "paused" in d.text.splitlines()[0]
    before = d.count
    other.done((await d.rows())[-1])
    await d.look_for_changes()
    assert d.count == before
    await d.press(key)
    await d.until(lambda: d.count == before - 1)
    assert "live" in d.text.splitlines()[0]


@effect("desk.credits")
async def shows_the_credits(d: Driver, other: Desk, key: str) -> None:
    await d.press(key)
    assert isinstance(d.top, CreditsDialog)
    await d.press("q")
    assert d.at_desk


@effect("desk.limits")
async def shows_the_limits(d: Driver, other: Desk, key: str) -> None:
    await d.press(key)
    assert isinstance(d.top, LimitsDialog)
    assert "Order Received" in d.text
    await d.press("escape")
    assert d.at_desk


@effect("desk.rules")
async def shows_the_rules(d: Driver, other: Desk, key: str) -> None:
    assert key == ""
    await d.press("colon")
    await d.type("rules")
    await d.press("enter")
    assert isinstance(d.top, RulesDialog)
    assert "egift_unopened" in d.text
    await d.press("escape")
    assert d.at_desk


@effect("desk.log")
async def shows_what_was_done(d: Driver, other: Desk, key: str) -> None:
    send = d.desk.note(other.find("S-104057"), "asked the carrier").send
    await d.press(key)
    assert isinstance(d.top, LogDialog)
    assert send.ref in d.text
    await d.press("enter")
    assert d.send.ref == send.ref
    await d.press("F")


@effect("desk.explain")
async def explains_the_query(d: Driver, other: Desk, key: str) -> None:
    await d.press("colon")
    await d.type("explain")
    await d.press("enter")
    assert isinstance(d.top, TextDialog)
    assert "SELECT" in d.text
    await d.press("escape")


@effect("desk.theme")
async def changes_the_theme(d: Driver, other: Desk, key: str) -> None:
    assert key == ""
    await d.press("colon")
    await d.type("theme")
    await d.press("enter", "j", "enter")
    assert d.app.theme == THEMES[1].name


@effect("desk.quit")
async def closes_the_case(d: Driver, other: Desk, key: str) -> None:
    if key == "q":
        await d.press("enter", key)
        assert d.list_shown
    else:
        await d.press(key)
        assert not d.app.is_running


GROUPS = tuple(dict.fromkeys(row.group for row in DESK_KEYS))
PRESSED = [(size, group) for size in SIZES[:2] for group in GROUPS]
"""The sizes at which the keys of each group are pressed."""


def one_key_of(row: KeyRow, turn: int) -> str:
    """Return one of the keys of *row*, each in its turn."""
    keys = row.keys.split(",")
    return keys[turn % len(keys)]


@pytest.mark.parametrize(("size", "group"), PRESSED, ids=str)
async def test_every_key_does_what_help_says(
    demo_copy: Path, size: tuple[int, int], group: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The keys of one group share a desk; after one that fails, the others go on at a new one."""
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 50000 10.0.0.2 22")
    monkeypatch.chdir(demo_copy.parent)
    rows = deque(row for row in DESK_KEYS if row.group == group)
    failures = []
    other = colleague(demo_copy)
    while rows:
        async with desk_open(demo_copy, size) as d:
            try:
                while rows:
                    await does_what_help_says(d, other, rows.popleft(), SIZES.index(size))
            except AssertionError as failure:
                failures.append(failure)
    other.database.close()
    if failures:
        raise ExceptionGroup(f"keys of {group}", failures)


async def does_what_help_says(d: Driver, other: Desk, row: KeyRow, turn: int) -> None:
    key = one_key_of(row, turn)
    await EFFECTS[row.id](d, other, key)
    assert not d.app.is_running or d.at_desk, f"{key} leaves a dialog open"


def test_every_key_has_an_effect() -> None:
    assert set(EFFECTS) == {row.id for row in DESK_KEYS}


@pytest.mark.parametrize("size", SIZES[:2], ids=str)
async def test_digits_open_the_views(demo_file: Path, size: tuple[int, int]) -> None:
    async with desk_open(demo_file, size) as d:
        counts = d.desk.view_counts()
        for view in VIEWS:
            await d.press(view.digit)
            assert d.count == counts[view.name].value > 0
            assert d.query == view.query
            assert d.text.splitlines()[0].startswith(f" Send Desk   {view.name} ")
            assert d.send == (await d.rows())[0]

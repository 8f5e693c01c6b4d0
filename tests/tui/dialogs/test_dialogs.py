"""Every dialog is answered by keyboard alone, and changes nothing when it is left."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.geometry import Region
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, OptionList

from models.providers import PROVIDERS, catalogue
from models.reading.activity import Activity
from models.records import EventKind, SendRecord
from models.rules.judging import judge
from models.rules.reply import Reply
from models.rules.views import View
from models.values.calendar import Calendar, Limit
from models.values.local_time import LocalTime
from tests.support.pilot import running
from tests.support.sample_cases import HOSTILE, NOW, ago, contested_case, event, sample_send
from tests.support.stage import Stage, Typed
from tui.dialogs import status_text
from tui.dialogs.assign import AssignDialog, Assignment
from tui.dialogs.columns import ColumnChoice, ColumnsMenu, Sorting, SortMenu
from tui.dialogs.confirm import ConfirmDialog
from tui.dialogs.conflict import ConflictDialog
from tui.dialogs.escalate import EscalateDialog, Escalation
from tui.dialogs.export import Export, ExportDialog
from tui.dialogs.facets import FacetChoice, FacetGroup, FacetPicker
from tui.dialogs.handover import HandOverDialog
from tui.dialogs.help import CommandPalette, HelpScreen, KeyHelp
from tui.dialogs.limits import LimitField
from tui.dialogs.log import LogDialog
from tui.dialogs.menu import MenuDialog
from tui.dialogs.note import Note, NoteDialog
from tui.dialogs.preview import PreviewDialog
from tui.dialogs.progress import ProgressDialog
from tui.dialogs.release import ReleaseAnswer, ReleaseDialog
from tui.dialogs.reply import ReplyDialog
from tui.dialogs.results import ResultLine, ResultSheet
from tui.dialogs.save_view import ViewDialog
from tui.dialogs.snooze import SnoozeChoice, SnoozeDialog
from tui.dialogs.status import StatusChange, StatusDialog
from tui.dialogs.text import TextDialog
from tui.dialogs.theme import ThemeDialog
from tui.preview import Judged, Preview
from tui.style.themes import DARK, THEME_LABELS
from tui.verbs import SET, Change, Override

CALENDAR = Calendar()
CONTESTED = contested_case().send
FACETS = (
    FacetGroup("urgency", "Urgency", (FacetChoice("over", "past limit", 187, "▲", "error"),)),
    FacetGroup("owner", "Owner", (FacetChoice("", "nobody", 20), FacetChoice("a=b", "a=b", 3))),
)
KEYS = (
    KeyHelp("s", "status", "set the status", "Act", "asks for a reason"),
    KeyHelp("z", "snooze", "snooze", "Act"),
    KeyHelp("down", "down", "move down", "Move"),
    KeyHelp("j", "down", "move down", "Move"),
)
CHANGE = Activity(
    id=9,
    seq=3,
    ref="S-88213",
    provider="sendoso",
    external_id=HOSTILE,
    recipient_name=HOSTILE,
    at=NOW,
    actor=HOSTILE,
    verb="escalate",
    said=HOSTILE,
    before=HOSTILE,
    after=HOSTILE,
    was=HOSTILE,
    until=NOW,
    ticket=HOSTILE,
    reason=HOSTILE,
    source="desk",
    request_id="",
    undoes=None,
    redoes=None,
)


JOBS: set[asyncio.Future[None]] = set()
"""What runs beside a dialog."""


def run_beside(job: Callable[[], Awaitable[None]]) -> None:
    """Run *job* beside the dialog that is tried."""
    JOBS.add(asyncio.ensure_future(job()))


async def read_log(text: str, after: Activity | None) -> tuple[Activity, ...]:
    """Return two hundred entries of the log, and then no more."""
    return () if after else (CHANGE,) * 200


EVERY_DIALOG: dict[str, Any] = {
    "status": lambda: StatusDialog([sample_send()]),
    "status of many": lambda: StatusDialog([sample_send(), sample_send(status="shipped")] * 40),
    "release": lambda: ReleaseDialog([CONTESTED]),
    "conflict": lambda: ConflictDialog(
        sample_send(), CONTESTED, f"status {HOSTILE}", local=LocalTime(NOW)
    ),
    "note": lambda: NoteDialog("S-88213"),
    "escalate": lambda: escalation([]),
    "snooze": lambda: SnoozeDialog("S-88213", LocalTime(NOW), CALENDAR),
    "assign": lambda: AssignDialog("S-88213", [HOSTILE, "jo"], me="ana"),
    "facets": lambda: FacetPicker(FACETS, {}, changed=lambda chosen: None),
    "sort": lambda: SortMenu([("due", "Due")], None),
    "columns": lambda: ColumnsMenu([ColumnChoice("due", "Due", True, True)]),
    "export": lambda: ExportDialog("312 sends", Path("sends.csv")),
    "confirm": lambda: ConfirmDialog("Sure?", "It is a lot.", yes="do it"),
    "preview": lambda: preview(many_sends(60), command=f"senddesk set {HOSTILE}" * 20),
    "progress": lambda: ProgressDialog("A note", 5000, lambda: 1200, lambda: None),
    "results": lambda: ResultSheet(
        HOSTILE,
        [ResultLine(send, "refused", HOSTILE) for send in many_sends(60)],
        retry=3,
        undo=True,
    ),
    "log": lambda: LogDialog(read_log, run_beside, local=LocalTime(NOW)),
    "hand-over": lambda: HandOverDialog(f"Triage\n{HOSTILE}\n" * 100, lambda text: HOSTILE),
    "reply": lambda: ReplyDialog(
        HOSTILE,
        {
            "sender": Reply("sender", HOSTILE, text=HOSTILE * 50, warning=HOSTILE * 10),
            "recipient": Reply("recipient", HOSTILE, why_not=HOSTILE),
        },
        "sender",
    ),
    "text": lambda: TextDialog("Packet", HOSTILE * 500),
    "theme": lambda: ThemeDialog(THEME_LABELS, DARK, preview=lambda name: None),
    "save a view": lambda: ViewDialog(View("7", "Late", "is:over"), HOSTILE),
    "menu": lambda: MenuDialog("Copy", [("i", "id", "the id", HOSTILE)]),
    "limit": lambda: LimitField(
        "Limit", HOSTILE, "7d", "Write 7d.", lambda field, text, last: None
    ),
    "help": lambda: HelpScreen(KEYS, {"status:": "the status"}),
    "palette": lambda: CommandPalette(KEYS),
}


QUESTIONS = [name for name in EVERY_DIALOG if name != "progress"]
"""The dialogs that wait for the agent; the one that is left out closes by itself."""


def many_sends(count: int) -> list[SendRecord]:
    """Return parcels of many owners and names."""
    return [
        sample_send(id=n, ref=f"S-{n}", recipient_name=HOSTILE, owner=f"{HOSTILE}{n % 9}")
        for n in range(count)
    ]


def preview(sends: list[SendRecord], *, command: str = "") -> PreviewDialog:
    """Return the preview of a status for *sends*."""
    change = Change(SET, Override("delivered", "they have it", label="Delivered"))
    verdicts = (judge(send, change.operation, agent="ana", now=NOW) for send in sends)
    judged = Preview(
        Judged(change, send, verdict, change.step(send, str))
        for send, verdict in zip(sends, verdicts, strict=True)
    )
    return PreviewDialog("Status Delivered", f"{len(sends)} sends", judged, command=command)


def escalation(copied: list[str]) -> EscalateDialog:
    """Return the escalation dialog; what it copies goes to *copied*."""

    def copy(text: str) -> str:
        copied.append(text)
        return "Sent to the terminal's clipboard."

    return EscalateDialog(
        "S-88213",
        "Sendoso Support",
        f"Order S-88213\n{HOSTILE}\n" * 20,
        local=LocalTime(NOW),
        calendar=CALENDAR,
        copy=copy,
    )


async def answer(dialog: Screen[Any], *pressed: str) -> list[Any]:
    """Press keys in *dialog* and return its answers: none while it is still open."""
    app = Stage(dialog=dialog)
    async with running(app, size=(80, 24)) as pilot:
        await pilot.pause()
        await app.act(pilot, *pressed)
        return app.answers


async def seen(dialog: Screen[Any], *pressed: str, size: tuple[int, int] = (80, 24)) -> str:
    """Press keys in *dialog* and return what the terminal shows."""
    app = Stage(dialog=dialog)
    async with running(app, size=size) as pilot:
        await pilot.pause()
        await app.act(pilot, *pressed)
        return app.text()


@pytest.mark.parametrize("name", EVERY_DIALOG)
async def test_every_dialog_is_whole_and_in_the_middle_until_escape_leaves_it(name: str) -> None:
    app = Stage(dialog=EVERY_DIALOG[name]())
    async with running(app, size=(80, 24)) as pilot:
        for width, height in ((80, 24), (120, 40), (200, 60)):
            await pilot.resize_terminal(width, height)
            box = app.screen.query_one(".dialog").region
            foot = app.screen.query_one("#dialog-keys").region

            assert app.screen.region.contains_region(box)
            assert abs(box.x - (width - box.right)) <= 1
            assert abs(box.y - (height - box.bottom)) <= 1
            assert foot.bottom == box.bottom - 1
            assert "esc" in app.text()
            assert all(code.isprintable() for code in app.text().replace("\n", ""))

        if name in QUESTIONS:
            await pilot.press("escape")
            assert app.answers == [None]


# --- status --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", QUESTIONS)
async def test_what_has_the_keys_is_in_view_after_every_tab(name: str) -> None:
    app = Stage(dialog=EVERY_DIALOG[name]())
    async with running(app, size=(40, 10)) as pilot:
        await pilot.pause()
        for turn in range(12):
            if turn == 6:
                await pilot.resize_terminal(60, 15)
            dialog = app.screen
            box = dialog.query_one(".dialog").region
            assert dialog.region.contains_region(box)
            for always in (".dialog-title", "#dialog-keys"):
                assert dialog.region.contains_region(dialog.query_one(always).region)
            assert dialog.focused is not None
            assert _cursor_of(dialog.focused) is not None
            assert "esc" in app.text()
            await pilot.press("tab")


def _cursor_of(widget: Widget) -> Region | None:
    """Return where the cursor of *widget* is on the screen; None where it cannot be seen."""
    seen = widget.screen.find_widget(widget).visible_region
    if isinstance(widget, OptionList) and widget.highlighted is not None:
        y = widget.region.y + widget.highlighted - widget.scroll_offset.y
        wanted = Region(widget.region.x, y, 1, 1)
    else:
        wanted = Region(widget.region.x, widget.region.y, 1, 1)
    return wanted if seen.contains_region(wanted) else None


async def test_a_small_dialog_follows_to_the_second_question() -> None:
    text = await seen(StatusDialog([sample_send()]), *UNUSUAL, size=(40, 10))

    assert "Set it all the same?" in text
    assert "y set it all the same" in text


async def test_a_small_dialog_shows_what_is_missing() -> None:
    text = await seen(StatusDialog([sample_send()]), "s", "enter", size=(40, 10))

    assert "needs a reason" in text


async def test_a_letter_shows_the_step_and_a_reason_and_enter_set_it() -> None:
    app = Stage(dialog=StatusDialog([sample_send()]))
    async with running(app, size=(80, 24)) as pilot:
        await pilot.press("s")
        assert "◑ Order Received → ◕ Shipped   a usual step" in app.text()
        await pilot.press("enter")
        assert "needs a reason" in app.text()
        await pilot.press("space", "enter")
        assert not app.answers, "a space is no reason"
        # Letters in the reason choose nothing.
        await app.act(pilot, "ctrl+u", *"fsc/", "enter")
        assert app.answers == [StatusChange("shipped", "fsc/", force=False)]


@pytest.mark.parametrize(("typed", "slug"), [("canc", "canceled"), ("deliv", "delivered")])
async def test_a_status_that_begins_with_what_was_typed_is_taken_first(
    typed: str, slug: str
) -> None:
    keys = ("slash", Typed(typed), "enter", Typed("ok"), "enter", "y")
    (change,) = await answer(StatusDialog([sample_send()]), *keys)

    assert change.status == slug


UNUSUAL = ("slash", Typed("deliv"), "enter", Typed("ok"), "enter")


async def test_only_an_explicit_yes_forces_a_step_outside_the_lifecycle() -> None:
    app = Stage(dialog=StatusDialog([sample_send()]))
    async with running(app, size=(80, 24)) as pilot:
        await app.act(pilot, *UNUSUAL)
        for no in ("n", "escape"):
            assert "does not usually go from Order Received to Delivered" in app.text()
            await pilot.press("enter")
            assert not app.answers, "Enter is no yes"
            await pilot.press(no)
            assert not app.answers, no
            assert "does not usually go" not in app.text()
            await pilot.press("enter")
        await pilot.press("y")
        assert app.answers == [StatusChange("delivered", "ok", force=True)]


async def test_escape_goes_back_one_part_at_a_time() -> None:
    dialog = StatusDialog([sample_send()])

    assert await answer(dialog, *UNUSUAL, "escape", "escape", "escape") == [None]


async def test_all_statuses_of_the_type_stand_by_stage_and_are_found_by_alias() -> None:
    dialog = StatusDialog([sample_send()])

    assert "Processing" not in await seen(dialog, "slash")
    assert "Order Received" in await seen(
        StatusDialog([sample_send()]), "slash", Typed("processing")
    )
    picks = status_text.every_target([sample_send()], ascii=False)
    assert "redeemed" not in {pick.key for pick in picks}
    stages = [pick.group for pick in picks]
    assert len(set(stages)) == sum(
        stage != before for stage, before in zip(stages, ["", *stages], strict=False)
    )


async def test_many_sends_are_counted_by_where_they_are() -> None:
    sends = [sample_send()] * 30 + [sample_send(status="shipped")] * 12

    text = await seen(StatusDialog(sends), "s")

    assert "42 sends" in text
    assert "30 × ◑ Order Received" in text
    assert "12 × ◕ Shipped" in text
    assert "42 sends → ◕ Shipped   usual steps, 12 already there" in text


async def test_unusual_steps_among_many_are_counted_and_left_to_the_preview() -> None:
    sends = [sample_send()] * 30 + [sample_send(status="delivered")] * 2

    assert "2 of them outside the usual lifecycle" in await seen(StatusDialog(sends), "s")
    answers = await answer(StatusDialog(sends), "s", Typed("ok"), "enter")
    assert answers == [StatusChange("shipped", "ok", force=False)]


TWO_PLATFORMS = [
    sample_send(status="fulfilling"),
    sample_send(provider="goody", type="order", status="ordered"),
]


async def test_of_two_platforms_the_statuses_that_both_know_are_offered() -> None:
    text = await seen(StatusDialog(TWO_PLATFORMS))

    assert "1 × ◑ Fulfilling   Sendoso" in text
    assert "1 × ◑ Ordered   Goody" in text
    assert {each.label for each in status_text.usual_targets(TWO_PLATFORMS)} == {
        "Shipped", "Canceled", "Failed",
    }  # fmt: skip
    answers = await answer(StatusDialog(TWO_PLATFORMS), "s", Typed("gone"), "enter")
    assert answers == [StatusChange("Shipped", "gone", force=False)]


async def test_a_status_of_one_platform_says_whose_it_is() -> None:
    app = Stage(dialog=StatusDialog(TWO_PLATFORMS))
    async with running(app, size=(80, 24)) as pilot:
        await app.act(pilot, "slash", Typed("accepted"))
        assert "Accepted   Goody only" in app.text()
        await pilot.press("enter")
        assert "cannot" in app.text()
        await app.act(pilot, Typed("x"), "enter")
        assert app.answers == [StatusChange("Accepted", "x", force=False)]


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.key)
def test_every_usual_target_has_its_own_letter(provider: Any) -> None:
    for status in provider.statuses:
        labels = [each.label for each in catalogue.may_follow(provider.key, status.slug)]
        given = status_text.letters(labels)

        assert len(set(given)) == len(labels)
        assert not {"j", "k"} & set(given)


def test_letters_run_out_without_harm() -> None:
    assert len(status_text.letters(["Same"] * 40)) == 24


# --- the override meets the platform ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("send", "pressed", "answers"),
    [
        (CONTESTED, ("s", Typed("seen it"), "enter"), [ReleaseAnswer(True, "seen it")]),
        (CONTESTED, ("s", "enter"), []),
        (CONTESTED, ("R", "enter"), [ReleaseAnswer(False, "")]),
        (CONTESTED, ("s", "escape", "R", Typed("ok"), "enter"), [ReleaseAnswer(False, "ok")]),
        (CONTESTED._replace(contested=False), ("enter", "enter"), [ReleaseAnswer(False, "")]),
    ],
    ids=["keep", "keep needs a reason", "release", "another choice", "nothing contested"],
)
async def test_an_override_is_kept_or_released(
    send: SendRecord, pressed: tuple[str, ...], answers: list[ReleaseAnswer]
) -> None:
    assert await answer(ReleaseDialog([send]), *pressed) == answers


async def test_both_statuses_stand_side_by_side() -> None:
    text = await seen(ReleaseDialog([CONTESTED]))

    assert "Override  ✔ Delivered  by ana" in text
    assert "Platform  ✖ Undeliverable  Return to sender" in text


async def test_many_overrides_are_released_together() -> None:
    assert "3 sends" in await seen(ReleaseDialog([CONTESTED] * 3))


@pytest.mark.parametrize(
    ("pressed", "answers"),
    [("t", ["theirs"]), ("m", ["mine"]), ("c", [None]), ("enter", ["theirs"])],
)
async def test_a_conflict_keeps_theirs_unless_mine_is_chosen(
    pressed: str, answers: list[str | None]
) -> None:
    dialog = ConflictDialog(sample_send(), CONTESTED, "status Failed", local=LocalTime(NOW))

    assert await answer(dialog, pressed) == answers


async def test_a_conflict_shows_what_was_seen_what_is_and_what_was_wanted() -> None:
    text = await seen(
        ConflictDialog(sample_send(), CONTESTED, "status Failed", local=LocalTime(NOW))
    )

    assert "You saw" in text
    assert "Order Received" in text
    assert "set by ana" in text
    assert "status Failed" in text


async def test_a_conflict_names_who_changed_what_when_and_why() -> None:
    changes = [
        event(9, EventKind.NOTE, ago(minutes=1), reason="seen by the warehouse", actor="jo"),
        event(
            8,
            EventKind.OVERRIDE,
            ago(minutes=12),
            from_status="order_received",
            to_status="shipped",
            actor="jo",
        ),
        *(event(seq, EventKind.NOTE, ago(days=1), reason="older", actor="raj") for seq in range(5)),
    ]
    text = await seen(
        ConflictDialog(sample_send(), CONTESTED, "status Failed", changes, local=LocalTime(NOW))
    )

    assert "Fri 21 Nov 09:29  jo set Shipped  Order Received" in text
    assert "Fri 21 Nov 09:40  jo added a note  “seen by the" in text
    assert "and 3 more" in text


async def test_nothing_can_be_applied_to_a_send_that_is_gone() -> None:
    text = await seen(ConflictDialog(sample_send(), None, "status Failed", local=LocalTime(NOW)))

    assert "the send is gone" in text
    assert "apply mine" not in text


# --- notes, escalation, rest, owner ------------------------------------------------------------------


async def test_a_note_is_saved_with_enter_and_may_have_lines() -> None:
    answers = await answer(NoteDialog("S-1"), "a", "ctrl+j", "b", "enter")

    assert answers == [Note("a\nb")]


async def test_an_empty_note_is_not_saved() -> None:
    assert await answer(NoteDialog("S-1"), "space", "enter") == []


async def test_a_note_that_was_begun_is_not_lost_by_one_escape() -> None:
    app = Stage(dialog=NoteDialog("S-1"))
    async with running(app, size=(80, 24)) as pilot:
        await pilot.press("a", "escape")
        assert app.answers == []
        await pilot.press("escape")
        assert app.answers == [None]


TUESDAY = CALENDAR.after(NOW, Limit(2, "bd"))


async def test_an_escalation_has_a_ticket_and_two_business_days() -> None:
    copied: list[str] = []

    answers = await answer(escalation(copied), "y", "enter", Typed("ZD1"), "enter")

    assert answers == [Escalation("ZD1", TUESDAY, copied=True)]
    assert copied[0].startswith("Order S-88213")


async def test_the_follow_up_is_chosen_with_arrows_or_typed() -> None:
    later = await answer(escalation([]), "enter", "tab", "down", "enter")
    typed = await answer(escalation([]), "enter", "tab", "ctrl+u", Typed("2026-01-05"), "enter")

    assert later[0].follow_up_at.isoformat() == "2025-11-28T09:41:00+00:00"
    assert typed[0].follow_up_at.isoformat() == "2026-01-05T09:00:00+00:00"
    assert not typed[0].copied


async def test_a_follow_up_that_is_no_time_is_refused() -> None:
    pressed = ("enter", "tab", Typed("x"), "enter")

    app = Stage(dialog=escalation([]))
    async with running(app, size=(80, 24)) as pilot:
        await app.act(pilot, *pressed)
        assert app.answers == []
        assert "Look again when?" in app.text()


@pytest.mark.parametrize(
    ("pressed", "until"),
    [
        (("h",), "2025-11-21T13:41:00+00:00"),
        (("t",), "2025-11-22T09:00:00+00:00"),
        (("b",), "2025-11-25T09:41:00+00:00"),
        (("m",), "2025-11-24T09:00:00+00:00"),
        (("slash", Typed("3d"), "enter"), "2025-11-24T09:41:00+00:00"),
        (("3", "d", "enter"), "2025-11-24T09:41:00+00:00"),
        (("1", "escape", "t"), "2025-11-22T09:00:00+00:00"),
    ],
)
async def test_a_send_rests_until_the_chosen_moment(pressed: tuple[str, ...], until: str) -> None:
    answers = await answer(SnoozeDialog("S-1", LocalTime(NOW), CALENDAR), *pressed)

    assert [each.until.isoformat() for each in answers] == [until]


async def test_a_send_rests_until_the_platform_says_something() -> None:
    assert await answer(SnoozeDialog("S-1", LocalTime(NOW), CALENDAR), "p") == [SnoozeChoice(None)]


async def test_a_typed_moment_is_shown_and_a_wrong_one_explained() -> None:
    app = Stage(dialog=SnoozeDialog("S-1", LocalTime(NOW), CALENDAR))
    async with running(app, size=(80, 24)) as pilot:
        await app.act(pilot, "slash", Typed("3d"))
        assert "until Mon 24 Nov 09:41" in app.text()
        await pilot.press("ctrl+u", "x", "enter")
        assert "write 30m, 4h" in app.text()


@pytest.mark.parametrize(
    ("pressed", "owner"),
    [
        (("enter",), "ana"),
        (("j", "o", "enter"), "jo"),
        (("n", "e", "w", "enter"), "new"),
        (("n", "o", "b", "enter"), ""),
        (("a", "n", "down", "enter"), "an"),
    ],
    ids=["me", "known", "new", "nobody", "beginning of another name"],
)
async def test_a_send_is_given_to_anyone(pressed: tuple[str, ...], owner: str) -> None:
    dialog = AssignDialog("S-1", ["ana", "jo", "raj"], me="ana")

    assert await answer(dialog, *pressed) == [Assignment(owner)]


# --- the list ------------------------------------------------------------------------------------------


async def test_ticks_are_heard_at_once_and_kept_with_enter() -> None:
    heard: list[Any] = []
    dialog = FacetPicker(FACETS, {}, changed=heard.append)

    answers = await answer(dialog, "space", "tab", "space", "j", "space", "enter")

    final = {"urgency": frozenset({"over"}), "owner": frozenset({"", "a=b"})}
    assert heard[0] == {"urgency": frozenset({"over"})}
    assert heard[-1] == final
    assert answers == [final]


async def test_ticks_can_be_taken_off() -> None:
    heard: list[Any] = []
    chosen = {"urgency": frozenset({"over"}), "owner": frozenset({"jo"})}

    answers = await answer(FacetPicker(FACETS, chosen, changed=heard.append), "space", "c", "enter")

    assert heard == [{"owner": frozenset({"jo"})}, {}]
    assert answers == [{}]


async def test_new_counts_leave_the_cursor_on_its_value() -> None:
    dialog = FacetPicker(FACETS, {}, changed=lambda chosen: None)
    app = Stage(dialog=dialog)
    async with running(app) as pilot:
        await pilot.pause()
        await pilot.press("tab", "j")
        dialog.update_groups(FACETS[1:])
        await pilot.press("space", "enter")
        await pilot.pause()

        assert app.answers == [{"owner": frozenset({"a=b"})}]


@pytest.mark.parametrize(
    ("pressed", "answers"),
    [
        ("d", [Sorting("due", True)]),
        ("s", [Sorting("status", False)]),
        ("enter", [Sorting("due", True)]),
    ],
)
async def test_the_column_that_sorts_turns_round(pressed: str, answers: list[Sorting]) -> None:
    dialog = SortMenu([("status", "Status"), ("due", "Due")], Sorting("due", False))

    assert await answer(dialog, pressed) == answers


async def test_columns_are_hidden_shown_and_moved_but_fixed_ones_stay() -> None:
    columns = [
        ColumnChoice("due", "Due", True, True),
        ColumnChoice("company", "Company", True),
        ColumnChoice("campaign", "Campaign", False),
    ]

    answers = await answer(
        ColumnsMenu(columns),
        "space",
        "j",
        "less_than_sign",
        "j",
        "space",
        "less_than_sign",
        "enter",
    )

    assert answers == [("due", "campaign", "company")]


async def test_an_export_goes_where_it_is_told(tmp_path: Path) -> None:
    dialog = ExportDialog("3 sends", tmp_path / "sends.csv")

    assert await answer(dialog, "down", "enter") == [Export(tmp_path / "sends.jsonl", "jsonl")]


async def test_a_file_is_written_over_only_after_a_second_enter(tmp_path: Path) -> None:
    path = tmp_path / "sends.csv"
    path.touch()

    app = Stage(dialog=ExportDialog("3 sends", path))
    async with running(app, size=(80, 24)) as pilot:
        await pilot.press("enter")
        assert app.answers == []
        await pilot.press("enter")
        assert app.answers == [Export(path, "csv")]


async def test_a_name_without_a_known_format_is_refused() -> None:
    assert "one of the formats" in await seen(
        ExportDialog("3 sends", Path("sends.csv")), "x", "enter"
    )


@pytest.mark.parametrize(
    ("pressed", "answers"), [("enter", [False]), ("n", [False]), ("y", [True])]
)
async def test_the_safe_answer_is_under_the_cursor(pressed: str, answers: list[bool]) -> None:
    assert await answer(ConfirmDialog("Sure?", "It is a lot.", yes="do it"), pressed) == answers


async def test_a_text_is_scrolled_and_closed() -> None:
    dialog = TextDialog("SQL", "\n".join(f"line {n}" for n in range(100)))

    app = Stage(dialog=dialog)
    async with running(app, size=(80, 24)) as pilot:
        await pilot.press("G")
        assert "line 99" in app.text()
        await pilot.press("q")
        assert app.answers == [None]


# --- help and palette ------------------------------------------------------------------------------------


async def test_help_finds_a_key_and_runs_it() -> None:
    assert await answer(HelpScreen(KEYS, {}), Typed("reason"), "enter") == ["status"]


async def test_what_more_there_is_to_say_of_a_command_stands_below_the_list() -> None:
    app = Stage(dialog=HelpScreen(KEYS, {}))
    async with running(app, size=(45, 20)) as pilot:
        await pilot.pause()
        assert "asks for a reason" in app.text()
        await pilot.press("down")
        await pilot.pause()
        assert "asks for a reason" not in app.text()
        await pilot.press(*"reason")
        await pilot.pause()
        assert "asks for a reason" in app.text()


async def test_help_shows_two_keys_of_one_command_and_the_filter_language() -> None:
    text = await seen(HelpScreen(KEYS, {"status:": "the status, by any name"}))

    assert text.count("move down") == 2
    assert "the status, by any name" in text


async def test_a_filter_can_be_started_from_help() -> None:
    dialog = HelpScreen(KEYS, {"is:triage": "needs an agent"})

    assert await answer(dialog, Typed("agent"), "enter") == ["filter:is:triage"]


async def test_the_palette_runs_the_nearest_command() -> None:
    assert await answer(CommandPalette(KEYS), Typed("snoze"), "enter") == ["snooze"]


async def test_nothing_found_runs_nothing() -> None:
    assert await answer(CommandPalette(KEYS), Typed("qqqq"), "enter") == []


async def test_the_arrows_move_the_list_while_the_cursor_stays_in_the_field() -> None:
    app = Stage(dialog=CommandPalette(KEYS))
    async with running(app) as pilot:
        await pilot.pause()
        await pilot.press("down", "down", "up")

        assert isinstance(app.focused, Input)
        await pilot.press("enter")
        await pilot.pause()
        assert app.answers == ["snooze"]


# --- several sends -------------------------------------------------------------------------------

MIXED = [
    *[sample_send(id=n, ref=f"S-{n}", status="shipped") for n in range(30)],
    *[sample_send(id=n, ref=f"S-{n}", status="order_received") for n in range(30, 34)],
    *[sample_send(id=n, ref=f"S-{n}", status="shipped", owner="jo") for n in range(34, 36)],
    *[sample_send(id=n, ref=f"S-{n}", status="delivered") for n in range(36, 39)],
]


async def test_a_preview_counts_steps_and_names_what_is_unusual_and_what_cannot_be_done() -> None:
    text = await seen(preview(MIXED))

    for line in (
        "32 × Shipped → Delivered",
        "4 × Order Received → Delivered",
        "4 × Order Received is not usually followed by Delivered",
        "2 × belongs to jo",
        "3 × Delivered already",
        "y  do it: 30 sends, leave out the 6 unusual",
        "a  do it all the same: 36 sends, the unusual too",
    ):
        assert line in text


@pytest.mark.parametrize(
    ("sends", "pressed", "answers"),
    [
        (MIXED, ("y",), ["usual"]),
        (MIXED, ("a",), ["all"]),
        (MIXED, ("enter",), [None]),
        (MIXED, ("n",), [None]),
        (MIXED, ("l", "escape", "l", "y"), ["usual"]),
        (MIXED[:30], ("a",), []),
        # One answer: what the letters before it would have given is not among the answers.
        (MIXED[30:34], ("y", "a"), ["all"]),
        (MIXED[36:], ("y", "a", "n"), [None]),
    ],
)
async def test_a_preview_is_answered_by_an_explicit_letter(
    sends: list[SendRecord], pressed: tuple[str, ...], answers: list[str | None]
) -> None:
    assert await answer(preview(sends), *pressed) == answers


async def test_each_send_of_a_preview_can_be_looked_at() -> None:
    text = await seen(preview(MIXED), "l", "tab", "G")

    assert "S-38" in text
    assert "Delivered already" in text
    assert "S-0 " not in text


async def test_a_preview_of_five_thousand_is_painted_at_once_and_scrolled() -> None:
    sends = many_sends(5000)
    text = await seen(preview(sends), "l", "tab", "G")
    assert "S-4999" in text


async def test_the_result_sheet_lists_failures_first_and_offers_what_can_be_done() -> None:
    lines = [
        ResultLine(sample_send(ref="S-1"), "done", "Shipped → Delivered"),
        ResultLine(sample_send(ref="S-2"), "refused", "S-2 has changed since you saw it."),
        ResultLine(sample_send(ref="S-3"), "untried", "not tried: you stopped before it"),
    ]
    text = await seen(ResultSheet("Status Delivered", lines, retry=2, undo=True))
    assert "Status Delivered   1 done · 1 not tried · 1 refused" in text
    assert text.index("S-2") < text.index("S-3") < text.index("S-1")
    assert "r try the 2 once more" in text

    for pressed, answers in (("r", ["retry"]), ("u", ["undo"]), ("q", [None]), ("enter", [None])):
        assert await answer(ResultSheet("x", lines, retry=2, undo=True), pressed) == answers
    assert await answer(ResultSheet("x", lines), "r", "u") == []


async def test_progress_says_how_far_it_is_and_stops_when_asked() -> None:
    asked: list[bool] = []
    dialog = ProgressDialog("A note", 5000, lambda: 1200, lambda: asked.append(True))
    text = await seen(dialog, "escape")
    assert "1,200 of 5,000   stopping" in text
    assert asked == [True]

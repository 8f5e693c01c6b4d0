"""The case pane says everything about a send, safely, at any width."""

import pytest
from textual.geometry import Offset
from textual.selection import Selection

from models.providers import PROVIDERS, catalogue
from models.records import Advice, Case, EventKind, Shipment, Urgency
from models.values.local_time import LocalTime
from tests.support.hostile import HOSTILE as HOSTILE_TEXTS
from tests.support.pilot import running
from tests.support.sample_cases import (
    CALM,
    HISTORY,
    NOW,
    OVERDUE,
    ago,
    contested_case,
    event,
    hostile_case,
    sample_case,
)
from tests.support.stage import Stage
from tui.keys import USUAL_KEYS
from tui.widgets.case import fields, summary
from tui.widgets.case.guidance import guide
from tui.widgets.case.history import latest, whole
from tui.widgets.case.pane import CasePane
from tui.widgets.case.summary import Page
from tui.widgets.case.tabs import TABS, Tab, lines

PAGE = Page(60, LocalTime(NOW))
WAITING = OVERDUE._replace(waits=True)
"""The advice for a send that is past its limit, while nothing is to be done about it."""


def escalated(advice: Advice) -> Case:
    case = sample_case(advice)
    return case._replace(send=case.send._replace(escalated_at=ago(days=1)))


EVERY_STATUS = [
    pytest.param(provider.key, kind, status.slug, id=f"{provider.key}-{kind}-{status.slug}")
    for provider in PROVIDERS
    for kind in provider.types
    for status in (*provider.statuses, catalogue.UNMAPPED)
]


async def shown(
    case: Case | None, *, tab: Tab = "Summary", size: tuple[int, int] = (60, 60)
) -> str:
    """Return the pane's text with *case*."""
    pane = CasePane()
    pane.styles.width = size[0]
    app = Stage(pane)
    async with running(app, size=size) as pilot:
        pane.now = NOW
        pane.case = case
        pane.tab = tab
        await pilot.pause()
        return app.text()


async def test_the_head_says_which_send_for_whom_and_what_it_cost() -> None:
    text = await shown(sample_case())

    for said in ("S-88213", "Onboarding kit", "Priya Raman", "Northwind", "Physical", "84.00 USD"):
        assert said in text


def test_the_present_station_is_marked_between_past_and_future_ones() -> None:
    head = summary.head(sample_case(), PAGE).plain

    assert "✔──✔──◉──○──○──○" in head
    assert "Order Received  18d in this status" in head


def test_a_status_beside_the_usual_way_stands_after_the_furthest_station() -> None:
    head = summary.head(sample_case(status="fulfillment_issue"), PAGE).plain

    assert "✔──✔──✔──✖──○──○──○" in head
    assert "outside the usual lifecycle" in head


def test_a_finished_send_has_passed_every_station() -> None:
    head = summary.head(sample_case(CALM, status="delivered"), PAGE).plain

    assert "✔──✔──✔──✔──✔──✔" in head


def test_the_way_can_be_drawn_in_ascii() -> None:
    head = summary.head(sample_case(), PAGE._replace(ascii=True)).plain

    assert "v--v--@--o--o--o" in head


async def test_the_advice_says_what_to_do_why_and_with_which_keys() -> None:
    text = await shown(sample_case())

    assert "Escalate to Sendoso Support" in text
    assert "18 days with the warehouse" in text
    assert "e escalate" in text
    assert "Y copy the packet" in text


def test_a_send_past_its_limit_is_told_what_is_over_not_what_always_holds() -> None:
    standing = catalogue.status("sendoso", "order_received").advice
    advice = OVERDUE._replace(body=f"11 days over. {standing} Quote order 88213.")

    assert (
        "11 days over. Quote order 88213."
        in summary.card(sample_case(advice), 60, USUAL_KEYS).plain
    )


@pytest.mark.parametrize(
    ("case", "keys"),
    [
        pytest.param(sample_case(), ["e", "Y"], id="past its limit"),
        pytest.param(contested_case(), ["D"], id="contested"),
        pytest.param(sample_case(CALM), [], id="nothing to do"),
        pytest.param(sample_case(CALM._replace(urgency="soon")), ["c", "z"], id="due soon"),
        pytest.param(escalated(WAITING), ["E", "c", "z"], id="waits for an answer"),
        pytest.param(escalated(OVERDUE), ["E", "e", "Y"], id="to follow up"),
        pytest.param(sample_case(WAITING), ["z", "c"], id="snoozed"),
        pytest.param(sample_case(CALM._replace(urgency="now")), ["s", "c"], id="nobody to contact"),
    ],
)
def test_the_card_offers_the_keys_that_carry_out_the_advice(case: Case, keys: list[str]) -> None:
    assert [key for key, _ in USUAL_KEYS.hints(summary.card_keys(case))] == keys


@pytest.mark.parametrize(
    ("urgency", "tone"),
    [("over", "error"), ("now", "error"), ("soon", "warning"), ("none", "primary")],
)
def test_the_card_is_loud_only_when_it_must_be(urgency: Urgency, tone: str) -> None:
    case = sample_case(CALM._replace(urgency=urgency))

    card = next(line for line in lines(case, "Summary", PAGE, focused=False) if "▌" in line.plain)

    assert {f"${tone}", f"on ${tone}-muted"} <= {str(span.style) for span in card.spans}


def test_the_card_of_a_send_that_waits_is_calm() -> None:
    text = lines(escalated(WAITING), "Summary", PAGE, focused=False)
    assert not [span for line in text for span in line.spans if "error" in str(span.style)]


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("width", [30, 60, 95, 96, 140])
def test_no_line_is_wider_than_the_page(tab: Tab, width: int) -> None:
    shown = lines(contested_case(), tab, PAGE._replace(width=width), focused=True)

    assert max(line.cell_length for line in shown) <= width


async def test_only_lines_that_differ_are_painted_again() -> None:
    pane = CasePane()
    async with running(Stage(pane), size=(60, 40)) as pilot:
        pane.now = NOW
        pane.case = sample_case()
        await pilot.pause()
        former = list(pane.painted)
        pane.case = sample_case(owner="jo")
        await pilot.pause()
        changed = [y for y, line in enumerate(pane.painted) if line != former[y]]

    assert [pane.painted[y].text.split() for y in changed] == [["Owner", "jo"]]


async def test_the_selected_text_is_that_of_the_lines() -> None:
    pane = CasePane()
    async with running(Stage(pane), size=(60, 40)) as pilot:
        pane.now = NOW
        pane.case = sample_case()
        await pilot.pause()
        place = next(y for y, line in enumerate(pane.painted) if line.text.startswith("Owner"))

        found = pane.get_selection(Selection(Offset(10, place), Offset(13, place)))

    assert found == ("ana", "\n")


async def test_focus_shows_on_the_tabs() -> None:
    pane = CasePane()
    async with running(Stage(pane), size=(60, 40)) as pilot:
        pane.screen.set_focus(None)
        await pilot.pause()
        without = pane.render_line(0)
        pane.focus()
        await pilot.pause()
        assert pane.render_line(0) != without


def test_an_override_stands_beside_the_platforms_word() -> None:
    said = fields.platform_and_override(contested_case(), PAGE).plain

    assert "Override  Delivered  by ana  Thu 20 Nov 09:41" in said
    assert "Because   Recipient confirmed on the phone" in said
    assert "Platform  Undeliverable  its word: Return to sender" in said


def test_without_an_override_the_platform_is_not_repeated() -> None:
    assert fields.platform_and_override(sample_case(), PAGE).plain == ""


def test_an_unknown_word_is_shown_with_the_nearest_known_status() -> None:
    case = sample_case(provider_status="unmapped", provider_raw="Shiped", status="unmapped")

    said = fields.platform_and_override(case, PAGE).plain

    assert "Unmapped  its word: Shiped" in said
    assert "Perhaps   Shipped, the nearest" in said


def test_a_fact_without_a_time_says_that_its_order_is_uncertain() -> None:
    case = sample_case(order_uncertain=True, provider_at=None)

    said = fields.platform_and_override(case, PAGE).plain

    assert "order uncertain" in said
    assert "time unknown" in said


def test_fields_without_a_value_take_no_room() -> None:
    said = fields.fields(sample_case(batch="", funding_source=""), PAGE).plain

    assert "Batch" not in said
    assert "Funding" not in said
    assert "Owner     ana" in said
    assert "not shipped yet" in said


@pytest.mark.parametrize(
    ("url", "offered"),
    [("https://www.ups.com/track?n=1", True), ("javascript:alert(1)", False), ("", False)],
)
def test_only_a_safe_tracking_link_can_be_opened(url: str, offered: bool) -> None:
    case = sample_case(tracking_number="1Z999", tracking_url=url)

    assert ("o open" in fields.fields(case, PAGE).plain) is offered


def test_shipments_are_listed_with_those_in_question_first() -> None:
    lines = fields.shipments(contested_case(), PAGE).plain.splitlines()

    assert lines[0].split() == ["Shipments", "2"]
    assert lines[1].startswith("◕ Shipped · UPS 1")
    assert lines[1].endswith("expected Sat 22 Nov 09:41")
    assert lines[2].startswith("✔ Delivered · DHL 2")
    assert lines[2].endswith("delivered Tue 18 Nov 09:41")


def test_a_shipment_past_its_expected_day_is_called_late() -> None:
    case = contested_case()
    late = case.shipments[0]._replace(expected_at=ago(days=2))

    assert fields.shipments(case._replace(shipments=(late,)), PAGE).plain.endswith(", late")


def test_guidance_says_what_each_state_of_a_shipment_means() -> None:
    lost = Shipment(external_id="1", status="failed", tracking_number="1Z9")
    case = sample_case(provider="goody", type="order", status="shipment_failed")

    said = guide(case._replace(shipments=(lost,)), PAGE).plain

    assert "Ask Goody Support whether a replacement goes out" in " ".join(said.split())


def test_the_summary_shows_the_newest_events_on_one_line_each() -> None:
    lines = latest(contested_case(), PAGE, 3).plain.splitlines()

    assert "newest first · 412" in lines[0]
    assert "set to Delivered – Recipient" in lines[1]
    assert lines[1].rstrip().endswith("ana")
    assert "escalated  ZD-4711" in lines[2]
    assert lines[-1] == "409 more in History"


def test_the_history_tells_source_and_the_full_reason() -> None:
    said = whole(contested_case(), Page(70, LocalTime(NOW))).plain

    assert "ana (desk)" in said
    assert "Recipient confirmed on the phone" in said
    assert "VIP, please rush" in said


@pytest.mark.parametrize("kind", list(EventKind))
def test_every_kind_of_event_can_be_told(kind: EventKind) -> None:
    detail = '{"owner": "jo", "reference": "ZD-1"}'
    told = event(9, kind, None, to_status="shipped", actor="jo", reason="why", detail=detail)
    case = sample_case()._replace(history=(told, *HISTORY), history_total=5)

    line = latest(case, PAGE, 1).plain.splitlines()[1]

    assert line.startswith("no time")
    assert len(line.split()) > 3


def test_further_values_that_are_no_json_are_passed_over() -> None:
    told = event(9, EventKind.OWNER, ago(hours=1), actor="jo", detail="[broken")
    case = sample_case()._replace(history=(told,), history_total=1)

    assert "owner: nobody" in latest(case, PAGE, 1).plain


def test_a_note_of_a_million_lines_is_cut() -> None:
    long = event(9, EventKind.NOTE, ago(hours=1), actor="ana", reason="line\n" * 1_000_000)
    case = sample_case()._replace(history=(long,), history_total=1)

    assert len(whole(case, PAGE).plain.splitlines()) < 20
    assert len(latest(case, PAGE, 5).plain.splitlines()) == 2


@pytest.mark.parametrize(("provider", "kind", "slug"), EVERY_STATUS)
def test_every_status_has_a_head_and_guidance(provider: str, kind: str, slug: str) -> None:
    case = sample_case(CALM, provider=provider, type=kind, status=slug, provider_status=slug)
    label = catalogue.status(provider, slug).label

    assert label in summary.head(case, PAGE).plain
    assert "Means" in guide(case, PAGE).plain


def test_the_guidance_says_what_the_status_means_and_what_comes_next() -> None:
    said = guide(sample_case(), PAGE).plain

    for part in ("Means", "Do", "Contact", "Why", "Usually next", "Fulfilling"):
        assert part in said


async def test_the_tabs_turn_in_both_directions() -> None:
    pane = CasePane()
    async with running(Stage(pane)):
        pane.next_tab()
        assert pane.tab == "History"
        pane.previous_tab()
        pane.previous_tab()
        assert pane.tab == TABS[-1]


async def test_an_empty_pane_says_so() -> None:
    assert "No send here" in await shown(None)


async def test_a_broad_pane_puts_the_history_beside_the_fields() -> None:
    text = await shown(sample_case(), size=(120, 30))

    fields = next(line for line in text.splitlines() if "Tracking  " in line)
    assert "newest first" in fields


def test_what_the_head_says_is_not_said_again() -> None:
    known = fields.fields(sample_case(), PAGE).plain
    other = fields.fields(sample_case(external_id="0e768ecf-11"), PAGE).plain

    assert "S-88213" not in known
    assert "USD" not in known
    assert "Order     0e768ecf-11" in other


def test_among_the_newest_events_only_people_and_rules_are_named() -> None:
    case = contested_case()
    events = latest(case, PAGE, 12).plain.splitlines()[1:]
    actors = [event.actor for event in case.history]

    assert {"sendoso"} < set(actors)
    for line, actor in zip(events, actors, strict=False):
        assert line.rstrip().endswith(actor) == (actor != "sendoso")


async def test_a_focused_pane_scrolls_and_another_send_starts_at_the_top() -> None:
    pane = CasePane()
    app = Stage(pane)
    async with running(app, size=(60, 12)) as pilot:
        pane.now = NOW
        pane.case = contested_case()
        pane.focus()
        await pilot.pause()
        await pilot.press("j", "j", "j")
        await pilot.pause()
        assert pane.scroll_target_y == 3

        pane.case = sample_case(id=2)
        await pilot.pause()
        assert pane.scroll_target_y == 0


@pytest.mark.parametrize("tab", TABS)
async def test_hostile_values_change_nothing_but_their_own_words(tab: Tab) -> None:
    text = await shown(hostile_case(), tab=tab)

    assert "S-88213" in text
    assert "[red]" in text
    assert all(character.isprintable() for character in text.replace("\n", ""))


@pytest.mark.parametrize("name", HOSTILE_TEXTS)
def test_no_hostile_text_gets_through_to_the_lines(name: str) -> None:
    value = HOSTILE_TEXTS[name]
    noted = event(5, EventKind.NOTE, ago(hours=1), actor=value, source=value, reason=value)
    case = sample_case(recipient_name=value, campaign=value, company=value, owner=value)._replace(
        history=(noted,),
        history_total=1,
    )

    for said in (summary.head(case, PAGE), fields.fields(case, PAGE), whole(case, PAGE)):
        lines = said.plain.split("\n")
        assert not any(code < " " or "\x7f" <= code < "\xa0" for line in lines for code in line)

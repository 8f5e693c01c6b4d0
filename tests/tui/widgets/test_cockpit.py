"""In a round of triage the case shows as many of its parts side by side as there is room for."""

import pytest

from models.providers import PROVIDERS, catalogue
from models.records import Advice, Case
from models.rules.packet import packet
from models.values.local_time import LocalTime
from tests.support.hostile import HOSTILE as HOSTILE_TEXTS
from tests.support.pilot import running
from tests.support.sample_cases import CALM, NOW, contested_case, hostile_case, sample_case
from tests.support.stage import Stage
from tui.widgets.answer_bar import AnswerBar
from tui.widgets.case.cockpit import COLUMNS, cockpit, tabs_in_round
from tui.widgets.case.summary import Page

WIDTHS = (30, 40, 76, 96, 116, 149, 150, 196, 300)
EVERY_STATUS = [
    pytest.param(provider.key, kind, status.slug, id=f"{provider.key}-{kind}-{status.slug}")
    for provider in PROVIDERS
    for kind in provider.types
    for status in (*provider.statuses, catalogue.UNMAPPED)
]


def text(case: Case | None, width: int, tab: str = "Guidance") -> str:
    """Return what the cockpit says at *width* cells."""
    shown = next((each for each in COLUMNS if each == tab), COLUMNS[0])
    return "\n".join(line.plain for line in cockpit(case, shown, Page(width, LocalTime(NOW))))


@pytest.mark.parametrize(("width", "columns"), [(76, 1), (95, 1), (96, 2), (149, 2), (150, 3)])
def test_what_has_no_column_of_its_own_is_a_tab_of_the_last_one(width: int, columns: int) -> None:
    turned = tabs_in_round(Page(width, LocalTime(NOW)))
    assert turned == COLUMNS[columns - 1 :]
    heading = next(line for line in text(sample_case(), width).split("\n") if "Guidance" in line)
    assert heading.split()[0] == "Guidance"
    assert heading.rstrip().endswith(" · ".join(turned))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("tab", COLUMNS)
@pytest.mark.parametrize("make", [sample_case, contested_case, hostile_case])
def test_every_line_fits(width: int, tab: str, make: object) -> None:
    assert callable(make)
    shown = next(each for each in COLUMNS if each == tab)
    for line in cockpit(make(), shown, Page(width, LocalTime(NOW))):
        assert line.cell_length <= width
        assert "\n" not in line.plain


def test_the_packet_is_the_one_that_is_sent() -> None:
    case = contested_case()
    words = text(case, 300, "Packet").split()
    for word in packet(case, LocalTime(NOW)).split():
        assert word in words


@pytest.mark.parametrize(("provider", "kind", "slug"), EVERY_STATUS)
def test_every_status_says_what_to_do_once(provider: str, kind: str, slug: str) -> None:
    status = catalogue.status(provider, slug)
    advice = Advice("over", "Escalate", f"Too long. {status.advice} Quote it.", "")
    case = sample_case(advice, provider=provider, type=kind, status=slug, provider_status=slug)
    words = " ".join(text(case, 116).replace("▌", " ").split())
    assert "Escalate" in words
    said = " ".join(text(case, 76).replace("▌", " ").split())
    assert said.count(status.advice) == 1
    assert "Too long. Quote it." in said


def test_advice_that_is_the_standing_one_leaves_the_card_its_title() -> None:
    case = sample_case(CALM, status="delivered")
    card = [line for line in text(case, 76).split("\n") if line.startswith("▌")]
    assert [line.strip("▌ ") for line in card] == ["Nothing to do", "It arrived."]


def test_no_send_is_a_sentence() -> None:
    assert text(None, 116) == "No send here"


@pytest.mark.parametrize("name", HOSTILE_TEXTS)
def test_no_hostile_text_gets_through(name: str) -> None:
    value = HOSTILE_TEXTS[name]
    case = sample_case(
        recipient_name=value, campaign=value, company=value, owner=value, sender_name=value
    )
    for tab in COLUMNS:
        for line in text(case, 196, tab).split("\n"):
            assert not any(code < " " or "\x7f" <= code < "\xa0" for code in line)


async def test_the_answers_take_the_lines_that_they_need() -> None:
    bar = AnswerBar()
    bar.styles.display = "block"
    app = Stage(bar)
    async with running(app, size=(40, 24)) as pilot:
        bar.answers = ()
        await pilot.pause()
        assert bar.size.height == 1
        bar.answers = (("{round.1}", "escalate to Support"), ("{round.2}", "set Shipped"))
        await pilot.pause()
        assert app.text().split("\n")[0].strip() == "1 escalate to Support   2 set Shipped"
        bar.answers = (*bar.answers, ("{round.3}", "snooze until Mon 09:00"))
        await pilot.pause()
        assert bar.size.height == 2
        await pilot.resize_terminal(40, 10)
        assert bar.size.height == 1

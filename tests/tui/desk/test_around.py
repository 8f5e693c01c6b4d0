"""The sends around the one under the cursor: their counts, their lists, the way back, one packet for all."""

from contextlib import closing
from pathlib import Path

from models.database import open_database
from tests.support.app_driver import NOW, desk_open
from tests.support.demo_sends import STUCK
from tests.support.desk_cases import parcel, take_into
from tui.dialogs.menu import MenuDialog

TRIAGE = "is:triage sort:due"


async def test_the_case_says_how_many_others_there_are(demo_copy: Path) -> None:
    async with desk_open(demo_copy, size=(200, 60)) as d:
        assert d.send.ref == STUCK
        counts = {each.key: each.others for each in d.case.around}
        assert counts.keys() == {"company", "campaign", "problem"}
        assert f"company {counts['company']} · campaign {counts['campaign']}  O list" in d.text
        assert "1 more of this campaign has the same problem" in d.text
        # What is done to the send changes nothing about the others.
        await d.press("c", "h", "i", "enter")
        assert f"company {counts['company']} · campaign" in d.text


async def test_the_others_take_one_line_in_a_narrow_case(demo_copy: Path) -> None:
    async with desk_open(demo_copy, size=(140, 38)) as d:
        ends = set()
        for _ in range(6):
            lines = d.text.splitlines()
            at = next(row for row, line in enumerate(lines) if "Others    company" in line)
            assert lines[at + 1][lines[at].index("Others") :].strip() == ""
            ends.add(lines[at].rstrip().endswith("O list"))
            await d.press("j")
        assert ends == {True, False}


async def test_others_are_listed_and_left_again(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.press("j", "j", "j")
        here, company = d.send, d.send.company
        await d.press("O")
        assert isinstance(d.top, MenuDialog)
        others = next(each for each in d.case.around if each.key == "company")
        assert f"{others.others} {company}" in " ".join(d.text.split())
        await d.press("c")
        assert (d.at_desk, d.query, d.count) == (True, others.filter, others.others + 1)
        assert d.send == here
        assert {each.company for each in await d.rows()} == {company}

        # One list leads to another, and each of them back.
        await d.press("g", "j")
        there = d.send
        await d.press("O", "m")
        assert d.send == there
        assert {each.campaign for each in await d.rows()} == {there.campaign}
        await d.press("equals_sign", "backspace")
        assert (d.query, d.send) == (others.filter, there)
        await d.press("G", "escape")
        assert (d.query, d.send) == (TRIAGE, here)
        await d.press("escape")
        assert (d.query, d.send) == (TRIAGE, here)


async def test_a_filter_of_its_own_does_not_lead_back(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.press("O", "c", "3", "equals_sign")
        await d.press("escape")
        assert d.query == next(view.query for view in d.desk.views() if view.digit == "3")


async def test_a_send_without_others_says_so(tmp_path: Path) -> None:
    path = tmp_path / "sends.db"
    with closing(open_database(path)) as database:
        take_into(database, [parcel(1)], NOW)
    async with desk_open(path, query="is:unowned") as d:
        await d.press("O")
        assert d.at_desk
        assert d.said == ["S-1: No other send has its recipient, company, campaign or order batch."]


async def test_one_packet_is_about_all_with_the_same_problem(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        other = next(each for each in d.case.around if each.key == "problem")
        refs = [
            each.external_id for each in d.desk.rows(d.desk.listing(d.desk.parse(other.filter)))
        ]
        await d.press("Y")
        assert "packet, 2 alike" in d.text
        await d.press("a")
        text = d.app.clipboard
        assert "About: Sendoso, 2 orders, Order Received" in text
        assert [line.split()[-1] for line in text.splitlines() if ". Order " in line] == refs


async def test_one_packet_is_about_the_marked_sends(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.press("space", "space", "space", "Y", "a")
        assert d.app.clipboard.count("\n1. Order ") == 1
        assert d.app.clipboard.count("Our request") >= 1

"""The screen tells every moment in the agent's time zone, which its header names."""

from pathlib import Path
from zoneinfo import ZoneInfo

from tests.support.app_driver import colleague, desk_open

SYDNEY = ZoneInfo("Australia/Sydney")


async def test_the_zone_is_named_once_and_moments_are_told_in_it(demo_copy: Path) -> None:
    async with desk_open(demo_copy, zone=SYDNEY) as d:
        assert d.text.count("Australia/Sydney") == 1
        since = d.case.send.since.astimezone(SYDNEY)
        assert f"{since:%a %d %b %H:%M}" in d.text
        assert "UTC" not in d.text


async def test_tomorrow_at_nine_is_the_agents(demo_copy: Path) -> None:
    # In Sydney it is Friday 20 November, 20:41.
    async with desk_open(demo_copy, zone=SYDNEY) as d:
        send = d.send
        await d.press("z")
        assert "tomorrow at nine" in d.text
        assert "Sat 21 Nov 09:00" in d.text
        assert "Mon 23 Nov 09:00" in d.text
        await d.press("t")
        assert d.said == [f"{send.ref} is snoozed until Sat 21 Nov 09:00 · u undoes"]
        until = d.desk.find(send.ref).snoozed_until
        assert until is not None
        assert until.isoformat() == "2026-11-20T22:00:00+00:00"


async def test_the_follow_up_is_told_in_local_time_and_the_packet_with_its_offset(
    demo_copy: Path,
) -> None:
    async with desk_open(demo_copy, zone=SYDNEY) as d:
        await d.press("e")
        assert "UTC+11 (" in d.text
        # It is after five on Friday: two business days begin on Monday at nine.
        assert "Wed 25 Nov 09:00" in d.text


async def test_the_log_is_local(demo_copy: Path) -> None:
    jo = colleague(demo_copy)
    jo.note(jo.find("S-104972"), "called")
    jo.database.close()
    async with desk_open(demo_copy, zone=SYDNEY) as d:
        await d.press("L", "m")
        assert "Fri 20 Nov 20:41  jo" in d.text


async def test_the_hand_over_says_its_zone(demo_copy: Path) -> None:
    async with desk_open(demo_copy, zone=SYDNEY) as d:
        await d.press("t", "d", "escape")
        assert "Triage by ana, Fri 20 Nov 20:41 UTC+11" in d.text


async def test_today_is_the_agents_day(demo_copy: Path) -> None:
    jo = colleague(demo_copy)
    jo.note(jo.find("S-104972"), "called")
    jo.database.close()
    # At 09:41 UTC it is still Thursday in Honolulu by nineteen minutes; at 10:00 Friday begins.
    async with desk_open(
        demo_copy, zone=ZoneInfo("Pacific/Honolulu"), query="changed:today note:called"
    ) as d:
        assert d.send_list.total == 1
        d.clock.advance(minutes=20)
        await d.press("r")
        await d.until(lambda: d.send_list.total == 0)

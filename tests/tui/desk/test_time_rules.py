"""The open desk lets rules act as time passes, and says what they did; nothing moves under the cursor."""

from pathlib import Path

from tests.support.app_driver import NOW, desk_open
from tests.support.desk_cases import HandClock


async def test_the_rules_run_when_the_moment_of_a_send_has_come(demo_copy: Path) -> None:
    clock = HandClock(NOW)
    async with desk_open(demo_copy, clock=clock) as d:
        await d.press("0", "slash")
        await d.type("status:opened platform:goody")
        await d.press("enter")
        send, looked = d.send, d.send.rule_at
        assert looked is not None
        clock.now = send.expires_at or NOW
        await d.until(lambda: d.desk.find(send.ref).status == "expired")
        await d.until(lambda: "~" in "".join(d.lines))
        await d.settle()
        case = d.desk.case(send.id)
        assert case.history[0].actor == "rule:gift_unaccepted"
        assert case.history[0].source == "desk"

"""A verb that waits for somebody else's write says for whom, once."""

from pathlib import Path

from tests.support.app_driver import desk_open
from tests.support.lock_holding import held_by_another


async def test_a_verb_that_waits_says_for_whom(demo_copy: Path) -> None:
    async with desk_open(demo_copy, (80, 24)) as d:
        here = d.send
        with held_by_another(str(demo_copy)) as other:
            d.send_key("a")
            await d.until(lambda: d.said)
            other.communicate()
            await d.until(lambda: d.desk.find(here.ref).owner == "ana")
        await d.settle()
        told, taken = d.said
        assert told.startswith("Waiting for ")
        assert told.endswith(" to finish writing.")
        assert taken.startswith(f"{here.ref} is yours")


async def test_a_quick_verb_says_nothing_of_waiting(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.press("a")
        assert [each for each in d.said if "Waiting" in each] == []

"""What happens to made-up sends: the stories of every platform that has some."""

from models.providers import PROVIDERS
from models.providers.demo_sends import DemoSends

DEMO_SENDS: dict[str, DemoSends] = {
    each.key: sends for each in PROVIDERS if (sends := each.demo_sends) is not None
}
"""What makes sends up, by the key of the platform."""
FINISHED = tuple(story for each in DEMO_SENDS.values() for story in each.FINISHED)
"""Sends that nobody waits for."""
RUNNING = tuple(story for each in DEMO_SENDS.values() for story in each.RUNNING)
"""Sends on their way, within their limits."""
STUCK = tuple(story for each in DEMO_SENDS.values() for story in each.STUCK)
"""Sends that need a person."""

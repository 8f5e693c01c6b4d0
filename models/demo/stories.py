"""The stories of made-up sends, from every provider that has some."""

from models.providers import PROVIDERS
from models.providers.demo_sends import DemoSends

DEMO_SENDS: dict[str, DemoSends] = {
    each.key: sends for each in PROVIDERS if (sends := each.demo_sends) is not None
}
"""The modules that make up sends, by the key of their provider."""
FINISHED = tuple(story for each in DEMO_SENDS.values() for story in each.FINISHED)
"""Sends that have arrived or ended."""
RUNNING = tuple(story for each in DEMO_SENDS.values() for story in each.RUNNING)
"""Sends on their way, within their thresholds."""
STUCK = tuple(story for each in DEMO_SENDS.values() for story in each.STUCK)
"""Sends that need an agent."""
LATE = tuple(story for each in DEMO_SENDS.values() for story in each.LATE)
"""Sends that took too long, or that only time has ended."""

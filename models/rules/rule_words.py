"""What a run of the rules that time triggers did, in a sentence."""

from collections import Counter
from collections.abc import Iterable

from models.providers import catalogue
from models.records import Event, SendRecord


def run_words(done: Iterable[tuple[SendRecord, Event]]) -> str:
    """Return what became of which number of sends: `Time has changed 1 send: 1 Expired`.

    Args:
        done: The sends, each with the event that a rule wrote; if there are none, the text is empty.
    """
    counts = Counter(_became(send, event) for send, event in done)
    number = sum(counts.values())
    if not number:
        return ""
    told = ", ".join(f"{count:,} {word}" for word, count in counts.most_common())
    return f"Time has changed {number:,} {'send' if number == 1 else 'sends'}: {told}."


def _became(send: SendRecord, event: Event) -> str:
    label = catalogue.status(send.provider, event.to_status).label if event.to_status else ""
    if event.to_status == send.provider_status:
        return f"{label} again"
    return label or "near its end"

"""What a payload says is so now: the provider's word for the status, and no moment that lies ahead."""

from collections.abc import Callable

from models.intake import doubts
from models.providers import catalogue
from models.providers.incoming import Fact, Incoming
from models.providers.status import UNMAPPED_SLUG
from models.rules.state import CLOCKS_DIFFER, ZONES_DIFFER
from models.values.local_time import LocalTime
from models.values.text import display_text

_WORD_SHOWN = 40
"""How many characters of a provider's word a sentence repeats."""


def settle(send: Incoming, local: LocalTime, source: str) -> Incoming:
    """Return *send* with the facts that may count now, and a warning for each that may not.

    Its present word is the newest of its facts, whatever the times of others say: those only say since
    when. A time that lies ahead is a plan: of another status it is left out, and of the present one it
    does not say since when.

    Args:
        send: A payload as its provider's reader returns it.
        local: The time of the import; warnings tell times in its zone.
        source: Where the payload comes from.
    """
    limit = local.now + CLOCKS_DIFFER
    created = send.fields.get("created_at")
    ahead = any(fact.at is not None and fact.at > limit for fact in send.facts)
    if created is not None and created > limit:
        send = _without_creation(send, local.day_words(created))
    if not ahead and (len(send.facts) < 2 or not send.current):
        return send
    warnings: list[str] = []
    facts = _without_plans(send, local, source, warnings.append) if ahead else send.facts
    facts = _without_later(send, facts, local, warnings.append)
    if not warnings:
        return send
    return send._replace(facts=facts, warnings=(*send.warnings, *warnings))


def _without_creation(send: Incoming, day: str) -> Incoming:
    fields = {name: value for name, value in send.fields.items() if name != "created_at"}
    warning = f"created_at {day} lies ahead: left out"
    return send._replace(fields=fields, warnings=(*send.warnings, warning))


def _without_plans(
    send: Incoming, local: LocalTime, source: str, warn: Callable[[str], None]
) -> tuple[Fact, ...]:
    """Return the facts without times that lie ahead."""
    day, limit = local.day_words, local.now + CLOCKS_DIFFER
    past = [fact for fact in send.facts if fact.at is None or fact.at <= limit]
    # Without a present word, and if all lies ahead, the first of it is what there is.
    first = send.facts[0].word if not past else ""
    current = _name(send, send.current or first)
    kept: list[Fact] = []
    for fact in send.facts:
        if fact.at is None or fact.at <= limit:
            kept.append(fact)
            continue
        word = display_text(fact.word, _WORD_SHOWN)
        if _name(send, fact.word) != current:
            warn(f"{word} {day(fact.at)} lies ahead: not taken as {word.lower()}")
        elif at := next((each for each in send.also_at if each <= limit), None):
            kept.append(fact._replace(at=at))
            warn(f"{word} {day(fact.at)} lies ahead: taken as {word} since {day(at)}")
        elif fact.at - local.now <= ZONES_DIFFER:
            # Kept as it is: the history counts it from its recording on, and knows it again.
            kept.append(fact)
            warn(
                f"{word} at {local.words(fact.at)} lies ahead: counted from now on;"
                f" {doubts.of_clocks(send, source)}"
            )
        else:
            kept.append(fact._replace(at=None))
            warn(f"{word} {day(fact.at)} lies ahead: taken as {word} without a time")
    return tuple(kept)


def _without_later(
    send: Incoming, facts: tuple[Fact, ...], local: LocalTime, warn: Callable[[str], None]
) -> tuple[Fact, ...]:
    """Return *facts* without those of other statuses that would come after the present word."""
    if not send.current:
        return facts
    current, day = _name(send, send.current), local.day_words
    times = [fact.at for fact in facts if _name(send, fact.word) == current]
    since = max((at for at in times if at is not None), default=None)
    rank = _rank(send, send.current)
    kept: list[Fact] = []
    for fact in facts:
        if fact.at is None or _name(send, fact.word) == current:
            fits = True
        elif since is not None:
            fits = fact.at <= since
        else:
            fits = _rank(send, fact.word) < rank
        if fits:
            kept.append(fact)
        elif fact.at is not None:
            word, present = (display_text(each, _WORD_SHOWN) for each in (fact.word, send.current))
            when = f"is later than {present} since {day(since)}" if since else "has a time"
            warn(f"{word} {day(fact.at)} {when}, but the status is {present}: left out")
    return tuple(kept)


def _name(send: Incoming, word: str) -> str:
    """Return the slug of *word*, or the word itself if it is unmapped."""
    status = catalogue.resolve(send.provider, word, send.type)
    return status.slug if status else word


def _rank(send: Incoming, word: str) -> int:
    status = catalogue.resolve(send.provider, word, send.type)
    return (status or catalogue.status(send.provider, UNMAPPED_SLUG)).rank

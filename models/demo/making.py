"""Makes the demo: sends by an import, the work of agents through the desk."""

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any

from models.database import Database
from models.demo import words
from models.demo.batches import batches_of, counted, counted_in
from models.demo.past import live_through
from models.demo.stories import DEMO_SENDS, FINISHED, LATE, RUNNING, STUCK
from models.demo.work import run_a_verb
from models.desk import Desk
from models.intake.intake import BATCH, Intake
from models.providers.demo_sends import Story
from models.providers.incoming import Fact, Incoming

SENDS = 1200
"""How many sends a demo has, unless another number is asked for."""
AGENTS = ("ana", "jo", "raj")
_RUNNING = 0.30
"""The share of sends in a small demo that are on their way; a large one is mostly finished."""
_STUCK = 0.05
"""The share of sends in a small demo that wait for a person."""
_LARGE = 20_000
"""A demo of more sends has no more of them under way or stuck than one of this size, and no past."""
_STUCK_NOW = 0.03
"""The share of them in a demo with a past, which has others of earlier days."""
_LATE = 0.2
"""The share of sends in such a demo that took too long, or that only time has ended."""
_STEP_HOURS = (1.0, 60.0)


def make(
    database: Database,
    *,
    sends: int = SENDS,
    seed: int = 7,
    now: datetime,
    agent: str = AGENTS[0],
    with_batches: bool = False,
    with_past: bool = False,
    progress: Callable[[int], None] = lambda count: None,
) -> None:
    """Fill the empty *database* with made-up sends.

    Args:
        database: An open database without sends.
        sends: How many sends to make.
        seed: The same seed and *now* make the same demo.
        now: The present of the demo, in UTC.
        agent: The agent who works in it beside two colleagues.
        with_batches: Whether it has the batches that orders are of, and some more.
        with_past: Whether two months of imports, rules and work are recorded, and not only what has come
            of them. A demo of more than 20,000 sends has none: it would take several times as long.
        progress: Called with the number of sends made so far.
    """
    dice = random.Random(seed)
    agents = (agent, *AGENTS[1:])
    if with_past and sends <= _LARGE:
        made = list(_sends(dice, sends, now, stuck=_STUCK_NOW, late=_LATE))
        if with_batches:
            made += batches_of(counted(made), dice, now)
        live_through(database, made, dice, now, agents, progress)
        return
    intake = Intake(database, lambda: now, batch=min(BATCH, max(sends, 1)))
    intake.apply(_sends(dice, sends, now), source="demo", progress=progress)
    _let_agents_work(database, dice, now, agents)
    if with_batches:
        intake.apply(batches_of(counted_in(database), dice, now), source="demo")


def _sends(
    dice: random.Random,
    count: int,
    now: datetime,
    *,
    stuck: float = _STUCK,
    late: float = 0.0,
) -> Iterator[Incoming]:
    scale = min(1.0, _LARGE / max(count, 1))
    kinds = (FINISHED, RUNNING, STUCK, LATE)
    finished = 1 - (_RUNNING + stuck) * scale - late
    parts = (finished, _RUNNING * scale, stuck * scale, late)
    weights = {kind: [story.weight for story in kind] for kind in kinds}
    for number in range(count):
        kind = dice.choices(kinds, parts)[0]
        story = dice.choices(kind, weights[kind])[0]
        yield _send(dice, number, story, now)


def _send(dice: random.Random, number: int, story: Story, now: datetime) -> Incoming:
    moment = now - timedelta(days=dice.uniform(*story.days))
    facts = []
    for place in reversed(range(len(story.words))):
        moment = moment.replace(microsecond=0)
        facts.append(Fact(story.words[place], moment))
        # Hours, or days where the story says so, in the status before it.
        days = story.stays.get(story.words[place - 1]) if place else None
        moment -= timedelta(days=dice.uniform(*days)) if days else _hours(dice)
    facts.reverse()
    first, last = dice.choice(words.FIRST), dice.choice(words.LAST)
    company = dice.choice(words.COMPANIES)
    sender, team = dice.choice(words.SENDERS)
    created = facts[0].at
    assert created is not None
    fields: dict[str, Any] = {
        "recipient_name": f"{first} {last}",
        "recipient_email": f"{_ascii(first)}.{_ascii(last)}@{_ascii(company) or 'sakura'}.example",
        "company": company,
        "campaign": dice.choice(words.CAMPAIGNS),
        "sender_name": sender,
        "sender_email": f"{_ascii(sender)}@sender.example",
        "team": team,
        "cost_minor": dice.choice((2500, 4875, 8400, 12000, 1500, 5050)),
        "currency": "USD",
        "created_at": created,
    }
    return DEMO_SENDS[story.provider].send(dice, number, story, fields, facts, created)


def _hours(dice: random.Random) -> timedelta:
    return timedelta(hours=dice.uniform(*_STEP_HOURS))


@cache
def _ascii(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isascii() and letter.isalnum())


def _let_agents_work(
    database: Database, dice: random.Random, now: datetime, agents: tuple[str, ...]
) -> None:
    """Run verbs of *agents* on some of the sends, at times within the last two days."""
    reader = Desk(database, agents[0], lambda: now)
    triage = reader.window(reader.listing(reader.parse("is:triage sort:due")), 0, 80)
    moving = reader.window(reader.listing(reader.parse("stage:moving sort:since")), 0, 12)
    for place, send in enumerate((*triage, *moving)):
        moment = now - timedelta(hours=2 + dice.random() * 40)
        desk = Desk(database, agents[place % len(agents)], partial(_at, moment))
        if dice.random() < 0.6 or send in moving:
            run_a_verb(desk, dice, send, moment, place)


def _at(moment: datetime) -> datetime:
    return moment

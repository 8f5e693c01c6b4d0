"""The past of a demo: what the platforms told night by night, and what agents did by day."""

import random
from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from models.database import Database
from models.database.gc_pause import gc_paused
from models.demo.work import run_a_verb
from models.desk import Desk
from models.intake.intake import Intake
from models.providers import catalogue
from models.providers.demo_sends import PARCEL_FIELDS
from models.providers.incoming import Incoming
from models.providers.status import Stage
from models.records import SendRecord

_NIGHTS = (60, 53, 46, 39, 32, 26, 20, 15, 12, 10, 8, 6, 5, 4, 3, 2, 1, 0)
"""Before how many days what the platforms had told was imported: of late each night.

Eighteen imports, and what agents do between them, take 0.7 s of processor time for 1,200 sends.
"""
_BUSY = timedelta(days=2)
"""Before the present agents do more, so that their views hold something."""
_A_DAY = 2.0
"""How many sends they work on in a day before that."""
_VERBS = (0, 0, 0, 1, 1, 4, 4, 4, 7, 6)
"""Which verbs they run then, by the numbers of `run_a_verb`: mostly those that leave a send in its status."""
_SEEN = 80
"""How many sends of Triage they choose from."""
_CHOSEN = 0.35
"""Which part of these they choose on the last days."""
_EDGE = timedelta(minutes=40)
"""How long after an import, and before the next one, nobody works."""
_WITH_PARCEL = frozenset({Stage.MOVING, Stage.DONE})
"""The stages in which a platform names a parcel."""
_SETTLED = frozenset({*_WITH_PARCEL, Stage.CLOSED})
"""Those in which nothing is left to escalate."""


@gc_paused()
def live_through(
    database: Database,
    sends: Sequence[Incoming],
    dice: random.Random,
    now: datetime,
    agents: Sequence[str],
    progress: Callable[[int], None],
) -> None:
    """Fill the empty *database* with *sends*, each told when it happened, and let agents work meanwhile.

    Args:
        database: An open database without sends.
        sends: What the platforms say at *now*; each fact has a time.
        dice: Decides what agents do.
        now: The present, in UTC.
        agents: Who works.
        progress: Called with the number of sends made so far.
    """
    nights = [now - timedelta(days=days) for days in _NIGHTS]
    told: list[list[Incoming]] = [[] for _ in nights]
    for send in sends:
        # What had happened between two nights was told in the second of them.
        for place in sorted({bisect_left(nights, fact.at) for fact in send.facts if fact.at}):
            told[place].append(_known_at(send, nights[place]))
    team = _Team(database, agents, dice, nights[0])
    made = 0
    for place, (night, payloads) in enumerate(zip(nights, told, strict=True), 1):
        made += team.hear(payloads, night)
        progress(made)
        if place < len(nights):
            team.work(nights[place], is_busy=night >= now - _BUSY)


def _known_at(send: Incoming, moment: datetime) -> Incoming:
    """Return what the platform said of *send* at *moment*."""
    facts = tuple(fact for fact in send.facts if fact.at and fact.at <= moment)
    if len(facts) == len(send.facts):
        return send
    status = catalogue.resolve(send.provider, facts[-1].word, send.type)
    fields = send.fields
    if status is None or status.stage not in _WITH_PARCEL:
        fields = {name: value for name, value in fields.items() if name not in PARCEL_FIELDS}
    return send._replace(fields=fields, facts=facts)


class _Team:
    """Agents who work by one clock, in the order of time."""

    def __init__(
        self, database: Database, agents: Sequence[str], dice: random.Random, moment: datetime
    ) -> None:
        self._moment = moment
        self._dice = dice
        self._intake = Intake(database, self._clock)
        self._desks = [Desk(database, agent, self._clock) for agent in agents]
        self._escalated: dict[int, tuple[SendRecord, Desk]] = {}
        """The sends that are escalated, each with the desk of who did that."""

    def _clock(self) -> datetime:
        return self._moment

    def hear(self, payloads: Sequence[Incoming], moment: datetime) -> int:
        """Import *payloads* at *moment* and let the rules look; return how many sends are new."""
        self._moment = moment
        report = self._intake.apply(payloads, source="demo")
        for _ in self._desks[0].run_rules("demo"):
            pass
        return report.new

    def work(self, end: datetime, *, is_busy: bool) -> None:
        """Work from the present of the clock to *end*."""
        begin, dice = self._moment, self._dice
        days = (end - begin) / timedelta(days=1)
        triage = self._window("is:triage sort:due", _SEEN)
        if is_busy:
            chosen = [send for send in triage if dice.random() < _CHOSEN]
            chosen += self._window("stage:moving sort:since", 6)
        else:
            # They look first at what nobody has looked at.
            dice.shuffle(triage)
            chosen = sorted(triage, key=lambda send: bool(send.owner))[: round(days * _A_DAY)]
        settled = self._settled()
        space = end - begin - 2 * _EDGE
        moments = iter(sorted(dice.random() for _ in (*settled, *chosen)))
        for send, desk in settled:
            self._moment = begin + _EDGE + next(moments) * space
            desk.resolve(send)
        for place, send in enumerate(chosen):
            self._moment = begin + _EDGE + next(moments) * space
            desk = dice.choice(self._desks)
            verb = place if is_busy else dice.choice(_VERBS)
            after = run_a_verb(desk, dice, send, self._moment, verb)
            if after and after.escalated_at:
                self._escalated[after.id] = after, desk

    def _window(self, query: str, count: int) -> list[SendRecord]:
        desk = self._desks[0]
        return list(desk.window(desk.listing(desk.parse(query)), 0, count))

    def _settled(self) -> list[tuple[SendRecord, Desk]]:
        """Return, once, the escalated sends of which the platform has said that they go on or have ended."""
        seen = [send for send, _ in self._escalated.values()]
        settled = [send for send in self._desks[0].as_now(seen) if send.stage in _SETTLED]
        return [(send, self._escalated.pop(send.id)[1]) for send in settled]

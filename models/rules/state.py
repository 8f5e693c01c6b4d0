"""A history folded into a state: how a provider's facts and agents' events add up.

While all clocks agree, the state depends on the *set* of the provider's facts, whatever order they
arrived in, and on the agents' events in the order in which they were recorded. Clocks may disagree: an
agent's event comes after every fact recorded before it, no moment lies after its recording, none of an
agent's after a later recording, and what was newer than an agent's event when it was told stays newer.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

from models.providers import catalogue
from models.providers.status import UNMAPPED_SLUG
from models.records import Event, EventKind, SendRecord, Snooze

ASKED = frozenset({EventKind.CANCEL, EventKind.EXTEND})
"""The kinds of event by which an agent asks the provider for something: no undo takes that back."""
PASSIVE = (
    frozenset({EventKind.NOTE, EventKind.DETAILS, EventKind.SHIPMENT, EventKind.ANSWER}) | ASKED
)
"""The kinds of event that change nothing in the state."""
RULE_ACTOR = "rule:"
"""What the actor of a rule's event begins with; the name of the rule follows."""
CLOCKS_DIFFER = timedelta(minutes=5)
"""How far apart the clocks of two machines usually are at most."""
ZONES_DIFFER = timedelta(hours=26)
"""How far apart two local times of one moment can be; more ahead is a plan or a wrong clock."""
UNREADABLE_ENTRY = (ValueError, KeyError, TypeError, AttributeError)
"""What reading or folding a history raises if an entry of it was not written by this program."""
_RESTED_UPON = frozenset(
    {EventKind.OVERRIDE, EventKind.RELEASE, EventKind.ESCALATE, EventKind.RESOLVE}
)
"""What the agent took for granted who snoozed a send later."""
_APART = frozenset({EventKind.REFUND, EventKind.TIME_RULE})
"""The kinds of event that decide nothing about any other: they apply after all of them, as recorded."""
_NOT_AGENTS = PASSIVE | _APART | {EventKind.FACT, EventKind.RULE}
_NEVER_PLAIN = _APART | {EventKind.RULE, EventKind.UNDO}
"""The kinds of event that make a history one in which more has to be looked at."""
_BEGINNING = datetime.min.replace(tzinfo=UTC)


def is_reserved(name: str) -> bool:
    """Whether a platform or a rule signs with *name*: then it is no agent's, in whatever case."""
    signed = name.strip().casefold()
    return f"{signed}:".startswith(RULE_ACTOR) or signed in catalogue.STATUSES


class Subject(NamedTuple):
    """What rules need to know of a send besides its history; all times are aware UTC."""

    provider: str
    """The provider's key."""
    type: str
    campaign: str = ""
    created_at: datetime | None = None
    expires_at: datetime | None = None
    """When the provider says that it ends, or None if it does not."""
    cost_minor: int | None = None
    """What it cost, in minor units; None if nobody knows."""
    currency: str = ""
    funding_source: str = ""

    @classmethod
    def of(cls, send: SendRecord, **fields: Any) -> "Subject":
        """Return what rules need to know of *send*; *fields* are new values of its columns, by name."""
        return cls(*(fields.get(name, getattr(send, name)) for name in cls._fields))


class Override(NamedTuple):
    """A status that an agent put in place of the provider's."""

    status: str
    """A slug."""
    reason: str
    by: str
    """The agent."""
    at: datetime
    """In UTC."""
    seq: int
    """The number of its event."""


class RuleMark(NamedTuple):
    """What a rule that time triggers has made of a send, while nothing newer has come."""

    name: str
    """The name of the rule."""
    status: str
    """The slug that it gave, above the provider's status; empty for a reminder."""
    at: datetime
    """From when, in UTC."""
    ends_at: datetime | None
    """When the send ends, in UTC; None if that is not why."""
    is_estimate: bool
    """Whether the end is not the provider's, but that of the usual span."""
    seq: int
    """The number of its event."""


class Stay(NamedTuple):
    """How long a send was in one status that has ended; both moments are known."""

    status: str
    """The slug in force."""
    began: datetime
    ended: datetime
    """Later than `began`."""
    limit_from: datetime
    """From when the limit of the status ran."""
    contested_at: datetime | None
    """When the provider contradicted the override that ended with it, or None."""
    next: str
    """The slug of the status that came after it."""


SOURCE_KEPT = 200
"""How many characters of the name of a funding source an event has."""


class Owed(NamedTuple):
    """What goes back to a funding source by a rule that time triggers."""

    rule: str
    """The name of the rule."""
    at: datetime
    """From when, in UTC."""
    minor: int | None
    """In minor units of the currency; None if nobody knows."""
    currency: str
    funding_source: str


@dataclass(slots=True, kw_only=True)
class SendState:
    """What the history of a send adds up to; all times are aware UTC."""

    provider_status: str = ""
    """The slug of the provider's latest status; empty while it has said nothing."""
    provider_raw: str = ""
    """The provider's own word for it."""
    provider_at: datetime | None = None
    """When it entered that status, as the provider says or else as is assumed; None if nobody knows."""
    provider_since: datetime | None = None
    """When the provider's status began, or the earliest it can have begun."""
    order_uncertain: bool = False
    """Whether the provider gave its latest status without a time, and nothing else says since when."""
    limit_from: datetime | None = None
    """From when the limit of the provider's status runs, if not from its beginning."""
    refunded_at: datetime | None = None
    """When the provider gave the money back, or heard of at the latest; None if it did not."""
    refunded_minor: int | None = None
    """How much, in minor units; None if the provider did not say."""
    rule: RuleMark | None = None
    """What a rule has made of the provider's status; None while an override stands."""
    owed: Owed | None = None
    """What goes back to a funding source by a rule; what an agent overrides is owed all the same."""
    override: Override | None = None
    """The override in force."""
    override_seq: int = 0
    """The number of the event of the newest override, whether it stands or has ended; 0 without one."""
    contested_at: datetime | None = None
    """When the provider first contradicted the override, or None if it did not."""
    owner: str = ""
    escalated_at: datetime | None = None
    escalation_ref: str = ""
    """The ticket at the provider's support."""
    follow_up_at: datetime | None = None
    """When an escalated send is looked at again; None if it is not escalated."""
    snooze: Snooze = Snooze.NONE
    snoozed_until: datetime | None = None
    """The end of a snooze until a time; None for the other kinds."""
    snoozed_at: datetime | None = None
    snooze_seq: int = 0
    """The number of the event that snoozed it; 0 while it is not snoozed."""
    seen_when_snoozed: str = ""
    """The provider's `word` when the send was snoozed; another one ends the snooze."""
    effects: dict[int, str] = field(default_factory=dict)
    """What a fact did to the override, by the number of its event: see `Event.effect`."""
    stays: list[Stay] = field(default_factory=list, compare=False, repr=False)
    """The statuses that have ended, in their order; those whose beginning or end nobody has dated are
    left out."""

    @property
    def status(self) -> str:
        """The slug in force: of the override, else of a rule if one gave any, else the provider's."""
        if self.override:
            return self.override.status
        return self.rule.status if self.rule and self.rule.status else self.provider_status

    @property
    def since(self) -> datetime | None:
        """When the send entered `status`, or None if nobody knows."""
        if self.override:
            return self.override.at
        return self.rule.at if self.rule and self.rule.status else self.provider_since

    @property
    def word(self) -> str:
        """What the provider says: a slug, or its own word if that is unmapped; and whether it refunded.

        What a rule has made of it is part of it.
        """
        unmapped = self.provider_status == UNMAPPED_SLUG
        said = self.provider_raw if unmapped else self.provider_status
        if self.rule:
            said = f"{said} {self.rule.name}"
        return f"{said} refunded" if self.refunded_at else said

    def end_snooze(self) -> None:
        """End the snooze."""
        self.snooze, self.snoozed_at, self.snoozed_until = Snooze.NONE, None, None
        self.snooze_seq = 0

    def end_override(self) -> None:
        """End the override and its contradiction."""
        self.override, self.contested_at = None, None


def fold(provider: str, events: Iterable[Event], created_at: datetime | None = None) -> SendState:
    """Return the state of a send after *events*.

    What an agent took back counts as never done: the facts since are compared with the override
    before it, and a snooze that it had ended goes on.

    Args:
        provider: The provider's key.
        events: The history in the order recorded; kinds in `PASSIVE` may be missing.
        created_at: When the provider says that the send was created, in UTC.
    """
    state = SendState(provider_since=created_at)
    here, entered, runs_from, contested_at = "", None, None, None
    steps = _timeline(provider, events, created_at)
    # What rules have done comes last, and in few histories.
    may_be_ruled = bool(steps) and steps[-1].event.kind in _APART
    ruled = [each for each in steps if _is_by_time(each)] if may_be_ruled else []
    is_ruling = is_overridden = False
    newest = 0
    for step in steps:
        event = step.event
        if ruled:
            is_ruling = _is_by_time(step)
            newest, is_overridden = state.override_seq, state.override is not None
        STEPS[event.kind](provider, state, step)
        status = state.status
        if ruled and not (is_ruling or is_overridden) and (status != here or state.override):
            # A rule had given it a status by then: that one ends, and its own has ended before.
            within = [each for each in ruled if newest < each.event.seq]
            if event.kind is EventKind.OVERRIDE:
                within = [each for each in within if each.event.seq < event.seq]
            said = _Under(here, entered, runs_from)
            here, entered, runs_from = _through_rules(state.stays, said, within, step.moment)
        if status != here:
            moment = None if event.at is None and event.kind is EventKind.FACT else step.moment
            if is_ruling and entered and moment:
                # It was looked at again later, after an override: the override had ended it before.
                moment = max(moment, entered)
            if entered and runs_from and moment and moment > entered:
                stay = Stay(here, entered, moment, runs_from, contested_at, status)
                state.stays.append(stay)
            here, entered = status, moment
            # Of a fact it is the moment itself: most steps are facts, and the look-up takes time.
            runs_from = moment if event.kind is EventKind.FACT else _limit_start(state)
        else:
            # A word that confirms an override, or a new date, lets the limit of the same status begin anew.
            runs_from = _limit_start(state)
        contested_at = state.contested_at
    if state.snooze and state.seen_when_snoozed != state.word:
        state.end_snooze()
    return state


class _Under(NamedTuple):
    """A status that a send is in."""

    status: str
    entered: datetime | None
    runs_from: datetime | None
    """From when its limit runs."""


def _is_by_time(step: "_Step") -> bool:
    return step.event.kind is EventKind.TIME_RULE


def _through_rules(
    stays: list[Stay], said: _Under, ruled: Iterable["_Step"], until: datetime
) -> _Under:
    """Return in which status *ruled* had left a send at *until*; what ended on the way is added to *stays*.

    Args:
        stays: The stays that have ended.
        said: The provider's status until then.
        ruled: What rules have done that can have been in that time, in the order recorded.
        until: When the status ended, in UTC.
    """
    now = said
    for step in ruled:
        event = step.event
        moment = max(step.moment, now.entered or step.moment)
        if moment >= until:
            continue
        if event.from_status == said.status:
            status = event.to_status or said.status
        elif event.from_status == now.status:
            status = said.status
        else:
            continue
        if status == now.status:
            continue
        if now.entered and now.runs_from and moment > now.entered:
            stays.append(Stay(now.status, now.entered, moment, now.runs_from, None, status))
        is_back = status == said.status
        now = _Under(status, moment, said.runs_from if is_back else moment)
    return now


def _limit_start(state: SendState) -> datetime | None:
    """Return from when the limit of the status in force runs."""
    return state.since if state.override else state.limit_from or state.since


def details(event: Event) -> dict[str, Any]:
    """Return `Event.detail` as values by name; times in it are ISO 8601 text."""
    found: dict[str, Any] = json.loads(event.detail)
    return found


def assumption(moment: datetime) -> str:
    """Return the `Event.detail` of a fact without a time that is assumed to have begun at *moment*."""
    return json.dumps({"assumed_at": moment.isoformat()})


def known_at(event: Event) -> datetime | None:
    """Return when an event happened: what it states, else what is assumed of it; None if nobody knows."""
    if event.at is not None or event.kind is not EventKind.FACT or event.detail == "{}":
        return event.at
    return _moment(details(event).get("assumed_at"))


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


class _Step(NamedTuple):
    """An event in its place."""

    moment: datetime
    """When it counts, in UTC: what it states, but never after it was recorded."""
    event: Event
    beats: int = 0
    """The number of the newest agent's event that a fact is newer than; 0 if there is none."""


def _timeline(provider: str, events: Iterable[Event], created_at: datetime | None) -> list[_Step]:
    """Return the events that count, in the order in which they apply.

    Agents' events keep the order in which they were recorded; what the provider says is ordered by
    `_said`. A fact comes before each agent's event that was recorded after it, whatever times they
    have, and after those before it that it is newer than.
    """
    history = list(events)
    steps = _plain_timeline(history, created_at)
    if steps is not None:
        return steps
    # Not even by its clock may a note change what others say: a write reads the history without it.
    history = [event for event in history if event.kind not in PASSIVE]
    apart = [event for event in history if event.kind in _APART]
    if apart:
        rest = (event for event in history if event.kind not in _APART)
        told = (_Step(min(each.at or each.recorded_at, each.recorded_at), each) for each in apart)
        return [*_timeline(provider, rest, created_at), *told]
    said = _said(provider, history, created_at)
    agents = [place for place, event in enumerate(history) if event.kind not in _NOT_AGENTS]
    if not agents:
        return [_Step(moment, history[place]) for moment, place in said]
    undone = {
        details(history[place])["undoes"]
        for place in agents
        if history[place].kind is EventKind.UNDO
    }
    agents = [place for place in agents if history[place].seq not in undone]
    ends = _ends(history)
    steps = []
    passed = 0
    for moment, place in said:
        beaten = _beaten(history, agents, place)
        steps.extend(_Step(ends[agent], history[agent]) for agent in agents[passed:beaten])
        passed = max(passed, beaten)
        beats = history[agents[beaten - 1]].seq if beaten else 0
        steps.append(_Step(moment, history[place], beats))
    steps.extend(_Step(ends[agent], history[agent]) for agent in agents[passed:])
    return steps


def _plain_timeline(history: Sequence[Event], created_at: datetime | None) -> list[_Step] | None:
    """Return what `_timeline` returns for a plain history; None for any other.

    Plain is one fact alone, and a history in which the clocks agree and nothing has to be put in order:
    facts, each with a later time than the one before, then what agents did. Most histories are, and the
    way through all rules takes four times as long.
    """
    if len(history) == 1 and history[0].at is None and history[0].kind is EventKind.FACT:
        recorded = history[0].recorded_at
        recorded = min(known_at(history[0]) or recorded, recorded)
        return [_Step(max(recorded, created_at or recorded), history[0])]
    steps: list[_Step] = []
    newest = _BEGINNING
    is_fact_next = True
    for event in history:
        kind, moment = event.kind, event.recorded_at
        if kind is EventKind.FACT:
            if not is_fact_next or event.at is None or not newest < event.at <= moment:
                return None
            moment = event.at
        elif kind in _NEVER_PLAIN:
            return None
        elif is_fact_next:
            is_fact_next = False
        elif moment < newest:
            return None
        newest = moment
        if kind not in PASSIVE:
            steps.append(_Step(moment, event))
    return steps


def _ends(history: Sequence[Event]) -> list[datetime]:
    """Return for each event when it was recorded at the latest: no later than those after it."""
    ends = [event.recorded_at for event in history]
    for place in range(len(ends) - 2, -1, -1):
        if ends[place] > ends[place + 1]:
            ends[place] = ends[place + 1]
    return ends


def _said(
    provider: str, history: Sequence[Event], created_at: datetime | None
) -> list[tuple[datetime, int]]:
    """Return the moments and places of the facts and rules that count, in the provider's order.

    Of the facts without a time only the one with the highest rank in the lifecycle can count, and
    only if it ranks above every fact with a time: it then comes after all of those, and before the
    rules that were applied later. A time that is assumed of it says since when, and orders nothing: the
    messages that it comes from overtake each other.
    """
    timed: list[tuple[Any, ...]] = []
    untimed: tuple[tuple[int, bool], str, int] | None = None
    highest = (-1, False)
    for place, event in enumerate(history):
        if event.kind is not EventKind.FACT and event.kind is not EventKind.RULE:
            continue
        status = catalogue.status(provider, event.to_status)
        # Of two words for one status the one that also says that the money is back says more.
        rank = (status.rank, event.raw in status.refund_words)
        if event.at is None and event.kind is EventKind.FACT:
            # Of equal ones the first counts: that is when this status was first heard of.
            if untimed is None or (rank, event.raw) > untimed[:2]:
                untimed = (rank, event.raw, place)
            continue
        is_rule, raw = _is_rule(event), event.raw
        if is_rule:
            # Each was applied to what those before it had made.
            rank, raw = (0, False), ""
        else:
            highest = max(highest, rank)
        # Only its own recording bounds a fact: a clock set back later must not make it a plan.
        stated, end = event.at or event.recorded_at, event.recorded_at
        moment = order = min(stated, end)
        if stated - end > ZONES_DIFFER:
            # A plan, or the time of a clock that was wrong: it cannot be newer than anything.
            order = _BEGINNING
        # At the same moment facts come first, by the time they state and by rank, then rules as recorded.
        timed.append((order, is_rule, stated, rank, raw, moment, place))
    timed.sort()
    said = [(moment, place) for *_, moment, place in timed]
    if untimed and untimed[0] > highest:
        told = untimed[2]
        heard = _ends(history)[told]
        heard = min(known_at(history[told]) or heard, heard)
        last = max((moment for moment, _ in said), default=created_at)
        # A rule that was applied later knew this status.
        knew = {place for *_, place in timed if place > told and _is_rule(history[place])}
        later = [(moment, place) for moment, place in said if place in knew]
        said = [(moment, place) for moment, place in said if place not in knew]
        said += [(max(heard, last or heard), told), *later]
    return said


def _is_rule(event: Event) -> bool:
    return event.kind is EventKind.RULE


def _beaten(history: Sequence[Event], agents: Sequence[int], place: int) -> int:
    """Return how many of *agents*, from the first, the fact at *place* is newer than.

    It can only be newer than what was recorded before it.
    """
    fact = history[place]
    told = min(fact.at or fact.recorded_at, fact.recorded_at)
    for count in range(len(agents), 0, -1):
        agent = agents[count - 1]
        if agent > place:
            continue
        if fact.at is None:
            return count
        at = history[agent].recorded_at
        end = min(event.recorded_at for event in history[agent : place + 1])
        if at - end > CLOCKS_DIFFER:
            # The agent's clock was ahead: what is known is only what had been recorded before.
            earlier = (each.recorded_at for each in history[:agent] if each.recorded_at <= end)
            end = max(earlier, default=_BEGINNING)
        if told > end:
            return count
    return 0


# Each changes *state* by one event; all have the same arguments, so that STEPS can hold them.


def _fact(provider: str, state: SendState, step: _Step) -> None:
    event = step.event
    if (event.to_status, event.raw) == (state.provider_status, state.provider_raw):
        return
    same_status = event.to_status == state.provider_status != UNMAPPED_SLUG
    state.provider_raw = event.raw
    if same_status:
        return
    at = None if known_at(event) is None else step.moment
    state.provider_status = event.to_status
    state.provider_since = at or state.provider_at or state.provider_since or step.moment
    state.provider_at = at
    state.limit_from = None
    state.order_uncertain = at is None
    if state.snooze and state.snooze_seq <= step.beats:
        _end_snooze_by(state)
    if state.override and state.override.seq <= step.beats:
        _compare_with_override(provider, state, step)


def _end_snooze_by(state: SendState) -> None:
    """End the snooze if the provider's new status is not the one that was seen when it was snoozed.

    The send is back for good, though that status may come back.
    """
    unmapped = state.provider_status == UNMAPPED_SLUG
    said = state.provider_raw if unmapped else state.provider_status
    # What rules and a refund add to the word is applied later.
    if not f"{state.seen_when_snoozed} ".startswith(f"{said} "):
        state.end_snooze()


def _compare_with_override(provider: str, state: SendState, step: _Step) -> None:
    """Let a fact that is newer than the override confirm it, end it or contest it."""
    override, event = state.override, step.event
    assert override is not None
    if event.to_status == override.status:
        state.effects[event.seq] = "confirmed"
    elif catalogue.follows(provider, override.status, event.to_status):
        state.effects[event.seq] = "moved on"
    else:
        state.effects[event.seq] = "contested"
        state.contested_at = state.contested_at or max(step.moment, override.at)
        return
    state.end_override()


def _rule(provider: str, state: SendState, step: _Step) -> None:
    # A rule holds only for the status that it was applied to.
    if state.provider_status == step.event.from_status:
        _fact(provider, state, step)
        state.limit_from = _moment(details(step.event).get("limit_from"))


def _refund(provider: str, state: SendState, step: _Step) -> None:
    # Of several the first says when, and the largest how much: so their order does not matter.
    state.refunded_at = min(state.refunded_at or step.moment, step.moment)
    minor = details(step.event)["minor"]
    if minor is not None:
        state.refunded_minor = max(state.refunded_minor or minor, minor)


def _time_rule(provider: str, state: SendState, step: _Step) -> None:
    event = step.event
    state.owed = _owed(state, step)
    further = details(event)
    holds = event.from_status == state.provider_status and not further.get("over")
    # It holds only for the status that it was applied to: whatever the provider has said since ends it, and
    # so does an override. The rules then look at the send again, an overridden one once that has ended.
    if not holds or state.override or event.seq < state.override_seq:
        state.rule = None
        return
    state.rule = RuleMark(
        name=event.actor.removeprefix(RULE_ACTOR),
        status=event.to_status,
        at=step.moment,
        ends_at=_moment(further["ends"]),
        is_estimate=further["estimate"],
        seq=event.seq,
    )
    if state.snooze and state.snooze_seq < event.seq and state.seen_when_snoozed != state.word:
        state.end_snooze()


def _owed(state: SendState, step: _Step) -> Owed | None:
    """Return what is owed after the event of a rule: nothing, unless it says so of the present status."""
    event = step.event
    credit = details(event).get("credit")
    if credit is None or event.from_status != state.provider_status:
        return None
    return Owed(event.actor.removeprefix(RULE_ACTOR), step.moment, **credit)


def _override(provider: str, state: SendState, step: _Step) -> None:
    event = step.event
    state.override = Override(event.to_status, event.reason, event.actor, step.moment, event.seq)
    state.override_seq = event.seq
    state.contested_at = None
    state.end_snooze()


def _release(provider: str, state: SendState, step: _Step) -> None:
    state.end_override()
    state.end_snooze()


def _undo(provider: str, state: SendState, step: _Step) -> None:
    further = details(step.event)
    kind = further.get("kind")
    # An entry of an older program names no kind: that program ended every snooze. Else only one ends
    # that is newer than what is taken back: the send must not stay out of triage because of what no longer holds.
    if kind is None or (kind in _RESTED_UPON and state.snooze_seq > further["undoes"]):
        state.end_snooze()


def _owner(provider: str, state: SendState, step: _Step) -> None:
    state.owner = details(step.event)["owner"]


def _escalate(provider: str, state: SendState, step: _Step) -> None:
    further = details(step.event)
    state.escalated_at = step.moment
    state.escalation_ref = further["reference"]
    state.follow_up_at = _moment(further["follow_up_at"])
    state.end_snooze()


def _resolve(provider: str, state: SendState, step: _Step) -> None:
    state.escalated_at, state.escalation_ref, state.follow_up_at = None, "", None


def _snooze(provider: str, state: SendState, step: _Step) -> None:
    further = details(step.event)
    until = _moment(further["until"])
    state.snooze = Snooze.UNTIL_TIME if until else Snooze.UNTIL_CHANGE
    state.snoozed_at, state.snoozed_until = step.moment, until
    state.snooze_seq = step.event.seq
    state.seen_when_snoozed = further["seen"]


def _done(provider: str, state: SendState, step: _Step) -> None:
    state.snooze, state.snoozed_at, state.snoozed_until = Snooze.DONE, step.moment, None
    state.snooze_seq = step.event.seq
    state.seen_when_snoozed = details(step.event)["seen"]


def _wake(provider: str, state: SendState, step: _Step) -> None:
    state.end_snooze()


STEPS: Mapping[EventKind, Callable[[str, SendState, _Step], None]] = {
    EventKind.FACT: _fact,
    EventKind.RULE: _rule,
    EventKind.REFUND: _refund,
    EventKind.TIME_RULE: _time_rule,
    EventKind.OVERRIDE: _override,
    EventKind.RELEASE: _release,
    EventKind.UNDO: _undo,
    EventKind.OWNER: _owner,
    EventKind.ESCALATE: _escalate,
    EventKind.RESOLVE: _resolve,
    EventKind.SNOOZE: _snooze,
    EventKind.DONE: _done,
    EventKind.WAKE: _wake,
}
"""What each kind of event does to the state; the kinds of `PASSIVE` have no step."""


_REPORTS = (EventKind.FACT, EventKind.RULE)


class Facet(NamedTuple):
    """A part of a send that agents decide."""

    actions: frozenset[EventKind]
    """The actions of agents that decide it."""
    fields: tuple[str, ...] = ()
    """The fields of a `SendState` that say how it stands; empty for what changes nothing in the state."""
    others: frozenset[EventKind] = frozenset()
    """Other kinds of event that can end what was decided."""

    def of(self, state: SendState) -> tuple[Any, ...]:
        """Return how this part stands in *state*."""
        return tuple(getattr(state, name) for name in self.fields)


STATUS = Facet(
    frozenset({EventKind.OVERRIDE, EventKind.RELEASE}),
    ("override", "contested_at"),
    frozenset(_REPORTS),
)
OWNER = Facet(frozenset({EventKind.OWNER}), ("owner",))
ESCALATION = Facet(
    frozenset({EventKind.ESCALATE, EventKind.RESOLVE}),
    ("escalated_at", "escalation_ref", "follow_up_at"),
)
SNOOZE = Facet(
    frozenset({EventKind.SNOOZE, EventKind.DONE, EventKind.WAKE}),
    ("snooze", "snoozed_at", "snoozed_until"),
    frozenset({*_REPORTS, EventKind.TIME_RULE, *STATUS.actions, *ESCALATION.actions}),
)
NOTES = Facet(frozenset({EventKind.NOTE}))
REQUESTS = Facet(ASKED)
FACETS: Mapping[EventKind, Facet] = MappingProxyType(
    {
        kind: facet
        for facet in (STATUS, OWNER, ESCALATION, SNOOZE, NOTES, REQUESTS)
        for kind in facet.actions
    }
)
"""By the kind of an action, the part of a send that it decides."""
MOMENTS: Mapping[EventKind, str] = MappingProxyType(
    {EventKind.SNOOZE: "until", EventKind.ESCALATE: "follow_up_at"}
)
"""By the kind of an action, the name of the moment in its `Event.detail` that must be to come."""

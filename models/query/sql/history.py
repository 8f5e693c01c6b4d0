"""What a filter asks about the history: entries, and how those that fit are found."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import sqlalchemy as sa
from sqlmodel import col

from models.query.keys import EVENT_KEYS
from models.query.sql.builders import Clause, Condition, Term, moment, specials, words
from models.query.sql.flags import Asked
from models.query.tree import Compare, Match, Node, Not
from models.store.tables import Event, Intake, Send

_NOTHING = sa.literal("", literal_execute=True)
"""Stands in the statement as it is, so that the index of what is not empty serves."""


@dataclass(slots=True)
class Entry:
    """Terms about one and the same entry of the history."""

    wanted: dict[str, Term]
    """By their keys; at least one."""
    denied: list[Term] = field(default_factory=list)

    def condition(self, asked: Asked) -> Condition:
        """Return the condition that a send has such an entry."""
        if asked.at_hand:
            its_own = col(Event.send_id) == col(Send.id)
            return sa.exists().where(its_own, *self._fits(asked)).correlate(Send)
        return col(Send.id).in_(self.sends(asked))

    def sends(self, asked: Asked) -> sa.Select[int]:
        """Return the ids of the sends that have such an entry, each as often as it has one.

        Most entries are what platforms told. Indexes know the few that are not, or have words of a
        person; the rest is looked for only within intakes that fit themselves.
        """
        found = sa.select(col(Event.send_id)).where(*self._fits(asked))
        if "note" in self.wanted:
            return found.where(col(Event.reason) != _NOTHING)
        is_deed = col(Event.request_id).is_not(None)
        # As a case the actor leads to no index: intakes, which are few, have to come first.
        is_its_own = sa.case((col(Event.actor) == col(Intake.actor), 1), else_=0) == 1
        within = is_its_own & col(Event.id).between(col(Intake.first_event), col(Intake.last_event))
        told = found.join_from(Intake, Event, within).where(
            ~is_deed, *(_OF_INTAKES[key](term, asked) for key, term in self.wanted.items())
        )
        return sa.select(sa.union_all(found.where(is_deed), told).subquery().c.send_id)

    def _fits(self, asked: Asked) -> list[Condition]:
        unlike = [sa.not_(CLAUSES[term.key](term, asked).self_group()) for term in self.denied]
        return [*(CLAUSES[key](term, asked) for key, term in self.wanted.items()), *unlike]


def speaks_of(node: Node) -> bool:
    """Whether *node* is a term about the history, or the negation of one."""
    term = node.term if isinstance(node, Not) else node
    return isinstance(term, Match | Compare) and term.key in EVENT_KEYS


def entries_of(terms: Iterable[Node]) -> list[Entry]:
    """Return the entries that *terms* about the history ask for.

    A key that comes again begins another entry; what is negated is denied of the first. Without an
    entry that is wanted there is none.
    """
    entries: list[Entry] = []
    denied: list[Term] = []
    for node in terms:
        match node:
            case Not(Match() | Compare() as term):
                denied.append(term)
            case Match() | Compare() as term:
                open_ones = (each for each in entries if term.key not in each.wanted)
                entry = next(open_ones, None)
                if entry is None:
                    entries.append(entry := Entry({}))
                entry.wanted[term.key] = term
    if entries:
        entries[0].denied = denied
    return entries


def _by(table: type[Event] | type[Intake]) -> Clause:
    """Ask who or what an entry comes from; `import` covers `import:sends.csv`."""
    actor, source = col(table.actor), col(table.source)

    def clause(term: Term, asked: Asked) -> Condition:
        meant = {"me": asked.me, "none": ""}
        exact = [meant[name] for name in sorted(specials(term))]
        parts: list[Condition] = [actor.in_(exact)] if exact else []
        for word in words(term):
            parts += [actor == word, source == word]
            parts += [column.startswith(f"{word}:", autoescape=True) for column in (actor, source)]
        return sa.or_(*parts)

    return clause


def _note(term: Term, asked: Asked) -> Condition:
    reason = col(Event.reason)
    return sa.or_(*(reason.icontains(word, autoescape=True) for word in words(term)))


CLAUSES: Mapping[str, Clause] = MappingProxyType(
    {"changed": moment(col(Event.recorded_at)), "by": _by(Event), "note": _note}
)
"""One clause about `event` for each key that speaks of the history."""
_OF_INTAKES: Mapping[str, Clause] = MappingProxyType(
    {"changed": moment(col(Intake.recorded_at)), "by": _by(Intake)}
)

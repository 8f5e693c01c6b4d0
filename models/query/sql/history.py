"""Terms about the history as conditions: which sends have an entry that fits them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import sqlalchemy as sa

from models.query.keys import EVENT_KEYS
from models.query.sql.builders import Clause, Term, moment_clause, specials, words_of_term
from models.query.sql.context import QueryContext
from models.query.text_search import Condition
from models.query.tree import Compare, Match, Node, Not
from models.store.tables import Event, Intake, Send, col
from models.values.spelling import cases, spellings

_EMPTY = sa.literal("", literal_execute=True)
"""'' written into the statement as a literal: only then does SQLite use the partial index
`WHERE reason <> ''`; a bound parameter could be anything when the statement is prepared."""


@dataclass(slots=True)
class EntryTerms:
    """Terms that one and the same entry of the history has to fulfil."""

    positive: dict[str, Term]
    """By their keys; at least one."""
    negated: list[Term] = field(default_factory=list)
    """Terms that must not hold for the entry."""

    def condition(self, context: QueryContext) -> Condition:
        """Return the condition that a send has such an entry."""
        if context.per_row:
            its_own = col(Event.send_id) == col(Send.id)
            return sa.exists().where(its_own, *self._conditions(context)).correlate(Send)
        return col(Send.id).in_(self.sends(context))

    def sends(self, context: QueryContext) -> sa.Select[int]:
        """Return the ids of the sends that have such an entry; an id may come more than once.

        Nearly all entries are written by imports (five in six of the demo's), so scanning the whole
        history is what has to be avoided. Entries with a note or written by agents have indexes of
        their own. Entries of imports are read through `intake`: only the ranges of event ids whose
        import itself fulfils the terms.
        """
        found = sa.select(col(Event.send_id)).where(*self._conditions(context))
        if "note" in self.positive:
            return found.where(col(Event.reason) != _EMPTY)
        is_agents = col(Event.request_id).is_not(None)
        # Inside CASE no index fits the actor, so the planner has to begin with the few intakes.
        same_actor = sa.case((col(Event.actor) == col(Intake.actor), 1), else_=0) == 1
        in_range = col(Event.id).between(col(Intake.first_event), col(Intake.last_event))
        imported = found.join_from(Intake, Event, same_actor & in_range).where(
            ~is_agents,
            *(_INTAKE_CLAUSES[key](term, context) for key, term in self.positive.items()),
        )
        return sa.select(sa.union_all(found.where(is_agents), imported).subquery().c.send_id)

    def _conditions(self, context: QueryContext) -> list[Condition]:
        """Return what an entry has to fulfil: each positive term, and the negation of each other."""
        negated = [
            sa.not_(EVENT_CLAUSES[term.key](term, context).self_group()) for term in self.negated
        ]
        positive = (EVENT_CLAUSES[key](term, context) for key, term in self.positive.items())
        return [*positive, *negated]


def is_history_term(node: Node) -> bool:
    """Whether *node* is a term about the history, or the negation of one."""
    term = node.term if isinstance(node, Not) else node
    return isinstance(term, Match | Compare) and term.key in EVENT_KEYS


def entries_of(terms: Iterable[Node]) -> list[EntryTerms]:
    """Return the entries that *terms* about the history ask for.

    Terms with different keys describe the same entry; a key that occurs again begins another entry.
    Negated terms belong to the first entry. If all terms are negated, the result is empty.
    """
    entries: list[EntryTerms] = []
    negated: list[Term] = []
    for node in terms:
        match node:
            case Not(Match() | Compare() as term):
                negated.append(term)
            case Match() | Compare() as term:
                without_key = (each for each in entries if term.key not in each.positive)
                entry = next(without_key, None)
                if entry is None:
                    entries.append(entry := EntryTerms({}))
                entry.positive[term.key] = term
    if entries:
        entries[0].negated = negated
    return entries


def _by(table: type[Event] | type[Intake]) -> Clause:
    """Return the clause for who or what wrote an entry; `import` covers `import:sends.csv`."""
    actor, source = col(table.actor), col(table.source)

    def clause(term: Term, context: QueryContext) -> Condition:
        meant = {"me": context.me, "none": ""}
        exact = [meant[name] for name in sorted(specials(term))]
        parts: list[Condition] = [actor.in_(exact)] if exact else []
        for word in words_of_term(term):
            parts += [actor == word, source == word]
            parts += [column.startswith(f"{word}:", autoescape=True) for column in (actor, source)]
        return sa.or_(*parts)

    return clause


def _note(term: Term, context: QueryContext) -> Condition:
    reason = col(Event.reason)
    return sa.or_(
        *(
            reason.icontains(form, autoescape=True)
            for word in words_of_term(term)
            for each in spellings(word)
            for form in cases(each)
        )
    )


EVENT_CLAUSES: Mapping[str, Clause] = MappingProxyType(
    {"changed": moment_clause(col(Event.recorded_at)), "by": _by(Event), "note": _note}
)
"""One clause about `event` for each key that speaks of the history."""
_INTAKE_CLAUSES: Mapping[str, Clause] = MappingProxyType(
    {"changed": moment_clause(col(Intake.recorded_at)), "by": _by(Intake)}
)
"""The same clauses about `intake`, whose entries all have its time, actor and source."""

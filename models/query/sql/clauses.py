"""The tree of a filter as a condition on `send`; every value is a bound parameter.

Conditions are true or false, never NULL: otherwise NOT of a condition would leave out the rows where it
is NULL.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

import sqlalchemy as sa

from models.providers.status import BATCH_TYPE
from models.query.catalogue_words import provider_help, statuses_of_stages
from models.query.keys import EVENT_KEYS, TEXT_COLUMNS
from models.query.sql import flags, history
from models.query.sql.builders import (
    Clause,
    Term,
    choice_clause,
    clause_by_value,
    cost_clause,
    moment_clause,
    specials,
    text_clause,
    values_of_term,
    words_of_term,
)
from models.query.sql.context import QueryContext
from models.query.sql.flags import one_of_statuses
from models.query.text_search import Condition
from models.query.time_windows import RESOLUTION
from models.query.tree import (
    And,
    Compare,
    Match,
    Node,
    Not,
    Or,
    Phrase,
    StatusWord,
    ViewName,
)
from models.store.mapping import table_of
from models.store.tables import NEVER, UNKNOWN_START, Send, col
from models.values.spelling import numbers_of, plain_dashes

_SHORTEST_ID = 8
"""From how many characters on the beginning of a batch's id stands for all of it."""


def where(tree: Node, context: QueryContext) -> Condition:
    """Return the condition that the sends of a filter fulfil.

    Args:
        tree: The tree of a parsed filter.
        context: What its words refer to, and whether an index or a scan evaluates the condition.
    """
    return _node(tree, context)


def _node(node: Node, context: QueryContext) -> Condition:
    match node:
        case And(terms):
            return _all(terms, context)
        case Or(terms):
            return sa.or_(*(_node(term, context) for term in terms))
        case Not(term):
            return sa.not_(_node(term, context).self_group())
        case Phrase(phrase):
            return context.text(phrase)
        case Match(key) | Compare(key) if key in EVENT_KEYS:
            return history.EntryTerms({key: node}).condition(context)
        case Match(key) | Compare(key):
            return SEND_CLAUSES[key](node, context)


def _all(terms: Iterable[Node], context: QueryContext) -> Condition:
    """Join *terms* with AND; those about the history describe one and the same entry.

    If all terms about the history are negated, each of them excludes every such entry.
    """
    others = list(terms)
    entries = history.entries_of(filter(history.is_history_term, others))
    if entries:
        others = [node for node in others if not history.is_history_term(node)]
    conditions = [_node(node, context) for node in others]
    return sa.and_(sa.true(), *conditions, *(entry.condition(context) for entry in entries))


def _status(term: Term, context: QueryContext) -> Condition:
    return one_of_statuses(
        tuple(each for each in values_of_term(term) if isinstance(each, StatusWord))
    )


def _stage(term: Term, context: QueryContext) -> Condition:
    # Statuses have an index, stages have none.
    return one_of_statuses(statuses_of_stages(frozenset(words_of_term(term))))


def _urgency(term: Term, context: QueryContext) -> Condition:
    found = clause_by_value(flags.URGENCY_CONDITIONS)(term, context)
    # Every urgency but `none` has a limit: with this the index on due_at skips all other sends.
    return found if "none" in words_of_term(term) else (col(Send.due_at) < NEVER) & found


def _owner(term: Term, context: QueryContext) -> Condition:
    asked_for = specials(term)
    owners = [*words_of_term(term), *([context.me] if "me" in asked_for else [])]
    found: list[Condition] = [col(Send.owner).in_(owners)] if owners else []
    return sa.or_(*found, *([flags.UNOWNED] if "none" in asked_for else []))


def _id(term: Term, context: QueryContext) -> Condition:
    words = (plain_dashes(word.strip()) for word in words_of_term(term))
    return sa.or_(*(_called(form) for word in words for form in numbers_of(word)))


def _called(word: str) -> Condition:
    """Return the condition for a short name, an external id, or `provider:external_id`."""
    provider, colon, rest = word.partition(":")
    providers = list(provider_help())
    if colon and provider.lower() in providers:
        return (col(Send.provider) == provider.lower()) & (col(Send.external_id) == rest)
    short = col(Send.ref).in_(sorted({word, word.upper(), word[:1].upper() + word[1:].lower()}))
    # The unique index begins with the provider: without the list of providers it is not used.
    return short | (col(Send.provider).in_(providers) & (col(Send.external_id) == word))


def _batch(term: Term, context: QueryContext) -> Condition:
    words, batch = words_of_term(term), col(Send.batch)
    # The index of batches holds the sends that have one, as most have none.
    found: list[Condition] = []
    if words:
        known = batch.in_(words) | batch.in_(_batches_called(words))
        found.append((batch != sa.literal("", literal_execute=True)) & known)
    return sa.or_(*found, *([sa.func.length(batch) == 0] if specials(term) else []))


def _batches_called(words: Sequence[str]) -> sa.Select[str]:
    """Return the ids of the batches that have one of *words* as their short name, or begin with it."""
    other = table_of(Send).alias().columns
    named = [other.ref == f"{word[:1].upper()}{word[1:]}" for word in words]
    named += [
        other.external_id.startswith(word.lower(), autoescape=True)
        for word in words
        if len(word) >= _SHORTEST_ID
    ]
    is_batch = other.type == BATCH_TYPE
    return sa.select(other.external_id).where(is_batch, sa.or_(*named))


def _view(term: Term, context: QueryContext) -> Condition:
    trees = (value.tree for value in values_of_term(term) if isinstance(value, ViewName))
    return sa.or_(*(_node(tree, context) for tree in trees))


SEND_CLAUSES: Mapping[str, Clause] = MappingProxyType(
    {
        "status": _status,
        "platform": choice_clause(col(Send.provider)),
        "type": choice_clause(col(Send.type)),
        "stage": _stage,
        "urgency": _urgency,
        "is": clause_by_value(flags.FLAG_CONDITIONS),
        "owner": _owner,
        "age": moment_clause(col(Send.since)),
        "due": moment_clause(col(Send.due_at), ceiling=NEVER),
        "since": moment_clause(col(Send.since)),
        "created": moment_clause(col(Send.created_at), floor=UNKNOWN_START + RESOLUTION),
        "updated": moment_clause(col(Send.provider_at), optional=True),
        **{key: text_clause(*columns) for key, columns in TEXT_COLUMNS.items()},
        "id": _id,
        "batch": _batch,
        "cost": cost_clause,
        "currency": choice_clause(col(Send.currency)),
        "in": _view,
    }
)
"""One clause for each key that speaks of a send itself."""

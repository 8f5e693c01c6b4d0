"""The tree of a filter as a condition on `send`; every value is a bound parameter.

Conditions are true or false, never NULL, so that a negated one holds exactly where it does not.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import sqlalchemy as sa
from sqlmodel import col

from models.query.catalogue_words import provider_help, statuses_of_stages
from models.query.keys import EVENT_KEYS, TEXTS_OF
from models.query.sql import flags, history
from models.query.sql.builders import (
    Clause,
    Condition,
    Term,
    choice,
    cost,
    moment,
    named,
    specials,
    text,
    values,
    words,
)
from models.query.sql.flags import Asked, one_of_statuses
from models.query.time_windows import TICK
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
from models.store.tables import NEVER, UNKNOWN_START, Send


def where(tree: Node, asked: Asked) -> Condition:
    """Return the condition that the sends of a filter fulfil.

    Args:
        tree: What `models.query.parse` read.
        asked: What its words refer to, and how the condition will be asked.
    """
    return _node(tree, asked)


def _node(node: Node, asked: Asked) -> Condition:
    match node:
        case And(terms):
            return _all(terms, asked)
        case Or(terms):
            return sa.or_(*(_node(term, asked) for term in terms))
        case Not(term):
            return sa.not_(_node(term, asked).self_group())
        case Phrase(phrase):
            return asked.text(phrase)
        case Match(key) | Compare(key) if key in EVENT_KEYS:
            return history.Entry({key: node}).condition(asked)
        case Match(key) | Compare(key):
            return CLAUSES[key](node, asked)


def _all(terms: Iterable[Node], asked: Asked) -> Condition:
    """Join *terms*; those about the history speak about one and the same entry.

    Negated terms alone deny any such entry.
    """
    apart = list(terms)
    entries = history.entries_of(filter(history.speaks_of, apart))
    if entries:
        apart = [node for node in apart if not history.speaks_of(node)]
    conditions = [_node(node, asked) for node in apart]
    return sa.and_(sa.true(), *conditions, *(entry.condition(asked) for entry in entries))


def _status(term: Term, asked: Asked) -> Condition:
    return one_of_statuses(tuple(each for each in values(term) if isinstance(each, StatusWord)))


def _stage(term: Term, asked: Asked) -> Condition:
    # An index knows statuses, of which each stage is a set.
    return one_of_statuses(statuses_of_stages(frozenset(words(term))))


def _urgency(term: Term, asked: Asked) -> Condition:
    found = named(flags.URGENCIES)(term, asked)
    # Whatever is urgent has a limit, and an index knows which sends have one.
    return found if "none" in words(term) else (col(Send.due_at) < NEVER) & found


def _owner(term: Term, asked: Asked) -> Condition:
    asked_for = specials(term)
    owners = [*words(term), *([asked.me] if "me" in asked_for else [])]
    found: list[Condition] = [col(Send.owner).in_(owners)] if owners else []
    return sa.or_(*found, *([flags.UNOWNED] if "none" in asked_for else []))


def _id(term: Term, asked: Asked) -> Condition:
    return sa.or_(*(_called(word.strip()) for word in words(term)))


def _called(word: str) -> Condition:
    """Return the condition for a short name, an external id, or `provider:external_id`."""
    platform, colon, rest = word.partition(":")
    providers = list(provider_help())
    if colon and platform.lower() in providers:
        return (col(Send.provider) == platform.lower()) & (col(Send.external_id) == rest)
    short = col(Send.ref).in_(sorted({word, word.upper(), word[:1].upper() + word[1:].lower()}))
    # Naming the providers lets the index on provider and external id serve.
    return short | (col(Send.provider).in_(providers) & (col(Send.external_id) == word))


def _view(term: Term, asked: Asked) -> Condition:
    trees = (value.tree for value in values(term) if isinstance(value, ViewName))
    return sa.or_(*(_node(tree, asked) for tree in trees))


CLAUSES: Mapping[str, Clause] = MappingProxyType(
    {
        "status": _status,
        "provider": choice(col(Send.provider)),
        "type": choice(col(Send.type)),
        "stage": _stage,
        "urgency": _urgency,
        "is": named(flags.FLAGS),
        "owner": _owner,
        "age": moment(col(Send.since)),
        "due": moment(col(Send.due_at), ceiling=NEVER),
        "since": moment(col(Send.since)),
        "created": moment(col(Send.created_at), floor=UNKNOWN_START + TICK),
        "updated": moment(col(Send.provider_at), optional=True),
        **{key: text(*columns) for key, columns in TEXTS_OF.items()},
        "id": _id,
        "cost": cost,
        "currency": choice(col(Send.currency)),
        "in": _view,
    }
)
"""One clause for each key that speaks of a send itself."""

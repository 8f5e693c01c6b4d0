"""The tree of a filter as a condition on `send`; every value is a bound parameter.

Conditions are true or false, never NULL, so that a negated one holds exactly where it does not.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

import sqlalchemy as sa
from sqlmodel import col

from models.clock import Calendar
from models.query import flags
from models.query.builders import (
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
from models.query.catalogue_words import provider_help, statuses_of_stages
from models.query.flags import WARNING, Asked, one_of_statuses
from models.query.keys import EVENT_KEYS
from models.query.moments import TICK
from models.query.text_search import TextSearch
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
from models.tables import NEVER, UNKNOWN_START, Event, Send


def where(
    tree: Node,
    *,
    now: datetime,
    me: str,
    search: TextSearch,
    calendar: Calendar = Calendar(),  # noqa: B008 - a frozen value
    warning: timedelta = WARNING,
) -> Condition:
    """Return the condition that the sends of a filter fulfil.

    Args:
        tree: What `models.query.parse` read.
        now: The present, in UTC.
        me: Whom `@me` means.
        search: How this database searches text.
        calendar: Working days and the time zone of dates.
        warning: How long before its limit a send is due soon.
    """
    return _node(tree, Asked(now=now, me=me, search=search, calendar=calendar, warning=warning))


def _node(node: Node, asked: Asked) -> Condition:
    match node:
        case And(terms):
            return _all(terms, asked)
        case Or(terms):
            return sa.or_(*(_node(term, asked) for term in terms))
        case Not(term):
            return sa.not_(_node(term, asked).self_group())
        case Phrase(phrase):
            return asked.search(phrase)
        case Match(key) | Compare(key) if key in EVENT_KEYS:
            return _some_event([_clause(node, asked)])
        case Match() | Compare():
            return _clause(node, asked)


def _clause(term: Term, asked: Asked) -> Condition:
    return CLAUSES[term.key](term, asked)


def _all(terms: Iterable[Node], asked: Asked) -> Condition:
    """Join *terms*; those about the history speak about one and the same entry.

    A key that comes again begins another entry; negated terms alone deny any such entry.
    """
    conditions: list[Condition] = []
    entries: list[dict[str, Condition]] = []
    denied: list[tuple[Not, Condition]] = []
    for node in terms:
        match node:
            case Match(key) | Compare(key) if key in EVENT_KEYS:
                entry = next((each for each in entries if key not in each), None)
                if entry is None:
                    entries.append(entry := {})
                entry[key] = _clause(node, asked)
            case Not(Match(key) | Compare(key) as term) if key in EVENT_KEYS:
                denied.append((node, sa.not_(_clause(term, asked).self_group())))
            case _:
                conditions.append(_node(node, asked))
    if not entries:
        conditions += [_node(node, asked) for node, _ in denied]
    for number, entry in enumerate(entries):
        unlike = [condition for _, condition in denied] if number == 0 else []
        conditions.append(_some_event([*entry.values(), *unlike]))
    return sa.and_(sa.true(), *conditions)


def _some_event(conditions: Iterable[Condition]) -> Condition:
    return col(Send.id).in_(sa.select(col(Event.send_id)).where(*conditions))


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


def _by(term: Term, asked: Asked) -> Condition:
    """Ask who or what an entry of the history comes from; `import` covers `import:sends.csv`."""
    actor, source = col(Event.actor), col(Event.source)
    meant = {"me": asked.me, "none": ""}
    exact = [meant[name] for name in sorted(specials(term))]
    parts: list[Condition] = [actor.in_(exact)] if exact else []
    for word in words(term):
        parts += [actor == word, source == word]
        parts += [column.startswith(f"{word}:", autoescape=True) for column in (actor, source)]
    return sa.or_(*parts)


def _note(term: Term, asked: Asked) -> Condition:
    reason = col(Event.reason)
    return sa.or_(*(reason.icontains(word, autoescape=True) for word in words(term)))


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
        "recipient": text("recipient_name", "recipient_email"),
        "email": text("recipient_email"),
        "company": text("company"),
        "campaign": text("campaign"),
        "sender": text("sender_name", "sender_email"),
        "team": text("team"),
        "id": _id,
        "tracking": text("tracking_number"),
        "carrier": text("carrier"),
        "cost": cost,
        "currency": choice(col(Send.currency)),
        "changed": moment(col(Event.recorded_at)),
        "by": _by,
        "note": _note,
        "in": _view,
    }
)
"""One clause for each key but `sort`; those of `EVENT_KEYS` are about `event`."""

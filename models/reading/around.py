"""What lies around a send: other sends of its recipient, company, campaign and batch."""

from collections.abc import Iterator
from typing import Final

import sqlalchemy as sa

from models.providers.status import BATCH_TYPE, UNMAPPED_SLUG, Stage
from models.query.printer import written
from models.query.sql.batches import has_batches, within
from models.query.sql.clauses import where
from models.query.sql.context import QueryContext
from models.query.syntax import can_be_typed
from models.query.text_search import Condition
from models.query.tree import Match, Node, Special, StatusWord, Whole, Word, conjunction
from models.records import Relation, RelationKey, SendRecord
from models.rules.due import urgency
from models.store.mapping import table_of
from models.store.tables import NEVER, Send, col

MOST: Final = 1_000
"""Up to this many others are counted: a campaign may have half of all sends."""
_OPEN = sa.text("send.stage NOT IN ('done', 'closed')")
"""As the index `send_campaign_open` says it: with parameters no database would see that it is the same."""
_ENDED = (Stage.DONE, Stage.CLOSED)

_PRESSING = (Word("over"), Word("now"))

_Asked = tuple[RelationKey, str, Node, Condition]
"""A relation, what the sends have in common, their filter, and the condition that counts them."""


def read(
    connection: sa.Connection, send: SendRecord, context: QueryContext
) -> tuple[Relation, ...]:
    """Return each relation in which *send* has others, the closest first.

    All are counted by one statement, each by one range of an index of which at most `MOST` + 2 entries
    are read.

    Args:
        connection: An open transaction.
        send: The send.
        context: The present, and how this database searches.
    """
    asked = list(_asked(send, context))
    if not asked:
        return ()
    counts = connection.execute(sa.select(*(_count(each[3]) for each in asked))).one()
    return tuple(
        Relation(key, value, written(tree), min(others, MOST), exact=others <= MOST)
        for (key, value, tree, _), found in zip(asked, counts, strict=True)
        if (others := found - _is_listed(send, key, tree)) > 0
    )


def _is_listed(send: SendRecord, key: RelationKey, tree: Node) -> bool:
    """Whether *send* itself is in the list of one of its relations."""
    if key == "of":
        return False
    return send.type != BATCH_TYPE or (key != "orders" and has_batches(tree))


def _asked(send: SendRecord, context: QueryContext) -> Iterator[_Asked]:
    for key, value, terms in _filters(send):
        tree = conjunction(terms)
        if value.strip() and can_be_typed(written(tree)):
            yield key, value, tree, within(tree, where(tree, context))
    campaign = _same_campaign(send)
    if _has_problem(send, context):
        here = (*campaign, _status(send))
        tree = conjunction((*here, Match("urgency", _PRESSING)))
        if can_be_typed(written(tree)):
            past = sa.or_(col(Send.due_at) < context.now, sa.and_(col(Send.at_once)))
            # As the filter, in fewer words: the condition is made anew for each send.
            limited = sa.and_(where(conjunction(here), context), col(Send.due_at) < NEVER, past)
            yield "problem", send.campaign, tree, sa.and_(limited, _OPEN)


def _has_problem(send: SendRecord, context: QueryContext) -> bool:
    """Whether *send* is past its limit in a status that others of its campaign may be stuck in too.

    A contested send and a word that is not known are each a case of their own.
    """
    is_own = send.contested or send.status == UNMAPPED_SLUG or send.stage in _ENDED
    return bool(send.campaign) and not is_own and urgency(send, context.now) in ("over", "now")


def _filters(send: SendRecord) -> Iterator[tuple[RelationKey, str, tuple[Node, ...]]]:
    if send.type == BATCH_TYPE:
        yield "orders", send.external_id, (Match("batch", (Word(send.external_id),)),)
    if send.recipient_email:
        email = send.recipient_email
        yield "recipient", email, (Match("email", (Whole(email),)),)
    elif send.recipient_name:
        # Without an address, people of one name are told apart by their company.
        company = Whole(send.company) if send.company else Special("none")
        name = Match("recipient", (Whole(send.recipient_name),))
        yield "recipient", send.recipient_name, (name, Match("company", (company,)))
    if send.company:
        yield "company", send.company, (Match("company", (Whole(send.company),)),)
    if send.campaign:
        yield "campaign", send.campaign, _same_campaign(send)
    if send.batch:
        yield "batch", send.batch, (Match("batch", (Word(send.batch),)),)
        of = (Match("is", (Word("batch"),)), Match("id", (Word(f"{send.provider}:{send.batch}"),)))
        yield "of", send.batch, of


def _same_campaign(send: SendRecord) -> tuple[Node, ...]:
    return (Match("campaign", (Whole(send.campaign),)),)


def _status(send: SendRecord) -> Node:
    return Match("status", (StatusWord(send.status, send.provider),))


def _count(condition: Condition) -> sa.ScalarSelect[int]:
    found = sa.select(sa.literal(1)).select_from(table_of(Send)).where(condition).limit(MOST + 2)
    return sa.select(sa.func.count()).select_from(found.subquery()).scalar_subquery()

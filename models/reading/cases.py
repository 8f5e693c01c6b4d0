"""Everything about one send, read within one transaction."""

from itertools import islice

import sqlalchemy as sa

from models.errors import UnknownSend
from models.history import journal
from models.history.journal import SendHistory
from models.providers import catalogue
from models.reading.batches import orders_of
from models.records import Case
from models.rules.advice import advise
from models.rules.credit_words import at_stake, standing
from models.rules.due import Policy
from models.rules.state import SendState, Subject
from models.store import mapping
from models.values.local_time import LocalTime

HISTORY_SHOWN = 500
"""How many events of a long history are shown, from the newest."""


def read(connection: sa.Connection, send_id: int, local: LocalTime) -> Case:
    """Return the case of a send, with advice for the present of the agent.

    Raises:
        UnknownSend: If there is no such send.
    """
    send = mapping.find(connection, send_id)
    if send is None:
        raise UnknownSend("The send is no longer there.")
    history = journal.read_history(connection, send, HISTORY_SHOWN)
    return case_of(connection, history, history.state(), mapping.policy_of(connection), local)


def case_of(
    connection: sa.Connection,
    history: SendHistory,
    state: SendState,
    policy: Policy,
    local: LocalTime,
) -> Case:
    """Return the case of a send that is known with its history.

    Args:
        connection: Within the transaction that read or wrote it.
        history: The send with its newest events.
        state: What its history adds up to.
        policy: The thresholds and business days in force.
        local: The present for which the advice holds, of the agent who reads it.
    """
    # A list needs no rules.
    from models.rules.time_rules import usual_end

    send = history.send
    credit = standing(history.credits)
    events = (
        event._replace(effect=state.effects[event.seq]) if event.seq in state.effects else event
        for event in islice(history.newest, HISTORY_SHOWN)
    )
    return Case(
        send=send,
        history=tuple(events),
        history_total=send.revision,
        shipments=mapping.shipments(connection, send.id),
        orders=orders_of(connection, (send,)).get(send.id, ()),
        usual_end=usual_end(Subject.of(send), state, policy, send.since),
        credits=history.credits,
        advice=advise(send, local, policy, credit),
        money=catalogue.provider(send.provider).money(at_stake(send, credit), local),
    )

"""Refs, the short names of sends: given to new sends, and looked up as agents type them."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from hashlib import blake2b
from typing import TYPE_CHECKING

import sqlalchemy as sa

from models.errors import UnknownSend
from models.providers import PROVIDERS
from models.providers.catalogue import provider
from models.records import SendRecord
from models.store import mapping, tables
from models.store.tables import col
from models.values.spelling import number_of, numbers_of, plain_dashes, visible

if TYPE_CHECKING:
    from models.providers.incoming import Incoming

_TAKEN = sa.select(col(tables.Send.ref)).where(
    col(tables.Send.ref).in_(sa.bindparam("refs", expanding=True))
)
_LOOKUP = 400
"""How many refs are looked up with one query."""
_LONGEST = 40
"""The most characters of an id in a ref."""


def find(connection: sa.Connection, reference: str) -> SendRecord:
    """Return the send that *reference* names: see `conditions_for`.

    Args:
        connection: Within a transaction.
        reference: What an agent typed.

    Raises:
        UnknownSend: If it means none, or more than one.
    """
    for clause in conditions_for(reference):
        wanted = sa.select(*mapping.record_columns()).where(clause).limit(6)
        rows = connection.execute(wanted).all()
        if len(rows) == 1:
            return mapping.record(rows[0])
        if rows:
            names = ", ".join(f"{row.provider}:{row.external_id}" for row in rows[:5])
            raise UnknownSend(f"“{reference}” means several sends: {names}. Name one of them.")
    raise UnknownSend(f"No send answers to “{reference}”.")


def conditions_for(reference: str) -> Iterator[sa.ColumnElement[bool]]:
    """Yield conditions on `send` for *reference*, the most exact first.

    A reference can be the ref as the list shows it, an external id behind the provider's letter or its
    first characters (at least four), `provider:external_id`, a tracking number, or an external id.
    """
    word = plain_dashes(visible(reference).strip().removeprefix("#"))
    if not word:
        return
    ref, external = col(tables.Send.ref), col(tables.Send.external_id)
    owner = col(tables.Send.provider)
    platform, colon, rest = word.partition(":")
    for known in PROVIDERS:
        prefix = f"{known.letter}-"
        if word.upper().startswith(prefix):
            tail = word[len(prefix) :]
            yield ref == prefix + tail
            yield (owner == known.key) & (external == tail)
            if len(tail) >= 4:
                yield (owner == known.key) & external.startswith(tail, autoescape=True)
        if colon and platform.lower() == known.key:
            yield (owner == known.key) & (external == rest)
    numbers = numbers_of(word)
    yield col(tables.Send.tracking_number).in_(numbers)
    yield col(tables.Send.id).in_(
        sa.select(col(tables.Shipment.send_id)).where(
            col(tables.Shipment.tracking_number).in_(numbers)
        )
    )
    yield external == word
    if number_of(word):
        yield external == number_of(word)
    # A hundred words and ten patterns, and few names come this far.
    from models.values.cells import exact_id

    with suppress(ValueError):
        if (bare := exact_id(word)) not in ("", word):
            yield external == bare


def allocate_refs(connection: sa.Connection, sends: "Sequence[Incoming]") -> list[str]:
    """Return a ref that no other send has for each of *sends*, in their order.

    It is the provider's letter and the short form of the id, or more of the id if that is taken.
    """
    shortest = [_shortest(send) for send in sends]
    taken = _taken(connection, shortest)
    chosen = []
    for send, short in zip(sends, shortest, strict=True):
        name = short
        if short in taken:
            longer = list(_longer(send, short))
            taken |= _taken(connection, longer)
            name = next(name for name in longer if name not in taken)
        taken.add(name)
        chosen.append(name)
    return chosen


def _shortest(send: "Incoming") -> str:
    platform = provider(send.provider)
    return f"{platform.letter}-{platform.payloads.short_id(send.external_id)}"


def _longer(send: "Incoming", taken: str) -> Iterator[str]:
    """Yield longer refs for *send*, the shortest first; the last one is a hash of its id."""
    letter, _, short = taken.partition("-")
    if send.external_id.startswith(short):
        for length in range(len(short) + 1, min(len(send.external_id), _LONGEST) + 1):
            yield f"{letter}-{send.external_id[:length]}"
    yield f"{letter}-{blake2b(send.external_id.encode(), digest_size=12).hexdigest()}"


def _taken(connection: sa.Connection, names: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(names), _LOOKUP):
        some = names[start : start + _LOOKUP]
        found.update(connection.execute(_TAKEN, {"refs": some}).scalars())
    return found

"""What a server is to the desk: one that takes writes, a standby, or a logical replica."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

QUESTION = """pg_is_in_recovery(),
  EXISTS (SELECT FROM pg_subscription_rel WHERE srrelid = to_regclass('send'))"""
"""What `role_of` takes the answers to; nothing but the catalogue of the server is read."""


class Role(Enum):
    """Where what is written comes from, and why a desk writes nothing there."""

    PRIMARY = ""
    STANDBY = "{name} is a standby, which accepts no writes: they are accepted once it is promoted."
    REPLICA = (
        "{name} gets its sends from another server by logical replication and accepts no writes: "
        "they are accepted once its subscription is dropped."
    )


@dataclass(slots=True)
class KnownRole:
    """What the server was when a session began there last, or when it was asked since."""

    role: Role = Role.PRIMARY


def role_of(answers: Any) -> Role:
    """Return the role for the row that answers `QUESTION`."""
    in_recovery, subscribes = answers
    if in_recovery:
        return Role.STANDBY
    return Role.REPLICA if subscribes else Role.PRIMARY

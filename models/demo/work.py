"""What agents of a demo do to its sends."""

import random
from datetime import datetime, timedelta

from models.demo import words
from models.desk import Desk
from models.errors import DeskError
from models.records import Case, SendRecord


def run_a_verb(
    desk: Desk, dice: random.Random, send: SendRecord, moment: datetime, place: int
) -> SendRecord | None:
    """Run the verb that *place* stands for on *send*, as the agent of *desk* at *moment*.

    Returns:
        The send after it; None if the rules refuse the verb.
    """
    try:
        match place % 9:
            case 0 | 1 | 2 | 3:
                case = desk.take(send)
                if place % 2:
                    case = desk.note(case.send, dice.choice(words.NOTES))
            case 4 | 5:
                seen = desk.take(send).send
                follow_up = moment + timedelta(days=dice.choice((2, 3)))
                case = desk.escalate(seen, f"SUP-{dice.randrange(10_000, 99_999)}", follow_up)
            case 6:
                case = _override(desk, dice, send, "shipped")
            case 7:
                case = desk.snooze(send, moment + timedelta(days=dice.choice((2, 3))))
            case _:
                case = _override(desk, dice, send, "delivered")
    except DeskError:
        # The random choice does not suit the send, for example if it already has that status.
        return None
    return case.send


def _override(desk: Desk, dice: random.Random, send: SendRecord, status: str) -> Case:
    return desk.override(send, status, dice.choice(words.REASONS[status]), force=True)

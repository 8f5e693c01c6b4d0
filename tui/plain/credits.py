"""What is said of credits: the sums of each funding source, then each credit with its send. Pure."""

from collections.abc import Mapping

from models.reading.credits import STANDS, CreditLine, CreditTotal, Stand
from models.rules import credit_words
from models.values.local_time import LocalTime
from models.values.money import money_words
from models.values.text import display_text
from tui.plain.sentences import count

_LONGEST = 80


def sums_said(source: str, found: Mapping[Stand, CreditTotal]) -> str:
    """Return what the credits of a funding source come to: `Marketing: overdue 3 credits, 361.75 USD`."""
    name = display_text(source, _LONGEST) or "No funding source"
    sums = (_sum(found[stand]) for stand in STANDS if stand in found)
    return f"{name}: {'; '.join(sums)}."


def _sum(total: CreditTotal) -> str:
    said = f"{total.stand} {count(total.number, 'credit')}"
    if total.number > total.unknown:
        said = f"{said}, {money_words(total.minor, display_text(total.currency, 3))}"
    return f"{said}, {total.unknown:,} without amount" if total.unknown else said


def credit_said(line: CreditLine, local: LocalTime) -> str:
    """Return how one credit stands: `S-1004, Di Far: 25.00 USD expected in Marketing since …`."""
    name = display_text(line.recipient_name, _LONGEST) or "no name"
    late = (
        f", overdue since {local.words(line.due_at)}"
        if line.stand == "overdue" and line.due_at
        else ""
    )
    return f"{line.ref}, {name}: {credit_words.told(line.entry, local)}{late}."

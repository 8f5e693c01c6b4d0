"""`--at TIME`: a command reads the desk as it was."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from tui.commands import output
from tui.commands.progress import counting

if TYPE_CHECKING:
    from models.desk import Desk


@contextmanager
def looked_back(desk: "Desk", text: str) -> "Iterator[Desk]":
    """Give *desk* as it was at the moment that *text* names, and close that at the end.

    Raises:
        BadQuery: If it names none, or one that is to come.
        DeskError: If nothing is known of that moment.
    """
    from models.reading.past import in_part, past_moment

    moment = past_moment(desk, text)
    local = desk.local_time()
    with counting("Looking through the history") as tell:
        past = desk.as_it_was(moment, lambda done, total: tell("entries and sends", done, total))
    with closing(past.database):
        output.say(f"This is the desk as it was {local.words(moment)}, {local.zone_name}.")
        if sentence := in_part(past):
            output.say(sentence)
        yield past

"""The open desk stays at hand while another process writes a great deal."""

from pathlib import Path

from models.database import open_database
from models.desk import Desk
from tests.benchmarks.meanwhile import moves, open_desk, setting_all
from tests.support.app_driver import NOW, make_demo

SENDS = 3_000
PAGE = 15
"""Fewer rows than the desk shows."""
FEW = 5
"""Keys that a desk would not answer if each waited for the writer."""


def test_the_open_desk_answers_keys_while_thousands_are_set(tmp_path: Path) -> None:
    path = tmp_path / "sends.db"
    make_demo(path, SENDS)

    with open_desk(path) as terminal, setting_all(path) as command:
        answered = list(moves(terminal, while_runs=command))
        command.wait(60)
        terminal.read_until(lambda seen: seen.text.count("Canceled") > PAGE)

    assert len(answered) > FEW
    database = open_database(path)
    desk = Desk(database, "ana", lambda: NOW)
    assert desk.count(desk.listing(desk.parse("status:canceled"))).value == SENDS
    database.close()

"""The whole desk beside a small model of it: whatever is done to both, they show the same."""

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from models.database import Database
from tests.support.beside import beside

EXAMPLES = 8
STEPS = 30
"""`python -m tests.crash.model` tries as many as there is time for."""


def test_the_desk_shows_what_a_small_model_shows(database: Database) -> None:
    with beside() as machine:
        machine.database = database
        run_state_machine_as_test(
            machine, settings=settings(max_examples=EXAMPLES, stateful_step_count=STEPS)
        )

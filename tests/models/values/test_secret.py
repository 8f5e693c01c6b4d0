"""A secret is shown nowhere."""

import json
import pickle

import pytest

from models.values.secret import Secret

CANARY = "canary-4711"
SECRET = Secret(CANARY)


def test_it_is_used_as_it_is() -> None:
    assert SECRET.reveal() == CANARY
    assert Secret(f"{CANARY}  b").words() == (SECRET, Secret("b"))
    assert not Secret("")


@pytest.mark.parametrize(
    "shown",
    [
        repr(SECRET),
        str(SECRET),
        f"{SECRET}",
        f"{SECRET:>40}",
        f"{SECRET!r}",
        repr({"key": [SECRET]}),
    ],
)
def test_whoever_prints_it_sees_three_stars(shown: str) -> None:
    assert "***" in shown
    assert CANARY not in shown


@pytest.mark.parametrize("write", [pickle.dumps, json.dumps])
def test_it_is_written_into_no_file(write: object) -> None:
    assert callable(write)
    with pytest.raises(TypeError) as refused:
        write(SECRET)
    assert CANARY not in str(refused.value)

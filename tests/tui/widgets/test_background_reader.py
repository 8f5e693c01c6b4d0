"""Answers that come from another thread, and those that nobody wants any more."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.limit import LIMIT
from tui.widgets.sends.background_reader import BackgroundReader


def test_answers_come_back_once_and_on_the_thread_that_asked() -> None:
    woken = threading.Event()
    taken: list[tuple[str, int]] = []
    with ThreadPoolExecutor(1) as executor:
        reader = BackgroundReader(executor, woken.set)
        reader.ask(
            "a", lambda: "first", lambda answer: taken.append((answer, threading.get_ident()))
        )
        reader.ask(
            "a", lambda: "again", lambda answer: taken.append((answer, threading.get_ident()))
        )
        assert woken.wait(LIMIT)
        assert taken == []
        reader.collect()
        reader.collect()
    assert taken == [("first", threading.get_ident())]


def test_what_was_forgotten_is_neither_run_nor_taken() -> None:
    gate = threading.Event()
    ran: list[str] = []
    taken: list[object] = []
    with ThreadPoolExecutor(1) as executor:
        reader = BackgroundReader(executor, lambda: None)
        reader.ask("held", gate.wait, taken.append)
        reader.ask("queued", lambda: ran.append("queued"), taken.append)
        reader.ask("kept", lambda: "kept", taken.append)
        reader.forget(unless=lambda key: key == "kept")
        gate.set()
        reader.wait(["kept", "held", "queued"], 20)
    assert (ran, taken) == ([], ["kept"])


def test_an_answer_that_forgets_the_others_ends_the_collection() -> None:
    taken: list[str] = []
    with ThreadPoolExecutor(1) as executor:
        reader = BackgroundReader(executor, lambda: None)

        def take(answer: str) -> None:
            taken.append(answer)
            reader.forget()

        reader.ask(1, lambda: "one", take)
        reader.ask(2, lambda: "two", take)
        executor.submit(int).result(LIMIT)
        reader.collect()
    assert taken == ["one"]


def test_a_failure_leaves_the_other_answers_for_the_next_time() -> None:
    taken: list[int] = []
    with ThreadPoolExecutor(1) as executor:
        reader = BackgroundReader(executor, lambda: None)
        reader.ask("bad", lambda: 1 // 0, taken.append)
        reader.ask("good", lambda: 7, taken.append)
        executor.submit(int).result(LIMIT)
        with pytest.raises(ZeroDivisionError):
            reader.collect()
        reader.collect()
    assert taken == [7]

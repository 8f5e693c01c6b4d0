"""The pages of a list, in their order; the next ones are fetched while one is worked on."""

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import NamedTuple

from models.live.api import Api, PlatformError, Reply
from models.live.pace import Stopped
from models.providers.client import Answer, Feed

_WIDTH = 4
"""How many pages are asked for at once."""
_LOOK_EVERY = 0.2
"""Seconds between two looks whether the program is to end, while a page is waited for."""
_Fetch = Callable[[str], "Future[Reply]"]
_Task = tuple["Future[Reply]", Callable[[str], Reply], str]


class Page(NamedTuple):
    """One page of a list."""

    answer: Answer
    following: str
    """What the next page is asked by; empty after the last."""
    at: datetime | None
    """When it was answered, by the clock of the platform, in UTC."""


class Pages:
    """Reads one list from a page on.

    Args:
        api: The platform.
        feed: The list.
        params: What it is asked for besides the page.
        stop: Is set when the program is to end.
        odd: Is told what is wrong with a page that can be read all the same.
    """

    def __init__(
        self,
        api: Api,
        feed: Feed,
        params: dict[str, str],
        stop: threading.Event,
        odd: Callable[[str], None],
    ) -> None:
        self._api = api
        self._feed = feed
        self._params = params
        self._stop = stop
        self._odd = odd

    def read(self, first: str) -> Iterator[Page]:
        """Yield the pages from *first* on; an empty one stands for the first of all.

        Raises:
            PlatformError: If the platform does not answer, or not with pages of this list.
            Stopped: If the program is to end.
        """
        with _threads(_WIDTH) as submit:
            read = self._chained if self._feed.following else self._counted
            yield from read(first, partial(submit, self._fetch))

    def _chained(self, token: str, fetch: _Fetch) -> Iterator[Page]:
        """Yield pages each of which says what the next one is asked by."""
        while True:
            reply = self._wait(fetch(token))
            answer = self._answer(reply)
            if answer.following and answer.following == token:
                self._odd(self._repeated(token))
                yield Page(answer, "", reply.at)
                return
            yield Page(answer, answer.following, reply.at)
            if not answer.following:
                return
            token = answer.following

    def _counted(self, first: str, fetch: _Fetch) -> Iterator[Page]:
        """Yield pages that are counted from 1.

        If the list has become shorter, entries may have slid from a page that is not read yet to one that
        is: as many pages are read again.
        """
        number = int(first) if first.isdecimal() else 1
        ahead: deque[Future[Reply]] = deque([fetch(str(number))])
        before: Answer | None = None
        while True:
            reply = self._wait(ahead.popleft())
            answer = self._answer(reply)
            # Of a list that has grown by a page meanwhile, the next page is the one before rightly.
            if before and answer.items and answer == before:
                self._odd(self._repeated(str(number)))
                return
            size = max(len(answer.items), len(before.items) if before else 0)
            slid = _less(before, answer)
            if slid and size:
                number = max(number - -(-slid // size), 1)
                # What is counted now is what the next page is compared with.
                before, ahead = None, deque([fetch(str(number))])
                continue
            last = _last_page(answer.total, size, number)
            is_last = not answer.items or (last is not None and number >= last)
            yield Page(answer, "" if is_last else str(number + 1), reply.at)
            if is_last:
                return
            while len(ahead) < _WIDTH and (last is None or number + len(ahead) < last):
                ahead.append(fetch(str(number + len(ahead) + 1)))
            before, number = answer, number + 1

    def _fetch(self, page: str) -> Reply:
        feed = self._feed
        asked = {feed.per_page: str(feed.most), **({feed.page: page} if page else {})}
        return self._api.get(feed.path, {**self._params, **asked})

    def _answer(self, reply: Reply) -> Answer:
        try:
            return self._feed.answer(reply.body)
        except ValueError as problem:
            raise PlatformError(
                f"{self._api.name} answered GET {self._feed.path}, but not as it has published:"
                f" {problem}."
            ) from None

    def _wait(self, future: "Future[Reply]") -> Reply:
        while True:
            if self._stop.is_set():
                raise Stopped
            try:
                return future.result(_LOOK_EVERY)
            except TimeoutError:
                continue

    def _repeated(self, page: str) -> str:
        return f"page {page} is the one before once more: the list is taken to end there"


@contextmanager
def _threads(count: int) -> Iterator[Callable[[Callable[[str], Reply], str], "Future[Reply]"]]:
    """Give a function that runs another one on one of *count* threads.

    They are no reason for the program to wait at its end, as those of a ThreadPoolExecutor would be.
    """
    tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()

    def work() -> None:
        while task := tasks.get():
            future, function, page = task
            try:
                future.set_result(function(page))
            # Whatever it is, it is raised where the page is waited for.
            except BaseException as problem:  # noqa: BLE001
                future.set_exception(problem)

    def submit(function: Callable[[str], Reply], page: str) -> "Future[Reply]":
        if len(started) < count:
            started.append(threading.Thread(target=work, name="pages", daemon=True))
            started[-1].start()
        future: Future[Reply] = Future()
        tasks.put((future, function, page))
        return future

    started: list[threading.Thread] = []
    try:
        yield submit
    finally:
        for _ in started:
            tasks.put(None)


def _less(before: Answer | None, answer: Answer) -> int:
    """Return by how many entries a list has become shorter between two of its pages."""
    if before is None or before.total is None or answer.total is None:
        return 0
    return max(before.total - answer.total, 0)


def _last_page(total: int | None, size: int, number: int) -> int | None:
    """Return the number of the last page; None if the platform does not say how many entries there are."""
    if total is None:
        return None
    return -(-total // size) if size else number

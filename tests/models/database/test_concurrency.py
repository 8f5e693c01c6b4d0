"""Many at one desk: one winner, no lost update, every conflict told, and nothing torn by a kill."""

import json
import sqlite3
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier

import psycopg
import pytest

from models.database import open_database
from models.database.sqlite.write_lock import begin_immediate
from models.desk import Desk
from models.errors import StaleSend
from models.history.audit import verify
from models.intake.intake import ImportReport
from models.records import EventKind, SendRecord
from models.writing.writer import Request
from tests.support.desk_cases import HandClock, arrive, fact, parcel, take
from tests.support.sample_cases import ago
from tests.support.terminal import ROOT

AGENTS = 8


def test_of_eight_who_saw_the_same_one_wins(desk: Desk) -> None:
    seen = arrive(desk, parcel(1))
    for _ in range(3):
        start = Barrier(AGENTS)

        def race(number: int, seen: SendRecord = seen, start: Barrier = start) -> str:
            agent = Desk(desk.database, f"agent{number}", desk.now)
            start.wait()
            try:
                agent.assign(seen, f"owner {seen.revision} {number}")
            except StaleSend as refused:
                return f"lost to {refused.theirs.owner if refused.theirs else '?'}"
            return "won"

        with ThreadPoolExecutor(AGENTS) as agents:
            ends = Counter(agents.map(race, range(AGENTS)))
        seen = desk.find("S-1")
        assert ends == {"won": 1, f"lost to {seen.owner}": AGENTS - 1}
    assert verify(desk.database).problems == ()


def test_a_retry_beside_its_own_first_attempt_is_applied_once(desk: Desk) -> None:
    seen = arrive(desk, parcel(1))
    start = Barrier(AGENTS)
    request = Request("once")

    def attempt(number: int) -> SendRecord:
        start.wait()
        return desk.override(seen, "shipped", "r", request=request).send

    with ThreadPoolExecutor(AGENTS) as agents:
        (after,) = set(agents.map(attempt, range(AGENTS)))
    assert (after.status, after.revision) == ("shipped", 2)


def test_who_waits_to_write_looks_again_soon(file_address: str) -> None:
    looks: list[str] = []
    with (
        closing(sqlite3.connect(file_address, isolation_level=None)) as other,
        closing(sqlite3.connect(file_address, isolation_level=None)) as waiting,
    ):
        other.execute("BEGIN IMMEDIATE")
        waiting.set_trace_callback(looks.append)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            begin_immediate(waiting, 0.3)
        assert looks.count("BEGIN IMMEDIATE") > 30
        other.execute("COMMIT")
        begin_immediate(waiting, 0.3)
        assert waiting.in_transaction


def test_imports_at_the_same_time_make_each_send_once(desk: Desk, clock: HandClock) -> None:
    sends = [parcel(number, fact("Order Received", ago(days=3))) for number in range(60)]
    start = Barrier(3)

    def intake(number: int) -> ImportReport:
        start.wait()
        return take(desk, *sends[number * 10 : number * 10 + 40])

    with ThreadPoolExecutor(3) as imports:
        reports = list(imports.map(intake, range(3)))
    assert sum(report.new for report in reports) == desk.total() == 60
    assert sum(report.changed for report in reports) == 0
    assert verify(desk.database).problems == ()


def test_eight_processes_lose_no_update(address: str) -> None:
    database = open_database(address)
    times = 8
    desk = Desk(database, "ana", HandClock())
    take(desk, parcel(1))
    done = subprocess.run(
        [sys.executable, "-m", "tests.crash.contend", address, str(AGENTS), str(times)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stderr, done.returncode) == ("", 0)
    met = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["applied"] for each in met] == [times] * AGENTS
    assert sum(each["conflicts"] for each in met) > 0
    assert max(each["longest"] for each in met) < 5
    case = desk.case(desk.find("S-1").id)
    overrides = [event for event in case.history if event.kind is EventKind.OVERRIDE]
    assert len(overrides) == case.send.revision - 1 == AGENTS * times
    assert len({event.request_id for event in overrides}) == AGENTS * times
    assert Counter(event.actor for event in overrides) == {
        f"agent{number}": times for number in range(AGENTS)
    }
    assert verify(database).problems == ()
    database.close()


@pytest.mark.parametrize("kind", ["file", "server"])
def test_a_kill_loses_nothing_that_was_reported(kind: str, request: pytest.FixtureRequest) -> None:
    times = 2
    command = [sys.executable, "tests/crash/kill.py", "--times", str(times)]
    if kind == "server":
        command += ["--database", request.getfixturevalue("server_address")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stderr, done.returncode) == ("", 0)
    told = done.stdout.splitlines()
    assert len(told) == (6 if kind == "file" else 5)
    assert told[0].startswith(f"{times} killed overriding")
    assert sum(line.endswith("each ended whole") for line in told) == 2
    assert told[-1].startswith(f"{times} killed upgrading")


def test_a_team_at_one_server_waits_for_nobody_long(server_address: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.crash.team", server_address, "--agents", "4", "--rounds", "5"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stderr, done.returncode) == ("", 0)
    *changes, counted = done.stdout.splitlines()
    assert {line.split(":")[0] for line in changes} == {
        "list",
        "numbers",
        "override",
        "note",
        "import",
    }
    assert counted.endswith("0 errors")


def test_a_closed_desk_opens_nothing_any_more(server_address: str) -> None:
    database = open_database(server_address)
    assert not database.changed()
    database.close()
    assert not database.changed()
    with psycopg.connect(server_address) as admin:
        others = admin.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND backend_type = 'client backend'"
            " AND pid <> pg_backend_pid()"
        )
        assert others.fetchone() == (0,)


def test_a_desk_may_be_closed_while_it_looks_for_changes(file_address: str) -> None:
    """In a Python of its own, which it ended."""
    script = """
import sys
from threading import Event, Thread
from models.database import open_database

for _ in range(40):
    database = open_database(sys.argv[1])
    looks, is_closed = Event(), Event()

    def look():
        while not is_closed.is_set():
            database.changed()
            looks.set()

    thread = Thread(target=look)
    thread.start()
    looks.wait()
    database.close()
    is_closed.set()
    thread.join()
"""
    done = subprocess.run(
        [sys.executable, "-c", script, file_address], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")

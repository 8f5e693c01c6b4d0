"""Every benchmark runs and gives sane figures; how fast anything is, no test says."""

from pathlib import Path

import pytest
from rich.console import Console

from tests.benchmarks import __main__ as command
from tests.benchmarks import keys, meanwhile, output_bytes, server, startup, webhooks, writes
from tests.benchmarks.figures import Bench, Figure
from tests.support.terminal import Terminal


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    for name in ("_IMPORTED", "_SET_AT_ONCE"):
        monkeypatch.setattr(writes, name, 60)
    for name in ("_MOVES", "_PAGES"):
        monkeypatch.setattr(output_bytes, name, 2)
    monkeypatch.setattr(output_bytes, "SIZES", ((120, 40),))
    monkeypatch.setattr(meanwhile, "_SENDS", 60)
    monkeypatch.setattr(webhooks, "_QUIET", 2.0)
    monkeypatch.setattr(webhooks, "_AT_ONCE", 40)
    for name in ("_RATE", "_SCREEN_RATE"):
        monkeypatch.setattr(webhooks, name, 40)
    for name in ("_SECONDS", "_SCREEN_SECONDS"):
        monkeypatch.setattr(webhooks, name, 1)
    for module in (keys, server, startup):
        monkeypatch.setattr(module, "SMALL", 120)
    return Bench(sends=300, pairs=1, folder=tmp_path)


@pytest.mark.parametrize("name", command.BENCHMARKS)
def test_each_benchmark_gives_figures(
    bench: Bench, name: str, request: pytest.FixtureRequest
) -> None:
    if name == "server":
        bench.database = request.getfixturevalue("server_address")
    found = list(command.BENCHMARKS[name](bench))
    assert found
    assert all(0 < each.ours < 1e7 and 0 < each.floor < 1e7 for each in found)
    assert any(each.target is not None for each in found)


_A_LIST = """
import sys, tty
tty.setraw(0)
at, top = 0, 0
while True:
    rows = (f"\\x1b[{44 if row == at else 49}mS-{100 + row} a gift\\r\\n" for row in range(top, top + 5))
    sys.stdout.write("\\x1b[H" + "".join(rows) + "\\x1b[K")
    sys.stdout.flush()
    key = sys.stdin.read(1)
    at += key == "j"
    top += {"d": 5, "l": 1}.get(key, 0)
"""
"""A list of which `j` moves the cursor, `d` turns a page and `l` scrolls by one row."""


def test_bytes_are_counted_only_for_keys_that_moved_something() -> None:
    with Terminal.python("-c", _A_LIST, size=(40, 10)) as terminal:
        terminal.read_until("S-104")
        assert output_bytes.bytes_for_move(terminal, "j") > 0
        assert output_bytes.bytes_for_page(terminal, "d") > 0
        for key in ("x", "l"):
            with pytest.raises(output_bytes.NothingMoved, match="the page did not turn"):
                output_bytes.bytes_for_page(terminal, key)
        with pytest.raises(output_bytes.NothingMoved, match="the cursor did not move"):
            output_bytes.bytes_for_move(terminal, "x")


def test_a_figure_is_met_on_its_side_of_the_target() -> None:
    def figure(ours: float, target: float | None, *, more: bool = False) -> Figure:
        return Figure(
            name="x", ours=ours, against="y", floor=10, target=target, more_is_better=more
        )

    assert figure(20, 2).met
    assert not figure(21, 2).met
    assert figure(5, 0.5, more=True).met
    assert not figure(4, 0.5, more=True).met
    assert figure(1000, None).met


def test_both_sides_are_measured_in_turns(tmp_path: Path) -> None:
    order: list[str] = []
    bench = Bench(sends=1, pairs=3, folder=tmp_path)

    def side(name: str, value: float) -> float:
        order.append(name)
        return value

    assert bench.medians(lambda: side("ours", 2), lambda: side("floor", 1)) == (2, 1)
    assert order == ["floor", "ours", "ours", "floor", "floor", "ours"]


def test_the_table_names_what_was_missed() -> None:
    missed = Figure(name="slow thing", ours=3, against="a floor", floor=1, target=2)
    console = Console(width=120)
    with console.capture() as shown:
        console.print(command.table([missed], 1000, 9))
    assert "slow thing" in shown.get()
    assert "missed" in shown.get()


def test_an_unknown_name_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as leaving:
        command.main(["speed"])
    assert leaving.value.code == 2
    assert "there is no speed" in capsys.readouterr().err


def test_a_server_is_measured_where_one_is_given(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(["server"])
    assert "server needs --database" in capsys.readouterr().err

"""The choke point, the refused actions, the crash and the signals, on a real terminal where it counts."""

import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.color import Color
from textual.content import Content
from textual.widgets import Static

from tests.support.hostile import ESCAPES, HOSTILE, MARKUP
from tests.support.hostile_app import PAGES, SECRETS
from tests.support.limit import LIMIT
from tests.support.pilot import running
from tests.support.terminal import ROOT, Terminal, clean_environment, restored, scan
from tui.terminal.crash_report import describe, report, scrub
from tui.terminal.safe_app import SafeApp
from tui.terminal.text_filter import TextFilter

FIRST_PAGE = f"page 1 of {PAGES} shown".encode()
WHOLE_ESCAPES = {name: value for name, value in ESCAPES.items() if not name.startswith("half")}
BLACK = Color(0, 0, 0)


def hostile_app(state: Path, **env: str) -> Terminal:
    return Terminal.python(
        "-m",
        "tests.support.hostile_app",
        size=(160, 200),
        env={"XDG_STATE_HOME": str(state), **env},
    )


def walk(terminal: Terminal) -> None:
    for page in range(1, PAGES + 1):
        terminal.read_until(f"page {page} of {PAGES} shown")
        if page < PAGES:
            terminal.press("n")
    terminal.settle()


def test_the_choke_point_alone_lets_nothing_through(tmp_path: Path) -> None:
    with hostile_app(tmp_path) as terminal:
        walk(terminal)
        assert scan(terminal.raw) == []
        written = bytes(terminal.raw)
        assert [n for n, value in WHOLE_ESCAPES.items() if value.encode() in written] == []
        terminal.press("q")
        assert terminal.wait() == 0


def test_the_scanner_sees_what_the_choke_point_holds_back(tmp_path: Path) -> None:
    with hostile_app(tmp_path, UNGUARDED="1") as terminal:
        terminal.read_until(b"\x1b]52;c;")
        terminal.settle()
        assert {"OSC 52", "OSC 8"} <= {violation.kind for violation in scan(terminal.raw)}


def test_the_line_filter_moves_nothing() -> None:
    before = [Segment(value, Style(bold=True)) for value in HOSTILE.values()]
    after = TextFilter().apply(before, BLACK)
    for name, old, new in zip(HOSTILE, before, after, strict=True):
        assert (name, scan(new.text.encode())) == (name, [])
        assert (name, new.cell_length) == (name, old.cell_length)
        assert new.style == old.style


def test_links_and_actions_leave_the_line_and_scrollbars_stay() -> None:
    look = Style(bold=True, color="red")
    line = [
        Segment("link", look + Style(link="http://evil.example")),
        Segment("click", look + Style(meta={"@click": "app.quit", "row": 1})),
        Segment("row", look + Style(meta={"row": 1})),
        Segment("bar", look + Style(meta={"@mouse.down": "grab"})),
        Segment("none", None),
    ]
    styles = [segment.style for segment in TextFilter().apply(line, BLACK)]
    assert styles == [look, look, line[2].style, line[3].style, None]


class ClickedApp(App[None]):
    """Shows a tracking number that is a trap."""

    pressed = 0

    def compose(self) -> ComposeResult:
        yield Static(Content.from_markup("[@click=app.pressed]1Z999[/]"), id="trap")

    def action_pressed(self) -> None:
        self.pressed += 1


class SafeClickedApp(ClickedApp, SafeApp):
    """The same, guarded."""


@pytest.mark.parametrize(("kind", "times"), [(ClickedApp, 1), (SafeClickedApp, 0)])
async def test_a_click_on_data_runs_nothing(kind: type[ClickedApp], times: int) -> None:
    app = kind()
    async with running(app) as pilot:
        await pilot.click("#trap", offset=(2, 0))
        assert app.pressed == times


async def test_no_text_runs_an_action_of_the_app() -> None:
    actions = (
        "screenshot('authorized_keys','/tmp')", "app.screenshot('a','/tmp')", "simulate_key('q')",
        "app.notify('x')", "screen.notify('x')", "app.push_screen('x')", "app.switch_screen('x')",
        "app.change_theme", "app.suspend_process", "app.switch_mode('x')",
    )  # fmt: skip
    app = SafeApp()
    async with running(app):
        assert [action for action in actions if await app.run_action(action)] == []
        assert await app.run_action("app.bell") is True


async def test_a_message_is_plain_text() -> None:
    app = SafeApp()
    values = {*ESCAPES.values(), *MARKUP.values()}
    async with running(app, notifications=True) as pilot:
        for value in values:
            app.notify(value, title=value, markup=True, timeout=LIMIT)
        await pilot.pause()
        shown = "\n".join(str(toast.render()) for toast in app.screen.query("Toast"))
        assert scan(shown.encode()) == []
        assert [value for value in values if value.isprintable() and value not in shown] == []


async def test_only_a_safe_link_reaches_the_browser() -> None:
    app = SafeApp()
    async with running(app, notifications=True) as pilot:
        app.open_url("--help")
        await pilot.pause()
        (toast,) = app.screen.query("Toast")
        assert "Not opened" in str(toast.render())


async def test_what_is_selected_is_copied_as_it_is_seen() -> None:
    app = SafeApp()
    async with running(app):
        app.copy_to_clipboard("rm -rf \x1b[31m\u202e\n")
        assert app.clipboard == "rm -rf ␛[31m‹RLO›"


@pytest.mark.parametrize("key", ["x", "w"], ids=["in an action", "in a worker"])
def test_a_crash_tells_a_reference_and_nobodys_data(tmp_path: Path, key: str) -> None:
    with hostile_app(tmp_path) as terminal:
        terminal.read_until(FIRST_PAGE)
        terminal.press(key)
        assert terminal.wait() == 1
        assert restored(terminal.raw)
        last_words = bytes(terminal.raw).rpartition(b"\x1b[?1049l")[2]
        (log,) = tmp_path.rglob("*.log")
        told = " ".join(last_words.decode().split())
        assert log.stem.removeprefix("crash-") in told
        assert "Traceback" not in told
        everything = bytes(terminal.raw).decode(errors="replace") + log.read_text()
    assert "RuntimeError" in log.read_text()
    assert "hostile_app.py" in log.read_text()
    assert [name for name, secret in SECRETS.items() if secret in everything] == []
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert stat.S_IMODE(log.parent.stat().st_mode) == 0o700


FAILURES = {
    "in the style sheet": "CSS = 'Label { color: hunter2-geheim }'",
    "while composing": "def compose(self): raise ValueError('hunter2-geheim')",
    "while loading": "def on_load(self): raise ValueError('hunter2-geheim')",
    "while mounting": "def on_mount(self): raise ValueError('hunter2-geheim')",
    "in a timer": "def on_mount(self): self.set_timer(0.01, lambda: {}['hunter2-geheim'])",
    "in a thread": "def on_mount(self): self.run_worker(lambda: {}['hunter2-geheim'], thread=True)",
    "in markup": "def on_mount(self): self.mount(Label('hunter2-geheim [/foo]'))",
}


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
def test_wherever_it_crashes_the_agent_reads_one_sentence(tmp_path: Path, failure: str) -> None:
    script = tmp_path / "failing.py"
    script.write_text(
        "import sys\n"
        "from textual.widgets import Label\n"
        "from tui.terminal.safe_app import SafeApp\n"
        f"class Failing(SafeApp):\n    {failure}\n"
        "app = Failing()\n"
        "app.run()\n"
        "sys.exit(app.return_code)\n"
    )
    state = {"XDG_STATE_HOME": str(tmp_path / "state"), "PYTHONPATH": "."}
    with Terminal.python(script, env=state) as terminal:
        assert terminal.wait() == 1
        assert restored(terminal.raw)
        assert b"Send Desk stopped because of a fault of its own" in terminal.raw
        assert b"Traceback" not in terminal.raw
        (log,) = tmp_path.rglob("*.log")
        assert "hunter2" not in bytes(terminal.raw).decode() + log.read_text()
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in list(log.parents)[:2]} == {0o700}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_gives_the_terminal_back(tmp_path: Path, number: signal.Signals) -> None:
    with hostile_app(tmp_path) as terminal:
        terminal.read_until(FIRST_PAGE)
        assert not restored(terminal.raw)
        terminal.signal(number)
        assert terminal.wait() == 128 + number
        assert restored(terminal.raw)
        assert b"Traceback" not in terminal.raw
    assert list(tmp_path.rglob("*")) == []


def test_a_closed_terminal_ends_the_program(tmp_path: Path) -> None:
    with hostile_app(tmp_path) as terminal:
        terminal.read_until(FIRST_PAGE)
        assert terminal.hang_up() == 128 + signal.SIGHUP
    assert list(tmp_path.rglob("*")) == []


def run_script(script: str, state: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**clean_environment(), "XDG_STATE_HOME": str(state)},
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT,
    )


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("raise RuntimeError(secret)", 1),
        ("t = threading.Thread(target=lambda: {}[secret]); t.start(); t.join()", 0),
        ("raise ExceptionGroup(secret, [ValueError(secret), KeyError(secret)])", 1),
    ],
    ids=["main", "thread", "group"],
)
def test_the_command_line_never_shows_a_traceback(tmp_path: Path, line: str, code: int) -> None:
    secret = SECRETS["recipient"] + "\x1b[31m"
    install = "import sys, threading; from tui.terminal.crash import install_excepthook as i; i()"
    done = run_script(f"{install}; secret = {secret!r}\n{line}", tmp_path)
    (log,) = tmp_path.rglob("*.log")
    assert done.returncode == code
    assert log.stem.removeprefix("crash-") in done.stderr
    assert done.stderr.count("\n") == 1
    assert SECRETS["recipient"] not in done.stderr + done.stdout + log.read_text()
    assert "Traceback" not in done.stderr


def test_a_reader_who_leaves_is_no_failure(tmp_path: Path) -> None:
    script = (
        "from tui.terminal.crash import install_excepthook as i; i()\n"
        "import os; r, w = os.pipe(); os.dup2(w, 1); os.close(w); os.close(r)\n"
        "print('x' * 100000, flush=True)"
    )
    done = run_script(script, tmp_path)
    assert done.stderr == ""
    assert list(tmp_path.rglob("*")) == []


def test_the_command_line_is_guarded_without_loading_a_screen(tmp_path: Path) -> None:
    script = (
        "from tui.terminal.crash import install_excepthook as i; i()\n"
        "import sys; print([m for m in ('textual', 'rich', 'sqlalchemy') if m in sys.modules])"
    )
    assert run_script(script, tmp_path).stdout == "[]\n"


def test_a_report_that_cannot_be_kept_still_has_a_reference(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    kept = report(ValueError("x"), tmp_path / "file" / "folder")
    assert kept.path is None
    assert kept.reference in kept.sentence


def test_causes_are_named_in_order() -> None:
    try:
        try:
            raise KeyError(SECRETS["token"])
        except KeyError as error:
            raise ValueError(SECRETS["email"]) from error
    except ValueError as error:
        text = describe(error)
    assert text.index("builtins.ValueError") < text.index("builtins.KeyError")
    assert not any(secret in text for secret in SECRETS.values())


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("postgresql://desk:p@ss/w0rd@db:5432/x", "postgresql://***@db:5432/x"),
        ("mail to ada.byron+x@mail.example now", "mail to ***@*** now"),
        ("Authorization: Bearer abc.def-123", "Authorization: ***"),
        ("got bearer eyJhbGciOi.eyJzdWIi.c2ln", "got bearer ***"),
        ("api_key='a b c', token=12345;", "api_key=***, token=***;"),
        ("key whsec_MfKQ9r8GKYqrTwjU here", "key *** here"),
        ("id 0123456789abcdef0123456789abcdef", "id ***"),
        ("nothing to hide in line 12", "nothing to hide in line 12"),
    ],
)
def test_secrets_are_scrubbed(text: str, clean: str) -> None:
    assert scrub(text).startswith(clean.partition("***")[0])
    assert scrub(text) == clean


def test_the_home_folder_is_not_told() -> None:
    assert scrub(f"{Path.home()}/x.py") == "~/x.py"

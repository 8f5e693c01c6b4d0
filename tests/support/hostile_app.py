"""An app without the first layer: hostile data goes raw into many kinds of widgets.

`test_safety.py` runs it on a terminal, as `python -m tests.support.hostile_app`, where `n` turns the page.
With `UNGUARDED` in the environment the choke point is off, which shows that the scanner would see it.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import work
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.filter import LineFilter
from textual.widget import Widget
from textual.widgets import (
    Button,
    DataTable,
    Footer,
    Header,
    Input,
    Label,
    Log,
    OptionList,
    RichLog,
    Static,
    TextArea,
    Tree,
)

from tests.support.hostile import HOSTILE, HUGE
from tui.terminal.crash import install_excepthook
from tui.terminal.safe_app import SafeApp

SECRETS = {
    "token": "tok_live_9f8e7d6c5b4a39281706",
    "password": "hunter2-geheim",
    "recipient": "Ada Lovelace-Byron",
    "email": "ada.byron@recipient.example",
}
VALUES = [*HOSTILE.values(), *(value[:3000] for value in HUGE.values())]
PER_PAGE = 12
PAGES = -(-len(VALUES) // PER_PAGE)


class HostileApp(SafeApp):
    CSS = """
    VerticalScroll > * { height: 1; min-height: 1; border: none; padding: 0; }
    VerticalScroll > .tall { height: 14; }
    VerticalScroll > .framed { height: 3; border: round red; }
    #mark { height: 1; }
    """
    AUTO_FOCUS = None
    BINDINGS: ClassVar = [
        ("n", "next_page", "Next"),
        ("x", "crash", "Crash"),
        ("w", "lose", "Crash in a worker"),
        ("q", "quit", "Quit"),
    ]
    page = 0

    def compose(self) -> ComposeResult:
        yield Header()
        yield Static(id="mark")
        yield VerticalScroll()
        yield Footer()

    def get_line_filters(self) -> Sequence[LineFilter]:
        if "UNGUARDED" in os.environ:
            return App.get_line_filters(self)
        return super().get_line_filters()

    async def on_mount(self) -> None:
        await self.action_next_page()

    async def action_next_page(self) -> None:
        values = VALUES[self.page * PER_PAGE :][:PER_PAGE]
        self.page += 1
        body = self.query_one(VerticalScroll)
        await body.remove_children()
        self.title, self.sub_title = values[0], values[-1]
        await body.mount_all(widgets(values))
        App.notify(self, values[0], title=values[-1], markup=False)
        done = f"page {self.page} of {PAGES} shown"
        self.call_after_refresh(self.query_one("#mark", Static).update, done)

    def action_crash(self) -> None:
        token, password = SECRETS["token"], SECRETS["password"]
        database = f"postgresql://desk:{password}@db.internal/desk"
        raise RuntimeError(f"{SECRETS['recipient']} {SECRETS['email']}: {token} on {database}")

    @work
    async def action_lose(self) -> None:
        self.action_crash()


def widgets(values: list[str]) -> Iterator[Widget]:
    """Everything a screen is made of, filled with the values as they are."""
    for value in values:
        line = value[:150]
        yield Static(value, markup=False)
        yield Label(Content(line).stylize("bold"))
        yield Label(Text(line, Style(link=f"http://evil.example/{line!a}")))
        yield Input(line, placeholder=line, compact=True)
        framed = Static(Text(line), classes="framed")
        framed.border_title = Text(line)
        framed.border_subtitle = Text(line)
        yield framed
    yield Button(Content(values[0]), compact=True)
    yield Label(Content("\N{ESCAPE}[777;333H").join(map(Content, values)))
    yield table(values)
    yield OptionList(*map(Content, values), classes="tall", markup=False)
    yield tree(values)
    yield TextArea("\n".join(values), classes="tall")
    log = Log(classes="tall")
    log.write_lines(value[:500] for value in values)
    yield log
    rich_log = RichLog(classes="tall")
    for value in values:
        rich_log.write(Text(value[:500]))
    yield rich_log


def table(values: list[str]) -> Widget:
    shown: DataTable[Text] = DataTable(classes="tall")
    shown.add_columns(Text(values[0][:30]), Text("second"))
    for value in values:
        shown.add_row(Text(value[:80]), Text(value[-80:]), label=Text(value[:10]))
    return shown


def tree(values: list[str]) -> Widget:
    shown: Tree[None] = Tree(Text("root"), classes="tall")
    shown.root.expand()
    for value in values:
        shown.root.add_leaf(Text(value[:80]))
    return shown


def main() -> int:
    install_excepthook()
    app = HostileApp()
    app.run()
    return app.return_code or 0


if __name__ == "__main__":
    sys.exit(main())

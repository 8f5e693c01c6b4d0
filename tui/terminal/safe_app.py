"""The app that guards the terminal, whatever the data says and whatever fails; Send Desk builds on it."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from rich.console import RenderableType
from rich.text import Text
from textual import actions, constants, events
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.actions import ActionParseResult
from textual.app import App
from textual.dom import DOMNode
from textual.driver import Driver
from textual.filter import LineFilter, Monochrome
from textual.notifications import SeverityLevel
from textual.screen import Screen
from textual.worker import WorkerFailed

from models.values.text import display_text, safe_link
from tui.terminal.clipboard import clean
from tui.terminal.grey_filter import GreyFilter
from tui.terminal.renderer import CellRenderer, DiffUpdate
from tui.terminal.signals import on_signals
from tui.terminal.text_filter import TextFilter

_LONGEST_MESSAGE = 1000
_LONGEST_TITLE = 100
_HUNG_UP = 129
"""128 and the number of SIGHUP, with which a lost terminal usually ends its programs."""


class SafeApp(App[None]):
    """An app whose lines, actions, messages, clipboard, links, signals and crashes are all guarded.

    Attributes:
        REFUSED_ACTIONS: Actions that no key, click or text may run; our own code calls the methods.
        log_folder: Where crash reports go; None is the user's own folder for logs.
        read_only: Whether nothing can be written here: hints then name no key that would.
    """

    REFUSED_ACTIONS: ClassVar[frozenset[str]] = frozenset({
        "add_class", "change_theme", "notify", "push_screen", "remove_class", "screenshot",
        "simulate_key", "suspend_process", "switch_mode", "switch_screen", "toggle_class",
    })  # fmt: skip

    log_folder: Path | None = None
    read_only: bool = False
    _farewell: str = ""
    _text_filter: ClassVar[TextFilter] = TextFilter()
    _grey_filter: ClassVar[GreyFilter] = GreyFilter()

    def __init__(self) -> None:
        super().__init__()
        self._renderer = CellRenderer()

    def on_mount(self) -> None:
        """Paint everything again when the agent comes back from the shell."""
        self.app_resume_signal.subscribe(self, self._forget_terminal)

    def on_resize(self, event: events.Resize) -> None:
        """Paint everything again: nobody knows what a terminal keeps when its size changes."""
        self._renderer.forget()

    def repaint(self) -> None:
        """Paint everything again, over whatever another program has left on the terminal."""
        self._renderer.forget()
        self.screen.refresh()

    def _forget_terminal(self, app: App[object]) -> None:
        self.repaint()

    def get_driver_class(self) -> type[Driver]:
        """Return the driver that notices the end of its terminal; Windows has none of ours."""
        if sys.platform == "win32" or constants.DRIVER is not None:
            return super().get_driver_class()
        from tui.terminal.driver import TerminalDriver

        return TerminalDriver

    def terminal_gone(self) -> None:
        """Leave: nobody sees the app any more, even if the signal that says so is ignored."""
        self.exit(return_code=_HUNG_UP)

    def no_shell(self) -> None:
        """Say why the app did not stop."""
        self.notify("There is no shell behind Send Desk to go back to.", severity="warning")

    def action_suspend(self) -> None:
        """Go back to the shell until it continues the program."""
        if sys.platform != "win32" and self._driver is not None and self._driver.can_suspend:
            # What started the program and waits for it stops too, as if the terminal had sent it.
            os.killpg(os.getpgrp(), signal.SIGTSTP)

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        if isinstance(renderable, ChopsUpdate | LayoutUpdate):
            renderable = DiffUpdate(renderable, self._renderer, self.size)
        super()._display(screen, renderable)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return Textual's filters and, behind them, the one that lets only text through."""
        filters = [
            self._grey_filter if isinstance(each, Monochrome) else each
            for each in super().get_line_filters()
        ]
        return [*filters, self._text_filter]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return False for a refused action, else what Textual says."""
        return False if action in self.REFUSED_ACTIONS else super().check_action(action, parameters)

    async def run_action(
        self,
        action: "str | ActionParseResult",
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Run an action unless it is refused, whichever widget or screen it is aimed at."""
        _, name, _ = actions.parse(action) if isinstance(action, str) else action
        if name in self.REFUSED_ACTIONS:
            return False
        return await super().run_action(action, default_namespace, namespaces)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Show a message as plain text; `markup` is ignored, since any message may quote data."""
        super().notify(
            display_text(message, _LONGEST_MESSAGE, one_line=False, lines=10),
            title=display_text(title, _LONGEST_TITLE),
            severity=severity,
            timeout=timeout,
            markup=False,
        )

    def bell(self) -> None:
        """No bell: Textual rings it when a full field rejects a character."""

    def copy_to_clipboard(self, text: str) -> None:
        """Send `text`, made visible and without a last line end, to the terminal's clipboard."""
        super().copy_to_clipboard(clean(text))

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """Open a safe link in the browser; say so when it is none."""
        if link := safe_link(url):
            super().open_url(link, new_tab=new_tab)
        else:
            said = f"Not opened, because it is not a plain web address: {url}"
            self.notify(said, severity="warning", markup=False)

    def exit(
        self,
        result: None = None,
        return_code: int = 0,
        message: RenderableType | None = None,
    ) -> None:
        """Leave; a *message* that is a `str` is printed as plain text once the terminal is given back."""
        plain = Text(display_text(message, one_line=False)) if isinstance(message, str) else message
        super().exit(result, return_code, plain)

    async def run_async(self, **options: Any) -> None:
        """Run until the agent quits or a signal ends the program."""
        asyncio.get_running_loop().set_exception_handler(self._on_lost_error)
        with on_signals(lambda code: self.exit(return_code=code)):
            await super().run_async(**options)

    def panic(self, *renderables: RenderableType) -> None:
        """End after an error that came as text, without its exception; none of the text is shown."""
        self._return_code = 1
        self._fatal_error()

    def _handle_exception(self, error: Exception) -> None:
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self._fatal_error()

    def _fatal_error(self) -> None:
        # Without a terminal (tests) the exception itself goes to the caller, who sees more than a report.
        if not self._farewell and not self.is_headless:
            from tui.terminal.crash_report import report

            error = self._exception
            cause = error.error if isinstance(error, WorkerFailed) else error
            self._farewell = report(cause, self.log_folder).sentence
        self._close_messages_no_wait()

    def _on_lost_error(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        from tui.terminal.crash_report import report

        # asyncio would print the traceback of a task that nobody waited for.
        if isinstance(error := context.get("exception"), BaseException):
            report(error, self.log_folder)

    def _print_error_renderables(self) -> None:
        if self._farewell:
            self._exit_renderables.clear()
            sys.stderr.write(f"{self._farewell}\n")
            self._farewell = ""
        else:
            super()._print_error_renderables()

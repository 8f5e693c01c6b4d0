"""The private names of Textual and Rich that Send Desk uses; a test holds the list complete and true.

Another release may change any of them without notice. Textual is therefore pinned to the releases
of one minor version, and whoever raises it runs that test first.
"""

from typing import Final, NamedTuple


class PrivateName(NamedTuple):
    """One name, and what it is used for."""

    owner: str
    """The class or module that has it: `textual.app:App`, `textual._compositor`."""
    name: str
    purpose: str

    def __str__(self) -> str:
        return f"{self.owner}.{self.name}"


PRIVATE_NAMES: Final = tuple(
    PrivateName(*row)
    for row in (
        ("textual._compositor", "ChopsUpdate", "the cells of a frame that changed"),
        ("textual._compositor", "LayoutUpdate", "all cells of a frame"),
        ("textual._compositor", "CompositorUpdate", "what the console writes a frame from"),
        ("textual.app:App", "_display", "gives frames to our renderer"),
        ("textual.app:App", "_handle_exception", "an error ends with a sentence, not a traceback"),
        ("textual.app:App", "_fatal_error", "the same, for an error without an exception"),
        ("textual.app:App", "_print_error_renderables", "prints that sentence at the end"),
        ("textual.app:App", "_exit_renderables", "the tracebacks that are not printed"),
        ("textual.app:App", "_exception", "the error, for the crash report"),
        ("textual.app:App", "_exception_event", "tells a test that there was an error"),
        ("textual.app:App", "_return_code", "the exit code after an error"),
        ("textual.app:App", "_driver", "whether the terminal can be lent to the shell"),
        (
            "textual.app:App",
            "_refresh_truecolor_filter",
            "begins in the terminal's own colours without a second style sheet",
        ),
        ("textual.app:App", "_keymap", "the agent's own keys, for what shows a key"),
        ("textual.message_pump:MessagePump", "_close_messages_no_wait", "ends the app"),
        (
            "textual.screen:Screen",
            "_compositor_refresh",
            "paints behind a dialog only what has changed",
        ),
        (
            "textual.screen:Screen",
            "_binding_chain",
            "runs a key of the list without a longer lookup",
        ),
        (
            "textual._xterm_parser",
            "XTermParser",
            "reads keys and mouse, beside our own look for the end",
        ),
        ("textual.driver:Driver", "_loop", "tells the app of the terminal from other threads"),
        ("textual.driver:Driver", "_debug", "an option of that parser"),
        ("textual.drivers.linux_driver:LinuxDriver", "_file", "what the screen is written to"),
        ("textual.drivers.linux_driver:LinuxDriver", "_get_terminal_size", "no stale COLUMNS"),
        ("textual.drivers.linux_driver:LinuxDriver", "_key_thread", "whether the terminal is read"),
        (
            "textual.drivers.linux_driver:LinuxDriver",
            "_must_signal_resume",
            "paints again after a stop",
        ),
        ("textual.widgets:TextArea", "_on_key", "Enter saves a note"),
        ("rich.style:Style", "_attributes", "bold and the like as bits"),
        ("rich.style:Style", "_meta", "whether text carries an action"),
        ("rich.style:Style", "_link", "whether text carries a link"),
    )
)

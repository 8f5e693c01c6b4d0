"""The least that Textual can show: the floor of every start."""

from textual.app import App, ComposeResult
from textual.widgets import Static

SAID = "an empty app"


class Empty(App[None]):
    """One line of text."""

    def compose(self) -> ComposeResult:
        """Show the line."""
        yield Static(SAID)


if __name__ == "__main__":
    Empty().run()

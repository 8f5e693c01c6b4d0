"""How an agent leaves the desk, and how they learn which key does it."""

from textual.actions import SkipAction
from textual.app import App
from textual.screen import ModalScreen
from textual.widgets import Input, TextArea

from tui.dialogs.confirm import ConfirmDialog
from tui.dialogs.progress import ProgressDialog
from tui.widgets.bindings import keys_of


def leave(app: App[None]) -> None:
    """End *app*; ask before, if a dialog holds text. While it asks, the next call ends it."""
    if not _has_typed_text(app):
        app.exit()
        return

    def answered(sure: bool | None) -> None:
        if sure:
            app.exit()

    question = ConfirmDialog(
        "Leave Send Desk?", "What you typed in this dialog is not saved.", yes="leave", no="stay"
    )
    app.push_screen(question, answered)


def say_how_to_leave(app: App[None]) -> None:
    """Say which key leaves; where text is selected, let the key copy it; what can be stopped, stops.

    Raises:
        SkipAction: If text is selected.
    """
    if isinstance(app.screen, ProgressDialog):
        app.screen.action_back()
        return
    field = app.focused if isinstance(app.focused, Input | TextArea) else None
    if (field is not None and field.selected_text) or app.screen.get_selected_text():
        raise SkipAction
    keys = keys_of(app)
    in_dialog = isinstance(app.screen, ModalScreen)
    closes = getattr(app.screen, "closes", "")
    first = ""
    if in_dialog:
        first = f"{keys.shown('dialog.back')} closes this. "
    elif closes and field is None:
        first = f"{keys.shown('desk.quit')} closes {closes}. "
    # There the desk's own key does something else, or is a letter; Textual's Ctrl+Q always works.
    is_busy = in_dialog or field is not None or closes
    key = "Ctrl+Q" if is_busy else keys.shown("desk.quit")
    said = f"{first}{key} leaves Send Desk; Ctrl+C copies selected text."
    app.notify(said, markup=False)


def _has_typed_text(app: App[None]) -> bool:
    """Whether a dialog is open in which something was typed."""
    if not isinstance(app.screen, ModalScreen):
        return False
    texts = [field.value for field in app.screen.query(Input)]
    texts += [area.text for area in app.screen.query(TextArea)]
    return any(text.strip() for text in texts)

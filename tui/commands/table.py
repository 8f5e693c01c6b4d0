"""Sends as a table on the command line."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from rich.text import Text

from models.files.fields import TIMES, as_json, cell_text, column_name
from models.files.writing import ShipmentsOf
from models.providers import catalogue
from models.providers.status import UNMAPPED_SLUG
from models.records import SendRecord, Shipment
from models.rules.due import USUAL_WARNINGS, Warnings
from models.rules.refunds import is_beside_status
from models.rules.send_columns import COLUMNS
from models.values.local_time import LocalTime
from models.values.text import display_text
from tui.commands.table_printer import TablePrinter
from tui.style import formats
from tui.style.glyphs import Tone, plain

_TONES: Mapping[Tone, str] = MappingProxyType(
    {
        "error": "red",
        "warning": "yellow",
        "success": "green",
        "primary": "blue",
        "secondary": "cyan",
        "accent": "magenta",
        "muted": "dim",
        "text": "",
    }
)
"""The colours of a plain terminal that stand for the tokens of the themes."""


@dataclass(frozen=True, slots=True)
class _TableContext:
    local: LocalTime
    ascii: bool
    warnings: Warnings = USUAL_WARNINGS


TableCell = Callable[[SendRecord, _TableContext], Text]


def styled(text: str, tone: Tone) -> Text:
    """Return *text* from outside, safe, in the colour of *tone*."""
    return Text(display_text(text), _TONES[tone])


def _due(send: SendRecord, scene: _TableContext) -> Text:
    warning = scene.warnings.of(send.provider, send.status)
    due = formats.due_words(
        send, scene.local.now, scene.ascii, zone=scene.local.zone, warning=warning
    )
    return styled(str(due), due.tone)


def _status(send: SendRecord, scene: _TableContext) -> Text:
    status = catalogue.status(send.provider, send.status)
    sign = formats.mark(status, scene.ascii)
    word = send.provider_raw if send.status == UNMAPPED_SLUG else status.label
    edited = f" {plain('✎', scene.ascii)}" if send.override_status else ""
    if send.is_by_rule:
        edited = " ~"
    if is_beside_status(send):
        edited += " $"
    return Text.assemble((f"{sign.glyph} ", _TONES[sign.tone]), display_text(word, 60), edited)


def _age(send: SendRecord, scene: _TableContext) -> Text:
    return styled(formats.age(scene.local.now - send.since), "muted")


def _text(key: str, tone: Tone = "muted") -> TableCell:
    """Return the cell of a column that says no more than its text."""
    read = COLUMNS[key].text
    assert read is not None
    return lambda send, scene: styled(read(send), tone)


TABLE_CELLS: Mapping[str, TableCell] = MappingProxyType(
    {
        "id": _text("id", "text"),
        "due": _due,
        "status": _status,
        "recipient": _text("recipient", "text"),
        "age": _age,
        "owner": _text("owner"),
        "company": _text("company"),
        "campaign": _text("campaign"),
    }
)
"""How the table draws its usual columns, by their keys in `COLUMNS`, in their order."""


class Table:
    """Prints sends, a batch at a time.

    Args:
        columns: Names of `models.files.fields.EXPORT_FIELDS`; none for the usual columns.
        local: The present of the agent, by which limits and ages are judged and moments are told.
        warnings: How long before their limits sends count as due soon.
        shipments: Returns the shipments of some sends; is asked only if they are shown.
        ascii: Whether only ASCII signs are drawn.
    """

    def __init__(
        self,
        columns: Sequence[str],
        local: LocalTime,
        *,
        warnings: Warnings = USUAL_WARNINGS,
        shipments: ShipmentsOf,
        ascii: bool = False,
    ) -> None:
        self._columns = columns
        self._shipments = shipments
        self._scene = _TableContext(local, ascii, warnings)
        self._rows = (
            TablePrinter([column_name(field) for field in columns], ascii=ascii)
            if columns
            else TablePrinter(
                [COLUMNS[key].title for key in TABLE_CELLS], fixed=2, may_drop=True, ascii=ascii
            )
        )

    def print(self, sends: Sequence[SendRecord]) -> None:
        """Print some sends below those before."""
        found = self._shipments(sends) if "shipments" in self._columns else {}
        self._rows.print([self._cells(send, found.get(send.id, ())) for send in sends])

    def _cells(self, send: SendRecord, shipments: Sequence[Shipment]) -> list[Text]:
        if not self._columns:
            return [cell(send, self._scene) for cell in TABLE_CELLS.values()]
        local = self._scene.local
        values = as_json(send, local.now, self._scene.warnings, shipments)
        values |= {name: getattr(send, name) for name in TIMES}
        return [styled(_word(values[name], local), "text") for name in self._columns]


def _word(value: object, local: LocalTime) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return local.words(value)
        case bool():
            return "yes" if value else "no"
        case _:
            return cell_text(value)

"""Textual's DataTable with the first sends of a desk: the floor of every key in the list."""

import sys
from itertools import islice

from rich.text import Text
from textual.app import App, ComposeResult
from textual.widgets import DataTable

from models.database import open_database
from models.desk import Desk
from tests.benchmarks.figures import NOW

ROWS = 1_000
READY = "table of sends"


class Table(App[None]):
    """One table with the columns of the list."""

    def __init__(self, path: str, rows: int = ROWS) -> None:
        super().__init__()
        self._path = path
        self._rows = rows

    def compose(self) -> ComposeResult:
        """Show the table."""
        yield DataTable(cursor_type="row")

    def on_mount(self) -> None:
        """Fill the table."""
        database = open_database(self._path)
        desk = Desk(database, "ana", lambda: NOW)
        sends = desk.rows(desk.listing(desk.parse("sort:due")), ROWS)
        table = self.query_one(DataTable)
        table.add_columns(
            "Due", "Status", "Recipient", "Company", "Campaign", "Age", "Owner", READY
        )
        for send in islice(sends, self._rows):
            due = f"{send.due_at:%d %b}" if send.due_at else ""
            names = (send.recipient_name, send.company, send.campaign)
            age = f"{(NOW - send.since).days}d"
            # Plain text would be read as markup.
            table.add_row(due, send.status, *map(Text, names), age, send.owner, send.ref)
        database.close()


if __name__ == "__main__":
    Table(sys.argv[1], *map(int, sys.argv[2:])).run()

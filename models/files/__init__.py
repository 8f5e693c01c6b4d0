"""Files of sends: exports of providers are read, lists of the desk are written."""

from models.files.items import Read, Rejected
from models.files.reading import READABLE, Export, open_export
from models.files.rejected import rejected_path, write_rejected
from models.files.writing import WRITABLE, json_text, rows_as, write_rows

__all__ = [
    "READABLE",
    "WRITABLE",
    "Export",
    "Read",
    "Rejected",
    "json_text",
    "open_export",
    "rejected_path",
    "rows_as",
    "write_rejected",
    "write_rows",
]

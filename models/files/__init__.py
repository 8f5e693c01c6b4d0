"""Files of sends: exports of providers are read, lists of the desk are written."""

from models.files.items import Read, Rejected
from models.files.reading import READABLE, Export, open_export
from models.files.rejected import RejectedRows, rejected_path, write_rejected
from models.files.sources import named_file
from models.files.units import Serial
from models.files.writing import MARK, WRITABLE, json_text, rows_as, write_rows

__all__ = [
    "MARK",
    "READABLE",
    "WRITABLE",
    "Export",
    "Read",
    "Rejected",
    "RejectedRows",
    "Serial",
    "json_text",
    "named_file",
    "open_export",
    "rejected_path",
    "rows_as",
    "write_rejected",
    "write_rows",
]

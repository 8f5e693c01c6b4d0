"""Files of sends: exports of the platforms in, lists of the desk out."""

from models.files.items import Read, Rejected
from models.files.reading import READABLE, Export, open_export

__all__ = ["READABLE", "Export", "Read", "Rejected", "open_export"]

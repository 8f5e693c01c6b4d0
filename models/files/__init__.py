"""Files of sends: exports of providers are read, lists of the desk are written.

What writes stands here. What reads is imported from `reading` and its neighbours: a command that only
shows sends does not load it.
"""

from models.files.writing import MARK, WRITABLE, json_text, rows_as, write_rows

__all__ = ["MARK", "WRITABLE", "json_text", "rows_as", "write_rows"]

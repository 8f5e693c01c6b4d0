"""Shows a desk with or without the first layer: `python -m tests.support.raw_desk FILE QUERY [raw]`.

With `raw`, text from outside is not made safe at its source, so that the choke point stands alone.
`test_hostile_walk.py` runs it on a terminal.
"""

import sys
from datetime import UTC, datetime

from models.values import text


def main() -> int:
    """Show the desk."""
    path, query, *layers = sys.argv[1:]
    if layers == ["raw"]:
        # Before anything else is imported: whoever wants the function takes it from there once.
        text.display_text = lambda value, limit=500, **_: value[:limit]
    from tui.app import run

    now = datetime(2026, 11, 20, 9, 41, tzinfo=UTC)
    return run(path, agent="ana", clock=lambda: now, zone=UTC, query=query)


if __name__ == "__main__":
    sys.exit(main())

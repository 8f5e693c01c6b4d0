"""Processes that begin as copies of this one, so that nothing is imported again."""

import os
import sys
import traceback
from collections.abc import Callable


def fork(work: Callable[[], object]) -> int:
    """Let a copy of this process do *work* and end, with status 1 if that raises; return its id."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        work()
        status = 0
    finally:
        # Whatever happened, the copy must not go on with what its parent does.
        if status:
            traceback.print_exc()
        sys.stdout.flush()
        os._exit(status)

"""Work that makes many objects which all stay until it is done."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def gc_paused() -> Iterator[None]:
    """Disable the cyclic collector within this block.

    All objects that are made here live until its end, so that collecting finds nothing and only costs
    time: each collection takes longer the more objects there are.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()

"""One page, `sentences.txt`, has every sentence that people can meet, for whoever reads them through.

`DRAW=1 pytest tests/house/test_sentences.py` writes it anew.
"""

import os
from pathlib import Path

from tests.support.sentences import page

PAGE = Path(__file__).with_name("sentences.txt")


def test_the_page_has_every_sentence() -> None:
    if "DRAW" in os.environ:
        PAGE.write_text(page(), "utf-8")
    assert PAGE.read_text("utf-8") == page(), "DRAW=1 writes it anew: read what has changed"


def test_texts_of_known_places_are_on_the_page() -> None:
    """An error, a message on the screen, the help of a command and a hint with a value in it."""
    text = page()
    assert "cannot be written: check the permissions of the file and its folder." in text
    assert "Say why with --reason." in text
    assert "Put STATUS in place of what the platform says." in text
    assert "{self.path} is not there any more: it was moved or deleted" in text

"""Parses the text of a filter by the grammar; a syntax error becomes a sentence."""

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from models.errors import BadQuery
from models.query.refusals import quoted

if TYPE_CHECKING:
    from lark import Lark, Token, Tree
    from lark.exceptions import UnexpectedInput


LONGEST = 500
"""How many characters a filter may have."""
_NESTED_MAX = 8
"""How many parentheses may be inside one another."""
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_SPACES = dict.fromkeys(map(ord, "\t\n\v\f\r"), " ")
_PARENTHESES = re.compile(r'"(?:[^"\\]|\\.)*"|[()]')
"""Finds parentheses. A quoted text is found as one match, so that those inside it do not count."""


def can_be_typed(text: str) -> bool:
    """Whether a filter may be *text*, and means it letter by letter: by its length and its characters."""
    return len(text) <= LONGEST and not _UNPRINTABLE.search(text)


def syntax_tree(text: str) -> "Tree[Token]":
    """Return the parse tree of *text*.

    Raises:
        BadQuery: If it is too long, holds control characters, or breaks the grammar.
    """
    from lark.exceptions import UnexpectedInput

    plain = text.translate(_SPACES)
    _check_characters(plain)
    try:
        return _parser().parse(plain)
    except UnexpectedInput as problem:
        raise _refusal(problem, plain) from None


@cache
def _parser() -> "Lark":
    """Return the parser; building it is left to the first filter, for a start without one needs none."""
    from lark import Lark

    grammar = Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", maybe_placeholders=False)


def _check_characters(text: str) -> None:
    if len(text) > LONGEST:
        raise BadQuery(f"The filter is longer than {LONGEST} characters.", LONGEST)
    if found := _UNPRINTABLE.search(text):
        raise BadQuery(
            "This character cannot be typed, so it cannot be searched for.", found.start()
        )
    depth = 0
    for found in _PARENTHESES.finditer(text):
        depth += bool(found[0] == "(") - bool(found[0] == ")")
        if depth > _NESTED_MAX:
            raise BadQuery("There are too many parentheses inside one another.", found.start())


def _refusal(problem: "UnexpectedInput", text: str) -> BadQuery:
    """Return the sentence for the error that lark found in *text*."""
    from lark.exceptions import UnexpectedToken

    if isinstance(problem, UnexpectedToken):
        if problem.token.type == "$END":
            return _cut_short(problem.expected, text)
        return _unexpected(str(problem.token), problem.token.start_pos or 0, text)
    position = cast(int, problem.pos_in_stream)
    return _unexpected(text[position : position + 1], position, text)


def _cut_short(expected: set[str], text: str) -> BadQuery:
    end = len(text)
    before = text.rstrip()
    position, hint = end, ""
    if "VALUE" in expected:
        message = f"A value is missing after {quoted(before.split()[-1])}."
    elif before.endswith(("-", "!")):
        message = "After the - a condition is missing."
        hint = "Write it right after the -, as in -is:final."
    elif before.endswith("OR"):
        message = "OR needs a condition on both sides."
    elif before.endswith("("):
        message = "There is nothing in the parentheses."
    else:
        message, position = "A parenthesis is not closed.", _unclosed(text)
        hint = "Write ) at the end."
    return BadQuery(message, position, hint, cut_short=True)


def _unclosed(text: str) -> int:
    """Return the place of the innermost parenthesis that is never closed."""
    positions: list[int] = []
    for found in _PARENTHESES.finditer(text):
        if found[0] == "(":
            positions.append(found.start())
        elif found[0] == ")":
            positions.pop()
    return positions[-1]


def _unexpected(found: str, position: int, text: str) -> BadQuery:
    before = text[:position].rstrip()
    if found == '"':
        return BadQuery("The quote is not closed.", position, 'Write " at its end.', cut_short=True)
    if before.endswith((":", ",", "<", ">", "=")):
        return BadQuery(f"A value is missing after {quoted(before.split()[-1])}.", position)
    if found == ")":
        message = (
            "There is nothing in the parentheses."
            if before.endswith("(")
            else "This ) closes nothing."
        )
        if before.endswith(("-", "!")):
            message = "After the - a condition is missing."
        return BadQuery(message, position)
    if found.startswith("OR"):
        return BadQuery("OR needs a condition on both sides.", position)
    if found[:1] in "<>":
        return BadQuery(f"{quoted(found[:1])} needs a key before it.", position, "Such as age>7d.")
    return BadQuery(f"{quoted(found)} is not expected here.", position)


def misplaced_operator(word: str, position: int) -> BadQuery:
    """Return the refusal of `and`, `or` or `not` where the filter language has no such operator."""
    match word.lower():
        case _ if word == "OR":
            return BadQuery("OR needs a condition on both sides.", position)
        case "or":
            hint = f'Write OR between two conditions, or "{word}" to search for it.'
        case "and":
            hint = "Leave it out: all conditions must hold anyway."
        case _:
            hint = "To leave something out, write - before it."
    return BadQuery(f"{quoted(word)} is not a word of the filter language.", position, hint)

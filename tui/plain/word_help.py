"""Help: every word with what it takes and does; of a filter, its keys. Pure."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from models.query import FILTER_KEYS, FLAGS
from tui.keys import Keys
from tui.plain.words import WORDS, Word
from tui.verbs import Verb

Verbs = Mapping[str, Verb[Any]]
"""The verbs by name, in the order in which help lists them."""


def usage(verb: Verb[Any]) -> str:
    """Return a verb with what may stand behind it: `snooze SENDS [TIME]`."""
    if verb.command is None:
        return f"{verb.name} SENDS [STATUS [REASON]]"
    options = [*([verb.command.last.option] if verb.command.last else []), *verb.command.options]
    takes = f" [{options[0].metavar}]" if options and not verb.command.by_agent else ""
    return f"{verb.name} SENDS{takes}"


def every_word(keys: Keys, verbs: Verbs) -> Iterator[str]:
    """Yield each word with what it does, and then how sends are named."""
    yield "Words, each with what it takes; what stands in brackets may be left out:"
    for word in WORDS:
        if word.name == "undo":
            for verb in verbs.values():
                yield f"{usage(verb)}: {_small(verb.title)}{_key(keys, verb.binding)}."
        yield f"{word.usage}: {word.help}{_key(keys, word.binding)}."
    yield (
        "SENDS are numbers of the list, as 3 or 2-5 or 2,4,7-9, or ids. Without any, a verb is done to "
        "the open case. A line asks for what is missing; Ctrl+C leaves a question."
    )


def one_word(name: str, keys: Keys, verbs: Verbs) -> Iterator[str]:
    """Yield what there is to say about a word; nothing if there is no such word."""
    if verb := verbs.get(name):
        yield f"{usage(verb)}: {_small(verb.title)}{_key(keys, verb.binding)}."
        if verb.command is not None:
            yield verb.command.help.replace("\n\n", " ")
            for option in verb.command.options:
                yield f"{option.metavar}: {option.help}".replace("`", "")
        else:
            yield "STATUS is a name or an alias; where it is left out, the usual ones are offered."
            yield "A reason is needed, and an unusual step is asked for once more."
        yield f"In a shell: senddesk {verb.usage}"
        return
    for word in WORDS:
        if word.name == name:
            yield f"{word.usage}: {word.help}{_key(keys, word.binding)}."
    if name == "filter":
        yield "Words are searched in names, mail, companies, campaigns, ids and tracking numbers."
        for key in FILTER_KEYS.values():
            yield f"{key.name}: {key.help}, as in {key.example}"
        for flag, said in FLAGS.items():
            yield f"is:{flag}: {said}"


def near(name: str, verbs: Verbs) -> str:
    """Return the word that is most like *name*, or nothing."""
    known = [*(word.name for word in WORDS), *verbs]
    return next(iter(get_close_matches(name, known, 1)), "")


def word_of_key(key: str, keys: Keys, verbs: Verbs) -> str:
    """Return the word that does what *key* does on the screen; empty if there is none."""
    named: list[Word | Verb[Any]] = [*verbs.values(), *WORDS]
    found = (each.name for each in named if each.binding and keys.shown(each.binding) == key)
    return next(found, "")


def _key(keys: Keys, binding: str) -> str:
    shown = keys.shown(binding) if binding else ""
    return f" (or {shown})" if len(shown) == 1 else ""


def _small(title: str) -> str:
    return f"{title[:1].lower()}{title[1:]}".rstrip("…")

"""A verb is known everywhere or nowhere: its event, its words, its key, its question, its command."""

import dataclasses
import json
import shlex
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import click
import pytest

import tui.verbs
from models.desk import Desk
from models.records import Case, EventKind, SendRecord
from models.rules.event_words import WORDS, EventWords
from models.rules.judging import FITS
from models.rules.log_verbs import LOG_VERBS
from models.rules.state import FACETS, PASSIVE, STEPS, SendState
from models.values.local_time import LocalTime
from models.writing.writer import Request
from tests.support.desk_cases import arrive, fact, order, parcel
from tests.support.sample_cases import NOW, ago
from tests.support.sample_cases import event as sample_event
from tui.cli import senddesk
from tui.desk.questions import Questions
from tui.desk.triage_report import StillOpen, TriageReport
from tui.keys import KEYS
from tui.style.glyphs import ASCII_FORMS
from tui.verbs import KEEP, TAKE, VERBS, Change, Escalation, Override, Verb, verb_of

OF_PLATFORMS = {EventKind.FACT, EventKind.RULE, EventKind.TIME_RULE}
"""What they say is a status; it has the status's own words and sign."""
BY_NO_VERB = {
    *OF_PLATFORMS,
    *(EventKind.REFUND, EventKind.DETAILS, EventKind.SHIPMENT, EventKind.ANSWER, EventKind.UNDO),
}
"""What platforms write, and what undo writes, which names no send."""

every_verb = pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)


def commands() -> dict[str, click.Command]:
    """Return every command of the program by its name."""
    context = senddesk.make_context("senddesk", [], resilient_parsing=True)
    found = {name: senddesk.get_command(context, name) for name in senddesk.list_commands(context)}
    return {name: command for name, command in found.items() if command}


def test_each_kind_of_event_has_its_words() -> None:
    assert list(WORDS) == list(EventKind)


def test_the_log_knows_each_verb_by_the_kind_of_event_that_it_writes() -> None:
    kinds = {verb.name: verb.kind for verb in VERBS.values()}
    others = {"answer": EventKind.ANSWER, "undo": EventKind.UNDO, "redo": None}
    assert {**kinds, **others} == LOG_VERBS


@pytest.mark.parametrize(("kind", "row"), WORDS.items())
def test_each_kind_of_event_has_a_line_in_the_history(kind: EventKind, row: EventWords) -> None:
    assert bool(row.title) == bool(row.sign) == (kind not in OF_PLATFORMS)
    assert not row.sign or row.sign.isascii() or row.sign in ASCII_FORMS


def test_each_kind_of_event_changes_the_state_or_is_known_to_change_nothing() -> None:
    assert {*STEPS, *PASSIVE} == set(EventKind)
    assert STEPS.keys().isdisjoint(PASSIVE)


def test_each_row_is_in_the_table_and_each_kind_of_event_is_written_by_one() -> None:
    rows = [row for row in vars(tui.verbs).values() if isinstance(row, Verb) and row is not KEEP]
    assert rows == list(VERBS.values())
    assert {verb.kind for verb in rows} == set(EventKind) - BY_NO_VERB


@every_verb
def test_a_verb_can_be_taken_back_and_is_known_again_by_its_event(verb: Verb[Any]) -> None:
    assert verb.kind in FACETS
    owner = "ana" if verb is TAKE else "jo"
    event = sample_event(1, verb.kind, NOW, actor="ana", detail=json.dumps({"owner": owner}))
    assert verb_of(event) is verb


def test_what_an_action_decides_is_a_part_of_the_state() -> None:
    names = {field.name for field in dataclasses.fields(SendState)}
    for kind, facet in FACETS.items():
        assert kind in facet.actions
        assert set(facet.fields) <= names
        assert bool(facet.fields) is (kind not in PASSIVE)


@every_verb
def test_a_verb_has_its_key_in_help_with_the_command_that_does_the_same(verb: Verb[Any]) -> None:
    (row,) = (row for row in KEYS if row.action == f"verb('{verb.name}')")
    assert (row.id, row.keys, row.cli) == (verb.binding, verb.key, verb.usage)
    assert verb.usage.split()[:2] == [verb.name, "SEND"]


def test_each_key_of_a_verb_has_its_row() -> None:
    actions = {row.action for row in KEYS if row.action.startswith("verb(")}
    assert actions == {f"verb('{name}')" for name in VERBS}


@every_verb
def test_a_verb_has_its_command_with_each_option_that_the_desk_copies(verb: Verb[Any]) -> None:
    command = commands()[verb.name]
    options = {flag for each in command.params for flag in each.opts}
    shown = {word for word in verb.usage.split() if word.startswith("--")}
    assert {*shown, "--query", "--request-id"} <= options
    assert command.help


ANSWERS: dict[str, object] = {
    "set": Override("shipped", "the carrier has it", label="Shipped"),
    "release": "a mistake",
    "escalate": Escalation("SUP-1", None, provider="sendoso"),
    "take": "ana",
    "assign": "jo",
    "note": "called the recipient",
    "snooze": None,
    "cancel": "",
    "extend": NOW + timedelta(days=30),
}
"""What an agent may answer to each verb that asks."""
BEFORE: dict[str, Callable[[Desk, SendRecord], Case]] = {
    "release": lambda desk, seen: desk.override(seen, "shipped", "the carrier has it"),
    "resolve": lambda desk, seen: desk.escalate(seen),
    "wake": lambda desk, seen: desk.done(seen),
}
"""What happens to a send before a verb fits it."""


def test_a_verb_that_asks_is_known_and_every_other_one_needs_no_answer() -> None:
    assert set(Questions.BY_VERB) == set(ANSWERS) <= set(VERBS)
    for name in VERBS.keys() - ANSWERS:
        command = VERBS[name].command
        assert command is not None
        assert command.last is None
        assert not any(option.required for option in command.options)


@every_verb
def test_a_verb_writes_its_event_and_is_told_everywhere(desk: Desk, verb: Verb[Any]) -> None:
    seen = arrive(
        desk,
        order("0b6f3c1e-1", fact("opened", ago(days=1)), recipient_name="Rosa Quill")
        if verb.on_platform
        else parcel(1, recipient_name="Rosa Quill"),
    )
    if before := BEFORE.get(verb.name):
        seen = before(desk, seen).send
    answer = ANSWERS[verb.name] if verb.name in Questions.BY_VERB else verb.unasked
    change = Change(verb, answer)
    assert change.wanted
    (verdict,) = desk.judge([seen], change.operation)
    assert verdict == FITS

    case = desk.do(seen, change.operation, request=Request())

    assert case.history[0].kind is verb.kind
    assert seen.ref in verb.said(case.send, answer, LocalTime(NOW))
    report = TriageReport()
    report.add(case.history[0], case.send)
    assert report.summary() == f"1 handled: 1 {verb.handled}"
    text = report.hand_over("ana", LocalTime(NOW), StillOpen((), 0))
    assert f"{seen.ref}  Rosa Quill\n  " in text
    assert "changed something" not in text
    program, name, *words = shlex.split(change.command.line([seen.ref]))
    assert (program, name, words[0]) == ("senddesk", verb.name, seen.ref)
    assert commands()[name].make_context(name, words).params["words"][0] == seen.ref

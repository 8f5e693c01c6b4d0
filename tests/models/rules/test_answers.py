"""The usual answers to a send: those of its status and its advice, the most likely first."""

import pytest

from models.providers import PROVIDERS, catalogue
from models.providers.status import Stage
from models.records import Advice, EventKind, SendRecord
from models.rules.answers import Answer, usual_answers
from tests.support.sample_cases import OVERDUE, sample_send

EVERY = [
    pytest.param(provider.key, kind, status.slug, id=f"{provider.key}-{kind}-{status.slug}")
    for provider in PROVIDERS
    for kind in provider.types
    for status in (*provider.statuses, catalogue.UNMAPPED)
    if kind in status.types or not status.types
]


def answers(send: SendRecord, contact: str = "") -> tuple[Answer, ...]:
    """Return the answers to *send*, which is past its limit."""
    advice = Advice("over", "", "", "", contact)
    return usual_answers(send, advice, "Mon 09:00")


def test_what_is_past_its_limit_is_escalated_or_has_gone_on() -> None:
    assert [each.words for each in usual_answers(sample_send(), OVERDUE, "Mon 09:00")] == [
        "escalate to Sendoso Support",
        "write to the sender",
        "set Fulfilling",
        "set Shipped",
        "snooze until Mon 09:00",
        "done for now",
    ]


def test_who_can_settle_it_is_asked() -> None:
    first, second, *_ = answers(sample_send(status="invalid_email_format"), "the sender")
    assert first == Answer(None, "write to the sender", to="sender")
    assert second == Answer(EventKind.ESCALATE, "contact the sender")


def test_who_has_to_act_is_written_to_if_there_is_something_to_write() -> None:
    assert answers(sample_send(status="opened", type="egift"))[1].to == "recipient"
    assert all(each.to is None for each in answers(sample_send(contested=True)))


def test_an_answer_that_is_late_is_asked_for_again() -> None:
    words = [each.words for each in answers(sample_send(escalated_at=sample_send().since))]
    assert words[:2] == ["ask Sendoso Support again", "resolve the escalation"]


def test_a_contested_override_is_decided_first() -> None:
    kinds = [each.kind for each in answers(sample_send(contested=True))]
    assert kinds == [EventKind.RELEASE, EventKind.SNOOZE, EventKind.DONE]


@pytest.mark.parametrize(("provider", "kind", "slug"), EVERY)
def test_every_status_has_answers_that_fit_it(provider: str, kind: str, slug: str) -> None:
    send = sample_send(provider=provider, type=kind, status=slug, provider_status=slug)
    found = answers(send)
    assert 3 <= len(found) <= 7
    assert len({each.words for each in found}) == len(found)
    following = {each.slug: each for each in catalogue.may_follow(provider, slug, kind)}
    for answer in found:
        assert bool(answer.status) is (answer.kind is EventKind.OVERRIDE)
        assert bool(answer.to) is (answer.kind is None)
        if answer.status:
            assert following[answer.status].stage is not Stage.PROBLEM

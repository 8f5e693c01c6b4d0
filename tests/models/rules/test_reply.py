"""What is written to senders and recipients: filled in, safe, and without a word that is not for them."""

import re
from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from models.providers import PROVIDERS, catalogue
from models.providers.replies import NoReply, To
from models.records import Case, EventKind, Shipment
from models.rules.reply import (
    BOTH,
    PLACEHOLDERS,
    BadTemplate,
    Reply,
    ReplyName,
    check,
    filled,
    reply,
    reply_name,
    reply_names,
    usual_reader,
)
from models.values.local_time import LocalTime
from tests.support.hostile import HOSTILE
from tests.support.sample_cases import NOW, ago, bare_send, event, sample_case

EVERY = [
    pytest.param(provider.key, kind, status.slug, id=f"{provider.key}-{kind}-{status.slug}")
    for provider in PROVIDERS
    for kind in provider.types
    for status in (*provider.statuses, catalogue.UNMAPPED)
]


def written(
    case: Case, to: To, own: Callable[[ReplyName], str | None] = lambda name: None
) -> Reply:
    """Return what is written about *case* to *to*."""
    return reply(case, to, local=LocalTime(NOW), agent="ana", own=own)


def test_a_text_has_names_gift_days_and_tracking_filled_in() -> None:
    case = sample_case(
        status="shipped",
        tracking_number="1Z999AA10123456784",
        carrier="UPS",
        tracking_url="https://www.ups.com/track?n=1Z",
    )
    tracking = "Tracking: UPS 1Z999AA10123456784, https://www.ups.com/track?n=1Z"
    sender, recipient = written(case, "sender"), written(case, "recipient")
    assert sender.text.startswith("Hello Marc Fernandez,\n\n")
    assert "gift “Onboarding kit” for Priya Raman left on Mon 03 Nov" in sender.text
    assert recipient.text.startswith("Hello Priya Raman,\n\n")
    assert "gift from Marc Fernandez left on Mon 03 Nov" in recipient.text
    assert recipient.whom == "Priya Raman <priya.raman@northwind.test>"
    for each in (sender, recipient):
        assert tracking in each.text
        assert (each.why_not, each.warning) == ("", "")


@pytest.mark.parametrize(("provider", "kind", "slug"), EVERY)
@pytest.mark.parametrize("to", BOTH)
@pytest.mark.parametrize("known", [True, False], ids=["all is known", "nothing is known"])
def test_every_status_has_a_text_or_says_why_there_is_none(
    provider: str, kind: str, slug: str, to: To, known: bool
) -> None:
    send = sample_case().send if known else bare_send()
    send = send._replace(provider=provider, type=kind, status=slug, provider_status=slug)
    found = written(sample_case()._replace(send=send), to)
    assert bool(found.text) is not bool(found.why_not)
    assert found.warning == ""
    assert not re.search(r"\$\w|None| ,|  |\( |\(\)|^[a-z]|\. [a-z]|“”", found.text, re.MULTILINE)
    if found.text and not known:
        assert found.text.startswith("Hello,\n")


@pytest.mark.parametrize(("provider", "kind", "slug"), EVERY)
def test_nobody_hears_what_agents_wrote_and_recipients_nothing_of_the_senders_matters(
    provider: str, kind: str, slug: str
) -> None:
    secret = dict.fromkeys(
        ("override_reason", "escalation_ref", "team", "batch", "sent_via"), "SECRET"
    )
    case = sample_case(
        provider=provider,
        type=kind,
        status=slug,
        provider_status=slug,
        owner="SECRET",
        provider_raw="SECRET",
        override_by="SECRET",
        **secret,
    )
    noted = event(5, EventKind.NOTE, NOW, actor="SECRET", reason="SECRET", source="SECRET")
    case = case._replace(history=(noted, *case.history), money=("SECRET",))
    senders = {"campaign": "OURS", "funding_source": "OURS", "external_id": "OURS"}
    for_recipient = case._replace(send=case.send._replace(**senders, cost_minor=777_700))
    assert "SECRET" not in written(case, "sender").text
    text = written(for_recipient, "recipient").text
    for word in ("SECRET", "OURS", "7,777", "7777"):
        assert word not in text


def test_past_its_limit_the_text_says_so() -> None:
    late = sample_case(due_at=ago(days=1))
    assert reply_name(late.send, "sender", NOW) == ReplyName(
        "sendoso", "order_received", "sender", late=True
    )
    assert "We are sorry" in written(late, "sender").text
    in_time = sample_case(due_at=NOW + timedelta(days=1))
    assert "We are sorry" not in written(in_time, "sender").text
    assert reply_name(in_time.send, "recipient", NOW).late is False


def test_the_status_in_force_is_written_about() -> None:
    case = sample_case(status="delivered", override_status="delivered", stage="done")
    assert "arrived on" in written(case, "recipient").text


def test_nothing_is_written_while_it_is_contested_what_holds() -> None:
    case = sample_case(contested=True, status="delivered", override_status="delivered")
    for to in BOTH:
        found = written(case, to, own=lambda name: "Hello")
        assert found.text == ""
        assert "contradicts the override of S-88213" in found.why_not


def test_a_day_that_is_past_is_not_promised() -> None:
    ahead = sample_case(status="opened", type="egift", expires_at=NOW + timedelta(days=3))
    past = sample_case(status="opened", type="egift", expires_at=ago(days=3))
    assert "until Mon 24 Nov" in written(ahead, "recipient").text
    assert "until the end of the offer" in written(past, "recipient").text


def test_every_parcel_is_named_once_and_no_link_that_is_none() -> None:
    case = sample_case(
        provider="goody", type="order", status="shipped", tracking_number="1", carrier="UPS"
    )
    parcels = (
        Shipment(external_id="a", status="shipped", carrier="UPS", tracking_number="1"),
        Shipment(
            external_id="b",
            status="shipped",
            tracking_number="2",
            tracking_url="javascript:alert(1)",
        ),
        Shipment(external_id="c", status="shipped", tracking_url="https://dhl.example/3"),
    )
    text = written(case._replace(shipments=parcels), "recipient").text
    assert "Tracking: UPS 1; 2; https://dhl.example/3\n" in text
    assert "no number yet" in written(case_without_tracking(case), "recipient").text


def case_without_tracking(case: Case) -> Case:
    return case._replace(send=case.send._replace(tracking_number="", carrier=""))


@pytest.mark.parametrize("name", HOSTILE)
def test_no_hostile_value_breaks_a_text(name: str) -> None:
    value = HOSTILE[name]
    case = sample_case(
        status="shipped",
        recipient_name=value,
        sender_name=value,
        campaign=value,
        carrier=value,
        tracking_number=value,
        funding_source=value,
    )
    for to in BOTH:
        for line in written(case, to).text.split("\n"):
            assert not any(code < " " or "\x7f" <= code < "\xa0" for code in line)


def test_a_dollar_sign_in_a_value_stays_one() -> None:
    text = written(sample_case(recipient_name="$agent ${cost} $"), "recipient").text
    assert text.startswith("Hello $agent ${cost} $,")


def test_the_own_text_is_used_and_a_broken_one_is_told() -> None:
    own = written(sample_case(), "sender", own=lambda name: f"$sender: {name} from $agent")
    assert own.text == "Marc Fernandez: sendoso/order-received-late-to-sender from ana\n"

    def broken(name: ReplyName) -> str:
        raise BadTemplate("x.txt, line 3: $campain is not a placeholder.")

    found = written(sample_case(), "sender", own=broken)
    assert found.warning == "x.txt, line 3: $campain is not a placeholder."
    assert found.text == written(sample_case(), "sender").text


def test_an_own_text_can_be_written_where_the_desk_has_none() -> None:
    case = sample_case(status="canceled")
    assert written(case, "recipient").text == ""
    assert written(case, "recipient", own=lambda name: "Hello $recipient").text == (
        "Hello Priya Raman\n"
    )


@pytest.mark.parametrize(
    ("text", "to", "said"),
    [
        ("", "sender", "line 1: there is no text"),
        (" \n\t", "sender", "line 1: there is no text"),
        (
            "a\nb $campain",
            "sender",
            "line 2: $campain is not a placeholder; did you mean $campaign?",
        ),
        (
            "${reciept}",
            "recipient",
            "line 1: $reciept is not a placeholder; did you mean $recipient?",
        ),
        ("costs $5.00 now", "sender", "line 1: “$5.00” is not a placeholder; a dollar sign is"),
        ("a $", "sender", "line 1: “$” is not a placeholder"),
        ("${hello", "sender", "line 1: “${hello” is not a placeholder"),
        ("$cost", "recipient", "line 1: $cost is not for the recipient's eyes"),
        ("$zzzz", "recipient", "$zzzz is not a placeholder; there are $hello, $gift, $recipient"),
    ],
)
def test_what_is_wrong_with_a_text_is_said_with_its_line(text: str, to: To, said: str) -> None:
    with pytest.raises(BadTemplate) as refused:
        check(text, to)
    assert said in str(refused.value)
    with pytest.raises(BadTemplate):
        filled(text, to, {})


@pytest.mark.parametrize("to", BOTH)
def test_every_placeholder_has_a_value(to: To) -> None:
    text = "\n".join(f"{name}: ${name} ${{{name}}} $$" for name in PLACEHOLDERS[to])
    for case in (sample_case(), sample_case()._replace(send=bare_send())):
        for line in written(case, to, own=lambda name: text).text.splitlines():
            name, _, value = line.partition(": ")
            assert name in PLACEHOLDERS[to]
            assert value.endswith(" $")
            assert value.removesuffix(" $").strip()


def test_names_of_texts_are_names_of_files() -> None:
    names = [str(name) for name in reply_names()]
    assert "sendoso/bounced-to-sender" in names
    assert "sendoso/order-received-late-to-recipient" in names
    assert len(set(names)) == len(names)
    for name in names:
        assert re.fullmatch(r"[a-z]+/[a-z-]+-to-(sender|recipient)", name)
    assert all(isinstance(name.text, str) for name in reply_names())
    assert isinstance(ReplyName("sendoso", "canceled", "recipient").text, NoReply)


def test_who_has_to_act_is_written_to() -> None:
    assert usual_reader(sample_case(status="opened", type="egift").send) == "recipient"
    assert usual_reader(sample_case(status="failed").send) == "sender"


def test_days_are_those_of_the_agent() -> None:
    late = sample_case(since=NOW.replace(hour=23))
    auckland = LocalTime(NOW + timedelta(days=1), ZoneInfo("Pacific/Auckland"))
    assert "since Fri 21 Nov" in written(late, "sender").text
    assert "since Sat 22 Nov" in reply(late, "sender", local=auckland, agent="").text

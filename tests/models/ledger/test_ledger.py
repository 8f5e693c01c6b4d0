"""The ledger is written with the events, refuses changes, brings what is late into triage, and is proved."""

from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from models.desk import Desk
from models.errors import DeskError
from models.history.audit import verify
from models.providers.incoming import Incoming, Refund
from models.reading.credits import CreditFilter, CreditLine, credit_lines, totals
from models.rules.packet import packet, packet_of_several
from models.rules.refunds import refunded
from models.values.calendar import Limit
from tests.support.desk_cases import HandClock, arrive, egift, fact, order, parcel, take, undo
from tests.support.sample_cases import ago
from tests.support.unguarded import unguarded

GUARDS = "the triggers that guard the ledger are missing or changed"


def ended(number: int, *, days: int = 1, **fields: Any) -> Incoming:
    """Return an eGift of 45 dollars that nobody had opened when its offer ended, *days* ago."""
    known: dict[str, Any] = {
        "expires_at": ago(days=days), "cost_minor": 4500, "currency": "USD",
        "funding_source": "Marketing", **fields,
    }  # fmt: skip
    return egift(number, fact("Sent", ago(days=91)), **known)


def lines(desk: Desk, **wanted: Any) -> list[tuple[str, str]]:
    """Return the short name of each credit that is wanted, and how it stands."""
    return [(each.ref, each.stand) for each in credit_lines(desk, CreditFilter(**wanted))]


def line(desk: Desk) -> CreditLine:
    """Return the one credit there is."""
    (found,) = credit_lines(desk, CreditFilter())
    return found


def test_it_is_expected_overdue_and_confirmed(desk: Desk, clock: HandClock) -> None:
    send = arrive(desk, ended(1))
    assert (send.status, send.provider_status, refunded(send)) == ("refunded", "sent", None)
    assert send.credit_due_at == send.due_at == ago(days=1) + timedelta(days=7)
    assert (line(desk).stand, line(desk).entry.seq, line(desk).entry.rule) == (
        "expected", send.revision, "egift_unopened",
    )  # fmt: skip
    assert desk.case(send.id).advice.title == "Wait for the credit"
    assert (
        "45.00 USD should be credited to Marketing: Sendoso has not said yet"
        in desk.case(send.id).money[0]
    )

    clock.advance(days=8)
    case = desk.case(send.id)
    assert (line(desk).stand, case.advice.urgency) == ("overdue", "over")
    assert case.advice.title == "Ask Sendoso Support for the credit"
    assert "45.00 USD expected in Marketing since" in case.advice.body
    assert "2 days past the limit of 7 days" in case.advice.body
    for query in ("is:triage", "is:credit-overdue", "is:credit-expected -is:refunded"):
        assert desk.count(desk.listing(desk.parse(query))).value == 1
    told = packet(case, desk.local_time())
    assert "To: Sendoso Support (" in told
    assert "45.00 USD expected in Marketing since" in told
    assert "on which day the cost was credited" in told
    several = packet_of_several([case.send, case.send], desk.local_time())
    assert several.count("Cost 45.00 USD") == 2

    take(desk, egift(1, fact("Refunded", clock.now)))
    send = desk.find("S-1")
    assert (send.credit_due_at, send.due_at) == (None, None)
    assert [each.state.value for each in desk.case(send.id).credits] == ["expected", "confirmed"]
    assert (line(desk).stand, line(desk).entry.rule) == ("confirmed", "egift_unopened")
    assert refunded(send) is not None
    assert verify(desk.database).problems == ()


def test_what_a_later_fact_ends_is_withdrawn(desk: Desk, clock: HandClock) -> None:
    send = arrive(desk, ended(1))
    clock.advance(days=8)
    take(desk, egift(1, fact("Opened", clock.now)))
    send = desk.find("S-1")
    assert [each.state.value for each in desk.case(send.id).credits] == ["expected", "withdrawn"]
    assert (send.credit_due_at, lines(desk)) == (None, [])
    assert verify(desk.database).credits == 2
    assert verify(desk.database).problems == ()


def test_what_agents_do_leaves_it_alone(desk: Desk, clock: HandClock) -> None:
    send = arrive(desk, ended(1))
    clock.advance(days=8)
    send = desk.override(send, "bounced", "the sender says so", force=True).send
    assert lines(desk, stands=("overdue",)) == [("S-1", "overdue")]
    undo(desk, send)
    desk.escalate(desk.find("S-1"), "T-1")
    assert lines(desk) == [("S-1", "overdue")]
    assert verify(desk.database).problems == ()


def test_the_team_decides_when_it_is_overdue(desk: Desk, clock: HandClock) -> None:
    send = arrive(desk, ended(1))
    before = clock.advance(days=8)
    assert desk.set_usual_span("credit", Limit(10)) == 1
    assert lines(desk) == [("S-1", "expected")]
    assert desk.find("S-1").due_at == ago(days=1) + timedelta(days=10)
    assert "your team's own limit" in desk.case(send.id).advice.why
    with pytest.raises(DeskError, match="leave --campaign out"):
        desk.set_usual_span("credit", Limit(10), "Spring")
    assert verify(desk.database).problems == ()

    clock.advance(days=1)
    take(desk, egift(1, fact("Refunded", clock.now)))
    then = desk.as_it_was(before - timedelta(seconds=1))
    with closing(then.database):
        assert lines(then) == [("S-1", "overdue")]
        assert len(then.case(send.id).credits) == 1
    assert lines(desk) == [("S-1", "confirmed")]


def test_a_refund_of_a_platform_needs_no_rule(desk: Desk) -> None:
    paid = order("o-1", fact("paid", ago(days=2)), cost_minor=5000, currency="USD")
    take(desk, paid)
    take(desk, paid._replace(refund=Refund(ago(hours=3), 4315)))
    entry = line(desk).entry
    assert (entry.amount_minor, entry.rule, entry.at) == (4315, "", ago(hours=3))
    take(desk, parcel(2, fact("Refunded", ago(days=1)), cost_minor=700, currency="EUR"))
    assert lines(desk) == [("S-2", "confirmed"), ("G-5cbdcb74", "confirmed")]
    assert verify(desk.database).problems == ()


def test_sums_are_exact_per_source_currency_and_state(desk: Desk, clock: HandClock) -> None:
    large = 9_007_199_254_740_993
    take(
        desk,
        ended(1), ended(2, days=30), ended(3, cost_minor=1, currency="EUR"),
        ended(4, funding_source="Sales", cost_minor=None), ended(5, funding_source=""),
        ended(6, cost_minor=0),
        *(ended(number, funding_source="Big", cost_minor=large) for number in range(7, 9)),
    )  # fmt: skip
    assert [tuple(each) for each in totals(desk, CreditFilter())] == [
        ("", "USD", "expected", 1, 4500, 0),
        ("Big", "USD", "expected", 2, 2 * large, 0),
        ("Marketing", "EUR", "expected", 1, 1, 0),
        ("Marketing", "USD", "overdue", 1, 4500, 0),
        ("Marketing", "USD", "expected", 1, 4500, 0),
        ("Sales", "USD", "expected", 1, 0, 1),
    ]
    assert lines(desk, funding_source="MARKETING", stands=("overdue",)) == [("S-2", "overdue")]
    assert lines(desk, funding_source="") == [("S-5", "expected")]
    assert verify(desk.database).problems == ()


def test_pages_follow_each_other_without_a_gap(desk: Desk, clock: HandClock) -> None:
    take(desk, *(ended(number, days=number) for number in range(1, 6)))
    take(desk, *(parcel(number, fact("Refunded", ago(days=1))) for number in range(6, 9)))
    whole = list(credit_lines(desk, CreditFilter()))
    assert [each.ref for each in whole] == [f"S-{n}" for n in (5, 4, 3, 2, 1, 8, 7, 6)]
    assert list(credit_lines(desk, CreditFilter(), size=2)) == whole
    for place, each in enumerate(whole):
        assert list(credit_lines(desk, CreditFilter(), after=each, size=3)) == whole[place + 1 :]


CHANGES = {
    "an entry changed": "UPDATE credit SET amount_minor = 1 WHERE state = 'expected'",
    "an entry removed": "DELETE FROM credit WHERE state = 'confirmed'",
    "an entry put in": (
        "INSERT INTO credit (id, send_id, seq, state, rule, currency, funding_source, at)"
        " SELECT 99, send_id, 1, 'withdrawn', '', '', '', at FROM credit WHERE state = 'expected'"
    ),
    "another source": "UPDATE credit SET funding_source = 'Mine'",
    "another rule": "UPDATE credit SET rule = 'mine'",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_no_entry_is_changed_unseen(desk: Desk, clock: HandClock, change: str) -> None:
    arrive(desk, ended(1))
    take(desk, egift(1, fact("Refunded", clock.advance(days=1))))
    with (
        pytest.raises(DBAPIError, match=r"the ledger cannot be|credit_pkey"),
        desk.database.engine.begin() as db,
    ):
        db.execute(sa.text(change.replace("99,", "1,")))
    with unguarded(desk.database) as run:
        assert run(change) != 0
    (problem,) = verify(desk.database).problems
    assert problem.startswith("S-1: entry ")
    assert "of its credits is" in problem


def test_entries_of_a_send_that_is_gone_are_named(desk: Desk) -> None:
    arrive(desk, ended(1))
    with unguarded(desk.database) as run:
        run("UPDATE credit SET send_id = 77")
    problems = verify(desk.database).problems
    assert "1 entries of the ledger belong to send 77, which is gone" in problems


def test_without_its_guards_a_desk_is_not_sound(desk: Desk) -> None:
    with desk.database.engine.begin() as db:
        on = " ON credit" if desk.database.is_server else ""
        db.exec_driver_sql(f"DROP TRIGGER credit_is_never_changed{on}")
    assert GUARDS in desk.database.check()

"""Whatever order facts come in, every send ends alike."""

import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.database import open_database
from models.desk import Desk
from models.history.audit import verify
from models.records import EventKind, SendRecord
from models.writing.writer import Draft, Request
from tests.support.desk_cases import HandClock, fact, parcel, take
from tests.support.sample_cases import ago

WORDS = ("Confirming Address", "Order Received", "Fulfillment Issue", "Shipped", "Delivered",
         "Out of Stock", "Levitating", "Teleporting")  # fmt: skip
TARGETS = ("fulfilling", "shipped", "undeliverable", "delivered")
PHASES = 3
"""Before the first override, between the two, after the second."""
moments = st.integers(0, 9).map(lambda days: ago(days=days))


@dataclass(frozen=True)
class Told:
    """A fact, and if it has no time, the phase in which the desk hears of it."""

    word: str
    at: datetime | None
    phase: int


FIRST_PHASE = 6
"""The first phase is six days ago, each further one two days later: nothing is told before it happens."""
happened = st.integers(FIRST_PHASE - 2 * (PHASES - 1), 9)
told = st.builds(
    Told,
    st.sampled_from(WORDS),
    happened.map(lambda days: ago(days=days)) | st.none(),
    st.integers(0, PHASES - 1),
)
overrides = st.tuples(st.sampled_from(TARGETS), st.sampled_from(TARGETS))


@st.composite
def deliveries(draw: st.DrawFn, facts: list[Told]) -> list[list[Told]]:
    """Spread *facts* over the phases: each at least once, those without a time in their own."""
    phases: list[list[Told]] = [[] for _ in range(PHASES)]
    for each in [*facts, *draw(st.lists(st.sampled_from(facts), max_size=3))]:
        starts = [ago(days=FIRST_PHASE - 2 * phase) for phase in range(PHASES)]
        known = [phase for phase, start in enumerate(starts) if each.at and each.at <= start]
        place = each.phase if each.at is None else draw(st.sampled_from(known))
        phases[place].append(each)
    return [draw(st.permutations(phase)) for phase in phases]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts=st.lists(told, min_size=1, max_size=6), targets=overrides, data=st.data())
def test_facts_in_any_order_end_alike(
    empty_file: Path,
    tmp_path: Path,
    facts: list[Told],
    targets: tuple[str, str],
    data: st.DataObject,
) -> None:
    ends = [
        _end(empty_file, tmp_path, data.draw(deliveries(facts)), targets, one_by_one=one_by_one)
        for one_by_one in (False, True)
    ]
    assert ends[0] == ends[1]


def _end(
    empty_file: Path,
    folder: Path,
    phases: list[list[Told]],
    targets: tuple[str, str],
    *,
    one_by_one: bool,
) -> SendRecord:
    """Return where a parcel ends that is told of in *phases*, with overrides between them."""
    path = Path(tempfile.mkdtemp(dir=folder)) / "sends.db"
    shutil.copy(empty_file, path)
    clock = HandClock(ago(days=FIRST_PHASE))
    database = open_database(path)
    desk = Desk(database, "ana", clock)
    take(desk, parcel(1)._replace(facts=()))
    for phase, target in zip(phases, (*targets, None), strict=True):
        sends = [parcel(1, fact(each.word, each.at)) for each in phase]
        for some in [[each] for each in sends] if one_by_one else [sends]:
            take(desk, *some)
        clock.advance(days=1)
        if target is not None:
            # The desk refuses what is so already, which depends on what it has heard so far.
            _override(desk, target)
        clock.advance(days=1)
    assert verify(database).problems == ()
    send = desk.find("S-1")
    database.close()
    return send._replace(revision=0)


def _override(desk: Desk, slug: str) -> None:
    draft = Draft(EventKind.OVERRIDE, to_status=slug, reason="r")
    desk.write(desk.find("S-1"), lambda entry: draft, Request())

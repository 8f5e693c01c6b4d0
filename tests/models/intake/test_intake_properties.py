"""Whatever a platform tells, in whatever batches: taken in once, bounded, never lost, never doubled."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.database import open_database
from models.desk import Desk
from models.history.audit import verify
from models.intake.intake import Intake
from models.providers.incoming import Fact, Incoming
from models.records import Shipment
from models.values.text import storable
from tests.support.desk_cases import HandClock
from tests.support.sample_cases import NOW

texts = st.text(max_size=60).map(lambda text: storable(text, 40))
times = st.datetimes(
    min_value=datetime(2020, 1, 1), max_value=datetime(2030, 1, 1)  # noqa: DTZ001
).map(lambda moment: moment.replace(tzinfo=NOW.tzinfo))  # fmt: skip
words = st.sampled_from(["Sent", "Shipped", "Delivered", "Paused", "accepted", "created"]) | texts
facts = st.builds(Fact, words, times | st.none(), times | st.none())
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "recipient_name": texts,
        "company": texts,
        "tracking_number": texts,
        "cost_minor": st.none() | st.integers(-(2**53), 2**53),
        "currency": st.sampled_from(["", "USD", "JPY"]),
        "created_at": times,
        "expires_at": times | st.none(),
    },
)
# With the class itself, Hypothesis would make up the other fields too, and times without a zone.
shipments = st.builds(
    lambda name, status, delivered_at: Shipment(name, status, delivered_at=delivered_at),
    st.sampled_from("abc"),
    texts,
    times | st.none(),
)
KINDS = st.sampled_from([("sendoso", "physical"), ("sendoso", "egift"), ("goody", "order")])


@st.composite
def incomings(draw: st.DrawFn) -> Incoming:
    """Draw a send of which several may be told in one file."""
    provider, kind = draw(KINDS)
    number = draw(st.integers(1, 3))
    return Incoming(
        provider=provider,
        external_id=f"{kind}-{number}" if draw(st.booleans()) else f"12345678-{number}",
        type=kind,
        fields=draw(FIELDS),
        facts=tuple(draw(st.lists(facts, max_size=3))),
        shipments=tuple(draw(st.lists(shipments, max_size=3, unique_by=lambda s: s.external_id))),
    )


@contextmanager
def desk_in(folder: Path, empty_file: Path) -> Iterator[Desk]:
    """Give an empty desk of its own for one example."""
    path = Path(tempfile.mkdtemp(dir=folder)) / "sends.db"
    shutil.copy(empty_file, path)
    database = open_database(path)
    yield Desk(database, "ana", HandClock())
    database.close()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sends=st.lists(incomings(), max_size=8), batch=st.integers(1, 9))
def test_a_file_repeated_in_other_batches_changes_nothing(
    empty_file: Path, tmp_path: Path, sends: list[Incoming], batch: int
) -> None:
    with desk_in(tmp_path, empty_file) as desk:
        first = Intake(desk.database, desk.now).apply(sends, source="test")
        distinct = {(send.provider, send.external_id) for send in sends}
        assert (first.read, first.new, desk.total()) == (len(sends), len(distinct), len(distinct))
        assert first.read == first.new + first.changed + first.unchanged
        before = _all(desk)
        again = Intake(desk.database, desk.now, batch=100).apply(sends, source="test")
        assert (again.new, again.changed, again.unchanged) == (0, 0, len(sends))
        assert _all(desk) == before
        in_parts = Intake(desk.database, desk.now, batch).apply(sends, source="test")
        assert in_parts.new == 0
        assert verify(desk.database).problems == ()


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sends=st.lists(incomings(), min_size=1, max_size=6))
def test_every_reference_given_out_leads_back(
    empty_file: Path, tmp_path: Path, sends: list[Incoming]
) -> None:
    with desk_in(tmp_path, empty_file) as desk:
        Intake(desk.database, desk.now, batch=2).apply(sends, source="test")
        refs = set()
        for send in sends:
            found = desk.find(f"{send.provider}:{send.external_id}")
            assert desk.find(found.ref) == found
            refs.add(found.ref)
        assert len(refs) == desk.total()


def _all(desk: Desk) -> list[object]:
    sends = desk.window(desk.listing(desk.parse("")), 0, 100)
    return [desk.case(send.id) for send in sends]

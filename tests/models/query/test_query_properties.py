"""What holds for every filter: it reads back as it was written, and finds what it says."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, SQLModel, col

from models.database.postgresql.text_search import pattern_match
from models.database.sqlite.text_search import TrigramIndex
from models.errors import BadQuery
from models.providers import catalogue
from models.query import FILTER_KEYS, Query, complete, parse, values_of, with_values
from models.query.keys import EVENT_KEYS, FLAGS, SEARCHED_COLUMNS, KeyKind
from models.query.sql.clauses import where
from models.query.sql.context import QueryContext
from models.query.sql.index_use import split_by_index
from models.query.syntax import LONGEST
from models.query.text_search import TextSearch
from models.query.time_windows import Moments
from models.query.tree import (
    EVERYTHING,
    Amount,
    And,
    Compare,
    Duration,
    Match,
    Node,
    Not,
    Or,
    Period,
    Phrase,
    Range,
    SortKey,
    Special,
    StatusWord,
    ViewName,
    Whole,
    Word,
    conjunction,
)
from models.records import SendRecord
from models.rules.due import in_triage, is_credit_overdue, is_done, is_snoozed, urgency
from models.rules.refunds import refunded
from models.rules.send_columns import SORTS
from models.store.tables import Event, Send, Shipment
from models.values.calendar import Calendar, Limit
from tests.support.server import Server

NOW = datetime(2026, 3, 18, 10, 30, tzinfo=UTC)
"""A Wednesday."""
ME = "ana"
ZONE = ZoneInfo("America/New_York")
CALENDAR = Calendar(ZONE, frozenset({date(2026, 3, 16)}))
VIEWS = {"Mine": "is:mine", "Late ones": "is:over OR age>3bd"}


def read(text: str) -> Query:
    return parse(text, me=ME, now=NOW, views=VIEWS, calendar=CALENDAR)


# --- any tree -------------------------------------------------------------------------------------

PRINTABLE = st.characters(exclude_categories=("Cc", "Cs"))
FREE_TEXT = st.text(PRINTABLE, min_size=1, max_size=12).filter(str.strip)
TERMS = (
    "ana", "SOUZA", "acme", "cme i", "100%", "a_b", "a%b", 'o"b', "o", "an", "郎", "太郎",
    "école", "MÜLLER", "muller", "welcome", "S-10", "s-1003", "ext-7", "1Z9", "1Z77", "zz", "R&D",
)  # fmt: skip
"""Words that some of the sends below have, and some that none has."""
WHOLES = (
    "acme inc",
    "ANA@ACME.COM",
    'Jo o"brien',
    "R&D a%b",
    "priya ana",
    "100% fun",
    "1z77",
    "UPS ANA",
)
"""All of a field of some of the sends below, in whatever case."""
DURATIONS = st.builds(
    Duration,
    st.sampled_from((0, 1, 2, 3, 5, 26)),
    st.sampled_from(("m", "h", "d", "w", "bd", "bh")),
)
BACK = st.builds(lambda each: Duration(each.amount, each.unit, negative=True), DURATIONS)
PERIODS = st.sampled_from(
    ("now", "today", "yesterday", "tomorrow", "mon", "wed", "thu", "sun", "this-week", "next-week",
     "last-month", "this-month", "2026", "2026-03", "2026-02", "2025", "2026-03-17", "2026-03-18", "2026-03-18t06:30", "2026-03-16t00:00")
).map(Period)  # fmt: skip
AMOUNTS = st.sampled_from(("0", "5", "49.90", "50", "500", "0.505", "1.5")).map(
    lambda text: Amount(Decimal(text))
)


def scalars(key: str) -> st.SearchStrategy[Any]:
    return {
        KeyKind.AGE: DURATIONS,
        KeyKind.DUE: DURATIONS | BACK | PERIODS,
        KeyKind.MOMENT: BACK | PERIODS,
        KeyKind.AMOUNT: AMOUNTS,
    }[FILTER_KEYS[key].kind]


def lists(values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(values, min_size=1, max_size=3, unique=True).map(tuple)


def ranges(key: str) -> st.SearchStrategy[Range]:
    ends = st.none() | scalars(key)
    return st.builds(Range, ends, ends).filter(_is_sound(key))


def _is_sound(key: str) -> Callable[[Range], bool]:
    def sound(values: Range) -> bool:
        return isinstance(outcome(str(Query("", Match(key, (values,))))), Query)

    return sound


@st.composite
def leaves(draw: st.DrawFn, words: st.SearchStrategy[str], key: str = "") -> Node:
    key = key or draw(st.sampled_from([*FILTER_KEYS, "text", "text"]))
    if key in ("text", "sort"):
        return Phrase(draw(words))
    kind = FILTER_KEYS[key].kind
    if kind in (KeyKind.AGE, KeyKind.DUE, KeyKind.MOMENT, KeyKind.AMOUNT):
        if draw(st.booleans()):
            return Compare(key, draw(st.sampled_from(("<", "<=", ">", ">="))), draw(scalars(key)))
        return Match(key, draw(lists(scalars(key) | ranges(key))))
    specials = st.sampled_from(
        [Special(name) for name in FILTER_KEYS[key].specials] or [Word("none")]
    )
    match kind, key:
        case KeyKind.STATUS, _:
            known = st.sampled_from(
                [StatusWord("shipped"), StatusWord("shipped", "goody"), StatusWord("unmapped"),
                 StatusWord("order_received"), StatusWord("paid")]
            )  # fmt: skip
            return Match(key, draw(lists(known)))
        case KeyKind.VIEW, _:
            views = [ViewName(name, read(text).tree) for name, text in VIEWS.items()]
            return Match(key, draw(lists(st.sampled_from(views))))
        case KeyKind.CHOICE, _:
            choices = {
                "platform": ("sendoso", "goody"),
                "type": ("egift", "physical", "order"),
                "stage": ("waiting", "moving", "problem"),
                "urgency": ("now", "over", "soon", "ok", "none"),
                "is": tuple(FLAGS),
            }
            return Match(key, draw(lists(st.sampled_from(choices[key]).map(Word))))
        case _, "owner" | "by":
            people = st.sampled_from(("ana", "raj", "none", "rule", "import", "api")).map(Word)
            return Match(key, draw(lists(people | specials)))
        case _, "currency":
            return Match(
                key, draw(lists(st.sampled_from(("USD", "JPY", "EUR")).map(Word) | specials))
            )
        case _, "note" | "id":
            return Match(key, draw(lists(words.map(Word))))
        case _, "batch":
            batches = st.sampled_from(("b-1", "b-2", "b")).map(Word)
            return Match(key, draw(lists(batches | specials)))
        case _:
            wholes = (words | st.sampled_from(WHOLES)).map(Whole)
            return Match(key, draw(lists(words.map(Word) | wholes | specials)))


def trees(words: st.SearchStrategy[str]) -> st.SearchStrategy[Node]:
    def grown(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        several = st.lists(inner, min_size=2, max_size=4).map(tuple)
        negated = inner.filter(lambda node: not isinstance(node, Not)).map(Not)
        return negated | several.map(And) | several.map(Or)

    return st.recursive(leaves(words), grown, max_leaves=6)


SORT = st.lists(
    st.builds(SortKey, st.sampled_from(list(SORTS)), st.booleans()), unique_by=lambda s: s.key,
    max_size=3,
).map(tuple)  # fmt: skip


@given(trees(FREE_TEXT) | st.just(EVERYTHING), SORT)
@example(Phrase(",b"), ())
@example(And((Match("type", (Word("egift"),)), Phrase(",egift"))), ())
@example(Or((Phrase("OR"), Phrase("now"))), (SortKey("due"),))
def test_canonical_text_reads_back_as_the_same_tree(tree: Node, sort: tuple[SortKey, ...]) -> None:
    query = Query("", tree, sort)
    text = str(query)
    if len(text) > LONGEST:
        with pytest.raises(BadQuery, match="longer"):
            read(text)
        return
    again = read(text)
    assert (again.tree, again.sort) == (tree, sort)
    assert str(again) == text


def outcome(text: str) -> Query | BadQuery:
    try:
        return read(text)
    except BadQuery as refusal:
        return refusal


ROUGH = st.lists(
    st.sampled_from(
        ["status:", "age", ">", "<=", "7d", "..", ",", "(", ")", "-", "!", '"', "\\", " ", "OR",
         "sort:", "due", "in:", "mine", "@me", "#", "is:", "over", "2026-03", "=", "é", "\x00",
         "\t", "\ud800", "💥", "NEAR(", "*", "%", "_", "'", ";--"]
    )
).map("".join)  # fmt: skip


@given(ROUGH | st.text(max_size=80))
def test_whatever_is_typed_is_a_filter_or_a_clear_refusal(text: str) -> None:
    understood = outcome(text)
    if isinstance(understood, BadQuery):
        assert 0 <= understood.position <= len(text)
        assert str(understood).endswith(".")
    else:
        canonical = str(understood)
        assert len(canonical) > LONGEST or read(canonical).tree == understood.tree
    for cursor in range(min(len(text), 20) + 1):
        for each in complete(text, cursor):
            assert 0 <= each.start <= cursor <= each.end <= len(text)


# --- what a filter finds --------------------------------------------------------------------------


@dataclass(frozen=True)
class Known:
    """One send with all that belongs to it."""

    send: Send
    events: tuple[Event, ...]
    parcels: tuple[str, ...]


def _some_sends() -> list[Known]:
    """Return sends whose values lie on and around everything that the filters above ask for."""
    random = Random(7)
    pick = random.choice
    moments = [NOW + timedelta(days=days, hours=hours, microseconds=tick) for days, hours, tick in product(
        (-400, -60, -9, -7, -5, -3, -2, -1, 0, 1, 2, 5), (-10, -6, 0, 1), (-1, 0, 1)
    )]  # fmt: skip
    midnights = [datetime(2026, 3, day, hour, tzinfo=ZONE).astimezone(UTC)
                 for day in range(11, 20) for hour in (0, 12)]  # fmt: skip
    past = [moment for moment in (*moments, *midnights) if moment <= NOW]
    statuses = [("sendoso", "shipped", "moving"), ("goody", "shipped", "moving"),
                ("sendoso", "order_received", "working"), ("goody", "paid", "working"),
                ("sendoso", "unmapped", "problem"), ("sendoso", "delivered", "done"),
                ("goody", "failed", "closed"), ("sendoso", "sent", "waiting"),
                ("sendoso", "refunded", "closed")]  # fmt: skip

    def maybe(values: list[datetime]) -> datetime | None:
        return pick((None, pick(values), pick(values), pick(values)))

    found = []
    for number in range(1, 121):
        provider, status, stage = pick(statuses)
        send = Send(
            id=number,
            ref=f"{'S' if provider == 'sendoso' else 'G'}-{1000 + number}",
            provider=provider,
            external_id=f"ext-{number}",
            type=pick(("egift", "physical")) if provider == "sendoso" else "order",
            batch=pick(("", "b-1", "b-2")),
            campaign=pick(("", "Welcome Kit", "100% fun", "100x fun", "a_b", "axb")),
            recipient_name=pick(("", "Ana Souza", "日本 太郎", "Jo O\"Brien", "ÉCOLE Normale", "Müller")),
            recipient_email=pick(("", "ana@acme.com", "jo@globex.com")),
            company=pick(("", "Acme Inc", "Globex", "R&D a%b", "aab")),
            sender_name=pick(("", "Priya Ana")),
            sender_email=pick(("", "priya@acme.com")),
            team=pick(("", "Sales 100%")),
            cost_minor=pick((None, 0, 50, 150, 500, 4990, 5000, 5001)),
            currency=pick(("USD", "JPY", "KWD", "")),
            tracking_number=pick(("", "1Z9991", "1Z77")),
            carrier=pick(("", "ups ana")),
            created_at=maybe(past),
            provider_status=(said := pick((status, status, "sent"))),
            rule=pick(("", "egift_unopened", "egift_reminder")),
            credit_due_at=None if said == "refunded" else maybe(moments),
            provider_at=maybe(past),
            order_uncertain=pick((True, False)),
            override_status=(override := pick((None, "shipped"))),
            contested=override is not None and pick((True, False)),
            status=status,
            stage=stage,
            since=pick(past),
            due_at=(due := maybe([*moments, *midnights])),
            at_once=due is not None and pick((True, False, False)),
            triage_at=maybe([NOW, *moments]),
            owner=pick(("", "ana", "raj", "none")),
            escalated_at=pick((None, NOW)),
            snooze=pick(("", "time", "change")),
            snoozed_until=pick((None, NOW, NOW + timedelta(hours=1))),
        )  # fmt: skip
        events = tuple(
            Event(
                send_id=number,
                seq=seq,
                recorded_at=pick(past),
                kind="note",
                actor=pick(("ana", "raj", "rule:egift_expired", "")),
                source=pick(("desk", "api", "import:sends.csv")),
                reason=pick(("", "100% sure", "Ask acme", "welcome a_b")),
                request_id=pick((None, f"{number}.{seq}")),
                hash=bytes(16),
            )
            for seq in range(1, 1 + random.randrange(4))
        )
        found.append(
            Known(send, events, tuple(random.sample(("1Z77", "1Z9"), random.randrange(3))))
        )
    return found


SENDS = _some_sends()
CREATE_SEARCH = (
    f"CREATE VIRTUAL TABLE send_text USING fts5({','.join(SEARCHED_COLUMNS)}, content='send',"
    " content_rowid='id', tokenize='trigram', detail=none, columnsize=0)",
    "INSERT INTO send_text(send_text) VALUES ('rebuild')",
)
MARK_INTAKES = """INSERT INTO intake (actor, first_event, last_event, source, recorded_at)
    SELECT actor, min(id), max(id), source, recorded_at FROM event
    WHERE request_id IS NULL GROUP BY actor, source, recorded_at"""


@dataclass(frozen=True)
class Ground:
    """A database with the sends above."""

    connection: sa.Connection
    search: TextSearch
    words: st.SearchStrategy[str]

    def found(self, tree: Node) -> set[int]:
        """Return the ids of the sends of *tree*, which every way to them leads to."""
        found, per_row = (self.asked(tree, per_row=per_row) for per_row in (False, True))
        assert found == per_row
        candidates = self.search.candidates(tree)
        if candidates is not None:
            assert found <= set(self.connection.execute(candidates).scalars())
        return found

    def asked(self, tree: Node, *, per_row: bool) -> set[int]:
        asked = QueryContext(now=NOW, me=ME, search=self.search, calendar=CALENDAR, per_row=per_row)
        clause = where(tree, asked)
        return set(self.connection.execute(sa.select(col(Send.id)).where(clause)).scalars())


def fill(engine: sa.Engine) -> None:
    with Session(engine) as session:
        session.add_all(Send.model_validate(known.send.model_dump()) for known in SENDS)
        session.flush()
        for known in SENDS:
            session.add_all(Event.model_validate(each.model_dump()) for each in known.events)
            session.add_all(
                Shipment(
                    send_id=known.send.id, external_id=number, status="", tracking_number=number
                )
                for number in known.parcels
            )
        session.flush()
        session.connection().exec_driver_sql(MARK_INTAKES)
        session.commit()


@pytest.fixture(scope="module")
def file_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    engine = sa.create_engine(f"sqlite:///{tmp_path_factory.mktemp('query') / 'sends.db'}")
    SQLModel.metadata.create_all(engine)
    fill(engine)
    with engine.begin() as connection:
        for statement in CREATE_SEARCH:
            connection.exec_driver_sql(statement)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def server_engine(server: Server) -> Iterator[sa.Engine]:
    name = server.make()
    engine = sa.create_engine(server.address(name).replace("postgresql:", "postgresql+psycopg:"))
    fill(engine)
    yield engine
    engine.dispose()
    server.drop(name)


@pytest.fixture(scope="module", params=["file", "server"])
def ground(request: pytest.FixtureRequest) -> Iterator[Ground]:
    engine: sa.Engine = request.getfixturevalue(f"{request.param}_engine")
    with engine.connect() as connection:
        if request.param == "file":
            # Whichever trigrams are not asked for: the same is found.
            search = TrigramIndex(is_common=lambda gram: ord(gram[0]) % 2 == 0)
            yield Ground(connection, search, st.sampled_from(TERMS))
        else:
            # Short terms and letters outside ASCII are found by rules of the server's own.
            plain = [term for term in TERMS if len(term) > 2 and term.isascii()]
            yield Ground(connection, pattern_match, st.sampled_from(plain))


def meant(tree: Node) -> set[int | None]:
    return {known.send.id for known in SENDS if holds(tree, known)}


@given(data=st.data())
@settings(max_examples=60)
def test_sql_finds_what_the_filter_means(ground: Ground, data: st.DataObject) -> None:
    tree = data.draw(trees(ground.words))
    assert ground.found(tree) == meant(tree)


@pytest.mark.parametrize("key", [key for key in FILTER_KEYS if key != "sort"])
@given(data=st.data())
@settings(max_examples=8)
def test_each_key_alone(ground: Ground, key: str, data: st.DataObject) -> None:
    leaf = data.draw(leaves(ground.words, key))
    assert ground.found(leaf) == meant(leaf)
    assert ground.found(Not(leaf)) == {each.send.id for each in SENDS} - meant(leaf)


@given(data=st.data())
@settings(max_examples=40)
def test_terms_about_the_history_speak_about_one_entry(ground: Ground, data: st.DataObject) -> None:
    about_history = st.one_of(*(leaves(ground.words, key) for key in sorted(EVENT_KEYS)))
    terms = st.lists(about_history | about_history.map(Not), min_size=2, max_size=4)
    tree = And(tuple(data.draw(terms)))
    assert ground.found(tree) == meant(tree)


@given(data=st.data(), key=st.sampled_from(sorted(SORTS)))
@settings(max_examples=30)
def test_a_filter_taken_apart_asks_the_same(ground: Ground, data: st.DataObject, key: str) -> None:
    moments = st.one_of(*(leaves(ground.words, each) for each in ("due", "age", "created")))
    terms = st.lists(moments | trees(ground.words), min_size=1, max_size=3)
    tree = conjunction(tuple(data.draw(terms)))
    parts = split_by_index(tree, (SortKey(key),))
    assert ground.found(parts.on_sort_column) & ground.found(parts.remaining) == ground.found(tree)
    assert ground.found(tree) <= ground.found(conjunction(parts.indexed))


@pytest.mark.parametrize("term", [term for term in TERMS if len(term) > 2 and term.isascii()])
def test_both_ways_of_searching_agree(
    file_engine: sa.Engine, server_engine: sa.Engine, term: str
) -> None:
    with file_engine.connect() as file, server_engine.connect() as server:
        ways = (
            Ground(file, TrigramIndex(), st.just(term)),
            Ground(server, pattern_match, st.just(term)),
        )
        assert ways[0].found(Phrase(term)) == ways[1].found(Phrase(term))


@given(
    trees(FREE_TEXT), st.sets(st.sampled_from(["sendoso:shipped", "goody:shipped", "goody:paid"]))
)
@settings(max_examples=40)
def test_values_that_were_put_in_are_read_back(tree: Node, values: set[str]) -> None:
    changed = with_values(Query("", tree), "status", values)
    assert set(values_of(changed, "status")) == values
    assert with_values(changed, "status", values) == changed


@given(
    st.datetimes(datetime(2026, 2, 20), datetime(2026, 4, 10), timezones=st.just(UTC))  # noqa: DTZ001
    | st.sampled_from([datetime(2026, 3, day, 4, tzinfo=UTC) for day in range(9, 24)]),
    st.datetimes(datetime(2026, 2, 1), datetime(2026, 3, 20), timezones=st.just(UTC))  # noqa: DTZ001
    | st.sampled_from([datetime(2026, 3, day, 4, tzinfo=UTC) for day in range(9, 24)]),
    st.integers(1, 6),
)
def test_business_days_back_are_the_inverse_of_business_days_ahead(
    now: datetime, since: datetime, days: int
) -> None:
    place = Moments(KeyKind.AGE, now, CALENDAR).intervals(
        Match("age", (Range(Duration(days, "bd"), None),))
    )[0]
    over = Moments(KeyKind.AGE, now, CALENDAR).intervals(Compare("age", ">", Duration(days, "bd")))[
        0
    ]
    limit = CALENDAR.after(since, Limit(days, "bd"))
    assert place.end is not None
    assert over.end is not None
    assert (since < place.end) == (limit <= now)
    assert (since < over.end) == (limit < now)


# --- the same in plain Python ---------------------------------------------------------------------


def holds(node: Node, known: Known) -> bool:
    match node:
        case And(terms):
            return all_hold(terms, known)
        case Or(terms):
            return any(holds(term, known) for term in terms)
        case Not(term):
            return not holds(term, known)
        case Phrase(text):
            fields = (getattr(known.send, name) for name in SEARCHED_COLUMNS)
            return any(has(field, text) for field in fields) or text in known.parcels
        case Match(key) | Compare(key) if key in EVENT_KEYS:
            return any(event_fits(node, event) for event in known.events)
        case Match("in", values):
            return any(holds(value.tree, known) for value in values if isinstance(value, ViewName))
        case Match("cost", values):
            return any(cost_fits(value, known.send) for value in values)
        case Compare("cost", operator, Amount(value)):
            return (cost := money(known.send)) is not None and compare(operator, cost, value)
        case Match(key, values) if FILTER_KEYS[key].kind in (
            KeyKind.AGE,
            KeyKind.DUE,
            KeyKind.MOMENT,
        ):
            return any(time_fits(key, value, moment_of(key, known.send)) for value in values)
        case Compare(key, operator, value):
            moment = moment_of(key, known.send)
            return moment is not None and time_compares(key, operator, moment, value)
        case Match(key, values):
            return any(value_fits(key, value, known) for value in values)


def all_hold(terms: tuple[Node, ...], known: Known) -> bool:
    """Terms about the history that stand side by side speak about one entry."""
    entries: list[list[Match | Compare]] = []
    denied: list[Not] = []
    others: list[Node] = []
    for term in terms:
        if isinstance(term, Match | Compare) and term.key in EVENT_KEYS:
            for entry in entries:
                if all(each.key != term.key for each in entry):
                    entry.append(term)
                    break
            else:
                entries.append([term])
        elif isinstance(term, Not) and getattr(term.term, "key", "") in EVENT_KEYS:
            denied.append(term)
        else:
            others.append(term)
    for number, entry in enumerate(entries):
        unlike = [each.term for each in denied] if number == 0 else []
        if not any(
            all(event_fits(each, event) for each in entry)
            and not any(event_fits(each, event) for each in unlike)
            for event in known.events
        ):
            return False
    return all(holds(term, known) for term in (others if entries else [*others, *denied]))


def has(field: str, text: str) -> bool:
    if len(text) < 3 and text.isascii():
        return field.casefold().startswith(text.casefold())
    return text.casefold() in field.casefold()


def event_fits(node: Node, event: Event) -> bool:
    match node:
        case Compare(key, operator, value):
            return time_compares(key, operator, event.recorded_at, value)
        case Match("changed", values):
            return any(time_fits("changed", value, event.recorded_at) for value in values)
        case Match("note", values):
            return any(value.text.lower() in event.reason.lower() for value in values)
        case Match("by", values):
            return any(is_by(value, event) for value in values)
        case _:
            raise AssertionError(node)


def is_by(value: object, event: Event) -> bool:
    match value:
        case Special(name):
            return event.actor == {"me": ME, "none": ""}[name]
        case Word(text):
            return any(
                each == text or each.startswith(f"{text}:") for each in (event.actor, event.source)
            )
        case _:
            raise AssertionError(value)


def moment_of(key: str, send: Send) -> datetime | None:
    return {
        "age": send.since,
        "since": send.since,
        "due": send.due_at,
        "created": send.created_at,
        "updated": send.provider_at,
    }[key]


def time_fits(key: str, value: object, moment: datetime | None) -> bool:
    if moment is None:
        return False
    kind = FILTER_KEYS[key].kind

    def is_(operator: str, limit: Any) -> bool:
        return time_compares(key, operator, moment, limit)

    match value:
        case Range(Period(low), Period(high)) if {low, high} <= set(WEEK):
            first = day_named(kind, low)
            last = first
            while WEEK[last.weekday()] != high:
                last += timedelta(days=1)
            return first <= moment.astimezone(ZONE).date() <= last
        case Range(low, high):
            return (low is None or is_(">=", low)) and (high is None or is_("<=", high))
        case Duration(amount, unit) if kind is KeyKind.AGE:
            return is_(">=", value) and is_("<", Duration(amount + 1, unit))
        case Duration(negative=True) if kind is KeyKind.DUE:
            return is_(">=", value) and moment < NOW
        case Duration() if kind is KeyKind.DUE:
            return moment >= NOW and is_("<=", value)
        case Duration():
            return is_(">=", value)
        case _ if key == "since":
            return is_(">=", value)
        case _:
            return is_(">=", value) and is_("<=", value)


WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def day_named(kind: KeyKind, word: str) -> date:
    day = NOW.astimezone(ZONE).date()
    step = timedelta(days=1 if kind is KeyKind.DUE else -1)
    match word:
        case "today":
            return day
        case "yesterday":
            return day - timedelta(days=1)
        case "tomorrow":
            return day + timedelta(days=1)
        case _ if word in WEEK:
            while WEEK[day.weekday()] != word:
                day += step
            return day
        case _:
            return date.fromisoformat(word)


def span_named(word: str) -> tuple[date, date]:
    """The first and the last day of a week or a month."""
    which, unit = word.split("-")
    today = NOW.astimezone(ZONE).date()
    days = [today + timedelta(days=by) for by in range(-70, 70)]

    def place(day: date) -> int:
        if unit == "month":
            return day.year * 12 + day.month
        return day.toordinal() - day.weekday()

    step = 1 if unit == "month" else 7
    wanted = place(today) + step * ("last", "this", "next").index(which) - step
    meant = [day for day in days if place(day) == wanted]
    return meant[0], meant[-1]


def time_compares(key: str, operator: str, moment: datetime, value: object) -> bool:
    """Whether an age, or a moment, lies on that side of the value."""
    kind = FILTER_KEYS[key].kind
    match value:
        case Duration(amount, "bd" | "bh" as unit, negative) if amount and (
            negative or kind is KeyKind.AGE
        ):
            # How long ago it was, measured by when those business days were over.
            over = CALENDAR.after(moment, Limit(amount, unit))
            return (
                compare(operator, NOW, over)
                if kind is KeyKind.AGE
                else compare(operator, over, NOW)
            )
        case Duration(amount, "bd" | "bh" as unit) if amount:
            return compare(operator, moment, CALENDAR.after(NOW, Limit(amount, unit)))
        case Duration(amount, unit, negative):
            span = amount * UNITS[unit]
            if kind is KeyKind.AGE:
                return compare(operator, NOW - moment, span)
            return compare(operator, moment, NOW - span if negative else NOW + span)
        case Period("now"):
            return compare(operator, moment, NOW)
        case Period(word):
            local = moment.astimezone(ZONE)
            if "t" in word and word[0].isdigit():
                return compare(operator, local.strftime("%Y-%m-%dt%H:%M"), word)
            if word[0].isdigit():
                return compare(operator, local.date().isoformat()[: len(word)], word)
            if "-" in word:
                first, last = span_named(word)
                return compare(operator, local.date(), first if operator in ("<", ">=") else last)
            return compare(operator, local.date(), day_named(kind, word))
        case _:
            raise AssertionError(value)


UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(days=7),
    "bd": timedelta(),
    "bh": timedelta(),
}


def compare(operator: str, left: Any, right: Any) -> bool:
    return bool(
        {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[operator]
    )


def money(send: Send) -> Decimal | None:
    digits = {"JPY": 0, "KWD": 3}.get(send.currency, 2)
    return None if send.cost_minor is None else Decimal(send.cost_minor).scaleb(-digits)


def cost_fits(value: object, send: Send) -> bool:
    cost = money(send)
    match value:
        case _ if cost is None:
            return False
        case Range(low, high):
            return (low is None or cost >= low.value) and (high is None or cost <= high.value)
        case Amount(amount):
            return cost == amount
        case _:
            raise AssertionError(value)


def value_fits(key: str, value: object, known: Known) -> bool:
    send = known.send
    columns = {
        "recipient": (send.recipient_name, send.recipient_email),
        "email": (send.recipient_email,),
        "company": (send.company,),
        "campaign": (send.campaign,),
        "sender": (send.sender_name, send.sender_email),
        "team": (send.team,),
        "tracking": (send.tracking_number,),
        "carrier": (send.carrier,),
    }
    match key, value:
        case "status", StatusWord(slug, provider):
            return send.status == slug and provider in ("", send.provider)
        case "urgency", Word(word):
            return urgency(record(send), NOW) == word
        case "is", Word(word):
            return flag(word, send)
        case "owner", Special(name):
            return send.owner == {"me": ME, "none": ""}[name]
        case (("owner" | "platform" | "type" | "stage" | "currency"), Word(word)):
            return bool(getattr(send, "provider" if key == "platform" else key) == word)
        case "currency", Special("none"):
            return send.currency == ""
        case "batch", Special("none"):
            return send.batch == ""
        case "batch", Word(word):
            return bool(send.batch == word)
        case "id", Word(word):
            return word.lower() == send.ref.lower() or word == send.external_id
        case _, Special("none"):
            return not any(columns[key])
        case _, Whole(text):
            return any(field.casefold() == text.casefold() for field in columns[key])
        case _, Word(word):
            found = any(has(field, word) for field in columns[key])
            return found or (key == "tracking" and word in known.parcels)
        case _:
            raise AssertionError((key, value))


def record(send: Send) -> SendRecord:
    return SendRecord(**{name: getattr(send, name) for name in SendRecord._fields})


def flag(word: str, send: Send) -> bool:
    match word:
        case "triage":
            return in_triage(record(send), NOW)
        case "over" | "now" | "soon":
            return urgency(record(send), NOW) == word
        case "mine":
            return send.owner == ME
        case "unowned":
            return send.owner == ""
        case "overridden":
            return send.override_status is not None
        case "contested":
            return send.contested
        case "ruled":
            return record(send).is_by_rule
        case "ending":
            return send.rule == "egift_reminder"
        case "final":
            return catalogue.status(send.provider, send.status).final
        case "refunded":
            return refunded(record(send)) is not None
        case "credit-expected":
            return send.credit_due_at is not None
        case "credit-overdue":
            return is_credit_overdue(record(send), NOW)
        case "batch":
            return send.type == "batch"
        case "escalated":
            return send.escalated_at is not None
        case "snoozed":
            return is_snoozed(record(send), NOW)
        case "done":
            return is_done(record(send), NOW)
        case "unmapped":
            return send.status == "unmapped"
        case "uncertain":
            return send.order_uncertain and send.type != "batch"
        case _:
            raise AssertionError(word)
